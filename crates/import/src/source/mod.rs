//! Reads rows out of files: CSV and TSV (plain, gzip, inside a zip), XLSX, JSON arrays, MySQL dumps.
//!
//! Each row carries its line and its cells; nothing is interpreted here. CSV, TSV and dumps stream; a JSON
//! file, a sheet and a zip member are held in memory, up to [`MAX_IN_MEMORY_BYTES`].

mod dump;
mod json;
mod open;
mod sheet;
mod table;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use open::{Encoding, MAX_IN_MEMORY_BYTES};

use crate::issue::{IssueCode, RowIssue};

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Comma-separated values, or another delimiter.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// An Excel workbook.
    Xlsx,
    /// A JSON array of objects.
    Json,
    /// A MySQL dump: `INSERT INTO` statements.
    Mysql,
}

impl Format {
    /// By the written name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "xlsx" => Self::Xlsx,
            "json" => Self::Json,
            "mysql" => Self::Mysql,
            _ => return None,
        })
    }

    fn of(path: &Path) -> Self {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zip");
        match name.rsplit('.').next() {
            Some("tsv" | "tab") => Self::Tsv,
            Some("xlsx" | "xlsm" | "xls" | "xlsb" | "ods") => Self::Xlsx,
            Some("json") => Self::Json,
            Some("sql") => Self::Mysql,
            _ => Self::Csv,
        }
    }
}

/// How to read one table of one file.
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// The format; by the file's name when absent.
    pub format: Option<Format>,
    /// The delimiter of CSV.
    pub delimiter: Option<u8>,
    /// The encoding; found out when absent.
    pub encoding: Option<Encoding>,
    /// The member of a zip file, as a pattern with `*`.
    pub member: Option<String>,
    /// The sheet of a workbook or the table of a dump.
    pub table: Option<String>,
    /// Column names, where the file has none.
    pub columns: Option<Vec<String>>,
}

/// The columns of a table, by name. Blanks around a name are no part of it.
#[derive(Clone, Debug)]
pub struct Header {
    names: Arc<[String]>,
    index: Arc<HashMap<String, usize>>,
}

impl Header {
    /// Names the columns. Of two columns with one name, the first is meant.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let names: Vec<String> = names
            .into_iter()
            .map(|n| {
                n.as_ref()
                    .trim_matches(['\u{FEFF}', ' ', '\t', '\r', '\n', '\u{3000}'])
                    .to_owned()
            })
            .collect();
        let mut index = HashMap::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            index.entry(name.clone()).or_insert(at);
        }
        Self {
            names: names.into(),
            index: Arc::new(index),
        }
    }

    /// The names in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The position of a column.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }
}

/// One row; reused from row to row, so that reading allocates nothing.
#[derive(Clone, Default, Debug)]
pub struct Row {
    /// The line it starts on, counted from 1; of a JSON array, the element.
    pub line: u64,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Empties the row for the next one.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// How many cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell; blank where the row is shorter.
    #[must_use]
    pub fn cell(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(start..end).unwrap_or_default()
    }
}

/// What reading gave.
#[derive(Debug)]
pub enum Read {
    /// The row was filled.
    Row,
    /// There is a row, but it cannot be read; the next one can.
    Bad(RowIssue),
    /// The file is at its end.
    End,
}

/// A file that cannot be read at all.
#[derive(Debug)]
pub struct SourceError {
    /// The file.
    pub path: PathBuf,
    /// What went wrong.
    pub reason: String,
}

impl std::fmt::Display for SourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for SourceError {}

enum Rows {
    Table(table::TableReader),
    Sheet(sheet::SheetReader),
    Json(json::JsonReader),
    Dump(dump::DumpReader),
}

/// Reads the rows of one table of one file.
pub struct Reader {
    rows: Rows,
    header: Header,
    file: Arc<str>,
    path: PathBuf,
    consumed: Arc<AtomicU64>,
}

impl Reader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// When the file is not there, is no file of its format, or lacks the sheet, member or table asked for.
    pub fn open(path: &Path, options: &Options) -> Result<Self, SourceError> {
        let fail = |reason: String| SourceError {
            path: path.to_owned(),
            reason,
        };
        let file: Arc<str> = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default()
            .into();
        let consumed = Arc::new(AtomicU64::new(0));
        let (rows, header) = match options.format.unwrap_or_else(|| Format::of(path)) {
            format @ (Format::Csv | Format::Tsv) => {
                let input = open::text(path, options, &consumed).map_err(fail)?;
                let delimiter = options
                    .delimiter
                    .unwrap_or(if format == Format::Tsv { b'\t' } else { b',' });
                let (reader, header) =
                    table::TableReader::new(input, delimiter, options.columns.as_deref()).map_err(fail)?;
                (Rows::Table(reader), header)
            }
            Format::Xlsx => {
                let (reader, header) =
                    sheet::SheetReader::open(path, options.table.as_deref(), options.columns.as_deref())
                        .map_err(fail)?;
                (Rows::Sheet(reader), header)
            }
            Format::Json => {
                let (reader, header) =
                    json::JsonReader::new(open::text(path, options, &consumed).map_err(fail)?)
                        .map_err(fail)?;
                (Rows::Json(reader), header)
            }
            Format::Mysql => {
                let Some(table) = options.table.as_deref() else {
                    return Err(fail(
                        "a dump holds many tables; the mapping must name one with `table`".into(),
                    ));
                };
                let input = open::text(path, options, &consumed).map_err(fail)?;
                let (reader, header) =
                    dump::DumpReader::new(input, table, options.columns.as_deref()).map_err(fail)?;
                (Rows::Dump(reader), header)
            }
        };
        Ok(Self {
            rows,
            header,
            file,
            path: path.to_owned(),
            consumed,
        })
    }

    /// The columns.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The file's name, as issues show it.
    #[must_use]
    pub const fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Bytes of the file read so far, before unpacking.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed)
    }

    /// Reads the next row into `row`.
    ///
    /// # Errors
    /// When the file cannot be read any further.
    pub fn read(&mut self, row: &mut Row) -> Result<Read, SourceError> {
        row.clear();
        let step = match &mut self.rows {
            Rows::Table(reader) => reader.read(row, self.header.names.len()),
            Rows::Sheet(reader) => Ok(reader.read(row)),
            Rows::Json(reader) => Ok(reader.read(row)),
            Rows::Dump(reader) => reader.read(row, self.header.names.len()),
        };
        match step {
            Ok(Step::Row) => Ok(Read::Row),
            Ok(Step::End) => Ok(Read::End),
            Ok(Step::Bad(line, value, code)) => {
                Ok(Read::Bad(RowIssue::new(&self.file, line, None, &value, code)))
            }
            Err(reason) => Err(SourceError {
                path: self.path.clone(),
                reason,
            }),
        }
    }
}

/// What one reader's step gave.
enum Step {
    Row,
    Bad(u64, String, &'static IssueCode),
    End,
}

/// Whether a name fits a pattern in which `*` stands for anything. Letter case does not matter.
#[must_use]
pub fn glob(pattern: &str, name: &str) -> bool {
    fn fits(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => (0..=name.len()).any(|at| fits(rest, &name[at..])),
            Some((c, rest)) => name.first() == Some(c) && fits(rest, &name[1..]),
        }
    }
    let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
    fits(&lower(pattern), &lower(name))
}

#[cfg(test)]
mod tests;
