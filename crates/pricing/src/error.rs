//! What can go wrong with prices.

use base::{Category, ErrorCode};

/// Another price list has this code.
pub const LIST_CODE_TAKEN: ErrorCode = ErrorCode::new(
    "pricing.list_code_taken",
    Category::Conflict,
    "价目表编码 {code} 已被使用，请换一个",
    "The price list code {code} is taken; choose another",
);
/// Another promotion has this code.
pub const PROMOTION_CODE_TAKEN: ErrorCode = ErrorCode::new(
    "pricing.promotion_code_taken",
    Category::Conflict,
    "促销编码 {code} 已被使用，请换一个",
    "The promotion code {code} is taken; choose another",
);
/// Another promotion asks for this code to be typed.
pub const TYPED_CODE_TAKEN: ErrorCode = ErrorCode::new(
    "pricing.typed_code_taken",
    Category::Conflict,
    "优惠码 {code} 已用于另一个促销，请换一个",
    "Another promotion asks for the code {code}; choose another",
);
/// A limit below what is used already.
pub const CODE_USED_MORE: ErrorCode = ErrorCode::new(
    "pricing.code_used_more",
    Category::Conflict,
    "优惠码已在 {taken} 个订单中使用，上限不能低于此数",
    "The code is used in {taken} orders already; the limit cannot be lower",
);
/// Nobody knows this code.
pub const CODE_UNKNOWN: ErrorCode = ErrorCode::new(
    "pricing.code_unknown",
    Category::Invalid,
    "没有优惠码 {code}，请检查拼写",
    "There is no promotion code {code}; check how it is written",
);
/// The code was used as often as it may be, or was withdrawn.
pub const CODE_USED_UP: ErrorCode = ErrorCode::new(
    "pricing.code_used_up",
    Category::Conflict,
    "优惠码 {code} 已用完，移除后即可按现价下单",
    "The promotion code {code} is used up; take it out to order at today's price",
);
/// This member used the code as often as one may.
pub const CODE_USED_BY_MEMBER: ErrorCode = ErrorCode::new(
    "pricing.code_used_by_member",
    Category::Conflict,
    "优惠码 {code} 每人限用 {max} 次，您已用完，移除后即可按现价下单",
    "The promotion code {code} works {max} times for each member; take it out to order at today's price",
);
/// How often one may use the code is known of members only.
pub const CODE_FOR_MEMBERS: ErrorCode = ErrorCode::new(
    "pricing.code_for_members",
    Category::Conflict,
    "优惠码 {code} 限会员使用，请先登录",
    "The promotion code {code} is for members; sign in first",
);
/// A code of other signs than letters, digits and hyphens, or too short or long.
pub(crate) const TYPED_CODE_MALFORMED: ErrorCode = ErrorCode::new(
    "pricing.typed_code_malformed",
    Category::Invalid,
    "优惠码须为 3 到 32 位字母、数字或连字符",
    "A promotion code has 3 to 32 letters, digits and hyphens",
);
/// There is no SKU of this code or identifier.
pub const UNKNOWN_SKU: ErrorCode = ErrorCode::new(
    "pricing.unknown_sku",
    Category::Invalid,
    "没有 SKU {sku}，请检查编码",
    "There is no SKU {sku}; check its code",
);
/// A list has as many prices as it can.
pub const LIST_FULL: ErrorCode = ErrorCode::new(
    "pricing.list_full",
    Category::Conflict,
    "一张价目表最多 {max} 条价格",
    "A price list holds at most {max} prices",
);
/// The end comes before the beginning.
pub(crate) const ENDS_BEFORE_IT_BEGINS: ErrorCode = ErrorCode::new(
    "pricing.ends_before_it_begins",
    Category::Invalid,
    "结束时间必须晚于开始时间",
    "The end must be later than the beginning",
);
/// A sum without a currency says nothing.
pub(crate) const CURRENCY_MISSING: ErrorCode = ErrorCode::new(
    "pricing.currency_missing",
    Category::Invalid,
    "该促销含有金额，请指定货币",
    "This promotion names an amount; say in which currency",
);
/// Steps that do not rise, or take off more than they ask for.
pub(crate) const STEPS_NOT_RISING: ErrorCode = ErrorCode::new(
    "pricing.steps_not_rising",
    Category::Invalid,
    "每档的门槛和减免都须高于前一档，且减免不超过门槛",
    "Each step must ask for more and take off more than the one before, and never more than it asks for",
);
/// The same twice.
pub(crate) const REPEATED: ErrorCode = ErrorCode::new(
    "pricing.repeated",
    Category::Invalid,
    "“{value}”出现了两次",
    "\"{value}\" appears twice",
);
/// A price is given by SKU or by code, not by both and not by neither.
pub(crate) const SKU_OR_CODE: ErrorCode = ErrorCode::new(
    "pricing.sku_or_code",
    Category::Invalid,
    "请填写 sku_id 或 sku_code 其中之一",
    "Give either sku_id or sku_code",
);
/// A bundle names its goods by its parts.
pub(crate) const BUNDLE_NAMES_GOODS: ErrorCode = ErrorCode::new(
    "pricing.bundle_names_goods",
    Category::Invalid,
    "套装的商品由其组成决定，请清空商品范围",
    "A bundle's goods are its parts; leave the goods empty",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[
    &LIST_CODE_TAKEN,
    &PROMOTION_CODE_TAKEN,
    &TYPED_CODE_TAKEN,
    &CODE_USED_MORE,
    &CODE_UNKNOWN,
    &CODE_USED_UP,
    &CODE_USED_BY_MEMBER,
    &CODE_FOR_MEMBERS,
    &TYPED_CODE_MALFORMED,
    &UNKNOWN_SKU,
    &LIST_FULL,
    &ENDS_BEFORE_IT_BEGINS,
    &CURRENCY_MISSING,
    &STEPS_NOT_RISING,
    &REPEATED,
    &SKU_OR_CODE,
    &BUNDLE_NAMES_GOODS,
];
