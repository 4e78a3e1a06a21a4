//! Our books beside a provider's: what fits, what one side lacks, what differs, and what a person decided about it.

mod rules;
mod service;
mod store;

use base::{Currency, Error, Id, IdKind, Money, OrderId, PaymentId, Result, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{ProviderName, parse};
use crate::statement::LineKind;

pub use service::{MatchFilter, MatchOut, RefundOut, StatementOut};

/// The kind of a row.
pub enum MatchKind {}

impl IdKind for MatchKind {
    const PREFIX: &'static str = "mat";
}

/// Names a row.
pub type MatchId = Id<MatchKind>;

/// How the two sides compare.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MatchOutcome)]
pub enum Outcome {
    /// Both have it, to the minor unit.
    Matched,
    /// The provider has it, we do not.
    MissingHere,
    /// We have it, the provider does not.
    MissingThere,
    /// Both have it, with different amounts.
    AmountDiffers,
}

impl Outcome {
    const ALL: [Self; 4] = [
        Self::Matched,
        Self::MissingHere,
        Self::MissingThere,
        Self::AmountDiffers,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::AmountDiffers => "amount_differs",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// What a person decided about a difference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MatchDecision)]
pub enum Decision {
    /// It is all right as it is; the note says why.
    Accepted,
    /// It was claimed from the provider.
    Claimed,
    /// It was put right, here or there.
    Corrected,
}

impl Decision {
    const ALL: [Self; 3] = [Self::Accepted, Self::Claimed, Self::Corrected];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Claimed => "claimed",
            Self::Corrected => "corrected",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// Something in our books: a payment that came in, or a refund that is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ours {
    pub(crate) kind: LineKind,
    /// Our name for it towards the provider; none for a refund made in the provider's own console.
    pub(crate) name: String,
    /// The provider's name, where it was told.
    pub(crate) theirs: Option<String>,
    pub(crate) payment_id: PaymentId,
    pub(crate) order_id: OrderId,
    pub(crate) amount: Money,
    pub(crate) at: Time,
}

/// One row: a payment or refund of a day, seen from both sides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Compared {
    pub(crate) kind: LineKind,
    /// Our name where there is one, theirs otherwise.
    pub(crate) subject: String,
    pub(crate) outcome: Outcome,
    pub(crate) payment_id: Option<PaymentId>,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) theirs: Option<String>,
    pub(crate) our_minor: Option<i64>,
    pub(crate) their_minor: Option<i64>,
    pub(crate) fee_minor: Option<i64>,
    pub(crate) currency: Currency,
    pub(crate) at: Time,
}

/// A row as kept.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: MatchId,
    pub(crate) provider: ProviderName,
    pub(crate) day: String,
    pub(crate) compared: Compared,
    pub(crate) decision: Option<Decision>,
    pub(crate) note: Option<String>,
    pub(crate) decided_by: Option<String>,
    pub(crate) decided_at: Option<Time>,
}

/// Whether a decision can be taken about such a row.
pub(crate) fn may_decide(outcome: Outcome, decision: Decision) -> Result<()> {
    if outcome != Outcome::Matched {
        return Ok(());
    }
    Err(Error::new(&crate::error::NO_DECISION)
        .with("outcome", outcome.as_str())
        .with("decision", decision.as_str()))
}
