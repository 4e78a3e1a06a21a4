//! Statements on one SQLite connection, completed in place.

use std::rc::Rc;

use base::{Error, ErrorCode, Result};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql, ffi};

use crate::error::{codes, unavailable, violation};
use crate::row::Row;
use crate::value::Value;

/// Whether a statement may change anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// One connection, as a unit of work uses it.
#[derive(Clone)]
pub(crate) struct Session(Rc<Connection>);

impl Session {
    pub(crate) fn new(connection: Rc<Connection>) -> Self {
        Self(connection)
    }

    /// Begins a transaction, ending first what a failure may have left open.
    pub(super) fn begin(&self, sql: &'static str) -> Result<()> {
        if !self.0.is_autocommit() {
            self.execute("ROLLBACK", &[])?;
        }
        self.execute(sql, &[]).map(drop)
    }

    fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>> {
        self.0.prepare_cached(sql).map_err(|e| error(e, sql))
    }

    pub(crate) fn query(&self, sql: &str, params: &[Value], access: Access) -> Result<Vec<Row>> {
        let mut statement = self.prepare(sql)?;
        if access == Access::Read && !statement.readonly() {
            return Err(Error::internal(format!(
                "a query that writes goes through query_write: {sql}"
            )));
        }
        let order = order(&statement, sql)?;
        bind(&mut statement, &order, params, sql)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|e| error(e, sql))? {
            // Asked of the running statement: a migration may have added a column since it was prepared.
            let width = row.as_ref().column_count();
            let mut values = Vec::with_capacity(width);
            for column in 0..width {
                values.push(read(row.get_ref(column).map_err(|e| error(e, sql))?, sql)?);
            }
            found.push(Row::new(values));
        }
        Ok(found)
    }

    pub(crate) fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        let mut statement = self.prepare(sql)?;
        let order = order(&statement, sql)?;
        run(&mut statement, &order, params, sql)
    }

    pub(crate) fn execute_many(&self, sql: &str, rows: &[Vec<Value>]) -> Result<u64> {
        let mut statement = self.prepare(sql)?;
        let order = order(&statement, sql)?;
        rows.iter()
            .map(|params| run(&mut statement, &order, params, sql))
            .sum()
    }
}

fn run(statement: &mut CachedStatement<'_>, order: &[usize], params: &[Value], sql: &str) -> Result<u64> {
    bind(statement, order, params, sql)?;
    // A count of rows always fits.
    statement
        .raw_execute()
        .map(|count| count as u64)
        .map_err(|e| error(e, sql))
}

/// The number in each parameter's name, by position: SQLite takes `$1` for a name and numbers parameters as they
/// first appear.
fn order(statement: &CachedStatement<'_>, sql: &str) -> Result<Vec<usize>> {
    (1..=statement.parameter_count())
        .map(|index| {
            let name = statement.parameter_name(index);
            name.and_then(|name| name.strip_prefix('$')?.parse().ok())
                .filter(|number| *number > 0)
                .ok_or_else(|| Error::internal(format!("a parameter is not a number in {sql}")))
        })
        .collect()
}

/// Binds each parameter by the number in its name.
fn bind(statement: &mut CachedStatement<'_>, order: &[usize], params: &[Value], sql: &str) -> Result<()> {
    let highest = order.iter().copied().max().unwrap_or(0);
    if highest != params.len() {
        return Err(Error::internal(format!(
            "{} parameters for the {highest} of {sql}",
            params.len()
        )));
    }
    for (index, number) in order.iter().enumerate() {
        statement
            .raw_bind_parameter(index + 1, Bound(&params[number - 1]))
            .map_err(|e| error(e, sql))?;
    }
    Ok(())
}

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Bool(truth) => ValueRef::Integer(i64::from(*truth)),
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Double(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn read(value: ValueRef<'_>, sql: &str) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Double(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::from(text),
            Err(e) => return Err(Error::internal(format!("a text is not UTF-8: {e}; in {sql}"))),
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.into()),
    })
}

/// A driver's error as one of ours.
pub(crate) fn error(cause: rusqlite::Error, sql: &str) -> Error {
    let (code, message) = match &cause {
        rusqlite::Error::SqliteFailure(code, message) => (*code, message.as_deref().unwrap_or_default()),
        rusqlite::Error::SqlInputError { error, msg, .. } => (*error, msg.as_str()),
        _ => return Error::internal(format!("{cause}; in {sql}")),
    };
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            constraint(&codes::UNIQUE_VIOLATION, message).caused_by(cause)
        }
        ffi::SQLITE_CONSTRAINT_CHECK => constraint(&codes::CHECK_VIOLATION, message).caused_by(cause),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => {
            constraint(&codes::FOREIGN_KEY_VIOLATION, message).caused_by(cause)
        }
        _ => match code.extended_code & 0xff {
            ffi::SQLITE_BUSY
            | ffi::SQLITE_LOCKED
            | ffi::SQLITE_FULL
            | ffi::SQLITE_IOERR
            | ffi::SQLITE_CANTOPEN
            | ffi::SQLITE_NOMEM => unavailable(cause),
            ffi::SQLITE_INTERRUPT => Error::new(&codes::TIMEOUT).caused_by(format!("{cause}; in {sql}")),
            _ => Error::internal(format!("{cause}; in {sql}")),
        },
    }
}

/// `UNIQUE constraint failed: stock_balance.sku, stock_balance.place`: SQLite names columns, and a check by
/// its name or text.
fn constraint(code: &'static ErrorCode, message: &str) -> Error {
    let named = message.split_once(": ").map(|(_, named)| named);
    let table = named.and_then(|n| n.split_once('.')).map(|(table, _)| table);
    let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    violation(code, table.filter(|t| is_name(t)), named)
}
