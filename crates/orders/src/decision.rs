//! What a person must decide about an order that nobody can serve as it is.

use base::{Locale, Text, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Order, OrderHead};
use crate::state::OrderState;
use crate::timeline::MomentKind;
use crate::wire::{FulfilmentLineOut, OrderSummary};

/// What may be done about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionChoice {
    /// Look for a place once more.
    SourceAgain,
    /// Have a place serve it that a person names.
    Place,
    /// Wait for supply until a day.
    Wait,
    /// Give up what is missing and pay it back.
    Cancel,
}

impl DecisionChoice {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::SourceAgain, Self::Place, Self::Wait, Self::Cancel];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SourceAgain => "source_again",
            Self::Place => "place",
            Self::Wait => "wait",
            Self::Cancel => "cancel",
        }
    }
}

/// An open decision, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenDecision {
    /// Why a person must decide.
    pub why: Text,
    /// Since when.
    pub since: Time,
    /// The pieces nobody serves.
    pub missing: Vec<FulfilmentLineOut>,
    /// Until when it was decided to wait for supply.
    pub waits_until: Option<Time>,
    /// What may be done about it.
    pub choices: Vec<DecisionChoice>,
}

/// An order with its open decision, as a line of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UndecidedOrder {
    /// The order.
    pub order: OrderSummary,
    /// What is to be decided.
    pub decision: OpenDecision,
}

impl OrderHead {
    /// The language its customer ordered in, as far as it is known.
    #[must_use]
    pub fn locale(&self) -> Locale {
        let placed = self.moments.iter().find(|m| m.kind == MomentKind::Placed);
        match placed.and_then(|m| m.facts.get("locale")?.as_str()) {
            Some("en") => Locale::En,
            Some("zh") => Locale::Zh,
            _ => Locale::default(),
        }
    }

    /// Whether everything that was paid went back already, so that nothing can be served any more.
    #[must_use]
    pub const fn money_went_back(&self) -> bool {
        self.amounts.total > 0 && self.refunded >= self.amounts.total
    }
}

impl Order {
    /// What a person must decide, if anything.
    #[must_use]
    pub fn open_decision(&self) -> Option<OpenDecision> {
        if self.head.state != OrderState::NeedsDecision {
            return None;
        }
        let asked = self
            .head
            .moments
            .iter()
            .rfind(|m| m.kind == MomentKind::NeedsDecision);
        let missing = self.unserved();
        let choices = if self.head.money_went_back() {
            vec![DecisionChoice::Cancel]
        } else {
            DecisionChoice::ALL.to_vec()
        };
        Some(OpenDecision {
            why: asked.map(|m| m.fact("why")).unwrap_or_default(),
            since: asked.map_or(self.head.placed_at, |m| m.at),
            missing: FulfilmentLineOut::of(&missing, &self.lines),
            waits_until: self.head.waits_until,
            choices,
        })
    }
}
