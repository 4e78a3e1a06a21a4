//! What this domain announces. Every event says enough for a message to the customer: the number, the place by
//! name, the amounts. What is personal stays here: ask [`crate::order_contact_in`] for whom to tell.

use base::{
    FulfilmentId, MemberId, Money, OrderChangeId, OrderId, PlaceId, ProductId, ReturnId, SkuId, Text, Time,
};
use serde::{Deserialize, Serialize};

use crate::model::{Channel, Fulfilment, Line, Method, Order, OrderHead};
use crate::number::OrderNumber;

/// What every order event says about its order.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderFacts {
    /// The order.
    pub order_id: OrderId,
    /// Its number for people.
    pub number: OrderNumber,
    /// Where it came from.
    pub channel: Channel,
    /// The member who bought; absent for a guest.
    pub member_id: Option<MemberId>,
    /// How the goods reach the customer.
    pub method: Method,
    /// Where it was sold or is collected.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// What it costs.
    pub total: Money,
    /// What it costs less what went back: the basis of points.
    pub net: Money,
}

impl From<&OrderHead> for OrderFacts {
    fn from(order: &OrderHead) -> Self {
        Self {
            order_id: order.id,
            number: order.number.clone(),
            channel: order.channel,
            member_id: order.member_id,
            method: order.method,
            place_id: order.place_id,
            place_name: order.place_name.clone(),
            total: order.total(),
            net: order.net(),
        }
    }
}

/// A line, as far as others care.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LineFacts {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's name.
    pub name: Text,
    /// How many.
    pub quantity: i64,
    /// What the line cost.
    pub total: Money,
}

/// The lines of an order, as far as others care: those a change took out are not.
#[must_use]
pub fn line_facts(order: &OrderHead, lines: &[Line]) -> Vec<LineFacts> {
    lines
        .iter()
        .filter(|line| line.quantity > line.quantity_cancelled || line.total > 0)
        .map(|line| LineFacts {
            sku_id: line.sku_id,
            product_id: line.product_id,
            name: line.snapshot.name.clone(),
            quantity: line.quantity,
            total: Money::new(line.total, order.currency),
        })
        .collect()
}

/// What a fulfilment event says about its fulfilment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FulfilmentFacts {
    /// The fulfilment.
    pub fulfilment_id: FulfilmentId,
    /// Its order.
    pub order_id: OrderId,
    /// The order's number for people.
    pub number: OrderNumber,
    /// How the goods reach the customer.
    pub method: Method,
    /// The place that serves it.
    pub place_id: PlaceId,
    /// That place's name.
    pub place_name: Text,
    /// Pieces in it.
    pub quantity: i64,
    /// When the customer was told it would be there.
    pub promised_at: Option<Time>,
}

impl From<&Fulfilment> for FulfilmentFacts {
    fn from(fulfilment: &Fulfilment) -> Self {
        Self {
            fulfilment_id: fulfilment.id,
            order_id: fulfilment.order_id,
            number: fulfilment.order_number.clone(),
            method: fulfilment.method,
            place_id: fulfilment.place_id,
            place_name: fulfilment.place_name.clone(),
            quantity: fulfilment.parts.iter().map(|p| p.quantity).sum(),
            promised_at: fulfilment.promised_at,
        }
    }
}

/// `orders.order_placed.v1`: the order stands and its stock is held; nothing is paid.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// The order.
    pub order: OrderFacts,
    /// What is wanted.
    pub lines: Vec<LineFacts>,
    /// Until when the stock is kept without payment.
    pub hold_expires_at: Option<Time>,
}

/// `orders.order_paid.v1`: the money is here and the places are asked to serve it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderPaid {
    /// The order.
    pub order: OrderFacts,
}

/// `orders.order_ready.v1`: everything waits at the counter; the customer has a pickup code.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderReady {
    /// The order.
    pub order: OrderFacts,
    /// Where it waits and since when it was promised.
    pub fulfilment: FulfilmentFacts,
}

/// `orders.order_moved.v1`: another place serves it, because the first could not.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderMoved {
    /// The order.
    pub order: OrderFacts,
    /// The place that could not.
    pub from_place: Text,
    /// Why it could not, in words for the customer.
    pub reason: Text,
    /// The places that serve it now.
    pub to: Vec<FulfilmentFacts>,
    /// When the customer had been told it would be there, before.
    pub promised_before: Option<Time>,
}

/// `orders.order_repriced.v1`: prices changed before it was paid, and the chain prices anew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderRepriced {
    /// The order, with its new total.
    pub order: OrderFacts,
    /// What it was to cost before.
    pub before: Money,
}

