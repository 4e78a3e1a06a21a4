//! What can go wrong with the catalogue.

use base::{Category, ErrorCode};

/// Another product has this code.
pub const CODE_TAKEN: ErrorCode = ErrorCode::new(
    "catalog.code_taken",
    Category::Conflict,
    "商品编码 {code} 已被使用，请换一个",
    "The product code {code} is taken; choose another",
);
/// Another product's SKU has this code.
pub const SKU_TAKEN: ErrorCode = ErrorCode::new(
    "catalog.sku_taken",
    Category::Conflict,
    "SKU 编码 {code} 已属于其他商品",
    "The SKU code {code} belongs to another product",
);
/// Another SKU has this barcode.
pub const BARCODE_TAKEN: ErrorCode = ErrorCode::new(
    "catalog.barcode_taken",
    Category::Conflict,
    "条码 {barcode} 已属于其他 SKU",
    "The barcode {barcode} belongs to another SKU",
);
/// There is no such category.
pub const UNKNOWN_CATEGORY: ErrorCode = ErrorCode::new(
    "catalog.unknown_category",
    Category::Invalid,
    "没有分类 {category}",
    "There is no category {category}",
);
/// A kit cannot be made of what is not there.
pub const UNKNOWN_COMPONENT: ErrorCode = ErrorCode::new(
    "catalog.unknown_component",
    Category::Invalid,
    "没有商品规格 {sku_id}，无法放入套装",
    "There is no SKU {sku_id} to make a kit of",
);
/// Kits are made of articles, not of kits.
pub const NESTED_KIT: ErrorCode = ErrorCode::new(
    "catalog.nested_kit",
    Category::Conflict,
    "套装不能包含套装，也不能包含自己：{sku_id}",
    "A kit is made of articles, not of kits or of itself: {sku_id}",
);
/// Not a GTIN, or its check digit is wrong.
pub(crate) const BAD_BARCODE: ErrorCode = ErrorCode::new(
    "catalog.bad_barcode",
    Category::Invalid,
    "“{value}”不是有效条码：须为 8、12、13 或 14 位数字且校验位正确",
    "\"{value}\" is not a barcode: 8, 12, 13 or 14 digits with a right check digit",
);
/// The same code or barcode twice in one product.
pub(crate) const REPEATED: ErrorCode = ErrorCode::new(
    "catalog.repeated",
    Category::Invalid,
    "“{value}”在同一商品中出现了两次",
    "\"{value}\" appears twice in one product",
);
/// The SKUs of one product have prices in different currencies.
pub(crate) const MIXED_CURRENCIES: ErrorCode = ErrorCode::new(
    "catalog.mixed_currencies",
    Category::Invalid,
    "同一商品的价格必须使用同一种货币",
    "The prices of one product must be in one currency",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[
    &CODE_TAKEN,
    &SKU_TAKEN,
    &BARCODE_TAKEN,
    &UNKNOWN_CATEGORY,
    &UNKNOWN_COMPONENT,
    &NESTED_KIT,
    &BAD_BARCODE,
    &REPEATED,
    &MIXED_CURRENCIES,
];
