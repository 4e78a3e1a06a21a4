//! The rules a chain sources by: what is ruled out, what comes first, what the rest costs.

use base::{Currency, PlaceId, ProductId};
use places::PlaceKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The rules of one version. Amounts are minor units of `currency`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingRules)]
pub struct Rules {
    /// The currency of every amount below.
    #[schema(value_type = String, example = "CNY")]
    pub currency: Currency,
    /// What a place must satisfy to be looked at.
    pub limits: Limits,
    /// What comes first, the most important first. A tier narrows the choice when the order can still be served
    /// within it, and is passed over when it cannot.
    #[schema(max_items = 12)]
    pub tiers: Vec<Tier>,
    /// What is weighed among the places the tiers have left.
    pub costs: Costs,
    /// What a store lacks of an order that is collected there is sent to it.
    #[serde(default)]
    pub ship_to_store: ShipToStore,
}

/// Sending to stores what they lack of orders that are collected there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingShipToStore)]
pub struct ShipToStore {
    /// Whether it is offered.
    pub offered: bool,
    /// The kinds of place that send.
    #[schema(max_items = 4)]
    pub kinds: Vec<PlaceKind>,
    /// How many days goods travel once they are packed.
    #[schema(minimum = 0, maximum = 60)]
    pub days: u32,
}

impl Default for ShipToStore {
    /// Warehouses send, and it takes two days.
    fn default() -> Self {
        Self {
            offered: true,
            kinds: vec![PlaceKind::Warehouse],
            days: 2,
        }
    }
}

impl Rules {
    /// The rules by which the one place is chosen that sends to a store; nothing where none does.
    #[must_use]
    pub fn to_store(&self) -> Option<Self> {
        let how = &self.ship_to_store;
        if !how.offered || how.kinds.is_empty() {
            return None;
        }
        let mut rules = self.clone();
        rules.limits.kinds.clone_from(&how.kinds);
        rules.limits.max_parcels = 1;
        rules.tiers = vec![Tier::FewestParcels];
        for band in &mut rules.costs.carrier {
            band.hours = how.days.saturating_mul(24);
        }
        Some(rules)
    }
}

/// Hard limits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingLimits)]
pub struct Limits {
    /// The kinds of place that send parcels.
    #[schema(max_items = 4)]
    pub kinds: Vec<PlaceKind>,
    /// Places that send no parcels, whatever they offer.
    #[schema(max_items = 1000)]
    pub excluded_places: Vec<PlaceId>,
    /// Places that send only to some provinces; a place that is not named sends everywhere.
    #[schema(max_items = 1000)]
    pub ship_to: Vec<ShipTo>,
    /// Products that leave only from some kinds of place; a product that is not named leaves from all.
    #[schema(max_items = 1000)]
    pub products: Vec<ProductLimit>,
    /// The most parcels of one order. More are sent only when fewer cannot bring everything.
    #[schema(minimum = 1, maximum = 8)]
    pub max_parcels: u32,
    /// No parcel comes from further away than this, in kilometres; absent means from anywhere.
    #[schema(minimum = 1, maximum = 20_000)]
    pub max_distance_km: Option<u32>,
    /// When a store cannot serve an order that is to be collected, the customer is sent no further than this from
    /// the store they chose, in kilometres.
    #[schema(minimum = 0, maximum = 20_000)]
    pub collect_move_km: u32,
}

/// Where a place sends parcels to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingShipTo)]
pub struct ShipTo {
    /// The place.
    pub place_id: PlaceId,
    /// Provinces in either language, with or without 省 or 市.
    #[schema(min_items = 1, max_items = 100)]
    pub provinces: Vec<String>,
}

/// Where a product may leave from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingProductLimit)]
pub struct ProductLimit {
    /// The product.
    pub product_id: ProductId,
    /// The kinds of place it may leave from.
    #[schema(min_items = 1, max_items = 4)]
    pub kinds: Vec<PlaceKind>,
}

/// One tier: a sentence a merchant can read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = SourcingTierRule)]
pub enum Tier {
    /// The place the customer chose, whenever it can serve everything.
    CollectPlaceFirst,
    /// Places of one kind, whenever they can serve everything.
    KindFirst {
        /// Which kind.
        kind: PlaceKind,
    },
    /// Places in the customer's city, whenever they can serve everything.
    SameCity,
    /// Places in the customer's province, whenever they can serve everything.
    SameProvince,
    /// Places that keep the promised time, whenever they can serve everything.
    OnTime,
    /// As few parcels as possible.
    FewestParcels,
}

