//! A place that closes.

use places::{PlaceIn, ValidPlace};

use crate::world::{World, associate, each_world, guest, system};

#[test]
fn location_deactivated_its_stock_leaves_sellable_its_live_holds_survive() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let order = w.paid(&[(w.serum, 2)], World::collect_at(w.hubin)).await;
        let close = |before: PlaceIn| {
            ValidPlace::try_from(PlaceIn {
                active: false,
                ..before
            })
        };
        w.places
            .place_change(&system(), w.hubin, None, close)
            .await
            .unwrap();

        let seen = w
            .flows
            .availability(vec![w.serum], None, false, None)
            .await
            .unwrap();
        assert_eq!((seen.items[0].total, seen.items[0].places.len()), (0, 0));
        let refused = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        assert!(refused.is_err(), "{refused:?}");

        // Who has paid gets what was promised.
        let (_, reserved, ..) = w.level(w.serum, w.hubin).await;
        assert_eq!(reserved, 2);
        let staff = associate(w.hubin);
        let fulfilment = order.fulfilments[0].id;
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        w.hand_over(&staff, fulfilment, order.id).await.unwrap();
        let (on_hand, reserved, ..) = w.level(w.serum, w.hubin).await;
        assert_eq!((on_hand, reserved), (3, 0));
        w.books_balance().await;
    });
}
