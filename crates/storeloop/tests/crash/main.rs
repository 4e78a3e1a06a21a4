//! Kill -9 of a real server, at every named point of an order's life and amid many of them: after the restart nothing
//! is lost and nothing is done twice, in the orders, their stock, their money and their points.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod chain;
mod load;

use std::net::SocketAddr;
use std::thread;

use db::Engine;
use db::testing::{PrivateServer, engines};
use serde_json::{Value, json};

use chain::{Ask, Books, Chain, ON_SHELF, PRICE, Server, books, name};

/// Pieces of one order, of which one comes back.
const PIECES: i64 = 2;

/// Which step of an order's life a point belongs to.
fn step_of(point: &str) -> &str {
    match point.split('.').next().unwrap() {
        "points" => "hand_over",
        "refund" => "return",
        step => step,
    }
}

/// One order from its cart to its end, with the server killed at a point on the way.
struct Life<'a> {
    chain: &'a Chain,
    server: Option<Server>,
    point: &'a str,
    killed: bool,
}

impl Life<'_> {
    fn ask(&self, step: &str, path: String, is_staff: bool, body: Value) -> Ask {
        let token = if is_staff {
            &self.chain.staff
        } else {
            &self.chain.member
        };
        Ask {
            path,
            token: token.clone(),
            key: format!("{}-{step}", self.point),
            body,
        }
    }

    fn at(&self) -> SocketAddr {
        self.server.as_ref().unwrap().at
    }

    /// Takes a step; where the point lies in it, kills the server there, starts another and asks again.
    fn step(&mut self, name: &str, path: String, is_staff: bool, body: Value) -> Value {
        let ask = self.ask(name, path, is_staff, body);
        if step_of(self.point) != name {
            return ask.must(self.at());
        }
        self.chain.arm(self.point);
        let (unlucky, at) = (ask.clone(), self.at());
        let asking = thread::spawn(move || unlucky.send(at));
        let mut server = self.server.take().unwrap();
        server.hear(&format!("stopped at {}", self.point));
        server.kill();
        // Answered before the blow, or not at all.
        let _ = asking.join().unwrap();
        self.chain.arm("");
        self.killed = true;
        self.server = Some(Server::start(self.chain));
        let first = ask.must(self.at());
        let again = ask.must(self.at());
        assert_eq!(first["id"], again["id"], "asked again, it is the same thing");
        first
    }

    fn live(mut self) -> Server {
        let cart = self.ask(
            "cart",
            "/carts".into(),
            false,
            json!({
                "channel": "web",
                "lines": [{ "sku_id": self.chain.sku, "quantity": PIECES }],
                "fulfilment": { "method": "collect", "place_id": self.chain.here },
                "contact": { "name": "Han Meimei", "phone": "13900139000" },
            }),
        );
        let cart = cart.must(self.at());
        let checkout = format!("/carts/{}/checkout", name(&cart));
        let order = self.step(
            "checkout",
            checkout,
            false,
            json!({ "payment_method": "sandbox" }),
        );
        let pay = format!("/payments/{}/sandbox", name(&order["payments"][0]));
        let paid = self.step("payment", pay, false, json!({ "outcome": "approve" }));
        assert_eq!(paid["state"], "allocated");
        let order_path = format!("/orders/{}", name(&order));
        match step_of(self.point) {
            "cancel" => {
                let body = json!({ "reason": "changed my mind" });
                let gone = self.step("cancel", format!("{order_path}/cancel"), false, body);
                assert_eq!(gone["state"], "cancelled");
            }
            "change" => {
                let body = json!({
                    "lines": [{ "sku_id": self.chain.sku, "quantity": PIECES - 1 }],
                    "agreed_difference": { "amount_minor": -PRICE, "currency": "CNY" },
                });
                let less = self.step("change", format!("{order_path}/changes"), false, body);
                assert_eq!(less["lines"][0]["quantity"], PIECES - 1);
            }
            "reject" => {
                let reject = format!("/fulfilments/{}/reject", name(&paid["fulfilments"][0]));
                let moved = self.step("reject", reject, true, json!({ "reason": "damaged" }));
                assert_eq!(moved["order"]["state"], "allocated");
            }
            _ => self.fetch_and_return(&paid),
        }
        assert!(self.killed, "{} was never reached", self.point);
        self.server.take().unwrap()
    }

    fn fetch_and_return(&mut self, paid: &Value) {
        let fulfilment = format!("/fulfilments/{}", name(&paid["fulfilments"][0]));
        self.step("pick", format!("{fulfilment}/pick"), true, Value::Null);
        let body = json!({ "pickup_code": paid["pickup_code"] });
        let handed = self.step("hand_over", format!("{fulfilment}/hand-over"), true, body);
        assert_eq!(handed["state"], "handed_over");
        let mut body = json!({
            "order_id": paid["id"],
            "place_id": self.chain.here,
            "lines": [{ "order_line_id": paid["lines"][0]["id"], "quantity": 1,
                "reason": "changed_mind", "condition": "sellable" }],
        });
        if step_of(self.point) == "exchange" {
            body["taken"] = json!([{ "sku_id": self.chain.sku, "quantity": 2 }]);
            body["agreed_difference"] = json!({ "amount_minor": PRICE, "currency": "CNY" });
            let done = self.step("exchange", "/exchanges".into(), true, body);
            assert_eq!(done["exchange"]["paid"]["amount_minor"], PRICE);
            return;
        }
        let back = self.step("return", "/returns".into(), true, body);
        assert_eq!(back["refund"]["amount_minor"], PRICE);
    }
}

