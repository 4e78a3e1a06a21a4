//! A store cannot serve: the next one does, and everybody is told why.

use flows::{Reject, RejectReason};
use orders::{FulfilmentState, OrderState, Part};

use crate::world::{World, associate, each_world};

fn whole(reason: RejectReason) -> Reject {
    Reject {
        reason,
        parts: Vec::new(),
        note: None,
    }
}

#[test]
fn not_in_stock_the_next_store_serves_and_the_customer_is_told() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.serum, w.wulin, 1).await;
        w.receive(w.serum, w.xixi, 5).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let rejected = w
            .flows
            .fulfilment_reject(
                &associate(w.hubin),
                order.fulfilments[0].id,
                whole(RejectReason::NotInStock),
            )
            .await
            .unwrap();
        assert_eq!(rejected.fulfilment.state, FulfilmentState::Rejected);
        assert_eq!(
            w.level(w.serum, w.hubin).await.3,
            0,
            "nothing is left to sell there"
        );
        let now = &rejected.order;
        assert_eq!(
            (now.state, now.place_id),
            (OrderState::Allocated, Some(w.wulin)),
            "the nearest"
        );
        assert_eq!(w.level(w.serum, w.wulin).await, (1, 1, 0, 0));
        let said: Vec<String> = now.timeline.iter().map(|t| t.text.en.clone()).collect();
        assert!(
            said.contains(&"Hubin cannot serve it: it is not on the shelf after all".to_owned()),
            "{said:?}"
        );
        assert!(said.contains(&"Moved to Wulin".to_owned()));
        assert_eq!(w.told(order.id, "orders.order_moved.v1").await, 1);

        // The same code works at the new store.
        let fulfilment = now.fulfilments.last().unwrap();
        assert!(fulfilment.why.as_ref().unwrap().candidates[0].chosen);
        let staff = associate(w.wulin);
        w.flows.fulfilment_pick(&staff, fulfilment.id).await.unwrap();
        w.hand_over(&staff, fulfilment.id, order.id).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Collected);
        w.books_balance().await;
    });
}

#[test]
fn a_store_that_rejected_is_not_asked_again() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.receive(w.serum, w.wulin, 9).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let first = order.fulfilments[0].id;
        let damaged = whole(RejectReason::Damaged);
        let moved = w
            .flows
            .fulfilment_reject(&associate(w.hubin), first, damaged.clone())
            .await
            .unwrap();
        let second = moved.order.fulfilments.last().unwrap();
        assert_eq!(second.place_id, w.wulin);
        // Hubin has eight sellable pieces left, and has rejected this order.
        let stuck = w
            .flows
            .fulfilment_reject(&associate(w.wulin), second.id, damaged)
            .await
            .unwrap();
        assert_eq!(
            stuck.order.state,
            OrderState::NeedsDecision,
            "never a silent cancellation"
        );
        assert_eq!(w.told(order.id, "orders.order_needs_decision.v1").await, 1);
        assert_eq!(
            w.level(w.serum, w.wulin).await.1,
            0,
            "nothing is held for an order that waits"
        );
        w.books_balance().await;
    });
}

#[test]
fn damaged_is_set_aside_and_mismatch_is_taken_off() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.lipstick, w.hubin, 3).await;
        let lines = [(w.serum, 1), (w.lipstick, 2)];
        let order = w.paid(&lines, World::collect_at(w.hubin)).await;
        let serum = order.lines.iter().find(|l| l.sku_id == w.serum).unwrap().id;
        let reject = Reject {
            reason: RejectReason::Damaged,
            parts: vec![Part {
                order_line_id: serum,
                quantity: 1,
            }],
            note: Some("box crushed".into()),
        };
        w.flows
            .fulfilment_reject(&associate(w.hubin), order.fulfilments[0].id, reject)
            .await
            .unwrap();
        assert_eq!(
            w.level(w.serum, w.hubin).await,
            (3, 0, 1, 2),
            "on hand, and not to be sold"
        );
        assert_eq!(
            w.level(w.lipstick, w.hubin).await,
            (3, 2, 0, 1),
            "the good line stays with the store"
        );

        let order = w.paid(&[(w.lipstick, 1)], World::collect_at(w.hubin)).await;
        let mismatch = whole(RejectReason::Mismatch);
        w.flows
            .fulfilment_reject(&associate(w.hubin), order.fulfilments[0].id, mismatch)
            .await
            .unwrap();
        assert_eq!(w.level(w.lipstick, w.hubin).await, (2, 2, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn a_parcel_is_packed_elsewhere() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 1).await;
        w.receive(w.serum, w.shanghai, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        assert_eq!(order.fulfilments[0].place_id, w.warehouse);
        let moved = w
            .flows
            .fulfilment_reject(
                &associate(w.warehouse),
                order.fulfilments[0].id,
                whole(RejectReason::NotInStock),
            )
            .await
            .unwrap();
        assert_eq!(moved.order.fulfilments.last().unwrap().place_id, w.shanghai);
        let again = w
            .flows
            .fulfilment_reject(
                &associate(w.warehouse),
                order.fulfilments[0].id,
                whole(RejectReason::NotInStock),
            )
            .await
            .unwrap_err();
        assert!(again.is(&orders::ILLEGAL_FULFILMENT_STEP));
        w.books_balance().await;
    });
}
