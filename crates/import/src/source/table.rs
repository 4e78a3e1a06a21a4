//! Delimited text: CSV and TSV.

use std::io::BufRead;

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::open::Text;
use super::{Header, Row, Step};
use crate::issue::codes;

pub(super) struct TableReader {
    csv: csv::Reader<Box<dyn BufRead + Send>>,
    record: ByteRecord,
    decoded: bool,
}

impl TableReader {
    pub(super) fn new(
        text: Text,
        delimiter: u8,
        columns: Option<&[String]>,
    ) -> Result<(Self, Header), String> {
        let mut csv = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            // Of CR LF, the reader would count the line only with the next record: lines end at LF here, and
            // the CR is taken off the last cell.
            .terminator(Terminator::Any(b'\n'))
            .has_headers(columns.is_none())
            .from_reader(text.input);
        let header = match columns {
            Some(columns) => Header::new(columns),
            None => {
                let names = csv.byte_headers().map_err(|e| e.to_string())?;
                Header::new(names.iter().map(String::from_utf8_lossy))
            }
        };
        if header.names().iter().all(String::is_empty) {
            return Err("the file is empty".into());
        }
        Ok((
            Self {
                csv,
                record: ByteRecord::new(),
                decoded: text.decoded,
            },
            header,
        ))
    }

    pub(super) fn read(&mut self, row: &mut Row, width: usize) -> Result<Step, String> {
        loop {
            if !self
                .csv
                .read_byte_record(&mut self.record)
                .map_err(|e| e.to_string())?
            {
                return Ok(Step::End);
            }
            if self.record.len() == 1 && self.record.get(0).is_some_and(|c| c.trim_ascii().is_empty()) {
                continue;
            }
            break;
        }
        row.line = self.line();
        if self.record.len() != width {
            let cells: Vec<_> = self.record.iter().map(String::from_utf8_lossy).collect();
            return Ok(Step::Bad(row.line, cells.join(","), &codes::CELLS));
        }
        let last = width.saturating_sub(1);
        for (at, cell) in self.record.iter().enumerate() {
            let cell = if at == last {
                cell.strip_suffix(b"\r").unwrap_or(cell)
            } else {
                cell
            };
            match std::str::from_utf8(cell) {
                Ok(text) if !(self.decoded && text.contains('\u{FFFD}')) => row.push(text),
                _ => {
                    return Ok(Step::Bad(
                        row.line,
                        String::from_utf8_lossy(cell).into_owned(),
                        &codes::ENCODING,
                    ));
                }
            }
        }
        Ok(Step::Row)
    }

    /// The line the record starts on: where reading stands now, less what the record spans. The record's own
    /// position may lie before blank lines that were skipped.
    fn line(&self) -> u64 {
        let inside = self.record.as_slice().iter().filter(|&&b| b == b'\n').count() as u64;
        let before = self.record.position().map_or(1, csv::Position::line);
        before.max(self.csv.position().line().saturating_sub(inside + 1))
    }
}
