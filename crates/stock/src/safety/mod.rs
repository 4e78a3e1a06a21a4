//! Safety stock: what is kept back from sale so that a shelf does not run empty while a parcel is packed. A SKU at a
//! place keeps back what somebody said of it; everything else of the place keeps back what the place does.
//!
//! The figure stands in the balance, so that every promise is decided with it and no promise asks for it.

mod model;
mod routes;
mod service;
pub(crate) mod store;

pub use model::{SafetyDefault, SafetyStock};
pub(crate) use routes::routes;
