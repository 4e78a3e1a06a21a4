//! Visits: how many people came in through the doors of places, as their counters tell it.

mod model;
mod routes;
mod rules;
mod service;
mod store;

pub use model::{DoorCount, VisitsOfDay, VisitsRecorded};
pub(crate) use routes::routes;
pub use service::{visits_by_day_in, visits_import_in};
