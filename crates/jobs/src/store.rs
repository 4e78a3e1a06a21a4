//! The SQL of the job table.

use base::{JobId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::run::Dead;

/// Rung when a job was asked for.
pub(crate) const BELL: &str = "jobs";

/// A job whose time has come.
pub(crate) struct Due {
    pub(crate) id: JobId,
    pub(crate) kind: String,
    pub(crate) payload: String,
    pub(crate) attempts: i64,
}

pub(crate) async fn insert(
    tx: &Tx,
    id: JobId,
    kind: &str,
    dedupe_key: Option<String>,
    payload: Value,
    run_at: Time,
) -> Result<()> {
    tx.execute(
        "INSERT INTO jobs_job (id, kind, payload_json, dedupe_key, state, run_at, attempts, created_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6)
         ON CONFLICT (kind, dedupe_key) WHERE state = 'waiting' DO NOTHING",
        params![id, kind, payload, dedupe_key, run_at, tx.now()],
    )
    .await?;
    Ok(())
}

/// Jobs to run, longest due first.
pub(crate) async fn due(reader: &Reader, limit: i64) -> Result<Vec<Due>> {
    let sql = "SELECT id, kind, payload_json, attempts FROM jobs_job
        WHERE state = 'waiting' AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
        ORDER BY run_at, id LIMIT $2";
    let rows = reader.query(sql, params![reader.now(), limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                id: row.get(0)?,
                kind: row.get(1)?,
                payload: row.get(2)?,
                attempts: row.get(3)?,
            })
        })
        .collect()
}

/// Takes a job for a while; false when another node has it. A try counts from here: one that takes its
/// process down with it must not be tried for ever.
pub(crate) async fn claim(tx: &Tx, id: JobId, attempts: i64, until: Time) -> Result<bool> {
    let claimed = tx
        .execute(
            "UPDATE jobs_job SET leased_until = $3, attempts = attempts + 1
             WHERE id = $1 AND attempts = $2 AND state = 'waiting'
               AND (leased_until IS NULL OR leased_until <= $4)",
            params![id, attempts, until, tx.now()],
        )
        .await?;
    Ok(claimed == 1)
}

pub(crate) async fn finish(tx: &Tx, id: JobId, attempts: i64) -> Result<()> {
    tx.execute(
        "DELETE FROM jobs_job WHERE id = $1 AND attempts = $2",
        params![id, attempts],
    )
    .await?;
    Ok(())
}

/// Puts a job back for later.
pub(crate) async fn put_back(tx: &Tx, id: JobId, attempts: i64, run_at: Time, reason: &str) -> Result<()> {
    tx.execute(
        "UPDATE jobs_job SET run_at = $3, leased_until = NULL, reason = $4 WHERE id = $1 AND attempts = $2",
        params![id, attempts, run_at, reason],
    )
    .await?;
    Ok(())
}

/// Gives a job up.
pub(crate) async fn bury(tx: &Tx, id: JobId, attempts: i64, reason: &str) -> Result<()> {
    tx.execute(
        "UPDATE jobs_job SET state = 'dead', leased_until = NULL, reason = $3 WHERE id = $1 AND attempts = $2",
        params![id, attempts, reason],
    )
    .await?;
    Ok(())
}

pub(crate) async fn dead(reader: &Reader, limit: i64) -> Result<Vec<Dead>> {
    let sql = "SELECT id, kind, payload_json, attempts, reason, run_at FROM jobs_job
        WHERE state = 'dead' ORDER BY id LIMIT $1";
    reader
        .query(sql, params![limit])
        .await?
        .iter()
        .map(row_dead)
        .collect()
}

fn row_dead(row: &Row) -> Result<Dead> {
    Ok(Dead {
        id: row.get(0)?,
        kind: row.get(1)?,
        payload: row.json(2)?,
        attempts: row.get(3)?,
        reason: row.get::<Option<String>>(4)?.unwrap_or_default(),
        run_at: row.get(5)?,
    })
}

/// Lets a dead job live again, unless its like waits already.
pub(crate) async fn revive(tx: &Tx, id: JobId) -> Result<bool> {
    let revived = tx
        .execute(
            "UPDATE jobs_job SET state = 'waiting', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead'",
            params![id, tx.now()],
        )
        .await?;
    Ok(revived == 1)
}
