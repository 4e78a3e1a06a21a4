//! Storeloop beside Vendure 3.7.3 from npm, on one machine in one run: the same checkout, asked by the same client
//! over HTTP, and a rush for one article of which there are fewer than there are people who want it.
//!
//! Vendure is given what its documentation starts with and no more: its core, no search, mail or worker beside it,
//! one process, a PostgreSQL of its own with the durability of its defaults.

mod figures;
mod machine;
mod storeloop;
mod vendure;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base::{Error, Result};
use db::Engine;
use tokio::task::JoinSet;

use crate::http::Connection;
use crate::shop::Size;
use crate::{Workload, failed};
use figures::{Figures, Outcomes};
use machine::{Machine, Use};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "side-by-side",
    about: "the same checkout and the same rush for one article, on Vendure from npm and on Storeloop",
};

/// The shop of both: one place that sends parcels, a hundred articles and the one that everybody wants.
const SHOP: Size = Size {
    articles: 101,
    warehouses: 1,
    stores: 0,
    last: Some(PIECES),
};
/// Of how many articles there is plenty.
const PLENTY: usize = SHOP.articles - 1;
/// Pieces of the article that everybody wants.
const PIECES: i64 = 500;
/// How many want one.
const BUYERS: usize = 1_000;
/// How many of them at the same moment.
const CROWD: usize = 64;
/// Who checks out articles of which there is plenty.
const CALLERS: usize = 16;
const WARM_UP: Duration = Duration::from_secs(3);
const MEASURED: Duration = Duration::from_secs(15);

/// What became of somebody who wanted to buy.
enum Outcome {
    /// Paid, and the goods are kept for them.
    Paid,
    /// Told that there is none left.
    NoneLeft,
    /// Neither; what the system said.
    Failed(String),
}

/// A running system with the shop in it.
trait System: Send + Sync + 'static {
    /// Its name and its database's.
    fn name(&self) -> (&'static str, &'static str);

    /// Its processes.
    fn machine(&self) -> &Machine;

    /// Where it listens.
    async fn connection(&self) -> Result<Connection>;

    /// Buys one piece of an article, from an empty cart to the approved payment; the last article is the one that
    /// everybody wants.
    fn buy(
        &self,
        by: &mut Connection,
        buyer: usize,
        article: usize,
    ) -> impl Future<Output = Result<Outcome>> + Send;

    /// How many of the article that everybody wants are left by its own book.
    async fn left(&self) -> Result<i64>;
}

/// Runs Vendure and then Storeloop on each engine, and prints what was found.
///
/// # Errors
/// When Node, npm or PostgreSQL is missing, npm cannot be reached, or a system cannot be set up.
pub(crate) async fn run(engines: &[Engine], json: bool, program: &Path) -> Result<()> {
    let mut all = Vec::new();
    all.extend(both(Arc::new(vendure::Vendure::open().await?)).await?);
    for engine in engines {
        all.extend(both(Arc::new(storeloop::Storeloop::open(*engine, program).await?)).await?);
    }
    figures::print(&all, json);
    Ok(())
}

/// Both workloads on one system.
async fn both<S: System>(system: Arc<S>) -> Result<[Figures; 2]> {
    // Who could not be served at all would be measured as very quick.
    let first = system.buy(&mut system.connection().await?, BUYERS, 0).await?;
    if let Outcome::Failed(said) = first {
        return Err(failed(format!("{} sells nothing: {said}", system.name().0)));
    }
    let idle = system.machine().memory()?;
    let checkout = checkouts(Arc::clone(&system), idle).await?;
    Ok([checkout, rush(system, idle).await?])
}

/// Complete checkouts, one after the other by each caller, spread over everything there is plenty of.
async fn checkouts<S: System>(system: Arc<S>, idle: u64) -> Result<Figures> {
    let (measuring, stopping) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let mut by = system.connection().await?;
        let (system, measuring, stopping) =
            (Arc::clone(&system), Arc::clone(&measuring), Arc::clone(&stopping));
        callers.spawn(async move {
            let mut outcomes = Outcomes::default();
            let mut nth = caller;
            while !stopping.load(Ordering::Relaxed) {
                let (asked, counts) = (Instant::now(), measuring.load(Ordering::Relaxed));
                // A stride that shares no factor with the number of articles: everybody visits them all.
                let outcome = system.buy(&mut by, nth, nth * 7 % PLENTY).await?;
                if counts && !stopping.load(Ordering::Relaxed) {
                    outcomes.note(outcome, asked.elapsed());
                }
                nth += CALLERS;
            }
            Ok::<_, Error>(outcomes)
        });
    }
    tokio::time::sleep(WARM_UP).await;
    let before = system.machine().usage()?;
    measuring.store(true, Ordering::Relaxed);
    let started = Instant::now();
    tokio::time::sleep(MEASURED).await;
    stopping.store(true, Ordering::Relaxed);
    let (elapsed, used) = (started.elapsed(), system.machine().usage()?.since(before));
    let outcomes = joined(callers).await?;
    figures("checkout", &*system, outcomes, elapsed, used, idle)
}

/// Everybody wants the same article, and there are fewer pieces than people.
async fn rush<S: System>(system: Arc<S>, idle: u64) -> Result<Figures> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut crowd = JoinSet::new();
    let before = system.machine().usage()?;
    let started = Instant::now();
    for _ in 0..CROWD {
        let mut by = system.connection().await?;
        let (system, next) = (Arc::clone(&system), Arc::clone(&next));
        crowd.spawn(async move {
            let mut outcomes = Outcomes::default();
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= BUYERS {
                    return Ok::<_, Error>(outcomes);
                }
                let asked = Instant::now();
                let outcome = system.buy(&mut by, nth, PLENTY).await?;
                outcomes.note(outcome, asked.elapsed());
            }
        });
    }
    let outcomes = joined(crowd).await?;
    let (elapsed, used) = (started.elapsed(), system.machine().usage()?.since(before));
    let left = system.left().await?;
    Ok(figures("rush", &*system, outcomes, elapsed, used, idle)?.of_stock(PIECES, left))
}

async fn joined(mut people: JoinSet<Result<Outcomes>>) -> Result<Outcomes> {
    let mut all = Outcomes::default();
    while let Some(one) = people.join_next().await {
        all.add(one.map_err(failed)??);
    }
    Ok(all)
}

fn figures<S: System>(
    workload: &'static str,
    system: &S,
    outcomes: Outcomes,
    elapsed: Duration,
    used: Use,
    idle: u64,
) -> Result<Figures> {
    let (name, database) = system.name();
    let loaded = system.machine().memory()?;
    Ok(Figures::new(
        (name, database),
        workload,
        outcomes,
        elapsed,
        used,
        (idle, loaded),
    ))
}
