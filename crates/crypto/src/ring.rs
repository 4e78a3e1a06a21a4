//! The key ring: every master key still needed, the newest of which seals.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base::{Error, Result};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::envelope::{self, DataKey};
use crate::error::{KEY_UNKNOWN, UNREADABLE};
use crate::secret::{equal_in_constant_time, random};

/// Names a master key. Higher is newer; zero is never used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyId(u32);

impl KeyId {
    pub(crate) const FIRST: Self = Self(1);

    /// The key of that number, unless it is zero.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// What a key is used for, `domain.use`. Each purpose has a key of its own, derived from the master key, so
/// that a value of one purpose means nothing to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Purpose(&'static str);

impl Purpose {
    /// Declares a purpose. The name is part of the derivation and must never change.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }
}

pub(crate) type MasterKey = Zeroizing<[u8; 32]>;

/// The master keys. Cheap to clone; never printed.
#[derive(Clone)]
pub struct KeyRing {
    keys: Arc<BTreeMap<KeyId, MasterKey>>,
    current: KeyId,
}

impl KeyRing {
    /// A ring with one fresh key that dies with the process: for tests and throw-away data.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn ephemeral() -> Result<Self> {
        let key = Zeroizing::new(random()?);
        Ok(Self {
            keys: Arc::new([(KeyId::FIRST, key)].into()),
            current: KeyId::FIRST,
        })
    }

    /// The ring of these keys; `None` when there are none.
    pub(crate) fn from_keys(keys: BTreeMap<KeyId, MasterKey>) -> Option<Self> {
        let current = *keys.keys().next_back()?;
        Some(Self {
            keys: Arc::new(keys),
            current,
        })
    }

