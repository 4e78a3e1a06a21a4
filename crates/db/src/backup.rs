//! Whole copies of the store, and bringing one back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base::{Error, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio_postgres::config::Host;

use crate::config::{DbConfig, PostgresConfig};
use crate::db::Store;
use crate::error::codes;
use crate::sqlite;
use crate::thread::on_thread;

/// What [`crate::Db::backup`] made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
}

fn failed(reason: impl Into<String>) -> Error {
    Error::new(&codes::BACKUP_FAILED).with("reason", reason.into())
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| failed(format!("{}: {e}", path.display()))
}

pub(crate) async fn backup(store: &Store, to: PathBuf) -> Result<Backup> {
    if to.exists() {
        return Err(failed(format!("{} is there already", to.display())));
    }
    // Written beside its place and moved there whole: a backup that has the name is complete.
    let unfinished = with_ending(&to, ".unfinished");
    match store {
        Store::Sqlite(store) => {
            let (from, into) = (store.path().to_owned(), unfinished.clone());
            on_thread("db-backup", move || copy_sqlite(&from, &into)).await?;
        }
        Store::Postgres(store) => {
            let (url, schema) = (store.url().to_owned(), store.schema().to_owned());
            let into = unfinished.clone();
            on_thread("db-backup", move || dump_postgres(&url, &schema, &into)).await?;
        }
    }
    on_thread("db-backup", move || {
        let bytes = make_durable(&unfinished, &to)?;
        Ok(Backup { path: to, bytes })
    })
    .await
}

