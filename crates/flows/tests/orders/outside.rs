//! Orders paid with providers outside, over real HTTP, against peers that verify and sign.

use std::time::Duration;

use db::testing::{TestDb, each_engine};
use flows::{OrderOut, PaymentMethod, PaymentOpen};
use orders::OrderState;
use payments::{CaptureMode, PaymentState, Payments, ProviderName, Sent, Way};

use crate::peer::{Fault, alipay, stripe};
use crate::world::{SETS, World, guest};

const HOLD: Duration = Duration::from_secs(15 * 60);

fn wish(way: Way) -> PaymentOpen {
    PaymentOpen {
        way,
        payer: None,
        address: "192.0.2.7".into(),
    }
}

/// Orders one serum, to be fetched, and lets the payer come.
async fn ordered(w: &World, method: PaymentMethod, way: Way) -> OrderOut {
    let cart = w
        .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
        .await;
    let order = w.flows.cart_checkout(&guest(), cart, method).await.unwrap();
    w.flows
        .payment_open(&guest(), order.payments[0].id, wish(way))
        .await
        .unwrap();
    order
}

async fn with_stripe(t: TestDb, capture: CaptureMode) -> (World, stripe::Peer) {
    let peer = stripe::Peer::start(t.clock.clone()).await;
    let providers = peer.config(capture).providers("https://shop.example").unwrap();
    let payments = Payments::with(t.db.clone(), providers, true);
    (World::with(t, payments).await, peer)
}

async fn hear(w: &World, provider: ProviderName, sent: &Sent) {
    w.flows.payment_notify(provider, sent).await.unwrap();
}

#[test]
fn three_deliveries_out_of_order_end_in_the_same_order() {
    each_engine(SETS, async |t: TestDb| {
        let peer = alipay::Peer::start(t.clock.clone(), false).await;
        let providers = peer.config().providers("https://shop.example").unwrap();
        let payments = Payments::with(t.db.clone(), providers, false);
        let w = World::with(t, payments).await;
        w.receive(w.serum, w.hubin, 9).await;
        let mut ends = Vec::new();
        for order_of_arrival in [[0, 1], [1, 0]] {
            let order = ordered(&w, PaymentMethod::Alipay, Way::Qr).await;
            let id = order.payments[0].id.to_string();
            let of = |changes: &[(&str, &str)]| {
                let mut all = vec![("out_trade_no", id.as_str()), ("total_amount", "129.00")];
                all.extend_from_slice(changes);
                peer.notification(&all)
            };
            let back = [
                ("gmt_refund", "2026-11-23 10:00:00"),
                ("refund_fee", "29.00"),
                ("out_biz_no", "by-hand"),
            ];
            let refund_alone = {
                // The refund's message without the payment's: it says both, so that the payment is cut away.
                let mut changes = back.to_vec();
                changes.push(("trade_status", "TRADE_SUCCESS"));
                of(&changes)
            };
            let sent = [of(&[]), refund_alone];
            for at in order_of_arrival {
                for _ in 0..3 {
                    hear(&w, ProviderName::Alipay, &sent[at]).await;
                }
            }
            let seen = w.see(order.id).await;
            assert_eq!(w.told(order.id, "orders.order_paid.v1").await, 1);
            ends.push((
                seen.state,
                seen.fulfilments.len(),
                seen.payments[0].state,
                seen.payments[0].refunded.amount_minor,
            ));
        }
        assert_eq!(
            ends[0],
            (OrderState::Allocated, 1, PaymentState::PartlyRefunded, 2_900)
        );
        assert_eq!(ends[0], ends[1]);
        assert_eq!(w.level(w.serum, w.hubin).await, (9, 2, 0, 7));
        w.books_balance().await;
    });
}

#[test]
fn a_refund_from_outside_before_the_capture_is_still_a_paid_order() {
    each_engine(SETS, async |t: TestDb| {
        let (w, peer) = with_stripe(t, CaptureMode::Automatic).await;
        w.receive(w.serum, w.hubin, 1).await;
        let order = ordered(&w, PaymentMethod::Stripe, Way::Intent).await;
        let paid = peer.confirms(&order.payments[0].id.to_string(), "succeeded");
        let by_hand = serde_json::json!({"id": "re_9", "object": "refund", "amount": 2_900, "currency": "cny",
            "status": "succeeded", "payment_intent": "pi_1", "metadata": {}});
        let sent = [
            peer.event("evt_2", "refund.created", &by_hand),
            peer.event("evt_1", "payment_intent.succeeded", &paid),
        ];
        for one in sent.iter().chain(&sent).chain(&sent) {
            hear(&w, ProviderName::Stripe, one).await;
        }
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.payments[0].state),
            (OrderState::Allocated, PaymentState::PartlyRefunded)
        );
        assert_eq!(w.told(order.id, "orders.order_paid.v1").await, 1);
        w.books_balance().await;
    });
}

