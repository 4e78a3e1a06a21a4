//! What can go wrong between domains.

use base::{Category, ErrorCode};

/// No such SKU.
pub const UNKNOWN_SKU: ErrorCode = ErrorCode::new(
    "cart.unknown_sku",
    Category::Invalid,
    "没有这个商品规格 {sku_id}",
    "There is no SKU {sku_id}",
);
/// The SKU is not sold any more.
pub const NOT_FOR_SALE: ErrorCode = ErrorCode::new(
    "cart.not_for_sale",
    Category::Conflict,
    "商品 {sku_id} 已下架，请从购物车移除",
    "{sku_id} is no longer for sale; take it out of the cart",
);
/// A cart holds one currency.
pub const OTHER_CURRENCY: ErrorCode = ErrorCode::new(
    "cart.other_currency",
    Category::Conflict,
    "商品 {sku_id} 以 {found} 定价，与购物车的 {expected} 不同",
    "{sku_id} is priced in {found}, the cart is in {expected}",
);
/// The place hands nothing over to customers.
pub const NO_COLLECT: ErrorCode = ErrorCode::new(
    "checkout.no_collect",
    Category::Conflict,
    "{place} 暂不提供到店自取，请选择其他门店",
    "Orders cannot be collected at {place}; choose another place",
);
/// The place has as many orders as it can do today.
pub const PLACE_FULL: ErrorCode = ErrorCode::new(
    "checkout.place_full",
    Category::Conflict,
    "{place} 今日订单已满（{capacity} 单），请选择其他门店或明日再试",
    "{place} has reached its {capacity} orders for today; choose another place or try tomorrow",
);
/// Money at the counter needs a counter.
pub const PAY_IN_STORE_NEEDS_COLLECT: ErrorCode = ErrorCode::new(
    "checkout.pay_in_store_needs_collect",
    Category::Conflict,
    "到店付款只适用于到店自取",
    "Paying in store is possible for orders collected there only",
);
/// The place takes nothing back.
pub const NO_RETURN: ErrorCode = ErrorCode::new(
    "return.no_return",
    Category::Conflict,
    "{place} 不受理退货，请选择其他门店",
    "{place} takes no returns; choose another place",
);
/// The difference is not the one that was agreed on.
pub const EXCHANGE_AMOUNT: ErrorCode = ErrorCode::new(
    "exchange.other_amount",
    Category::Conflict,
    "差价有变：顾客同意的是 {agreed}，现在是 {difference}（退回 {returned}，换得 {taken}），请重新确认",
    "The difference is {difference} now, not {agreed} ({returned} comes back, {taken} goes out); ask again",
);
/// The price is not the one the customer has seen.
pub const PRICE_CHANGED: ErrorCode = ErrorCode::new(
    "checkout.price_changed",
    Category::Conflict,
    "价格有变：原为 {seen}，现为 {now}，请确认后再下单",
    "The price has changed from {seen} to {now}; look at it, then order",
);
/// What is not there yet is paid when it is ordered.
pub const AHEAD_PAID_FIRST: ErrorCode = ErrorCode::new(
    "checkout.ahead_is_paid_first",
    Category::Conflict,
    "尚未到店的商品须在下单时付款，不能到店再付",
    "What is not there yet is paid when it is ordered; choose another way to pay",
);
/// The order needs no money.
pub const NOTHING_TO_PAY: ErrorCode = ErrorCode::new(
    "payment.nothing_to_pay",
    Category::Conflict,
    "订单当前为“{state}”，无需再付款",
    "The order is {state}; nothing is to be paid",
);

/// Every code of this crate's flows around orders.
pub const ERRORS: &[&ErrorCode] = &[
    &UNKNOWN_SKU,
    &NOT_FOR_SALE,
    &OTHER_CURRENCY,
    &NO_COLLECT,
    &PLACE_FULL,
    &PAY_IN_STORE_NEEDS_COLLECT,
    &NO_RETURN,
    &EXCHANGE_AMOUNT,
    &PRICE_CHANGED,
    &AHEAD_PAID_FIRST,
    &NOTHING_TO_PAY,
];
