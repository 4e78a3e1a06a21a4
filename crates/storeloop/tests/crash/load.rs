//! Many order at once while the server is killed again and again; whoever hears no answer asks again with the same key.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chain::{Ask, Books, Chain, ON_SHELF, PRICE, Server, books, name};

/// Who orders, and how often each: more than there are goods for.
const BUYERS: usize = 12;
const ORDERS_OF_EACH: usize = 20;
/// Pieces of one order.
const PIECES: i64 = 5;
const SERVED: usize = (ON_SHELF / PIECES) as usize;
/// The server is killed so often, each time after so many answers.
const KILLS: usize = 4;
const ANSWERS_BETWEEN: usize = 100;
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// The chain, and what its customers were told.
struct Rush<'a> {
    chain: &'a Chain,
    at: Mutex<SocketAddr>,
    answers: AtomicUsize,
    served: Mutex<BTreeSet<String>>,
    refused: AtomicUsize,
}

impl Rush<'_> {
    /// Asks until there is an answer.
    fn ask(&self, key: String, path: String, body: Value) -> (u16, Value) {
        let token = self.chain.member.clone();
        let ask = Ask {
            path,
            token,
            key,
            body,
        };
        loop {
            let at = *self.at.lock().unwrap();
            if let Some(answer) = ask.send(at) {
                self.answers.fetch_add(1, Ordering::SeqCst);
                return answer;
            }
            thread::sleep(ASK_AGAIN);
        }
    }

    fn must(&self, key: String, path: String, body: Value) -> Value {
        let (status, answer) = self.ask(key, path.clone(), body);
        assert!((200..300).contains(&status), "{path} answered {status}: {answer}");
        answer
    }

    fn buy(&self, who: &str) {
        let cart = json!({
            "channel": "web",
            "lines": [{ "sku_id": self.chain.sku, "quantity": PIECES }],
            "fulfilment": { "method": "collect", "place_id": self.chain.here },
            "contact": { "name": "Han Meimei", "phone": "13900139000" },
        });
        let cart = self.must(format!("{who}-cart"), "/carts".into(), cart);
        let checkout = format!("/carts/{}/checkout", name(&cart));
        let body = json!({ "payment_method": "sandbox" });
        let (status, order) = self.ask(format!("{who}-checkout"), checkout, body);
        if order["code"] == "stock.insufficient" {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return;
        }
        assert!(
            (200..300).contains(&status),
            "checkout answered {status}: {order}"
        );
        let pay = format!("/payments/{}/sandbox", name(&order["payments"][0]));
        let paid = self.must(format!("{who}-pay"), pay, json!({ "outcome": "approve" }));
        assert_eq!((&paid["state"], &paid["id"]), (&json!("allocated"), &order["id"]));
        let is_new = self.served.lock().unwrap().insert(name(&order).to_owned());
        assert!(is_new, "two carts became one order");
    }
}

pub(crate) fn killed_amid_a_rush(database: Option<&str>) {
    let chain = Chain::new(database);
    chain.arm("");
    let mut server = Server::start(&chain);
    let rush = Rush {
        chain: &chain,
        at: Mutex::new(server.at),
        answers: AtomicUsize::new(0),
        served: Mutex::default(),
        refused: AtomicUsize::new(0),
    };
    let rush = &rush;
    let server = thread::scope(|scope| {
        let buyers: Vec<_> = (0..BUYERS)
            .map(|buyer| {
                scope.spawn(move || (0..ORDERS_OF_EACH).for_each(|nth| rush.buy(&format!("{buyer}-{nth}"))))
            })
            .collect();
        for kill in 1..=KILLS {
            while rush.answers.load(Ordering::SeqCst) < kill * ANSWERS_BETWEEN {
                assert!(
                    !buyers.iter().all(|buyer| buyer.is_finished()),
                    "nobody buys any more"
                );
                thread::sleep(ASK_AGAIN);
            }
            server.kill();
            server = Server::start(&chain);
            *rush.at.lock().unwrap() = server.at;
        }
        server
    });
    server.kill();
    let served = rush.served.lock().unwrap().len();
    let refused = rush.refused.load(Ordering::SeqCst);
    assert_eq!((served, refused), (SERVED, BUYERS * ORDERS_OF_EACH - SERVED));
    let wanted = Books {
        orders: SERVED as i64,
        on_hand: 2 * ON_SHELF,
        reserved: ON_SHELF,
        captured: ON_SHELF * PRICE,
        ..Books::default()
    };
    assert_eq!(
        chain.runtime.block_on(books(&chain)),
        wanted,
        "lost, or done twice"
    );
}