/// What a life leaves in the books.
fn expected(point: &str) -> Books {
    let total = PIECES * PRICE;
    let paid = Books {
        orders: 1,
        captured: total,
        ..Books::default()
    };
    match step_of(point) {
        "cancel" => Books {
            refunded: total,
            ..paid
        },
        // One piece less; the other is still held.
        "change" => Books {
            refunded: PRICE,
            reserved: PIECES - 1,
            ..paid
        },
        // Both pieces are broken and still there; two others are held for the order.
        "reject" => Books {
            reserved: PIECES,
            ..paid
        },
        // One piece came back for two others, and one more was paid for.
        "exchange" => Books {
            on_hand: -PIECES - 1,
            captured: total + PRICE,
            points: 387,
            ..paid
        },
        _ => Books {
            on_hand: 1 - PIECES,
            refunded: PRICE,
            points: 129,
            ..paid
        },
    }
}

fn killed_at_every_point(database: Option<&str>) {
    let chain = Chain::new(database);
    chain.arm("");
    let mut wanted = Books {
        on_hand: 2 * ON_SHELF,
        ..Books::default()
    };
    let mut server = Server::start(&chain);
    for point in flows::FAIL_POINTS {
        let life = Life {
            chain: &chain,
            server: Some(server),
            point,
            killed: false,
        };
        server = life.live();
        let left = expected(point);
        wanted.orders += left.orders;
        wanted.on_hand += left.on_hand;
        wanted.reserved += left.reserved;
        wanted.captured += left.captured;
        wanted.refunded += left.refunded;
        wanted.points += left.points;
    }
    server.kill();
    let found = chain.runtime.block_on(books(&chain));
    assert_eq!(found, wanted, "lost, or done twice");
}

#[test]
fn sqlite_loses_and_doubles_nothing_wherever_it_is_killed() {
    killed_at_every_point(None);
}

#[test]
fn postgres_loses_and_doubles_nothing_wherever_it_is_killed() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = PrivateServer::start().unwrap();
    killed_at_every_point(Some(&server.url("postgres")));
}

#[test]
fn sqlite_loses_and_doubles_nothing_when_killed_amid_a_rush() {
    load::killed_amid_a_rush(None);
}

#[test]
fn postgres_loses_and_doubles_nothing_when_killed_amid_a_rush() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = PrivateServer::start().unwrap();
    load::killed_amid_a_rush(Some(&server.url("postgres")));
}
