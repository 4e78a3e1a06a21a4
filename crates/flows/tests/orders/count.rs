//! Counting while customers' orders are picked and fetched.

use stock::{CountLine, CountState, CountWish, Counted, NewCount};

use crate::world::{World, associate, each_world};

async fn found(w: &World, count: base::CountId, counted: i64) -> CountLine {
    let line = Counted {
        sku_id: w.serum,
        counted,
    };
    let staff = associate(w.hubin);
    w.flows
        .count_take(&staff, count, vec![line])
        .await
        .unwrap()
        .remove(0)
}

#[test]
fn cycle_count_while_orders_are_picked() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 10).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let fulfilment = order.fulfilments[0].id;
        let staff = associate(w.hubin);
        let new = NewCount {
            place_id: w.hubin,
            wish: CountWish::Place,
            blind: false,
            note: None,
        };
        let count = w.stock.count_create(&staff, new).await.unwrap().id;

        // Somebody may have it in their hands, or not yet.
        for counted in [9, 10] {
            let line = found(&w, count, counted).await;
            assert_eq!((line.picking, line.variance), (Some(1), Some(0)), "{counted}");
        }
        // Packed, it waits behind the counter and is on the book all the same.
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        let line = found(&w, count, 9).await;
        assert_eq!(
            (line.picked, line.picking, line.expected, line.variance),
            (Some(1), Some(0), Some(9), Some(0))
        );
        // Fetched between the count and the posting.
        w.hand_over(&staff, fulfilment, order.id).await.unwrap();
        let posted = w
            .stock
            .count_submit(&staff, count, Vec::new(), false)
            .await
            .unwrap();
        assert_eq!((posted.state, posted.differing), (CountState::Posted, Some(0)));
        assert_eq!(w.level(w.serum, w.hubin).await.0, 9);
        w.books_balance().await;
    });
}

#[test]
fn nobody_counts_at_another_place() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 10).await;
        let new = NewCount {
            place_id: w.hubin,
            wish: CountWish::Place,
            blind: true,
            note: None,
        };
        let count = w.stock.count_create(&associate(w.hubin), new).await.unwrap().id;
        let line = Counted {
            sku_id: w.serum,
            counted: 10,
        };
        let told = w.flows.count_take(&associate(w.wulin), count, vec![line]).await;
        assert!(told.unwrap_err().is(&base::codes::FORBIDDEN));
    });
}
