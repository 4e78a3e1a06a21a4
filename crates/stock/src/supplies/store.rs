//! SQL of expected supply. No decisions.

use base::{Error, PlaceId, Result, SkuId, SupplyId, Time};
use db::{Reader, Row, Tx, Value, params};

use super::model::{
    Due, DueKind, Stored, SupplyKind, SupplyLine, SupplyQuantity, SupplyState, SupplyStep, SupplyStepKind,
    SupplySummary,
};
use crate::balance_store::{CHUNK, LAPSED, placeholders, within};
use crate::model::Key;

const HEAD: &str = "s.id, s.kind, s.reference, s.place_id, s.state, s.due_at, s.first_due_at, s.slips, s.note, \
     s.entered_by, s.entered_at, s.updated_at, s.version";

/// Enters supply; false when its document is expected at its place already.
pub(super) async fn insert(tx: &Tx, supply: &Stored) -> Result<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO stock_supply (id, kind, reference, place_id, state, due_at, first_due_at, slips, note, \
             entered_by, entered_at, updated_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             ON CONFLICT (place_id, reference) WHERE state = 'expected' DO NOTHING",
            params![
                supply.id,
                supply.kind.as_str(),
                supply.reference.as_str(),
                supply.place_id,
                supply.state.as_str(),
                supply.due_at,
                supply.first_due_at,
                supply.slips,
                supply.note.as_deref(),
                supply.entered_by.as_str(),
                supply.entered_at,
                supply.updated_at,
                supply.version
            ],
        )
        .await?;
    if inserted == 1 {
        lines_put(tx, supply).await?;
    }
    Ok(inserted == 1)
}

async fn lines_put(tx: &Tx, supply: &Stored) -> Result<()> {
    let line = |line: &SupplyLine| {
        vec![
            supply.id.into(),
            line.sku_id.into(),
            line.expected.into(),
            line.arrived.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = supply.lines.iter().map(line).collect();
    let table = "stock_supply_line (supply_id, sku_id, expected, arrived)";
    let update = "ON CONFLICT (supply_id, sku_id) DO UPDATE SET expected = excluded.expected, \
                  arrived = excluded.arrived";
    tx.insert_many(table, &rows, update).await?;
    Ok(())
}

/// Expected supply with its lines.
pub(super) async fn get(reader: &Reader, id: SupplyId) -> Result<Stored> {
    let sql = format!("SELECT {HEAD} FROM stock_supply s WHERE s.id = $1");
    let row = reader.query_opt(&sql, params![id]).await?;
    let row = row.ok_or_else(|| Error::not_found("supply", id))?;
    let state = SupplyState::parse(row.text(4)?)?;
    let sql = "SELECT sku_id, expected, arrived FROM stock_supply_line WHERE supply_id = $1 ORDER BY sku_id";
    let lines = reader.query(sql, params![id]).await?;
    let lines = lines
        .iter()
        .map(|line| Ok(SupplyLine::new(line.get(0)?, line.get(1)?, line.get(2)?, state)));
    Ok(Stored {
        id,
        kind: SupplyKind::parse(row.text(1)?)?,
        reference: row.get(2)?,
        place_id: row.get(3)?,
        state,
        due_at: row.get(5)?,
        first_due_at: row.get(6)?,
        slips: row.get(7)?,
        note: row.get(8)?,
        entered_by: row.get(9)?,
        entered_at: row.get(10)?,
        updated_at: row.get(11)?,
        version: row.get(12)?,
        lines: lines.collect::<Result<_>>()?,
    })
}

/// Takes expected supply over the version it was read at: until the unit ends nobody else changes it. False when
/// somebody was faster.
pub(super) async fn update(tx: &Tx, supply: &Stored) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE stock_supply SET state = $3, due_at = $4, slips = $5, updated_at = $6, version = version + 1 \
             WHERE id = $1 AND version = $2",
            params![
                supply.id,
                supply.version,
                supply.state.as_str(),
                supply.due_at,
                supply.slips,
                tx.now()
            ],
        )
        .await?;
    lines_put(tx, supply).await?;
    Ok(changed == 1)
}

/// Adds what was done; a step follows those that are there.
pub(super) async fn step_add(tx: &Tx, id: SupplyId, step: &SupplyStep) -> Result<()> {
    tx.execute(
        "INSERT INTO stock_supply_step (supply_id, nth, kind, actor, happened_at, note, due_before_at, due_at, \
         lines_json) VALUES ($1, (SELECT COUNT(*) + 1 FROM stock_supply_step WHERE supply_id = $1), \
         $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            step.kind.as_str(),
            step.actor.as_str(),
            step.at,
            step.note.as_deref(),
            step.due_before,
            step.due_at,
            db::json(&step.lines)?
        ],
    )
    .await?;
    Ok(())
}

/// What was done to expected supply, the first first.
pub(super) async fn steps(reader: &Reader, id: SupplyId) -> Result<Vec<SupplyStep>> {
    let sql = "SELECT kind, actor, happened_at, note, due_before_at, due_at, lines_json FROM stock_supply_step \
               WHERE supply_id = $1 ORDER BY nth";
    let rows = reader.query(sql, params![id]).await?;
    rows.iter()
        .map(|row| {
            let lines: Vec<SupplyQuantity> = row.json(6)?;
            Ok(SupplyStep {
                kind: SupplyStepKind::parse(row.text(0)?)?,
                actor: row.get(1)?,
                at: row.get(2)?,
                note: row.get(3)?,
                due_before: row.get(4)?,
                due_at: row.get(5)?,
                lines,
            })
        })
        .collect()
}

/// What a list of expected supply is narrowed to.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) places: Option<Vec<PlaceId>>,
    pub(super) sku: Option<SkuId>,
    pub(super) state: Option<SupplyState>,
    pub(super) after: Option<(Time, SupplyId)>,
    pub(super) limit: i64,
}

