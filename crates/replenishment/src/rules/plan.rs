//! How much must be there, and when more is sent for.
//!
//! Somebody looks every review period and sends for more when what is there and on its way falls below the reorder
//! level: what is asked for until the next chance to act has arrived, with a stated chance of being enough (Silver,
//! Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed. 2017, 6.6 to 6.10: order-up-to levels of
//! periodic review; variable lead times after its eq. 6.49). What is sent for lasts the cover days on top.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::chance::{Demand, least};
use super::forecast::{Forecast, Spread};
use super::series::Ahead;

/// What a target is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentMeasure)]
pub enum Measure {
    /// The share of pieces asked for that are there.
    #[default]
    Fill,
    /// The share of replenishment cycles in which nothing runs out.
    Cycle,
}

/// What holds for an article at a place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentTerms)]
pub struct Terms {
    /// What the target is about.
    pub measure: Measure,
    /// The target, in per cent.
    pub service_percent: f64,
    /// Days from sending for goods until they are there.
    pub lead_days: i64,
    /// Standard deviation of that.
    pub lead_sd_days: f64,
    /// Every so many days somebody looks.
    pub review_days: i64,
    /// What is sent for lasts so many days beyond what must be there.
    pub cover_days: i64,
    /// Pieces come in packs of so many.
    pub pack: i64,
    /// At least so many are sent for.
    pub minimum: i64,
    /// At least so many stand there, for show.
    pub display: i64,
    /// No more than so many have room.
    pub capacity: Option<i64>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            measure: Measure::Fill,
            service_percent: 97.0,
            lead_days: 3,
            lead_sd_days: 1.0,
            review_days: 1,
            cover_days: 7,
            pack: 1,
            minimum: 1,
            display: 0,
            capacity: None,
        }
    }
}

impl Terms {
    /// Days a decision must last until the next one has arrived.
    #[must_use]
    pub const fn protected_days(&self) -> usize {
        (self.lead_days + self.review_days) as usize
    }

    /// Days a forecast is needed for.
    #[must_use]
    pub const fn days(&self) -> usize {
        self.protected_days() + self.cover_days as usize
    }
}

/// What must be there, and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentPlan)]
pub struct Plan {
    /// Demand until the next chance to act has arrived, lead time and its variance within.
    pub protected: Spread,
    /// Demand of the cover days after that.
    pub cover: f64,
    /// Below this, more is sent for.
    pub reorder_at: i64,
    /// What of it is beyond the mean demand.
    pub safety: i64,
    /// Up to here.
    pub order_up_to: i64,
    /// With the reorder level there, the share of cycles in which nothing runs out, in per cent.
    pub cycle_percent: f64,
    /// And the share of pieces asked for that are there.
    pub fill_percent: f64,
}

/// Plans by a forecast; `ahead` covers [`Terms::days`].
#[must_use]
pub fn plan(forecast: &Forecast, terms: &Terms, ahead: &[Ahead]) -> Plan {
    let days = forecast.days(ahead);
    let until = |end: usize| &days[..end.min(days.len())];
    let protected = with_lead(forecast.spread(until(terms.protected_days())), forecast, terms);
    let lead = with_lead(forecast.spread(until(terms.lead_days as usize)), forecast, terms);
    let (total, on_the_way) = (Demand::new(protected), Demand::new(lead));
    let asked = (protected.mean - lead.mean).max(f64::MIN_POSITIVE);
    // Shortages of a cycle: those at its end less those that were there at its beginning.
    let fill = |level: i64| 1.0 - (total.unserved(level) - on_the_way.unserved(level)).max(0.0) / asked;
    let share = terms.service_percent / 100.0;
    let served = match terms.measure {
        _ if protected.mean <= 0.0 => 0,
        Measure::Cycle => total.enough(share),
        Measure::Fill => least(|level| fill(level) >= share),
    };
    let reorder_at = served.max(terms.display);
    let cover: f64 = days
        .iter()
        .skip(terms.protected_days())
        .take(terms.cover_days as usize)
        .sum();
    let order_up_to = reorder_at + cover.ceil() as i64;
    Plan {
        protected,
        cover,
        reorder_at,
        safety: reorder_at - protected.mean.round() as i64,
        order_up_to: terms.capacity.map_or(order_up_to, |room| order_up_to.min(room)),
        cycle_percent: (1.0 - total.above(reorder_at as f64)) * 100.0,
        fill_percent: fill(reorder_at) * 100.0,
    }
}

/// A lead time that varies spreads demand by its daily mean squared.
fn with_lead(spread: Spread, forecast: &Forecast, terms: &Terms) -> Spread {
    Spread {
        variance: spread.variance + (forecast.rate * terms.lead_sd_days).powi(2),
        ..spread
    }
}

/// Why a quantity is what it is, step by step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentBecause)]
pub enum Because {
    /// What is missing to the order-up-to level.
    Missing,
    /// Raised to whole packs.
    Packs,
    /// Raised to the least that is sent for.
    Minimum,
    /// Lowered to what has room.
    Room,
    /// Lowered to what the giver can spare.
    Spare,
}

