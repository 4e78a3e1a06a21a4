//! The kinds of record a mapping can make, and their fields. The tables in docs/import.md are printed from
//! this.

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// Words.
    Text,
    /// A natural key, or a reference to one.
    Key,
    /// A whole number.
    Integer,
    /// An exact decimal number, such as an amount in the mapping's currency.
    Decimal,
    /// A number that may be approximate: a coordinate, an area.
    Number,
    /// An instant; the file's local time is read in the mapping's zone.
    Time,
    /// A calendar day.
    Date,
    /// Yes or no.
    Bool,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An IANA time zone.
    Zone,
    /// Opening hours by weekday.
    Hours,
    /// Several words; give `split` to say what stands between them.
    List,
}

impl FieldType {
    /// The name in the documentation.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Key => "key".into(),
            Self::Integer => "integer".into(),
            Self::Decimal => "decimal".into(),
            Self::Number => "number".into(),
            Self::Time => "time".into(),
            Self::Date => "date".into(),
            Self::Bool => "bool".into(),
            Self::Choice(words) => words.join(" / "),
            Self::Zone => "time zone".into(),
            Self::Hours => "opening hours".into(),
            Self::List => "list".into(),
        }
    }
}

/// One field of a kind.
#[derive(Debug)]
pub struct FieldSpec {
    /// Its name in a mapping.
    pub name: &'static str,
    /// What it holds.
    pub holds: FieldType,
    /// A mapping must map it, and a row must fill it.
    pub required: bool,
    /// What it means.
    pub about: &'static str,
}

const fn field(name: &'static str, holds: FieldType, about: &'static str) -> FieldSpec {
    FieldSpec {
        name,
        holds,
        required: false,
        about,
    }
}

const fn needed(name: &'static str, holds: FieldType, about: &'static str) -> FieldSpec {
    FieldSpec {
        name,
        holds,
        required: true,
        about,
    }
}

/// A kind of record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A category of the catalogue.
    Category,
    /// A product.
    Product,
    /// A described property of a product.
    Attribute,
    /// A sellable variant.
    Sku,
    /// A store, a warehouse.
    Place,
    /// A person known by the source's key.
    Member,
    /// The head of an order.
    Order,
    /// A line of an order, a return, a write-off: see the classes.
    OrderLine,
    /// A payment of an order.
    Payment,
    /// Money given back on an order.
    Refund,
    /// How much of a SKU lies at a place.
    StockLevel,
    /// A review or another word of a customer.
    Review,
}

impl Kind {
    /// All kinds, in the order they land.
    pub const ALL: [Self; 12] = [
        Self::Category,
        Self::Product,
        Self::Attribute,
        Self::Sku,
        Self::Place,
        Self::Member,
        Self::Order,
        Self::OrderLine,
        Self::Payment,
        Self::Refund,
        Self::StockLevel,
        Self::Review,
    ];

    /// The name in a mapping.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Product => "product",
            Self::Attribute => "attribute",
            Self::Sku => "sku",
            Self::Place => "place",
            Self::Member => "member",
            Self::Order => "order",
            Self::OrderLine => "order_line",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::StockLevel => "stock_level",
            Self::Review => "review",
        }
    }

    /// By the name in a mapping.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// Its fields.
    #[must_use]
    pub const fn fields(self) -> &'static [FieldSpec] {
        match self {
            Self::Category => CATEGORY,
            Self::Product => PRODUCT,
            Self::Attribute => ATTRIBUTE,
            Self::Sku => SKU,
            Self::Place => PLACE,
            Self::Member => MEMBER,
            Self::Order => ORDER,
            Self::OrderLine => ORDER_LINE,
            Self::Payment => PAYMENT,
            Self::Refund => REFUND,
            Self::StockLevel => STOCK_LEVEL,
            Self::Review => REVIEW,
        }
    }

    /// The position of a field.
    #[must_use]
    pub fn position(self, name: &str) -> Option<usize> {
        self.fields().iter().position(|f| f.name == name)
    }
}

