//! Units of work: all or nothing, alone or in a group.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base::{Error, codes};
use db::testing::each_engine;
use db::{Tx, params};
use futures_util::future::join_all;

use crate::{SETS, count, put};

const ADD: &str = "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = 'a'";

#[test]
fn a_failing_unit_takes_back_only_itself() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let units = (0..200).map(|n| {
            t.db.write_guarded(async move |tx: &Tx| {
                tx.execute(ADD, params![]).await?;
                match n % 4 {
                    0 => Err(Error::not_found("unit", n)),
                    1 => {
                        tx.execute("UPDATE t_balance SET on_hand = -1 WHERE sku = 'a'", params![])
                            .await
                    }
                    _ => Ok(1),
                }
            })
        });
        let outcomes = join_all(units).await;
        for (n, outcome) in outcomes.iter().enumerate() {
            match n % 4 {
                0 => assert!(outcome.as_ref().unwrap_err().is(&codes::NOT_FOUND)),
                1 => assert!(outcome.as_ref().unwrap_err().is(&db::CHECK_VIOLATION)),
                _ => assert!(outcome.is_ok()),
            }
        }
        assert_eq!(count(&t.db, "a").await, 100);
    });
}

#[test]
fn a_panicking_unit_takes_back_only_itself() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let error =
            t.db.write(async |tx: &Tx| -> base::Result<()> {
                tx.execute(ADD, params![]).await?;
                panic!("on purpose");
            })
            .await
            .unwrap_err();
        assert!(error.is(&codes::INTERNAL));
        t.db.write(async |tx: &Tx| tx.execute(ADD, params![]).await)
            .await
            .unwrap();
        assert_eq!(count(&t.db, "a").await, 1);
    });
}

#[test]
fn a_swallowed_failure_does_not_commit() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let outcome =
            t.db.write(async |tx: &Tx| {
                tx.execute(ADD, params![]).await?;
                let _ = tx
                    .execute("UPDATE t_balance SET on_hand = -1 WHERE sku = 'a'", params![])
                    .await;
                Ok(())
            })
            .await;
        assert!(outcome.unwrap_err().is(&codes::INTERNAL));
        assert_eq!(count(&t.db, "a").await, 0);
    });
}

#[test]
fn an_attempt_may_fail_by_itself() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        t.db.write(async |tx: &Tx| {
            tx.execute(ADD, params![]).await?;
            let failed = tx
                .attempt(async |tx: &Tx| {
                    tx.execute(ADD, params![]).await?;
                    tx.execute("UPDATE t_balance SET on_hand = -1 WHERE sku = 'a'", params![])
                        .await
                })
                .await;
            assert!(failed.unwrap_err().is(&db::CHECK_VIOLATION));
            tx.attempt(async |tx: &Tx| {
                tx.execute(ADD, params![]).await?;
                let inner: base::Result<()> = tx
                    .attempt(async |tx: &Tx| {
                        tx.execute(ADD, params![]).await?;
                        Err(Error::not_found("thing", 1))
                    })
                    .await;
                assert!(inner.is_err());
                Ok(())
            })
            .await
        })
        .await
        .unwrap();
        assert_eq!(count(&t.db, "a").await, 2);
    });
}

#[test]
fn hooks_and_bells_run_after_the_commit_only() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let told = Arc::new(AtomicUsize::new(0));
        let mut bell = t.db.bell("tests");
        for fails in [true, false] {
            let told = Arc::clone(&told);
            let outcome =
                t.db.write(async move |tx: &Tx| {
                    tx.execute(ADD, params![]).await?;
                    let told = Arc::clone(&told);
                    tx.after_commit(move || {
                        told.fetch_add(1, Ordering::SeqCst);
                    });
                    tx.ring("tests");
                    if fails {
                        Err(Error::not_found("reason", 0))
                    } else {
                        Ok(())
                    }
                })
                .await;
            assert_eq!(outcome.is_err(), fails);
            let rung =
                tokio::time::timeout(Duration::from_millis(if fails { 20 } else { 5_000 }), bell.rung())
                    .await;
            assert_eq!(rung.is_err(), fails);
        }
        assert_eq!(told.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_unit_has_one_instant_from_the_store_s_clock() {
    each_engine(SETS, async |t| {
        t.clock.advance(Duration::from_secs(3));
        let expected = db::testing::START.after(Duration::from_secs(3));
        assert_eq!(t.db.now().await.unwrap(), expected);
        assert_eq!(t.db.write(async |tx: &Tx| Ok(tx.now())).await.unwrap(), expected);
        let live = db::Db::open(t.config(), db::StoreClock::Database).await.unwrap();
        let now = live.now().await.unwrap();
        assert!(now > expected.before(Duration::from_secs(30 * 365 * 86_400)));
        assert!(live.write(async |tx: &Tx| Ok(tx.now())).await.unwrap() >= now);
    });
}

#[test]
fn after_shutdown_nothing_is_taken() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                tokio::spawn({
                    let db = t.db.clone();
                    async move {
                        db.write_guarded(async |tx: &Tx| tx.execute(ADD, params![]).await)
                            .await
                    }
                })
            })
            .collect();
        let results = join_all(waiting).await;
        t.db.shutdown().await;
        assert!(results.into_iter().all(|r| r.unwrap().is_ok()));
        let late = t.db.write(async |tx: &Tx| tx.execute(ADD, params![]).await).await;
        assert!(late.unwrap_err().is(&db::UNAVAILABLE));
        assert_eq!(count(&t.another().await.unwrap(), "a").await, 50);
    });
}

#[test]
fn the_doors_work_from_spawned_tasks() {
    fn sendable<T: Send>(future: T) -> T {
        future
    }
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let db = t.db.clone();
        let spawned = tokio::spawn(sendable(async move {
            let owned = String::from("a");
            db.write(async move |tx: &Tx| {
                tx.execute(
                    "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = $1",
                    params![owned],
                )
                .await
            })
            .await
        }));
        assert_eq!(spawned.await.unwrap().unwrap(), 1);
    });
}
