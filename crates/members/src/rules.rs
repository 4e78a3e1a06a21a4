//! Pure decisions: when a code may be sent, what a scanned member code says, how names and numbers are keyed.

use std::time::Duration;

use base::{Error, MemberId, Result, Time};
use crypto::{KeyRing, Purpose};
use text::{normalize, pinyin_keys};
use uuid::Uuid;

use crate::error;
use crate::phone::Phone;

/// Limits on one-time codes.
#[derive(Clone, Debug)]
pub struct OtpPolicy {
    /// How long a code opens the door.
    pub lifetime: Duration,
    /// Time between two codes for one phone.
    pub resend_after: Duration,
    /// Codes for one phone in an hour.
    pub phone_per_hour: usize,
    /// Codes for one phone in a day.
    pub phone_per_day: usize,
    /// Codes asked for from one network address in an hour. Generous, since a store's guests share one.
    pub address_per_hour: usize,
}

impl Default for OtpPolicy {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(5 * 60),
            resend_after: Duration::from_secs(60),
            phone_per_hour: 5,
            phone_per_day: 10,
            address_per_hour: 60,
        }
    }
}

/// Wrong tries a code bears.
pub(crate) const OTP_TRIES: i64 = 5;
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether another code may be sent now. `phone` and `address` are the instants of earlier requests, newest
/// first; a limit reached ends when its oldest request leaves the window, not a whole window later.
///
/// # Errors
/// `member.otp_throttled`, the same whether or not the phone is a member's.
pub(crate) fn otp_gate(policy: &OtpPolicy, phone: &[Time], address: &[Time], now: Time) -> Result<()> {
    let free_at = [
        (phone, 1, policy.resend_after),
        (phone, policy.phone_per_hour, HOUR),
        (phone, policy.phone_per_day, DAY),
        (address, policy.address_per_hour, HOUR),
    ]
    .into_iter()
    .filter_map(|(times, cap, window)| times.get(cap.saturating_sub(1)).map(|nth| nth.after(window)))
    .max()
    .unwrap_or(now);
    if free_at <= now {
        return Ok(());
    }
    let wait_s = free_at.since(now).as_micros().div_ceil(1_000_000);
    Err(Error::new(&error::OTP_THROTTLED).with("retry_after_s", u64::try_from(wait_s).unwrap_or(u64::MAX)))
}

/// One-time codes.
const OTP: Purpose = Purpose::new("members.otp");
/// Signed member codes.
const MEMBER_CODE: Purpose = Purpose::new("members.code");

fn otp_bytes(challenge: &str, phone: &Phone, code: &str) -> Vec<u8> {
    // None of the three can hold a blank, so no two codes share the bytes.
    [challenge, phone.as_str(), code].join(" ").into_bytes()
}

/// What is kept of a code. Keyed, because a million plain hashes are computed in a blink.
pub(crate) fn otp_hash(keys: &KeyRing, challenge: &str, phone: &Phone, code: &str) -> Result<Vec<u8>> {
    keys.mac(OTP, &otp_bytes(challenge, phone, code))
        .map(|mac| mac.to_vec())
}

/// Whether this is the code that was kept, also across a rotation of keys.
pub(crate) fn otp_matches(
    keys: &KeyRing,
    challenge: &str,
    phone: &Phone,
    code: &str,
    kept: &[u8],
) -> Result<bool> {
    keys.mac_matches(OTP, &otp_bytes(challenge, phone, code), kept)
}

/// The form a typed code is compared in: full-width digits are digits, blanks are nothing.
pub(crate) fn otp_typed(code: &str) -> String {
    normalize(code).chars().filter(|c| *c != ' ').collect()
}

/// How long a member code opens anything.
pub(crate) const CODE_LIFETIME: Duration = Duration::from_secs(120);
/// Tells a scanner what it is looking at.
const CODE_PREFIX: &str = "SLM.";

/// Whether a text is meant as a member code.
pub(crate) fn looks_like_code(text: &str) -> bool {
    text.starts_with(CODE_PREFIX)
}

/// A signed member code: who, until when.
pub(crate) fn code_sign(keys: &KeyRing, member: MemberId, expires_at: Time) -> Result<String> {
    let code = keys.code_sign(MEMBER_CODE, member.uuid().as_bytes(), expires_at)?;
    Ok(format!("{CODE_PREFIX}{code}"))
}

/// Who showed a code.
///
/// # Errors
/// `member.code_invalid` when we did not sign it or it is too old.
pub(crate) fn code_read(keys: &KeyRing, payload: &str, now: Time) -> Result<MemberId> {
    let invalid = || Error::new(&error::CODE_INVALID);
    let code = payload.strip_prefix(CODE_PREFIX).ok_or_else(invalid)?;
    let bytes = keys
        .code_verify(MEMBER_CODE, code, now)
        .map_err(|e| invalid().caused_by(e))?;
    Uuid::from_slice(&bytes)
        .map(MemberId::from_uuid)
        .map_err(|_| invalid())
}

/// A ten-digit member number from nine random digits and their check digit (Luhn). It never begins with 0 or
/// 1, so that nobody takes it for a phone.
pub(crate) fn member_number(random_digits: &str) -> String {
    let first = match random_digits.as_bytes().first() {
        Some(digit @ (b'0' | b'1')) => digit + 2,
        Some(digit) => *digit,
        None => b'2',
    };
    let body = format!(
        "{}{}",
        char::from(first),
        random_digits.get(1..).unwrap_or_default()
    );
    let check = luhn(&body);
    format!("{body}{check}")
}

fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

/// What a name is found by: itself without blanks, then its pinyin, whole and by initials.
pub(crate) fn name_key(name: &str) -> String {
    let mut key = folded(name);
    for pinyin in pinyin_keys(name) {
        key.push(' ');
        key.push_str(&pinyin);
    }
    key
}

