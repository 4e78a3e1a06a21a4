//! Transfers, each case by its name, on each engine.

use base::{Ctx, PageSize, PlaceId, Result, SkuId};
use stock::{
    CountWish, GoodsOnTheRoad, INSUFFICIENT, Key, MovementFilter, MovementKind, NewTransfer, Outcome, Picks,
    Received, Settled, ShortReason, StepKind, TRANSFER_GOODS_ON_THE_ROAD, TRANSFER_ILLEGAL_STEP,
    TRANSFER_MORE_THAN_SENT, TRANSFER_REASON_NEEDED, Transfer, TransferDirection, TransferFilter,
    TransferQuantity, TransferState, UNTRACKED,
};

use crate::common::{refused, system};
use crate::floor::{Floor, colleague, floors};

fn pieces(lines: &[(SkuId, i64)]) -> Vec<TransferQuantity> {
    lines
        .iter()
        .map(|(sku_id, quantity)| TransferQuantity {
            sku_id: *sku_id,
            quantity: *quantity,
        })
        .collect()
}

impl Floor {
    pub(crate) async fn wish(&self, from: PlaceId, to: PlaceId, lines: &[(SkuId, i64)]) -> Result<Transfer> {
        self.wish_of(&system(), from, to, lines).await
    }

    async fn wish_of(
        &self,
        ctx: &Ctx,
        from: PlaceId,
        to: PlaceId,
        lines: &[(SkuId, i64)],
    ) -> Result<Transfer> {
        let new = NewTransfer {
            from_place_id: from,
            to_place_id: to,
            lines: pieces(lines),
            note: None,
        };
        self.w.stock.transfer_request(ctx, new).await
    }

    /// Serum on its way from the warehouse to Hubin.
    async fn on_its_way(&self, quantity: i64) -> Transfer {
        let wish = self
            .wish(self.warehouse, self.hubin, &[(self.serum, quantity)])
            .await
            .unwrap();
        let (stock, id) = (&self.w.stock, wish.summary.id);
        stock.transfer_approve(&system(), id, Vec::new()).await.unwrap();
        stock.transfer_pick(&system(), id, Vec::new()).await.unwrap();
        stock
            .transfer_ship(&system(), id, Some("lorry 7".into()))
            .await
            .unwrap()
    }

    /// On hand, reserved, quarantined, in transit.
    async fn figures(&self, key: Key) -> (i64, i64, i64, i64) {
        let level = self.w.level(key).await;
        (level.on_hand, level.reserved, level.quarantined, level.in_transit)
    }
}

#[test]
fn leaves_a_when_shipped_and_arrives_at_b_when_received() {
    floors(async |f: Floor| {
        let from = f.stocked(f.serum, f.warehouse, 20).await;
        let to = f.stocked(f.serum, f.hubin, 1).await;
        let stock = &f.w.stock;
        let wish = f
            .wish(f.warehouse, f.hubin, &[(f.serum, 6), (f.serum, 4)])
            .await
            .unwrap();
        let id = wish.summary.id;
        assert_eq!((wish.lines.len(), wish.lines[0].requested), (1, 10));
        assert_eq!(f.figures(from).await, (20, 0, 0, 0));

        // Agreed to, it cannot be sold to anybody else.
        stock.transfer_approve(&system(), id, Vec::new()).await.unwrap();
        assert_eq!(f.figures(from).await, (20, 10, 0, 0));
        refused(f.w.hold("order", &[(from, 11)], None).await, &INSUFFICIENT);
        stock.transfer_pick(&system(), id, Vec::new()).await.unwrap();
        let sent = stock.transfer_ship(&system(), id, None).await.unwrap();
        assert_eq!(
            (sent.summary.state, sent.summary.on_the_road),
            (TransferState::Shipped, 10)
        );
        assert_eq!(f.figures(from).await, (10, 0, 0, 0));
        assert_eq!(f.figures(to).await, (1, 0, 0, 10));
        f.w.adds_up().await;

        let there = stock
            .transfer_receive(&system(), id, Vec::new(), None)
            .await
            .unwrap();
        assert_eq!(there.summary.state, TransferState::Received);
        assert_eq!(f.figures(to).await, (11, 0, 0, 0));
        let steps: Vec<_> = there.steps.iter().map(|step| step.kind).collect();
        assert_eq!(
            steps,
            [
                StepKind::Requested,
                StepKind::Approved,
                StepKind::Picked,
                StepKind::Shipped,
                StepKind::Received
            ]
        );
        let filter = MovementFilter {
            source: Some(id.to_string()),
            ..MovementFilter::default()
        };
        let size = PageSize::new(None).unwrap();
        let ledger = stock.movement_list(&system(), filter, None, size).await.unwrap();
        let mut kinds: Vec<_> = ledger.items.iter().map(|m| (m.kind, m.quantity)).collect();
        kinds.reverse();
        assert_eq!(
            kinds,
            [
                (MovementKind::TransferOut, -10),
                (MovementKind::InTransit, 10),
                (MovementKind::TransferIn, 10)
            ]
        );
        f.w.adds_up().await;
    });
}

