//! WeChat Pay, API v3: <https://pay.weixin.qq.com/doc/v3/merchant/4012062524>.
//!
//! Every request is signed with our key; every answer and notification is believed only when WeChat Pay's key
//! signed it within five minutes; what a notification says is sealed under the APIv3 key besides.

mod bill;
mod trust;
mod wire;

use base::{Error, Money, Result, Time};
use bytes::Bytes;
use crypto::RsaSigner;
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::http::{Answer, Http};
use super::text::{china_time, lacks};
use super::{Place, TOLERANCE};
use crate::error::{ANSWER_UNTRUSTED, NOTIFICATION_MALFORMED, NOTIFICATION_STALE, NOTIFICATION_UNPROVED};
use crate::error::{NOT_SUPPORTED, PROVIDER_REFUSED, PROVIDER_UNREACHABLE, STATEMENT_DAMAGED};
use crate::model::{ProviderName, Refund};
use crate::outside::{Action, Ask, Call, Notice, Opened, RefundSaid, Sent, Told, Way, What};
use crate::provider::Provider;
use crate::settings::{WechatPayConfig, read, required, secret, wrong};
use crate::statement::{Day, StatementLine};
use trust::{Proof, Trust};
use wire::{Order, RefundWord};

const NAME: &str = "wechat_pay";
const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
/// The most characters of an order's description.
const DESCRIPTION_CHARS: usize = 40;

/// The adapter.
pub(crate) struct WechatPay {
    place: Place,
    http: Http,
    app_id: String,
    merchant_id: String,
    merchant_serial: String,
    signer: RsaSigner,
    trust: Trust,
}

/// What a call brought: the answer to it, or WeChat Pay's refusal.
enum Reply {
    Yes(Bytes),
    No { status: StatusCode, word: wire::Refusal },
}

impl WechatPay {
    pub(crate) fn new(config: &WechatPayConfig, place: Place) -> Result<Self> {
        let key = secret(
            "payments.wechat_pay.private_key",
            &config.private_key,
            &config.private_key_file,
        )?;
        let signer = RsaSigner::from_pem(&key).map_err(|e| {
            wrong(
                "payments.wechat_pay.private_key",
                "the PEM text of apiclient_key.pem",
            )
            .caused_by(e)
        })?;
        let v3 = secret(
            "payments.wechat_pay.api_v3_key",
            &config.api_v3_key,
            &config.api_v3_key_file,
        )?;
        let v3: [u8; 32] = v3
            .as_bytes()
            .try_into()
            .map_err(|_| wrong("payments.wechat_pay.api_v3_key", "32 characters"))?;
        let public = if config.public_key_id.is_empty() {
            None
        } else {
            let pem = read("payments.wechat_pay.public_key_file", &config.public_key_file)?;
            Some((config.public_key_id.clone(), pem))
        };
        Ok(Self {
            http: Http::new(NAME, &place.base_url, place.timeout)?,
            app_id: required("payments.wechat_pay.app_id", &config.app_id)?.to_owned(),
            merchant_id: config.merchant_id.trim().to_owned(),
            merchant_serial: required("payments.wechat_pay.merchant_serial", &config.merchant_serial)?
                .to_owned(),
            signer,
            trust: Trust::new(v3, public)?,
            place,
        })
    }

