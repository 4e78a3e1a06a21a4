//! SQL of selling ahead. No decisions.

use std::collections::{HashMap, HashSet};

use base::{HoldId, PlaceId, Result, SkuId, Time};
use db::{Reader, Row, Tx, Value, params};

use super::model::{Claim, ClaimNews, Come, Presale, PresaleMode};
use crate::balance_store::{CHUNK, placeholders};
use crate::model::Key;

const PRESALE: &str = "sku_id, mode, cap, claimed, actor, set_at";
const CLAIM: &str = "owner, sku_id, place_id, outstanding, filled, released, lapsed, expires_at, claimed_at, \
     due_at, fill_owner, hold_id";
/// A claim of which the customer knows less than we do.
const UNTOLD: &str = "outstanding > 0 AND COALESCE(due_at, 0) <> COALESCE(told_due_at, 0)";

fn presale(row: &Row) -> Result<Presale> {
    Ok(Presale {
        sku_id: row.get(0)?,
        mode: PresaleMode::parse(row.text(1)?)?,
        cap: row.get(2)?,
        claimed: row.get(3)?,
        actor: row.get(4)?,
        set_at: row.get(5)?,
    })
}

fn claim(row: &Row) -> Result<Claim> {
    Ok(Claim {
        owner: row.get(0)?,
        key: Key::new(row.get(1)?, row.get(2)?),
        outstanding: row.get(3)?,
        filled: row.get(4)?,
        released: row.get(5)?,
        lapsed: row.get(6)?,
        expires_at: row.get(7)?,
        claimed_at: row.get(8)?,
        due_at: row.get(9)?,
        fill_owner: row.get(10)?,
        hold_id: row.get(11)?,
    })
}

/// What was said of SKUs; those of which nothing was said are left out.
pub(super) async fn presales(reader: &Reader, skus: &[SkuId]) -> Result<Vec<Presale>> {
    let mut out = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let sql = format!(
            "SELECT {PRESALE} FROM stock_presale WHERE sku_id IN ({}) ORDER BY sku_id",
            placeholders(1, chunk.len())
        );
        let params: Vec<Value> = chunk.iter().map(|sku| (*sku).into()).collect();
        for row in reader.query(&sql, &params).await? {
            out.push(presale(&row)?);
        }
    }
    Ok(out)
}

/// Takes what was said of a SKU into this unit's hands: until it ends nobody else claims any, fills, or gives back.
pub(super) async fn presale_lock(tx: &Tx, sku: SkuId) -> Result<Option<Presale>> {
    let sql = format!("UPDATE stock_presale SET version = version + 1 WHERE sku_id = $1 RETURNING {PRESALE}");
    let rows = tx.query_write(&sql, params![sku]).await?;
    rows.first().map(presale).transpose()
}

/// Says how a SKU is sold ahead. Claims beyond a lower cap stay.
pub(super) async fn presale_put(tx: &Tx, new: &Presale) -> Result<()> {
    tx.execute(
        "INSERT INTO stock_presale (sku_id, mode, cap, claimed, excess, actor, set_at, version) \
         VALUES ($1, $2, $3, 0, 0, $4, $5, 1) ON CONFLICT (sku_id) DO UPDATE SET mode = excluded.mode, \
         cap = excluded.cap, actor = excluded.actor, set_at = excluded.set_at, \
         version = stock_presale.version + 1, \
         excess = CASE WHEN stock_presale.claimed > excluded.cap THEN stock_presale.claimed - excluded.cap \
             ELSE 0 END",
        params![
            new.sku_id,
            new.mode.as_str(),
            new.cap,
            new.actor.as_deref(),
            new.set_at
        ],
    )
    .await?;
    Ok(())
}

/// Counts pieces as claimed; false when the cap leaves fewer, or the SKU is not sold ahead.
pub(super) async fn claimed_add(tx: &Tx, sku: SkuId, quantity: i64) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE stock_presale SET claimed = claimed + $2 WHERE sku_id = $1 AND mode <> 'off' \
             AND claimed + $2 <= cap",
            params![sku, quantity],
        )
        .await?;
    Ok(changed == 1)
}

