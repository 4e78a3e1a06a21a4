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

/// Every code of this crate.
pub const ERRORS: &[&ErrorCode] = &[&OVER_REFUND, &OVER_CAPTURE, &CLOSED, &WRONG_PROVIDER, &BUSY];
