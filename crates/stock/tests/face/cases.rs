//! The chain's cases about availability and holds, each by its name, on each engine.

use std::time::Duration;

use crate::common::{World, hold_lines, refused, request, system, worlds};
use base::{PlaceId, SkuId};
use stock::{ALREADY_HELD, HOLD_ENDED, HOLD_EXCEEDED, HOLD_LAPSED, HoldState, INSUFFICIENT, Key};

const MINUTE: Duration = Duration::from_secs(60);
const MS: Duration = Duration::from_millis(1);

#[test]
fn on_hand_10_order_11_is_refused_and_nothing_changes() {
    worlds(async |w: World| {
        let key = w.received(10).await;
        let before = w.level(key).await;
        let error = refused(w.hold("o1", &[(key, 11)], None).await, &INSUFFICIENT);
        assert_eq!(error.facts()["available"], 10);
        assert_eq!(w.level(key).await, before);
        w.adds_up().await;
    });
}

#[test]
fn safety_stock_3_of_10_sells_7() {
    worlds(async |w: World| {
        let key = w.received(10).await;
        w.unit(async move |stock, tx, ctx| stock.safety_stock_set_in(tx, ctx, key, 3).await)
            .await
            .unwrap();
        assert_eq!(w.available(key).await, 7);
        refused(w.hold("o1", &[(key, 8)], None).await, &INSUFFICIENT);
        w.hold("o1", &[(key, 7)], None).await.unwrap();
        assert_eq!(w.available(key).await, 0);
    });
}

#[test]
fn two_lines_of_one_sku_are_refused_as_a_sum() {
    worlds(async |w: World| {
        let key = w.received(5).await;
        let error = refused(w.hold("o1", &[(key, 3), (key, 3)], None).await, &INSUFFICIENT);
        assert_eq!(
            (&error.facts()["wanted"], &error.facts()["available"]),
            (&6.into(), &5.into())
        );
        let hold = w.hold("o1", &[(key, 3), (key, 2)], None).await.unwrap();
        assert_eq!(hold.lines.len(), 1);
    });
}

#[test]
fn two_kits_share_one_component_and_one_is_accepted() {
    worlds(async |w: World| {
        let (shared, a, b) = (w.received(1).await, w.received(5).await, w.received(5).await);
        w.hold("kit-1", &[(a, 1), (shared, 1)], None).await.unwrap();
        refused(w.hold("kit-2", &[(b, 1), (shared, 1)], None).await, &INSUFFICIENT);
        assert_eq!(w.level(b).await.reserved, 0);
        w.adds_up().await;
    });
}

#[test]
fn a_hold_expires_at_its_instant_without_a_sweeper() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        let first = w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        assert_eq!(w.available(key).await, 0);

        w.t.clock.set(ends.before(MS));
        refused(w.hold("cart-b", &[(key, 1)], None).await, &INSUFFICIENT);
        assert_eq!(w.see(first.id).await.state, HoldState::Held);

        w.t.clock.set(ends.after(MS));
        assert_eq!(w.available(key).await, 2);
        assert_eq!(w.see(first.id).await.state, HoldState::Expired);
        w.hold("cart-b", &[(key, 1)], None).await.unwrap();
        assert_eq!(w.available(key).await, 1);
        w.adds_up().await;
    });
}

#[test]
fn the_grouped_way_does_not_wait_for_the_sweeper_either() {
    worlds(async |w: World| {
        let key = w.received(1).await;
        let ends = w.later(MINUTE).await;
        w.stock
            .hold(&system(), request("cart-a", &[(key, 1)], Some(ends)))
            .await
            .unwrap();
        w.t.clock.set(ends.before(MS));
        refused(
            w.stock
                .hold(&system(), request("cart-b", &[(key, 1)], None))
                .await,
            &INSUFFICIENT,
        );
        w.t.clock.set(ends.after(MS));
        w.stock
            .hold(&system(), request("cart-b", &[(key, 1)], None))
            .await
            .unwrap();
        w.adds_up().await;
    });
}

#[test]
fn sweeping_twice_frees_once() {
    worlds(async |w: World| {
        let key = w.received(5).await;
        let ends = w.later(MINUTE).await;
        let hold = w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        assert_eq!(w.stock.holds_expire_due(100).await.unwrap(), 0);
        w.t.clock.set(ends);
        let (a, b) = (w.stock.clone(), w.stock.clone());
        let (first, second) = tokio::join!(a.holds_expire_due(100), b.holds_expire_due(100));
        assert_eq!(first.unwrap() + second.unwrap(), 1);
        assert_eq!(w.level(key).await.reserved, 0);
        refused(w.commit(hold.id, &[(key, 2)]).await, &HOLD_ENDED);
        assert_eq!(w.level(key).await.on_hand, 5);
        assert!(w.told().await.contains(&"stock.hold_expired.v1".to_owned()));
        w.adds_up().await;
    });
}

#[test]
fn what_was_taken_back_for_another_is_swept_without_freeing_it_again() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        w.t.clock.set(ends);
        w.hold("cart-b", &[(key, 2)], None).await.unwrap();
        assert_eq!(w.stock.holds_expire_due(100).await.unwrap(), 1);
        assert_eq!(w.level(key).await.reserved, 2);
        w.adds_up().await;
    });
}

