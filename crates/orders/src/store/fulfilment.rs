//! `orders_fulfilment`.

use base::{FulfilmentId, OrderId, Result};
use db::{Reader, Row, Tx, Value, params};

use super::{json_opt, opt_json, placeholders, why};
use crate::model::{Fulfilment, Method};
use crate::number::OrderNumber;
use crate::state::FulfilmentState;

pub(super) const COLUMNS: &str = "id, order_id, order_number, method, place_id, place_name_json, state, hold_id, lines_json, \
    why_text_json, promised_at, contact_name, carrier, tracking_number, code_tries, code_locked_until_at, \
    created_at, version, pickup_by_at, why_of";

pub(super) const INSERT_COLUMNS: &str = "id, order_id, order_number, method, place_id, place_name_json, state, hold_id, \
    lines_json, why_text_json, promised_at, contact_name, carrier, tracking_number, code_tries, \
    code_locked_until_at, created_at, version, updated_at, why_of";

pub(super) fn fulfilment(row: &Row) -> Result<Fulfilment> {
    Ok(Fulfilment {
        id: row.get(0)?,
        order_id: row.get(1)?,
        order_number: OrderNumber::stored(row.get(2)?),
        method: Method::parse(row.text(3)?)?,
        place_id: row.get(4)?,
        place_name: row.json(5)?,
        state: FulfilmentState::parse(row.text(6)?)?,
        hold_id: row.get(7)?,
        parts: row.json(8)?,
        why_text: json_opt(row, 9)?,
        why_of: row.get(19)?,
        why: None,
        promised_at: row.get(10)?,
        contact_name: row.get(11)?,
        carrier: row.get(12)?,
        tracking_number: row.get(13)?,
        code_tries: row.get(14)?,
        code_locked_until: row.get(15)?,
        created_at: row.get(16)?,
        version: row.get(17)?,
        pickup_by: row.get(18)?,
    })
}

pub(super) fn values(f: &Fulfilment) -> Result<Vec<Value>> {
    Ok(vec![
        f.id.into(),
        f.order_id.into(),
        f.order_number.as_str().into(),
        f.method.as_str().into(),
        f.place_id.into(),
        db::json(&f.place_name)?,
        f.state.as_str().into(),
        f.hold_id.into(),
        db::json(&f.parts)?,
        opt_json(f.why_text.as_ref())?,
        f.promised_at.into(),
        f.contact_name.as_str().into(),
        f.carrier.clone().into(),
        f.tracking_number.clone().into(),
        f.code_tries.into(),
        f.code_locked_until.into(),
        f.created_at.into(),
        f.version.into(),
        f.created_at.into(),
        f.why_of.into(),
    ])
}

pub(crate) async fn insert(tx: &Tx, fulfilments: &[Fulfilment]) -> Result<()> {
    let rows = fulfilments.iter().map(values).collect::<Result<Vec<_>>>()?;
    tx.insert_many(&format!("orders_fulfilment ({INSERT_COLUMNS})"), &rows, "")
        .await?;
    let decided = fulfilments.iter().filter(|f| f.why_of == Some(f.id));
    let whys = decided.filter_map(|f| {
        let why = f.why.as_ref()?;
        Some(why::values(f.id, f.order_id, why, f.created_at))
    });
    why::insert(tx, &whys.collect::<Result<Vec<_>>>()?).await
}

pub(crate) async fn find(r: &Reader, id: FulfilmentId) -> Result<Option<Fulfilment>> {
    let sql = format!("SELECT {COLUMNS} FROM orders_fulfilment WHERE id = $1");
    r.query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(fulfilment)
        .transpose()
}

pub(crate) async fn of_orders(r: &Reader, orders: &[OrderId]) -> Result<Vec<Fulfilment>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM orders_fulfilment WHERE order_id IN ({}) ORDER BY created_at, id",
        placeholders(1, orders.len())
    );
    let values: Vec<Value> = orders.iter().map(|id| Value::from(*id)).collect();
    r.query(&sql, &values).await?.iter().map(fulfilment).collect()
}

