//! SQL of prices. No decisions.

use base::{PriceListId, PromotionId, Result, SkuId, Text, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{Entry, PriceList, PriceListIn, PriceSettings, Promotion, PromotionIn};

const LIST_COLUMNS: &str = "l.id, l.code, l.name_zh, l.name_en, l.currency, l.tax_included, l.audience_json, \
    l.valid_from_at, l.valid_until_at, l.active, l.version, l.updated_at, \
    (SELECT COUNT(*) FROM pricing_entry e WHERE e.list_id = l.id)";

fn list(row: &Row, now: Time) -> Result<PriceList> {
    let details = PriceListIn {
        code: row.get(1)?,
        name: Text {
            zh: row.get(2)?,
            en: row.get(3)?,
        },
        currency: row.get(4)?,
        tax_included: row.get(5)?,
        audience: row.json(6)?,
        valid_from: row.get(7)?,
        valid_until: row.get(8)?,
        active: row.get(9)?,
    };
    let mut list = PriceList::build(row.get(0)?, &details, row.get(12)?, row.get(10)?, now);
    list.updated_at = row.get(11)?;
    Ok(list)
}

pub(crate) async fn lists(r: &Reader, after: &str, limit: i64) -> Result<Vec<PriceList>> {
    let sql = format!("SELECT {LIST_COLUMNS} FROM pricing_list l WHERE l.code > $1 ORDER BY l.code LIMIT $2");
    let rows = r.query(&sql, params![after, limit]).await?;
    rows.iter().map(|row| list(row, r.now())).collect()
}

/// The lists that apply now or will.
pub(crate) async fn lists_alive(r: &Reader) -> Result<Vec<PriceList>> {
    let sql = format!(
        "SELECT {LIST_COLUMNS} FROM pricing_list l \
         WHERE l.active AND (l.valid_until_at IS NULL OR l.valid_until_at > $1) ORDER BY l.code"
    );
    let rows = r.query(&sql, params![r.now()]).await?;
    rows.iter().map(|row| list(row, r.now())).collect()
}

pub(crate) async fn list_find(r: &Reader, id: PriceListId) -> Result<Option<PriceList>> {
    let sql = format!("SELECT {LIST_COLUMNS} FROM pricing_list l WHERE l.id = $1");
    let row = r.query_opt(&sql, params![id]).await?;
    row.map(|row| list(&row, r.now())).transpose()
}

pub(crate) async fn list_of_code(r: &Reader, code: &str) -> Result<Option<PriceListId>> {
    let row = r
        .query_opt("SELECT id FROM pricing_list WHERE code = $1", params![code])
        .await?;
    row.map(|row| row.get(0)).transpose()
}

pub(crate) async fn list_write(tx: &Tx, list: &PriceList) -> Result<()> {
    tx.execute(
        "INSERT INTO pricing_list (id, code, name_zh, name_en, currency, tax_included, audience_json, \
         valid_from_at, valid_until_at, active, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (id) DO UPDATE SET code = excluded.code, name_zh = excluded.name_zh, \
         name_en = excluded.name_en, currency = excluded.currency, tax_included = excluded.tax_included, \
         audience_json = excluded.audience_json, valid_from_at = excluded.valid_from_at, \
         valid_until_at = excluded.valid_until_at, active = excluded.active, version = excluded.version, \
         updated_at = excluded.updated_at",
        params![
            list.id,
            list.code.as_str(),
            list.name.zh.as_str(),
            list.name.en.as_str(),
            list.currency,
            list.tax_included,
            db::json(&list.audience)?,
            list.valid_from,
            list.valid_until,
            list.active,
            list.version,
            tx.now()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn list_remove(tx: &Tx, id: PriceListId) -> Result<()> {
    tx.execute("DELETE FROM pricing_entry WHERE list_id = $1", params![id])
        .await?;
    tx.execute("DELETE FROM pricing_list WHERE id = $1", params![id])
        .await?;
    Ok(())
}

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        sku_id: row.get(0)?,
        min_quantity: row.get(1)?,
        amount_minor: row.get(2)?,
    })
}

/// The prices of a list after a SKU and a quantity.
pub(crate) async fn entries(
    r: &Reader,
    list: PriceListId,
    after: (&str, i64),
    limit: i64,
) -> Result<Vec<Entry>> {
    let sql = "SELECT sku_id, min_quantity, amount_minor FROM pricing_entry \
               WHERE list_id = $1 AND (sku_id, min_quantity) > ($2, $3) ORDER BY sku_id, min_quantity LIMIT $4";
    let rows = r.query(sql, params![list, after.0, after.1, limit]).await?;
    rows.iter().map(entry).collect()
}

/// Every price of a list.
pub(crate) async fn entries_all(r: &Reader, list: PriceListId) -> Result<Vec<Entry>> {
    let sql = "SELECT sku_id, min_quantity, amount_minor FROM pricing_entry WHERE list_id = $1 \
               ORDER BY sku_id, min_quantity";
    r.query(sql, params![list]).await?.iter().map(entry).collect()
}

pub(crate) async fn entry_count(r: &Reader, list: PriceListId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM pricing_entry WHERE list_id = $1";
    r.query_one(sql, params![list]).await?.get(0)
}

pub(crate) async fn entries_write(tx: &Tx, list: PriceListId, entries: &[Entry]) -> Result<()> {
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .map(|entry| {
            vec![
                list.into(),
                entry.sku_id.into(),
                entry.min_quantity.into(),
                entry.amount_minor.into(),
            ]
        })
        .collect();
    tx.insert_many(
        "pricing_entry (list_id, sku_id, min_quantity, amount_minor)",
        &rows,
        "ON CONFLICT (list_id, sku_id, min_quantity) DO UPDATE SET amount_minor = excluded.amount_minor",
    )
    .await?;
    Ok(())
}

pub(crate) async fn entries_remove(tx: &Tx, list: PriceListId, keys: &[(SkuId, i64)]) -> Result<()> {
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .map(|(sku, from)| vec![list.into(), (*sku).into(), (*from).into()])
        .collect();
    let sql = "DELETE FROM pricing_entry WHERE list_id = $1 AND sku_id = $2 AND min_quantity = $3";
    tx.execute_many(sql, &rows).await?;
    Ok(())
}

const PROMOTION_COLUMNS: &str = "p.id, p.details_json, p.version, p.updated_at, c.taken \
    FROM pricing_promotion p LEFT JOIN pricing_code c ON c.promotion_id = p.id";

fn promotion(row: &Row, now: Time) -> Result<Promotion> {
    let details: PromotionIn = row.json(1)?;
    let mut promotion = Promotion::build(row.get(0)?, &details, row.get(2)?, now);
    promotion.updated_at = row.get(3)?;
    promotion.code_uses = row.get::<Option<i64>>(4)?.unwrap_or(0);
    Ok(promotion)
}

pub(crate) async fn promotions(r: &Reader, after: &str, limit: i64) -> Result<Vec<Promotion>> {
    let sql = format!("SELECT {PROMOTION_COLUMNS} WHERE p.code > $1 ORDER BY p.code LIMIT $2");
    let rows = r.query(&sql, params![after, limit]).await?;
    rows.iter().map(|row| promotion(row, r.now())).collect()
}

/// The promotions that apply now or will.
pub(crate) async fn promotions_alive(r: &Reader) -> Result<Vec<Promotion>> {
    let sql = format!(
        "SELECT {PROMOTION_COLUMNS} WHERE p.active AND (p.valid_until_at IS NULL OR p.valid_until_at > $1) \
         ORDER BY p.code"
    );
    let rows = r.query(&sql, params![r.now()]).await?;
    rows.iter().map(|row| promotion(row, r.now())).collect()
}

/// The promotions that end, and not before an instant; the stopped ones left out.
pub(crate) async fn promotions_ending_after(r: &Reader, at: Time) -> Result<Vec<Promotion>> {
    let sql = format!("SELECT {PROMOTION_COLUMNS} WHERE p.active AND p.valid_until_at > $1 ORDER BY p.code");
    let rows = r.query(&sql, params![at]).await?;
    rows.iter().map(|row| promotion(row, r.now())).collect()
}

pub(crate) async fn promotion_find(r: &Reader, id: PromotionId) -> Result<Option<Promotion>> {
    let sql = format!("SELECT {PROMOTION_COLUMNS} WHERE p.id = $1");
    let row = r.query_opt(&sql, params![id]).await?;
    row.map(|row| promotion(&row, r.now())).transpose()
}

pub(crate) async fn promotion_of_code(r: &Reader, code: &str) -> Result<Option<PromotionId>> {
    let row = r
        .query_opt("SELECT id FROM pricing_promotion WHERE code = $1", params![code])
        .await?;
    row.map(|row| row.get(0)).transpose()
}

pub(crate) async fn promotion_write(tx: &Tx, promotion: &Promotion) -> Result<()> {
    tx.execute(
        "INSERT INTO pricing_promotion (id, code, details_json, valid_until_at, active, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (id) DO UPDATE SET code = excluded.code, details_json = excluded.details_json, \
         valid_until_at = excluded.valid_until_at, active = excluded.active, version = excluded.version, \
         updated_at = excluded.updated_at",
        params![
            promotion.id,
            promotion.code.as_str(),
            db::json(&promotion.details())?,
            promotion.valid_until,
            promotion.active,
            promotion.version,
            tx.now()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn promotion_remove(tx: &Tx, id: PromotionId) -> Result<()> {
    tx.execute("DELETE FROM pricing_promotion WHERE id = $1", params![id])
        .await?;
    Ok(())
}

/// The settings, their version and the version of everything.
pub(crate) async fn settings(r: &Reader) -> Result<(PriceSettings, i64)> {
    let sql = "SELECT settings_json, version FROM pricing_settings WHERE id = 'chain'";
    let row = r.query_one(sql, params![]).await?;
    Ok((row.json(0)?, row.get(1)?))
}

pub(crate) async fn settings_write(tx: &Tx, settings: &PriceSettings, version: i64) -> Result<()> {
    let sql = "UPDATE pricing_settings SET settings_json = $1, version = $2 WHERE id = 'chain'";
    tx.execute(sql, params![db::json(settings)?, version]).await?;
    Ok(())
}

pub(crate) async fn book_version(r: &Reader) -> Result<i64> {
    let sql = "SELECT book_version FROM pricing_settings WHERE id = 'chain'";
    r.query_one(sql, params![]).await?.get(0)
}

/// Says that something has changed.
pub(crate) async fn book_changed(tx: &Tx) -> Result<()> {
    let sql = "UPDATE pricing_settings SET book_version = book_version + 1 WHERE id = 'chain'";
    tx.execute(sql, params![]).await?;
    Ok(())
}
