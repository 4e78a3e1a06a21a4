//! Expected supply, each case by its name, on each engine.

use std::time::Duration;

use base::{PageSize, PlaceId, Result, SkuId, Time, codes};
use db::Reader;
use stock::{
    DueKind, Key, MovementFilter, NewSupply, Outlook, SUPPLY_FEWER_THAN_ARRIVED, SUPPLY_KNOWN, SUPPLY_OVER,
    Supply, SupplyArrival, SupplyChange, SupplyFilter, SupplyKind, SupplyQuantity, SupplyState,
    SupplyStepKind, UNTRACKED,
};

use crate::common::{refused, system};
use crate::floor::{Floor, colleague, floors};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn pieces(lines: &[(SkuId, i64)]) -> Vec<SupplyQuantity> {
    let piece = |(sku_id, quantity): &(SkuId, i64)| SupplyQuantity {
        sku_id: *sku_id,
        quantity: *quantity,
    };
    lines.iter().map(piece).collect()
}

impl Floor {
    pub(crate) async fn day(&self, nth: u32) -> Time {
        self.w.t.db.now().await.unwrap().after(DAY * nth)
    }

    pub(crate) async fn expect(
        &self,
        reference: &str,
        place: PlaceId,
        day: u32,
        lines: &[(SkuId, i64)],
    ) -> Result<Supply> {
        let new = NewSupply {
            kind: SupplyKind::PurchaseOrder,
            reference: reference.into(),
            place_id: place,
            due_at: self.day(day).await,
            lines: pieces(lines),
            note: None,
        };
        self.w.stock.supply_enter(&system(), new).await
    }

    async fn outlook(&self, key: Key) -> Outlook {
        let stock = self.w.stock.clone();
        let read = async move |r: &Reader| stock.outlook_in(r, &[key.sku_id]).await;
        let seen = self.w.t.db.read(read).await.unwrap();
        seen.into_iter().find(|seen| seen.key == key).unwrap()
    }

    /// Now, and by each day something more.
    async fn promised(&self, key: Key) -> (i64, Vec<i64>) {
        let seen = self.outlook(key).await;
        (
            seen.available,
            seen.by_date.iter().map(|by| by.available).collect(),
        )
    }
}

#[test]
fn five_now_and_ten_more_by_the_day_they_are_due_which_may_slip() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 5).await;
        let order = f.expect("PO-1", f.hubin, 10, &[(f.serum, 10)]).await.unwrap();
        let seen = f.outlook(key).await;
        assert_eq!((seen.available, seen.by_date.len()), (5, 1));
        assert_eq!((seen.by(f.day(9).await), seen.by(order.summary.due_at)), (5, 15));
        assert_eq!(f.w.level(key).await.expected, 10);
        assert_eq!(f.w.available(key).await, 5, "what is due is nobody's yet");

        let later = SupplyChange {
            due_at: Some(f.day(20).await),
            note: Some("the ship is late".into()),
            ..SupplyChange::default()
        };
        let stock = &f.w.stock;
        let slipped = stock
            .supply_change(&system(), order.summary.id, later)
            .await
            .unwrap();
        assert_eq!(
            (slipped.summary.slips, slipped.summary.first_due_at),
            (1, order.summary.due_at)
        );
        let step = slipped.steps.last().unwrap();
        assert_eq!(
            (step.kind, step.due_before),
            (SupplyStepKind::Slipped, Some(order.summary.due_at))
        );
        assert_eq!(f.outlook(key).await.by(f.day(15).await), 5);
        assert_eq!(f.outlook(key).await.by(slipped.summary.due_at), 15);

        let list = stock
            .supply_list(
                &system(),
                SupplyFilter {
                    sku: Some(f.serum),
                    ..SupplyFilter::default()
                },
                None,
                PageSize::new(None).unwrap(),
            )
            .await
            .unwrap();
        assert_eq!((list.items.len(), list.items[0].due), (1, 10));
    });
}

#[test]
fn what_arrives_is_on_the_book_and_not_due_any_more() {
    floors(async |f: Floor| {
        let (serum, lipstick) = (Key::new(f.serum, f.hubin), Key::new(f.lipstick, f.hubin));
        let order = f
            .expect("PO-1", f.hubin, 3, &[(f.serum, 10), (f.lipstick, 4)])
            .await;
        let (id, stock) = (order.unwrap().summary.id, &f.w.stock);
        let some = SupplyArrival {
            lines: pieces(&[(f.serum, 6)]),
            ..SupplyArrival::default()
        };
        let partly = stock.supply_receive(&system(), id, some).await.unwrap();
        assert_eq!(
            (partly.summary.state, partly.summary.due),
            (SupplyState::Expected, 8)
        );
        assert_eq!(f.promised(serum).await, (6, vec![10]));
        assert_eq!(f.promised(lipstick).await, (0, vec![4]));
        // More may come than was expected, and the rest may not come at all.
        let rest = SupplyArrival {
            lines: pieces(&[(f.serum, 5)]),
            last: true,
            ..SupplyArrival::default()
        };
        let over = stock.supply_receive(&system(), id, rest).await.unwrap();
        assert_eq!((over.summary.state, over.summary.due), (SupplyState::Received, 0));
        assert_eq!(f.promised(serum).await, (11, vec![]));
        assert_eq!(f.promised(lipstick).await, (0, vec![]));
        let of = MovementFilter {
            source: Some(id.to_string()),
            ..MovementFilter::default()
        };
        let booked = stock
            .movement_list(&system(), of, None, PageSize::new(None).unwrap())
            .await
            .unwrap();
        assert_eq!(booked.items.iter().map(|m| m.quantity).sum::<i64>(), 11);
        let again = stock
            .supply_receive(&system(), id, SupplyArrival::default())
            .await;
        refused(again, &SUPPLY_OVER);
        f.w.adds_up().await;
    });
}

