//! Random secrets, their hashes and their comparison.

use std::fmt;

use base::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

const TOKEN_BYTES: usize = 32;

/// Letters and digits nobody confuses when reading them aloud or off a receipt.
const READABLE: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Random bytes from the operating system.
///
/// # Errors
/// `internal` when the system has no randomness to give; nothing secret may be made then.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// A bearer secret of 256 random bits, written `prefix_…`. Shown to its owner once; only its hash is kept.
pub struct SecretToken(Zeroizing<String>);

impl SecretToken {
    /// A fresh secret. The prefix tells people and secret scanners what they are looking at.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn random(prefix: &str) -> Result<Self> {
        let mut bytes = random::<TOKEN_BYTES>()?;
        let token = format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(bytes));
        bytes.zeroize();
        Ok(Self(Zeroizing::new(token)))
    }

    /// The secret itself, for the one answer that hands it over.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored instead of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        token_hash(&self.0)
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(..)")
    }
}

/// The stored form of a bearer secret. A plain SHA-256 is enough, because the secret has 256 random bits
/// and cannot be guessed; never use it for something a person chose.
#[must_use]
pub fn token_hash(token: &str) -> [u8; 32] {
    digest(token.as_bytes())
}

/// SHA-256.
#[must_use]
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

/// Compares two secrets without telling by the time taken where they differ. Lengths are not secret.
#[must_use]
pub fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// A random code of decimal digits, every one equally likely: one-time codes sent to a phone.
///
/// # Errors
/// `internal` when the system has no randomness.
pub fn digits_random(length: usize) -> Result<String> {
    random_from(b"0123456789", length)
}

/// A random code of letters and digits that cannot be mistaken for each other: pickup codes, numbers on
/// receipts. Five bits each.
///
/// # Errors
/// `internal` when the system has no randomness.
pub fn readable_code_random(length: usize) -> Result<String> {
    random_from(READABLE, length)
}

/// Draws characters without bias: a byte beyond the largest multiple of the alphabet is thrown away.
fn random_from(alphabet: &[u8], length: usize) -> Result<String> {
    let fair = 256 - 256 % alphabet.len();
    let mut out = String::with_capacity(length);
    while out.len() < length {
        for byte in random::<32>()? {
            if usize::from(byte) < fair && out.len() < length {
                out.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(
            hex(&digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_token_is_fresh_prefixed_and_never_printed() {
        let (a, b) = (
            SecretToken::random("sls").unwrap(),
            SecretToken::random("sls").unwrap(),
        );
        assert_ne!(a.reveal(), b.reveal());
        assert!(a.reveal().starts_with("sls_") && a.reveal().len() == 4 + 43);
        assert_eq!(format!("{a:?}"), "SecretToken(..)");
        assert_eq!(a.hash(), token_hash(a.reveal()));
    }

    #[test]
    fn codes_have_the_length_asked_for_and_use_their_alphabet_evenly() {
        assert!(digits_random(0).unwrap().is_empty());
        let code = readable_code_random(8).unwrap();
        assert!(code.len() == 8 && code.bytes().all(|b| READABLE.contains(&b)));

        let digits = digits_random(20_000).unwrap();
        for digit in b'0'..=b'9' {
            let count = digits.bytes().filter(|&b| b == digit).count();
            assert!(
                (1_700..2_300).contains(&count),
                "{} came {count} times",
                char::from(digit)
            );
        }
    }

    #[test]
    fn comparison_is_by_content() {
        assert!(equal_in_constant_time(b"same", b"same"));
        assert!(!equal_in_constant_time(b"same", b"sane"));
        assert!(!equal_in_constant_time(b"same", b"longer"));
    }
}