/// `orders.order_collected.v1`: the customer took everything along.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderCollected {
    /// The order.
    pub order: OrderFacts,
    /// What was bought.
    pub lines: Vec<LineFacts>,
}

/// `orders.order_shipped.v1`: a parcel is on its way.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderShipped {
    /// The order.
    pub order: OrderFacts,
    /// Which part of it.
    pub fulfilment: FulfilmentFacts,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number for it.
    pub tracking_number: String,
}

/// `orders.order_delivered.v1`: everything reached the door.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderDelivered {
    /// The order.
    pub order: OrderFacts,
    /// What was bought.
    pub lines: Vec<LineFacts>,
}

/// `orders.order_cancelled.v1`: given up; what was paid is on its way back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order: OrderFacts,
    /// In the words of who cancelled it.
    pub reason: String,
    /// Why, in words for the customer; absent when they cancelled it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Text>,
    /// What goes back.
    pub refund: Money,
}

/// `orders.order_reduced.v1`: some of its pieces were given up; what they had cost is on its way back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderReduced {
    /// The order.
    pub order: OrderFacts,
    /// What was given up, with what it had cost.
    pub lines: Vec<LineFacts>,
    /// In the words of who gave it up.
    pub reason: String,
    /// What goes back.
    pub refund: Money,
}

/// `orders.order_change_asked.v1`: a change that costs more waits for its payment; the order is as it was.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderChangeAsked {
    /// The order, as it was.
    pub order: OrderFacts,
    /// The change.
    pub change_id: OrderChangeId,
    /// What it would change, in words.
    pub what: Text,
    /// What is to be paid for it.
    pub difference: Money,
    /// Until when its stock is held.
    pub until: Time,
    /// Whether staff asked for it, so that its customer has to be told.
    pub by_staff: bool,
}

/// `orders.order_changed.v1`: other goods, or another way to the customer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderChanged {
    /// The order, with what it costs now.
    pub order: OrderFacts,
    /// The change.
    pub change_id: OrderChangeId,
    /// What is wanted now.
    pub lines: Vec<LineFacts>,
    /// What was changed, in words.
    pub what: Text,
    /// What the order had cost, less what went back.
    pub before: Money,
    /// What was paid for the change.
    pub paid: Money,
    /// What goes back for it.
    pub refund: Money,
    /// In the words of who changed it.
    pub reason: Option<String>,
}

/// `orders.order_waiting.v1`: it waits for supply, and the customer may give it up meanwhile.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderWaiting {
    /// The order.
    pub order: OrderFacts,
    /// What is missing.
    pub lines: Vec<LineFacts>,
    /// Until when.
    pub until: Time,
}

/// `orders.order_resumed.v1`: what it waited for has come.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderResumed {
    /// The order.
    pub order: OrderFacts,
    /// The places that serve it now.
    pub to: Vec<FulfilmentFacts>,
}

/// `orders.order_uncollected.v1`: it still waits at the counter, and not for long any more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderUncollected {
    /// The order.
    pub order: OrderFacts,
    /// Where it waits.
    pub fulfilment: FulfilmentFacts,
    /// Until when.
    pub pickup_by: Time,
}

/// `orders.order_expired.v1`: not paid in time; its stock is free again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderExpired {
    /// The order.
    pub order: OrderFacts,
}

/// `orders.order_returned.v1`: goods came back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderReturned {
    /// The order.
    pub order: OrderFacts,
    /// The return.
    pub return_id: ReturnId,
    /// Where they were handed in.
    pub return_place_id: PlaceId,
    /// That place's name.
    pub return_place_name: Text,
    /// What came back.
    pub lines: Vec<ReturnedFacts>,
    /// What is paid back for it.
    pub refund: Money,
    /// Whether nothing is left with the customer.
    pub complete: bool,
}

/// `orders.order_exchanged.v1`: goods came back and others went out for them, in one go.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderExchanged {
    /// The order, with what it costs and is worth now.
    pub order: OrderFacts,
    /// The return within it.
    pub return_id: ReturnId,
    /// At which counter.
    pub return_place_id: PlaceId,
    /// That place's name.
    pub return_place_name: Text,
    /// What came back, and what it had cost.
    pub returned: Vec<ReturnedFacts>,
    /// What went out instead, and what it costs.
    pub taken: Vec<LineFacts>,
    /// What the customer paid on top.
    pub paid: Money,
    /// What goes back to the customer.
    pub refund: Money,
}

