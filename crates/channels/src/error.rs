//! What can go wrong here.

use base::{Category, ErrorCode};

/// The same buffer stands in a list twice.
pub const BUFFER_TWICE: ErrorCode = ErrorCode::new(
    "channel.buffer_twice",
    Category::Invalid,
    "同一处留量写了两次，请删去一条",
    "The same buffer stands there twice; take one out",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&BUFFER_TWICE];
