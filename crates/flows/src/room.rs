//! Room at places that take on only so many orders a day: taken with an order's stock, kept when it is paid, given
//! back with it. Places without a limit cost nothing here.

use base::{Error, FulfilmentId, Result, Text, Time};
use db::{Reader, Tx};
use orders::OrderHead;
use places::{Book, Day, RoomTaken};

use crate::error::PLACE_FULL;

/// Room that one of an order's fulfilments needs.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) owner: FulfilmentId,
    pub(crate) place_name: Text,
    pub(crate) day: Day,
}

/// The room an order needs as it is planned: today's, at the places that have a limit.
pub(crate) fn planned(order: &OrderHead, book: &Book, now: Time) -> Vec<Room> {
    let planned = order.plan.fulfilments.iter().filter_map(|planned| {
        Some(Room {
            owner: planned.id,
            place_name: planned.place_name.clone(),
            day: book.get(planned.place_id)?.limited_day(now)?,
        })
    });
    in_order(planned.collect())
}

/// In the order in which room is taken.
pub(crate) fn in_order(mut rooms: Vec<Room>) -> Vec<Room> {
    rooms.sort_unstable_by_key(|room| room.day.place_id);
    rooms
}

/// Orders a place with a limit has taken on today, those that wait for their money included.
pub(crate) async fn taken_in(r: &Reader, day: Day) -> Result<i64> {
    match places::room_taken_in(r, day).await? {
        Some(taken) => Ok(taken),
        None => earlier_in(r, day).await,
    }
}

/// Orders a place took on today before its room was counted: its limit came in the middle of the day.
async fn earlier_in(r: &Reader, day: Day) -> Result<i64> {
    let carried = places::room_carried_in(r, day).await?;
    let taken = orders::fulfilment_taken_in(r, day.place_id, day.at, day.capacity + carried).await?;
    Ok((taken - carried).max(0))
}

/// Takes room for all, until an instant or for good.
///
/// # Errors
/// `checkout.place_full`.
pub(crate) async fn take_in(tx: &Tx, rooms: &[Room], until: Option<Time>) -> Result<()> {
    for room in rooms {
        take_one_in(tx, room, until).await?;
    }
    Ok(())
}

async fn take_one_in(tx: &Tx, room: &Room, until: Option<Time>) -> Result<()> {
    let owner = room.owner.to_string();
    let mut taken = places::room_take_in(tx, room.day, &owner, until).await?;
    if taken == RoomTaken::NotBegun {
        let earlier = earlier_in(tx, room.day).await?;
        places::day_begin_in(tx, room.day, earlier).await?;
        taken = places::room_take_in(tx, room.day, &owner, until).await?;
    }
    match taken {
        RoomTaken::Taken => Ok(()),
        RoomTaken::Full | RoomTaken::NotBegun => Err(full(&room.place_name, room.day)),
    }
}

/// Keeps the room of an order that is paid in time. Where there is none the limit is younger than the order, which
/// was promised before it.
pub(crate) async fn keep_in(tx: &Tx, rooms: &[Room]) -> Result<()> {
    for room in rooms {
        places::room_keep_in(tx, &room.owner.to_string()).await?;
    }
    Ok(())
}

/// Keeps the room of an order that is paid late: its own if nobody has taken that away, else what is free today.
///
/// # Errors
/// `checkout.place_full`; nothing is taken then.
pub(crate) async fn keep_late_in(tx: &Tx, rooms: &[Room]) -> Result<()> {
    if rooms.is_empty() {
        return Ok(());
    }
    tx.attempt(async |tx: &Tx| {
        for room in rooms {
            let owner = room.owner.to_string();
            if !places::room_keep_in(tx, &owner).await? {
                places::room_release_in(tx, &owner).await?;
                take_one_in(tx, room, None).await?;
            }
        }
        Ok(())
    })
    .await
}

/// Makes an order's room last until another instant; what has run out is taken anew.
///
/// # Errors
/// `checkout.place_full`.
pub(crate) async fn extend_in(tx: &Tx, rooms: &[Room], until: Time) -> Result<()> {
    for room in rooms {
        let owner = room.owner.to_string();
        if !places::room_extend_in(tx, &owner, until).await? {
            places::room_release_in(tx, &owner).await?;
            take_one_in(tx, room, Some(until)).await?;
        }
    }
    Ok(())
}

/// Gives the room of all back.
pub(crate) async fn release_in(tx: &Tx, rooms: &[Room]) -> Result<()> {
    for room in rooms {
        places::room_release_in(tx, &room.owner.to_string()).await?;
    }
    Ok(())
}

/// The refusal of a place that has all the orders it takes today.
pub(crate) fn full(place: &Text, day: Day) -> Error {
    Error::new(&PLACE_FULL)
        .with("place", place.zh.clone())
        .with("place_id", day.place_id.to_string())
        .with("capacity", day.capacity)
}
