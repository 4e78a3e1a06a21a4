//! How one field is read from a row: where its text comes from, what is done to it, what it then must be.

use std::collections::HashMap;

use base::Time;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use regex::Regex;

use super::hours::{self, OpenHours};
use super::schema::FieldType;
use crate::exact::{Exact, NumberFormat};
use crate::issue::{IssueCode, codes};
use crate::source::{Header, Row};

/// Where a field's text comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// The same text for every row.
    Value(String),
    /// One column.
    Column(String),
    /// Columns whose filled cells are put together with something between.
    Joined(Vec<String>, String),
    /// The first filled cell of these columns.
    First(Vec<String>),
    /// The sum of these columns' numbers.
    Sum(Vec<String>),
}

impl Origin {
    pub(crate) fn columns(&self) -> &[String] {
        match self {
            Self::Value(_) => &[],
            Self::Column(name) => std::slice::from_ref(name),
            Self::Joined(names, _) | Self::First(names) | Self::Sum(names) => names,
        }
    }
}

/// What is done to the text, one step after the other.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Keeps the first group of a pattern; a text that does not match is an issue.
    Take(Regex),
    /// Removes what a pattern matches.
    Strip(Regex),
    /// Translates some values and leaves the others.
    Replace(HashMap<String, String>),
    /// Translates every value; others become `otherwise`, or are an issue.
    Lookup(HashMap<String, String>, Option<String>),
    /// Upper case.
    Upper,
    /// Lower case.
    Lower,
    /// Markup becomes plain text.
    Plain,
    /// The items of a JSON list, with a slash between.
    JsonList,
    /// One item of a text with something between its items; negative counts from the end.
    Item(String, i64),
    /// The time zone of a US state, split by longitude where a state has two.
    UsZone(String),
}

/// How to read one field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) origin: Origin,
    pub(crate) steps: Vec<Step>,
    pub(crate) default: Option<String>,
    pub(crate) required: bool,
    /// The columns may be absent from the file.
    pub(crate) optional: bool,
    pub(crate) holds: FieldType,
    /// The format of a time; ISO 8601 when absent.
    pub(crate) formats: Vec<String>,
    /// Seconds or milliseconds since 1970, when a time is written so.
    pub(crate) epoch_unit: Option<i64>,
    pub(crate) numbers: NumberFormat,
    pub(crate) split: Option<String>,
    /// The line of the mapping that says so.
    pub(crate) line: usize,
}

/// A value read from a row.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// Words or a key.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact number.
    Exact(Exact),
    /// An approximate number.
    Number(f64),
    /// An instant.
    Time(Time),
    /// A day.
    Date(Date),
    /// Yes or no.
    Bool(bool),
    /// Several words.
    List(Vec<String>),
    /// Opening hours.
    Hours(Vec<OpenHours>),
}

/// A cell that is wrong: its column, what stands there, and why.
#[derive(Debug)]
pub(crate) struct CellIssue {
    pub(crate) column: Option<String>,
    pub(crate) value: String,
    pub(crate) code: &'static IssueCode,
}

/// A field with its columns found in a file.
pub(crate) struct Bound<'m> {
    field: &'m Field,
    at: Vec<usize>,
    extra: Option<usize>,
    /// The last time read and what it was: consecutive rows often share it.
    memo: Option<(String, Time)>,
}

impl<'m> Bound<'m> {
    /// Finds the columns; the name of the first missing one otherwise.
    pub(crate) fn new(field: &'m Field, header: &Header) -> Result<Option<Self>, String> {
        let mut at = Vec::new();
        for name in field.origin.columns() {
            match header.position(name) {
                Some(position) => at.push(position),
                None if field.optional => {}
                None => return Err(name.clone()),
            }
        }
        let extra = field.steps.iter().find_map(|s| match s {
            Step::UsZone(column) => header.position(column),
            _ => None,
        });
        let nothing_left =
            at.is_empty() && !matches!(field.origin, Origin::Value(_)) && field.default.is_none();
        Ok((!nothing_left).then_some(Self {
            field,
            at,
            extra,
            memo: None,
        }))
    }

    fn issue(&self, value: &str, code: &'static IssueCode) -> CellIssue {
        let names = self.field.origin.columns();
        let column = (!names.is_empty()).then(|| names.join(" + "));
        CellIssue {
            column,
            value: value.to_owned(),
            code,
        }
    }

