//! A shop's day over HTTP: nine looks at what can be had for each complete checkout, by the program itself in a process of
//! its own.

use std::path::Path;

use base::Result;
use db::Engine;
use tokio::sync::Mutex;

use super::availability_http::look;
use super::checkout_http::buy;
use super::{AsyncCaller, closed_loop};
use crate::ground::Ground;
use crate::http::Connection;
use crate::shop::Shop;
use crate::{Report, Workload, baseline};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "mixed-http",
    about: "nine looks at what can be had for each complete checkout, over HTTP",
};

const CALLERS: usize = 64;
/// One of so many is a checkout.
const ONE_IN: usize = 10;

struct Visitors {
    shop: Shop,
    connections: Vec<Mutex<Connection>>,
}

impl AsyncCaller for Visitors {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        let mut connection = self.connections[caller].lock().await;
        // Not all at the same moment.
        if (caller + nth).is_multiple_of(ONE_IN) {
            return buy(&self.shop, &mut connection, caller, nth / ONE_IN).await;
        }
        look(&self.shop, &mut connection, caller, nth).await
    }
}

pub(crate) async fn run(engine: Engine, program: &Path) -> Result<Report> {
    let ground = Ground::new(engine).await?;
    let baseline = baseline::mixed(&ground).await?;
    let shop = Shop::open(&ground, program).await?;
    let mut connections = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        connections.push(Mutex::new(Connection::open(shop.address).await?));
    }
    let (latencies, elapsed) = closed_loop(CALLERS, Visitors { shop, connections }).await?;
    Ok(Report::new(
        WORKLOAD.name,
        engine,
        latencies,
        elapsed,
        baseline::MIXED_NAME,
        baseline,
    ))
}
