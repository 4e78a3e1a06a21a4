//! What can go wrong with points.

use base::{Category, ErrorCode};

/// The balance does not cover it.
pub const POINTS_INSUFFICIENT: ErrorCode = ErrorCode::new(
    "loyalty.points_insufficient",
    Category::Conflict,
    "积分不足：需要 {wanted}，现有 {balance}",
    "Not enough points: {wanted} wanted, {balance} there",
);
/// The same source with another amount.
pub const SOURCE_REUSED: ErrorCode = ErrorCode::new(
    "loyalty.source_reused",
    Category::Conflict,
    "单据 {source} 已用于另一笔积分变动",
    "The document {source} has already moved other points",
);
/// A number of points that is not above zero, or too large to keep.
pub const POINTS_INVALID: ErrorCode = ErrorCode::new(
    "loyalty.points_invalid",
    Category::Invalid,
    "积分数须为正整数且不超过上限",
    "A number of points is a whole number above zero and within the limit",
);

/// Every failure this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&POINTS_INSUFFICIENT, &SOURCE_REUSED, &POINTS_INVALID];
