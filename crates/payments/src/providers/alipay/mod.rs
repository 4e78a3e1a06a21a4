//! Alipay's open platform: <https://opendocs.alipay.com/common/02kkv7>.
//!
//! Every request is signed with our key (RSA2); every answer is believed only when Alipay's key signed its very
//! bytes; a notification must besides name our application and our account.

mod bill;
mod sign;

use base::{Error, Money, Result, Time};
use bytes::Bytes;
use crypto::{Certificate, RsaSigner, RsaVerifier};
use futures_util::future::BoxFuture;
use http::{Method, Request, header};
use http_body_util::Full;
use serde_json::{Value, json};

use super::Place;
use super::http::Http;
use super::text::{china_time, form, form_read, lacks, major, minor};
use crate::error::{
    ANSWER_UNTRUSTED, NOT_SUPPORTED, NOTIFICATION_MALFORMED, NOTIFICATION_UNPROVED, PROVIDER_REFUSED,
    PROVIDER_UNREACHABLE,
};
use crate::model::{ProviderName, Refund};
use crate::outside::{Action, Ask, Call, Notice, Opened, RefundSaid, Sent, Told, Way, What};
use crate::provider::Provider;
use crate::settings::{AlipayConfig, read, required, secret, wrong};
use crate::statement::{Day, StatementLine};

const NAME: &str = "alipay";
/// Alipay settles in yuan.
const CURRENCY: base::Currency = base::Currency::CNY;

/// The adapter.
pub(crate) struct Alipay {
    place: Place,
    http: Http,
    app_id: String,
    seller_id: String,
    signer: RsaSigner,
    key: RsaVerifier,
    certificates: Option<Serials>,
}

/// In certificate mode: the names of the certificates, as Alipay forms them.
struct Serials {
    app: String,
    root: String,
    alipay: String,
}

/// An answer's own part, proved.
struct Word(Value);

impl Word {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    fn is_done(&self) -> bool {
        self.text("code") == "10000"
    }

    fn is(&self, sub_code: &str) -> bool {
        self.text("sub_code") == sub_code
    }

    fn refusal(&self) -> Error {
        // 20000 and system errors say nothing of what became of the request.
        if self.text("code") == "20000" || self.text("sub_code").ends_with("SYSTEM_ERROR") {
            return Error::new(&PROVIDER_UNREACHABLE).with("provider", NAME);
        }
        let or = |first: &str, second: &str| {
            let text = self.text(first);
            if text.is_empty() { self.text(second) } else { text }.to_owned()
        };
        Error::new(&PROVIDER_REFUSED)
            .with("provider", NAME)
            .with("code", or("sub_code", "code"))
            .with("reason", or("sub_msg", "msg"))
    }

    fn money(&self, name: &str) -> Result<Money> {
        minor(self.text(name), CURRENCY)
            .map(|amount| Money::new(amount, CURRENCY))
            .ok_or_else(|| lacks(NAME, name))
    }
}

impl Alipay {
    pub(crate) fn new(config: &AlipayConfig, place: Place) -> Result<Self> {
        let key = secret(
            "payments.alipay.private_key",
            &config.private_key,
            &config.private_key_file,
        )?;
        let signer = RsaSigner::from_pem(&key).map_err(|e| {
            wrong("payments.alipay.private_key", "the application's RSA private key").caused_by(e)
        })?;
        let (key, certificates) = if config.app_certificate_file.is_empty() {
            let pem = read("payments.alipay.public_key_file", &config.public_key_file)?;
            let key = RsaVerifier::from_pem(&pem)
                .map_err(|e| wrong("payments.alipay.public_key_file", "Alipay's public key").caused_by(e))?;
            (key, None)
        } else {
            let load = |name: &str, file: &str| {
                let key = format!("payments.alipay.{name}");
                Certificate::all_from_pem(&read(&key, file)?)
                    .map_err(|e| wrong(&key, "a PEM file of certificates").caused_by(e))
            };
            let app = load("app_certificate_file", &config.app_certificate_file)?;
            let alipay = load("alipay_certificate_file", &config.alipay_certificate_file)?;
            let roots = load("root_certificate_file", &config.root_certificate_file)?;
            let serials = Serials {
                app: sign::certificate_name(&app[0]),
                root: sign::root_name(&roots),
                alipay: sign::certificate_name(&alipay[0]),
            };
            (alipay[0].key().clone(), Some(serials))
        };
        Ok(Self {
            http: Http::new(NAME, &place.base_url, place.timeout)?,
            app_id: config.app_id.trim().to_owned(),
            seller_id: required("payments.alipay.seller_id", &config.seller_id)?.to_owned(),
            signer,
            key,
            certificates,
            place,
        })
    }

