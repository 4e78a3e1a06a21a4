//! What is counted for sourcing: how quickly places sell, and how often they reject.

use std::collections::HashMap;

use base::{PlaceId, SkuId};

/// Pieces sold of a SKU at a place in the last [`crate::SOLD_DAYS`] days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sold {
    /// The SKU.
    pub sku_id: SkuId,
    /// The place.
    pub place_id: PlaceId,
    /// Pieces.
    pub pieces: i64,
}

/// What a place was asked to serve, and what of it it rejected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlaceFigure {
    /// The place.
    pub place_id: PlaceId,
    /// Orders it was asked to serve.
    pub asked: i64,
    /// Those it rejected.
    pub rejected: i64,
}

/// So many orders of the chain's average a place is credited with: one rejection of two orders says little.
const PRIOR_ORDERS: i64 = 20;
const MILLION: i64 = 1_000_000;

/// How likely each place rejects, in millionths; places without orders are as likely as the chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Rejections {
    chain_ppm: i64,
    by_place: HashMap<PlaceId, i64>,
}

impl Rejections {
    pub(crate) fn new(figures: &[PlaceFigure]) -> Self {
        let asked: i64 = figures.iter().map(|f| f.asked).sum();
        let rejected: i64 = figures.iter().map(|f| f.rejected).sum();
        let chain_ppm = (rejected * MILLION).checked_div(asked).unwrap_or(0);
        // The mean of the place's orders and of those it is credited with (a beta prior's posterior mean).
        let likely =
            |f: &PlaceFigure| (f.rejected * MILLION + chain_ppm * PRIOR_ORDERS) / (f.asked + PRIOR_ORDERS);
        Self {
            chain_ppm,
            by_place: figures.iter().map(|f| (f.place_id, likely(f))).collect(),
        }
    }

    pub(crate) fn of(&self, place: PlaceId) -> i64 {
        self.by_place.get(&place).copied().unwrap_or(self.chain_ppm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_orders_say_little_and_many_say_much() {
        let figure = |asked, rejected| PlaceFigure {
            place_id: PlaceId::new(),
            asked,
            rejected,
        };
        let (new, poor, good) = (figure(2, 1), figure(980, 99), figure(1_018, 0));
        let rejections = Rejections::new(&[new, poor, good]);
        assert_eq!(rejections.chain_ppm, 50_000);
        assert_eq!(rejections.of(new.place_id), 2_000_000 / 22);
        assert_eq!(rejections.of(poor.place_id), 100_000);
        assert_eq!(rejections.of(good.place_id), 1_000_000 / 1_038);
        assert_eq!(
            rejections.of(PlaceId::new()),
            50_000,
            "unknown places are as the chain"
        );
        assert_eq!(Rejections::new(&[]).of(PlaceId::new()), 0);
    }
}
