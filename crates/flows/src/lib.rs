//! Use cases that cross domains: the only crate that may use many of them.
//!
//! Owns: checkout, payment completion, expiry, cancellation, fulfilment, returns, availability, the live
//! streams. No tables of its own.
//!
//! Never does: what one domain can do alone; call a payment provider inside a transaction.
//!
//! Invariants
//! - One use case is one transaction, all or nothing; what the outside world must do is asked for in it and
//!   done after it.
//! - Rows are locked in one order: member, order, stock (SKU, place), payment, loyalty.
//! - No money before the hold; no hold left behind by a failure.
//! - Compensation touches only what its own order took.

// One module per flow. `member_*`, `voice_*` and `home` belong to the flows around people and their words,
// the others to the flows around orders.
mod wiring;

pub use wiring::{Flows, FlowsParts};
