//! What can be promised now and by which day (available to promise, cumulative). Pure.

use base::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Key;

/// How much can be promised by an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct AvailableBy {
    /// By when.
    pub at: Time,
    /// How many by then, those that can be had before included.
    pub available: i64,
}

/// What can be promised of a SKU at a place, now and later.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outlook {
    /// Which SKU, where.
    pub key: Key,
    /// Now; never below zero.
    pub available: i64,
    /// By which instant more; each more than the one before.
    pub by_date: Vec<AvailableBy>,
}

impl Outlook {
    /// How many can be promised by an instant.
    #[must_use]
    pub fn by(&self, at: Time) -> i64 {
        let latest = self.by_date.iter().rfind(|by| by.at <= at);
        latest.map_or(self.available, |by| by.available)
    }
}

/// How much more can be promised as supply comes in. `free` is what can be promised now, below zero where more is
/// promised or kept back than is there: what comes makes that good first. Supply whose day has passed makes good what
/// was promised, too, but is promised to nobody else, since nobody knows when it comes.
pub(crate) fn by_date(now: Time, free: i64, mut dues: Vec<(Time, i64)>) -> Vec<AvailableBy> {
    dues.sort_unstable();
    let overdue = dues.iter().filter(|(at, _)| *at <= now);
    let overdue = overdue.fold(0_i64, |sum, (_, quantity)| sum.saturating_add(*quantity));
    let mut there = free.max(free.saturating_add(overdue).min(0));
    let mut out: Vec<AvailableBy> = Vec::new();
    for (at, quantity) in dues.into_iter().filter(|(at, _)| *at > now) {
        there = there.saturating_add(quantity);
        let before = out.last().map_or(free.max(0), |by| by.available);
        if there <= before {
            continue;
        }
        match out.last_mut().filter(|by| by.at == at) {
            Some(same) => same.available = there,
            None => out.push(AvailableBy { at, available: there }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Time = Time::from_seconds(1_000_000);

    fn day(n: i64) -> Time {
        Time::from_seconds(1_000_000 + n * 86_400)
    }

    fn told(free: i64, dues: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let dues = dues.iter().map(|(at, quantity)| (day(*at), *quantity)).collect();
        let by = by_date(NOW, free, dues);
        let days = |at: Time| (1..60).find(|n| day(*n) == at).unwrap();
        by.iter().map(|by| (days(by.at), by.available)).collect()
    }

    #[test]
    fn supply_adds_up_by_day_and_makes_good_what_is_missing_first() {
        assert_eq!(told(5, &[(10, 10)]), [(10, 15)]);
        assert_eq!(told(5, &[(20, 4), (10, 10), (10, 1)]), [(10, 16), (20, 20)]);
        assert_eq!(told(-12, &[(10, 10), (20, 4)]), [(20, 2)]);
        assert_eq!(told(3, &[]), []);
        // What should have come yesterday is promised to nobody, but covers what was.
        assert_eq!(told(5, &[(-1, 7), (10, 1)]), [(10, 6)]);
        assert_eq!(told(-5, &[(-1, 7), (10, 1)]), [(10, 1)]);
        assert_eq!(told(-9, &[(-1, 7), (10, 4)]), [(10, 2)]);
    }

    fn dues() -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((-3_i64..30, 1_i64..20), 0..8)
    }

    proptest! {
        #[test]
        fn never_more_than_there_is_and_comes_and_never_less_later(free in -30_i64..30, dues in dues()) {
            let by = told(free, &dues);
            let coming: i64 = dues.iter().map(|(_, quantity)| quantity).sum();
            let mut before = (0, free.max(0));
            for (at, available) in by {
                prop_assert!(at > before.0 && available > before.1);
                let until: i64 = dues.iter().filter(|(day, _)| *day <= at).map(|(_, quantity)| quantity).sum();
                prop_assert!(available <= free + until && available <= free + coming);
                before = (at, available);
            }
        }

        #[test]
        fn what_slips_can_be_promised_no_earlier_and_nothing_is_lost(
            free in -30_i64..30, dues in prop::collection::vec((1_i64..30, 1_i64..20), 1..8), by in 1_i64..20, which: prop::sample::Index,
        ) {
            let mut late = dues.clone();
            let nth = which.index(late.len());
            late[nth].0 += by;
            let at = |told: &[(i64, i64)], day: i64| {
                told.iter().rfind(|(at, _)| *at <= day).map_or(free.max(0), |(_, available)| *available)
            };
            let (before, after) = (told(free, &dues), told(free, &late));
            for day in 1..60 {
                prop_assert!(at(&after, day) <= at(&before, day));
            }
            prop_assert_eq!(at(&after, 59), at(&before, 59));
        }
    }
}
