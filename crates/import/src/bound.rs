//! A table of a mapping with its columns found in one file.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::issue::{RowIssue, codes};
use crate::join::Joined;
use crate::mapping::{Bound, BoundConditions, Class, Table, Value};
use crate::record::Record;
use crate::source::{Header, Row};

/// A column the mapping names and the file lacks.
pub(crate) struct MissingColumn {
    /// The line of the mapping.
    pub(crate) line: usize,
    pub(crate) column: String,
}

pub(crate) struct BoundTable<'m> {
    table: &'m Table,
    fields: Vec<Option<Bound<'m>>>,
    values: Vec<Value>,
    only: BoundConditions<'m>,
    classes: Vec<BoundConditions<'m>>,
    counts: Vec<BoundConditions<'m>>,
    joins: Vec<(&'m Joined<'m>, usize)>,
    /// Columns of the file itself, before any joined ones.
    width: usize,
}

impl<'m> BoundTable<'m> {
    /// Finds the columns. `header` holds the file's and the joined ones.
    pub(crate) fn new(
        table: &'m Table,
        joins: &'m [Joined<'m>],
        header: &Header,
    ) -> Result<Self, MissingColumn> {
        let at = |line: usize| move |column: String| MissingColumn { line, column };
        let mut fields = Vec::with_capacity(table.fields.len());
        for field in &table.fields {
            fields.push(match field {
                Some(field) => Bound::new(field, header).map_err(at(field.line))?,
                None => None,
            });
        }
        let conditions = |list| BoundConditions::new(list, header).map_err(at(table.line));
        let key = |join: &'m Joined<'m>| {
            let column = &join.join.on;
            let found = header
                .position(column)
                .ok_or_else(|| at(join.join.line)(column.clone()))?;
            Ok((join, found))
        };
        Ok(Self {
            table,
            values: vec![Value::Blank; fields.len()],
            fields,
            only: conditions(&table.only)?,
            classes: table
                .classes
                .iter()
                .map(|c| conditions(Class::conditions(c)))
                .collect::<Result<_, _>>()?,
            counts: table
                .counts
                .iter()
                .map(|c| conditions(&c.when))
                .collect::<Result<_, _>>()?,
            joins: joins.iter().map(key).collect::<Result<_, _>>()?,
            width: header.names().len() - joins.iter().map(|j| j.names.len()).sum::<usize>(),
        })
    }

    /// Adds the joined columns to a row.
    pub(crate) fn join(&self, row: &mut Row) {
        for (join, key) in &self.joins {
            join.extend(row, *key);
        }
    }

    /// Counts a row in every figure it belongs to.
    pub(crate) fn count(&self, row: &Row, counts: &mut BTreeMap<String, u64>) {
        for (count, conditions) in self.table.counts.iter().zip(&self.counts) {
            if conditions.hold(row) {
                *counts.entry(count.name.clone()).or_default() += 1;
            }
        }
    }

    /// Whether the table is about this row at all.
    pub(crate) fn admits(&self, row: &Row) -> bool {
        self.only.hold(row)
    }

    /// Reads a row's fields and finds its class. A cell that cannot be read comes first: it is the better
    /// reason why no class takes its row.
    pub(crate) fn read<'r>(
        &'r mut self,
        row: &Row,
        file: &'r Arc<str>,
        zone: &TimeZone,
    ) -> Result<Record<'r>, RowIssue> {
        for (value, field) in self.values.iter_mut().zip(&mut self.fields) {
            *value = match field {
                Some(field) => field.read(row, zone).map_err(|wrong| {
                    RowIssue::new(file, row.line, wrong.column.as_deref(), &wrong.value, wrong.code)
                })?,
                None => Value::Blank,
            };
        }
        let class = self.classes.iter().position(|c| c.hold(row));
        if class.is_none() && !self.classes.is_empty() {
            let cells: Vec<&str> = (0..self.width).map(|at| row.cell(at)).collect();
            return Err(RowIssue::new(
                file,
                row.line,
                None,
                &cells.join(","),
                &codes::CLASS,
            ));
        }
        Ok(Record {
            kind: self.table.kind,
            values: &mut self.values,
            file,
            line: row.line,
            class,
        })
    }
}
