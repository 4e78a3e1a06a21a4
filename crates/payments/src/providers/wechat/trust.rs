//! Whose signature counts as WeChat Pay's: a public key handed over by hand, or platform certificates that are
//! downloaded and change over time; both while a merchant moves from these to that.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use base::{Error, Result, Time};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::{Certificate, RsaVerifier};
use http::HeaderMap;
use zeroize::Zeroizing;

use super::super::http::header;
use super::super::text::lacks;
use super::NAME;
use super::wire::{Certificates, Sealed};
use crate::settings::wrong;

/// How old downloaded certificates may grow. New ones are published five to ten days before they are used.
const RENEW_AFTER: Duration = Duration::from_secs(12 * 3600);
/// How often an unknown serial number may make us ask: anybody can send one.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// The signed parts of an answer or a notification.
pub(super) struct Proof<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    body: &'a [u8],
    pub(super) serial: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Proof<'a> {
    pub(super) fn of(headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        Self {
            timestamp: header(headers, "wechatpay-timestamp"),
            nonce: header(headers, "wechatpay-nonce"),
            serial: header(headers, "wechatpay-serial"),
            signature: header(headers, "wechatpay-signature"),
            body,
        }
    }

    /// What was signed.
    pub(super) fn message(&self) -> Vec<u8> {
        [
            self.timestamp.as_bytes(),
            b"\n",
            self.nonce.as_bytes(),
            b"\n",
            self.body,
            b"\n",
        ]
        .concat()
    }

    /// How far from now it was signed, back or ahead; none when it does not say.
    pub(super) fn age(&self, now: Time) -> Option<Duration> {
        let at = Time::from_seconds(self.timestamp.parse().ok()?);
        Some(now.since(at).max(at.since(now)))
    }
}

pub(super) struct Trust {
    v3_key: Zeroizing<[u8; 32]>,
    public: Option<(String, RsaVerifier)>,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    certificates: HashMap<String, Certificate>,
    renewed_at: Option<Time>,
    asked_at: Option<Time>,
}

impl Trust {
    pub(super) fn new(v3_key: [u8; 32], public: Option<(String, String)>) -> Result<Self> {
        let public = public
            .map(|(id, pem)| {
                let key = RsaVerifier::from_pem(&pem).map_err(|e| {
                    wrong(
                        "payments.wechat_pay.public_key_file",
                        "a PEM file with a public key",
                    )
                    .caused_by(e)
                })?;
                Ok::<_, Error>((id, key))
            })
            .transpose()?;
        Ok(Self {
            v3_key: Zeroizing::new(v3_key),
            public,
            known: RwLock::default(),
        })
    }

    pub(super) fn public_key_id(&self) -> Option<&str> {
        self.public.as_ref().map(|(id, _)| id.as_str())
    }

    /// Whether the certificates should be downloaded before this serial number is looked up.
    pub(super) fn wants_certificates(&self, now: Time, serial: &str) -> bool {
        if serial.is_empty() || serial.starts_with("PUB_KEY_ID_") {
            return false;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let rested = known.asked_at.is_none_or(|at| now.since(at) >= ASK_EVERY);
        let is_known = known.certificates.contains_key(serial);
        let is_old = known.renewed_at.is_none_or(|at| now.since(at) >= RENEW_AFTER);
        rested && (!is_known || is_old)
    }

    /// The certificates are being asked for.
    pub(super) fn asked(&self, now: Time) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .asked_at = Some(now);
    }

    pub(super) fn key(&self, now: Time, serial: &str) -> Option<RsaVerifier> {
        if let Some((id, key)) = &self.public
            && id == serial
        {
            return Some(key.clone());
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let certificate = known.certificates.get(serial)?;
        certificate.is_valid_at(now).then(|| certificate.key().clone())
    }

    pub(super) fn replace(&self, now: Time, fresh: Vec<Certificate>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.certificates = fresh.into_iter().map(|c| (c.serial_hex(), c)).collect();
        known.renewed_at = Some(now);
    }

    /// Opens what was sealed under the APIv3 key.
    pub(super) fn open(&self, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        if sealed.algorithm != "AEAD_AES_256_GCM" {
            return Err(lacks(NAME, "algorithm"));
        }
        let ciphertext = STANDARD
            .decode(&sealed.ciphertext)
            .map_err(|_| lacks(NAME, "ciphertext"))?;
        let associated = sealed.associated_data.as_deref().unwrap_or_default();
        crypto::peer_open(
            &self.v3_key,
            sealed.nonce.as_bytes(),
            associated.as_bytes(),
            &ciphertext,
        )
    }

    pub(super) fn open_certificates(&self, body: &[u8]) -> Result<Vec<Certificate>> {
        let sent: Certificates = serde_json::from_slice(body).map_err(|e| lacks(NAME, &e.to_string()))?;
        sent.data
            .iter()
            .map(|one| {
                let pem = self.open(&one.encrypt_certificate)?;
                let certificate = Certificate::from_pem(&String::from_utf8_lossy(&pem))?;
                if certificate.serial_hex() != one.serial_no {
                    return Err(lacks(NAME, "serial_no"));
                }
                Ok(certificate)
            })
            .collect()
    }
}
