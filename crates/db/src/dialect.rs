//! The few places where an engine's own way is much better: one function each, two bodies, the same tests.

use base::Result;

use crate::config::Engine;
use crate::params;
use crate::tx::{Reader, Tx};

/// The plan the engine would follow, one line a step: for tests that pin an index and for `doctor`.
///
/// # Errors
/// `internal` when the statement does not fit the schema.
pub async fn explain(reader: &Reader, sql: &str, params: &[crate::Value]) -> Result<Vec<String>> {
    let (text, column) = match reader.engine() {
        Engine::Sqlite => (format!("EXPLAIN QUERY PLAN {sql}"), 3),
        Engine::Postgres => (format!("EXPLAIN (COSTS OFF) {sql}"), 0),
    };
    reader
        .query(&text, params)
        .await?
        .iter()
        .map(|row| row.get(column))
        .collect()
}

/// Makes units that name the same lease run one after the other, whatever rows they touch. SQLite's units
/// always do. Take it first, and in [`crate::Db::write_guarded`]: a serialisable unit's picture of the store
/// is older than the lease it waited for.
///
/// # Errors
/// `db.unavailable`.
pub async fn lease(tx: &Tx, name: &str) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        tx.query(
            "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) AS lease",
            params![name],
        )
        .await?;
    }
    Ok(())
}
