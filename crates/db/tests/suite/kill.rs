//! Kill -9 in the middle of load: what was acknowledged is there, and nothing by halves.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use base::{MovementId, OrderId};
use db::testing::{PrivateServer, engines};
use db::{Db, DbConfig, Engine, MigrationSet, PostgresConfig, Reader, SqliteConfig, StoreClock, Tx, params};

const SETS: &[MigrationSet] = &[MigrationSet {
    domain: "k",
    files: &[(
        "0001_tables.sql",
        "CREATE TABLE k_order (id TEXT PRIMARY KEY, lines BIGINT NOT NULL);
         CREATE TABLE k_line (id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES k_order (id));
         CREATE TABLE k_total (name TEXT PRIMARY KEY, orders BIGINT NOT NULL, lines BIGINT NOT NULL);
         INSERT INTO k_total (name, orders, lines) VALUES ('all', 0, 0);",
    )],
}];

const CLIENTS: usize = 24;
const ROUNDS: usize = 3;
/// Acknowledgements heard before the blow falls.
const BEFORE_THE_KILL: usize = 300;
const TARGET: &str = "STORELOOP_KILL_TEST_TARGET";

fn config(target: &str) -> DbConfig {
    match target.strip_prefix("sqlite:") {
        Some(path) => DbConfig::Sqlite(SqliteConfig::new(path)),
        None => DbConfig::Postgres(PostgresConfig::new(target)),
    }
}

async fn open(target: &str) -> Db {
    Db::open(config(target), StoreClock::Database).await.unwrap()
}

/// One order with 1 to 3 lines, counted in a hot row.
async fn order(tx: &Tx, id: OrderId, lines: i64) -> base::Result<()> {
    tx.execute(
        "INSERT INTO k_order (id, lines) VALUES ($1, $2)",
        params![id, lines],
    )
    .await?;
    for _ in 0..lines {
        let sql = "INSERT INTO k_line (id, order_id) VALUES ($1, $2)";
        tx.execute(sql, params![MovementId::new(), id]).await?;
    }
    let sql = "UPDATE k_total SET orders = orders + 1, lines = lines + $1 WHERE name = 'all'";
    tx.execute(sql, params![lines]).await.map(drop)
}

/// Runs in a process of its own: writes until it is killed, saying each order that was acknowledged.
#[test]
#[ignore = "the other half of the tests below, which start it"]
fn writes_until_killed() {
    let Ok(target) = std::env::var(TARGET) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = open(&target).await;
        let clients = (0..CLIENTS).map(|client| {
            let db = db.clone();
            tokio::spawn(async move {
                for n in 0_i64.. {
                    let (id, lines) = (OrderId::new(), (n + client as i64) % 3 + 1);
                    let outcome = db
                        .write_guarded(async move |tx: &Tx| order(tx, id, lines).await)
                        .await;
                    if outcome.is_err() {
                        // The server was killed: nothing more will be acknowledged.
                        return;
                    }
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nkept {id}").and_then(|()| out.flush()).unwrap();
                }
            })
        });
        futures_util::future::join_all(clients).await;
    });
}

fn start_writer(target: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::writes_until_killed", "--ignored", "--nocapture"])
        .env(TARGET, target)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Hears acknowledgements until there are enough, strikes, and hears the rest.
fn load_and_strike(target: &str, strike: impl FnOnce(&mut Child)) -> Vec<String> {
    let mut writer = start_writer(target);
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut kept = Vec::new();
    let mut hear = |most: usize| {
        for line in lines.by_ref() {
            let Ok(line) = line else { break };
            kept.extend(line.strip_prefix("kept ").map(str::to_owned));
            if kept.len() >= most {
                break;
            }
        }
    };
    hear(BEFORE_THE_KILL);
    strike(&mut writer);
    hear(usize::MAX);
    writer.wait().unwrap();
    assert!(
        kept.len() >= BEFORE_THE_KILL,
        "the writer stopped after {}",
        kept.len()
    );
    kept
}

/// Every acknowledged order is there, every order has its lines, every count is right.
async fn check(db: &Db, kept: &HashSet<String>) {
    let (orders, halves, total) = db
        .read(async |reader: &Reader| {
            let rows = reader.query("SELECT id FROM k_order", params![]).await?;
            let orders = rows
                .iter()
                .map(|row| row.get(0))
                .collect::<base::Result<HashSet<String>>>()?;
            let sql = "SELECT o.id FROM k_order AS o LEFT JOIN k_line AS l ON l.order_id = o.id
                GROUP BY o.id, o.lines HAVING COUNT(l.id) <> o.lines";
            let halves = reader.query(sql, params![]).await?.len();
            let sql = "SELECT orders, lines, (SELECT COUNT(*) FROM k_line) FROM k_total";
            let total = reader.query_one(sql, params![]).await?;
            Ok((
                orders,
                halves,
                (total.get::<i64>(0)?, total.get::<i64>(1)?, total.get::<i64>(2)?),
            ))
        })
        .await
        .unwrap();
    let lost = kept.difference(&orders).count();
    assert_eq!((lost, halves), (0, 0), "acknowledged and lost, half an order");
    assert_eq!(total.0, orders.len() as i64);
    assert_eq!(total.1, total.2);
}

fn strike_rounds(target: &str, strike: impl Fn(&mut Child), mend: impl Fn()) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { open(target).await.migrate(SETS).await.unwrap() });
    let mut kept = HashSet::new();
    for _ in 0..ROUNDS {
        kept.extend(load_and_strike(target, &strike));
        mend();
        runtime.block_on(async {
            let db = open(target).await;
            check(&db, &kept).await;
            db.shutdown().await;
        });
    }
}

fn kill(writer: &mut Child) {
    writer.kill().unwrap();
}

#[test]
fn sqlite_keeps_its_word_when_the_process_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let target = format!("sqlite:{}", dir.path().join("kill.db").display());
    strike_rounds(&target, kill, || {});
}

#[test]
fn postgres_keeps_its_word_when_the_process_is_killed() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = PrivateServer::start().unwrap();
    strike_rounds(&server.url("postgres"), kill, || {});
}

#[test]
fn postgres_keeps_its_word_when_the_server_is_killed() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = PrivateServer::start().unwrap();
    strike_rounds(
        &server.url("postgres"),
        // The writer's clients see the connection break and stop.
        |_| server.kill().unwrap(),
        || server.restart().unwrap(),
    );
}

#[test]
fn a_restarted_server_is_found_again() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = PrivateServer::start().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = open(&server.url("postgres")).await;
        db.migrate(SETS).await.unwrap();
        for _ in 0..2 {
            db.ping().await.unwrap();
            db.write(async |tx: &Tx| order(tx, OrderId::new(), 2).await)
                .await
                .unwrap();
            server.kill().unwrap();
            assert!(db.ping().await.unwrap_err().is(&db::UNAVAILABLE));
            server.restart().unwrap();
        }
        db.write(async |tx: &Tx| order(tx, OrderId::new(), 1).await)
            .await
            .unwrap();
        check(&db, &HashSet::new()).await;
    });
}
