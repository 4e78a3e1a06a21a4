//! WeChat Pay, API v3, as it looks from outside.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::ManualClock;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use payments::{PaymentsConfig, Secret, Sent};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};

use super::{Fault, Faults, Openssl, seconds, serve};

pub const MERCHANT: &str = "1900009191";
pub const MERCHANT_SERIAL: &str = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C";
pub const APP: &str = "wxd678efh567hg6787";
pub const V3_KEY: &str = "0123456789abcdef0123456789ABCDEF";
pub const KEY_ID: &str = "PUB_KEY_ID_0119000091912024072000292900000000";

#[derive(Clone)]
pub struct Peer(Arc<Inside>);

struct Inside {
    openssl: Openssl,
    clock: Arc<ManualClock>,
    pub faults: Faults,
    /// What answers and messages are signed with: the name of a key here and the serial number it goes by.
    signer: Mutex<(String, String)>,
    /// The platform certificates in force, by key name.
    certificates: Mutex<Vec<(String, String)>>,
    book: Mutex<Book>,
    address: Mutex<String>,
    bill: Mutex<(Vec<u8>, String)>,
}

#[derive(Default)]
struct Book {
    orders: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
    nonces: HashSet<String>,
    /// Requests whose signature was right, as `METHOD path`.
    seen: Vec<String>,
    /// How a new refund stands.
    refund_status: String,
}

impl Peer {
    pub async fn start(clock: Arc<ManualClock>) -> Self {
        let openssl = Openssl::new();
        for name in ["merchant", "platform", "other"] {
            openssl.key(name);
        }
        let peer = Self(Arc::new(Inside {
            openssl,
            clock,
            faults: Faults::default(),
            signer: Mutex::new(("platform".into(), KEY_ID.into())),
            certificates: Mutex::default(),
            book: Mutex::new(Book {
                refund_status: "PROCESSING".into(),
                ..Book::default()
            }),
            address: Mutex::default(),
            bill: Mutex::default(),
        }));
        let router = Router::new()
            .route("/v3/pay/transactions/{kind}", post(create))
            .route("/v3/pay/transactions/out-trade-no/{id}", get(query))
            .route("/v3/pay/transactions/out-trade-no/{id}/close", post(close))
            .route("/v3/refund/domestic/refunds", post(refund))
            .route("/v3/refund/domestic/refunds/{id}", get(refund_query))
            .route("/v3/certificates", get(certificates))
            .route("/v3/bill/tradebill", get(bill))
            .route("/v3/billdownload/file", get(bill_file))
            .with_state(peer.clone());
        let address = format!("http://{}", serve(router).await);
        *peer.0.address.lock().unwrap() = address;
        peer
    }

    /// The settings of a shop whose provider this is; with a public key, or with certificates to be downloaded.
    pub fn config(&self, with_public_key: bool) -> PaymentsConfig {
        let mut config = PaymentsConfig {
            timeout_ms: 1_500,
            ..PaymentsConfig::default()
        };
        let wechat = &mut config.wechat_pay;
        wechat.base_url = self.0.address.lock().unwrap().clone();
        wechat.app_id = APP.into();
        wechat.merchant_id = MERCHANT.into();
        wechat.merchant_serial = MERCHANT_SERIAL.into();
        wechat.private_key = Secret::new(self.0.openssl.text("merchant.pem"));
        wechat.api_v3_key = Secret::new(V3_KEY);
        if with_public_key {
            wechat.public_key_id = KEY_ID.into();
            wechat.public_key_file = self.0.openssl.path("platform.pub.pem").to_str().unwrap().into();
        }
        config
    }

    /// From now on a certificate, newly published under this key, signs.
    pub fn rotate(&self, key: &str, serial: &str) {
        let inside = &self.0;
        if !inside.openssl.path(&format!("{key}.pem")).exists() {
            inside.openssl.key(key);
        }
        inside.openssl.certificate(
            key,
            &format!("0x{serial}"),
            "/C=CN/O=Tenpay.com/CN=Tenpay.com Root CA",
        );
        let mut published = inside.certificates.lock().unwrap();
        published.push((key.into(), serial.into()));
        if published.len() > 2 {
            published.remove(0);
        }
        *inside.signer.lock().unwrap() = (key.into(), serial.into());
    }

