//! PostgreSQL: a few threads, each driving its share of the connections.

mod clock;
mod codec;
mod columns;
mod connection;
mod dispatch;
mod migrate;
mod session;
mod unit;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use base::{Error, Result};
use tokio::task::LocalSet;
use tokio_postgres::Config;

pub(crate) use session::Session;

use crate::bell::Bells;
use crate::config::{PostgresConfig, StoreClock};
use crate::db::Isolation;
use crate::error::{codes, unavailable};
use crate::migrate::Step;
use crate::thread::{on_thread, spawn};
use crate::work::{Read, Unit};
use dispatch::{Dispatcher, Job};
use unit::Slot;

pub(crate) struct Postgres {
    settings: Arc<Settings>,
    dispatcher: Arc<Dispatcher>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What every connection and unit needs to know.
pub(crate) struct Settings {
    config: Config,
    url: String,
    schema: String,
    attempts: u32,
    clock: StoreClock,
    server_clock: clock::ServerClock,
    bells: Arc<Bells>,
    /// Units that lost several times take turns, so that each of them gets through.
    turnstile: tokio::sync::Mutex<()>,
}

fn invalid(reason: impl Into<String>) -> Error {
    Error::new(&codes::INVALID_CONFIG).with("reason", reason.into())
}

impl Postgres {
    pub(crate) async fn open(config: PostgresConfig, clock: StoreClock, bells: Arc<Bells>) -> Result<Self> {
        if config.pool_size == 0 || config.workers == 0 || config.attempts == 0 {
            return Err(invalid("pool_size, workers and attempts must be at least 1"));
        }
        let settings = Arc::new(Settings {
            config: connection::driver_config(&config)?,
            url: config.url.clone(),
            schema: config.schema.clone(),
            attempts: config.attempts,
            clock,
            server_clock: clock::ServerClock::new(),
            bells,
            turnstile: tokio::sync::Mutex::new(()),
        });
        let checked = Arc::clone(&settings);
        on_runtime("db-open", async move || connection::check(&checked).await).await?;
        let dispatcher = Arc::new(Dispatcher::new(config.queue_limit));
        let mut threads = Vec::with_capacity(config.workers);
        for worker in 0..config.workers.min(config.pool_size) {
            // The first workers take what does not divide evenly.
            let slots = (config.pool_size - worker).div_ceil(config.workers);
            let (settings, dispatcher) = (Arc::clone(&settings), Arc::clone(&dispatcher));
            let work = move || drive(slots, &settings, &dispatcher);
            threads.push(spawn("db-worker", work)?);
        }
        Ok(Self {
            settings,
            dispatcher,
            threads: Mutex::new(threads),
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.settings.url
    }

    pub(crate) fn schema(&self) -> &str {
        &self.settings.schema
    }

    pub(crate) fn read(&self, read: Read) -> Result<()> {
        self.dispatcher.push(Job::Read(read))
    }

    pub(crate) fn write(&self, isolation: Isolation, unit: Unit) -> Result<()> {
        self.dispatcher.push(Job::Write(isolation, unit))
    }

    pub(crate) async fn migrate(&self, steps: Vec<Step>) -> Result<Vec<String>> {
        let settings = Arc::clone(&self.settings);
        on_runtime("db-migrate", async move || {
            migrate::migrate(&settings, &steps).await
        })
        .await
    }

    pub(crate) async fn shutdown(&self) {
        self.dispatcher.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let _ = on_thread("db-close", move || {
            for thread in threads {
                // A thread that panicked has nothing left to finish.
                let _ = thread.join();
            }
            Ok(())
        })
        .await;
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.dispatcher.close();
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(unavailable)
}

/// Serves units on `slots` connections until the line is closed and empty.
fn drive(slots: usize, settings: &Arc<Settings>, dispatcher: &Arc<Dispatcher>) {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(?error, "a database worker could not start");
            return;
        }
    };
    let local = LocalSet::new();
    for _ in 0..slots {
        let slot = Slot::new(Arc::clone(settings));
        let dispatcher = Arc::clone(dispatcher);
        local.spawn_local(async move {
            while let Some(job) = dispatcher.take().await {
                slot.serve(job).await;
            }
            slot.close();
        });
    }
    runtime.block_on(local);
}

/// Runs something on a thread and a runtime of its own, with a connection nobody else uses.
async fn on_runtime<T, F>(name: &str, f: F) -> Result<T>
where
    F: AsyncFnOnce() -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    on_thread(name, move || runtime()?.block_on(LocalSet::new().run_until(f()))).await
}
