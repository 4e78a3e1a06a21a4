//! Opening hours and the collect promise: pure, in the place's own time zone.

use std::fmt;
use std::str::FromStr;

use base::{Error, Result, Time, codes};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};

/// How far ahead a promise is looked for; a place shut for longer promises nothing.
const LOOK_AHEAD_DAYS: i64 = 60;
const DAY_MINUTES: u16 = 24 * 60;

/// A time of day from 00:00 to 24:00, to the minute. Written `HH:MM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

impl ClockTime {
    /// Midnight at the end of the day.
    pub const END_OF_DAY: Self = Self(DAY_MINUTES);

    /// Minutes since 00:00.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}
impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for ClockTime {
    type Err = Error;

    /// # Errors
    /// `input.malformed` unless the text is `HH:MM` from 00:00 to 24:00.
    fn from_str(text: &str) -> Result<Self> {
        let two = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Some((two(hour)?, two(minute)?)))
            .filter(|(hour, minute)| *minute < 60 && hour * 60 + minute <= DAY_MINUTES)
            .map(|(hour, minute)| Self(hour * 60 + minute))
            .ok_or_else(|| Error::new(&codes::MALFORMED).with("reason", "HH:MM"))
    }
}
impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
impl PartialSchema for ClockTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .pattern(Some("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"))
            .into()
    }
}
impl ToSchema for ClockTime {
    fn name() -> std::borrow::Cow<'static, str> {
        "ClockTime".into()
    }
}

/// One stretch of opening. A close at or before the opening is on the next day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// From.
    pub opens: ClockTime,
    /// To.
    pub closes: ClockTime,
}

/// One stretch of opening on a day of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    /// ISO day of the week: Monday is 1, Sunday is 7.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: u8,
    /// From.
    pub opens: ClockTime,
    /// To; at or before `opens` means on the next day.
    pub closes: ClockTime,
}

/// A day with hours of its own: a holiday (no stretch at all), or a late opening.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The day, by the place's own calendar.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// When it is open on that day; empty when it is shut.
    pub hours: Vec<Opening>,
}

/// When something whose preparation starts now can be collected: preparation goes on only while the place is
/// open, and collecting too. A place without hours never closes. `None` when it opens too rarely to say.
///
/// # Errors
/// `places.unknown_timezone`.
pub fn ready_at(
    now: Time,
    prep_minutes: u32,
    hours: &[OpenHours],
    special_days: &[SpecialDay],
    timezone: &str,
) -> Result<Option<Time>> {
    let work_us = i64::from(prep_minutes) * 60_000_000;
    if hours.is_empty() && special_days.is_empty() {
        return Ok(Some(Time::from_micros(now.micros().saturating_add(work_us))));
    }
    let zone = zone(timezone)?;
    let today = now.timestamp().to_zoned(zone.clone()).date();
    let mut left_us = work_us;
    let mut worked_until = now.micros();
    // Yesterday's last stretch may still be open after midnight.
    for offset in -1..=LOOK_AHEAD_DAYS {
        let Ok(day) = today.checked_add(Span::new().days(offset)) else {
            break;
        };
        for stretch in stretches(day, hours, special_days) {
            let (Some(opens), Some(closes)) = (
                instant(day, stretch.opens, 0, &zone),
                closing(day, stretch, &zone),
            ) else {
                continue;
            };
            let start = opens.max(worked_until);
            if closes <= start {
                continue;
            }
            // Ready exactly at closing is too late to collect: it waits for the next opening.
            if closes - start > left_us {
                return Ok(Some(Time::from_micros(start + left_us)));
            }
            left_us -= closes - start;
            worked_until = closes;
        }
    }
    Ok(None)
}

/// The zone of that name.
pub(crate) fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| Error::new(&crate::error::UNKNOWN_TIMEZONE).with("value", name))
}

