//! A provider's own account of a day, whatever format it comes in.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use base::{Error, Money, Result, Time};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::STATEMENT_MALFORMED;
use crate::model::{ProviderName, parse};

/// Hours that China's clocks are ahead of UTC.
const CHINA: Duration = Duration::from_secs(8 * 3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A day of a provider's calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(Date);

impl Day {
    /// The day an instant falls on with a provider.
    #[must_use]
    pub fn of(provider: ProviderName, at: Time) -> Self {
        let local = if is_chinese(provider) { at.after(CHINA) } else { at };
        Self(local.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// From its beginning to the next day's, where the provider keeps its books.
    #[must_use]
    pub fn bounds(self, provider: ProviderName) -> (Time, Time) {
        let (from, to) = self.in_utc();
        if is_chinese(provider) {
            (from.before(CHINA), to.before(CHINA))
        } else {
            (from, to)
        }
    }

    pub(crate) fn in_utc(self) -> (Time, Time) {
        let from = self
            .0
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(Time::from_micros(0), |zoned| Time::from(zoned.timestamp()));
        (from, from.after(DAY))
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.yesterday().unwrap_or(self.0))
    }
}

/// WeChat Pay and Alipay reckon in China's time, the others in UTC.
const fn is_chinese(provider: ProviderName) -> bool {
    matches!(provider, ProviderName::WechatPay | ProviderName::Alipay)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Day {
    type Err = Error;

    /// # Errors
    /// `input.malformed` when it is not written `2026-03-01`.
    fn from_str(text: &str) -> Result<Self> {
        let plain = text.len() == 10;
        let day = text.parse().ok().filter(|_| plain).map(Self);
        day.ok_or_else(|| {
            let facts = [("reason".to_owned(), "YYYY-MM-DD".into())].into_iter().collect();
            Error::new(&base::codes::INVALID_INPUT).and_field("day", &base::codes::MALFORMED, facts)
        })
    }
}

/// What a line is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentMatchKind)]
pub enum LineKind {
    /// Money came in.
    Payment,
    /// Money went back.
    Refund,
}

impl LineKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&[Self::Payment, Self::Refund], Self::as_str, text)
    }
}

/// One line of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementLine {
    /// Where it stands in the file, from 1.
    pub line: u64,
    /// What it is about.
    pub kind: LineKind,
    /// Our name for the payment or refund, when the provider repeats it.
    pub ours: Option<String>,
    /// The provider's own name for it.
    pub theirs: String,
    /// How much, whichever way it went.
    pub amount: Money,
    /// What the provider keeps of it, in the same minor unit; negative when given back.
    pub fee_minor: i64,
    /// When.
    pub at: Time,
}

pub(crate) fn malformed(line: u64, reason: impl Into<String>) -> Error {
    Error::new(&STATEMENT_MALFORMED)
        .with("line", line)
        .with("reason", reason.into())
}

/// A table with a line of column names somewhere above it, as the providers' files are.
pub(crate) struct Table;

/// A row of it, by column name. Providers add columns, so that only names say what stands where.
pub(crate) struct TableRow {
    pub(crate) number: u64,
    columns: HashMap<String, String>,
}

impl Table {
    /// The rows below the line that begins with the column `first`, up to a line that is not `kept`.
    pub(crate) fn read(text: &str, first: &str, is_end: impl Fn(&str) -> bool) -> Result<Vec<TableRow>> {
        let starts = |line: &&str| line.trim_start().trim_start_matches('"').starts_with(first);
        let Some(above) = text.lines().position(|line| starts(&line)) else {
            if text.trim().is_empty() {
                return Ok(Vec::new());
            }
            return Err(malformed(1, format!("no column {first}")));
        };
        let mut lines = text.lines().skip(above);
        let cells = |line: &str, number: u64| -> Result<Vec<String>> {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(line.as_bytes());
            let record = reader
                .records()
                .next()
                .transpose()
                .map_err(|e| malformed(number, e.to_string()))?;
            Ok(record
                .iter()
                .flatten()
                .map(|cell| cell.trim().trim_start_matches('`').trim().to_owned())
                .collect())
        };
        let above = above as u64;
        let names = cells(lines.next().unwrap_or_default(), above + 1)?;
        let mut rows = Vec::new();
        for (line, number) in lines.zip(above + 2..) {
            if is_end(line) {
                break;
            }
            if line.trim().is_empty() {
                continue;
            }
            let values = cells(line, number)?;
            if values.len() < names.len() {
                return Err(malformed(
                    number,
                    format!("{} of {} columns", values.len(), names.len()),
                ));
            }
            rows.push(TableRow {
                number,
                columns: names.iter().cloned().zip(values).collect(),
            });
        }
        Ok(rows)
    }
}

impl TableRow {
    pub(crate) fn get(&self, name: &str) -> Result<&str> {
        self.columns
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| malformed(self.number, format!("no column {name}")))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    pub(crate) fn wrong(&self, name: &str) -> Error {
        let value = self.columns.get(name).map_or("", String::as_str);
        malformed(self.number, format!("{name} = {value:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_where_the_provider_keeps_its_books() {
        let day: Day = "2026-03-01".parse().unwrap();
        let (from, to) = day.bounds(ProviderName::WechatPay);
        assert_eq!(from.to_string(), "2026-02-28T16:00:00Z");
        assert_eq!(Day::of(ProviderName::WechatPay, from), day);
        assert_eq!(Day::of(ProviderName::WechatPay, to), day.next());
        assert_eq!(Day::of(ProviderName::Stripe, from), day.previous());
        assert!("2026-3-1".parse::<Day>().is_err() && "2026-02-30".parse::<Day>().is_err());
    }

    #[test]
    fn a_table_is_read_by_its_names_and_ends_where_it_ends() {
        let text = "#top\nid,b\t,c\n`1,` x ,\"y,z\"\n\n`2,x,y,extra\n#end\n3,4,5\n";
        let rows = Table::read(text, "id", |line| line.starts_with('#')).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[0].get("b").unwrap(), rows[0].get("c").unwrap()),
            ("x", "y,z")
        );
        assert_eq!(rows[1].number, 5);
        assert!(rows[0].get("d").is_err());
        assert!(Table::read("a,b\n", "id", |_| false).is_err());
        let torn = Table::read("id,b\n1\n", "id", |_| false).err().unwrap();
        assert_eq!(torn.facts()["line"], 2);
    }
}
