//! Price lists, promotions and the settings of prices, as decided by people.

use base::{CategoryId, Currency, PlaceId, PriceListId, ProductId, PromotionId, SkuId, Text, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where something is sold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SalesChannel {
    /// The web shop.
    Web,
    /// The app.
    App,
    /// A mini-program.
    MiniProgram,
    /// An associate in a store.
    Store,
    /// A till.
    Pos,
    /// A marketplace.
    Marketplace,
}

/// The standing of a buyer. Somebody who is not signed in has none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BuyerTier {
    /// Any member.
    Member,
    /// From here on as the loyalty rules say.
    Silver,
    /// Above silver.
    Gold,
    /// Above gold.
    Platinum,
}

/// Whom a price list or a promotion is for. What names nothing is for everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Only in these channels.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub channels: Vec<SalesChannel>,
    /// Only where these places sell or hand over.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub place_ids: Vec<PlaceId>,
    /// Only for members of these tiers.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub tiers: Vec<BuyerTier>,
}

/// What people decide about a price list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceListIn {
    /// The chain's own code, unique.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// What customers read when its price applies.
    pub name: Text,
    /// The currency of its prices.
    pub currency: Currency,
    /// Whether its prices include tax. Those that do not are raised by the rate of the goods.
    #[serde(default = "yes")]
    pub tax_included: bool,
    /// Whom it is for.
    #[serde(default)]
    pub audience: Audience,
    /// From when; from ever when absent.
    #[serde(default)]
    pub valid_from: Option<Time>,
    /// Until just before when; for ever when absent.
    #[serde(default)]
    pub valid_until: Option<Time>,
    /// Whether it applies at all.
    #[serde(default = "yes")]
    pub active: bool,
}

/// Where something with a validity stands at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its time comes.
    Scheduled,
    /// It applies.
    Running,
    /// Its time has gone.
    Ended,
    /// Somebody has stopped it.
    Paused,
}

impl Standing {
    /// At an instant.
    #[must_use]
    pub fn at(active: bool, from: Option<Time>, until: Option<Time>, now: Time) -> Self {
        match () {
            () if !active => Self::Paused,
            () if until.is_some_and(|until| until <= now) => Self::Ended,
            () if from.is_some_and(|from| now < from) => Self::Scheduled,
            () => Self::Running,
        }
    }
}

/// A price list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct PriceList {
    /// Its identifier.
    pub id: PriceListId,
    /// The chain's own code, unique.
    pub code: String,
    /// What customers read when its price applies.
    pub name: Text,
    /// The currency of its prices.
    pub currency: Currency,
    /// Whether its prices include tax.
    pub tax_included: bool,
    /// Whom it is for.
    pub audience: Audience,
    /// From when.
    pub valid_from: Option<Time>,
    /// Until just before when.
    pub valid_until: Option<Time>,
    /// Whether it applies at all.
    pub active: bool,
    /// Where it stood when it was read.
    pub standing: Standing,
    /// How many prices it has.
    pub entry_count: i64,
    /// Raised by one at every change of the list or its prices.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Time,
}

impl PriceList {
    /// What people decided about it, to be changed and decided again.
    #[must_use]
    pub fn details(&self) -> PriceListIn {
        PriceListIn {
            code: self.code.clone(),
            name: self.name.clone(),
            currency: self.currency,
            tax_included: self.tax_included,
            audience: self.audience.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            active: self.active,
        }
    }

    /// The list with these details.
    #[must_use]
    pub fn build(id: PriceListId, details: &PriceListIn, entry_count: i64, version: i64, now: Time) -> Self {
        let d = details.clone();
        Self {
            id,
            standing: Standing::at(d.active, d.valid_from, d.valid_until, now),
            code: d.code,
            name: d.name,
            currency: d.currency,
            tax_included: d.tax_included,
            audience: d.audience,
            valid_from: d.valid_from,
            valid_until: d.valid_until,
            active: d.active,
            entry_count,
            version,
            updated_at: now,
        }
    }
}

/// One price: what a piece costs when at least so many are bought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The SKU.
    pub sku_id: SkuId,
    /// From how many pieces on; 1 is the plain price.
    pub min_quantity: i64,
    /// What one piece costs, in minor units of the list's currency.
    pub amount_minor: i64,
}

