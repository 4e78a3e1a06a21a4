//! Alipay against a gateway that verifies every request and signs its answers as Alipay does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod peer;

use std::time::Duration;

use db::testing::{TestDb, each_engine};
use payments::{
    ANSWER_UNTRUSTED, Action, Judged, NOTIFICATION_UNPROVED, PROVIDER_UNREACHABLE, PaymentState, Payments,
    ProviderName, Way,
};
use peer::Fault;
use peer::alipay::{Peer, pairs};
use peer::desk::{Desk, PATIENCE, ctx};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, payments::MIGRATIONS];

async fn desk(t: TestDb, with_certificates: bool) -> (Desk, Peer) {
    let peer = Peer::start(t.clock.clone(), with_certificates).await;
    let providers = peer.config().providers("https://shop.example").unwrap();
    let payments = Payments::with(t.db.clone(), providers, false);
    (Desk::new(t, payments, ProviderName::Alipay), peer)
}

#[test]
fn a_payer_comes_by_code_and_by_page_with_keys_and_with_certificates() {
    each_engine(SETS, async |t: TestDb| {
        let with_certificates = t.db.engine() == db::Engine::Sqlite;
        let (desk, peer) = desk(t, with_certificates).await;
        let payment = desk.start(1_005).await;
        let code = desk.open(&payment, Way::Qr).await.unwrap();
        assert_eq!(
            code,
            Action::Code {
                url: "https://qr.alipay.com/bavh4wjlxf12tper3a".into()
            }
        );
        assert_eq!(peer.trade(&payment.id.to_string()).amount, "10.05");
        for (way, method) in [
            (Way::Page, "alipay.trade.page.pay"),
            (Way::Wap, "alipay.trade.wap.pay"),
        ] {
            let payment = desk.start(7).await;
            let Action::Redirect { url } = desk.open(&payment, way).await.unwrap() else {
                panic!()
            };
            let sent = pairs(url.split_once('?').unwrap().1);
            peer.admit(&sent).unwrap();
            assert_eq!(sent["method"], method);
            assert_eq!(
                sent["notify_url"],
                "https://shop.example/api/v1/payments/notify/alipay"
            );
            assert_eq!(
                sent["return_url"],
                format!("https://shop.example/shop/pay/{}", payment.order_id)
            );
            assert!(
                sent["biz_content"].contains("\"total_amount\":\"0.07\""),
                "{}",
                sent["biz_content"]
            );
        }
        assert_eq!(
            peer.seen(),
            ["alipay.trade.precreate"],
            "a pay page is a signed address and needs no call"
        );
    });
}

#[test]
fn notifications_are_proved_and_name_us_the_order_and_its_amount() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, false).await;
        let payment = desk.start(1_500).await;
        desk.open(&payment, Way::Qr).await.unwrap();
        let id = payment.id.to_string();
        let of = |changes: &[(&str, &str)]| {
            let mut all = vec![("out_trade_no", id.as_str()), ("total_amount", "15.00")];
            all.extend_from_slice(changes);
            peer.notification(&all)
        };
        let right = of(&[]);
        let mut cheaper = right.clone();
        cheaper.body = String::from_utf8(right.body.to_vec())
            .unwrap()
            .replace("15.00", "0.01")
            .into();
        let mut doubled = right.clone();
        doubled.body = [right.body.as_ref(), b"&out_trade_no=x"].concat().into();
        let refused = [
            ("tampered amount", cheaper),
            ("a name twice", doubled),
            ("another app", of(&[("app_id", "2014")])),
            ("another seller", of(&[("seller_id", "2088000000000000")])),
            (
                "another key",
                peer.notification_by("other", &[("out_trade_no", &id), ("total_amount", "15.00")]),
            ),
        ];
        for (what, sent) in refused {
            let error = desk.hear(&sent).await.unwrap_err();
            assert!(error.is(&NOTIFICATION_UNPROVED), "{what}: {error:?}");
        }
        for amount in ["14.99", "15.01"] {
            assert_eq!(
                desk.hear(&of(&[("total_amount", amount)])).await.unwrap(),
                [Judged::Differs]
            );
        }
        assert_eq!(
            desk.hear(&of(&[("trade_status", "WAIT_BUYER_PAY")]))
                .await
                .unwrap(),
            [Judged::Nothing]
        );
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Pending);
        for _ in 0..3 {
            desk.hear(&right).await.unwrap();
        }
        assert_eq!(desk.see(payment.id).await.balance.captured, 1_500);
        assert_eq!(desk.drift().await, 0);
    });
}

