//! Selling what is not there yet, through the faces, on each engine.

use std::time::Duration;

use base::{PlaceId, SupplyId, Time};
use flows::{AHEAD_PAID_FIRST, CollectHow, OrderOut, PaymentMethod};
use futures_util::future::join_all;
use orders::{OrderState, Part};
use payments::PaymentState;
use stock::{INSUFFICIENT, NewSupply, PresaleMode, SupplyArrival, SupplyChange, SupplyKind, SupplyQuantity};

use crate::world::{World, each_world, guest, system};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl World {
    async fn in_days(&self, days: u32) -> Time {
        self.t.db.now().await.unwrap().after(DAY * days)
    }

    /// Serum is due at a place and sold ahead.
    async fn sold_ahead(&self, place: PlaceId, due: i64, days: u32, cap: i64) -> SupplyId {
        let (stock, mode) = (&self.stock, PresaleMode::Backorder);
        stock.presale_set(&system(), self.serum, mode, cap).await.unwrap();
        let new = NewSupply {
            kind: SupplyKind::PurchaseOrder,
            reference: "PO-1".into(),
            place_id: place,
            due_at: self.in_days(days).await,
            lines: vec![SupplyQuantity {
                sku_id: self.serum,
                quantity: due,
            }],
            note: None,
        };
        stock.supply_enter(&system(), new).await.unwrap().summary.id
    }

    async fn arrives(&self, supply: SupplyId, quantity: i64) {
        let arrival = SupplyArrival {
            lines: vec![SupplyQuantity {
                sku_id: self.serum,
                quantity,
            }],
            ..SupplyArrival::default()
        };
        self.stock
            .supply_receive(&system(), supply, arrival)
            .await
            .unwrap();
        self.flows.step().await.unwrap();
    }

    async fn claimed(&self) -> i64 {
        let said = self.stock.presale_get(&system(), self.serum).await.unwrap();
        said.claimed
    }
}

fn awaits(order: &OrderOut) -> Vec<i64> {
    let ahead = order.ahead.iter();
    ahead
        .map(|awaited| awaited.lines.iter().map(|line| line.quantity).sum())
        .collect()
}

#[test]
fn five_now_and_ten_when_they_come_and_told_anew_when_they_slip() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 5).await;
        let supply = w.sold_ahead(w.warehouse, 10, 10, 100).await;
        let order = w.order(&guest(), &[(w.serum, 15)], World::to_hangzhou()).await;
        let order = w.pay(&order.unwrap()).await.unwrap();
        assert_eq!(order.state, OrderState::Allocated);
        assert_eq!(order.fulfilments[0].lines[0].quantity, 5);
        assert_eq!(awaits(&order), [10]);
        let promised = order.ahead[0].promised_at.unwrap();
        assert!(promised > w.in_days(10).await && promised < w.in_days(14).await);
        assert_eq!(w.told(order.id, "orders.order_waiting.v1").await, 1);
        let more = w.order(&guest(), &[(w.serum, 1)], World::to_hangzhou()).await;
        assert!(more.unwrap_err().is(&INSUFFICIENT), "all ten are somebody's");

        let later = SupplyChange {
            due_at: Some(w.in_days(20).await),
            ..SupplyChange::default()
        };
        w.stock.supply_change(&system(), supply, later).await.unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!(
            seen.ahead[0].promised_at.unwrap().since(promised),
            DAY * 10,
            "as much later as the goods"
        );
        assert_eq!(w.told(order.id, "orders.order_waiting.v1").await, 2);
        w.flows.step().await.unwrap();
        assert_eq!(w.told(order.id, "orders.order_waiting.v1").await, 2, "told once");

        w.arrives(supply, 4).await;
        let seen = w.see(order.id).await;
        assert_eq!((seen.fulfilments.len(), awaits(&seen)), (2, vec![6]));
        w.arrives(supply, 6).await;
        let seen = w.see(order.id).await;
        assert_eq!((seen.fulfilments.len(), awaits(&seen)), (3, vec![]));
        assert_eq!(w.level(w.serum, w.warehouse).await, (15, 15, 0, 0));
        assert_eq!(w.claimed().await, 0);
        w.books_balance().await;
    });
}

