//! Where a workload stands: a scratch folder, a private PostgreSQL server, and the database of its engine. All
//! of it goes when this is dropped.

use base::Result;
use db::testing::PrivateServer;
use db::{Db, DbConfig, Engine, MigrationSet, PostgresConfig, SqliteConfig, StoreClock};
use tempfile::TempDir;

use crate::failed;

/// The ground of one run.
pub(crate) struct Ground {
    engine: Engine,
    server: Option<PrivateServer>,
    dir: TempDir,
}

impl Ground {
    /// # Errors
    /// When PostgreSQL is the engine and cannot be started. Otherwise there is merely no baseline without it.
    pub(crate) async fn new(engine: Engine) -> Result<Self> {
        Self::laid(engine, true).await
    }

    async fn laid(engine: Engine, with_server: bool) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("storeloop-bench-")
            .tempdir()
            .map_err(failed)?;
        if !with_server {
            let server = None;
            return Ok(Self { engine, server, dir });
        }
        let started = tokio::task::spawn_blocking(PrivateServer::start)
            .await
            .map_err(failed)?;
        let server = match started {
            Ok(server) => Some(server),
            Err(_) if engine == Engine::Sqlite => None,
            Err(reason) => return Err(failed(reason)),
        };
        Ok(Self { engine, server, dir })
    }

    /// A ground whose PostgreSQL is the workload's, if it is anybody's: nobody needs a baseline.
    pub(crate) async fn bare(engine: Engine) -> Result<Self> {
        Self::laid(engine, engine == Engine::Postgres).await
    }

    /// The workload's database, with these tables.
    pub(crate) async fn open(&self, sets: &[MigrationSet]) -> Result<Db> {
        let config = match (self.engine, &self.server) {
            (Engine::Postgres, Some(server)) => on(server),
            _ => DbConfig::Sqlite(SqliteConfig::new(self.dir.path().join("bench.db"))),
        };
        migrated(config, sets).await
    }

    /// The address of that database, as the program's configuration names it.
    pub(crate) fn url(&self) -> String {
        match (self.engine, &self.server) {
            (Engine::Postgres, Some(server)) => server.url("postgres"),
            _ => format!("sqlite:{}", self.dir.path().join("bench.db").display()),
        }
    }

    /// These tables on the private server, for the baseline; none without a server.
    pub(crate) async fn baseline(&self, sets: &[MigrationSet]) -> Result<Option<Db>> {
        match &self.server {
            Some(server) => migrated(on(server), sets).await.map(Some),
            None => Ok(None),
        }
    }

    /// What the program is told beside the address: a server is shared by more connections than the file has readers.
    pub(crate) fn settings(&self) -> Option<(&'static str, &'static str)> {
        (self.engine == Engine::Postgres).then_some(("STORELOOP_DATABASE__CONNECTIONS", "16"))
    }

    /// Whether the baseline's tables are the workload's.
    pub(crate) fn is_shared(&self) -> bool {
        self.engine == Engine::Postgres
    }

    /// The private server.
    pub(crate) fn server(&self) -> Option<&PrivateServer> {
        self.server.as_ref()
    }

    /// A folder for scripts and keys.
    pub(crate) fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }
}

fn on(server: &PrivateServer) -> DbConfig {
    DbConfig::Postgres(PostgresConfig::new(server.url("postgres")))
}

async fn migrated(config: DbConfig, sets: &[MigrationSet]) -> Result<Db> {
    let db = Db::open(config, StoreClock::Database).await?;
    db.migrate(sets).await?;
    Ok(db)
}
