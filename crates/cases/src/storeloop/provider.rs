//! A payment provider beside the server: it answers as Stripe does, moves no money, and tells what happened when a case
//! says so, signed as Stripe signs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::view::now;

/// What proves that a message is the provider's.
pub(super) const SECRET: &str = "whsec_cases";

/// A running provider; it ends with the process of the tests.
pub(super) struct Provider {
    pub(super) at: SocketAddr,
}

impl Provider {
    pub(super) fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let at = listener.local_addr().map_err(|e| e.to_string())?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Who hangs up in the middle asks again.
                thread::spawn(move || drop(answer(stream)));
            }
        });
        Ok(Self { at })
    }
}

/// Answers one request: intents and refunds are what they were asked to be.
fn answer(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let form = String::from_utf8_lossy(&body).into_owned();
    let body = said(&path, &form).to_string();
    write!(
        reader.get_mut(),
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn said(path: &str, form: &str) -> Value {
    let field = |name: &str| {
        form.split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    if path == "/v1/refunds" {
        let amount: i64 = field("amount")
            .and_then(|minor| minor.parse().ok())
            .unwrap_or_default();
        return json!({ "id": "re_asked", "amount": amount, "currency": "cny", "status": "succeeded" });
    }
    let mut parts = path.trim_start_matches("/v1/payment_intents").split('/').skip(1);
    let named = parts.next().and_then(|id| id.strip_prefix("pi_"));
    let ours = named
        .or_else(|| field("metadata%5Bstoreloop_payment%5D"))
        .unwrap_or_default();
    let status = match parts.next() {
        Some("cancel") => "canceled",
        _ => "requires_payment_method",
    };
    intent(ours, status, 0)
}

/// An intent, by the name of our payment.
fn intent(ours: &str, status: &str, received: i64) -> Value {
    json!({
        "id": format!("pi_{ours}"), "client_secret": format!("pi_{ours}_secret"), "status": status,
        "amount_received": received, "amount_capturable": 0, "currency": "cny",
        "metadata": { "storeloop_payment": ours },
    })
}

/// What is told of our payment: `paid`, or `refunded` from the provider's own desk.
pub(super) fn told(what: &str, ours: &str, minor: i64) -> Result<Value, String> {
    let (kind, object) = match what {
        "paid" => ("payment_intent.succeeded", intent(ours, "succeeded", minor)),
        "refunded" => (
            "refund.updated",
            json!({
                "id": format!("re_{ours}"), "payment_intent": format!("pi_{ours}"), "amount": minor,
                "currency": "cny", "status": "succeeded",
            }),
        ),
        other => return Err(format!("a provider does not tell `{other}`")),
    };
    Ok(json!({ "id": format!("evt_{what}_{ours}"), "type": kind, "data": { "object": object } }))
}

/// `Stripe-Signature` over these very bytes.
pub(super) fn signature(body: &str) -> Result<String, String> {
    let at = now()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).map_err(|e| e.to_string())?;
    mac.update(format!("{at}.{body}").as_bytes());
    let proof = mac.finalize().into_bytes();
    let hex: String = proof.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("t={at},v1={hex}"))
}
