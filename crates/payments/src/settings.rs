//! What an installation says about its providers. Secrets come from files or the environment, and are printed
//! by nothing.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use base::{Error, Result};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use crate::error::CONFIGURATION;
use crate::provider::Provider;
use crate::providers::{Alipay, Place, Stripe, WechatPay};

/// Every payment provider's settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentsConfig {
    /// Whether shoppers may pay on the built-in sandbox: for trying the product out, never in a real shop.
    pub sandbox: bool,
    /// Longest time a provider is waited for, in milliseconds.
    pub timeout_ms: u64,
    /// Which tender of an order paid with several gives back first.
    pub refund_order: RefundOrder,
    /// WeChat Pay.
    pub wechat_pay: WechatPayConfig,
    /// Alipay.
    pub alipay: AlipayConfig,
    /// Stripe.
    pub stripe: StripeConfig,
}

impl Default for PaymentsConfig {
    fn default() -> Self {
        Self {
            sandbox: true,
            timeout_ms: 10_000,
            refund_order: RefundOrder::default(),
            wechat_pay: WechatPayConfig::default(),
            alipay: AlipayConfig::default(),
            stripe: StripeConfig::default(),
        }
    }
}

/// WeChat Pay, API v3; on when `merchant_id` is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatPayConfig {
    /// Its host.
    pub base_url: String,
    /// The official account, mini program or app that the payer pays in.
    pub app_id: String,
    /// Our merchant number (mchid).
    pub merchant_id: String,
    /// The serial number of our API certificate.
    pub merchant_serial: String,
    /// Our API certificate's private key, PEM.
    pub private_key: Secret,
    /// A file with it.
    pub private_key_file: String,
    /// The APIv3 key: 32 characters.
    pub api_v3_key: Secret,
    /// A file with it.
    pub api_v3_key_file: String,
    /// The id of WeChat Pay's public key, `PUB_KEY_ID_…`; empty where platform certificates are used.
    pub public_key_id: String,
    /// A file with that public key, PEM.
    pub public_key_file: String,
}

impl Default for WechatPayConfig {
    fn default() -> Self {
        Self {
            base_url: "https://api.mch.weixin.qq.com".to_owned(),
            app_id: String::new(),
            merchant_id: String::new(),
            merchant_serial: String::new(),
            private_key: Secret::default(),
            private_key_file: String::new(),
            api_v3_key: Secret::default(),
            api_v3_key_file: String::new(),
            public_key_id: String::new(),
            public_key_file: String::new(),
        }
    }
}

/// Alipay; on when `app_id` is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlipayConfig {
    /// Its gateway.
    pub base_url: String,
    /// Our application.
    pub app_id: String,
    /// Our account (2088…), which notifications must name.
    pub seller_id: String,
    /// Our application's private key, PEM or bare base64.
    pub private_key: Secret,
    /// A file with it.
    pub private_key_file: String,
    /// A file with Alipay's public key; in key mode.
    pub public_key_file: String,
    /// A file with our application's certificate; in certificate mode.
    pub app_certificate_file: String,
    /// A file with Alipay's certificate; in certificate mode.
    pub alipay_certificate_file: String,
    /// A file with Alipay's root certificates; in certificate mode.
    pub root_certificate_file: String,
}

impl Default for AlipayConfig {
    fn default() -> Self {
        Self {
            base_url: "https://openapi.alipay.com/gateway.do".to_owned(),
            app_id: String::new(),
            seller_id: String::new(),
            private_key: Secret::default(),
            private_key_file: String::new(),
            public_key_file: String::new(),
            app_certificate_file: String::new(),
            alipay_certificate_file: String::new(),
            root_certificate_file: String::new(),
        }
    }
}

/// Stripe; on when `publishable_key` is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StripeConfig {
    /// Its host.
    pub base_url: String,
    /// The key that browsers may see.
    pub publishable_key: String,
    /// The key that they may not.
    pub secret_key: Secret,
    /// A file with it.
    pub secret_key_file: String,
    /// The webhook endpoint's signing secret, `whsec_…`; several, separated by commas, while one is replaced.
    pub webhook_secret: Secret,
    /// A file with it.
    pub webhook_secret_file: String,
    /// When money is taken.
    pub capture: CaptureMode,
}

impl Default for StripeConfig {
    fn default() -> Self {
        Self {
            base_url: "https://api.stripe.com".to_owned(),
            publishable_key: String::new(),
            secret_key: Secret::default(),
            secret_key_file: String::new(),
            webhook_secret: Secret::default(),
            webhook_secret_file: String::new(),
            capture: CaptureMode::Automatic,
        }
    }
}

/// When money is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureMode {
    /// When the payer says yes.
    Automatic,
    /// Reserved when the payer says yes, taken when the stock is certain; given up without a refund otherwise.
    Manual,
}

