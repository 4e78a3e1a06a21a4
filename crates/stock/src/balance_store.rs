//! SQL of balances. No decisions.

use base::{Error, PlaceId, Result, SkuId, Time};
use db::{Reader, Row, Tx, Value, params};
use futures_util::future::try_join_all;

use crate::model::{Available, Balance, Key, Level};
use crate::rules::Balances;
use crate::safety;

/// Identifiers one statement takes at most.
pub(crate) const CHUNK: usize = 400;

/// `$from, $from+1, ...` for an IN list.
pub(crate) fn placeholders(from: usize, count: usize) -> String {
    let numbers: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    numbers.join(", ")
}

fn balance(row: &Row) -> Result<Balance> {
    Ok(Balance {
        on_hand: row.get(0)?,
        reserved: row.get(1)?,
        quarantined: row.get(2)?,
        in_transit: row.get(3)?,
        safety_stock: row.get(4)?,
        shortfall: row.get(5)?,
        version: row.get(6)?,
    })
}

/// Takes balances into this unit's hands: until it ends nobody else changes them. Raising the version takes the
/// row's lock and answers its newest figures in one statement on both engines. `keys` are in lock order, each
/// once; balances that are not there are not in the answer.
pub(crate) async fn balances_lock(tx: &Tx, keys: &[Key]) -> Result<Balances> {
    const SQL: &str = "UPDATE stock_balance SET version = version + 1 WHERE sku_id = $1 AND place_id = $2 \
         RETURNING on_hand, reserved, quarantined, in_transit, safety_stock, shortfall, version";
    debug_assert!(keys.is_sorted(), "locks are taken in order");
    // Sent in order and answered together: PostgreSQL takes the locks one after the other.
    let locked = try_join_all(keys.iter().map(async |key| {
        let rows = tx.query_write(SQL, params![key.sku_id, key.place_id]).await?;
        rows.first().map(|row| Ok((*key, balance(row)?))).transpose()
    }))
    .await?;
    Ok(locked.into_iter().flatten().collect())
}

/// Makes sure that balances exist. New ones keep back what their place does.
pub(crate) async fn balances_ensure(tx: &Tx, keys: &[Key]) -> Result<()> {
    let kept_back = safety::store::defaults_of(tx, keys.iter().copied()).await?;
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .map(|key| {
            let zero = || Value::Int(0);
            vec![
                key.sku_id.into(),
                key.place_id.into(),
                zero(),
                zero(),
                zero(),
                zero(),
                kept_back.get(&key.place_id).copied().unwrap_or(0).into(),
                zero(),
                Value::Int(1),
                tx.now().into(),
            ]
        })
        .collect();
    let table = "stock_balance (sku_id, place_id, on_hand, reserved, quarantined, in_transit, safety_stock, \
                 shortfall, version, updated_at)";
    tx.insert_many(table, &rows, "ON CONFLICT (sku_id, place_id) DO NOTHING")
        .await?;
    Ok(())
}

/// Writes balances that this unit has in its hands.
pub(crate) async fn balances_write(
    tx: &Tx,
    balances: impl IntoIterator<Item = (Key, Balance)>,
) -> Result<()> {
    let rows: Vec<Vec<Value>> = balances
        .into_iter()
        .map(|(key, balance)| {
            vec![
                key.sku_id.into(),
                key.place_id.into(),
                balance.on_hand.into(),
                balance.reserved.into(),
                balance.quarantined.into(),
                balance.in_transit.into(),
                balance.safety_stock.into(),
                balance.shortfall.into(),
                tx.now().into(),
                balance.version.into(),
            ]
        })
        .collect();
    let sql = "UPDATE stock_balance SET on_hand = $3, reserved = $4, quarantined = $5, in_transit = $6, \
               safety_stock = $7, shortfall = $8, updated_at = $9 \
               WHERE sku_id = $1 AND place_id = $2 AND version = $10";
    if tx.execute_many(sql, &rows).await? != rows.len() as u64 {
        return Err(Error::internal(
            "a balance changed in the hands of the unit that had locked it",
        ));
    }
    Ok(())
}

/// What has run out and is not yet swept, of one balance. `$1` is the unit's instant.
pub(crate) const LAPSED: &str = "COALESCE((SELECT CAST(SUM(l.outstanding) AS BIGINT) FROM stock_hold_line l \
     WHERE l.sku_id = b.sku_id AND l.place_id = b.place_id AND l.outstanding > 0 AND l.expires_at <= $1), 0)";

