//! Counting while customers' orders are picked and fetched.

use catalog::{ProductIn, ValidProduct};
use flows::EpcisDocument;
use stock::{CountLine, CountState, CountWish, Counted, NewCount};

use crate::world::{World, associate, each_world, system};

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

/// An EPCIS document of one observation.
fn observed(tags: &[&str]) -> EpcisDocument {
    let document = serde_json::json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "epcisBody": { "eventList": [{
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": "cycle_counting",
            "epcList": tags,
        }] },
    });
    serde_json::from_value(document).unwrap()
}

#[test]
fn readers_count_each_piece_once_however_often_they_see_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        // The standard's own example: 80614141123458.
        let product = w.catalog.sku_snapshots(&[w.serum]).await.unwrap()[&w.serum].product_id;
        let label = |before: ProductIn| {
            let mut after = before;
            after.skus[0].barcodes = vec!["80614141123458".into()];
            ValidProduct::try_from(after)
        };
        w.catalog
            .product_change(&system(), product, None, label)
            .await
            .unwrap();
        let staff = associate(w.hubin);
        let new = NewCount {
            place_id: w.hubin,
            wish: CountWish::Place,
            blind: false,
            note: None,
        };
        let count = w.stock.count_create(&staff, new).await.unwrap().id;
        let first = [
            "3074257BF7194E4000001A85",
            "urn:epc:id:sgtin:0614141.812345.6790",
            "urn:epc:id:sscc:0614141.1234567890",
            "https://id.gs1.org/01/09506000134352/21/1",
        ];
        let read = w
            .flows
            .count_read(&staff, count, &observed(&first))
            .await
            .unwrap();
        assert_eq!((read.tags, read.pieces, read.new, read.other_tags), (4, 3, 2, 1));
        assert_eq!(read.unknown_gtins, ["09506000134352"]);
        assert_eq!(
            (read.items[0].counted, read.items[0].variance),
            (Some(2), Some(-1))
        );
        // The other end of the shelf: one piece again, one new.
        let second = [
            "urn:epc:id:sgtin:0614141.812345.6789",
            "urn:epc:tag:sgtin-96:3.0614141.812345.6791",
        ];
        let read = w
            .flows
            .count_read(&staff, count, &observed(&second))
            .await
            .unwrap();
        assert_eq!((read.pieces, read.new), (2, 1));
        assert_eq!(
            (read.items[0].counted, read.items[0].variance),
            (Some(3), Some(0))
        );

        let posted = w
            .stock
            .count_submit(&staff, count, Vec::new(), false)
            .await
            .unwrap();
        assert_eq!(posted.state, CountState::Posted);
        let late = w.flows.count_read(&staff, count, &observed(&second)).await;
        assert!(late.unwrap_err().is(&stock::COUNT_ILLEGAL_STEP));
        assert_eq!(w.level(w.serum, w.hubin).await.0, 3);
        w.books_balance().await;
    });
}