/// Which goods a promotion is about. What names nothing is about all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// In these categories and those below.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub category_ids: Vec<CategoryId>,
    /// These products.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub product_ids: Vec<ProductId>,
    /// But never these.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub except_product_ids: Vec<ProductId>,
}

/// One step of a promotion by what is spent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpendStep {
    /// From what sum on, in minor units.
    #[schema(minimum = 1)]
    pub from_minor: i64,
    /// What is taken off, in minor units.
    #[schema(minimum = 1)]
    pub off_minor: i64,
}

/// One part of a bundle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundlePart {
    /// The SKU.
    pub sku_id: SkuId,
    /// How many of it one bundle has.
    #[schema(minimum = 1, maximum = 99)]
    pub quantity: i64,
}

/// What a promotion does. Amounts are minor units of the promotion's currency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// So much of the price off, in hundredths of a percent.
    PercentOff {
        /// 2000 is 20 % off.
        #[schema(minimum = 1, maximum = 10_000)]
        basis_points: i64,
    },
    /// A sum off all its goods together.
    AmountOff {
        /// The sum.
        #[schema(minimum = 1)]
        amount_minor: i64,
    },
    /// Each piece costs this, unless it costs less already.
    FixedPrice {
        /// What a piece costs.
        #[schema(minimum = 0)]
        amount_minor: i64,
    },
    /// Of every `buy + get` pieces the cheapest `get` are reduced.
    BuyGet {
        /// Pieces paid in full.
        #[schema(minimum = 1, maximum = 99)]
        buy: i64,
        /// Pieces reduced.
        #[schema(minimum = 1, maximum = 99)]
        get: i64,
        /// By how much, in hundredths of a percent; 10000 makes them free.
        #[schema(minimum = 1, maximum = 10_000)]
        basis_points: i64,
    },
    /// The more is spent, the more is taken off: the highest step reached counts.
    SpendSteps {
        /// The steps, rising.
        #[schema(min_items = 1, max_items = 10)]
        steps: Vec<SpendStep>,
    },
    /// These goods together cost this, as often as they are all there.
    Bundle {
        /// What is in it.
        #[schema(min_items = 1, max_items = 10)]
        parts: Vec<BundlePart>,
        /// What it costs.
        #[schema(minimum = 0)]
        amount_minor: i64,
    },
    /// The delivery costs nothing.
    FreeShipping,
}

impl Effect {
    /// Whether it names an amount of money.
    #[must_use]
    pub const fn names_money(&self) -> bool {
        matches!(
            self,
            Self::AmountOff { .. } | Self::FixedPrice { .. } | Self::SpendSteps { .. } | Self::Bundle { .. }
        )
    }
}

/// What a buyer must type for a promotion to apply, and how often it may be used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    /// What is typed: 3 to 32 letters, digits and hyphens; capital or small is the same.
    #[schema(min_length = 3, max_length = 32)]
    pub code: String,
    /// In how many orders it may be used in all; as often as wanted when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub max_uses: Option<i64>,
    /// In how many orders of one member; guests are asked to sign in. As often as wanted when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub max_uses_per_member: Option<i64>,
}

impl TypedCode {
    /// A code as it is kept and compared, whatever was typed around it.
    #[must_use]
    pub fn normal(typed: &str) -> String {
        typed.trim().to_ascii_uppercase()
    }
}

