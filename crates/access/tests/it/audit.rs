//! The audit trail: complete, in order, and impossible to change unnoticed.

use access::{Access, AuditVerdict, Role, Scope, audit_in};
use base::Ctx;
use serde_json::json;

use crate::world::{PASSWORD, World, each, get};

fn auditor() -> Ctx {
    Ctx::system("test")
}

/// Five sealed entries by three actors.
async fn trail(world: &World) {
    world
        .test
        .db
        .write(async |tx: &db::Tx| {
            for n in 1..=5 {
                audit_in(
                    tx,
                    &Ctx::system("clerk"),
                    "thing.done",
                    format!("thing_{n}"),
                    json!({ "n": n }),
                )
                .await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(world.access.audit_seal().await.unwrap(), 5);
}

async fn verify(access: &Access, anchor: Option<&str>) -> AuditVerdict {
    access.audit_verify(&auditor(), anchor).await.unwrap()
}

#[test]
fn what_happens_to_staff_is_written_down_without_what_was_typed() {
    each(|world| async move {
        world.admin().await;
        let reader = world.hire("han.mei", &[(Role::Auditor, Scope::All)]).await;
        world
            .sign_in("my-secret-typed-as-login", PASSWORD, None)
            .await
            .unwrap_err();
        let token = world.token("han.mei").await;
        let page = get("/audit?limit=4").bearer(&token).send(&world.api()).await.ok();
        let seen: Vec<_> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                (
                    e["seq"].as_i64().unwrap(),
                    e["action"].as_str().unwrap(),
                    e["actor"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (4, "session.opened", reader.id.to_string().as_str()),
                (3, "session.refused", "anonymous"),
                (2, "staff.created", "system:test"),
                (1, "staff.created", "system:test"),
            ]
        );
        assert_eq!(page["items"][1]["object"], "unknown");
        assert!(!page.to_string().contains("typed-as-login"));
        let only = get("/audit?action=staff.created&limit=1")
            .bearer(&token)
            .send(&world.api())
            .await
            .ok();
        assert_eq!(only["items"][0]["seq"], 2);
        let next = only["next"].as_str().unwrap();
        let path = format!("/audit?action=staff.created&limit=1&cursor={next}");
        assert_eq!(
            get(&path).bearer(&token).send(&world.api()).await.ok()["items"][0]["seq"],
            1
        );
        let verdict = get("/audit/verify").bearer(&token).send(&world.api()).await.ok();
        assert_eq!((&verdict["ok"], &verdict["entries"]), (&true.into(), &4.into()));
    });
}

#[test]
fn an_entry_exists_exactly_when_its_work_does() {
    each(|world| async move {
        let undone: base::Result<()> = world
            .test
            .db
            .write(async |tx: &db::Tx| {
                audit_in(tx, &auditor(), "thing.done", "x", json!({})).await?;
                Err(base::Error::not_found("thing", "x"))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(world.access.audit_seal().await.unwrap(), 0);
        assert_eq!(verify(&world.access, None).await.entries, 0);
    });
}

#[test]
fn an_honest_trail_is_found_good_and_grows_past_its_anchor() {
    each(|world| async move {
        trail(&world).await;
        let first = verify(&world.access, None).await;
        assert!(first.ok && first.entries == 5 && first.head.starts_with("5:"));
        trail(&world).await;
        let later = verify(&world.access, Some(&first.head)).await;
        assert!(later.ok && later.entries == 10);
    });
}

#[test]
fn sealing_from_many_sides_at_once_makes_one_chain() {
    each(|world| async move {
        for n in 0..20 {
            let write = world.test.db.write(async move |tx: &db::Tx| {
                audit_in(tx, &auditor(), "thing.done", format!("thing_{n}"), json!({})).await
            });
            let (done, sealed, again) =
                futures_util::join!(write, world.access.audit_seal(), world.access.audit_seal());
            done.unwrap();
            sealed.unwrap();
            again.unwrap();
        }
        let verdict = verify(&world.access, None).await;
        assert!(verdict.ok && verdict.entries == 20, "{verdict:?}");
    });
}

#[test]
fn a_longer_trail_than_one_reading_is_checked_whole() {
    each(|world| async move {
        world
            .test
            .db
            .write(async |tx: &db::Tx| {
                for n in 0..1_300 {
                    audit_in(tx, &auditor(), "thing.done", format!("thing_{n}"), json!({})).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(world.access.audit_seal().await.unwrap(), 1_300);
        let verdict = verify(&world.access, None).await;
        assert!(verdict.ok && verdict.entries == 1_300);
        world
            .execute("UPDATE access_audit SET object = 'other' WHERE seq = 1200")
            .await;
        assert_eq!(verify(&world.access, None).await.broken_at, Some(1_200));
    });
}

#[test]
fn every_kind_of_tampering_is_found_where_it_was_done() {
    const TAMPERINGS: &[(&str, i64)] = &[
        ("UPDATE access_audit SET facts_json = '{}' WHERE seq = 3", 3),
        ("UPDATE access_audit SET actor = 'system:other' WHERE seq = 1", 1),
        ("UPDATE access_audit SET entry_at = entry_at + 1 WHERE seq = 5", 5),
        ("UPDATE access_audit SET request_id = '' WHERE seq = 2", 2),
        ("DELETE FROM access_audit WHERE seq = 2", 2),
        ("DELETE FROM access_audit WHERE seq = 1", 1),
        // The end cut off.
        ("DELETE FROM access_audit WHERE seq >= 4", 4),
        // Everything taken away.
        ("DELETE FROM access_audit", 1),
        // An entry added at the end, linked to nothing.
        (
            "INSERT INTO access_audit (seq, id, entry_at, actor, action, object, facts_json, request_id, prev_hash, hash)
             SELECT 6, 'forged', entry_at, actor, action, object, facts_json, request_id, hash, prev_hash
             FROM access_audit WHERE seq = 5",
            6,
        ),
        // The signed head set back together with the chain, but without the key to sign it.
        ("UPDATE access_audit_head SET seq = 4, hash = (SELECT hash FROM access_audit WHERE seq = 4)", 5),
        ("DELETE FROM access_audit_head", 1),
    ];
    each(|world| async move {
        trail(&world).await;
        assert!(verify(&world.access, None).await.ok);
        for &(sql, broken_at) in TAMPERINGS {
            let tampered: base::Result<AuditVerdict> = tampered(&world, sql).await;
            let verdict = tampered.unwrap();
            assert_eq!((verdict.ok, verdict.broken_at), (false, Some(broken_at)), "{sql}");
        }
        assert!(
            verify(&world.access, None).await.ok,
            "everything was put back between the cases"
        );
    });
}

/// Tampers, checks, and puts everything back.
async fn tampered(world: &World, sql: &'static str) -> base::Result<AuditVerdict> {
    world
        .execute("CREATE TABLE access_kept AS SELECT * FROM access_audit")
        .await;
    world
        .execute("CREATE TABLE access_kept_head AS SELECT * FROM access_audit_head")
        .await;
    world.execute(sql).await;
    let verdict = world.access.audit_verify(&auditor(), None).await;
    world.execute("DELETE FROM access_audit").await;
    world.execute("DELETE FROM access_audit_head").await;
    world
        .execute("INSERT INTO access_audit SELECT * FROM access_kept")
        .await;
    world
        .execute("INSERT INTO access_audit_head SELECT * FROM access_kept_head")
        .await;
    world.execute("DROP TABLE access_kept").await;
    world.execute("DROP TABLE access_kept_head").await;
    verdict
}

#[test]
fn two_entries_changing_places_are_found() {
    each(|world| async move {
        trail(&world).await;
        world
            .execute("UPDATE access_audit SET seq = 100 WHERE seq = 2")
            .await;
        world
            .execute("UPDATE access_audit SET seq = 2 WHERE seq = 3")
            .await;
        world
            .execute("UPDATE access_audit SET seq = 3 WHERE seq = 100")
            .await;
        assert_eq!(verify(&world.access, None).await.broken_at, Some(2));
    });
}

#[test]
fn an_older_head_put_back_is_found_by_an_anchor_kept_elsewhere() {
    each(|world| async move {
        trail(&world).await;
        world
            .execute("CREATE TABLE access_kept_head AS SELECT * FROM access_audit_head")
            .await;
        trail(&world).await;
        let anchor = verify(&world.access, None).await.head;
        world.execute("DELETE FROM access_audit WHERE seq > 5").await;
        world.execute("DELETE FROM access_audit_head").await;
        world
            .execute("INSERT INTO access_audit_head SELECT * FROM access_kept_head")
            .await;
        assert!(
            verify(&world.access, None).await.ok,
            "the store alone cannot tell"
        );
        assert_eq!(verify(&world.access, Some(&anchor)).await.broken_at, Some(6));
        trail(&world).await;
        assert_eq!(
            verify(&world.access, Some(&anchor)).await.broken_at,
            Some(10),
            "grown again, otherwise"
        );
        assert!(!verify(&world.access, Some("rubbish")).await.ok);
    });
}
