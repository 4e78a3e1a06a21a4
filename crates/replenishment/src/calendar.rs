//! The ledger of one article, as days of the places it lies at.

use base::Time;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use places::Place;
use stock::MovementKind;

use crate::rules::series::{Ahead, Day, History};

/// Days looked back: half a year, in whole weeks.
pub(crate) const DAYS: usize = 182;

/// The days of a place up to yesterday, and on from today.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    zone: TimeZone,
    /// The first day of the history.
    pub(crate) first: Date,
    /// Whether it is open, day by day, history and days to come.
    open: Vec<bool>,
    /// When the history begins.
    pub(crate) since: Time,
}

impl Calendar {
    /// Of a place, with so many days to come.
    pub(crate) fn of(place: &Place, now: Time, ahead: usize) -> Self {
        let zone = TimeZone::get(&place.timezone).unwrap_or(TimeZone::UTC);
        let today = now.timestamp().to_zoned(zone.clone()).date();
        let first = plus(today, -(DAYS as i64));
        let open = (0..DAYS + ahead)
            .map(|nth| is_open(place, plus(first, nth as i64)))
            .collect();
        let since = zone
            .to_zoned(first.into())
            .map_or(now, |begin| Time::from(begin.timestamp()));
        Self {
            zone,
            first,
            open,
            since,
        }
    }

    /// The number of the day of an instant.
    pub(crate) fn nth(&self, at: Time) -> i64 {
        let date = at.timestamp().to_zoned(self.zone.clone()).date();
        self.first
            .until(date)
            .map_or(-1, |span| i64::from(span.get_days()))
    }

    /// The date of a day.
    pub(crate) fn date(&self, nth: usize) -> Date {
        plus(self.first, nth as i64)
    }

    /// Which days lie within periods.
    pub(crate) fn within(&self, periods: &[(Time, Time)]) -> Vec<bool> {
        let mut days = vec![false; self.open.len()];
        for (from, until) in periods {
            let last = self.nth(Time::from_micros(until.micros() - 1));
            for nth in self.nth(*from).max(0)..=last {
                if let Some(day) = days.get_mut(nth as usize) {
                    *day = true;
                }
            }
        }
        days
    }

    /// The days to come.
    pub(crate) fn ahead(&self, promoted: &[bool], count: usize) -> Vec<Ahead> {
        (DAYS..DAYS + count)
            .map(|nth| Ahead {
                open: self.open.get(nth).copied().unwrap_or(true),
                promoted: promoted.get(nth).copied().unwrap_or(false),
            })
            .collect()
    }
}

fn plus(date: Date, days: i64) -> Date {
    date.checked_add(Span::new().days(days)).unwrap_or(date)
}

/// Whether a place is open on a day; one without hours always is.
fn is_open(place: &Place, date: Date) -> bool {
    if let Some(special) = place.special_days.iter().find(|day| day.date == date) {
        return !special.hours.is_empty();
    }
    let weekday = date.weekday().to_monday_one_offset();
    place.hours.is_empty() || place.hours.iter().any(|hours| hours.weekday == weekday as u8)
}

/// What moved at one place, gathered entry by entry in any order.
#[derive(Clone, Debug)]
pub(crate) struct Diary {
    sold: Vec<i64>,
    came: Vec<i64>,
    /// Net change by day; the last one is all that happened today.
    net: Vec<i64>,
}

impl Diary {
    pub(crate) fn new() -> Self {
        Self {
            sold: vec![0; DAYS],
            came: vec![0; DAYS],
            net: vec![0; DAYS + 1],
        }
    }

    /// Enters a movement. What a warehouse sends to other places is what is asked of it.
    pub(crate) fn enter(&mut self, nth: i64, kind: MovementKind, pieces: i64, sends: bool) {
        let Ok(day) = usize::try_from(nth) else { return };
        self.net[day.min(DAYS)] += pieces;
        if day >= DAYS {
            return;
        }
        let asked = kind == MovementKind::Sale || (sends && kind == MovementKind::TransferOut);
        if asked && pieces < 0 {
            self.sold[day] -= pieces;
        } else if pieces > 0 {
            self.came[day] += pieces;
        }
    }