    pub fn fail(&self, faults: &[Fault]) {
        self.0.faults.plan(faults);
    }

    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.0.book.lock().unwrap().seen)
    }

    pub fn orders(&self) -> BTreeMap<String, Value> {
        self.0.book.lock().unwrap().orders.clone()
    }

    pub fn refunds(&self) -> BTreeMap<String, Value> {
        self.0.book.lock().unwrap().refunds.clone()
    }

    pub fn new_refunds_are(&self, status: &str) {
        self.0.book.lock().unwrap().refund_status = status.into();
    }

    pub fn set_bill(&self, packed: Vec<u8>, sha1: &str) {
        *self.0.bill.lock().unwrap() = (packed, sha1.into());
    }

    pub fn sha1(&self, bytes: &[u8]) -> String {
        self.0.openssl.digest("-sha1", bytes)
    }

    pub fn verify_merchant(&self, message: &str, signature: &str) -> bool {
        self.0.openssl.verify("merchant", message.as_bytes(), signature)
    }

    /// The payer pays; answers the plain words of the notification.
    pub fn pays(&self, id: &str) -> Value {
        let mut book = self.0.book.lock().unwrap();
        let order = book.orders.get_mut(id).unwrap();
        order["trade_state"] = "SUCCESS".into();
        order["transaction_id"] = format!("42000{}", &id[id.len() - 10..]).into();
        order["success_time"] = "2018-06-08T10:34:56+08:00".into();
        order.clone()
    }

    pub fn refund_becomes(&self, reference: &str, status: &str) -> Value {
        let mut book = self.0.book.lock().unwrap();
        let refund = book.refunds.get_mut(reference).unwrap();
        refund["status"] = status.into();
        let mut word = refund.clone();
        let status = word.as_object_mut().unwrap().remove("status").unwrap();
        word["refund_status"] = status;
        word["mchid"] = MERCHANT.into();
        word
    }

    /// A notification as it goes over the wire.
    pub fn notification(&self, id: &str, event: &str, plain: &Value) -> Sent {
        self.notification_with(id, event, plain, V3_KEY, seconds(&self.0.clock))
    }

    pub fn notification_with(&self, id: &str, event: &str, plain: &Value, key: &str, at: i64) -> Sent {
        let original = if event.starts_with("REFUND") {
            "refund"
        } else {
            "transaction"
        };
        let body = json!({
            "id": id,
            "create_time": "2018-06-08T10:34:56+08:00",
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": "支付成功",
            "resource": sealed(key, original, plain.to_string().as_bytes()),
        })
        .to_string();
        let (signer, serial) = self.0.signer.lock().unwrap().clone();
        self.signed(&signer, &serial, at, body.into_bytes())
    }

    pub fn signed(&self, key: &str, serial: &str, at: i64, body: Vec<u8>) -> Sent {
        let headers = self.headers(key, serial, at, &body);
        Sent {
            headers,
            body: body.into(),
        }
    }

    fn headers(&self, key: &str, serial: &str, at: i64, body: &[u8]) -> HeaderMap {
        let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
        let message = [format!("{at}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
        let signature = self.0.openssl.sign(key, &message);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("wechatpay-timestamp", at.to_string()),
            ("wechatpay-nonce", nonce.to_owned()),
            ("wechatpay-serial", serial.to_owned()),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
            ("wechatpay-signature", signature),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    /// The request's signature, checked the way WeChat Pay says.
    fn admit(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let line = headers["authorization"].to_str().map_err(|e| e.to_string())?;
        let rest = line.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").ok_or("scheme")?;
        let parts: BTreeMap<&str, &str> = rest
            .split(',')
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name, value.trim_matches('"')))
            .collect();
        let part = |name: &str| parts.get(name).copied().ok_or_else(|| name.to_owned());
        if part("mchid")? != MERCHANT || part("serial_no")? != MERCHANT_SERIAL {
            return Err("merchant".into());
        }
        let at: i64 = part("timestamp")?.parse().map_err(|_| "timestamp")?;
        if (at - seconds(&self.0.clock)).abs() > 300 {
            return Err("timestamp".into());
        }
        let path = uri.path_and_query().unwrap().as_str();
        let nonce = part("nonce_str")?;
        let message = [
            format!("{method}\n{path}\n{at}\n{nonce}\n").as_bytes(),
            body,
            b"\n",
        ]
        .concat();
        if !self.0.openssl.verify("merchant", &message, part("signature")?) {
            return Err("signature".into());
        }
        let mut book = self.0.book.lock().unwrap();
        if !book.nonces.insert(nonce.to_owned()) {
            return Err("nonce".into());
        }
        book.seen.push(format!("{method} {}", uri.path()));
        Ok(())
    }

    async fn reply(
        &self,
        (method, uri, headers, body): (Method, Uri, HeaderMap, Bytes),
        work: impl FnOnce(&mut Book, Value) -> (u16, Value),
    ) -> Response {
        if let Err(reason) = self.admit(&method, &uri, &headers, &body) {
            let word = json!({"code": "SIGN_ERROR", "message": reason});
            return (StatusCode::UNAUTHORIZED, word.to_string()).into_response();
        }
        let fault = self.0.faults.take();
        if fault == Some(Fault::Broken) {
            return (
                StatusCode::INTERNAL_SERVER_ERROR,
                json!({"code": "SYSTEM_ERROR"}).to_string(),
            )
                .into_response();
        }
        let (status, answer) = {
            let input = serde_json::from_slice(&body).unwrap_or(Value::Null);
            work(&mut self.0.book.lock().unwrap(), input)
        };
        if fault == Some(Fault::Silent) {
            std::future::pending::<()>().await;
        }
        let (mut key, serial) = self.0.signer.lock().unwrap().clone();
        if fault == Some(Fault::Forged) {
            key = "other".into();
        }
        let text = if status == 204 {
            String::new()
        } else {
            answer.to_string()
        };
        let headers = self.headers(&key, &serial, seconds(&self.0.clock), text.as_bytes());
        let text = if fault == Some(Fault::Tampered) {
            text.replace("PROCESSING", "SUCCESS") + " "
        } else {
            text
        };
        (StatusCode::from_u16(status).unwrap(), headers, text).into_response()
    }
}

