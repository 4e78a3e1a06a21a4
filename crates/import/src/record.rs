//! A row as a record: its values by field name.

use std::sync::Arc;

use base::Time;
use jiff::civil::Date;

use crate::exact::Exact;
use crate::issue::{IssueCode, RowIssue};
use crate::mapping::{Kind, Value};

/// A row as a record of one kind.
pub(crate) struct Record<'r> {
    pub(crate) kind: Kind,
    pub(crate) values: &'r mut [Value],
    pub(crate) file: &'r Arc<str>,
    pub(crate) line: u64,
    /// The class of a line, where its table has classes.
    pub(crate) class: Option<usize>,
}

impl Record<'_> {
    fn get(&self, name: &str) -> &Value {
        self.kind
            .position(name)
            .and_then(|at| self.values.get(at))
            .unwrap_or(&Value::Blank)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// The text, or nothing where the cell is blank.
    pub(crate) fn some_text(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|t| !t.is_empty()).map(str::to_owned)
    }

    pub(crate) fn exact(&self, name: &str) -> Option<Exact> {
        match self.get(name) {
            Value::Exact(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn time(&self, name: &str) -> Option<Time> {
        match self.get(name) {
            Value::Time(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn date(&self, name: &str) -> Option<Date> {
        match self.get(name) {
            Value::Date(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Takes a value out of the record.
    pub(crate) fn take(&mut self, name: &str) -> Value {
        let at = self.kind.position(name);
        at.and_then(|at| self.values.get_mut(at))
            .map(std::mem::take)
            .unwrap_or_default()
    }

    pub(crate) fn list(&mut self, name: &str) -> Vec<String> {
        match self.take(name) {
            Value::List(items) => items,
            _ => Vec::new(),
        }
    }

    /// An issue with the whole record, naming the value at fault.
    pub(crate) fn issue(&self, field: &str, value: &str, code: &'static IssueCode) -> RowIssue {
        RowIssue::new(self.file, self.line, Some(field), value, code)
    }
}
