//! `storeloop serve`

use std::time::Duration;

use startup::config::Config;
use startup::telemetry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::commands::{Done, open, words};
use crate::house::House;
use crate::server;

/// Opens the house and serves it until asked to stop.
///
/// # Errors
/// When the store, the keys or the address cannot be used.
pub(crate) async fn serve(config: &Config) -> Done {
    let listener = server::listen(config.server.listen).await?;
    let house = open(config).await?;
    run(config, house, listener).await
}

/// Serves an open house until asked to stop.
///
/// # Errors
/// When the server fails.
pub(crate) async fn run(config: &Config, house: House, listener: TcpListener) -> Done {
    let metrics = telemetry::start_metrics()?;
    house.renew_places().await.map_err(words)?;
    let (stop, stopping) = watch::channel(false);
    let background = house.start_background(&stopping);
    let (api, document) = house.api()?;
    let document = document
        .to_json()
        .map_err(|e| format!("the API cannot be described: {e}"))?;
    let app = server::app(api, document, house.db.clone(), metrics);
    tracing::info!(
        url = config.public_url(),
        engine = house.db.engine().as_str(),
        "serving"
    );
    let grace = Duration::from_secs(config.server.shutdown_grace_s);
    let served = server::serve(app, listener, stop, grace).await;
    for task in background {
        // A task that failed has said so in the log; the rest must still end in order.
        let _ = task.await;
    }
    house.db.shutdown().await;
    served
}