/// AES-256-GCM by ring: the code under test opens it with another library.
fn sealed(key: &str, associated: &str, plain: &[u8]) -> Value {
    let nonce = "fdasflkja484";
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).unwrap());
    let mut out = plain.to_vec();
    let nonce_bytes = Nonce::try_assume_unique_for_key(nonce.as_bytes()).unwrap();
    key.seal_in_place_append_tag(nonce_bytes, Aad::from(associated.as_bytes()), &mut out)
        .unwrap();
    json!({
        "algorithm": "AEAD_AES_256_GCM",
        "original_type": associated,
        "associated_data": associated,
        "nonce": nonce,
        "ciphertext": STANDARD.encode(out),
    })
}

type Whole = (Method, Uri, HeaderMap, Bytes);

async fn create(
    State(peer): State<Peer>,
    Path(kind): Path<String>,
    m: Method,
    u: Uri,
    h: HeaderMap,
    b: Bytes,
) -> Response {
    let whole: Whole = (m, u, h, b);
    peer.reply(whole, |book, order| {
        let id = order["out_trade_no"].as_str().unwrap().to_owned();
        let wanted = ["appid", "mchid", "description", "notify_url", "time_expire"];
        let complete = wanted.iter().all(|name| order[*name].is_string())
            && order["amount"]["total"].as_i64().is_some_and(|n| n > 0)
            && order["time_expire"].as_str().unwrap().ends_with("+08:00")
            && (kind != "jsapi" || order["payer"]["openid"].is_string())
            && (kind != "h5" || order["scene_info"]["payer_client_ip"] == "192.0.2.7")
            && (6..=32).contains(&id.len());
        if !complete {
            return (400, json!({"code": "PARAM_ERROR", "message": "参数错误"}));
        }
        if book
            .orders
            .get(&id)
            .is_some_and(|o| o["trade_state"] == "SUCCESS")
        {
            return (400, json!({"code": "ORDERPAID", "message": "订单已支付"}));
        }
        book.orders.insert(
            id.clone(),
            json!({
                "appid": order["appid"], "mchid": order["mchid"], "out_trade_no": id,
                "trade_type": kind.to_uppercase(), "trade_state": "NOTPAY", "trade_state_desc": "未支付",
                "amount": {"total": order["amount"]["total"], "payer_total": order["amount"]["total"],
                           "currency": "CNY", "payer_currency": "CNY"},
            }),
        );
        match kind.as_str() {
            "jsapi" => (200, json!({"prepay_id": "wx26112221580621e9b071c00d9e093b0000"})),
            "h5" => (
                200,
                json!({"h5_url": "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=1"}),
            ),
            _ => (200, json!({"code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"})),
        }
    })
    .await
}

async fn query(
    State(peer): State<Peer>,
    Path(id): Path<String>,
    m: Method,
    u: Uri,
    h: HeaderMap,
    b: Bytes,
) -> Response {
    let asks_for_us = u.query() == Some(&format!("mchid={MERCHANT}"));
    peer.reply((m, u, h, b), |book, _| match book.orders.get(&id) {
        Some(order) if asks_for_us => (200, order.clone()),
        _ => (404, json!({"code": "ORDER_NOT_EXIST", "message": "订单不存在"})),
    })
    .await
}