/// A step, and the pieces after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentStep)]
pub struct Step {
    /// Why.
    pub because: Because,
    /// How many pieces that makes.
    pub pieces: i64,
}

/// How many pieces to send for, given what is there and on its way. No step means none.
#[must_use]
pub fn wanted(plan: &Plan, terms: &Terms, position: i64) -> Vec<Step> {
    if position >= plan.reorder_at {
        return Vec::new();
    }
    let mut steps = Vec::new();
    let mut pieces = plan.order_up_to - position;
    let mut step = |because, pieces| steps.push(Step { because, pieces });
    step(Because::Missing, pieces);
    if pieces < terms.minimum {
        pieces = terms.minimum;
        step(Because::Minimum, pieces);
    }
    let packed = in_packs(pieces + terms.pack - 1, terms.pack);
    if packed != pieces {
        pieces = packed;
        step(Because::Packs, pieces);
    }
    let room = terms.capacity.map(|room| in_packs(room - position, terms.pack));
    if let Some(room) = room.filter(|room| *room < pieces) {
        step(Because::Room, room);
        pieces = room;
    }
    if pieces <= 0 { Vec::new() } else { steps }
}

/// Whole packs within so many pieces.
pub(crate) const fn in_packs(pieces: i64, pack: i64) -> i64 {
    if pieces <= 0 { 0 } else { pieces / pack * pack }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::profile::Profile;
    use crate::rules::series::{Day, History};

    fn steady(sold: f64) -> Forecast {
        let days = vec![Day::sold(sold); 140];
        Forecast::of(
            &History {
                first_weekday: 0,
                days,
            },
            8,
            &Profile::default(),
        )
    }

    fn planned(sold: f64, terms: &Terms) -> Plan {
        plan(&steady(sold), terms, &vec![Ahead::ORDINARY; terms.days()])
    }

    #[test]
    fn more_service_and_longer_roads_need_more() {
        let terms = Terms::default();
        let plain = planned(10.0, &terms);
        assert!(
            (plain.protected.mean - 40.0).abs() < 0.5 && (plain.cover - 70.0).abs() < 1.0,
            "{plain:?}"
        );
        let better = planned(
            10.0,
            &Terms {
                service_percent: 99.5,
                ..terms.clone()
            },
        );
        let longer = planned(
            10.0,
            &Terms {
                lead_days: 10,
                ..terms.clone()
            },
        );
        let unsure = planned(
            10.0,
            &Terms {
                lead_sd_days: 4.0,
                ..terms.clone()
            },
        );
        assert!(better.reorder_at > plain.reorder_at && unsure.reorder_at > plain.reorder_at);
        assert!(longer.protected.mean > 100.0);
    }

    #[test]
    fn what_does_not_sell_stands_for_show_only() {
        let terms = Terms {
            display: 2,
            ..Terms::default()
        };
        let plan = planned(0.0, &terms);
        assert_eq!((plan.reorder_at, plan.order_up_to), (2, 2));
        assert_eq!(wanted(&plan, &terms, 1).last().map(|step| step.pieces), Some(1));
        assert!(wanted(&plan, &terms, 2).is_empty());
    }

    #[test]
    fn every_step_is_told() {
        let terms = Terms {
            pack: 12,
            minimum: 20,
            capacity: Some(40),
            ..Terms::default()
        };
        let plan = Plan {
            protected: Spread {
                mean: 10.0,
                variance: 10.0,
            },
            cover: 5.0,
            reorder_at: 15,
            safety: 5,
            order_up_to: 20,
            cycle_percent: 95.0,
            fill_percent: 98.0,
        };
        let pieces = |position| -> Vec<(Because, i64)> {
            wanted(&plan, &terms, position)
                .iter()
                .map(|s| (s.because, s.pieces))
                .collect()
        };
        assert_eq!(
            pieces(10),
            [
                (Because::Missing, 10),
                (Because::Minimum, 20),
                (Because::Packs, 24)
            ]
        );
        assert!(pieces(15).is_empty());
        let tight = Terms {
            capacity: Some(30),
            ..terms.clone()
        };
        assert_eq!(
            wanted(&plan, &tight, 10).last(),
            Some(&Step {
                because: Because::Room,
                pieces: 12
            })
        );
        let full = Terms {
            capacity: Some(20),
            ..terms
        };
        assert!(wanted(&plan, &full, 12).is_empty());
    }

    proptest! {
        #[test]
        fn quantities_keep_their_terms(
            sold in 0.0_f64..80.0, pack in 1_i64..30, minimum in 1_i64..50, room in proptest::option::of(1_i64..400),
            position in -20_i64..200, percent in 80.0_f64..99.9,
        ) {
            let terms = Terms { pack, minimum, capacity: room, service_percent: percent, ..Terms::default() };
            let plan = planned(sold, &terms);
            let pieces = wanted(&plan, &terms, position).last().map_or(0, |step| step.pieces);
            prop_assert!(pieces >= 0 && pieces % pack == 0);
            if let Some(room) = room {
                prop_assert!(pieces == 0 || position + pieces <= room);
            }
            if position >= plan.reorder_at {
                prop_assert_eq!(pieces, 0);
            }
        }
    }
}
