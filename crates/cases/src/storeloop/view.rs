//! Answers of Storeloop in the words of the cases.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::supply::days_until;
use super::{CaseShop, Kind};
use crate::words::{Amount, Piece};

/// The same text in both languages.
pub(super) fn both(text: &str) -> Value {
    json!({ "zh": text, "en": text })
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn amount(money: &Value) -> Value {
    match money["amount_minor"].as_i64() {
        Some(minor) => json!(Amount(minor).to_string()),
        None => Value::Null,
    }
}

/// The seconds since 1970 of an instant in UTC as RFC 3339 writes it. Days by
/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
pub(super) fn seconds_of(written: &str) -> Option<i64> {
    let number = |from: usize, to: usize| written.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// How often each thing is there.
pub(super) fn tally<'a>(things: impl Iterator<Item = &'a str>) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    things.for_each(|thing| *counts.entry(thing).or_default() += 1);
    json!(counts)
}

/// The seconds since 1970; the server has this machine's clock.
pub(super) fn now() -> Result<i64, String> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|e| e.to_string())?;
    i64::try_from(since.as_secs()).map_err(|e| e.to_string())
}

/// An instant as RFC 3339 in UTC. Days by <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
pub(super) fn rfc3339(seconds: i64) -> String {
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let part = (5 * of_year + 2) / 153;
    let day = of_year - (153 * part + 2) / 5 + 1;
    let month = if part < 10 { part + 3 } else { part - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

impl CaseShop<'_> {
    pub(super) fn piece(&self, line: &Value) -> String {
        let count = line["quantity"].as_i64().unwrap_or_default();
        Piece::new(count, &self.name(Kind::Article, &line["sku_id"])).to_string()
    }

    pub(super) fn cart_view(&self, cart: &Value) -> Value {
        let line = |line: &Value| {
            json!({
                "article": self.name(Kind::Article, &line["sku_id"]), "pieces": self.piece(line),
                "available": line["available"], "unit_price": amount(&line["unit_price"]),
                "discount": amount(&line["discount"]), "total": amount(&line["total"]),
            })
        };
        json!({
            "id": cart["id"], "total": amount(&cart["totals"]["total"]),
            "goods": amount(&cart["totals"]["goods"]), "discount": amount(&cart["totals"]["discount"]),
            "tax": amount(&cart["totals"]["tax_included"]), "tax_apart": cart["tax"]["shown_apart"],
            "code_applied": cart["promotion_code"]["applied"], "code_off": amount(&cart["promotion_code"]["off"]),
            "lines": list(&cart["lines"]).iter().map(line).collect::<Vec<_>>(),
        })
    }

    pub(super) fn order_view(&self, order: &Value) -> Value {
        let line = |line: &Value| {
            json!({
                "article": self.name(Kind::Article, &line["sku_id"]), "pieces": self.piece(line),
                "returned": line["quantity_returned"], "cancelled": line["quantity_cancelled"],
                "unit_price": amount(&line["unit_price"]), "discount": amount(&line["discount"]),
                "total": amount(&line["total"]), "tax": amount(&line["price"]["tax"]),
            })
        };
        let part = |part: &Value| {
            let pieces: Vec<_> = list(&part["lines"]).iter().map(|line| self.piece(line)).collect();
            json!({
                "at": self.name(Kind::Place, &part["place_id"]), "state": part["state"], "pieces": pieces,
            })
        };
        let ahead = |part: &Value| {
            let pieces: Vec<_> = list(&part["lines"]).iter().map(|line| self.piece(line)).collect();
            json!({
                "at": self.name(Kind::Place, &part["place_id"]), "pieces": pieces,
                "in_days": days_until(&part["promised_at"]),
            })
        };
        let payment = |payment: &Value| {
            json!({
                "state": payment["state"], "amount": amount(&payment["amount"]),
                "refunded": amount(&payment["refunded"]), "by": payment["provider"],
            })
        };
        let refunded = list(&order["payments"])
            .iter()
            .filter_map(|p| p["refunded"]["amount_minor"].as_i64());
        json!({
            "id": order["id"], "state": order["state"], "to_decide": order["decision"].is_object(),
            "total": amount(&order["totals"]["total"]), "discount": amount(&order["totals"]["discount"]),
            "shipping": amount(&order["totals"]["shipping"]), "goods": amount(&order["totals"]["goods"]),
            "tax": amount(&order["totals"]["tax_included"]),
            "refunded": Amount(refunded.sum()).to_string(),
            "lines": list(&order["lines"]).iter().map(line).collect::<Vec<_>>(),
            "parts": list(&order["fulfilments"]).iter().map(part).collect::<Vec<_>>(),
            "to_pay_for_change": amount(&order["change"]["difference"]),
            "ahead": list(&order["ahead"]).iter().map(ahead).collect::<Vec<_>>(),
            "payments": list(&order["payments"]).iter().map(payment).collect::<Vec<_>>(),
            "moments": tally(list(&order["timeline"]).iter().filter_map(|m| m["kind"].as_str())),
        })
    }

    pub(super) fn exchange_view(&self, document: &Value) -> Value {
        let pieces =
            |lines: &Value| -> Vec<String> { list(lines).iter().map(|line| self.piece(line)).collect() };
        let exchange = &document["exchange"];
        json!({
            "id": document["id"], "refund": amount(&document["refund"]), "paid": amount(&exchange["paid"]),
            "back": pieces(&document["lines"]), "taken": pieces(&exchange["taken"]),
            "returned_total": amount(&exchange["returned_total"]), "taken_total": amount(&exchange["taken_total"]),
        })
    }

    pub(super) fn refund_view(document: &Value) -> Value {
        json!({ "refund": amount(&document["refund"]) })
    }
}

#[cfg(test)]
mod tests {
    use super::{rfc3339, seconds_of};

    #[test]
    fn an_instant_is_written_in_utc() {
        for (seconds, written) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_395_601, "2026-11-23T01:00:01Z"),
        ] {
            assert_eq!(rfc3339(seconds), written);
            assert_eq!(seconds_of(written), Some(seconds));
        }
    }
}
