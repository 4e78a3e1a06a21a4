//! Sourcing through its face, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use base::{Ctx, Locale, OrderId, PageQuery, PlaceId, RequestId, SkuId};
use db::Reader;
use db::testing::{TestDb, each_engine};
use sourcing::{
    Basis, Batch, MIGRATIONS, NewReplay, Outcome, PlaceFigure, PlacePieces, REPLAY_BUSY, REPLAY_PERIOD,
    ReplayId, ReplayState, ReplayedOrder, Rules, Sold, Sourcing, Tier, ValidRules,
};

fn each(body: impl AsyncFn(TestDb, Sourcing)) {
    each_engine(
        &[bus::MIGRATIONS, jobs::MIGRATIONS, MIGRATIONS],
        async |test: TestDb| {
            let sourcing = Sourcing::new(test.db.clone());
            body(test, sourcing).await;
        },
    );
}

fn system() -> Ctx {
    Ctx::system("test")
}

fn changed() -> ValidRules {
    let rules = Rules {
        tiers: vec![Tier::SameCity],
        ..Rules::default()
    };
    ValidRules::try_from(rules).unwrap()
}

async fn active(test: &TestDb, sourcing: &Sourcing) -> (i64, Vec<Tier>) {
    let sourcing = sourcing.clone();
    let read = async move |reader: &Reader| sourcing.active_in(reader).await;
    let active = test.db.read(read).await.unwrap();
    (active.version, active.rules.tiers.clone())
}

#[test]
fn rules_are_versions_and_the_newest_is_in_force_at_once() {
    each(async |test, sourcing| {
        assert_eq!(active(&test, &sourcing).await, (0, Rules::default().tiers));
        let first = sourcing
            .rules_replace(&system(), Some(0), changed(), Some("同城".into()))
            .await
            .unwrap();
        assert_eq!((first.version, first.note.as_deref()), (1, Some("同城")));
        assert_eq!(active(&test, &sourcing).await, (1, vec![Tier::SameCity]));
        let stale = sourcing
            .rules_replace(&system(), Some(0), changed(), None)
            .await
            .unwrap_err();
        assert_eq!(stale.code(), "precondition.failed");
        sourcing
            .rules_replace(&system(), None, ValidRules::default(), None)
            .await
            .unwrap();
        let page = PageQuery {
            cursor: None,
            limit: Some(1),
        };
        let newest = sourcing.version_list(&system(), &page).await.unwrap();
        assert_eq!(newest.items[0].version, 2);
        let page = PageQuery {
            cursor: newest.next,
            limit: Some(1),
        };
        let before = sourcing.version_list(&system(), &page).await.unwrap();
        assert_eq!((before.items[0].clone(), before.next), (first, None));
    });
}

#[test]
fn of_two_who_change_the_same_version_one_is_told() {
    each(async |_, sourcing| {
        let (ctx, other) = (system(), system());
        let one = sourcing.rules_replace(&ctx, Some(0), changed(), None);
        let two = sourcing.rules_replace(&other, Some(0), changed(), None);
        let (one, two) = tokio_join(one, two).await;
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    });
}

async fn tokio_join<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(|cx| {
        use std::task::Poll;
        if first.is_none()
            && let Poll::Ready(out) = a.as_mut().poll(cx)
        {
            first = Some(out);
        }
        if second.is_none()
            && let Poll::Ready(out) = b.as_mut().poll(cx)
        {
            second = Some(out);
        }
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            (one, two) => {
                (first, second) = (one, two);
                Poll::Pending
            }
        }
    })
    .await
}

#[test]
fn counted_figures_replace_the_earlier_count() {
    each(async |test, sourcing| {
        let (sku, other, place) = (SkuId::new(), SkuId::new(), PlaceId::new());
        let sold = |sku_id, pieces| Sold {
            sku_id,
            place_id: place,
            pieces,
        };
        let figures = vec![PlaceFigure {
            place_id: place,
            asked: 80,
            rejected: 20,
        }];
        sourcing
            .figures_keep(vec![sold(sku, 7), sold(other, 1)], figures)
            .await
            .unwrap();
        let pace = async |sourcing: &Sourcing| {
            let sourcing = sourcing.clone();
            let read = async move |reader: &Reader| sourcing.sold_in(reader, &[sku, other]).await;
            let found = test.db.read(read).await.unwrap();
            (
                found.get(&(sku, place)).copied(),
                found.get(&(other, place)).copied(),
            )
        };
        assert_eq!(pace(&sourcing).await, (Some(7), Some(1)));
        test.clock.advance(Duration::from_secs(1));
        sourcing
            .figures_keep(vec![sold(sku, 9)], Vec::new())
            .await
            .unwrap();
        assert_eq!(pace(&sourcing).await, (Some(9), None));
    });
}