/// In which order the tenders of one order give back what they paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundOrder {
    /// The one that paid first.
    #[default]
    FirstPaidFirst,
    /// Gift cards before all others.
    GiftCardsFirst,
    /// Gift cards after all others.
    GiftCardsLast,
}

/// A value that nothing prints.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Of a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() {
            "Secret(empty)"
        } else {
            "Secret(..)"
        })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0.is_empty() { "" } else { "(hidden)" })
    }
}

impl PaymentsConfig {
    /// The providers outside that are set up. `public_url` is how they reach this server.
    ///
    /// # Errors
    /// `payment.configuration` with the key and what it should be; never with a secret.
    pub fn providers(&self, public_url: &str) -> Result<Vec<Box<dyn Provider>>> {
        let mut providers: Vec<Box<dyn Provider>> = Vec::new();
        let place = |name: &str, base_url: &str| -> Result<Place> {
            if !(1..=60_000).contains(&self.timeout_ms) {
                return Err(wrong("payments.timeout_ms", "1 to 60000"));
            }
            is_safe(&format!("payments.{name}.base_url"), base_url)?;
            Ok(Place {
                base_url: base_url.trim_end_matches('/').to_owned(),
                notify_url: format!("{public_url}/api/v1/payments/notify/{name}"),
                return_url: format!("{public_url}/shop/pay"),
                timeout: Duration::from_millis(self.timeout_ms),
            })
        };
        if !self.wechat_pay.merchant_id.is_empty() {
            let place = place("wechat_pay", &self.wechat_pay.base_url)?;
            providers.push(Box::new(WechatPay::new(&self.wechat_pay, place)?));
        }
        if !self.alipay.app_id.is_empty() {
            let place = place("alipay", &self.alipay.base_url)?;
            providers.push(Box::new(Alipay::new(&self.alipay, place)?));
        }
        if !self.stripe.publishable_key.is_empty() {
            let place = place("stripe", &self.stripe.base_url)?;
            providers.push(Box::new(Stripe::new(&self.stripe, place)?));
        }
        Ok(providers)
    }
}

pub(crate) fn wrong(key: &str, expected: impl fmt::Display) -> Error {
    Error::new(&CONFIGURATION)
        .with("key", key)
        .with("expected", expected.to_string())
}

/// A value that must be there.
pub(crate) fn required<'a>(key: &str, value: &'a str) -> Result<&'a str> {
    let value = value.trim();
    if value.is_empty() {
        return Err(wrong(key, "not empty"));
    }
    Ok(value)
}

/// A secret, from the environment or its file.
pub(crate) fn secret(key: &str, value: &Secret, file: &str) -> Result<String> {
    if file.is_empty() {
        return required(key, &value.0).map(str::to_owned);
    }
    read(&format!("{key}_file"), file)
}

/// A file's text, trimmed.
pub(crate) fn read(key: &str, file: &str) -> Result<String> {
    let path = required(key, file)?;
    let text = std::fs::read_to_string(Path::new(path))
        .map_err(|reason| wrong(key, format!("a readable file ({path}: {reason})")))?;
    required(key, &text).map(str::to_owned)
}

/// Money is talked about over TLS only, except with a peer on this very machine.
fn is_safe(key: &str, url: &str) -> Result<()> {
    let host = |rest: &str| rest.split(['/', ':']).next().unwrap_or_default().to_owned();
    let safe = url
        .strip_prefix("https://")
        .is_some_and(|rest| !host(rest).is_empty())
        || url
            .strip_prefix("http://")
            .is_some_and(|rest| matches!(host(rest).as_str(), "127.0.0.1" | "localhost"));
    if safe {
        return Ok(());
    }
    Err(wrong(key, "an https:// address (http:// only for 127.0.0.1)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_printed_by_nothing() {
        let mut config = PaymentsConfig::default();
        config.stripe.secret_key = Secret::new("sk_live_1");
        let printed = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!printed.contains("sk_live_1"), "{printed}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut config = PaymentsConfig::default();
        config.stripe.publishable_key = "pk_1".into();
        let error = config.providers("http://shop").err().unwrap();
        assert!(
            error.is(&CONFIGURATION) && format!("{error:?}").contains("payments.stripe.secret_key"),
            "{error:?}"
        );
        config.stripe.base_url = "http://api.stripe.com".into();
        let error = config.providers("http://shop").err().unwrap();
        assert!(
            format!("{error:?}").contains("payments.stripe.base_url"),
            "{error:?}"
        );
        assert!(PaymentsConfig::default().providers("").unwrap().is_empty());
    }

    #[test]
    fn money_is_not_talked_about_in_the_clear() {
        for url in [
            "https://api.stripe.com",
            "http://127.0.0.1:8080/x",
            "http://localhost",
        ] {
            assert!(is_safe("k", url).is_ok(), "{url}");
        }
        for url in [
            "http://127.0.0.1.evil.example",
            "http://api",
            "ftp://x",
            "",
            "https://",
        ] {
            assert!(is_safe("k", url).is_err(), "{url}");
        }
    }
}
