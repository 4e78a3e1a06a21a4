//! SQL of the tables `import_*`.

use std::collections::HashMap;

use base::{JobId, Result, Time};
use db::{Reader, Tx, Value, params};

use crate::docs::LedgerDoc;

/// A run as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    pub(crate) id: JobId,
    pub(crate) done: bool,
    pub(crate) started_at: Time,
}

pub(crate) async fn run_find(reader: &Reader, fingerprint: &str) -> Result<Option<Run>> {
    let sql = "SELECT id, state, started_at FROM import_run WHERE fingerprint = $1";
    let row = reader.query_opt(sql, params![fingerprint]).await?;
    row.map(|row| {
        Ok(Run {
            id: row.get(0)?,
            done: row.get::<String>(1)? == "done",
            started_at: row.get(2)?,
        })
    })
    .transpose()
}

pub(crate) async fn run_start(
    tx: &Tx,
    id: JobId,
    source: &str,
    mapping: &str,
    fingerprint: &str,
) -> Result<Time> {
    let sql = "INSERT INTO import_run (id, source, mapping, fingerprint, state, started_at, updated_at) \
               VALUES ($1, $2, $3, $4, 'running', $5, $5)";
    tx.execute(sql, params![id, source, mapping, fingerprint, tx.now()])
        .await?;
    Ok(tx.now())
}

/// Makes what runs of this source brought that were cut off, and given up before they moved any stock, this
/// run's own: it will move the stock of their documents.
pub(crate) async fn runs_adopt(tx: &Tx, id: JobId, source: &str) -> Result<()> {
    let given_up = "SELECT r.id FROM import_run AS r WHERE r.source = $1 AND r.state = 'running' AND r.id <> $2 \
                    AND NOT EXISTS (SELECT 1 FROM import_checkpoint AS c WHERE c.run_id = r.id)";
    let sql = format!("UPDATE import_ref SET run_id = $2 WHERE source = $1 AND run_id IN ({given_up})");
    tx.execute(&sql, params![source, id]).await?;
    let sql = format!("UPDATE import_run SET state = 'superseded', updated_at = $3 WHERE id IN ({given_up})");
    tx.execute(&sql, params![source, id, tx.now()]).await?;
    Ok(())
}

pub(crate) async fn run_finish(tx: &Tx, id: JobId, summary: &serde_json::Value) -> Result<()> {
    let sql = "UPDATE import_run SET state = 'done', summary_json = $2, updated_at = $3 WHERE id = $1";
    tx.execute(sql, params![id, db::json(summary)?, tx.now()]).await?;
    Ok(())
}

pub(crate) async fn checkpoints(reader: &Reader, run: JobId) -> Result<HashMap<String, i64>> {
    let sql = "SELECT stage, done FROM import_checkpoint WHERE run_id = $1";
    let rows = reader.query(sql, params![run]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

pub(crate) async fn checkpoint_set(tx: &Tx, run: JobId, stage: &str, done: i64) -> Result<()> {
    let sql = "INSERT INTO import_checkpoint (run_id, stage, done) VALUES ($1, $2, $3) \
               ON CONFLICT (run_id, stage) DO UPDATE SET done = excluded.done";
    tx.execute(sql, params![run, stage, done]).await?;
    Ok(())
}

/// What one kind of record of a source became: its target, and whether this run brought it.
pub(crate) async fn refs(
    reader: &Reader,
    source: &str,
    kind: &str,
    run: JobId,
) -> Result<HashMap<String, (String, bool)>> {
    let sql = "SELECT key, target, run_id FROM import_ref WHERE source = $1 AND kind = $2";
    let rows = reader.query(sql, params![source, kind]).await?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, (row.get(1)?, row.get::<JobId>(2)? == run))))
        .collect()
}

pub(crate) async fn refs_add(
    tx: &Tx,
    source: &str,
    kind: &str,
    run: JobId,
    refs: &[(String, String)],
) -> Result<()> {
    let rows: Vec<Vec<Value>> = refs
        .iter()
        .map(|(key, target)| {
            vec![
                source.into(),
                kind.into(),
                key.as_str().into(),
                target.as_str().into(),
                run.into(),
            ]
        })
        .collect();
    tx.insert_many(
        "import_ref (source, kind, key, target, run_id)",
        &rows,
        "ON CONFLICT (source, kind, key) DO NOTHING",
    )
    .await?;
    Ok(())
}

pub(crate) async fn entries_add(
    tx: &Tx,
    source: &str,
    currency: base::Currency,
    run: JobId,
    entries: &[LedgerDoc],
) -> Result<u64> {
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .map(|e| {
            vec![
                source.into(),
                e.key.as_str().into(),
                e.class.as_str().into(),
                e.code.as_str().into(),
                e.quantity.into(),
                currency.into(),
                e.amount_minor.into(),
                e.rounding.to_string().into(),
                e.note.as_str().into(),
                e.at.into(),
                run.into(),
            ]
        })
        .collect();
    tx.insert_many(
        "import_entry (source, key, class, sku_code, quantity, currency, amount_minor, rounding, note, \
         occurred_at, run_id)",
        &rows,
        "ON CONFLICT (source, key) DO NOTHING",
    )
    .await
}
