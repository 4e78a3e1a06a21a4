//! What can go wrong with money.

use base::{Category, ErrorCode};

/// More would go back than came in.
pub const OVER_REFUND: ErrorCode = ErrorCode::new(
    "payment.over_refund",
    Category::Conflict,
    "可退金额只有 {refundable}（最小货币单位），不能退 {wanted}",
    "Only {refundable} (minor units) can still be refunded, not {wanted}",
);
/// A provider claims more than was asked for.
pub const OVER_CAPTURE: ErrorCode = ErrorCode::new(
    "payment.over_capture",
    Category::Conflict,
    "支付方报告的金额 {captured} 超过应付金额 {amount}（最小货币单位），已记录待核对",
    "The provider reports {captured}, more than the {amount} (minor units) asked for; recorded for reconciliation",
);
/// The payment is over; another one may be started.
pub const CLOSED: ErrorCode = ErrorCode::new(
    "payment.closed",
    Category::Conflict,
    "这笔支付已结束（{state}），请重新发起支付",
    "This payment is over ({state}); start another one",
);
/// The payment belongs to another provider.
pub const WRONG_PROVIDER: ErrorCode = ErrorCode::new(
    "payment.wrong_provider",
    Category::Conflict,
    "这笔支付由 {provider} 处理，不能在此完成",
    "This payment is handled by {provider} and cannot be completed here",
);
/// Two refunds changed the payment at the same moment.
pub const BUSY: ErrorCode = ErrorCode::new(
    "payment.busy",
    Category::Conflict,
    "这笔支付正在被另一个操作更新，请重试",
    "Another operation is changing this payment; try again",
);
/// The provider is not set up here.
pub const METHOD_UNAVAILABLE: ErrorCode = ErrorCode::new(
    "payment.method_unavailable",
    Category::Conflict,
    "本店没有开通 {provider}，请换一种支付方式",
    "{provider} is not set up here; choose another way to pay",
);
/// The provider, or this way to it, cannot do what was asked.
pub const NOT_SUPPORTED: ErrorCode = ErrorCode::new(
    "payment.not_supported",
    Category::Conflict,
    "{provider} 不支持 {what}，请换一种方式",
    "{provider} does not support {what}; choose another way",
);
/// The payment was opened another way before.
pub const OTHER_WAY: ErrorCode = ErrorCode::new(
    "payment.other_way",
    Category::Conflict,
    "这笔支付已用 {way} 方式发起；要换方式，请重新发起支付",
    "This payment was opened as {way}; to change that, start another payment",
);
/// Nothing, or nothing in time, came back: what happened is not known yet.
pub const PROVIDER_UNREACHABLE: ErrorCode = ErrorCode::new(
    "payment.provider_unreachable",
    Category::Unavailable,
    "{provider} 暂时没有回应，结果会自动查询；请稍后再试，不会重复扣款",
    "{provider} does not answer; the outcome is being asked for. Try again shortly: nothing is taken twice",
);
/// The provider said no, with its own words.
pub const PROVIDER_REFUSED: ErrorCode = ErrorCode::new(
    "payment.provider_refused",
    Category::Conflict,
    "{provider} 拒绝了请求：{code} {reason}",
    "{provider} refused: {code} {reason}",
);
/// An answer that the provider did not sign, or not for us.
pub const ANSWER_UNTRUSTED: ErrorCode = ErrorCode::new(
    "payment.answer_untrusted",
    Category::Unavailable,
    "来自 {provider} 的应答没有通过验签，未予采信；结果会自动查询",
    "An answer in the name of {provider} is not proved to be its own and was not believed; the outcome is being asked for",
);
/// An answer without something it must have.
pub const ANSWER_MALFORMED: ErrorCode = ErrorCode::new(
    "payment.answer_malformed",
    Category::Unavailable,
    "{provider} 的应答缺少或写错了 {what}；结果会自动查询",
    "The answer of {provider} lacks, or misstates, {what}; the outcome is being asked for",
);
/// A notification that its alleged sender did not sign.
pub const NOTIFICATION_UNPROVED: ErrorCode = ErrorCode::new(
    "payment.notification_unproved",
    Category::Unauthenticated,
    "以 {provider} 名义发来的通知没有通过验证：{reason}",
    "A notification in the name of {provider} is not proved to be its own: {reason}",
);
/// A notification, signed long ago or ahead of time.
pub const NOTIFICATION_STALE: ErrorCode = ErrorCode::new(
    "payment.notification_stale",
    Category::Unauthenticated,
    "{provider} 的通知签名时间与本机相差 {seconds} 秒，超过 {limit} 秒；请校准时钟，或等待重发",
    "The notification of {provider} was signed {seconds} seconds away from now, more than {limit}; set the clock, or wait for it to be sent again",
);
/// A notification that is signed and makes no sense.
pub const NOTIFICATION_MALFORMED: ErrorCode = ErrorCode::new(
    "payment.notification_malformed",
    Category::Invalid,
    "{provider} 的通知内容有误：{reason}",
    "The notification of {provider} cannot be read: {reason}",
);
/// A provider's settings are wrong.
pub const CONFIGURATION: ErrorCode = ErrorCode::new(
    "payment.configuration",
    Category::Internal,
    "配置项 {key} 有误，应为：{expected}",
    "The setting {key} is wrong; it must be: {expected}",
);
/// A statement that cannot be read.
pub const STATEMENT_MALFORMED: ErrorCode = ErrorCode::new(
    "payment.statement_malformed",
    Category::Invalid,
    "对账单第 {line} 行有误：{reason}",
    "Line {line} of the statement is wrong: {reason}",
);
/// A statement that was damaged on its way.
pub const STATEMENT_DAMAGED: ErrorCode = ErrorCode::new(
    "payment.statement_damaged",
    Category::Unavailable,
    "从 {provider} 下载的对账单与其摘要不符，请重试",
    "The statement from {provider} does not match its digest; try again",
);
/// A decision about a row that needs none, or that cannot be taken.
pub const NO_DECISION: ErrorCode = ErrorCode::new(
    "payment.no_decision",
    Category::Conflict,
    "这一行（{outcome}）不需要或不能作此处理：{decision}",
    "This row ({outcome}) needs no such decision: {decision}",
);
/// No such card, or another PIN: told alike, so that nobody learns which numbers there are.
pub const GIFT_CARD_REFUSED: ErrorCode = ErrorCode::new(
    "gift_card.refused",
    Category::Invalid,
    "卡号或密码不对，请核对后重新输入",
    "Number or PIN is wrong; check both and type them again",
);
/// Too many wrong PINs.
pub const GIFT_CARD_LOCKED: ErrorCode = ErrorCode::new(
    "gift_card.locked",
    Category::Exhausted,
    "密码输错次数过多，此卡锁定至 {until}，请届时再试",
    "Too many wrong PINs: the card is locked until {until}; try again then",
);
/// Somebody has stopped the card.
pub const GIFT_CARD_BLOCKED: ErrorCode = ErrorCode::new(
    "gift_card.blocked",
    Category::Conflict,
    "此礼品卡已停用，请联系门店",
    "This gift card has been stopped; ask in a store",
);
/// The card's time is over.
pub const GIFT_CARD_EXPIRED: ErrorCode = ErrorCode::new(
    "gift_card.expired",
    Category::Conflict,
    "此礼品卡已过有效期，请联系门店",
    "This gift card has run out; ask in a store",
);
/// The card has less than is asked of it.
pub const GIFT_CARD_SHORT: ErrorCode = ErrorCode::new(
    "gift_card.short",
    Category::Conflict,
    "礼品卡可用余额不足，请查询余额，或改用较小金额",
    "The gift card has not enough left; look at its balance, or use less of it",
);
/// The card is of other money than what it should pay, or take.
pub const GIFT_CARD_OTHER_CURRENCY: ErrorCode = ErrorCode::new(
    "gift_card.other_currency",
    Category::Conflict,
    "礼品卡的币种是 {found}，这里需要 {expected}",
    "The gift card is in {found}; {expected} is needed here",
);

/// Every code of this crate.
pub const ERRORS: &[&ErrorCode] = &[
    &OVER_REFUND,
    &OVER_CAPTURE,
    &CLOSED,
    &WRONG_PROVIDER,
    &BUSY,
    &METHOD_UNAVAILABLE,
    &NOT_SUPPORTED,
    &OTHER_WAY,
    &PROVIDER_UNREACHABLE,
    &PROVIDER_REFUSED,
    &ANSWER_UNTRUSTED,
    &ANSWER_MALFORMED,
    &NOTIFICATION_UNPROVED,
    &NOTIFICATION_STALE,
    &NOTIFICATION_MALFORMED,
    &CONFIGURATION,
    &STATEMENT_MALFORMED,
    &STATEMENT_DAMAGED,
    &NO_DECISION,
    &GIFT_CARD_REFUSED,
    &GIFT_CARD_LOCKED,
    &GIFT_CARD_BLOCKED,
    &GIFT_CARD_EXPIRED,
    &GIFT_CARD_SHORT,
    &GIFT_CARD_OTHER_CURRENCY,
];