    /// Reads the field from a row.
    pub(crate) fn read(&mut self, row: &Row, zone: &TimeZone) -> Result<Value, CellIssue> {
        if let (Origin::Column(_), [at], true) = (
            &self.field.origin,
            self.at.as_slice(),
            self.field.steps.is_empty(),
        ) {
            let cell = row.cell(*at).trim();
            if !cell.is_empty() {
                return self.interpret(cell, zone);
            }
        }
        let mut text = self.gather(row)?;
        for step in &self.field.steps {
            if text.is_empty() {
                break;
            }
            text = self.step(step, text, row)?;
        }
        let trimmed = text.trim();
        if !trimmed.is_empty() {
            return self.interpret(trimmed, zone);
        }
        match &self.field.default {
            Some(default) => self.interpret(default, zone),
            None if self.field.required => Err(self.issue("", &codes::REQUIRED)),
            None => Ok(Value::Blank),
        }
    }

    fn gather(&self, row: &Row) -> Result<String, CellIssue> {
        let filled = || {
            self.at
                .iter()
                .map(|&at| row.cell(at).trim())
                .filter(|c| !c.is_empty())
        };
        Ok(match &self.field.origin {
            Origin::Value(text) => text.clone(),
            Origin::Column(_) | Origin::First(_) => filled().next().unwrap_or_default().to_owned(),
            Origin::Joined(_, between) => filled().collect::<Vec<_>>().join(between),
            Origin::Sum(_) => {
                let mut sum = None;
                for cell in filled() {
                    let number = Exact::parse(cell, self.field.numbers);
                    let total = number.and_then(|n| sum.unwrap_or(Exact::ZERO).plus(n));
                    sum = Some(total.ok_or_else(|| self.issue(cell, &codes::NUMBER))?);
                }
                sum.map(|s| s.to_string()).unwrap_or_default()
            }
        })
    }

    fn step(&self, step: &Step, text: String, row: &Row) -> Result<String, CellIssue> {
        Ok(match step {
            Step::Take(pattern) => match pattern.captures(&text) {
                Some(found) => found
                    .get(1)
                    .or_else(|| found.get(0))
                    .map_or("", |m| m.as_str())
                    .to_owned(),
                None => return Err(self.issue(&text, &codes::PATTERN)),
            },
            Step::Strip(pattern) => pattern.replace_all(&text, "").into_owned(),
            Step::Replace(table) => table.get(text.trim()).cloned().unwrap_or(text),
            Step::Lookup(table, otherwise) => match table.get(text.trim()).or(otherwise.as_ref()) {
                Some(found) => found.clone(),
                None => return Err(self.issue(&text, &codes::LOOKUP)),
            },
            Step::Upper => text.to_uppercase(),
            Step::Lower => text.to_lowercase(),
            Step::Plain => plain(&text),
            Step::JsonList => match serde_json::from_str::<Vec<String>>(&text) {
                Ok(items) => items.join(" / "),
                Err(_) => return Err(self.issue(&text, &codes::SYNTAX)),
            },
            Step::Item(between, at) => {
                let items: Vec<&str> = text.split(between.as_str()).collect();
                let at = if *at < 0 { *at + items.len() as i64 } else { *at };
                usize::try_from(at)
                    .ok()
                    .and_then(|at| items.get(at))
                    .copied()
                    .unwrap_or_default()
                    .to_owned()
            }
            Step::UsZone(_) => {
                let longitude = self.extra.and_then(|at| row.cell(at).trim().parse::<f64>().ok());
                match hours::us_zone(text.trim(), longitude) {
                    Some(zone) => zone.to_owned(),
                    None => return Err(self.issue(&text, &codes::ZONE)),
                }
            }
        })
    }

