//! Who serves an order, seen from the order: rules, reasons, trying, replays.

use std::time::Duration;

use base::{Error, PlaceId};
use flows::SourcingTry;
use jobs::Runner;
use orders::{SourcingWhy, Wanted};
use places::PlaceKind;
use sourcing::{NewReplay, Replay, ReplayState, Rules, ShipTo, Tier, ValidRules};

use crate::world::{World, associate, each_world, guest, system};

async fn put(w: &World, change: impl FnOnce(&mut Rules)) {
    let mut rules = Rules::default();
    change(&mut rules);
    let rules = ValidRules::try_from(rules).unwrap();
    w.flows
        .sourcing()
        .rules_replace(&system(), None, rules, None)
        .await
        .unwrap();
}

fn first_place(order: &flows::OrderOut) -> PlaceId {
    order.fulfilments[0].place_id
}

async fn why(w: &World, order: &flows::OrderOut) -> SourcingWhy {
    w.see(order.id).await.fulfilments[0].why.clone().unwrap()
}

#[test]
fn changed_rules_source_the_next_order() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 5).await;
        w.receive(w.serum, w.hubin, 5).await;
        let by_default = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        assert_eq!(first_place(&by_default), w.hubin, "the nearest is the cheapest");
        put(&w, |rules| {
            rules.tiers = vec![Tier::KindFirst {
                kind: PlaceKind::Warehouse,
            }]
        })
        .await;
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        assert_eq!(first_place(&order), w.warehouse);
        let why = why(&w, &order).await;
        assert_eq!(
            (why.rules_version, why.tiers[0].outcome.as_str()),
            (Some(1), "applied")
        );
        let hubin = why.candidates.iter().find(|c| c.place_id == w.hubin).unwrap();
        assert_eq!(hubin.behind.as_ref().unwrap().en, "Warehouses first");
        put(&w, |rules| {
            rules.limits.ship_to.push(ShipTo {
                place_id: w.hubin,
                provinces: vec!["上海".into()],
            });
        })
        .await;
        assert_eq!(
            first_place(&w.paid(&[(w.serum, 1)], World::to_hangzhou()).await),
            w.warehouse
        );
    });
}

#[test]
fn every_candidate_keeps_its_numbers_also_those_left_out() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 5).await;
        w.receive(w.serum, w.hubin, 5).await;
        w.set_capacity(w.hubin, 0).await;
        let order = w.paid(&[(w.serum, 2)], World::to_hangzhou()).await;
        let why = why(&w, &order).await;
        assert_eq!((why.candidates.len(), why.left_out, why.gap_minor), (5, 0, 0));
        let of = |place: PlaceId| why.candidates.iter().find(|c| c.place_id == place).unwrap();
        assert_eq!(of(w.hubin).reason.as_deref(), Some("full"));
        assert_eq!(of(w.shanghai).reason.as_deref(), Some("nothing"));
        let (full, chosen) = (of(w.hubin), of(w.warehouse));
        assert_eq!(full.numbers.as_ref().unwrap().available, [5]);
        assert!(full.cost_minor > 0 && !full.parts.is_empty());
        assert!(chosen.chosen && chosen.numbers.as_ref().unwrap().takes == [2]);
        assert_eq!(
            chosen.parts.iter().map(|p| p.cost_minor).sum::<i64>(),
            chosen.cost_minor
        );
        assert_eq!(why.total_minor, Some(chosen.cost_minor));
    });
}

#[test]
fn a_store_at_its_daily_cap_is_skipped_until_its_own_midnight() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.receive(w.serum, w.shanghai, 9).await;
        w.set_capacity(w.hubin, 1).await;
        // Shanghai time is eight hours ahead: its midnight is 16:00 UTC.
        let now = w.t.db.now().await.unwrap();
        let day = Duration::from_secs(86_400);
        let since_midnight =
            Duration::from_micros(u64::try_from(now.micros() + 8 * 3_600_000_000).unwrap() % 86_400_000_000);
        let midnight = now.before(since_midnight).after(day);
        w.t.clock.set(midnight.before(Duration::from_secs(120)));
        let order = async || first_place(&w.paid(&[(w.serum, 1)], World::to_hangzhou()).await);
        assert_eq!(order().await, w.hubin);
        assert_eq!(order().await, w.shanghai, "one a day");
        w.t.clock.set(midnight.before(Duration::from_secs(1)));
        assert_eq!(order().await, w.shanghai, "a second before midnight");
        w.t.clock.set(midnight.after(Duration::from_secs(1)));
        assert_eq!(order().await, w.hubin, "a second after");
    });
}

