//! What this crate announces.

use base::{MemberId, OrderId, Time};
use bus::Event;
use serde::{Deserialize, Serialize};

/// Points were earned by an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PointsEarned {
    /// Whose.
    pub member_id: MemberId,
    /// By which order.
    pub order_id: OrderId,
    /// How many; above zero.
    pub points: i64,
    /// What the member has now.
    pub balance: i64,
    /// When the goods were handed over.
    pub at: Time,
}

impl Event for PointsEarned {
    const KIND: &'static str = "loyalty.points_earned.v1";
    fn aggregate(&self) -> String {
        self.member_id.to_string()
    }
}

/// Points were taken back, because goods came back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PointsReversed {
    /// Whose.
    pub member_id: MemberId,
    /// Of which order.
    pub order_id: OrderId,
    /// The document, such as the return.
    pub source: String,
    /// How many; above zero.
    pub points: i64,
    /// What the member has now; may be below zero.
    pub balance: i64,
    /// When.
    pub at: Time,
}

impl Event for PointsReversed {
    const KIND: &'static str = "loyalty.points_reversed.v1";
    fn aggregate(&self) -> String {
        self.member_id.to_string()
    }
}
