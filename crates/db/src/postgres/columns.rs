//! Many rows sent as a handful of arrays, one a column: a statement of one text for any number of rows, and
//! parameters that cost the server next to nothing, where a long list of VALUES is parsed, bound and planned
//! piece by piece.

use std::error::Error as StdError;

use base::{Error, Result};
use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::value::Value;

/// The statement that inserts rows, and the columns it takes.
pub(super) struct Columns<'a> {
    pub(super) sql: String,
    pub(super) arrays: Vec<Array<'a>>,
}

/// One column of all rows.
#[derive(Debug)]
pub(super) struct Array<'a> {
    rows: &'a [Vec<Value>],
    at: usize,
}

impl<'a> Columns<'a> {
    /// The rows as columns. One that holds nothing at all is written as NULL, since nothing tells its type.
    pub(super) fn of(table_and_columns: &str, rows: &'a [Vec<Value>], suffix: &str) -> Result<Self> {
        let width = rows.first().map_or(0, Vec::len);
        let (mut picked, mut sources) = (Vec::with_capacity(width), Vec::with_capacity(width));
        let mut arrays = Vec::with_capacity(width);
        for at in 0..width {
            let Some(kind) = kind(rows, at)? else {
                picked.push("NULL".to_owned());
                continue;
            };
            arrays.push(Array { rows, at });
            picked.push(format!("u.c{}", arrays.len()));
            sources.push(format!("${}::{kind}[]", arrays.len()));
        }
        let names: Vec<String> = (1..=arrays.len()).map(|n| format!("c{n}")).collect();
        let sql = format!(
            "INSERT INTO {table_and_columns} SELECT {} FROM unnest({}) AS u ({}) {suffix}",
            picked.join(", "),
            sources.join(", "),
            names.join(", ")
        );
        Ok(Self { sql, arrays })
    }
}

/// The type of a column; none when it holds nothing.
fn kind(rows: &[Vec<Value>], at: usize) -> Result<Option<&'static str>> {
    let mut kinds = rows.iter().filter_map(|row| match row.get(at) {
        None | Some(Value::Null) => None,
        Some(value) => Some(value.kind()),
    });
    let Some(first) = kinds.next() else {
        return Ok(None);
    };
    match kinds.find(|kind| *kind != first) {
        None => Ok(Some(first)),
        Some(other) => Err(Error::internal(format!(
            "column {at} of the rows to insert holds {first} and {other}"
        ))),
    }
}

impl ToSql for Array<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let column = self
            .rows
            .iter()
            .map(|row| row.get(self.at).unwrap_or(&Value::Null));
        match *ty {
            Type::BOOL_ARRAY => {
                each(column, |v| if let Value::Bool(b) = v { Some(*b) } else { None }).to_sql(ty, out)
            }
            Type::INT8_ARRAY => {
                each(column, |v| if let Value::Int(n) = v { Some(*n) } else { None }).to_sql(ty, out)
            }
            Type::FLOAT8_ARRAY => {
                each(column, |v| if let Value::Double(d) = v { Some(*d) } else { None }).to_sql(ty, out)
            }
            Type::TEXT_ARRAY => each(column, |v| {
                if let Value::Text(t) = v {
                    Some(t.as_str())
                } else {
                    None
                }
            })
            .to_sql(ty, out),
            Type::BYTEA_ARRAY => each(
                column,
                |v| if let Value::Bytes(b) = v { Some(&**b) } else { None },
            )
            .to_sql(ty, out),
            _ => Err(format!("no column of ours is sent as {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn each<'a, T>(
    column: impl Iterator<Item = &'a Value>,
    pick: impl Fn(&'a Value) -> Option<T>,
) -> Vec<Option<T>> {
    column.map(pick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_nothing_is_written_as_null() {
        let rows = vec![
            vec![Value::Int(1), Value::Null, Value::Null],
            vec![Value::Int(2), Value::Null, Value::Bool(true)],
        ];
        let columns = Columns::of("t (a, b, c)", &rows, "ON CONFLICT DO NOTHING").unwrap();
        assert_eq!(
            columns.sql,
            "INSERT INTO t (a, b, c) SELECT u.c1, NULL, u.c2 \
             FROM unnest($1::BIGINT[], $2::BOOLEAN[]) AS u (c1, c2) ON CONFLICT DO NOTHING"
        );
        assert_eq!(columns.arrays.len(), 2);
    }

    #[test]
    fn a_column_of_two_kinds_is_refused() {
        let rows = vec![vec![Value::Int(1)], vec![Value::from("1")]];
        assert!(Columns::of("t (a)", &rows, "").is_err());
    }
}
