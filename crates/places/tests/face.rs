//! Places through their face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base::{Ctx, Locale, PageSize, RequestId, Text, codes};
use db::Tx;
use db::testing::{TestDb, each_engine};
use places::{Address, Filter, Imported, Place, PlaceIn, PlaceKind, Places, Point, Service, ValidPlace};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, places::MIGRATIONS];

fn details(code: &str, latitude: f64, longitude: f64) -> PlaceIn {
    PlaceIn {
        code: code.into(),
        kind: PlaceKind::Store,
        name: Text::new("静安店", "Jing'an"),
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::new("上海市", "Shanghai"),
            city: Text::new("上海市", "Shanghai"),
            district: None,
            line: Text::new("西藏北路166号", "166 North Xizang Road"),
            postcode: None,
        },
        latitude,
        longitude,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: vec![Service::Collect],
        prep_minutes: 30,
        daily_order_capacity: Some(40),
        active: true,
    }
}

fn valid(place: PlaceIn) -> ValidPlace {
    ValidPlace::try_from(place).unwrap()
}

fn system() -> Ctx {
    Ctx::system("test")
}

fn visitor() -> Ctx {
    Ctx::anonymous(Locale::En, RequestId("test".into()))
}

async fn open(places: &Places, place: PlaceIn) -> Place {
    places.place_create(&system(), valid(place)).await.unwrap()
}

fn size() -> PageSize {
    PageSize::new(None).unwrap()
}

#[test]
fn a_place_is_opened_changed_and_closed() {
    each_engine(SETS, async |t: TestDb| {
        let places = Places::new(t.db.clone());
        let place = open(&places, details("S1", 31.24, 121.47)).await;
        assert_eq!(places.place_get(&visitor(), place.id).await.unwrap(), place);

        let taken = places
            .place_create(&system(), valid(details("S1", 0.0, 0.0)))
            .await
            .unwrap_err();
        assert!(taken.is(&places::CODE_TAKEN));

        let close = |before: PlaceIn| {
            ValidPlace::try_from(PlaceIn {
                active: false,
                ..before
            })
        };
        let stale = places
            .place_change(&system(), place.id, Some(7), close)
            .await
            .unwrap_err();
        assert!(stale.is(&codes::VERSION_MISMATCH));
        let closed = places
            .place_change(&system(), place.id, Some(1), close)
            .await
            .unwrap();
        assert_eq!((closed.version, closed.active), (2, false));

        let hidden = places.place_get(&visitor(), place.id).await.unwrap_err();
        assert!(hidden.is(&codes::NOT_FOUND));
        assert!(places.place_get(&system(), place.id).await.is_ok());
    });
}

#[test]
fn visitors_may_look_but_not_open() {
    each_engine(SETS, async |t: TestDb| {
        let places = Places::new(t.db.clone());
        let refused = places
            .place_create(&visitor(), valid(details("S1", 0.0, 0.0)))
            .await
            .unwrap_err();
        assert!(refused.is(&codes::UNAUTHENTICATED));
    });
}

#[test]
fn nearest_first_in_pages() {
    each_engine(SETS, async |t: TestDb| {
        let places = Places::new(t.db.clone());
        for (code, latitude) in [("FAR", 35.0), ("HERE", 31.0), ("NEAR", 31.5)] {
            open(&places, details(code, latitude, 121.0)).await;
        }
        let warehouse = PlaceIn {
            services: vec![Service::Ship],
            ..details("WH", 31.0, 121.0)
        };
        open(&places, warehouse).await;
        let me = Point::new(31.0, 121.0).unwrap();
        let collect = Filter {
            service: Some(Service::Collect),
            ..Filter::default()
        };
        let two = PageSize::new(Some(2)).unwrap();

        let first = places.places_near(me, &collect, None, two).await.unwrap();
        let found: Vec<_> = first.items.iter().map(|near| near.place.code.as_str()).collect();
        assert_eq!(found, ["HERE", "NEAR"]);
        let second = places
            .places_near(me, &collect, first.next.as_deref(), two)
            .await
            .unwrap();
        assert_eq!(second.items[0].place.code, "FAR");
        assert!(second.next.is_none());
    });
}

#[test]
fn the_list_is_narrowed() {
    each_engine(SETS, async |t: TestDb| {
        let places = Places::new(t.db.clone());
        open(&places, details("A%1", 31.0, 121.0)).await;
        open(
            &places,
            PlaceIn {
                region: "north".into(),
                ..details("B_2", 39.9, 116.4)
            },
        )
        .await;
        let codes = async |filter: Filter| -> Vec<String> {
            let page = places.place_list(&visitor(), filter, None, size()).await.unwrap();
            page.items.into_iter().map(|place| place.code).collect()
        };
        let search = |words: &str| Filter {
            search: Some(words.into()),
            ..Filter::default()
        };
        assert_eq!(codes(Filter::default()).await, ["A%1", "B_2"]);
        assert_eq!(
            codes(Filter {
                region: Some("north".into()),
                ..Filter::default()
            })
            .await,
            ["B_2"]
        );
        assert_eq!(codes(search("jingan")).await.len(), 2);
        assert_eq!(codes(search("A%")).await, ["A%1"]);
        assert_eq!(codes(search("B_")).await, ["B_2"]);
        assert!(
            codes(Filter {
                kind: Some(PlaceKind::Warehouse),
                ..Filter::default()
            })
            .await
            .is_empty()
        );
    });
}

#[test]
fn a_second_import_changes_nothing() {
    each_engine(SETS, async |t: TestDb| {
        let places = Places::new(t.db.clone());
        let import = async |rows: Vec<PlaceIn>| -> Vec<Imported> {
            let places = places.clone();
            let rows: Vec<_> = rows.into_iter().map(|row| (None, valid(row))).collect();
            let unit = async move |tx: &Tx| places.import_places_in(tx, &system(), &rows).await;
            t.db.write(unit).await.unwrap()
        };
        let rows = || vec![details("S1", 31.0, 121.0), details("S2", 32.0, 121.0)];
        let first = import(rows()).await;
        assert!(matches!(first[..], [Imported::Created(_), Imported::Created(_)]));
        let second = import(rows()).await;
        assert_eq!(
            second,
            first
                .iter()
                .map(|row| Imported::Unchanged(row.id()))
                .collect::<Vec<_>>()
        );
        let third = import(vec![PlaceIn {
            prep_minutes: 45,
            ..details("S2", 32.0, 121.0)
        }])
        .await;
        assert_eq!(third, [Imported::Updated(first[1].id())]);
        // The book in memory follows at once.
        let book = places.book().await.unwrap();
        assert_eq!(book.get(first[1].id()).unwrap().prep_minutes, 45);
    });
}
