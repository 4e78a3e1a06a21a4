//! Phone numbers, so that however a number is typed it is one key.

use std::fmt;
use std::str::FromStr;

use base::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::error;

/// Where a number without a country code is taken to be.
const HOME_COUNTRY: &str = "86";
/// Digits of an E.164 number, country code included.
const E164_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Digits that stay readable at the end of a masked number.
const SHOWN_TAIL: usize = 4;
/// Digits a mask covers.
const COVERED: usize = 4;

/// A phone number in E.164 form: `+8613800138000`. `Debug` shows the mask only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    /// The E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for eyes without the right to personal data: `+86138****8000`.
    #[must_use]
    pub fn masked(&self) -> String {
        let digits = self.0.len() - 1;
        let shown = digits.saturating_sub(SHOWN_TAIL + COVERED);
        let tail = &self.0[self.0.len() - SHOWN_TAIL.min(digits)..];
        format!("{}{}{tail}", &self.0[..=shown], "*".repeat(COVERED))
    }
}

impl FromStr for Phone {
    type Err = Error;

    /// Reads a number as people write it: full-width digits, blanks, hyphens and brackets anywhere, `+86`,
    /// `0086` or nothing in front, a trunk zero that mainland numbers do not have.
    ///
    /// # Errors
    /// `member.phone_invalid`.
    fn from_str(text: &str) -> Result<Self> {
        let invalid = || Error::new(&error::PHONE_INVALID);
        let (digits, international) = strip(text).ok_or_else(invalid)?;
        let full = if international {
            digits
        } else {
            with_country(&digits).ok_or_else(invalid)?
        };
        if E164_DIGITS.contains(&full.len()) && !full.starts_with('0') && fits_country(&full) {
            Ok(Self(format!("+{full}")))
        } else {
            Err(invalid())
        }
    }
}

/// The bare digits, and whether a country code leads them.
fn strip(text: &str) -> Option<(String, bool)> {
    let mut digits = String::with_capacity(16);
    let mut plus = false;
    // The bracketed zero of "+44 (0)20" is for callers at home only.
    let text = text.trim().replace("(0)", "").replace("（0）", "");
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.push(char::from(
                b'0' + u8::try_from(u32::from(c) - u32::from('０')).ok()?,
            )),
            '+' | '＋' if digits.is_empty() && !plus => plus = true,
            '-' | '–' | '—' | '－' | '.' | '(' | ')' | '（' | '）' | '/' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    if !plus && let Some(rest) = digits.strip_prefix("00") {
        return Some((rest.to_owned(), true));
    }
    Some((digits, plus))
}

fn is_mainland_mobile(national: &str) -> bool {
    let bytes = national.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// Area code of two or three digits without its zero, then seven or eight digits.
fn is_mainland_landline(national: &str) -> bool {
    let bytes = national.as_bytes();
    (9..=11).contains(&bytes.len()) && (b'2'..=b'9').contains(&bytes[0])
        || (bytes.len() == 10 && bytes[0] == b'1')
}

/// A number written without `+` or `00`: taken to be a mainland one.
fn with_country(digits: &str) -> Option<String> {
    let national = digits.strip_prefix('0').unwrap_or(digits);
    if is_mainland_mobile(national) || (digits.starts_with('0') && is_mainland_landline(national)) {
        return Some(format!("{HOME_COUNTRY}{national}"));
    }
    let rest = digits.strip_prefix(HOME_COUNTRY)?;
    is_mainland_mobile(rest).then(|| digits.to_owned())
}

/// Lengths that are fixed by a country's plan, for the countries our members come from most; any other
/// country only has the limits of E.164.
fn fits_country(full: &str) -> bool {
    if let Some(national) = full.strip_prefix(HOME_COUNTRY) {
        return is_mainland_mobile(national) || is_mainland_landline(national);
    }
    let fixed = [("852", 8), ("853", 8), ("886", 9), ("65", 8), ("1", 10)];
    fixed
        .iter()
        .find_map(|(code, length)| full.strip_prefix(code).map(|rest| rest.len() == *length))
        .unwrap_or(true)
}

impl TryFrom<String> for Phone {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}
impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A name for eyes without the right to personal data: its first letter.
#[must_use]
pub fn mask_name(name: &str) -> String {
    name.chars()
        .next()
        .map(|first| format!("{first}**"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_however_it_is_typed() {
        for text in [
            "13800138000",
            "１３８００１３８０００",
            "+86 138-0013-8000",
            "＋86 138 0013 8000",
            "0086 138 0013 8000",
            "013800138000",
            "8613800138000",
            " 138.0013.8000 ",
            "(+86)13800138000",
        ] {
            assert_eq!(
                text.parse::<Phone>().map(|p| p.0).ok().as_deref(),
                Some("+8613800138000"),
                "{text}"
            );
        }
    }

    #[test]
    fn other_countries_and_landlines() {
        for (text, expected) in [
            ("+44 (0)20 7946 0018", "+442079460018"),
            ("+1 415-555-2671", "+14155552671"),
            ("+852 5123 4567", "+85251234567"),
            ("0065 9123 4567", "+6591234567"),
            ("0571-8517 1234", "+8657185171234"),
            ("010 6552 9988", "+861065529988"),
        ] {
            assert_eq!(
                text.parse::<Phone>().map(|p| p.0).ok().as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "",
            "   ",
            "+",
            "1380013800",
            "138001380000",
            "12800138000",
            "+86 1280013800a",
            "null",
            "0",
            "+1 555",
            "+0123456789",
            "+1234567890123456",
            "一三八",
            "138+00138000",
        ] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }

    #[test]
    fn masks() {
        let mask = |text: &str| text.parse::<Phone>().map(|p| p.masked()).unwrap_or_default();
        assert_eq!(mask("13800138000"), "+86138****8000");
        assert_eq!(mask("+852 5123 4567"), "+852****4567");
        assert_eq!(mask("+4512345678"), "+45****5678");
        assert_eq!(
            format!("{:?}", "13800138000".parse::<Phone>().unwrap()),
            "+86138****8000"
        );
        assert_eq!(mask_name("王小明"), "王**");
        assert_eq!(mask_name(""), "");
    }

    proptest! {
        #[test]
        fn rubbish_never_panics_and_the_written_form_is_stable(text in ".{0,40}") {
            if let Ok(phone) = text.parse::<Phone>() {
                prop_assert_eq!(phone.as_str().parse::<Phone>().unwrap(), phone.clone());
                prop_assert!(phone.masked().contains("****"));
            }
        }

        #[test]
        fn every_mainland_mobile_has_one_key(national in "1[3-9][0-9]{9}") {
            let plain: Phone = national.parse().unwrap();
            prop_assert_eq!(format!("+86{national}").parse::<Phone>().unwrap(), plain.clone());
            prop_assert_eq!(format!("0{national}").parse::<Phone>().unwrap(), plain);
        }
    }
}
