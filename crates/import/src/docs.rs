//! The documents a mapping's records are put together into: what lands.

use std::sync::Arc;

use base::{Text, Time};
use jiff::civil::Date;

use crate::exact::Exact;
use crate::mapping::OpenHours;

/// Where a document was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The file's name.
    pub file: Arc<str>,
    /// Its line.
    pub line: u64,
}

/// A category.
#[derive(Clone, Debug)]
pub struct CategoryDoc {
    /// The source's key.
    pub key: String,
    /// The key of the category above.
    pub parent: Option<String>,
    /// The name.
    pub name: Text,
    /// Order among its siblings.
    pub position: i64,
}

/// A product.
#[derive(Clone, Debug)]
pub struct ProductDoc {
    /// The source's key.
    pub key: String,
    /// The name.
    pub name: Text,
    /// The description.
    pub description: Text,
    /// The brand.
    pub brand: Text,
    /// The key of its category.
    pub category: Option<String>,
    /// `draft`, `active` or `archived`.
    pub status: String,
    /// Label and value.
    pub attributes: Vec<(String, String)>,
    /// Where it was found; nothing when lines brought it.
    pub found: Option<Found>,
}

/// A SKU.
#[derive(Clone, Debug)]
pub struct SkuDoc {
    /// The source's key.
    pub key: String,
    /// The product's key.
    pub product: String,
    /// What tells it from its siblings.
    pub option: Text,
    /// Barcodes.
    pub barcodes: Vec<String>,
    /// Selling price in minor units.
    pub price_minor: i64,
    /// Whether stock is kept.
    pub tracked: bool,
    /// Whether it can be sold.
    pub active: bool,
}

/// A place.
#[derive(Clone, Debug)]
pub struct PlaceDoc {
    /// The source's key.
    pub key: String,
    /// Store, warehouse and so on.
    pub kind: String,
    /// The name.
    pub name: Text,
    /// The sales region.
    pub region: String,
    /// ISO 3166.
    pub country: String,
    /// Province or state.
    pub province: String,
    /// City.
    pub city: String,
    /// District.
    pub district: String,
    /// Street and number.
    pub address: String,
    /// Postcode.
    pub postcode: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// IANA zone.
    pub timezone: String,
    /// Floor area.
    pub area_m2: Option<f64>,
    /// Telephone.
    pub phone: String,
    /// Opening hours.
    pub hours: Vec<OpenHours>,
    /// Services offered.
    pub services: Vec<String>,
    /// Where it was found; nothing when the mapping brought it.
    pub found: Option<Found>,
}

/// A person.
#[derive(Clone, Default)]
pub struct MemberDoc {
    /// The source's key.
    pub key: String,
    /// Name.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Day of birth.
    pub birthday: Option<Date>,
    /// The first time the source saw them.
    pub since: Option<Time>,
}