    fn interpret(&mut self, text: &str, zone: &TimeZone) -> Result<Value, CellIssue> {
        let number = |code| Exact::parse(text, self.field.numbers).ok_or(code);
        let read = match self.field.holds {
            FieldType::Text | FieldType::Key => Ok(Value::Text(text.to_owned())),
            FieldType::Integer => number(&codes::INTEGER)
                .and_then(|n| n.integer().ok_or(&codes::INTEGER))
                .map(Value::Integer),
            FieldType::Decimal => number(&codes::NUMBER).map(Value::Exact),
            FieldType::Number => text
                .parse::<f64>()
                .ok()
                .filter(|n| n.is_finite())
                .map(Value::Number)
                .ok_or(&codes::NUMBER),
            FieldType::Time => return self.time(text, zone),
            FieldType::Date => self.date(text).map(Value::Date).ok_or(&codes::TIME),
            FieldType::Bool => match text.to_lowercase().as_str() {
                "1" | "true" | "yes" | "y" | "是" | "t" => Ok(Value::Bool(true)),
                "0" | "false" | "no" | "n" | "否" | "f" | "-1" => Ok(Value::Bool(false)),
                _ => Err(&codes::BOOL),
            },
            FieldType::Choice(words) => match words.contains(&text) {
                true => Ok(Value::Text(text.to_owned())),
                false => Err(&codes::CHOICE),
            },
            FieldType::Zone => match TimeZone::get(text) {
                Ok(_) => Ok(Value::Text(text.to_owned())),
                Err(_) => Err(&codes::ZONE),
            },
            FieldType::Hours => hours::parse(text).map(Value::Hours).ok_or(&codes::HOURS),
            FieldType::List => {
                let items = match &self.field.split {
                    Some(between) => text.split(between.as_str()).map(str::trim).collect(),
                    None => vec![text],
                };
                Ok(Value::List(
                    items
                        .into_iter()
                        .filter(|i| !i.is_empty())
                        .map(str::to_owned)
                        .collect(),
                ))
            }
        };
        read.map_err(|code| self.issue(text, code))
    }

    fn time(&mut self, text: &str, zone: &TimeZone) -> Result<Value, CellIssue> {
        if let Some((last, time)) = &self.memo
            && last == text
        {
            return Ok(Value::Time(*time));
        }
        let Some(time) = self.parse_time(text, zone) else {
            return Err(self.issue(text, &codes::TIME));
        };
        self.memo = Some((text.to_owned(), time));
        Ok(Value::Time(time))
    }

    fn parse_time(&self, text: &str, zone: &TimeZone) -> Option<Time> {
        if let Some(unit) = self.field.epoch_unit {
            return text.parse::<i64>().ok()?.checked_mul(unit).map(Time::from_micros);
        }
        // A local time that the clocks skipped, or showed twice, is read as the compatible rule of RFC 5545.
        let local = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|z| Time::from(z.timestamp()));
        if self.field.formats.is_empty() {
            return text
                .parse::<jiff::Timestamp>()
                .map(Time::from)
                .ok()
                .or_else(|| text.parse::<DateTime>().ok().and_then(local));
        }
        self.field.formats.iter().find_map(|format| {
            let parsed = jiff::fmt::strtime::parse(format, text).ok()?;
            parsed.to_timestamp().map(Time::from).ok().or_else(|| {
                let date = parsed.to_date().ok()?;
                local(parsed.to_time().map_or_else(
                    |_| date.to_datetime(jiff::civil::Time::midnight()),
                    |t| date.to_datetime(t),
                ))
            })
        })
    }

    fn date(&self, text: &str) -> Option<Date> {
        if self.field.formats.is_empty() {
            return text.parse().ok();
        }
        self.field
            .formats
            .iter()
            .find_map(|f| jiff::fmt::strtime::parse(f, text).ok()?.to_date().ok())
    }
}

/// Markup without its tags: elements become blanks, entities become characters, blanks collapse.
fn plain(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let (piece, end) = if tail.starts_with('<') {
            (" ", tail.find('>').map_or(tail.len(), |e| e + 1))
        } else {
            match ENTITIES.iter().find(|(name, _)| tail.starts_with(name)) {
                Some((name, text)) => (*text, name.len()),
                None => ("&", 1),
            }
        };
        out.push_str(piece);
        rest = &tail[end..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

const ENTITIES: &[(&str, &str)] = &[
    ("&nbsp;", " "),
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(
            plain("<p>100%&nbsp;棉<br/>A &amp; B</p><img src=\"x\"/>"),
            "100% 棉 A & B"
        );
        assert_eq!(plain("a < b"), "a");
    }

    proptest! {
        #[test]
        fn rubbish_never_panics(text in ".*") {
            let _ = plain(&text);
        }
    }
}
