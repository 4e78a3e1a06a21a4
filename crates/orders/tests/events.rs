//! The events' written form, which subscribers and the outside world rely on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use bus::Event;
use orders::events::*;

fn assert_fixture<E: Event>(name: &str, text: &str) {
    assert_eq!(name, E::KIND);
    let written: serde_json::Value = serde_json::from_str(text).unwrap();
    let event: E = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), written);
}

macro_rules! fixture {
    ($event:ty, $kind:literal) => {
        assert_fixture::<$event>($kind, include_str!(concat!("fixtures/", $kind, ".json")))
    };
}

#[test]
fn every_kind_has_its_fixture() {
    fixture!(OrderPlaced, "orders.order_placed.v1");
    fixture!(OrderPaid, "orders.order_paid.v1");
    fixture!(OrderReady, "orders.order_ready.v1");
    fixture!(OrderRepriced, "orders.order_repriced.v1");
    fixture!(OrderMoved, "orders.order_moved.v1");
    fixture!(OrderCollected, "orders.order_collected.v1");
    fixture!(OrderShipped, "orders.order_shipped.v1");
    fixture!(OrderDelivered, "orders.order_delivered.v1");
    fixture!(OrderCancelled, "orders.order_cancelled.v1");
    fixture!(OrderExpired, "orders.order_expired.v1");
    fixture!(OrderReturned, "orders.order_returned.v1");
    fixture!(OrderExchanged, "orders.order_exchanged.v1");
    fixture!(OrderJoined, "orders.order_joined.v1");
    fixture!(OrderNeedsDecision, "orders.order_needs_decision.v1");
    fixture!(OrderReduced, "orders.order_reduced.v1");
    fixture!(OrderWaiting, "orders.order_waiting.v1");
    fixture!(OrderResumed, "orders.order_resumed.v1");
    fixture!(OrderUncollected, "orders.order_uncollected.v1");
    fixture!(FulfilmentRequested, "orders.fulfilment_requested.v1");
    fixture!(FulfilmentPicked, "orders.fulfilment_picked.v1");
    fixture!(FulfilmentRejected, "orders.fulfilment_rejected.v1");
    fixture!(FulfilmentHandedOver, "orders.fulfilment_handed_over.v1");
    fixture!(FulfilmentCancelled, "orders.fulfilment_cancelled.v1");
}