#[test]
fn who_fetches_it_is_called_once_when_all_is_there_and_before_those_who_came_later() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        let supply = w.sold_ahead(w.hubin, 6, 5, 100).await;
        let lines = [(w.serum, 3), (w.lipstick, 1), (w.wrap, 1)];
        let first = w
            .order(&guest(), &lines, World::collect_at(w.hubin))
            .await
            .unwrap();
        let first = w.pay(&first).await.unwrap();
        assert_eq!((first.state, first.place_id), (OrderState::Paid, Some(w.hubin)));
        assert_eq!((first.fulfilments.len(), awaits(&first)), (0, vec![5]));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (1, 1, 0, 0), "kept for it");
        let second = w
            .order(&guest(), &[(w.serum, 4)], World::collect_at(w.hubin))
            .await
            .unwrap();
        w.pay(&second).await.unwrap();
        w.arrives(supply, 2).await;
        let seen = w.see(first.id).await;
        assert_eq!((seen.state, awaits(&seen)), (OrderState::Allocated, vec![]));
        assert_eq!((seen.fulfilments.len(), seen.fulfilments[0].lines.len()), (1, 3));
        assert_eq!(w.see(second.id).await.state, OrderState::Paid);
        w.arrives(supply, 4).await;
        assert_eq!(w.see(second.id).await.state, OrderState::Allocated);
        assert_eq!(w.level(w.serum, w.hubin).await, (7, 7, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn what_is_not_paid_in_time_or_given_up_is_free_for_the_next() {
    each_world(async |w: World| {
        w.sold_ahead(w.hubin, 4, 5, 4).await;
        let wish = [(w.serum, 4)];
        let unpaid = w
            .order(&guest(), &wish, World::collect_at(w.hubin))
            .await
            .unwrap();
        let refused = w.order(&guest(), &wish, World::collect_at(w.hubin)).await;
        assert!(refused.unwrap_err().is(&INSUFFICIENT));
        w.t.clock.advance(Duration::from_secs(16 * 60));
        w.flows.step().await.unwrap();
        let paid = w
            .order(&guest(), &wish, World::collect_at(w.hubin))
            .await
            .unwrap();
        let paid = w.pay(&paid).await.unwrap();
        // Whoever pays late for what went to another is paid back.
        let late = w.pay(&unpaid).await.unwrap();
        assert_eq!((late.state, awaits(&late)), (OrderState::NeedsDecision, vec![]));
        let gone = w
            .flows
            .order_cancel(&system(), paid.id, "no longer".into(), None)
            .await
            .unwrap();
        assert_eq!((gone.state, awaits(&gone)), (OrderState::Cancelled, vec![]));
        assert_eq!(w.claimed().await, 0);
        w.flows.step().await.unwrap();
        assert_eq!(w.see(paid.id).await.payments[0].state, PaymentState::Refunded);
        let cart = w.cart(&guest(), &wish, World::collect_at(w.hubin)).await;
        let at_the_counter = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::PayInStore)
            .await;
        assert!(at_the_counter.unwrap_err().is(&AHEAD_PAID_FIRST));
        w.books_balance().await;
    });
}

#[test]
fn pieces_still_to_come_are_given_up_like_others_and_what_nobody_brings_is_decided_about() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 1).await;
        let supply = w.sold_ahead(w.warehouse, 10, 5, 100).await;
        let order = w.order(&guest(), &[(w.serum, 6)], World::to_hangzhou()).await;
        let order = w.pay(&order.unwrap()).await.unwrap();
        let two = vec![Part {
            order_line_id: order.lines[0].id,
            quantity: 2,
        }];
        let less = w
            .flows
            .order_reduce(&system(), order.id, two, "fewer".into(), None)
            .await
            .unwrap();
        assert_eq!((awaits(&less), w.claimed().await), (vec![3], 3));
        w.stock
            .supply_cancel(&system(), supply, true, None)
            .await
            .unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, awaits(&seen)), (OrderState::NeedsDecision, vec![]));
        assert_eq!(seen.decision.unwrap().missing[0].quantity, 3);
        assert_eq!(w.claimed().await, 0);
        w.books_balance().await;
    });
}

#[test]
fn thirty_checkouts_at_once_sell_what_the_cap_leaves() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 3).await;
        w.sold_ahead(w.warehouse, 100, 5, 7).await;
        let buy = async || {
            let one = [(w.serum, 1)];
            w.order(&guest(), &one, World::to_hangzhou()).await
        };
        let all = join_all((0..30).map(|_| buy()));
        let mut sold = 0;
        for order in all.await {
            match order {
                Ok(_) => sold += 1,
                Err(error) => assert!(error.is(&INSUFFICIENT) || error.is(&db::CONTENDED), "{error:?}"),
            }
        }
        assert_eq!(sold, 10, "three that are there and seven that are to come");
        assert_eq!(w.claimed().await, 7);
        w.books_balance().await;
    });
}

#[test]
fn stores_that_have_it_are_offered_first_then_those_it_comes_to_with_the_day() {
    each_world(async |w: World| {
        w.receive(w.serum, w.xixi, 2).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        w.receive(w.lipstick, w.xixi, 1).await;
        w.receive(w.lipstick, w.wulin, 1).await;
        w.sold_ahead(w.hubin, 2, 5, 100).await;
        let lines = [(w.serum, 2), (w.lipstick, 1), (w.wrap, 1)];
        let cart = w.cart(&guest(), &lines, World::collect_at(w.hubin)).await;
        let offers = w.flows.cart_collect_list(&guest(), cart, None).await.unwrap();
        let places: Vec<_> = offers.items.iter().map(|o| (o.place_id, o.how)).collect();
        assert_eq!(
            places,
            [(w.xixi, CollectHow::Now), (w.hubin, CollectHow::Supply)],
            "Wulin has a part and nothing comes to it"
        );
        assert!(offers.short.is_empty());
        let later = &offers.items[1];
        assert!(later.ready_at > w.in_days(4).await && later.timezone == "Asia/Shanghai");

        // The cart says the same of the place that was chosen, and the order keeps it.
        let shown = w.flows.cart_get(&guest(), cart).await.unwrap();
        let shown = shown.collect.unwrap();
        assert_eq!((shown.how, shown.ready_at), (CollectHow::Supply, later.ready_at));
        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        assert_eq!(order.ahead[0].promised_at, Some(later.ready_at));
        assert_eq!(order.ahead[0].timezone.as_deref(), Some("Asia/Shanghai"));

        // What is theirs now is offered to nobody else, and it is said how much there is.
        let lines = [(w.serum, 3)];
        let other = w.cart(&guest(), &lines, World::collect_at(w.hubin)).await;
        let offers = w.flows.cart_collect_list(&guest(), other, None).await.unwrap();
        assert!(offers.items.is_empty());
        assert_eq!((offers.short[0].wanted, offers.short[0].best), (3, 2));
        assert!(w.flows.cart_get(&guest(), other).await.unwrap().collect.is_none());
    });
}
