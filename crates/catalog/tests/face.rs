//! The catalogue through its face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base::{CategoryId, Ctx, Currency, Locale, Money, PageSize, RequestId, Text, codes};
use catalog::{
    BARCODE_TAKEN, CODE_TAKEN, Catalog, CategoryIn, Media, NewMedia, Product, ProductImport, ProductIn,
    ProductStatus, SKU_TAKEN, SkuIn, SkuLookup, UNKNOWN_CATEGORY, ValidProduct,
};
use db::Tx;
use db::testing::{TestDb, each_engine};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, catalog::MIGRATIONS];

fn system() -> Ctx {
    Ctx::system("test")
}

fn visitor() -> Ctx {
    Ctx::anonymous(Locale::En, RequestId("test".into()))
}

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

fn sku(code: &str, price: i64, barcodes: &[&str]) -> SkuIn {
    SkuIn {
        code: code.into(),
        barcodes: barcodes.iter().map(ToString::to_string).collect(),
        option: Text::new("30毫升", "30 ml"),
        price: cny(price),
        tracked: true,
        active: true,
    }
}

fn serum(category_id: CategoryId) -> ProductIn {
    ProductIn {
        code: "P-ROSE".into(),
        name: Text::new("玫瑰精华液", "Rose Serum"),
        brand: Text::new("店环", "Storeloop"),
        category_id,
        description: Text::new("清晨第一滴", "First drop of the morning"),
        media: vec![Media {
            url: "/api/v1/media/x".into(),
            alt: Text::same("x"),
            width: 10,
            height: 10,
        }],
        attributes: Vec::new(),
        status: ProductStatus::Active,
        skus: vec![
            sku("ROSE-30", 19_900, &["6901234567892"]),
            sku("ROSE-50", 29_900, &[]),
        ],
    }
}

fn valid(product: ProductIn) -> ValidProduct {
    ValidProduct::try_from(product).unwrap()
}

async fn categories(t: &TestDb, catalog: &Catalog) -> Vec<CategoryId> {
    let catalog = catalog.clone();
    let rows = [("care", None), ("serum", Some("care")), ("scent", None)].map(|(code, parent)| {
        let name = Text::new("分类", code);
        (
            None,
            CategoryIn {
                code: code.into(),
                parent_code: parent.map(str::to_owned),
                name,
                position: 0,
            },
        )
    });
    t.db.write(async move |tx: &Tx| catalog.import_categories_in(tx, &rows).await)
        .await
        .unwrap()
}

async fn with_serum(t: &TestDb) -> (Catalog, Vec<CategoryId>, Product) {
    let catalog = Catalog::new(t.db.clone());
    let tree = categories(t, &catalog).await;
    let product = catalog
        .product_create(&system(), valid(serum(tree[1])))
        .await
        .unwrap();
    (catalog, tree, product)
}

async fn find(catalog: &Catalog, ctx: &Ctx, question: &str) -> Vec<String> {
    let size = PageSize::new(None).unwrap();
    let page = catalog
        .product_list(ctx, Some(question), None, None, None, size)
        .await
        .unwrap();
    page.items.into_iter().map(|product| product.code).collect()
}

#[test]
fn a_product_comes_back_as_it_was_written() {
    each_engine(SETS, async |t: TestDb| {
        let (catalog, _, product) = with_serum(&t).await;
        assert_eq!(
            catalog.product_get(&visitor(), product.summary.id).await.unwrap(),
            product
        );
        assert_eq!(product.summary.price, cny(19_900));
        assert_eq!(product.summary.sku_count, 2);
        assert!(product.summary.image.is_some());
    });
}

#[test]
fn codes_and_barcodes_are_unique_in_the_chain() {
    each_engine(SETS, async |t: TestDb| {
        let (catalog, tree, _) = with_serum(&t).await;
        let create = async |product: ProductIn| {
            catalog
                .product_create(&system(), valid(product))
                .await
                .unwrap_err()
        };
        let other = || ProductIn {
            code: "P-2".into(),
            skus: vec![sku("X-1", 1, &[])],
            ..serum(tree[1])
        };
        assert!(
            create(ProductIn {
                code: "P-ROSE".into(),
                ..other()
            })
            .await
            .is(&CODE_TAKEN)
        );
        assert!(
            create(ProductIn {
                skus: vec![sku("ROSE-30", 1, &[])],
                ..other()
            })
            .await
            .is(&SKU_TAKEN)
        );
        // The same article written as GTIN-14.
        let again = ProductIn {
            skus: vec![sku("X-1", 1, &["06901234567892"])],
            ..other()
        };
        assert!(create(again).await.is(&BARCODE_TAKEN));
        assert!(
            create(ProductIn {
                category_id: CategoryId::new(),
                ..other()
            })
            .await
            .is(&UNKNOWN_CATEGORY)
        );
        assert!(catalog.product_create(&system(), valid(other())).await.is_ok());
    });
}

