//! The small words of a case: amounts, pieces, and why something is refused.

use std::fmt;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// An amount of money in minor units, written as people write it: `129`, `129.00`, `"0.05"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amount(pub i64);

impl Amount {
    /// Reads what a case or an answer says.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let text = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            _ => return None,
        };
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.as_str()),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(part) || part.len() > 2 {
            return None;
        }
        let minor: i64 = format!("{whole}{part:0<2}").parse().ok()?;
        Some(Self(sign * minor))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let minor = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(&value).ok_or_else(|| D::Error::custom(format!("{value} is not an amount such as 129.00")))
    }
}

/// So many of an article, written `6 serum`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// How many.
    pub count: i64,
    /// Of what, by its name in the case.
    pub article: String,
}

impl Piece {
    /// So many of an article.
    #[must_use]
    pub fn new(count: i64, article: &str) -> Self {
        Self {
            count,
            article: article.to_owned(),
        }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.article)
    }
}

impl<'de> Deserialize<'de> for Piece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = || {
            let (count, article) = text.split_once(' ')?;
            Some(Self::new(count.parse().ok()?, article.trim()))
        };
        read()
            .ok_or_else(|| D::Error::custom(format!("`{text}` should be a number and an article, `6 serum`")))
    }
}

/// One or several of something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Several<T>(pub Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let many = match Value::deserialize(deserializer)? {
            Value::Array(many) => many,
            one => vec![one],
        };
        let read = |one| serde_json::from_value(one).map_err(D::Error::custom);
        many.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

/// Why a shop says no, in the words of the cases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// There is not as much as is wanted.
    NotEnoughStock,
    /// There is not as much on the card as is wanted.
    NotEnoughMoney,
    /// Less would be left than was promised.
    Promised,
    /// Somebody else was there between the look and the deed.
    Changed,
    /// There is such a thing already, and it is another.
    AlreadyThere,
    /// The price is another than the one that was seen.
    PriceChanged,
    /// That is not the code.
    WrongCode,
    /// The promotion code was used as often as it may be.
    UsedUp,
    /// Only members may.
    MembersOnly,
    /// Too many wrong codes.
    CodeLocked,
    /// In this state that cannot be done any more, or not yet.
    TooLateOrTooEarly,
    /// More than was sold, or than is still outstanding.
    MoreThanThereWas,
    /// This place does not do that.
    NotOffered,
    /// The place has taken all the orders of its day.
    PlaceFull,
    /// The goods are not for sale.
    NotForSale,
    /// A reason must be given.
    ReasonNeeded,
    /// Whoever asks may not know that it exists.
    NotThere,
    /// Whoever asks may not do it.
    NotAllowed,
    /// The question itself makes no sense.
    BadInput,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = serde_json::to_value(self).unwrap_or_default();
        f.write_str(name.as_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Amount, Piece, Several};

    #[test]
    fn amounts_are_read_to_the_minor_unit() {
        for (written, minor) in [
            (json!(129), 12_900),
            (json!(129.5), 12_950),
            (json!("129.05"), 12_905),
            (json!("-0.05"), -5),
        ] {
            assert_eq!(Amount::read(&written), Some(Amount(minor)), "{written}");
        }
        for wrong in [json!("1.234"), json!("a"), json!(""), json!(null), json!("1,00")] {
            assert_eq!(Amount::read(&wrong), None, "{wrong}");
        }
        assert_eq!(Amount(-5).to_string(), "-0.05");
    }

    #[test]
    fn pieces_are_written_alone_or_in_a_list() {
        let read = |value| serde_json::from_value::<Several<Piece>>(value);
        let six = Piece::new(6, "serum");
        assert_eq!(read(json!("6 serum")).unwrap().0, vec![six.clone()]);
        assert_eq!(
            read(json!(["6 serum", "1 mask"])).unwrap().0,
            [six, Piece::new(1, "mask")]
        );
        assert!(read(json!("serum")).unwrap_err().to_string().contains("6 serum"));
    }
}
