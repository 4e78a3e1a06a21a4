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
/// The stock of the SKU is not counted.
pub const UNTRACKED: ErrorCode = ErrorCode::new(
    "stock.untracked",
    Category::Conflict,
    "商品 {sku_id} 不管理库存，不能盘点或调拨",
    "The stock of {sku_id} is not kept, so it can be neither counted nor transferred",
);
/// A count cannot do this from where it stands.
pub const COUNT_ILLEGAL_STEP: ErrorCode = ErrorCode::new(
    "count.illegal_step",
    Category::Conflict,
    "盘点单当前为“{from}”，不能变为“{to}”",
    "The count is {from} and cannot become {to}",
);
/// There is nothing to count.
pub const COUNT_EMPTY: ErrorCode = ErrorCode::new(
    "count.empty",
    Category::Conflict,
    "该范围内没有在库商品，请换一个分类或逐个选择商品",
    "Nothing is kept there within that choice; choose another category or name the SKUs",
);
/// One sheet would be too long.
pub const COUNT_TOO_LARGE: ErrorCode = ErrorCode::new(
    "count.too_large",
    Category::Conflict,
    "一张盘点单最多 {max} 个规格，所选范围有 {lines} 个，请按分类拆分",
    "One count may have {max} SKUs and the choice has {lines}; split it by category",
);
/// Lines are not counted yet.
pub const COUNT_UNCOUNTED: ErrorCode = ErrorCode::new(
    "count.uncounted",
    Category::Conflict,
    "还有 {lines} 个规格没有盘点，请补盘，或选择不处理未盘的商品",
    "{lines} lines are not counted yet; count them, or choose to leave them as they are",
);
/// A large difference needs a reason.
pub const COUNT_REASON_NEEDED: ErrorCode = ErrorCode::new(
    "count.reason_needed",
    Category::Conflict,
    "商品 {sku_id} 差异较大，请先选择原因",
    "{sku_id} differs by more than the limit; give a reason first",
);
/// Nobody approves their own figures.
pub const COUNT_FOUR_EYES: ErrorCode = ErrorCode::new(
    "count.four_eyes",
    Category::Forbidden,
    "商品 {sku_id} 是您盘点的，请由另一位同事批准",
    "You counted {sku_id} yourself; somebody else has to approve it",
);
/// A transfer cannot do this from where it stands.
pub const TRANSFER_ILLEGAL_STEP: ErrorCode = ErrorCode::new(
    "transfer.illegal_step",
    Category::Conflict,
    "调拨单当前为“{from}”，不能变为“{to}”",
    "The transfer is {from} and cannot become {to}",
);
/// There would be nothing on it.
pub const TRANSFER_NOTHING: ErrorCode = ErrorCode::new(
    "transfer.nothing",
    Category::Conflict,
    "调拨单上一件也不剩；如不再需要，请取消调拨单",
    "Nothing would be left on the transfer; cancel it if it is not wanted any more",
);
/// More arrived than was sent.
pub const TRANSFER_MORE_THAN_SENT: ErrorCode = ErrorCode::new(
    "transfer.more_than_sent",
    Category::Conflict,
    "商品 {sku_id} 发出 {sent} 件，不能签收 {arrived} 件；多出的请另做盘点",
    "{sent} of {sku_id} were sent, not {arrived}; receive those and count the others in",
);
/// Missing pieces need a reason.
pub const TRANSFER_REASON_NEEDED: ErrorCode = ErrorCode::new(
    "transfer.reason_needed",
    Category::Conflict,
    "商品 {sku_id} 少了 {missing} 件，请选择原因",
    "{missing} of {sku_id} are missing; say why, as far as you know",
);
/// The goods are on the road.
pub const TRANSFER_GOODS_ON_THE_ROAD: ErrorCode = ErrorCode::new(
    "transfer.goods_on_the_road",
    Category::Conflict,
    "货物已在途中，请选择退回或报损",
    "The goods are on the road; choose whether they return or are written off",
);

/// The document is expected at its place already.
pub const SUPPLY_KNOWN: ErrorCode = ErrorCode::new(
    "supply.known",
    Category::Conflict,
    "单据 {reference} 已登记在该地点，请修改原有记录",
    "{reference} is expected there already; change what was entered",
);
/// It has all come, or does not come.
pub const SUPPLY_OVER: ErrorCode = ErrorCode::new(
    "supply.over",
    Category::Conflict,
    "单据 {reference} 已结束（{state}），如有新到货请另行登记",
    "{reference} is over ({state}); enter what else is expected anew",
);
/// Fewer were to come than have come.
pub const SUPPLY_FEWER_THAN_ARRIVED: ErrorCode = ErrorCode::new(
    "supply.fewer_than_arrived",
    Category::Conflict,
    "商品 {sku_id} 已到 {arrived} 件，预计件数不能更少",
    "{arrived} of {sku_id} have arrived; no fewer can be expected",
);

/// Orders rest on what would not come.
pub const SUPPLY_PROMISED: ErrorCode = ErrorCode::new(
    "supply.promised",
    Category::Conflict,
    "有 {claims} 笔预售依赖这批到货，取消后将转人工处理；如确有其事，请选择强制",
    "{claims} orders were promised these goods and would be left to be decided about; if it is so, override",
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
    &UNTRACKED,
    &COUNT_ILLEGAL_STEP,
    &COUNT_EMPTY,
    &COUNT_TOO_LARGE,
    &COUNT_UNCOUNTED,
    &COUNT_REASON_NEEDED,
    &COUNT_FOUR_EYES,
    &TRANSFER_ILLEGAL_STEP,
    &TRANSFER_NOTHING,
    &TRANSFER_MORE_THAN_SENT,
    &TRANSFER_REASON_NEEDED,
    &TRANSFER_GOODS_ON_THE_ROAD,
    &SUPPLY_KNOWN,
    &SUPPLY_OVER,
    &SUPPLY_FEWER_THAN_ARRIVED,
    &SUPPLY_PROMISED,
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
