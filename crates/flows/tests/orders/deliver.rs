//! Bought on the web, brought home.

use base::PlaceId;
use orders::OrderState;

use crate::world::{World, associate, each_world, guest, system};

fn served(order: &flows::OrderOut) -> Vec<(PlaceId, i64)> {
    let quantity = |f: &orders::FulfilmentOut| f.lines.iter().map(|l| l.quantity).sum();
    order
        .fulfilments
        .iter()
        .map(|f| (f.place_id, quantity(f)))
        .collect()
}

#[test]
fn from_cart_to_delivered() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 5).await;
        w.receive(w.serum, w.hubin, 5).await;
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        assert_eq!(
            (order.place_id, order.totals.shipping.amount_minor),
            (None, 0),
            "free from 99 yuan"
        );
        let from = served(&order)[0].0;
        let staff = associate(from);
        let fulfilment = order.fulfilments[0].id;
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        w.flows
            .fulfilment_ship(&staff, fulfilment, "SF".into(), "SF123".into())
            .await
            .unwrap();
        assert_eq!(w.level(w.serum, from).await, (4, 0, 0, 4));
        assert_eq!(w.see(order.id).await.state, OrderState::Shipped);
        w.flows.fulfilment_deliver(&staff, fulfilment).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Delivered);
        for kind in ["shipped", "delivered"] {
            assert_eq!(
                w.told(order.id, &format!("orders.order_{kind}.v1")).await,
                1,
                "{kind}"
            );
        }
        assert_eq!(
            w.told(order.id, "orders.order_ready.v1").await,
            0,
            "nobody is asked to fetch a parcel"
        );
        w.books_balance().await;
    });
}

#[test]
fn one_place_with_everything_beats_a_nearer_one_with_most() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.receive(w.serum, w.shanghai, 5).await;
        w.receive(w.lipstick, w.shanghai, 5).await;
        let order = w
            .paid(&[(w.serum, 1), (w.lipstick, 1)], World::to_hangzhou())
            .await;
        assert_eq!(served(&order), [(w.shanghai, 2)]);
    });
}

#[test]
fn one_and_one_is_two_in_two_parcels() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        w.receive(w.serum, w.shanghai, 1).await;
        let order = w.paid(&[(w.serum, 2)], World::to_hangzhou()).await;
        let mut parts = served(&order);
        parts.sort_unstable();
        let mut expected = vec![(w.hubin, 1), (w.shanghai, 1)];
        expected.sort_unstable();
        assert_eq!(parts, expected);
        let why = w.see(order.id).await.fulfilments[0].why.clone().unwrap();
        assert_eq!(why.candidates.iter().filter(|c| c.chosen).count(), 2);
        for fulfilment in &order.fulfilments {
            let staff = associate(fulfilment.place_id);
            assert_eq!(
                w.see(order.id).await.state,
                OrderState::Allocated,
                "as far as its slowest parcel"
            );
            w.flows.fulfilment_pick(&staff, fulfilment.id).await.unwrap();
            w.flows
                .fulfilment_ship(&staff, fulfilment.id, "SF".into(), fulfilment.id.to_string())
                .await
                .unwrap();
        }
        assert_eq!(w.see(order.id).await.state, OrderState::Shipped);
        w.books_balance().await;
    });
}

#[test]
fn a_full_place_is_skipped() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 5).await;
        w.receive(w.serum, w.shanghai, 5).await;
        w.set_capacity(w.warehouse, 1).await;
        assert_eq!(
            served(&w.paid(&[(w.serum, 1)], World::to_hangzhou()).await),
            [(w.warehouse, 1)]
        );
        assert_eq!(
            served(&w.paid(&[(w.serum, 1)], World::to_hangzhou()).await),
            [(w.shanghai, 1)]
        );
    });
}

#[test]
fn more_than_everybody_has_is_refused_with_the_numbers() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 2).await;
        let refused = w
            .order(&guest(), &[(w.serum, 3)], World::to_hangzhou())
            .await
            .unwrap_err();
        assert!(refused.is(&stock::INSUFFICIENT));
        assert_eq!(
            (
                refused.facts()["wanted"].clone(),
                refused.facts()["available"].clone()
            ),
            (3.into(), 2.into())
        );
    });
}

#[test]
fn shipped_is_returned_not_cancelled() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 2).await;
        let order = w.paid(&[(w.serum, 1)], World::to_hangzhou()).await;
        let staff = associate(w.warehouse);
        w.flows
            .fulfilment_pick(&staff, order.fulfilments[0].id)
            .await
            .unwrap();
        w.flows
            .fulfilment_ship(&staff, order.fulfilments[0].id, "SF".into(), "1".into())
            .await
            .unwrap();
        let refused = w
            .flows
            .order_cancel(&system(), order.id, "late".into(), None)
            .await
            .unwrap_err();
        assert!(refused.is(&orders::NOT_CANCELLABLE));
    });
}
