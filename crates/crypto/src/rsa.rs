//! Signatures that peers outside ask for: RSA with PKCS #1 v1.5 padding over SHA-256 (RFC 8017, 8.2).
//!
//! The arithmetic is ring's, which signs in constant time.

use std::fmt;

use base::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use x509_cert::der::Decode;
use x509_cert::spki::SubjectPublicKeyInfoRef;
use zeroize::Zeroizing;

use crate::error::PEER_KEY;
use crate::pem;

fn wrong(reason: impl fmt::Display) -> Error {
    Error::new(&PEER_KEY).with("reason", reason.to_string())
}

/// A private key that signs for us.
pub struct RsaSigner(RsaKeyPair);

impl RsaSigner {
    /// Reads a PEM file (`PRIVATE KEY` or `RSA PRIVATE KEY`), or its bare base64.
    ///
    /// # Errors
    /// `crypto.peer_key` with what is wrong; never with the key.
    pub fn from_pem(text: &str) -> Result<Self> {
        let der = Zeroizing::new(pem::one(text).map_err(wrong)?);
        RsaKeyPair::from_pkcs8(&der)
            .or_else(|_| RsaKeyPair::from_der(&der))
            .map(Self)
            .map_err(|reason| wrong(format!("not an RSA private key of 2048 bits or more ({reason})")))
    }

    /// The signature of a message, in base64.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn sign(&self, message: &[u8]) -> Result<String> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| Error::internal("a message could not be signed"))?;
        Ok(STANDARD.encode(signature))
    }
}

impl fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaSigner(..)")
    }
}

/// A public key whose owner signs for us to check.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaVerifier(Vec<u8>);

impl RsaVerifier {
    /// Reads a PEM file (`PUBLIC KEY`), or its bare base64.
    ///
    /// # Errors
    /// `crypto.peer_key` with what is wrong.
    pub fn from_pem(text: &str) -> Result<Self> {
        let der = pem::one(text).map_err(wrong)?;
        let info = SubjectPublicKeyInfoRef::from_der(&der)
            .map_err(|reason| wrong(format!("not a public key ({reason})")))?;
        Ok(Self(info.subject_public_key.raw_bytes().to_vec()))
    }

    pub(crate) fn of_bits(bits: &[u8]) -> Self {
        Self(bits.to_vec())
    }

    /// Whether the owner of the key signed this very message; false for anything that is not base64.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else {
            return false;
        };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0)
            .verify(message, &signature)
            .is_ok()
    }
}

impl fmt::Debug for RsaVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaVerifier(..)")
    }
}