#[test]
fn every_fault_of_an_input_is_told_at_once() {
    let bad = ProductIn {
        name: Text::new("", "x"),
        skus: vec![
            sku("A", -1, &["123"]),
            SkuIn {
                price: Money::new(1, Currency::USD),
                ..sku("A", 1, &[])
            },
        ],
        ..serum(CategoryId::new())
    };
    let error = ValidProduct::try_from(bad).unwrap_err();
    let fields: Vec<_> = error.fields().iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "name.zh",
            "skus[0].price.amount_minor",
            "skus[0].barcodes[0]",
            "skus[1].code",
            "skus[1].price.currency"
        ]
    );
}

#[test]
fn a_change_keeps_the_skus_that_orders_name() {
    each_engine(SETS, async |t: TestDb| {
        let (catalog, _, product) = with_serum(&t).await;
        let id = product.summary.id;
        let first_sku = product.skus[0].id;
        assert_eq!(
            catalog.sku_snapshots(&[first_sku]).await.unwrap()[&first_sku].price,
            cny(19_900)
        );

        let change = |before: ProductIn| {
            let skus = vec![
                SkuIn {
                    price: cny(9_900),
                    ..before.skus[0].clone()
                },
                sku("ROSE-100", 39_900, &[]),
            ];
            ValidProduct::try_from(ProductIn { skus, ..before })
        };
        let stale = catalog
            .product_change(&system(), id, Some(9), change)
            .await
            .unwrap_err();
        assert!(stale.is(&codes::VERSION_MISMATCH));
        let after = catalog
            .product_change(&system(), id, Some(1), change)
            .await
            .unwrap();

        assert_eq!(after.version, 2);
        assert_eq!(after.skus[0].id, first_sku);
        let gone = after.skus.iter().find(|sku| sku.code == "ROSE-50").unwrap();
        assert_eq!((gone.id, gone.active), (product.skus[1].id, false));
        assert_eq!(after.summary.sku_count, 2);
        assert_eq!(catalog.product_get(&visitor(), id).await.unwrap(), after);
        // The price in memory follows at once.
        assert_eq!(
            catalog.sku_snapshots(&[first_sku]).await.unwrap()[&first_sku].price,
            cny(9_900)
        );
    });
}