/// Brings a backup back, before the store is opened. Without `replace` only into an empty place.
///
/// # Errors
/// `db.backup_failed` says why; what was there before is then still there.
pub async fn restore(config: &DbConfig, from: &Path, replace: bool) -> Result<()> {
    let (config, from) = (config.clone(), from.to_owned());
    on_thread("db-restore", move || match config {
        DbConfig::Sqlite(config) => restore_sqlite(&config.path, &from, replace),
        DbConfig::Postgres(config) => restore_postgres(&config, &from, replace),
    })
    .await
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Syncs a finished file, gives it its name, syncs the directory that holds the name.
fn make_durable(unfinished: &Path, to: &Path) -> Result<u64> {
    let file = File::open(unfinished).map_err(io(unfinished))?;
    file.sync_all().map_err(io(unfinished))?;
    let bytes = file.metadata().map_err(io(unfinished))?.len();
    fs::rename(unfinished, to).map_err(io(to))?;
    let dir = to
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(io(dir))?;
    Ok(bytes)
}

/// One snapshot, compacted; units of work go on meanwhile.
fn copy_sqlite(from: &Path, into: &Path) -> Result<()> {
    if into.exists() {
        fs::remove_file(into).map_err(io(into))?;
    }
    // A reader's connection may write nowhere, not even a copy.
    let connection = sqlite::open_connection(from, sqlite::Role::Writer)?;
    let into_text = into.to_str().ok_or_else(|| failed("the path is not UTF-8"))?;
    connection
        .execute("VACUUM INTO $1", [into_text])
        .map_err(|e| failed(e.to_string()))?;
    check_sqlite(into)
}

/// Whether a file is a sound database of ours.
fn check_sqlite(path: &Path) -> Result<()> {
    let reason = |e: rusqlite::Error| failed(format!("{} is not a sound backup: {e}", path.display()));
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(reason)?;
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .map_err(reason)?;
    if verdict != "ok" {
        return Err(failed(format!("{} is damaged: {verdict}", path.display())));
    }
    connection
        .query_row("SELECT COUNT(*) FROM db_migration", [], |_| Ok(()))
        .map_err(reason)
}

fn restore_sqlite(path: &Path, from: &Path, replace: bool) -> Result<()> {
    check_sqlite(from)?;
    if path.exists() && !replace {
        return Err(failed(format!(
            "{} is there already; say so if it is to be replaced",
            path.display()
        )));
    }
    let unfinished = with_ending(path, ".unfinished");
    fs::copy(from, &unfinished).map_err(io(&unfinished))?;
    if path.exists() {
        retire_sqlite(path)?;
    }
    make_durable(&unfinished, path).map(drop)
}

/// Makes sure that nobody uses the old file, and that no journal of it will be replayed into the new one.
fn retire_sqlite(path: &Path) -> Result<()> {
    // Leaving WAL folds the journal in and needs the file for oneself.
    let left = Connection::open(path).and_then(|old| old.pragma_update(None, "journal_mode", "DELETE"));
    let is_busy = left.as_ref().err().and_then(rusqlite::Error::sqlite_error_code);
    if is_busy.is_some_and(|code| matches!(code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) {
        return Err(failed(format!(
            "{} is in use; stop the server first",
            path.display()
        )));
    }
    // Any other failure is the damage a backup is brought back for.
    for ending in ["-wal", "-shm"] {
        let old = with_ending(path, ending);
        if old.exists() {
            fs::remove_file(&old).map_err(io(&old))?;
        }
    }
    Ok(())
}

/// A PostgreSQL program told where the server is. The password goes by the environment: arguments are public.
fn postgres_program(name: &str, url: &str) -> Result<Command> {
    let config: tokio_postgres::Config = url.parse().map_err(|e| failed(format!("postgres url: {e}")))?;
    let mut command = Command::new(program_path(name));
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        #[cfg(unix)]
        Some(Host::Unix(dir)) => command.env("PGHOST", dir),
        None => &mut command,
    };
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).into_owned());
    }
    command
        .arg("--dbname")
        .arg(config.get_dbname().or(config.get_user()).unwrap_or("postgres"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

/// The newest installed one, or whatever the PATH has.
fn program_path(name: &str) -> PathBuf {
    let candidates = (15..=30)
        .rev()
        .map(|v| PathBuf::from(format!("/usr/lib/postgresql/{v}/bin/{name}")));
    candidates
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| name.into())
}

fn run(name: &str, mut command: Command) -> Result<String> {
    let output = command
        .output()
        .map_err(|e| failed(format!("cannot run {name}, which PostgreSQL brings: {e}")))?;
    if !output.status.success() {
        return Err(failed(format!(
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn dump_postgres(url: &str, schema: &str, into: &Path) -> Result<()> {
    let mut command = postgres_program("pg_dump", url)?;
    // The views are made anew by the next migration; other people's schemas are not ours to copy.
    command
        .args([
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--schema",
            schema,
        ])
        .arg("--file")
        .arg(into);
    run("pg_dump", command).map(drop)
}

fn restore_postgres(config: &PostgresConfig, from: &Path, replace: bool) -> Result<()> {
    let schema = &config.schema;
    let mut look = postgres_program("psql", &config.url)?;
    look.args(["--no-psqlrc", "--tuples-only", "--no-align", "--command"]);
    look.arg(format!(
        "SELECT COUNT(*) FROM pg_tables WHERE schemaname = '{schema}'"
    ));
    let tables = run("psql", look)?;
    if tables.trim() != "0" && !replace {
        return Err(failed(format!(
            "schema {schema} has tables already; say so if they are to be replaced"
        )));
    }
    let bi = crate::views::home(crate::Engine::Postgres, schema);
    let mut clear = postgres_program("psql", &config.url)?;
    clear.args([
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set",
        "ON_ERROR_STOP=1",
        "--command",
    ]);
    clear.arg(format!(
        "SET client_min_messages = warning; DROP SCHEMA IF EXISTS {} CASCADE; DROP SCHEMA IF EXISTS {schema} CASCADE",
        bi.trim_end_matches('.')
    ));
    // Listed first: a file that is no backup must not cost what is there.
    let mut list = Command::new(program_path("pg_restore"));
    list.arg("--list")
        .arg(from)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    run("pg_restore", list)?;
    run("psql", clear)?;
    let mut command = postgres_program("pg_restore", &config.url)?;
    command
        .args([
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
        ])
        .arg(from);
    run("pg_restore", command).map(drop)
}
