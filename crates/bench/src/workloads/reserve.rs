//! Reservations inside the process, through the grouping task: everybody wants the same piece, everybody another,
//! or several at once.

use std::time::Duration;

use base::{Ctx, Result, Time};
use db::Engine;
use stock::{HoldLine, HoldRequest, Key, Leave, Stock};

use super::{AsyncCaller, closed_loop};
use crate::scratch::Scratch;
use crate::{Report, Workload, baseline};

pub(crate) const HOT: Workload = Workload {
    name: "reserve-hot",
    about: "durable reservations of one hot SKU inside the process, requests grouped",
};
pub(crate) const SPREAD: Workload = Workload {
    name: "reserve-spread",
    about: "the same over a thousand SKUs, or as many as --rows says",
};
pub(crate) const LINES: Workload = Workload {
    name: "reserve-lines",
    about: "the same with five SKUs at once, all or nothing",
};

const BALANCES: usize = 1_000;
const CALLERS: usize = 2_048;
/// As a checkout holds.
const HOLD: Duration = Duration::from_secs(15 * 60);

/// What one reservation is.
#[derive(Clone, Copy)]
struct Shape {
    /// Over how many SKUs.
    skus: usize,
    /// How many of them at once.
    lines: usize,
}

struct Buyer {
    stock: Stock,
    ctx: Ctx,
    keys: Vec<Key>,
    shape: Shape,
    expires_at: Time,
}

impl AsyncCaller for Buyer {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        // Scattered over all of them by Knuth's multiplicative hash (The Art of Computer Programming, 6.4).
        let first = (caller + nth * CALLERS).wrapping_mul(2_654_435_761) % self.shape.skus;
        let line = |at: usize| {
            let key = self.keys[(first + at * 211) % self.shape.skus];
            HoldLine::new(key.sku_id, key.place_id, 1)
        };
        let request = HoldRequest {
            owner: format!("o{nth:08}-{caller}"),
            lines: (0..self.shape.lines).map(line).collect(),
            expires_at: Some(self.expires_at),
            leave: Leave::default(),
        };
        self.stock.hold(&self.ctx, request).await.map(|_| ())
    }
}

pub(crate) async fn hot(engine: Engine) -> Result<Report> {
    run(&HOT, engine, Shape { skus: 1, lines: 1 }).await
}

pub(crate) async fn spread(engine: Engine, rows: Option<usize>) -> Result<Report> {
    let shape = Shape {
        skus: rows.unwrap_or(BALANCES).max(1),
        lines: 1,
    };
    run(&SPREAD, engine, shape).await
}

pub(crate) async fn lines(engine: Engine) -> Result<Report> {
    let shape = Shape {
        skus: BALANCES,
        lines: 5,
    };
    run(&LINES, engine, shape).await
}

async fn run(workload: &Workload, engine: Engine, shape: Shape) -> Result<Report> {
    // The baseline spreads over a thousand rows at least: row at a time on one row waits for it and is far slower.
    let scratch = Scratch::new(engine, shape.skus.max(BALANCES)).await?;
    let baseline = baseline::reserve(&scratch).await?;
    let buyer = Buyer {
        stock: scratch.stock.clone(),
        ctx: Ctx::system("bench"),
        keys: scratch.keys.clone(),
        shape,
        expires_at: scratch.db.now().await?.after(HOLD),
    };
    let (latencies, elapsed) = closed_loop(CALLERS, buyer).await?;
    scratch.close().await;
    Ok(Report::new(
        workload.name,
        engine,
        latencies,
        elapsed,
        baseline::NAME,
        baseline,
    ))
}
