//! Places: stores, warehouses, dark stores and pickup points.
//!
//! Owns: where a place is, when it is open, what it offers and how long it prepares; distances between a person
//! and places; the collect promise; how many orders a place with a limit takes on of a day; how many people came in
//! through its doors.
//! Never does: stock, orders, staff rotas.
//! Invariants: a place's time zone is in the zone database; its hours parse; its coordinates are on the globe;
//! its code is its own; no counter counts anybody twice; on no day do more orders have room at a place than its limit.
//! Events: `places.place_changed.v1`.

mod error;
mod events;
mod geo;
mod hours;
mod model;
mod room;
mod room_store;
mod routes;
mod service;
mod shelf;
mod store;
mod visits;

pub use error::{CODE_TAKEN, ERRORS, VISITS_OVERLAP};
pub use events::PlaceChanged;
pub use geo::{Point, distance_m};
pub use hours::{ClockTime, OpenHours, Opening, SpecialDay, ready_at};
pub use model::{Address, Place, PlaceIn, PlaceKind, Service, ValidPlace};
pub use room::{
    Day, RoomTaken, day_begin_in, days_forget_in, room_carried_in, room_extend_in, room_keep_in,
    room_release_in, room_take_in, room_taken_in,
};
pub use routes::routes;
pub use service::{Book, Filter, Imported, Near, Places};
pub use visits::{DoorCount, VisitsOfDay, VisitsRecorded, visits_by_day_in, visits_import_in};

use base::Permission;

/// May create and change places, and sees the inactive ones.
pub const PLACE_MANAGE: Permission = Permission::new("place.manage");

/// May see how many people came in.
pub const VISIT_READ: Permission = Permission::new("visit.read");
/// May tell how many people came in: a door counter, or somebody who counted by hand.
pub const VISIT_RECORD: Permission = Permission::new("visit.record");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[PLACE_MANAGE, VISIT_READ, VISIT_RECORD];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "places",
    files: &[
        ("0001_places.sql", include_str!("../migrations/0001_places.sql")),
        ("0002_room.sql", include_str!("../migrations/0002_room.sql")),
        ("0003_visits.sql", include_str!("../migrations/0003_visits.sql")),
    ],
};
