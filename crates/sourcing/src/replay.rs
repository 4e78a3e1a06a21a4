//! Past orders sourced again under changed rules: what is asked, what is counted, what comes out.

use std::collections::BTreeMap;

use base::{Id, IdKind, OrderId, PlaceId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::check::ValidRules;
use crate::costs::{Pricing, Term};
use crate::decide::Decision;
use crate::problem::Problem;
use crate::rules::Rules;

/// Names replays.
pub enum ReplayKind {}
impl IdKind for ReplayKind {
    const PREFIX: &'static str = "rpl";
}
/// A replay's identifier.
pub type ReplayId = Id<ReplayKind>;

/// The longest period of one replay.
pub const REPLAY_DAYS_MAX: i64 = 92;
/// Changed orders kept of one replay; the sums count all.
pub const REPLAY_ORDERS_MAX: i64 = 2_000;

/// A replay to run.
#[derive(Clone, Debug)]
pub struct NewReplay {
    /// The changed rules.
    pub rules: ValidRules,
    /// Orders placed from here on.
    pub from: Time,
    /// Orders placed before this.
    pub to: Time,
    /// Why.
    pub note: Option<String>,
}

/// Where a replay stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SourcingReplayState)]
pub enum ReplayState {
    /// Orders are being worked off.
    Running,
    /// All orders are worked off.
    Done,
    /// Somebody stopped it; what was worked off stands.
    Stopped,
}

impl ReplayState {
    pub(crate) const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Stopped];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }
}

/// What a replayed order's facts rest on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SourcingReplayBasis)]
pub enum Basis {
    /// On what was recorded when it was sourced.
    Recorded,
    /// On the ledger: what lay where when it was placed, without what was reserved for others, and today's
    /// places. Of load, sales and rejections nothing is known then.
    Reconstructed,
}

impl Basis {
    pub(crate) const ALL: [Self; 2] = [Self::Recorded, Self::Reconstructed];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Reconstructed => "reconstructed",
        }
    }
}

/// A replay.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplay)]
pub struct Replay {
    /// Which.
    pub id: ReplayId,
    /// Where it stands.
    pub state: ReplayState,
    /// The version of the rules in force when it was started: what is compared with.
    pub base_version: i64,
    /// The changed rules.
    pub rules: Rules,
    /// Orders placed from here on.
    pub from: Time,
    /// Orders placed before this.
    pub to: Time,
    /// Why it was run.
    pub note: Option<String>,
    /// Who asked for it.
    pub actor: String,
    /// Orders to work off.
    pub orders_total: i64,
    /// Orders worked off.
    pub orders_done: i64,
    /// What came out so far.
    pub result: ReplayResult,
    /// When it was asked for.
    pub created_at: Time,
    /// When it last moved.
    pub updated_at: Time,
    /// When it ended.
    pub finished_at: Option<Time>,
}

/// What a replay found, over all orders worked off.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplayResult)]
pub struct ReplayResult {
    /// Orders served otherwise.
    pub changed: i64,
    /// Orders whose facts were recorded when they were sourced.
    pub recorded: i64,
    /// Orders whose facts were reconstructed from the ledger.
    pub reconstructed: i64,
    /// By the rules in force.
    pub before: Tally,
    /// By the changed rules.
    pub after: Tally,
    /// Place by place.
    pub places: Vec<PlaceTally>,
}

/// Sums over orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplayTally)]
pub struct Tally {
    /// Orders that could be served.
    pub served: i64,
    /// Orders that could not.
    pub unserved: i64,
    /// Their whole cost, by the cost function of the rules in force: one yardstick for both.
    pub cost_minor: i64,
    /// Carrier and work within it: what is really paid.
    pub paid_minor: i64,
    /// Their whole cost by the cost function of the changed rules.
    pub changed_cost_minor: i64,
    /// Parcels.
    pub parcels: i64,
    /// Orders in more than one parcel.
    pub split_orders: i64,
    /// Orders with a parcel that misses the promise.
    pub late_orders: i64,
    /// The minutes until the last parcel of each order is there, added up.
    pub minutes: i64,
}

/// A place's part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplayPlace)]
pub struct PlaceTally {
    /// The place.
    pub place_id: PlaceId,
    /// Parcels it sends by the rules in force.
    pub parcels_before: i64,
    /// Parcels it sends by the changed rules.
    pub parcels_after: i64,
    /// Pieces by the rules in force.
    pub pieces_before: i64,
    /// Pieces by the changed rules.
    pub pieces_after: i64,
}

/// How one order is served.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplayOutcome)]
pub struct Outcome {
    /// Who serves how many pieces; nobody when it cannot be served.
    pub places: Vec<PlacePieces>,
    /// The whole cost, by the rules in force.
    pub cost_minor: i64,
    /// Carrier and work within it.
    pub paid_minor: i64,
    /// The whole cost, by the changed rules.
    pub changed_cost_minor: i64,
    /// In how many minutes the last parcel is there.
    pub minutes: Option<i64>,
    /// By how many minutes the latest parcel misses the promise.
    pub late_minutes: i64,
}

