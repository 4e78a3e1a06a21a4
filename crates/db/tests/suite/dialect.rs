//! The functions with two bodies.

use db::testing::each_engine;
use db::{Reader, Tx, dialect, params};
use futures_util::future::join_all;

use crate::{SETS, count, put};

#[test]
fn explain_tells_the_plan() {
    each_engine(SETS, async |t| {
        let plan =
            t.db.read(async |reader: &Reader| {
                dialect::explain(
                    reader,
                    "SELECT on_hand FROM t_balance WHERE sku = $1 AND place = $2",
                    params!["a", "p"],
                )
                .await
            })
            .await
            .unwrap();
        assert!(!plan.is_empty());
    });
}

#[test]
fn units_under_one_lease_take_turns() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 0).await;
        // READ COMMITTED would lose updates here; the lease keeps them apart.
        let tasks = (0..30).map(|_| {
            t.db.write_guarded(async |tx: &Tx| {
                dialect::lease(tx, "tests").await?;
                let row = tx
                    .query_one("SELECT on_hand FROM t_balance WHERE sku = 'a'", params![])
                    .await?;
                let next = row.get::<i64>(0)? + 1;
                tx.execute("UPDATE t_balance SET on_hand = $1 WHERE sku = 'a'", params![next])
                    .await
            })
        });
        for outcome in join_all(tasks).await {
            outcome.unwrap();
        }
        assert_eq!(count(&t.db, "a").await, 30);
    });
}
