//! One-time passwords from an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds, which is all
//! that every app understands).

use std::fmt;
use std::fmt::Write;

use base::{Error, Result, Time};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::secret::random;

const SECRET_BYTES: usize = 20;
const STEP_SECONDS: u64 = 30;
const DIGITS: u8 = 6;

/// Steps before and after the present one that are still taken, for clocks that are a little off.
const SKEW: u16 = 1;

/// Which thirty seconds a code belongs to. A step once used is never taken again.
pub type TotpStep = i64;

/// What the server and the authenticator app share.
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A fresh secret of 160 bits.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(Zeroizing::new(random::<SECRET_BYTES>()?.to_vec())))
    }

    /// The secret over stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The bytes to seal and store.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret as a person types it into the app: base32.
    #[must_use]
    pub fn base32(&self) -> String {
        self.secret().to_base32()
    }

    /// The address behind the QR code that the app scans.
    #[must_use]
    pub fn otpauth_url(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
        let secret = self.base32();
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1\
             &digits={DIGITS}&period={STEP_SECONDS}"
        )
    }

    /// The code of the present step. For tests and tools; the server only checks.
    ///
    /// # Errors
    /// `internal` when the stored secret is too short to be one.
    pub fn code(&self, now: Time) -> Result<String> {
        Ok(self.totp()?.generate(seconds(now)).to_string())
    }

    /// The step a code belongs to, when it is right for the present step or one beside it, and newer than
    /// the last one used. Store the step in the same transaction that lets the person in.
    ///
    /// # Errors
    /// `internal` when the stored secret is too short to be one.
    pub fn check(&self, code: &str, now: Time, last_used: Option<TotpStep>) -> Result<Option<TotpStep>> {
        if code.len() != usize::from(DIGITS) || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(None);
        }
        let step = self
            .totp()?
            .check(code, seconds(now))
            .and_then(|step| i64::try_from(step).ok());
        Ok(step.filter(|step| last_used.is_none_or(|last| *step > last)))
    }

    fn secret(&self) -> Secret {
        Secret::new(self.0.as_slice().into())
    }

    fn totp(&self) -> Result<Totp> {
        Builder::new()
            .with_secret(self.secret())
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP_SECONDS)
            .build()
            .map_err(|_| Error::internal("a stored one-time-password secret is not usable"))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

fn seconds(time: Time) -> u64 {
    u64::try_from(time.micros() / 1_000_000).unwrap_or(0)
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and the instants of RFC 6238, appendix B; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890");
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
        ] {
            assert_eq!(secret.code(Time::from_seconds(at)).unwrap(), code);
        }
    }

    #[test]
    fn one_step_either_side_is_taken_and_no_step_twice() {
        let secret = TotpSecret::random().unwrap();
        let at = |seconds: i64| Time::from_seconds(1_800_000_000 + seconds);
        let code = secret.code(at(0)).unwrap();
        let step = 1_800_000_000 / 30;
        assert_eq!(secret.check(&code, at(0), None).unwrap(), Some(step));
        assert_eq!(secret.check(&code, at(30), None).unwrap(), Some(step));
        assert_eq!(secret.check(&code, at(-30), None).unwrap(), Some(step));
        assert_eq!(secret.check(&code, at(0), Some(step)).unwrap(), None, "a replay");
        assert_eq!(
            secret.check(&code, at(0), Some(step + 1)).unwrap(),
            None,
            "older than the last"
        );
    }

    #[test]
    fn rubbish_is_not_a_code() {
        let secret = TotpSecret::random().unwrap();
        for code in ["", "12345", "1234567", "12345a", "１２３４５６", "      "] {
            assert_eq!(secret.check(code, Time::from_seconds(0), None).unwrap(), None);
        }
        assert_eq!(format!("{secret:?}"), "TotpSecret(..)");
    }

    #[test]
    fn the_address_carries_names_in_any_script() {
        let url = TotpSecret::from_bytes(b"12345678901234567890").otpauth_url("Storeloop 店环", "li.lei");
        assert_eq!(
            url,
            "otpauth://totp/Storeloop%20%E5%BA%97%E7%8E%AF:li.lei?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Storeloop%20%E5%BA%97%E7%8E%AF&algorithm=SHA1&digits=6&period=30"
        );
    }
}
