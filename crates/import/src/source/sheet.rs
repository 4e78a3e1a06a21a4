//! Excel workbooks.

use std::path::Path;

use calamine::{Data, Range, Reader as _, open_workbook_auto};

use super::{Header, Row, Step};

pub(super) struct SheetReader {
    range: Range<Data>,
    next: usize,
    first_line: u64,
}

impl SheetReader {
    pub(super) fn open(
        path: &Path,
        sheet: Option<&str>,
        columns: Option<&[String]>,
    ) -> Result<(Self, Header), String> {
        let mut book = open_workbook_auto(path).map_err(|e| e.to_string())?;
        let names = book.sheet_names();
        let sheet = match (sheet, names.as_slice()) {
            (Some(sheet), all) if all.iter().any(|n| n == sheet) => sheet.to_owned(),
            (Some(sheet), all) => return Err(format!("no sheet {sheet:?}; it has: {}", all.join(", "))),
            (None, [first, ..]) => first.clone(),
            (None, []) => return Err("the workbook has no sheet".into()),
        };
        let range = book.worksheet_range(&sheet).map_err(|e| e.to_string())?;
        let first_line = u64::from(range.start().map_or(0, |(line, _)| line)) + 1;
        let (header, next) = match columns {
            Some(columns) => (Header::new(columns), 0),
            None => {
                let Some(names) = range.rows().next() else {
                    return Err("the sheet is empty".into());
                };
                (Header::new(names.iter().map(written)), 1)
            }
        };
        Ok((
            Self {
                range,
                next,
                first_line,
            },
            header,
        ))
    }

    pub(super) fn read(&mut self, row: &mut Row) -> Step {
        while self.next < self.range.height() {
            let at = self.next;
            self.next += 1;
            let width = self.range.width();
            let cell = |column: usize| self.range.get((at, column)).unwrap_or(&Data::Empty);
            if (0..width).all(|column| written(cell(column)).trim().is_empty()) {
                continue;
            }
            row.line = self.first_line + at as u64;
            for column in 0..width {
                row.push(&written(cell(column)));
            }
            return Step::Row;
        }
        Step::End
    }
}

/// A cell as a person would write it: whole numbers without a point, dates as ISO 8601.
fn written(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string(),
    }
}
