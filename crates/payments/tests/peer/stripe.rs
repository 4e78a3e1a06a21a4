//! Stripe, as it looks from outside.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::ManualClock;
use payments::{CaptureMode, PaymentsConfig, Secret, Sent};
use serde_json::{Value, json};

use super::alipay::pairs;
use super::{Fault, Faults, Openssl, seconds, serve};

pub const SECRET: &str = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";
pub const WEBHOOK: &str = "whsec_first";
pub const WEBHOOK_NEXT: &str = "whsec_second";

#[derive(Clone)]
pub struct Peer(Arc<Inside>);

struct Inside {
    openssl: Openssl,
    clock: Arc<ManualClock>,
    faults: Faults,
    book: Mutex<Book>,
    address: Mutex<String>,
}

#[derive(Default)]
struct Book {
    intents: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
    /// Idempotency keys with the body they came with and the answer they got.
    keys: BTreeMap<String, (String, Value)>,
    seen: Vec<String>,
    refund_status: String,
    balance: Vec<Value>,
}

impl Peer {
    pub async fn start(clock: Arc<ManualClock>) -> Self {
        let book = Book {
            refund_status: "succeeded".into(),
            ..Book::default()
        };
        let peer = Self(Arc::new(Inside {
            openssl: Openssl::new(),
            clock,
            faults: Faults::default(),
            book: Mutex::new(book),
            address: Mutex::default(),
        }));
        let router = Router::new()
            .route("/v1/payment_intents", post(create))
            .route("/v1/payment_intents/{id}", get(retrieve))
            .route("/v1/payment_intents/{id}/{verb}", post(act))
            .route("/v1/refunds", post(refund).get(refunds))
            .route("/v1/balance_transactions", get(balance))
            .with_state(peer.clone());
        *peer.0.address.lock().unwrap() = format!("http://{}", serve(router).await);
        peer
    }

    pub fn config(&self, capture: CaptureMode) -> PaymentsConfig {
        let mut config = PaymentsConfig {
            timeout_ms: 1_500,
            ..PaymentsConfig::default()
        };
        let stripe = &mut config.stripe;
        stripe.base_url = self.0.address.lock().unwrap().clone();
        stripe.publishable_key = "pk_test_1".into();
        stripe.secret_key_file = self.0.openssl.file("secret", &format!("{SECRET}\n"));
        stripe.webhook_secret = Secret::new(format!("{WEBHOOK},{WEBHOOK_NEXT}"));
        stripe.capture = capture;
        config
    }

    pub fn fail(&self, faults: &[Fault]) {
        self.0.faults.plan(faults);
    }

    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.0.book.lock().unwrap().seen)
    }

    pub fn new_refunds_are(&self, status: &str) {
        self.0.book.lock().unwrap().refund_status = status.into();
    }

    pub fn intents(&self) -> Vec<Value> {
        self.0.book.lock().unwrap().intents.values().cloned().collect()
    }

    pub fn refunds(&self) -> Vec<Value> {
        self.0.book.lock().unwrap().refunds.values().cloned().collect()
    }

    pub fn set_balance(&self, rows: Vec<Value>) {
        self.0.book.lock().unwrap().balance = rows;
    }

    pub fn forget_keys(&self) {
        self.0.book.lock().unwrap().keys.clear();
    }

    /// The payer's card goes through, or not.
    pub fn confirms(&self, payment: &str, status: &str) -> Value {
        let mut book = self.0.book.lock().unwrap();
        let intent = book
            .intents
            .values_mut()
            .find(|i| i["metadata"]["storeloop_payment"] == payment)
            .unwrap();
        intent["status"] = status.into();
        match status {
            "succeeded" => intent["amount_received"] = intent["amount"].clone(),
            "requires_capture" => intent["amount_capturable"] = intent["amount"].clone(),
            _ => intent["last_payment_error"] = json!({"code": "card_declined", "charge": "ch_1"}),
        }
        intent.clone()
    }

    pub fn event(&self, id: &str, kind: &str, object: &Value) -> Sent {
        self.event_with(id, kind, object, &[WEBHOOK], seconds(&self.0.clock))
    }

    pub fn event_with(&self, id: &str, kind: &str, object: &Value, secrets: &[&str], at: i64) -> Sent {
        let body =
            json!({"id": id, "object": "event", "type": kind, "livemode": false, "data": {"object": object}})
                .to_string();
        let signatures: Vec<String> = secrets
            .iter()
            .map(|secret| {
                format!(
                    "v1={}",
                    self.0.openssl.mac(secret, format!("{at}.{body}").as_bytes())
                )
            })
            .collect();
        let mut headers = HeaderMap::new();
        let value = format!(
            "t={at},{},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39",
            signatures.join(",")
        );
        headers.insert("stripe-signature", value.parse().unwrap());
        Sent {
            headers,
            body: body.into(),
        }
    }

    async fn reply(
        &self,
        headers: &HeaderMap,
        what: String,
        body: &str,
        work: impl FnOnce(&mut Book) -> (u16, Value),
    ) -> Response {
        if headers
            .get("authorization")
            .is_none_or(|v| *v != format!("Bearer {SECRET}"))
        {
            return (
                StatusCode::UNAUTHORIZED,
                json!({"error": {"type": "invalid_request_error"}}).to_string(),
            )
                .into_response();
        }
        let fault = self.0.faults.take();
        if fault == Some(Fault::Broken) {
            return (
                StatusCode::INTERNAL_SERVER_ERROR,
                json!({"error": {"type": "api_error"}}).to_string(),
            )
                .into_response();
        }
        let (status, answer) = {
            let mut book = self.0.book.lock().unwrap();
            book.seen.push(what);
            let key = headers
                .get("idempotency-key")
                .map(|v| v.to_str().unwrap().to_owned());
            match key.as_ref().and_then(|key| book.keys.get(key)) {
                Some((before, _)) if before != body => (400, json!({"error": {"type": "idempotency_error"}})),
                Some((_, answer)) => (200, answer.clone()),
                None => {
                    let (status, answer) = work(&mut book);
                    if let (Some(key), 200) = (key, status) {
                        book.keys.insert(key, (body.to_owned(), answer.clone()));
                    }
                    (status, answer)
                }
            }
        };
        if fault == Some(Fault::Silent) {
            std::future::pending::<()>().await;
        }
        (StatusCode::from_u16(status).unwrap(), answer.to_string()).into_response()
    }
}

