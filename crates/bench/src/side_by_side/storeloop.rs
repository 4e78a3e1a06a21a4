//! Storeloop: cart, checkout, payment; three requests.

use std::path::Path;

use base::Result;
use db::Engine;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::machine::Machine;
use super::{Outcome, PLENTY, SHOP, System};
use crate::failed;
use crate::ground::Ground;
use crate::http::Connection;
use crate::shop::Shop;

pub(super) struct Storeloop {
    shop: Shop,
    machine: Machine,
    database: &'static str,
    _ground: Ground,
}

#[derive(Deserialize)]
struct Cart {
    id: String,
}

#[derive(Deserialize)]
struct Order {
    state: String,
    payments: Vec<Cart>,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

#[derive(Deserialize)]
struct Availability {
    items: Vec<Available>,
}

#[derive(Deserialize)]
struct Available {
    total: i64,
}

impl Storeloop {
    pub(super) async fn open(engine: Engine, program: &Path) -> Result<Self> {
        let ground = Ground::bare(engine).await?;
        let shop = Shop::sized(&ground, program, SHOP).await?;
        let database = ground.server().map(|server| server.process()).transpose();
        let machine = Machine {
            server: shop.process().ok_or_else(|| failed("the server ended"))?,
            database: database.map_err(failed)?,
        };
        let database = match engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        };
        Ok(Self {
            shop,
            machine,
            database,
            _ground: ground,
        })
    }
}

impl System for Storeloop {
    fn name(&self) -> (&'static str, &'static str) {
        ("Storeloop", self.database)
    }

    fn machine(&self) -> &Machine {
        &self.machine
    }

    async fn connection(&self) -> Result<Connection> {
        Connection::open(self.shop.address).await
    }

    async fn buy(&self, by: &mut Connection, _buyer: usize, article: usize) -> Result<Outcome> {
        let sku = self.shop.skus[article];
        let address = r#"{"name":"Li","phone":"13800000000","province":"浙江省","city":"杭州市","district":"西湖区","line":"1"}"#;
        let cart = format!(
            r#"{{"channel":"web","lines":[{{"sku_id":"{sku}","quantity":1}}],"fulfilment":{{"method":"delivery","address":{address}}},"contact":{{"name":"Li","phone":"13800000000"}}}}"#
        );
        let cart: Cart = match step(by, "/api/v1/carts", &cart).await? {
            Ok(cart) => cart,
            Err(outcome) => return Ok(outcome),
        };
        let checkout = format!("/api/v1/carts/{}/checkout", cart.id);
        let order: Order = match step(by, &checkout, r#"{"payment_method":"sandbox"}"#).await? {
            Ok(order) => order,
            Err(outcome) => return Ok(outcome),
        };
        let payment = order
            .payments
            .first()
            .ok_or_else(|| failed("an order without a payment"))?;
        let pay = format!("/api/v1/payments/{}/sandbox", payment.id);
        let paid: Order = match step(by, &pay, r#"{"outcome":"approve"}"#).await? {
            Ok(order) => order,
            Err(outcome) => return Ok(outcome),
        };
        Ok(match paid.state.as_str() {
            "allocated" => Outcome::Paid,
            other => Outcome::Failed(format!("a paid order is {other}")),
        })
    }

    async fn left(&self) -> Result<i64> {
        let path = format!("/api/v1/availability?sku={}", self.shop.skus[PLENTY]);
        let said: Availability = self.connection().await?.json("GET", &path, "").await?;
        Ok(said.items.iter().map(|item| item.total).sum())
    }
}

/// One request; what it came to when it is not what was asked for.
async fn step<T: DeserializeOwned>(
    by: &mut Connection,
    path: &str,
    body: &str,
) -> Result<std::result::Result<T, Outcome>> {
    let answer = by.ask("POST", path, body).await?;
    if (200..300).contains(&answer.status) {
        return serde_json::from_slice(answer.body).map(Ok).map_err(failed);
    }
    let problem: Problem = serde_json::from_slice(answer.body).map_err(failed)?;
    Ok(Err(match problem.code.as_str() {
        "stock.insufficient" | "stock.not_enough" => Outcome::NoneLeft,
        code => Outcome::Failed(format!("{} {code}", answer.status)),
    }))
}
