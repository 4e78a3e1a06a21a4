//! The types. A value that exists is valid.

use base::{Error, Id, IdKind, PlaceId, Result, SkuId, SupplyId, Text, Time, TransferId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::forecast::Forecast;
use crate::rules::plan::{Plan, Step, Terms};

/// Names runs.
pub enum RunKind {}
impl IdKind for RunKind {
    const PREFIX: &'static str = "rru";
}
/// A run's identifier.
pub type RunId = Id<RunKind>;

/// Names proposals.
pub enum ProposalKind {}
impl IdKind for ProposalKind {
    const PREFIX: &'static str = "rpp";
}
/// A proposal's identifier.
pub type ProposalId = Id<ProposalKind>;

macro_rules! stored {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// The form stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(crate) fn parse(text: &str) -> Result<Self> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(Error::internal(format!("\"{other}\" is no {}", stringify!($name)))),
                }
            }
        }
    };
}

/// Where a run stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentRunState)]
pub enum RunState {
    /// Articles are being looked at.
    Running,
    /// All are.
    Done,
    /// It broke off; what it found stands.
    Stopped,
}
stored!(RunState { Running = "running", Done = "done", Stopped = "stopped" });

/// A run over the assortment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentRun)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// Where it stands.
    pub state: RunState,
    /// Who asked for it.
    pub actor: String,
    /// SKUs to look at.
    pub skus_total: i64,
    /// SKUs looked at.
    pub skus_done: i64,
    /// Articles at places that were looked at.
    pub series: i64,
    /// Proposals made.
    pub proposals: i64,
    /// Pieces proposed.
    pub pieces: i64,
    /// When it was asked for.
    pub created_at: Time,
    /// When it last moved.
    pub updated_at: Time,
    /// When it ended.
    pub finished_at: Option<Time>,
}

/// Where a proposal stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentProposalState)]
pub enum ProposalState {
    /// Somebody has to decide.
    Open,
    /// The goods are sent for.
    Accepted,
    /// They are not.
    Dismissed,
}
stored!(ProposalState { Open = "open", Accepted = "accepted", Dismissed = "dismissed" });

/// Why goods are not sent for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentReason)]
pub enum Reason {
    /// There is enough.
    NotNeeded,
    /// It will not sell as expected.
    ForecastWrong,
    /// There is no room.
    NoRoom,
    /// There is no money for it.
    Budget,
    /// It is on its way out of the assortment.
    PhasingOut,
    /// Another reason; the note says which.
    Other,
}
stored!(Reason {
    NotNeeded = "not_needed",
    ForecastWrong = "forecast_wrong",
    NoRoom = "no_room",
    Budget = "budget",
    PhasingOut = "phasing_out",
    Other = "other",
});

/// What is there and on its way, as pieces to be counted on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentPosition)]
pub struct Position {
    /// On the book.
    pub on_hand: i64,
    /// Promised to customers, or kept for transfers.
    pub reserved: i64,
    /// Set aside.
    pub quarantined: i64,
    /// Kept back from sale.
    pub kept_back: i64,
    /// On the road to it.
    pub in_transit: i64,
    /// Asked for at other places, not yet on the road.
    pub coming: i64,
    /// Expected from suppliers, not yet there.
    pub ordered: i64,
    /// Asked for by other places, not yet kept for them.
    pub asked_of_it: i64,
}

impl Position {
    /// Pieces that could leave today.
    #[must_use]
    pub const fn free(&self) -> i64 {
        self.on_hand - self.reserved - self.quarantined - self.kept_back - self.asked_of_it
    }

    /// Pieces to be counted on.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.free() + self.in_transit + self.coming + self.ordered
    }
}

