//! A reading thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::{Error, Result, Time};
use rusqlite::Connection;

use super::session;
use crate::config::StoreClock;
use crate::local;
use crate::queue::Queue;
use crate::tx::{Reader, Session};
use crate::work::Read;

/// Runs a read on a snapshot of its own.
fn serve(mut read: Read, connection: &Rc<Connection>, now: Time) {
    // The caller went away while the read waited.
    if !read.is_wanted() {
        return;
    }
    let session = session::Session::new(Rc::clone(connection));
    let outcome = session.begin("BEGIN").and_then(|()| {
        let reader = Reader::new(Session::Sqlite(session.clone()), now);
        let result = catch_unwind(AssertUnwindSafe(|| local::run(read.run(&reader))));
        // Nothing was written; whichever way the snapshot ends is right.
        session.execute("ROLLBACK", &[])?;
        result.unwrap_or_else(|_| Err(Error::internal("a read panicked")))
    });
    read.answer(outcome);
}

/// Virtual machine steps between two looks at the clock: some tenths of a millisecond.
const STEPS_PER_LOOK: i32 = 20_000;

/// Serves reads one at a time until the line is closed and empty.
pub(super) fn run(
    mut connection: Connection,
    queue: &Queue<Read>,
    clock: &StoreClock,
    timeout: Duration,
) -> Result<()> {
    let started = Instant::now();
    // Microseconds after the start by which the present read must be done.
    let deadline = Arc::new(AtomicU64::new(u64::MAX));
    let elapsed = move || u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let watched = Arc::clone(&deadline);
    let is_late = move || elapsed() > watched.load(Ordering::Relaxed);
    connection
        .progress_handler(STEPS_PER_LOOK, Some(is_late))
        .map_err(|e| session::error(e, "progress handler"))?;
    let allowed = u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX);
    let connection = Rc::new(connection);
    let mut taken = Vec::with_capacity(1);
    loop {
        queue.take(1, &mut taken);
        let Some(read) = taken.pop() else { return Ok(()) };
        deadline.store(elapsed().saturating_add(allowed), Ordering::Relaxed);
        serve(read, &connection, clock.local());
    }
}
