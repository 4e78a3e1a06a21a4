//! SQL of transfers. No decisions.

use std::collections::HashMap;

use base::{Error, OrderId, PlaceId, Result, SkuId, Time, TransferId};
use db::{Reader, Row, Tx, Value, params};

use super::model::{
    Bound, ShortReason, StepKind, StepLine, Stored, TransferLine, TransferOrder, TransferState, TransferStep,
    TransferSummary,
};
use crate::balance_store::{placeholders, within};

const HEAD: &str = "t.id, t.from_place_id, t.to_place_id, t.state, t.note, t.requested_by, t.requested_at, \
     t.updated_at, t.version, t.due_at, t.order_id, t.order_number";

pub(super) async fn insert(tx: &Tx, transfer: &Stored) -> Result<()> {
    let bound = transfer.bound.as_ref();
    tx.execute(
        "INSERT INTO stock_transfer (id, from_place_id, to_place_id, state, note, requested_by, requested_at, \
         updated_at, version, hold_id, due_at, order_id, order_number, kept_for) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            transfer.id,
            transfer.from,
            transfer.to,
            transfer.state.as_str(),
            transfer.note.as_deref(),
            transfer.requested_by.as_str(),
            transfer.requested_at,
            transfer.updated_at,
            transfer.version,
            transfer.hold_id,
            transfer.due_at,
            bound.map(|bound| bound.order.order_id),
            bound.map(|bound| bound.order.order_number.as_str()),
            bound.map(|bound| bound.kept_for.as_str())
        ],
    )
    .await?;
    let zero = || Value::Int(0);
    let rows: Vec<Vec<Value>> = transfer
        .lines
        .iter()
        .map(|line| {
            vec![
                transfer.id.into(),
                line.sku_id.into(),
                line.requested.into(),
                line.approved.into(),
                zero(),
                zero(),
                zero(),
                zero(),
                zero(),
                line.promised.into(),
            ]
        })
        .collect();
    let table = "stock_transfer_line (transfer_id, sku_id, requested, approved, picked, arrived, damaged, lost, kept, \
                 promised)";
    tx.insert_many(table, &rows, "").await?;
    Ok(())
}

/// A transfer with its lines.
pub(super) async fn get(reader: &Reader, id: TransferId) -> Result<Stored> {
    let sql =
        format!("SELECT {HEAD}, t.hold_id, t.kept_for, t.news_at FROM stock_transfer t WHERE t.id = $1");
    let row = reader.query_opt(&sql, params![id]).await?;
    let row = row.ok_or_else(|| Error::not_found("transfer", id))?;
    let state = TransferState::parse(row.text(3)?)?;
    Ok(Stored {
        id,
        from: row.get(1)?,
        to: row.get(2)?,
        state,
        note: row.get(4)?,
        requested_by: row.get(5)?,
        requested_at: row.get(6)?,
        updated_at: row.get(7)?,
        version: row.get(8)?,
        due_at: row.get(9)?,
        hold_id: row.get(12)?,
        bound: bound(&row)?,
        news_at: row.get(14)?,
        lines: lines(reader, id, state).await?,
    })
}

fn for_order(row: &Row) -> Result<Option<TransferOrder>> {
    let Some(order_id) = row.get::<Option<OrderId>>(10)? else {
        return Ok(None);
    };
    let number: Option<String> = row.get(11)?;
    Ok(Some(TransferOrder {
        order_id,
        order_number: number.unwrap_or_default(),
    }))
}

fn bound(row: &Row) -> Result<Option<Bound>> {
    let kept_for: Option<String> = row.get(13)?;
    Ok(for_order(row)?
        .zip(kept_for)
        .map(|(order, kept_for)| Bound { order, kept_for }))
}

async fn lines(reader: &Reader, id: TransferId, state: TransferState) -> Result<Vec<TransferLine>> {
    let sql = "SELECT sku_id, requested, approved, picked, arrived, damaged, lost, kept, reason, promised \
               FROM stock_transfer_line WHERE transfer_id = $1 ORDER BY sku_id";
    let rows = reader.query(sql, params![id]).await?;
    rows.iter()
        .map(|row| {
            let mut line = TransferLine {
                sku_id: row.get(0)?,
                requested: row.get(1)?,
                approved: row.get(2)?,
                picked: row.get(3)?,
                arrived: row.get(4)?,
                damaged: row.get(5)?,
                lost: row.get(6)?,
                kept: row.get(7)?,
                on_the_road: 0,
                promised: row.get(9)?,
                reason: row
                    .get::<Option<String>>(8)?
                    .as_deref()
                    .map(ShortReason::parse)
                    .transpose()?,
            };
            if state.on_the_road() {
                line.on_the_road = line.picked - line.arrived - line.damaged - line.lost - line.kept;
            }
            Ok(line)
        })
        .collect()
}

