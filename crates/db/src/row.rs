//! One row of an answer.

use base::{Error, Result};
use serde::de::DeserializeOwned;

use crate::value::{self, FromValue, Value};

/// One row, its columns in the order the statement lists them.
#[derive(Clone, PartialEq, Debug)]
pub struct Row(Box<[Value]>);

impl Row {
    pub(crate) fn new(values: impl Into<Box<[Value]>>) -> Self {
        Self(values.into())
    }

    /// How many columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns as they came.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    fn at(&self, column: usize) -> Result<&Value> {
        self.0.get(column).ok_or_else(|| {
            Error::internal(format!(
                "there is no column {column}; the row has {}",
                self.0.len()
            ))
        })
    }

    /// One column.
    ///
    /// # Errors
    /// `internal` when the column is missing or of another type: the statement and the code disagree.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T> {
        T::from_value(self.at(column)?).map_err(|e| in_column(column, e))
    }

    /// One TEXT column, without a copy.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn text(&self, column: usize) -> Result<&str> {
        value::text(self.at(column)?).map_err(|e| in_column(column, e))
    }

    /// One `*_json` column.
    ///
    /// # Errors
    /// `internal` when it is not JSON of that shape.
    pub fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T> {
        serde_json::from_str(self.text(column)?).map_err(|e| in_column(column, Error::internal(e)))
    }
}

fn in_column(column: usize, cause: Error) -> Error {
    let reason = std::error::Error::source(&cause).map_or_else(|| cause.to_string(), ToString::to_string);
    Error::internal(format!("column {column}: {reason}"))
}
