//! The chain's cases about movements, rejections and drift, each by its name, on each engine.

use std::time::Duration;

use crate::common::{World, refused, system, worlds};
use base::{PlaceId, SkuId};
use stock::{
    COUNT_CONFLICT, HoldState, Key, MovementKind, MovementRow, NOT_ENOUGH, NewMovement, PROMISED, Rejection,
};

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_count_against_another_figure_writes_nothing() {
    worlds(async |w: World| {
        let key = w.received(9).await;
        let count = |found, expected| NewMovement {
            expected_on_hand: Some(expected),
            ..NewMovement::new(MovementKind::Count, key.sku_id, key.place_id, found)
        };
        let error = refused(w.record(count(8, 10)).await, &COUNT_CONFLICT);
        assert_eq!(error.facts()["actual"], 9);
        assert_eq!(w.level(key).await.on_hand, 9);
        let written = w.record(count(8, 9)).await.unwrap();
        assert_eq!((written[0].quantity, w.level(key).await.on_hand), (-1, 8));
        w.adds_up().await;
    });
}

#[test]
fn a_decrease_below_what_is_promised_needs_a_reason_and_names_the_orders() {
    worlds(async |w: World| {
        let key = w.received(5).await;
        w.hold("order-1", &[(key, 3)], None).await.unwrap();
        w.hold("order-2", &[(key, 1)], None).await.unwrap();
        let less = |overriding| NewMovement {
            overriding,
            ..NewMovement::new(MovementKind::Adjustment, key.sku_id, key.place_id, -3)
        };
        refused(w.record(less(false)).await, &PROMISED);
        refused(w.record(less(true)).await, &base::codes::INVALID_INPUT);
        w.record(less(true).because("water damage")).await.unwrap();
        let level = w.level(key).await;
        assert_eq!(
            (level.on_hand, level.reserved, level.shortfall, level.available),
            (2, 4, 2, 0)
        );
        let read = async |reader: &db::Reader| {
            let sql = "SELECT data_json FROM bus_outbox WHERE kind = 'stock.shortfall_raised.v1'";
            reader
                .query_one(sql, &[])
                .await?
                .json::<stock::ShortfallRaised>(0)
        };
        let told = w.t.db.read(read).await.unwrap();
        assert_eq!(told.owners, ["order-1", "order-2"]);
        w.receive(key, 5).await;
        assert_eq!(w.level(key).await.shortfall, 0);
        w.adds_up().await;
    });
}

#[test]
fn a_write_off_may_take_what_a_lapsed_hold_had() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        w.t.clock.set(ends);
        w.record(NewMovement::new(
            MovementKind::Damage,
            key.sku_id,
            key.place_id,
            2,
        ))
        .await
        .unwrap();
        assert_eq!(w.level(key).await.on_hand, 0);
        w.adds_up().await;
    });
}

#[test]
fn quarantine_and_release_move_what_sells_and_not_what_is_there() {
    worlds(async |w: World| {
        let key = w.received(5).await;
        let movement = |kind, quantity| NewMovement::new(kind, key.sku_id, key.place_id, quantity);
        w.record(movement(MovementKind::Quarantine, 2)).await.unwrap();
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.quarantined, level.available), (5, 2, 3));
        refused(w.record(movement(MovementKind::Quarantine, 4)).await, &PROMISED);
        refused(w.record(movement(MovementKind::Release, 3)).await, &NOT_ENOUGH);
        w.record(movement(MovementKind::Release, 2)).await.unwrap();
        assert_eq!(w.available(key).await, 5);
        // A return that somebody must look at first.
        let back = NewMovement {
            inspect: true,
            ..movement(MovementKind::Return, 1)
        };
        w.record(back).await.unwrap();
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.quarantined, level.available), (6, 1, 5));
        w.adds_up().await;
    });
}

#[test]
fn a_transfer_leaves_is_on_its_way_and_arrives() {
    worlds(async |w: World| {
        let here = w.received(10).await;
        let there = Key::new(here.sku_id, PlaceId::new());
        let out = NewMovement {
            to_place_id: Some(there.place_id),
            ..NewMovement::new(MovementKind::TransferOut, here.sku_id, here.place_id, 6)
        };
        let kinds: Vec<_> = w
            .record(out.clone())
            .await
            .unwrap()
            .iter()
            .map(|m| m.kind)
            .collect();
        assert_eq!(kinds, [MovementKind::TransferOut, MovementKind::InTransit]);
        assert_eq!(
            (w.level(here).await.on_hand, w.level(there).await.in_transit),
            (4, 6)
        );
        assert_eq!(w.available(there).await, 0);
        let arrival = |n| NewMovement::new(MovementKind::TransferIn, there.sku_id, there.place_id, n);
        refused(w.record(arrival(7)).await, &NOT_ENOUGH);
        w.record(arrival(6)).await.unwrap();
        let level = w.level(there).await;
        assert_eq!((level.on_hand, level.in_transit), (6, 0));
        w.record(NewMovement {
            quantity: 1,
            arrived: true,
            ..out
        })
        .await
        .unwrap();
        assert_eq!(
            (w.level(here).await.on_hand, w.level(there).await.on_hand),
            (3, 7)
        );
        w.adds_up().await;
    });
}

