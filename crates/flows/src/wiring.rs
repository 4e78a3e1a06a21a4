//! What the flows are made of.

use std::sync::Arc;
use std::time::Duration;

use bus::Bus;
use catalog::Catalog;
use channels::Channels;
use db::Db;
use orders::OrderSecrets;
use orders::rules::Tariff;
use payments::Payments;
use places::Places;
use pricing::Pricing;
use sourcing::Sourcing;
use stock::Stock;

use crate::change::ChangePolicy;
use crate::draft::HOLD_TTL;
use crate::load::Loads;
use crate::pay_gift::GiftDoor;
use crate::pickup::PickupPolicy;

/// The domains the flows around orders need.
#[derive(Clone)]
pub struct FlowsParts {
    /// The store.
    pub db: Db,
    /// The events, for the live streams.
    pub bus: Bus,
    /// Prices and names.
    pub catalog: Catalog,
    /// Who serves from where.
    pub places: Places,
    /// What is where, and what of it is promised.
    pub stock: Stock,
    /// Providers of payments.
    pub payments: Payments,
    /// Price lists and promotions.
    pub pricing: Pricing,
    /// Pickup codes and access tokens.
    pub secrets: OrderSecrets,
    /// What a delivery costs and what tax is within a price.
    pub tariff: Tariff,
}

/// The flows around orders. Cheap to clone.
#[derive(Clone)]
pub struct Flows {
    pub(crate) parts: Arc<FlowsParts>,
    pub(crate) pickup: PickupPolicy,
    pub(crate) changes: ChangePolicy,
    pub(crate) hold_ttl: Duration,
    pub(crate) sourcing: Sourcing,
    pub(crate) channels: Channels,
    pub(crate) loads: Loads,
    pub(crate) gift_door: GiftDoor,
}

impl Flows {
    /// Over the domains.
    #[must_use]
    pub fn new(parts: FlowsParts) -> Self {
        Self {
            sourcing: Sourcing::new(parts.db.clone()),
            channels: Channels::new(parts.db.clone(), parts.catalog.clone(), parts.places.clone()),
            parts: Arc::new(parts),
            pickup: PickupPolicy::default(),
            changes: ChangePolicy::default(),
            hold_ttl: HOLD_TTL,
            loads: Loads::default(),
            gift_door: GiftDoor::default(),
        }
    }

    /// The rules orders are sourced by.
    #[must_use]
    pub const fn sourcing(&self) -> &Sourcing {
        &self.sourcing
    }

    /// From where channels sell, and what they leave there.
    #[must_use]
    pub const fn channels(&self) -> &Channels {
        &self.channels
    }

    /// With another policy for goods that wait at the counter.
    #[must_use]
    pub const fn with_pickup(mut self, pickup: PickupPolicy) -> Self {
        self.pickup = pickup;
        self
    }

    /// With another time for which stock is kept for an order that is not paid.
    #[must_use]
    pub const fn with_hold_ttl(mut self, hold_ttl: Duration) -> Self {
        self.hold_ttl = hold_ttl;
        self
    }
}
