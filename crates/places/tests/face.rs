//! Places through their face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::{Ctx, Locale, PageSize, PlaceId, RequestId, Text, Time, codes};
use db::testing::{TestDb, each_engine};
use db::{Reader, Tx};
use futures_util::future::join_all;
use places::{
    Address, Day, DoorCount, Filter, Imported, Place, PlaceIn, PlaceKind, Places, Point, RoomTaken, Service,
    ValidPlace, day_begin_in, days_forget_in, room_keep_in, room_release_in, room_take_in, room_taken_in,
    visits_by_day_in,
};

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

/// Takes room in a unit of its own, beginning the day where nobody has.
async fn take(t: &TestDb, day: Day, owner: String, expires_at: Option<Time>) -> bool {
    let unit = async move |tx: &Tx| {
        let mut taken = room_take_in(tx, day, &owner, expires_at).await?;
        if taken == RoomTaken::NotBegun {
            day_begin_in(tx, day, 0).await?;
            taken = room_take_in(tx, day, &owner, expires_at).await?;
        }
        Ok(taken == RoomTaken::Taken)
    };
    t.db.write_guarded(unit).await.unwrap()
}

async fn taken(t: &TestDb, day: Day) -> Option<i64> {
    t.db.read(async move |r: &Reader| room_taken_in(r, day).await)
        .await
        .unwrap()
}

#[test]
fn room_for_seven_is_room_for_seven_whoever_asks_gives_back_or_runs_out() {
    each_engine(SETS, async |t: TestDb| {
        let now = t.db.now().await.unwrap();
        let day = Day {
            place_id: PlaceId::new(),
            at: now,
            capacity: 7,
        };
        assert_eq!(taken(&t, day).await, None);
        let until = now.after(Duration::from_secs(60));
        let asked = join_all((0..50).map(|n| take(&t, day, format!("a{n}"), Some(until)))).await;
        let won: Vec<usize> = (0..50).filter(|n| asked[*n]).collect();
        assert_eq!((won.len(), taken(&t, day).await), (7, Some(7)));

        // Three are kept, one is given back; the rest run out at their instant.
        let (kept, back) = (won[..3].to_vec(), won[3]);
        let unit = async move |tx: &Tx| {
            for n in &kept {
                assert!(room_keep_in(tx, &format!("a{n}")).await?);
            }
            assert!(room_release_in(tx, &format!("a{back}")).await?);
            assert!(!room_release_in(tx, &format!("a{back}")).await?, "once");
            Ok(())
        };
        t.db.write(unit).await.unwrap();
        assert_eq!(taken(&t, day).await, Some(6));
        assert!(take(&t, day, "b".into(), Some(until)).await);
        assert!(!take(&t, day, "c".into(), None).await);
        t.clock.set(until);
        assert_eq!(taken(&t, day).await, Some(3));
        let late = format!("a{}", won[4]);
        let kept =
            t.db.write(async move |tx: &Tx| room_keep_in(tx, &late).await)
                .await;
        assert!(!kept.unwrap(), "what has run out is not kept");
        let asked = join_all((0..50).map(|n| take(&t, day, format!("d{n}"), None))).await;
        assert_eq!(asked.iter().filter(|won| **won).count(), 4);

        // A smaller limit takes nothing away; a larger one gives at once.
        assert!(!take(&t, Day { capacity: 3, ..day }, "e".into(), None).await);
        assert!(take(&t, Day { capacity: 8, ..day }, "e".into(), None).await);
        let next = Day { at: until, ..day };
        assert!(take(&t, next, "f".into(), None).await, "another day");
        let forget = async move |tx: &Tx| days_forget_in(tx, until).await;
        assert_eq!(t.db.write(forget).await.unwrap(), 1);
        assert_eq!((taken(&t, day).await, taken(&t, next).await), (None, Some(1)));
    });
}

fn counted(place: PlaceId, from_s: i64, entered: i64) -> DoorCount {
    DoorCount {
        place_id: place,
        counter: "front".into(),
        from_at: Time::from_seconds(from_s),
        to_at: Time::from_seconds(from_s + 3_600),
        entered,
    }
}

#[test]
fn visitors_are_counted_once_however_often_they_are_told() {
    each_engine(SETS, async |t: TestDb| {
        let places = Places::new(t.db.clone());
        let (one, two) = (
            open(&places, details("S1", 31.24, 121.47)).await.id,
            open(&places, details("S2", 31.25, 121.47)).await.id,
        );
        let morning = t.db.now().await.unwrap().micros() / 1_000_000 - 48 * 3_600;
        let told = async |counts: Vec<DoorCount>| places.visits_record(&system(), counts).await;
        let done = told(vec![counted(one, morning, 12), counted(two, morning, 7)])
            .await
            .unwrap();
        assert_eq!((done.stored, done.changed, done.known), (2, 0, 0));
        // The newest word holds, and what is told again is known.
        let again = vec![
            counted(one, morning, 15),
            counted(two, morning, 7),
            counted(one, morning + 3_600, 4),
        ];
        let done = told(again).await.unwrap();
        assert_eq!((done.stored, done.changed, done.known), (1, 1, 1));
        let twice = vec![counted(two, morning + 7_200, 3), counted(one, morning + 1_800, 9)];
        assert!(told(twice).await.unwrap_err().is(&places::VISITS_OVERLAP));
        assert!(
            told(vec![counted(PlaceId::new(), morning, 1)])
                .await
                .unwrap_err()
                .is(&codes::NOT_FOUND)
        );
        assert!(
            places
                .visits_record(&visitor(), vec![counted(one, morning, 1)])
                .await
                .is_err()
        );

        let from = Time::from_seconds(morning - 1_000);
        let sums = async move |r: &Reader| visits_by_day_in(r, from, r.now()).await;
        let sums = t.db.read(sums).await.unwrap();
        let mut sums: Vec<_> = sums.iter().map(|v| (v.place_id, v.day, v.entered)).collect();
        sums.sort_unstable();
        let mut expected = [(one, 0, 19), (two, 0, 7)];
        expected.sort_unstable();
        assert_eq!(sums, expected);
    });
}