async fn close(
    State(peer): State<Peer>,
    Path(id): Path<String>,
    m: Method,
    u: Uri,
    h: HeaderMap,
    b: Bytes,
) -> Response {
    peer.reply((m, u, h, b), |book, input| {
        assert_eq!(input["mchid"], MERCHANT);
        match book.orders.get_mut(&id) {
            None => (404, json!({"code": "ORDER_NOT_EXIST"})),
            Some(order) if order["trade_state"] == "SUCCESS" => (400, json!({"code": "ORDERPAID"})),
            Some(order) => {
                order["trade_state"] = "CLOSED".into();
                (204, Value::Null)
            }
        }
    })
    .await
}

async fn refund(State(peer): State<Peer>, m: Method, u: Uri, h: HeaderMap, b: Bytes) -> Response {
    peer.reply((m, u, h, b), |book, wish| {
        let reference = wish["out_refund_no"].as_str().unwrap().to_owned();
        let order = wish["out_trade_no"].as_str().unwrap().to_owned();
        let fits = reference.len() <= 64
            && reference.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-|*@".contains(&c))
            && book.orders.get(&order).is_some_and(|o| {
                o["trade_state"] == "SUCCESS" && o["amount"]["total"] == wish["amount"]["total"]
            });
        if !fits {
            return (400, json!({"code": "INVALID_REQUEST", "message": "订单状态或金额不符"}));
        }
        let status = book.refund_status.clone();
        // The same number again is the same refund.
        let known = book.refunds.entry(reference.clone()).or_insert_with(|| json!({
            "refund_id": format!("5030{}", &reference[1..11]), "out_refund_no": reference,
            "out_trade_no": order, "transaction_id": "4200001", "channel": "ORIGINAL",
            "status": status, "create_time": "2020-12-01T16:18:12+08:00",
            "amount": {"refund": wish["amount"]["refund"], "total": wish["amount"]["total"], "currency": "CNY"},
        }));
        (200, known.clone())
    })
    .await
}

async fn refund_query(
    State(peer): State<Peer>,
    Path(id): Path<String>,
    m: Method,
    u: Uri,
    h: HeaderMap,
    b: Bytes,
) -> Response {
    peer.reply((m, u, h, b), |book, _| match book.refunds.get(&id) {
        Some(refund) => (200, refund.clone()),
        None => (404, json!({"code": "RESOURCE_NOT_EXISTS"})),
    })
    .await
}

async fn certificates(State(peer): State<Peer>, m: Method, u: Uri, h: HeaderMap, b: Bytes) -> Response {
    let published = peer.0.certificates.lock().unwrap().clone();
    let data: Vec<Value> = published
        .iter()
        .map(|(key, serial)| {
            let pem = peer.0.openssl.text(&format!("{key}.crt"));
            json!({
                "serial_no": serial,
                "effective_time": "2018-06-08T10:34:56+08:00",
                "expire_time": "2018-12-08T10:34:56+08:00",
                "encrypt_certificate": sealed(V3_KEY, "certificate", pem.as_bytes()),
            })
        })
        .collect();
    peer.reply((m, u, h, b), |_, _| (200, json!({"data": data})))
        .await
}

async fn bill(
    State(peer): State<Peer>,
    Query(query): Query<BTreeMap<String, String>>,
    m: Method,
    u: Uri,
    h: HeaderMap,
    b: Bytes,
) -> Response {
    let (bytes, hash) = peer.0.bill.lock().unwrap().clone();
    let url = format!("{}/v3/billdownload/file?token=xx", peer.0.address.lock().unwrap());
    peer.reply((m, u, h, b), |_, _| {
        if bytes.is_empty() || query["bill_type"] != "ALL" || query["tar_type"] != "GZIP" {
            return (
                400,
                json!({"code": "NO_STATEMENT_EXIST", "message": "账单文件不存在"}),
            );
        }
        (
            200,
            json!({"hash_type": "SHA1", "hash_value": hash, "download_url": url}),
        )
    })
    .await
}

async fn bill_file(State(peer): State<Peer>, m: Method, u: Uri, h: HeaderMap, b: Bytes) -> Response {
    // The file itself is not signed; the request for it is.
    match peer.admit(&m, &u, &h, &b) {
        Ok(()) => peer.0.bill.lock().unwrap().0.clone().into_response(),
        Err(reason) => (StatusCode::UNAUTHORIZED, reason).into_response(),
    }
}
