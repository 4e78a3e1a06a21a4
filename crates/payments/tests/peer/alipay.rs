//! Alipay's gateway, as it looks from outside.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::ManualClock;
use jiff::tz::{Offset, TimeZone};
use payments::{PaymentsConfig, Secret, Sent};
use serde_json::{Value, json};

use super::{Fault, Faults, Openssl, serve};

pub const APP: &str = "2014072300007148";
pub const SELLER: &str = "2088102146225135";

#[derive(Clone)]
pub struct Peer(pub Arc<Inside>);

pub struct Inside {
    pub openssl: Openssl,
    clock: Arc<ManualClock>,
    faults: Faults,
    with_certificates: bool,
    book: Mutex<Book>,
    address: Mutex<String>,
    bill: Mutex<Vec<u8>>,
    names: Mutex<BTreeMap<String, String>>,
}

#[derive(Default)]
struct Book {
    trades: BTreeMap<String, Trade>,
    seen: Vec<String>,
    /// Takes a refund up and says that no funds have moved yet.
    slow_refunds: bool,
}

#[derive(Clone, Default)]
pub struct Trade {
    pub amount: String,
    pub status: String,
    pub refunds: BTreeMap<String, String>,
}

impl Peer {
    pub async fn start(clock: Arc<ManualClock>, with_certificates: bool) -> Self {
        let openssl = Openssl::new();
        for name in ["app", "alipay", "other"] {
            openssl.key(name);
        }
        if with_certificates {
            openssl.certificate(
                "app",
                "0x2016112400000000001",
                "/C=CN/O=Ant Financial/OU=Certification Authority/CN=Ant Financial R1",
            );
            openssl.certificate(
                "alipay",
                "1234567890123456789",
                "/C=CN/O=Ant Financial/CN=Class 2 R1",
            );
            openssl.certificate("other", "0x00ff", "/C=CN/O=iTrusChina Co.\\, Ltd./CN=Root");
            let roots = format!("{}{}", openssl.text("app.crt"), openssl.text("other.crt"));
            openssl.file("roots.crt", &roots);
        }
        let peer = Self(Arc::new(Inside {
            openssl,
            clock,
            faults: Faults::default(),
            with_certificates,
            book: Mutex::default(),
            address: Mutex::default(),
            bill: Mutex::default(),
            names: Mutex::default(),
        }));
        let router = Router::new()
            .route("/gateway.do", post(gateway))
            .route("/bill", get(bill))
            .with_state(peer.clone());
        *peer.0.address.lock().unwrap() = format!("http://{}", serve(router).await);
        peer
    }

    pub fn config(&self) -> PaymentsConfig {
        let openssl = &self.0.openssl;
        let path = |name: &str| openssl.path(name).to_str().unwrap().to_owned();
        let mut config = PaymentsConfig {
            timeout_ms: 1_500,
            ..PaymentsConfig::default()
        };
        let alipay = &mut config.alipay;
        alipay.base_url = format!("{}/gateway.do", self.0.address.lock().unwrap());
        alipay.app_id = APP.into();
        alipay.seller_id = SELLER.into();
        // Alipay's own tool hands the key out without the lines around it.
        let bare: String = openssl
            .text("app.pem")
            .lines()
            .filter(|l| !l.starts_with("-----"))
            .collect();
        alipay.private_key = Secret::new(bare);
        if self.0.with_certificates {
            alipay.app_certificate_file = path("app.crt");
            alipay.alipay_certificate_file = path("alipay.crt");
            alipay.root_certificate_file = path("roots.crt");
        } else {
            alipay.public_key_file = path("alipay.pub.pem");
        }
        config
    }

