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
