//! SQL of transfers. No decisions.

use std::collections::HashMap;

use base::{Error, PlaceId, Result, SkuId, Time, TransferId};
use db::{Reader, Row, Tx, Value, params};

use super::model::{
    ShortReason, StepKind, StepLine, Stored, TransferLine, TransferState, TransferStep, TransferSummary,
};
use crate::balance_store::{placeholders, within};

const HEAD: &str = "t.id, t.from_place_id, t.to_place_id, t.state, t.note, t.requested_by, t.requested_at, \
     t.updated_at, t.version, t.due_at";

pub(super) async fn insert(tx: &Tx, transfer: &Stored) -> Result<()> {
    tx.execute(
        "INSERT INTO stock_transfer (id, from_place_id, to_place_id, state, note, requested_by, requested_at, \
         updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            transfer.id,
            transfer.from,
            transfer.to,
            transfer.state.as_str(),
            transfer.note.as_deref(),
            transfer.requested_by.as_str(),
            transfer.requested_at,
            transfer.updated_at,
            transfer.version
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
                zero(),
                zero(),
                zero(),
                zero(),
                zero(),
                zero(),
            ]
        })
        .collect();
    let table = "stock_transfer_line (transfer_id, sku_id, requested, approved, picked, arrived, damaged, lost, kept)";
    tx.insert_many(table, &rows, "").await?;
    Ok(())
}

/// A transfer with its lines.
pub(super) async fn get(reader: &Reader, id: TransferId) -> Result<Stored> {
    let sql = format!("SELECT {HEAD}, t.hold_id FROM stock_transfer t WHERE t.id = $1");
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
        hold_id: row.get(10)?,
        lines: lines(reader, id, state).await?,
    })
}

async fn lines(reader: &Reader, id: TransferId, state: TransferState) -> Result<Vec<TransferLine>> {
    let sql = "SELECT sku_id, requested, approved, picked, arrived, damaged, lost, kept, reason \
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
            "UPDATE stock_transfer SET state = $3, hold_id = $4, updated_at = $5, due_at = $6, version = version + 1 \
             WHERE id = $1 AND version = $2",
            params![
                transfer.id,
                transfer.version,
                transfer.state.as_str(),
                transfer.hold_id,
                tx.now(),
                transfer.due_at
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
            ]
        })
        .collect();
    let sql = "UPDATE stock_transfer_line SET approved = $3, picked = $4, arrived = $5, damaged = $6, lost = $7, \
               kept = $8, reason = $9 WHERE transfer_id = $1 AND sku_id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(changed == 1)
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
         SELECT {HEAD}, f.skus, f.requested, f.picked, f.settled FROM stock_page t \
         JOIN (SELECT transfer_id, COUNT(*) AS skus, CAST(SUM(requested) AS BIGINT) AS requested, \
             CAST(SUM(picked) AS BIGINT) AS picked, \
             CAST(SUM(arrived + damaged + lost + kept) AS BIGINT) AS settled FROM stock_transfer_line \
             WHERE transfer_id IN (SELECT id FROM stock_page) GROUP BY transfer_id) f ON f.transfer_id = t.id \
         ORDER BY t.id DESC"
    );
    reader.query(&sql, &params).await?.iter().map(summary).collect()
}

fn summary(row: &Row) -> Result<TransferSummary> {
    let state = TransferState::parse(row.text(3)?)?;
    let (picked, settled): (i64, i64) = (row.get(12)?, row.get(13)?);
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
        skus: row.get(10)?,
        requested: row.get(11)?,
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