#[test]
fn partial_receipt_8_of_10_records_a_discrepancy_and_what_becomes_of_the_2() {
    floors(async |f: Floor| {
        for (outcome, sender, receiver) in [
            (Outcome::Lost, (0, 0, 0, 0), (8, 0, 0, 0)),
            (Outcome::Found, (0, 0, 0, 0), (10, 0, 0, 0)),
            (Outcome::Damaged, (0, 0, 0, 0), (10, 0, 2, 0)),
            (Outcome::NeverLeft, (2, 0, 0, 0), (8, 0, 0, 0)),
        ] {
            let (from, to) = (Key::new(f.serum, f.warehouse), Key::new(f.serum, f.hubin));
            let before = if outcome == Outcome::Lost {
                ((0, 0, 0, 0), (0, 0, 0, 0))
            } else {
                (f.figures(from).await, f.figures(to).await)
            };
            f.w.receive(from, 10).await;
            let (stock, id) = (&f.w.stock, f.on_its_way(10).await.summary.id);
            let eight = |reason| {
                vec![Received {
                    sku_id: f.serum,
                    arrived: 8,
                    damaged: 0,
                    reason,
                }]
            };
            let system = system();
            let receive = async |found| stock.transfer_receive(&system, id, found, None).await;
            refused(receive(eight(None)).await, &TRANSFER_REASON_NEEDED);
            let short = receive(eight(Some(ShortReason::NotPacked))).await.unwrap();
            assert_eq!(
                (short.summary.state, short.summary.on_the_road),
                (TransferState::Short, 2)
            );
            let [gap] = short.discrepancies[..] else {
                unreachable!("{:?}", short.discrepancies)
            };
            assert_eq!(
                (gap.sent, gap.missing, gap.reason),
                (10, 2, Some(ShortReason::NotPacked))
            );
            refused(receive(Vec::new()).await, &TRANSFER_ILLEGAL_STEP);
            f.w.adds_up().await;

            let settle = vec![Settled {
                sku_id: f.serum,
                quantity: 2,
                outcome,
            }];
            let done = stock.transfer_settle(&system, id, settle, None).await.unwrap();
            assert_eq!(done.summary.state, TransferState::Received);
            let plus = |a: (i64, i64, i64, i64), b: (i64, i64, i64, i64)| {
                (a.0 + b.0, a.1 + b.1, a.2 + b.2, a.3 + b.3)
            };
            assert_eq!(f.figures(from).await, plus(before.0, sender), "{outcome}");
            assert_eq!(f.figures(to).await, plus(before.1, receiver), "{outcome}");
            f.w.adds_up().await;
        }
    });
}

#[test]
fn broken_on_arrival_is_set_aside_and_not_sold() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.warehouse, 10).await;
        let id = f.on_its_way(10).await.summary.id;
        let found = vec![Received {
            sku_id: f.serum,
            arrived: 7,
            damaged: 3,
            reason: None,
        }];
        let there =
            f.w.stock
                .transfer_receive(&system(), id, found, None)
                .await
                .unwrap();
        assert_eq!(there.summary.state, TransferState::Received);
        let to = Key::new(f.serum, f.hubin);
        assert_eq!(f.figures(to).await, (10, 0, 3, 0));
        assert_eq!(f.w.available(to).await, 7);
        f.w.adds_up().await;
    });
}

#[test]
fn more_than_was_sent_cannot_arrive() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.warehouse, 20).await;
        let id = f.on_its_way(10).await.summary.id;
        let found = vec![Received {
            sku_id: f.serum,
            arrived: 11,
            damaged: 0,
            reason: None,
        }];
        let outcome = f.w.stock.transfer_receive(&system(), id, found, None).await;
        refused(outcome, &TRANSFER_MORE_THAN_SENT);
        assert_eq!(f.figures(Key::new(f.serum, f.hubin)).await, (0, 0, 0, 10));
    });
}

