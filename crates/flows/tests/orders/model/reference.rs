//! What the shop must do, told as simply as can be.

use std::time::Duration;

use base::Time;
use flows::OrderOut;

pub(crate) const PLACES: usize = 5;
/// Of the places, so many hand out and take back; all of them ship.
pub(crate) const STORES: usize = 4;
pub(crate) const SKUS: usize = 2;
pub(crate) const PRICES: [i64; SKUS] = [12_900, 5_900];
/// What a delivery costs, and from what value on nothing.
pub(crate) const DELIVERY: i64 = 1_000;
pub(crate) const FREE_FROM: i64 = 9_900;
/// As `checkout.hold_s`.
pub(crate) const KEPT_UNPAID: Duration = Duration::from_secs(900);

/// Whether somebody who meant to fetch goods in one store may be sent to another: not to another city.
pub(crate) const fn is_near(one: usize, other: usize) -> bool {
    (one < STORES - 1) == (other < STORES - 1)
}

/// So many of each article at each place.
pub(crate) type Grid = [[i64; SKUS]; PLACES];

pub(crate) fn cells() -> impl Iterator<Item = (usize, usize)> {
    (0..PLACES).flat_map(|place| (0..SKUS).map(move |sku| (place, sku)))
}

pub(crate) fn add(grid: &mut Grid, more: &Grid, times: i64) {
    for (place, sku) in cells() {
        grid[place][sku] += more[place][sku] * times;
    }
}

pub(crate) fn fits(wanted: &Grid, available: &Grid) -> bool {
    cells().all(|(place, sku)| wanted[place][sku] <= available[place][sku])
}

pub(crate) fn sum_over(grid: &Grid, is_asked: impl Fn(usize) -> bool) -> [i64; SKUS] {
    let mut sum = [0; SKUS];
    for (place, sku) in cells().filter(|(place, _)| is_asked(*place)) {
        sum[sku] += grid[place][sku];
    }
    sum
}

/// How far an order has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Its pieces are kept until then.
    Unpaid(Time),
    Paid,
    /// Nobody could serve all of it.
    Undecided,
    /// The customer has the pieces.
    Out,
    Over,
}

/// An order, as the reference knows it.
pub(crate) struct Known {
    pub(crate) placed: OrderOut,
    pub(crate) stage: Stage,
    /// What is wanted now.
    pub(crate) wanted: [i64; SKUS],
    pub(crate) is_sent: bool,
    /// What is kept for it.
    pub(crate) kept: Grid,
    /// Places that could not serve it.
    pub(crate) rejected: [bool; PLACES],
    /// What the customer has.
    pub(crate) has: [i64; SKUS],
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    /// How often it was changed.
    pub(crate) changes: usize,
}

#[derive(Default)]
pub(crate) struct Reference {
    pub(crate) on_hand: Grid,
    pub(crate) broken: Grid,
    pub(crate) orders: Vec<Known>,
}

/// What an order costs.
pub(crate) fn total(wanted: [i64; SKUS], is_sent: bool) -> i64 {
    let goods: i64 = wanted
        .iter()
        .zip(PRICES)
        .map(|(quantity, price)| quantity * price)
        .sum();
    goods + if is_sent && goods < FREE_FROM { DELIVERY } else { 0 }
}

impl Reference {
    pub(crate) fn reserved(&self, now: Time) -> Grid {
        let mut sum = Grid::default();
        for order in &self.orders {
            if !matches!(order.stage, Stage::Unpaid(until) if until <= now) {
                add(&mut sum, &order.kept, 1);
            }
        }
        sum
    }

    pub(crate) fn available(&self, now: Time) -> Grid {
        let mut left = self.on_hand;
        add(&mut left, &self.broken, -1);
        add(&mut left, &self.reserved(now), -1);
        left
    }

    /// The how-manieth of those whose stage is asked for.
    pub(crate) fn pick(&self, nth: usize, is_asked: impl Fn(Stage) -> bool) -> Option<usize> {
        let found: Vec<usize> = (0..self.orders.len())
            .filter(|at| is_asked(self.orders[*at].stage))
            .collect();
        (!found.is_empty()).then(|| found[nth % found.len()])
    }
}
