//! The events' written form, which subscribers and the outside world rely on.

use orders::events::*;

#[test]
fn every_kind_has_its_fixture() {
    bus::assert_fixtures!(
        OrderPlaced = "orders.order_placed.v1",
        OrderPaid = "orders.order_paid.v1",
        OrderReady = "orders.order_ready.v1",
        OrderRepriced = "orders.order_repriced.v1",
        OrderMoved = "orders.order_moved.v1",
        OrderCollected = "orders.order_collected.v1",
        OrderShipped = "orders.order_shipped.v1",
        OrderDelivered = "orders.order_delivered.v1",
        OrderCancelled = "orders.order_cancelled.v1",
        OrderExpired = "orders.order_expired.v1",
        OrderReturned = "orders.order_returned.v1",
        OrderExchanged = "orders.order_exchanged.v1",
        OrderJoined = "orders.order_joined.v1",
        OrderNeedsDecision = "orders.order_needs_decision.v1",
        OrderReduced = "orders.order_reduced.v1",
        OrderChangeAsked = "orders.order_change_asked.v1",
        OrderChanged = "orders.order_changed.v1",
        OrderWaiting = "orders.order_waiting.v1",
        OrderResumed = "orders.order_resumed.v1",
        OrderUncollected = "orders.order_uncollected.v1",
        FulfilmentRequested = "orders.fulfilment_requested.v1",
        FulfilmentPicked = "orders.fulfilment_picked.v1",
        FulfilmentRejected = "orders.fulfilment_rejected.v1",
        FulfilmentHandedOver = "orders.fulfilment_handed_over.v1",
        FulfilmentCancelled = "orders.fulfilment_cancelled.v1",
    );
}
