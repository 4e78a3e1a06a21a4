//! The store's own threads.

use std::future::Future;
use std::thread::JoinHandle;

use base::{Error, Result};
use tokio::sync::oneshot;

use crate::error::unavailable;

/// The store went away under a caller.
pub(crate) fn gone() -> Error {
    unavailable("the store closed before it answered")
}

/// Units of work run on these threads whole, and an unoptimised flow over many domains needs room.
const STACK_BYTES: usize = 8 << 20;

/// Starts a thread of the store.
pub(crate) fn spawn(name: &str, f: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .stack_size(STACK_BYTES);
    thread.spawn(f).map_err(unavailable)
}

/// Runs something that blocks on a thread of its own, whatever runtime the caller is on.
pub(crate) fn on_thread<T: Send + 'static>(
    name: &str,
    f: impl FnOnce() -> Result<T> + Send + 'static,
) -> impl Future<Output = Result<T>> + Send {
    let (answer, outcome) = oneshot::channel();
    let spawned = spawn(name, move || {
        // Nobody waits any more: nothing to tell.
        let _ = answer.send(f());
    });
    async move {
        spawned?;
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }
}
