//! Landing the real files of the data folder: in the store stands exactly what the files say. Skipped where
//! the data is absent.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on can only fail"
)]

mod common;

use common::{land, migrations, number, preset_job};
use db::testing::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn online_retail_lands_to_the_penny() {
    let Some(job) = preset_job(
        "online-retail",
        &["online_retail/online_retail_2010-12_2011-12.csv.gz"],
    ) else {
        return;
    };
    let test = TestDb::new(db::Engine::Sqlite, &migrations()).await;
    let summary = land(&test.db, job.clone()).await;
    eprintln!("{}", summary.text(base::Locale::En));
    let orders = number(
        &test.db,
        "SELECT CAST(SUM(total_minor) AS BIGINT) FROM orders_order",
    )
    .await;
    let back = number(
        &test.db,
        "SELECT CAST(SUM(refunded_minor) AS BIGINT) FROM orders_order",
    )
    .await;
    let entries = number(
        &test.db,
        "SELECT CAST(SUM(amount_minor) AS BIGINT) FROM import_entry",
    )
    .await;
    assert_eq!(orders - back + entries, 974_774_793);
    // The book of stock was never below zero, and what lies there is what the movements say.
    assert_eq!(
        number(
            &test.db,
            "SELECT CAST(SUM(shortfall) AS BIGINT) FROM stock_balance"
        )
        .await,
        0
    );
    let moved = number(
        &test.db,
        "SELECT CAST(SUM(on_hand_delta) AS BIGINT) FROM stock_movement",
    )
    .await;
    assert_eq!(
        number(&test.db, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM stock_balance").await,
        moved
    );
    let kind = async |kind: &'static str| {
        let sql = "SELECT CAST(SUM(on_hand_delta) AS BIGINT) FROM stock_movement WHERE kind = $1";
        test.db
            .read(async move |r| r.query_one(sql, db::params![kind]).await?.get::<i64>(0))
            .await
            .unwrap()
    };
    // 5,577,103 sold and 2,017 given along; 272,030 came back; 206,957 written off, 66,008 found.
    assert_eq!(
        (kind("sale").await, kind("return").await, kind("adjustment").await),
        (-5_579_120, 272_030, -140_949)
    );
    let again = land(&test.db, job).await;
    assert!(again.changed_nothing(), "{}", again.text(base::Locale::En));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_others_land() {
    let sets = [
        ("olist", "olist/sample_cabg"),
        ("tmall-orders", "tmall_orders/tmall_order_report.csv"),
        ("bestbuy-stores", "stores/bestbuy/stores.json"),
        ("bestbuy-categories", "stores/bestbuy/categories.json"),
        ("starbucks-stores", "stores/starbucks_store_worldwide.csv.gz"),
        ("litemall-catalogue", "catalogue_cn/litemall_data.sql"),
    ];
    let test = TestDb::new(db::Engine::Sqlite, &migrations()).await;
    for (preset, file) in sets {
        let Some(job) = preset_job(preset, &[file]) else {
            return;
        };
        let summary = land(&test.db, job.clone()).await;
        eprintln!("{}", summary.text(base::Locale::En));
        assert!(summary.reconciliation.agrees(), "{preset}");
        assert!(summary.landed.values().all(|l| l.refused == 0), "{preset}");
        assert!(land(&test.db, job).await.changed_nothing(), "{preset}");
    }
}
