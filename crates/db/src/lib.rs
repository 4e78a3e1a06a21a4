//! The one transactional store, on SQLite or PostgreSQL, chosen at run time.
//!
//! Owns: connections, units of work, migrations, idempotent answers; tables `db_*`.
//! Never does: business decisions; nothing above it sees a driver.
//! Invariants: a unit of work is all or nothing; what was answered `Ok` survives a crash; a unit that fails
//! takes nobody else's work with it; both engines run the same text and mean the same by it.
//!
//! docs/SQL.md says how statements are written; docs/decisions/0001 and 0002 say why it is built this way.

mod backup;
mod bell;
mod config;
mod db;
mod ddl;
mod error;
mod local;
mod migrate;
mod once;
mod postgres;
mod queue;
mod row;
mod sqlite;
mod text;
mod thread;
mod tx;
mod value;
mod views;
mod work;

pub mod dialect;
pub mod testing;

pub use backup::{Backup, restore};
pub use bell::Bell;
pub use config::{DbConfig, Engine, PostgresConfig, SqliteConfig, StoreClock};
pub use db::Db;
pub use error::codes;
pub use error::codes::{
    BACKUP_FAILED, CHECK_VIOLATION, CONTENDED, FOREIGN_KEY_VIOLATION, INVALID_CONFIG, MIGRATION_REFUSED,
    NUL_IN_TEXT, TIMEOUT, UNAVAILABLE, UNIQUE_VIOLATION,
};
pub use migrate::{Migrated, MigrationSet};
pub use row::Row;
pub use text::Text;
pub use tx::{Reader, Tx};
pub use value::{FromValue, ToValue, Value, json};
