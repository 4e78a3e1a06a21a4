//! Room: a place with a limit takes on so many orders of a day and not one more, however many come at once.
//!
//! Room is held like stock: taken in the transaction of the order, kept when it is paid, given back with it. What
//! has run out counts for nothing from that instant, whether or not anybody has put it away.

use base::{PlaceId, Result, Time};
use db::{Reader, Tx};
use jiff::tz::TimeZone;

use crate::model::Place;
use crate::room_store as store;

/// A day of a place that takes on only so many orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Day {
    /// The place.
    pub place_id: PlaceId,
    /// When the day began there.
    pub at: Time,
    /// The most orders it takes on.
    pub capacity: i64,
}

/// What came of a wish for room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoomTaken {
    /// It has room.
    Taken,
    /// The place has all the orders it takes that day.
    Full,
    /// Nobody counts that day yet: it is to be begun with [`day_begin_in`].
    NotBegun,
}

impl Place {
    /// When today began where the place is; a zone nobody knows counts as UTC.
    #[must_use]
    pub fn midnight(&self, now: Time) -> Time {
        let zone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        let day = now.timestamp().to_zoned(zone).start_of_day();
        day.map_or(now, |day| Time::from(day.timestamp()))
    }

    /// Today, if the place has a limit.
    #[must_use]
    pub fn limited_day(&self, now: Time) -> Option<Day> {
        self.daily_order_capacity.map(|capacity| Day {
            place_id: self.id,
            at: self.midnight(now),
            capacity: i64::from(capacity),
        })
    }
}

/// Takes room for one order, until an instant or for good. Whoever takes room at several places takes it in the
/// order of their identifiers, before any stock.
///
/// # Errors
/// The store's; `db.unique_violation` for an owner that has room.
pub async fn room_take_in(tx: &Tx, day: Day, owner: &str, expires_at: Option<Time>) -> Result<RoomTaken> {
    if !store::day_take(tx, day).await? {
        let run_out = store::rooms_lapse(tx, day).await?;
        if !store::day_give_back(tx, day.place_id, day.at, run_out).await? {
            return Ok(RoomTaken::NotBegun);
        }
        // Asked again even where nothing had run out: somebody else may have put it away since the first look.
        if !store::day_take(tx, day).await? {
            return Ok(RoomTaken::Full);
        }
    }
    store::room_insert(tx, day, owner, expires_at).await?;
    Ok(RoomTaken::Taken)
}

/// Begins to count a day on which a place has taken on `earlier` orders; one that is counted already stays as it is.
///
/// # Errors
/// The store's.
pub async fn day_begin_in(tx: &Tx, day: Day, earlier: i64) -> Result<()> {
    store::day_insert(tx, day, earlier).await
}

/// Orders that have room on a day; none where nobody counts it yet.
///
/// # Errors
/// The store's.
pub async fn room_taken_in(r: &Reader, day: Day) -> Result<Option<i64>> {
    store::day_taken(r, day).await
}

/// Orders that were kept on a day and have their room on one before: they count there, not here.
///
/// # Errors
/// The store's.
pub async fn room_carried_in(r: &Reader, day: Day) -> Result<i64> {
    store::rooms_carried(r, day).await
}

/// Makes room that has not run out last until another instant; false where there is none.
///
/// # Errors
/// The store's.
pub async fn room_extend_in(tx: &Tx, owner: &str, until: Time) -> Result<bool> {
    store::room_extend(tx, owner, until).await
}

/// Keeps room for good; false where there is none. Who was in time keeps it, so this is for them only.
///
/// # Errors
/// The store's.
pub async fn room_keep_in(tx: &Tx, owner: &str) -> Result<bool> {
    store::room_keep(tx, owner).await
}

/// Gives room back; false where there was none.
///
/// # Errors
/// The store's.
pub async fn room_release_in(tx: &Tx, owner: &str) -> Result<bool> {
    let Some((place, at)) = store::room_delete(tx, owner).await? else {
        return Ok(false);
    };
    store::day_give_back(tx, place, at, 1).await
}

/// Forgets days that began before an instant. Nobody asks about them any more.
///
/// # Errors
/// The store's.
pub async fn days_forget_in(tx: &Tx, before: Time) -> Result<u64> {
    store::days_delete(tx, before).await
}
