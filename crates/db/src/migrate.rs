//! Brings the schema up to date, on one dedicated connection, each file whole or not at all.

use std::collections::{BTreeMap, HashSet};

use base::{Clock, Error, Result, SystemClock};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::config::Engine;
use crate::db::Store;
use crate::error::codes;
use crate::thread::on_thread;
use crate::views::{self, Column};
use crate::{ddl, sqlite};

/// The migrations of one domain.
#[derive(Clone, Copy, Debug)]
pub struct MigrationSet {
    /// The domain's name; its tables begin with it and an underscore.
    pub domain: &'static str,
    /// File name and text: `0001_stock.sql`, or a pair `0002_x.sqlite.sql` and `0002_x.postgres.sql`.
    pub files: &'static [(&'static str, &'static str)],
}

/// What [`crate::Db::migrate`] did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migrated {
    /// `domain/file` of each migration applied now, in order; empty when all was up to date.
    pub applied: Vec<String>,
    /// How many migrations the schema consists of.
    pub total: usize,
}

/// This crate's own tables.
const OWN: MigrationSet = MigrationSet {
    domain: "db",
    files: &[(
        "0001_idempotency.sql",
        include_str!("../migrations/0001_idempotency.sql"),
    )],
};

pub(crate) const CREATE_LEDGER: &str = "CREATE TABLE IF NOT EXISTS db_migration (
    domain TEXT NOT NULL, file TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL,
    PRIMARY KEY (domain, file))";
pub(crate) const READ_LEDGER: &str = "SELECT domain, file, checksum FROM db_migration";
pub(crate) const WRITE_LEDGER: &str =
    "INSERT INTO db_migration (domain, file, checksum, applied_at) VALUES ($1, $2, $3, $4)";

/// One migration, of one file or a pair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Step {
    pub(crate) domain: &'static str,
    pub(crate) file: &'static str,
    pub(crate) checksum: String,
    number: u32,
    text: Text,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Text {
    Shared(&'static str),
    Pair {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

/// A line of the ledger.
pub(crate) struct Applied {
    pub(crate) domain: String,
    pub(crate) file: String,
    pub(crate) checksum: String,
}

pub(crate) fn refused(domain: &str, file: &str, reason: impl Into<String>) -> Error {
    Error::new(&codes::MIGRATION_REFUSED)
        .with("domain", domain)
        .with("file", file)
        .with("reason", reason.into())
}

impl Step {
    /// The text for one engine.
    pub(crate) fn sql(&self, engine: Engine) -> Result<String> {
        match (self.text, engine) {
            (Text::Shared(sql), Engine::Sqlite) => {
                ddl::for_sqlite(sql).map_err(|reason| refused(self.domain, self.file, reason))
            }
            (Text::Shared(sql) | Text::Pair { postgres: sql, .. }, Engine::Postgres)
            | (Text::Pair { sqlite: sql, .. }, Engine::Sqlite) => Ok(sql.to_owned()),
        }
    }

    /// The step's name in answers and logs.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.domain, self.file)
    }
}

/// All steps in order, checked: names, pairs, prefixes.
pub(crate) fn steps(sets: &[MigrationSet]) -> Result<Vec<Step>> {
    let mut all = Vec::new();
    let mut domains = HashSet::new();
    for set in std::iter::once(&OWN).chain(sets) {
        if set.domain == "bi" {
            return Err(refused(
                set.domain,
                "",
                "the name is kept for the views of BI tools",
            ));
        }
        if !domains.insert(set.domain) {
            return Err(refused(set.domain, "", "the domain is given twice"));
        }
        all.extend(steps_of(set)?);
    }
    Ok(all)
}

#[derive(Default)]
struct Halves {
    stem: &'static str,
    shared: Option<&'static str>,
    sqlite: Option<&'static str>,
    postgres: Option<&'static str>,
}

fn steps_of(set: &MigrationSet) -> Result<Vec<Step>> {
    let mut by_number: BTreeMap<u32, Halves> = BTreeMap::new();
    for &(name, sql) in set.files {
        let refuse = |reason: &str| refused(set.domain, name, reason);
        let base = name
            .strip_suffix(".sql")
            .ok_or_else(|| refuse("the name must end in .sql"))?;
        let (stem, half) = match base.rsplit_once('.') {
            Some((stem, half)) => (stem, Some(half)),
            None => (base, None),
        };
        let number = stem.get(..4).filter(|_| stem.as_bytes().get(4) == Some(&b'_'));
        let number = number.and_then(|n| n.parse::<u32>().ok());
        let number =
            number.ok_or_else(|| refuse("the name must begin with four digits and an underscore"))?;
        ddl::check(set.domain, sql, half.is_none()).map_err(|reason| refuse(&reason))?;
        let halves = by_number.entry(number).or_insert_with(|| Halves {
            stem,
            ..Halves::default()
        });
        let slot = match half {
            None => &mut halves.shared,
            Some("sqlite") => &mut halves.sqlite,
            Some("postgres") => &mut halves.postgres,
            Some(_) => return Err(refuse("the ending must be .sql, .sqlite.sql or .postgres.sql")),
        };
        if halves.stem != stem || slot.replace(sql).is_some() {
            return Err(refuse("another file has the same number"));
        }
    }
    by_number
        .into_iter()
        .map(|(number, halves)| step(set.domain, number, &halves))
        .collect()
}

fn step(domain: &'static str, number: u32, halves: &Halves) -> Result<Step> {
    let text = match (halves.shared, halves.sqlite, halves.postgres) {
        (Some(sql), None, None) => Text::Shared(sql),
        (None, Some(sqlite), Some(postgres)) => Text::Pair { sqlite, postgres },
        (Some(_), ..) => {
            return Err(refused(
                domain,
                halves.stem,
                "a shared text and a half have the same number",
            ));
        }
        _ => {
            return Err(refused(
                domain,
                halves.stem,
                "the other half of the pair is missing",
            ));
        }
    };
    let mut hash = Sha256::new();
    let halves_of = match text {
        Text::Shared(sql) => [sql, ""],
        Text::Pair { sqlite, postgres } => [sqlite, postgres],
    };
    for half in halves_of {
        // A checkout with other line ends is the same migration.
        hash.update(half.replace("\r\n", "\n"));
        hash.update([0]);
    }
    let checksum = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Step {
        domain,
        file: halves.stem,
        checksum,
        number,
        text,
    })
}

/// The steps still to apply. Refuses a history this build cannot have come from.
pub(crate) fn pending<'a>(steps: &'a [Step], applied: &[Applied]) -> Result<Vec<&'a Step>> {
    let mut highest: BTreeMap<&str, u32> = BTreeMap::new();
    for line in applied {
        let mut of_domain = steps.iter().filter(|s| s.domain == line.domain).peekable();
        if of_domain.peek().is_none() {
            // A domain this caller does not use: another binary's, or a test's smaller world.
            continue;
        }
        let Some(step) = of_domain.find(|s| s.file == line.file) else {
            return Err(refused(
                &line.domain,
                &line.file,
                "the database has it and this build does not: a newer version has been here",
            ));
        };
        if step.checksum != line.checksum {
            return Err(refused(
                &line.domain,
                &line.file,
                "its text was changed after it was applied",
            ));
        }
        let top = highest.entry(step.domain).or_default();
        *top = step.number.max(*top);
    }
    let is_applied = |s: &Step| applied.iter().any(|a| a.domain == s.domain && a.file == s.file);
    let todo: Vec<&Step> = steps.iter().filter(|s| !is_applied(s)).collect();
    match todo
        .iter()
        .find(|s| highest.get(s.domain).is_some_and(|&top| s.number < top))
    {
        Some(late) => Err(refused(
            late.domain,
            late.file,
            "a later one was applied before it",
        )),
        None => Ok(todo),
    }
}

