//! Barcodes: GTIN-8, UPC-A, EAN-13 and GTIN-14 (GS1 General Specifications, section 7.9: check digit).

use std::fmt;

use base::{Error, Result};

use crate::error::BAD_BARCODE;

const DIGITS: usize = 14;

/// A barcode number in its fourteen-digit form: the same article has one, however it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gtin([u8; DIGITS]);

impl Gtin {
    /// Reads a barcode number.
    ///
    /// # Errors
    /// `catalog.bad_barcode` unless it has 8, 12, 13 or 14 digits with a right check digit.
    pub fn parse(written: &str) -> Result<Self> {
        let fault = || Error::new(&BAD_BARCODE).with("value", written);
        let digits = written.as_bytes();
        if !matches!(digits.len(), 8 | 12 | 13 | 14) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(fault());
        }
        let mut padded = [b'0'; DIGITS];
        padded[DIGITS - digits.len()..].copy_from_slice(digits);
        if check_digit(&padded[..DIGITS - 1]) != padded[DIGITS - 1] {
            return Err(fault());
        }
        Ok(Self(padded))
    }

    /// The fourteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The digit that brings the weighted sum to a multiple of ten: weight 3 for the digit beside it, then 1, 3, ...
fn check_digit(payload: &[u8]) -> u8 {
    let sum: u32 = payload
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 3 } else { 1 })
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples_of_every_length() {
        for good in [
            "96385074",
            "036000291452",
            "4006381333931",
            "6901234567892",
            "10614141000415",
        ] {
            assert!(Gtin::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "96385075",
            "6901234567890",
            "690123456789a",
            "123",
            "６９０１２３４５６７８９２",
        ] {
            assert!(Gtin::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_article_however_it_is_written() {
        assert_eq!(
            Gtin::parse("036000291452").unwrap(),
            Gtin::parse("0036000291452").unwrap()
        );
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_caught(digits in prop::collection::vec(b'0'..=b'9', 12), at in 0_usize..13, by in 1_u8..10) {
            let mut code = digits.clone();
            code.push(check_digit(&digits));
            prop_assert!(Gtin::parse(std::str::from_utf8(&code).unwrap()).is_ok());
            code[at] = b'0' + (code[at] - b'0' + by) % 10;
            prop_assert!(Gtin::parse(std::str::from_utf8(&code).unwrap()).is_err());
        }
    }
}
