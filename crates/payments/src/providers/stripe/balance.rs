//! A day's balance transactions, fetched over the API, or the dashboard's itemised balance report as CSV.

use base::{Error, Money, Result, Time};
use http::Method;
use serde_json::{Value, json};

use super::super::text::{currency, escaped, lacks, minor};
use super::{NAME, PAYMENT_KEY, REFUND_KEY, Stripe};
use crate::statement::{Day, LineKind, StatementLine, Table, malformed};

/// Rows on a page of the API.
const PAGE: usize = 100;
/// Pages of one day, before we stop believing in an end.
const PAGES_MAX: usize = 10_000;

impl Stripe {
    /// The day's transactions as one JSON list. A day is one of UTC, as in Stripe's own reports.
    pub(super) async fn balance(&self, day: Day) -> Result<Vec<u8>> {
        let (from, to) = day.in_utc();
        let base = format!(
            "/v1/balance_transactions?created[gte]={}&created[lt]={}&limit={PAGE}&expand[]=data.source",
            from.micros() / 1_000_000,
            to.micros() / 1_000_000
        )
        .replace('[', "%5B")
        .replace(']', "%5D");
        let mut rows: Vec<Value> = Vec::new();
        for _ in 0..PAGES_MAX {
            let path = match rows.last() {
                Some(last) => format!("{base}&starting_after={}", escaped(super::text(last, "id")?)),
                None => base.clone(),
            };
            let mut page = self.call(Method::GET, &path, None, &[]).await?;
            let more = page["has_more"].as_bool().unwrap_or(false);
            let data = page["data"].as_array_mut().ok_or_else(|| lacks(NAME, "data"))?;
            let got = data.len();
            rows.append(data);
            if !more || got == 0 {
                return serde_json::to_vec(&json!({"data": rows})).map_err(Error::internal);
            }
        }
        Err(lacks(NAME, "an end of balance_transactions"))
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<StatementLine>> {
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(1, e.to_string()))?;
    if text.trim_start().starts_with('{') {
        transactions(text)
    } else {
        report(text)
    }
}

fn kind(category: &str) -> Option<LineKind> {
    match category {
        "charge" | "payment" => Some(LineKind::Payment),
        "refund" | "payment_refund" => Some(LineKind::Refund),
        // Fees, payouts, disputes: booked by the accountant, not by a till.
        _ => None,
    }
}

fn transactions(text: &str) -> Result<Vec<StatementLine>> {
    let whole: Value = serde_json::from_str(text).map_err(|e| malformed(e.line() as u64, e.to_string()))?;
    let mut lines = Vec::new();
    for (row, number) in whole["data"].as_array().into_iter().flatten().zip(1_u64..) {
        let wrong = |name: &str| malformed(number, name.to_owned());
        let Some(kind) = row["type"].as_str().and_then(kind) else {
            continue;
        };
        let minor = row["amount"].as_i64().ok_or_else(|| wrong("amount"))?;
        let unit = row["currency"]
            .as_str()
            .and_then(|c| currency(c).ok())
            .ok_or_else(|| wrong("currency"))?;
        let source = &row["source"];
        let (key, theirs) = match kind {
            LineKind::Payment => (PAYMENT_KEY, &source["payment_intent"]),
            LineKind::Refund => (REFUND_KEY, &source["id"]),
        };
        lines.push(StatementLine {
            line: number,
            kind,
            ours: source["metadata"][key].as_str().map(str::to_owned),
            theirs: theirs
                .as_str()
                .or(row["id"].as_str())
                .ok_or_else(|| wrong("id"))?
                .to_owned(),
            amount: Money::new(minor.abs(), unit),
            fee_minor: row["fee"].as_i64().unwrap_or(0),
            at: Time::from_seconds(row["created"].as_i64().ok_or_else(|| wrong("created"))?),
        });
    }
    Ok(lines)
}

fn report(text: &str) -> Result<Vec<StatementLine>> {
    let mut lines = Vec::new();
    for row in Table::read(
        text.trim_start_matches('\u{feff}'),
        "balance_transaction_id",
        |_| false,
    )? {
        let Some(kind) = kind(row.get("reporting_category")?) else {
            continue;
        };
        let unit = currency(row.get("currency")?).map_err(|_| row.wrong("currency"))?;
        let amount = |name: &str| minor(row.get(name)?, unit).ok_or_else(|| row.wrong(name));
        let created = row.get("created_utc").or_else(|_| row.get("created"))?;
        let at = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", created)
            .ok()
            .and_then(|civil| civil.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .ok_or_else(|| row.wrong("created"))?;
        let (ours, theirs) = match kind {
            LineKind::Payment => (format!("payment_metadata[{PAYMENT_KEY}]"), "payment_intent_id"),
            LineKind::Refund => (format!("refund_metadata[{REFUND_KEY}]"), "source_id"),
        };
        lines.push(StatementLine {
            line: row.number,
            kind,
            ours: row.get(&ours).ok().filter(|t| !t.is_empty()).map(str::to_owned),
            theirs: row.get(theirs)?.to_owned(),
            amount: Money::new(amount("gross")?.abs(), unit),
            fee_minor: amount("fee")?,
            at: Time::from(at.timestamp()),
        });
    }
    Ok(lines)
}
