//! Amounts, times and forms as the providers write them.

use base::{Currency, Error, Money, Result, Time};
use jiff::tz::{Offset, TimeZone};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::ANSWER_MALFORMED;

/// What may stand in a form or a query unescaped (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The zone WeChat Pay and Alipay reckon in: China has one, without summer time.
pub(crate) fn china() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// An instant in China's zone, in a `strftime` form.
pub(crate) fn china_time(time: Time, form: &str) -> String {
    time.timestamp().to_zoned(china()).strftime(form).to_string()
}

/// A time of day in China, such as `2026-03-01 10:00:00`.
pub(crate) fn china_instant(text: &str) -> Option<Time> {
    let civil = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text.trim()).ok()?;
    Some(Time::from(civil.to_zoned(china()).ok()?.timestamp()))
}

/// An amount such as `88.8` as minor units: exactly, or not at all.
pub(crate) fn minor(text: &str, currency: Currency) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let places = usize::try_from(currency.exponent()).ok()?;
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !numeric(whole) || !numeric(fraction) {
        return None;
    }
    let (kept, surplus) = fraction.split_at(fraction.len().min(places));
    if surplus.bytes().any(|b| b != b'0') {
        return None;
    }
    format!("{whole}{kept:0<places$}")
        .parse::<i64>()
        .ok()?
        .checked_mul(sign)
}

/// An amount in the major unit, with all its digits.
pub(crate) fn major(amount: Money) -> String {
    let places = usize::try_from(amount.currency.exponent()).unwrap_or(2);
    if places == 0 {
        return amount.amount_minor.to_string();
    }
    let digits = format!("{:0>width$}", amount.amount_minor, width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{whole}.{fraction}")
}

/// Escapes a value for a form or a query.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// Pairs as a form or a query.
pub(crate) fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    pairs
        .into_iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// A form as pairs; none when an escape in it is wrong.
pub(crate) fn form_read(body: &str) -> Option<Vec<(String, String)>> {
    let plain = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8()
            .ok()
            .map(std::borrow::Cow::into_owned)
    };
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((plain(name)?, plain(value)?))
        })
        .collect()
}

/// A currency as the provider writes it.
pub(crate) fn currency(text: &str) -> Result<Currency> {
    text.to_ascii_uppercase().parse()
}

/// What a provider's answer lacks.
pub(crate) fn lacks(provider: &'static str, what: &str) -> Error {
    Error::new(&ANSWER_MALFORMED)
        .with("provider", provider)
        .with("what", what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_exact_or_nothing() {
        for (text, minor_units) in [
            ("88.88", 8888),
            ("0.1", 10),
            ("3", 300),
            ("-12.30", -1230),
            ("1.230", 123),
        ] {
            assert_eq!(minor(text, Currency::CNY), Some(minor_units), "{text}");
        }
        for text in [
            "",
            ".",
            ".5",
            "1.234",
            "1,5",
            "1e3",
            "+1",
            "--1",
            "99999999999999999999",
        ] {
            assert_eq!(minor(text, Currency::CNY), None, "{text}");
        }
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!((minor("500", yen), minor("500.5", yen)), (Some(500), None));
        assert_eq!(major(Money::new(5, Currency::CNY)), "0.05");
        assert_eq!(major(Money::new(500, yen)), "500");
    }

    #[test]
    fn china_is_eight_hours_ahead() {
        let time = Time::from_seconds(1_528_425_296);
        assert_eq!(
            china_time(time, "%Y-%m-%dT%H:%M:%S%:z"),
            "2018-06-08T10:34:56+08:00"
        );
        assert_eq!(china_instant("2018-06-08 10:34:56"), Some(time));
        assert_eq!(china_instant("2018-06-08"), None);
    }

    proptest! {
        #[test]
        fn amounts_come_back(amount in 0_i64..1_000_000_000) {
            prop_assert_eq!(minor(&major(Money::new(amount, Currency::CNY)), Currency::CNY), Some(amount));
        }

        #[test]
        fn forms_come_back(pairs in prop::collection::vec(("[^&=]{1,5}", ".{0,8}"), 0..5)) {
            let written = form(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
            prop_assert_eq!(form_read(&written).unwrap(), pairs);
        }
    }
}
