//! EPCIS 2.0: what readers and partners tell of single pieces, as the standard tells it.
//!
//! Owns: captured events, the jobs that brought them, the tags they name; tables `epcis_*`.
//!
//! Never does: move stock or count it. An event is testimony; `stock` is the book, and a count compares the two.
//!
//! Invariants
//! - An event is kept once, however often it is told; kept events are never changed.
//! - What is kept is right by the standard's rules for its type; what is not is named, field by field.
//! - A document answered as captured is on disk.
//!
//! Events: `epcis.captured.v1`.

mod error;
mod events;
mod model;
mod routes;
mod rules;
mod service;
mod store;
pub mod tag;

pub use error::{BEHAVIOUR, ERRORS};
pub use events::Captured;
pub use model::{Behaviour, Capture, CaptureId, Event, Fault};
pub use routes::routes;
pub use service::{EVENTS_MAX, Epcis, EventFilter};

use base::Permission;

/// May see captured events.
pub const EPCIS_READ: Permission = Permission::new("epcis.read");
/// May capture events.
pub const EPCIS_CAPTURE: Permission = Permission::new("epcis.capture");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[EPCIS_READ, EPCIS_CAPTURE];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "epcis",
    files: &[("0001_epcis.sql", include_str!("../migrations/0001_epcis.sql"))],
};