/// When the place is open on a day, in order.
fn stretches(day: Date, hours: &[OpenHours], special_days: &[SpecialDay]) -> Vec<Opening> {
    let mut out: Vec<Opening> = match special_days.iter().find(|special| special.date == day) {
        Some(special) => special.hours.clone(),
        None => {
            let weekday = day.weekday().to_monday_one_offset();
            hours
                .iter()
                .filter(|h| i8::try_from(h.weekday) == Ok(weekday))
                .map(|h| Opening {
                    opens: h.opens,
                    closes: h.closes,
                })
                .collect()
        }
    };
    out.sort_by_key(|stretch| stretch.opens);
    out
}

fn closing(day: Date, stretch: Opening, zone: &TimeZone) -> Option<i64> {
    let next_day = i64::from(stretch.closes <= stretch.opens);
    instant(day, stretch.closes, next_day, zone)
}

/// A local wall-clock time as an instant; a time that daylight saving skips or repeats is the later or the
/// earlier one, as clocks on the wall would have it.
fn instant(day: Date, clock: ClockTime, plus_days: i64, zone: &TimeZone) -> Option<i64> {
    let midnight: DateTime = day
        .checked_add(plus_days.days())
        .ok()?
        .to_datetime(jiff::civil::Time::midnight());
    let local = midnight.checked_add(i64::from(clock.minutes()).minutes()).ok()?;
    let zoned = zone.to_ambiguous_zoned(local).compatible().ok()?;
    Some(Time::from(zoned.timestamp()).micros())
}

