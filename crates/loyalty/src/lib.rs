//! Points and tiers.
//!
//! Owns: the points ledger, balances, what an order's points are computed from, tiers.
//! Never does: prices, coupons, deciding when goods were handed over (see `flows`).
//! Invariants: every transaction has two sides that sum to zero; a balance is the sum of its entries; a
//! document moves points once; an order's points are those of what was kept of it, however its parts came
//! back; spending never leaves a balance below zero, only a return may. The rules stand in [`points_for`]
//! and [`tier_of`].
//! Events: `loyalty.points_earned.v1`, `loyalty.points_reversed.v1`.

mod error;
mod events;
mod model;
mod routes;
mod rules;
mod service;
mod store;

pub use error::{ERRORS, POINTS_INSUFFICIENT, POINTS_INVALID, SOURCE_REUSED};
pub use events::{PointsEarned, PointsReversed};
pub use model::{Entry, EntryKind, OrderGoods, Points, PointsDrift, PointsImport, Standing, Tier};
pub use routes::{PointsEntryOut, PointsOut, routes};
pub use rules::{TIER_WINDOW, TIERS, points_for, tier_of};
pub use service::{
    Loyalty, adjust_in, balance_in, burn_in, cancel_in, earn_in, entries_in, exchange_in, expect_in,
    import_points_in, order_points_in, return_points_in, reverse_in, standings_in,
};

/// This crate asks for the members' rights and has none of its own.
pub const PERMISSIONS: &[base::Permission] = &[];

/// This crate's tables.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "loyalty",
    files: &[("0001_loyalty.sql", include_str!("../migrations/0001_loyalty.sql"))],
};
