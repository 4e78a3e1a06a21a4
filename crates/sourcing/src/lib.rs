//! Sourcing: which places serve an order, and why.
//!
//! Owns: the rules orders are sourced by, with every version there was; the decision, which is pure; the figures it
//! weighs (how quickly places sell, how often they reject); replays of past orders under changed rules; tables
//! `sourcing_*`.
//!
//! Never does: read stock or orders, hold anything, write a fulfilment. `flows` gathers the facts and acts.
//!
//! Invariants
//! - A decision serves exactly what was ordered from what is there, or nothing at all; it is repeatable: the same
//!   facts and rules give the same answer everywhere.
//! - Whoever can be served is: a limit on parcels bends before an order is refused.
//! - Every place that was looked at keeps its numbers, also those that were left out, with the reason.
//! - A version of the rules is never changed; the highest is in force.
//!
//! Events: `sourcing.rules_changed.v1`, `sourcing.replay_finished.v1`.

mod check;
mod costs;
mod decide;
#[cfg(test)]
mod decide_tests;
mod error;
mod events;
mod figures;
mod model;
mod problem;
mod replay;
mod replay_store;
mod replays;
mod routes;
mod rules;
mod service;
mod solve;
mod store;
mod words;

pub use check::ValidRules;
pub use costs::Term;
pub use decide::{Decision, Judged, Reason, Share, TierOutcome, decide, same_region};
pub use error::{BANDS_ORDER, ERRORS, REPLAY_BUSY, REPLAY_PERIOD, TIER_TWICE};
pub use events::{ReplayFinished, RulesChanged};
pub use figures::{PlaceFigure, Sold};
pub use model::RulesVersion;
pub use problem::{Ask, Candidate, Problem, SOLD_DAYS, Way};
pub use replay::{
    Basis, NewReplay, Outcome, PlacePieces, PlaceTally, REPLAY_DAYS_MAX, REPLAY_ORDERS_MAX, Replay, ReplayId,
    ReplayResult, ReplayState, ReplayedOrder, RunReplay, Tally, outcome,
};
pub use replays::{Batch, Unfinished};
pub use routes::{note, routes};
pub use rules::{
    Band, Costs, Cover, Handling, Limits, Markdown, ProductLimit, Rules, ShipTo, ShipToStore, Tier, Work,
};
pub use service::{Active, COUNT_EVERY, Sourcing};
pub use words::objective;

use base::Permission;

/// May see the rules, their history and replays, and try an order.
pub const SOURCING_READ: Permission = Permission::new("sourcing.read");
/// May change the rules and replay past orders.
pub const SOURCING_MANAGE: Permission = Permission::new("sourcing.manage");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[SOURCING_READ, SOURCING_MANAGE];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "sourcing",
    files: &[(
        "0001_sourcing.sql",
        include_str!("../migrations/0001_sourcing.sql"),
    )],
};
