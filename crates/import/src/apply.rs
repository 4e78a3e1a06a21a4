//! Applies a mapping to files: rows become records, wrong cells become issues.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Time;

use crate::exact::Exact;
use crate::issue::{IssueLog, RowIssue, codes};
use crate::mapping::{Bound, BoundConditions, Class, Join, Kind, Mapping, MappingError, Table, Value};
use crate::progress::Flow;
use crate::source::{Header, Options, Read, Reader, Row, SourceError};

/// A mapping that cannot be applied to these files.
#[derive(Debug)]
pub enum ApplyError {
    /// A file cannot be read.
    Source(SourceError),
    /// The mapping does not fit the files.
    Mapping(MappingError),
    /// The progress callback said so.
    Stopped,
}

impl std::fmt::Display for ApplyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Mapping(error) => error.fmt(f),
            Self::Stopped => f.write_str("stopped"),
        }
    }
}
impl std::error::Error for ApplyError {}
impl From<SourceError> for ApplyError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}
impl From<MappingError> for ApplyError {
    fn from(error: MappingError) -> Self {
        Self::Mapping(error)
    }
}

/// A row as a record of one kind.
pub(crate) struct Record<'r> {
    kind: Kind,
    values: &'r mut [Value],
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

    pub(crate) fn date(&self, name: &str) -> Option<jiff::civil::Date> {
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
    pub(crate) fn issue(&self, field: &str, value: &str, code: &'static crate::IssueCode) -> RowIssue {
        RowIssue::new(self.file, self.line, Some(field), value, code)
    }
}

/// How far reading is.
#[derive(Clone, Debug)]
pub struct ReadProgress {
    /// The file being read.
    pub file: Arc<str>,
    /// Rows read, of all files.
    pub rows: u64,
    /// The part of all files that is read, from 0 to 1.
    pub fraction: f64,
}

/// Rows between two calls of the progress callback.
const PROGRESS_ROWS: u64 = 4096;

/// Reads every table of a mapping and gives each record to `sink`.
pub(crate) struct Application<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) files: &'a [PathBuf],
    pub(crate) issues: &'a mut IssueLog,
    pub(crate) progress: &'a mut dyn FnMut(&ReadProgress) -> Flow,
    /// Rows read of each file, and table within it, at its first reading.
    pub(crate) rows: BTreeMap<(PathBuf, Option<String>), u64>,
    /// What the mapping counts, by name.
    pub(crate) counts: BTreeMap<String, u64>,
    seen: u64,
    /// Bytes of the files read to their end, and of all readings there will be.
    read_bytes: u64,
    all_bytes: u64,
}

impl<'a> Application<'a> {
    pub(crate) fn new(
        mapping: &'a Mapping,
        files: &'a [PathBuf],
        issues: &'a mut IssueLog,
        progress: &'a mut dyn FnMut(&ReadProgress) -> Flow,
    ) -> Self {
        {
            let size = |f: &PathBuf| std::fs::metadata(f).map_or(0, |m| m.len());
            let all_bytes = mapping
                .tables
                .iter()
                .flat_map(|t| files.iter().filter(|f| t.takes(f)))
                .map(size)
                .sum();
            Self {
                mapping,
                files,
                issues,
                progress,
                rows: BTreeMap::new(),
                counts: BTreeMap::new(),
                seen: 0,
                read_bytes: 0,
                all_bytes,
            }
        }
    }

