//! Payments: what was asked for, what came in, what went back.
//!
//! Owns: payments, their ledger of entries, refunds on their way; the plug point for providers and the
//! built-in ones (sandbox, cash, payments kept by another system).
//!
//! Never does: decide what an order owes, touch stock, call a provider inside a transaction.
//!
//! Invariants
//! - Entries are never changed or deleted; the amounts of a payment are sums over them.
//! - Never more is given back, or on its way back, than was captured; never more captured than asked for.
//! - A provider's word delivered again, or out of order, leads to the same payment.
//! - One document takes money back from one payment once.
//!
//! Events: [`events::PaymentRefunded`].

mod error;
pub mod events;
mod model;
mod provider;
mod rules;
mod service;
mod store;

pub use error::{BUSY, CLOSED, ERRORS, OVER_CAPTURE, OVER_REFUND, WRONG_PROVIDER};
pub use model::{
    Applied, Balance, Fact, ImportedPayment, Payment, PaymentState, ProviderEvent, ProviderName, Refund,
    RefundId,
};
pub use provider::{Provider, SandboxOutcome};
pub use service::{
    Payments, payment_apply_in, payment_get_in, payment_import_in, payment_list_in, payment_refund_in,
    payment_refund_one_in, payment_start_in, payment_take_in, payment_void_in,
};

/// The tables of this crate.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "payments",
    files: &[(
        "0001_payments.sql",
        include_str!("../migrations/0001_payments.sql"),
    )],
};
