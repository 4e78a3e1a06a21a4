//! A reading thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use base::{Error, Result, Time};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::session;
use crate::config::StoreClock;
use crate::local;
use crate::queue::Queue;
use crate::tx::{Reader, Session};

/// One read, whatever it returns.
pub(super) trait Read: Send {
    fn run(self: Box<Self>, connection: &Rc<Connection>, now: Time);
}

pub(super) struct ReadOf<T, F> {
    f: F,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> ReadOf<T, F> {
    pub(super) const fn new(f: F, answer: oneshot::Sender<Result<T>>) -> Self {
        Self { f, answer }
    }
}

impl<T, F> Read for ReadOf<T, F>
where
    F: AsyncFnOnce(&Reader) -> Result<T> + Send,
    T: Send,
{
    fn run(self: Box<Self>, connection: &Rc<Connection>, now: Time) {
        // The caller went away while the read waited.
        if self.answer.is_closed() {
            return;
        }
        let f = self.f;
        let session = session::Session::new(Rc::clone(connection));
        let outcome = session.execute("BEGIN", &[]).and_then(|_| {
            let reader = Reader::new(Session::Sqlite(session.clone()), now);
            let result = catch_unwind(AssertUnwindSafe(|| local::run(f(&reader))));
            // Nothing was written; whichever way the snapshot ends is right.
            session.execute("ROLLBACK", &[])?;
            result.unwrap_or_else(|_| Err(Error::internal("a read panicked")))
        });
        // Nobody waits any more: nothing to tell.
        let _ = self.answer.send(outcome);
    }
}

pub(super) fn run(connection: Connection, queue: &Queue<Box<dyn Read>>, clock: &StoreClock) {
    let connection = Rc::new(connection);
    let mut taken = Vec::with_capacity(1);
    loop {
        queue.take(1, &mut taken);
        let Some(read) = taken.pop() else { return };
        read.run(&connection, clock.local());
    }
}
