//! The house's cryptography: small doors over well-known parts, so that no other crate picks an algorithm.
//!
//! Owns: password hashing (Argon2id), random secrets and their hashes (SHA-256), sealing of fields
//! (AES-256-GCM), the key ring with its rotation, short-lived signed codes (HMAC-SHA-256), one-time
//! passwords (RFC 6238); what protocols of peers outside prescribe: RSA signatures, certificates, their
//! sealed messages.
//! Never does: store anything but its own key file, decide who may do what, log.
//! Invariants: a key or a secret is never printed by `Debug`; whatever was sealed under a key that is still
//! on the ring opens, and anything altered, moved to another record or used for another purpose does not;
//! secrets are compared in constant time.

mod certificate;
mod code;
mod envelope;
mod error;
mod keyfile;
mod password;
mod peer;
mod pem;
mod ring;
mod rsa;
mod secret;
mod totp;

pub use certificate::Certificate;
pub use envelope::DataKey;
pub use error::{BUSY, CODE_EXPIRED, CODE_INVALID, ERRORS, KEY_FILE, KEY_UNKNOWN, PEER_KEY, UNREADABLE};
pub use password::{Cost, Passwords, Verdict};
pub use peer::{peer_mac, peer_md5, peer_nonce, peer_open, peer_sha1};
pub use ring::{KeyId, KeyRing, Purpose};
pub use rsa::{RsaSigner, RsaVerifier};
pub use secret::{
    SecretToken, digest, digits_random, equal_in_constant_time, hex, readable_code_random, token_hash,
};
pub use totp::{TotpSecret, TotpStep};
