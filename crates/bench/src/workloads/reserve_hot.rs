//! Everybody wants the same thing: one SKU at one place, through the grouping task.

use std::time::Duration;

use base::{Ctx, Result, Time};
use db::Engine;
use stock::{HoldLine, HoldRequest, Key, Stock};

use super::{AsyncCaller, closed_loop};
use crate::scratch::Scratch;
use crate::{Report, Workload, baseline};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "reserve-hot",
    about: "durable reservations of one hot SKU inside the process, requests grouped",
};

const BALANCES: usize = 1_000;
const CALLERS: usize = 2_048;
/// As a checkout holds.
const HOLD: Duration = Duration::from_secs(15 * 60);

struct Buyer {
    stock: Stock,
    ctx: Ctx,
    key: Key,
    expires_at: Time,
}

impl AsyncCaller for Buyer {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        let line = HoldLine::new(self.key.sku_id, self.key.place_id, 1);
        let request = HoldRequest {
            owner: format!("o{nth:08}-{caller}"),
            lines: vec![line],
            expires_at: Some(self.expires_at),
        };
        self.stock.hold(&self.ctx, request).await.map(|_| ())
    }
}

pub(crate) async fn run(engine: Engine) -> Result<Report> {
    // The baseline spreads over a thousand rows: row at a time on one row waits for the row and is far slower.
    let scratch = Scratch::new(engine, BALANCES).await?;
    let baseline = baseline::reserve(&scratch).await?;
    let buyer = Buyer {
        stock: scratch.stock.clone(),
        ctx: Ctx::system("bench"),
        key: scratch.keys[0],
        expires_at: scratch.db.now().await?.after(HOLD),
    };
    let (latencies, elapsed) = closed_loop(CALLERS, buyer).await?;
    scratch.close().await;
    Ok(Report::new(
        WORKLOAD.name,
        engine,
        latencies,
        elapsed,
        baseline::NAME,
        baseline,
    ))
}
