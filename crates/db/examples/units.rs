//! How many units of work a second this machine keeps, on either engine.
//!
//! `cargo run --release -p db --example units -- [sqlite|postgres] [clients] [seconds]`
//!
//! A unit is like a checkout's: 3 guarded updates, 7 inserts, 2 reads, a savepoint; every commit is synced.

#![allow(clippy::print_stdout, reason = "its answer")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::{Error, MovementId, OrderId, Result};
use db::testing::PrivateServer;
use db::{Db, DbConfig, MigrationSet, PostgresConfig, SqliteConfig, StoreClock, Tx, params};
use futures_util::future::try_join_all;

const SETS: &[MigrationSet] = &[MigrationSet {
    domain: "b",
    files: &[(
        "0001_tables.sql",
        "CREATE TABLE b_balance (sku TEXT PRIMARY KEY, on_hand BIGINT NOT NULL, reserved BIGINT NOT NULL,
            CHECK (reserved <= on_hand));
         CREATE TABLE b_order (id TEXT PRIMARY KEY, state TEXT NOT NULL, total BIGINT NOT NULL, placed_at BIGINT NOT NULL);
         CREATE TABLE b_line (id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES b_order (id), sku TEXT NOT NULL,
            quantity BIGINT NOT NULL, price BIGINT NOT NULL);
         CREATE INDEX b_line_order ON b_line (order_id);
         CREATE TABLE b_movement (id TEXT PRIMARY KEY, sku TEXT NOT NULL, quantity BIGINT NOT NULL, moved_at BIGINT NOT NULL);",
    )],
}];

const SKUS: u64 = 1_000;

async fn unit(tx: &Tx, seed: u64) -> Result<()> {
    let order = OrderId::new();
    let skus: Vec<String> = (0..3)
        .map(|n| format!("sku{:05}", (seed * 7 + n * 13) % SKUS))
        .collect();
    let mut sorted = skus.clone();
    sorted.sort_unstable();
    let reads = try_join_all(sorted.iter().take(2).map(async |sku| {
        tx.query_one(
            "SELECT on_hand - reserved FROM b_balance WHERE sku = $1",
            params![sku],
        )
        .await?
        .get::<i64>(0)
    }));
    let _free: Vec<i64> = reads.await?;
    tx.attempt(async |tx: &Tx| {
        let holds = try_join_all(sorted.iter().map(async |sku| {
            let sql =
                "UPDATE b_balance SET reserved = reserved + 1 WHERE sku = $1 AND on_hand - reserved >= 1";
            tx.execute(sql, params![sku]).await
        }));
        let sql = "INSERT INTO b_order (id, state, total, placed_at) VALUES ($1, 'placed', $2, $3)";
        let order_row = params![order, 1_000, tx.now()].to_vec();
        let (held, _) = futures_util::future::try_join(holds, tx.execute(sql, &order_row)).await?;
        if held.iter().sum::<u64>() < 3 {
            return Err(Error::not_found("stock", seed));
        }
        let lines = try_join_all(skus.iter().map(async |sku| {
            let line = params![MovementId::new(), order, sku, 333].to_vec();
            let movement = params![MovementId::new(), sku, tx.now()].to_vec();
            futures_util::future::try_join(
                tx.execute(
                    "INSERT INTO b_line (id, order_id, sku, quantity, price) VALUES ($1, $2, $3, 1, $4)",
                    &line,
                ),
                tx.execute(
                    "INSERT INTO b_movement (id, sku, quantity, moved_at) VALUES ($1, $2, -1, $3)",
                    &movement,
                ),
            )
            .await
        }));
        lines.await.map(|_| ())
    })
    .await
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let engine = args.next().unwrap_or_else(|| "sqlite".to_owned());
    let clients: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(256);
    let seconds: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(5);
    let dir = tempfile::tempdir_in(".").map_err(Error::internal)?;
    let server;
    let config = if engine == "postgres" {
        server = PrivateServer::start().map_err(Error::internal)?;
        DbConfig::Postgres(PostgresConfig::new(server.url("postgres")))
    } else {
        DbConfig::Sqlite(SqliteConfig::new(dir.path().join("units.db")))
    };
    let db = Db::open(config, StoreClock::Database).await?;
    db.migrate(SETS).await?;
    db.write(async |tx: &Tx| {
        let rows: Vec<_> = (0..SKUS)
            .map(|n| params![format!("sku{n:05}"), i64::MAX / 2, 0].to_vec())
            .collect();
        tx.insert_many("b_balance (sku, on_hand, reserved)", &rows, "")
            .await
    })
    .await?;
    run(&db, &engine, clients, Duration::from_secs(seconds)).await?;
    db.shutdown().await;
    Ok(())
}

async fn run(db: &Db, engine: &str, clients: u64, duration: Duration) -> Result<()> {
    let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (db, done, stop) = (db.clone(), Arc::clone(&done), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut worst = Duration::ZERO;
                let mut seed = client * 1_000_003;
                while !stop.load(Ordering::Relaxed) {
                    seed += 1;
                    let begun = Instant::now();
                    db.write_guarded(async move |tx: &Tx| unit(tx, seed).await)
                        .await?;
                    worst = worst.max(begun.elapsed());
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, Error>(worst)
            })
        })
        .collect();
    tokio::time::sleep(duration).await;
    let count = done.load(Ordering::Relaxed);
    let elapsed = started.elapsed();
    stop.store(true, Ordering::Relaxed);
    let mut worst = Duration::ZERO;
    for task in tasks {
        worst = worst.max(task.await.map_err(Error::internal)??);
    }
    let rate = count as f64 / elapsed.as_secs_f64();
    println!(
        "{engine}: {clients} clients, {count} units in {elapsed:.1?}: {rate:.0} units/s, slowest {worst:.1?}"
    );
    Ok(())
}
