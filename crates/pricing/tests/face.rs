//! Prices through their face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use base::{Ctx, Currency, Locale, Money, PageSize, PriceListId, RequestId, SkuId, Text, codes};
use catalog::{Catalog, CategoryIn, Product, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::Tx;
use db::testing::{START, TestDb, each_engine};
use pricing::{
    Audience, BuyerTier, Effect, EntryPut, EntrySku, Goods, LIST_CODE_TAKEN, PriceChange, PriceListIn,
    PriceSettings, Pricing, PromotionIn, SalesChannel, Standing, ValidList, ValidPromotion, ValidSettings,
};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, catalog::MIGRATIONS, pricing::MIGRATIONS];

fn system() -> Ctx {
    Ctx::system("test")
}

async fn serum(t: &TestDb) -> Product {
    let catalog = Catalog::new(t.db.clone());
    let shop = catalog.clone();
    let care = CategoryIn {
        code: "care".into(),
        parent_code: None,
        name: Text::same("Care"),
        position: 0,
    };
    let unit = async move |tx: &Tx| shop.import_categories_in(tx, &[(None, care.clone())]).await;
    let category_id = t.db.write(unit).await.unwrap()[0];
    let sku = |code: &str, price| SkuIn {
        code: code.into(),
        barcodes: Vec::new(),
        option: Text::same(code),
        price: Money::new(price, Currency::CNY),
        tracked: true,
        active: true,
    };
    let product = ProductIn {
        code: "P1".into(),
        name: Text::new("精华", "Serum"),
        brand: Text::default(),
        category_id,
        description: Text::default(),
        media: Vec::new(),
        attributes: Vec::new(),
        status: ProductStatus::Active,
        skus: vec![sku("S-30", 19_900), sku("S-50", 29_900)],
    };
    let product = ValidProduct::try_from(product).unwrap();
    catalog.product_create(&system(), product).await.unwrap()
}

fn list(code: &str) -> PriceListIn {
    PriceListIn {
        code: code.into(),
        name: Text::new("会员价", "Members' price"),
        currency: Currency::CNY,
        tax_included: true,
        audience: Audience {
            tiers: vec![BuyerTier::Gold, BuyerTier::Platinum],
            ..Audience::default()
        },
        valid_from: None,
        valid_until: None,
        active: true,
    }
}

fn ten_percent(code: &str) -> PromotionIn {
    PromotionIn {
        code: code.into(),
        name: Text::new("九折", "Ten off"),
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 0,
        min_amount_minor: 0,
        effect: Effect::PercentOff { basis_points: 1_000 },
        currency: None,
        priority: 5,
        group: None,
        stackable: true,
        typed_code: None,
        valid_from: None,
        valid_until: None,
        active: true,
    }
}

fn put(sku: EntrySku, min_quantity: i64, amount_minor: Option<i64>) -> EntryPut {
    EntryPut {
        sku,
        min_quantity,
        amount_minor,
    }
}

fn over(t: &TestDb) -> Pricing {
    Pricing::new(t.db.clone(), Catalog::new(t.db.clone()))
}

async fn created(pricing: &Pricing, code: &str) -> PriceListId {
    let list = ValidList::try_from(list(code)).unwrap();
    pricing.price_list_create(&system(), list).await.unwrap().id
}

fn all() -> PageSize {
    PageSize::new(None).unwrap()
}

