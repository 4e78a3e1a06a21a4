//! Payment and compensation.

use std::time::Duration;

use flows::PaymentMethod;
use orders::OrderState;
use payments::{PaymentState, SandboxOutcome};

use crate::world::{World, associate, each_world, guest, system};

const HOLD: Duration = Duration::from_secs(15 * 60);

#[test]
fn declined_keeps_the_hold_and_a_second_payment_works() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let first = order.payments[0].id;
        let token = order.access_token.clone();
        let declined = w
            .flows
            .payment_sandbox(&guest(), first, SandboxOutcome::Decline, None)
            .await
            .unwrap();
        assert_eq!(
            (declined.state, declined.payments[0].state),
            (OrderState::PendingPayment, PaymentState::Declined)
        );
        assert_eq!(w.level(w.serum, w.hubin).await.1, 1, "still held");
        let closed = w
            .flows
            .payment_sandbox(&guest(), first, SandboxOutcome::Approve, None)
            .await
            .unwrap_err();
        assert!(closed.is(&payments::CLOSED));
        let second = w
            .flows
            .payment_start(&guest(), order.id, PaymentMethod::Sandbox, token)
            .await
            .unwrap();
        let paid = w
            .flows
            .payment_sandbox(&guest(), second.id, SandboxOutcome::Approve, None)
            .await
            .unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        w.books_balance().await;
    });
}

#[test]
fn the_same_completion_twice_is_one_order_and_one_capture() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let (visitor, other) = (guest(), guest());
        let checkout = |ctx| w.flows.cart_checkout(ctx, cart, PaymentMethod::Sandbox);
        let (a, b) = tokio::join!(checkout(&visitor), checkout(&other));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!((a.id, w.orders().await), (b.id, 1));
        let payment = a.payments[0].id;
        let approve = |ctx| {
            w.flows
                .payment_sandbox(ctx, payment, SandboxOutcome::Approve, None)
        };
        let (x, y, z) = tokio::join!(approve(&visitor), approve(&other), approve(&visitor));
        for out in [x.unwrap(), y.unwrap(), z.unwrap()] {
            assert_eq!((out.state, out.fulfilments.len()), (OrderState::Allocated, 1));
        }
        assert_eq!(w.told(a.id, "orders.order_paid.v1").await, 1);
        assert_eq!(w.level(w.serum, w.hubin).await, (5, 1, 0, 4), "allocated once");
        w.books_balance().await;
    });
}

#[test]
fn the_hold_runs_out_without_waiting_for_anybody() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let choice = || World::collect_at(w.hubin);
        let order = w.order(&guest(), &[(w.serum, 1)], choice()).await.unwrap();
        w.t.clock.advance(HOLD - Duration::from_millis(1));
        assert!(
            w.order(&guest(), &[(w.serum, 1)], choice())
                .await
                .unwrap_err()
                .is(&stock::INSUFFICIENT)
        );
        w.t.clock.advance(Duration::from_millis(2));
        w.order(&guest(), &[(w.serum, 1)], choice()).await.unwrap();
        for _ in 0..2 {
            w.flows.step().await.unwrap();
        }
        assert_eq!(w.see(order.id).await.state, OrderState::Expired);
        assert_eq!(w.told(order.id, "orders.order_expired.v1").await, 1);
        w.books_balance().await;
    });
}

#[test]
fn how_long_stock_is_kept_for_the_unpaid_is_the_chains_to_say() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let minute = Duration::from_secs(60);
        let flows = w.flows.clone().with_hold_ttl(minute);
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let order = flows
            .cart_checkout(&guest(), cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        assert_eq!(order.hold_expires_at, Some(order.placed_at.after(minute)));
        w.t.clock.advance(minute + Duration::from_millis(1));
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
    });
}

