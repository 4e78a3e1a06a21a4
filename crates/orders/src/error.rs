//! What can go wrong with carts, orders, fulfilments and returns.

use base::{Category, ErrorCode};

/// The order's state does not allow it.
pub const ILLEGAL_STEP: ErrorCode = ErrorCode::new(
    "order.illegal_step",
    Category::Conflict,
    "订单当前为“{from}”，不能变为“{to}”，请刷新后查看最新状态",
    "The order is {from} and cannot become {to}; reload to see where it stands",
);
/// The fulfilment's state does not allow it.
pub const ILLEGAL_FULFILMENT_STEP: ErrorCode = ErrorCode::new(
    "fulfilment.illegal_step",
    Category::Conflict,
    "该任务当前为“{from}”，不能变为“{to}”，请刷新后查看最新状态",
    "This task is {from} and cannot become {to}; reload to see where it stands",
);
/// The pickup code is wrong.
pub const WRONG_CODE: ErrorCode = ErrorCode::new(
    "fulfilment.wrong_code",
    Category::Conflict,
    "取货码不对，还可以试 {left} 次",
    "That is not the pickup code; {left} tries left",
);
/// Too many wrong pickup codes.
pub const CODE_LOCKED: ErrorCode = ErrorCode::new(
    "fulfilment.code_locked",
    Category::Exhausted,
    "取货码错误次数过多，请在 {until} 之后再试",
    "Too many wrong pickup codes; try again after {until}",
);
/// More would come back than went out.
pub const OVER_RETURN: ErrorCode = ErrorCode::new(
    "return.over_quantity",
    Category::Conflict,
    "该商品只能再退 {returnable} 件，不能退 {wanted} 件",
    "Only {returnable} of this line can still be returned, not {wanted}",
);
/// Nothing of the order is with the customer.
pub const NOT_RETURNABLE: ErrorCode = ErrorCode::new(
    "return.not_handed_over",
    Category::Conflict,
    "订单当前为“{state}”，商品尚未交付，不能退货，可以改为取消",
    "The order is {state}: the goods have not been handed over, so it is cancelled, not returned",
);
/// The cart became an order already.
pub const CART_ORDERED: ErrorCode = ErrorCode::new(
    "cart.already_ordered",
    Category::Conflict,
    "购物车已下单（订单 {order_id}），请查看订单",
    "This cart has become order {order_id}",
);
/// There is nothing in the cart.
pub const CART_EMPTY: ErrorCode = ErrorCode::new(
    "cart.empty",
    Category::Conflict,
    "购物车是空的，请先添加商品",
    "The cart is empty; add something first",
);
/// The cart does not say how or to whom.
pub const CART_INCOMPLETE: ErrorCode = ErrorCode::new(
    "cart.incomplete",
    Category::Conflict,
    "下单前请补全：{missing}",
    "Before ordering, fill in: {missing}",
);
/// Somebody changed the order in the same moment.
pub const BUSY: ErrorCode = ErrorCode::new(
    "order.busy",
    Category::Conflict,
    "订单正在被另一个操作更新，请重试",
    "Another operation is changing this order; try again",
);
/// The order can no longer be cancelled by this actor.
pub const NOT_CANCELLABLE: ErrorCode = ErrorCode::new(
    "order.not_cancellable",
    Category::Conflict,
    "订单当前为“{state}”，不能取消；已交付的商品请走退货",
    "The order is {state} and can no longer be cancelled; goods already handed over are returned instead",
);

/// Nobody has to decide anything about the order.
pub const NOTHING_TO_DECIDE: ErrorCode = ErrorCode::new(
    "order.nothing_to_decide",
    Category::Conflict,
    "订单当前为“{state}”，没有需要人工处理的事项，请刷新",
    "The order is {state} and nothing about it is to be decided; reload to see where it stands",
);
/// There is still no place for it.
pub const STILL_UNSERVED: ErrorCode = ErrorCode::new(
    "order.still_unserved",
    Category::Conflict,
    "目前仍没有门店能备齐，请选择等待到货、指定门店或取消退款",
    "No place can serve it yet; wait for supply, name a place, or cancel and refund",
);
/// The money went back already.
pub const MONEY_WENT_BACK: ErrorCode = ErrorCode::new(
    "order.money_went_back",
    Category::Conflict,
    "该订单的款项已退回，不能再备货，只能取消；顾客可重新下单",
    "The money of this order went back, so it can only be cancelled; the customer may order again",
);
/// Single lines of an order that is not paid cannot be given up.
pub const LINES_NOT_CANCELLABLE: ErrorCode = ErrorCode::new(
    "order.lines_not_cancellable",
    Category::Conflict,
    "订单当前为“{state}”，不能取消其中一部分，请取消整个订单",
    "The order is {state}: single lines cannot be cancelled, only the whole order",
);
/// The pickup code is not locked.
pub const CODE_NOT_LOCKED: ErrorCode = ErrorCode::new(
    "fulfilment.code_not_locked",
    Category::Conflict,
    "取货码没有被锁定，可以直接输入",
    "The pickup code is not locked; it can be tried",
);