/// What can be promised now of SKUs, at one place or at every place that has a balance.
pub(crate) async fn availability(
    reader: &Reader,
    skus: &[SkuId],
    place: Option<PlaceId>,
) -> Result<Vec<Available>> {
    let mut out = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let mut params: Vec<Value> = vec![reader.now().into()];
        params.extend(chunk.iter().map(|id| Value::from(*id)));
        let mut at = String::new();
        if let Some(place) = place {
            params.push(place.into());
            at = format!(" AND b.place_id = ${}", params.len());
        }
        let sql = format!(
            "SELECT b.sku_id, b.place_id, b.on_hand - b.reserved - b.quarantined - b.safety_stock + {LAPSED} \
             FROM stock_balance b WHERE b.sku_id IN ({}){at} ORDER BY b.sku_id, b.place_id",
            placeholders(2, chunk.len())
        );
        for row in reader.query(&sql, &params).await? {
            let available: i64 = row.get(2)?;
            out.push(Available {
                sku_id: row.get(0)?,
                place_id: row.get(1)?,
                available: available.max(0),
            });
        }
    }
    Ok(out)
}

/// What can be promised now, balance after balance.
pub(crate) async fn availability_after(
    reader: &Reader,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Available>> {
    let sql = format!(
        "SELECT b.sku_id, b.place_id, b.on_hand - b.reserved - b.quarantined - b.safety_stock + {LAPSED} \
         FROM stock_balance b WHERE (b.sku_id, b.place_id) > ($2, $3) ORDER BY b.sku_id, b.place_id LIMIT $4"
    );
    let (sku, place) = after.map_or_else(Default::default, |key| {
        (key.sku_id.to_string(), key.place_id.to_string())
    });
    let rows = reader
        .query(&sql, params![reader.now(), sku, place, limit])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Available {
                sku_id: row.get(0)?,
                place_id: row.get(1)?,
                available: row.get::<i64>(2)?.max(0),
            })
        })
        .collect()
}

/// What a list of levels is narrowed to.
#[derive(Debug)]
pub(crate) struct LevelQuery {
    pub(crate) skus: Option<Vec<SkuId>>,
    pub(crate) places: Option<Vec<PlaceId>>,
    pub(crate) after: Option<Key>,
    pub(crate) limit: i64,
}

pub(crate) async fn levels(reader: &Reader, query: &LevelQuery) -> Result<Vec<Level>> {
    let mut params: Vec<Value> = vec![reader.now().into()];
    let mut conditions = String::from("b.version > 0");
    if let Some(skus) = &query.skus {
        conditions.push_str(&within(
            "b.sku_id",
            skus.iter().map(|id| (*id).into()),
            &mut params,
        ));
    }
    if let Some(places) = &query.places {
        conditions.push_str(&within(
            "b.place_id",
            places.iter().map(|id| (*id).into()),
            &mut params,
        ));
    }
    if let Some(after) = query.after {
        let first = params.len() + 1;
        conditions.push_str(&format!(
            " AND (b.sku_id, b.place_id) > (${first}, ${})",
            first + 1
        ));
        params.extend([Value::from(after.sku_id), after.place_id.into()]);
    }
    params.push(query.limit.into());
    let sql = format!(
        "SELECT b.sku_id, b.place_id, b.on_hand, b.reserved - {LAPSED}, b.quarantined, b.in_transit, \
         b.safety_stock, b.shortfall, b.updated_at, s.quantity IS NOT NULL, \
         COALESCE((SELECT CAST(SUM(l.expected - l.arrived) AS BIGINT) FROM stock_supply_line l \
             JOIN stock_supply p ON p.id = l.supply_id WHERE l.sku_id = b.sku_id AND p.place_id = b.place_id \
             AND p.state = 'expected' AND l.expected > l.arrived), 0) FROM stock_balance b \
         LEFT JOIN stock_safety s ON s.sku_id = b.sku_id AND s.place_id = b.place_id WHERE {conditions} \
         ORDER BY b.sku_id, b.place_id LIMIT ${}",
        params.len()
    );
    reader.query(&sql, &params).await?.iter().map(level).collect()
}

/// ` AND column IN (...)`; nothing is within an empty list.
pub(crate) fn within(column: &str, ids: impl Iterator<Item = Value>, params: &mut Vec<Value>) -> String {
    let first = params.len() + 1;
    params.extend(ids);
    match params.len() + 1 - first {
        0 => format!(" AND {column} IS NULL"),
        count => format!(" AND {column} IN ({})", placeholders(first, count)),
    }
}

fn level(row: &Row) -> Result<Level> {
    let (on_hand, reserved): (i64, i64) = (row.get(2)?, row.get(3)?);
    let (quarantined, safety_stock): (i64, i64) = (row.get(4)?, row.get(6)?);
    Ok(Level {
        sku_id: row.get(0)?,
        place_id: row.get(1)?,
        on_hand,
        reserved,
        quarantined,
        in_transit: row.get(5)?,
        safety_stock,
        shortfall: row.get(7)?,
        available: (on_hand - reserved - quarantined - safety_stock).max(0),
        updated_at: row.get::<Time>(8)?,
        safety_stock_own: row.get(9)?,
        expected: row.get(10)?,
    })
}