#[test]
fn prices_are_set_replaced_and_taken_away_in_bulk() {
    each_engine(SETS, async |t: TestDb| {
        let (pricing, ctx) = (over(&t), system());
        let (small, large) = {
            let product = serum(&t).await;
            (product.skus[0].id, product.skus[1].id)
        };
        let id = created(&pricing, "VIP").await;
        let rows = vec![
            put(EntrySku::Code("S-30".into()), 1, Some(18_000)),
            put(EntrySku::Id(small), 3, Some(17_000)),
            put(EntrySku::Id(large), 1, Some(27_000)),
        ];
        let after = pricing.price_entry_put(&ctx, id, rows).await.unwrap();
        assert_eq!((after.entry_count, after.version), (3, 2));
        let rows = vec![
            put(EntrySku::Id(small), 1, Some(18_500)),
            put(EntrySku::Id(large), 1, None),
        ];
        pricing.price_entry_put(&ctx, id, rows).await.unwrap();
        let page = pricing.price_entry_list(&ctx, id, None, all()).await.unwrap();
        let prices: Vec<(&str, i64, i64)> = page
            .items
            .iter()
            .map(|row| (row.sku_code.as_str(), row.min_quantity, row.price.amount_minor))
            .collect();
        assert_eq!(prices, [("S-30", 1, 18_500), ("S-30", 3, 17_000)]);
        assert_eq!(page.items[0].list_price, Some(Money::new(19_900, Currency::CNY)));
        // Page by page it is the same.
        let one = PageSize::new(Some(1)).unwrap();
        let first = pricing.price_entry_list(&ctx, id, None, one).await.unwrap();
        let next = first.next.unwrap();
        let second = pricing
            .price_entry_list(&ctx, id, Some(&next), one)
            .await
            .unwrap();
        assert_eq!(
            (&first.items[0], &second.items[0]),
            (&page.items[0], &page.items[1])
        );
    });
}

#[test]
fn every_row_that_is_wrong_is_named_and_nothing_is_written() {
    each_engine(SETS, async |t: TestDb| {
        let (pricing, ctx) = (over(&t), system());
        serum(&t).await;
        let id = created(&pricing, "VIP").await;
        let rows = vec![
            put(EntrySku::Code("S-30".into()), 1, Some(1)),
            put(EntrySku::Code("S-31".into()), 1, Some(1)),
            put(EntrySku::Code("S-30".into()), 1, Some(2)),
            put(EntrySku::Id(SkuId::new()), 1, Some(1)),
        ];
        let error = pricing.price_entry_put(&ctx, id, rows).await.unwrap_err();
        let wrong: Vec<(&str, &str)> = error
            .fields()
            .iter()
            .map(|f| (f.field.as_str(), f.code.code))
            .collect();
        assert_eq!(
            wrong,
            [
                ("entries[1].sku_code", "pricing.unknown_sku"),
                ("entries[2].sku_code", "pricing.repeated"),
                ("entries[3].sku_id", "pricing.unknown_sku"),
            ]
        );
        assert_eq!(pricing.price_list_get(&ctx, id).await.unwrap().entry_count, 0);
    });
}

#[test]
fn a_list_is_changed_by_its_version_and_removed_with_its_prices() {
    each_engine(SETS, async |t: TestDb| {
        let (pricing, ctx) = (over(&t), system());
        let sku = serum(&t).await.skus[0].id;
        let id = created(&pricing, "VIP").await;
        created(&pricing, "OTHER").await;
        let taken = ValidList::try_from(list("OTHER")).unwrap();
        let refused = pricing.price_list_change(&ctx, id, Some(1), taken).await;
        assert!(refused.unwrap_err().is(&LIST_CODE_TAKEN));
        let paused = PriceListIn {
            active: false,
            ..list("VIP")
        };
        let paused = ValidList::try_from(paused).unwrap();
        let after = pricing
            .price_list_change(&ctx, id, Some(1), paused.clone())
            .await
            .unwrap();
        assert_eq!((after.standing, after.version), (Standing::Paused, 2));
        let late = pricing.price_list_change(&ctx, id, Some(1), paused).await;
        assert!(late.unwrap_err().is(&codes::VERSION_MISMATCH));
        pricing
            .price_entry_put(&ctx, id, vec![put(EntrySku::Id(sku), 1, Some(1))])
            .await
            .unwrap();
        pricing.price_list_remove(&ctx, id, None).await.unwrap();
        assert!(
            pricing
                .price_list_get(&ctx, id)
                .await
                .unwrap_err()
                .is(&codes::NOT_FOUND)
        );
        let left = pricing.price_list_list(&ctx, None, all()).await.unwrap();
        assert_eq!(left.items.len(), 1);
    });
}

