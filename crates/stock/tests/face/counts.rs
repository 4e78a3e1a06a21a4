//! Counts, each case by its name, on each engine.

use std::collections::HashMap;
use std::time::Duration;

use base::{CountId, Ctx, PageSize, PlaceId, Result, SkuId};
use stock::{
    COUNT_EMPTY, COUNT_FOUR_EYES, COUNT_ILLEGAL_STEP, COUNT_REASON_NEEDED, COUNT_UNCOUNTED, Count,
    CountFilter, CountLine, CountReason, CountState, CountWish, Counted, Key, Movement, MovementFilter,
    MovementKind, NewCount, NewMovement, Picks, Reasoned, UNTRACKED,
};

use crate::common::{refused, system};
use crate::floor::{Floor, colleague, floors};

const MINUTE: Duration = Duration::from_secs(60);

impl Floor {
    pub(crate) async fn sheet(
        &self,
        ctx: &Ctx,
        place: PlaceId,
        wish: CountWish,
        blind: bool,
    ) -> Result<Count> {
        let new = NewCount {
            place_id: place,
            wish,
            blind,
            note: None,
        };
        self.w.stock.count_create(ctx, new).await
    }

    /// A sheet of one SKU.
    async fn sheet_of(&self, key: Key) -> CountId {
        let wish = CountWish::Skus(vec![key.sku_id]);
        self.sheet(&system(), key.place_id, wish, false).await.unwrap().id
    }

    pub(crate) async fn take(
        &self,
        ctx: &Ctx,
        id: CountId,
        found: &[(SkuId, i64)],
        picks: Picks,
    ) -> Result<Vec<CountLine>> {
        let found: Vec<Counted> = found
            .iter()
            .map(|(sku_id, counted)| Counted {
                sku_id: *sku_id,
                counted: *counted,
            })
            .collect();
        let (stock, ctx) = (self.w.stock.clone(), ctx.clone());
        self.w
            .t
            .db
            .write(async move |tx: &db::Tx| stock.count_take_in(tx, &ctx, id, &found, &picks).await)
            .await
    }

    /// Counts one SKU while nobody picks.
    async fn found(&self, id: CountId, sku: SkuId, counted: i64) -> CountLine {
        let lines = self
            .take(&system(), id, &[(sku, counted)], Picks::default())
            .await;
        lines.unwrap().remove(0)
    }

    async fn submit(&self, id: CountId) -> Result<Count> {
        self.w.stock.count_submit(&system(), id, Vec::new(), false).await
    }

    async fn lines(&self, id: CountId) -> Vec<CountLine> {
        let size = PageSize::new(None).unwrap();
        let page = self.w.stock.count_line_list(&system(), id, None, size).await;
        page.unwrap().items
    }

    /// The entries a sheet has written.
    async fn entries(&self, id: CountId) -> Vec<Movement> {
        let filter = MovementFilter {
            source: Some(id.to_string()),
            ..MovementFilter::default()
        };
        let size = PageSize::new(None).unwrap();
        let page = self.w.stock.movement_list(&system(), filter, None, size).await;
        page.unwrap().items
    }

    async fn sell(&self, key: Key, quantity: i64, occurred_at: Option<base::Time>) -> Vec<Movement> {
        let sale = NewMovement {
            occurred_at,
            ..NewMovement::new(MovementKind::Sale, key.sku_id, key.place_id, quantity)
        };
        self.w.record(sale).await.unwrap()
    }
}

fn of(sku: SkuId, quantity: i64) -> HashMap<SkuId, i64> {
    HashMap::from([(sku, quantity)])
}

#[test]
fn counted_9_system_10_one_pick_in_progress_no_false_variance() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        for picks in [
            // Somebody carries it to the counter.
            Picks {
                picking: of(f.serum, 1),
                ..Picks::default()
            },
            // It lies packed on the pickup shelf.
            Picks {
                picked: of(f.serum, 1),
                ..Picks::default()
            },
        ] {
            let id = f.sheet_of(key).await;
            let line = f
                .take(&system(), id, &[(f.serum, 9)], picks)
                .await
                .unwrap()
                .remove(0);
            assert_eq!(line.variance, Some(0), "{line:?}");
            assert_eq!(f.submit(id).await.unwrap().state, CountState::Posted);
            assert_eq!(f.entries(id).await, []);
            assert_eq!(f.on_hand(key).await, 10);
        }
        f.w.adds_up().await;
    });
}