/// The order's state does not allow a change.
pub const NOT_CHANGEABLE: ErrorCode = ErrorCode::new(
    "order.not_changeable",
    Category::Conflict,
    "订单当前为“{state}”，不能修改；未付款的可取消后重新下单，已交付的请走退换货",
    "The order is {state} and cannot be changed; cancel it and order again before it is paid, return or exchange after the hand-over",
);
/// Somebody has packed or sent a part of it.
pub const CHANGE_BEGUN: ErrorCode = ErrorCode::new(
    "order.change_begun",
    Category::Conflict,
    "{place}已经打包或送出，订单不能再修改；收到后可退换货",
    "{place} has packed or sent it, so the order stays as it is; what it brings can be returned or exchanged",
);
/// Some of it is still to come.
pub const CHANGE_WAITS: ErrorCode = ErrorCode::new(
    "order.change_waits",
    Category::Conflict,
    "订单中有商品尚未到货，暂不能修改；可以取消其中的商品",
    "Some of the order is still to come, so it cannot be changed; pieces of it can be cancelled",
);
/// Another change waits for its payment.
pub const CHANGE_OPEN: ErrorCode = ErrorCode::new(
    "order.change_open",
    Category::Conflict,
    "订单已有一项修改等待补付 {amount}，请先付款或撤回该修改",
    "A change of this order waits for a payment of {amount}; pay it or withdraw it first",
);
/// No change waits.
pub const NO_CHANGE: ErrorCode = ErrorCode::new(
    "order.no_change",
    Category::Conflict,
    "订单没有等待付款的修改，请刷新查看",
    "No change of this order waits for its payment; reload to see where it stands",
);
/// It is that already.
pub const CHANGE_NOTHING: ErrorCode = ErrorCode::new(
    "order.change_nothing",
    Category::Conflict,
    "修改前后相同，没有需要改的内容",
    "The order is like that already; there is nothing to change",
);
/// Nothing would be left.
pub const CHANGE_EMPTY: ErrorCode = ErrorCode::new(
    "order.change_empty",
    Category::Conflict,
    "修改后没有商品了，请改为取消订单",
    "Nothing would be left of the order; cancel it instead",
);
/// The difference is not the one that was agreed on.
pub const CHANGE_AMOUNT: ErrorCode = ErrorCode::new(
    "order.change_amount",
    Category::Conflict,
    "差价有变：您确认的是 {agreed}，现在是 {difference}，请重新确认",
    "The difference is {difference} now, not {agreed}; look at it again",
);
/// The chain does not let them change this.
pub const CHANGE_NOT_YOURS: ErrorCode = ErrorCode::new(
    "order.change_not_yours",
    Category::Forbidden,
    "本店不支持在此修改{what}，请联系客服",
    "The shop does not let you change {what} here; ask customer service",
);
/// The time in which it could be changed is over.
pub const CHANGE_TOO_LATE: ErrorCode = ErrorCode::new(
    "order.change_too_late",
    Category::Conflict,
    "订单在下单后 {minutes} 分钟内可修改，现已超时，请联系客服",
    "The order could be changed for {minutes} minutes after it was placed; ask customer service",
);
/// The catalogue has one of its articles no longer.
pub const CHANGE_UNKNOWN_SKU: ErrorCode = ErrorCode::new(
    "order.change_unknown_sku",
    Category::Conflict,
    "订单中的“{name}”已从商品目录删除，不能重新计价；可以取消其中的商品",
    "{name} is no longer in the catalogue, so the order cannot be priced anew; pieces of it can be cancelled",
);
/// The order was changed otherwise since.
pub const CHANGE_OVERTAKEN: ErrorCode = ErrorCode::new(
    "order.change_overtaken",
    Category::Conflict,
    "订单在此期间有其他变动，请重新查看后再修改",
    "The order has changed otherwise meanwhile; look at it again",
);

/// Every code of this crate.
pub const ERRORS: &[&ErrorCode] = &[
    &ILLEGAL_STEP,
    &ILLEGAL_FULFILMENT_STEP,
    &WRONG_CODE,
    &CODE_LOCKED,
    &OVER_RETURN,
    &NOT_RETURNABLE,
    &CART_ORDERED,
    &CART_EMPTY,
    &CART_INCOMPLETE,
    &BUSY,
    &NOT_CANCELLABLE,
    &NOTHING_TO_DECIDE,
    &STILL_UNSERVED,
    &MONEY_WENT_BACK,
    &LINES_NOT_CANCELLABLE,
    &CODE_NOT_LOCKED,
    &NOT_CHANGEABLE,
    &CHANGE_BEGUN,
    &CHANGE_WAITS,
    &CHANGE_OPEN,
    &NO_CHANGE,
    &CHANGE_NOTHING,
    &CHANGE_EMPTY,
    &CHANGE_AMOUNT,
    &CHANGE_NOT_YOURS,
    &CHANGE_TOO_LATE,
    &CHANGE_UNKNOWN_SKU,
    &CHANGE_OVERTAKEN,
];
