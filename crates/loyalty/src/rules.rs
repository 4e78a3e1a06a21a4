//! Pure decisions on points.
//!
//! **One point for each whole unit of money of goods kept** (one yuan, one euro; for yen one hundred), after
//! every discount and without shipping. The points of an order are a function of what is kept of it, rounded
//! down once: an order of three lines of 3.33 earns 9, and after one of them came back it has earned 6. What
//! a return takes back is the difference, so that earnings less reversals are always the points of what was
//! kept, however the parts came back and in whatever order the news arrive.
//!
//! **A return always takes its points back.** Points spent meanwhile leave the balance below zero, and the
//! next earning repays that first; a return is never refused for want of points. Spending, on the other hand,
//! never goes below zero.
//!
//! **Tiers** go by the points earned, less those reversed, for purchases of the last 365 days: from 2,000
//! silver, from 8,000 gold, from 20,000 platinum. Spending points does not lower a tier.

use std::time::Duration;

use base::{Currency, Error, Money, Result, Time};

use crate::error::POINTS_INVALID;
use crate::model::Tier;

/// How far back purchases count for the tier.
pub const TIER_WINDOW: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// The points from which each tier begins, highest first.
pub const TIERS: [(i64, Tier); 3] = [
    (20_000, Tier::Platinum),
    (8_000, Tier::Gold),
    (2_000, Tier::Silver),
];
/// The most points one movement may carry.
pub(crate) const POINTS_MAX: i64 = 1_000_000_000;

/// The points goods of this worth bring. Nothing, or less than nothing, brings none.
#[must_use]
pub fn points_for(goods: Money) -> i64 {
    (goods.amount_minor.max(0) / minor_per_point(goods.currency)).min(POINTS_MAX)
}

fn minor_per_point(currency: Currency) -> i64 {
    match currency.exponent() {
        0 => 100,
        digits => 10_i64.pow(digits),
    }
}

/// The tier of points earned within [`TIER_WINDOW`].
#[must_use]
pub fn tier_of(points: i64) -> Tier {
    TIERS
        .iter()
        .find(|(from, _)| points >= *from)
        .map_or(Tier::Member, |(_, tier)| *tier)
}

/// What is known of an order's points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OrderPoints {
    /// In which currency.
    pub(crate) currency: Currency,
    /// Worth of the goods sold.
    pub(crate) goods_minor: i64,
    /// Worth of what came back.
    pub(crate) returned_minor: i64,
    /// Points on the ledger for it.
    pub(crate) granted: i64,
    /// When it was collected or delivered; nothing is granted before.
    pub(crate) earned_at: Option<Time>,
    /// Whether it will never be.
    pub(crate) cancelled: bool,
}

impl OrderPoints {
    /// The points of what is kept.
    pub(crate) fn worth(&self) -> i64 {
        points_for(Money::new(
            self.goods_minor.saturating_sub(self.returned_minor),
            self.currency,
        ))
    }

    /// What must be on the ledger.
    pub(crate) fn due(&self) -> i64 {
        if self.earned_at.is_some() && !self.cancelled {
            self.worth()
        } else {
            0
        }
    }

    /// What the member may look forward to.
    pub(crate) fn pending(&self) -> i64 {
        if self.earned_at.is_none() && !self.cancelled {
            self.worth()
        } else {
            0
        }
    }

    /// The movement that brings the ledger to what is due; zero when nothing moves.
    pub(crate) fn settle(&mut self) -> i64 {
        let moved = self.due() - self.granted;
        self.granted += moved;
        moved
    }
}

/// A number of points somebody asks to move.
pub(crate) fn positive(points: i64) -> Result<i64> {
    if (1..=POINTS_MAX).contains(&points) {
        Ok(points)
    } else {
        Err(Error::new(&POINTS_INVALID))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cny(minor: i64) -> Money {
        Money::new(minor, Currency::CNY)
    }

    #[test]
    fn one_point_a_unit_rounded_down_once() {
        let yen: Currency = "JPY".parse().unwrap();
        for (money, points) in [
            (cny(999), 9),
            (cny(666), 6),
            (cny(99), 0),
            (cny(0), 0),
            (cny(-500), 0),
            (Money::new(1_250, yen), 12),
            (Money::new(i64::MAX, Currency::USD), POINTS_MAX),
        ] {
            assert_eq!(points_for(money), points, "{money}");
        }
    }

    #[test]
    fn tiers_begin_at_their_thresholds() {
        for (points, tier) in [
            (-5, Tier::Member),
            (1_999, Tier::Member),
            (2_000, Tier::Silver),
            (7_999, Tier::Silver),
            (8_000, Tier::Gold),
            (20_000, Tier::Platinum),
        ] {
            assert_eq!(tier_of(points), tier, "{points}");
        }
    }

    #[derive(Clone, Copy, Debug)]
    enum News {
        Delivered,
        Returned(i64),
    }

    fn tell(order: &mut OrderPoints, news: News) -> i64 {
        match news {
            News::Delivered => order.earned_at = Some(Time::from_seconds(1)),
            News::Returned(minor) => order.returned_minor += minor,
        }
        order.settle()
    }

    proptest! {
        /// Three lines of 3.33 and their neighbours: partial returns never drift, in whatever order the news come.
        #[test]
        fn earnings_less_reversals_are_the_points_of_what_is_kept(
            lines in prop::collection::vec((1_i64..100_000, any::<bool>()), 1..12),
            delivered_after in 0_usize..12,
        ) {
            let goods_minor = lines.iter().map(|(minor, _)| minor).sum();
            let kept: i64 = lines.iter().filter(|(_, back)| !back).map(|(minor, _)| minor).sum();
            let mut order = OrderPoints {
                currency: Currency::CNY, goods_minor, returned_minor: 0, granted: 0, earned_at: None, cancelled: false,
            };
            let mut news: Vec<News> = lines.iter().filter(|l| l.1).map(|l| News::Returned(l.0)).collect();
            news.insert(delivered_after.min(news.len()), News::Delivered);
            let mut ledger = 0;
            for piece in news {
                let moved = tell(&mut order, piece);
                ledger += moved;
                prop_assert_eq!(ledger, order.granted);
                prop_assert!(ledger >= 0);
            }
            prop_assert_eq!(ledger, points_for(cny(kept)));
            prop_assert_eq!(order.settle(), 0);
        }
    }
}
