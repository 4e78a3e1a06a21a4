//! Replenishment: what will run out where, how many to send for and from whom, and why so many.
//!
//! Owns: forecasts by article and place, what people say of service, lead times and packs, runs over the assortment,
//! proposals; tables `replenishment_*`.
//!
//! Never does: move stock, hold it, pay for it. What is taken becomes a transfer or expected supply of `stock`.
//!
//! Invariants
//! - A proposal is decided about once. It keeps every figure it was made of.
//! - The same ledger and settings give the same proposals.
//! - No place is asked for goods it does not have free, and none but a warehouse for goods it needs itself.
//! - Days on which a place was shut, or had nothing to sell, count for nothing: an empty shelf is no lack of demand.
//!
//! Events: `replenishment.run_finished.v1`, `replenishment.proposal_decided.v1`.

mod batch;
mod calendar;
mod error;
mod events;
mod job;
pub mod lab;
mod model;
mod routes;
pub mod rules;
mod service;
mod settings;
mod store;

pub use error::{ERRORS, NOT_OPEN, RUN_BUSY, SUPPLIER_OF_ARTICLES, SUPPLIES_ITSELF};
pub use events::{ProposalDecided, RunFinished};
pub use job::RunBatch;
pub use model::{
    Accept, Accepted, AheadDay, Position, Proposal, ProposalId, ProposalState, ProposalSummary, Reason, Run,
    RunId, RunState, Why,
};
pub use routes::routes;
pub use service::{DECIDE_MAX, ProposalFilter, Replenishment};
pub use settings::{Said, Setting, Source, Subject, defaults};

use base::Permission;

/// May see proposals and what they are made of.
pub const REPLENISHMENT_READ: Permission = Permission::new("replenishment.read");
/// May take or dismiss the proposals of a place.
pub const REPLENISHMENT_DECIDE: Permission = Permission::new("replenishment.decide");
/// May say what holds, and have proposals made anew.
pub const REPLENISHMENT_MANAGE: Permission = Permission::new("replenishment.manage");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[REPLENISHMENT_READ, REPLENISHMENT_DECIDE, REPLENISHMENT_MANAGE];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "replenishment",
    files: &[(
        "0001_replenishment.sql",
        include_str!("../migrations/0001_replenishment.sql"),
    )],
};
