//! The audit trail: entries waiting, the chain, its head.

use base::{EventId, PageSize, Result, Time};
use db::{Reader, Row, Tx, params};

use super::hash_of;
use crate::model::AuditEntry;

/// An entry that waits for its place in the chain.
pub(crate) struct Pending {
    pub(crate) id: String,
    pub(crate) at: Time,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) object: String,
    pub(crate) facts_json: String,
    pub(crate) request_id: String,
}

/// A link of the chain as it lies in the store.
pub(crate) struct Link {
    pub(crate) seq: i64,
    pub(crate) entry: Pending,
    pub(crate) prev_hash: [u8; 32],
    pub(crate) hash: [u8; 32],
}

/// How far the chain goes.
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) hash: [u8; 32],
    pub(crate) key_id: u32,
    pub(crate) mac: Vec<u8>,
}

pub(crate) async fn pending_insert(
    tx: &Tx,
    actor: &str,
    action: &str,
    object: &str,
    facts_json: &str,
    request_id: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO access_audit_pending (id, entry_at, actor, action, object, facts_json, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            EventId::new(),
            tx.now(),
            actor,
            action,
            object,
            facts_json,
            request_id
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn pending(reader: &Reader, limit: i64) -> Result<Vec<Pending>> {
    let rows = reader
        .query(
            "SELECT id, entry_at, actor, action, object, facts_json, request_id
             FROM access_audit_pending ORDER BY id LIMIT $1",
            params![limit],
        )
        .await?;
    rows.iter().map(|row| pending_from(row, 0)).collect()
}

fn pending_from(row: &Row, first: usize) -> Result<Pending> {
    Ok(Pending {
        id: row.get(first)?,
        at: row.get(first + 1)?,
        actor: row.get(first + 2)?,
        action: row.get(first + 3)?,
        object: row.get(first + 4)?,
        facts_json: row.get(first + 5)?,
        request_id: row.get(first + 6)?,
    })
}

/// Moves entries into the chain.
pub(crate) async fn seal(tx: &Tx, links: &[Link]) -> Result<()> {
    let rows: Vec<Vec<db::Value>> = links
        .iter()
        .map(|link| {
            let e = &link.entry;
            vec![
                link.seq.into(),
                e.id.as_str().into(),
                e.at.into(),
                e.actor.as_str().into(),
                e.action.as_str().into(),
                e.object.as_str().into(),
                e.facts_json.as_str().into(),
                e.request_id.as_str().into(),
                link.prev_hash.to_vec().into(),
                link.hash.to_vec().into(),
            ]
        })
        .collect();
    tx.insert_many(
        "access_audit (seq, id, entry_at, actor, action, object, facts_json, request_id, prev_hash, hash)",
        &rows,
        "",
    )
    .await?;
    let ids: Vec<Vec<db::Value>> = links
        .iter()
        .map(|link| vec![link.entry.id.as_str().into()])
        .collect();
    tx.execute_many("DELETE FROM access_audit_pending WHERE id = $1", &ids)
        .await?;
    Ok(())
}

pub(crate) async fn head(reader: &Reader) -> Result<Option<Head>> {
    let row = reader
        .query_opt(
            "SELECT seq, hash, key_id, mac FROM access_audit_head WHERE id = 1",
            params![],
        )
        .await?;
    row.map(|row| {
        Ok(Head {
            seq: row.get(0)?,
            hash: hash_of(row.get(1)?)?,
            key_id: row.get(2)?,
            mac: row.get(3)?,
        })
    })
    .transpose()
}

pub(crate) async fn head_put(tx: &Tx, head: &Head) -> Result<()> {
    tx.execute(
        "INSERT INTO access_audit_head (id, seq, hash, key_id, mac, sealed_at)
         VALUES (1, $1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, key_id = excluded.key_id,
            mac = excluded.mac, sealed_at = excluded.sealed_at",
        params![head.seq, head.hash, head.key_id, head.mac, tx.now()],
    )
    .await?;
    Ok(())
}

const LINK: &str = "SELECT seq, id, entry_at, actor, action, object, facts_json, request_id, prev_hash, hash FROM access_audit";

/// The links after a number, in order.
pub(crate) async fn links_after(reader: &Reader, seq: i64, limit: i64) -> Result<Vec<Link>> {
    let rows = reader
        .query(
            &format!("{LINK} WHERE seq > $1 ORDER BY seq LIMIT $2"),
            params![seq, limit],
        )
        .await?;
    rows.iter().map(link_from).collect()
}

fn link_from(row: &Row) -> Result<Link> {
    Ok(Link {
        seq: row.get(0)?,
        entry: pending_from(row, 1)?,
        prev_hash: hash_of(row.get(8)?)?,
        hash: hash_of(row.get(9)?)?,
    })
}

/// Newest first.
pub(crate) async fn page(
    reader: &Reader,
    before: Option<i64>,
    actor: Option<&str>,
    action: Option<&str>,
    size: PageSize,
) -> Result<Vec<AuditEntry>> {
    let rows = reader
        .query(
            &format!(
                "{LINK} WHERE ($1 IS NULL OR seq < $1) AND ($2 IS NULL OR actor = $2)
                    AND ($3 IS NULL OR action = $3)
                 ORDER BY seq DESC LIMIT $4"
            ),
            params![before, actor, action, size.with_surplus()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(AuditEntry {
                seq: row.get(0)?,
                at: row.get(2)?,
                actor: row.get(3)?,
                action: row.get(4)?,
                object: row.get(5)?,
                facts: row.json(6)?,
                hash: hash_of(row.get(9)?)?,
            })
        })
        .collect()
}
