//! Why a place serves an order: every candidate with its numbers, kept with the fulfilment.

use base::{PlaceId, SkuId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The explanation of a sourcing decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingWhy {
    /// What was aimed at.
    pub objective: Text,
    /// Every place that was looked at, the best first.
    pub candidates: Vec<SourcingCandidate>,
    /// The version of the rules it was decided by.
    #[serde(default)]
    pub rules_version: Option<i64>,
    /// What each rule of precedence did, the most important first.
    #[serde(default)]
    pub tiers: Vec<SourcingTier>,
    /// What was wanted: the order in which every candidate's numbers stand.
    #[serde(default)]
    pub wanted: Vec<SourcingWanted>,
    /// In how many minutes it had been promised; absent where nothing had been promised yet.
    #[serde(default)]
    pub promise_minutes: Option<i64>,
    /// The whole cost: the chosen places and the splits.
    #[serde(default)]
    pub total_minor: Option<i64>,
    /// What the splits cost of it.
    #[serde(default)]
    pub split_minor: i64,
    /// How much less another choice could cost at the most; nothing when this one is proved the best.
    #[serde(default)]
    pub gap_minor: i64,
    /// Places that were looked at and are not listed.
    #[serde(default)]
    pub left_out: i64,
}

/// What a rule of precedence did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingTier {
    /// The rule.
    pub label: Text,
    /// `applied`: it narrowed the choice; `no_difference`: it had nothing to decide; `passed_over`: the order could
    /// not be served by it.
    pub outcome: String,
}

/// What was wanted of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingWanted {
    /// The SKU.
    pub sku_id: SkuId,
    /// How many pieces.
    pub quantity: i64,
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
    /// The reason why it was out of the question, as a word that does not change.
    #[serde(default)]
    pub reason: Option<String>,
    /// The rule of precedence that put others before it.
    #[serde(default)]
    pub behind: Option<Text>,
    /// What was known of it.
    #[serde(default)]
    pub numbers: Option<SourcingNumbers>,
}

/// What was known of a place when it was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingNumbers {
    /// What was there to take, line by line.
    pub available: Vec<i64>,
    /// The pieces its costs speak of, line by line: what it serves, or could at most.
    pub takes: Vec<i64>,
    /// What it sold of each line in the four weeks before; absent where nobody had counted.
    pub sold: Vec<Option<i64>>,
    /// Orders it was working on.
    pub open: i64,
    /// Orders it had taken on that day.
    pub taken: i64,
    /// The most it takes on in a day.
    pub capacity: Option<i64>,
    /// In how many minutes it would have been ready; absent when it did not open soon.
    pub ready_minutes: Option<i64>,
    /// In how many minutes it would have been with the customer.
    pub arrival_minutes: Option<i64>,
    /// By how many minutes that missed the promise.
    pub late_minutes: i64,
    /// How likely it rejects an order, in millionths.
    pub reject_ppm: i64,
    /// Whether it is in the customer's city.
    pub same_city: bool,
    /// Whether it is in the customer's province.
    pub same_province: bool,
}

/// One part of a candidate's cost.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourcingCost {
    /// What it is for.
    pub label: Text,
    /// The same as a word that does not change.
    #[serde(default)]
    pub key: String,
    /// How much, in minor units.
    pub cost_minor: i64,
}
