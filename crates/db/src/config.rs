//! Where the store lives and how much of it to use.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base::{Clock, SystemClock, Time};

/// Which engine, and how to reach it.
#[derive(Clone, Debug)]
pub enum DbConfig {
    /// The embedded default.
    Sqlite(SqliteConfig),
    /// A PostgreSQL server, 15 or newer.
    Postgres(PostgresConfig),
}

/// The two engines.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Engine {
    /// SQLite, inside the process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// The lower-case name, as in configuration and file names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The embedded engine.
#[derive(Clone, Debug)]
pub struct SqliteConfig {
    /// The database file; created when absent. Two more files appear beside it (`-wal`, `-shm`).
    pub path: PathBuf,
    /// Threads that read, each with its own connection.
    pub readers: usize,
    /// The most units of work one commit carries.
    pub group_limit: usize,
    /// The most units of work, and the most reads, that may wait before callers are refused.
    pub queue_limit: usize,
    /// How long one read may take.
    pub read_timeout: Duration,
}

impl SqliteConfig {
    /// A database file with the defaults.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            path: path.into(),
            readers: cores.clamp(2, 16),
            group_limit: 512,
            queue_limit: 65_536,
            read_timeout: Duration::from_secs(30),
        }
    }
}

/// A PostgreSQL server.
#[derive(Clone, Debug)]
pub struct PostgresConfig {
    /// `postgres://user:password@host:port/database` or `host=... dbname=...`.
    pub url: String,
    /// Connections held at most, over all worker threads.
    pub pool_size: usize,
    /// The schema holding the tables.
    pub schema: String,
    /// Threads that drive the connections.
    pub workers: usize,
    /// How often a unit of work is tried when others change the same rows.
    pub attempts: u32,
    /// How long one statement may take.
    pub statement_timeout: Duration,
    /// The most units of work that may wait for a connection before callers are refused.
    pub queue_limit: usize,
}

impl PostgresConfig {
    /// A server with the defaults.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            url: url.into(),
            pool_size: 16,
            schema: "public".to_owned(),
            workers: (cores / 2).clamp(1, 8),
            attempts: 40,
            statement_timeout: Duration::from_secs(30),
            queue_limit: 65_536,
        }
    }
}

/// Which clock decides.
#[derive(Clone)]
pub enum StoreClock {
    /// The database server's; the machine's on SQLite, which lives in the process.
    Database,
    /// A given one: tests, replays, the demo's generator.
    Injected(Arc<dyn Clock>),
}

impl StoreClock {
    /// The time where it can be told without asking a server.
    pub(crate) fn local(&self) -> Time {
        match self {
            Self::Database => SystemClock.now(),
            Self::Injected(clock) => clock.now(),
        }
    }
}

impl std::fmt::Debug for StoreClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Database => "Database",
            Self::Injected(_) => "Injected",
        })
    }
}
