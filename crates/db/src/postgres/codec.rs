//! Values on the wire, and the server's errors as ours.

use std::error::Error as StdError;

use base::{Error, Result};
use bytes::BytesMut;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::error::{codes, unavailable, violation};
use crate::row::Row;
use crate::value::Value;

type Failure = Box<dyn StdError + Sync + Send>;

/// A parameter, written as the type the server worked out for it.
#[derive(Debug)]
pub(super) struct Param<'a>(pub(super) &'a Value);

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (self.0, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Bool(truth), &Type::BOOL) => truth.to_sql(ty, out),
            (Value::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Value::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Value::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(ty, out),
            (Value::Double(number), &Type::FLOAT8) => number.to_sql(ty, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME) => text.as_str().to_sql(ty, out),
            (Value::Bytes(bytes), &Type::BYTEA) => (&**bytes).to_sql(ty, out),
            (value, ty) => Err(format!(
                "a {} was given where the statement has {ty}; write CAST($n AS {})",
                value.kind(),
                value.kind()
            )
            .into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

struct Column(Value);

impl<'a> FromSql<'a> for Column {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *ty {
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Value::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::FLOAT8 => Value::Double(f64::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR | Type::NAME => Value::from(<&str>::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(raw.into()),
            _ => {
                return Err(
                    format!("a column of type {ty} is none of ours; write CAST(x AS BIGINT) or so").into(),
                );
            }
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(super) fn row(row: &tokio_postgres::Row, sql: &str) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        values.push(row.try_get::<_, Column>(column).map_err(|e| error(e, sql))?.0);
    }
    Ok(Row::new(values))
}

/// The unit met others and must run again.
pub(super) fn is_conflict(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
    )
}

/// A migration changed a table under a prepared statement; prepared anew it will do.
pub(super) fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
        && error
            .as_db_error()
            .is_some_and(|e| e.message().contains("cached plan"))
}

/// A driver's error as one of ours.
pub(super) fn error(cause: tokio_postgres::Error, sql: &str) -> Error {
    let Some(db) = cause.as_db_error() else {
        if cause.is_closed() || cause.source().is_some_and(<dyn StdError>::is::<std::io::Error>) {
            return unavailable(cause);
        }
        let reason = cause.source().map(ToString::to_string).unwrap_or_default();
        return Error::internal(format!("{cause}: {reason}; in {sql}"));
    };
    let code = match *db.code() {
        SqlState::UNIQUE_VIOLATION => &codes::UNIQUE_VIOLATION,
        SqlState::CHECK_VIOLATION => &codes::CHECK_VIOLATION,
        SqlState::FOREIGN_KEY_VIOLATION => &codes::FOREIGN_KEY_VIOLATION,
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            return Error::new(&codes::CONTENDED).with("attempts", 1).caused_by(cause);
        }
        SqlState::QUERY_CANCELED => {
            return Error::new(&codes::TIMEOUT).caused_by(format!("{cause}; in {sql}"));
        }
        // Connection trouble, missing resources, an operator's intervention, input and output.
        ref other
            if ["08", "53", "57", "58"]
                .iter()
                .any(|class| other.code().starts_with(class)) =>
        {
            return unavailable(format!("{cause}: {}", db.message()));
        }
        _ => return Error::internal(format!("{} ({}); in {sql}", db.message(), db.code().code())),
    };
    violation(code, db.table(), db.constraint()).caused_by(cause)
}
