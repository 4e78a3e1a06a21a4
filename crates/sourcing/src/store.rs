//! SQL only: what is kept, not what is decided.

use base::{Error, PlaceId, Result, SkuId, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::figures::{PlaceFigure, Sold};
use crate::model::RulesVersion;

/// Values of one statement at most.
const CHUNK: usize = 200;

fn version(row: &Row) -> Result<RulesVersion> {
    Ok(RulesVersion {
        version: row.get(0)?,
        rules: row.json(1)?,
        note: row.get(2)?,
        actor: row.get(3)?,
        changed_at: row.get(4)?,
    })
}

const VERSION: &str = "version, rules_json, note, actor, changed_at";

/// The version in force; none while nobody has decided anything.
pub(crate) async fn latest(reader: &Reader) -> Result<Option<RulesVersion>> {
    let sql = format!("SELECT {VERSION} FROM sourcing_rules ORDER BY version DESC LIMIT 1");
    reader
        .query_opt(&sql, params![])
        .await?
        .as_ref()
        .map(version)
        .transpose()
}

/// The versions before one, the newest first.
pub(crate) async fn versions(reader: &Reader, before: Option<i64>, limit: i64) -> Result<Vec<RulesVersion>> {
    let sql =
        format!("SELECT {VERSION} FROM sourcing_rules WHERE version < $1 ORDER BY version DESC LIMIT $2");
    let rows = reader
        .query(&sql, params![before.unwrap_or(i64::MAX), limit])
        .await?;
    rows.iter().map(version).collect()
}

/// Adds a version; false when somebody else has just added it.
pub(crate) async fn version_add(tx: &Tx, version: &RulesVersion) -> Result<bool> {
    let sql = format!(
        "INSERT INTO sourcing_rules ({VERSION}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (version) DO NOTHING"
    );
    let values = vec![
        version.version.into(),
        db::json(&version.rules)?,
        version.note.as_deref().into(),
        version.actor.as_str().into(),
        Value::from(version.changed_at),
    ];
    Ok(tx.execute(&sql, &values).await? == 1)
}

/// When the figures were counted last.
pub(crate) async fn counted_at(reader: &Reader) -> Result<Option<Time>> {
    let sql = "SELECT counted_at FROM sourcing_count WHERE name = 'figures'";
    reader
        .query_opt(sql, params![])
        .await?
        .map(|row| row.get(0))
        .transpose()
}

/// Claims the next count; false when it was counted, or claimed, since `stale_before`.
pub(crate) async fn count_claim(tx: &Tx, stale_before: Time) -> Result<bool> {
    let sql = "INSERT INTO sourcing_count (name, counted_at) VALUES ('claim', $1) \
        ON CONFLICT (name) DO UPDATE SET counted_at = excluded.counted_at WHERE sourcing_count.counted_at < $2";
    Ok(tx.execute(sql, params![tx.now(), stale_before]).await? == 1)
}

pub(crate) async fn count_done(tx: &Tx, at: Time) -> Result<()> {
    let sql = "INSERT INTO sourcing_count (name, counted_at) VALUES ('figures', $1) \
        ON CONFLICT (name) DO UPDATE SET counted_at = excluded.counted_at";
    tx.execute(sql, params![at]).await?;
    Ok(())
}

pub(crate) async fn sold_put(tx: &Tx, rows: &[Sold], at: Time) -> Result<()> {
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            vec![
                row.sku_id.into(),
                row.place_id.into(),
                row.pieces.into(),
                at.into(),
            ]
        })
        .collect();
    let suffix = "ON CONFLICT (sku_id, place_id) DO UPDATE SET pieces = excluded.pieces, \
        counted_at = excluded.counted_at";
    tx.insert_many(
        "sourcing_sold (sku_id, place_id, pieces, counted_at)",
        &rows,
        suffix,
    )
    .await?;
    Ok(())
}

/// Forgets what an earlier count found and this one did not.
pub(crate) async fn sold_forget(tx: &Tx, before: Time) -> Result<u64> {
    tx.execute("DELETE FROM sourcing_sold WHERE counted_at < $1", params![before])
        .await
}

pub(crate) async fn sold(reader: &Reader, skus: &[SkuId]) -> Result<Vec<Sold>> {
    let mut found = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let marks: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT sku_id, place_id, pieces FROM sourcing_sold WHERE sku_id IN ({}) ORDER BY sku_id, place_id",
            marks.join(", ")
        );
        let values: Vec<Value> = chunk.iter().map(|sku| Value::from(*sku)).collect();
        for row in reader.query(&sql, &values).await? {
            found.push(Sold {
                sku_id: row.get(0)?,
                place_id: row.get(1)?,
                pieces: row.get(2)?,
            });
        }
    }
    Ok(found)
}

pub(crate) async fn places_put(tx: &Tx, figures: &[PlaceFigure]) -> Result<()> {
    tx.execute("DELETE FROM sourcing_place", params![]).await?;
    let rows: Vec<Vec<Value>> = figures
        .iter()
        .map(|figure| {
            vec![
                figure.place_id.into(),
                figure.asked.into(),
                figure.rejected.into(),
            ]
        })
        .collect();
    tx.insert_many("sourcing_place (place_id, asked, rejected)", &rows, "")
        .await?;
    Ok(())
}

pub(crate) async fn places(reader: &Reader) -> Result<Vec<PlaceFigure>> {
    let rows = reader
        .query(
            "SELECT place_id, asked, rejected FROM sourcing_place ORDER BY place_id",
            params![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(PlaceFigure {
                place_id: row.get::<PlaceId>(0)?,
                asked: row.get(1)?,
                rejected: row.get(2)?,
            })
        })
        .collect()
}

/// Reads a stored word of a closed list.
pub(crate) fn word<T: Copy>(all: &[T], written: fn(T) -> &'static str, text: &str) -> Result<T> {
    let found = all.iter().copied().find(|one| written(*one) == text);
    found.ok_or_else(|| Error::internal(format!("\"{text}\" is not a word of ours")))
}
