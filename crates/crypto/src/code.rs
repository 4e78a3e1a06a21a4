//! Short-lived signed codes: what a member's phone shows at the till.
//!
//! Layout before base64url: version (1 byte) ‖ key id (4) ‖ expiry in seconds since the epoch (8) ‖ payload ‖
//! the first 16 bytes of HMAC-SHA-256 over all before it. The payload is readable by anybody: put an
//! identifier in it, never personal data.

use base::{Error, Result, Time};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{CODE_EXPIRED, CODE_INVALID, KEY_UNKNOWN};
use crate::ring::{KeyId, KeyRing, Purpose};
use crate::secret::equal_in_constant_time;

const VERSION: u8 = 1;
const HEAD: usize = 1 + 4 + 8;
const TAG: usize = 16;

/// The longest code that is looked at, in characters.
const LIMIT: usize = 1_024;

const MICROS: i64 = 1_000_000;

impl KeyRing {
    /// Signs a payload until `expires_at`, to the second.
    ///
    /// # Errors
    /// `internal`; does not happen with a ring that was made by this crate.
    pub fn code_sign(&self, purpose: Purpose, payload: &[u8], expires_at: Time) -> Result<String> {
        let mut bytes = Vec::with_capacity(HEAD + payload.len() + TAG);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.current().get().to_be_bytes());
        bytes.extend_from_slice(&expires_at.micros().div_euclid(MICROS).to_be_bytes());
        bytes.extend_from_slice(payload);
        let mac = self.mac(purpose, &bytes)?;
        bytes.extend_from_slice(&mac[..TAG]);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The payload of a code that this ring signed and that is still in time.
    ///
    /// # Errors
    /// `crypto.code_invalid`, `crypto.code_expired`.
    pub fn code_verify(&self, purpose: Purpose, code: &str, now: Time) -> Result<Vec<u8>> {
        let invalid = || Error::new(&CODE_INVALID);
        if code.len() > LIMIT {
            return Err(invalid());
        }
        let bytes = URL_SAFE_NO_PAD.decode(code).map_err(|_| invalid())?;
        let (signed, tag) = bytes.split_last_chunk::<TAG>().ok_or_else(invalid)?;
        let (head, payload) = signed.split_first_chunk::<HEAD>().ok_or_else(invalid)?;
        let [version, a, b, c, d, expiry @ ..] = *head;
        let id = KeyId::new(u32::from_be_bytes([a, b, c, d])).filter(|_| version == VERSION);
        let mac = self
            .mac_with(id.ok_or_else(invalid)?, purpose, signed)
            .map_err(|e| if e.is(&KEY_UNKNOWN) { invalid() } else { e })?;
        if !equal_in_constant_time(&mac[..TAG], tag) {
            return Err(invalid());
        }
        if now.micros() >= i64::from_be_bytes(expiry).saturating_mul(MICROS) {
            return Err(Error::new(&CODE_EXPIRED));
        }
        Ok(payload.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    const MEMBER: Purpose = Purpose::new("test.member_code");

    fn noon() -> Time {
        Time::from_seconds(1_800_000_000)
    }

    proptest! {
        #[test]
        fn a_code_tells_its_payload_until_its_time(payload in prop::collection::vec(any::<u8>(), 0..64)) {
            let ring = KeyRing::ephemeral().unwrap();
            let until = noon().after(Duration::from_secs(120));
            let code = ring.code_sign(MEMBER, &payload, until).unwrap();
            prop_assert_eq!(ring.code_verify(MEMBER, &code, noon()).unwrap(), payload);
            prop_assert!(ring.code_verify(MEMBER, &code, until).unwrap_err().is(&CODE_EXPIRED));
        }

        #[test]
        fn a_changed_code_is_refused(at: prop::sample::Index, by in 1u8..=255) {
            let ring = KeyRing::ephemeral().unwrap();
            let code = ring.code_sign(MEMBER, b"mem", noon()).unwrap();
            let mut bytes = URL_SAFE_NO_PAD.decode(&code).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= by;
            let forged = URL_SAFE_NO_PAD.encode(bytes);
            let refused = ring.code_verify(MEMBER, &forged, Time::from_seconds(0)).unwrap_err();
            prop_assert!(refused.is(&CODE_INVALID));
        }

        #[test]
        fn rubbish_never_panics(code in ".*") {
            let ring = KeyRing::ephemeral().unwrap();
            prop_assert!(ring.code_verify(MEMBER, &code, noon()).is_err());
        }
    }

    #[test]
    fn a_code_of_another_ring_or_purpose_is_refused() {
        let (ring, other) = (KeyRing::ephemeral().unwrap(), KeyRing::ephemeral().unwrap());
        let code = ring.code_sign(MEMBER, b"mem", noon()).unwrap();
        assert!(
            other
                .code_verify(MEMBER, &code, Time::from_seconds(0))
                .unwrap_err()
                .is(&CODE_INVALID)
        );
        let elsewhere = Purpose::new("test.elsewhere");
        assert!(
            ring.code_verify(elsewhere, &code, Time::from_seconds(0))
                .unwrap_err()
                .is(&CODE_INVALID)
        );
    }
}
