//! Sessions of staff and members.

use base::{Error, Result, SessionId, Time};
use db::{Reader, Tx, params};

use crate::model::Principal;

/// A session as it lies in the store.
pub(crate) struct Stored {
    pub(crate) id: SessionId,
    pub(crate) principal: Principal,
    pub(crate) expires_at: Time,
    pub(crate) ends_at: Time,
}

pub(crate) async fn insert(tx: &Tx, session: &Stored, token_hash: &[u8; 32]) -> Result<()> {
    tx.execute(
        "INSERT INTO access_session (id, token_hash, kind, principal_id, created_at, expires_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            session.id,
            *token_hash,
            session.principal.kind().as_str(),
            session.principal.to_string(),
            tx.now(),
            session.expires_at,
            session.ends_at
        ],
    )
    .await?;
    Ok(())
}

/// The living session of a token.
pub(crate) async fn by_token(reader: &Reader, token_hash: &[u8; 32]) -> Result<Option<Stored>> {
    let row = reader
        .query_opt(
            "SELECT id, kind, principal_id, expires_at, ends_at FROM access_session
             WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2",
            params![*token_hash, reader.now()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let principal = match row.text(1)? {
        "staff" => Principal::Staff(row.get(2)?),
        "member" => Principal::Member(row.get(2)?),
        other => return Err(Error::internal(format!("a session of kind \"{other}\""))),
    };
    Ok(Some(Stored {
        id: row.get(0)?,
        principal,
        expires_at: row.get(3)?,
        ends_at: row.get(4)?,
    }))
}

pub(crate) async fn expiry(reader: &Reader, id: SessionId) -> Result<Option<Time>> {
    let row = reader
        .query_opt(
            "SELECT expires_at FROM access_session WHERE id = $1 AND revoked_at IS NULL",
            params![id],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

pub(crate) async fn slide(tx: &Tx, id: SessionId, expires_at: Time) -> Result<()> {
    tx.execute(
        "UPDATE access_session SET expires_at = $2
         WHERE id = $1 AND revoked_at IS NULL AND expires_at < $2 AND ends_at >= $2",
        params![id, expires_at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn revoke(tx: &Tx, id: SessionId) -> Result<bool> {
    let revoked = tx
        .execute(
            "UPDATE access_session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            params![id, tx.now()],
        )
        .await?;
    Ok(revoked == 1)
}

/// Ends all sessions of somebody, except one they keep.
pub(crate) async fn revoke_all(tx: &Tx, principal: Principal, keep: Option<SessionId>) -> Result<u64> {
    tx.execute(
        "UPDATE access_session SET revoked_at = $2
         WHERE principal_id = $1 AND revoked_at IS NULL AND ($3 IS NULL OR id <> $3)",
        params![principal.to_string(), tx.now(), keep],
    )
    .await
}

/// Forgets sessions that ended long ago.
pub(crate) async fn prune(tx: &Tx, ended_before: Time) -> Result<u64> {
    tx.execute(
        "DELETE FROM access_session WHERE ends_at < $1",
        params![ended_before],
    )
    .await
}