    /// A signed request. `path` is everything after the host.
    fn request(&self, now: Time, method: &Method, path: &str, body: &str) -> Result<Request<Full<Bytes>>> {
        let (timestamp, nonce) = (now.micros() / 1_000_000, crypto::peer_nonce()?);
        let message = format!("{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n");
        let signature = self.signer.sign(message.as_bytes())?;
        let authorization = format!(
            "{SCHEME} mchid=\"{}\",nonce_str=\"{nonce}\",signature=\"{signature}\",timestamp=\"{timestamp}\",\
             serial_no=\"{}\"",
            self.merchant_id, self.merchant_serial
        );
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.place.base_url))
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "Storeloop");
        if let Some(id) = self.trust.public_key_id() {
            // Says that answers are to be signed with the public key and not with a certificate.
            request = request.header("wechatpay-serial", id);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request.body(Full::from(body.to_owned())).map_err(Error::internal)
    }

    /// Calls and believes only a signed answer.
    async fn call(&self, now: Time, method: Method, path: &str, body: &str) -> Result<Reply> {
        let answer = self.http.send(self.request(now, &method, path, body)?).await?;
        let status = answer.status;
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            // "System error" and "too often" say nothing of what became of the request.
            return Err(Error::new(&PROVIDER_UNREACHABLE).with("provider", NAME));
        }
        let proved = self.is_proved(now, &answer).await?;
        if status.is_success() {
            return if proved {
                Ok(Reply::Yes(answer.body))
            } else {
                Err(Error::new(&ANSWER_UNTRUSTED).with("provider", NAME))
            };
        }
        let word: wire::Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
        if !proved && status != StatusCode::UNAUTHORIZED {
            return Err(Error::new(&ANSWER_UNTRUSTED).with("provider", NAME));
        }
        Ok(Reply::No { status, word })
    }

    async fn is_proved(&self, now: Time, answer: &Answer) -> Result<bool> {
        let proof = Proof::of(&answer.headers, &answer.body);
        if proof.signature.is_empty() || proof.age(now).is_none_or(|age| age > TOLERANCE) {
            return Ok(false);
        }
        match self.key(now, proof.serial).await? {
            Some(key) => Ok(key.verify(&proof.message(), proof.signature)),
            None => Ok(false),
        }
    }

    /// The key of a serial number; unknown ones are looked up with WeChat Pay, now and then.
    async fn key(&self, now: Time, serial: &str) -> Result<Option<crypto::RsaVerifier>> {
        if self.trust.wants_certificates(now, serial)
            && let Err(error) = self.certificates(now).await
        {
            tracing::warn!(
                ?error,
                "the platform certificates of WeChat Pay could not be renewed"
            );
        }
        Ok(self.trust.key(now, serial))
    }

    /// Downloads the platform certificates. Their answer is proved with the certificates in it: the APIv3 key,
    /// under which they are sealed, is what makes them believed.
    async fn certificates(&self, now: Time) -> Result<()> {
        self.trust.asked(now);
        let request = self.request(now, &Method::GET, "/v3/certificates", "")?;
        let answer = self.http.send(request).await?;
        if !answer.status.is_success() {
            return Err(refusal(serde_json::from_slice(&answer.body).unwrap_or_default()));
        }
        let fresh = self.trust.open_certificates(&answer.body)?;
        let proof = Proof::of(&answer.headers, &answer.body);
        let signed = fresh
            .iter()
            .find(|c| c.serial_hex() == proof.serial)
            .is_some_and(|c| c.key().verify(&proof.message(), proof.signature));
        if !signed || proof.age(now).is_none_or(|age| age > TOLERANCE) {
            return Err(Error::new(&ANSWER_UNTRUSTED).with("provider", NAME));
        }
        self.trust.replace(now, fresh);
        Ok(())
    }

    async fn ask<T: DeserializeOwned>(&self, now: Time, method: Method, path: &str, body: &str) -> Result<T> {
        match self.call(now, method, path, body).await? {
            Reply::Yes(body) => read_json(&body),
            Reply::No { word, .. } => Err(refusal(word)),
        }
    }

    async fn open_order(&self, call: Call<'_>, ask: &Ask) -> Result<Opened> {
        let (payment, now) = (call.payment, call.now);
        let expires = call.session.map_or(now, |session| session.expires_at);
        let mut order = json!({
            "appid": self.app_id,
            "mchid": self.merchant_id,
            "description": ask.subject.chars().take(DESCRIPTION_CHARS).collect::<String>(),
            "out_trade_no": payment.id.to_string(),
            "time_expire": china_time(expires, "%Y-%m-%dT%H:%M:%S%:z"),
            "notify_url": self.place.notify_url,
            "amount": {"total": payment.balance.amount, "currency": payment.currency.as_str()},
        });
        match ask.way {
            Way::Native => {
                let made: wire::NativeMade = self.post(now, "/v3/pay/transactions/native", &order).await?;
                Ok(opened(Action::Code { url: made.code_url }))
            }
            Way::H5 => {
                order["scene_info"] = json!({
                    "payer_client_ip": ask.payer_address.as_deref().unwrap_or("127.0.0.1"),
                    "h5_info": {"type": "Wap"},
                });
                let made: wire::H5Made = self.post(now, "/v3/pay/transactions/h5", &order).await?;
                let back = super::text::escaped(&format!("{}/{}", self.place.return_url, payment.order_id));
                let url = format!("{}&redirect_url={back}", made.h5_url);
                Ok(opened(Action::Redirect { url }))
            }
            Way::Jsapi => {
                let payer = ask.payer.as_deref().unwrap_or_default();
                order["payer"] = json!({"openid": payer});
                let made: wire::JsapiMade = self.post(now, "/v3/pay/transactions/jsapi", &order).await?;
                Ok(opened(self.jsapi(now, &made.prepay_id)?))
            }
            _ => Err(Error::new(&NOT_SUPPORTED)
                .with("provider", NAME)
                .with("what", ask.way.as_str())),
        }
    }

    /// What WeChat's own page demands to start a payment, signed by us.
    fn jsapi(&self, now: Time, prepay_id: &str) -> Result<Action> {
        let time_stamp = (now.micros() / 1_000_000).to_string();
        let nonce_str = crypto::peer_nonce()?;
        let package = format!("prepay_id={prepay_id}");
        let message = format!("{}\n{time_stamp}\n{nonce_str}\n{package}\n", self.app_id);
        Ok(Action::WechatJsapi {
            app_id: self.app_id.clone(),
            pay_sign: self.signer.sign(message.as_bytes())?,
            time_stamp,
            nonce_str,
            package,
            sign_type: "RSA".to_owned(),
        })
    }

    async fn post<T: DeserializeOwned>(&self, now: Time, path: &str, body: &impl Serialize) -> Result<T> {
        let body = serde_json::to_string(body).map_err(Error::internal)?;
        self.ask(now, Method::POST, path, &body).await
    }

    async fn order(&self, call: Call<'_>) -> Result<Vec<Told>> {
        let id = call.payment.id.to_string();
        let path = format!(
            "/v3/pay/transactions/out-trade-no/{id}?mchid={}",
            self.merchant_id
        );
        match self.call(call.now, Method::GET, &path, "").await? {
            Reply::Yes(body) => {
                let order: Order = read_json(&body)?;
                self.told(order).map(|told| vec![told])
            }
            Reply::No { status, .. } if status == StatusCode::NOT_FOUND => Ok(vec![Told {
                payment: id,
                reference: None,
                what: What::Missing,
            }]),
            Reply::No { word, .. } => Err(refusal(word)),
        }
    }

    fn told(&self, order: Order) -> Result<Told> {
        if order.mchid != self.merchant_id {
            return Err(lacks(NAME, "mchid"));
        }
        let what = match order.trade_state.as_str() {
            // A payment of which something went back is a paid one; the refunds are told by themselves.
            "SUCCESS" | "REFUND" => {
                let amount = order.amount.as_ref().ok_or_else(|| lacks(NAME, "amount"))?;
                What::Paid {
                    amount: amount.total()?,
                }
            }
            "CLOSED" | "REVOKED" => What::Closed,
            "PAYERROR" => What::Declined {
                attempt: order.transaction_id.clone().unwrap_or_default(),
            },
            _ => What::Waiting,
        };
        Ok(Told {
            payment: order.out_trade_no,
            reference: order.transaction_id,
            what,
        })
    }

    async fn close_order(&self, call: Call<'_>) -> Result<Vec<Told>> {
        let id = call.payment.id.to_string();
        let path = format!("/v3/pay/transactions/out-trade-no/{id}/close");
        let body = json!({"mchid": self.merchant_id}).to_string();
        match self.call(call.now, Method::POST, &path, &body).await? {
            Reply::Yes(_) => {}
            Reply::No { status, word } if status == StatusCode::NOT_FOUND || word.code == "ORDER_CLOSED" => {}
            Reply::No { word, .. } if word.code == "ORDERPAID" => return self.order(call).await,
            Reply::No { word, .. } => return Err(refusal(word)),
        }
        Ok(vec![Told {
            payment: id,
            reference: None,
            what: What::Closed,
        }])
    }

    async fn refund_order(&self, call: Call<'_>, refund: &Refund) -> Result<RefundSaid> {
        if refund.tries > 0 {
            let path = format!("/v3/refund/domestic/refunds/{}", refund.reference);
            match self.call(call.now, Method::GET, &path, "").await? {
                Reply::Yes(body) => return said(&read_json::<RefundWord>(&body)?, refund.amount),
                Reply::No { status, .. } if status == StatusCode::NOT_FOUND => {}
                Reply::No { word, .. } => return Err(refusal(word)),
            }
        }
        let body = json!({
            "out_trade_no": call.payment.id.to_string(),
            "out_refund_no": refund.reference,
            "notify_url": self.place.notify_url,
            "amount": {
                "refund": refund.amount.amount_minor,
                "total": call.payment.balance.amount,
                "currency": refund.amount.currency.as_str(),
            },
        });
        let word: RefundWord = self.post(call.now, "/v3/refund/domestic/refunds", &body).await?;
        said(&word, refund.amount)
    }

    async fn message(&self, now: Time, sent: &Sent) -> Result<Notice> {
        let proof = Proof::of(&sent.headers, &sent.body);
        let unproved = |reason: &str| {
            Error::new(&NOTIFICATION_UNPROVED)
                .with("provider", NAME)
                .with("reason", reason)
        };
        let Some(age) = proof.age(now) else {
            return Err(unproved("Wechatpay-Timestamp"));
        };
        if age > TOLERANCE {
            return Err(Error::new(&NOTIFICATION_STALE)
                .with("provider", NAME)
                .with("seconds", age.as_secs())
                .with("limit", TOLERANCE.as_secs()));
        }
        let Some(key) = self.key(now, proof.serial).await? else {
            return Err(unproved("Wechatpay-Serial"));
        };
        if !key.verify(&proof.message(), proof.signature) {
            return Err(unproved("Wechatpay-Signature"));
        }
        let malformed = |reason: String| {
            Error::new(&NOTIFICATION_MALFORMED)
                .with("provider", NAME)
                .with("reason", reason)
        };
        let notice: wire::Notification =
            serde_json::from_slice(&sent.body).map_err(|e| malformed(e.to_string()))?;
        let concerns =
            notice.event_type.starts_with("TRANSACTION.") || notice.event_type.starts_with("REFUND.");
        let mut told = Vec::new();
        if concerns {
            let plain = self
                .trust
                .open(&notice.resource)
                .map_err(|_| unproved("resource"))?;
            let foreign = |e: Error| malformed(e.code().to_owned());
            if notice.event_type.starts_with("REFUND.") {
                let word: RefundWord =
                    serde_json::from_slice(&plain).map_err(|e| malformed(e.to_string()))?;
                if word
                    .mchid
                    .as_deref()
                    .is_some_and(|mchid| mchid != self.merchant_id)
                {
                    return Err(malformed("mchid".to_owned()));
                }
                told.push(word.told().map_err(foreign)?);
            } else {
                let order: Order = serde_json::from_slice(&plain).map_err(|e| malformed(e.to_string()))?;
                if order.appid.as_deref().is_some_and(|appid| appid != self.app_id) {
                    return Err(malformed("appid".to_owned()));
                }
                told.push(self.told(order).map_err(foreign)?);
            }
        }
        Ok(Notice {
            id: notice.id,
            kind: notice.event_type,
            told,
        })
    }

    async fn bill(&self, now: Time, day: Day) -> Result<Vec<u8>> {
        let path = format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL&tar_type=GZIP");
        let ticket: wire::Bill = match self.call(now, Method::GET, &path, "").await? {
            Reply::Yes(body) => read_json(&body)?,
            // A day without a single payment has no bill.
            Reply::No { word, .. } if word.code == "NO_STATEMENT_EXIST" => return Ok(Vec::new()),
            Reply::No { word, .. } => return Err(refusal(word)),
        };
        // The signature would tell another host who we are.
        let path = ticket
            .download_url
            .strip_prefix(&self.place.base_url)
            .filter(|path| path.starts_with('/'))
            .ok_or_else(|| lacks(NAME, "download_url"))?;
        let answer = self
            .http
            .download(self.request(now, &Method::GET, path, "")?)
            .await?;
        if !answer.status.is_success() {
            return Err(Error::new(&PROVIDER_UNREACHABLE).with("provider", NAME));
        }
        let plain = bill::unpack(&answer.body)?;
        if !crypto::peer_sha1(&plain).eq_ignore_ascii_case(&ticket.hash_value) {
            return Err(Error::new(&STATEMENT_DAMAGED).with("provider", NAME));
        }
        Ok(plain)
    }
}

