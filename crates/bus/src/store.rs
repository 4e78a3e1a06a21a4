//! The SQL of the outbox.

use base::{Result, Time};
use db::{Engine, Reader, Row, Tx, dialect, params};

use crate::event::Envelope;
use crate::run::Parked;

/// Rung when events were emitted.
pub(crate) const BELL: &str = "bus";
/// The most events given their position in one transaction.
const PLACED_AT_ONCE: i64 = 1_000;
/// The most events forgotten in one transaction: nobody waits long behind it.
const FORGOTTEN_AT_ONCE: i64 = 1_000;

const COLUMNS: &str = "id, position, kind, aggregate, place_id, occurred_at, actor, request_id, data_json";

fn envelope(row: &Row) -> Result<Envelope> {
    Ok(Envelope {
        id: row.get(0)?,
        position: row.get(1)?,
        kind: row.get(2)?,
        aggregate: row.get(3)?,
        place_id: row.get(4)?,
        occurred_at: row.get(5)?,
        actor: row.get(6)?,
        request_id: row.get(7)?,
        data: row.get(8)?,
    })
}

/// Whether committed events wait for their position. On SQLite the row number is the position.
pub(crate) async fn has_unplaced(reader: &Reader) -> Result<bool> {
    if reader.engine() == Engine::Sqlite {
        return Ok(false);
    }
    let found = reader
        .query(
            "SELECT 1 FROM bus_outbox WHERE position IS NULL LIMIT 1",
            params![],
        )
        .await?;
    Ok(!found.is_empty())
}

/// Gives positions to what is committed and has none, oldest entry first. One node at a time; the statement
/// sees what was committed when it begins. An event that follows another of its aggregate was written after
/// that one's commit, so it can be seen only together with it or later, and has the higher entry.
pub(crate) async fn place(tx: &Tx) -> Result<bool> {
    dialect::lease(tx, "bus.place").await?;
    let placed = tx
        .execute(
            "UPDATE bus_outbox AS o SET position = fresh.position
             FROM (
                 SELECT entry, last.position + ROW_NUMBER() OVER (ORDER BY entry) AS position
                 FROM bus_outbox, (SELECT COALESCE(MAX(position), 0) AS position FROM bus_outbox) AS last
                 WHERE bus_outbox.position IS NULL
                 ORDER BY entry
                 LIMIT $1
             ) AS fresh
             WHERE o.entry = fresh.entry",
            params![PLACED_AT_ONCE],
        )
        .await?;
    Ok(placed == PLACED_AT_ONCE.unsigned_abs())
}

/// The position of the newest event.
pub(crate) async fn head(reader: &Reader) -> Result<i64> {
    let row = reader
        .query_one("SELECT COALESCE(MAX(position), 0) FROM bus_outbox", params![])
        .await?;
    row.get(0)
}

/// Events after a position, in order.
pub(crate) async fn after(reader: &Reader, position: i64, limit: i64) -> Result<Vec<Envelope>> {
    let sql = format!("SELECT {COLUMNS} FROM bus_outbox WHERE position > $1 ORDER BY position LIMIT $2");
    reader
        .query(&sql, params![position, limit])
        .await?
        .iter()
        .map(envelope)
        .collect()
}

/// One event.
pub(crate) async fn at(reader: &Reader, position: i64) -> Result<Envelope> {
    let sql = format!("SELECT {COLUMNS} FROM bus_outbox WHERE position = $1");
    envelope(&reader.query_one(&sql, params![position]).await?)
}

/// Forgets the oldest events: those from before an instant, up to a position, to which everybody has come, some at a
/// time. What waits for somebody stays with all that follows it, and the newest stays, for it says how far the
/// positions are. Tells whether there may be more.
pub(crate) async fn forget(tx: &Tx, before: Time, upto: i64) -> Result<bool> {
    let sql = "SELECT position, occurred_at,
            (SELECT COALESCE(MIN(position), $2 + 1) FROM bus_parked),
            (SELECT COALESCE(MAX(position), 0) FROM bus_outbox)
        FROM bus_outbox WHERE position <= $2 ORDER BY position LIMIT $1";
    let rows = tx.query(sql, params![FORGOTTEN_AT_ONCE, upto]).await?;
    let mut last = None;
    for row in &rows {
        let (position, occurred_at): (i64, Time) = (row.get(0)?, row.get(1)?);
        if occurred_at >= before || position >= row.get(2)? || position >= row.get(3)? {
            break;
        }
        last = Some(position);
    }
    let Some(last) = last else { return Ok(false) };
    let gone = tx
        .execute("DELETE FROM bus_outbox WHERE position <= $1", params![last])
        .await?;
    Ok(gone == FORGOTTEN_AT_ONCE.unsigned_abs())
}

