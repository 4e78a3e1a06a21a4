//! Many at once: nobody gets what is not there, nobody waits for nothing.

use std::time::Duration;

use crate::common::{World, refused, request, system, worlds};
use base::PlaceId;
use futures_util::future::join_all;
use stock::{HoldState, INSUFFICIENT, Key, MovementKind, NewMovement, Stock};

async fn race(stock: &Stock, buyers: usize, key: Key) -> (usize, usize) {
    let tasks: Vec<_> = (0..buyers)
        .map(|n| {
            let stock = stock.clone();
            tokio::spawn(async move {
                stock
                    .hold(&system(), request(&format!("buyer-{n}"), &[(key, 1)], None))
                    .await
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => won += 1,
            Err(error) => drop(refused::<()>(Err(error), &INSUFFICIENT)),
        }
    }
    (won, buyers - won)
}

#[test]
fn stock_1_and_100_buyers_is_1_hold_and_99_refusals() {
    worlds(async |w: World| {
        let key = w.received(1).await;
        assert_eq!(race(&w.stock, 100, key).await, (1, 99));
        w.adds_up().await;
    });
}

#[test]
fn stock_500_and_2000_buyers_is_500_holds() {
    worlds(async |w: World| {
        let key = w.received(500).await;
        assert_eq!(race(&w.stock, 2_000, key).await, (500, 1_500));
        assert_eq!(w.available(key).await, 0);
        w.adds_up().await;
    });
}

#[test]
fn four_doors_to_one_store_do_not_oversell() {
    worlds(async |w: World| {
        let key = w.received(50).await;
        // Each has a grouping task of its own, as four processes on one database would.
        let doors: Vec<Stock> = (0..4)
            .map(|_| {
                let db = w.t.db.clone();
                Stock::new(
                    db.clone(),
                    catalog::Catalog::new(db.clone()),
                    places::Places::new(db),
                )
            })
            .collect();
        let asks = (0..200).map(|n| {
            let stock = doors[n % 4].clone();
            async move {
                stock
                    .hold(&system(), request(&format!("b-{n}"), &[(key, 1)], None))
                    .await
            }
        });
        let won = join_all(asks).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(won, 50);
        w.adds_up().await;
    });
}

#[test]
fn crossing_orders_of_several_lines_are_all_or_nothing() {
    worlds(async |w: World| {
        let (a, b) = (w.received(20).await, w.received(20).await);
        let grouped = (0..40).map(|n| {
            let stock = w.stock.clone();
            let lines = if n % 2 == 0 {
                [(a, 1), (b, 2)]
            } else {
                [(b, 1), (a, 2)]
            };
            async move {
                stock
                    .hold(&system(), request(&format!("g-{n}"), &lines, None))
                    .await
                    .is_ok()
            }
        });
        let alone = (0..40).map(|n| {
            let w = &w;
            let lines = if n % 2 == 0 {
                [(b, 2), (a, 1)]
            } else {
                [(a, 2), (b, 1)]
            };
            async move { w.hold(&format!("a-{n}"), &lines, None).await.is_ok() }
        });
        let (grouped, alone) = tokio::join!(join_all(grouped), join_all(alone));
        let won = grouped.into_iter().chain(alone).filter(|won| *won).count();
        assert!(won >= 10, "{won}");
        for key in [a, b] {
            let level = w.level(key).await;
            assert!(level.reserved <= 20 && level.available >= 0, "{level:?}");
        }
        w.adds_up().await;
    });
}

#[test]
fn a_receipt_in_the_middle_of_200_reservations_is_not_lost() {
    worlds(async |w: World| {
        let key = w.received(100).await;
        let buyers = (0..200).map(|n| {
            let stock = w.stock.clone();
            async move {
                stock
                    .hold(&system(), request(&format!("b-{n}"), &[(key, 1)], None))
                    .await
                    .is_ok()
            }
        });
        let receipts = join_all((0..5).map(|_| w.receive(key, 1)));
        let (won, _) = tokio::join!(join_all(buyers), receipts);
        let won = won.into_iter().filter(|won| *won).count() as i64;
        assert!((100..=105).contains(&won), "{won}");
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.reserved), (105, won));
        w.adds_up().await;
    });
}

