//! What counters tell.

use base::{PlaceId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// People counted at a door over an interval.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoorCount {
    /// Where.
    pub place_id: PlaceId,
    /// The counter's name, its own among those of the place.
    #[schema(min_length = 1, max_length = 60)]
    pub counter: String,
    /// From when.
    pub from_at: Time,
    /// Until just before when; a day later at the most.
    pub to_at: Time,
    /// How many came in.
    #[schema(minimum = 0, maximum = 100_000)]
    pub entered: i64,
}

/// What became of counts that were told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct VisitsRecorded {
    /// New ones.
    pub stored: i64,
    /// Told before with another number or end: the newest word holds.
    pub changed: i64,
    /// Told before just so.
    pub known: i64,
}

/// Visits of one place on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VisitsOfDay {
    /// The place.
    pub place_id: PlaceId,
    /// Days of 24 hours since the beginning of the period.
    pub day: i64,
    /// How many came in.
    pub entered: i64,
}
