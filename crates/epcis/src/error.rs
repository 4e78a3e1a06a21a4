//! What can go wrong here.

use base::{Category, ErrorCode};

/// The header names no behaviour there is.
pub const BEHAVIOUR: ErrorCode = ErrorCode::new(
    "epcis.behaviour",
    Category::Invalid,
    "GS1-Capture-Error-Behaviour 只能是 rollback 或 proceed，收到的是“{value}”",
    "GS1-Capture-Error-Behaviour is rollback or proceed, not \"{value}\"",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&BEHAVIOUR];
