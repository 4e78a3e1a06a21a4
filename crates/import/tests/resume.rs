//! A run on small files, on both engines: it lands once, goes on where it was cut off, and leaves what is
//! there alone.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on can only fail"
)]

mod common;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use common::{fixture, importer, land, migrations, number, quiet};
use db::testing::each_engine;
use db::{Db, Reader};
use import::{Flow, Job, dry_run, preset};

fn job(name: &str, files: &[&str]) -> Job {
    let files = files
        .iter()
        .flat_map(|f| match fixture(f) {
            path if path.is_dir() => std::fs::read_dir(path)
                .unwrap()
                .map(|e| e.unwrap().path())
                .collect(),
            path => vec![path],
        })
        .collect();
    Job {
        mapping: preset::preset(name).unwrap().unwrap(),
        files,
        report: None,
    }
}

/// A job over a file of its own: `orders` invoices of two lines each.
fn many(folder: &tempfile::TempDir, orders: u32) -> Job {
    let mut text =
        String::from("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    for at in 0..orders {
        for line in 0..2 {
            let (day, sku) = (1 + at % 28, 10_000 + (at * 7 + line) % 50);
            text += &format!(
                "{},{sku},THING {sku},{},2011-05-{day:02} 10:00:00,1.25,{},Italy\n",
                600_000 + at,
                1 + at % 3,
                at % 40
            );
        }
        if at % 5 == 0 {
            let sku = 10_000 + (at * 7) % 50;
            text += &format!(
                "C{},{sku},THING {sku},-1,2011-06-01 10:00:00,1.25,{},Italy\n",
                800_000 + at,
                at % 40
            );
        }
    }
    let path: PathBuf = folder.path().join("many_retail.csv");
    std::fs::write(&path, text).unwrap();
    Job {
        mapping: preset::preset("online-retail").unwrap().unwrap(),
        files: vec![path],
        report: None,
    }
}