/// Whether stretches of one day neither overlap nor are empty.
pub(crate) fn are_clean(mut openings: Vec<Opening>) -> bool {
    openings.sort_by_key(|stretch| stretch.opens);
    let starts_and_ends_apart = |s: &Opening| s.opens != s.closes && s.opens < ClockTime::END_OF_DAY;
    // Only the last stretch may run past midnight.
    let in_order = openings
        .windows(2)
        .all(|pair| pair[0].opens < pair[0].closes && pair[0].closes <= pair[1].opens);
    openings.iter().all(starts_and_ends_apart) && in_order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHANGHAI: &str = "Asia/Shanghai";

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }
    fn clock(text: &str) -> ClockTime {
        text.parse().unwrap()
    }
    fn daily(opens: &str, closes: &str) -> Vec<OpenHours> {
        (1..=7)
            .map(|weekday| OpenHours {
                weekday,
                opens: clock(opens),
                closes: clock(closes),
            })
            .collect()
    }
    fn shut(date: &str) -> SpecialDay {
        SpecialDay {
            date: date.parse().unwrap(),
            hours: Vec::new(),
        }
    }

    /// What, now, minutes of work, hours, special days, ready.
    type Promise<'a> = (&'a str, &'a str, u32, &'a [OpenHours], &'a [SpecialDay], &'a str);

    #[test]
    fn the_promise_keeps_to_the_doors() {
        let usual = daily("10:00", "22:00");
        let holidays = [shut("2026-10-01"), shut("2026-10-02")];
        let late = [SpecialDay {
            date: "2026-11-24".parse().unwrap(),
            hours: vec![Opening {
                opens: clock("14:00"),
                closes: clock("18:00"),
            }],
        }];
        let night = daily("18:00", "02:00");
        #[rustfmt::skip]
        let table: &[Promise<'_>] = &[
            ("while open", "2026-11-23T12:00:00+08:00", 60, &usual, &[], "2026-11-23T13:00:00+08:00"),
            ("before opening", "2026-11-23T03:00:00+08:00", 60, &usual, &[], "2026-11-23T11:00:00+08:00"),
            ("nothing to prepare, closed", "2026-11-23T23:00:00+08:00", 0, &usual, &[], "2026-11-24T10:00:00+08:00"),
            ("across closing", "2026-11-23T21:30:00+08:00", 60, &usual, &[], "2026-11-24T10:30:00+08:00"),
            ("done exactly at closing", "2026-11-23T21:00:00+08:00", 60, &usual, &[], "2026-11-24T10:00:00+08:00"),
            ("one minute before closing", "2026-11-23T20:59:00+08:00", 60, &usual, &[], "2026-11-23T21:59:00+08:00"),
            ("holidays", "2026-09-30T21:30:00+08:00", 60, &usual, &holidays, "2026-10-03T10:30:00+08:00"),
            ("a day of its own hours", "2026-11-24T09:00:00+08:00", 30, &usual, &late, "2026-11-24T14:30:00+08:00"),
            ("after midnight, still open", "2026-11-24T00:30:00+08:00", 60, &night, &[], "2026-11-24T01:30:00+08:00"),
            ("after midnight, too late", "2026-11-24T01:30:00+08:00", 60, &night, &[], "2026-11-24T18:30:00+08:00"),
            ("never closes", "2026-11-23T23:59:00+08:00", 61, &[], &[], "2026-11-24T01:00:00+08:00"),
            ("longer than a day", "2026-11-23T10:00:00+08:00", 13 * 60, &usual, &[], "2026-11-24T11:00:00+08:00"),
        ];
        for (what, now, minutes, hours, special, ready) in table {
            let found = ready_at(time(now), *minutes, hours, special, SHANGHAI).unwrap();
            assert_eq!(found, Some(time(ready)), "{what}");
        }
    }

    #[test]
    fn all_day_to_midnight_runs_into_the_next() {
        let hours = daily("00:00", "24:00");
        let found = ready_at(time("2026-11-23T23:50:00+08:00"), 20, &hours, &[], SHANGHAI).unwrap();
        assert_eq!(found, Some(time("2026-11-24T00:10:00+08:00")));
    }

    #[test]
    fn a_night_with_a_skipped_hour_is_shorter() {
        // Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026: 01:00 to 05:00 is three hours.
        let hours = [OpenHours {
            weekday: 7,
            opens: clock("01:00"),
            closes: clock("05:00"),
        }];
        let found = ready_at(
            time("2026-03-29T00:00:00+01:00"),
            150,
            &hours,
            &[],
            "Europe/Berlin",
        )
        .unwrap();
        assert_eq!(found, Some(time("2026-03-29T04:30:00+02:00")));
    }

    #[test]
    fn shut_for_good_promises_nothing() {
        let hours = [OpenHours {
            weekday: 1,
            opens: clock("10:00"),
            closes: clock("11:00"),
        }];
        let found = ready_at(time("2026-11-23T12:00:00+08:00"), 24 * 60, &hours, &[], SHANGHAI).unwrap();
        assert_eq!(found, None);
    }

    proptest! {
        #[test]
        fn more_work_is_never_ready_sooner(at in 0_i64..10_000_000, a in 0_u32..3000, b in 0_u32..3000) {
            let now = Time::from_seconds(1_790_000_000 + at);
            let hours = daily("09:30", "21:00");
            let (less, more) = (a.min(b), a.max(b));
            let first = ready_at(now, less, &hours, &[], SHANGHAI).unwrap().unwrap();
            let second = ready_at(now, more, &hours, &[], SHANGHAI).unwrap().unwrap();
            prop_assert!(now <= first && first <= second);
        }
    }

    #[test]
    fn clock_times() {
        for good in ["00:00", "09:05", "23:59", "24:00"] {
            assert_eq!(clock(good).to_string(), good);
        }
        for bad in ["24:01", "9:00", "09:60", "0900", "+9:00", "ab:cd", ""] {
            assert!(bad.parse::<ClockTime>().is_err(), "{bad}");
        }
    }

    #[test]
    fn clean_hours() {
        let stretch = |opens, closes| Opening {
            opens: clock(opens),
            closes: clock(closes),
        };
        assert!(are_clean(vec![
            stretch("14:00", "02:00"),
            stretch("09:00", "12:00")
        ]));
        assert!(!are_clean(vec![
            stretch("09:00", "14:30"),
            stretch("14:00", "18:00")
        ]));
        assert!(!are_clean(vec![stretch("09:00", "09:00")]));
        assert!(!are_clean(vec![
            stretch("22:00", "02:00"),
            stretch("23:00", "23:30")
        ]));
    }
}
