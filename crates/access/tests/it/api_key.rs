//! Keys of machines.

use std::time::Duration;

use access::{Role, Scope};
use base::Clock;
use serde_json::{Value, json};

use crate::world::{World, delete, each, get, post};

async fn make(world: &World, token: &str, permissions: &[&str], extra: Value) -> Value {
    let mut body = json!({ "name": "till", "permissions": permissions, "scope": { "kind": "all" } });
    for (name, value) in extra.as_object().unwrap() {
        body[name] = value.clone();
    }
    post("/api-keys")
        .bearer(token)
        .json(body)
        .send(&world.api())
        .await
        .ok()
}

#[test]
fn a_key_acts_within_its_permissions_until_it_is_revoked() {
    each(|world| async move {
        world.admin().await;
        let (admin, api) = (world.token("admin").await, world.api());
        let key = make(&world, &admin, &["audit.read"], json!({})).await;
        let secret = key["secret"].as_str().unwrap();
        assert!(secret.starts_with("slk_") && key["hint"] == secret[..8]);

        let who = get("/who").bearer(secret).send(&api).await.ok();
        assert_eq!(who["actor"], key["id"]);
        get("/audit").bearer(secret).send(&api).await.ok();
        get("/staff")
            .bearer(secret)
            .send(&api)
            .await
            .refused(403, "access.forbidden");
        get("/staff/session")
            .bearer(secret)
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");

        let listed = get("/api-keys").bearer(&admin).send(&api).await.ok();
        assert!(listed["items"][0]["secret"].is_null() && !listed["items"][0]["last_used_at"].is_null());

        let path = format!("/api-keys/{}", key["id"].as_str().unwrap());
        assert_eq!(delete(&path).bearer(&admin).send(&api).await.status, 204);
        get("/who")
            .bearer(secret)
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
        delete(&path)
            .bearer(&admin)
            .send(&api)
            .await
            .refused(404, "not_found");
    });
}

#[test]
fn a_key_stops_at_its_end() {
    each(|world| async move {
        world.admin().await;
        let admin = world.token("admin").await;
        let end = world.test.clock.now().after(Duration::from_secs(3_600));
        let key = make(&world, &admin, &["audit.read"], json!({ "expires_at": end })).await;
        let secret = key["secret"].as_str().unwrap();
        let api = crate::world::api(&world.forgetful_node());
        get("/who").bearer(secret).send(&api).await.ok();
        world.test.clock.advance(Duration::from_secs(3_600));
        get("/who")
            .bearer(secret)
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
    });
}

#[test]
fn a_key_does_not_end_before_it_begins() {
    each(|world| async move {
        world.admin().await;
        let admin = world.token("admin").await;
        let scope = json!({ "kind": "all" });
        let body = json!({
            "name": "x", "permissions": ["stock.read"], "scope": scope, "expires_at": world.test.clock.now(),
        });
        let refused = post("/api-keys")
            .bearer(&admin)
            .json(body)
            .send(&world.api())
            .await;
        assert_eq!(
            refused.refused(400, "input.invalid")["errors"][0]["code"],
            "access.expiry_past"
        );
    });
}

#[test]
fn nobody_gives_what_no_key_may_have_or_what_does_not_exist() {
    each(|world| async move {
        world.admin().await;
        let (admin, api) = (world.token("admin").await, world.api());
        let ask = async |permission: &str| {
            let body = json!({ "name": "x", "permissions": [permission], "scope": { "kind": "all" } });
            post("/api-keys").bearer(&admin).json(body).send(&api).await
        };
        ask("staff.manage").await.refused(403, "access.not_grantable");
        ask("api_key.manage").await.refused(403, "access.not_grantable");
        ask("universe.destroy")
            .await
            .refused(400, "access.unknown_permission");
    });
}

#[test]
fn a_repeated_request_gets_the_same_secret_and_the_store_never_holds_it_open() {
    each(|world| async move {
        world.admin().await;
        let (admin, api) = (world.token("admin").await, world.api());
        let body = json!({ "name": "x", "permissions": ["stock.read"], "scope": { "kind": "all" } });
        let send = || {
            post("/api-keys")
                .bearer(&admin)
                .header("idempotency-key", "k")
                .json(body.clone())
                .send(&api)
        };
        let (one, two) = (send().await.ok(), send().await.ok());
        assert_eq!(one, two);
        let answer: String = world
            .test
            .db
            .read(async |r: &db::Reader| {
                r.query_one(
                    "SELECT answer_json FROM db_idempotency WHERE operation = 'api_key.create'",
                    &[],
                )
                .await?
                .get(0)
            })
            .await
            .unwrap();
        assert!(!answer.contains(one["secret"].as_str().unwrap()));
    });
}

#[test]
fn only_administrators_make_keys() {
    each(|world| async move {
        world.hire("office", &[(Role::HeadOffice, Scope::All)]).await;
        let token = world.token("office").await;
        let body = json!({ "name": "x", "permissions": ["stock.read"], "scope": { "kind": "all" } });
        post("/api-keys")
            .bearer(&token)
            .json(body)
            .send(&world.api())
            .await
            .refused(403, "access.forbidden");
    });
}
