//! What must hold after every step, and when it is all over.

use orders::OrderState;
use payments::PaymentState;

use super::reference::{Grid, KEPT_UNPAID, Stage, cells};
use super::{Books, Play};

impl Play<'_> {
    /// Every order comes to an end from wherever it stands, and nothing is kept for anybody then.
    pub(crate) async fn end(&mut self) {
        for nth in 0..self.model.orders.len() {
            match self.model.orders[nth].stage {
                Stage::Unpaid(_) | Stage::Undecided => self.cancel(nth).await,
                Stage::Paid => self.hand_out(nth).await,
                Stage::Out | Stage::Over => {}
            }
        }
        self.w.t.clock.advance(KEPT_UNPAID);
        self.w.flows.step().await.unwrap();
        self.check().await;
        assert_eq!(self.books().await.reserved, Grid::default());
        for known in &self.model.orders {
            let state = self.w.see(known.placed.id).await.state;
            let is_over = state.goods_went_out()
                || matches!(state, OrderState::Cancelled | OrderState::Expired)
                || (state == OrderState::NeedsDecision && known.refunded == known.captured);
            assert!(is_over, "{state:?} {:?}", known.stage);
        }
    }

    pub(crate) async fn check(&self) {
        let now = self.now().await;
        let wanted = Books {
            on_hand: self.model.on_hand,
            broken: self.model.broken,
            reserved: self.model.reserved(now),
            available: self.model.available(now),
        };
        assert_eq!(self.books().await, wanted);
        let is_enough = |(place, sku): (usize, usize)| wanted.available[place][sku] >= 0;
        assert!(cells().all(is_enough), "{wanted:?}");
    }

    /// What was paid and paid back, of every order.
    pub(crate) async fn check_money(&self) {
        for known in &self.model.orders {
            let seen = self.w.see(known.placed.id).await;
            let refunded: i64 = seen.payments.iter().map(|p| p.refunded.amount_minor).sum();
            assert_eq!(refunded, known.refunded, "{:?}", known.stage);
            let moved = |state| {
                matches!(
                    state,
                    PaymentState::Captured | PaymentState::PartlyRefunded | PaymentState::Refunded
                )
            };
            let paid = seen.payments.iter().filter(|p| moved(p.state));
            let captured: i64 = paid.map(|p| p.amount.amount_minor).sum();
            assert_eq!(captured, known.captured, "{:?}", known.stage);
        }
        self.w.books_balance().await;
    }
}
