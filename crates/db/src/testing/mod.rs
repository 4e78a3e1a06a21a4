//! Databases for tests: fresh, migrated, on each engine, with a clock that stands still.

use std::sync::Arc;

use base::{ManualClock, Time};
use tempfile::TempDir;

use crate::config::{DbConfig, Engine, SqliteConfig, StoreClock};
use crate::db::Db;
use crate::migrate::MigrationSet;

/// Where every test's clock starts: 2026-11-23T09:00:00 in Shanghai.
pub const START: Time = Time::from_seconds(1_795_395_600);

/// A fresh database of one test. Gone when dropped.
pub struct TestDb {
    /// The store.
    pub db: Db,
    /// Its clock; stands at [`START`] until moved.
    pub clock: Arc<ManualClock>,
    _dir: TempDir,
}

impl TestDb {
    /// A migrated database on an engine.
    ///
    /// # Panics
    /// When the database cannot be made: the test cannot go on.
    #[allow(clippy::panic, reason = "a test without its database can only fail")]
    pub async fn new(engine: Engine, sets: &[MigrationSet]) -> Self {
        match Self::open(engine, sets).await {
            Ok(test) => test,
            Err(error) => panic!("no test database on {engine}: {error:?}"),
        }
    }

    async fn open(_engine: Engine, sets: &[MigrationSet]) -> base::Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("storeloop-test-")
            .tempdir()
            .map_err(base::Error::internal)?;
        let clock = Arc::new(ManualClock::at(START));
        let config = SqliteConfig {
            readers: 2,
            ..SqliteConfig::new(dir.path().join("test.db"))
        };
        let db = Db::open(
            DbConfig::Sqlite(config),
            StoreClock::Injected(Arc::clone(&clock) as Arc<_>),
        )
        .await?;
        db.migrate(sets).await?;
        Ok(Self { db, clock, _dir: dir })
    }
}

/// The engines tests run on here.
#[must_use]
pub fn engines() -> Vec<Engine> {
    vec![Engine::Sqlite]
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