    /// The numbers of its keys, the oldest first.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.keys.keys().copied()
    }

    pub(crate) fn keys(&self) -> &BTreeMap<KeyId, MasterKey> {
        &self.keys
    }

    /// The key new values are sealed with.
    #[must_use]
    pub const fn current(&self) -> KeyId {
        self.current
    }

    /// Seals a value under the current key, bound to `associated` (say which record and column it is, so
    /// that it cannot be moved to another).
    ///
    /// A random nonce allows 2³² values for each purpose and master key (NIST SP 800-38D); rotate before.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn seal(&self, purpose: Purpose, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let key = self.derive(self.current, "seal", purpose)?;
        envelope::seal(&key, self.current.get(), associated, plain)
    }

    /// Opens a value sealed under any key of the ring for the same purpose and `associated`.
    ///
    /// # Errors
    /// `crypto.unreadable` when altered or moved; `crypto.key_unknown` when its key is not on the ring.
    pub fn open(&self, purpose: Purpose, associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let id = self.key_of(sealed).ok_or_else(|| Error::new(&UNREADABLE))?;
        let key = self.derive(id, "seal", purpose)?;
        envelope::open(&key, associated, sealed)
    }

    /// The key a sealed value names: rows whose key is not [`Self::current`] want sealing again.
    #[must_use]
    pub fn key_of(&self, sealed: &[u8]) -> Option<KeyId> {
        envelope::key_id(sealed).and_then(KeyId::new)
    }

    /// Seals a data key, so that it can be stored beside what it protects.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn wrap(&self, purpose: Purpose, associated: &[u8], key: &DataKey) -> Result<Vec<u8>> {
        self.seal(purpose, associated, key.bytes())
    }

    /// Opens a data key.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn unwrap_key(&self, purpose: Purpose, associated: &[u8], wrapped: &[u8]) -> Result<DataKey> {
        DataKey::from_bytes(&self.open(purpose, associated, wrapped)?)
    }

    /// A keyed fingerprint (HMAC-SHA-256) under the current key.
    ///
    /// # Errors
    /// `internal`; does not happen with a ring that was made by this crate.
    pub fn mac(&self, purpose: Purpose, data: &[u8]) -> Result<[u8; 32]> {
        self.mac_with(self.current, purpose, data)
    }

    /// The fingerprint under a given key, to check one that was made before a rotation.
    ///
    /// # Errors
    /// `crypto.key_unknown`.
    pub fn mac_with(&self, id: KeyId, purpose: Purpose, data: &[u8]) -> Result<[u8; 32]> {
        let key = self.derive(id, "mac", purpose)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(Error::internal)?;
        mac.update(data);
        Ok(mac.finalize().into_bytes().into())
    }

    /// The fingerprints of a value under every key, newest first: what to look for when a sealed column is
    /// searched by its fingerprint. New rows store the first.
    ///
    /// # Errors
    /// `internal`; does not happen with a ring that was made by this crate.
    pub fn macs(&self, purpose: Purpose, data: &[u8]) -> Result<Vec<[u8; 32]>> {
        self.keys
            .keys()
            .rev()
            .map(|&id| self.mac_with(id, purpose, data))
            .collect()
    }

    /// Whether a fingerprint is that of `data`, under any key, in constant time for each.
    ///
    /// # Errors
    /// `internal`; does not happen with a ring that was made by this crate.
    pub fn mac_matches(&self, purpose: Purpose, data: &[u8], mac: &[u8]) -> Result<bool> {
        Ok(self
            .macs(purpose, data)?
            .iter()
            .any(|known| equal_in_constant_time(known, mac)))
    }

    fn derive(&self, id: KeyId, usage: &str, purpose: Purpose) -> Result<MasterKey> {
        let master = self
            .keys
            .get(&id)
            .ok_or_else(|| Error::new(&KEY_UNKNOWN).with("key_id", id.get()))?;
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, master.as_slice())
            .expand_multi_info(
                &[b"storeloop/1/", usage.as_bytes(), b"/", purpose.0.as_bytes()],
                &mut *key,
            )
            .map_err(|_| Error::internal("a derived key of 32 bytes was refused"))?;
        Ok(key)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "KeyRing({} keys, current {})",
            self.keys.len(),
            self.current.get()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PHONE: Purpose = Purpose::new("test.phone");
    const NAME: Purpose = Purpose::new("test.name");

    fn ring(numbers: &[u32]) -> KeyRing {
        let keys = numbers
            .iter()
            .map(|&n| (KeyId::new(n).unwrap(), Zeroizing::new([n as u8; 32])));
        KeyRing::from_keys(keys.collect()).unwrap()
    }

    proptest! {
        #[test]
        fn rotation_keeps_the_old_readable(plain: Vec<u8>, associated: Vec<u8>) {
            let (before, after) = (ring(&[1]), ring(&[1, 2]));
            let sealed = before.seal(PHONE, &associated, &plain).unwrap();
            prop_assert_eq!(&*after.open(PHONE, &associated, &sealed).unwrap(), &plain);
            prop_assert_eq!(after.key_of(&sealed), KeyId::new(1));

            let again = after.seal(PHONE, &associated, &plain).unwrap();
            prop_assert_eq!(after.key_of(&again), KeyId::new(2));
            prop_assert!(before.open(PHONE, &associated, &again).unwrap_err().is(&KEY_UNKNOWN));
        }

        #[test]
        fn a_purpose_cannot_read_another(plain: Vec<u8>) {
            let ring = ring(&[1]);
            let sealed = ring.seal(PHONE, b"", &plain).unwrap();
            prop_assert!(ring.open(NAME, b"", &sealed).unwrap_err().is(&UNREADABLE));
        }
    }

    #[test]
    fn a_fingerprint_survives_rotation() {
        let (before, after) = (ring(&[1]), ring(&[1, 2]));
        let old = before.mac(PHONE, b"+8613800008000").unwrap();
        assert!(after.mac_matches(PHONE, b"+8613800008000", &old).unwrap());
        assert_ne!(after.mac(PHONE, b"+8613800008000").unwrap(), old);
        assert!(!after.mac_matches(PHONE, b"+8613800008001", &old).unwrap());
        assert!(!after.mac_matches(NAME, b"+8613800008000", &old).unwrap());
    }

    #[test]
    fn a_wrapped_key_opens_what_it_sealed() {
        let ring = ring(&[3]);
        let key = DataKey::random().unwrap();
        let wrapped = ring.wrap(PHONE, b"mem_1", &key).unwrap();
        let sealed = key.seal(b"name", "李雷".as_bytes()).unwrap();
        let again = ring.unwrap_key(PHONE, b"mem_1", &wrapped).unwrap();
        assert_eq!(&*again.open(b"name", &sealed).unwrap(), "李雷".as_bytes());
        assert!(ring.unwrap_key(PHONE, b"mem_2", &wrapped).is_err());
    }

    #[test]
    fn the_keys_are_not_printed() {
        assert_eq!(format!("{:?}", ring(&[1, 7])), "KeyRing(2 keys, current 7)");
    }
}
