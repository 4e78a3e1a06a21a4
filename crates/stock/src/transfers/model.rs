//! What a transfer is made of.

use base::{Error, HoldId, OrderId, PlaceId, Result, SkuId, Time, TransferId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::TRANSFER_ILLEGAL_STEP;
use crate::words::words;

words! {
    /// Where a transfer stands.
    TransferState {
        /// Somebody wants the goods.
        Requested = "requested",
        /// The sending place agreed; the goods are kept for it.
        Approved = "approved",
        /// Packed, waiting for the lorry.
        Picked = "picked",
        /// On its way.
        Shipped = "shipped",
        /// There, but pieces are unaccounted for.
        Short = "short",
        /// There, every piece accounted for.
        Received = "received",
        /// Turned around, on its way back.
        Returning = "returning",
        /// Back, but pieces are unaccounted for.
        ReturnShort = "return_short",
        /// Back, every piece accounted for.
        Returned = "returned",
        /// Given up on the road.
        WrittenOff = "written_off",
        /// Given up before it left.
        Cancelled = "cancelled",
    }
}

impl TransferState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Requested,
        Self::Approved,
        Self::Picked,
        Self::Shipped,
        Self::Short,
        Self::Received,
        Self::Returning,
        Self::ReturnShort,
        Self::Returned,
        Self::WrittenOff,
        Self::Cancelled,
    ];

    /// The states it may take from here.
    #[must_use]
    pub const fn exits(self) -> &'static [Self] {
        match self {
            Self::Requested => &[Self::Approved, Self::Cancelled],
            Self::Approved => &[Self::Picked, Self::Cancelled],
            Self::Picked => &[Self::Shipped, Self::Cancelled],
            Self::Shipped => &[Self::Received, Self::Short, Self::Returning, Self::WrittenOff],
            Self::Short => &[Self::Received],
            Self::Returning => &[Self::Returned, Self::ReturnShort],
            Self::ReturnShort => &[Self::Returned],
            Self::Received | Self::Returned | Self::WrittenOff | Self::Cancelled => &[],
        }
    }

    /// Whether nothing more can happen to it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        self.exits().is_empty()
    }

    /// Whether its goods are on the road, all or some.
    #[must_use]
    pub const fn on_the_road(self) -> bool {
        matches!(
            self,
            Self::Shipped | Self::Short | Self::Returning | Self::ReturnShort
        )
    }

    /// Takes a step.
    ///
    /// # Errors
    /// `transfer.illegal_step`.
    pub fn step(self, to: Self) -> Result<Self> {
        if self.exits().contains(&to) {
            return Ok(to);
        }
        Err(Error::new(&TRANSFER_ILLEGAL_STEP)
            .with("from", self.as_str())
            .with("to", to.as_str()))
    }
}

words! {
    /// Why fewer arrived than were sent, as far as the receiver knows.
    ShortReason {
        /// They were not in the parcel.
        NotPacked = "not_packed",
        /// The parcel was open, or did not come.
        LostOnTheWay = "lost_on_the_way",
        /// They come with another parcel.
        AnotherParcel = "another_parcel",
        /// Nobody knows.
        Unknown = "unknown",
    }
}

words! {
    /// What becomes of pieces that did not arrive with the rest.
    Outcome {
        /// They arrived after all, good to sell.
        Found = "found",
        /// They arrived broken and are set aside.
        Damaged = "damaged",
        /// They are gone.
        Lost = "lost",
        /// They never left: the sender has them.
        NeverLeft = "never_left",
    }
}

words! {
    /// What becomes of goods on the road when their transfer is given up.
    GoodsOnTheRoad {
        /// They turn around.
        Return = "return",
        /// They are gone.
        WriteOff = "write_off",
    }
}

words! {
    /// What was done to a transfer.
    StepKind {
        /// Somebody wanted the goods.
        Requested = "requested",
        /// The sending place agreed.
        Approved = "approved",
        /// The goods were packed.
        Picked = "picked",
        /// They left.
        Shipped = "shipped",
        /// They arrived, all or some.
        Received = "received",
        /// Missing pieces were accounted for.
        Settled = "settled",
        /// They were sent back from the road.
        TurnedBack = "turned_back",
        /// They were given up on the road.
        WrittenOff = "written_off",
        /// It was given up before it left.
        Cancelled = "cancelled",
    }
}

/// So many of a SKU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferQuantity {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub quantity: i64,
}

/// A transfer to ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTransfer {
    /// From where.
    pub from_place_id: PlaceId,
    /// Where to.
    pub to_place_id: PlaceId,
    /// What; lines of one SKU are taken together.
    pub lines: Vec<TransferQuantity>,
    /// A word about it.
    pub note: Option<String>,
}

/// What arrived of one SKU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Good to sell.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub arrived: i64,
    /// Broken; set aside.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub damaged: i64,
    /// Why some are missing, when some are.
    pub reason: Option<ShortReason>,
}

/// What became of missing pieces of one SKU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
    /// What became of them.
    pub outcome: Outcome,
}

/// A line of a transfer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Wanted.
    pub requested: i64,
    /// Agreed to.
    pub approved: i64,
    /// Put into the parcel.
    pub picked: i64,
    /// Arrived, good to sell.
    pub arrived: i64,
    /// Arrived broken, set aside.
    pub damaged: i64,
    /// Gone.
    pub lost: i64,
    /// Never left.
    pub kept: i64,
    /// On the road, or unaccounted for.
    pub on_the_road: i64,
    /// Promised to the order it is for: kept for it where they head for.
    #[serde(default)]
    pub promised: i64,
    /// Why some were missing, when some were.
    pub reason: Option<ShortReason>,
}

