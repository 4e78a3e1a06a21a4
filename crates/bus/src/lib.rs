//! The outbox: what happened is written in the transaction that made it true, and told afterwards.
//!
//! Owns: tables `bus_*`, delivery, the live tail of events.
//! Never does: decide anything; know any event's meaning.
//! Invariants: an event is there exactly when its transaction is; every subscriber gets every event of its
//! kinds at least once, and its effects in the store happen exactly once, because its cursor moves in the
//! handler's own transaction; events of one aggregate arrive in order; an event nobody can handle holds up
//! its own aggregate and nothing else.

mod deliver;
mod event;
mod feed;
#[doc(hidden)]
pub mod fixture;
mod run;
mod store;

use db::MigrationSet;

pub use event::{Envelope, Event, emit};
pub use run::{Bus, Handler, Parked, Subscriber};

/// The tables of this crate.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    domain: "bus",
    files: &[
        (
            "0001_outbox.sqlite.sql",
            include_str!("../migrations/0001_outbox.sqlite.sql"),
        ),
        (
            "0001_outbox.postgres.sql",
            include_str!("../migrations/0001_outbox.postgres.sql"),
        ),
        (
            "0002_delivery.sql",
            include_str!("../migrations/0002_delivery.sql"),
        ),
    ],
};
