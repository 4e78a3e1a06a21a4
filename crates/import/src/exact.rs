//! Exact decimal amounts, as files write them.
//!
//! A file may say 0.001 where the currency ends at 0.01. The ledgers hold minor units; what rounding took
//! away is kept beside them in this type, so that the two always add up to what the file says.

use std::fmt;
use std::ops::{AddAssign, Neg};

/// Digits after the point that are kept.
const SCALE: u32 = 9;
const UNIT: i128 = 10_i128.pow(SCALE);

/// A decimal number with nine digits after the point, in 128 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Exact(i128);

/// How a file writes its numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NumberFormat {
    /// The decimal sign, `.` or `,`.
    pub decimal: char,
    /// What stands between groups of thousands, if anything.
    pub group: Option<char>,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self {
            decimal: '.',
            group: None,
        }
    }
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self(value as i128 * UNIT)
    }

    /// An amount of minor units of a currency with `exponent` decimals.
    #[must_use]
    pub fn from_minor(minor: i64, exponent: u32) -> Self {
        Self(i128::from(minor) * 10_i128.pow(SCALE.saturating_sub(exponent)))
    }

    /// Reads a number such as `-1 234,50`. `None` for anything that is not one, or that does not fit.
    /// An exponent (`1.5e3`) is read too, because spreadsheets write it.
    #[must_use]
    pub fn parse(text: &str, format: NumberFormat) -> Option<Self> {
        let text = text.trim();
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let mut value: i128 = 0;
        let mut places: i32 = 0;
        let mut seen_digit = false;
        let mut seen_point = false;
        for c in digits.chars() {
            if let Some(digit) = c.to_digit(10).filter(|_| c.is_ascii_digit()) {
                value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
                seen_digit = true;
                places += i32::from(seen_point);
            } else if c == format.decimal && !seen_point {
                seen_point = true;
            } else if Some(c) == format.group && seen_digit && !seen_point {
                // A separator between groups carries no value.
            } else {
                return None;
            }
        }
        if !seen_digit {
            return None;
        }
        let shift = i32::try_from(SCALE).ok()? - places + exponent;
        let value = if shift >= 0 {
            value.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?
        } else {
            let divisor = 10_i128.checked_pow(u32::try_from(-shift).ok()?)?;
            if value % divisor != 0 {
                return None;
            }
            value / divisor
        };
        Some(Self(if negative { -value } else { value }))
    }

    /// The product with a whole number.
    #[must_use]
    pub fn times(self, times: i64) -> Option<Self> {
        self.0.checked_mul(i128::from(times)).map(Self)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Minor units of a currency with `exponent` decimals, halves away from zero. `None` when 64 bits do
    /// not hold it.
    #[must_use]
    pub fn minor(self, exponent: u32) -> Option<i64> {
        let unit = 10_i128.pow(SCALE.saturating_sub(exponent));
        let half = unit / 2 * self.0.signum();
        i64::try_from(self.0.checked_add(half)? / unit).ok()
    }

    /// The whole number, when it is one.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        if self.0 % UNIT == 0 {
            i64::try_from(self.0 / UNIT).ok()
        } else {
            None
        }
    }

    /// The nearest floating-point number; for coordinates and areas, never for money.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn approximate(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl AddAssign for Exact {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Neg for Exact {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let unit = UNIT.unsigned_abs();
        let fraction = format!("{:0width$}", magnitude % unit, width = SCALE as usize);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", magnitude / unit),
            kept => write!(f, "{sign}{}.{kept}", magnitude / unit),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Exact> {
        Exact::parse(text, NumberFormat::default())
    }

    #[test]
    fn plain_numbers() {
        assert_eq!(read("2.55"), Some(Exact(2_550_000_000)));
        assert_eq!(read("-11062.06").unwrap().to_string(), "-11062.06");
        assert_eq!(read("0.001").unwrap().to_string(), "0.001");
        assert_eq!(read("1.5e3").unwrap(), Exact::whole(1500));
        assert_eq!(read(".5").unwrap().to_string(), "0.5");
        for wrong in [
            "",
            "-",
            ".",
            "1.2.3",
            "12a",
            "1e",
            "NaN",
            "１２",
            "0.0000000001",
            "1,000",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn other_signs() {
        let format = NumberFormat {
            decimal: ',',
            group: Some('.'),
        };
        assert_eq!(
            Exact::parse("1.234.567,89", format).unwrap().to_string(),
            "1234567.89"
        );
    }

    #[test]
    fn rounding_goes_away_from_zero() {
        assert_eq!(read("0.005").unwrap().minor(2), Some(1));
        assert_eq!(read("-0.005").unwrap().minor(2), Some(-1));
        assert_eq!(read("0.001").unwrap().minor(2), Some(0));
        assert_eq!(read("1500").unwrap().minor(0), Some(1500));
    }

    proptest! {
        #[test]
        fn written_form_round_trips(value in -1_000_000_000_000_000_000_i128..1_000_000_000_000_000_000) {
            let exact = Exact(value);
            prop_assert_eq!(read(&exact.to_string()), Some(exact));
        }

        #[test]
        fn rubbish_never_panics(text in ".*") {
            let _ = read(&text);
        }

        #[test]
        fn what_rounding_takes_is_less_than_a_unit(value in -1_000_000_000_000_i128..1_000_000_000_000) {
            let exact = Exact(value);
            let minor = exact.minor(2).unwrap();
            let rest = exact.minus(Exact::from_minor(minor, 2)).unwrap();
            prop_assert!(rest.0.abs() <= UNIT / 200);
        }
    }
}