#[test]
fn a_promotion_stands_where_the_clock_says() {
    each_engine(SETS, async |t: TestDb| {
        let (pricing, ctx) = (over(&t), system());
        let hour = Duration::from_secs(3_600);
        let promotion = PromotionIn {
            valid_from: Some(START.after(hour)),
            valid_until: Some(START.after(2 * hour)),
            ..ten_percent("D11")
        };
        let promotion = ValidPromotion::try_from(promotion).unwrap();
        let id = pricing.promotion_create(&ctx, promotion).await.unwrap().id;
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(pricing.promotion_get(&ctx, id).await.unwrap().standing);
            t.clock.advance(hour);
        }
        assert_eq!(seen, [Standing::Scheduled, Standing::Running, Standing::Ended]);
        pricing.promotion_remove(&ctx, id, Some(1)).await.unwrap();
        let left = pricing.promotion_list(&ctx, None, all()).await.unwrap();
        assert!(left.items.is_empty());
    });
}

#[test]
fn the_book_is_kept_in_memory_and_renewed_by_every_change() {
    each_engine(SETS, async |t: TestDb| {
        let (pricing, ctx) = (over(&t), system());
        let sku = serum(&t).await.skus[0].id;
        let empty = pricing.book().await.unwrap();
        assert!(
            Arc::ptr_eq(&empty, &pricing.book().await.unwrap()),
            "it was read twice"
        );
        assert!(!empty.asks_for_tier());
        let id = created(&pricing, "VIP").await;
        let with_list = pricing.book().await.unwrap();
        assert!(with_list.asks_for_tier());
        pricing
            .price_entry_put(&ctx, id, vec![put(EntrySku::Id(sku), 1, Some(1))])
            .await
            .unwrap();
        assert!(!Arc::ptr_eq(&with_list, &pricing.book().await.unwrap()));
    });
}

#[test]
fn settings_say_what_becomes_of_a_price_that_changes() {
    each_engine(SETS, async |t: TestDb| {
        let (pricing, ctx) = (over(&t), system());
        let (settings, version) = pricing.price_settings_get(&ctx).await.unwrap();
        assert_eq!(settings.price_change, PriceChange::KeepWhileHeld);
        let change = PriceSettings {
            price_change: PriceChange::RepriceAndShow,
            tax_apart_channels: vec![SalesChannel::Marketplace],
            ..settings
        };
        let valid = ValidSettings::try_from(change.clone()).unwrap();
        let changed = pricing
            .price_settings_change(&ctx, Some(version), valid)
            .await
            .unwrap();
        assert_eq!(changed, (change, version + 1));
        assert_eq!(pricing.price_settings_get(&ctx).await.unwrap(), changed);
    });
}

#[test]
fn what_does_not_hold_together_is_refused_field_by_field() {
    let promotion = PromotionIn {
        name: Text::new("", "x"),
        effect: Effect::AmountOff { amount_minor: 0 },
        valid_from: Some(START),
        valid_until: Some(START),
        priority: -1,
        ..ten_percent("")
    };
    let error = ValidPromotion::try_from(promotion).unwrap_err();
    let wrong: Vec<(&str, &str)> = error
        .fields()
        .iter()
        .map(|f| (f.field.as_str(), f.code.code))
        .collect();
    assert_eq!(
        wrong,
        [
            ("code", "input.required"),
            ("name.zh", "input.required"),
            ("priority", "input.out_of_range"),
            ("valid_until", "pricing.ends_before_it_begins"),
            ("currency", "pricing.currency_missing"),
            ("effect.amount_minor", "input.out_of_range"),
        ]
    );
}

#[test]
fn who_may_not_see_prices_sees_none() {
    each_engine(SETS, async |t: TestDb| {
        let pricing = over(&t);
        let visitor = Ctx::anonymous(Locale::En, RequestId("test".into()));
        let refused = pricing.promotion_list(&visitor, None, all()).await.unwrap_err();
        assert!(refused.is(&codes::UNAUTHENTICATED));
    });
}
