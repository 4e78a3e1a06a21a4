//! `storeloop reindex`

use std::time::Instant;

use startup::config::Config;

use crate::commands::{Done, open, say, words};

/// Makes the search index anew. A server does so by itself when its index is missing, torn, of another version or
/// of another database; this is for when somebody wants it anyway.
///
/// # Errors
/// When a server keeps the index, or the store cannot be read.
pub(crate) async fn reindex(config: &Config) -> Done {
    let house = open(config).await?;
    let started = Instant::now();
    let products = house.search.rebuild().await.map_err(words)?;
    house.db.shutdown().await;
    say(&format!(
        "{products} products indexed in {:.1} s",
        started.elapsed().as_secs_f64()
    ));
    Ok(())
}
