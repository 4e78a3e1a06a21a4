//! What protocols of peers outside prescribe, none of it for anything of our own.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base::{Error, Result};
use md5::Md5;
use sha1::Sha1;
use sha2::Digest;
use zeroize::Zeroizing;

use crate::error::UNREADABLE;
use crate::hex;

/// Opens what a peer sealed with AES-256-GCM under a shared key, with the nonce it sent along.
///
/// # Errors
/// `crypto.unreadable` when anything of it was altered or the key is another one.
pub fn peer_open(
    key: &[u8; 32],
    nonce: &[u8],
    associated: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let unreadable = || Error::new(&UNREADABLE);
    let nonce: [u8; 12] = nonce.try_into().map_err(|_| unreadable())?;
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
        .decrypt(
            &Nonce::from(nonce),
            Payload {
                msg: ciphertext,
                aad: associated,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| unreadable())
}

/// HMAC-SHA-256 (RFC 2104) under a shared key of any length.
#[must_use]
pub fn peer_mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key);
    let mut out = [0; 32];
    out.copy_from_slice(ring::hmac::sign(&key, message).as_ref());
    out
}

/// SHA-1 in hexadecimal: tells a torn download, proves nothing.
#[must_use]
pub fn peer_sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

/// MD5 in hexadecimal: a name for a certificate, proves nothing.
#[must_use]
pub fn peer_md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Random letters and digits for a request's nonce.
///
/// # Errors
/// `internal` when the system has no randomness.
pub fn peer_nonce() -> Result<String> {
    Ok(hex(&crate::secret::random::<16>()?).to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standards_say() {
        // RFC 4231, test case 2; FIPS 180, RFC 1321.
        assert_eq!(
            hex(&peer_mac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(peer_sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(peer_md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_ne!(peer_nonce().unwrap(), peer_nonce().unwrap());
    }
}
