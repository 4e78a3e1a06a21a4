//! Complete checkouts over HTTP, by the program itself in a process of its own: a cart of two articles, the
//! checkout that sources and holds them, and the payment that is approved and commits them to the places that
//! will serve. Half are collected in one of eight stores, half are delivered from the best of ten places.

use std::path::Path;

use base::Result;
use db::Engine;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{AsyncCaller, closed_loop};
use crate::failed;
use crate::ground::Ground;
use crate::http::Connection;
use crate::shop::Shop;
use crate::{Report, Workload, baseline};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "checkout-http",
    about: "complete checkouts over HTTP: cart, sourcing and hold, sandbox payment, commitment",
};

const CALLERS: usize = 256;

struct Buyers {
    shop: Shop,
    connections: Vec<Mutex<Connection>>,
}

#[derive(Deserialize)]
struct Cart {
    id: String,
}

#[derive(Deserialize)]
struct Order {
    state: String,
    payments: Vec<Payment>,
}

#[derive(Deserialize)]
struct Payment {
    id: String,
}

fn cart(shop: &Shop, caller: usize, nth: usize) -> String {
    // Strides that share no factor with the number of articles: every caller visits them all.
    let sku = |stride: usize| shop.skus[(caller * 7 + nth * stride) % shop.skus.len()];
    let (first, second) = (sku(13), sku(17));
    let how = if nth.is_multiple_of(2) {
        let store = shop.stores[(caller + nth / 2) % shop.stores.len()];
        format!(r#"{{"method":"collect","place_id":"{store}"}}"#)
    } else {
        let place = r#""province":"浙江省","city":"杭州市","district":"西湖区","line":"1""#;
        format!(r#"{{"method":"delivery","address":{{"name":"Li","phone":"13800000000",{place}}}}}"#)
    };
    format!(
        r#"{{"channel":"web","lines":[{{"sku_id":"{first}","quantity":1}},{{"sku_id":"{second}","quantity":1}}],"fulfilment":{how},"contact":{{"name":"Li","phone":"13800000000"}}}}"#
    )
}

/// A complete checkout, the `nth` of a caller.
pub(super) async fn buy(shop: &Shop, connection: &mut Connection, caller: usize, nth: usize) -> Result<()> {
    let cart: Cart = connection
        .json("POST", "/api/v1/carts", &cart(shop, caller, nth))
        .await?;
    let order: Order = connection
        .json(
            "POST",
            &format!("/api/v1/carts/{}/checkout", cart.id),
            r#"{"payment_method":"sandbox"}"#,
        )
        .await?;
    let payment = order
        .payments
        .first()
        .ok_or_else(|| failed("an order without a payment"))?;
    let paid: Order = connection
        .json(
            "POST",
            &format!("/api/v1/payments/{}/sandbox", payment.id),
            r#"{"outcome":"approve"}"#,
        )
        .await?;
    if paid.state == "allocated" {
        return Ok(());
    }
    Err(failed(format!("a paid order is {}", paid.state)))
}

impl AsyncCaller for Buyers {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        let mut connection = self.connections[caller].lock().await;
        buy(&self.shop, &mut connection, caller, nth).await
    }
}

pub(crate) async fn run(engine: Engine, program: &Path) -> Result<Report> {
    let ground = Ground::new(engine).await?;
    let baseline = baseline::order(&ground).await?;
    let shop = Shop::open(&ground, program).await?;
    let mut connections = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        connections.push(Mutex::new(Connection::open(shop.address).await?));
    }
    let (latencies, elapsed) = closed_loop(CALLERS, Buyers { shop, connections }).await?;
    Ok(Report::new(
        WORKLOAD.name,
        engine,
        latencies,
        elapsed,
        baseline::ORDER_NAME,
        baseline,
    ))
}
