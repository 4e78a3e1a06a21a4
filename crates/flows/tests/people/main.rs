//! The flows around people and their words, over HTTP, on each engine.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod answers;
mod orders;
mod sign_in;
mod town;