#[test]
fn paid_late_while_the_piece_is_still_there_is_paid() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        w.t.clock.advance(HOLD * 2);
        w.flows.step().await.unwrap();
        w.stock.holds_expire_due(100).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Expired);
        let paid = w.pay(&order).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 1, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn captured_and_the_stock_is_gone_the_money_goes_back_and_a_person_sees_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        w.t.clock.advance(HOLD * 2);
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let late = w.pay(&order).await.unwrap();
        assert_eq!(late.state, OrderState::NeedsDecision);
        let seen = w.see(order.id).await;
        assert_eq!(seen.payments[0].state, PaymentState::Refunded);
        assert_eq!(seen.payments[0].refunded.amount_minor, 12_900);
        assert_eq!(w.told(order.id, "orders.order_needs_decision.v1").await, 1);
        assert_eq!(
            w.pay(&order).await.unwrap().state,
            OrderState::NeedsDecision,
            "pressed again: nothing new"
        );
        assert_eq!(w.see(order.id).await.payments[0].refunded.amount_minor, 12_900);
        w.books_balance().await;
    });
}

#[test]
fn a_second_capture_goes_back_and_the_first_is_untouched() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let first = order.payments[0].id;
        let second = w
            .flows
            .payment_start(&system(), order.id, PaymentMethod::Sandbox, None)
            .await
            .unwrap();
        // The first was given up, and the provider captures it all the same.
        w.flows
            .payment_sandbox(&guest(), second.id, SandboxOutcome::Approve, None)
            .await
            .unwrap();
        w.provider_captures(first).await;
        let seen = w.see(order.id).await;
        let state = |id| seen.payments.iter().find(|p| p.id == id).unwrap().state;
        assert_eq!(
            (state(first), state(second.id)),
            (PaymentState::Refunded, PaymentState::Captured)
        );
        assert_eq!(seen.state, OrderState::Allocated);
        w.books_balance().await;
    });
}

#[test]
fn cancelled_everything_goes_back_once() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        let order = w.paid(&[(w.serum, 2)], World::collect_at(w.hubin)).await;
        for _ in 0..2 {
            let out = w
                .flows
                .order_cancel(&system(), order.id, "changed my mind".into(), None)
                .await
                .unwrap();
            assert_eq!(out.state, OrderState::Cancelled);
        }
        let seen = w.see(order.id).await;
        assert_eq!(seen.payments[0].state, PaymentState::Refunded);
        assert_eq!(seen.lines[0].quantity_cancelled, 2);
        assert_eq!(w.level(w.serum, w.hubin).await, (3, 0, 0, 3));
        assert_eq!(w.told(order.id, "orders.order_cancelled.v1").await, 1);
        w.books_balance().await;
    });
}

#[test]
fn cancelled_before_payment_the_payment_is_void_and_a_late_capture_goes_back() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let token = order.access_token.clone();
        w.flows
            .order_cancel(&guest(), order.id, "no".into(), token)
            .await
            .unwrap();
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 0, 1));
        assert!(w.pay(&order).await.unwrap_err().is(&payments::CLOSED));
        w.provider_captures(order.payments[0].id).await;
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.payments[0].state),
            (OrderState::Cancelled, PaymentState::Refunded)
        );
        w.books_balance().await;
    });
}

#[test]
fn the_owner_cancels_until_it_is_ready_staff_after_that() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let token = order.access_token.clone();
        w.pay(&order).await.unwrap();
        w.flows
            .fulfilment_pick(&associate(w.hubin), order.fulfilments[0].id)
            .await
            .unwrap();
        let refused = w
            .flows
            .order_cancel(&guest(), order.id, "no".into(), token)
            .await
            .unwrap_err();
        assert!(refused.is(&orders::NOT_CANCELLABLE));
        w.flows
            .order_cancel(&associate(w.hubin), order.id, "no show".into(), None)
            .await
            .unwrap();
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 0, 1));
        w.books_balance().await;
    });
}

#[test]
fn a_refund_its_provider_did_not_settle_is_settled_by_the_loop() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        // As if the process had died between the commit and the call to the provider.
        w.ask_for_refund(order.id, 2_900).await;
        assert_eq!(w.see(order.id).await.payments[0].state, PaymentState::Captured);
        assert_eq!(w.flows.step().await.unwrap(), 1);
        assert_eq!(w.flows.step().await.unwrap(), 0);
        assert_eq!(
            w.see(order.id).await.payments[0].state,
            PaymentState::PartlyRefunded
        );
        w.books_balance().await;
    });
}
