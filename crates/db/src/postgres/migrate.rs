//! Migrations on PostgreSQL.

use base::{Clock, Result, SystemClock};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use super::{Settings, codec, connection};
use crate::config::Engine;
use crate::migrate::{Applied, CREATE_LEDGER, READ_LEDGER, Step, WRITE_LEDGER, pending, refused};
use crate::views::{self, Column};

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
    batch(client, views::CREATE_STATE).await?;
    let home = views::home(Engine::Postgres, &settings.schema);
    batch(
        client,
        &format!("CREATE SCHEMA IF NOT EXISTS {}", home.trim_end_matches('.')),
    )
    .await?;
    let mut done = Vec::new();
    let applied = texts(client, READ_LEDGER).await?;
    let applied: Vec<Applied> = applied
        .into_iter()
        .map(|[domain, file, checksum]| Applied {
            domain,
            file,
            checksum,
        })
        .collect();
    for step in pending(steps, &applied)? {
        in_transaction(client, async || {
            // A view stands in the way of changing its table.
            drop_views(client, &home).await?;
            apply(client, step).await
        })
        .await?;
        done.push(step.name());
    }
    in_transaction(client, async || renew_views(client, &home).await).await?;
    Ok(done)
}

async fn in_transaction<T>(client: &Client, work: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
    batch(client, "BEGIN").await?;
    let outcome = work().await;
    batch(client, if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    outcome
}

async fn batch(client: &Client, sql: &str) -> Result<()> {
    client.batch_execute(sql).await.map_err(|e| codec::error(e, sql))
}

async fn texts<const N: usize>(client: &Client, sql: &str) -> Result<Vec<[String; N]>> {
    let rows = client.query(sql, &[]).await.map_err(|e| codec::error(e, sql))?;
    let read = |row: &tokio_postgres::Row| {
        let mut texts = [const { String::new() }; N];
        for (column, text) in texts.iter_mut().enumerate() {
            *text = row.try_get(column)?;
        }
        Ok(texts)
    };
    rows.iter()
        .map(read)
        .collect::<Result<_, _>>()
        .map_err(|e| codec::error(e, sql))
}

async fn apply(client: &Client, step: &Step) -> Result<()> {
    let sql = step.sql(Engine::Postgres)?;
    client.batch_execute(&sql).await.map_err(|error| {
        let reason = error
            .as_db_error()
            .map_or_else(|| error.to_string(), |e| e.message().to_owned());
        refused(step.domain, step.file, reason)
    })?;
    let now = SystemClock.now().micros();
    let line: [&(dyn ToSql + Sync); 4] = [&step.domain, &step.file, &step.checksum, &now];
    let written = client.execute(WRITE_LEDGER, &line).await;
    written.map(drop).map_err(|e| codec::error(e, WRITE_LEDGER))
}

/// Drops the views by name, not the schema: what else people keep there, and who may look, stays.
async fn drop_views(client: &Client, home: &str) -> Result<()> {
    let schema = home.trim_end_matches('.');
    let sql = format!(
        "SELECT table_name::text FROM information_schema.views
         WHERE table_schema = '{schema}' AND table_name IN (
             SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema())"
    );
    for [view] in texts(client, &sql).await? {
        batch(client, &format!("DROP VIEW {home}{view}")).await?;
    }
    batch(client, views::CLEAR_STATE).await
}

async fn renew_views(client: &Client, home: &str) -> Result<()> {
    let columns = texts(client, views::READ_COLUMNS[1]).await?;
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|[table, name, kind]| Column { table, name, kind })
        .collect();
    let statements = views::statements(Engine::Postgres, home, &columns);
    let fingerprint = views::fingerprint(&statements);
    let known = texts::<1>(client, views::READ_STATE).await?;
    if known.first().is_some_and(|[known]| *known == fingerprint) {
        return Ok(());
    }
    drop_views(client, home).await?;
    for statement in &statements {
        batch(client, statement).await?;
    }
    let written = client.execute(views::WRITE_STATE, &[&fingerprint]).await;
    written.map(drop).map_err(|e| codec::error(e, views::WRITE_STATE))
}