use FieldType::{Bool, Choice, Date, Decimal, Hours, Integer, Key, List, Number, Text, Time, Zone};

/// The states an imported order can be in.
pub const ORDER_STATES: &[&str] = &["paid", "shipped", "delivered", "closed", "cancelled", "expired"];
/// The channels of sale.
pub const CHANNELS: &[&str] = &["web", "app", "mini_program", "store", "pos", "marketplace"];
/// The kinds of place.
pub const PLACE_KINDS: &[&str] = &["store", "warehouse", "dark_store", "pickup_point"];
/// The states of a product.
pub const PRODUCT_STATES: &[&str] = &["draft", "active", "archived"];

const CATEGORY: &[FieldSpec] = &[
    needed("key", Key, "the source's key"),
    field("parent", Key, "the key of the category above"),
    field(
        "ancestors",
        List,
        "keys from the top down; the nearest one that exists becomes the parent",
    ),
    needed(
        "name",
        Text,
        "the name, in the mapping's language; serves for both when the other is not given",
    ),
    field("name_zh", Text, "the name in Chinese"),
    field("name_en", Text, "the name in English"),
    field("position", Integer, "order among its siblings"),
];

const PRODUCT: &[FieldSpec] = &[
    needed("key", Key, "the source's key; becomes the product's code"),
    needed("name", Text, "the name"),
    field("name_zh", Text, "the name in Chinese"),
    field("name_en", Text, "the name in English"),
    field("description", Text, "the description"),
    field("brand", Text, "the brand"),
    field("category", Key, "the key of a category record"),
    field(
        "category_path",
        List,
        "names from the top down; missing categories are made",
    ),
    field("status", Choice(PRODUCT_STATES), "active when not given"),
];

const ATTRIBUTE: &[FieldSpec] = &[
    needed("product", Key, "the product's key"),
    needed("label", Text, "what is described"),
    needed("value", Text, "the description"),
];

const SKU: &[FieldSpec] = &[
    needed("key", Key, "the source's key; becomes the SKU's code"),
    needed("product", Key, "the product's key"),
    field("option", Text, "what tells it from the product's other SKUs"),
    field("barcodes", List, "EAN, UPC, GTIN"),
    needed("price", Decimal, "the selling price"),
    field("tracked", Bool, "whether stock is kept; yes when not given"),
    field("active", Bool, "whether it can be sold; yes when not given"),
    field(
        "stock",
        Integer,
        "pieces at the mapping's place, as an opening balance",
    ),
];

const PLACE: &[FieldSpec] = &[
    needed("key", Key, "the source's key; becomes the place's code"),
    field("kind", Choice(PLACE_KINDS), "store when not given"),
    needed("name", Text, "the name"),
    field("name_zh", Text, "the name in Chinese"),
    field("name_en", Text, "the name in English"),
    field("region", Text, "the sales region"),
    field("country", Text, "two letters, ISO 3166"),
    field("province", Text, "province or state"),
    field("city", Text, "city"),
    field("district", Text, "district"),
    field("address", Text, "street and number"),
    field("postcode", Text, "postcode"),
    needed("latitude", Number, "degrees north"),
    needed("longitude", Number, "degrees east"),
    field("timezone", Zone, "the mapping's zone when not given"),
    field("area_m2", Number, "floor area in square metres"),
    field("phone", Text, "telephone"),
    field("hours", Hours, "opening hours"),
    field("services", List, "of collect, ship, return, deliver_local"),
];

const MEMBER: &[FieldSpec] = &[
    needed("key", Key, "the source's key of the person"),
    field("name", Text, "name"),
    field("phone", Text, "telephone"),
    field("email", Text, "e-mail"),
    field("birthday", Date, "day of birth"),
];

