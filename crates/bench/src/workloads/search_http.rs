//! Products found among a hundred thousand, over HTTP of the program itself in a process of its own: words in Chinese
//! and English, pinyin, slips of the finger, codes, facets, what a place has, suggestions while somebody types.

use std::path::Path;
use std::time::Duration;

use base::{PlaceId, Result};
use db::Engine;
use tokio::sync::Mutex;

use super::{AsyncCaller, closed_loop};
use crate::ground::Ground;
use crate::http::Connection;
use crate::shop::Shop;
use crate::{Report, Workload, assortment, baseline, failed};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "search-http",
    about: "products found among a hundred thousand, over HTTP",
};

const CALLERS: usize = 8;
/// How often it is asked whether the index is made, and for how long.
const ASK_EVERY: Duration = Duration::from_millis(100);
const ASK_TIMES: u32 = 250;
/// Answered as long as the index is being made.
const NOT_YET: u16 = 503;

struct Seekers {
    _shop: Shop,
    places: Vec<PlaceId>,
    connections: Vec<Mutex<Connection>>,
}

impl Seekers {
    /// Waits until questions are answered.
    async fn ready(&self) -> Result<()> {
        let mut connection = self.connections[0].lock().await;
        let question = assortment::question(0, &self.places);
        for _ in 0..ASK_TIMES {
            if connection.ask("GET", &question, "").await?.status != NOT_YET {
                return Ok(());
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        Err(failed("the search index was not made in time"))
    }
}

impl AsyncCaller for Seekers {
    async fn call(&self, caller: usize, nth: usize) -> Result<()> {
        let mut connection = self.connections[caller].lock().await;
        let question = assortment::question(caller * 12_007 + nth, &self.places);
        let answer = connection.ask("GET", &question, "").await?;
        if answer.status == 200 {
            return Ok(());
        }
        Err(failed(format!("{question} answered {}", answer.status)))
    }
}

pub(crate) async fn run(engine: Engine, program: &Path) -> Result<Report> {
    let ground = Ground::new(engine).await?;
    let baseline = baseline::find(&ground).await?;
    let shop = Shop::with_assortment(&ground, program).await?;
    let places = shop.stores.clone();
    let mut connections = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        connections.push(Mutex::new(Connection::open(shop.address).await?));
    }
    let seekers = Seekers {
        _shop: shop,
        places,
        connections,
    };
    seekers.ready().await?;
    let (latencies, elapsed) = closed_loop(CALLERS, seekers).await?;
    Ok(Report::new(
        WORKLOAD.name,
        engine,
        latencies,
        elapsed,
        baseline::FIND_NAME,
        baseline,
    ))
}
