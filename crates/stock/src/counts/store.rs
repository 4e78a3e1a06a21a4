//! SQL of counts. No decisions.

use base::{CountId, Error, Money, PlaceId, Result, SkuId, Time};
use db::{Reader, Row, Tx, Value, params};

use super::model::{Count, CountReason, CountScope, CountState, Counted, Line, Take};
use super::rules::{Book, Look};
use crate::balance_store::within;
use crate::epc::Sgtin;
use crate::model::Key;

const HEAD: &str = "c.id, c.place_id, c.state, c.scope, c.category_id, c.blind, c.note, c.created_by, c.created_at, \
     c.submitted_by, c.submitted_at, c.closed_by, c.closed_at, c.version";

/// What the lines of a sheet add up to.
const FIGURES: &str = "LEFT JOIN (SELECT count_id, COUNT(*) AS lines, \
         COUNT(*) FILTER (WHERE round > 0 AND NOT again) AS counted, \
         COUNT(*) FILTER (WHERE variance <> 0) AS differing, \
         COALESCE(CAST(SUM(variance) FILTER (WHERE variance < 0) AS BIGINT), 0) AS missing, \
         COALESCE(CAST(SUM(variance) FILTER (WHERE variance > 0) AS BIGINT), 0) AS surplus \
         FROM stock_count_line GROUP BY count_id) f ON f.count_id = c.id";

fn head(row: &Row) -> Result<Count> {
    let missing: Option<i64> = row.get(17)?;
    Ok(Count {
        id: row.get(0)?,
        place_id: row.get(1)?,
        state: CountState::parse(row.text(2)?)?,
        scope: CountScope::parse(row.text(3)?)?,
        category_id: row.get(4)?,
        blind: row.get(5)?,
        note: row.get(6)?,
        created_by: row.get(7)?,
        created_at: row.get(8)?,
        submitted_by: row.get(9)?,
        submitted_at: row.get(10)?,
        closed_by: row.get(11)?,
        closed_at: row.get(12)?,
        version: row.get(13)?,
        lines: row.get::<Option<i64>>(14)?.unwrap_or(0),
        counted: row.get::<Option<i64>>(15)?.unwrap_or(0),
        differing: Some(row.get::<Option<i64>>(16)?.unwrap_or(0)),
        missing: Some(-missing.unwrap_or(0)),
        surplus: Some(row.get::<Option<i64>>(18)?.unwrap_or(0)),
    })
}

pub(super) async fn insert(tx: &Tx, count: &Count, skus: &[SkuId]) -> Result<()> {
    tx.execute(
        "INSERT INTO stock_count (id, place_id, state, scope, category_id, blind, note, created_by, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            count.id,
            count.place_id,
            count.state.as_str(),
            count.scope.as_str(),
            count.category_id,
            count.blind,
            count.note.as_deref(),
            count.created_by.as_str(),
            count.created_at,
            count.version
        ],
    )
    .await?;
    lines_ensure(tx, count.id, count.place_id, skus).await
}

/// Adds lines nobody has counted yet; those that are there stay.
pub(super) async fn lines_ensure(tx: &Tx, id: CountId, place: PlaceId, skus: &[SkuId]) -> Result<()> {
    let rows: Vec<Vec<Value>> = skus
        .iter()
        .map(|sku| {
            vec![
                id.into(),
                (*sku).into(),
                place.into(),
                Value::Int(0),
                Value::Int(0),
                Value::Int(0),
                false.into(),
            ]
        })
        .collect();
    let table = "stock_count_line (count_id, sku_id, place_id, round, late, variance, again)";
    tx.insert_many(table, &rows, "ON CONFLICT (count_id, sku_id) DO NOTHING")
        .await?;
    Ok(())
}

pub(super) async fn get(reader: &Reader, id: CountId) -> Result<Count> {
    // Grouped for this sheet alone: the figures of all would be read otherwise.
    let sql = format!(
        "SELECT {HEAD}, f.lines, f.counted, f.differing, f.missing, f.surplus FROM stock_count c {} WHERE c.id = $1",
        FIGURES.replace("GROUP BY", "WHERE count_id = $1 GROUP BY")
    );
    let row = reader.query_opt(&sql, params![id]).await?;
    row.as_ref()
        .map(head)
        .transpose()?
        .ok_or_else(|| Error::not_found("count", id))
}

/// What a list of counts is narrowed to.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) places: Option<Vec<PlaceId>>,
    pub(super) state: Option<CountState>,
    pub(super) before: Option<CountId>,
    pub(super) limit: i64,
}

