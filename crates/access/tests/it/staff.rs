//! Staff through HTTP: the matrix of 401, 403 and 404, versions, and what is refused.

use access::{Role, Scope};
use base::StaffId;
use serde_json::json;

use crate::world::{PASSWORD, World, each, get, patch, post};

async fn cast(world: &World) -> (String, String) {
    world.admin().await;
    world
        .hire("shop", &[(Role::Associate, Scope::Place(world.bund))])
        .await;
    (world.token("admin").await, world.token("shop").await)
}

#[test]
fn every_operation_refuses_visitors_and_the_wrong_role() {
    each(|world| async move {
        let (_, associate) = cast(&world).await;
        let api = world.api();
        let somebody = StaffId::new();
        let one = format!("/staff/{somebody}");
        let new = json!({ "login": "x1", "name": "x", "password": PASSWORD, "locale": "en", "roles": [] });
        let key = json!({ "name": "x", "permissions": ["stock.read"], "scope": { "kind": "all" } });
        let calls = || {
            vec![
                get("/staff"),
                post("/staff").json(new.clone()),
                get(&one),
                patch(&one).json(json!({ "name": "y" })),
                get("/api-keys"),
                post("/api-keys").json(key.clone()),
                crate::world::delete(&format!("/api-keys/{}", base::ApiKeyId::new())),
                get("/audit"),
                get("/audit/verify"),
            ]
        };
        for call in calls() {
            call.send(&api).await.refused(401, "access.unauthenticated");
        }
        for call in calls() {
            call.bearer(&associate)
                .send(&api)
                .await
                .refused(403, "access.forbidden");
        }
        for call in [
            get("/staff/session"),
            post("/staff/totp"),
            crate::world::delete("/staff/session"),
        ] {
            call.send(&api).await.refused(401, "access.unauthenticated");
        }
    });
}

#[test]
fn an_administrator_takes_on_changes_and_lists() {
    each(|world| async move {
        let (admin, _) = cast(&world).await;
        let api = world.api();
        let new = json!({
            "login": "Han.Mei", "name": " 韩梅 ", "password": PASSWORD, "email": "han@example.com", "locale": "en",
            "roles": [{ "role": "store_manager", "scope": { "kind": "place", "id": world.bund } }],
            "home_place_id": world.bund,
        });
        let made = post("/staff").bearer(&admin).json(new.clone()).send(&api).await;
        assert_eq!(made.status, 201);
        let made = made.ok();
        assert_eq!(
            (&made["login"], &made["name"], &made["version"]),
            (&"han.mei".into(), &"韩梅".into(), &1.into())
        );
        post("/staff")
            .bearer(&admin)
            .json(new)
            .send(&api)
            .await
            .refused(409, "access.login_taken");

        let path = format!("/staff/{}", made["id"].as_str().unwrap());
        let read = get(&path).bearer(&admin).send(&api).await;
        assert_eq!(read.headers["etag"], "\"1\"");
        assert_eq!(read.body, made);
        let change = json!({ "email": null, "locale": "zh" });
        let changed = patch(&path)
            .bearer(&admin)
            .header("if-match", "\"1\"")
            .json(change.clone())
            .send(&api)
            .await
            .ok();
        assert_eq!(
            (&changed["email"], &changed["version"]),
            (&serde_json::Value::Null, &2.into())
        );
        let outdated = patch(&path)
            .bearer(&admin)
            .header("if-match", "\"1\"")
            .json(change)
            .send(&api)
            .await;
        assert_eq!(
            outdated.refused(412, "precondition.failed")["facts"]["current"],
            2
        );
        let unknown = format!("/staff/{}", StaffId::new());
        get(&unknown)
            .bearer(&admin)
            .send(&api)
            .await
            .refused(404, "not_found");

        let first = get("/staff?limit=2").bearer(&admin).send(&api).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = get(&format!("/staff?limit=2&cursor={next}"))
            .bearer(&admin)
            .send(&api)
            .await
            .ok();
        let logins: Vec<_> = [&first, &second]
            .iter()
            .flat_map(|page| page["items"].as_array().unwrap())
            .map(|one| one["login"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(logins, ["admin", "shop", "han.mei"]);
        assert_eq!(
            second["items"][0]["roles"][0]["scope"]["id"],
            world.bund.to_string()
        );
    });
}

#[test]
fn what_does_not_fit_is_refused_by_field() {
    each(|world| async move {
        let (admin, _) = cast(&world).await;
        let api = world.api();
        let good = json!({ "login": "x1", "name": "x", "password": PASSWORD, "locale": "en", "roles": [] });
        for (field, value, expected, code) in [
            ("login", json!("李雷"), "login", "input.malformed"),
            ("name", json!(" "), "name", "input.required"),
            (
                "password",
                json!("short"),
                "password",
                "access.password_too_short",
            ),
            ("email", json!("nowhere"), "email", "input.malformed"),
            (
                "roles",
                json!([{ "role": "data", "scope": { "kind": "region" } }]),
                "roles[0].scope",
                "input.malformed",
            ),
            (
                "roles",
                json!([{ "role": "admin", "scope": { "kind": "region", "id": "east" } }]),
                "roles[0]",
                "input.malformed",
            ),
            (
                "roles",
                json!([{ "role": "owner", "scope": { "kind": "all" } }]),
                "roles[0].role",
                "input.malformed",
            ),
            ("surprise", json!(1), "surprise", "input.malformed"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            let refused = post("/staff")
                .bearer(&admin)
                .json(body)
                .send(&api)
                .await
                .refused(400, "input.invalid");
            assert_eq!(
                (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
                (&expected.into(), &code.into())
            );
        }
    });
}

#[test]
fn a_repeated_request_takes_nobody_on_twice() {
    each(|world| async move {
        let (admin, _) = cast(&world).await;
        let api = world.api();
        let body = json!({ "login": "x1", "name": "x", "password": PASSWORD, "locale": "en", "roles": [] });
        let send = async |body: serde_json::Value| {
            post("/staff")
                .bearer(&admin)
                .header("idempotency-key", "k-1")
                .json(body)
                .send(&api)
                .await
        };
        let (one, two) = (send(body.clone()).await.ok(), send(body.clone()).await.ok());
        assert_eq!(one, two);
        let mut other = body;
        other["name"] = "y".into();
        send(other).await.refused(409, "idempotency.key_reused");
    });
}

#[test]
fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    each(|world| async move {
        let (admin, _) = cast(&world).await;
        let other = world.token("admin").await;
        let api = world.api();
        let change = |current: &str| json!({ "current": current, "new": "another horse 店环" });
        let wrong = post("/staff/password")
            .bearer(&admin)
            .json(change("wrong"))
            .send(&api)
            .await;
        wrong.refused(401, "access.bad_credentials");
        let done = post("/staff/password")
            .bearer(&admin)
            .json(change(PASSWORD))
            .send(&api)
            .await;
        assert_eq!(done.status, 204);
        get("/staff/session").bearer(&admin).send(&api).await.ok();
        get("/staff/session")
            .bearer(&other)
            .send(&api)
            .await
            .refused(401, "access.unauthenticated");
        assert!(world.sign_in("admin", PASSWORD, None).await.is_err());
        world.sign_in("admin", "another horse 店环", None).await.unwrap();
    });
}
