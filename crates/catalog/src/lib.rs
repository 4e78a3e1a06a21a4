//! The catalogue: what is sold.
//!
//! Owns: categories, products, SKUs with their prices and barcodes, what kits are made of, pictures, the terms they are
//! found by.
//! Never does: stock, promotions, orders.
//! Invariants: a product has at least one SKU and one currency; a SKU's code and every barcode are unique in
//! the chain; a barcode's check digit is right; a kit is made of articles, never of kits; visitors see active products
//! only.
//! Events: `catalog.product_changed.v1`.

mod category;
mod error;
mod events;
mod faults;
mod gtin;
mod kit;
mod media;
mod model;
mod product_store;
mod routes;
mod search;
mod service;
mod shelf;
mod snapshot;
mod writing;

pub use category::{Category, CategoryIn};
pub use error::{
    BARCODE_TAKEN, CODE_TAKEN, ERRORS, NESTED_KIT, SKU_TAKEN, UNKNOWN_CATEGORY, UNKNOWN_COMPONENT,
};
pub use events::ProductChanged;
pub use gtin::Gtin;
pub use kit::{Component, KitPart};
pub use media::{MediaFile, NewMedia, media_url};
pub use model::{
    Attribute, Media, Product, ProductIn, ProductStatus, ProductSummary, Sku, SkuIn, ValidProduct,
};
pub use routes::routes;
pub use service::{Catalog, SkuFound, SkuLookup};
pub use snapshot::SkuSnapshot;
pub use writing::{Imported, ProductImport};

use base::Permission;

/// May change the catalogue and see what is not yet, or no longer, sold.
pub const CATALOG_MANAGE: Permission = Permission::new("catalog.manage");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[CATALOG_MANAGE];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "catalog",
    files: &[
        ("0001_catalog.sql", include_str!("../migrations/0001_catalog.sql")),
        ("0002_kit.sql", include_str!("../migrations/0002_kit.sql")),
    ],
};
