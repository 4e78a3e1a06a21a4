//! What can go wrong with a message.

use base::{Category, ErrorCode};

/// Neither an address nor a member to write to.
pub const NO_RECIPIENT: ErrorCode = ErrorCode::new(
    "outreach.no_recipient",
    Category::Invalid,
    "没有收件人：既无手机号，也非会员",
    "There is nobody to write to: neither a phone nor a member",
);

/// Every failure this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&NO_RECIPIENT];
