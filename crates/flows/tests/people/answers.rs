//! From a low score to its answer.

use std::time::Duration;

use base::Ctx;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::town::{PHONE, Town, each_town, guest, system};

const DAY: Duration = Duration::from_secs(86_400);

/// An issue on everything heard so far, everything done, nothing proven.
async fn mended(w: &Town) -> String {
    let heard = w.get(&system(), "/feedback?state=new").await;
    let ids: Vec<Value> = heard["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["id"].clone())
        .collect();
    let issue = w
        .done(
            &system(),
            "/issues",
            json!({ "title": "泵头漏液", "feedback_ids": ids, "priority": "high", "owner_id": w.manager, "due_on": "2026-11-30" }),
        )
        .await;
    assert_eq!(issue["owner_name"], "林晓");
    let id = issue["id"].as_str().unwrap().to_owned();
    let action = json!({ "title": "停用批次 0417", "owner_id": w.manager, "due_on": "2026-11-28" });
    let issue = w.done(&system(), &format!("/issues/{id}/actions"), action).await;
    let action = issue["actions"][0]["id"].as_str().unwrap();
    w.t.clock.advance(DAY);
    w.done(
        &system(),
        &format!("/issues/{id}/actions/{action}/done"),
        Value::Null,
    )
    .await;
    id
}

async fn prove(w: &Town, id: &str) -> Value {
    let now = w.t.db.now().await.unwrap();
    let claim = json!({
        "metric": "low_score_share",
        "before": { "from": now.before(2 * DAY), "to": now.before(DAY / 2) },
        "after": { "from": now.before(DAY / 2), "to": now },
    });
    w.done(&system(), &format!("/issues/{id}/proof"), claim).await
}

fn answer() -> Value {
    json!({ "answer": { "zh": "泵头已全部更换。", "en": "Every pump has been replaced." } })
}

async fn my_voice(w: &Town, me: &Ctx) -> Value {
    w.get(me, "/me/issues").await["items"][0].clone()
}

#[test]
fn from_a_low_score_to_an_answer() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        w.collected(&me, PHONE).await;
        let token = w.survey().await;
        let survey = w.get(&guest(), &format!("/surveys/{token}")).await;
        assert_eq!(
            (survey["state"].as_str(), survey["place_name"]["zh"].as_str()),
            (Some("open"), Some("湖滨店"))
        );
        let words = json!({ "score": 2, "text": "精华的泵头漏液，弄得一盒子都是。很失望。" });
        w.done(&guest(), &format!("/surveys/{token}/answers"), words.clone())
            .await;
        let (status, body) = w
            .post(&guest(), &format!("/surveys/{token}/answers"), words)
            .await;
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::CONFLICT, Some("survey.already_answered"))
        );

        let heard = w.get(&system(), "/feedback").await;
        let voice = &heard["items"][0];
        assert_eq!(
            (voice["sentiment"].as_str(), voice["topics"][0].as_str()),
            (Some("negative"), Some("packaging"))
        );
        assert_eq!(
            (voice["place_name"]["en"].as_str(), voice["member_name"].as_str()),
            (Some("Hubin"), Some("王小明"))
        );
        assert_eq!(voice["product_name"]["zh"], "玫瑰精华");
        assert_eq!(my_voice(&w, &me).await["state"], "heard");

        let id = mended(&w).await;
        assert_eq!(my_voice(&w, &me).await["state"], "being_fixed");
        let close = format!("/issues/{id}/close");
        let (status, body) = w.post(&system(), &close, answer()).await;
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::CONFLICT, Some("issue.proof_missing"))
        );
        let issue = prove(&w, &id).await;
        assert_eq!(
            (
                issue["proof"]["before"]["n"].as_i64(),
                issue["proof"]["before"]["k"].as_i64()
            ),
            (Some(1), Some(1))
        );
        assert_eq!(
            issue["proof"]["verdict"], "no_evidence",
            "one answer proves nothing"
        );

        let closed = w.done(&system(), &close, answer()).await;
        assert_eq!(
            (closed["state"].as_str(), &closed["answers"]),
            (
                Some("closed"),
                &json!({ "sent": 1, "suppressed": 0, "waived": 0 })
            )
        );
        w.settle().await;
        let told = w.messages("issue_answer").await;
        assert!(told.len() == 1 && told[0].contains("泵头已全部更换"), "{told:?}");
        let mine = my_voice(&w, &me).await;
        assert_eq!(
            (mine["state"].as_str(), mine["answer"].as_str()),
            (Some("answered"), Some("泵头已全部更换。"))
        );
        let home = w.get(&system(), "/home").await;
        assert_eq!(
            (
                home["hours_word_to_answer"]["median"].as_f64(),
                home["open_issues"].as_i64()
            ),
            (Some(24.0), Some(0))
        );
    });
}

