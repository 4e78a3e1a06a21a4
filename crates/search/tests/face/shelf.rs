//! What can be had where: ranking, filters, counts, pages.

use base::{PageSize, PlaceId, codes};
use db::testing::{TestDb, each_engine};
use search::{AvailabilityState, AvailabilityWanted, ProductSearch, Sort};

use crate::common::{SETS, Shop, asked, codes as found, visitor};

#[test]
fn what_is_here_comes_first_and_what_is_nowhere_last() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let [here, near, far, ships] = shop.stores[..] else {
            panic!("four places")
        };
        shop.receive("MK02", here, 3).await;
        shop.receive("SR01", near, 3).await;
        shop.receive("SR02", ships, 3).await;
        shop.receive("TN01", far, 3).await;
        shop.told().await;
        let at = |availability| ProductSearch {
            place: Some(here),
            availability,
            ..asked("")
        };
        let results = shop.find(at(None)).await;
        let states: Vec<_> = results.items.iter().map(|hit| hit.availability.state).collect();
        assert!(states.is_sorted(), "{states:?}");
        assert_eq!(
            (&found(&results)[..4], results.total),
            (&["MK02", "SR01", "SR02", "TN01"].map(str::to_owned)[..], 10)
        );
        assert_eq!(states[4], AvailabilityState::None);
        assert_eq!(results.items[1].availability.places, [near]);

        for (wanted, expected) in [
            (AvailabilityWanted::Here, 1),
            (AvailabilityWanted::Near, 2),
            (AvailabilityWanted::Any, 4),
        ] {
            assert_eq!(shop.find(at(Some(wanted))).await.total, expected, "{wanted:?}");
        }

        // The last piece goes: the product moves at the next event.
        shop.receive("MK02", here, -3).await;
        shop.told().await;
        let results = shop.find(at(None)).await;
        assert_eq!(found(&results)[0], "SR01");
        assert!(found(&results).contains(&"MK02".to_owned()));
    });
}

#[test]
fn a_name_asked_for_exactly_comes_first_although_it_is_sold_out() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        shop.receive("SR01", shop.stores[0], 5).await;
        shop.told().await;
        let mut wanted = asked("玻尿酸精华液");
        wanted.place = Some(shop.stores[0]);
        let results = shop.find(wanted).await;
        assert_eq!(
            (found(&results)[0].as_str(), results.items[0].availability.state),
            ("SR02", AvailabilityState::None)
        );
        // Asked for by what both are, the one that is there comes first.
        let mut wanted = asked("精华液");
        wanted.place = Some(shop.stores[0]);
        assert_eq!(found(&shop.find(wanted).await), ["SR01", "SR02"]);
    });
}

#[test]
fn a_place_nobody_knows_is_not_found() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        let mut wanted = asked("");
        wanted.place = Some(PlaceId::new());
        let refused = shop.search.product_search(&visitor(), wanted).await.unwrap_err();
        assert!(refused.is(&codes::NOT_FOUND));
    });
}

#[test]
fn facets_count_what_the_other_filters_leave() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        shop.receive("SR01", shop.stores[0], 1).await;
        shop.told().await;
        let wanted = ProductSearch {
            with_facets: true,
            brands: vec!["汀澜".into()],
            place: Some(shop.stores[0]),
            ..asked("")
        };
        let results = shop.find(wanted.clone()).await;
        let facets = results.facets.unwrap();
        let brands: Vec<_> = facets.brands.iter().map(|b| (b.key.as_str(), b.count)).collect();
        assert_eq!((results.total, brands), (6, vec![("汀澜", 6), ("绯序", 4)]));
        let counted = |at: usize| {
            let facet = facets.categories.iter().find(|c| c.category_id == shop.tree[at]);
            facet.map(|facet| facet.count)
        };
        // The parent counts its children; the other brand's category is not there.
        assert_eq!((counted(0), counted(2), counted(4)), (Some(6), Some(2), None));
        let availability = facets.availability.unwrap();
        assert_eq!((availability.here, availability.none), (1, 5));
        let in_ranges: u64 = facets.prices.iter().map(|range| range.count).sum();
        assert_eq!(in_ranges, 6);
        let skin = &facets.attributes[0];
        assert_eq!((skin.key.as_str(), skin.values.len()), ("skin", 3));

        let narrowed = ProductSearch {
            category: Some(shop.tree[0]),
            attributes: vec![("skin".into(), "干性肌".into())],
            min_price: Some(15_000),
            ..wanted
        };
        assert_eq!(found(&shop.find(narrowed).await), ["SR01", "SR02"]);
    });
}

#[test]
fn pages_are_the_list_in_every_order() {
    each_engine(SETS, async |t: TestDb| {
        let shop = Shop::new(&t, None).await;
        shop.receive("SR01", shop.stores[0], 1).await;
        shop.told().await;
        for sort in [
            Sort::Relevance,
            Sort::Popular,
            Sort::Newest,
            Sort::PriceLow,
            Sort::PriceHigh,
        ] {
            let whole = shop.find(ProductSearch { sort, ..asked("") }).await;
            let (mut paged, mut cursor) = (Vec::new(), None);
            loop {
                let page = shop
                    .find(ProductSearch {
                        sort,
                        cursor: cursor.take(),
                        size: Some(PageSize::new(Some(3)).unwrap()),
                        ..asked("")
                    })
                    .await;
                assert_eq!(page.total, 10);
                paged.extend(found(&page));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(paged, found(&whole), "{sort:?}");
            let prices: Vec<_> = whole
                .items
                .iter()
                .map(|hit| hit.product.price.amount_minor)
                .collect();
            match sort {
                Sort::PriceLow => assert!(prices.is_sorted()),
                Sort::PriceHigh => assert!(prices.is_sorted_by(|a, b| a >= b)),
                // Also those made within one millisecond.
                Sort::Newest => {
                    let made = shop.products.iter().map(|product| &product.summary.code);
                    assert!(paged.iter().eq(made.rev()), "{paged:?}");
                }
                _ => {}
            }
        }
        let refused = ProductSearch {
            cursor: Some("rubbish".into()),
            ..asked("")
        };
        let refused = shop.search.product_search(&visitor(), refused).await.unwrap_err();
        assert!(refused.is(&codes::INVALID_CURSOR));
    });
}
