//! What can go wrong with a member.

use base::{Category, ErrorCode};

/// Not a phone number.
pub const PHONE_INVALID: ErrorCode = ErrorCode::new(
    "member.phone_invalid",
    Category::Invalid,
    "手机号不正确，请检查位数；海外号码请以 + 和国家代码开头",
    "This is not a phone number; check its digits, and begin a number from abroad with + and the country code",
);
/// Too many codes asked for.
pub const OTP_THROTTLED: ErrorCode = ErrorCode::new(
    "member.otp_throttled",
    Category::Exhausted,
    "验证码请求太频繁，请在 {retry_after_s} 秒后重试",
    "Too many codes were asked for; try again in {retry_after_s} seconds",
);
/// The code does not open anything: wrong, too old, used or never sent. The answer does not say which.
pub const OTP_WRONG: ErrorCode = ErrorCode::new(
    "member.otp_wrong",
    Category::Unauthenticated,
    "验证码不正确或已失效，请重新输入或重新获取",
    "The code is wrong or no longer valid; enter it again or ask for a new one",
);
/// Too many wrong tries for one code.
pub const OTP_SPENT: ErrorCode = ErrorCode::new(
    "member.otp_spent",
    Category::Exhausted,
    "错误次数过多，此验证码已作废，请重新获取",
    "Too many wrong tries; this code is void, ask for a new one",
);
/// A member code that we did not sign, or that is too old.
pub const CODE_INVALID: ErrorCode = ErrorCode::new(
    "member.code_invalid",
    Category::Invalid,
    "会员码无效或已过期，请会员刷新后重新出示",
    "The member code is not valid or has expired; ask the member to refresh it",
);
/// A day that cannot be a birthday.
pub const BIRTHDAY_INVALID: ErrorCode = ErrorCode::new(
    "member.birthday_invalid",
    Category::Invalid,
    "生日应为 YYYY-MM-DD，且不晚于今天",
    "A birthday is written YYYY-MM-DD and is not in the future",
);
/// Two members cannot share a phone.
pub const PHONE_TAKEN: ErrorCode = ErrorCode::new(
    "member.phone_taken",
    Category::Conflict,
    "该手机号已属于另一位会员",
    "This phone already belongs to another member",
);

/// Every failure this crate raises.
pub const ERRORS: &[&ErrorCode] = &[
    &PHONE_INVALID,
    &OTP_THROTTLED,
    &OTP_WRONG,
    &OTP_SPENT,
    &CODE_INVALID,
    &BIRTHDAY_INVALID,
    &PHONE_TAKEN,
];