impl std::fmt::Debug for MemberDoc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberDoc")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// An order.
#[derive(Clone, Debug)]
pub struct OrderDoc {
    /// The source's order number.
    pub key: String,
    /// When it was placed.
    pub placed_at: Time,
    /// One of [`crate::mapping::ORDER_STATES`].
    pub state: String,
    /// The channel.
    pub channel: String,
    /// Index of the member.
    pub member: Option<usize>,
    /// The receiver.
    pub contact_name: Option<String>,
    /// The receiver's telephone.
    pub contact_phone: Option<String>,
    /// Country, province, city, street.
    pub address: [String; 4],
    /// Key of the place.
    pub place: Option<String>,
    /// Its lines.
    pub lines: Vec<LineDoc>,
    /// Freight in minor units.
    pub shipping_minor: i64,
    /// Taken off the whole order, in minor units; shared out over its lines.
    pub discount_minor: i64,
    /// What it cost, in minor units: lines less discounts plus freight.
    pub total_minor: i64,
    /// When it was paid.
    pub paid_at: Option<Time>,
    /// When it left.
    pub shipped_at: Option<Time>,
    /// When it was promised for.
    pub promised_at: Option<Time>,
    /// When it arrived.
    pub delivered_at: Option<Time>,
    /// When it was cancelled.
    pub cancelled_at: Option<Time>,
    /// Its payments.
    pub payments: Vec<PaymentDoc>,
    /// Where it was found.
    pub found: Found,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub struct LineDoc {
    /// Index of the SKU.
    pub sku: usize,
    /// Pieces, above zero.
    pub quantity: i64,
    /// Pieces that came back.
    pub returned: i64,
    /// Price of one piece in minor units.
    pub unit_minor: i64,
    /// Taken off the line, in minor units.
    pub discount_minor: i64,
    /// Whether it moves goods.
    pub goods: bool,
    /// Key of the place it came from.
    pub place: Option<String>,
}

impl LineDoc {
    /// What the line costs, in minor units.
    #[must_use]
    pub const fn total_minor(&self) -> i64 {
        self.quantity
            .saturating_mul(self.unit_minor)
            .saturating_sub(self.discount_minor)
    }
}

/// A payment.
#[derive(Clone, Debug)]
pub struct PaymentDoc {
    /// Tells it from the order's others.
    pub key: String,
    /// How, in the source's words.
    pub method: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// How much of it went back, in minor units.
    pub refunded_minor: i64,
    /// When.
    pub at: Time,
}

/// Goods that came back.
#[derive(Clone, Debug)]
pub struct ReturnDoc {
    /// The source's document number, with the order's behind it where it was found.
    pub key: String,
    /// Index of the order, where the sale was found.
    pub order: Option<usize>,
    /// Index of the member.
    pub member: Option<usize>,
    /// Key of the place.
    pub place: Option<String>,
    /// When.
    pub at: Time,
    /// What.
    pub lines: Vec<ReturnLineDoc>,
}

/// A line of a return.
#[derive(Clone, Debug)]
pub struct ReturnLineDoc {
    /// Index of the SKU.
    pub sku: usize,
    /// Index of the order's line, where the sale was found.
    pub line: Option<usize>,
    /// Pieces, above zero.
    pub quantity: i64,
    /// Money given back, in minor units.
    pub refund_minor: i64,
    /// Whether it moves goods.
    pub goods: bool,
}

/// Stock found, lost or thrown away.
#[derive(Clone, Debug)]
pub struct AdjustmentDoc {
    /// The document and line.
    pub key: String,
    /// Index of the SKU.
    pub sku: usize,
    /// Key of the place.
    pub place: Option<String>,
    /// Pieces, signed.
    pub quantity: i64,
    /// When.
    pub at: Time,
    /// The source's words.
    pub note: String,
    /// The class's name.
    pub class: String,
}

/// Money or pieces that belong to no order.
#[derive(Clone, Debug)]
pub struct LedgerDoc {
    /// The document and line.
    pub key: String,
    /// The class's name.
    pub class: String,
    /// When.
    pub at: Time,
    /// The code in the source.
    pub code: String,
    /// The source's words.
    pub note: String,
    /// Pieces, signed.
    pub quantity: i64,
    /// The amount in minor units, signed.
    pub amount_minor: i64,
    /// What rounding to minor units took away.
    pub rounding: Exact,
}

/// Pieces on hand.
#[derive(Clone, Debug)]
pub struct StockDoc {
    /// Key of the SKU.
    pub sku: String,
    /// Key of the place.
    pub place: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// Where it was found.
    pub found: Found,
}

/// A review.
#[derive(Clone, Debug)]
pub struct ReviewDoc {
    /// The source's key.
    pub key: String,
    /// Key of the order.
    pub order: Option<String>,
    /// Key of the product.
    pub product: Option<String>,
    /// Key of the place.
    pub place: Option<String>,
    /// Key of the member.
    pub member: Option<String>,
    /// 1 to 5.
    pub score: Option<i64>,
    /// Words, the headline first.
    pub text: String,
    /// When.
    pub at: Time,
}