pub(crate) async fn migrate(store: &Store, sets: &[MigrationSet]) -> Result<Migrated> {
    let steps = steps(sets)?;
    let total = steps.len();
    let applied = match store {
        Store::Sqlite(store) => {
            let path = store.path().to_owned();
            on_thread("db-migrate", move || {
                migrate_sqlite(&sqlite::open_connection(&path, sqlite::Role::Writer)?, &steps)
            })
            .await?
        }
        Store::Postgres(store) => store.migrate(steps).await?,
    };
    for name in &applied {
        tracing::info!(migration = name, "applied a migration");
    }
    Ok(Migrated { applied, total })
}

fn migrate_sqlite(connection: &Connection, steps: &[Step]) -> Result<Vec<String>> {
    // Rebuilding a table drops it for a moment; the check before each commit finds what that would break.
    connection
        .pragma_update(None, "foreign_keys", false)
        .map_err(|e| sqlite::map_error(e, "PRAGMA"))?;
    in_transaction(connection, || {
        for table in [CREATE_LEDGER, views::CREATE_STATE] {
            batch(
                connection,
                &ddl::for_sqlite(table).map_err(|reason| refused("db", "ledger", reason))?,
            )?;
        }
        Ok(())
    })?;
    let mut done = Vec::new();
    // The ledger is read anew for each file: another process may be migrating the same database.
    while let Some(name) = in_transaction(connection, || apply_next(connection, steps))? {
        done.push(name);
    }
    in_transaction(connection, || renew_views(connection))?;
    Ok(done)
}

fn in_transaction<T>(connection: &Connection, work: impl FnOnce() -> Result<T>) -> Result<T> {
    batch(connection, "BEGIN IMMEDIATE")?;
    let outcome = work();
    batch(connection, if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    outcome
}

fn batch(connection: &Connection, sql: &str) -> Result<()> {
    connection
        .execute_batch(sql)
        .map_err(|e| sqlite::map_error(e, sql))
}

fn texts<const N: usize>(connection: &Connection, sql: &str) -> Result<Vec<[String; N]>> {
    let read = |row: &rusqlite::Row<'_>| {
        let mut texts = [const { String::new() }; N];
        for (column, text) in texts.iter_mut().enumerate() {
            *text = row.get(column)?;
        }
        Ok(texts)
    };
    connection
        .prepare(sql)
        .and_then(|mut statement| statement.query_map([], read)?.collect())
        .map_err(|e| sqlite::map_error(e, sql))
}

