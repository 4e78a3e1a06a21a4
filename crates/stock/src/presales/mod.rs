//! Selling what is not there yet: a SKU may be sold before it is released (pre-order) or while it is out of stock
//! (backorder), up to a cap. The default is off. A claim is a promise of pieces that are due at a place; it lives as a
//! hold does (taken until an instant, kept for good, given back), stands in line with the other claims on its SKU and
//! place, and goes over into a hold, in that order, as pieces come.
//!
//! Never more is claimed than the cap and than what is due; both are decided under the lock of the SKU's row, after
//! the locks of its balances.

mod model;
mod queue;
mod routes;
mod service;
mod store;

pub use model::{AheadOffer, ClaimLine, ClaimNews, ClaimRequest, Come, Presale, PresaleMode, PresaleOffer};
pub(crate) use routes::routes;
pub(crate) use service::{fill, uncovered};
pub(crate) use store::claimed_at;
