//! The days of a demo and how people shop on them. All of China keeps one time, eight
//! hours ahead of UTC and without summer time, so that no zone table is needed.

use base::Time;
use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, tz};

use crate::rng::{Lottery, Rng};

/// Seconds from UTC to the time every store keeps.
const OFFSET_SECONDS: i64 = 8 * 3_600;
const DAY_SECONDS: i64 = 86_400;
const MICROS: i64 = 1_000_000;

/// The days of history; the last one is today and ends now.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    as_of: Time,
    first: Date,
    days: usize,
}

impl Calendar {
    /// `days` days that end at `as_of`.
    pub(crate) fn new(as_of: Time, days: usize) -> Self {
        let today = local_date(as_of);
        let back = i64::try_from(days).unwrap_or(i64::MAX).saturating_sub(1);
        let first = today.checked_sub(back.days()).unwrap_or(today);
        Self { as_of, first, days }
    }

    /// Now.
    pub(crate) fn as_of(&self) -> Time {
        self.as_of
    }

    /// How many days there are.
    pub(crate) fn days(&self) -> usize {
        self.days
    }

    /// Index of today.
    pub(crate) fn today(&self) -> usize {
        self.days.saturating_sub(1)
    }

    /// The day `back` days before today, the first day when there are not as many.
    pub(crate) fn days_ago(&self, back: usize) -> usize {
        self.today().saturating_sub(back)
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: usize) -> Date {
        let ahead = i64::try_from(day).unwrap_or(0);
        self.first.checked_add(ahead.days()).unwrap_or(self.first)
    }

    /// A moment of a day: seconds after local midnight.
    pub(crate) fn moment(&self, day: usize, second: i64) -> Time {
        midnight(self.date(day)).plus_seconds(second)
    }

    /// Where on its own day a moment lies, in seconds after local midnight.
    pub(crate) fn second_of_day(moment: Time) -> i64 {
        (moment.micros() / MICROS + OFFSET_SECONDS).rem_euclid(DAY_SECONDS)
    }

    /// The day of a moment; moments before the first day belong to it.
    pub(crate) fn day_of(&self, moment: Time) -> usize {
        let start = midnight(self.first).micros();
        let day = (moment.micros() - start).div_euclid(DAY_SECONDS * MICROS);
        usize::try_from(day).unwrap_or(0).min(self.today())
    }

