//! What the flows around people and their words are made of.

use std::sync::{Arc, Mutex};

use access::Access;
use base::Currency;
use bus::Subscriber;
use catalog::Catalog;
use db::Db;
use jobs::Runner;
use members::Members;
use orders::{OrderSecrets, Orders};
use places::Places;
use stock::Stock;
use voice::Voice;

use crate::home::Kept;

/// The domains the flows around people need.
#[derive(Clone)]
pub struct PeopleParts {
    /// The store.
    pub db: Db,
    /// Sessions, and the names of staff.
    pub access: Access,
    /// Who people are.
    pub members: Members,
    /// What they say.
    pub voice: Voice,
    /// What they bought.
    pub orders: Orders,
    /// Names of products.
    pub catalog: Catalog,
    /// Names of places.
    pub places: Places,
    /// Whether stock and its ledger agree.
    pub stock: Stock,
    /// Pickup codes, for the message that tells them.
    pub secrets: OrderSecrets,
    /// Where the shop is reached, for links in messages: `https://shop.example.com/shop`.
    pub shop_url: String,
    /// The currency the home screen counts in.
    pub currency: Currency,
}

/// The flows around people and their words. Cheap to clone.
#[derive(Clone)]
pub struct People {
    pub(crate) parts: Arc<PeopleParts>,
    pub(crate) kept: Arc<Mutex<Kept>>,
}

impl People {
    /// Over the domains.
    #[must_use]
    pub fn new(parts: PeopleParts) -> Self {
        Self {
            parts: Arc::new(parts),
            kept: Arc::default(),
        }
    }

    /// Who must hear of what happens to orders and messages.
    #[must_use]
    pub fn subscribers(&self) -> Vec<Subscriber> {
        crate::member_news::subscribers(self)
    }

    /// Tells the runner who invites to surveys.
    pub fn register(&self, runner: &mut Runner) {
        crate::member_survey::register(self, runner);
    }
}