#[test]
fn cancelled_before_it_left_everything_is_free_again() {
    floors(async |f: Floor| {
        let from = f.stocked(f.serum, f.warehouse, 10).await;
        let stock = &f.w.stock;
        for stage in 0..3 {
            let id = f
                .wish(f.warehouse, f.hubin, &[(f.serum, 10)])
                .await
                .unwrap()
                .summary
                .id;
            if stage > 0 {
                stock.transfer_approve(&system(), id, Vec::new()).await.unwrap();
            }
            if stage > 1 {
                stock.transfer_pick(&system(), id, Vec::new()).await.unwrap();
            }
            let gone = stock
                .transfer_cancel(&system(), id, None, Some("wrong".into()))
                .await
                .unwrap();
            assert_eq!(gone.summary.state, TransferState::Cancelled);
            assert_eq!(f.figures(from).await, (10, 0, 0, 0));
            let again = stock.transfer_cancel(&system(), id, None, None).await;
            refused(again, &TRANSFER_ILLEGAL_STEP);
            refused(
                stock.transfer_ship(&system(), id, None).await,
                &TRANSFER_ILLEGAL_STEP,
            );
        }
        f.w.adds_up().await;
    });
}

#[test]
fn cancel_in_transit_asks_write_off_or_return() {
    floors(async |f: Floor| {
        let from = f.stocked(f.serum, f.warehouse, 10).await;
        let (stock, to) = (&f.w.stock, Key::new(f.serum, f.hubin));
        let id = f.on_its_way(4).await.summary.id;
        let asked = stock.transfer_cancel(&system(), id, None, None).await;
        refused(asked, &TRANSFER_GOODS_ON_THE_ROAD);
        // Only whoever answers for the goods may decide; the receiver does not.
        let receiver = colleague(&[f.hubin]);
        let back = Some(GoodsOnTheRoad::Return);
        refused(
            stock.transfer_cancel(&receiver, id, back, None).await,
            &base::codes::FORBIDDEN,
        );
        stock.transfer_cancel(&system(), id, back, None).await.unwrap();
        assert_eq!(f.figures(from).await, (6, 0, 0, 4));
        assert_eq!(f.figures(to).await, (0, 0, 0, 0));
        // It arrives where it came from, and only there.
        refused(
            stock.transfer_receive(&receiver, id, Vec::new(), None).await,
            &base::codes::FORBIDDEN,
        );
        let done = stock
            .transfer_receive(&system(), id, Vec::new(), None)
            .await
            .unwrap();
        assert_eq!(done.summary.state, TransferState::Returned);
        assert_eq!(f.figures(from).await, (10, 0, 0, 0));

        let id = f.on_its_way(4).await.summary.id;
        let gone = Some(GoodsOnTheRoad::WriteOff);
        let done = stock.transfer_cancel(&system(), id, gone, None).await.unwrap();
        assert_eq!(
            (done.summary.state, done.lines[0].lost),
            (TransferState::WrittenOff, 4)
        );
        assert_eq!(f.figures(from).await, (6, 0, 0, 0));
        assert_eq!(f.figures(to).await, (0, 0, 0, 0));
        f.w.adds_up().await;
    });
}

#[test]
fn agreed_to_in_part_and_packed_in_part_frees_the_rest() {
    floors(async |f: Floor| {
        let serum = f.stocked(f.serum, f.warehouse, 10).await;
        let lipstick = f.stocked(f.lipstick, f.warehouse, 3).await;
        let stock = &f.w.stock;
        let wish = [(f.serum, 8), (f.lipstick, 5)];
        let id = f.wish(f.warehouse, f.hubin, &wish).await.unwrap().summary.id;
        // Five lipsticks are not there, and then nothing is kept at all.
        let all = stock.transfer_approve(&system(), id, Vec::new()).await;
        let refusal = refused(all, &INSUFFICIENT);
        assert_eq!(refusal.facts()["available"], 3);
        assert_eq!(f.figures(serum).await, (10, 0, 0, 0));
        let some = pieces(&[(f.serum, 8), (f.lipstick, 3)]);
        stock.transfer_approve(&system(), id, some).await.unwrap();
        assert_eq!(f.figures(lipstick).await, (3, 3, 0, 0));
        let packed = pieces(&[(f.serum, 7)]);
        stock.transfer_pick(&system(), id, packed).await.unwrap();
        assert_eq!(f.figures(serum).await, (10, 7, 0, 0));
        assert_eq!(f.figures(lipstick).await, (3, 0, 0, 0));
        let sent = stock.transfer_ship(&system(), id, None).await.unwrap();
        assert_eq!((sent.summary.sent, sent.summary.requested), (7, 13));
        stock
            .transfer_receive(&system(), id, Vec::new(), None)
            .await
            .unwrap();
        assert_eq!(f.figures(Key::new(f.serum, f.hubin)).await, (7, 0, 0, 0));
        f.w.adds_up().await;
    });
}