#[test]
fn what_a_pick_does_not_explain_is_missing() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        let id = f.sheet_of(key).await;
        let picks = Picks {
            picking: of(f.serum, 1),
            picked: of(f.serum, 2),
        };
        let line = f
            .take(&system(), id, &[(f.serum, 6)], picks)
            .await
            .unwrap()
            .remove(0);
        assert_eq!((line.expected, line.variance), (Some(8), Some(-1)));
        f.submit(id).await.unwrap();
        assert_eq!(f.on_hand(key).await, 9);
        f.w.adds_up().await;
    });
}

#[test]
fn selling_and_receiving_between_the_count_and_the_posting_make_no_difference() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        let id = f.sheet_of(key).await;
        f.found(id, f.serum, 9).await;
        f.w.t.clock.advance(MINUTE);
        f.sell(key, 3, None).await;
        f.w.receive(key, 5).await;
        f.w.t.clock.advance(MINUTE);
        let count = f.submit(id).await.unwrap();
        assert_eq!(
            (count.state, count.differing, count.missing, count.surplus),
            (CountState::Posted, Some(1), Some(1), Some(0))
        );
        assert_eq!(f.on_hand(key).await, 10 - 3 + 5 - 1);
        // The entry says when it was seen and when it was written.
        let entry = f.entries(id).await.remove(0);
        assert_eq!((entry.kind, entry.quantity), (MovementKind::Count, -1));
        assert_eq!(entry.recorded_at.since(entry.occurred_at), 2 * MINUTE);
        assert_eq!(entry.reason.as_deref(), Some("unexplained"));
        f.w.adds_up().await;
    });
}

#[test]
fn quarantined_pieces_are_not_looked_for() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        f.w.record(NewMovement::new(MovementKind::Quarantine, f.serum, f.hubin, 4))
            .await
            .unwrap();
        let id = f.sheet_of(key).await;
        assert_eq!(f.found(id, f.serum, 6).await.variance, Some(0));
    });
}

#[test]
fn sale_at_23_59_synced_after_the_count_keeps_both_times_and_does_not_falsify_the_count() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        let sold_at = f.w.t.db.now().await.unwrap();
        f.w.t.clock.advance(MINUTE);
        let id = f.sheet_of(key).await;
        // The till that sold one is offline: the book still says 10.
        assert_eq!(f.found(id, f.serum, 9).await.variance, Some(-1));
        f.submit(id).await.unwrap();
        assert_eq!(f.on_hand(key).await, 9);

        f.w.t.clock.advance(MINUTE);
        let written = f.sell(key, 1, Some(sold_at)).await;
        let effects: Vec<_> = written.iter().map(|m| (m.kind, m.quantity)).collect();
        assert_eq!(effects, [(MovementKind::Sale, -1), (MovementKind::Count, 1)]);
        assert_eq!(written[0].occurred_at, sold_at);
        assert_eq!(written[0].recorded_at.since(sold_at), 2 * MINUTE);
        assert_eq!(written[1].source, Some(id.to_string()));
        assert_eq!(f.on_hand(key).await, 9);
        f.w.adds_up().await;
    });
}

#[test]
fn a_sale_told_late_explains_a_count_not_yet_posted() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        let sold_at = f.w.t.db.now().await.unwrap();
        f.w.t.clock.advance(MINUTE);
        let id = f.sheet_of(key).await;
        assert_eq!(f.found(id, f.serum, 9).await.variance, Some(-1));
        f.sell(key, 1, Some(sold_at)).await;
        let line = f.lines(id).await.remove(0);
        assert_eq!(
            (line.expected, line.late, line.variance),
            (Some(9), Some(-1), Some(0))
        );
        f.submit(id).await.unwrap();
        assert_eq!(f.on_hand(key).await, 9);
        // What happens after the count is not told to it.
        f.w.t.clock.advance(MINUTE);
        let now = f.w.t.db.now().await.unwrap();
        f.sell(key, 2, Some(now)).await;
        assert_eq!(f.on_hand(key).await, 7);
        f.w.adds_up().await;
    });
}

