//! SQL of the ledger. Rows are added and read, never changed.

use base::{MovementId, PlaceId, Result, SkuId, Time};
use db::{Reader, Row, Tx, Value};

use crate::balance_store::within;
use crate::model::{Movement, MovementKind};
use crate::rules::Change;

/// One row to add.
pub(crate) struct NewRow {
    pub(crate) movement: Movement,
    pub(crate) change: Change,
}

/// Adds rows. Rows whose identifier is there already are left out of the count.
pub(crate) async fn movements_insert(tx: &Tx, rows: &[NewRow]) -> Result<u64> {
    let values: Vec<Vec<Value>> = rows
        .iter()
        .map(|NewRow { movement, change }| {
            vec![
                movement.id.into(),
                movement.kind.as_str().into(),
                movement.sku_id.into(),
                movement.place_id.into(),
                change.on_hand.into(),
                change.quarantined.into(),
                change.in_transit.into(),
                movement.reason.as_deref().into(),
                movement.source.as_deref().into(),
                movement.note.as_deref().into(),
                movement.actor.as_str().into(),
                movement.occurred_at.into(),
                movement.recorded_at.into(),
            ]
        })
        .collect();
    let table = "stock_movement (id, kind, sku_id, place_id, on_hand_delta, quarantined_delta, in_transit_delta, \
                 reason, source, note, actor, occurred_at, recorded_at)";
    tx.insert_many(table, &values, "ON CONFLICT (id) DO NOTHING")
        .await
}

/// Which of these identifiers are in the ledger.
pub(crate) async fn movements_known(reader: &Reader, ids: &[MovementId]) -> Result<Vec<MovementId>> {
    let mut out = Vec::new();
    for chunk in ids.chunks(crate::balance_store::CHUNK) {
        let mut params = Vec::with_capacity(chunk.len());
        let condition = within("id", chunk.iter().map(|id| (*id).into()), &mut params);
        let sql = format!("SELECT id FROM stock_movement WHERE 1 = 1{condition}");
        for row in reader.query(&sql, &params).await? {
            out.push(row.get(0)?);
        }
    }
    Ok(out)
}

/// What a list of movements is narrowed to.
#[derive(Debug, Default)]
pub(crate) struct MovementQuery {
    pub(crate) sku: Option<SkuId>,
    pub(crate) places: Option<Vec<PlaceId>>,
    pub(crate) source: Option<String>,
    pub(crate) before: Option<MovementId>,
    pub(crate) limit: i64,
}

/// Movements, newest first.
pub(crate) async fn movements(reader: &Reader, query: &MovementQuery) -> Result<Vec<Movement>> {
    let mut params: Vec<Value> = Vec::new();
    let mut conditions = String::from("id <> ''");
    let mut condition = |sql: &str, value: Value| {
        params.push(value);
        conditions.push_str(&format!(" AND {sql} ${}", params.len()));
    };
    if let Some(sku) = query.sku {
        condition("sku_id =", sku.into());
    }
    if let Some(source) = &query.source {
        condition("source =", source.as_str().into());
    }
    if let Some(before) = query.before {
        condition("id <", before.into());
    }
    if let Some(places) = &query.places {
        conditions.push_str(&within(
            "place_id",
            places.iter().map(|id| (*id).into()),
            &mut params,
        ));
    }
    params.push(query.limit.into());
    let sql = format!(
        "SELECT id, kind, sku_id, place_id, on_hand_delta, quarantined_delta, in_transit_delta, reason, source, \
         note, actor, occurred_at, recorded_at FROM stock_movement WHERE {conditions} ORDER BY id DESC LIMIT ${}",
        params.len()
    );
    reader.query(&sql, &params).await?.iter().map(movement).collect()
}

fn movement(row: &Row) -> Result<Movement> {
    let kind = MovementKind::parse(row.text(1)?)?;
    let column = match kind {
        MovementKind::Quarantine | MovementKind::Release => 5,
        MovementKind::InTransit => 6,
        _ => 4,
    };
    Ok(Movement {
        id: row.get(0)?,
        kind,
        sku_id: row.get(2)?,
        place_id: row.get(3)?,
        quantity: row.get(column)?,
        reason: row.get(7)?,
        source: row.get(8)?,
        note: row.get(9)?,
        actor: row.get(10)?,
        occurred_at: row.get::<Time>(11)?,
        recorded_at: row.get::<Time>(12)?,
    })
}
