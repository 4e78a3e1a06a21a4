//! Concurrent units.

use db::testing::each_engine;
use db::{Db, Tx, params};
use futures_util::future::{join_all, try_join3};

use crate::{SETS, count, put};

const TASKS: i64 = 64;
const ROUNDS: i64 = 5;

/// Reads, decides outside the store, writes what it decided: the pattern that loses updates.
async fn read_increment_write(db: &Db) -> base::Result<()> {
    db.write(async |tx: &Tx| {
        let row = tx
            .query_one("SELECT on_hand FROM t_balance WHERE sku = 'a'", params![])
            .await?;
        let next = row.get::<i64>(0)? + 1;
        tx.execute("UPDATE t_balance SET on_hand = $1 WHERE sku = 'a'", params![next])
            .await?;
        Ok(())
    })
    .await
}

#[test]
fn no_increment_of_a_hot_row_is_lost() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let tasks = (0..TASKS).map(|_| {
            let db = t.db.clone();
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    read_increment_write(&db).await.unwrap();
                }
            })
        });
        for outcome in join_all(tasks).await {
            outcome.unwrap();
        }
        assert_eq!(count(&t.db, "a").await, TASKS * ROUNDS);
    });
}

#[test]
fn no_increment_is_lost_between_nodes() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        let nodes = [
            t.db.clone(),
            t.another().await.unwrap(),
            t.another().await.unwrap(),
        ];
        let tasks = (0..30).map(|n| {
            let db = nodes[n % 3].clone();
            tokio::spawn(async move { read_increment_write(&db).await })
        });
        for outcome in join_all(tasks).await {
            outcome.unwrap().unwrap();
        }
        assert_eq!(count(&t.db, "a").await, 30);
    });
}

#[test]
fn guarded_updates_never_oversell() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 40).await;
        let tasks = (0..100).map(|_| {
            t.db.write_guarded(async |tx: &Tx| {
                let sql = "UPDATE t_balance SET reserved = reserved + 1 WHERE sku = 'a' AND on_hand - reserved >= 1";
                tx.execute(sql, params![]).await
            })
        });
        let won: u64 = join_all(tasks).await.into_iter().map(|o| o.unwrap()).sum();
        assert_eq!(won, 40);
    });
}

#[test]
fn writers_that_would_deadlock_all_get_through() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        put(&t.db, "b", 0).await;
        let tasks = (0..8).map(|n| {
            let (first, second) = if n % 2 == 0 { ("a", "b") } else { ("b", "a") };
            t.db.write_guarded(async move |tx: &Tx| {
                let sql = "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = $1";
                tx.execute(sql, params![first]).await?;
                tx.execute(sql, params![second]).await
            })
        });
        for outcome in join_all(tasks).await {
            outcome.unwrap();
        }
        assert_eq!((count(&t.db, "a").await, count(&t.db, "b").await), (8, 8));
    });
}

#[test]
fn a_key_taken_unseen_is_seen_on_the_second_try() {
    each_engine(SETS, async |t| {
        // Find or insert, without ON CONFLICT: whoever loses the race must find what the winner put there.
        let tasks = (0..20).map(|_| {
            t.db.write(async |tx: &Tx| {
                if tx
                    .query_opt("SELECT id FROM t_value WHERE id = 1", params![])
                    .await?
                    .is_some()
                {
                    return Ok(0);
                }
                tx.execute("INSERT INTO t_value (id) VALUES (1)", params![]).await
            })
        });
        let inserted: u64 = join_all(tasks).await.into_iter().map(|o| o.unwrap()).sum();
        assert_eq!(inserted, 1);
    });
}

/// A text the server does not know yet must be made known before it runs; what is begun after it must not overtake it.
#[test]
fn statements_run_in_the_order_in_which_they_were_begun() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 1).await;
        let seen = t.db.write(async |tx: &Tx| {
            let read = "SELECT on_hand FROM t_balance WHERE sku = 'a'";
            tx.query_one(read, params![]).await?;
            let raise = "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = $1";
            let again = "UPDATE t_balance SET on_hand = on_hand * 3 WHERE sku = 'a'";
            let key = params!["a"];
            let raised = tx.execute(raise, key);
            let rows = [vec![], vec![]];
            let (_, _, row) = try_join3(
                raised,
                tx.execute_many(again, &rows),
                tx.query_one(read, params![]),
            )
            .await?;
            row.get::<i64>(0)
        });
        assert_eq!(seen.await.unwrap(), 18);
    });
}