    pub(crate) fn run(
        &mut self,
        sink: &mut dyn FnMut(&Table, Record<'_>, &mut IssueLog),
    ) -> Result<(), ApplyError> {
        for table in &self.mapping.tables {
            let files: Vec<&PathBuf> = self.files.iter().filter(|f| table.takes(f)).collect();
            if files.is_empty() && !table.may_be_absent {
                let pattern = table.file.as_deref().unwrap_or("*");
                return Err(self
                    .mapping
                    .error_at(
                        table.line,
                        format!("没有给出符合 {pattern} 的文件"),
                        format!("none of the files given fits {pattern}"),
                    )
                    .into());
            }
            let joins = table
                .joins
                .iter()
                .map(|j| self.load(j))
                .collect::<Result<Vec<_>, _>>()?;
            for file in files {
                self.table(table, &joins, file, sink)?;
            }
        }
        Ok(())
    }

    fn missing_column(&self, line: usize, column: &str, path: &Path, header: &Header) -> ApplyError {
        let file = path.display();
        let names = header.names().join(" | ");
        self.mapping
            .error_at(
                line,
                format!("文件 {file} 没有“{column}”列；它有：{names}"),
                format!("{file} has no column `{column}`; it has: {names}"),
            )
            .into()
    }

    fn table(
        &mut self,
        table: &Table,
        joins: &[Joined<'_>],
        path: &Path,
        sink: &mut dyn FnMut(&Table, Record<'_>, &mut IssueLog),
    ) -> Result<(), ApplyError> {
        let mut reader = Reader::open(path, &table.options)?;
        let mut names: Vec<String> = reader.header().names().to_vec();
        for join in joins {
            names.extend(join.names.iter().cloned());
        }
        let header = Header::new(&names);
        let missing = |line: usize| {
            let (header, this) = (&header, &*self);
            move |column: String| this.missing_column(line, &column, path, header)
        };
        let mut fields: Vec<Option<Bound<'_>>> = Vec::with_capacity(table.fields.len());
        for field in &table.fields {
            fields.push(match field {
                Some(field) => Bound::new(field, &header).map_err(missing(field.line))?,
                None => None,
            });
        }
        let only = BoundConditions::new(&table.only, &header).map_err(missing(table.line))?;
        let classes = table
            .classes
            .iter()
            .map(|c| BoundConditions::new(Class::conditions(c), &header))
            .collect::<Result<Vec<_>, _>>()
            .map_err(missing(table.line))?;
        let counts = table
            .counts
            .iter()
            .map(|c| BoundConditions::new(&c.when, &header))
            .collect::<Result<Vec<_>, _>>()
            .map_err(missing(table.line))?;
        let keys: Vec<usize> = joins
            .iter()
            .map(|j| {
                header
                    .position(&j.join.on)
                    .ok_or_else(|| missing(j.join.line)(j.join.on.clone()))
            })
            .collect::<Result<_, _>>()?;
        let width = reader.header().names().len();
        let place = (path.to_owned(), table.options.table.clone());
        let first_pass = !self.rows.contains_key(&place);
        let mut row = Row::default();
        let mut values: Vec<Value> = vec![Value::Blank; table.fields.len()];
        let mut rows = 0_u64;
        let file = reader.file().clone();
        loop {
            match reader.read(&mut row)? {
                Read::End => break,
                Read::Bad(issue) => {
                    rows += 1;
                    if first_pass {
                        self.issues.add(issue);
                    }
                    continue;
                }
                Read::Row => rows += 1,
            }
            self.tick(&file, reader.consumed())?;
            for (join, &at) in joins.iter().zip(&keys) {
                join.extend(&mut row, at);
            }
            for (count, conditions) in table.counts.iter().zip(&counts) {
                if conditions.hold(&row) {
                    *self.counts.entry(count.name.clone()).or_default() += 1;
                }
            }
            if !only.hold(&row) {
                continue;
            }
            let class = classes.iter().position(|c| c.hold(&row));
            if class.is_none() && !classes.is_empty() {
                let shown = (0..width).map(|at| row.cell(at)).collect::<Vec<_>>().join(",");
                self.issues
                    .add(RowIssue::new(&file, row.line, None, &shown, &codes::CLASS));
                continue;
            }
            let mut good = true;
            for (value, field) in values.iter_mut().zip(&mut fields) {
                *value = match field.as_mut().map(|f| f.read(&row, &self.mapping.zone)) {
                    None => Value::Blank,
                    Some(Ok(read)) => read,
                    Some(Err(issue)) => {
                        self.issues.add(RowIssue::new(
                            &file,
                            row.line,
                            issue.column.as_deref(),
                            &issue.value,
                            issue.code,
                        ));
                        good = false;
                        break;
                    }
                };
            }
            if good {
                let record = Record {
                    kind: table.kind,
                    values: &mut values,
                    file: &file,
                    line: row.line,
                    class,
                };
                sink(table, record, self.issues);
            }
        }
        self.rows.entry(place).or_insert(rows);
        self.read_bytes = self.read_bytes.saturating_add(reader.consumed());
        Ok(())
    }

    /// Tells how far reading is, and asks whether to go on.
    fn tick(&mut self, file: &Arc<str>, consumed: u64) -> Result<(), ApplyError> {
        self.seen += 1;
        if !self.seen.is_multiple_of(PROGRESS_ROWS) {
            return Ok(());
        }
        let read = self.read_bytes.saturating_add(consumed).min(self.all_bytes);
        #[allow(clippy::cast_precision_loss, reason = "a part of a progress bar")]
        let fraction = read as f64 / self.all_bytes.max(1) as f64;
        match (self.progress)(&ReadProgress {
            file: file.clone(),
            rows: self.seen,
            fraction,
        }) {
            Flow::Continue => Ok(()),
            Flow::Stop => Err(ApplyError::Stopped),
        }
    }

    /// Reads a joined table into memory.
    fn load<'j>(&mut self, join: &'j Join) -> Result<Joined<'j>, ApplyError> {
        let table_takes = |path: &Path| {
            let name = path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            join.file
                .as_deref()
                .is_none_or(|p| p.split('|').any(|p| crate::source::glob(p.trim(), &name)))
        };
        let Some(path) = self.files.iter().find(|f| table_takes(f)) else {
            let pattern = join.file.as_deref().unwrap_or("*");
            return Err(self
                .mapping
                .error_at(
                    join.line,
                    format!("没有给出符合 {pattern} 的文件"),
                    format!("none of the files given fits {pattern}"),
                )
                .into());
        };
        let mut reader = Reader::open(
            path,
            &Options {
                ..join.options.clone()
            },
        )?;
        let header = reader.header().clone();
        let Some(at) = header.position(&join.to) else {
            return Err(self.missing_column(join.line, &join.to, path, &header));
        };
        let width = header.names().len();
        let mut rows: HashMap<String, Cells> = HashMap::new();
        let mut row = Row::default();
        loop {
            match reader.read(&mut row)? {
                Read::End => break,
                Read::Bad(issue) => self.issues.add(issue),
                Read::Row => {
                    let key = row.cell(at).trim().to_owned();
                    let shortest = join.shorten_to.map_or(key.len(), |n| n.min(key.len()));
                    for length in (shortest..=key.len()).filter(|&l| key.is_char_boundary(l)) {
                        let cells = rows.entry(key[..length].to_owned()).or_default();
                        cells.add(&row, width, join.mean);
                    }
                }
            }
        }
        let names = header
            .names()
            .iter()
            .map(|n| format!("{}{n}", join.prefix))
            .collect();
        Ok(Joined {
            join,
            names,
            width,
            rows,
        })
    }
}

/// The cells joined to one key.
#[derive(Default)]
struct Cells {
    first: Vec<String>,
    sums: Vec<(f64, u32)>,
}

impl Cells {
    fn add(&mut self, row: &Row, width: usize, mean: bool) {
        if self.first.is_empty() {
            self.first = (0..width).map(|at| row.cell(at).trim().to_owned()).collect();
        }
        if mean {
            self.sums.resize(width, (0.0, 0));
            for (at, sum) in self.sums.iter_mut().enumerate() {
                if let Ok(number) = row.cell(at).trim().parse::<f64>() {
                    sum.0 += number;
                    sum.1 += 1;
                }
            }
        }
    }
}

/// A joined table, in memory.
struct Joined<'j> {
    join: &'j Join,
    names: Vec<String>,
    width: usize,
    rows: HashMap<String, Cells>,
}

impl Joined<'_> {
    /// Adds the joined cells to a row; blanks where nothing matches.
    fn extend(&self, row: &mut Row, key: usize) {
        let key = row.cell(key).trim().to_owned();
        let shortest = self.join.shorten_to.map_or(key.len(), |n| n.min(key.len()));
        let found = (shortest..=key.len())
            .rev()
            .filter(|&l| key.is_char_boundary(l))
            .find_map(|length| self.rows.get(&key[..length]));
        for at in 0..self.width {
            match found {
                None => row.push(""),
                Some(cells) => match cells.sums.get(at) {
                    Some((sum, n)) if *n > 0 => row.push(&format!("{:.6}", sum / f64::from(*n))),
                    _ => row.push(cells.first.get(at).map_or("", String::as_str)),
                },
            }
        }
    }
}
