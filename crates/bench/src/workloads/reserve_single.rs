//! Everybody wants something else: each reservation a unit of work of its own, over a thousand SKUs.

use std::time::Duration;

use base::{Ctx, Result, Time};
use db::{Db, Engine, Tx};
use stock::{HoldLine, HoldRequest, Key, Leave, Stock};

use super::{AsyncCaller, closed_loop};
use crate::scratch::Scratch;
use crate::{Report, Workload, baseline};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "reserve-single",
    about: "durable reservations over a thousand SKUs, each a unit of work of its own",
};

const BALANCES: usize = 1_000;
const CALLERS: usize = 256;
/// As a checkout holds.
const HOLD: Duration = Duration::from_secs(15 * 60);

struct Buyer {
    db: Db,
    stock: Stock,
    keys: Vec<Key>,
    expires_at: Time,
}

impl AsyncCaller for Buyer {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        // Strides that share no factor with the number of balances: every caller visits them all.
        let key = self.keys[(caller * 7 + nth * 13) % self.keys.len()];
        let line = HoldLine::new(key.sku_id, key.place_id, 1);
        let request = HoldRequest {
            owner: format!("o{nth:08}-{caller}"),
            lines: vec![line],
            expires_at: Some(self.expires_at),
            leave: Leave::default(),
        };
        let stock = self.stock.clone();
        let unit = async move |tx: &Tx| {
            stock
                .hold_place_in(tx, &Ctx::system("bench"), request.clone())
                .await
                .map(|_| ())
        };
        self.db.write_guarded(unit).await
    }
}

pub(crate) async fn run(engine: Engine) -> Result<Report> {
    let scratch = Scratch::new(engine, BALANCES).await?;
    let baseline = baseline::reserve(&scratch).await?;
    let (db, stock) = (scratch.db.clone(), scratch.stock.clone());
    let expires_at = db.now().await?.after(HOLD);
    let buyer = Buyer {
        db,
        stock,
        keys: scratch.keys.clone(),
        expires_at,
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