#[test]
fn a_store_that_rejects_corrects_its_own_book() {
    // (why, on hand, quarantined, what sells) of 10 there, 2 of them promised to another, 1 rejected.
    let table = [
        (Rejection::NotInStock, 2, 0, 0),
        (Rejection::Damaged, 10, 1, 7),
        (Rejection::Mismatch, 9, 0, 7),
    ];
    worlds(async |w: World| {
        for (why, on_hand, quarantined, sells) in table {
            let key = w.received(10).await;
            w.hold(&format!("other-{why}"), &[(key, 2)], None).await.unwrap();
            let hold = w.hold(&format!("order-{why}"), &[(key, 1)], None).await.unwrap();
            let reject = async move |stock: &stock::Stock, tx: &db::Tx, ctx: &base::Ctx| {
                stock.reject_in(tx, ctx, hold.id, &[], why, Some("shelf 3")).await
            };
            let rejected = w.unit(reject).await.unwrap();
            assert_eq!(rejected.hold.state, HoldState::Released);
            assert_eq!(rejected.movements[0].reason.as_deref(), Some(why.as_str()));
            let level = w.level(key).await;
            assert_eq!(
                (level.on_hand, level.quarantined, level.available, level.reserved),
                (on_hand, quarantined, sells, 2),
                "{why}"
            );
        }
        w.adds_up().await;
    });
}

#[test]
fn another_systems_ledger_is_taken_as_it_is_once() {
    worlds(async |w: World| {
        let key = Key::new(SkuId::new(), PlaceId::new());
        let now = w.t.db.now().await.unwrap();
        let row = |kind, quantity, days: u64| MovementRow {
            id: Some(base::MovementId::new()),
            kind,
            sku_id: key.sku_id,
            place_id: key.place_id,
            quantity,
            reason: None,
            source: Some("invoice 536365".into()),
            occurred_at: now.before(Duration::from_secs(86_400 * days)),
        };
        let rows = vec![
            row(MovementKind::Receipt, 100, 30),
            row(MovementKind::Sale, -120, 20),
            row(MovementKind::Return, 1, 10),
        ];
        let import = async || {
            let rows = rows.clone();
            w.unit(async move |stock, tx, ctx| stock.import_movements_in(tx, ctx, &rows).await)
                .await
                .unwrap()
        };
        assert_eq!((import().await, import().await), (3, 0));
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.shortfall, level.available), (-19, 19, 0));
        let filter = stock::MovementFilter {
            source: Some("invoice 536365".into()),
            ..Default::default()
        };
        let size = base::PageSize::new(None).unwrap();
        let listed = w
            .stock
            .movement_list(&system(), filter, None, size)
            .await
            .unwrap()
            .items;
        assert_eq!(listed.len(), 3);
        assert!(listed.iter().all(|m| m.occurred_at < m.recorded_at));
        w.adds_up().await;
    });
}

#[test]
fn drift_is_seen_and_mended() {
    worlds(async |w: World| {
        let key = w.received(10).await;
        w.hold("o", &[(key, 2)], None).await.unwrap();
        let spoil = async |tx: &db::Tx| {
            tx.execute("UPDATE stock_balance SET on_hand = 50, reserved = 1", &[])
                .await
                .map(|_| ())
        };
        w.t.db.write(spoil).await.unwrap();
        let report = w.stock.drift_check(&system()).await.unwrap();
        assert_eq!(report.rows, 1);
        let fields: Vec<_> = report
            .items
            .iter()
            .map(|d| (d.field.as_str(), d.ledger, d.balance))
            .collect();
        assert_eq!(fields, [("on_hand", 10, 50), ("reserved", 2, 1)]);
        assert_eq!(w.stock.drift_repair(&system()).await.unwrap().rows, 1);
        assert_eq!(w.level(key).await.available, 8);
        w.adds_up().await;
    });
}
