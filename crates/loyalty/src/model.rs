//! Points, entries and tiers.

use base::{Error, MemberId, Money, OrderId, Page, PointsEntryId, Result, ReturnId, Text, Time};
use db::{FromValue, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What moves points.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// For goods bought and kept.
    Earn,
    /// Spent.
    Burn,
    /// Taken back because goods came back.
    Reverse,
    /// Too old.
    Expire,
    /// Put right by hand, or brought over.
    Adjust,
}

impl EntryKind {
    const ALL: [Self; 5] = [Self::Earn, Self::Burn, Self::Reverse, Self::Expire, Self::Adjust];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Earn => "earn",
            Self::Burn => "burn",
            Self::Reverse => "reverse",
            Self::Expire => "expire",
            Self::Adjust => "adjust",
        }
    }

    /// In words, for the member.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Earn => Text::new("购物获得积分", "Earned with a purchase"),
            Self::Burn => Text::new("使用积分", "Spent"),
            Self::Reverse => Text::new("退货扣回积分", "Taken back with a return"),
            Self::Expire => Text::new("积分过期", "Expired"),
            Self::Adjust => Text::new("积分调整", "Adjusted"),
        }
    }
}

impl FromValue for EntryKind {
    fn from_value(value: &Value) -> Result<Self> {
        let text = String::from_value(value)?;
        let kind = Self::ALL.into_iter().find(|k| k.as_str() == text);
        kind.ok_or_else(|| Error::internal(format!("\"{text}\" is not a kind of entry")))
    }
}

/// A line of the member's side of the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Which.
    pub id: PointsEntryId,
    /// When it happened.
    pub at: Time,
    /// What.
    pub kind: EntryKind,
    /// Signed.
    pub points: i64,
    /// What the member had afterwards.
    pub balance_after: i64,
    /// The document behind it.
    pub source: String,
}

/// A member's points.
#[derive(Clone, Debug)]
pub struct Points {
    /// What they have.
    pub balance: i64,
    /// What orders on their way will bring.
    pub pending: i64,
    /// The ledger, newest first.
    pub entries: Page<Entry>,
}

/// A member's standing.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// From the first day.
    #[default]
    Member,
    /// See [`crate::tier_of`].
    Silver,
    /// See [`crate::tier_of`].
    Gold,
    /// See [`crate::tier_of`].
    Platinum,
}

/// What a list of members shows of each one's points.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// What they have.
    pub balance: i64,
    /// Their tier.
    pub tier: Tier,
}

/// An order whose goods bring points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderGoods {
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub member_id: MemberId,
    /// What its goods cost after every discount, without shipping.
    pub goods: Money,
}

/// An order of the past, with what came back of it.
#[derive(Clone, Debug)]
pub struct PointsImport {
    /// The order and its goods.
    pub order: OrderGoods,
    /// When it was collected or delivered.
    pub earned_at: Time,
    /// Its returns, oldest first.
    pub returns: Vec<(ReturnId, i64, Time)>,
}

/// A place where the ledger and what is derived from it disagree. There should be none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PointsDrift {
    /// The member or transaction.
    pub what: String,
    /// By the ledger.
    pub ledger: i64,
    /// As kept.
    pub kept: i64,
}
