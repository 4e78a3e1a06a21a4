//! What is settled before the house opens: configuration, logs, traces, metrics.
//!
//! Owns: every key that can be set, where it comes from and whether it is right; where lines and spans go.
//! Never does: anything of a shop's.

pub mod config;
pub mod telemetry;