    /// Everything a request says, signed.
    fn parameters(
        &self,
        now: Time,
        method: &str,
        back: Option<String>,
        content: &Value,
    ) -> Result<Vec<(String, String)>> {
        let mut pairs = vec![
            ("app_id", self.app_id.clone()),
            ("biz_content", content.to_string()),
            ("charset", "utf-8".to_owned()),
            ("format", "JSON".to_owned()),
            ("method", method.to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("timestamp", china_time(now, "%Y-%m-%d %H:%M:%S")),
            ("version", "1.0".to_owned()),
        ];
        if method.starts_with("alipay.trade.p") || method == "alipay.trade.wap.pay" {
            pairs.push(("notify_url", self.place.notify_url.clone()));
        }
        if let Some(back) = back {
            pairs.push(("return_url", back));
        }
        if let Some(serials) = &self.certificates {
            pairs.push(("app_cert_sn", serials.app.clone()));
            pairs.push(("alipay_root_cert_sn", serials.root.clone()));
        }
        let mut pairs: Vec<(String, String)> = pairs.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        let signature = self.signer.sign(sign::content(&pairs).as_bytes())?;
        pairs.push(("sign".to_owned(), signature));
        Ok(pairs)
    }

    async fn call(&self, now: Time, method: &str, content: Value) -> Result<Word> {
        let pairs = self.parameters(now, method, None, &content)?;
        let body = form(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.place.base_url)
            .header(
                header::CONTENT_TYPE,
                "application/x-www-form-urlencoded; charset=utf-8",
            )
            .header(header::USER_AGENT, "Storeloop")
            .body(Full::from(body))
            .map_err(Error::internal)?;
        let answer = self.http.send(request).await?;
        if !answer.status.is_success() {
            return Err(Error::new(&PROVIDER_UNREACHABLE).with("provider", NAME));
        }
        self.proved(method, &answer.body)
    }

    /// Reads an answer when Alipay signed its very bytes. A refusal of the gateway itself is not signed, and
    /// believed as little as it can do harm: it only stops the call.
    fn proved(&self, method: &str, body: &Bytes) -> Result<Word> {
        let untrusted = || Error::new(&ANSWER_UNTRUSTED).with("provider", NAME);
        let text = std::str::from_utf8(body).map_err(|_| lacks(NAME, "UTF-8"))?;
        let whole: Value = serde_json::from_str(text).map_err(|e| lacks(NAME, &e.to_string()))?;
        let node = format!("{}_response", method.replace('.', "_"));
        let part = whole.get(&node).cloned();
        let signature = whole["sign"].as_str().unwrap_or_default();
        if signature.is_empty() {
            let refused = whole.get("error_response").cloned().or(part).unwrap_or_default();
            let word = Word(refused);
            return Err(if word.is_done() {
                untrusted()
            } else {
                word.refusal()
            });
        }
        if let Some(serials) = &self.certificates
            && whole["alipay_cert_sn"]
                .as_str()
                .is_some_and(|named| named != serials.alipay)
        {
            return Err(untrusted());
        }
        let raw = sign::raw_node(text, &node).ok_or_else(|| lacks(NAME, &node))?;
        if !self.key.verify(raw.as_bytes(), signature) {
            return Err(untrusted());
        }
        // What is read is what was signed, also when a name stands there twice.
        serde_json::from_str(raw)
            .map(Word)
            .map_err(|e| lacks(NAME, &e.to_string()))
    }

    async fn open_trade(&self, call: Call<'_>, ask: &Ask) -> Result<Opened> {
        let expires = call.session.map_or(call.now, |session| session.expires_at);
        let mut content = json!({
            "out_trade_no": call.payment.id.to_string(),
            "total_amount": major(call.payment.amount()),
            "subject": ask.subject.chars().filter(|c| !"/=&".contains(*c)).take(80).collect::<String>(),
            "time_expire": china_time(expires, "%Y-%m-%d %H:%M:%S"),
        });
        let (method, product) = match ask.way {
            Way::Qr => {
                let word = self.call(call.now, "alipay.trade.precreate", content).await?;
                if !word.is_done() {
                    return Err(word.refusal());
                }
                let url = word.text("qr_code").to_owned();
                return Ok(opened(Action::Code { url }));
            }
            Way::Page => ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
            Way::Wap => ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
            _ => {
                return Err(Error::new(&NOT_SUPPORTED)
                    .with("provider", NAME)
                    .with("what", ask.way.as_str()));
            }
        };
        content["product_code"] = product.into();
        let back = format!("{}/{}", self.place.return_url, call.payment.order_id);
        let pairs = self.parameters(call.now, method, Some(back), &content)?;
        let query = form(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        let url = format!("{}?{query}", self.place.base_url);
        Ok(opened(Action::Redirect { url }))
    }

    async fn trade(&self, call: Call<'_>) -> Result<Vec<Told>> {
        let id = call.payment.id.to_string();
        let content = json!({"out_trade_no": id});
        let word = self.call(call.now, "alipay.trade.query", content).await?;
        if word.is("ACQ.TRADE_NOT_EXIST") {
            return Ok(vec![told(id, None, What::Missing)]);
        }
        if !word.is_done() {
            return Err(word.refusal());
        }
        if word.text("out_trade_no") != id {
            return Err(lacks(NAME, "out_trade_no"));
        }
        let reference = Some(word.text("trade_no").to_owned());
        let paid = || word.money("total_amount").map(|amount| What::Paid { amount });
        let what = match word.text("trade_status") {
            "TRADE_SUCCESS" | "TRADE_FINISHED" => paid()?,
            // Closed after it was paid means that all of it went back.
            "TRADE_CLOSED" if !word.text("send_pay_date").is_empty() => paid()?,
            "TRADE_CLOSED" => What::Closed,
            _ => What::Waiting,
        };
        Ok(vec![told(id, reference, what)])
    }

    async fn close_trade(&self, call: Call<'_>) -> Result<Vec<Told>> {
        let id = call.payment.id.to_string();
        let word = self
            .call(call.now, "alipay.trade.close", json!({"out_trade_no": id}))
            .await?;
        if word.is_done() || word.is("ACQ.TRADE_NOT_EXIST") {
            // Nobody came near it: a signed pay page of ours may still lie in a browser, until its time is over.
            return Ok(vec![told(id, None, What::Closed)]);
        }
        if word.is("ACQ.TRADE_STATUS_ERROR") || word.is("ACQ.REASON_TRADE_STATUS_INVALID") {
            return self.trade(call).await;
        }
        Err(word.refusal())
    }

    async fn refund_trade(&self, call: Call<'_>, refund: &Refund) -> Result<RefundSaid> {
        let id = call.payment.id.to_string();
        if refund.tries == 0 {
            let content = json!({
                "out_trade_no": id,
                "refund_amount": major(refund.amount),
                "out_request_no": refund.reference,
            });
            let word = self.call(call.now, "alipay.trade.refund", content).await?;
            if !word.is_done() {
                return Err(word.refusal());
            }
            if word.text("fund_change") == "Y" {
                return Ok(done(&word, refund));
            }
        }
        // Without a change of funds, or asked before: the query says whether this very request went through.
        let content = json!({"out_trade_no": id, "out_request_no": refund.reference});
        let word = self
            .call(call.now, "alipay.trade.fastpay.refund.query", content)
            .await?;
        if word.is("ACQ.TRADE_NOT_EXIST") || (word.is_done() && word.text("refund_amount").is_empty()) {
            if refund.tries == 0 {
                return Ok(RefundSaid::Processing);
            }
            let again = Refund {
                tries: 0,
                ..refund.clone()
            };
            return Box::pin(self.refund_trade(call, &again)).await;
        }
        if !word.is_done() {
            return Err(word.refusal());
        }
        if word.money("refund_amount")? != refund.amount {
            return Err(lacks(NAME, "refund_amount"));
        }
        match word.text("refund_status") {
            "" | "REFUND_SUCCESS" => Ok(done(&word, refund)),
            _ => Ok(RefundSaid::Processing),
        }
    }

    fn message(&self, sent: &Sent) -> Result<Notice> {
        let malformed = |reason: &str| {
            Error::new(&NOTIFICATION_MALFORMED)
                .with("provider", NAME)
                .with("reason", reason)
        };
        let unproved = |reason: &str| {
            Error::new(&NOTIFICATION_UNPROVED)
                .with("provider", NAME)
                .with("reason", reason)
        };
        let body = std::str::from_utf8(&sent.body).map_err(|_| malformed("UTF-8"))?;
        let pairs = form_read(body).ok_or_else(|| malformed("form"))?;
        let get = |name: &str| {
            let mut found = pairs.iter().filter(|(n, _)| n == name);
            match (found.next(), found.next()) {
                (Some((_, value)), None) => value.as_str(),
                _ => "",
            }
        };
        if get("sign_type") != "RSA2" || !self.key.verify(sign::notified(&pairs).as_bytes(), get("sign")) {
            return Err(unproved("sign"));
        }
        if get("app_id") != self.app_id {
            return Err(unproved("app_id"));
        }
        if get("seller_id") != self.seller_id {
            return Err(unproved("seller_id"));
        }
        let notice = |told| Notice {
            id: get("notify_id").to_owned(),
            kind: format!("{}.{}", get("notify_type"), get("trade_status")),
            told,
        };
        if get("notify_type") != "trade_status_sync" {
            return Ok(notice(Vec::new()));
        }
        let money = |name: &str| {
            minor(get(name), CURRENCY)
                .map(|amount| Money::new(amount, CURRENCY))
                .ok_or_else(|| malformed(name))
        };
        let payment = get("out_trade_no").to_owned();
        let reference = Some(get("trade_no").to_owned()).filter(|text| !text.is_empty());
        let was_refunded = !get("gmt_refund").is_empty() && !get("refund_fee").is_empty();
        let mut what = Vec::new();
        match get("trade_status") {
            "TRADE_SUCCESS" | "TRADE_FINISHED" => what.push(What::Paid {
                amount: money("total_amount")?,
            }),
            "TRADE_CLOSED" if was_refunded => what.push(What::Paid {
                amount: money("total_amount")?,
            }),
            "TRADE_CLOSED" => what.push(What::Closed),
            _ => what.push(What::Waiting),
        }
        if was_refunded {
            what.push(What::Refund {
                ours: Some(get("out_biz_no").to_owned()).filter(|text| !text.is_empty()),
                theirs: get("out_biz_no").to_owned(),
                amount: None,
                in_all: Some(money("refund_fee")?),
                said: RefundSaid::Done { theirs: None },
            });
        }
        Ok(notice(
            what.into_iter()
                .map(|what| told(payment.clone(), reference.clone(), what))
                .collect(),
        ))
    }

    async fn bill(&self, now: Time, day: Day) -> Result<Vec<u8>> {
        let content = json!({"bill_type": "trade", "bill_date": day.to_string()});
        let word = self
            .call(now, "alipay.data.dataservice.bill.downloadurl.query", content)
            .await?;
        if word.is("isp.bill_not_exist") {
            return Ok(Vec::new());
        }
        if !word.is_done() {
            return Err(word.refusal());
        }
        let url = word.text("bill_download_url");
        // The address is signed by Alipay and is itself the ticket; only its transport is looked at.
        let same_machine = self.place.base_url.starts_with("http://") && url.starts_with("http://127.0.0.1");
        if !url.starts_with("https://") && !same_machine {
            return Err(lacks(NAME, "bill_download_url"));
        }
        let request = Request::builder()
            .uri(url)
            .header(header::USER_AGENT, "Storeloop")
            .body(Full::default())
            .map_err(|_| lacks(NAME, "bill_download_url"))?;
        let answer = self.http.download(request).await?;
        if !answer.status.is_success() {
            return Err(Error::new(&PROVIDER_UNREACHABLE).with("provider", NAME));
        }
        Ok(answer.body.to_vec())
    }
}

fn told(payment: String, reference: Option<String>, what: What) -> Told {
    Told {
        payment,
        reference,
        what,
    }
}

fn opened(action: Action) -> Opened {
    Opened {
        action,
        reference: None,
    }
}

fn done(word: &Word, refund: &Refund) -> RefundSaid {
    let trade = word.text("trade_no");
    RefundSaid::Done {
        theirs: Some(format!("{trade}/{}", refund.reference)),
    }
}

impl Provider for Alipay {
    fn name(&self) -> ProviderName {
        ProviderName::Alipay
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Qr, Way::Page, Way::Wap]
    }

    fn open<'a>(&'a self, call: Call<'a>, ask: &'a Ask) -> BoxFuture<'a, Result<Opened>> {
        Box::pin(self.open_trade(call, ask))
    }

    fn query<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.trade(call))
    }

    fn close<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        Box::pin(self.close_trade(call))
    }

    fn refund<'a>(&'a self, call: Call<'a>, refund: &'a Refund) -> BoxFuture<'a, Result<RefundSaid>> {
        Box::pin(self.refund_trade(call, refund))
    }

    fn notification<'a>(&'a self, _: Time, sent: &'a Sent) -> BoxFuture<'a, Result<Notice>> {
        Box::pin(std::future::ready(self.message(sent)))
    }

    fn statement_fetch<'a>(&'a self, now: Time, day: Day) -> BoxFuture<'a, Result<Vec<u8>>> {
        Box::pin(self.bill(now, day))
    }

    fn statement_read(&self, bytes: &[u8]) -> Result<Vec<StatementLine>> {
        bill::read(bytes)
    }
}