async fn create(State(peer): State<Peer>, headers: HeaderMap, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body).unwrap();
    peer.reply(&headers, "create".into(), text, |book| {
        let asked = pairs(text);
        if !headers.contains_key("idempotency-key") || !headers.contains_key("stripe-version") {
            return (400, json!({"error": {"type": "invalid_request_error"}}));
        }
        let id = format!("pi_{}", book.intents.len() + 1);
        let intent = json!({
            "id": id, "object": "payment_intent", "client_secret": format!("{id}_secret_1"),
            "amount": asked["amount"].parse::<i64>().unwrap(), "amount_received": 0, "amount_capturable": 0,
            "currency": asked["currency"], "capture_method": asked["capture_method"],
            "status": "requires_payment_method", "last_payment_error": null,
            "metadata": {"storeloop_payment": asked["metadata[storeloop_payment]"]},
        });
        book.intents.insert(id, intent.clone());
        (200, intent)
    })
    .await
}

async fn retrieve(State(peer): State<Peer>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    peer.reply(&headers, "retrieve".into(), "", |book| {
        match book.intents.get(&id) {
            Some(intent) => (200, intent.clone()),
            None => (
                404,
                json!({"error": {"code": "resource_missing", "type": "invalid_request_error"}}),
            ),
        }
    })
    .await
}

async fn act(
    State(peer): State<Peer>,
    Path((id, verb)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = std::str::from_utf8(&body).unwrap();
    peer.reply(&headers, verb.clone(), text, |book| {
        let intent = book.intents.get_mut(&id).unwrap();
        let status = intent["status"].as_str().unwrap().to_owned();
        let unexpected = (
            400,
            json!({"error": {"code": "payment_intent_unexpected_state", "type": "invalid_request_error"}}),
        );
        match (verb.as_str(), status.as_str()) {
            ("capture", "requires_capture") => {
                intent["status"] = "succeeded".into();
                intent["amount_received"] = intent["amount"].clone();
            }
            ("cancel", "succeeded" | "canceled") | ("capture", _) => return unexpected,
            _ => intent["status"] = "canceled".into(),
        }
        (200, intent.clone())
    })
    .await
}

async fn refund(State(peer): State<Peer>, headers: HeaderMap, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body).unwrap();
    peer.reply(&headers, "refund".into(), text, |book| {
        let asked = pairs(text);
        let amount: i64 = asked["amount"].parse().unwrap();
        let intent = &book.intents[&asked["payment_intent"]];
        let before: i64 = book
            .refunds
            .values()
            .filter(|r| r["payment_intent"] == asked["payment_intent"])
            .map(|r| r["amount"].as_i64().unwrap())
            .sum();
        if before + amount > intent["amount_received"].as_i64().unwrap() {
            return (
                400,
                json!({"error": {"code": "charge_already_refunded", "message": "over"}}),
            );
        }
        let id = format!("re_{}", book.refunds.len() + 1);
        let refund = json!({
            "id": id, "object": "refund", "amount": amount, "currency": intent["currency"],
            "payment_intent": asked["payment_intent"], "status": book.refund_status,
            "metadata": {"storeloop_refund": asked["metadata[storeloop_refund]"]},
        });
        book.refunds.insert(id, refund.clone());
        (200, refund)
    })
    .await
}

async fn refunds(State(peer): State<Peer>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = pairs(uri.query().unwrap());
    peer.reply(&headers, "refunds".into(), "", |book| {
        let data: Vec<&Value> = book
            .refunds
            .values()
            .filter(|r| r["payment_intent"] == asked["payment_intent"])
            .collect();
        (200, json!({"object": "list", "data": data, "has_more": false}))
    })
    .await
}

async fn balance(State(peer): State<Peer>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = pairs(uri.query().unwrap());
    peer.reply(&headers, "balance".into(), "", |book| {
        let (from, to): (i64, i64) = (
            asked["created[gte]"].parse().unwrap(),
            asked["created[lt]"].parse().unwrap(),
        );
        assert_eq!(asked["expand[]"], "data.source");
        let day: Vec<&Value> = book
            .balance
            .iter()
            .filter(|row| (from..to).contains(&row["created"].as_i64().unwrap()))
            .collect();
        let start = asked.get("starting_after").map_or(0, |after| {
            day.iter().position(|r| r["id"] == **after).unwrap() + 1
        });
        // Two rows a page, however many are asked for.
        let page: Vec<&Value> = day.iter().skip(start).take(2).copied().collect();
        let more = start + page.len() < day.len();
        (200, json!({"object": "list", "data": page, "has_more": more}))
    })
    .await
}