/// Sheets, newest first.
pub(super) async fn list(reader: &Reader, query: &Query) -> Result<Vec<Count>> {
    let mut params: Vec<Value> = vec![
        query.state.map(CountState::as_str).into(),
        query.before.into(),
        query.limit.into(),
    ];
    let mut conditions = String::from(
        "(CAST($1 AS TEXT) IS NULL OR c.state = $1) AND (CAST($2 AS TEXT) IS NULL OR c.id < $2)",
    );
    if let Some(places) = &query.places {
        conditions.push_str(&within(
            "c.place_id",
            places.iter().map(|id| (*id).into()),
            &mut params,
        ));
    }
    let page = format!("SELECT {HEAD} FROM stock_count c WHERE {conditions} ORDER BY c.id DESC LIMIT $3");
    let figures = FIGURES.replace(
        "GROUP BY",
        "WHERE count_id IN (SELECT id FROM stock_page) GROUP BY",
    );
    let sql = format!(
        "WITH stock_page AS ({page}) SELECT {HEAD}, f.lines, f.counted, f.differing, f.missing, f.surplus \
         FROM stock_page c {figures} ORDER BY c.id DESC"
    );
    reader.query(&sql, &params).await?.iter().map(head).collect()
}

/// Writes what may change of a sheet over the version it was read at; false when somebody was faster.
pub(super) async fn update(tx: &Tx, count: &Count) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE stock_count SET state = $3, submitted_by = $4, submitted_at = $5, closed_by = $6, closed_at = $7, \
             version = version + 1 WHERE id = $1 AND version = $2",
            params![
                count.id,
                count.version,
                count.state.as_str(),
                count.submitted_by.as_deref(),
                count.submitted_at,
                count.closed_by.as_deref(),
                count.closed_at
            ],
        )
        .await?;
    Ok(changed == 1)
}

const LINE: &str = "sku_id, round, counted, book, late, quarantined, picked, picking, price_minor, price_currency, \
     counted_by, counted_at, again, reason";

fn line(row: &Row) -> Result<Line> {
    let counted: Option<i64> = row.get(2)?;
    let take = match counted {
        None => None,
        Some(counted) => Some(Take {
            counted,
            book: Book {
                on_hand: row.get(3)?,
                late: row.get(4)?,
                quarantined: row.get(5)?,
                picked: row.get(6)?,
                picking: row.get(7)?,
            },
            price: Money::new(row.get(8)?, row.get(9)?),
            by: row.get(10)?,
            at: row.get(11)?,
        }),
    };
    let reason: Option<String> = row.get(13)?;
    Ok(Line {
        sku_id: row.get(0)?,
        round: row.get(1)?,
        take,
        again: row.get(12)?,
        reason: reason.as_deref().map(CountReason::parse).transpose()?,
    })
}

/// All lines of a sheet, in SKU order.
pub(super) async fn lines(reader: &Reader, id: CountId) -> Result<Vec<Line>> {
    let sql = format!("SELECT {LINE} FROM stock_count_line WHERE count_id = $1 ORDER BY sku_id");
    reader.query(&sql, params![id]).await?.iter().map(line).collect()
}

/// A page of lines, in SKU order.
pub(super) async fn lines_page(
    reader: &Reader,
    id: CountId,
    after: Option<SkuId>,
    limit: i64,
) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT {LINE} FROM stock_count_line WHERE count_id = $1 \
         AND (CAST($2 AS TEXT) IS NULL OR sku_id > $2) ORDER BY sku_id LIMIT $3"
    );
    let rows = reader.query(&sql, params![id, after, limit]).await?;
    rows.iter().map(line).collect()
}

/// Writes looks over the lines they are of, and keeps each for good.
pub(super) async fn takes_write(tx: &Tx, id: CountId, lines: &[Line]) -> Result<()> {
    let mut updates = Vec::with_capacity(lines.len());
    let mut history = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(take) = &line.take else { continue };
        updates.push(vec![
            id.into(),
            line.sku_id.into(),
            line.round.into(),
            take.counted.into(),
            take.book.on_hand.into(),
            take.book.quarantined.into(),
            take.book.picked.into(),
            take.book.picking.into(),
            line.variance().into(),
            take.price.amount_minor.into(),
            take.price.currency.into(),
            take.by.as_str().into(),
            take.at.into(),
        ]);
        history.push(vec![
            id.into(),
            line.sku_id.into(),
            line.round.into(),
            take.counted.into(),
            take.book.shelf().into(),
            line.variance().into(),
            take.by.as_str().into(),
            take.at.into(),
        ]);
    }
    let sql = "UPDATE stock_count_line SET round = $3, counted = $4, book = $5, late = 0, quarantined = $6, picked = $7, \
               picking = $8, variance = $9, price_minor = $10, price_currency = $11, counted_by = $12, counted_at = $13, \
               again = FALSE, reason = NULL WHERE count_id = $1 AND sku_id = $2 AND round = $3 - 1";
    if tx.execute_many(sql, &updates).await? != updates.len() as u64 {
        return Err(Error::new(&db::CONTENDED));
    }
    let table = "stock_count_take (count_id, sku_id, round, counted, expected, variance, actor, counted_at)";
    tx.insert_many(table, &history, "").await?;
    Ok(())
}

