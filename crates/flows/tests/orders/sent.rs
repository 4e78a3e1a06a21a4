//! Ship to store: what a store lacks is sent to it, through the faces, on each engine.

use std::time::Duration;

use base::{PlaceId, TransferId};
use flows::{AHEAD_PAID_FIRST, CollectHow, Decision, OrderOut, PaymentMethod};
use futures_util::future::join_all;
use orders::{FulfilmentState, MomentKind, OrderState, Part};
use sourcing::{Rules, ShipToStore};
use stock::{GoodsOnTheRoad, INSUFFICIENT, Received, ShortReason, Transfer, TransferState};

use crate::world::{World, associate, each_world, guest, system};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl World {
    async fn sent_to(&self, place: PlaceId, lines: &[(base::SkuId, i64)]) -> OrderOut {
        let order = self
            .order(&guest(), lines, World::collect_at(place))
            .await
            .unwrap();
        let paid = self.pay(&order).await.unwrap();
        assert_eq!(paid.state, OrderState::Paid);
        paid
    }

    async fn transfer(&self, id: TransferId) -> Transfer {
        self.stock.transfer_get(&system(), id).await.unwrap()
    }

    /// Packed, and on its way.
    async fn leaves(&self, id: TransferId) {
        let stock = &self.stock;
        stock.transfer_pick(&system(), id, Vec::new()).await.unwrap();
        stock.transfer_ship(&system(), id, None).await.unwrap();
        self.flows.step().await.unwrap();
    }

    async fn arrives_as(&self, id: TransferId, found: Vec<Received>) {
        self.stock
            .transfer_receive(&system(), id, found, None)
            .await
            .unwrap();
        self.flows.step().await.unwrap();
    }
}

fn carried_by(order: &OrderOut) -> TransferId {
    order.ahead[0].sent.as_ref().unwrap().transfer_id
}

fn moments(order: &OrderOut, kind: MomentKind) -> usize {
    order.timeline.iter().filter(|item| item.kind == kind).count()
}

