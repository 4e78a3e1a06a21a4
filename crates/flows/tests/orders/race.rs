//! Many at once, and twice.

use std::time::Duration;

use base::{IdempotencyKey, Result};
use flows::{OrderOut, PaymentMethod};
use futures_util::future::join_all;
use orders::OrderState;

use crate::world::{World, associate, each_world, guest};

#[test]
fn one_piece_a_hundred_buyers() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let carts = join_all((0..100).map(async |_| {
            w.cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
                .await
        }))
        .await;
        let visitor = guest();
        let tries = carts
            .iter()
            .map(|cart| w.flows.cart_checkout(&visitor, *cart, PaymentMethod::Sandbox));
        let outcomes: Vec<Result<OrderOut>> = join_all(tries).await;
        let refused: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().err()).collect();
        assert_eq!(refused.len(), 99);
        assert!(refused.iter().all(|e| e.is(&stock::INSUFFICIENT)), "{refused:?}");
        assert_eq!(
            (w.orders().await, w.level(w.serum, w.hubin).await),
            (1, (1, 1, 0, 0))
        );
        w.books_balance().await;
    });
}

#[test]
fn one_piece_in_each_of_three_places_thirty_parcels() {
    each_world(async |w: World| {
        for place in [w.hubin, w.warehouse, w.shanghai] {
            w.receive(w.serum, place, 1).await;
        }
        let visitor = guest();
        let wanted = [(w.serum, 1)];
        let tries = (0..30).map(|_| w.order(&visitor, &wanted, World::to_hangzhou()));
        let outcomes: Vec<Result<OrderOut>> = join_all(tries).await;
        let refused: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().err()).collect();
        assert!(refused.iter().all(|e| e.is(&stock::INSUFFICIENT)), "{refused:?}");
        assert_eq!(refused.len(), 27, "whoever loses one place is served by the next");
        w.books_balance().await;
    });
}

#[test]
fn a_repeated_request_gets_the_first_answer() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let key = IdempotencyKey {
            key: "k1".into(),
            fingerprint: "f1".into(),
        };
        let buyer = guest().with_idempotency(Some(key));
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let first = w
            .flows
            .cart_checkout(&buyer, cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        // As if the process had died after the commit and before the answer.
        let again = w
            .flows
            .cart_checkout(&buyer, cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        assert_eq!(
            (first.id, first.access_token, w.orders().await),
            (again.id, again.access_token, 1)
        );
    });
}

#[test]
fn a_hold_without_its_order_goes_by_itself() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        // A checkout is one transaction: one that fails after the hold leaves neither.
        let lines = [(w.serum, 1), (w.lipstick, 1)];
        assert!(
            w.order(&guest(), &lines, World::collect_at(w.hubin))
                .await
                .is_err()
        );
        assert_eq!((w.level(w.serum, w.hubin).await.1, w.orders().await), (0, 0));
    });
}

#[test]
fn cancel_and_pay_and_expire_at_the_same_moment() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let (visitor, token) = (guest(), order.access_token.clone());
        w.t.clock.advance(Duration::from_secs(901));
        let (cancelled, _paid, _expired) = tokio::join!(
            w.flows.order_cancel(&visitor, order.id, "no".into(), token),
            w.pay(&order),
            w.flows.step(),
        );
        let seen = w.see(order.id).await;
        let captured = seen.payments[0].amount.amount_minor - seen.payments[0].refunded.amount_minor;
        match seen.state {
            OrderState::Allocated => assert_eq!(w.level(w.serum, w.hubin).await.1, 1),
            OrderState::Cancelled | OrderState::Expired => {
                assert_eq!(w.level(w.serum, w.hubin).await.3, 1);
            }
            other => panic!("{other:?} after {cancelled:?}, {captured} kept"),
        }
        w.books_balance().await;
    });
}

#[test]
fn handed_over_by_two_people_is_one_sale() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let (fulfilment, a, b) = (order.fulfilments[0].id, associate(w.hubin), associate(w.hubin));
        w.flows.fulfilment_pick(&a, fulfilment).await.unwrap();
        let (x, y) = tokio::join!(
            w.hand_over(&a, fulfilment, order.id),
            w.hand_over(&b, fulfilment, order.id)
        );
        x.unwrap();
        y.unwrap();
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 0, 1));
        assert_eq!(w.told(order.id, "orders.order_collected.v1").await, 1);
        w.books_balance().await;
    });
}
