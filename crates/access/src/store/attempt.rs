//! Counters of sign-in attempts.

use base::{Result, Time};
use db::{Reader, Tx, params};

use crate::rules::Attempts;

pub(crate) async fn get(reader: &Reader, key: &[u8; 32]) -> Result<Option<Attempts>> {
    let row = reader
        .query_opt(
            "SELECT failures, window_ends_at, locked_until_at FROM access_attempt WHERE key_hash = $1",
            params![*key],
        )
        .await?;
    row.map(|row| {
        Ok(Attempts {
            failures: row.get(0)?,
            window_ends_at: row.get(1)?,
            locked_until_at: row.get(2)?,
        })
    })
    .transpose()
}

pub(crate) async fn put(tx: &Tx, key: &[u8; 32], attempts: Attempts) -> Result<()> {
    tx.execute(
        "INSERT INTO access_attempt (key_hash, failures, window_ends_at, locked_until_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (key_hash) DO UPDATE SET failures = excluded.failures,
            window_ends_at = excluded.window_ends_at, locked_until_at = excluded.locked_until_at",
        params![
            *key,
            attempts.failures,
            attempts.window_ends_at,
            attempts.locked_until_at
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete(tx: &Tx, key: &[u8; 32]) -> Result<()> {
    tx.execute("DELETE FROM access_attempt WHERE key_hash = $1", params![*key])
        .await?;
    Ok(())
}

/// Takes one attempt back, and opens what that attempt alone had shut.
pub(crate) async fn take_back(tx: &Tx, key: &[u8; 32]) -> Result<()> {
    tx.execute(
        "UPDATE access_attempt SET failures = failures - 1, locked_until_at = 0
         WHERE key_hash = $1 AND failures > 0",
        params![*key],
    )
    .await?;
    Ok(())
}

/// Forgets counters nobody needs any more.
pub(crate) async fn prune(tx: &Tx, now: Time) -> Result<u64> {
    tx.execute(
        "DELETE FROM access_attempt WHERE window_ends_at < $1 AND locked_until_at < $1",
        params![now],
    )
    .await
}