pub(super) async fn reasons_write(
    tx: &Tx,
    id: CountId,
    reasons: impl Iterator<Item = (SkuId, CountReason)>,
) -> Result<()> {
    let rows: Vec<Vec<Value>> = reasons
        .map(|(sku, reason)| vec![id.into(), sku.into(), reason.as_str().into()])
        .collect();
    let sql = "UPDATE stock_count_line SET reason = $3 WHERE count_id = $1 AND sku_id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(())
}

/// Sends lines back to be counted once more.
pub(super) async fn lines_send_back(tx: &Tx, id: CountId, skus: &[SkuId]) -> Result<()> {
    let rows: Vec<Vec<Value>> = skus.iter().map(|sku| vec![id.into(), (*sku).into()]).collect();
    let sql = "UPDATE stock_count_line SET again = TRUE WHERE count_id = $1 AND sku_id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(())
}

/// The looks taken at a balance at or after an instant, on sheets that were not given up, in their order.
pub(super) async fn looks_since(reader: &Reader, key: Key, at: Time) -> Result<Vec<Look>> {
    let sql = "SELECT l.count_id, l.counted_at, c.state FROM stock_count_line l \
               JOIN stock_count c ON c.id = l.count_id \
               WHERE l.sku_id = $1 AND l.place_id = $2 AND l.counted_at >= $3 AND c.state <> 'cancelled' \
               ORDER BY l.counted_at, l.count_id";
    let rows = reader.query(sql, params![key.sku_id, key.place_id, at]).await?;
    rows.iter()
        .map(|row| {
            Ok(Look {
                count_id: row.get(0)?,
                sku_id: key.sku_id,
                at: row.get(1)?,
                posted: CountState::parse(row.text(2)?)? == CountState::Posted,
            })
        })
        .collect()
}

/// One line.
pub(super) async fn line_get(reader: &Reader, id: CountId, sku: SkuId) -> Result<Option<Line>> {
    let sql = format!("SELECT {LINE} FROM stock_count_line WHERE count_id = $1 AND sku_id = $2");
    let row = reader.query_opt(&sql, params![id, sku]).await?;
    row.as_ref().map(line).transpose()
}

/// Writes what a line has learnt of late.
pub(super) async fn late_write(tx: &Tx, id: CountId, line: &Line) -> Result<()> {
    let late = line.take.as_ref().map_or(0, |take| take.book.late);
    let sql = "UPDATE stock_count_line SET late = $3, variance = $4 WHERE count_id = $1 AND sku_id = $2";
    tx.execute(sql, params![id, line.sku_id, late, line.variance()])
        .await?;
    Ok(())
}

/// Keeps pieces a reader has seen; answers how many are new to the sheet.
pub(super) async fn pieces_add(tx: &Tx, id: CountId, pieces: &[(Sgtin, SkuId)]) -> Result<u64> {
    let rows: Vec<Vec<Value>> = pieces
        .iter()
        .map(|(piece, sku)| {
            vec![
                id.into(),
                piece.gtin.as_str().into(),
                piece.serial.as_str().into(),
                (*sku).into(),
                tx.now().into(),
            ]
        })
        .collect();
    let table = "stock_count_epc (count_id, gtin, serial_number, sku_id, seen_at)";
    tx.insert_many(
        table,
        &rows,
        "ON CONFLICT (count_id, gtin, serial_number) DO NOTHING",
    )
    .await
}

/// How many pieces of each SKU a reader has seen for a sheet.
pub(super) async fn pieces_seen(reader: &Reader, id: CountId) -> Result<Vec<Counted>> {
    let sql =
        "SELECT sku_id, COUNT(*) FROM stock_count_epc WHERE count_id = $1 GROUP BY sku_id ORDER BY sku_id";
    let rows = reader.query(sql, params![id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Counted {
                sku_id: row.get(0)?,
                counted: row.get(1)?,
            })
        })
        .collect()
}

/// Forgets the pieces of lines that are counted once more.
pub(super) async fn pieces_forget(tx: &Tx, id: CountId, skus: &[SkuId]) -> Result<()> {
    let rows: Vec<Vec<Value>> = skus.iter().map(|sku| vec![id.into(), (*sku).into()]).collect();
    let sql = "DELETE FROM stock_count_epc WHERE count_id = $1 AND sku_id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(())
}

/// The SKUs a place has pieces of, in order; at most `limit`.
pub(super) async fn skus_at(reader: &Reader, place: PlaceId, limit: i64) -> Result<Vec<SkuId>> {
    let sql =
        "SELECT sku_id FROM stock_balance WHERE place_id = $1 AND on_hand <> 0 ORDER BY sku_id LIMIT $2";
    let rows = reader.query(sql, params![place, limit]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}