/// Counts pieces as claimed no longer.
pub(super) async fn claimed_take(tx: &Tx, sku: SkuId, quantity: i64) -> Result<()> {
    tx.execute(
        "UPDATE stock_presale SET claimed = claimed - $2, excess = CASE WHEN claimed - $2 > cap \
             THEN claimed - $2 - cap ELSE 0 END WHERE sku_id = $1",
        params![sku, quantity],
    )
    .await?;
    Ok(())
}

/// Claims on a SKU that wait for pieces, run out or not, at one place or anywhere: the first come first.
pub(super) async fn waiting(reader: &Reader, sku: SkuId, place: Option<PlaceId>) -> Result<Vec<Claim>> {
    let sql = format!(
        "SELECT {CLAIM} FROM stock_claim WHERE sku_id = $1 AND (CAST($2 AS TEXT) IS NULL OR place_id = $2) \
         AND outstanding > 0 ORDER BY claimed_at, owner"
    );
    let rows = reader.query(&sql, params![sku, place]).await?;
    rows.iter().map(claim).collect()
}

/// How many pieces of SKUs are claimed at each place, by claims that have not run out.
pub(crate) async fn claimed_at(reader: &Reader, skus: &[SkuId]) -> Result<HashMap<Key, i64>> {
    let mut out = HashMap::new();
    for chunk in skus.chunks(CHUNK) {
        let mut params: Vec<Value> = vec![reader.now().into()];
        params.extend(chunk.iter().map(|sku| Value::from(*sku)));
        let sql = format!(
            "SELECT sku_id, place_id, CAST(SUM(outstanding) AS BIGINT) FROM stock_claim \
             WHERE sku_id IN ({}) AND outstanding > 0 AND (expires_at IS NULL OR expires_at > $1) \
             GROUP BY sku_id, place_id ORDER BY sku_id, place_id",
            placeholders(2, chunk.len())
        );
        for row in reader.query(&sql, &params).await? {
            out.insert(Key::new(row.get(0)?, row.get(1)?), row.get(2)?);
        }
    }
    Ok(out)
}

/// Every balance that claims wait for, in lock order.
pub(super) async fn waited_for(reader: &Reader) -> Result<Vec<Key>> {
    let sql =
        "SELECT DISTINCT sku_id, place_id FROM stock_claim WHERE outstanding > 0 ORDER BY sku_id, place_id";
    let rows = reader.query(sql, &[]).await?;
    rows.iter()
        .map(|row| Ok(Key::new(row.get(0)?, row.get(1)?)))
        .collect()
}

/// Which of these balances claims wait for.
pub(super) async fn waited_among(reader: &Reader, keys: &[Key]) -> Result<HashSet<Key>> {
    let mut skus: Vec<SkuId> = keys.iter().map(|key| key.sku_id).collect();
    skus.sort_unstable();
    skus.dedup();
    let mut out = HashSet::new();
    for chunk in skus.chunks(CHUNK) {
        let params: Vec<Value> = chunk.iter().map(|sku| Value::from(*sku)).collect();
        let sql = format!(
            "SELECT DISTINCT sku_id, place_id FROM stock_claim WHERE outstanding > 0 AND sku_id IN ({})",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, &params).await? {
            out.insert(Key::new(row.get(0)?, row.get(1)?));
        }
    }
    Ok(out)
}

/// The claims of a document, by owner and SKU.
pub(super) async fn of_document(reader: &Reader, document: &str) -> Result<Vec<Claim>> {
    let sql = format!("SELECT {CLAIM} FROM stock_claim WHERE document = $1 ORDER BY owner, sku_id");
    let rows = reader.query(&sql, params![document]).await?;
    rows.iter().map(claim).collect()
}

/// The claim of an owner, by SKU.
pub(super) async fn of_owner(reader: &Reader, owner: &str) -> Result<Vec<Claim>> {
    let sql = format!("SELECT {CLAIM} FROM stock_claim WHERE owner = $1 ORDER BY sku_id");
    let rows = reader.query(&sql, params![owner]).await?;
    rows.iter().map(claim).collect()
}

