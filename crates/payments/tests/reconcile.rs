//! Providers' statements, in their own formats, beside our books.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod peer;

use std::io::Write;
use std::time::Duration;

use base::{PageQuery, Result};
use db::testing::{TestDb, each_engine};
use payments::{
    CaptureMode, Day, Decision, MatchFilter, MatchOut, NO_DECISION, Outcome, Payment, Payments, ProviderName,
    STATEMENT_DAMAGED, STATEMENT_MALFORMED, StatementOut, Way,
};
use peer::desk::{Desk, ctx};
use serde_json::json;

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, payments::MIGRATIONS];
const TODAY: &str = "2026-11-23";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

async fn rows(desk: &Desk, open: bool) -> Vec<MatchOut> {
    let filter = MatchFilter {
        open,
        ..MatchFilter::default()
    };
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageQuery {
            cursor,
            limit: Some(2),
        };
        let page = desk.payments.match_list(&ctx(), filter, &page).await.unwrap();
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            all.sort_by_key(|row| (written(row.outcome), row.ours.map(|m| m.amount_minor)));
            return all;
        }
    }
}

fn written(outcome: Outcome) -> String {
    serde_json::to_value(outcome)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

fn found(rows: &[MatchOut]) -> Vec<(String, Option<i64>, Option<i64>)> {
    let minor = |money: Option<base::Money>| money.map(|m| m.amount_minor);
    rows.iter()
        .map(|row| (written(row.outcome), minor(row.ours), minor(row.theirs)))
        .collect()
}

fn counts(statement: &StatementOut) -> (i64, i64, i64, i64) {
    (
        statement.lines,
        statement.matched,
        statement.differing,
        statement.open,
    )
}

fn wechat_line(time: &str, payment: &Payment, total: &str, refund: Option<(&str, &str)>) -> String {
    let (status, reference, back) = refund.map_or(("SUCCESS", "0", "0.00"), |(r, a)| ("REFUND", r, a));
    format!(
        "`{time},`wx1,`1900009191,`0,`,`4200{id},`{id},`oUp,`NATIVE,`{status},`OTHERS,`CNY,`{total},`0.00,`5030{reference},\
         `{reference},`{back},`0.00,`ORIGINAL,`SUCCESS,`订单,`,`0.08,`0.60%,`{total},`{back},`\r\n",
        id = payment.id
    )
}

const WECHAT_HEAD: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,\
    付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,\
    商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";
const WECHAT_TAIL: &str = "总交易单数,应结订单总金额,退款总金额\r\n`3,`1.00,`0.00\r\n";

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn wechat_pay_the_four_cases_a_decision_and_the_day_again() {
    each_engine(SETS, async |t: TestDb| {
        let peer = peer::wechat::Peer::start(t.clock.clone()).await;
        let providers = peer.config(true).providers("https://shop.example").unwrap();
        let payments = Payments::with(t.db.clone(), providers, false);
        let desk = Desk::new(t, payments, ProviderName::WechatPay);
        let (fits, differs) = (
            desk.captured(1_005, Way::Native).await,
            desk.captured(2_000, Way::Native).await,
        );
        desk.captured(3_000, Way::Native).await;
        let unknown = desk.start(4_000).await;
        // A refund, done as the provider told.
        desk.ask_back(&fits, 5, "ret_1").await;
        let reference = {
            let now = peer.pays(&fits.id.to_string());
            assert_eq!(now["trade_state"], "SUCCESS");
            peer.new_refunds_are("SUCCESS");
            desk.payments.refund_settle_due(&ctx()).await.unwrap();
            peer.refunds().into_keys().next().unwrap()
        };
        let of = |lines: &[String]| format!("{WECHAT_HEAD}{}{WECHAT_TAIL}", lines.concat());
        let mut lines = vec![
            wechat_line("2026-11-23 09:00:00", &fits, "10.05", None),
            wechat_line("2026-11-23 09:00:00", &differs, "19.99", None),
            wechat_line("2026-11-23 09:00:00", &unknown, "40.00", None),
            wechat_line("2026-11-23 09:00:00", &fits, "10.05", Some((&reference, "0.05"))),
        ];
        let text = of(&lines);
        peer.set_bill(gzip(&text), "0000000000000000000000000000000000000000");
        let system = ctx();
        let fetch = || {
            desk.payments
                .statement_fetch(&system, ProviderName::WechatPay, day(TODAY))
        };
        let damaged = fetch().await.unwrap_err();
        assert!(damaged.is(&STATEMENT_DAMAGED), "{damaged:?}");
        peer.set_bill(gzip(&text), &peer.sha1(text.as_bytes()));
        assert_eq!(counts(&fetch().await.unwrap()), (4, 2, 3, 3));
        let all = rows(&desk, false).await;
        let text_of = |s: &str| s.to_owned();
        assert_eq!(
            found(&all),
            [
                (text_of("amount_differs"), Some(2_000), Some(1_999)),
                (text_of("matched"), Some(5), Some(5)),
                (text_of("matched"), Some(1_005), Some(1_005)),
                (text_of("missing_here"), None, Some(4_000)),
                (text_of("missing_there"), Some(3_000), None),
            ]
        );
        let decide = |id, decision| {
            desk.payments
                .match_decide(&system, id, decision, "asked them".into())
        };
        assert!(
            decide(all[1].id, Decision::Accepted)
                .await
                .unwrap_err()
                .is(&NO_DECISION)
        );
        let decided = decide(all[0].id, Decision::Claimed).await.unwrap();
        assert_eq!(
            (decided.decision, decided.decided_by.as_deref()),
            (Some(Decision::Claimed), Some("system:test"))
        );
        // The day again: the decision stays while the difference is the same, and goes with it.
        assert_eq!(counts(&fetch().await.unwrap()), (4, 2, 3, 2));
        lines[1] = wechat_line("2026-11-23 09:00:00", &differs, "20.00", None);
        let text = of(&lines);
        peer.set_bill(gzip(&text), &peer.sha1(text.as_bytes()));
        assert_eq!(counts(&fetch().await.unwrap()), (4, 3, 2, 2));
        assert_eq!(rows(&desk, true).await.len(), 2);
        let page = PageQuery::default();
        let listed = desk.payments.statement_list(&ctx(), None, &page).await.unwrap();
        assert_eq!(
            listed.items.iter().map(counts).collect::<Vec<_>>(),
            [(4, 3, 2, 2)]
        );
        // What a person brings in by hand is read the same; a torn line is named.
        let torn = text.replace("`1900009191,`0,`,", "");
        let bring = async |bytes: &[u8]| -> Result<StatementOut> {
            desk.payments
                .statement_bring(&ctx(), ProviderName::WechatPay, day(TODAY), bytes)
                .await
        };
        assert_eq!(counts(&bring(text.as_bytes()).await.unwrap()), (4, 3, 2, 2));
        let error = bring(torn.as_bytes()).await.unwrap_err();
        assert!(
            error.is(&STATEMENT_MALFORMED) && error.facts()["line"] == 2,
            "{error:?}"
        );
        assert!(bring(b"hello").await.unwrap_err().is(&STATEMENT_MALFORMED));
    });
}

#[test]
fn a_payment_at_midnight_is_found_on_the_day_beside() {
    each_engine(SETS, async |t: TestDb| {
        let peer = peer::wechat::Peer::start(t.clock.clone()).await;
        let providers = peer.config(true).providers("https://shop.example").unwrap();
        let payments = Payments::with(t.db.clone(), providers, false);
        let desk = Desk::new(t, payments, ProviderName::WechatPay);
        // A second after midnight in China here; a second before there.
        desk.clock().advance(Duration::from_secs(15 * 3600 + 1));
        let late = desk.captured(100, Way::Native).await;
        let line = wechat_line("2026-11-23 23:59:59", &late, "1.00", None);
        let name = ProviderName::WechatPay;
        let empty = format!("{WECHAT_HEAD}{WECHAT_TAIL}");
        let bring = async |of: &str, text: &str| {
            desk.payments
                .statement_bring(&ctx(), name, day(of), text.as_bytes())
                .await
                .unwrap()
        };
        assert_eq!(
            counts(&bring("2026-11-24", &empty).await),
            (0, 0, 1, 1),
            "theirs of the day before is not here yet"
        );
        let before = format!("{WECHAT_HEAD}{line}{WECHAT_TAIL}");
        assert_eq!(counts(&bring(TODAY, &before).await), (1, 1, 0, 0));
        assert!(
            rows(&desk, true).await.is_empty(),
            "found on the day beside, nothing is open"
        );
    });
}

#[test]
fn alipay_a_zip_of_gbk() {
    each_engine(SETS, async |t: TestDb| {
        let peer = peer::alipay::Peer::start(t.clock.clone(), false).await;
        let providers = peer.config().providers("https://shop.example").unwrap();
        let payments = Payments::with(t.db.clone(), providers, false);
        let desk = Desk::new(t, payments, ProviderName::Alipay);
        let fits = desk.captured(1_500, Way::Qr).await;
        peer.pays(&fits.id.to_string(), "15.00");
        desk.ask_back(&fits, 500, "ret_1").await;
        desk.payments.refund_settle_due(&ctx()).await.unwrap();
        let reference = peer
            .trade(&fits.id.to_string())
            .refunds
            .into_keys()
            .next()
            .unwrap();
        let trade = "2013112011001004330000121536";
        let text = format!(
            "#支付宝业务明细查询\r\n#账号：[20881021462251350156]\r\n#-----业务明细列表----\r\n\
             支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,\
             商家实收（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r\n\
             {trade}\t,{id}\t,交易\t,订单,2026-11-23 08:59:00,2026-11-23 09:00:00,,,,,张*,15.00,15.00,,-0.09,0.00,\r\n\
             {trade}\t,{id}\t,退款\t,订单,2026-11-23 09:05:00,2026-11-23 09:05:00,,,,,张*,-5.00,-5.00,{reference}\t,0.03,0.00,\r\n\
             #-----业务明细列表结束----\r\n#交易合计：1笔\r\n",
            id = fits.id
        );
        let packed = {
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default();
            for (name, text) in [("a.csv", "#汇总\r\n合计\r\n"), ("b.csv", &text)] {
                zip.start_file(name, options).unwrap();
                zip.write_all(&encoding_rs::GBK.encode(text).0).unwrap();
            }
            zip.finish().unwrap().into_inner()
        };
        peer.set_bill(packed);
        // The peer has an account of the day before only; it is brought by hand for this one.
        let fetched = desk
            .payments
            .statement_fetch(&ctx(), desk.name, day("2026-11-22"))
            .await
            .unwrap();
        assert_eq!(
            counts(&fetched),
            (2, 2, 0, 0),
            "found by name, whichever day the file is taken for"
        );
        let brought = desk
            .payments
            .statement_bring(&ctx(), desk.name, day(TODAY), text.as_bytes())
            .await
            .unwrap();
        assert_eq!(counts(&brought), (2, 2, 0, 0));
    });
}

#[test]
fn stripe_by_pages_and_by_report() {
    each_engine(SETS, async |t: TestDb| {
        let peer = peer::stripe::Peer::start(t.clock.clone()).await;
        let providers = peer
            .config(CaptureMode::Automatic)
            .providers("https://shop.example")
            .unwrap();
        let payments = Payments::with(t.db.clone(), providers, false);
        let desk = Desk::new(t, payments, ProviderName::Stripe);
        let first = desk.captured(1_000, Way::Intent).await;
        desk.captured(2_000, Way::Intent).await;
        let now = peer::seconds(desk.clock());
        let row = |id: &str, kind: &str, amount: i64, source: serde_json::Value| {
            json!({"id": id, "object": "balance_transaction", "type": kind, "amount": amount, "fee": 59, "currency": "cny",
                "created": now, "source": source})
        };
        peer.set_balance(vec![
            row("txn_1", "charge", 1_000, json!({"id": "ch_1", "payment_intent": "pi_1", "metadata": {"storeloop_payment": first.id.to_string()}})),
            row("txn_2", "charge", 2_000, json!({"id": "ch_2", "payment_intent": "pi_2", "metadata": {}})),
            row("txn_3", "payout", -5_000, json!({"id": "po_1"})),
            row("txn_4", "charge", 70, json!({"id": "ch_9", "payment_intent": "pi_9", "metadata": {}})),
            row("txn_5", "refund", -70, json!({"id": "re_9", "metadata": {}})),
        ]);
        let fetched = desk
            .payments
            .statement_fetch(&ctx(), desk.name, day(TODAY))
            .await
            .unwrap();
        assert_eq!(counts(&fetched), (4, 2, 2, 2));
        desk.clock().advance(Duration::from_secs(1));
        let report = "balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,payment_intent_id\n\
            txn_1,2026-11-23 01:00:00,cny,10.00,0.59,9.41,charge,ch_1,pi_1\n\
            txn_2,2026-11-23 01:00:00,cny,20.00,0.59,19.41,charge,ch_2,pi_2\n\
            txn_3,2026-11-23 01:00:00,cny,-50.00,0.00,-50.00,payout,po_1,\n";
        let brought = desk
            .payments
            .statement_bring(&ctx(), desk.name, day(TODAY), report.as_bytes())
            .await
            .unwrap();
        assert_eq!(counts(&brought), (2, 2, 0, 0));
    });
}