#[test]
fn a_refund_that_overtakes_its_capture_ends_the_same() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, false).await;
        let mut ends = Vec::new();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let payment = desk.start(1_500).await;
            let id = payment.id.to_string();
            let of = |changes: &[(&str, &str)]| {
                let mut all = vec![("out_trade_no", id.as_str()), ("total_amount", "15.00")];
                all.extend_from_slice(changes);
                peer.notification(&all)
            };
            // What Alipay tells is the sum of all refunds so far.
            let back = |sum| {
                of(&[
                    ("gmt_refund", "2026-11-23 10:00:00.123"),
                    ("refund_fee", sum),
                    ("out_biz_no", "by-hand"),
                ])
            };
            let sent = [of(&[]), back("5.00"), back("8.00")];
            for at in order {
                for _ in 0..3 {
                    desk.hear(&sent[at]).await.unwrap();
                }
            }
            ends.push(desk.see(payment.id).await.balance);
        }
        assert_eq!(
            (ends[0].state, ends[0].captured, ends[0].refunded),
            (PaymentState::PartlyRefunded, 1_500, 800)
        );
        assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
        assert_eq!(desk.drift().await, 0);
    });
}

#[test]
fn answers_are_believed_byte_by_byte_and_silence_is_asked_about() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, true).await;
        let payment = desk.start(1_500).await;
        peer.fail(&[Fault::Silent, Fault::Forged, Fault::Tampered]);
        for expected in [&PROVIDER_UNREACHABLE, &ANSWER_UNTRUSTED, &ANSWER_UNTRUSTED] {
            let error = desk.open(&payment, Way::Qr).await.unwrap_err();
            assert!(error.is(expected), "{error:?}");
        }
        desk.open(&payment, Way::Qr).await.unwrap();
        peer.pays(&payment.id.to_string(), "15.00");
        desk.clock().advance(PATIENCE);
        // Its time is over: it is to be closed, the payer was faster, and the close says so.
        desk.look(payment.id).await.unwrap();
        assert_eq!(peer.seen()[4..], ["alipay.trade.close", "alipay.trade.query"]);
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Captured);
        // A page nobody opened is unknown there, and over here.
        let untouched = desk.start(1_500).await;
        desk.open(&untouched, Way::Page).await.unwrap();
        desk.clock().advance(Duration::from_secs(60));
        assert_eq!(desk.look(untouched.id).await.unwrap(), [Judged::Nothing]);
        desk.clock().advance(PATIENCE);
        desk.look(untouched.id).await.unwrap();
        assert_eq!(desk.see(untouched.id).await.balance.state, PaymentState::Voided);
    });
}

#[test]
fn refunds_are_made_once_also_when_alipay_hesitates_or_falls_silent() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t, false).await;
        let payment = desk.captured(1_500, Way::Qr).await;
        let id = payment.id.to_string();
        peer.pays(&id, "15.00");
        desk.ask_back(&payment, 500, "ret_1").await;
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        assert_eq!(desk.see(payment.id).await.balance.refunded, 500);

        peer.fail(&[Fault::Silent]);
        desk.ask_back(&payment, 300, "ret_2").await;
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        assert_eq!(
            desk.see(payment.id).await.balance.refunding,
            300,
            "nobody knows yet"
        );
        desk.clock().advance(Duration::from_secs(60));
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        assert_eq!(desk.see(payment.id).await.balance.refunded, 800);

        peer.refunds_are_slow(true);
        desk.ask_back(&payment, 200, "ret_3").await;
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        assert_eq!(desk.see(payment.id).await.balance.refunding, 200);
        peer.refunds_are_slow(false);
        desk.clock().advance(Duration::from_secs(60));
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        let end = desk.see(payment.id).await.balance;
        assert_eq!((end.refunded, end.refunding), (1_000, 0));
        let amounts: Vec<String> = peer.trade(&id).refunds.into_values().collect();
        assert_eq!(amounts.len(), 3, "{amounts:?}");
        assert_eq!(desk.drift().await, 0);
    });
}
