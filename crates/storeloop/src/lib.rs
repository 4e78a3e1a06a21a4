//! Storeloop 店环: the composition root.
//!
//! Owns: command line, wiring, HTTP server, embedded web apps.
//! Never does: business decisions.

pub mod assets;
pub mod cli;
pub mod commands;
pub mod errors;
pub mod gate;
pub mod house;
pub mod openapi;
pub mod server;