pub(super) async fn insert(tx: &Tx, document: &str, whole: bool, claims: &[Claim]) -> Result<()> {
    let row = |claim: &Claim| {
        let wanted = claim.outstanding + claim.filled + claim.released + claim.lapsed;
        vec![
            claim.owner.as_str().into(),
            claim.key.sku_id.into(),
            claim.key.place_id.into(),
            document.into(),
            wanted.into(),
            claim.outstanding.into(),
            claim.filled.into(),
            Value::Int(0),
            Value::Int(0),
            claim.expires_at.into(),
            claim.claimed_at.into(),
            claim.due_at.into(),
            claim.due_at.into(),
            whole.into(),
            claim.fill_owner.as_str().into(),
            claim.hold_id.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = claims.iter().map(row).collect();
    let table = "stock_claim (owner, sku_id, place_id, document, wanted, outstanding, filled, released, lapsed, \
                 expires_at, claimed_at, due_at, told_due_at, whole, fill_owner, hold_id)";
    tx.insert_many(table, &rows, "").await?;
    Ok(())
}

/// Writes what claims have become.
pub(super) async fn update(tx: &Tx, claims: &[Claim]) -> Result<()> {
    let row = |claim: &Claim| {
        vec![
            claim.owner.as_str().into(),
            claim.key.sku_id.into(),
            claim.outstanding.into(),
            claim.filled.into(),
            claim.released.into(),
            claim.lapsed.into(),
            claim.expires_at.into(),
            claim.claimed_at.into(),
            claim.due_at.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = claims.iter().map(row).collect();
    let sql = "UPDATE stock_claim SET outstanding = $3, filled = $4, released = $5, lapsed = $6, \
               expires_at = $7, claimed_at = $8, due_at = $9 WHERE owner = $1 AND sku_id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(())
}

/// Says which hold has an owner's pieces that have come, or, once somebody has taken it over, who will hold the next.
pub(super) async fn hold_set(tx: &Tx, owner: &str, hold: Option<HoldId>, fill_owner: &str) -> Result<()> {
    let sql = "UPDATE stock_claim SET hold_id = $2, fill_owner = $3 WHERE owner = $1";
    tx.execute(sql, params![owner, hold, fill_owner]).await?;
    Ok(())
}

/// Owners whose pieces have come and who are kept for good; of those who need all of it, those who have all.
pub(super) async fn come(reader: &Reader, after: Option<&Come>, limit: i64) -> Result<Vec<Come>> {
    let sql = "SELECT owner, document FROM stock_claim WHERE owner IN \
             (SELECT owner FROM stock_claim WHERE hold_id IS NOT NULL) AND expires_at IS NULL \
             AND (document, owner) > ($2, $3) \
         GROUP BY owner, document HAVING MAX(CASE WHEN whole THEN 1 ELSE 0 END) = 0 OR SUM(outstanding) = 0 \
         ORDER BY document, owner LIMIT $1";
    let (document, owner) = after.map_or(("", ""), |come| (&come.document, &come.owner));
    let rows = reader.query(sql, params![limit, document, owner]).await?;
    rows.iter()
        .map(|row| {
            Ok(Come {
                owner: row.get(0)?,
                document: row.get(1)?,
            })
        })
        .collect()
}

/// Documents whose claims are kept for good and come at another time than was told.
pub(super) async fn untold(reader: &Reader, limit: i64) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT DISTINCT document FROM stock_claim WHERE {UNTOLD} AND expires_at IS NULL \
         ORDER BY document LIMIT $1"
    );
    let rows = reader.query(&sql, params![limit]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Counts a document's claims as told; answers all of it that is still to come.
pub(super) async fn tell(tx: &Tx, document: &str) -> Result<Vec<ClaimNews>> {
    let told = format!("UPDATE stock_claim SET told_due_at = due_at WHERE document = $1 AND {UNTOLD}");
    tx.execute(&told, params![document]).await?;
    let sql = "SELECT owner, sku_id, outstanding, due_at FROM stock_claim WHERE document = $1 AND outstanding > 0 \
               ORDER BY owner, sku_id";
    let rows = tx.query(sql, params![document]).await?;
    rows.iter()
        .map(|row| {
            let due_at: Option<Time> = row.get(3)?;
            Ok(ClaimNews {
                owner: row.get(0)?,
                sku_id: row.get(1)?,
                outstanding: row.get(2)?,
                due_at,
            })
        })
        .collect()
}