/// Writes a transfer over the version it was read at; false when somebody was faster.
pub(super) async fn update(tx: &Tx, transfer: &Stored) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE stock_transfer SET state = $3, hold_id = $4, updated_at = $5, due_at = $6, news_at = $7, \
             version = version + 1 WHERE id = $1 AND version = $2",
            params![
                transfer.id,
                transfer.version,
                transfer.state.as_str(),
                transfer.hold_id,
                tx.now(),
                transfer.due_at,
                transfer.news_at
            ],
        )
        .await?;
    let rows: Vec<Vec<Value>> = transfer
        .lines
        .iter()
        .map(|line| {
            vec![
                transfer.id.into(),
                line.sku_id.into(),
                line.approved.into(),
                line.picked.into(),
                line.arrived.into(),
                line.damaged.into(),
                line.lost.into(),
                line.kept.into(),
                line.reason.map(ShortReason::as_str).into(),
                line.promised.into(),
            ]
        })
        .collect();
    let sql = "UPDATE stock_transfer_line SET approved = $3, picked = $4, arrived = $5, damaged = $6, lost = $7, \
               kept = $8, reason = $9, promised = $10 WHERE transfer_id = $1 AND sku_id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(changed == 1)
}

/// Transfers with something that their orders do not know yet, the oldest first.
pub(super) async fn news(reader: &Reader, after: Option<TransferId>, limit: i64) -> Result<Vec<TransferId>> {
    let sql = "SELECT id FROM stock_transfer WHERE news_at IS NOT NULL \
               AND (CAST($1 AS TEXT) IS NULL OR id > $1) ORDER BY id LIMIT $2";
    let rows = reader.query(sql, params![after, limit]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Its order knows.
pub(super) async fn told(tx: &Tx, id: TransferId) -> Result<()> {
    let sql = "UPDATE stock_transfer SET news_at = NULL, version = version + 1 WHERE id = $1";
    tx.execute(sql, params![id]).await?;
    Ok(())
}

/// Adds what was done; a step follows those that are there.
pub(super) async fn step_add(tx: &Tx, id: TransferId, step: &TransferStep) -> Result<()> {
    tx.execute(
        "INSERT INTO stock_transfer_step (transfer_id, nth, kind, actor, happened_at, note, lines_json) \
         VALUES ($1, (SELECT COUNT(*) + 1 FROM stock_transfer_step WHERE transfer_id = $1), $2, $3, $4, $5, $6)",
        params![
            id,
            step.kind.as_str(),
            step.actor.as_str(),
            step.at,
            step.note.as_deref(),
            db::json(&step.lines)?
        ],
    )
    .await?;
    Ok(())
}

/// What was done to a transfer, the first first.
pub(super) async fn steps(reader: &Reader, id: TransferId) -> Result<Vec<TransferStep>> {
    let sql = "SELECT kind, actor, happened_at, note, lines_json FROM stock_transfer_step \
               WHERE transfer_id = $1 ORDER BY nth";
    let rows = reader.query(sql, params![id]).await?;
    rows.iter()
        .map(|row| {
            let lines: Vec<StepLine> = row.json(4)?;
            Ok(TransferStep {
                kind: StepKind::parse(row.text(0)?)?,
                actor: row.get(1)?,
                at: row.get::<Time>(2)?,
                note: row.get(3)?,
                lines,
            })
        })
        .collect()
}

/// What a list of transfers is narrowed to.
#[derive(Debug)]
pub(super) struct Query {
    /// Leaving one of these.
    pub(super) from: Option<Vec<PlaceId>>,
    /// Heading for one of these.
    pub(super) to: Option<Vec<PlaceId>>,
    /// Leaving or heading for one of these.
    pub(super) either: Option<Vec<PlaceId>>,
    pub(super) states: Option<Vec<TransferState>>,
    pub(super) before: Option<TransferId>,
    pub(super) limit: i64,
}

/// Transfers, newest first.
pub(super) async fn list(reader: &Reader, query: &Query) -> Result<Vec<TransferSummary>> {
    let mut params: Vec<Value> = vec![query.before.into(), query.limit.into()];
    let mut conditions = String::from("(CAST($1 AS TEXT) IS NULL OR t.id < $1)");
    let ids = |places: &[PlaceId]| places.iter().map(|id| Value::from(*id)).collect::<Vec<_>>();
    for (column, places) in [("t.from_place_id", &query.from), ("t.to_place_id", &query.to)] {
        if let Some(places) = places {
            conditions.push_str(&within(column, ids(places).into_iter(), &mut params));
        }
    }
    if let Some(places) = &query.either {
        let first = params.len() + 1;
        params.extend(ids(places));
        let list = placeholders(first, places.len().max(1));
        if places.is_empty() {
            params.push(Value::Null);
        }
        conditions.push_str(&format!(
            " AND (t.from_place_id IN ({list}) OR t.to_place_id IN ({list}))"
        ));
    }
    if let Some(states) = &query.states {
        let states = states.iter().map(|state| Value::from(state.as_str()));
        conditions.push_str(&within("t.state", states, &mut params));
    }
    let sql = format!(
        "WITH stock_page AS (SELECT {HEAD} FROM stock_transfer t WHERE {conditions} ORDER BY t.id DESC LIMIT $2) \
         SELECT {HEAD}, f.skus, f.requested, f.picked, f.settled, f.promised FROM stock_page t \
         JOIN (SELECT transfer_id, COUNT(*) AS skus, CAST(SUM(requested) AS BIGINT) AS requested, \
             CAST(SUM(picked) AS BIGINT) AS picked, CAST(SUM(promised) AS BIGINT) AS promised, \
             CAST(SUM(arrived + damaged + lost + kept) AS BIGINT) AS settled FROM stock_transfer_line \
             WHERE transfer_id IN (SELECT id FROM stock_page) GROUP BY transfer_id) f ON f.transfer_id = t.id \
         ORDER BY t.id DESC"
    );
    reader.query(&sql, &params).await?.iter().map(summary).collect()
}

fn summary(row: &Row) -> Result<TransferSummary> {
    let state = TransferState::parse(row.text(3)?)?;
    let (picked, settled): (i64, i64) = (row.get(14)?, row.get(15)?);
    let has_left = state.on_the_road()
        || matches!(
            state,
            TransferState::Received | TransferState::Returned | TransferState::WrittenOff
        );
    Ok(TransferSummary {
        id: row.get(0)?,
        from_place_id: row.get(1)?,
        to_place_id: row.get(2)?,
        state,
        note: row.get(4)?,
        requested_by: row.get(5)?,
        requested_at: row.get(6)?,
        updated_at: row.get(7)?,
        version: row.get(8)?,
        due_at: row.get(9)?,
        for_order: for_order(row)?,
        promised: row.get(16)?,
        skus: row.get(12)?,
        requested: row.get(13)?,
        sent: if has_left { picked } else { 0 },
        on_the_road: if state.on_the_road() { picked - settled } else { 0 },
    })
}

/// Pieces that transfers have taken off a place's shelf: packed, and agreed to but not yet packed.
pub(crate) async fn picks_at(
    reader: &Reader,
    place: PlaceId,
) -> Result<(HashMap<SkuId, i64>, HashMap<SkuId, i64>)> {
    let sql = "SELECT l.sku_id, t.state, l.approved, l.picked FROM stock_transfer t \
               JOIN stock_transfer_line l ON l.transfer_id = t.id \
               WHERE t.from_place_id = $1 AND t.state IN ('approved', 'picked') ORDER BY l.sku_id, t.id";
    let (mut packed, mut picking) = (HashMap::new(), HashMap::new());
    for row in reader.query(sql, params![place]).await? {
        let sku: SkuId = row.get(0)?;
        if TransferState::parse(row.text(1)?)? == TransferState::Picked {
            *packed.entry(sku).or_default() += row.get::<i64>(3)?;
        } else {
            *picking.entry(sku).or_default() += row.get::<i64>(2)?;
        }
    }
    Ok((packed, picking))
}
