//! Questions nobody would ask.

use db::{Db, DbConfig, SqliteConfig, StoreClock};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::common::{SETS, Shop, asked, visitor};

#[test]
fn no_question_is_too_odd() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let shop = runtime.block_on(async {
        let config = DbConfig::Sqlite(SqliteConfig::new(folder.path().join("odd.db")));
        let db = Db::open(config, StoreClock::Database).await.unwrap();
        db.migrate(SETS).await.unwrap();
        Shop::open(&db, None).await
    });
    let question = prop_oneof![
        "\\PC{0,60}",
        "[玫瑰精华水面膜a-z0-9 \"'()+*:~^\\[\\]{}\\\\/-]{0,60}",
        "[\u{0}-\u{1f}\u{200b}\u{202e}\u{fffd}\u{1f600}é]{0,20}",
    ];
    let mut runner = TestRunner::new(Config {
        cases: 300,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&question, |question| {
            let answered = runtime.block_on(async {
                let found = shop.search.product_search(&visitor(), asked(&question)).await;
                let told = shop
                    .search
                    .suggestion_list(&visitor(), question.clone(), None, None)
                    .await;
                found.is_ok() && told.is_ok()
            });
            prop_assert!(answered, "{:?}", question);
            Ok(())
        })
        .unwrap();
    drop(shop);
    runtime.shutdown_background();
}
