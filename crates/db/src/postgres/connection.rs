//! One connection and its prepared statements.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use base::Result;
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::{Settings, invalid};
use crate::config::PostgresConfig;
use crate::ddl::{self, Kind, Token};
use crate::error::unavailable;

/// The oldest server whose SQL is ours.
const OLDEST_VERSION: u32 = 150_000;
/// How long a server may take to answer a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that idled for longer is asked whether it still lives before anything is sent on it.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Prepared statements kept per connection; past this all are forgotten and prepared anew.
const STATEMENTS: usize = 2048;

pub(super) struct Connection {
    pub(super) client: Client,
    statements: RefCell<HashMap<Box<str>, Statement>>,
    answered_at: Cell<Instant>,
}

impl Connection {
    /// Notes that the server has answered.
    pub(super) fn answered(&self) {
        self.answered_at.set(Instant::now());
    }

    /// Whether the server has answered so recently that it will answer again.
    pub(super) fn is_trusted(&self) -> bool {
        self.answered_at.get().elapsed() < TRUSTED_FOR
    }

    /// The prepared form of a text.
    pub(super) async fn prepare(&self, sql: &str) -> Result<Statement, tokio_postgres::Error> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = match without_null_tests(sql) {
            None => self.client.prepare(sql).await?,
            Some(probe) => {
                let types = self.client.prepare(&probe).await?.params().to_vec();
                self.client.prepare_typed(sql, &types).await?
            }
        };
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS {
            statements.clear();
        }
        statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }

    pub(super) fn forget_statements(&self) {
        self.statements.borrow_mut().clear();
    }
}

/// PostgreSQL works out a parameter's type from the column it meets, but not where it is tested first:
/// `($1 IS NULL OR sku = $1)`. The same text without its tests tells the types.
fn without_null_tests(sql: &str) -> Option<String> {
    let tokens = ddl::tokens(sql).ok()?;
    let mut probe = String::with_capacity(sql.len());
    let mut rest = tokens.as_slice();
    let mut found = false;
    while let [first, after @ ..] = rest {
        match null_test(rest) {
            Some(length) => {
                probe.push_str("TRUE");
                found = true;
                rest = &rest[length..];
            }
            None => {
                probe.push_str(first.text);
                rest = after;
            }
        }
    }
    found.then_some(probe)
}

/// How many pieces `$1 IS NULL` or `$1 IS NOT NULL` takes, where the text begins with one.
fn null_test(tokens: &[Token<'_>]) -> Option<usize> {
    let mut words = tokens.iter().enumerate().filter(|(_, t)| t.kind != Kind::Space);
    let (_, parameter) = words.next().filter(|(at, _)| *at == 0)?;
    if parameter.kind != Kind::Number || !parameter.text.starts_with('$') || !words.next()?.1.is("IS") {
        return None;
    }
    let (mut at, mut word) = words.next()?;
    if word.is("NOT") {
        (at, word) = words.next()?;
    }
    word.is("NULL").then_some(at + 1)
}

pub(super) fn driver_config(config: &PostgresConfig) -> Result<Config> {
    let mut driver: Config = config
        .url
        .parse()
        .map_err(|e| invalid(format!("postgres url: {e}")))?;
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if !is_name(&config.schema) {
        return Err(invalid(format!(
            "schema \"{}\": use lower-case letters, digits and _",
            config.schema
        )));
    }
    let own = driver.get_options().unwrap_or_default();
    let options = format!(
        "{own} -c search_path={} -c statement_timeout={} -c idle_in_transaction_session_timeout=60000 -c TimeZone=UTC",
        config.schema,
        config.statement_timeout.as_millis(),
    );
    driver.options(options);
    if driver.get_application_name().is_none() {
        driver.application_name("storeloop");
    }
    if driver.get_connect_timeout().is_none() {
        driver.connect_timeout(CONNECT_TIMEOUT);
    }
    Ok(driver)
}

/// Opens a connection; its wire is driven by a task of the current thread.
pub(super) async fn connect(settings: &Settings) -> Result<Rc<Connection>> {
    let (client, wire) = settings.config.connect(NoTls).await.map_err(|e| {
        let reason = std::error::Error::source(&e)
            .map(ToString::to_string)
            .unwrap_or_default();
        unavailable(format!("cannot connect: {e}: {reason}"))
    })?;
    tokio::task::spawn_local(async move {
        if let Err(error) = wire.await {
            tracing::warn!(%error, "a database connection broke");
        }
    });
    metrics::counter!("db_connections_opened_total").increment(1);
    Ok(Rc::new(Connection {
        client,
        statements: RefCell::default(),
        answered_at: Cell::new(Instant::now()),
    }))
}

/// Refuses a server on which the same text would mean something else, or an acknowledged unit could be lost.
pub(super) async fn check(settings: &Settings) -> Result<()> {
    let connection = connect(settings).await?;
    let sql = "SELECT current_setting('server_version_num'), current_setting('server_encoding'),
        current_setting('fsync'), current_setting('synchronous_commit'),
        (SELECT datcollate FROM pg_database WHERE datname = current_database())";
    let row = connection
        .client
        .query_one(sql, &[])
        .await
        .map_err(|e| super::codec::error(e, sql))?;
    let text = |column: usize| row.try_get::<_, String>(column).unwrap_or_default();
    let version = text(0);
    if version.parse::<u32>().unwrap_or(0) < OLDEST_VERSION {
        return Err(invalid(format!(
            "PostgreSQL 15 or newer is needed; the server says {version}"
        )));
    }
    if text(1) != "UTF8" {
        return Err(invalid(format!(
            "the database's encoding must be UTF8; it is {}",
            text(1)
        )));
    }
    if text(2) == "off" || text(3) == "off" {
        return Err(invalid(
            "fsync and synchronous_commit must be on: acknowledged work could be lost",
        ));
    }
    if !matches!(text(4).as_str(), "C" | "POSIX") {
        return Err(invalid(format!(
            "the database must sort by bytes, as SQLite does; its collation is {}. Create it with \
             CREATE DATABASE storeloop TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
            text(4)
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_null_tests;

    #[test]
    fn null_tests_of_parameters_are_taken_out() {
        let sql =
            "SELECT a FROM t WHERE ($1 IS NULL OR a = $1) AND ($2  is not\n null AND b = $2) AND c IS NULL";
        let probe = "SELECT a FROM t WHERE (TRUE OR a = $1) AND (TRUE AND b = $2) AND c IS NULL";
        assert_eq!(without_null_tests(sql).as_deref(), Some(probe));
        assert_eq!(
            without_null_tests("SELECT a FROM t WHERE a = $1 AND b IS NULL"),
            None
        );
    }
}
