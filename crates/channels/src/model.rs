//! The terms of a channel.

use base::{Channel, PlaceId, SkuId, Time};
use places::{PlaceKind, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The places a channel sells from. Whatever is said here, a place only does what it offers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(tag = "choose", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ChannelSellsFrom)]
pub enum SellsFrom {
    /// From every place.
    #[default]
    All,
    /// From the places named.
    Named {
        /// Which.
        #[schema(min_items = 1, max_items = 1000)]
        place_ids: Vec<PlaceId>,
    },
    /// From places that are like this. A list that is empty leaves nothing out.
    Matching {
        /// Of one of these kinds.
        #[serde(default)]
        #[schema(max_items = 4)]
        kinds: Vec<PlaceKind>,
        /// In one of these regions.
        #[serde(default)]
        #[schema(max_items = 100)]
        regions: Vec<String>,
        /// Offering all of these services.
        #[serde(default)]
        #[schema(max_items = 4)]
        services: Vec<Service>,
        /// But not these.
        #[serde(default)]
        #[schema(max_items = 1000)]
        except_place_ids: Vec<PlaceId>,
    },
}

/// What is left of every article at one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelPlaceBuffer)]
pub struct PlaceBuffer {
    /// Where.
    pub place_id: PlaceId,
    /// How many.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub pieces: i64,
}

/// What is left of one article.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelSkuBuffer)]
pub struct SkuBuffer {
    /// Of which.
    pub sku_id: SkuId,
    /// Where; at every place when absent.
    #[serde(default)]
    pub place_id: Option<PlaceId>,
    /// How many.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub pieces: i64,
}

/// From where a channel sells, and what it leaves for the others. The most exact buffer counts: of an article at a
/// place, of an article, of a place, of the channel. Of a kit, what it is made of is left.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelTerms)]
pub struct Terms {
    /// The places it sells from.
    #[serde(default)]
    pub sells_from: SellsFrom,
    /// Pieces it leaves of every article at every place.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub buffer: i64,
    /// What it leaves at single places instead.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub place_buffers: Vec<PlaceBuffer>,
    /// What it leaves of single articles instead.
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub sku_buffers: Vec<SkuBuffer>,
}

/// The terms of a channel in one version: who decided them, when and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ChannelTermsVersion)]
pub struct ChannelTerms {
    /// Of which channel.
    pub channel: Channel,
    /// Raised by one at every change; 0 while nobody has decided anything.
    pub version: i64,
    /// The terms.
    pub terms: Terms,
    /// Why they were changed.
    pub note: Option<String>,
    /// Who changed them; nobody, while nobody has.
    pub actor: Option<String>,
    /// When.
    pub changed_at: Option<Time>,
}

impl ChannelTerms {
    /// What holds until somebody decides.
    pub(crate) fn initial(channel: Channel) -> Self {
        Self {
            channel,
            version: 0,
            terms: Terms::default(),
            note: None,
            actor: None,
            changed_at: None,
        }
    }
}
