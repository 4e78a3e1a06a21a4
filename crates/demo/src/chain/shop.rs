//! Places and the range.

use base::{CategoryId, MediaId, PlaceId, ProductId, SkuId, Text, Time};

/// Store or warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// Sells to people.
    Store,
    /// Supplies stores and homes.
    Warehouse,
}

/// An address in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Province or municipality.
    pub province: Text,
    /// City.
    pub city: Text,
    /// District.
    pub district: Text,
    /// Street and number.
    pub line: Text,
    /// Postcode.
    pub postcode: String,
}

/// A place.
#[derive(Debug, Clone)]
pub struct Place {
    /// Identifier.
    pub id: PlaceId,
    /// Code such as `HZ-001`.
    pub code: String,
    /// Store or warehouse.
    pub kind: PlaceKind,
    /// Name.
    pub name: Text,
    /// Sales region.
    pub region: &'static str,
    /// Position of its city in the city table.
    pub(crate) city: usize,
    /// Address.
    pub address: Address,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Floor.
    pub area_m2: u32,
    /// Telephone.
    pub phone: String,
    /// Opening and closing on each day from Monday, `HH:MM`.
    pub hours: [(&'static str, &'static str); 7],
    /// `collect`, `ship`, `return`, `deliver_local`.
    pub services: Vec<&'static str>,
    /// Minutes from order to ready for collection.
    pub prep_minutes: u32,
    /// Orders it can prepare in a day.
    pub daily_orders: u32,
    /// How busy it is beside other places.
    pub(crate) pull: u64,
    /// The warehouse that supplies it; itself for a warehouse.
    pub supplied_by: usize,
    /// When it opened in the books.
    pub opened_at: Time,
}

/// A category.
#[derive(Debug, Clone)]
pub struct Category {
    /// Identifier.
    pub id: CategoryId,
    /// Code.
    pub code: &'static str,
    /// Parent in the category table.
    pub parent: Option<usize>,
    /// Name.
    pub name: Text,
    /// Order among siblings.
    pub position: u32,
}

/// A self-made picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Identifier.
    pub id: MediaId,
    /// SVG 1.1, at most 4,096 bytes.
    pub svg: String,
    /// What it shows.
    pub alt: Text,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// A property of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Stable key.
    pub key: &'static str,
    /// What the property is called.
    pub label: Text,
    /// Its value.
    pub value: Text,
}

/// A product.
#[derive(Debug, Clone)]
pub struct Product {
    /// Identifier.
    pub id: ProductId,
    /// Code.
    pub code: &'static str,
    /// Its category.
    pub category: usize,
    /// Name.
    pub name: Text,
    /// House line.
    pub brand: Text,
    /// Description.
    pub description: Text,
    /// Properties.
    pub attributes: Vec<Attribute>,
    /// Pictures, the packshot first.
    pub pictures: Vec<Picture>,
    /// Its SKUs in the SKU table.
    pub skus: std::ops::Range<usize>,
    /// When it entered the range.
    pub published_at: Time,
}

/// A SKU.
#[derive(Debug, Clone)]
pub struct Sku {
    /// Identifier.
    pub id: SkuId,
    /// Its product.
    pub product: usize,
    /// Code such as `FD01-N20`.
    pub code: String,
    /// EAN-13.
    pub barcode: String,
    /// Size or shade.
    pub option: Text,
    /// Price in fen.
    pub price_minor: i64,
    /// How often it is bought beside others.
    pub(crate) pull: u64,
}

/// People counted at a store's door in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visits {
    /// Where.
    pub place: usize,
    /// From when.
    pub from: Time,
    /// Until just before when.
    pub to: Time,
    /// How many came in.
    pub entered: i64,
}
