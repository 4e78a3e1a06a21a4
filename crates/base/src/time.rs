//! Instants in UTC and the clocks that tell them.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};

use crate::error::{Error, Result, codes};

/// An instant in UTC, to the microsecond. Written as RFC 3339, stored as microseconds since the epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// From microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Later by `duration`, stopping at the end of time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// Earlier by `duration`, stopping at the beginning of time.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// The time from `earlier` to here; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As a jiff timestamp, for calendars and zones. Instants outside jiff's range become its nearest end.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.timestamp(), f)
    }
}
impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = Error;

    /// # Errors
    /// `input.invalid_time` unless the text is RFC 3339 with an offset.
    fn from_str(text: &str) -> Result<Self> {
        text.parse::<Timestamp>()
            .map(Self::from)
            .map_err(|_| Error::new(&codes::INVALID_TIME).with("value", text))
    }
}
impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}
impl ToSchema for Time {
    fn name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }
}

/// Tells the time. The store's clock is the only one that decides anything; see `db`.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        wrong(Time::from(Timestamp::now()))
    }
}

/// In a build for development a test can make this process believe that it is later, by so many seconds as
/// `STORELOOP_CLOCK_AHEAD_S` says, to prove that nothing depends on it where the database has a clock of its own.
#[cfg(debug_assertions)]
fn wrong(now: Time) -> Time {
    use std::sync::LazyLock;

    static AHEAD: LazyLock<Option<u64>> =
        LazyLock::new(|| std::env::var("STORELOOP_CLOCK_AHEAD_S").ok()?.parse().ok());
    AHEAD.map_or(now, |seconds| now.after(Duration::from_secs(seconds)))
}

#[cfg(not(debug_assertions))]
const fn wrong(now: Time) -> Time {
    now
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at `start`.
    #[must_use]
    pub const fn at(start: Time) -> Self {
        Self(AtomicI64::new(start.micros()))
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        let by = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    /// Puts the clock at an instant, forward or back.
    pub fn set(&self, time: Time) {
        self.0.store(time.micros(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_brought_to_utc() {
        let time: Time = "2026-11-23T13:30:00+08:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-11-23T05:30:00Z");
    }

    #[test]
    fn a_time_without_zone_is_refused() {
        assert_eq!(
            "2026-11-23T13:30:00".parse::<Time>().unwrap_err().code(),
            "input.invalid_time"
        );
    }
}
