//! The flows around orders, through their faces, on each engine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod ahead;
mod change;
mod change_terms;
mod channels;
mod closed;
mod codes;
mod collect;
mod count;
mod decide;
mod deliver;
mod exchange;
mod gift;
mod kits;
mod live;
mod model;
mod outside;
mod parts;
mod payment;
#[path = "../../../payments/tests/peer/mod.rs"]
mod peer;
mod pickup;
mod prices;
mod race;
mod reject;
mod returns;
mod room;
mod sent;
mod sourcing;
mod world;
