//! WeChat Pay against a peer that verifies every request and answers, signs and seals as WeChat Pay does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod peer;

use std::time::Duration;

use base::{Clock, SystemClock};
use db::testing::{TestDb, each_engine};
use payments::{
    ANSWER_UNTRUSTED, Action, CLOSED, Judged, NOTIFICATION_STALE, NOTIFICATION_UNPROVED, OTHER_WAY,
    PROVIDER_UNREACHABLE, PaymentState, Payments, ProviderName, Way,
};
use peer::desk::{Desk, PATIENCE, ctx};
use peer::wechat::{self, Peer, V3_KEY};
use peer::{Fault, seconds};
use serde_json::json;

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, payments::MIGRATIONS];

async fn desk_with(t: TestDb, with_public_key: bool) -> (Desk, Peer) {
    let peer = Peer::start(t.clock.clone()).await;
    let providers = peer
        .config(with_public_key)
        .providers("https://shop.example")
        .unwrap();
    let payments = Payments::with(t.db.clone(), providers, false);
    (Desk::new(t, payments, ProviderName::WechatPay), peer)
}

async fn desk(t: TestDb) -> (Desk, Peer) {
    desk_with(t, true).await
}

#[test]
fn a_payer_comes_by_code_by_page_and_inside_wechat() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let payment = desk.start(100).await;
        let code = desk.open(&payment, Way::Native).await.unwrap();
        assert_eq!(
            code,
            Action::Code {
                url: "weixin://wxpay/bizpayurl?pr=p4lpSuKzz".into()
            }
        );
        assert_eq!(
            desk.open(&payment, Way::Native).await.unwrap(),
            code,
            "asked again, nothing is asked for"
        );
        assert_eq!(peer.seen(), ["POST /v3/pay/transactions/native"]);
        assert!(desk.open(&payment, Way::H5).await.unwrap_err().is(&OTHER_WAY));

        let on_phone = desk.start(100).await;
        let Action::Redirect { url } = desk.open(&on_phone, Way::H5).await.unwrap() else {
            panic!()
        };
        assert!(
            url.ends_with(&format!(
                "&redirect_url=https%3A%2F%2Fshop.example%2Fshop%2Fpay%2F{}",
                on_phone.order_id
            )),
            "{url}"
        );

        let inside = desk.start(100).await;
        let Action::WechatJsapi {
            app_id,
            time_stamp,
            nonce_str,
            package,
            sign_type,
            pay_sign,
        } = desk.open(&inside, Way::Jsapi).await.unwrap()
        else {
            panic!()
        };
        assert_eq!(
            (package.as_str(), sign_type.as_str()),
            ("prepay_id=wx26112221580621e9b071c00d9e093b0000", "RSA")
        );
        let message = format!("{app_id}\n{time_stamp}\n{nonce_str}\n{package}\n");
        assert!(peer.verify_merchant(&message, &pay_sign));
    });
}

#[test]
fn delivered_three_times_it_is_one_capture() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let payment = desk.start(12_900).await;
        desk.open(&payment, Way::Native).await.unwrap();
        let plain = peer.pays(&payment.id.to_string());
        let sent = peer.notification("EV-1", "TRANSACTION.SUCCESS", &plain);
        for _ in 0..3 {
            assert!(matches!(desk.hear(&sent).await.unwrap()[..], [Judged::Event(_)]));
        }
        let paid = desk.see(payment.id).await.balance;
        assert_eq!((paid.state, paid.captured), (PaymentState::Captured, 12_900));
        assert_eq!(desk.drift().await, 0);
        let paid = desk.see(payment.id).await;
        assert!(desk.open(&paid, Way::Native).await.unwrap_err().is(&CLOSED));
    });
}

