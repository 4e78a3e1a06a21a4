//! One file per workload.

pub(crate) mod availability_http;
pub(crate) mod checkout_http;
pub(crate) mod mixed_http;
pub(crate) mod replenish;
pub(crate) mod reserve;
pub(crate) mod reserve_single;
pub(crate) mod search_http;
pub(crate) mod source;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base::{Error, Result};

use crate::failed;

/// How long a workload warms up.
const WARM_UP: Duration = Duration::from_secs(1);
/// How long it is measured.
const MEASURED: Duration = Duration::from_secs(8);

/// Keeps `callers` callers busy, each asking anew as soon as it is answered, and answers how long each measured
/// operation took and how long they all took together. Any failure ends the run.
async fn closed_loop<F>(callers: usize, operation: F) -> Result<(Vec<Duration>, Duration)>
where
    F: AsyncCaller,
{
    let operation = Arc::new(operation);
    let (measuring, stopping) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let (operation, measuring, stopping) = (
                Arc::clone(&operation),
                Arc::clone(&measuring),
                Arc::clone(&stopping),
            );
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                let mut nth = 0;
                while !stopping.load(Ordering::Relaxed) {
                    let asked = Instant::now();
                    let counts = measuring.load(Ordering::Relaxed);
                    operation.call(caller, nth).await?;
                    if counts && !stopping.load(Ordering::Relaxed) {
                        latencies.push(asked.elapsed());
                    }
                    nth += 1;
                }
                Ok::<_, Error>(latencies)
            })
        })
        .collect();
    tokio::time::sleep(WARM_UP).await;
    measuring.store(true, Ordering::Relaxed);
    let started = Instant::now();
    tokio::time::sleep(MEASURED).await;
    stopping.store(true, Ordering::Relaxed);
    let elapsed = started.elapsed();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.map_err(failed)??);
    }
    Ok((all, elapsed))
}

/// One operation of a workload: the `nth` of a caller.
trait AsyncCaller: Send + Sync + 'static {
    fn call(&self, caller: usize, nth: usize) -> impl Future<Output = Result<()>> + Send;
}
