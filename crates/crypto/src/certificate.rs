//! What we need to know of a peer's X.509 certificate (RFC 5280): who issued it, its number, its key, its time.

use std::fmt;

use base::{Error, Result, Time};
use x509_cert::der::Decode;

use crate::error::PEER_KEY;
use crate::rsa::RsaVerifier;
use crate::{hex, pem};

/// Object identifiers of signatures made with RSA begin so (PKCS #1).
const RSA_SIGNATURES: &str = "1.2.840.113549.1.1.";

/// A certificate, read. That it is to be trusted must be known from how it came.
#[derive(Clone)]
pub struct Certificate {
    serial: Vec<u8>,
    issuer: String,
    not_before: Time,
    not_after: Time,
    signed_with_rsa: bool,
    key: RsaVerifier,
}

impl Certificate {
    /// Every certificate in a PEM text, in the order it stands.
    ///
    /// # Errors
    /// `crypto.peer_key` with what is wrong.
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>> {
        let wrong = |reason: String| Error::new(&PEER_KEY).with("reason", reason);
        pem::all(text)
            .map_err(wrong)?
            .iter()
            .map(|der| Self::read(der).map_err(|reason| wrong(format!("not a certificate ({reason})"))))
            .collect()
    }

    /// The first certificate in a PEM text.
    ///
    /// # Errors
    /// `crypto.peer_key` with what is wrong.
    pub fn from_pem(text: &str) -> Result<Self> {
        let mut all = Self::all_from_pem(text)?;
        Ok(all.swap_remove(0))
    }

    fn read(der: &[u8]) -> x509_cert::der::Result<Self> {
        let certificate = x509_cert::Certificate::from_der(der)?;
        let body = certificate.tbs_certificate();
        let key = body.subject_public_key_info().subject_public_key.raw_bytes();
        let instant = |time: &x509_cert::time::Time| {
            Time::from_seconds(
                i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX / 1_000_000),
            )
        };
        // Two's complement: a leading zero only keeps the number positive.
        let serial = body.serial_number().as_bytes();
        let serial = serial
            .strip_prefix(&[0])
            .filter(|rest| !rest.is_empty())
            .unwrap_or(serial);
        Ok(Self {
            serial: serial.to_vec(),
            issuer: body.issuer().to_string(),
            not_before: instant(&body.validity().not_before),
            not_after: instant(&body.validity().not_after),
            signed_with_rsa: certificate
                .signature_algorithm()
                .oid
                .to_string()
                .starts_with(RSA_SIGNATURES),
            key: RsaVerifier::of_bits(key),
        })
    }

    /// The serial number in upper-case hexadecimal.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        hex(&self.serial).to_uppercase()
    }

    /// The serial number in decimal digits.
    #[must_use]
    pub fn serial_decimal(&self) -> String {
        // Schoolbook base conversion, the least digit first.
        let mut digits = vec![0_u8];
        for byte in &self.serial {
            let mut carry = u32::from(*byte);
            for digit in &mut digits {
                let value = u32::from(*digit) * 256 + carry;
                *digit = (value % 10) as u8;
                carry = value / 10;
            }
            while carry > 0 {
                digits.push((carry % 10) as u8);
                carry /= 10;
            }
        }
        digits
            .iter()
            .rev()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    }

    /// The issuer's name as RFC 4514 writes it: the most specific part first.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether it is within its time.
    #[must_use]
    pub fn is_valid_at(&self, now: Time) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// When it ends.
    #[must_use]
    pub const fn not_after(&self) -> Time {
        self.not_after
    }

    /// Whether its issuer signed it with RSA.
    #[must_use]
    pub const fn is_signed_with_rsa(&self) -> bool {
        self.signed_with_rsa
    }

    /// The key it is about.
    #[must_use]
    pub const fn key(&self) -> &RsaVerifier {
        &self.key
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} of {})", self.serial_hex(), self.issuer)
    }
}
