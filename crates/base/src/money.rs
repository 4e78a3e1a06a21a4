//! Money in integer minor units. No floating point, no wrapping, no mixing of currencies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};

use crate::error::{Error, Result, codes};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi yuan.
    pub const CNY: Self = Self(*b"CNY");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Brazilian real.
    pub const BRL: Self = Self(*b"BRL");

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Decimal digits of the minor unit (ISO 4217): 2 for most, 0 for yen or won, 3 for Gulf dinars.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = Error;

    /// # Errors
    /// `input.invalid_currency` unless the text is three upper-case ASCII letters.
    fn from_str(text: &str) -> Result<Self> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(Error::new(&codes::INVALID_CURRENCY).with("value", text)),
        }
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .pattern(Some("^[A-Z]{3}$"))
            .into()
    }
}
impl ToSchema for Currency {
    fn name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
}

/// An amount of one currency in its minor unit (fen, cents).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Integer count of the currency's minor unit; negative for money going back.
    pub amount_minor: i64,
    /// ISO 4217 code.
    pub currency: Currency,
}

impl Money {
    /// An amount.
    #[must_use]
    pub const fn new(amount_minor: i64, currency: Currency) -> Self {
        Self {
            amount_minor,
            currency,
        }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    fn same(self, other: Self) -> Result<()> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(Error::new(&codes::CURRENCY_MISMATCH)
            .with("left", self.currency.as_str())
            .with("right", other.currency.as_str()))
    }

    fn checked(self, amount: Option<i64>) -> Result<Self> {
        amount
            .map(|a| Self::new(a, self.currency))
            .ok_or_else(|| Error::new(&codes::AMOUNT_OVERFLOW))
    }

    /// The sum.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.same(other)?;
        self.checked(self.amount_minor.checked_add(other.amount_minor))
    }

    /// The difference.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.same(other)?;
        self.checked(self.amount_minor.checked_sub(other.amount_minor))
    }

    /// The amount `times` over.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn times(self, times: i64) -> Result<Self> {
        self.checked(self.amount_minor.checked_mul(times))
    }

    /// The sum of amounts, starting from nothing in `currency`.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let unit = 10_u64.pow(exponent);
        let sign = if self.amount_minor < 0 { "-" } else { "" };
        let magnitude = self.amount_minor.unsigned_abs();
        if exponent == 0 {
            return write!(f, "{sign}{magnitude} {}", self.currency);
        }
        write!(
            f,
            "{sign}{}.{:0width$} {}",
            magnitude / unit,
            magnitude % unit,
            self.currency,
            width = exponent as usize
        )
    }
}

/// Splits `amount` over `weights` so that the parts add up exactly, by largest remainder; ties go to the
/// earlier part, so a re-run gives the same answer. All-zero weights share evenly.
///
/// # Errors
/// `money.overflow` when a weight is negative, or when the arithmetic would leave 128 bits.
pub fn prorate(amount: i64, weights: &[i64]) -> Result<Vec<i64>> {
    if weights.is_empty() {
        return if amount == 0 {
            Ok(Vec::new())
        } else {
            Err(Error::new(&codes::AMOUNT_OVERFLOW))
        };
    }
    if weights.iter().any(|&w| w < 0) {
        return Err(Error::new(&codes::AMOUNT_OVERFLOW));
    }
    let even = weights.iter().all(|&w| w == 0);
    let weight = |at: usize| if even { 1 } else { i128::from(weights[at]) };
    let total: i128 = (0..weights.len()).map(weight).sum();
    let magnitude = i128::from(amount).abs();
    let mut parts: Vec<(i128, i128, usize)> = (0..weights.len())
        .map(|at| {
            let share = magnitude * weight(at);
            (share / total, share % total, at)
        })
        .collect();
    let left = magnitude - parts.iter().map(|p| p.0).sum::<i128>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| parts[b].1.cmp(&parts[a].1).then(a.cmp(&b)));
    for &at in order.iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at].0 += 1;
    }
    let sign = if amount < 0 { -1 } else { 1 };
    parts
        .into_iter()
        .map(|(part, ..)| i64::try_from(part * sign).map_err(|_| Error::new(&codes::AMOUNT_OVERFLOW)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_add_up_and_are_fair(
            amount in -1_000_000_i64..1_000_000,
            weights in prop::collection::vec(0_i64..10_000, 1..20),
        ) {
            let parts = prorate(amount, &weights).unwrap();
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            let total: i64 = weights.iter().sum();
            if total > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = (amount as f64) * (*weight as f64) / (total as f64);
                    prop_assert!((*part as f64 - exact).abs() < 1.0);
                }
            }
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let error = Money::new(1, Currency::CNY)
            .plus(Money::new(1, Currency::USD))
            .unwrap_err();
        assert_eq!(error.code(), "money.currency_mismatch");
    }

    #[test]
    fn written_form() {
        assert_eq!(Money::new(-1205, Currency::CNY).to_string(), "-12.05 CNY");
        assert_eq!(Money::new(1205, "JPY".parse().unwrap()).to_string(), "1205 JPY");
    }
}