fn opened(action: Action) -> Opened {
    Opened {
        action,
        reference: None,
    }
}

fn said(word: &RefundWord, amount: Money) -> Result<RefundSaid> {
    if word.amount.refund != Some(amount.amount_minor) {
        return Err(lacks(NAME, "amount.refund"));
    }
    Ok(word.said())
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|e| lacks(NAME, &e.to_string()))
}

fn refusal(word: wire::Refusal) -> Error {
    Error::new(&PROVIDER_REFUSED)
        .with("provider", NAME)
        .with("code", word.code)
        .with("reason", word.message)
}

impl Provider for WechatPay {
    fn name(&self) -> ProviderName {
        ProviderName::WechatPay
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Native, Way::Jsapi, Way::H5]
    }

    fn open<'a>(&'a self, call: Call<'a>, ask: &'a Ask) -> BoxFuture<'a, Result<Opened>> {
        Box::pin(self.open_order(call, ask))
    }

    fn query<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.order(call))
    }

    fn close<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.close_order(call))
    }

    fn refund<'a>(&'a self, call: Call<'a>, refund: &'a Refund) -> BoxFuture<'a, Result<RefundSaid>> {
        Box::pin(self.refund_order(call, refund))
    }

    fn notification<'a>(&'a self, now: Time, sent: &'a Sent) -> BoxFuture<'a, Result<Notice>> {
        Box::pin(self.message(now, sent))
    }

    fn statement_fetch<'a>(&'a self, now: Time, day: Day) -> BoxFuture<'a, Result<Vec<u8>>> {
        Box::pin(self.bill(now, day))
    }

    fn statement_read(&self, bytes: &[u8]) -> Result<Vec<StatementLine>> {
        bill::read(bytes)
    }
}
