//! Stock through its face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cases;
mod common;
mod concurrency;
mod counts;
mod floor;
mod floor_model;
mod ledger;
mod model;
mod presales;
mod safety;
mod supplies;
mod transfers;
