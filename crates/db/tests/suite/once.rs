//! Repeated requests.

use std::time::Duration;

use base::{Ctx, Error, IdempotencyKey, codes};
use db::testing::{TestDb, each_engine};
use db::{Tx, params};
use futures_util::future::join_all;

use crate::{SETS, count, put};

fn ctx(key: &str, fingerprint: &str) -> Ctx {
    let key = IdempotencyKey {
        key: key.into(),
        fingerprint: fingerprint.into(),
    };
    Ctx::system("tests").with_idempotency(Some(key))
}

async fn add(t: &TestDb, ctx: &Ctx, operation: &'static str) -> base::Result<i64> {
    t.db.write_once(ctx, operation, async |tx: &Tx| {
        let sql = "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = 'a' RETURNING on_hand";
        tx.query_write(sql, params![]).await?[0].get(0)
    })
    .await
}

#[test]
fn the_same_request_has_the_same_answer() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        assert_eq!(add(&t, &ctx("k1", "f"), "t.add").await.unwrap(), 1);
        assert_eq!(add(&t, &ctx("k2", "f"), "t.add").await.unwrap(), 2);
        assert_eq!(add(&t, &ctx("k1", "f"), "t.add").await.unwrap(), 1);
        assert_eq!(add(&t, &ctx("k1", "f"), "t.other").await.unwrap(), 3);
        assert_eq!(add(&t, &Ctx::system("tests"), "t.add").await.unwrap(), 4);
        let reused = add(&t, &ctx("k1", "another"), "t.add").await.unwrap_err();
        assert!(reused.is(&codes::KEY_REUSED));
        assert_eq!(count(&t.db, "a").await, 4);
    });
}

#[test]
fn twins_at_the_same_moment_do_the_work_once() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let ctx = ctx("k", "f");
        let answers = join_all((0..20).map(|_| add(&t, &ctx, "t.add"))).await;
        assert!(answers.into_iter().all(|a| a.unwrap() == 1));
        let guarded = (0..20).map(|_| {
            t.db.write_guarded_once(&ctx, "t.guarded", async |tx: &Tx| {
                tx.execute(
                    "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = 'a'",
                    params![],
                )
                .await
            })
        });
        assert!(join_all(guarded).await.into_iter().all(|a| a.unwrap() == 1));
        assert_eq!(count(&t.db, "a").await, 2);
    });
}

#[test]
fn a_failed_request_may_be_tried_again() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let ctx = ctx("k", "f");
        let failed: base::Result<i64> =
            t.db.write_once(&ctx, "t.add", async |_: &Tx| Err(Error::not_found("shelf", 1)))
                .await;
        assert!(failed.is_err());
        assert_eq!(add(&t, &ctx, "t.add").await.unwrap(), 1);
    });
}

#[test]
fn answers_are_forgotten_by_age() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        assert_eq!(add(&t, &ctx("old", "f"), "t.add").await.unwrap(), 1);
        t.clock.advance(Duration::from_secs(86_400));
        assert_eq!(add(&t, &ctx("new", "f"), "t.add").await.unwrap(), 2);
        t.db.forget_answers(t.db.now().await.unwrap()).await.unwrap();
        assert_eq!(add(&t, &ctx("new", "f"), "t.add").await.unwrap(), 2);
        assert_eq!(add(&t, &ctx("old", "f"), "t.add").await.unwrap(), 3);
    });
}