    pub fn fail(&self, faults: &[Fault]) {
        self.0.faults.plan(faults);
    }

    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.0.book.lock().unwrap().seen)
    }

    pub fn trade(&self, id: &str) -> Trade {
        self.0.book.lock().unwrap().trades[id].clone()
    }

    pub fn refunds_are_slow(&self, slow: bool) {
        self.0.book.lock().unwrap().slow_refunds = slow;
    }

    pub fn set_bill(&self, bytes: Vec<u8>) {
        *self.0.bill.lock().unwrap() = bytes;
    }

    /// The payer pays. One who came over a pay page brings the trade along.
    pub fn pays(&self, id: &str, amount: &str) {
        let mut book = self.0.book.lock().unwrap();
        let trade = book.trades.entry(id.to_owned()).or_default();
        amount.clone_into(&mut trade.amount);
        trade.status = "TRADE_SUCCESS".into();
    }

    /// The name of a certificate as openssl reads it: MD5 over issuer and decimal serial number.
    pub fn certificate_name(&self, file: &str) -> String {
        let mut names = self.0.names.lock().unwrap();
        names
            .entry(file.to_owned())
            .or_insert_with(|| self.certificate_name_read(file))
            .clone()
    }

    fn certificate_name_read(&self, file: &str) -> String {
        let openssl = &self.0.openssl;
        let issuer = openssl.output(&["x509", "-noout", "-issuer", "-nameopt", "RFC2253", "-in"], file);
        let serial = openssl.output(&["x509", "-noout", "-serial", "-in"], file);
        let hex = u128::from_str_radix(serial.strip_prefix("serial=").unwrap(), 16).unwrap();
        let issuer = issuer.strip_prefix("issuer=").unwrap();
        openssl.digest("-md5", format!("{issuer}{hex}").as_bytes())
    }

    /// What the signature of a request says of it.
    pub fn admit(&self, pairs: &BTreeMap<String, String>) -> Result<(), String> {
        let content: Vec<String> = pairs
            .iter()
            .filter(|(name, value)| *name != "sign" && !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !self
            .0
            .openssl
            .verify("app", content.join("&").as_bytes(), &pairs["sign"])
        {
            return Err("isv.invalid-signature".into());
        }
        let now = self.china_now();
        let fixed = [
            ("app_id", APP),
            ("charset", "utf-8"),
            ("sign_type", "RSA2"),
            ("version", "1.0"),
        ];
        if fixed.iter().any(|(name, value)| pairs[*name] != *value) || pairs["timestamp"] != now {
            return Err("isv.invalid-parameter".into());
        }
        if self.0.with_certificates {
            let roots = format!(
                "{}_{}",
                self.certificate_name("app.crt"),
                self.certificate_name("other.crt")
            );
            if pairs["app_cert_sn"] != self.certificate_name("app.crt")
                || pairs["alipay_root_cert_sn"] != roots
            {
                return Err("isv.invalid-app-cert-sn".into());
            }
        }
        Ok(())
    }

    fn china_now(&self) -> String {
        use base::Clock;
        let zone = TimeZone::fixed(Offset::constant(8));
        let zoned = self.0.clock.now().timestamp().to_zoned(zone);
        zoned.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// A notification as it goes over the wire.
    pub fn notification(&self, changes: &[(&str, &str)]) -> Sent {
        self.notification_by("alipay", changes)
    }

    pub fn notification_by(&self, key: &str, changes: &[(&str, &str)]) -> Sent {
        let mut pairs: BTreeMap<String, String> = [
            ("notify_time", "2026-11-23 09:00:05"),
            ("notify_type", "trade_status_sync"),
            ("notify_id", "ac05099524730693a8b330c5ecf72da9786"),
            ("charset", "utf-8"),
            ("version", "1.0"),
            ("app_id", APP),
            ("auth_app_id", APP),
            ("seller_id", SELLER),
            ("trade_no", "2013112011001004330000121536"),
            ("trade_status", "TRADE_SUCCESS"),
            ("subject", "店环 订单 & more=1"),
            (
                "fund_bill_list",
                "[{\"amount\":\"15.00\",\"fundChannel\":\"ALIPAYACCOUNT\"}]",
            ),
        ]
        .into_iter()
        .chain(changes.iter().copied())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        let content: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let signature = self.0.openssl.sign(key, content.join("&").as_bytes());
        pairs.insert("sign".into(), signature);
        pairs.insert("sign_type".into(), "RSA2".into());
        Sent {
            headers: axum::http::HeaderMap::new(),
            body: form(&pairs).into(),
        }
    }
}

/// As browsers and Alipay write a form: a space is a plus.
pub fn form(pairs: &BTreeMap<String, String>) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                    out.push(char::from(byte))
                }
                b' ' => out.push('+'),
                other => out.push_str(&format!("%{other:02X}")),
            }
            out
        })
    };
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(n, v)| format!("{}={}", escape(n), escape(v)))
        .collect();
    pairs.join("&")
}

