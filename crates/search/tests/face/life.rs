//! How the index comes about, is kept up, and is put right.

use base::Text;
use db::testing::{TestDb, each_engine};
use search::LOCKED;

use crate::common::{SETS, Shop, name_categories, search_over, visitor};

async fn state(search: &search::Search) -> (usize, bool, i64) {
    let state = search.state().await.unwrap();
    assert!(state.stock_known);
    (state.products, state.in_memory, state.behind)
}

#[test]
fn a_change_is_found_after_its_event() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        assert!(shop.ask("薰衣草").await.is_empty());
        let id = shop.product("SR01").summary.id;
        shop.change(id, |product| {
            product.name = Text::new("薰衣草精油", "Lavender Oil")
        })
        .await;
        shop.told().await;
        assert_eq!(shop.ask("薰衣草").await, ["SR01"]);
        assert!(!shop.ask("玫瑰").await.contains(&"SR01".to_owned()));
        assert_eq!(state(&shop.search).await, (10, true, 0));
    });
}

#[test]
fn an_index_on_disk_is_gone_on_with() {
    each_engine(SETS, async |t: TestDb| {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::new(&t, Some(folder.path())).await;
        shop.receive("SR01", shop.stores[0], 2).await;
        shop.told().await;
        assert_eq!(state(&shop.search).await, (10, false, 0));
        let Shop {
            search,
            bus,
            catalog,
            products,
            ..
        } = shop;
        drop(search);

        // What happened while nobody followed is caught up on.
        let id = products[1].summary.id;
        let renamed = move |mut details: catalog::ProductIn| {
            details.name = Text::new("薰衣草精油", "Lavender Oil");
            catalog::ValidProduct::try_from(details)
        };
        catalog
            .product_change(&crate::common::system(), id, None, renamed)
            .await
            .unwrap();
        bus.step().await.unwrap();
        let search = search_over(&t.db, &bus, Some(folder.path()));
        let found = search
            .product_search(&visitor(), crate::common::asked("薰衣草"))
            .await
            .unwrap();
        assert_eq!(crate::common::codes(&found), ["SR02"]);
        assert_eq!(state(&search).await, (10, false, 0));
    });
}

#[test]
fn what_cannot_be_used_is_made_anew() {
    each_engine(SETS, async |t: TestDb| {
        let folder = tempfile::tempdir().unwrap();
        let meta = folder.path().join("meta.json");
        let bus = {
            let shop = Shop::new(&t, Some(folder.path())).await;
            shop.search.step().await.unwrap();
            shop.bus.clone()
        };
        // Torn, of another version, of another database.
        let written = std::fs::read_to_string(&meta).unwrap();
        let torn = [
            "{".to_owned(),
            written.replace("version\\\":2", "version\\\":1"),
            written.replace("evt_", "evt_0"),
        ];
        for (nth, torn) in torn.iter().enumerate() {
            assert_ne!(*torn, written, "{nth}");
            std::fs::write(&meta, torn).unwrap();
            let search = search_over(&t.db, &bus, Some(folder.path()));
            assert_eq!(state(&search).await, (10, false, 0), "{nth}");
        }
    });
}

#[test]
fn a_second_process_keeps_its_own() {
    each_engine(SETS, async |t: TestDb| {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::new(&t, Some(folder.path())).await;
        assert_eq!(state(&shop.search).await, (10, false, 0));
        let second = search_over(&t.db, &shop.bus, Some(folder.path()));
        assert!(second.rebuild().await.unwrap_err().is(&LOCKED));
        assert_eq!(state(&second).await, (10, true, 0));
        // Both hear of everything.
        shop.receive("SR01", shop.stores[0], 2).await;
        let id = shop.product("TN01").summary.id;
        shop.change(id, |product| {
            product.name = Text::new("薰衣草水", "Lavender Water")
        })
        .await;
        shop.told().await;
        second.step().await.unwrap();
        for search in [&shop.search, &second] {
            let found = search
                .product_search(&visitor(), crate::common::asked("薰衣草"))
                .await;
            assert_eq!(crate::common::codes(&found.unwrap()), ["TN01"]);
        }
        drop((shop, second));
    });
}

#[test]
fn a_category_renamed_is_found_by_its_new_name() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        assert!(shop.ask("养肤").await.is_empty());
        assert_eq!(shop.ask("护肤").await.len(), 6);
        name_categories(&t.db, &shop.catalog, "养肤").await;
        shop.told().await;
        assert_eq!(shop.ask("养肤").await.len(), 6);
        assert!(shop.ask("护肤").await.is_empty());
    });
}
