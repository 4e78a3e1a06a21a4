//! Stripe's PaymentIntents: <https://docs.stripe.com/api/payment_intents>.
//!
//! Requests are authorised by a key over TLS and made once by `Idempotency-Key`; webhooks are believed only with
//! a fresh HMAC under the endpoint's secret.

mod balance;
mod sign;

use base::{Error, Money, Result, Time};
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use serde_json::Value;

use super::http::Http;
use super::text::{currency, escaped, form, lacks};
use super::{Place, TOLERANCE};
use crate::error::{
    NOT_SUPPORTED, NOTIFICATION_MALFORMED, NOTIFICATION_STALE, NOTIFICATION_UNPROVED, PROVIDER_REFUSED,
    PROVIDER_UNREACHABLE,
};
use crate::model::{ProviderName, Refund};
use crate::outside::{Action, Ask, Call, Notice, Opened, RefundSaid, Sent, Told, Way, What};
use crate::provider::Provider;
use crate::settings::{CaptureMode, Secret, StripeConfig, required, secret};
use crate::statement::{Day, StatementLine};

const NAME: &str = "stripe";
/// The version of the API this is written to; an account's default may be another.
const VERSION: &str = "2025-03-31.basil";
/// Where our name for a payment is kept.
const PAYMENT_KEY: &str = "storeloop_payment";
/// Where our name for a refund is kept.
const REFUND_KEY: &str = "storeloop_refund";

/// The adapter.
pub(crate) struct Stripe {
    place: Place,
    http: Http,
    publishable_key: String,
    secret_key: String,
    webhook_secrets: Vec<String>,
    capture: CaptureMode,
}

impl Stripe {
    pub(crate) fn new(config: &StripeConfig, place: Place) -> Result<Self> {
        let read =
            |name: &str, value: &Secret, file: &str| secret(&format!("payments.stripe.{name}"), value, file);
        let secret_key = read("secret_key", &config.secret_key, &config.secret_key_file)?;
        let secrets = read(
            "webhook_secret",
            &config.webhook_secret,
            &config.webhook_secret_file,
        )?;
        Ok(Self {
            secret_key,
            webhook_secrets: secrets.split(',').map(|one| one.trim().to_owned()).collect(),
            publishable_key: required("payments.stripe.publishable_key", &config.publishable_key)?.to_owned(),
            http: Http::new(NAME, &place.base_url, place.timeout)?,
            capture: config.capture,
            place,
        })
    }