#[test]
fn it_is_theirs_from_the_checkout_until_it_is_fetched() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 2).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        let lines = [(w.serum, 2), (w.lipstick, 1), (w.wrap, 1)];
        let cart = w.cart(&guest(), &lines, World::collect_at(w.hubin)).await;
        let shown = w.flows.cart_get(&guest(), cart).await.unwrap().collect.unwrap();
        assert_eq!(shown.how, CollectHow::Sent);
        let in_store = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::PayInStore)
            .await;
        assert!(in_store.unwrap_err().is(&AHEAD_PAID_FIRST));
        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        assert_eq!(order.ahead[0].promised_at, Some(shown.ready_at));
        assert!(shown.ready_at > w.t.db.now().await.unwrap().after(DAY * 2));
        // Held before it is paid, where it is.
        assert_eq!(w.level(w.serum, w.warehouse).await, (2, 2, 0, 0));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (1, 1, 0, 0));
        let other = w.order(&guest(), &[(w.serum, 1)], World::to_hangzhou()).await;
        assert!(other.unwrap_err().is(&INSUFFICIENT));

        let order = w.pay(&order).await.unwrap();
        assert!(order.pickup_code.is_none() && order.fulfilments.is_empty());
        assert_eq!(moments(&order, MomentKind::Awaited), 1);
        let seen = w.see(order.id).await;
        let sent = seen.ahead[0].sent.clone().unwrap();
        assert!(
            sent.why
                .unwrap()
                .candidates
                .iter()
                .any(|c| c.chosen && c.place_id == w.warehouse)
        );
        let id = sent.transfer_id;
        let transfer = w.transfer(id).await;
        assert_eq!(transfer.summary.state, TransferState::Approved);
        assert_eq!(transfer.summary.for_order.unwrap().order_id, order.id);
        assert_eq!(
            w.level(w.serum, w.warehouse).await,
            (2, 2, 0, 0),
            "handed on, not doubled"
        );

        w.leaves(id).await;
        let seen = w.see(order.id).await;
        assert!(seen.ahead[0].sent.as_ref().unwrap().left_at.is_some());
        assert_eq!(moments(&seen, MomentKind::SentToStore), 1);
        assert_eq!(w.level(w.serum, w.warehouse).await, (0, 0, 0, 0));
        let coming = w
            .flows
            .availability(vec![w.serum], None, true, None)
            .await
            .unwrap();
        assert!(
            coming.items[0].coming.as_ref().unwrap().is_empty(),
            "promised to nobody else"
        );

        // Kept for the order in the same moment in which it arrives.
        w.stock
            .transfer_receive(&system(), id, Vec::new(), None)
            .await
            .unwrap();
        assert_eq!(w.level(w.serum, w.hubin).await, (2, 2, 0, 0));
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::Allocated, 0));
        assert_eq!((seen.fulfilments.len(), seen.fulfilments[0].lines.len()), (1, 3));
        assert!(seen.fulfilments[0].why.is_some());
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 0);
        let fulfilment = seen.fulfilments[0].id;
        let staff = associate(w.hubin);
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 1);
        w.hand_over(&staff, fulfilment, order.id).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Collected);
        assert_eq!(w.level(w.serum, w.hubin).await, (0, 0, 0, 0));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (0, 0, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn what_arrives_short_comes_again_or_is_decided_about() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 3).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 3)]).await;
        let id = carried_by(&order);
        w.leaves(id).await;
        // One broken, one missing; the store has found one on its own shelf since.
        w.receive(w.serum, w.hubin, 1).await;
        let found = Received {
            sku_id: w.serum,
            arrived: 1,
            damaged: 1,
            reason: Some(ShortReason::Unknown),
        };
        w.arrives_as(id, vec![found]).await;
        let seen = w.see(order.id).await;
        assert_eq!(seen.state, OrderState::NeedsDecision);
        assert_eq!(seen.fulfilments.len(), 1, "what arrived is prepared");
        assert_eq!(moments(&seen, MomentKind::Rejected), 1);
        assert_eq!(w.level(w.serum, w.hubin).await, (3, 1, 1, 1));

        // A warehouse has some again: looking once more finds it.
        w.receive(w.serum, w.warehouse, 2).await;
        let again = Decision {
            choice: flows::Choice::SourceAgain,
            note: None,
        };
        w.flows.order_decide(&system(), order.id, again).await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::Allocated, 1));
        let next = seen.ahead[0].sent.as_ref().unwrap();
        assert_ne!(next.transfer_id, id);
        let next = next.transfer_id;
        // Packed early, the first piece waits for the others before anybody is called.
        let staff = associate(w.hubin);
        let first = seen.fulfilments[0].id;
        let early = w.flows.fulfilment_pick(&staff, first).await.unwrap();
        assert!(early.pickup_by.is_none(), "nobody is late who was not called");
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 0);
        w.leaves(next).await;
        w.arrives_as(next, Vec::new()).await;
        let seen = w.see(order.id).await;
        assert!(seen.ahead.is_empty());
        let second = seen.fulfilments.iter().find(|f| f.id != first).unwrap().id;
        w.flows.fulfilment_pick(&staff, second).await.unwrap();
        let seen = w.see(order.id).await;
        assert!(seen.fulfilments.iter().all(|f| f.pickup_by.is_some()));
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 1);
        w.books_balance().await;
    });
}

#[test]
fn what_cannot_be_sent_is_sent_by_another_place() {
    each_world(async |w: World| {
        let rules = Rules {
            ship_to_store: ShipToStore {
                kinds: vec![places::PlaceKind::Warehouse, places::PlaceKind::Store],
                days: 1,
                ..ShipToStore::default()
            },
            ..Rules::default()
        };
        w.flows
            .sourcing()
            .rules_replace(&system(), None, rules.try_into().unwrap(), None)
            .await
            .unwrap();
        w.receive(w.serum, w.warehouse, 2).await;
        w.receive(w.serum, w.shanghai, 2).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 2)]).await;
        let id = carried_by(&order);
        let first = w.transfer(id).await.summary.from_place_id;
        w.stock.transfer_cancel(&system(), id, None, None).await.unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!(seen.ahead.len(), 1);
        let next = seen.ahead[0].sent.as_ref().unwrap();
        assert_ne!(next.from_place_id, first);
        assert_eq!(w.level(w.serum, first).await, (2, 0, 0, 2), "free where it stays");
        assert_eq!(w.level(w.serum, next.from_place_id).await, (2, 2, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn given_up_before_it_leaves_and_on_the_way() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 4).await;
        w.receive(w.lipstick, w.hubin, 2).await;
        let lines = [(w.serum, 2), (w.lipstick, 1)];
        let unpaid = w
            .order(&guest(), &lines, World::collect_at(w.hubin))
            .await
            .unwrap();
        let cancel = async |order: base::OrderId| {
            let flows = &w.flows;
            flows
                .order_cancel(&system(), order, "test".into(), None)
                .await
                .unwrap()
        };
        cancel(unpaid.id).await;
        assert_eq!(w.level(w.serum, w.warehouse).await, (4, 0, 0, 4));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (2, 0, 0, 2));

        let early = w.sent_to(w.hubin, &lines).await;
        assert_eq!(cancel(early.id).await.state, OrderState::Cancelled);
        assert_eq!(w.level(w.serum, w.warehouse).await, (4, 0, 0, 4));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (2, 0, 0, 2));
        let given = w.transfer(carried_by(&early)).await;
        assert_eq!(given.summary.state, TransferState::Cancelled);

        let late = w.sent_to(w.hubin, &lines).await;
        let id = carried_by(&late);
        w.leaves(id).await;
        cancel(late.id).await;
        w.flows.step().await.unwrap();
        let on_the_road = w.transfer(id).await;
        assert_eq!(
            (on_the_road.summary.state, on_the_road.summary.promised),
            (TransferState::Shipped, 0)
        );
        let coming = w
            .flows
            .availability(vec![w.serum], None, true, None)
            .await
            .unwrap();
        assert_eq!(coming.items[0].coming.as_ref().unwrap().len(), 1, "anybody's now");
        w.arrives_as(id, Vec::new()).await;
        assert_eq!(w.level(w.serum, w.hubin).await, (2, 0, 0, 2));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (2, 0, 0, 2));

        // Arrived, and its order does not know yet.
        w.receive(w.serum, w.warehouse, 2).await;
        let there = w.sent_to(w.wulin, &[(w.serum, 2)]).await;
        let id = carried_by(&there);
        w.leaves(id).await;
        w.stock
            .transfer_receive(&system(), id, Vec::new(), None)
            .await
            .unwrap();
        cancel(there.id).await;
        w.flows.step().await.unwrap();
        assert_eq!(w.level(w.serum, w.wulin).await, (2, 0, 0, 2));
        w.books_balance().await;
    });
}

