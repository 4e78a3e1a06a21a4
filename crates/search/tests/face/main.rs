//! Search through its face, on each engine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod common;
mod life;
mod odd;
mod shelf;
mod words;
