//! Bought anywhere, returned in another store.

use std::time::Duration;

use base::OrderLineId;
use flows::ReturnNew;
use orders::rules::ReturnWish;
use orders::{Condition, OrderState, ReturnReason};
use payments::PaymentState;

use crate::world::{World, associate, each_world};

fn wish(order_line_id: OrderLineId, quantity: i64, condition: Condition) -> ReturnWish {
    ReturnWish {
        order_line_id,
        quantity,
        reason: ReturnReason::Defective,
        condition,
    }
}

#[test]
fn bought_online_returned_in_another_store() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let order = w.collected(&[(w.serum, 2)], w.hubin).await;
        let line = order.lines[0].id;
        let staff = associate(w.shanghai);
        let take = |condition| ReturnNew {
            order_id: order.id,
            place_id: w.shanghai,
            wishes: vec![wish(line, 1, condition)],
            note: None,
        };
        let first = w
            .flows
            .return_take(&staff, take(Condition::Inspect))
            .await
            .unwrap();
        assert_eq!(first.refund.amount_minor, 12_900);
        assert_eq!(
            w.level(w.serum, w.shanghai).await,
            (1, 0, 1, 0),
            "there, and not sellable until graded"
        );
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.payments[0].state),
            (OrderState::PartlyReturned, PaymentState::PartlyRefunded)
        );

        w.flows
            .return_take(&staff, take(Condition::Sellable))
            .await
            .unwrap();
        assert_eq!(w.level(w.serum, w.shanghai).await, (2, 0, 1, 1));
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.payments[0].state),
            (OrderState::Returned, PaymentState::Refunded)
        );
        assert_eq!((seen.returns.len(), seen.lines[0].quantity_returned), (2, 2));
        let third = w
            .flows
            .return_take(&staff, take(Condition::Sellable))
            .await
            .unwrap_err();
        assert!(third.is(&orders::OVER_RETURN));
        assert_eq!(w.told(order.id, "orders.order_returned.v1").await, 2);
        w.books_balance().await;
    });
}

#[test]
fn returned_at_two_counters_at_the_same_moment() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.collected(&[(w.serum, 1)], w.hubin).await;
        let (here, there) = (associate(w.wulin), associate(w.shanghai));
        let take = |place_id| ReturnNew {
            order_id: order.id,
            place_id,
            wishes: vec![wish(order.lines[0].id, 1, Condition::Sellable)],
            note: None,
        };
        let (a, b) = tokio::join!(
            w.flows.return_take(&here, take(w.wulin)),
            w.flows.return_take(&there, take(w.shanghai)),
        );
        let refusal = a.err().or(b.err()).unwrap();
        assert!(
            refusal.is(&orders::OVER_RETURN) || refusal.is(&orders::BUSY),
            "{refusal:?}"
        );
        assert_eq!(w.see(order.id).await.returns.len(), 1);
        let back = w.level(w.serum, w.wulin).await.0 + w.level(w.serum, w.shanghai).await.0;
        assert_eq!(back, 1);
        w.books_balance().await;
    });
}

#[test]
fn the_same_single_piece_returned_twenty_times_at_once_comes_back_once() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.collected(&[(w.serum, 1)], w.hubin).await;
        let places = [w.hubin, w.wulin, w.xixi, w.shanghai];
        let tries = (0..20).map(|n| {
            let (flows, place_id) = (w.flows.clone(), places[n % places.len()]);
            let new = ReturnNew {
                order_id: order.id,
                place_id,
                wishes: vec![wish(order.lines[0].id, 1, Condition::Sellable)],
                note: None,
            };
            async move { flows.return_take(&associate(place_id), new).await }
        });
        let outcomes = futures_util::future::join_all(tries).await;
        let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(taken, 1);
        for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(
                refused.is(&orders::OVER_RETURN) || refused.is(&orders::BUSY),
                "{refused:?}"
            );
        }
        let seen = w.see(order.id).await;
        assert_eq!((seen.returns.len(), seen.lines[0].quantity_returned), (1, 1));
        assert_eq!(seen.payments[0].refunded.amount_minor, 12_900);
        let mut back = 0;
        for place in places {
            back += w.level(w.serum, place).await.0;
        }
        assert_eq!(back, 1);
        w.books_balance().await;
    });
}

#[test]
fn what_was_not_handed_over_is_not_returned() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let new = ReturnNew {
            order_id: order.id,
            place_id: w.hubin,
            wishes: vec![wish(order.lines[0].id, 1, Condition::Sellable)],
            note: None,
        };
        let refused = w
            .flows
            .return_take(&associate(w.hubin), new.clone())
            .await
            .unwrap_err();
        assert!(refused.is(&orders::NOT_RETURNABLE));
        let elsewhere = ReturnNew {
            place_id: w.warehouse,
            ..new
        };
        let refused = w
            .flows
            .return_take(&associate(w.warehouse), elsewhere)
            .await
            .unwrap_err();
        assert!(refused.is(&flows::NO_RETURN));
    });
}

#[test]
fn returned_after_the_product_was_renamed_and_taken_off_sale() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.collected(&[(w.serum, 1)], w.hubin).await;
        w.rename(order.lines[0].product_id, "New serum").await;
        let new = ReturnNew {
            order_id: order.id,
            place_id: w.hubin,
            wishes: vec![wish(order.lines[0].id, 1, Condition::Sellable)],
            note: None,
        };
        let document = w.flows.return_take(&associate(w.hubin), new).await.unwrap();
        assert_eq!(
            (document.lines[0].name.en.as_str(), document.refund.amount_minor),
            ("Serum", 12_900)
        );
        assert_eq!(w.see(order.id).await.lines[0].name.en, "Serum");
        w.books_balance().await;
    });
}

#[test]
fn an_old_order_is_closed_and_still_returned() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.collected(&[(w.serum, 1)], w.hubin).await;
        assert_eq!(w.flows.orders_close_due().await.unwrap(), 0);
        w.t.clock.advance(Duration::from_secs(31 * 24 * 3600));
        assert_eq!(w.flows.orders_close_due().await.unwrap(), 1);
        assert_eq!(w.see(order.id).await.state, OrderState::Closed);
        let new = ReturnNew {
            order_id: order.id,
            place_id: w.hubin,
            wishes: vec![wish(order.lines[0].id, 1, Condition::Damaged)],
            note: None,
        };
        w.flows.return_take(&associate(w.hubin), new).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Returned);
    });
}