#[test]
fn turned_around_or_written_off_it_is_looked_for_elsewhere() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 1).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 1)]).await;
        let id = carried_by(&order);
        w.leaves(id).await;
        w.stock
            .transfer_cancel(&system(), id, Some(GoodsOnTheRoad::Return), None)
            .await
            .unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::NeedsDecision, 0));
        // Back at its sender it is free, and a colleague may have it sent once more.
        w.arrives_as(id, Vec::new()).await;
        assert_eq!(w.level(w.serum, w.warehouse).await, (1, 0, 0, 1));
        w.books_balance().await;
    });
}

#[test]
fn some_of_it_is_given_up_before_it_leaves() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 3).await;
        w.receive(w.lipstick, w.hubin, 2).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 3), (w.lipstick, 1)]).await;
        let id = carried_by(&order);
        let short = [stock::TransferQuantity {
            sku_id: w.serum,
            quantity: 2,
        }];
        w.stock
            .transfer_pick(&system(), id, short.to_vec())
            .await
            .unwrap();
        // What was not packed is not there at all.
        w.record(stock::NewMovement::new(
            stock::MovementKind::Adjustment,
            w.serum,
            w.warehouse,
            -1,
        ))
        .await
        .unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::NeedsDecision, 1));
        let missing = seen.decision.unwrap().missing;
        assert_eq!((missing.len(), missing[0].quantity), (1, 1));
        let given = Decision {
            choice: flows::Choice::Cancel(Vec::new()),
            note: None,
        };
        w.flows.order_decide(&system(), order.id, given).await.unwrap();
        // One more of those that are packed and still here: it travels, and is anybody's when it arrives.
        let line = seen.lines.iter().find(|line| line.sku_id == w.serum).unwrap().id;
        let one = Part {
            order_line_id: line,
            quantity: 1,
        };
        let seen = w.see(order.id).await;
        assert_eq!(seen.state, OrderState::Allocated);
        w.flows
            .order_reduce(&system(), order.id, vec![one], "one is enough".into(), None)
            .await
            .unwrap();
        assert_eq!(w.transfer(id).await.summary.promised, 1);
        w.stock.transfer_ship(&system(), id, None).await.unwrap();
        w.arrives_as(id, Vec::new()).await;
        assert_eq!(w.level(w.serum, w.hubin).await, (2, 1, 0, 1));
        let seen = w.see(order.id).await;
        let served: i64 = seen.fulfilments[0].lines.iter().map(|line| line.quantity).sum();
        assert_eq!(
            (served, seen.fulfilments[0].state),
            (2, FulfilmentState::Requested)
        );
        w.books_balance().await;
    });
}