/// Reads a form or a query.
pub fn pairs(text: &str) -> BTreeMap<String, String> {
    let plain = |text: &str| {
        let bytes = text.as_bytes();
        let (mut out, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            match bytes[at] {
                b'%' => {
                    out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
                    at += 2;
                }
                b'+' => out.push(b' '),
                other => out.push(other),
            }
            at += 1;
        }
        String::from_utf8(out).unwrap()
    };
    text.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

async fn gateway(State(peer): State<Peer>, body: Bytes) -> Response {
    let pairs = pairs(std::str::from_utf8(&body).unwrap());
    if let Err(code) = peer.admit(&pairs) {
        let word = json!({"error_response": {"code": "40002", "msg": "Invalid Arguments", "sub_code": code}});
        return word.to_string().into_response();
    }
    let method = pairs["method"].clone();
    let fault = peer.0.faults.take();
    if fault == Some(Fault::Broken) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let content: Value = serde_json::from_str(&pairs["biz_content"]).unwrap();
    let bill = format!("{}/bill", peer.0.address.lock().unwrap());
    let mut node = {
        let mut book = peer.0.book.lock().unwrap();
        book.seen.push(method.clone());
        work(&mut book, &method, &content, &bill)
    };
    if fault == Some(Fault::Silent) {
        std::future::pending::<()>().await;
    }
    if node["code"].is_null() {
        node["code"] = "10000".into();
        node["msg"] = "Success".into();
    }
    // What is signed are these bytes, blanks and all.
    let raw = serde_json::to_string_pretty(&node).unwrap();
    let key = if fault == Some(Fault::Forged) {
        "other"
    } else {
        "alipay"
    };
    let signature = peer.0.openssl.sign(key, raw.as_bytes());
    let raw = if fault == Some(Fault::Tampered) {
        raw.replace("Success", "success")
    } else {
        raw
    };
    let certificate = match peer.0.with_certificates {
        true => format!(",\"alipay_cert_sn\":\"{}\"", peer.certificate_name("alipay.crt")),
        false => String::new(),
    };
    format!(
        "{{\"{}_response\":{raw}{certificate},\"sign\":\"{signature}\"}}",
        method.replace('.', "_")
    )
    .into_response()
}

fn refused(sub_code: &str) -> Value {
    json!({"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "业务失败"})
}

fn work(book: &mut Book, method: &str, content: &Value, bill: &str) -> Value {
    let id = content["out_trade_no"].as_str().unwrap_or_default().to_owned();
    let slow = book.slow_refunds;
    if method == "alipay.trade.precreate" {
        book.trades.insert(
            id.clone(),
            Trade {
                amount: content["total_amount"].as_str().unwrap().into(),
                status: "WAIT_BUYER_PAY".into(),
                ..Trade::default()
            },
        );
        return json!({"out_trade_no": id, "qr_code": "https://qr.alipay.com/bavh4wjlxf12tper3a"});
    }
    if method == "alipay.data.dataservice.bill.downloadurl.query" {
        assert_eq!(
            (content["bill_type"].as_str(), content["bill_date"].as_str()),
            (Some("trade"), Some("2026-11-22"))
        );
        return json!({"bill_download_url": bill});
    }
    let Some(trade) = book.trades.get_mut(&id) else {
        return refused("ACQ.TRADE_NOT_EXIST");
    };
    match method {
        "alipay.trade.query" => {
            let mut word = json!({"trade_no": "2013112011001004330000121536", "out_trade_no": id,
                "trade_status": trade.status, "total_amount": trade.amount});
            if trade.status != "WAIT_BUYER_PAY"
                && !(trade.status == "TRADE_CLOSED" && trade.refunds.is_empty())
            {
                word["send_pay_date"] = "2026-11-23 09:01:00".into();
            }
            word
        }
        "alipay.trade.close" if trade.status == "WAIT_BUYER_PAY" => {
            trade.status = "TRADE_CLOSED".into();
            json!({"out_trade_no": id})
        }
        "alipay.trade.close" => refused("ACQ.TRADE_STATUS_ERROR"),
        "alipay.trade.refund" if trade.status == "TRADE_SUCCESS" => {
            let reference = content["out_request_no"].as_str().unwrap().to_owned();
            let amount = content["refund_amount"].as_str().unwrap().to_owned();
            let is_new = trade.refunds.insert(reference, amount.clone()).is_none();
            let change = if is_new && !slow { "Y" } else { "N" };
            json!({"trade_no": "2013112011001004330000121536", "out_trade_no": id, "fund_change": change,
                "refund_fee": amount})
        }
        "alipay.trade.fastpay.refund.query" => match trade
            .refunds
            .get(content["out_request_no"].as_str().unwrap())
        {
            Some(amount) if !slow => json!({"trade_no": "2013112011001004330000121536", "out_trade_no": id,
                "out_request_no": content["out_request_no"], "refund_amount": amount, "refund_status": "REFUND_SUCCESS"}),
            _ => json!({}),
        },
        _ => refused("ACQ.INVALID_PARAMETER"),
    }
}

async fn bill(State(peer): State<Peer>) -> Response {
    peer.0.bill.lock().unwrap().clone().into_response()
}