#[test]
fn what_is_forged_tampered_with_stale_or_replayed_books_nothing() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let payment = desk.start(100).await;
        desk.open(&payment, Way::Native).await.unwrap();
        let plain = peer.pays(&payment.id.to_string());
        let right = peer.notification("EV-1", "TRANSACTION.SUCCESS", &plain);
        let now = seconds(desk.clock());

        let mut longer = right.clone();
        longer.body = [right.body.as_ref(), b" "].concat().into();
        let mut probe = right.clone();
        probe
            .headers
            .insert("wechatpay-signature", "WECHATPAY/SIGNTEST/abc".parse().unwrap());
        let mut silent = right.clone();
        silent.headers.remove("wechatpay-signature");
        let mut unknown = right.clone();
        unknown
            .headers
            .insert("wechatpay-serial", "PUB_KEY_ID_0".parse().unwrap());
        let forged = peer.signed("other", wechat::KEY_ID, now, right.body.to_vec());
        let other_key = peer.notification_with(
            "EV-1",
            "TRANSACTION.SUCCESS",
            &plain,
            "another-key-0123456789abcdef0123",
            now,
        );
        for (what, sent) in [
            ("longer", longer),
            ("probe", probe),
            ("silent", silent),
            ("unknown", unknown),
            ("forged", forged),
            ("other key", other_key),
        ] {
            let error = desk.hear(&sent).await.unwrap_err();
            assert!(error.is(&NOTIFICATION_UNPROVED), "{what}: {error:?}");
        }
        for at in [now - 301, now + 301] {
            let stale = peer.notification_with("EV-1", "TRANSACTION.SUCCESS", &plain, V3_KEY, at);
            assert!(desk.hear(&stale).await.unwrap_err().is(&NOTIFICATION_STALE));
        }
        for (total, currency) in [(1, "CNY"), (101, "CNY"), (100, "USD")] {
            let mut other = plain.clone();
            other["amount"]["total"] = total.into();
            other["amount"]["currency"] = currency.into();
            let sent = peer.notification("EV-2", "TRANSACTION.SUCCESS", &other);
            assert_eq!(desk.hear(&sent).await.unwrap(), [Judged::Differs]);
        }
        let mut foreign = plain.clone();
        foreign["mchid"] = "1900000001".into();
        assert!(
            desk.hear(&peer.notification("EV-3", "TRANSACTION.SUCCESS", &foreign))
                .await
                .is_err()
        );
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Pending);

        desk.hear(&right).await.unwrap();
        desk.clock().advance(Duration::from_secs(3600));
        assert!(
            desk.hear(&right).await.unwrap_err().is(&NOTIFICATION_STALE),
            "replayed an hour later"
        );
    });
}

#[test]
fn no_answer_is_no_failure_the_next_look_finds_out() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let payment = desk.start(100).await;
        peer.fail(&[Fault::Silent]);
        assert!(
            desk.open(&payment, Way::Native)
                .await
                .unwrap_err()
                .is(&PROVIDER_UNREACHABLE)
        );
        desk.open(&payment, Way::Native).await.unwrap();
        assert_eq!(peer.orders().len(), 1, "asked for twice under one name");
        peer.pays(&payment.id.to_string());
        // The notification never comes; forged and torn answers are not believed either.
        peer.fail(&[Fault::Forged, Fault::Tampered, Fault::Broken]);
        for expected in [&ANSWER_UNTRUSTED, &ANSWER_UNTRUSTED, &PROVIDER_UNREACHABLE] {
            desk.clock().advance(Duration::from_secs(60));
            assert_eq!(desk.payments.session_due().await.unwrap(), [payment.id]);
            let error = desk.look(payment.id).await.unwrap_err();
            assert!(error.is(expected), "{error:?}");
        }
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Pending);
        desk.clock().advance(Duration::from_secs(60));
        desk.look(payment.id).await.unwrap();
        assert_eq!(desk.see(payment.id).await.balance.state, PaymentState::Captured);
        // Looked at once more it rests for good.
        desk.clock().advance(Duration::from_secs(300));
        desk.look(payment.id).await.unwrap();
        assert!(desk.payments.session_due().await.unwrap().is_empty());
    });
}

#[test]
fn when_the_payers_time_is_over_nobody_can_pay_any_more() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let (slow, quick, gone) = (
            desk.start(100).await,
            desk.start(200).await,
            desk.start(300).await,
        );
        for payment in [&slow, &quick, &gone] {
            desk.open(payment, Way::Native).await.unwrap();
        }
        desk.give_up(&gone).await;
        assert_eq!(
            desk.payments.session_due().await.unwrap(),
            [gone.id],
            "given up: the provider is told at once"
        );
        desk.look(gone.id).await.unwrap();
        assert_eq!(peer.orders()[&gone.id.to_string()]["trade_state"], "CLOSED");
        desk.clock().advance(PATIENCE);
        peer.pays(&quick.id.to_string());
        for id in desk.payments.session_due().await.unwrap() {
            desk.look(id).await.unwrap();
        }
        assert_eq!(desk.see(slow.id).await.balance.state, PaymentState::Voided);
        assert_eq!(
            desk.see(quick.id).await.balance.state,
            PaymentState::Captured,
            "the payer was faster"
        );
        assert_eq!(peer.orders()[&slow.id.to_string()]["trade_state"], "CLOSED");
    });
}