const ORDER: &[FieldSpec] = &[
    needed("key", Key, "the source's order number"),
    needed("placed_at", Time, "when it was placed"),
    field("state", Choice(ORDER_STATES), "closed when not given"),
    field(
        "channel",
        Choice(CHANNELS),
        "the mapping's channel when not given",
    ),
    field(
        "currency",
        Text,
        "only a check: orders in another currency than the mapping's are reported",
    ),
    field("member", Key, "the source's key of the buyer"),
    field("contact_name", Text, "the receiver"),
    field("contact_phone", Text, "the receiver's telephone"),
    field("country", Text, "where it goes"),
    field("province", Text, "where it goes"),
    field("city", Text, "where it goes"),
    field("address", Text, "where it goes"),
    field(
        "place",
        Key,
        "the key of the place that sold it; the mapping's place when not given",
    ),
    field("shipping", Decimal, "freight, for the whole order"),
    field(
        "discount",
        Decimal,
        "taken off the whole order, as a positive number",
    ),
    field(
        "tax",
        Decimal,
        "tax within or on top of the total, for information",
    ),
    field(
        "total",
        Decimal,
        "what the order cost; checked against its lines, or the value of an order without lines",
    ),
    field("paid_at", Time, "when it was paid"),
    field("shipped_at", Time, "when it left"),
    field("promised_at", Time, "when it was promised for"),
    field("delivered_at", Time, "when it arrived"),
    field("cancelled_at", Time, "when it was cancelled"),
];

const ORDER_LINE: &[FieldSpec] = &[
    needed(
        "order",
        Key,
        "the source's order number, the grouping key of lines",
    ),
    field(
        "key",
        Key,
        "tells lines of one order apart; its place in the order when not given",
    ),
    field("original", Key, "of a return: the order it was bought with"),
    needed(
        "sku",
        Key,
        "the SKU's key; one that no sku record brought is made",
    ),
    field("name", Text, "the name, for a SKU that has to be made"),
    field("option", Text, "the option, for a SKU that has to be made"),
    needed("quantity", Integer, "pieces"),
    field(
        "unit_price",
        Decimal,
        "price of one piece; from the amount when not given",
    ),
    field(
        "amount",
        Decimal,
        "price of the whole line before discounts, where the file gives no unit price",
    ),
    field("discount", Decimal, "taken off the line, as a positive number"),
    field(
        "shipping",
        Decimal,
        "freight of this line; added up into the order's",
    ),
    field(
        "placed_at",
        Time,
        "when; the earliest of an order's lines counts, unless an order record says",
    ),
    field("member", Key, "the buyer; the first one given in an order counts"),
    field(
        "country",
        Text,
        "where it goes; the first one given in an order counts",
    ),
    field("place", Key, "the key of the place"),
];

const PAYMENT: &[FieldSpec] = &[
    needed("order", Key, "the source's order number"),
    field("key", Key, "tells payments of one order apart"),
    field("method", Text, "how, in the source's words"),
    needed("amount", Decimal, "how much was taken"),
    field("paid_at", Time, "when; the order's payment time when not given"),
];

const REFUND: &[FieldSpec] = &[
    needed("order", Key, "the source's order number"),
    field("key", Key, "tells refunds of one order apart"),
    needed("amount", Decimal, "how much was given back, as a positive number"),
    field("refunded_at", Time, "when; the payment's time when not given"),
];

const STOCK_LEVEL: &[FieldSpec] = &[
    needed("sku", Key, "the SKU's key"),
    field(
        "place",
        Key,
        "the place's key; the mapping's place when not given",
    ),
    needed("quantity", Integer, "pieces on hand"),
];

const REVIEW: &[FieldSpec] = &[
    needed("key", Key, "the source's key"),
    field("order", Key, "the order it is about"),
    field("product", Key, "the product it is about"),
    field("place", Key, "the place it is about"),
    field("member", Key, "who wrote it"),
    field("score", Integer, "1 to 5"),
    field("title", Text, "headline"),
    field("text", Text, "words"),
    needed("written_at", Time, "when it was written"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            let mut seen = HashSet::new();
            assert!(
                kind.fields().iter().all(|f| seen.insert(f.name)),
                "{}",
                kind.name()
            );
        }
    }
}