#[test]
fn goods_on_the_road_between_places_are_due_and_may_slip() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.warehouse, 20).await;
        let key = f.stocked(f.serum, f.hubin, 1).await;
        let wish = f.wish(f.warehouse, f.hubin, &[(f.serum, 6)]).await.unwrap();
        let (id, stock) = (wish.summary.id, &f.w.stock);
        stock.transfer_approve(&system(), id, Vec::new()).await.unwrap();
        assert_eq!(f.promised(key).await, (1, vec![]), "it has not left");
        stock.transfer_pick(&system(), id, Vec::new()).await.unwrap();
        let sent = stock.transfer_ship(&system(), id, None).await.unwrap();
        let due = sent.summary.due_at.unwrap();
        assert_eq!(f.promised(key).await, (1, vec![7]));
        let dues = stock.due_list(&system(), f.serum, Some(f.hubin)).await.unwrap();
        assert_eq!(
            (dues.len(), dues[0].kind, dues[0].due_at),
            (1, DueKind::Transfer, due)
        );
        let late = f.day(9).await;
        let slipped = stock.transfer_due_set(&system(), id, late).await.unwrap();
        assert_eq!(slipped.summary.due_at, Some(late));
        assert_eq!(f.outlook(key).await.by(due), 1);
        let past = f.w.t.db.now().await.unwrap();
        refused(
            stock.transfer_due_set(&system(), id, past).await,
            &codes::INVALID_INPUT,
        );
        stock
            .transfer_receive(&system(), id, Vec::new(), None)
            .await
            .unwrap();
        assert_eq!(f.promised(key).await, (7, vec![]));
    });
}

#[test]
fn what_cannot_be_meant_is_refused() {
    floors(async |f: Floor| {
        let order = f.expect("PO-1", f.hubin, 3, &[(f.serum, 10)]).await.unwrap();
        refused(
            f.expect(" PO-1 ", f.hubin, 3, &[(f.serum, 10)]).await,
            &SUPPLY_KNOWN,
        );
        f.expect("PO-1", f.wulin, 3, &[(f.serum, 10)]).await.unwrap();
        for (reference, day, lines) in [
            ("", 3, vec![(f.serum, 1)]),
            ("PO-2", 0, vec![(f.serum, 1)]),
            ("PO-2", 900, vec![(f.serum, 1)]),
            ("PO-2", 3, vec![]),
            ("PO-2", 3, vec![(f.serum, 0)]),
            ("PO-2", 3, vec![(f.serum, 1), (f.serum, 2)]),
        ] {
            let told = f.expect(reference, f.hubin, day, &lines).await;
            refused(told, &codes::INVALID_INPUT);
        }
        refused(f.expect("PO-2", f.hubin, 3, &[(f.wrapping, 1)]).await, &UNTRACKED);
        let (stock, id) = (&f.w.stock, order.summary.id);
        let some = SupplyArrival {
            lines: pieces(&[(f.serum, 6)]),
            ..SupplyArrival::default()
        };
        stock.supply_receive(&system(), id, some).await.unwrap();
        let fewer = SupplyChange {
            lines: pieces(&[(f.serum, 5)]),
            ..SupplyChange::default()
        };
        let told = stock.supply_change(&system(), id, fewer.clone()).await;
        refused(told, &SUPPLY_FEWER_THAN_ARRIVED);
        let elsewhere = colleague(&[f.wulin]);
        refused(
            stock.supply_change(&elsewhere, id, fewer).await,
            &codes::FORBIDDEN,
        );
        refused(
            stock
                .supply_receive(&elsewhere, id, SupplyArrival::default())
                .await,
            &codes::FORBIDDEN,
        );
        let gone = stock.supply_cancel(&system(), id, false, None).await.unwrap();
        assert_eq!(
            (gone.summary.state, gone.summary.due),
            (SupplyState::Cancelled, 0)
        );
        refused(
            stock.supply_cancel(&system(), id, false, None).await,
            &SUPPLY_OVER,
        );
    });
}