#[test]
fn what_waits_at_the_store_is_served_when_nothing_is_sent_any_more() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 1).await;
        w.receive(w.lipstick, w.hubin, 2).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 1), (w.lipstick, 1)]).await;
        let id = carried_by(&order);
        // The warehouse does not find it, and the customer does without.
        w.stock.transfer_cancel(&system(), id, None, None).await.unwrap();
        w.record(stock::NewMovement::new(
            stock::MovementKind::Adjustment,
            w.serum,
            w.warehouse,
            -1,
        ))
        .await
        .unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::NeedsDecision, 0));
        assert_eq!(seen.fulfilments[0].lines.len(), 1);
        let given = Decision {
            choice: flows::Choice::Cancel(Vec::new()),
            note: None,
        };
        let seen = w.flows.order_decide(&system(), order.id, given).await.unwrap();
        assert_eq!(seen.state, OrderState::Allocated);

        // The same where the customer gives up just what was to be sent, before it leaves.
        w.receive(w.serum, w.warehouse, 2).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 2), (w.lipstick, 1)]).await;
        w.leaves(carried_by(&order)).await;
        let found = Received {
            sku_id: w.serum,
            arrived: 1,
            damaged: 0,
            reason: Some(ShortReason::Unknown),
        };
        w.receive(w.serum, w.warehouse, 1).await;
        w.arrives_as(carried_by(&order), vec![found]).await;
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::Allocated, 1));
        let line = seen.lines.iter().find(|line| line.sku_id == w.serum).unwrap().id;
        let one = Part {
            order_line_id: line,
            quantity: 1,
        };
        w.flows
            .order_reduce(&system(), order.id, vec![one], "one is enough".into(), None)
            .await
            .unwrap();
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.ahead.len()), (OrderState::Allocated, 0));
        assert_eq!(w.level(w.serum, w.warehouse).await, (1, 0, 0, 1));
        w.books_balance().await;
    });
}

/// What was packed early is not forgotten when the rest is given up.
#[test]
fn the_customer_is_called_when_nothing_more_comes() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 2).await;
        let order = w.sent_to(w.hubin, &[(w.serum, 2)]).await;
        let id = carried_by(&order);
        w.leaves(id).await;
        let found = Received {
            sku_id: w.serum,
            arrived: 1,
            damaged: 1,
            reason: None,
        };
        w.receive(w.serum, w.warehouse, 1).await;
        w.arrives_as(id, vec![found]).await;
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.ahead.len()),
            (OrderState::Allocated, 1),
            "sent once more"
        );
        let (first, staff) = (seen.fulfilments[0].id, associate(w.hubin));
        w.flows.fulfilment_pick(&staff, first).await.unwrap();
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 0);
        let one = Part {
            order_line_id: seen.lines[0].id,
            quantity: 1,
        };
        let cancelled = w
            .flows
            .order_reduce(&system(), order.id, vec![one], "one is enough".into(), None)
            .await
            .unwrap();
        assert_eq!(cancelled.state, OrderState::Ready);
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 1);
        let seen = w.see(order.id).await;
        assert!(seen.fulfilments[0].pickup_by.is_some());
        assert_eq!(w.level(w.serum, w.warehouse).await, (1, 0, 0, 1));
        w.books_balance().await;
    });
}

#[test]
fn a_set_is_sent_whole_or_what_is_left_of_it_is_anybodys() {
    each_world(async |w: World| {
        let set = w.wrap;
        w.make_kit(set, &[(w.serum, 1), (w.lipstick, 2)]).await;
        w.receive(w.serum, w.warehouse, 2).await;
        w.receive(w.lipstick, w.warehouse, 4).await;
        let order = w.sent_to(w.hubin, &[(set, 2)]).await;
        let id = carried_by(&order);
        w.leaves(id).await;
        let all = |sku_id, arrived, reason| Received {
            sku_id,
            arrived,
            damaged: 0,
            reason,
        };
        let found = vec![
            all(w.serum, 2, None),
            all(w.lipstick, 3, Some(ShortReason::Unknown)),
        ];
        w.arrives_as(id, found).await;
        let seen = w.see(order.id).await;
        assert_eq!(seen.state, OrderState::NeedsDecision);
        assert_eq!(seen.fulfilments[0].lines[0].quantity, 1);
        assert_eq!(w.level(w.serum, w.hubin).await, (2, 1, 0, 1));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (3, 2, 0, 1));
        w.books_balance().await;
    });
}

#[test]
fn thirty_checkouts_at_once_promise_what_the_warehouse_has() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 7).await;
        let wishes = (0..30).map(async |_| {
            w.order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
                .await
        });
        let placed: Vec<OrderOut> = join_all(wishes).await.into_iter().flatten().collect();
        assert_eq!(placed.len(), 7);
        for order in &placed {
            w.pay(order).await.unwrap();
        }
        assert_eq!(w.level(w.serum, w.warehouse).await, (7, 7, 0, 0));
        w.books_balance().await;
    });
}
