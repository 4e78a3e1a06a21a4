//! The sealed form of a value: AES-256-GCM with a random nonce, the key named in front.
//!
//! Layout: version (1 byte) ‖ key id (4, big endian) ‖ nonce (12) ‖ ciphertext ‖ tag (16). Version and key
//! id are authenticated together with the associated data.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base::{Error, Result};
use zeroize::Zeroizing;

use crate::error::UNREADABLE;
use crate::secret::random;

const VERSION: u8 = 1;
const HEADER: usize = 5;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Bytes that sealing adds.
#[cfg(test)]
pub(crate) const OVERHEAD: usize = HEADER + NONCE + TAG;

/// Marks a value sealed under a [`DataKey`], which has no place on the ring.
const NO_RING_KEY: u32 = 0;

pub(crate) fn seal(key: &[u8; 32], key_id: u32, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let header = header(key_id);
    let nonce = random::<NONCE>()?;
    let bound = bind(&header, associated);
    let ciphertext = cipher(key)
        .encrypt(
            &Nonce::from(nonce),
            Payload {
                msg: plain,
                aad: &bound,
            },
        )
        .map_err(|_| Error::internal("a value is too long to seal"))?;

    let mut sealed = Vec::with_capacity(HEADER + NONCE + ciphertext.len());
    sealed.extend_from_slice(&header);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

pub(crate) fn open(key: &[u8; 32], associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let unreadable = || Error::new(&UNREADABLE);
    let (header, rest) = sealed.split_first_chunk::<HEADER>().ok_or_else(unreadable)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    if header[0] != VERSION || ciphertext.len() < TAG {
        return Err(unreadable());
    }
    let bound = bind(header, associated);
    cipher(key)
        .decrypt(
            &Nonce::from(*nonce),
            Payload {
                msg: ciphertext,
                aad: &bound,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| unreadable())
}

/// The key a sealed value names.
pub(crate) fn key_id(sealed: &[u8]) -> Option<u32> {
    match sealed {
        [VERSION, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
}

fn header(key_id: u32) -> [u8; HEADER] {
    let [a, b, c, d] = key_id.to_be_bytes();
    [VERSION, a, b, c, d]
}

fn bind(header: &[u8; HEADER], associated: &[u8]) -> Vec<u8> {
    [header.as_slice(), associated].concat()
}

/// A key for the data of one person or thing. Kept only wrapped by the ring; destroying the wrapped form
/// makes everything sealed with it unreadable for ever, which is how a person is erased.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A fresh key.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let key: [u8; 32] = bytes.try_into().map_err(|_| Error::new(&UNREADABLE))?;
        Ok(Self(Zeroizing::new(key)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Seals a value, bound to `associated` (the record and column it belongs to).
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn seal(&self, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        seal(&self.0, NO_RING_KEY, associated, plain)
    }

    /// Opens a value sealed with this key for the same `associated`.
    ///
    /// # Errors
    /// `crypto.unreadable`.
    pub fn open(&self, associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open(&self.0, associated, sealed)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_sealed_opens(plain: Vec<u8>, associated: Vec<u8>) {
            let key = DataKey::random().unwrap();
            let sealed = key.seal(&associated, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + OVERHEAD);
            prop_assert_eq!(&*key.open(&associated, &sealed).unwrap(), &plain);
        }

        #[test]
        fn one_changed_bit_closes_it(plain: Vec<u8>, at: prop::sample::Index, bit in 0u8..8) {
            let key = DataKey::random().unwrap();
            let mut sealed = key.seal(b"here", &plain).unwrap();
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(key.open(b"here", &sealed).is_err());
        }

        #[test]
        fn it_opens_only_where_it_belongs(plain: Vec<u8>, here: Vec<u8>, there: Vec<u8>) {
            prop_assume!(here != there);
            let key = DataKey::random().unwrap();
            let sealed = key.seal(&here, &plain).unwrap();
            prop_assert!(key.open(&there, &sealed).is_err());
            prop_assert!(DataKey::random().unwrap().open(&here, &sealed).is_err());
        }

        #[test]
        fn rubbish_never_panics(sealed: Vec<u8>) {
            prop_assert!(DataKey::random().unwrap().open(b"", &sealed).is_err());
        }
    }

    #[test]
    fn sealing_twice_looks_different() {
        let key = DataKey::random().unwrap();
        assert_ne!(key.seal(b"", b"x").unwrap(), key.seal(b"", b"x").unwrap());
        assert_eq!(format!("{key:?}"), "DataKey(..)");
    }
}