/// A line that did not arrive as it was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Discrepancy {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many were sent.
    pub sent: i64,
    /// How many did not arrive good to sell.
    pub missing: i64,
    /// Why, as far as the receiver knew.
    pub reason: Option<ShortReason>,
}

/// One thing that was done to a transfer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferStep {
    /// What.
    pub kind: StepKind,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Time,
    /// A word about it.
    pub note: Option<String>,
    /// The pieces it was about.
    pub lines: Vec<StepLine>,
}

/// Pieces a step was about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct StepLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many.
    pub quantity: i64,
    /// What became of them, where that needs saying: `damaged`, `missing`, or an outcome.
    pub what: Option<String>,
}

impl StepLine {
    pub(crate) fn new(sku_id: SkuId, quantity: i64, what: Option<&str>) -> Self {
        Self {
            sku_id,
            quantity,
            what: what.map(str::to_owned),
        }
    }
}

/// The order that a transfer is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferOrder {
    /// Which order.
    pub order_id: OrderId,
    /// Its number for people.
    pub order_number: String,
}

/// A transfer as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferSummary {
    /// Its identifier.
    pub id: TransferId,
    /// From where.
    pub from_place_id: PlaceId,
    /// Where to.
    pub to_place_id: PlaceId,
    /// Where it stands.
    pub state: TransferState,
    /// A word about it.
    pub note: Option<String>,
    /// How many SKUs are on it.
    pub skus: i64,
    /// How many pieces were asked for.
    pub requested: i64,
    /// How many were sent.
    pub sent: i64,
    /// How many are on the road or unaccounted for.
    pub on_the_road: i64,
    /// The order it is for, where it carries what a customer was promised.
    #[serde(default)]
    pub for_order: Option<TransferOrder>,
    /// How many pieces are promised to that order; none once it needs them no more.
    #[serde(default)]
    pub promised: i64,
    /// By when it arrives, as far as anybody knows; since it left, or from the start where it is for an order.
    pub due_at: Option<Time>,
    /// Who asked for it.
    pub requested_by: String,
    /// When.
    pub requested_at: Time,
    /// When something last happened to it.
    pub updated_at: Time,
    /// Raised by one at every change.
    pub version: i64,
}

/// A transfer whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Transfer {
    /// What lists show.
    #[serde(flatten)]
    pub summary: TransferSummary,
    /// What it carries.
    pub lines: Vec<TransferLine>,
    /// What did not arrive as it was sent.
    pub discrepancies: Vec<Discrepancy>,
    /// What was done to it, the first first.
    pub steps: Vec<TransferStep>,
}

/// Whom a transfer is for.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) order: TransferOrder,
    /// Who holds what arrives.
    pub(crate) kept_for: String,
}

/// A transfer as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: TransferId,
    pub(crate) from: PlaceId,
    pub(crate) to: PlaceId,
    pub(crate) state: TransferState,
    pub(crate) hold_id: Option<HoldId>,
    pub(crate) note: Option<String>,
    pub(crate) due_at: Option<Time>,
    pub(crate) bound: Option<Bound>,
    /// Since when there is something its order does not know.
    pub(crate) news_at: Option<Time>,
    pub(crate) requested_by: String,
    pub(crate) requested_at: Time,
    pub(crate) updated_at: Time,
    pub(crate) version: i64,
    pub(crate) lines: Vec<TransferLine>,
}

impl Stored {
    /// The place its goods head for.
    pub(crate) const fn heading(&self) -> PlaceId {
        match self.state {
            TransferState::Returning | TransferState::ReturnShort | TransferState::Returned => self.from,
            _ => self.to,
        }
    }

    /// Its goods no longer head for whoever was promised them.
    pub(crate) fn promise_nothing(&mut self) {
        for line in &mut self.lines {
            line.promised = 0;
        }
    }

    pub(crate) fn line_mut(&mut self, sku: SkuId) -> Option<&mut TransferLine> {
        self.lines.iter_mut().find(|line| line.sku_id == sku)
    }

    /// As people see it.
    pub(crate) fn with_steps(self, steps: Vec<TransferStep>) -> Transfer {
        let sum = |of: fn(&TransferLine) -> i64| self.lines.iter().map(of).sum();
        let has_left = !matches!(
            self.state,
            TransferState::Requested
                | TransferState::Approved
                | TransferState::Picked
                | TransferState::Cancelled
        );
        let summary = TransferSummary {
            id: self.id,
            from_place_id: self.from,
            to_place_id: self.to,
            state: self.state,
            note: self.note.clone(),
            skus: self.lines.len() as i64,
            requested: sum(|line| line.requested),
            sent: if has_left { sum(|line| line.picked) } else { 0 },
            on_the_road: sum(|line| line.on_the_road),
            for_order: self.bound.as_ref().map(|bound| bound.order.clone()),
            promised: sum(|line| line.promised),
            due_at: self.due_at,
            requested_by: self.requested_by.clone(),
            requested_at: self.requested_at,
            updated_at: self.updated_at,
            version: self.version,
        };
        let discrepancies = self
            .lines
            .iter()
            .filter(|line| line.reason.is_some() || line.damaged + line.lost + line.kept > 0)
            .map(|line| Discrepancy {
                sku_id: line.sku_id,
                sent: line.picked,
                missing: line.picked - line.arrived,
                reason: line.reason,
            })
            .collect();
        Transfer {
            summary,
            lines: self.lines,
            discrepancies,
            steps,
        }
    }
}
