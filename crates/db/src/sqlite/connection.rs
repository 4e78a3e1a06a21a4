//! Opens connections the one way this house uses SQLite.

use std::path::Path;
use std::time::Duration;

use base::{Error, Result};
use rusqlite::config::DbConfig as Flag;
use rusqlite::{Connection, OpenFlags};

use super::session::error;
use crate::config::SqliteConfig;
use crate::error::{codes, unavailable};

/// Another process (a command line tool, a backup) may hold the file this long before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection; a whole product's worth.
const STATEMENTS: usize = 1024;

/// Pages of 4 KiB the journal grows to before it is folded into the file: 32 MiB, read back after a crash in well
/// under a second.
const JOURNAL_PAGES: i64 = 8_192;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
}

pub(super) struct Connections {
    pub(super) writer: Connection,
    pub(super) readers: Vec<Connection>,
}

pub(super) fn open_all(config: &SqliteConfig) -> Result<Connections> {
    if config.readers == 0 || config.group_limit == 0 {
        return Err(
            Error::new(&codes::INVALID_CONFIG).with("reason", "readers and group_limit must be at least 1")
        );
    }
    let writer = open(&config.path, Role::Writer)?;
    let readers = (0..config.readers)
        .map(|_| open(&config.path, Role::Reader))
        .collect::<Result<_>>()?;
    Ok(Connections { writer, readers })
}

pub(crate) fn open(path: &Path, role: Role) -> Result<Connection> {
    // Readers open for writing as well: they must be able to create the shared-memory file of the journal.
    // `query_only` keeps them from changing anything.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|e| unavailable(format!("cannot open {}: {e}", path.display())))?;
    prepare(&connection, role).map_err(|e| error(e, "PRAGMA"))?;
    Ok(connection)
}

fn prepare(connection: &Connection, role: Role) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A misspelt column must be an error, not a string.
    connection.set_db_config(Flag::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(Flag::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Every commit reaches the disk before anybody hears of it.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Pages written again and again between two foldings of the journal into the file are folded in once.
    connection.pragma_update(None, "wal_autocheckpoint", JOURNAL_PAGES)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // LIKE minds the case, as on PostgreSQL.
    connection.pragma_update(None, "case_sensitive_like", true)?;
    // Kibibytes, hence negative. Taken only as far as it is used.
    connection.pragma_update(
        None,
        "cache_size",
        if role == Role::Writer { -65_536 } else { -16_384 },
    )?;
    if role == Role::Reader {
        connection.pragma_update(None, "query_only", true)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_is_as_durable_and_as_strict_as_promised() {
        let dir = tempfile::tempdir().unwrap();
        for role in [Role::Writer, Role::Reader] {
            let connection = open(&dir.path().join("a.db"), role).unwrap();
            let pragma = |name: &str| -> String {
                let value =
                    connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
                match value.unwrap() {
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    other => format!("{other:?}"),
                }
            };
            assert_eq!(pragma("journal_mode"), "wal");
            assert_eq!(pragma("synchronous"), "2");
            assert_eq!(pragma("foreign_keys"), "1");
            assert_eq!(pragma("query_only"), if role == Role::Reader { "1" } else { "0" });
        }
    }
}