/// Why so many: the figures as they were when the proposal was made.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentWhy)]
pub struct Why {
    /// What is expected, and how that is known.
    pub forecast: Forecast,
    /// What holds there.
    pub terms: Terms,
    /// What must be there.
    pub plan: Plan,
    /// What is there and on its way.
    pub position: Position,
    /// What the giving place could spare.
    pub giver_free: Option<i64>,
    /// From what is missing to what is proposed.
    pub steps: Vec<Step>,
    /// The first day of the history.
    #[schema(value_type = String, format = Date)]
    pub history_from: Date,
    /// Pieces sold, day by day; none for days that say nothing: it was shut, or there was nothing to sell.
    pub history: Vec<Option<i64>>,
    /// Days from the first day of the history on that were promoted, or are to be.
    pub promoted: Vec<i64>,
    /// The days to come.
    pub ahead: Vec<AheadDay>,
}

/// A day to come.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentDay)]
pub struct AheadDay {
    /// Which.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Pieces expected to be asked for.
    pub expected: f64,
    /// Nine days in ten are not below this ..
    pub low: i64,
    /// .. and nine in ten not above this.
    pub high: i64,
    /// Pieces left at its end if nothing is sent for.
    pub left: f64,
    /// Pieces left at its end if the proposal is taken.
    pub left_with: f64,
}

/// A proposal, as lists show it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[schema(as = ReplenishmentProposalSummary)]
pub struct ProposalSummary {
    /// Which.
    pub id: ProposalId,
    /// The run that made it.
    pub run_id: RunId,
    /// Where it stands.
    pub state: ProposalState,
    /// Of which article.
    pub sku_id: SkuId,
    /// Its code.
    pub sku_code: String,
    /// Its product's name.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// For which place.
    pub place_id: PlaceId,
    /// From which place; from the supplier of the goods when absent.
    pub from_place_id: Option<PlaceId>,
    /// The supplier, where somebody said who it is.
    pub supplier: Option<String>,
    /// Pieces proposed.
    pub quantity: i64,
    /// Pieces sent for.
    pub accepted: Option<i64>,
    /// Pieces there that can be sold.
    pub available: i64,
    /// Pieces on their way.
    pub on_the_way: i64,
    /// Below this, more is sent for.
    pub reorder_at: i64,
    /// Up to here.
    pub order_up_to: i64,
    /// Pieces of an ordinary day.
    pub rate: f64,
    /// How many days what is there and on its way lasts; absent where nothing is expected to be sold.
    pub lasts_days: Option<f64>,
    /// When the goods would be there.
    pub expected_at: Time,
    /// The transfer that came of it.
    pub transfer_id: Option<TransferId>,
    /// The expected supply that came of it.
    pub supply_id: Option<SupplyId>,
    /// Why it was dismissed.
    pub reason: Option<Reason>,
    /// A word about it.
    pub note: Option<String>,
    /// Who decided.
    pub actor: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When somebody decided.
    pub decided_at: Option<Time>,
}

/// A proposal with every figure behind it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[schema(as = ReplenishmentProposal)]
pub struct Proposal {
    /// What lists show.
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// Why so many.
    pub why: Why,
}

/// A proposal as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: ProposalId,
    pub(crate) run_id: RunId,
    pub(crate) state: ProposalState,
    pub(crate) sku_id: SkuId,
    pub(crate) place_id: PlaceId,
    pub(crate) from_place_id: Option<PlaceId>,
    pub(crate) supplier: Option<String>,
    pub(crate) words: String,
    pub(crate) quantity: i64,
    pub(crate) accepted: Option<i64>,
    pub(crate) lasts_days: f64,
    pub(crate) expected_at: Time,
    pub(crate) why: Why,
    pub(crate) transfer_id: Option<TransferId>,
    pub(crate) supply_id: Option<SupplyId>,
    pub(crate) reason: Option<Reason>,
    pub(crate) note: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) created_at: Time,
    pub(crate) decided_at: Option<Time>,
}

/// A proposal to take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplenishmentAccept)]
pub struct Accept {
    /// Which.
    pub id: ProposalId,
    /// How many pieces; as proposed when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: Option<i64>,
}

/// What came of proposals that were taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentAccepted)]
pub struct Accepted {
    /// Transfers asked for, one a pair of places.
    pub transfer_ids: Vec<TransferId>,
    /// Supply to be expected, one a place and supplier.
    pub supply_ids: Vec<SupplyId>,
}