#[test]
fn two_sheets_of_one_shelf_take_off_one_missing_piece_once() {
    floors(async |f: Floor| {
        for (first, second) in [(0, 1), (1, 0)] {
            let key = Key::new(if first == 0 { f.serum } else { f.lipstick }, f.hubin);
            f.w.receive(key, 10).await;
            let mut ids = Vec::new();
            for _ in 0..2 {
                f.w.t.clock.advance(MINUTE);
                let id = f.sheet_of(key).await;
                f.found(id, key.sku_id, 9).await;
                ids.push(id);
            }
            // Whichever is handed in first.
            f.submit(ids[first]).await.unwrap();
            assert_eq!(f.on_hand(key).await, 9);
            f.submit(ids[second]).await.unwrap();
            assert_eq!(f.on_hand(key).await, 9);
        }
        f.w.adds_up().await;
    });
}

#[test]
fn a_count_below_what_is_promised_names_those_it_disappoints() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 4).await;
        f.w.hold("order-1", &[(key, 3)], None).await.unwrap();
        let id = f.sheet_of(key).await;
        f.found(id, f.serum, 1).await;
        f.submit(id).await.unwrap();
        let level = f.w.level(key).await;
        assert_eq!((level.on_hand, level.reserved, level.shortfall), (1, 3, 2));
        assert!(f.w.told().await.contains(&"stock.shortfall_raised.v1".to_owned()));
        f.w.adds_up().await;
    });
}

#[test]
fn a_blind_sheet_keeps_its_figures_until_it_is_handed_in() {
    floors(async |f: Floor| {
        let key = f.stocked(f.perfume, f.hubin, 3).await;
        let wish = CountWish::Skus(vec![f.perfume]);
        let id = f.sheet(&system(), f.hubin, wish, true).await.unwrap().id;
        let line = f.found(id, f.perfume, 2).await;
        assert_eq!(
            (line.counted, line.expected, line.variance),
            (Some(2), None, None)
        );
        let seen = f.w.stock.count_get(&system(), id).await.unwrap();
        assert_eq!((seen.counted, seen.differing, seen.missing), (1, None, None));
        // One bottle is worth more than the limit.
        let count = f.submit(id).await.unwrap();
        assert_eq!((count.state, count.missing), (CountState::Review, Some(1)));
        let line = f.lines(id).await.remove(0);
        assert_eq!((line.expected, line.variance), (Some(3), Some(-1)));
        assert_eq!(line.value.unwrap().amount_minor, -100_000);
        assert_eq!(f.on_hand(key).await, 3);
    });
}

#[test]
fn a_large_difference_waits_for_somebody_else_with_a_reason() {
    floors(async |f: Floor| {
        let key = f.stocked(f.lipstick, f.hubin, 20).await;
        let (anna, ben) = (colleague(&[f.hubin]), colleague(&[f.hubin]));
        let wish = CountWish::Skus(vec![f.lipstick]);
        let id = f.sheet(&anna, f.hubin, wish, false).await.unwrap().id;
        f.take(&anna, id, &[(f.lipstick, 10)], Picks::default())
            .await
            .unwrap();
        let stock = &f.w.stock;
        let count = stock.count_submit(&anna, id, Vec::new(), false).await.unwrap();
        assert_eq!(count.state, CountState::Review);
        assert_eq!(f.on_hand(key).await, 20);
        let open = CountFilter {
            state: Some(CountState::Review),
            ..CountFilter::default()
        };
        let size = PageSize::new(None).unwrap();
        assert_eq!(
            stock
                .count_list(&ben, open, None, size)
                .await
                .unwrap()
                .items
                .len(),
            1
        );

        let lost = || {
            vec![Reasoned {
                sku_id: f.lipstick,
                reason: CountReason::Lost,
            }]
        };
        refused(stock.count_approve(&anna, id, lost()).await, &COUNT_FOUR_EYES);
        refused(
            stock.count_approve(&ben, id, Vec::new()).await,
            &COUNT_REASON_NEEDED,
        );
        // Nobody may add to it while it is looked at.
        let more = f.take(&anna, id, &[(f.lipstick, 11)], Picks::default()).await;
        refused(more, &COUNT_ILLEGAL_STEP);

        // Counted once more, it is less.
        let count = stock.count_recount(&ben, id, Vec::new()).await.unwrap();
        assert_eq!((count.state, count.counted), (CountState::Open, 0));
        refused(
            stock.count_submit(&anna, id, Vec::new(), false).await,
            &COUNT_UNCOUNTED,
        );
        let line = f
            .take(&anna, id, &[(f.lipstick, 12)], Picks::default())
            .await
            .unwrap()
            .remove(0);
        assert_eq!((line.round, line.variance), (2, Some(-8)));
        stock.count_submit(&anna, id, lost(), false).await.unwrap();
        let count = stock.count_approve(&ben, id, Vec::new()).await.unwrap();
        assert_eq!(count.state, CountState::Posted);
        assert_eq!(f.on_hand(key).await, 12);
        assert_eq!(f.entries(id).await[0].reason.as_deref(), Some("lost"));
        refused(stock.count_cancel(&ben, id).await, &COUNT_ILLEGAL_STEP);
        f.w.adds_up().await;
    });
}

