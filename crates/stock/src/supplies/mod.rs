//! Expected supply: what is due at a place, by when, and from which document. Purchase orders and shipping notices are
//! entered, moved to another day, received in one go or in several, or given up; goods of a transfer that are on the
//! road are due as well. From all of it follows what can be promised by which day.
//!
//! What is due is nobody's stock: it stands in no balance, and enters the ledger when it is received.

mod model;
pub(crate) mod outlook;
mod routes;
mod service;
pub(crate) mod store;

pub use model::{
    Due, DueKind, NewSupply, Supply, SupplyArrival, SupplyChange, SupplyFilter, SupplyKind, SupplyLine,
    SupplyQuantity, SupplyState, SupplyStep, SupplyStepKind, SupplySummary,
};
pub use outlook::{AvailableBy, Outlook};
pub(crate) use routes::routes;
