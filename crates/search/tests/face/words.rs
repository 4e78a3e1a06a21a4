//! What is found by which words.

use base::codes;
use catalog::ProductStatus;
use db::testing::{TestDb, each_engine};

use crate::common::{SETS, Shop, asked, codes as found, gtin, system, visitor};

#[test]
fn each_way_of_asking_finds_it_first() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let barcode = gtin(690_123_450_000 + "SR01".bytes().map(u64::from).sum::<u64>());
        let ways: &[(&str, &str)] = &[
            ("玫瑰保湿精华液", "SR01"),
            ("玫瑰精华", "SR01"),
            ("玫瑰保濕精華液", "SR01"),
            ("玫瑰 serum", "SR01"),
            ("hydrating serums", "SR01"),
            ("ｒｏｓｅ　ｓｅｒｕｍ", "SR01"),
            ("rose hyd", "SR01"),
            ("meiguibaoshi", "SR01"),
            ("mgbs", "SR01"),
            ("SR01-30", "SR01"),
            ("sr01", "SR01"),
            ("SR 01", "SR01"),
            (&barcode, "SR01"),
            ("spf50", "SN01"),
            ("spf 50", "SN01"),
            ("防晒霜", "SN01"),
            ("lipstick", "LP01"),
            ("玫瑰膜", "MK01"),
            ("绯序 粉底", "FD01"),
            ("feixu mascara", "MC01"),
            ("jiemaogao", "MC01"),
            ("rose water for the face", "TN01"),
        ];
        let mut wrong = Vec::new();
        for (question, code) in ways {
            let found = shop.ask(question).await;
            if found.first().map(String::as_str) != Some(*code) {
                wrong.push(format!("{question}: {code} wanted, {found:?} found"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn slips_are_forgiven_and_named() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        for (question, code, corrected) in [
            ("lipstcik", "LP01", Some("lipstick")),
            ("masacra", "MC01", Some("mascara")),
            ("foundatoin", "FD01", Some("foundation")),
            ("hyaluornic seum", "SR02", Some("hyaluronic serum")),
            ("梅归保湿", "SR01", Some("玫瑰保湿")),
            ("坡尿酸", "SR02", None),
            ("lipstick", "LP01", None),
        ] {
            let results = shop.find(asked(question)).await;
            assert_eq!(
                (
                    found(&results).first().map(String::as_str),
                    results.corrected.as_deref()
                ),
                (Some(code), corrected),
                "{question}"
            );
        }
        // Three letters are too few to guess from.
        assert!(shop.ask("zzz").await.is_empty());
    });
}

#[test]
fn a_synonym_finds_what_is_called_otherwise() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        // 口红 and 唇膏 are one meaning; what is called so stands first.
        assert_eq!(shop.ask("口红").await, ["LP01", "LP02"]);
        assert_eq!(shop.ask("唇膏").await[0], "LP02");
        assert!(shop.ask("toner").await.contains(&"TN01".to_owned()));
    });
}

#[test]
fn most_of_a_question_will_do_when_nothing_has_it_all() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let results = shop.find(asked("玫瑰 面膜 qwxzky")).await;
        assert_eq!((found(&results)[0].as_str(), results.partial), ("MK01", true));
        let results = shop.find(asked("玫瑰 面膜")).await;
        assert_eq!(
            (found(&results), results.partial),
            (vec!["MK01".to_owned()], false)
        );
        assert!(shop.ask("，。！").await.is_empty());
    });
}

#[test]
fn what_was_asked_for_is_marked() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let results = shop.find(asked("rose 保濕")).await;
        let parts = &results.items[0].name_parts;
        let marked = |side: &[search::Marked]| -> String {
            side.iter()
                .filter(|part| part.hit)
                .map(|part| part.text.as_str())
                .collect()
        };
        // 保湿 and "hydrating" are one meaning in the list of synonyms.
        let hits = (marked(&parts.zh), marked(&parts.en));
        assert_eq!(hits, ("保湿".into(), "RoseHydrating".into()));
        let whole: String = parts.zh.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(whole, "玫瑰保湿精华液");
    });
}

#[test]
fn a_visitor_finds_what_sells_and_staff_what_they_ask_for() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let id = shop.product("SR01").summary.id;
        shop.search.step().await.unwrap();
        shop.change(id, |product| product.status = ProductStatus::Archived)
            .await;
        shop.told().await;
        let mut wanted = asked("玫瑰保湿精华液");
        wanted.status = Some(ProductStatus::Archived);
        assert!(!found(&shop.find(wanted.clone()).await).contains(&"SR01".to_owned()));
        let seen = shop.search.product_search(&system(), wanted).await.unwrap();
        assert_eq!(found(&seen), ["SR01"]);
    });
}

#[test]
fn suggestions_name_categories_brands_and_products() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let told = async |typed: &str| {
            let ctx = visitor();
            let answer = shop.search.suggestion_list(&ctx, typed.into(), None, None).await;
            let items = answer.unwrap().items;
            items
                .iter()
                .map(|item| (format!("{:?}", item.kind), item.text.zh.clone()))
                .collect::<Vec<_>>()
        };
        let named = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
        let mask = told("mianm").await;
        assert_eq!(mask[0], named("Category", "面膜"));
        assert!(mask.contains(&named("Product", "玫瑰面膜")), "{mask:?}");
        assert_eq!(told("tingl").await[0], named("Brand", "汀澜"));
        assert_eq!(told("velv").await, [named("Product", "丝绒口红")]);
        assert!(told("  ").await.is_empty());
    });
}

#[test]
fn what_is_too_long_is_refused_with_its_limit() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let refused = shop
            .search
            .product_search(&visitor(), asked(&"长".repeat(201)))
            .await;
        assert!(refused.unwrap_err().is(&codes::INVALID_INPUT));
        assert!(shop.ask(&"龘".repeat(200)).await.is_empty());
    });
}
