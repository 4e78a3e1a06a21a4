//! Applies a mapping to files: rows become records, wrong cells become issues.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::bound::BoundTable;
use crate::issue::IssueLog;
use crate::join::Joined;
use crate::mapping::{Join, Mapping, MappingError, Table};
use crate::progress::Flow;
use crate::record::Record;
use crate::source::{Header, Read, Reader, Row, SourceError};

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
        let header = Header::new(
            reader
                .header()
                .names()
                .iter()
                .chain(joins.iter().flat_map(|j| &j.names)),
        );
        let mut bound = BoundTable::new(table, joins, &header)
            .map_err(|missing| self.missing_column(missing.line, &missing.column, path, &header))?;
        let place = (path.to_owned(), table.options.table.clone());
        let first_pass = !self.rows.contains_key(&place);
        let file = reader.file().clone();
        let mut row = Row::default();
        let mut rows = 0_u64;
        loop {
            match reader.read(&mut row)? {
                Read::End => break,
                Read::Row => rows += 1,
                Read::Bad(issue) => {
                    rows += 1;
                    if first_pass {
                        self.issues.add(issue);
                    }
                    continue;
                }
            }
            self.tick(&file, reader.consumed())?;
            bound.join(&mut row);
            bound.count(&row, &mut self.counts);
            if !bound.admits(&row) {
                continue;
            }
            match bound.read(&row, &file, &self.mapping.zone) {
                Ok(record) => sink(table, record, self.issues),
                Err(issue) => self.issues.add(issue),
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
        let mut reader = Reader::open(path, &join.options)?;
        let Some(at) = reader.header().position(&join.to) else {
            return Err(self.missing_column(join.line, &join.to, path, reader.header()));
        };
        let mut joined = Joined::new(join, reader.header());
        let mut row = Row::default();
        loop {
            match reader.read(&mut row)? {
                Read::End => return Ok(joined),
                Read::Bad(issue) => self.issues.add(issue),
                Read::Row => joined.add(&row, at),
            }
        }
    }
}
