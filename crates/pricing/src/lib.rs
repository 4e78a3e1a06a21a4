//! Prices: price lists, promotions, tax within prices, and the reasons of every price.
//!
//! Owns: price lists with their prices, promotions, the settings of prices; tables `pricing_*`. What a cart
//! costs and why is decided in [`rules`]; docs/pricing.md says it for people. Codes that buyers type for a
//! promotion, and every use of one.
//!
//! Never does: carts, orders, what a product costs where no list names it (see `catalog`), coupons that belong to
//! one member.
//!
//! Invariants
//! - The same cart at the same instant costs the same, everywhere and each time it is asked.
//! - Every change of a price has a step that says who changed it, why and by how much; the steps of a line add
//!   up from the catalogue's price to its total exactly.
//! - No line and no delivery goes below zero.
//! - A code is never used, or kept for an order, more often than it may be, in all and by each member; a use that
//!   ran out, was given up or failed is free again at that instant.
//! - A price that shows tax apart and one that includes it come to the same sum.
//!
//! Events: `pricing.price_list_changed.v1`, `pricing.promotion_changed.v1`, `pricing.settings_changed.v1`.

pub mod rules;

mod campaigns;
mod code_store;
mod codes;
mod error;
mod events;
mod model;
mod routes;
mod service;
mod snapshot;
mod store;
mod valid;

pub use campaigns::Campaigns;
pub use codes::{CodeStanding, code_confirm_in, code_release_in, code_standing_in, code_take_in};
pub use error::{
    CODE_FOR_MEMBERS, CODE_UNKNOWN, CODE_USED_BY_MEMBER, CODE_USED_MORE, CODE_USED_UP, ERRORS,
    LIST_CODE_TAKEN, LIST_FULL, PROMOTION_CODE_TAKEN, TYPED_CODE_TAKEN, UNKNOWN_SKU,
};
pub use events::{PriceListChanged, PriceSettingsChanged, PromotionChanged};
pub use model::{
    Audience, BundlePart, BuyerTier, Effect, Entry, Goods, PriceChange, PriceList, PriceListIn,
    PriceSettings, Promotion, PromotionIn, SalesChannel, SpendStep, Standing, TaxRule, TypedCode,
};
pub use routes::routes;
pub use service::{EntryPut, EntryRow, EntrySku, Pricing};
pub use valid::{ValidList, ValidPromotion, ValidSettings};

use base::Permission;

/// See price lists, promotions and the settings of prices.
pub const PRICE_READ: Permission = Permission::new("price.read");
/// Change them.
pub const PRICE_MANAGE: Permission = Permission::new("price.manage");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[PRICE_READ, PRICE_MANAGE];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "pricing",
    files: &[
        ("0001_pricing.sql", include_str!("../migrations/0001_pricing.sql")),
        ("0002_codes.sql", include_str!("../migrations/0002_codes.sql")),
    ],
};
