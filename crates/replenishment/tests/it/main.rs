//! Replenishment: what it promises on made-up and on real sales, and its face on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod face;
mod keeps_its_promise;
mod parquet;
mod rossmann;
mod town;