#[test]
fn packed_for_a_transfer_is_not_missing_from_the_shelf() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.warehouse, 10).await;
        let stock = &f.w.stock;
        let id = f
            .wish(f.warehouse, f.hubin, &[(f.serum, 4)])
            .await
            .unwrap()
            .summary
            .id;
        let wish = CountWish::Place;
        let sheet = f.sheet(&system(), f.warehouse, wish, false).await.unwrap().id;
        let counted = async |n| {
            let found = f.take(&system(), sheet, &[(f.serum, n)], Picks::default()).await;
            found.unwrap().remove(0).variance
        };
        assert_eq!(counted(6).await, Some(-4));
        stock.transfer_approve(&system(), id, Vec::new()).await.unwrap();
        assert_eq!((counted(6).await, counted(10).await), (Some(0), Some(0)));
        stock.transfer_pick(&system(), id, Vec::new()).await.unwrap();
        assert_eq!((counted(6).await, counted(10).await), (Some(0), Some(4)));
        stock.transfer_ship(&system(), id, None).await.unwrap();
        assert_eq!((counted(6).await, counted(5).await), (Some(0), Some(-1)));
    });
}

#[test]
fn each_place_does_its_own_part() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.warehouse, 10).await;
        let (sender, receiver) = (colleague(&[f.warehouse]), colleague(&[f.hubin]));
        let stranger = colleague(&[f.wulin]);
        let stock = &f.w.stock;
        let forbidden = &base::codes::FORBIDDEN;
        let wish = [(f.serum, 2)];
        refused(f.wish_of(&stranger, f.warehouse, f.hubin, &wish).await, forbidden);
        let id = f
            .wish_of(&receiver, f.warehouse, f.hubin, &wish)
            .await
            .unwrap()
            .summary
            .id;
        refused(stock.transfer_get(&stranger, id).await, forbidden);
        refused(stock.transfer_approve(&receiver, id, Vec::new()).await, forbidden);
        stock.transfer_approve(&sender, id, Vec::new()).await.unwrap();
        refused(stock.transfer_pick(&receiver, id, Vec::new()).await, forbidden);
        stock.transfer_pick(&sender, id, Vec::new()).await.unwrap();
        stock.transfer_ship(&sender, id, None).await.unwrap();
        refused(
            stock.transfer_receive(&sender, id, Vec::new(), None).await,
            forbidden,
        );

        let list = async |ctx: &Ctx, direction| {
            let filter = TransferFilter {
                direction,
                ..TransferFilter::default()
            };
            let size = PageSize::new(None).unwrap();
            stock
                .transfer_list(ctx, filter, None, size)
                .await
                .unwrap()
                .items
                .len()
        };
        let (out, to) = (Some(TransferDirection::Out), Some(TransferDirection::In));
        assert_eq!((list(&sender, out).await, list(&sender, to).await), (1, 0));
        assert_eq!((list(&receiver, out).await, list(&receiver, to).await), (0, 1));
        assert_eq!((list(&receiver, None).await, list(&stranger, None).await), (1, 0));
        stock
            .transfer_receive(&receiver, id, Vec::new(), None)
            .await
            .unwrap();
    });
}

#[test]
fn what_cannot_be_sent_is_refused() {
    floors(async |f: Floor| {
        let stock = &f.w.stock;
        refused(f.wish(f.warehouse, f.hubin, &[(f.wrapping, 1)]).await, &UNTRACKED);
        let invalid = &base::codes::INVALID_INPUT;
        refused(f.wish(f.hubin, f.hubin, &[(f.serum, 1)]).await, invalid);
        refused(f.wish(f.warehouse, f.hubin, &[(f.serum, 0)]).await, invalid);
        refused(f.wish(f.warehouse, f.hubin, &[]).await, invalid);
        let not_found = &base::codes::NOT_FOUND;
        refused(f.wish(PlaceId::new(), f.hubin, &[(f.serum, 1)]).await, not_found);
        refused(
            f.wish(f.warehouse, f.hubin, &[(SkuId::new(), 1)]).await,
            not_found,
        );
        let id = f
            .wish(f.warehouse, f.hubin, &[(f.serum, 1)])
            .await
            .unwrap()
            .summary
            .id;
        refused(
            stock
                .transfer_approve(&system(), id, pieces(&[(f.lipstick, 1)]))
                .await,
            not_found,
        );
    });
}
