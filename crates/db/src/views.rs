//! Read-only views with readable times and JSON, for people who connect a BI tool to the store.
//!
//! Generated from the schema after every migration: `bi.stock_balance` on PostgreSQL, `bi_stock_balance` on
//! SQLite. Bytes and columns that hold secrets are left out, and so are the platform's own tables.

use sha2::{Digest, Sha256};

use crate::config::Engine;

/// One column of a base table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Column {
    pub(crate) table: String,
    pub(crate) name: String,
    /// As the engine declares it, in lower case.
    pub(crate) kind: String,
}

/// The columns of all tables, in the order of table and position. SQLite first, PostgreSQL second.
pub(crate) const READ_COLUMNS: [&str; 2] = [
    "SELECT m.name, c.name, lower(c.type) FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
     WHERE m.type = 'table' ORDER BY m.name, c.cid",
    "SELECT c.table_name::text, c.column_name::text, c.data_type::text
     FROM information_schema.columns AS c
     JOIN information_schema.tables AS t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
     ORDER BY c.table_name COLLATE \"C\", c.ordinal_position",
];

/// Where the fingerprint of the views is kept.
pub(crate) const CREATE_STATE: &str = "CREATE TABLE IF NOT EXISTS db_views (
    id BIGINT PRIMARY KEY CHECK (id = 1), fingerprint TEXT NOT NULL)";
pub(crate) const READ_STATE: &str = "SELECT fingerprint FROM db_views";
pub(crate) const CLEAR_STATE: &str = "DELETE FROM db_views";
pub(crate) const WRITE_STATE: &str = "INSERT INTO db_views (id, fingerprint) VALUES (1, $1)";

/// Domains whose tables are the platform's own business.
const HIDDEN_DOMAINS: &[&str] = &["db", "bus", "jobs", "sqlite"];
/// Column name endings that mark a secret.
const SECRET_ENDINGS: &[&str] = &["_hash", "_secret", "_sealed", "_token", "_digest"];

/// The schema, or the prefix, the views live under.
pub(crate) fn home(engine: Engine, schema: &str) -> String {
    match (engine, schema) {
        (Engine::Sqlite, _) => "bi_".to_owned(),
        (Engine::Postgres, "public") => "bi.".to_owned(),
        (Engine::Postgres, schema) => format!("{schema}_bi."),
    }
}

/// The CREATE VIEW statements for a schema, one each.
pub(crate) fn statements(engine: Engine, home: &str, columns: &[Column]) -> Vec<String> {
    columns
        .chunk_by(|a, b| a.table == b.table)
        .filter_map(|table| {
            let name = &table.first()?.table;
            let domain = name.split('_').next()?;
            if HIDDEN_DOMAINS.contains(&domain) {
                return None;
            }
            let shown: Vec<String> = table
                .iter()
                .filter(|c| is_shown(c))
                .map(|c| readable(engine, c))
                .collect();
            let list = shown.join(", ");
            (!shown.is_empty()).then(|| format!("CREATE VIEW {home}{name} AS SELECT {list} FROM {name}"))
        })
        .collect()
}

fn is_shown(column: &Column) -> bool {
    !matches!(column.kind.as_str(), "bytea" | "blob")
        && !SECRET_ENDINGS.iter().any(|end| column.name.ends_with(end))
}

fn readable(engine: Engine, column: &Column) -> String {
    let name = &column.name;
    let is_time = name.ends_with("_at") && matches!(column.kind.as_str(), "bigint" | "integer");
    match engine {
        // Exact: an interval counts whole microseconds.
        Engine::Postgres if is_time => {
            format!("TIMESTAMPTZ 'epoch' + {name} * INTERVAL '1 microsecond' AS {name}")
        }
        Engine::Postgres if name.ends_with("_json") => format!("CAST({name} AS JSONB) AS {name}"),
        // To the millisecond, which is as fine as SQLite writes times.
        Engine::Sqlite if is_time => {
            format!("strftime('%Y-%m-%dT%H:%M:%fZ', {name} / 1000000.0, 'unixepoch') AS {name}")
        }
        _ => name.clone(),
    }
}

/// Names a set of views; another name means they must be made anew.
pub(crate) fn fingerprint(statements: &[String]) -> String {
    let mut hash = Sha256::new();
    for statement in statements {
        hash.update(statement);
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(table: &str, name: &str, kind: &str) -> Column {
        Column {
            table: table.into(),
            name: name.into(),
            kind: kind.into(),
        }
    }

    #[test]
    fn times_and_json_become_readable_and_secrets_stay_out() {
        let columns = [
            column("access_staff", "id", "text"),
            column("access_staff", "password_hash", "text"),
            column("access_staff", "totp", "bytea"),
            column("access_staff", "created_at", "bigint"),
            column("access_staff", "name_json", "text"),
            column("bus_outbox", "id", "text"),
            column("db_migration", "file", "text"),
        ];
        assert_eq!(
            statements(Engine::Postgres, "bi.", &columns),
            [
                "CREATE VIEW bi.access_staff AS SELECT id, TIMESTAMPTZ 'epoch' + created_at * INTERVAL '1 microsecond' \
              AS created_at, CAST(name_json AS JSONB) AS name_json FROM access_staff"
            ]
        );
        let sqlite = statements(Engine::Sqlite, "bi_", &columns);
        assert!(
            sqlite[0].starts_with("CREATE VIEW bi_access_staff AS SELECT id, strftime("),
            "{sqlite:?}"
        );
    }
}
