//! Databases for tests: fresh, migrated, on each engine, with a clock that stands still.
//!
//! SQLite is a copy of a migrated file; PostgreSQL a copy of a migrated database on a server of our own that
//! all test processes of the machine share and that stops when the last of them is gone. Where PostgreSQL is
//! not installed its tests are skipped and say so; `STORELOOP_TEST_POSTGRES=require` makes that a failure.

mod schema;
mod server;

use std::path::PathBuf;
use std::sync::{Arc, Once};

use base::{Error, ManualClock, Result, Time};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::config::{DbConfig, Engine, PostgresConfig, SqliteConfig, StoreClock};
use crate::db::Db;
use crate::migrate::{self, MigrationSet};
use crate::thread::on_thread;
pub use schema::logical_schema;
pub use server::PrivateServer;
use server::SharedServer;

/// Where every test's clock starts: nine in the morning of 23 November 2026 in Shanghai.
pub const START: Time = Time::from_seconds(1_795_395_600);

/// A fresh database of one test. Gone when dropped.
pub struct TestDb {
    /// The store.
    pub db: Db,
    /// Its clock; stands at [`START`] until moved.
    pub clock: Arc<ManualClock>,
    home: Home,
}

enum Home {
    File {
        dir: TempDir,
    },
    Database {
        server: &'static SharedServer,
        name: String,
    },
}

impl TestDb {
    /// A migrated database on an engine.
    ///
    /// # Panics
    /// When the database cannot be made: the test cannot go on.
    #[allow(clippy::panic, reason = "a test without its database can only fail")]
    pub async fn new(engine: Engine, sets: &[MigrationSet]) -> Self {
        let made = match engine {
            Engine::Sqlite => Self::sqlite(sets).await,
            Engine::Postgres => Self::postgres(sets).await,
        };
        match made {
            Ok(test) => test,
            Err(error) if engine == Engine::Postgres => panic!(
                "no test database on {engine}: {error:?}\nthe server's log ends with:\n{}",
                SharedServer::get().map_or_else(str::to_owned, SharedServer::last_words)
            ),
            Err(error) => panic!("no test database on {engine}: {error:?}"),
        }
    }

    /// How to open the same database once more: as another node would, or after a crash.
    #[must_use]
    pub fn config(&self) -> DbConfig {
        match &self.home {
            Home::File { dir } => DbConfig::Sqlite(sqlite_config(dir.path().join("test.db"))),
            Home::Database { server, name } => DbConfig::Postgres(postgres_config(server, name)),
        }
    }

    /// Another node on the same database, with the same clock. On SQLite it is another process's view.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn another(&self) -> Result<Db> {
        Db::open(
            self.config(),
            StoreClock::Injected(Arc::clone(&self.clock) as Arc<_>),
        )
        .await
    }

    async fn sqlite(sets: &[MigrationSet]) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("storeloop-test-")
            .tempdir()
            .map_err(Error::internal)?;
        let (template, copy) = (sqlite_template(sets).await?, dir.path().join("test.db"));
        on_thread("test-copy", move || {
            std::fs::copy(template, copy).map_err(Error::internal)
        })
        .await?;
        Self::open(Home::File { dir }).await
    }

    async fn postgres(sets: &[MigrationSet]) -> Result<Self> {
        let server = shared_server().await?;
        let template = postgres_template(server, sets).await?;
        let name = format!("test_{}", base::EventId::new());
        execute(
            server,
            "postgres",
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await?;
        Self::open(Home::Database { server, name }).await
    }

    async fn open(home: Home) -> Result<Self> {
        let clock = Arc::new(ManualClock::at(START));
        let config = match &home {
            Home::File { dir } => DbConfig::Sqlite(sqlite_config(dir.path().join("test.db"))),
            Home::Database { server, name } => DbConfig::Postgres(postgres_config(server, name)),
        };
        let db = Db::open(config, StoreClock::Injected(Arc::clone(&clock) as Arc<_>)).await?;
        Ok(Self { db, clock, home })
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Home::Database { server, name } = &self.home else {
            return;
        };
        let (server, name) = (*server, std::mem::take(&mut name.clone()));
        let drop_it = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .ok()?;
            runtime
                .block_on(execute(
                    server,
                    "postgres",
                    &format!("DROP DATABASE {name} WITH (FORCE)"),
                ))
                .ok()
        };
        // What cannot be dropped goes with the server.
        let _ = std::thread::spawn(drop_it).join();
    }
}

fn sqlite_config(path: PathBuf) -> SqliteConfig {
    SqliteConfig {
        readers: 2,
        ..SqliteConfig::new(path)
    }
}

fn postgres_config(server: &SharedServer, database: &str) -> PostgresConfig {
    PostgresConfig {
        pool_size: 8,
        workers: 1,
        ..PostgresConfig::new(server.url(database))
    }
}