/// Expected supply, what is due first first.
pub(super) async fn list(reader: &Reader, query: &Query) -> Result<Vec<SupplySummary>> {
    let (at, id) = query.after.unzip();
    let state = query.state.map(SupplyState::as_str);
    let mut params: Vec<Value> = vec![
        at.into(),
        id.into(),
        query.sku.into(),
        state.into(),
        query.limit.into(),
    ];
    let within_places = query.places.as_ref().map_or_else(String::new, |places| {
        within("s.place_id", places.iter().map(|id| (*id).into()), &mut params)
    });
    let sql = format!(
        "WITH stock_page AS (SELECT {HEAD} FROM stock_supply s \
             WHERE (CAST($1 AS BIGINT) IS NULL OR (s.due_at, s.id) > ($1, $2)) \
             AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM stock_supply_line l \
                 WHERE l.supply_id = s.id AND l.sku_id = $3)) \
             AND (CAST($4 AS TEXT) IS NULL OR s.state = $4){within_places} ORDER BY s.due_at, s.id LIMIT $5) \
         SELECT {HEAD}, f.skus, f.expected, f.missing FROM stock_page s \
         JOIN (SELECT supply_id, COUNT(*) AS skus, CAST(SUM(expected) AS BIGINT) AS expected, \
             CAST(SUM(CASE WHEN expected > arrived THEN expected - arrived ELSE 0 END) AS BIGINT) AS missing \
             FROM stock_supply_line WHERE supply_id IN (SELECT id FROM stock_page) GROUP BY supply_id) f \
             ON f.supply_id = s.id ORDER BY s.due_at, s.id"
    );
    let now = reader.now();
    let rows = reader.query(&sql, &params).await?;
    rows.iter().map(|row| summary(row, now)).collect()
}

fn summary(row: &Row, now: Time) -> Result<SupplySummary> {
    let state = SupplyState::parse(row.text(4)?)?;
    let due_at: Time = row.get(5)?;
    let missing: i64 = row.get(15)?;
    let is_open = state == SupplyState::Expected;
    Ok(SupplySummary {
        id: row.get(0)?,
        kind: SupplyKind::parse(row.text(1)?)?,
        reference: row.get(2)?,
        place_id: row.get(3)?,
        state,
        due_at,
        first_due_at: row.get(6)?,
        slips: row.get(7)?,
        overdue: is_open && due_at <= now,
        note: row.get(8)?,
        entered_by: row.get(9)?,
        entered_at: row.get(10)?,
        updated_at: row.get(11)?,
        version: row.get(12)?,
        skus: row.get(13)?,
        expected: row.get(14)?,
        due: if is_open { missing } else { 0 },
    })
}

/// Everything of SKUs that is due, at one place or anywhere: what suppliers bring and what is on the road between
/// places, that aside which is promised to an order already; in (SKU, place) order, what is due first first.
pub(crate) async fn dues(reader: &Reader, skus: &[SkuId], place: Option<PlaceId>) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let mut params: Vec<Value> = vec![place.into()];
        params.extend(chunk.iter().map(|id| Value::from(*id)));
        let list = placeholders(2, chunk.len());
        let sql = format!(
            "SELECT l.sku_id AS sku_id, s.place_id AS place_id, s.due_at AS due_at, \
                 l.expected - l.arrived AS quantity, s.kind AS kind, s.id AS source, s.reference AS reference \
             FROM stock_supply_line l JOIN stock_supply s ON s.id = l.supply_id \
             WHERE l.sku_id IN ({list}) AND l.expected > l.arrived AND s.state = 'expected' \
             AND (CAST($1 AS TEXT) IS NULL OR s.place_id = $1) \
             UNION ALL \
             SELECT l.sku_id, t.to_place_id, t.due_at, \
                 l.picked - l.arrived - l.damaged - l.lost - l.kept - l.promised, \
                 'transfer', t.id, NULL \
             FROM stock_transfer_line l JOIN stock_transfer t ON t.id = l.transfer_id \
             WHERE l.sku_id IN ({list}) AND t.state = 'shipped' AND t.due_at IS NOT NULL \
             AND l.picked > l.arrived + l.damaged + l.lost + l.kept + l.promised \
             AND (CAST($1 AS TEXT) IS NULL OR t.to_place_id = $1) \
             ORDER BY sku_id, place_id, due_at, source"
        );
        let now = reader.now();
        for row in reader.query(&sql, &params).await? {
            let due_at: Time = row.get(2)?;
            out.push(Due {
                sku_id: row.get(0)?,
                place_id: row.get(1)?,
                due_at,
                quantity: row.get(3)?,
                kind: DueKind::parse(row.text(4)?)?,
                source: row.get(5)?,
                reference: row.get(6)?,
                overdue: due_at <= now,
            });
        }
    }
    Ok(out)
}

/// What can be promised now of SKUs at every place that has a balance, below zero where more is promised or kept back
/// than is there; in (SKU, place) order.
pub(crate) async fn free(reader: &Reader, skus: &[SkuId]) -> Result<Vec<(Key, i64)>> {
    let mut out = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let mut params: Vec<Value> = vec![reader.now().into()];
        params.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT b.sku_id, b.place_id, b.on_hand - b.reserved - b.quarantined - b.safety_stock + {LAPSED} \
             FROM stock_balance b WHERE b.sku_id IN ({}) ORDER BY b.sku_id, b.place_id",
            placeholders(2, chunk.len())
        );
        for row in reader.query(&sql, &params).await? {
            out.push((Key::new(row.get(0)?, row.get(1)?), row.get(2)?));
        }
    }
    Ok(out)
}
