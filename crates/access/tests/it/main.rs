//! Access through its face and its HTTP, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod api_key;
mod audit;
mod http;
mod session;
mod sign_in;
mod staff;
mod totp;
mod world;
