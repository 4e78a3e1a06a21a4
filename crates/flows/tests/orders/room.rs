//! Places that take on only so many orders a day, seen from the orders.

use std::time::Duration;

use base::{Error, PlaceId, Result};
use flows::{Choice, Decision, OrderOut, PLACE_FULL, Reject, RejectReason};
use futures_util::future::join_all;
use orders::OrderState;

use crate::world::{World, associate, each_world, guest, system};

const HOLD: Duration = Duration::from_secs(15 * 60);

async fn rush(
    w: &World,
    buyers: usize,
    choice: impl Fn() -> orders::FulfilmentChoice,
) -> Vec<Result<OrderOut>> {
    let visitor = guest();
    let wanted = [(w.serum, 1)];
    join_all((0..buyers).map(|_| w.order(&visitor, &wanted, choice()))).await
}

fn refusals(outcomes: &[Result<OrderOut>]) -> Vec<&Error> {
    outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect()
}

fn at(outcomes: &[Result<OrderOut>], place: PlaceId) -> usize {
    let placed = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok());
    placed.filter(|order| order.place_id == Some(place)).count()
}

#[test]
fn five_a_day_are_five_however_many_come_at_once() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 50).await;
        w.set_capacity(w.hubin, 5).await;
        let outcomes = rush(&w, 40, || World::collect_at(w.hubin)).await;
        let refused = refusals(&outcomes);
        assert_eq!((refused.len(), at(&outcomes, w.hubin)), (35, 5));
        assert!(refused.iter().all(|e| e.is(&PLACE_FULL)), "{refused:?}");
        assert_eq!(
            w.level(w.serum, w.hubin).await.1,
            5,
            "who is refused keeps nothing"
        );
        // Nobody paid: from the instant their time is over there is room again, swept or not.
        w.t.clock.advance(HOLD);
        let outcomes = rush(&w, 7, || World::collect_at(w.hubin)).await;
        assert_eq!(refusals(&outcomes).len(), 2);
        w.books_balance().await;
    });
}

#[test]
fn parcels_of_a_rush_go_to_whoever_has_room() {
    each_world(async |w: World| {
        for place in [w.hubin, w.wulin, w.xixi, w.shanghai, w.warehouse] {
            w.receive(w.serum, place, 50).await;
            w.set_capacity(place, 3).await;
        }
        let outcomes = rush(&w, 30, World::to_hangzhou).await;
        assert_eq!(refusals(&outcomes).len(), 15, "five places of three each");
        let mut held = 0;
        for place in [w.hubin, w.wulin, w.xixi, w.shanghai, w.warehouse] {
            held += w.level(w.serum, place).await.1;
            assert!(w.level(w.serum, place).await.1 <= 3);
        }
        assert_eq!(held, 15);
        w.books_balance().await;
    });
}

#[test]
fn room_is_kept_when_paid_and_comes_back_with_a_cancelled_order() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.set_capacity(w.hubin, 1).await;
        let collect = || World::collect_at(w.hubin);
        let order = async || w.order(&guest(), &[(w.serum, 1)], collect()).await;
        let paid = w.paid(&[(w.serum, 1)], collect()).await;
        w.t.clock.advance(HOLD);
        assert!(order().await.unwrap_err().is(&PLACE_FULL), "paid is kept");
        let staff = system();
        w.flows
            .order_cancel(&staff, paid.id, "no".into(), None)
            .await
            .unwrap();
        let unpaid = order().await.unwrap();
        assert!(order().await.unwrap_err().is(&PLACE_FULL), "unpaid counts, too");
        w.flows
            .order_cancel(&staff, unpaid.id, "no".into(), None)
            .await
            .unwrap();
        order().await.unwrap();
        w.books_balance().await;
    });
}

