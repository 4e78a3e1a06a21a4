//! Migrations on PostgreSQL.

use base::{Clock, Result, SystemClock};
use tokio_postgres::Client;

use super::{Settings, codec, connection};
use crate::config::Engine;
use crate::migrate::{Applied, CREATE_LEDGER, READ_LEDGER, Step, WRITE_LEDGER, pending, refused};

/// Nodes that start together take turns.
const LOCK: &str = "SELECT pg_advisory_lock(hashtextextended('storeloop.migrate.' || current_schema(), 0))";

pub(super) async fn migrate(settings: &Settings, steps: &[Step]) -> Result<Vec<String>> {
    let connection = connection::connect(settings).await?;
    let client = &connection.client;
    // Filling a new column of a large table takes as long as it takes.
    batch(client, "SET statement_timeout = 0").await?;
    batch(client, "SET client_min_messages = warning").await?;
    batch(
        client,
        &format!("CREATE SCHEMA IF NOT EXISTS {}", settings.schema),
    )
    .await?;
    // The lock goes with the connection.
    batch(client, LOCK).await?;
    batch(client, CREATE_LEDGER).await?;
    let rows = client
        .query(READ_LEDGER, &[])
        .await
        .map_err(|e| codec::error(e, READ_LEDGER))?;
    let applied: Vec<Applied> = rows
        .iter()
        .map(|row| Applied {
            domain: row.get(0),
            file: row.get(1),
            checksum: row.get(2),
        })
        .collect();
    let mut done = Vec::new();
    for step in pending(steps, &applied)? {
        apply(client, step).await?;
        done.push(step.name());
    }
    Ok(done)
}

async fn apply(client: &Client, step: &Step) -> Result<()> {
    let sql = step.sql(Engine::Postgres)?;
    batch(client, "BEGIN").await?;
    if let Err(error) = client.batch_execute(&sql).await {
        let reason = error
            .as_db_error()
            .map_or_else(|| error.to_string(), |e| e.message().to_owned());
        batch(client, "ROLLBACK").await?;
        return Err(refused(step.domain, step.file, reason));
    }
    let now = SystemClock.now().micros();
    client
        .execute(WRITE_LEDGER, &[&step.domain, &step.file, &step.checksum, &now])
        .await
        .map_err(|e| codec::error(e, WRITE_LEDGER))?;
    batch(client, "COMMIT").await
}

async fn batch(client: &Client, sql: &str) -> Result<()> {
    client.batch_execute(sql).await.map_err(|e| codec::error(e, sql))
}
