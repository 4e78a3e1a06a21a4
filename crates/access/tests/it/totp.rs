//! The second factor.

use std::time::Duration;

use access::{BAD_CREDENTIALS, LOCKED, StaffChange, TOTP_REQUIRED};
use base::{Clock, Ctx};
use crypto::TotpSecret;
use serde_json::json;

use crate::world::{PASSWORD, World, delete, each, get, post};

/// Signs the administrator in, sets the authenticator up, and hands over its secret.
async fn enrolled(world: &World) -> (TotpSecret, String) {
    world.admin().await;
    let token = world.token("admin").await;
    let api = world.api();
    let enrolment = post("/staff/totp").bearer(&token).send(&api).await.ok();
    let url = enrolment["otpauth_url"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/Storeloop:admin?secret="), "{url}");
    let secret = from_base32(enrolment["secret"].as_str().unwrap());
    post("/staff/totp/confirm")
        .bearer(&token)
        .json(json!({ "code": "000000" }))
        .send(&api)
        .await
        .refused(400, "access.totp_wrong");
    let code = secret.code(world.test.clock.now()).unwrap();
    let confirmed = post("/staff/totp/confirm")
        .bearer(&token)
        .json(json!({ "code": code }))
        .send(&api)
        .await;
    assert_eq!(confirmed.status, 204);
    assert_eq!(
        get("/staff/session").bearer(&token).send(&api).await.ok()["staff"]["totp_enabled"],
        true
    );
    (secret, token)
}

fn from_base32(text: &str) -> TotpSecret {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = 0_u64;
    let mut held = 0;
    let mut bytes = Vec::new();
    for c in text.bytes().filter(|b| *b != b'=') {
        bits = bits << 5 | ALPHABET.iter().position(|a| *a == c).unwrap() as u64;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    TotpSecret::from_bytes(&bytes)
}

#[test]
fn the_second_factor_is_asked_for_once_set_up() {
    each(|world| async move {
        let (secret, _) = enrolled(&world).await;
        assert!(
            world
                .sign_in("admin", PASSWORD, None)
                .await
                .unwrap_err()
                .is(&TOTP_REQUIRED)
        );
        assert!(
            world
                .sign_in("admin", PASSWORD, Some("000000"))
                .await
                .unwrap_err()
                .is(&TOTP_REQUIRED)
        );
        world.test.clock.advance(Duration::from_secs(30));
        let code = secret.code(world.test.clock.now()).unwrap();
        assert!(
            world
                .sign_in("admin", "wrong password", Some(&code))
                .await
                .unwrap_err()
                .is(&BAD_CREDENTIALS)
        );
        world.sign_in("admin", PASSWORD, Some(&code)).await.unwrap();
    });
}

#[test]
fn a_code_is_taken_once() {
    each(|world| async move {
        let (secret, _) = enrolled(&world).await;
        let used_to_confirm = secret.code(world.test.clock.now()).unwrap();
        let replayed = world
            .sign_in("admin", PASSWORD, Some(&used_to_confirm))
            .await
            .unwrap_err();
        assert!(replayed.is(&TOTP_REQUIRED));

        world.test.clock.advance(Duration::from_secs(60));
        let code = secret.code(world.test.clock.now()).unwrap();
        let (one, two) = futures_util::join!(
            world.sign_in_from("10.0.0.1", "admin", PASSWORD, Some(&code)),
            world.sign_in_from("10.0.0.2", "admin", PASSWORD, Some(&code)),
        );
        assert!(
            one.is_ok() != two.is_ok(),
            "the same code in two requests at once lets one in"
        );
    });
}

#[test]
fn guessing_codes_locks_like_guessing_passwords() {
    each(|world| async move {
        enrolled(&world).await;
        for _ in 0..5 {
            world
                .sign_in("admin", PASSWORD, Some("000000"))
                .await
                .unwrap_err();
        }
        assert!(
            world
                .sign_in("admin", PASSWORD, Some("000000"))
                .await
                .unwrap_err()
                .is(&LOCKED)
        );
    });
}

#[test]
fn it_is_switched_off_with_a_code_or_by_an_administrator() {
    each(|world| async move {
        let (secret, token) = enrolled(&world).await;
        let api = world.api();
        post("/staff/totp")
            .bearer(&token)
            .send(&api)
            .await
            .refused(409, "access.totp_enabled");
        world.test.clock.advance(Duration::from_secs(30));
        let code = secret.code(world.test.clock.now()).unwrap();
        let off = delete("/staff/totp")
            .bearer(&token)
            .json(json!({ "code": code }))
            .send(&api)
            .await;
        assert_eq!(off.status, 204);
        world.sign_in("admin", PASSWORD, None).await.unwrap();
        let again = delete("/staff/totp")
            .bearer(&token)
            .json(json!({ "code": code }))
            .send(&api)
            .await;
        again.refused(409, "access.totp_not_started");
    });
    each(|world| async move {
        let (_, token) = enrolled(&world).await;
        let staff = world
            .access
            .staff_by_login(&Ctx::system("cli"), "ADMIN")
            .await
            .unwrap();
        let change = StaffChange {
            totp_reset: true,
            ..StaffChange::default()
        };
        world
            .access
            .staff_update(&Ctx::system("cli"), staff.id, change, None)
            .await
            .unwrap();
        get("/staff/session")
            .bearer(&token)
            .send(&world.api())
            .await
            .refused(401, "access.unauthenticated");
        world.sign_in("admin", PASSWORD, None).await.unwrap();
    });
}

#[test]
fn the_secret_lies_sealed_in_the_store() {
    each(|world| async move {
        let (secret, _) = enrolled(&world).await;
        let sealed: Vec<u8> = world
            .test
            .db
            .read(async |r: &db::Reader| {
                r.query_one("SELECT totp_sealed FROM access_staff", &[])
                    .await?
                    .get(0)
            })
            .await
            .unwrap();
        assert!(
            !sealed
                .windows(8)
                .any(|w| secret.bytes().windows(8).any(|s| s == w))
        );
    });
}
