//! Keys of machines.

use std::collections::BTreeSet;

use base::{ApiKeyId, PageSize, Result, Time};
use db::{Reader, Row, Tx, json, params};

use crate::model::{ApiKey, Scope};

const KEY: &str =
    "SELECT id, name, hint, permissions_json, scope_kind, scope_id, created_by, created_at, expires_at,
        last_used_at
    FROM access_api_key";

fn key_from(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        hint: row.get(2)?,
        permissions: row.json::<BTreeSet<String>>(3)?,
        scope: Scope::new(row.text(4)?, Some(row.text(5)?))?,
        created_by: row.get(6)?,
        created_at: row.get(7)?,
        expires_at: row.get(8)?,
        last_used_at: row.get(9)?,
    })
}

pub(crate) async fn insert(tx: &Tx, key: &ApiKey, secret_hash: &[u8; 32]) -> Result<()> {
    tx.execute(
        "INSERT INTO access_api_key (id, name, hint, secret_hash, permissions_json, scope_kind, scope_id,
            created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            key.id,
            key.name,
            key.hint,
            *secret_hash,
            json(&key.permissions)?,
            key.scope.kind(),
            key.scope.id().unwrap_or_default(),
            key.created_by,
            key.created_at,
            key.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// The living key of a secret.
pub(crate) async fn by_secret(reader: &Reader, secret_hash: &[u8; 32]) -> Result<Option<ApiKey>> {
    let row = reader
        .query_opt(
            &format!(
                "{KEY} WHERE secret_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"
            ),
            params![*secret_hash, reader.now()],
        )
        .await?;
    row.as_ref().map(key_from).transpose()
}

pub(crate) async fn page(reader: &Reader, after: Option<ApiKeyId>, size: PageSize) -> Result<Vec<ApiKey>> {
    let rows = reader
        .query(
            &format!("{KEY} WHERE revoked_at IS NULL AND ($1 IS NULL OR id > $1) ORDER BY id LIMIT $2"),
            params![after, size.with_surplus()],
        )
        .await?;
    rows.iter().map(key_from).collect()
}

pub(crate) async fn revoke(tx: &Tx, id: ApiKeyId) -> Result<bool> {
    let revoked = tx
        .execute(
            "UPDATE access_api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            params![id, tx.now()],
        )
        .await?;
    Ok(revoked == 1)
}

pub(crate) async fn touch(tx: &Tx, id: ApiKeyId, unused_since: Time) -> Result<()> {
    tx.execute(
        "UPDATE access_api_key SET last_used_at = $2
         WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)",
        params![id, tx.now(), unused_since],
    )
    .await?;
    Ok(())
}
