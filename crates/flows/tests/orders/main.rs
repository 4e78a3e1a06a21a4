//! The flows around orders, through their faces, on each engine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod collect;
mod count;
mod decide;
mod deliver;
mod live;
mod parts;
mod payment;
mod pickup;
mod prices;
mod race;
mod reject;
mod returns;
mod sourcing;
mod world;
