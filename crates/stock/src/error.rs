//! What can go wrong with stock.

use base::{Category, Error, ErrorCode, HoldId};

use crate::model::{HoldState, Key};

/// Less is available than wanted.
pub const INSUFFICIENT: ErrorCode = ErrorCode::new(
    "stock.insufficient",
    Category::Conflict,
    "库存不足：需要 {wanted} 件，可售 {available} 件",
    "Not enough stock: {wanted} wanted, {available} available",
);
/// The change would leave promises without goods.
pub const PROMISED: ErrorCode = ErrorCode::new(
    "stock.promised",
    Category::Conflict,
    "剩余 {on_hand} 件少于已承诺的 {promised} 件；如确有其事，请填写原因并选择强制",
    "{on_hand} would be left for {promised} promised; if it is so, give a reason and override",
);
/// There is not that much to take: in quarantine or in transit.
pub const NOT_ENOUGH: ErrorCode = ErrorCode::new(
    "stock.not_enough",
    Category::Conflict,
    "{state} 中只有 {available} 件，不足 {wanted} 件",
    "Only {available} of {wanted} are there ({state})",
);
/// The count was made against another figure.
pub const COUNT_CONFLICT: ErrorCode = ErrorCode::new(
    "stock.count_conflict",
    Category::Conflict,
    "盘点依据的账面数是 {expected}，现在是 {actual}，请重新核对",
    "The count was made against {expected}, and the book now says {actual}; check again",
);
/// The owner already holds something else.
pub const ALREADY_HELD: ErrorCode = ErrorCode::new(
    "stock.already_held",
    Category::Conflict,
    "{owner} 已有内容不同的占用 {hold_id}",
    "{owner} already has another hold, {hold_id}",
);
/// The hold ran out, and what it held is gone.
pub const HOLD_LAPSED: ErrorCode = ErrorCode::new(
    "stock.hold_lapsed",
    Category::Conflict,
    "占用 {hold_id} 已过期，库存已让给他人",
    "The hold {hold_id} ran out and its stock has gone to others",
);
/// The hold is over.
pub const HOLD_ENDED: ErrorCode = ErrorCode::new(
    "stock.hold_ended",
    Category::Conflict,
    "占用 {hold_id} 已结束（{state}）",
    "The hold {hold_id} is over ({state})",
);
/// More than the hold still has.
pub const HOLD_EXCEEDED: ErrorCode = ErrorCode::new(
    "stock.hold_exceeded",
    Category::Conflict,
    "占用 {hold_id} 只剩 {outstanding} 件，不足 {wanted} 件",
    "The hold {hold_id} has {outstanding} left, not {wanted}",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[
    &INSUFFICIENT,
    &PROMISED,
    &NOT_ENOUGH,
    &COUNT_CONFLICT,
    &ALREADY_HELD,
    &HOLD_LAPSED,
    &HOLD_ENDED,
    &HOLD_EXCEEDED,
];

/// A failure about one balance.
pub(crate) fn at(code: &'static ErrorCode, key: Key) -> Error {
    Error::new(code)
        .with("sku_id", key.sku_id.to_string())
        .with("place_id", key.place_id.to_string())
}

pub(crate) fn insufficient(key: Key, wanted: i64, available: i64) -> Error {
    at(&INSUFFICIENT, key)
        .with("wanted", wanted)
        .with("available", available.max(0))
}

pub(crate) fn ended(id: HoldId, state: HoldState) -> Error {
    Error::new(&HOLD_ENDED)
        .with("hold_id", id.to_string())
        .with("state", state.as_str())
}

pub(crate) fn exceeded(id: HoldId, key: Key, wanted: i64, outstanding: i64) -> Error {
    at(&HOLD_EXCEEDED, key)
        .with("hold_id", id.to_string())
        .with("wanted", wanted)
        .with("outstanding", outstanding)
}