#[test]
fn visitors_see_what_sells() {
    each_engine(SETS, async |t: TestDb| {
        let (catalog, tree, _) = with_serum(&t).await;
        let draft = ProductIn {
            code: "P-DRAFT".into(),
            status: ProductStatus::Draft,
            skus: vec![sku("DRAFT-1", 1, &[])],
            ..serum(tree[1])
        };
        let draft = catalog.product_create(&system(), valid(draft)).await.unwrap();
        assert!(
            catalog
                .product_get(&visitor(), draft.summary.id)
                .await
                .unwrap_err()
                .is(&codes::NOT_FOUND)
        );
        assert_eq!(find(&catalog, &visitor(), "玫瑰").await, ["P-ROSE"]);
        assert_eq!(find(&catalog, &system(), "玫瑰").await.len(), 2);
        let hidden = SkuLookup::Code("DRAFT-1".into());
        assert!(
            catalog
                .sku_list(&visitor(), hidden.clone())
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(catalog.sku_list(&system(), hidden).await.unwrap().len(), 1);
    });
}

#[test]
fn found_in_chinese_english_pinyin_by_code_and_barcode() {
    each_engine(SETS, async |t: TestDb| {
        let (catalog, tree, _) = with_serum(&t).await;
        let soap = ProductIn {
            code: "P-SOAP".into(),
            name: Text::new("玫瑰手工皂", "Rose Soap"),
            description: Text::default(),
            skus: vec![sku("SOAP-1", 2_900, &[])],
            ..serum(tree[2])
        };
        catalog.product_create(&system(), valid(soap)).await.unwrap();
        for question in [
            "玫瑰精华",
            "ＲＯＳＥ serum",
            "ser",
            "meiguijing",
            "mgjh",
            "ROSE-30",
            "rose-3",
            "6901234567892",
        ] {
            assert_eq!(
                find(&catalog, &visitor(), question).await[0],
                "P-ROSE",
                "{question}"
            );
        }
        assert_eq!(find(&catalog, &visitor(), "rose").await.len(), 2);
        assert_eq!(find(&catalog, &visitor(), "手工皂").await, ["P-SOAP"]);
        assert!(find(&catalog, &visitor(), "自行车").await.is_empty());
        assert!(find(&catalog, &visitor(), "!?").await.is_empty());

        let one = PageSize::new(Some(1)).unwrap();
        let ask = async |category, cursor: Option<String>| {
            catalog
                .product_list(&visitor(), Some("rose"), category, None, cursor.as_deref(), one)
                .await
                .unwrap()
        };
        let first = ask(None, None).await;
        let second = ask(None, first.next.clone()).await;
        assert_ne!(first.items[0].id, second.items[0].id);
        assert!(second.next.is_none());
        // A category includes what is below it.
        assert_eq!(ask(Some(tree[0]), None).await.items[0].code, "P-ROSE");
        let size = PageSize::new(None).unwrap();
        let shelf = catalog
            .product_list(&visitor(), None, Some(tree[0]), None, None, size)
            .await
            .unwrap();
        assert_eq!(shelf.items.len(), 1);
    });
}

#[test]
fn a_scanner_finds_the_sku_however_the_code_is_written() {
    each_engine(SETS, async |t: TestDb| {
        let (catalog, _, product) = with_serum(&t).await;
        let found = catalog
            .sku_list(&visitor(), SkuLookup::Barcode("06901234567892".into()))
            .await
            .unwrap();
        assert_eq!(found[0].sku, product.skus[0]);
        assert_eq!(found[0].product, product.summary);
        assert!(
            catalog
                .sku_list(&visitor(), SkuLookup::Barcode("123".into()))
                .await
                .is_err()
        );
    });
}

#[test]
fn a_second_import_changes_nothing() {
    each_engine(SETS, async |t: TestDb| {
        let catalog = Catalog::new(t.db.clone());
        let tree = categories(&t, &catalog).await;
        assert_eq!(categories(&t, &catalog).await, tree);
        let import = async |price: i64| {
            let catalog = catalog.clone();
            let rows: Vec<ProductImport> = (0..30)
                .map(|n| {
                    let skus = vec![sku(&format!("S{n}"), if n == 7 { price } else { 100 }, &[])];
                    valid(ProductIn {
                        code: format!("P{n}"),
                        skus,
                        ..serum(tree[1])
                    })
                    .into()
                })
                .collect();
            let unit = async move |tx: &Tx| catalog.import_products_in(tx, &system(), &rows).await;
            t.db.write(async move |tx: &Tx| {
                let rows = unit(tx).await?;
                Ok(rows
                    .iter()
                    .map(|row| (row.created, row.changed))
                    .collect::<Vec<_>>())
            })
            .await
            .unwrap()
        };
        assert!(import(100).await.iter().all(|row| *row == (true, true)));
        assert!(import(100).await.iter().all(|row| *row == (false, false)));
        let third = import(200).await;
        assert_eq!(third.iter().filter(|row| **row == (false, true)).count(), 1);
    });
}

#[test]
fn the_same_picture_is_kept_once() {
    each_engine(SETS, async |t: TestDb| {
        let catalog = Catalog::new(t.db.clone());
        let picture = NewMedia {
            content_type: "image/svg+xml".into(),
            bytes: b"<svg/>".to_vec(),
            width: 1,
            height: 1,
        };
        let keep = async |picture: NewMedia| {
            let catalog = catalog.clone();
            t.db.write(async move |tx: &Tx| catalog.media_store_in(tx, None, &picture).await)
                .await
        };
        let id = keep(picture.clone()).await.unwrap();
        assert_eq!(keep(picture.clone()).await.unwrap(), id);
        assert_eq!(catalog.media_get(id).await.unwrap().bytes, b"<svg/>");
        assert!(
            keep(NewMedia {
                content_type: "text/html".into(),
                ..picture
            })
            .await
            .is_err()
        );
    });
}