#[test]
fn a_refund_is_made_once_whatever_gets_lost() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let payment = desk.start(100).await;
        desk.open(&payment, Way::Native).await.unwrap();
        let paid = peer.pays(&payment.id.to_string());
        desk.hear(&peer.notification("EV-1", "TRANSACTION.SUCCESS", &paid))
            .await
            .unwrap();
        desk.ask_back(&payment, 40, "ret_1").await;
        peer.fail(&[Fault::Silent, Fault::Forged]);
        for _ in 0..4 {
            desk.payments.refund_settle_due(&ctx()).await.unwrap();
            desk.clock().advance(Duration::from_secs(120));
        }
        let refunds = peer.refunds();
        assert_eq!(refunds.len(), 1);
        let (reference, _) = refunds.first_key_value().unwrap();
        let balance = desk.see(payment.id).await.balance;
        assert_eq!(
            (balance.refunded, balance.refunding),
            (0, 40),
            "still being worked on"
        );

        let done = peer.refund_becomes(reference, "SUCCESS");
        let sent = peer.notification("EV-2", "REFUND.SUCCESS", &done);
        for _ in 0..3 {
            desk.hear(&sent).await.unwrap();
        }
        let balance = desk.see(payment.id).await.balance;
        assert_eq!(
            (balance.state, balance.refunded, balance.refunding),
            (PaymentState::PartlyRefunded, 40, 0)
        );
        assert_eq!(desk.drift().await, 0);

        // One made in WeChat Pay's own console counts too, once.
        let mut outside = done.clone();
        outside["out_refund_no"] = "by-hand-1".into();
        outside["refund_id"] = "50300001".into();
        outside["amount"]["refund"] = 10.into();
        for _ in 0..2 {
            desk.hear(&peer.notification("EV-3", "REFUND.SUCCESS", &outside))
                .await
                .unwrap();
        }
        assert_eq!(desk.see(payment.id).await.balance.refunded, 50);
    });
}

#[test]
fn a_refund_given_up_by_the_provider_is_seen_and_its_money_stays_set_aside() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let payment = desk.start(100).await;
        desk.open(&payment, Way::Native).await.unwrap();
        let paid = peer.pays(&payment.id.to_string());
        desk.hear(&peer.notification("EV-1", "TRANSACTION.SUCCESS", &paid))
            .await
            .unwrap();
        desk.ask_back(&payment, 100, "ret_1").await;
        peer.new_refunds_are("ABNORMAL");
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        let balance = desk.see(payment.id).await.balance;
        assert_eq!((balance.refunded, balance.refunding), (0, 100));
        desk.clock().advance(Duration::from_secs(3600));
        assert_eq!(desk.payments.refund_settle_due(&ctx()).await.unwrap(), 0);
    });
}

#[test]
fn platform_certificates_are_fetched_renewed_and_end() {
    each_engine(SETS, async |t: TestDb| {
        // Certificates are made by the machine's clock.
        t.clock.set(SystemClock.now().after(Duration::from_secs(60)));
        let (desk, peer) = desk_with(t, false).await;
        peer.rotate("first", "5157F09EFDC096DE15EBE81A47057A7200000001");
        let payment = desk.start(100).await;
        desk.open(&payment, Way::Native).await.unwrap();
        assert_eq!(
            peer.seen(),
            ["POST /v3/pay/transactions/native", "GET /v3/certificates"]
        );
        let plain = peer.pays(&payment.id.to_string());
        let by_first = peer.notification("EV-1", "TRANSACTION.SUCCESS", &plain);
        // Another certificate takes over; both count while both are published.
        peer.rotate("second", "5157F09EFDC096DE15EBE81A47057A7200000002");
        let by_second = peer.notification("EV-2", "TRANSACTION.SUCCESS", &plain);
        assert!(
            desk.hear(&by_second)
                .await
                .unwrap_err()
                .is(&NOTIFICATION_UNPROVED),
            "asked a moment ago"
        );
        desk.clock().advance(Duration::from_secs(61));
        desk.hear(&by_second).await.unwrap();
        desk.hear(&by_first).await.unwrap();
        // Nobody can make us ask again and again.
        peer.seen();
        for _ in 0..3 {
            let unknown = peer.signed("other", "00FF", seconds(desk.clock()), by_first.body.to_vec());
            assert!(desk.hear(&unknown).await.unwrap_err().is(&NOTIFICATION_UNPROVED));
        }
        assert!(peer.seen().is_empty());
        desk.clock().advance(Duration::from_secs(11 * 24 * 3600));
        let after_its_time = peer.notification("EV-3", "TRANSACTION.SUCCESS", &plain);
        assert!(
            desk.hear(&after_its_time)
                .await
                .unwrap_err()
                .is(&NOTIFICATION_UNPROVED)
        );
    });
}

#[test]
fn an_unknown_payment_is_told_and_books_nothing() {
    each_engine(SETS, async |t: TestDb| {
        let (desk, peer) = desk(t).await;
        let plain = json!({
            "mchid": wechat::MERCHANT, "appid": wechat::APP, "out_trade_no": "someone-elses", "trade_state": "SUCCESS",
            "transaction_id": "1", "amount": {"total": 1, "currency": "CNY"},
        });
        let judged = desk
            .hear(&peer.notification("EV-1", "TRANSACTION.SUCCESS", &plain))
            .await
            .unwrap();
        assert_eq!(judged, [Judged::Differs]);
    });
}
