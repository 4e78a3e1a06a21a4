//! A phone, a code, a member.

use http::StatusCode;
use serde_json::json;

use crate::town::{PHONE, each_town, guest, system};

#[test]
fn a_code_makes_a_member_once_and_finds_them_again() {
    each_town(async |w| {
        let code = w.code(PHONE).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let (status, body) = w
            .post(
                &guest(),
                "/member/session",
                json!({ "phone": PHONE, "code": wrong }),
            )
            .await;
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("member.otp_wrong"))
        );

        let consents = json!({ "marketing_sms": true });
        let right =
            json!({ "phone": "+86 13800138000", "code": code, "name": "王小明", "consents": consents });
        let session = w.done(&guest(), "/member/session", right.clone()).await;
        assert_eq!(
            (session["new"].as_bool(), session["member"]["phone"].as_str()),
            (Some(true), Some("+8613800138000"))
        );
        assert!(session["token"].as_str().unwrap().len() > 40);
        let (status, _) = w.post(&guest(), "/member/session", right).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "a code opens once");

        w.t.clock.advance(std::time::Duration::from_secs(60));
        let again = w.code("０１３８００１３８０００").await;
        let session = w
            .done(
                &guest(),
                "/member/session",
                json!({ "phone": PHONE, "code": again }),
            )
            .await;
        assert_eq!(session["new"], false);
    });
}

#[test]
fn rubbish_and_haste_are_refused_precisely() {
    each_town(async |w| {
        let (status, body) = w.post(&guest(), "/member/otp", json!({ "phone": "12345" })).await;
        assert_eq!(
            (status, body["errors"][0]["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("member.phone_invalid"))
        );
        w.done(&guest(), "/member/otp", json!({ "phone": PHONE })).await;
        let (status, body) = w.post(&guest(), "/member/otp", json!({ "phone": PHONE })).await;
        assert_eq!(
            (status, body["facts"]["retry_after_s"].as_i64()),
            (StatusCode::TOO_MANY_REQUESTS, Some(60))
        );
    });
}

#[test]
fn staff_see_a_member_whole_or_masked_and_members_see_themselves() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        let mine = w.get(&me, "/me").await;
        assert_eq!(
            (mine["tier"].as_str(), mine["points"].as_i64()),
            (Some("member"), Some(0))
        );
        let code = w.get(&me, "/me/code").await;
        let found = w
            .get(
                &system(),
                &format!("/members?q={}", code["payload"].as_str().unwrap()),
            )
            .await;
        let id = found["items"][0]["id"].as_str().unwrap();
        assert_eq!(
            (id, found["items"][0]["order_count"].as_i64()),
            (mine["id"].as_str().unwrap(), Some(0))
        );

        let noted = w
            .call(
                &system(),
                http::Method::PATCH,
                &format!("/members/{id}"),
                Some(json!({ "notes": "敏感肌", "tags": ["vip"] })),
            )
            .await;
        assert_eq!(
            (noted.0, noted.1["notes"].as_str()),
            (StatusCode::OK, Some("敏感肌"))
        );
        let mine = w.get(&me, "/me").await;
        assert!(
            mine["notes"].is_null() && mine["tags"].as_array().unwrap().is_empty(),
            "notes are the staff's"
        );

        let off = json!({ "granted": false, "policy_version": "2026-01" });
        let (status, body) = w
            .call(&me, http::Method::PUT, "/me/consents/marketing_sms", Some(off))
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let consents = body["consents"].as_array().unwrap();
        assert!(
            consents
                .iter()
                .any(|c| c["purpose"] == "marketing_sms" && c["granted"] == false)
        );
    });
}