/// Normal form without blanks, the dots of foreign names, and what LIKE would take for a pattern.
fn folded(text: &str) -> String {
    normalize(text)
        .chars()
        .filter(|c| !matches!(c, ' ' | '·' | '•' | '%' | '_' | '\\'))
        .collect()
}

/// What a search asks for: one of the three, or nothing, which is everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Needle {
    /// LIKE pattern over name keys.
    pub(crate) name: Option<String>,
    /// LIKE pattern over phones and numbers.
    pub(crate) digits: Option<String>,
    /// The whole phone.
    pub(crate) phone: Option<String>,
}

/// Fewest digits of a phone or number worth searching for.
const FRAGMENT_MIN_DIGITS: usize = 3;

/// Reads a search text: a phone in any form, a fragment of one, a member number, or a name.
pub(crate) fn needle(text: &str) -> Needle {
    if let Ok(phone) = text.parse::<Phone>() {
        return Needle {
            phone: Some(phone.into()),
            ..Needle::default()
        };
    }
    let key = folded(text);
    let digits: String = key.chars().filter(char::is_ascii_digit).collect();
    let is_fragment = key
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '*'));
    if is_fragment && digits.len() >= FRAGMENT_MIN_DIGITS {
        return Needle {
            digits: Some(format!("%{digits}%")),
            ..Needle::default()
        };
    }
    Needle {
        name: Some(format!("%{key}%")),
        ..Needle::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Time = Time::from_seconds(1_800_000_000);

    fn ago(seconds: u64) -> Time {
        NOW.before(Duration::from_secs(seconds))
    }

    fn wait(phone: &[Time], address: &[Time]) -> Option<u64> {
        otp_gate(&OtpPolicy::default(), phone, address, NOW)
            .err()
            .and_then(|e| e.facts()["retry_after_s"].as_u64())
    }

    #[test]
    fn codes_are_throttled_per_phone_and_address() {
        assert_eq!(wait(&[], &[]), None);
        assert_eq!(wait(&[ago(59)], &[]), Some(1));
        assert_eq!(wait(&[ago(60)], &[]), None);
        // Five in the hour: free again when the oldest of them leaves the hour.
        assert_eq!(
            wait(&[ago(100), ago(200), ago(300), ago(400), ago(3_000)], &[]),
            Some(600)
        );
        assert_eq!(
            wait(&[ago(100), ago(200), ago(300), ago(400), ago(3_600)], &[]),
            None
        );
        let ten: Vec<Time> = (0..10).map(|n| ago(4_000 * (n + 1))).collect();
        assert_eq!(wait(&ten, &[]), Some(86_400 - 40_000));
        let crowd: Vec<Time> = (1..=60).map(|n| ago(n * 10)).collect();
        assert_eq!(wait(&[], &crowd), Some(3_600 - 600));
    }

    #[test]
    fn a_member_code_opens_for_two_minutes_and_for_us_only() {
        let (keys, member) = (KeyRing::ephemeral().unwrap(), MemberId::new());
        let payload = code_sign(&keys, member, NOW.after(CODE_LIFETIME)).unwrap();
        assert_eq!(code_read(&keys, &payload, NOW).unwrap(), member);
        let late = code_read(&keys, &payload, NOW.after(CODE_LIFETIME)).unwrap_err();
        assert_eq!(late.code(), "member.code_invalid");
        assert!(code_read(&KeyRing::ephemeral().unwrap(), &payload, NOW).is_err());
    }

    #[test]
    fn a_code_hash_is_bound_to_its_challenge_and_phone() {
        let keys = KeyRing::ephemeral().unwrap();
        let (a, b): (Phone, Phone) = ("13800138000".parse().unwrap(), "13800138001".parse().unwrap());
        let kept = otp_hash(&keys, "x", &a, "012345").unwrap();
        let matches =
            |challenge, phone, code| otp_matches(&keys, challenge, phone, &otp_typed(code), &kept).unwrap();
        assert!(matches("x", &a, "012345") && matches("x", &a, " ０１２ ３４５"));
        assert!(!matches("y", &a, "012345") && !matches("x", &b, "012345") && !matches("x", &a, "012346"));
    }

    #[test]
    fn searches() {
        assert_eq!(
            needle("１３８ 0013 8000").phone.as_deref(),
            Some("+8613800138000")
        );
        assert_eq!(needle("8000").digits.as_deref(), Some("%8000%"));
        assert_eq!(needle("80").name.as_deref(), Some("%80%"));
        assert_eq!(needle(" Ｗang XiaoMing ").name.as_deref(), Some("%wangxiaoming%"));
        assert_eq!(needle("王小").name.as_deref(), Some("%王小%"));
        assert_eq!(needle("%_").name.as_deref(), Some("%%"));
        assert_eq!(name_key("王 小明").split(' ').next(), Some("王小明"));
        assert!(name_key("王小明").contains("wangxiaoming") && name_key("王小明").contains("wxm"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_breaks_a_number(random in "[0-9]{9}", at in 0_usize..10, by in 1_u8..10) {
            let number = member_number(&random);
            prop_assert_eq!(number.len(), 10);
            let mut bent = number.clone().into_bytes();
            bent[at] = b'0' + (bent[at] - b'0' + by) % 10;
            let bent = String::from_utf8(bent).unwrap();
            prop_assert_ne!(luhn(&bent[..9]).to_string(), &bent[9..]);
        }

        #[test]
        fn rubbish_never_panics(text in ".{0,60}") {
            let _ = needle(&text);
            let keys = KeyRing::ephemeral().unwrap();
            let payload = format!("{CODE_PREFIX}{text}");
            prop_assert!(code_read(&keys, &payload, NOW).is_err());
        }
    }
}
