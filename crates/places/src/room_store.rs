//! SQL of room. No decisions.

use base::{PlaceId, Result, Time};
use db::{Reader, Tx, params};

use crate::room::Day;

/// Takes one of a day's orders, if the limit allows.
pub(crate) async fn day_take(tx: &Tx, day: Day) -> Result<bool> {
    let sql = "UPDATE places_day SET taken = taken + 1, capacity = $3 \
               WHERE day_at = $1 AND place_id = $2 AND earlier + taken < $3";
    let params = params![day.at, day.place_id, day.capacity];
    Ok(tx.execute(sql, params).await? == 1)
}

/// Gives orders of a day back; false where nobody counts that day.
pub(crate) async fn day_give_back(tx: &Tx, place: PlaceId, at: Time, orders: i64) -> Result<bool> {
    let sql = "UPDATE places_day SET taken = taken - $3 WHERE day_at = $1 AND place_id = $2";
    Ok(tx.execute(sql, params![at, place, orders]).await? == 1)
}

pub(crate) async fn day_insert(tx: &Tx, day: Day, earlier: i64) -> Result<()> {
    let sql = "INSERT INTO places_day (place_id, day_at, capacity, earlier, taken) VALUES ($1, $2, $3, $4, 0) \
               ON CONFLICT (day_at, place_id) DO NOTHING";
    let capacity = day.capacity.max(earlier);
    tx.execute(sql, params![day.place_id, day.at, capacity, earlier])
        .await?;
    Ok(())
}

pub(crate) async fn day_taken(r: &Reader, day: Day) -> Result<Option<i64>> {
    let sql = "SELECT d.earlier + d.taken - (SELECT COUNT(*) FROM places_room o WHERE o.day_at = d.day_at \
                   AND o.place_id = d.place_id AND o.expires_at <= $3) \
               FROM places_day d WHERE d.day_at = $1 AND d.place_id = $2";
    let row = r.query_opt(sql, params![day.at, day.place_id, r.now()]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// Takes away what has run out on a day; answers how much.
pub(crate) async fn rooms_lapse(tx: &Tx, day: Day) -> Result<i64> {
    let sql = "DELETE FROM places_room WHERE day_at = $1 AND place_id = $2 AND expires_at <= $3";
    let gone = tx.execute(sql, params![day.at, day.place_id, tx.now()]).await?;
    Ok(i64::try_from(gone).unwrap_or(i64::MAX))
}

pub(crate) async fn rooms_carried(r: &Reader, day: Day) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM places_room WHERE day_at < $1 AND place_id = $2 AND kept_at >= $1";
    r.query_one(sql, params![day.at, day.place_id]).await?.get(0)
}

pub(crate) async fn room_insert(tx: &Tx, day: Day, owner: &str, expires_at: Option<Time>) -> Result<()> {
    let kept_at = expires_at.is_none().then(|| tx.now());
    let sql = "INSERT INTO places_room (owner, place_id, day_at, expires_at, kept_at) \
               VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, params![owner, day.place_id, day.at, expires_at, kept_at])
        .await?;
    Ok(())
}

pub(crate) async fn room_extend(tx: &Tx, owner: &str, until: Time) -> Result<bool> {
    let sql = "UPDATE places_room SET expires_at = $2 WHERE owner = $1 AND expires_at > $3";
    Ok(tx.execute(sql, params![owner, until, tx.now()]).await? == 1)
}

pub(crate) async fn room_keep(tx: &Tx, owner: &str) -> Result<bool> {
    let sql = "UPDATE places_room SET expires_at = NULL, kept_at = $2 WHERE owner = $1 AND expires_at > $2";
    Ok(tx.execute(sql, params![owner, tx.now()]).await? == 1)
}

/// Takes room away; answers where it was.
pub(crate) async fn room_delete(tx: &Tx, owner: &str) -> Result<Option<(PlaceId, Time)>> {
    let sql = "DELETE FROM places_room WHERE owner = $1 RETURNING place_id, day_at";
    let rows = tx.query_write(sql, params![owner]).await?;
    rows.first().map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

pub(crate) async fn days_delete(tx: &Tx, before: Time) -> Result<u64> {
    tx.execute("DELETE FROM places_room WHERE day_at < $1", params![before])
        .await?;
    tx.execute("DELETE FROM places_day WHERE day_at < $1", params![before])
        .await
}