#[test]
fn what_has_run_out_stays_expired_however_late_somebody_gives_it_back() {
    worlds(async |w: World| {
        let (key, other) = (w.received(2).await, w.received(1).await);
        let ends = w.later(MINUTE).await;
        let hold = w
            .hold("cart-a", &[(key, 2), (other, 1)], Some(ends))
            .await
            .unwrap();
        w.t.clock.set(ends);
        // A part of it has been taken back for somebody else.
        w.hold("cart-b", &[(key, 1)], None).await.unwrap();
        refused(w.release(hold.id, &[(other, 1)]).await, &HOLD_LAPSED);
        let seen = w.see(hold.id).await.state;
        let given_back = w.release(hold.id, &[]).await.unwrap();
        assert_eq!((seen, given_back.state), (HoldState::Expired, HoldState::Expired));
        assert_eq!(w.release(hold.id, &[]).await.unwrap().state, HoldState::Expired);
        assert_eq!(w.stock.holds_expire_due(100).await.unwrap(), 0, "it is put away");
        let told = w.told().await;
        let of = |kind: &str| told.iter().filter(|told| *told == kind).count();
        assert_eq!(
            (of("stock.hold_expired.v1"), of("stock.hold_released.v1")),
            (1, 0)
        );
        assert_eq!((w.available(key).await, w.available(other).await), (1, 1));
        // Its owner may still come late, and is told what is missing rather than that it had given it back.
        refused(w.confirm(hold.id).await, &HOLD_LAPSED);
        w.adds_up().await;
    });
}

#[test]
fn raising_2_to_5_with_3_free_keeps_the_2() {
    worlds(async |w: World| {
        let key = w.received(4).await;
        let hold = w.hold("cart-a", &[(key, 2)], None).await.unwrap();
        let change = async |quantity: i64| {
            let lines = hold_lines(&[(key, quantity)]);
            w.unit(async move |stock, tx, ctx| stock.hold_change_in(tx, ctx, hold.id, &lines, &|_| 0).await)
                .await
        };
        refused(change(5).await, &INSUFFICIENT);
        assert_eq!(w.see(hold.id).await, hold);
        change(4).await.unwrap();
        assert_eq!(w.available(key).await, 0);
        change(1).await.unwrap();
        assert_eq!(w.available(key).await, 3);
        w.adds_up().await;
    });
}

#[test]
fn a_customer_who_returns_late_gets_the_stock_again_if_it_is_there() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        let hold = w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        w.t.clock.set(ends.after(MINUTE));
        w.stock.holds_expire_due(100).await.unwrap();
        let kept = w.confirm(hold.id).await.unwrap();
        assert_eq!((kept.state, w.available(key).await), (HoldState::Confirmed, 0));
        w.adds_up().await;
    });
}

#[test]
fn a_customer_who_returns_too_late_is_told_before_money_moves() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        let hold = w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        w.t.clock.set(ends);
        w.hold("cart-b", &[(key, 1)], None).await.unwrap();
        let error = refused(w.confirm(hold.id).await, &HOLD_LAPSED);
        assert_eq!(error.facts()["available"], 1);
        assert_eq!(w.level(key).await.reserved, 1);
        w.adds_up().await;
    });
}

#[test]
fn unswept_and_not_wanted_by_others_it_is_simply_kept() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        let hold = w.hold("cart-a", &[(key, 2)], Some(ends)).await.unwrap();
        w.t.clock.set(ends.after(MS));
        let until = ends.after(MINUTE);
        let extend = async move |stock: &stock::Stock, tx: &db::Tx, ctx: &base::Ctx| {
            stock.hold_extend_in(tx, ctx, hold.id, until, &|_| 0).await
        };
        let kept = w.unit(extend).await.unwrap();
        assert_eq!((kept.state, kept.expires_at), (HoldState::Held, Some(until)));
        assert_eq!(w.available(key).await, 0);
        w.t.clock.set(until);
        assert_eq!(w.available(key).await, 2);
        w.adds_up().await;
    });
}

#[test]
fn asking_twice_is_one_hold() {
    worlds(async |w: World| {
        let key = w.received(5).await;
        let ends = w.later(MINUTE).await;
        let first = w.hold("order-1", &[(key, 2)], Some(ends)).await.unwrap();
        assert_eq!(w.hold("order-1", &[(key, 2)], Some(ends)).await.unwrap(), first);
        let grouped = w
            .stock
            .hold(&system(), request("order-1", &[(key, 2)], Some(ends)))
            .await
            .unwrap();
        assert_eq!(grouped.id, first.id);
        refused(w.hold("order-1", &[(key, 3)], Some(ends)).await, &ALREADY_HELD);
        assert_eq!(w.level(key).await.reserved, 2);
        // Once it has run out the owner may ask again.
        w.t.clock.set(ends);
        let second = w
            .stock
            .hold(&system(), request("order-1", &[(key, 5)], None))
            .await
            .unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(w.see(first.id).await.state, HoldState::Expired);
        w.adds_up().await;
    });
}