#[test]
fn one_node_counts_at_a_time() {
    each(async |test, sourcing| {
        assert!(sourcing.count_is_due().await.unwrap());
        assert!(!sourcing.count_is_due().await.unwrap());
        test.clock.advance(sourcing::COUNT_EVERY + Duration::from_secs(1));
        assert!(sourcing.count_is_due().await.unwrap());
    });
}

fn served(place_id: PlaceId, cost_minor: i64) -> Outcome {
    Outcome {
        places: vec![PlacePieces { place_id, pieces: 1 }],
        cost_minor,
        paid_minor: cost_minor,
        changed_cost_minor: cost_minor,
        minutes: Some(60),
        late_minutes: 0,
    }
}

async fn period(test: &TestDb) -> NewReplay {
    let to = test.db.now().await.unwrap();
    NewReplay {
        rules: changed(),
        from: to.before(Duration::from_secs(86_400)),
        to,
        note: None,
    }
}

#[test]
fn a_replay_goes_on_where_it_was_and_ends() {
    each(async |test, sourcing| {
        let new = period(&test).await;
        let replay = sourcing.replay_start(&system(), new.clone(), 3).await.unwrap();
        let busy = sourcing.replay_start(&system(), new, 3).await.unwrap_err();
        assert!(busy.is(&REPLAY_BUSY));
        let (here, there) = (PlaceId::new(), PlaceId::new());
        let order = |after: PlaceId, saved: i64| ReplayedOrder {
            order_id: OrderId::new(),
            number: "A1".into(),
            placed_at: replay.from,
            basis: Basis::Recorded,
            before: served(here, 500),
            after: served(after, 500 - saved),
            saved_minor: saved,
        };
        let orders = vec![order(there, 100), order(there, -30), order(here, 0)];
        let cursor = Some((replay.from, orders[2].order_id));
        let first = unfinished_of(&test, &sourcing, replay.id).await;
        let batch = Batch {
            orders,
            looked_at: 3,
            cursor,
        };
        sourcing
            .replay_advance(&system(), first.clone(), batch.clone())
            .await
            .unwrap();
        // The same batch by another node changes nothing.
        sourcing.replay_advance(&system(), first, batch).await.unwrap();
        let half = sourcing.replay_get(&system(), replay.id).await.unwrap();
        assert_eq!(
            (half.state, half.orders_done, half.result.changed),
            (ReplayState::Running, 3, 2)
        );
        let rest = unfinished_of(&test, &sourcing, replay.id).await;
        assert_eq!(rest.cursor, cursor);
        sourcing
            .replay_advance(&system(), rest, Batch::default())
            .await
            .unwrap();
        let done = sourcing.replay_get(&system(), replay.id).await.unwrap();
        assert_eq!((done.state, done.orders_total), (ReplayState::Done, 3));
        let (before, after) = (done.result.before, done.result.after);
        assert_eq!(
            (before.cost_minor, after.cost_minor, after.parcels),
            (1_500, 1_430, 3)
        );
        assert_eq!(done.result.places.iter().map(|p| p.parcels_after).sum::<i64>(), 3);
        let page = PageQuery {
            cursor: None,
            limit: Some(1),
        };
        let worst = sourcing
            .replay_order_list(&system(), replay.id, &page)
            .await
            .unwrap();
        assert_eq!(worst.items[0].saved_minor, -30);
        let page = PageQuery {
            cursor: worst.next,
            limit: Some(1),
        };
        let best = sourcing
            .replay_order_list(&system(), replay.id, &page)
            .await
            .unwrap();
        assert_eq!((best.items[0].saved_minor, best.next), (100, None));
        assert!(unfinished(&test, &sourcing, replay.id).await.is_none());
    });
}

