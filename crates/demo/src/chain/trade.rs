//! Orders and everything that happens to them.

use base::{FulfilmentId, OrderId, OrderLineId, PaymentId, ReturnId, Time};

use super::Address;
use crate::stories::Plot;

/// How an order reaches the customer.
#[derive(Debug, Clone)]
pub enum Fulfilment {
    /// Carried out of the store at the till.
    TakeAway,
    /// Collected with a code.
    Collect,
    /// Brought home.
    Delivery {
        /// Where to.
        address: Box<Address>,
        /// Carrier and tracking number once it is on its way.
        tracking: (&'static str, String),
    },
}

/// The moments of an order's life that have come to pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Steps {
    /// Paid.
    pub paid: Option<Time>,
    /// A place was asked to serve it.
    pub allocated: Option<Time>,
    /// Picked; ready for collection or dispatch.
    pub ready: Option<Time>,
    /// Given to the carrier.
    pub shipped: Option<Time>,
    /// Collected, delivered or taken along: the goods are with the customer.
    pub received: Option<Time>,
    /// Nothing is open any more.
    pub closed: Option<Time>,
    /// Cancelled by the customer.
    pub cancelled: Option<Time>,
    /// The hold ran out unpaid.
    pub expired: Option<Time>,
    /// No place could serve it: a person must decide.
    pub rejected: Option<Time>,
}

/// The state an order is in, as the house names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderState {
    /// Stock held, money awaited.
    PendingPayment,
    /// A place was asked.
    Allocated,
    /// Waiting at the place.
    Ready,
    /// With the carrier.
    Shipped,
    /// Collected.
    Collected,
    /// Delivered.
    Delivered,
    /// Done.
    Closed,
    /// Cancelled.
    Cancelled,
    /// Never paid.
    Expired,
    /// A person must decide.
    NeedsDecision,
    /// All of it came back.
    Returned,
    /// Some of it came back.
    PartlyReturned,
}

/// A line of an order.
#[derive(Debug, Clone)]
pub struct Line {
    /// Identifier.
    pub id: OrderLineId,
    /// What.
    pub sku: usize,
    /// How many.
    pub quantity: i64,
    /// Price of one in fen.
    pub unit_minor: i64,
    /// Taken off the whole line in fen.
    pub discount_minor: i64,
    /// How many came back.
    pub returned: i64,
}

impl Line {
    /// What the line costs.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.unit_minor * self.quantity - self.discount_minor
    }

    /// Money for `quantity` of the line's pieces, never more in sum than was paid.
    #[must_use]
    pub fn share_minor(&self, quantity: i64) -> i64 {
        self.total_minor() * quantity / self.quantity
    }
}

/// How a payment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Money awaited.
    Pending,
    /// Money taken.
    Captured,
    /// Refused by the provider.
    Declined,
    /// Let go before money moved.
    Voided,
}

/// A payment.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Identifier.
    pub id: PaymentId,
    /// At the till rather than online.
    pub in_store: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Amount in fen.
    pub amount_minor: i64,
    /// Sent back in fen.
    pub refunded_minor: i64,
    /// When it began.
    pub created_at: Time,
    /// When it ended.
    pub settled_at: Option<Time>,
}

/// In what state a returned piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Back to the shelf.
    Sellable,
    /// Somebody must look at it first.
    Inspect,
    /// Written off.
    Damaged,
}

/// A returned line.
#[derive(Debug, Clone)]
pub struct ReturnLine {
    /// Position among the order's lines.
    pub line: usize,
    /// How many.
    pub quantity: i64,
    /// `defective`, `wrong_item`, `not_as_described`, `changed_mind`, `damaged_in_transit`, `other`.
    pub reason: &'static str,
    /// State of the goods.
    pub condition: Condition,
    /// Money back in fen.
    pub refund_minor: i64,
}

/// Goods brought back.
#[derive(Debug, Clone)]
pub struct GoodsReturn {
    /// Identifier.
    pub id: ReturnId,
    /// Where they were taken back.
    pub place: usize,
    /// What.
    pub lines: Vec<ReturnLine>,
    /// When.
    pub at: Time,
    /// Money back in fen.
    pub refund_minor: i64,
}

/// An order.
#[derive(Debug, Clone)]
pub struct Order {
    /// Identifier.
    pub id: OrderId,
    /// `web`, `app`, `mini_program` or `store`.
    pub channel: &'static str,
    /// Who, when known.
    pub member: Option<usize>,
    /// Name and telephone given for this order.
    pub contact: Option<(String, String)>,
    /// Store of sale or collection, or the place that ships.
    pub place: usize,
    /// How it reaches the customer.
    pub fulfilment: Fulfilment,
    /// Identifier of the fulfilment.
    pub fulfilment_id: FulfilmentId,
    /// Lines.
    pub lines: Vec<Line>,
    /// Shipping in fen.
    pub shipping_minor: i64,
    /// Payments, the last one decisive.
    pub payments: Vec<Payment>,
    /// Returns.
    pub returns: Vec<GoodsReturn>,
    /// When it was placed.
    pub placed_at: Time,
    /// What has happened since.
    pub steps: Steps,
    /// The story it belongs to.
    pub(crate) plot: Plot,
}

impl Order {
    /// List price of the goods.
    #[must_use]
    pub fn goods_minor(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| line.unit_minor * line.quantity)
            .sum()
    }

    /// Taken off all lines.
    #[must_use]
    pub fn discount_minor(&self) -> i64 {
        self.lines.iter().map(|line| line.discount_minor).sum()
    }

    /// What the customer pays.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.goods_minor() - self.discount_minor() + self.shipping_minor
    }

    /// Whether the goods are or were with the customer.
    #[must_use]
    pub fn was_received(&self) -> bool {
        self.steps.received.is_some()
    }

    /// Whether goods stand at a place for it.
    #[must_use]
    pub fn keeps_goods_waiting(&self) -> bool {
        matches!(
            self.state(),
            OrderState::PendingPayment | OrderState::Allocated | OrderState::Ready
        )
    }

    /// The state its history has led to.
    #[must_use]
    pub fn state(&self) -> OrderState {
        let steps = &self.steps;
        let bought: i64 = self.lines.iter().map(|line| line.quantity).sum();
        let returned: i64 = self.lines.iter().map(|line| line.returned).sum();
        if returned == bought {
            return OrderState::Returned;
        }
        if returned > 0 {
            return OrderState::PartlyReturned;
        }
        let collects = matches!(self.fulfilment, Fulfilment::Collect);
        match steps {
            Steps {
                cancelled: Some(_), ..
            } => OrderState::Cancelled,
            Steps { expired: Some(_), .. } => OrderState::Expired,
            Steps {
                rejected: Some(_), ..
            } => OrderState::NeedsDecision,
            Steps { closed: Some(_), .. } => OrderState::Closed,
            Steps {
                received: Some(_), ..
            } if collects => OrderState::Collected,
            Steps {
                received: Some(_), ..
            } => OrderState::Delivered,
            Steps { shipped: Some(_), .. } => OrderState::Shipped,
            Steps { ready: Some(_), .. } => OrderState::Ready,
            Steps {
                allocated: Some(_), ..
            } => OrderState::Allocated,
            _ => OrderState::PendingPayment,
        }
    }
}