#[test]
fn everybody_is_answered_once_and_only_if_they_want() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        for text in ["泵头漏液", "又漏了"] {
            w.done(&me, "/me/feedback", json!({ "text": text, "score": 1 }))
                .await;
        }
        let shy = w.join("139 0013 9000").await;
        w.done(
            &shy,
            "/me/feedback",
            json!({ "text": "漏得到处都是", "score": 1 }),
        )
        .await;
        let off = json!({ "granted": false, "policy_version": "2026-01" });
        w.call(&shy, Method::PUT, "/me/consents/service", Some(off)).await;
        w.done(
            &system(),
            "/feedback",
            json!({ "source": "counter", "text": "一位顾客说漏液", "score": 2 }),
        )
        .await;

        let id = mended(&w).await;
        prove(&w, &id).await;
        let closed = w.done(&system(), &format!("/issues/{id}/close"), answer()).await;
        assert_eq!(
            closed["answers"],
            json!({ "sent": 1, "suppressed": 1, "waived": 1 })
        );
        w.settle().await;
        assert_eq!(
            w.messages("issue_answer").await.len(),
            2,
            "one sent, one held back and kept"
        );
        let shown = w.get(&shy, "/me/issues").await;
        assert_eq!(
            shown["items"][0]["state"], "answered",
            "who wants no messages still sees the answer"
        );
    });
}

#[test]
fn a_withdrawal_between_closing_and_sending_is_counted_honestly() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        w.done(&me, "/me/feedback", json!({ "text": "泵头漏液", "score": 1 }))
            .await;
        let id = mended(&w).await;
        prove(&w, &id).await;
        w.done(&system(), &format!("/issues/{id}/close"), answer()).await;
        let off = json!({ "granted": false, "policy_version": "2026-01" });
        w.call(&me, Method::PUT, "/me/consents/service", Some(off)).await;
        w.settle().await;
        let issue = w.get(&system(), &format!("/issues/{id}")).await;
        assert_eq!(
            issue["answers"],
            json!({ "sent": 0, "suppressed": 1, "waived": 0 })
        );
    });
}

#[test]
fn answers_may_be_consciously_waived_and_orders_of_others_are_not_ones_own() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        let order = w.collected(&guest(), "139 0013 9000").await;
        let foreign = json!({ "text": "漏", "order_id": order.id, "score": 1 });
        let (status, _) = w.post(&me, "/me/feedback", foreign).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        w.done(&me, "/me/feedback", json!({ "text": "泵头漏液", "score": 1 }))
            .await;
        let id = mended(&w).await;
        prove(&w, &id).await;
        let waived = json!({ "answer": { "zh": "", "en": "" }, "waive_reason": "已当面答复" });
        let closed = w.done(&system(), &format!("/issues/{id}/close"), waived).await;
        assert_eq!(
            closed["answers"],
            json!({ "sent": 0, "suppressed": 0, "waived": 1 })
        );
        assert!(closed["answer"].is_null());
        let (status, body) = w
            .post(
                &system(),
                "/issues",
                json!({ "title": "x", "feedback_ids": [], "priority": "low",
            "owner_id": base::StaffId::new(), "due_on": "2026-11-30" }),
            )
            .await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    });
}
