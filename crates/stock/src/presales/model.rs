//! What selling ahead is made of.

use base::{HoldId, PlaceId, SkuId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Key, Leave};
use crate::words::words;

words! {
    /// Whether a SKU is sold before it is there.
    PresaleMode {
        /// It is not.
        Off = "off",
        /// Before it is released.
        PreOrder = "pre_order",
        /// While it is out of stock.
        Backorder = "backorder",
    }
}

/// Whether a SKU is sold before it is there, and how many.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Presale {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How; off unless somebody said otherwise.
    pub mode: PresaleMode,
    /// The most pieces that may wait at any time, everywhere together.
    pub cap: i64,
    /// How many wait now.
    pub claimed: i64,
    /// Who said so; nobody, when nothing was said.
    pub actor: Option<String>,
    /// When.
    pub set_at: Option<Time>,
}

/// What may be sold ahead of a SKU at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AheadOffer {
    /// Where.
    pub place_id: PlaceId,
    /// How many by when: each day with the pieces that come with it and are nobody's yet, the first first.
    pub coming: Vec<(Time, i64)>,
}

/// What may be sold ahead of a SKU.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PresaleOffer {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How.
    pub mode: PresaleMode,
    /// How many the cap leaves.
    pub left: i64,
    /// Where, in the order of places.
    pub places: Vec<AheadOffer>,
}

/// Pieces to claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClaimLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many that are there: they are held at once.
    pub now: i64,
    /// How many that are due.
    pub ahead: i64,
}

/// A wish to claim pieces at a place, all or nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimRequest {
    /// Who claims, such as the fulfilment that will be.
    pub owner: String,
    /// What it belongs to, such as the order.
    pub document: String,
    /// Where.
    pub place_id: PlaceId,
    /// What; one entry a SKU.
    pub lines: Vec<ClaimLine>,
    /// Whether it is of use only when all of it is there.
    pub whole: bool,
    /// When the claim counts no more; `None` keeps it until it is filled or given back.
    pub expires_at: Option<Time>,
    /// What must stay free where pieces that are there are held. What comes is handed out whatever must stay.
    pub leave: Leave,
}

/// Pieces of a claim that have come and that nobody has taken over yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Come {
    /// Who claimed.
    pub owner: String,
    /// What it belongs to.
    pub document: String,
}

/// What a claim still awaits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimNews {
    /// Who claimed.
    pub owner: String,
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many are still to come.
    pub outstanding: i64,
    /// When the last piece comes; nothing when nobody brings it.
    pub due_at: Option<Time>,
}

/// A line of a claim as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) owner: String,
    pub(crate) key: Key,
    pub(crate) outstanding: i64,
    pub(crate) filled: i64,
    pub(crate) released: i64,
    pub(crate) lapsed: i64,
    pub(crate) expires_at: Option<Time>,
    pub(crate) claimed_at: Time,
    pub(crate) due_at: Option<Time>,
    pub(crate) fill_owner: String,
    pub(crate) hold_id: Option<HoldId>,
}

impl Claim {
    /// Whether its time is over though nobody has been there.
    pub(crate) fn has_run_out(&self, now: Time) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}