    /// The history, given what is on the book now. A day says nothing when the place was shut, or nothing lay there
    /// from morning to evening; unless something was sold all the same.
    pub(crate) fn history(&self, calendar: &Calendar, on_hand: i64, promoted: &[bool]) -> History {
        // Backwards from now to the morning of each day.
        let mut morning = vec![0; DAYS];
        let mut evening = on_hand - self.net[DAYS];
        for day in (0..DAYS).rev() {
            morning[day] = evening - self.net[day];
            evening = morning[day];
        }
        let days = (0..DAYS).map(|day| Day {
            sold: self.sold[day] as f64,
            counts: self.sold[day] > 0 || (calendar.open[day] && (morning[day] > 0 || self.came[day] > 0)),
            promoted: promoted[day],
        });
        History {
            first_weekday: calendar.first.weekday().to_monday_zero_offset() as usize,
            days: days.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use base::{PlaceId, Text};
    use places::{Address, OpenHours, PlaceIn, PlaceKind, SpecialDay, ValidPlace};

    use super::*;

    fn place() -> Place {
        let nine = "09:00".parse().unwrap();
        let six = "18:00".parse().unwrap();
        let details = PlaceIn {
            code: "S1".to_owned(),
            kind: PlaceKind::Store,
            name: Text::new("店", "Store"),
            region: String::new(),
            address: Address {
                country: "CN".to_owned(),
                province: Text::new("上海市", "Shanghai"),
                city: Text::new("上海市", "Shanghai"),
                district: None,
                line: Text::new("一号", "1"),
                postcode: None,
            },
            latitude: 31.0,
            longitude: 121.0,
            timezone: "Asia/Shanghai".to_owned(),
            area_m2: None,
            phone: None,
            // Shut on Sundays.
            hours: (1..=6)
                .map(|weekday| OpenHours {
                    weekday,
                    opens: nine,
                    closes: six,
                })
                .collect(),
            special_days: vec![SpecialDay {
                date: "2026-11-24".parse().unwrap(),
                hours: Vec::new(),
            }],
            services: Vec::new(),
            prep_minutes: 0,
            daily_order_capacity: None,
            active: true,
        };
        Place::new(PlaceId::new(), ValidPlace::try_from(details).unwrap(), 1)
    }

    #[test]
    fn days_are_those_of_the_place() {
        // Monday, half past midnight in Shanghai; still Sunday in London.
        let now: Time = "2026-11-22T16:30:00Z".parse().unwrap();
        let calendar = Calendar::of(&place(), now, 14);
        assert_eq!(
            (
                calendar.nth(now),
                calendar.nth(Time::from_micros(now.micros() - 3_600_000_000))
            ),
            (182, 181)
        );
        let ahead = calendar.ahead(&[], 7);
        let open: Vec<bool> = ahead.iter().map(|day| day.open).collect();
        // Tuesday is a holiday, Sunday is Sunday.
        assert_eq!(open, [true, false, true, true, true, true, false]);
    }

    #[test]
    fn an_empty_shelf_says_nothing() {
        let now: Time = "2026-11-23T04:00:00Z".parse().unwrap();
        let calendar = Calendar::of(&place(), now, 1);
        let mut diary = Diary::new();
        // Ten came on the hundredth day, a Saturday or so; four were sold two days later, the rest the day after.
        let day =
            |nth: i64| Time::from_micros(calendar.since.micros() + nth * 86_400_000_000 + 3_600_000_000);
        let mut enter = |nth, kind, pieces| diary.enter(calendar.nth(day(nth)), kind, pieces, false);
        enter(100, MovementKind::Receipt, 10);
        enter(102, MovementKind::Sale, -4);
        enter(103, MovementKind::Sale, -6);
        let history = diary.history(&calendar, 0, &[false; DAYS]);
        let counted: Vec<(usize, f64)> = history.counted().map(|(nth, day)| (nth, day.sold)).collect();
        let open = |nth: usize| calendar.open[nth];
        let wanted: Vec<(usize, f64)> = [(100, 0.0), (101, 0.0), (102, 4.0), (103, 6.0)]
            .into_iter()
            .filter(|(nth, sold)| *sold > 0.0 || open(*nth))
            .collect();
        assert_eq!(counted, wanted);
    }
}