/// `orders.order_joined.v1`: a guest's order became a member's, who showed its token.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderJoined {
    /// The order, with its member.
    pub order: OrderFacts,
}

/// A line that came back, as far as others care.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReturnedFacts {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's name.
    pub name: Text,
    /// How many.
    pub quantity: i64,
    /// Why.
    pub reason: crate::ReturnReason,
    /// What it had cost: paid back for it, or set off against what was taken instead.
    pub refund: Money,
}

/// `orders.order_needs_decision.v1`: a person must decide how it goes on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OrderNeedsDecision {
    /// The order.
    pub order: OrderFacts,
    /// Why.
    pub why: Text,
    /// What goes back by itself.
    pub refund: Money,
}

/// `orders.fulfilment_requested.v1`: a place is asked to serve it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FulfilmentRequested {
    /// The fulfilment.
    pub fulfilment: FulfilmentFacts,
}

/// `orders.fulfilment_picked.v1`: the place packed it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FulfilmentPicked {
    /// The fulfilment.
    pub fulfilment: FulfilmentFacts,
}

/// `orders.fulfilment_rejected.v1`: the place cannot serve it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FulfilmentRejected {
    /// The fulfilment.
    pub fulfilment: FulfilmentFacts,
    /// `not_in_stock`, `damaged` or `mismatch`.
    pub reason: String,
    /// A word of the person who rejected it.
    pub note: Option<String>,
}

/// `orders.fulfilment_handed_over.v1`: the customer or the carrier has it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FulfilmentHandedOver {
    /// The fulfilment.
    pub fulfilment: FulfilmentFacts,
}

/// `orders.fulfilment_cancelled.v1`: the place need not serve it any more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FulfilmentCancelled {
    /// The fulfilment.
    pub fulfilment: FulfilmentFacts,
}

macro_rules! order_events {
    ($($event:ident = $kind:literal;)*) => {$(
        impl bus::Event for $event {
            const KIND: &'static str = $kind;
            fn aggregate(&self) -> String {
                self.order.order_id.to_string()
            }
            fn place(&self) -> Option<PlaceId> {
                self.order.place_id
            }
        }
    )*};
}

macro_rules! fulfilment_events {
    ($($event:ident = $kind:literal;)*) => {$(
        impl bus::Event for $event {
            const KIND: &'static str = $kind;
            fn aggregate(&self) -> String {
                self.fulfilment.order_id.to_string()
            }
            fn place(&self) -> Option<PlaceId> {
                Some(self.fulfilment.place_id)
            }
        }
    )*};
}

order_events! {
    OrderPlaced = "orders.order_placed.v1";
    OrderPaid = "orders.order_paid.v1";
    OrderReady = "orders.order_ready.v1";
    OrderMoved = "orders.order_moved.v1";
    OrderRepriced = "orders.order_repriced.v1";
    OrderCollected = "orders.order_collected.v1";
    OrderShipped = "orders.order_shipped.v1";
    OrderDelivered = "orders.order_delivered.v1";
    OrderCancelled = "orders.order_cancelled.v1";
    OrderExpired = "orders.order_expired.v1";
    OrderReturned = "orders.order_returned.v1";
    OrderExchanged = "orders.order_exchanged.v1";
    OrderJoined = "orders.order_joined.v1";
    OrderNeedsDecision = "orders.order_needs_decision.v1";
    OrderReduced = "orders.order_reduced.v1";
    OrderChangeAsked = "orders.order_change_asked.v1";
    OrderChanged = "orders.order_changed.v1";
    OrderWaiting = "orders.order_waiting.v1";
    OrderResumed = "orders.order_resumed.v1";
    OrderUncollected = "orders.order_uncollected.v1";
}

fulfilment_events! {
    FulfilmentRequested = "orders.fulfilment_requested.v1";
    FulfilmentPicked = "orders.fulfilment_picked.v1";
    FulfilmentRejected = "orders.fulfilment_rejected.v1";
    FulfilmentHandedOver = "orders.fulfilment_handed_over.v1";
    FulfilmentCancelled = "orders.fulfilment_cancelled.v1";
}

impl OrderCollected {
    /// What is announced of an order that was collected.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self {
            order: (&order.head).into(),
            lines: line_facts(&order.head, &order.lines),
        }
    }
}

impl OrderDelivered {
    /// What is announced of an order that was delivered.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self {
            order: (&order.head).into(),
            lines: line_facts(&order.head, &order.lines),
        }
    }
}
