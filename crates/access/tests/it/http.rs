//! Cookies, bearer tokens, and whose request it is.

use std::num::NonZeroU32;

use access::{Principal, RateLimit};
use base::MemberId;
use serde_json::json;

use crate::world::{PASSWORD, World, api, each, get, post};

async fn member(world: &World) -> (String, String) {
    let principal = Principal::Member(MemberId::new());
    let access = world.access.clone();
    let opened = world
        .test
        .db
        .write(async move |tx: &db::Tx| access.session_open_in(tx, principal).await)
        .await
        .unwrap();
    (principal.to_string(), opened.token.reveal().to_owned())
}

#[test]
fn the_cookie_is_strict_and_secure_behind_tls() {
    each(|world| async move {
        world.admin().await;
        let form = json!({ "login": "admin", "password": PASSWORD });
        let plain = post("/staff/session").json(form.clone()).send(&world.api()).await;
        let cookie = plain.headers["set-cookie"].to_str().unwrap();
        assert!(
            cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        assert_eq!(plain.headers["cache-control"], "no-store");
        let body = plain.ok();
        assert_eq!(body["expires_at"], "2026-11-23T13:00:00Z");
        assert!(
            body["permissions"]
                .as_array()
                .unwrap()
                .contains(&"staff.manage".into())
        );

        let tls = post("/staff/session")
            .header("x-forwarded-proto", "https")
            .json(form)
            .send(&world.api())
            .await;
        assert!(tls.headers["set-cookie"].to_str().unwrap().ends_with("; Secure"));
    });
}

#[test]
fn an_unsafe_call_by_cookie_needs_our_own_page() {
    each(|world| async move {
        world.admin().await;
        let token = world.token("admin").await;
        let cookie = format!("storeloop_staff={token}");
        let api = world.api();
        let forged = post("/who").header("cookie", cookie.clone()).send(&api).await;
        forged.refused(403, "access.csrf");
        let wrong = post("/who")
            .header("cookie", cookie.clone())
            .header("x-storeloop-csrf", "0")
            .send(&api)
            .await;
        wrong.refused(403, "access.csrf");
        post("/who").cookie(cookie.clone()).send(&api).await.ok();
        get("/who").header("cookie", cookie).send(&api).await.ok();
        post("/who").bearer(&token).send(&api).await.ok();
    });
}

#[test]
fn a_dead_cookie_makes_a_visitor_and_a_dead_bearer_is_refused() {
    each(|world| async move {
        let api = world.api();
        let who = post("/who")
            .header("cookie", "storeloop_staff=sls_gone")
            .send(&api)
            .await
            .ok();
        assert_eq!(who["actor"], "anonymous");
        get("/who")
            .bearer("sls_gone")
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
        get("/who")
            .bearer("slk_gone")
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
        get("/who")
            .bearer(&"x".repeat(10_000))
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
    });
}

#[test]
fn one_browser_may_hold_a_member_and_a_member_of_staff() {
    each(|world| async move {
        let staff = world.admin().await;
        let (member, member_token) = member(&world).await;
        let both = format!(
            "storeloop_staff={}; storeloop_member={member_token}",
            world.token("admin").await
        );
        let api = world.api();
        let staff = staff.id.to_string();
        for (path, header, expected) in [
            ("/who", None, &staff),
            ("/who", Some("staff"), &staff),
            ("/who", Some("member"), &member),
            ("/me/who", None, &member),
            ("/me/who", Some("staff"), &member),
        ] {
            let mut call = get(path).header("cookie", both.clone());
            if let Some(header) = header {
                call = call.header("x-storeloop-as", header);
            }
            assert_eq!(
                call.send(&api).await.ok()["actor"],
                **expected,
                "{path} {header:?}"
            );
        }
        let only_member = get("/who").header("cookie", format!("storeloop_member={member_token}"));
        assert_eq!(only_member.send(&api).await.ok()["actor"], *member);
    });
}

#[test]
fn a_token_counts_only_in_its_own_cookie() {
    each(|world| async move {
        world.admin().await;
        let (_, member) = member(&world).await;
        let staff = world.token("admin").await;
        let swapped = format!("storeloop_staff={member}; storeloop_member={staff}");
        let who = get("/who")
            .header("cookie", swapped)
            .send(&world.api())
            .await
            .ok();
        assert_eq!(who["actor"], "anonymous");
    });
}

#[test]
fn language_request_and_idempotency_key_reach_the_context() {
    each(|world| async move {
        let call = post("/who")
            .header("accept-language", "en-GB")
            .header("x-request-id", "req-7")
            .header("idempotency-key", "k-9");
        let who = call.json(json!({})).send(&world.api()).await.ok();
        assert_eq!(
            who,
            json!({ "actor": "anonymous", "locale": "en", "request_id": "req-7", "key": "k-9" })
        );
    });
}

#[test]
fn refusals_speak_the_caller_s_language() {
    each(|world| async move {
        let form = json!({ "login": "nobody", "password": PASSWORD });
        let zh = post("/staff/session").json(form.clone()).send(&world.api()).await;
        assert_eq!(
            zh.refused(401, "access.bad_credentials")["detail"],
            "账号或密码不正确"
        );
        let en = post("/staff/session")
            .header("accept-language", "en")
            .json(form)
            .send(&world.api())
            .await;
        let detail = en.refused(401, "access.bad_credentials")["detail"].clone();
        assert_eq!(detail, "The login or the password is not right");
    });
}

#[test]
fn a_lock_says_when_to_come_back() {
    each(|world| async move {
        world.admin().await;
        let form = json!({ "login": "admin", "password": "wrong password" });
        for _ in 0..5 {
            post("/staff/session")
                .json(form.clone())
                .send(&world.api())
                .await
                .refused(401, "access.bad_credentials");
        }
        let locked = post("/staff/session").json(form).send(&world.api()).await;
        assert_eq!(locked.headers["retry-after"], "900");
        locked.refused(429, "access.locked");
    });
}

#[test]
fn a_caller_who_asks_too_often_waits_and_others_do_not() {
    each(|world| async move {
        world.admin().await;
        let (token, other) = (world.token("admin").await, member(&world).await.1);
        let (per_minute, burst) = (NonZeroU32::new(1).unwrap(), NonZeroU32::new(3).unwrap());
        let api = api(&world.node(|config| config.rate_limit = Some(RateLimit { per_minute, burst })));
        for _ in 0..3 {
            get("/who").bearer(&token).send(&api).await.ok();
        }
        let refused = get("/who").bearer(&token).send(&api).await;
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        refused.refused(429, "access.rate_limited");
        get("/who").bearer(&other).send(&api).await.ok();
        for _ in 0..3 {
            get("/who")
                .bearer("sls_guess")
                .send(&api)
                .await
                .refused(401, "access.unauthenticated");
        }
        get("/who")
            .bearer("sls_guess")
            .send(&api)
            .await
            .refused(429, "access.rate_limited");
    });
}