    /// Whether a day is a Saturday or Sunday.
    pub(crate) fn is_weekend(&self, day: usize) -> bool {
        matches!(self.date(day).weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// How much is bought on a day, 1,000 being an ordinary one.
    pub(crate) fn demand(&self, day: usize) -> u64 {
        let date = self.date(day);
        let weekday = match date.weekday() {
            Weekday::Monday => 820,
            Weekday::Tuesday => 800,
            Weekday::Wednesday => 840,
            Weekday::Thursday => 880,
            Weekday::Friday => 1_060,
            Weekday::Saturday => 1_360,
            Weekday::Sunday => 1_240,
        };
        // Most wages arrive on the 10th or the 15th.
        let payday = if matches!(date.day(), 10 | 11 | 15 | 16) {
            1_120
        } else {
            1_000
        };
        weekday * payday * festival(date) / 1_000_000
    }

    /// Demand up to now: as [`Self::demand`], today only for the share that has passed.
    pub(crate) fn demand_so_far(&self, day: usize) -> u64 {
        let demand = self.demand(day);
        if day < self.today() {
            return demand;
        }
        let passed: u64 = self.hours_so_far(day, &ONLINE_HOURS).iter().sum();
        demand * passed / ONLINE_HOURS.iter().sum::<u64>()
    }

    /// Whether a day is one of the sales festivals, when prices fall.
    pub(crate) fn is_festival(&self, day: usize) -> bool {
        festival(self.date(day)) >= 1_700
    }

    /// A shopping moment of a day, never later than now.
    pub(crate) fn shopping_moment(&self, day: usize, in_store: bool, rng: &mut Rng) -> Time {
        let table = if in_store { &STORE_HOURS } else { &ONLINE_HOURS };
        let hours = self.hours_so_far(day, table);
        let Some(hour) = Lottery::new(hours).draw(rng) else {
            // The stores have not opened today: the sale belongs to last evening.
            return self.shopping_moment(day.saturating_sub(1), in_store, rng);
        };
        let second = i64::try_from(hour).unwrap_or(0) * 3_600 + rng.between(0, 3_599);
        let moment = self.moment(day, second);
        if moment < self.as_of {
            moment
        } else {
            self.as_of.plus_seconds(-rng.between(60, 600))
        }
    }

    fn hours_so_far(&self, day: usize, table: &[u64; 24]) -> [u64; 24] {
        let mut hours = *table;
        if day >= self.today() {
            let now = Self::second_of_day(self.as_of);
            for (hour, weight) in (0_i64..).zip(hours.iter_mut()) {
                let passed = (now - hour * 3_600).clamp(0, 3_600);
                // An hour counts once ten minutes of it are over.
                *weight = if passed < 600 {
                    0
                } else {
                    *weight * passed.unsigned_abs() / 3_600
                };
            }
        }
        hours
    }
}

/// Arithmetic on moments in seconds, which is what demo histories are told in.
pub(crate) trait Seconds {
    /// Later by seconds; earlier by negative ones.
    fn plus_seconds(self, seconds: i64) -> Time;
    /// Later by days.
    fn plus_days(self, days: i64) -> Time;
}

impl Seconds for Time {
    fn plus_seconds(self, seconds: i64) -> Time {
        Time::from_micros(self.micros().saturating_add(seconds.saturating_mul(MICROS)))
    }

    fn plus_days(self, days: i64) -> Time {
        self.plus_seconds(days.saturating_mul(DAY_SECONDS))
    }
}

/// The local date of a moment.
pub(crate) fn local_date(moment: Time) -> Date {
    tz::offset(8).to_datetime(moment.timestamp()).date()
}

fn midnight(date: Date) -> Time {
    let since_epoch = date.duration_since(Date::constant(1970, 1, 1)).as_secs();
    Time::from_seconds(since_epoch - OFFSET_SECONDS)
}

/// Demand of the solar-calendar festivals, 1,000 being none.
fn festival(date: Date) -> u64 {
    match (date.month(), date.day()) {
        (11, 11) => 3_600,
        (11, 10 | 1) => 1_900,
        (11, 2 | 3) => 1_500,
        (6, 18) => 2_900,
        (6, 1 | 16 | 17) => 1_700,
        (12, 12) | (3, 8) => 2_100,
        (5, 20) | (2, 14) => 1_700,
        (12, 24 | 25) | (9, 9) => 1_350,
        (10, 1..=7) | (5, 1..=5) | (1, 1) => 1_250,
        (11, 12..=14) | (6, 19..=21) => 760,
        _ => 1_000,
    }
}

/// When people buy in stores, hour by hour.
pub(crate) const STORE_HOURS: [u64; 24] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 46, 60, 58, 62, 70, 74, 70, 76, 98, 108, 70, 0, 0,
];

/// When people buy on a phone, hour by hour.
const ONLINE_HOURS: [u64; 24] = [
    30, 14, 6, 3, 2, 3, 8, 18, 30, 40, 48, 50, 62, 56, 46, 44, 44, 46, 54, 66, 88, 112, 104, 66,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::new("2026-11-23T13:30:00+08:00".parse().unwrap(), 183)
    }

    #[test]
    fn the_last_day_is_today_in_china() {
        let calendar = Calendar::new("2026-11-23T01:00:00+08:00".parse().unwrap(), 10);
        assert_eq!(calendar.date(9), Date::constant(2026, 11, 23));
        assert_eq!(calendar.moment(9, 3_600), calendar.as_of());
        assert_eq!(calendar.day_of(calendar.as_of()), 9);
        assert_eq!(Calendar::second_of_day(calendar.as_of()), 3_600);
    }

    #[test]
    fn singles_day_stands_out_and_today_counts_in_part() {
        let calendar = calendar();
        let singles_day = calendar.days_ago(12);
        assert!(calendar.is_festival(singles_day));
        assert!(calendar.demand(singles_day) > 2 * calendar.demand(calendar.days_ago(19)));
        assert!(calendar.demand_so_far(calendar.today()) < calendar.demand(calendar.today()));
    }

    #[test]
    fn nobody_shops_in_the_future_or_in_a_closed_store() {
        let mut rng = Rng::new(5);
        for as_of in ["2026-11-23T00:20:00+08:00", "2026-11-23T13:30:00+08:00"] {
            let calendar = Calendar::new(as_of.parse().unwrap(), 183);
            for _ in 0..500 {
                let moment = calendar.shopping_moment(calendar.today(), true, &mut rng);
                assert!(moment < calendar.as_of());
                let hour = Calendar::second_of_day(moment) / 3_600;
                assert!((10..22).contains(&hour), "{moment}");
            }
        }
    }
}