/// What people decide about a promotion.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromotionIn {
    /// The chain's own code, unique.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// What customers read.
    pub name: Text,
    /// Whom it is for.
    #[serde(default)]
    pub audience: Audience,
    /// Which goods it is about.
    #[serde(default)]
    pub goods: Goods,
    /// How many of its goods must be bought.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9999)]
    pub min_quantity: i64,
    /// For how much its goods must be bought, in minor units.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub min_amount_minor: i64,
    /// What it does.
    pub effect: Effect,
    /// The currency of its amounts; it applies to carts of this currency only. Needed when it names an amount.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Higher ones are applied first; equal ones in the order of their codes.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub priority: i64,
    /// Of one group at most one applies: the first that takes anything off.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    pub group: Option<String>,
    /// Whether it may apply to goods another promotion has reduced, and lets others follow.
    #[serde(default = "yes")]
    pub stackable: bool,
    /// Only for those who type this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed_code: Option<TypedCode>,
    /// From when.
    #[serde(default)]
    pub valid_from: Option<Time>,
    /// Until just before when.
    #[serde(default)]
    pub valid_until: Option<Time>,
    /// Whether it applies at all.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A promotion.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Promotion {
    /// Its identifier.
    pub id: PromotionId,
    /// The chain's own code, unique.
    pub code: String,
    /// What customers read.
    pub name: Text,
    /// Whom it is for.
    pub audience: Audience,
    /// Which goods it is about.
    pub goods: Goods,
    /// How many of its goods must be bought.
    pub min_quantity: i64,
    /// For how much its goods must be bought, in minor units.
    pub min_amount_minor: i64,
    /// What it does.
    pub effect: Effect,
    /// What it does, in words.
    pub terms: Text,
    /// The currency of its amounts.
    pub currency: Option<Currency>,
    /// Higher ones are applied first.
    pub priority: i64,
    /// Of one group at most one applies.
    pub group: Option<String>,
    /// Whether it goes together with others.
    pub stackable: bool,
    /// Only for those who type this code.
    pub typed_code: Option<TypedCode>,
    /// In how many orders its code is used, or kept for one that waits for its money.
    pub code_uses: i64,
    /// From when.
    pub valid_from: Option<Time>,
    /// Until just before when.
    pub valid_until: Option<Time>,
    /// Whether it applies at all.
    pub active: bool,
    /// Where it stood when it was read.
    pub standing: Standing,
    /// Raised by one at every change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Time,
}

impl Promotion {
    /// What people decided about it, to be changed and decided again.
    #[must_use]
    pub fn details(&self) -> PromotionIn {
        PromotionIn {
            code: self.code.clone(),
            name: self.name.clone(),
            audience: self.audience.clone(),
            goods: self.goods.clone(),
            min_quantity: self.min_quantity,
            min_amount_minor: self.min_amount_minor,
            effect: self.effect.clone(),
            currency: self.currency,
            priority: self.priority,
            group: self.group.clone(),
            stackable: self.stackable,
            typed_code: self.typed_code.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            active: self.active,
        }
    }

    /// The promotion with these details.
    #[must_use]
    pub fn build(id: PromotionId, details: &PromotionIn, version: i64, now: Time) -> Self {
        let d = details.clone();
        Self {
            id,
            standing: Standing::at(d.active, d.valid_from, d.valid_until, now),
            terms: crate::rules::words::terms(&d.effect, d.currency),
            code: d.code,
            name: d.name,
            audience: d.audience,
            goods: d.goods,
            min_quantity: d.min_quantity,
            min_amount_minor: d.min_amount_minor,
            effect: d.effect,
            currency: d.currency,
            priority: d.priority,
            group: d.group,
            stackable: d.stackable,
            typed_code: d.typed_code,
            code_uses: 0,
            valid_from: d.valid_from,
            valid_until: d.valid_until,
            active: d.active,
            version,
            updated_at: now,
        }
    }
}

/// What becomes of an order's price when prices change before it is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceChange {
    /// The price stands while its stock is held.
    #[default]
    KeepWhileHeld,
    /// The order is priced anew when it is about to be paid, and the payer is told.
    RepriceAndShow,
}

/// The tax within the price of some goods, somewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRule {
    /// What the tax category is called.
    pub name: Text,
    /// The goods of it: these categories and those below; all goods when empty.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub category_ids: Vec<CategoryId>,
    /// Where it holds: a region of places, or a province or city of addresses; everywhere when absent.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    pub region: Option<String>,
    /// The rate in hundredths of a percent: 1300 is 13 %.
    #[schema(minimum = 0, maximum = 10_000)]
    pub basis_points: i64,
}

/// What holds for all prices of the chain.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceSettings {
    /// What becomes of a price that changes before it is paid.
    #[serde(default)]
    pub price_change: PriceChange,
    /// The channels that show the tax apart from the price, as one does to businesses. What is paid is the same.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub tax_apart_channels: Vec<SalesChannel>,
    /// The rates that differ from the chain's own; the most exact rule counts.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub tax_rules: Vec<TaxRule>,
}

impl SalesChannel {
    /// Every channel.
    pub const ALL: [Self; 6] = [
        Self::Web,
        Self::App,
        Self::MiniProgram,
        Self::Store,
        Self::Pos,
        Self::Marketplace,
    ];
}

const fn yes() -> bool {
    true
}
