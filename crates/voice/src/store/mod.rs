//! SQL of the voices' tables, and nothing else.

pub(crate) mod feedback;
pub(crate) mod figures;
pub(crate) mod issue;
pub(crate) mod survey;

use base::{Error, Result, Text};
use db::{Row, Value};
use members::Phone;

/// `$from, $from+1, …` for an IN list.
pub(crate) fn marks(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A condition after another, with the next free parameters.
pub(crate) struct Conditions {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

impl Conditions {
    pub(crate) fn new(sql: String) -> Self {
        Self {
            sql,
            values: Vec::new(),
        }
    }

    /// Adds ` AND condition ($n, …)`.
    pub(crate) fn and(&mut self, condition: &str, values: &[Value]) {
        let marks = marks(self.values.len() + 1, values.len());
        self.sql.push_str(&format!(" AND {condition} ({marks})"));
        self.values.extend_from_slice(values);
    }

    /// Adds the end of the statement with the number of rows wanted.
    pub(crate) fn order(&mut self, by: &str, rows: i64) {
        self.values.push(rows.into());
        self.sql
            .push_str(&format!(" ORDER BY {by} LIMIT ${}", self.values.len()));
    }
}

fn optional_text(row: &Row, column: usize) -> Result<Option<Text>> {
    let raw: Option<String> = row.get(column)?;
    raw.map(|_| row.json(column)).transpose()
}

fn json_or_null(text: Option<&Text>) -> Result<Value> {
    text.map_or(Ok(Value::Null), db::json)
}

fn phone(row: &Row, column: usize) -> Result<Option<Phone>> {
    let raw: Option<String> = row.get(column)?;
    raw.map(|p| p.parse::<Phone>())
        .transpose()
        .map_err(Error::internal)
}

fn score(row: &Row, column: usize) -> Result<Option<u8>> {
    row.get(column)
}
