//! Mappings: which columns of which files become which fields of which records.
//!
//! A mapping is a TOML file, written by people; docs/import.md explains it. Everything that can be wrong
//! with one is found before the first row is read, and named with its line.

mod class;
mod compile;
mod compile_field;
mod error;
mod field;
mod hours;
mod schema;
mod walk;

use std::path::Path;

use base::{Currency, Locale, Text};
use jiff::tz::TimeZone;

pub(crate) use class::{BoundConditions, Condition};
pub use class::{Class, Effect};
pub use error::MappingError;
pub use field::Value;
pub(crate) use field::{Bound, Field};
pub use hours::OpenHours;
pub use schema::{CHANNELS, FieldSpec, FieldType, Kind, ORDER_STATES, PLACE_KINDS, PRODUCT_STATES};

use crate::exact::Exact;
use crate::source::{Options, glob};

/// A mapping, ready to be applied.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its name: the preset's, or the file's.
    pub name: String,
    /// What it is for.
    pub title: Text,
    /// The namespace of natural keys. Two mappings with one source see each other's records.
    pub source: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// The zone of local times.
    pub zone: TimeZone,
    /// The language members of this source are written to.
    pub language: Locale,
    /// The channel of orders that name none.
    pub channel: String,
    /// The place of orders and stock that name none.
    pub place: Option<DefaultPlace>,
    /// What stands for the goods of orders without lines.
    pub placeholder: Option<Placeholder>,
    /// Whether returns look for the sale they undo, by member, SKU and price.
    pub match_returns: bool,
    /// Whether sales and returns move stock, with opening balances so that no balance was ever below zero.
    pub move_stock: bool,
    /// The tables, in the order they are read.
    pub tables: Vec<Table>,
    /// Figures the source states about itself, to reconcile with.
    pub stated: Vec<Stated>,
    /// SHA-256 of the mapping's text, in hexadecimal.
    pub digest: String,
}

/// A place that the mapping itself brings.
#[derive(Clone, PartialEq, Debug)]
pub struct DefaultPlace {
    /// Its key and code.
    pub key: String,
    /// One of [`PLACE_KINDS`].
    pub kind: String,
    /// Its name.
    pub name: Text,
    /// ISO 3166.
    pub country: String,
    /// Its city.
    pub city: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// The SKU on the line of an order whose file names no goods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placeholder {
    /// Its key and code.
    pub key: String,
    /// Its name.
    pub name: Text,
}

/// One table: which rows, and what they become.
#[derive(Clone, Debug)]
pub struct Table {
    /// What to call it: its file pattern or table name.
    pub label: String,
    /// Which files hold it; any when absent.
    pub(crate) file: Option<String>,
    /// Its rows may be missing altogether.
    pub(crate) may_be_absent: bool,
    pub(crate) options: Options,
    /// What its rows become.
    pub kind: Kind,
    pub(crate) only: Vec<Condition>,
    pub(crate) joins: Vec<Join>,
    /// By position in the kind's fields.
    pub(crate) fields: Vec<Option<Field>>,
    /// Classes of lines, first fit wins.
    pub classes: Vec<Class>,
    /// Rows to count by name, whatever becomes of them.
    pub(crate) counts: Vec<Count>,
    pub(crate) line: usize,
}

impl Table {
    /// Whether a file holds this table.
    #[must_use]
    pub fn takes(&self, path: &Path) -> bool {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        self.file
            .as_deref()
            .is_none_or(|pattern| pattern.split('|').any(|p| glob(p.trim(), &name)))
    }
}

/// A figure of a table: how many rows are so.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    pub(crate) name: String,
    pub(crate) when: Vec<Condition>,
}

/// Columns added to a row from another table.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) file: Option<String>,
    pub(crate) options: Options,
    /// The column here.
    pub(crate) on: String,
    /// The column there.
    pub(crate) to: String,
    /// What stands before the joined columns' names.
    pub(crate) prefix: String,
    /// The mean of numeric columns over all matches, instead of the first match.
    pub(crate) mean: bool,
    /// Keys may be shortened to this many characters to find a match nearby.
    pub(crate) shorten_to: Option<usize>,
    pub(crate) line: usize,
}

/// A figure the source states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stated {
    /// What is measured: see [`crate::reconcile`].
    pub measure: String,
    /// The figure.
    pub value: Exact,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// The first thing wrong with it, with its line.
    pub fn parse(name: &str, text: &str) -> Result<Self, MappingError> {
        compile::mapping(name, text).map_err(|e| *e)
    }

    /// A mapping error at a line, for what shows only when a file is opened.
    pub(crate) fn error_at(&self, line: usize, zh: String, en: String) -> MappingError {
        MappingError {
            file: self.name.clone(),
            line,
            column: 1,
            reason: Box::new(Text::new(zh, en)),
        }
    }
}

#[cfg(test)]
mod tests;