#[test]
fn a_cancelled_count_changes_nothing_and_hears_nothing() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        let before = f.w.t.db.now().await.unwrap();
        let id = f.sheet_of(key).await;
        f.found(id, f.serum, 2).await;
        f.w.stock.count_cancel(&system(), id).await.unwrap();
        refused(f.submit(id).await, &COUNT_ILLEGAL_STEP);
        assert_eq!(f.sell(key, 1, Some(before)).await.len(), 1);
        assert_eq!(f.on_hand(key).await, 9);
    });
}

#[test]
fn sheets_take_what_a_place_has_and_finds_join_them() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.hubin, 1).await;
        f.stocked(f.lipstick, f.hubin, 2).await;
        f.stocked(f.perfume, f.hubin, 3).await;
        f.stocked(f.perfume, f.wulin, 3).await;
        let sheet = async |place, wish| f.sheet(&system(), place, wish, false).await;
        // The lipstick is in a category below.
        assert_eq!(
            sheet(f.hubin, CountWish::Category(f.care)).await.unwrap().lines,
            2
        );
        assert_eq!(sheet(f.hubin, CountWish::Place).await.unwrap().lines, 3);
        refused(sheet(f.warehouse, CountWish::Place).await, &COUNT_EMPTY);
        refused(
            sheet(f.hubin, CountWish::Skus(vec![f.wrapping])).await,
            &UNTRACKED,
        );
        let unknown = CountWish::Skus(vec![SkuId::new()]);
        refused(sheet(f.hubin, unknown).await, &base::codes::NOT_FOUND);

        let id = sheet(f.wulin, CountWish::Place).await.unwrap().id;
        refused(
            f.take(&system(), id, &[(f.wrapping, 1)], Picks::default()).await,
            &UNTRACKED,
        );
        let found = f
            .take(&system(), id, &[(f.serum, 1), (f.serum, 1)], Picks::default())
            .await;
        assert_eq!(found.unwrap()[0].variance, Some(2));
        refused(f.submit(id).await, &COUNT_UNCOUNTED);
        let left =
            f.w.stock
                .count_submit(&system(), id, Vec::new(), true)
                .await
                .unwrap();
        assert_eq!((left.state, left.lines, left.counted), (CountState::Posted, 2, 1));
        assert_eq!(f.on_hand(Key::new(f.serum, f.wulin)).await, 2);
        assert_eq!(f.on_hand(Key::new(f.perfume, f.wulin)).await, 3);
        f.w.adds_up().await;
    });
}

#[test]
fn another_places_count_is_not_ones_own() {
    floors(async |f: Floor| {
        let key = f.stocked(f.serum, f.hubin, 10).await;
        let id = f.sheet_of(key).await;
        let stranger = colleague(&[f.wulin]);
        let stock = &f.w.stock;
        let forbidden = &base::codes::FORBIDDEN;
        refused(stock.count_get(&stranger, id).await, forbidden);
        refused(
            stock.count_submit(&stranger, id, Vec::new(), true).await,
            forbidden,
        );
        refused(stock.count_cancel(&stranger, id).await, forbidden);
        refused(
            f.sheet(&stranger, f.hubin, CountWish::Place, false).await,
            forbidden,
        );
    });
}