    /// One call. The key makes its repetition harmless.
    async fn call(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        pairs: &[(&str, &str)],
    ) -> Result<Value> {
        let mut request = Request::builder()
            .method(&method)
            .uri(format!("{}{path}", self.place.base_url))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.secret_key))
            .header(header::USER_AGENT, "Storeloop")
            .header("stripe-version", VERSION);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            form(pairs.iter().copied())
        } else {
            String::new()
        };
        let answer = self
            .http
            .send(request.body(Full::from(body)).map_err(Error::internal)?)
            .await?;
        let unknown = answer.status.is_server_error()
            || matches!(
                answer.status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::CONFLICT
            );
        if unknown {
            // 409: the same key is being worked on at this moment.
            return Err(Error::new(&PROVIDER_UNREACHABLE).with("provider", NAME));
        }
        let value: Value = serde_json::from_slice(&answer.body).map_err(|e| lacks(NAME, &e.to_string()))?;
        if answer.status.is_success() {
            return Ok(value);
        }
        let error = &value["error"];
        let code = [&error["code"], &error["decline_code"], &error["type"]]
            .into_iter()
            .find_map(|one| one.as_str())
            .unwrap_or("unknown");
        Err(Error::new(&PROVIDER_REFUSED)
            .with("provider", NAME)
            .with("code", code)
            .with("reason", error["message"].as_str().unwrap_or_default()))
    }

    async fn create(&self, call: Call<'_>, ask: &Ask) -> Result<Opened> {
        if ask.way != Way::Intent {
            return Err(Error::new(&NOT_SUPPORTED)
                .with("provider", NAME)
                .with("what", ask.way.as_str()));
        }
        let value = self.intent(call, &ask.subject).await?;
        let reference = text(&value, "id")?.to_owned();
        Ok(Opened {
            action: Action::StripeIntent {
                publishable_key: self.publishable_key.clone(),
                client_secret: text(&value, "client_secret")?.to_owned(),
            },
            reference: Some(reference),
        })
    }

    /// Makes the intent; the same one however often it is asked for.
    async fn intent(&self, call: Call<'_>, subject: &str) -> Result<Value> {
        let (id, amount) = (
            call.payment.id.to_string(),
            call.payment.balance.amount.to_string(),
        );
        let unit = call.payment.currency.as_str().to_ascii_lowercase();
        let metadata = format!("metadata[{PAYMENT_KEY}]");
        let mode = match self.capture {
            CaptureMode::Automatic => "automatic",
            CaptureMode::Manual => "manual",
        };
        let pairs = [
            ("amount", amount.as_str()),
            ("currency", unit.as_str()),
            ("capture_method", mode),
            ("automatic_payment_methods[enabled]", "true"),
            ("description", subject),
            (metadata.as_str(), id.as_str()),
        ];
        self.call(Method::POST, "/v1/payment_intents", Some(&id), &pairs)
            .await
    }

    /// The path of the payment's intent; none while its name is not known.
    fn path(call: Call<'_>) -> Option<String> {
        let reference = call.session?.reference.as_deref()?;
        Some(format!("/v1/payment_intents/{}", escaped(reference)))
    }

    async fn how(&self, call: Call<'_>) -> Result<Vec<Told>> {
        let Some(path) = Self::path(call) else {
            // The answer to the making of it was lost, and without its name nobody can have paid it.
            return Ok(vec![Told {
                payment: call.payment.id.to_string(),
                reference: None,
                what: What::Missing,
            }]);
        };
        let value = self.call(Method::GET, &path, None, &[]).await?;
        Ok(vec![told(&value)?])
    }

    async fn act(&self, call: Call<'_>, verb: &str) -> Result<Vec<Told>> {
        let Some(path) = Self::path(call) else {
            return self.how(call).await;
        };
        let key = format!("{}-{verb}", call.payment.id);
        match self
            .call(Method::POST, &format!("{path}/{verb}"), Some(&key), &[])
            .await
        {
            Ok(value) => Ok(vec![told(&value)?]),
            // Captured, cancelled or paid meanwhile: what it is now decides.
            Err(error) if error.is(&PROVIDER_REFUSED) => {
                let now = self.how(call).await?;
                if now.iter().any(|told| told.what == What::Waiting) {
                    Err(error)
                } else {
                    Ok(now)
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn give_back(&self, call: Call<'_>, refund: &Refund) -> Result<RefundSaid> {
        let reference = call
            .session
            .and_then(|session| session.reference.as_deref())
            .ok_or_else(|| lacks(NAME, "payment_intent"))?;
        if refund.tries > 0 {
            // Keys are remembered for a day only.
            let path = format!("/v1/refunds?payment_intent={}&limit=100", escaped(reference));
            let value = self.call(Method::GET, &path, None, &[]).await?;
            let mut known = value["data"].as_array().into_iter().flatten();
            if let Some(found) =
                known.rfind(|one| one["metadata"][REFUND_KEY].as_str() == Some(&refund.reference))
            {
                return refund_said(found, refund.amount);
            }
        }
        let metadata = format!("metadata[{REFUND_KEY}]");
        let amount = refund.amount.amount_minor.to_string();
        let pairs = [
            ("payment_intent", reference),
            ("amount", amount.as_str()),
            (metadata.as_str(), refund.reference.as_str()),
        ];
        let value = self
            .call(Method::POST, "/v1/refunds", Some(&refund.reference), &pairs)
            .await?;
        refund_said(&value, refund.amount)
    }

    fn message(&self, now: Time, sent: &Sent) -> Result<Notice> {
        let signature = super::http::header(&sent.headers, "stripe-signature");
        let proof = sign::Signature::read(signature).ok_or_else(|| unproved("Stripe-Signature"))?;
        if !self
            .webhook_secrets
            .iter()
            .any(|secret| proof.is_of(secret, &sent.body))
        {
            return Err(unproved("v1"));
        }
        let age = now.since(proof.at).max(proof.at.since(now));
        if age > TOLERANCE {
            return Err(Error::new(&NOTIFICATION_STALE)
                .with("provider", NAME)
                .with("seconds", age.as_secs())
                .with("limit", TOLERANCE.as_secs()));
        }
        let malformed = |reason: String| {
            Error::new(&NOTIFICATION_MALFORMED)
                .with("provider", NAME)
                .with("reason", reason)
        };
        let event: Value = serde_json::from_slice(&sent.body).map_err(|e| malformed(e.to_string()))?;
        let lacking = |e: Error| malformed(format!("{:?}", e.facts().get("what")));
        let kind = text(&event, "type").map_err(lacking)?;
        let object = &event["data"]["object"];
        let told = match kind {
            "payment_intent.succeeded"
            | "payment_intent.payment_failed"
            | "payment_intent.canceled"
            | "payment_intent.amount_capturable_updated"
                if object["metadata"][PAYMENT_KEY].is_string() =>
            {
                vec![told(object).map_err(lacking)?]
            }
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated"
                if object["payment_intent"].is_string() =>
            {
                vec![refund_told(object).map_err(lacking)?]
            }
            _ => Vec::new(),
        };
        Ok(Notice {
            id: text(&event, "id").map_err(lacking)?.to_owned(),
            kind: kind.to_owned(),
            told,
        })
    }
}

fn unproved(reason: &str) -> Error {
    Error::new(&NOTIFICATION_UNPROVED)
        .with("provider", NAME)
        .with("reason", reason)
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value[name].as_str().ok_or_else(|| lacks(NAME, name))
}

fn amount(value: &Value, name: &str) -> Result<Money> {
    let minor = value[name].as_i64().ok_or_else(|| lacks(NAME, name))?;
    Ok(Money::new(minor, currency(text(value, "currency")?)?))
}

/// A payment intent's word.
fn told(intent: &Value) -> Result<Told> {
    let what = match text(intent, "status")? {
        "succeeded" => What::Paid {
            amount: amount(intent, "amount_received")?,
        },
        "requires_capture" => What::Authorised {
            amount: amount(intent, "amount_capturable")?,
        },
        "canceled" => What::Closed,
        "requires_payment_method" if intent["last_payment_error"].is_object() => What::Declined {
            attempt: intent["last_payment_error"]["charge"]
                .as_str()
                .unwrap_or("unknown")
                .to_owned(),
        },
        _ => What::Waiting,
    };
    Ok(Told {
        payment: text(&intent["metadata"], PAYMENT_KEY)?.to_owned(),
        reference: Some(text(intent, "id")?.to_owned()),
        what,
    })
}

/// A refund's word. Our own name stands in its metadata; the payment is found by its intent.
fn refund_told(refund: &Value) -> Result<Told> {
    let money = amount(refund, "amount")?;
    Ok(Told {
        payment: String::new(),
        reference: Some(text(refund, "payment_intent")?.to_owned()),
        what: What::Refund {
            ours: refund["metadata"][REFUND_KEY].as_str().map(str::to_owned),
            theirs: text(refund, "id")?.to_owned(),
            amount: Some(money),
            in_all: None,
            said: refund_said(refund, money)?,
        },
    })
}

fn refund_said(refund: &Value, expected: Money) -> Result<RefundSaid> {
    if amount(refund, "amount")? != expected {
        return Err(lacks(NAME, "amount"));
    }
    let id = text(refund, "id")?.to_owned();
    Ok(match refund["status"].as_str() {
        Some("succeeded") => RefundSaid::Done { theirs: Some(id) },
        Some("failed" | "canceled") => RefundSaid::Failed {
            reason: refund["failure_reason"].as_str().unwrap_or("failed").to_owned(),
        },
        _ => RefundSaid::Processing,
    })
}

impl Provider for Stripe {
    fn name(&self) -> ProviderName {
        ProviderName::Stripe
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Intent]
    }

    fn open<'a>(&'a self, call: Call<'a>, ask: &'a Ask) -> BoxFuture<'a, Result<Opened>> {
        Box::pin(self.create(call, ask))
    }

    fn query<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.how(call))
    }

    fn capture<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.act(call, "capture"))
    }

    fn close<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.act(call, "cancel"))
    }

    fn refund<'a>(&'a self, call: Call<'a>, refund: &'a Refund) -> BoxFuture<'a, Result<RefundSaid>> {
        Box::pin(self.give_back(call, refund))
    }

    fn notification<'a>(&'a self, now: Time, sent: &'a Sent) -> BoxFuture<'a, Result<Notice>> {
        Box::pin(std::future::ready(self.message(now, sent)))
    }

    fn statement_fetch<'a>(&'a self, _: Time, day: Day) -> BoxFuture<'a, Result<Vec<u8>>> {
        Box::pin(self.balance(day))
    }

    fn statement_read(&self, bytes: &[u8]) -> Result<Vec<StatementLine>> {
        balance::read(bytes)
    }
}
