//! SQL of visits. No decisions.

use base::{PlaceId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use super::model::{DoorCount, VisitsOfDay};

const DAY_MICROS: i64 = 86_400_000_000;
const COLUMNS: &str = "place_id, counter, from_at, to_at, entered";

fn count(row: &Row) -> Result<DoorCount> {
    Ok(DoorCount {
        place_id: row.get(0)?,
        counter: row.get(1)?,
        from_at: row.get(2)?,
        to_at: row.get(3)?,
        entered: row.get(4)?,
    })
}

/// What the counters of a place told of intervals that begin within a period.
pub(crate) async fn told(r: &Reader, place: PlaceId, from: Time, to: Time) -> Result<Vec<DoorCount>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM places_visit WHERE place_id = $1 AND from_at >= $2 AND from_at < $3 \
         ORDER BY counter, from_at"
    );
    r.query(&sql, params![place, from, to])
        .await?
        .iter()
        .map(count)
        .collect()
}

fn rows(tx: &Tx, actor: &str, counts: &[DoorCount]) -> Vec<Vec<Value>> {
    let row = |count: &DoorCount| {
        vec![
            count.place_id.into(),
            count.counter.trim().into(),
            count.from_at.into(),
            count.to_at.into(),
            count.entered.into(),
            actor.into(),
            tx.now().into(),
        ]
    };
    counts.iter().map(row).collect()
}

const TABLE: &str = "places_visit (place_id, counter, from_at, to_at, entered, actor, recorded_at)";

/// Writes counts; those told before are replaced.
pub(crate) async fn put(tx: &Tx, actor: &str, counts: &[DoorCount]) -> Result<()> {
    let update = "ON CONFLICT (place_id, counter, from_at) DO UPDATE SET to_at = excluded.to_at, \
                  entered = excluded.entered, actor = excluded.actor, recorded_at = excluded.recorded_at";
    tx.insert_many(TABLE, &rows(tx, actor, counts), update).await?;
    Ok(())
}

/// Writes counts; those told before stay.
pub(crate) async fn add(tx: &Tx, actor: &str, counts: &[DoorCount]) -> Result<()> {
    let rows = rows(tx, actor, counts);
    tx.insert_many(
        TABLE,
        &rows,
        "ON CONFLICT (place_id, counter, from_at) DO NOTHING",
    )
    .await?;
    Ok(())
}

/// Sums by place and days of 24 hours counted from `from`.
pub(crate) async fn by_day(r: &Reader, from: Time, to: Time) -> Result<Vec<VisitsOfDay>> {
    let sql = "SELECT place_id, (from_at - $1) / $3, CAST(SUM(entered) AS BIGINT) FROM places_visit \
               WHERE from_at >= $1 AND from_at < $2 GROUP BY place_id, (from_at - $1) / $3 ORDER BY 1, 2";
    r.query(sql, params![from, to, DAY_MICROS])
        .await?
        .iter()
        .map(|row| {
            Ok(VisitsOfDay {
                place_id: row.get(0)?,
                day: row.get(1)?,
                entered: row.get(2)?,
            })
        })
        .collect()
}
