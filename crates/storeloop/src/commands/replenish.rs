//! `storeloop replenish`

use std::time::Instant;

use base::Ctx;

use crate::commands::{Done, open, say, words};
use startup::config::Config;

/// Goes through the assortment once and says what came of it; the console shows the proposals.
///
/// # Errors
/// When a run is under way already, or the store cannot be read.
pub(crate) async fn replenish(config: &Config) -> Done {
    let house = open(config).await?;
    let started = Instant::now();
    let run = house.replenishment.run_whole(&Ctx::system("replenish")).await;
    house.db.shutdown().await;
    let run = run.map_err(words)?;
    say(&format!(
        "{} proposals of {} pieces, from {} articles at places ({} SKUs) in {:.1} s",
        run.proposals,
        run.pieces,
        run.series,
        run.skus_done,
        started.elapsed().as_secs_f64()
    ));
    Ok(())
}
