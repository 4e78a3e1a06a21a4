//! What the schema means, whichever engine holds it.

use base::Result;

use crate::config::Engine;
use crate::db::Db;
use crate::params;
use crate::row::Row;
use crate::tx::Reader;

/// Describes the schema, one fact a line, sorted: columns with type, nullability and whether they have a
/// default, keys, foreign keys, indexes and views. The same migrations give the same lines on both engines.
///
/// # Errors
/// `db.unavailable`.
pub async fn logical_schema(db: &Db) -> Result<Vec<String>> {
    let statements = match db.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    db.read(async move |reader: &Reader| {
        let mut facts = Vec::new();
        for sql in statements {
            let rows = reader.query(sql, params![]).await?;
            facts.extend(rows.iter().map(fact).collect::<Result<Vec<_>>>()?);
        }
        facts.sort_unstable();
        Ok(facts)
    })
    .await
}

fn fact(row: &Row) -> Result<String> {
    row.get(0)
}

/// SQLite has no BOOLEAN; the check that stands for it tells.
const SQLITE: &[&str] = &[
    "SELECT 'column ' || m.name || '.' || c.name || ' '
        || CASE WHEN c.type = 'INTEGER' AND instr(m.sql, 'INTEGER CHECK (' || c.name || ' IN (0, 1))') > 0 THEN 'boolean'
                WHEN c.type = 'INTEGER' THEN 'bigint' WHEN c.type = 'REAL' THEN 'double precision'
                WHEN c.type = 'BLOB' THEN 'bytea' ELSE lower(c.type) END
        || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
        || CASE WHEN c.dflt_value IS NOT NULL THEN ' default' ELSE '' END
     FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    "SELECT 'primary key ' || m.name || ' (' || (
            SELECT string_agg(name, ', ') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) || ')'
     FROM sqlite_schema AS m
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'
       AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE pk > 0)",
    "SELECT CASE WHEN i.origin = 'u' THEN 'unique ' || m.name ELSE
            CASE WHEN i.\"unique\" = 1 THEN 'unique index ' ELSE 'index ' END || i.name || ' on ' || m.name END
        || ' (' || (SELECT string_agg(coalesce(name, 'expression'), ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
        || CASE WHEN i.partial = 1 THEN ' partial' ELSE '' END
     FROM sqlite_schema AS m, pragma_index_list(m.name) AS i
     WHERE m.type = 'table' AND i.origin <> 'pk'",
    "SELECT 'foreign key ' || m.name || ' (' || string_agg(f.\"from\", ', ') || ') references ' || f.\"table\"
        || ' on delete ' || lower(f.on_delete)
     FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f
     WHERE m.type = 'table' GROUP BY m.name, f.id",
    "SELECT 'view ' || CASE WHEN name LIKE 'bi!_%' ESCAPE '!' THEN 'bi.' || substr(name, 4) ELSE name END
     FROM sqlite_schema WHERE type = 'view'",
];

const POSTGRES: &[&str] = &[
    "SELECT 'column ' || c.table_name || '.' || c.column_name || ' ' || c.data_type
        || CASE WHEN c.is_nullable = 'NO' THEN ' not null' ELSE '' END
        || CASE WHEN c.column_default IS NOT NULL THEN ' default' ELSE '' END
     FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'",
    "SELECT CASE k.contype WHEN 'p' THEN 'primary key ' ELSE 'unique ' END || t.relname || ' ('
        || (SELECT string_agg(a.attname, ', ' ORDER BY n.at) FROM unnest(k.conkey) WITH ORDINALITY AS n (num, at)
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = n.num) || ')'
     FROM pg_constraint AS k JOIN pg_class AS t ON t.oid = k.conrelid
     WHERE k.contype IN ('p', 'u') AND t.relnamespace = CAST(current_schema() AS regnamespace)",
    "SELECT CASE WHEN x.indisunique THEN 'unique index ' ELSE 'index ' END || i.relname || ' on ' || t.relname || ' ('
        || (SELECT string_agg(coalesce(a.attname, 'expression'), ', ' ORDER BY n.at)
            FROM unnest(CAST(x.indkey AS int2[])) WITH ORDINALITY AS n (num, at)
            LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = n.num AND n.num > 0) || ')'
        || CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END
     FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid
     WHERE t.relnamespace = CAST(current_schema() AS regnamespace)
       AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u'))",
    "SELECT 'foreign key ' || t.relname || ' ('
        || (SELECT string_agg(a.attname, ', ' ORDER BY n.at) FROM unnest(k.conkey) WITH ORDINALITY AS n (num, at)
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = n.num) || ') references ' || r.relname
        || ' on delete ' || CASE k.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
            WHEN 'n' THEN 'set null' ELSE 'set default' END
     FROM pg_constraint AS k JOIN pg_class AS t ON t.oid = k.conrelid JOIN pg_class AS r ON r.oid = k.confrelid
     WHERE k.contype = 'f' AND t.relnamespace = CAST(current_schema() AS regnamespace)",
    "SELECT 'view ' || CASE WHEN table_schema IN ('bi', current_schema() || '_bi') THEN 'bi.' ELSE '' END || table_name
     FROM information_schema.views WHERE table_schema IN (current_schema(), 'bi', current_schema() || '_bi')",
];
