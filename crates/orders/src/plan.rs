//! Why a place serves an order: every candidate with its numbers, kept with the fulfilment.

use base::{PlaceId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The explanation of a sourcing decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingWhy {
    /// What was aimed at.
    pub objective: Text,
    /// Every place that was looked at, the best first.
    pub candidates: Vec<SourcingCandidate>,
}

impl SourcingWhy {
    /// Why a place serves the order, in a sentence for its customer: no figures of the house, no other place.
    #[must_use]
    pub fn plainly(&self, place: PlaceId) -> Option<Text> {
        let candidate = self.candidates.iter().find(|c| c.place_id == place && c.chosen)?;
        let name = &candidate.name;
        let (far_zh, far_en) = match candidate.distance_m {
            Some(metres) if metres < 1_000 => {
                (format!("离您约 {metres} 米"), format!("about {metres} m away"))
            }
            Some(metres) => {
                let km = (metres + 500) / 1_000;
                (format!("离您约 {km} 公里"), format!("about {km} km away"))
            }
            None => (String::new(), String::new()),
        };
        let all = if candidate.available_all {
            ("一次备齐全部商品", "has everything you ordered")
        } else {
            ("备有您订单中的部分商品", "has a part of what you ordered")
        };
        Some(if far_zh.is_empty() {
            Text {
                zh: format!("{}{}", name.zh, all.0),
                en: format!("{} {}", name.en, all.1),
            }
        } else {
            Text {
                zh: format!("{}{far_zh}，{}", name.zh, all.0),
                en: format!("{} is {far_en} and {}", name.en, all.1),
            }
        })
    }
}

/// One place that was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingCandidate {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// Whether it had everything alone.
    pub available_all: bool,
    /// How far it is from the customer, where that is known.
    pub distance_m: Option<i64>,
    /// What serving from there would cost, in minor units; the sum of `parts`.
    pub cost_minor: i64,
    /// What that cost is made of.
    pub parts: Vec<SourcingCost>,
    /// Why it was out of the question.
    pub excluded: Option<Text>,
    /// Whether it serves the order.
    pub chosen: bool,
}

/// One part of a candidate's cost.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingCost {
    /// What it is for.
    pub label: Text,
    /// How much, in minor units.
    pub cost_minor: i64,
}