/// Names a migrated template by everything it was made from: the migrations, and the code that applies them.
fn fingerprint(sets: &[MigrationSet]) -> Result<String> {
    const MAKERS: [&str; 3] = [
        include_str!("../ddl.rs"),
        include_str!("../migrate.rs"),
        include_str!("../views.rs"),
    ];
    let mut hash = Sha256::new();
    MAKERS.iter().for_each(|code| hash.update(code));
    for step in migrate::steps(sets)? {
        hash.update(step.name());
        hash.update(&step.checksum);
    }
    Ok(hash
        .finalize()
        .iter()
        .take(10)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// A migrated file, made once per set of migrations and machine.
async fn sqlite_template(sets: &[MigrationSet]) -> Result<PathBuf> {
    let dir = std::env::temp_dir().join("storeloop-test-sqlite");
    let finished = dir.join(format!("{}.db", fingerprint(sets)?));
    if finished.exists() {
        return Ok(finished);
    }
    std::fs::create_dir_all(&dir).map_err(Error::internal)?;
    let making = tempfile::tempdir_in(&dir).map_err(Error::internal)?;
    let path = making.path().join("template.db");
    let db = Db::open(
        DbConfig::Sqlite(sqlite_config(path.clone())),
        StoreClock::Database,
    )
    .await?;
    db.migrate(sets).await?;
    let whole = db.backup(making.path().join("whole.db")).await?;
    db.shutdown().await;
    // Whoever comes first has the same file as whoever comes second.
    std::fs::rename(whole.path, &finished).map_err(Error::internal)?;
    Ok(finished)
}

async fn shared_server() -> Result<&'static SharedServer> {
    on_thread("test-postgres", || SharedServer::get().map_err(Error::internal)).await
}

/// A migrated database, made once per set of migrations and server.
async fn postgres_template(server: &'static SharedServer, sets: &[MigrationSet]) -> Result<String> {
    let name = format!("template_{}", fingerprint(sets)?);
    let client = connect(server, "postgres").await?;
    // One process makes it, the others wait; the lock goes with the connection.
    let lock = format!("SELECT pg_advisory_lock(hashtextextended('{name}', 0))");
    client.batch_execute(&lock).await.map_err(Error::internal)?;
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    if client
        .query_opt(sql, &[&name])
        .await
        .map_err(Error::internal)?
        .is_some()
    {
        return Ok(name);
    }
    let making = format!("{name}_making");
    for sql in [
        format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"),
        format!("CREATE DATABASE {making}"),
    ] {
        client.batch_execute(&sql).await.map_err(Error::internal)?;
    }
    let db = Db::open(
        DbConfig::Postgres(postgres_config(server, &making)),
        StoreClock::Database,
    )
    .await?;
    db.migrate(sets).await?;
    db.shutdown().await;
    // A copy needs its original alone; the server may still be parting with our last connection.
    let finish = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{making}';
         ALTER DATABASE {making} RENAME TO {name}"
    );
    for statement in finish.split(';') {
        client.batch_execute(statement).await.map_err(Error::internal)?;
    }
    Ok(name)
}

async fn connect(server: &SharedServer, database: &str) -> Result<tokio_postgres::Client> {
    let (client, wire) = tokio_postgres::connect(&server.url(database), NoTls)
        .await
        .map_err(Error::internal)?;
    tokio::spawn(wire);
    Ok(client)
}

async fn execute(server: &SharedServer, database: &str, sql: &str) -> Result<()> {
    connect(server, database)
        .await?
        .batch_execute(sql)
        .await
        .map_err(Error::internal)
}

/// The engines tests run on here.
///
/// # Panics
/// When PostgreSQL is required (`STORELOOP_TEST_POSTGRES=require`) and cannot be started.
#[must_use]
#[allow(
    clippy::panic,
    clippy::print_stderr,
    reason = "a test run must say what it leaves out"
)]
pub fn engines() -> Vec<Engine> {
    static SAY_ONCE: Once = Once::new();
    match (
        SharedServer::get(),
        std::env::var("STORELOOP_TEST_POSTGRES").as_deref(),
    ) {
        (_, Ok("skip")) => vec![Engine::Sqlite],
        (Ok(_), _) => vec![Engine::Sqlite, Engine::Postgres],
        (Err(reason), Ok("require")) => panic!("PostgreSQL is required: {reason}"),
        (Err(reason), _) => {
            SAY_ONCE.call_once(|| eprintln!("skipping PostgreSQL: {reason}"));
            vec![Engine::Sqlite]
        }
    }
}

/// Runs a test's body once per engine, each time on a fresh database and a runtime of its own.
///
/// # Panics
/// When the runtime or a database cannot be made, and when the body panics.
#[allow(clippy::panic, reason = "a test without its database can only fail")]
pub fn each_engine<F>(sets: &[MigrationSet], body: F)
where
    F: AsyncFn(TestDb),
{
    for engine in engines() {
        let runtime = match tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => panic!("no runtime for the test: {error}"),
        };
        runtime.block_on(async { body(TestDb::new(engine, sets).await).await });
    }
}