#[test]
fn a_hold_an_allocation_and_a_commit_meet_on_one_sku() {
    worlds(async |w: World| {
        for round in 0..10 {
            let key = w.received(3).await;
            let allocated = w.hold(&format!("b{round}"), &[(key, 1)], None).await.unwrap();
            let ctx = system();
            let cart = w
                .stock
                .hold(&ctx, request(&format!("a{round}"), &[(key, 2)], None));
            let ends = Some(w.later(Duration::from_secs(60)).await);
            let lines = [(key, 2)];
            let other = format!("c{round}");
            let later = w.hold(&other, &lines, ends);
            let (a, _, c) = tokio::join!(cart, w.commit(allocated.id, &[]), later);
            assert_eq!(usize::from(a.is_ok()) + usize::from(c.is_ok()), 1);
            let level = w.level(key).await;
            assert_eq!((level.on_hand, level.reserved, level.available), (2, 2, 0));
        }
        w.adds_up().await;
    });
}

#[test]
fn the_same_owner_asking_at_once_holds_once() {
    worlds(async |w: World| {
        let key = w.received(10).await;
        let asks = (0..20).map(|_| {
            let stock = w.stock.clone();
            async move {
                stock
                    .hold(&system(), request("order-1", &[(key, 3)], None))
                    .await
                    .unwrap()
                    .id
            }
        });
        let mut ids = join_all(asks).await;
        ids.dedup();
        assert_eq!((ids.len(), w.level(key).await.reserved), (1, 3));
        w.adds_up().await;
    });
}

#[test]
fn sweepers_commits_and_confirmations_of_holds_that_run_out_end_each_once() {
    worlds(async |w: World| {
        let key = w.received(40).await;
        let ends = w.later(Duration::from_secs(60)).await;
        let mut ids = Vec::new();
        for n in 0..20 {
            ids.push(
                w.hold(&format!("o{n}"), &[(key, 2)], Some(ends))
                    .await
                    .unwrap()
                    .id,
            );
        }
        let far = Key::new(key.sku_id, PlaceId::new());
        w.receive(far, 1).await;
        w.t.clock.set(ends);
        let confirms = join_all(ids.iter().map(|id| w.confirm(*id)));
        let sweeps = join_all((0..4).map(|_| w.stock.holds_expire_due(100)));
        let losses = join_all((0..5).map(|_| {
            w.record(NewMovement::new(
                MovementKind::Damage,
                key.sku_id,
                key.place_id,
                4,
            ))
        }));
        let (confirmed, swept, lost) = tokio::join!(confirms, sweeps, losses);
        assert!(swept.iter().all(Result::is_ok));
        let kept = confirmed.iter().filter(|c| c.is_ok()).count() as i64 * 2;
        let gone = lost.iter().filter(|l| l.is_ok()).count() as i64 * 4;
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.reserved), (40 - gone, kept));
        assert!(level.reserved <= level.on_hand);
        w.adds_up().await;
    });
}

#[test]
fn sweepers_and_late_releases_agree_on_how_a_hold_ended() {
    worlds(async |w: World| {
        let key = w.received(40).await;
        let ends = w.later(Duration::from_secs(60)).await;
        let mut ids = Vec::new();
        for n in 0..20 {
            let hold = w.hold(&format!("o{n}"), &[(key, 2)], Some(ends)).await;
            ids.push(hold.unwrap().id);
        }
        w.t.clock.set(ends);
        let releases = join_all(ids.iter().map(|id| w.release(*id, &[])));
        let sweeps = join_all((0..4).map(|_| w.stock.holds_expire_due(100)));
        let (released, swept) = tokio::join!(releases, sweeps);
        assert!(swept.iter().all(Result::is_ok));
        assert!(
            released
                .iter()
                .all(|r| r.as_ref().unwrap().state == HoldState::Expired)
        );
        let told = w.told().await;
        let expired = told.iter().filter(|kind| *kind == "stock.hold_expired.v1");
        assert_eq!((expired.count(), w.level(key).await.reserved), (20, 0));
        w.adds_up().await;
    });
}

#[test]
fn hundreds_of_orders_of_one_to_three_lines_in_one_batch() {
    worlds(async |w: World| {
        let keys = [
            w.received(1_000).await,
            w.received(1_000).await,
            w.received(1_000).await,
        ];
        let requests = (0..700)
            .map(|n| {
                let lines: Vec<_> = keys
                    .iter()
                    .take(if n < 500 { 1 } else { 3 })
                    .map(|key| (*key, 1))
                    .collect();
                request(&format!("order-{n}"), &lines, None)
            })
            .collect();
        let answers = w.stock.hold_many(&system(), requests).await;
        assert!(
            answers.iter().all(Result::is_ok),
            "{:?}",
            answers.iter().find(|a| a.is_err())
        );
        assert_eq!(w.level(keys[0]).await.reserved, 700);
        assert_eq!(w.level(keys[2]).await.reserved, 200);
        w.adds_up().await;
    });
}
