//! SQL of replays.

use base::{OrderId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::replay::{Basis, Replay, ReplayId, ReplayResult, ReplayState, ReplayedOrder};
use crate::store::word;

const COLUMNS: &str = "id, state, base_version, rules_json, from_at, to_at, note, actor, orders_total, orders_done, \
    result_json, created_at, updated_at, finished_at";

fn replay(row: &Row) -> Result<Replay> {
    Ok(Replay {
        id: row.get(0)?,
        state: word(&ReplayState::ALL, ReplayState::as_str, row.text(1)?)?,
        base_version: row.get(2)?,
        rules: row.json(3)?,
        from: row.get(4)?,
        to: row.get(5)?,
        note: row.get(6)?,
        actor: row.get(7)?,
        orders_total: row.get(8)?,
        orders_done: row.get(9)?,
        result: row.json(10)?,
        created_at: row.get(11)?,
        updated_at: row.get(12)?,
        finished_at: row.get(13)?,
    })
}

/// Adds a replay that starts with `base`; false when another is running.
pub(crate) async fn add(tx: &Tx, replay: &Replay, base: &Value) -> Result<bool> {
    let sql = format!(
        "INSERT INTO sourcing_replay ({COLUMNS}, base_json) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING"
    );
    let values = vec![
        replay.id.into(),
        replay.state.as_str().into(),
        replay.base_version.into(),
        db::json(&replay.rules)?,
        replay.from.into(),
        replay.to.into(),
        replay.note.as_deref().into(),
        replay.actor.as_str().into(),
        replay.orders_total.into(),
        replay.orders_done.into(),
        db::json(&replay.result)?,
        replay.created_at.into(),
        replay.updated_at.into(),
        replay.finished_at.into(),
        base.clone(),
    ];
    Ok(tx.execute(&sql, &values).await? == 1)
}

pub(crate) async fn running(reader: &Reader) -> Result<Option<ReplayId>> {
    let sql = "SELECT id FROM sourcing_replay WHERE state = 'running'";
    reader
        .query_opt(sql, params![])
        .await?
        .map(|row| row.get(0))
        .transpose()
}

pub(crate) async fn get(reader: &Reader, id: ReplayId) -> Result<Option<Replay>> {
    let sql = format!("SELECT {COLUMNS} FROM sourcing_replay WHERE id = $1");
    reader
        .query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(replay)
        .transpose()
}

/// The rules a replay compares with, as they were when it was started, and the last order worked off.
pub(crate) async fn base_and_cursor(
    reader: &Reader,
    id: ReplayId,
) -> Result<(crate::Rules, Option<(Time, OrderId)>)> {
    let sql = "SELECT base_json, cursor_json FROM sourcing_replay WHERE id = $1";
    let row = reader.query_one(sql, params![id]).await?;
    let cursor: Option<String> = row.get(1)?;
    let cursor = match cursor {
        Some(_) => Some(row.json(1)?),
        None => None,
    };
    Ok((row.json(0)?, cursor))
}

pub(crate) async fn list(
    reader: &Reader,
    before: Option<(Time, ReplayId)>,
    limit: i64,
) -> Result<Vec<Replay>> {
    let (at, id) = before.map_or((None, None), |(at, id)| (Some(at), Some(id)));
    let sql = format!(
        "SELECT {COLUMNS} FROM sourcing_replay \
         WHERE (CAST($1 AS BIGINT) IS NULL OR (created_at, id) < ($1, $2)) \
         ORDER BY created_at DESC, id DESC LIMIT $3"
    );
    let rows = reader.query(&sql, params![at, id, limit]).await?;
    rows.iter().map(replay).collect()
}

/// Moves a replay on from `done` orders; false when somebody else has, or it was stopped.
pub(crate) async fn advance(tx: &Tx, id: ReplayId, done: i64, next: &Progress<'_>) -> Result<bool> {
    let sql = "UPDATE sourcing_replay SET orders_done = $3, orders_total = $4, result_json = $5, cursor_json = $6, \
        state = $7, finished_at = $8, updated_at = $9 WHERE id = $1 AND orders_done = $2 AND state = 'running'";
    let state = if next.finished {
        ReplayState::Done
    } else {
        ReplayState::Running
    };
    let values = vec![
        id.into(),
        done.into(),
        next.done.into(),
        next.total.into(),
        db::json(next.result)?,
        next.cursor
            .as_ref()
            .map(db::json)
            .transpose()?
            .unwrap_or(Value::Null),
        state.as_str().into(),
        next.finished.then(|| tx.now()).into(),
        tx.now().into(),
    ];
    Ok(tx.execute(sql, &values).await? == 1)
}

/// How far a replay is.
pub(crate) struct Progress<'a> {
    pub(crate) done: i64,
    pub(crate) total: i64,
    pub(crate) result: &'a ReplayResult,
    pub(crate) cursor: Option<(Time, OrderId)>,
    pub(crate) finished: bool,
}

pub(crate) async fn stop(tx: &Tx, id: ReplayId) -> Result<bool> {
    let sql = "UPDATE sourcing_replay SET state = 'stopped', finished_at = $2, updated_at = $2 \
        WHERE id = $1 AND state = 'running'";
    Ok(tx.execute(sql, params![id, tx.now()]).await? == 1)
}

pub(crate) async fn orders_add(tx: &Tx, id: ReplayId, orders: &[&ReplayedOrder]) -> Result<()> {
    let rows = orders
        .iter()
        .map(|order| {
            Ok(vec![
                id.into(),
                order.order_id.into(),
                order.number.as_str().into(),
                order.placed_at.into(),
                order.basis.as_str().into(),
                db::json(&order.before)?,
                db::json(&order.after)?,
                order.saved_minor.into(),
            ])
        })
        .collect::<Result<Vec<Vec<Value>>>>()?;
    let columns = "sourcing_replay_order (replay_id, order_id, number, placed_at, basis, before_json, after_json, \
        saved_minor)";
    tx.insert_many(columns, &rows, "ON CONFLICT (replay_id, order_id) DO NOTHING")
        .await?;
    Ok(())
}

/// The changed orders of a replay after a key, those that cost most more first.
pub(crate) async fn orders(
    reader: &Reader,
    id: ReplayId,
    after: Option<(i64, OrderId)>,
    limit: i64,
) -> Result<Vec<ReplayedOrder>> {
    let (saved, order) = after.map_or((None, None), |(saved, order)| (Some(saved), Some(order)));
    let rows = reader
        .query(
            "SELECT order_id, number, placed_at, basis, before_json, after_json, saved_minor \
             FROM sourcing_replay_order WHERE replay_id = $1 \
             AND (CAST($2 AS BIGINT) IS NULL OR (saved_minor, order_id) > ($2, $3)) \
             ORDER BY saved_minor, order_id LIMIT $4",
            params![id, saved, order, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ReplayedOrder {
                order_id: row.get(0)?,
                number: row.get(1)?,
                placed_at: row.get(2)?,
                basis: word(&Basis::ALL, Basis::as_str, row.text(3)?)?,
                before: row.json(4)?,
                after: row.json(5)?,
                saved_minor: row.get(6)?,
            })
        })
        .collect()
}
