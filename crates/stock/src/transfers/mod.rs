//! Transfers: goods that leave one place and arrive at another, with every piece accounted for.
//!
//! What is approved is held at the sending place, so that nobody sells it meanwhile; it leaves the book when it is
//! shipped and is on the road of the place it heads for until it arrives, is set aside broken, is written off, or
//! turns out never to have left. A transfer ends when nothing of it is on the road.
//!
//! A transfer may be bound to an order: what it carries is promised to one customer, kept for them at the sending place
//! before it leaves and at the receiving place from the moment it arrives.

mod bound;
mod model;
mod routes;
mod rules;
mod service;
mod store;

pub use bound::BoundTransfer;
pub use model::{
    Discrepancy, GoodsOnTheRoad, NewTransfer, Outcome, Received, Settled, ShortReason, StepKind, Transfer,
    TransferLine, TransferOrder, TransferQuantity, TransferState, TransferStep, TransferSummary,
};
pub(crate) use routes::routes;
pub use service::{TransferDirection, TransferFilter};
pub(crate) use store::picks_at;
