//! What can be had of an article, asked over HTTP of the program itself in a process of its own: all ten places, with
//! the hour from which it could be collected.

use std::path::Path;

use base::Result;
use db::Engine;
use tokio::sync::Mutex;

use super::{AsyncCaller, closed_loop};
use crate::failed;
use crate::ground::Ground;
use crate::http::Connection;
use crate::shop::Shop;
use crate::{Report, Workload, baseline};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "availability-http",
    about: "what can be had of an article and where, over HTTP",
};

const CALLERS: usize = 64;

struct Lookers {
    shop: Shop,
    connections: Vec<Mutex<Connection>>,
}

/// A look at one article, the `nth` of a caller.
pub(super) async fn look(shop: &Shop, connection: &mut Connection, caller: usize, nth: usize) -> Result<()> {
    let sku = shop.skus[(caller * 7 + nth * 13) % shop.skus.len()];
    let answer = connection
        .ask("GET", &format!("/api/v1/availability?sku={sku}"), "")
        .await?;
    if answer.status == 200 {
        return Ok(());
    }
    Err(failed(format!("availability answered {}", answer.status)))
}

impl AsyncCaller for Lookers {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        let mut connection = self.connections[caller].lock().await;
        look(&self.shop, &mut connection, caller, nth).await
    }
}

pub(crate) async fn run(engine: Engine, program: &Path) -> Result<Report> {
    let ground = Ground::new(engine).await?;
    let baseline = baseline::look_up(&ground).await?;
    let shop = Shop::open(&ground, program).await?;
    let mut connections = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        connections.push(Mutex::new(Connection::open(shop.address).await?));
    }
    let (latencies, elapsed) = closed_loop(CALLERS, Lookers { shop, connections }).await?;
    Ok(Report::new(
        WORKLOAD.name,
        engine,
        latencies,
        elapsed,
        baseline::LOOK_UP_NAME,
        baseline,
    ))
}