/// Pieces of a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplayPieces)]
pub struct PlacePieces {
    /// The place.
    pub place_id: PlaceId,
    /// Pieces.
    pub pieces: i64,
}

/// An order that would be served otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingReplayedOrder)]
pub struct ReplayedOrder {
    /// The order.
    pub order_id: OrderId,
    /// Its number for people.
    pub number: String,
    /// When it was placed.
    pub placed_at: Time,
    /// What its facts rest on.
    pub basis: Basis,
    /// By the rules in force.
    pub before: Outcome,
    /// By the changed rules.
    pub after: Outcome,
    /// What the change saves, by the rules in force; negative where it costs.
    pub saved_minor: i64,
}

impl ReplayedOrder {
    /// Whether other places serve, or others of its pieces.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.before.places != self.after.places
    }
}

/// What a decision comes to, priced by the rules in force and by the changed ones.
#[must_use]
pub fn outcome(problem: &Problem, decision: &Decision, base: &Rules, changed: &Rules) -> Outcome {
    let price = |rules: &Rules, counts: fn(Term) -> bool| -> i64 {
        let pricing = Pricing::new(&rules.costs, problem);
        let of = |share: &crate::Share| -> i64 {
            let terms = pricing.terms(&problem.candidates[share.candidate], &share.quantities);
            terms
                .into_iter()
                .filter(|(term, _)| counts(*term))
                .map(|(_, cost)| cost)
                .sum()
        };
        decision.shares.iter().map(of).sum()
    };
    let splits = i64::try_from(decision.shares.len().saturating_sub(1)).unwrap_or(0);
    let pricing = Pricing::new(&base.costs, problem);
    let chosen = || {
        decision
            .shares
            .iter()
            .map(|share| &problem.candidates[share.candidate])
    };
    let mut places: Vec<PlacePieces> = decision
        .shares
        .iter()
        .map(|share| PlacePieces {
            place_id: problem.candidates[share.candidate].place_id,
            pieces: share.quantities.iter().sum(),
        })
        .collect();
    places.sort_unstable_by_key(|place| place.place_id);
    Outcome {
        places,
        cost_minor: price(base, |_| true) + splits * base.costs.split_minor,
        paid_minor: price(base, |term| matches!(term, Term::Carrier | Term::Handling)),
        changed_cost_minor: price(changed, |_| true) + splits * changed.costs.split_minor,
        minutes: chosen().filter_map(|candidate| pricing.arrival(candidate)).max(),
        late_minutes: chosen()
            .map(|candidate| pricing.late(candidate))
            .max()
            .unwrap_or(0),
    }
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        let parcels = i64::try_from(outcome.places.len()).unwrap_or(i64::MAX);
        if parcels == 0 {
            self.unserved += 1;
            return;
        }
        self.served += 1;
        self.cost_minor += outcome.cost_minor;
        self.paid_minor += outcome.paid_minor;
        self.changed_cost_minor += outcome.changed_cost_minor;
        self.parcels += parcels;
        self.split_orders += i64::from(parcels > 1);
        self.late_orders += i64::from(outcome.late_minutes > 0);
        self.minutes += outcome.minutes.unwrap_or(0);
    }
}

impl ReplayResult {
    /// Counts orders in.
    pub fn add(&mut self, orders: &[ReplayedOrder]) {
        let mut places: BTreeMap<PlaceId, PlaceTally> =
            self.places.iter().map(|place| (place.place_id, *place)).collect();
        let empty = |place_id| PlaceTally {
            place_id,
            parcels_before: 0,
            parcels_after: 0,
            pieces_before: 0,
            pieces_after: 0,
        };
        for order in orders {
            self.changed += i64::from(order.is_changed());
            match order.basis {
                Basis::Recorded => self.recorded += 1,
                Basis::Reconstructed => self.reconstructed += 1,
            }
            self.before.add(&order.before);
            self.after.add(&order.after);
            for one in &order.before.places {
                let tally = places.entry(one.place_id).or_insert_with(|| empty(one.place_id));
                tally.parcels_before += 1;
                tally.pieces_before += one.pieces;
            }
            for one in &order.after.places {
                let tally = places.entry(one.place_id).or_insert_with(|| empty(one.place_id));
                tally.parcels_after += 1;
                tally.pieces_after += one.pieces;
            }
        }
        self.places = places.into_values().collect();
    }
}

/// Works off a replay, a batch at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunReplay {
    /// Which.
    pub replay_id: ReplayId,
    /// The batch, so that a job run twice changes nothing.
    pub batch: i64,
}

impl jobs::Job for RunReplay {
    const KIND: &'static str = "sourcing.replay";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", self.replay_id, self.batch))
    }
}