#[test]
fn who_rejects_has_room_again_and_who_takes_over_has_less() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.receive(w.serum, w.wulin, 9).await;
        for place in [w.hubin, w.wulin] {
            w.set_capacity(place, 1).await;
        }
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        // The nearer of the two.
        assert_eq!(order.fulfilments[0].place_id, w.wulin);
        let reject = async |place: PlaceId, order: &OrderOut| {
            let reject = Reject {
                reason: RejectReason::Damaged,
                parts: Vec::new(),
                note: None,
            };
            let id = order.fulfilments.last().unwrap().id;
            let rejected = w.flows.fulfilment_reject(&associate(place), id, reject).await;
            rejected.unwrap().order
        };
        let moved = reject(w.wulin, &order).await;
        assert_eq!(moved.fulfilments.last().unwrap().place_id, w.hubin);
        let full = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        assert!(full.unwrap_err().is(&PLACE_FULL));
        let next = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        assert_eq!(next.fulfilments[0].place_id, w.wulin);
        // Both are full or have said no: a person decides, and nothing is forced on a full place.
        let nobody = reject(w.hubin, &moved).await;
        assert_eq!(nobody.state, OrderState::NeedsDecision);
        w.books_balance().await;
    });
}

#[test]
fn who_pays_late_takes_what_room_is_left_or_a_person_decides() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.set_capacity(w.hubin, 1).await;
        let late = async || {
            let order = w
                .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
                .await;
            w.t.clock.advance(HOLD);
            order.unwrap()
        };
        let (first, second) = (late().await, late().await);
        assert_eq!(w.pay(&second).await.unwrap().state, OrderState::Allocated);
        let without_room = w.pay(&first).await.unwrap();
        assert_eq!(without_room.state, OrderState::NeedsDecision);
        assert_eq!(
            without_room.payments[0].refunded.amount_minor, 0,
            "the goods are there: the money stays"
        );
        assert_eq!(w.level(w.serum, w.hubin).await.1, 1);
        // On another day the place may serve it.
        w.t.clock.advance(Duration::from_secs(86_400));
        let again = Decision {
            choice: Choice::Place(w.hubin),
            note: None,
        };
        let served = w.flows.order_decide(&system(), first.id, again).await.unwrap();
        assert_eq!(served.state, OrderState::Allocated);
        assert_eq!(w.level(w.serum, w.hubin).await.1, 2);
        w.books_balance().await;
    });
}

#[test]
fn a_limit_of_the_afternoon_counts_the_orders_of_the_morning() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        for _ in 0..3 {
            w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        }
        w.set_capacity(w.hubin, 4).await;
        let outcomes = rush(&w, 5, || World::collect_at(w.hubin)).await;
        assert_eq!(at(&outcomes, w.hubin), 1);
        w.set_capacity(w.hubin, 2).await;
        assert_eq!(at(&rush(&w, 2, || World::collect_at(w.hubin)).await, w.hubin), 0);
        w.set_capacity(w.hubin, 6).await;
        assert_eq!(at(&rush(&w, 5, || World::collect_at(w.hubin)).await, w.hubin), 2);
    });
}

#[test]
fn what_was_promised_yesterday_and_paid_today_counts_for_yesterday() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.set_capacity(w.hubin, 1).await;
        let place = w.places.book().await.unwrap().get(w.hubin).unwrap().clone();
        let now = w.t.db.now().await.unwrap();
        let midnight = place.midnight(now.after(Duration::from_secs(86_400)));
        w.t.clock.set(midnight.before(Duration::from_secs(60)));
        let collect = || World::collect_at(w.hubin);
        let order = w.order(&guest(), &[(w.serum, 1)], collect()).await.unwrap();
        w.t.clock.set(midnight.after(Duration::from_secs(60)));
        w.pay(&order).await.unwrap();
        w.paid(&[(w.serum, 1)], collect()).await;
        let third = w.order(&guest(), &[(w.serum, 1)], collect()).await;
        assert!(third.unwrap_err().is(&PLACE_FULL));
    });
}