#[test]
fn a_rejected_order_goes_where_the_rules_say() {
    each_world(async |w: World| {
        for place in [w.hubin, w.wulin, w.warehouse] {
            w.receive(w.serum, place, 5).await;
        }
        put(&w, |rules| {
            rules.tiers = vec![Tier::KindFirst {
                kind: PlaceKind::Warehouse,
            }]
        })
        .await;
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        assert_eq!(first_place(&order), w.warehouse);
        let reject = flows::Reject {
            reason: flows::RejectReason::NotInStock,
            parts: Vec::new(),
            note: None,
        };
        let staff = associate(w.warehouse);
        let out = w
            .flows
            .fulfilment_reject(&staff, order.fulfilments[0].id, reject)
            .await
            .unwrap();
        let next = out.order.fulfilments.last().unwrap();
        assert_eq!(
            next.place_id, w.wulin,
            "the nearer of the two stores that have it"
        );
        let why = next.why.clone().unwrap();
        let warehouse = why.candidates.iter().find(|c| c.place_id == w.warehouse).unwrap();
        assert_eq!(warehouse.reason.as_deref(), Some("rejected"));
        w.books_balance().await;
    });
}

#[test]
fn trying_an_order_holds_nothing() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        w.receive(w.lipstick, w.shanghai, 1).await;
        let wanted = |sku_id| Wanted { sku_id, quantity: 1 };
        let order = SourcingTry {
            lines: vec![wanted(w.serum), wanted(w.lipstick), wanted(w.wrap)],
            choice: World::to_hangzhou(),
            rules: None,
            channel: None,
        };
        let tried = w.flows.sourcing_try(&system(), order.clone()).await.unwrap();
        assert_eq!(tried.places.len(), 2);
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 0, 1));
        let mut rules = Rules::default();
        rules.limits.excluded_places.push(w.shanghai);
        let other = SourcingTry {
            rules: Some(rules),
            ..order.clone()
        };
        let tried = w.flows.sourcing_try(&system(), other).await.unwrap();
        assert!(tried.places.is_empty(), "nobody else has the lipstick");
        let chosen = SourcingTry {
            choice: World::collect_at(w.hubin),
            lines: vec![wanted(w.serum)],
            rules: None,
            channel: None,
        };
        let tried = w.flows.sourcing_try(&system(), chosen).await.unwrap();
        assert_eq!(tried.places[0].place_id, w.hubin);
        let refused = |error: Error| error.code();
        assert_eq!(
            w.flows
                .sourcing_try(&guest(), order)
                .await
                .map_err(refused)
                .unwrap_err(),
            "access.unauthenticated"
        );
    });
}

async fn replayed(w: &World, rules: Rules) -> Replay {
    let to = w.t.db.now().await.unwrap().after(Duration::from_secs(1));
    let new = NewReplay {
        rules: ValidRules::try_from(rules).unwrap(),
        from: to.before(Duration::from_secs(86_400)),
        to,
        note: None,
    };
    let replay = w.flows.sourcing_replay(&system(), new).await.unwrap();
    let mut runner = Runner::new(w.t.db.clone());
    w.flows.register(&mut runner);
    runner.step().await.unwrap();
    let done = w.flows.sourcing().replay_get(&system(), replay.id).await.unwrap();
    assert_eq!(
        (done.state, done.orders_done),
        (ReplayState::Done, done.orders_total)
    );
    done
}

#[test]
fn last_weeks_orders_by_other_rules() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 50).await;
        w.receive(w.serum, w.hubin, 50).await;
        for _ in 0..3 {
            w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        }
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let same = replayed(&w, Rules::default()).await;
        assert_eq!(
            (same.orders_done, same.result.recorded, same.result.changed),
            (3, 3, 0)
        );
        assert_eq!(same.result.before, same.result.after);
        let rules = Rules {
            tiers: vec![Tier::KindFirst {
                kind: PlaceKind::Warehouse,
            }],
            ..Rules::default()
        };
        let other = replayed(&w, rules).await;
        assert_eq!((other.result.changed, other.result.after.parcels), (3, 3));
        assert!(
            other.result.after.cost_minor > other.result.before.cost_minor,
            "it costs more by today's rules"
        );
        let of = |place: PlaceId| other.result.places.iter().find(|p| p.place_id == place).unwrap();
        assert_eq!((of(w.hubin).parcels_before, of(w.hubin).parcels_after), (3, 0));
        assert_eq!(
            (of(w.warehouse).parcels_before, of(w.warehouse).parcels_after),
            (0, 3)
        );
        let page = base::PageQuery::default();
        let orders = w
            .flows
            .sourcing()
            .replay_order_list(&system(), other.id, &page)
            .await
            .unwrap();
        assert_eq!(orders.items.len(), 3);
    });
}

#[test]
fn figures_are_counted_from_the_ledger_and_the_order_book() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.collected(&[(w.serum, 2)], w.hubin).await;
        assert!(w.flows.sourcing_figures_due().await.unwrap());
        assert!(
            !w.flows.sourcing_figures_due().await.unwrap(),
            "not again at once"
        );
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        let why = why(&w, &order).await;
        let hubin = why.candidates.iter().find(|c| c.place_id == w.hubin).unwrap();
        assert_eq!(hubin.numbers.as_ref().unwrap().sold, [Some(2)]);
        // Two in four weeks, and seven left: they last 98 days, which is not too long.
        assert!(
            hubin
                .parts
                .iter()
                .all(|p| p.key != "markdown" && p.key != "cover")
        );
    });
}
