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
    &UNKNOWN_SKU,
    &LIST_FULL,
    &ENDS_BEFORE_IT_BEGINS,
    &CURRENCY_MISSING,
    &STEPS_NOT_RISING,
    &REPEATED,
    &SKU_OR_CODE,
    &BUNDLE_NAMES_GOODS,
];
