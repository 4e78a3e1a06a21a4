//! Stripe against a peer that checks keys and signs its events as Stripe does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod peer;

use std::time::Duration;

use db::testing::{TestDb, each_engine};
use payments::{
    Action, CaptureMode, Judged, NOTIFICATION_STALE, NOTIFICATION_UNPROVED, PROVIDER_UNREACHABLE,
    PaymentState, Payments, ProviderName, Way,
};
use peer::desk::{Desk, ctx};
use peer::stripe::{Peer, WEBHOOK, WEBHOOK_NEXT};
use peer::{Fault, seconds};
use serde_json::json;

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, payments::MIGRATIONS];

async fn desk(t: TestDb, capture: CaptureMode) -> (Desk, Peer) {
    let peer = Peer::start(t.clock.clone()).await;
    let providers = peer.config(capture).providers("https://shop.example").unwrap();
    let payments = Payments::with(t.db.clone(), providers, false);
    (Desk::new(t, payments, ProviderName::Stripe), peer)
}

#[test]
fn an_intent_is_made_once_whatever_gets_lost() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, CaptureMode::Automatic).await;
        let payment = desk.start(100).await;
        peer.fail(&[Fault::Silent, Fault::Broken]);
        for _ in 0..2 {
            let error = desk.open(&payment, Way::Intent).await.unwrap_err();
            assert!(error.is(&PROVIDER_UNREACHABLE), "{error:?}");
        }
        let action = desk.open(&payment, Way::Intent).await.unwrap();
        assert_eq!(
            action,
            Action::StripeIntent {
                publishable_key: "pk_test_1".into(),
                client_secret: "pi_1_secret_1".into()
            }
        );
        assert_eq!(peer.intents().len(), 1);
        assert_eq!(
            peer.intents()[0]["metadata"]["storeloop_payment"],
            payment.id.to_string()
        );
    });
}

#[test]
fn events_are_proved_by_any_secret_in_force_and_only_while_they_are_fresh() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, CaptureMode::Automatic).await;
        let payment = desk.start(100).await;
        desk.open(&payment, Way::Intent).await.unwrap();
        let declined = peer.confirms(&payment.id.to_string(), "requires_payment_method");
        desk.hear(&peer.event("evt_1", "payment_intent.payment_failed", &declined))
            .await
            .unwrap();
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Declined);
        let paid = peer.confirms(&payment.id.to_string(), "succeeded");
        let now = seconds(desk.clock());
        let kind = "payment_intent.succeeded";
        let of = |secrets: &[&str], at| peer.event_with("evt_2", kind, &paid, secrets, at);
        for (what, sent) in [
            ("none", of(&[], now)),
            ("another", of(&["whsec_x"], now)),
            ("empty", of(&[""], now)),
        ] {
            assert!(
                desk.hear(&sent).await.unwrap_err().is(&NOTIFICATION_UNPROVED),
                "{what}"
            );
        }
        let mut tampered = of(&[WEBHOOK], now);
        let text = String::from_utf8(tampered.body.to_vec()).unwrap();
        tampered.body = text.replace("evt_2", "evt_3").into();
        assert!(desk.hear(&tampered).await.unwrap_err().is(&NOTIFICATION_UNPROVED));
        for at in [now - 301, now + 301] {
            assert!(
                desk.hear(&of(&[WEBHOOK], at))
                    .await
                    .unwrap_err()
                    .is(&NOTIFICATION_STALE)
            );
        }
        let mut cheaper = paid.clone();
        cheaper["amount_received"] = 1.into();
        assert_eq!(
            desk.hear(&peer.event("evt_4", kind, &cheaper)).await.unwrap(),
            [Judged::Differs]
        );
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Declined);
        // While a secret is replaced, events carry a signature under each.
        for secrets in [&["whsec_x", WEBHOOK_NEXT][..], &[WEBHOOK], &[WEBHOOK_NEXT]] {
            desk.hear(&of(secrets, now)).await.unwrap();
        }
        let end = desk.see(payment.id).await.balance;
        assert_eq!((end.state, end.captured), (PaymentState::Captured, 100));
        assert_eq!(desk.drift().await, 0);
    });
}

#[test]
fn reserved_money_is_taken_once_or_let_go() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, CaptureMode::Manual).await;
        let (kept, let_go) = (desk.start(100).await, desk.start(200).await);
        for payment in [&kept, &let_go] {
            desk.open(payment, Way::Intent).await.unwrap();
            let reserved = peer.confirms(&payment.id.to_string(), "requires_capture");
            let sent = peer.event(
                &format!("evt_{}", payment.id),
                "payment_intent.amount_capturable_updated",
                &reserved,
            );
            desk.hear(&sent).await.unwrap();
            assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Authorised);
        }
        desk.clock().advance(Duration::from_secs(5));
        let looked = desk.payments.session_look(kept.id).await.unwrap();
        assert_eq!(looked.to_decide, Some(kept.id));
        peer.fail(&[Fault::Silent]);
        assert!(desk.payments.session_capture(kept.id).await.is_err());
        for told in desk.payments.session_capture(kept.id).await.unwrap() {
            let judged = desk
                .payments
                .told_judge(ProviderName::Stripe, &told)
                .await
                .unwrap();
            desk.apply(&judged).await.unwrap();
        }
        assert_eq!(desk.see(kept.id).await.balance.captured, 100);
        desk.give_up(&let_go).await;
        desk.look(let_go.id).await.unwrap();
        assert_eq!(desk.see(let_go.id).await.balance.state, PaymentState::Voided);
        let statuses: Vec<_> = peer.intents().iter().map(|i| i["status"].clone()).collect();
        assert_eq!(statuses, ["succeeded", "canceled"]);
    });
}

#[test]
fn a_refund_is_found_again_after_stripe_has_forgotten_the_key() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, CaptureMode::Automatic).await;
        let payment = desk.captured(100, Way::Intent).await;
        peer.confirms(&payment.id.to_string(), "succeeded");
        desk.ask_back(&payment, 40, "ret_1").await;
        peer.fail(&[Fault::Silent]);
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        peer.forget_keys();
        desk.clock().advance(Duration::from_secs(25 * 3600));
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        assert_eq!(peer.refunds().len(), 1);
        assert_eq!(desk.see(payment.id).await.balance.refunded, 40);

        peer.new_refunds_are("pending");
        desk.ask_back(&payment, 60, "ret_2").await;
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        assert_eq!(desk.see(payment.id).await.balance.refunding, 60);
        let mut done = peer.refunds()[1].clone();
        done["status"] = "succeeded".into();
        for _ in 0..3 {
            desk.hear(&peer.event("evt_9", "refund.updated", &done))
                .await
                .unwrap();
        }
        // One made in the dashboard, of more than is left, is no booking but a question.
        let by_hand = json!({"id": "re_9", "object": "refund", "amount": 1, "currency": "cny", "status": "succeeded",
            "payment_intent": "pi_1", "metadata": {}});
        assert_eq!(
            desk.hear(&peer.event("evt_10", "refund.created", &by_hand))
                .await
                .unwrap(),
            [Judged::Differs]
        );
        let end = desk.see(payment.id).await.balance;
        assert_eq!((end.state, end.refunded), (PaymentState::Refunded, 100));
        assert_eq!(desk.drift().await, 0);
    });
}
