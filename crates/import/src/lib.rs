//! Import: exports of other systems become records of this one.
//!
//! Owns: mappings and presets, the readers of files, the rules that put rows together into documents, runs
//! and their references; tables `import_*`.
//!
//! Never does: invent what a file does not say, overwrite what is there, fetch anything.
//!
//! Invariants
//! - A good row lands, a bad one is named with file, line, column, value, reason and mending.
//! - What landed, what lies in the import's ledger and what rounding took away add up exactly to the file.
//! - A natural key lands once: a second run changes nothing, an interrupted one goes on.
//!
//! docs/import.md tells how to use it and how each trap of the known data sets was decided.

pub mod mapping;
pub mod preset;
pub mod reconcile;
pub mod source;

mod apply;
mod assemble;
mod bound;
mod docs;
mod exact;
mod ids;
mod issue;
mod join;
mod land;
mod progress;
mod record;
mod store;

pub use apply::{ApplyError, ReadProgress};
pub use assemble::{Assembly, assemble};
pub use docs::{
    AdjustmentDoc, CategoryDoc, Found, LedgerDoc, LineDoc, MemberDoc, OrderDoc, PaymentDoc, PlaceDoc,
    ProductDoc, ReturnDoc, ReturnLineDoc, ReviewDoc, SkuDoc, StockDoc,
};
pub use exact::{Exact, NumberFormat};
pub use issue::{IssueCode, IssueCount, IssueLog, RowIssue, codes};
pub use land::{ImportError, Importer, Job, Landed, OnProgress, Summary, dry_run};
pub use progress::{Flow, Phase, Progress};

/// The tables of this crate.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "import",
    files: &[("0001_import.sql", include_str!("../migrations/0001_import.sql"))],
};