async fn unfinished(test: &TestDb, sourcing: &Sourcing, id: ReplayId) -> Option<sourcing::Unfinished> {
    let sourcing = sourcing.clone();
    test.db
        .read(async move |reader: &Reader| sourcing.replay_unfinished_in(reader, id).await)
        .await
        .unwrap()
}

async fn unfinished_of(test: &TestDb, sourcing: &Sourcing, id: ReplayId) -> sourcing::Unfinished {
    unfinished(test, sourcing, id).await.unwrap()
}

#[test]
fn a_stopped_replay_makes_room_for_the_next() {
    each(async |test, sourcing| {
        let replay = sourcing
            .replay_start(&system(), period(&test).await, 0)
            .await
            .unwrap();
        let running = unfinished_of(&test, &sourcing, replay.id).await;
        assert_eq!(
            sourcing.replay_stop(&system(), replay.id).await.unwrap().state,
            ReplayState::Stopped
        );
        sourcing.replay_stop(&system(), replay.id).await.unwrap();
        // The batch that was under way finds it stopped.
        sourcing
            .replay_advance(&system(), running, Batch::default())
            .await
            .unwrap();
        assert_eq!(
            sourcing.replay_get(&system(), replay.id).await.unwrap().state,
            ReplayState::Stopped
        );
        sourcing
            .replay_start(&system(), period(&test).await, 0)
            .await
            .unwrap();
        let all = sourcing
            .replay_list(&system(), &PageQuery::default())
            .await
            .unwrap();
        assert_eq!(all.items.len(), 2);
    });
}

#[test]
fn a_period_is_neither_empty_nor_endless() {
    each(async |test, sourcing| {
        let new = period(&test).await;
        let empty = NewReplay {
            from: new.to,
            ..new.clone()
        };
        let endless = NewReplay {
            from: new.to.before(Duration::from_secs(93 * 86_400)),
            ..new
        };
        for bad in [empty, endless] {
            assert!(
                sourcing
                    .replay_start(&system(), bad, 0)
                    .await
                    .unwrap_err()
                    .is(&REPLAY_PERIOD)
            );
        }
    });
}

#[test]
fn a_visitor_is_refused() {
    each(async |test, sourcing| {
        let visitor = Ctx::anonymous(Locale::En, RequestId("test".into()));
        let codes = [
            sourcing.rules_get(&visitor).await.unwrap_err().code(),
            sourcing
                .rules_replace(&visitor, None, changed(), None)
                .await
                .unwrap_err()
                .code(),
            sourcing
                .replay_start(&visitor, period(&test).await, 0)
                .await
                .unwrap_err()
                .code(),
            sourcing
                .replay_list(&visitor, &PageQuery::default())
                .await
                .unwrap_err()
                .code(),
        ];
        assert_eq!(codes, ["access.unauthenticated"; 4]);
    });
}

#[test]
fn events_are_read_as_they_were_first_written() {
    let changed: sourcing::RulesChanged = serde_json::from_str(r#"{"version":3,"note":"同城"}"#).unwrap();
    assert_eq!((changed.version, changed.note.as_deref()), (3, Some("同城")));
    let id = ReplayId::new();
    let written = format!(r#"{{"replay_id":"{id}","orders":40,"changed":7}}"#);
    let finished: sourcing::ReplayFinished = serde_json::from_str(&written).unwrap();
    assert_eq!(
        (finished.replay_id, finished.orders, finished.changed),
        (id, 40, 7)
    );
}

#[test]
fn rules_are_read_as_they_were_first_written() {
    let written = serde_json::to_value(Rules::default()).unwrap();
    let tiers = serde_json::json!([
        {"rule": "collect_place_first"}, {"rule": "kind_first", "kind": "warehouse"}, {"rule": "same_city"},
        {"rule": "same_province"}, {"rule": "on_time"}, {"rule": "fewest_parcels"},
    ]);
    let mut rules = written.clone();
    rules["tiers"] = tiers.clone();
    let read: Rules = serde_json::from_value(rules).unwrap();
    assert_eq!(serde_json::to_value(&read.tiers).unwrap(), tiers);
    let mut misspelt = written;
    misspelt["tiers"] = serde_json::json!([{"rule": "nearest"}]);
    assert!(serde_json::from_value::<Rules>(misspelt).is_err());
}
