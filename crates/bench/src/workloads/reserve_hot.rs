//! Everybody wants the same thing: one SKU at one place, through the grouping task.

use base::{Ctx, Result};
use db::Engine;
use stock::{HoldLine, HoldRequest, Key, Stock};

use super::{AsyncCaller, closed_loop};
use crate::scratch::Scratch;
use crate::{Report, Workload, baseline};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "reserve-hot",
    about: "durable reservations of one hot SKU inside the process, requests grouped",
};

const CALLERS: usize = 2_048;

struct Buyer {
    stock: Stock,
    ctx: Ctx,
    key: Key,
}

impl AsyncCaller for Buyer {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        let line = HoldLine::new(self.key.sku_id, self.key.place_id, 1);
        let request = HoldRequest { owner: format!("o{nth:08}-{caller}"), lines: vec![line], expires_at: None };
        self.stock.hold(&self.ctx, request).await.map(|_| ())
    }
}

pub(crate) async fn run(engine: Engine) -> Result<Report> {
    let scratch = Scratch::new(engine, 1).await?;
    let baseline = baseline::reserve(&scratch).await?;
    let buyer = Buyer { stock: scratch.stock.clone(), ctx: Ctx::system("bench"), key: scratch.keys[0] };
    let (latencies, elapsed) = closed_loop(CALLERS, buyer).await?;
    scratch.close().await;
    Ok(Report::new(WORKLOAD.name, engine, latencies, elapsed, baseline::NAME, baseline))
}