#[test]
fn captured_and_the_stock_is_gone_the_provider_gives_it_back_once() {
    each_engine(SETS, async |t: TestDb| {
        let (w, peer) = with_stripe(t, CaptureMode::Automatic).await;
        w.receive(w.serum, w.hubin, 1).await;
        let order = ordered(&w, PaymentMethod::Stripe, Way::Intent).await;
        w.t.clock.advance(HOLD * 2);
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let paid = peer.confirms(&order.payments[0].id.to_string(), "succeeded");
        peer.fail(&[Fault::Silent]);
        for _ in 0..3 {
            hear(
                &w,
                ProviderName::Stripe,
                &peer.event("evt_1", "payment_intent.succeeded", &paid),
            )
            .await;
        }
        let seen = w.see(order.id).await;
        assert_eq!(seen.state, OrderState::NeedsDecision);
        assert_eq!(w.told(order.id, "orders.order_needs_decision.v1").await, 1);
        w.t.clock.advance(Duration::from_secs(60));
        w.flows.step().await.unwrap();
        assert_eq!(peer.refunds().len(), 1, "asked for twice, made once");
        assert_eq!(w.see(order.id).await.payments[0].state, PaymentState::Refunded);
        w.books_balance().await;
    });
}

#[test]
fn reserved_money_is_taken_for_one_order_and_let_go_when_the_stock_is_gone() {
    each_engine(SETS, async |t: TestDb| {
        let (w, peer) = with_stripe(t, CaptureMode::Manual).await;
        w.receive(w.serum, w.hubin, 1).await;
        let first = ordered(&w, PaymentMethod::Stripe, Way::Intent).await;
        w.t.clock.advance(HOLD * 2);
        let second = ordered(&w, PaymentMethod::Stripe, Way::Intent).await;
        let kind = "payment_intent.amount_capturable_updated";
        let reserved = peer.confirms(&second.payments[0].id.to_string(), "requires_capture");
        for _ in 0..3 {
            hear(&w, ProviderName::Stripe, &peer.event("evt_1", kind, &reserved)).await;
        }
        let seen = w.see(second.id).await;
        assert_eq!((seen.state, seen.fulfilments.len()), (OrderState::Allocated, 1));
        assert_eq!(w.told(second.id, "orders.order_paid.v1").await, 1);

        let too_late = peer.confirms(&first.payments[0].id.to_string(), "requires_capture");
        for _ in 0..3 {
            hear(&w, ProviderName::Stripe, &peer.event("evt_2", kind, &too_late)).await;
        }
        let seen = w.see(first.id).await;
        assert_eq!(
            (seen.state, seen.payments[0].state),
            (OrderState::NeedsDecision, PaymentState::Voided)
        );
        assert_eq!(w.told(first.id, "orders.order_needs_decision.v1").await, 1);
        assert!(
            peer.refunds().is_empty(),
            "nothing was taken, so nothing is given back"
        );
        let statuses: Vec<_> = peer.intents().iter().map(|i| i["status"].clone()).collect();
        assert_eq!(statuses, ["canceled", "succeeded"]);
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 1, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn silence_is_asked_about_and_what_is_given_up_is_closed() {
    each_engine(SETS, async |t: TestDb| {
        let (w, peer) = with_stripe(t, CaptureMode::Automatic).await;
        w.receive(w.serum, w.hubin, 2).await;
        let paid = ordered(&w, PaymentMethod::Stripe, Way::Intent).await;
        let cancelled = ordered(&w, PaymentMethod::Stripe, Way::Intent).await;
        peer.confirms(&paid.payments[0].id.to_string(), "succeeded");
        let token = cancelled.access_token.clone();
        w.flows
            .order_cancel(&guest(), cancelled.id, "no".into(), token)
            .await
            .unwrap();
        // No message ever comes; the first question gets no answer either.
        peer.fail(&[Fault::Silent]);
        for _ in 0..4 {
            w.t.clock.advance(Duration::from_secs(60));
            w.flows.step().await.unwrap();
        }
        assert_eq!(w.see(paid.id).await.state, OrderState::Allocated);
        let statuses: Vec<_> = peer.intents().iter().map(|i| i["status"].clone()).collect();
        assert_eq!(statuses, ["succeeded", "canceled"]);
        w.books_balance().await;
    });
}

#[test]
fn whoever_comes_late_is_told_before_money_moves() {
    each_engine(SETS, async |t: TestDb| {
        let (w, peer) = with_stripe(t, CaptureMode::Automatic).await;
        w.receive(w.serum, w.hubin, 1).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::Stripe)
            .await
            .unwrap();
        let payment = order.payments[0].id;
        w.t.clock.advance(HOLD + Duration::from_secs(1));
        let visitor = guest();
        let open = || w.flows.payment_open(&visitor, payment, wish(Way::Intent));
        let opened = open().await.unwrap();
        assert_eq!(
            opened.expires_at,
            w.see(order.id).await.hold_expires_at.unwrap(),
            "the stock is kept anew"
        );
        w.t.clock.advance(HOLD + Duration::from_secs(1));
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        assert!(open().await.unwrap_err().is(&stock::HOLD_LAPSED));
        assert_eq!(peer.intents().len(), 1);
        let none = w
            .flows
            .payment_open(&guest(), payment, wish(Way::Qr))
            .await
            .unwrap_err();
        assert!(none.is(&payments::NOT_SUPPORTED));
        let cart = w.cart(&guest(), &[(w.wrap, 1)], World::collect_at(w.hubin)).await;
        let other = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::Alipay)
            .await
            .unwrap_err();
        assert!(other.is(&payments::METHOD_UNAVAILABLE));
    });
}
