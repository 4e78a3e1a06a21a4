//! SQL only, by table.

pub(crate) mod cart;
pub(crate) mod figures;
pub(crate) mod fulfilment;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod order;
pub(crate) mod returns;
pub(crate) mod shelf;
pub(crate) mod why;

use base::{Error, Result};
use db::Row;
use serde::de::DeserializeOwned;

/// A `*_json` column that may be NULL.
fn json_opt<T: DeserializeOwned>(row: &Row, column: usize) -> Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|json| serde_json::from_str(&json).map_err(Error::internal))
        .transpose()
}

/// JSON for a column that may be NULL.
fn opt_json<T: serde::Serialize>(value: Option<&T>) -> Result<db::Value> {
    value.map_or(Ok(db::Value::Null), db::json)
}

/// `$from, $from+1, ..` for a list of `count`.
fn placeholders(from: usize, count: usize) -> String {
    let list: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    list.join(", ")
}