/// What serving from a place costs, in money or as if it were money.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingCosts)]
pub struct Costs {
    /// What the carrier takes, by distance: the first band that reaches far enough counts. The last reaches
    /// everywhere, and counts where the distance is not known.
    #[schema(min_items = 1, max_items = 20)]
    pub carrier: Vec<Band>,
    /// A hundred kilometres of way.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub distance_100km_minor: i64,
    /// People's work, by kind of place.
    pub handling: Handling,
    /// Every parcel after the first.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub split_minor: i64,
    /// Every hour that a parcel comes after the promised time, begun hours counted whole.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub late_hour_minor: i64,
    /// Where nothing was promised yet: how soon an order should arrive, in hours.
    #[schema(minimum = 1, maximum = 2_400)]
    pub promise_hours: u32,
    /// What it costs to take pieces a place will soon sell itself.
    pub cover: Cover,
    /// What it is worth to sell pieces that lie too long.
    pub markdown: Markdown,
    /// What a rejection costs: it is multiplied by how likely the place rejects.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub reject_minor: i64,
    /// Every order the place is working on.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub load_minor: i64,
    /// Every kilometre a customer is sent further than the store they chose.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub collect_km_minor: i64,
}

/// One band of the carrier's tariff.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingBand)]
pub struct Band {
    /// How far it reaches, in kilometres; absent in the last band only.
    #[schema(minimum = 1, maximum = 20_000)]
    pub up_to_km: Option<u32>,
    /// A parcel with one piece.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub first_minor: i64,
    /// Every further piece in it; not more than the first.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub more_minor: i64,
    /// How long a parcel travels.
    #[schema(minimum = 0, maximum = 2_400)]
    pub hours: u32,
}

/// Work by kind of place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingHandling)]
pub struct Handling {
    /// In a store, between serving customers.
    pub store: Work,
    /// In a warehouse.
    pub warehouse: Work,
    /// In a dark store.
    pub dark_store: Work,
    /// At a pickup point.
    pub pickup_point: Work,
}

impl Handling {
    /// The work at a kind of place.
    #[must_use]
    pub const fn of(&self, kind: PlaceKind) -> Work {
        match kind {
            PlaceKind::Store => self.store,
            PlaceKind::Warehouse => self.warehouse,
            PlaceKind::DarkStore => self.dark_store,
            PlaceKind::PickupPoint => self.pickup_point,
        }
    }
}

/// Picking and packing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingWork)]
pub struct Work {
    /// A parcel.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub parcel_minor: i64,
    /// Every piece in it.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub piece_minor: i64,
}

/// Days of cover: what taking the last pieces costs a place that sells them quickly.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingCover)]
pub struct Cover {
    /// A piece after which nothing is left; less, in proportion, the more days the rest lasts.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub piece_minor: i64,
    /// What lasts so many days at the place's pace costs nothing.
    #[schema(minimum = 1, maximum = 365)]
    pub days: u32,
}

/// Markdown risk: what it is worth to be rid of stock that lies too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingMarkdown)]
pub struct Markdown {
    /// The credit for a piece of stock that lasts twice as long, or longer; less, in proportion, below.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub piece_minor: i64,
    /// Stock that lasts longer than so many days at the place's pace lies too long.
    #[schema(minimum = 1, maximum = 3_650)]
    pub days: u32,
}

impl Default for Rules {
    /// What a chain starts with: prices of an ordinary parcel in China, stores a little dearer than warehouses.
    fn default() -> Self {
        let band = |up_to_km, first_minor, more_minor, hours| Band {
            up_to_km,
            first_minor,
            more_minor,
            hours,
        };
        let work = |parcel_minor, piece_minor| Work {
            parcel_minor,
            piece_minor,
        };
        Self {
            currency: Currency::CNY,
            limits: Limits {
                kinds: vec![PlaceKind::Store, PlaceKind::Warehouse, PlaceKind::DarkStore],
                excluded_places: Vec::new(),
                ship_to: Vec::new(),
                products: Vec::new(),
                max_parcels: 4,
                max_distance_km: None,
                collect_move_km: 30,
            },
            tiers: vec![Tier::CollectPlaceFirst, Tier::FewestParcels],
            costs: Costs {
                carrier: vec![
                    band(Some(50), 600, 100, 24),
                    band(Some(300), 800, 150, 48),
                    band(Some(800), 1_000, 200, 48),
                    band(None, 1_400, 300, 72),
                ],
                distance_100km_minor: 50,
                handling: Handling {
                    store: work(400, 50),
                    warehouse: work(250, 20),
                    dark_store: work(300, 30),
                    pickup_point: work(300, 30),
                },
                split_minor: 800,
                late_hour_minor: 50,
                promise_hours: 72,
                cover: Cover {
                    piece_minor: 300,
                    days: 7,
                },
                markdown: Markdown {
                    piece_minor: 100,
                    days: 120,
                },
                reject_minor: 2_000,
                load_minor: 20,
                collect_km_minor: 100,
            },
            ship_to_store: ShipToStore::default(),
        }
    }
}