/// How far a subscriber has come.
pub(crate) async fn cursor(reader: &Reader, subscriber: &str) -> Result<i64> {
    let sql = "SELECT position FROM bus_cursor WHERE subscriber = $1";
    let row = reader.query_opt(sql, params![subscriber]).await?;
    row.map_or(Ok(0), |r| r.get(0))
}

/// Moves a subscriber's cursor, unless another node has moved it meanwhile.
pub(crate) async fn advance(tx: &Tx, subscriber: &str, from: i64, to: i64) -> Result<bool> {
    let moved = tx
        .execute(
            "INSERT INTO bus_cursor (subscriber, position, updated_at) VALUES ($1, $3, $4)
             ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at
             WHERE bus_cursor.position = $2",
            params![subscriber, from, to, tx.now()],
        )
        .await?;
    Ok(moved == 1)
}

/// Aggregates a subscriber is stuck on.
pub(crate) async fn stuck(reader: &Reader, subscriber: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT aggregate FROM bus_parked WHERE subscriber = $1";
    reader
        .query(sql, params![subscriber])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// Sets an event aside for a subscriber.
pub(crate) async fn park(
    tx: &Tx,
    subscriber: &str,
    event: &Envelope,
    attempts: i64,
    retry_at: Time,
    reason: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO bus_parked (subscriber, position, aggregate, attempts, retry_at, reason, parked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            subscriber,
            event.position,
            event.aggregate,
            attempts,
            retry_at,
            reason,
            tx.now()
        ],
    )
    .await?;
    Ok(())
}

/// Takes a parked event off the list; false when another node has.
pub(crate) async fn unpark(tx: &Tx, subscriber: &str, position: i64) -> Result<bool> {
    let sql = "DELETE FROM bus_parked WHERE subscriber = $1 AND position = $2";
    Ok(tx.execute(sql, params![subscriber, position]).await? == 1)
}

/// Records one more failed try.
pub(crate) async fn tried(tx: &Tx, parked: &Parked, retry_at: Option<Time>, reason: &str) -> Result<()> {
    tx.execute(
        "UPDATE bus_parked SET attempts = attempts + 1, retry_at = $4, reason = $5
         WHERE subscriber = $1 AND position = $2 AND attempts = $3",
        params![
            parked.subscriber,
            parked.position,
            parked.attempts,
            retry_at,
            reason
        ],
    )
    .await?;
    Ok(())
}

/// The first parked event of each subscriber and aggregate, where its time has come.
pub(crate) async fn due(reader: &Reader, limit: i64) -> Result<Vec<Parked>> {
    let sql = "SELECT p.subscriber, p.position, p.aggregate, p.attempts, p.retry_at, p.reason, p.parked_at
        FROM bus_parked AS p
        WHERE p.retry_at <= $1 AND NOT EXISTS (
            SELECT 1 FROM bus_parked AS earlier
            WHERE earlier.subscriber = p.subscriber AND earlier.aggregate = p.aggregate
              AND earlier.position < p.position)
        ORDER BY p.position, p.subscriber LIMIT $2";
    reader
        .query(sql, params![reader.now(), limit])
        .await?
        .iter()
        .map(parked)
        .collect()
}

/// Everything parked, oldest first.
pub(crate) async fn all_parked(reader: &Reader, limit: i64) -> Result<Vec<Parked>> {
    let sql = "SELECT subscriber, position, aggregate, attempts, retry_at, reason, parked_at
        FROM bus_parked ORDER BY position, subscriber LIMIT $1";
    reader
        .query(sql, params![limit])
        .await?
        .iter()
        .map(parked)
        .collect()
}

/// Gives a parked event its tries back, from now.
pub(crate) async fn release(tx: &Tx, subscriber: &str, position: i64) -> Result<bool> {
    let sql = "UPDATE bus_parked SET attempts = 0, retry_at = $3 WHERE subscriber = $1 AND position = $2";
    Ok(tx.execute(sql, params![subscriber, position, tx.now()]).await? == 1)
}

fn parked(row: &Row) -> Result<Parked> {
    Ok(Parked {
        subscriber: row.get(0)?,
        position: row.get(1)?,
        aggregate: row.get(2)?,
        attempts: row.get(3)?,
        retry_at: row.get(4)?,
        reason: row.get(5)?,
        parked_at: row.get(6)?,
    })
}