fn apply_next(connection: &Connection, steps: &[Step]) -> Result<Option<String>> {
    let applied = texts(connection, READ_LEDGER)?;
    let applied: Vec<Applied> = applied
        .into_iter()
        .map(|[domain, file, checksum]| Applied {
            domain,
            file,
            checksum,
        })
        .collect();
    let Some(&step) = pending(steps, &applied)?.first() else {
        return Ok(None);
    };
    // A view stands in the way of changing its table.
    drop_views(connection)?;
    let sql = step.sql(Engine::Sqlite)?;
    connection
        .execute_batch(&sql)
        .map_err(|e| refused(step.domain, step.file, e.to_string()))?;
    let broken = texts::<1>(
        connection,
        "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1",
    )?;
    if let Some([table]) = broken.first() {
        return Err(refused(
            step.domain,
            step.file,
            format!("rows of {table} would point at rows that are gone"),
        ));
    }
    let line = rusqlite::params![step.domain, step.file, step.checksum, SystemClock.now().micros()];
    connection
        .execute(WRITE_LEDGER, line)
        .map_err(|e| sqlite::map_error(e, WRITE_LEDGER))?;
    Ok(Some(step.name()))
}

fn drop_views(connection: &Connection) -> Result<()> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'bi!_%' ESCAPE '!'";
    for [view] in texts(connection, sql)? {
        batch(connection, &format!("DROP VIEW {view}"))?;
    }
    batch(connection, views::CLEAR_STATE)
}

fn renew_views(connection: &Connection) -> Result<()> {
    let columns = texts(connection, views::READ_COLUMNS[0])?;
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|[table, name, kind]| Column { table, name, kind })
        .collect();
    let statements = views::statements(Engine::Sqlite, &views::home(Engine::Sqlite, ""), &columns);
    let fingerprint = views::fingerprint(&statements);
    let known = texts::<1>(connection, views::READ_STATE)?;
    if known.first().is_some_and(|[known]| *known == fingerprint) {
        return Ok(());
    }
    drop_views(connection)?;
    for statement in &statements {
        batch(connection, statement)?;
    }
    let written = connection.execute(views::WRITE_STATE, [fingerprint]);
    written
        .map(drop)
        .map_err(|e| sqlite::map_error(e, views::WRITE_STATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn set(files: &'static [(&'static str, &'static str)]) -> MigrationSet {
        MigrationSet { domain: "t", files }
    }

    fn reason(files: &'static [(&'static str, &'static str)]) -> String {
        steps(&[set(files)]).unwrap_err().facts()["reason"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    const TWO: &[(&str, &str)] = &[
        ("0002_b.sql", "CREATE TABLE t_b (a TEXT)"),
        ("0001_a.sql", "CREATE TABLE t_a (a TEXT)"),
    ];

    #[test]
    fn files_are_ordered_by_number() {
        let names: Vec<String> = steps(&[set(TWO)]).unwrap().iter().map(Step::name).collect();
        assert_eq!(names, ["db/0001_idempotency", "t/0001_a", "t/0002_b"]);
    }

    #[test]
    fn a_lone_half_is_refused() {
        assert_eq!(
            reason(&[("0001_a.sqlite.sql", "")]),
            "the other half of the pair is missing"
        );
        steps(&[set(&[("0001_a.sqlite.sql", ""), ("0001_a.postgres.sql", "")])]).unwrap();
    }

    #[test]
    fn names_are_checked() {
        for files in [
            &[("1_a.sql", "")] as &[_],
            &[("0001_a.txt", "")],
            &[("0001_a.mysql.sql", "")],
            &[("0001_a.sql", ""), ("0001_b.sql", "")],
            &[
                ("0001_a.sql", ""),
                ("0001_a.sqlite.sql", ""),
                ("0001_a.postgres.sql", ""),
            ],
        ] {
            assert!(steps(&[set(Box::leak(files.into()))]).is_err(), "{files:?}");
        }
    }

    #[test]
    fn history_is_checked() {
        let steps = steps(&[set(TWO)]).unwrap();
        let line = |file: &str, checksum: &str| Applied {
            domain: "t".into(),
            file: file.into(),
            checksum: checksum.into(),
        };
        let (first, second) = (&steps[1].checksum, &steps[2].checksum);
        assert_eq!(pending(&steps, &[line("0001_a", first)]).unwrap().len(), 2);
        assert!(pending(&steps, &[line("0001_a", "other")]).is_err());
        assert!(pending(&steps, &[line("0002_b", second)]).is_err());
        assert!(pending(&steps, &[line("0003_c", "any")]).is_err());
        let elsewhere = Applied {
            domain: "u".into(),
            file: "0001_u".into(),
            checksum: "any".into(),
        };
        assert_eq!(pending(&steps, &[elsewhere]).unwrap().len(), 3);
    }
}
