//! Sessions begin fresh, end at once, and slide while they are used.

use std::time::Duration;

use access::{LAST_ADMIN, Principal, Role, Scope, StaffChange};
use base::{Ctx, MemberId};
use serde_json::json;

use crate::world::{PASSWORD, World, api, delete, each, get, patch, post};

async fn is_signed_in(world: &World, token: &str) -> bool {
    get("/staff/session")
        .bearer(token)
        .send(&world.api())
        .await
        .status
        .is_success()
}

#[test]
fn signing_out_ends_the_session_at_once() {
    each(|world| async move {
        world.admin().await;
        let (token, other) = (world.token("admin").await, world.token("admin").await);
        assert!(is_signed_in(&world, &token).await);
        let gone = delete("/staff/session").bearer(&token).send(&world.api()).await;
        assert_eq!(gone.status, 204);
        assert!(gone.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        assert!(!is_signed_in(&world, &token).await);
        assert!(is_signed_in(&world, &other).await, "the other session lives on");
    });
}

#[test]
fn a_shut_account_is_out_at_once() {
    each(|world| async move {
        world.admin().await;
        let staff = world.hire("han.mei", &[(Role::Data, Scope::All)]).await;
        let token = world.token("han.mei").await;
        assert!(is_signed_in(&world, &token).await);
        let change = StaffChange {
            active: Some(false),
            ..StaffChange::default()
        };
        world
            .access
            .staff_update(&Ctx::system("test"), staff.id, change, None)
            .await
            .unwrap();
        assert!(!is_signed_in(&world, &token).await);
    });
}

#[test]
fn a_role_taken_away_is_gone_at_once_and_the_session_stays() {
    each(|world| async move {
        world.admin().await;
        let staff = world.hire("han.mei", &[(Role::Auditor, Scope::All)]).await;
        let token = world.token("han.mei").await;
        get("/audit").bearer(&token).send(&world.api()).await.ok();
        let admin = world.token("admin").await;
        let roles = json!({ "roles": [{ "role": "data", "scope": { "kind": "all" } }] });
        patch(&format!("/staff/{}", staff.id))
            .bearer(&admin)
            .json(roles)
            .send(&world.api())
            .await
            .ok();
        get("/audit")
            .bearer(&token)
            .send(&world.api())
            .await
            .refused(403, "access.forbidden");
        assert!(is_signed_in(&world, &token).await);
    });
}

#[test]
fn another_node_notices_when_its_memory_runs_out() {
    each(|world| async move {
        world.admin().await;
        let token = world.token("admin").await;
        let forgetful = api(&world.forgetful_node());
        get("/staff/session").bearer(&token).send(&forgetful).await.ok();
        delete("/staff/session")
            .bearer(&token)
            .send(&world.api())
            .await
            .ok();
        get("/staff/session")
            .bearer(&token)
            .send(&forgetful)
            .await
            .refused(401, "access.unauthenticated");
    });
}

#[test]
fn signing_in_never_keeps_a_token_that_was_known_before() {
    each(|world| async move {
        world.admin().await;
        let planted = world.token("admin").await;
        let form = json!({ "login": "admin", "password": PASSWORD });
        let answer = post("/staff/session")
            .cookie(format!("storeloop_staff={planted}"))
            .json(form)
            .send(&world.api())
            .await;
        let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        let fresh = answer.ok()["token"].as_str().unwrap().to_owned();
        assert_ne!(fresh, planted);
        assert!(set.starts_with(&format!("storeloop_staff={fresh};")), "{set}");
        assert!(!is_signed_in(&world, &planted).await, "the planted one is dead");
        assert!(is_signed_in(&world, &fresh).await);
    });
}

#[test]
fn a_session_slides_while_used_and_ends_all_the_same() {
    each(|world| async move {
        world.admin().await;
        let node = world.forgetful_node();
        let (used, idle) = (world.token("admin").await, world.token("admin").await);
        let api = api(&node);
        for _ in 0..16 {
            world.test.clock.advance(Duration::from_secs(10 * 3_600));
            get("/staff/session").bearer(&used).send(&api).await.ok();
        }
        get("/staff/session")
            .bearer(&idle)
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
        world.test.clock.advance(Duration::from_secs(9 * 3_600));
        get("/staff/session")
            .bearer(&used)
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
    });
}

#[test]
fn a_member_s_sessions_end_together_except_the_one_they_keep() {
    each(|world| async move {
        let access = world.access.clone();
        let member = Principal::Member(MemberId::new());
        let open = || {
            let access = access.clone();
            world
                .test
                .db
                .write(async move |tx: &db::Tx| access.session_open_in(tx, member).await)
        };
        let (kept, lost) = (open().await.unwrap(), open().await.unwrap());
        let who = async |token: &str| {
            let cookie = format!("storeloop_member={token}");
            get("/me/who").cookie(cookie).send(&world.api()).await.ok()["actor"].clone()
        };
        assert_eq!(who(lost.token.reveal()).await, member.to_string());
        let (ending, keep) = (access.clone(), Some(kept.id));
        let ended = world
            .test
            .db
            .write(async move |tx: &db::Tx| ending.sessions_end_in(tx, member, keep).await)
            .await
            .unwrap();
        assert_eq!(ended, 1);
        assert_eq!(who(lost.token.reveal()).await, "anonymous");
        assert_eq!(who(kept.token.reveal()).await, member.to_string());
    });
}

#[test]
fn somebody_can_always_hand_out_rights() {
    each(|world| async move {
        let admin = world.admin().await;
        let ctx = Ctx::system("test");
        let shut = StaffChange {
            active: Some(false),
            ..StaffChange::default()
        };
        let demoted = StaffChange {
            roles: Some([].into()),
            ..StaffChange::default()
        };
        for change in [shut.clone(), demoted] {
            let refused = world
                .access
                .staff_update(&ctx, admin.id, change, None)
                .await
                .unwrap_err();
            assert!(refused.is(&LAST_ADMIN));
        }
        world.hire("second", &[(Role::Admin, Scope::All)]).await;
        world
            .access
            .staff_update(&ctx, admin.id, shut, None)
            .await
            .unwrap();
    });
}