/// Writes what may change of a fulfilment over the version it was read at; false when somebody was faster.
pub(crate) async fn update(tx: &Tx, f: &Fulfilment) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE orders_fulfilment SET state = $3, hold_id = $4, lines_json = $5, carrier = $6, \
             tracking_number = $7, code_tries = $8, code_locked_until_at = $9, updated_at = $10, \
             pickup_by_at = $11, version = version + 1 WHERE id = $1 AND version = $2",
            params![
                f.id,
                f.version,
                f.state.as_str(),
                f.hold_id,
                db::json(&f.parts)?,
                f.carrier,
                f.tracking_number,
                f.code_tries,
                f.code_locked_until,
                tx.now(),
                f.pickup_by
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Says when the customer is reminded of packed goods; never when `None`.
pub(crate) async fn remind(tx: &Tx, id: FulfilmentId, at: Option<base::Time>) -> Result<()> {
    let sql = "UPDATE orders_fulfilment SET remind_at = $2 WHERE id = $1";
    tx.execute(sql, params![id, at]).await?;
    Ok(())
}

/// Packed goods whose customer is to be reminded, or whose time at the counter is over.
pub(crate) async fn pickup_due(r: &Reader, limit: i64) -> Result<Vec<FulfilmentId>> {
    r.query(
        "SELECT id FROM orders_fulfilment WHERE state = 'ready' AND pickup_by_at IS NOT NULL \
         AND (pickup_by_at <= $1 OR remind_at <= $1) ORDER BY pickup_by_at, id LIMIT $2",
        params![r.now(), limit],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Whether the customer was not reminded yet, and the time for it has come.
pub(crate) async fn is_to_be_reminded(r: &Reader, id: FulfilmentId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM orders_fulfilment WHERE id = $1 AND state = 'ready' AND remind_at <= $2";
    let count: i64 = r.query_one(sql, params![id, r.now()]).await?.get(0)?;
    Ok(count > 0)
}

/// Packed goods that wait at a place's counter, the first to be fetched first.
pub(crate) async fn at_counter(r: &Reader, place: base::PlaceId, limit: i64) -> Result<Vec<Fulfilment>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM orders_fulfilment WHERE place_id = $1 AND state = 'ready' AND method = 'collect' \
         ORDER BY created_at, id LIMIT $2"
    );
    r.query(&sql, params![place, limit])
        .await?
        .iter()
        .map(fulfilment)
        .collect()
}

/// Fulfilments asked for since an instant, by place: all that count, and those still worked on. The states are
/// spelled out so that both engines walk the index state by state.
pub(crate) async fn load_since(
    r: &Reader,
    places: &[base::PlaceId],
    since: base::Time,
) -> Result<Vec<(base::PlaceId, i64, i64)>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT place_id, COUNT(*), COUNT(*) FILTER (WHERE state IN ('requested', 'picking', 'ready')) \
         FROM orders_fulfilment WHERE place_id IN ({}) \
         AND state IN ('requested', 'picking', 'ready', 'handed_over', 'shipped', 'delivered') \
         AND created_at >= $1 GROUP BY place_id",
        placeholders(2, places.len())
    );
    let mut values: Vec<Value> = vec![since.into()];
    values.extend(places.iter().map(|place| Value::from(*place)));
    r.query(&sql, &values)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .collect()
}

/// How many fulfilments a place has taken on since an instant, counted up to `most`.
pub(crate) async fn taken_since(
    r: &Reader,
    place: base::PlaceId,
    since: base::Time,
    most: i64,
) -> Result<i64> {
    r.query_one(
        "SELECT COUNT(*) FROM (SELECT 1 FROM orders_fulfilment WHERE place_id = $1 \
         AND state IN ('requested', 'picking', 'ready', 'handed_over', 'shipped', 'delivered') \
         AND created_at >= $2 LIMIT $3) AS taken",
        params![place, since, most],
    )
    .await?
    .get(0)
}