#[test]
fn a_confirmed_hold_does_not_run_out() {
    worlds(async |w: World| {
        let key = w.received(2).await;
        let ends = w.later(MINUTE).await;
        let hold = w.hold("order-1", &[(key, 2)], Some(ends)).await.unwrap();
        w.confirm(hold.id).await.unwrap();
        w.t.clock.set(ends.after(MINUTE));
        assert_eq!(w.stock.holds_expire_due(100).await.unwrap(), 0);
        refused(w.hold("order-2", &[(key, 1)], None).await, &INSUFFICIENT);
        let done = w.commit(hold.id, &[]).await.unwrap();
        assert_eq!(done.state, HoldState::Committed);
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.reserved), (0, 0));
        // A repeated commit changes nothing.
        assert_eq!(w.commit(hold.id, &[]).await.unwrap(), done);
        w.adds_up().await;
    });
}

#[test]
fn an_order_for_the_last_pieces_can_still_be_fulfilled() {
    worlds(async |w: World| {
        let key = w.received(3).await;
        let hold = w.hold("order-1", &[(key, 3)], None).await.unwrap();
        assert_eq!(w.available(key).await, 0);
        w.commit(hold.id, &[(key, 2)]).await.unwrap();
        refused(w.commit(hold.id, &[(key, 2)]).await, &HOLD_EXCEEDED);
        let done = w.commit(hold.id, &[(key, 1)]).await.unwrap();
        assert_eq!(done.state, HoldState::Committed);
        w.adds_up().await;
    });
}

#[test]
fn three_of_five_go_and_two_come_back() {
    worlds(async |w: World| {
        let key = w.received(5).await;
        let hold = w.hold("order-1", &[(key, 5)], None).await.unwrap();
        w.commit(hold.id, &[(key, 3)]).await.unwrap();
        let done = w.release(hold.id, &[(key, 2)]).await.unwrap();
        assert_eq!(done.state, HoldState::Committed);
        let level = w.level(key).await;
        assert_eq!((level.on_hand, level.reserved, level.available), (2, 0, 2));
        w.adds_up().await;
    });
}

#[test]
fn one_and_one_at_two_places_serve_an_order_of_two() {
    worlds(async |w: World| {
        let here = w.received(1).await;
        let there = Key::new(here.sku_id, PlaceId::new());
        w.receive(there, 1).await;
        w.hold("order-1", &[(here, 1), (there, 1)], None).await.unwrap();
        assert_eq!((w.available(here).await, w.available(there).await), (0, 0));
    });
}

#[test]
fn a_line_moves_to_another_place_or_stays() {
    worlds(async |w: World| {
        let here = w.received(3).await;
        let there = Key::new(here.sku_id, PlaceId::new());
        w.receive(there, 1).await;
        let hold = w.hold("order-1", &[(here, 2)], None).await.unwrap();
        let go = async |quantity: i64| {
            let line = hold_lines(&[(here, quantity)])[0];
            let unit = async move |stock: &stock::Stock, tx: &db::Tx, ctx: &base::Ctx| {
                stock
                    .hold_move_line_in(tx, ctx, hold.id, line, there.place_id)
                    .await
            };
            w.unit(unit).await
        };
        refused(go(2).await, &INSUFFICIENT);
        let moved = go(1).await.unwrap();
        let held: Vec<_> = moved.outstanding().map(|line| line.quantity).collect();
        assert_eq!(held, [1, 1]);
        assert_eq!((w.available(here).await, w.available(there).await), (2, 0));
        w.adds_up().await;
    });
}

#[test]
fn a_flow_may_go_on_after_a_refusal() {
    worlds(async |w: World| {
        let (near, far) = (w.received(1).await, w.received(5).await);
        let ends = w.later(MINUTE).await;
        w.hold("cart-a", &[(near, 1)], Some(ends)).await.unwrap();
        w.t.clock.set(ends);
        let elsewhere = async move |stock: &stock::Stock, tx: &db::Tx, ctx: &base::Ctx| {
            let first = stock
                .hold_place_in(tx, ctx, request("order-1", &[(near, 2)], None))
                .await;
            assert!(first.is_err_and(|refusal| refusal.is(&INSUFFICIENT)));
            stock
                .hold_place_in(tx, ctx, request("order-1", &[(far, 2)], None))
                .await
        };
        let hold = w.unit(elsewhere).await.unwrap();
        assert_eq!(hold.lines[0].place_id, far.place_id);
        assert_eq!(w.available(near).await, 1);
        w.adds_up().await;
    });
}

#[test]
fn what_a_sku_nobody_has_sells_is_nothing() {
    worlds(async |w: World| {
        let key = Key::new(SkuId::new(), PlaceId::new());
        assert!(w.stock.availability(&[key.sku_id]).await.unwrap().is_empty());
        refused(w.hold("o", &[(key, 1)], None).await, &INSUFFICIENT);
        refused(
            w.stock.hold(&system(), request("o", &[(key, 1)], None)).await,
            &INSUFFICIENT,
        );
    });
}