/// Everything that matters after an import, as one text.
async fn picture(db: &Db) -> String {
    let mut out = String::new();
    for sql in [
        "SELECT id, state, total_minor, refunded_minor, number FROM orders_order ORDER BY id",
        "SELECT id, sku_id, quantity, quantity_returned, total_minor FROM orders_line ORDER BY order_id, id",
        "SELECT id, order_id, refund_minor, created_at FROM orders_return ORDER BY id",
        "SELECT sku_id, place_id, on_hand, shortfall, version * 0 FROM stock_balance ORDER BY sku_id, place_id",
        "SELECT sku_id, kind, on_hand_delta, occurred_at, source FROM stock_movement ORDER BY sku_id, occurred_at, on_hand_delta, source",
        "SELECT key, class, quantity, amount_minor, rounding FROM import_entry WHERE class NOT LIKE 'rounding%' ORDER BY key",
        "SELECT kind, key, target, '', '' FROM import_ref WHERE kind <> 'entry' ORDER BY kind, key",
    ] {
        let rows = db
            .read(async move |r: &Reader| r.query(sql, db::params![]).await)
            .await
            .unwrap();
        for row in rows {
            let cells: Vec<String> = (0..5)
                .map(|at| {
                    row.get::<db::Value>(at)
                        .map(|v| format!("{v:?}"))
                        .unwrap_or_default()
                })
                .collect();
            out += &cells.join(" ");
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

#[test]
fn a_second_run_changes_nothing() {
    each_engine(&migrations(), async |test| {
        let files = [
            ("online-retail", "online_retail.csv"),
            ("olist", "olist"),
            ("litemall-catalogue", "litemall.sql"),
        ];
        for (name, file) in files {
            let first = land(&test.db, job(name, &[file])).await;
            assert!(!first.changed_nothing(), "{name}");
            assert_eq!(
                first.landed.values().map(|l| l.refused).sum::<u64>(),
                0,
                "{}",
                first.text(base::Locale::En)
            );
        }
        let before = picture(&test.db).await;
        for (name, file) in files {
            let again = land(&test.db, job(name, &[file])).await;
            assert!(again.changed_nothing(), "{}", again.text(base::Locale::Zh));
        }
        assert_eq!(picture(&test.db).await, before);
    });
}

#[test]
fn money_and_pieces_in_the_store_are_those_of_the_file() {
    each_engine(&migrations(), async |test| {
        land(&test.db, job("online-retail", &["online_retail.csv"])).await;
        let sum = async |sql| number(&test.db, sql).await;
        let sold = sum("SELECT CAST(SUM(total_minor - refunded_minor) AS BIGINT) FROM orders_order").await;
        let other = sum("SELECT CAST(SUM(amount_minor) AS BIGINT) FROM import_entry").await;
        assert_eq!(sold + other, 2540);
        let rounding = "SELECT COUNT(*) FROM import_entry WHERE rounding IN ('0.001', '-0.001')";
        assert_eq!(sum(rounding).await, 2);
        // The book was never below zero, and what lies there is what the movements say.
        assert_eq!(
            sum("SELECT CAST(SUM(shortfall) AS BIGINT) FROM stock_balance").await,
            0
        );
        let drift = "SELECT COUNT(*) FROM stock_balance AS b WHERE b.on_hand <> (SELECT CAST(SUM(m.on_hand_delta) AS BIGINT) \
                     FROM stock_movement AS m WHERE m.sku_id = b.sku_id AND m.place_id = b.place_id)";
        assert_eq!(sum(drift).await, 0);
    });
}

#[test]
fn an_interrupted_run_goes_on() {
    each_engine(&migrations(), async |test| {
        let folder = tempfile::tempdir().unwrap();
        let whole = db::testing::TestDb::new(test.db.engine(), &migrations()).await;
        land(&whole.db, many(&folder, 900)).await;
        let mut runs = 0;
        loop {
            // Each run is stopped after its second batch, wherever that is.
            let batches = Arc::new(AtomicU32::new(0));
            let stop = Box::new(move |progress: &import::Progress| match progress.phase {
                import::Phase::Landing if batches.fetch_add(1, Ordering::SeqCst) >= 1 => Flow::Stop,
                _ => Flow::Continue,
            });
            let summary = importer(&test.db).run(many(&folder, 900), stop).await.unwrap();
            runs += 1;
            assert!(runs < 20);
            if !summary.stopped {
                break;
            }
        }
        assert!(runs > 2);
        assert!(picture(&test.db).await == picture(&whole.db).await);
    });
}

#[test]
fn a_later_file_adds_only_what_is_new() {
    each_engine(&migrations(), async |test| {
        let folder = tempfile::tempdir().unwrap();
        land(&test.db, many(&folder, 100)).await;
        let later = land(&test.db, many(&folder, 150)).await;
        assert_eq!(
            (later.landed["orders"].new, later.landed["orders"].there),
            (50, 100)
        );
        assert_eq!(number(&test.db, "SELECT COUNT(*) FROM orders_order").await, 150);
        assert_eq!(
            number(
                &test.db,
                "SELECT CAST(SUM(shortfall) AS BIGINT) FROM stock_balance"
            )
            .await,
            0
        );
    });
}

#[test]
fn a_run_given_up_for_another_leaves_no_gap_in_the_stock() {
    each_engine(&migrations(), async |test| {
        let folder = tempfile::tempdir().unwrap();
        let whole = db::testing::TestDb::new(test.db.engine(), &migrations()).await;
        land(&whole.db, many(&folder, 900)).await;
        // Cut off among the orders, then done again with a mapping that reads differently.
        let stop = Box::new(|progress: &import::Progress| match progress.step.as_str() {
            "orders" => Flow::Stop,
            _ => Flow::Continue,
        });
        assert!(
            importer(&test.db)
                .run(many(&folder, 900), stop)
                .await
                .unwrap()
                .stopped
        );
        let mut other = many(&folder, 900);
        other.mapping = import::mapping::Mapping::parse(
            "online-retail",
            &format!("# Another comment.\n{}", import::preset::PRESETS[0].text),
        )
        .unwrap();
        land(&test.db, other).await;
        assert!(picture(&test.db).await == picture(&whole.db).await);
    });
}

#[test]
fn the_other_presets_land() {
    each_engine(&migrations(), async |test| {
        for (name, file) in [
            ("tmall-orders", "tmall.csv"),
            ("bestbuy-stores", "stores.json"),
            ("bestbuy-categories", "categories.json"),
            ("starbucks-stores", "starbucks_store.csv"),
            ("shopify-products", "shopify_products.csv"),
            ("shopify-orders", "shopify_orders.csv"),
            ("woocommerce-products", "woocommerce_products.csv"),
            ("woocommerce-orders", "woocommerce_orders.csv"),
        ] {
            let summary = land(&test.db, job(name, &[file])).await;
            let refused: u64 = summary.landed.values().map(|l| l.refused).sum();
            assert_eq!(refused, 0, "{}", summary.text(base::Locale::En));
            assert!(
                land(&test.db, job(name, &[file])).await.changed_nothing(),
                "{name}"
            );
        }
        // The orders' lines found the products that the other export had brought.
        let made =
            "SELECT COUNT(*) FROM catalog_sku WHERE code IN ('RC-30', 'RC-50', 'wc-mug', 'wc-scarf-red')";
        assert_eq!(number(&test.db, made).await, 4);
    });
}

#[test]
fn a_dry_run_needs_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("bad.csv");
    let mut job = job("online-retail", &["online_retail.csv"]);
    job.report = Some(report.clone());
    let summary = dry_run(&job, quiet()).unwrap();
    assert!(summary.dry && summary.landed.is_empty());
    assert!(summary.text(base::Locale::Zh).contains("试运行"));
    let written = std::fs::read_to_string(report).unwrap();
    assert_eq!(written.lines().count(), 5);
    assert!(written.contains("online_retail.csv,19,InvoiceDate,09.03.2011,cell.time,"));
}
