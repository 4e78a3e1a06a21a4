//! Work to do later, kept in a table.
//!
//! Owns: tables `jobs_*`, leases, retries.
//! Never does: know what a job means.
//! Invariants: a job is there exactly when the transaction that asked for it is; it runs at least once, by one
//! node at a time while its lease lasts; tries are bounded and a job that used them up stays visible.

mod job;
mod run;
mod store;

use db::MigrationSet;

pub use job::{Job, enqueue};
pub use run::{Dead, Runner};

/// The tables of this crate.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    domain: "jobs",
    files: &[("0001_jobs.sql", include_str!("../migrations/0001_jobs.sql"))],
};
