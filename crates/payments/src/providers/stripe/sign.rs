//! `Stripe-Signature: t=<seconds>,v1=<hex>,v1=<hex>`: an HMAC over `t.body` under each secret of the endpoint.

use base::Time;

pub(super) struct Signature<'a> {
    pub(super) at: Time,
    timestamp: &'a str,
    /// Several while a secret is replaced. Schemes other than `v1` are not looked at, so that nobody can lead us
    /// to a weaker one.
    v1: Vec<&'a str>,
}

impl<'a> Signature<'a> {
    pub(super) fn read(header: &'a str) -> Option<Self> {
        let pairs = || header.split(',').filter_map(|part| part.trim().split_once('='));
        let timestamp = pairs().find(|(name, _)| *name == "t")?.1;
        let seconds: i64 = timestamp.parse().ok()?;
        Some(Self {
            at: Time::from_seconds(seconds),
            timestamp,
            v1: pairs()
                .filter(|(name, _)| *name == "v1")
                .map(|(_, hex)| hex)
                .collect(),
        })
    }

    pub(super) fn is_of(&self, secret: &str, body: &[u8]) -> bool {
        let signed = [self.timestamp.as_bytes(), b".", body].concat();
        let expected = crypto::hex(&crypto::peer_mac(secret.as_bytes(), &signed));
        let fits = |hex: &&str| crypto::equal_in_constant_time(hex.as_bytes(), expected.as_bytes());
        !secret.is_empty() && self.v1.iter().filter(|hex| fits(hex)).count() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_right_signature_of_several_is_enough_and_other_schemes_count_nothing() {
        let right = crypto::hex(&crypto::peer_mac(b"whsec_1", b"12.{}"));
        let of = |header: &str| Signature::read(header).is_some_and(|s| s.is_of("whsec_1", b"{}"));
        assert!(of(&format!("t=12,v1=00,v1={right}")));
        assert!(!of(&format!("t=12,v0={right}")));
        assert!(!of(&format!("t=13,v1={right}")));
        assert!(!of("t=12") && !of("v1=00") && !of("t=x,v1=00") && !of(""));
    }
}
