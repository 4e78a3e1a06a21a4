//! The writing thread: takes what waits, runs each unit in a savepoint, commits once, then answers all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use base::{Error, Result, Time};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::session;
use crate::bell::Bells;
use crate::config::StoreClock;
use crate::error::unavailable;
use crate::local;
use crate::queue::Queue;
use crate::tx::{Effects, Session, Tx};

/// One unit of work, whatever it returns.
pub(super) trait Unit: Send {
    /// Whether somebody still waits for the answer.
    fn is_wanted(&self) -> bool;
    /// Runs inside the group's transaction and undoes itself when it fails.
    fn run(&mut self, session: &session::Session, now: Time) -> Result<()>;
    /// Answers, after the group's commit or with the reason why there was none.
    fn settle(self: Box<Self>, committed: Result<(), &str>, bells: &Bells);
}

pub(super) struct UnitOf<T, F> {
    f: F,
    answer: oneshot::Sender<Result<T>>,
    ran: Option<Result<T>>,
    effects: Effects,
}

impl<T, F> UnitOf<T, F> {
    pub(super) fn new(f: F, answer: oneshot::Sender<Result<T>>) -> Self {
        Self {
            f,
            answer,
            ran: None,
            effects: Effects::default(),
        }
    }
}

impl<T, F> Unit for UnitOf<T, F>
where
    F: AsyncFn(&Tx) -> Result<T> + Send,
    T: Send,
{
    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(&mut self, session: &session::Session, now: Time) -> Result<()> {
        session.execute("SAVEPOINT unit", &[])?;
        let tx = Tx::new(Session::Sqlite(session.clone()), now);
        let result = catch_unwind(AssertUnwindSafe(|| local::run((self.f)(&tx))))
            .unwrap_or_else(|_| Err(Error::internal("a unit of work panicked")));
        let result = tx.verdict(result);
        if result.is_ok() {
            self.effects = tx.into_effects();
        } else {
            session.execute("ROLLBACK TO SAVEPOINT unit", &[])?;
        }
        self.ran = Some(result);
        session.execute("RELEASE SAVEPOINT unit", &[])?;
        Ok(())
    }

    fn settle(self: Box<Self>, committed: Result<(), &str>, bells: &Bells) {
        let answer = match (self.ran, committed) {
            (Some(Ok(value)), Ok(())) => {
                self.effects.run(bells);
                Ok(value)
            }
            // Its own refusal stands, whatever became of the group.
            (Some(Err(error)), _) => Err(error),
            (_, Err(reason)) => Err(unavailable(reason)),
            (None, Ok(())) => Err(Error::internal("a unit of work was never run")),
        };
        // Nobody waits any more: nothing to tell.
        let _ = self.answer.send(answer);
    }
}

pub(super) struct Writer {
    pub(super) queue: Arc<Queue<Box<dyn Unit>>>,
    pub(super) group_limit: usize,
    pub(super) clock: StoreClock,
    pub(super) bells: Arc<Bells>,
}

impl Writer {
    pub(super) fn run(self, connection: Connection) {
        let connection = Rc::new(connection);
        let mut group = Vec::with_capacity(self.group_limit);
        loop {
            self.queue.take(self.group_limit, &mut group);
            if group.is_empty() {
                return;
            }
            metrics::gauge!("db_write_queue_units").set(self.queue.len() as f64);
            metrics::histogram!("db_group_units").record(group.len() as f64);
            // Whoever went away while waiting wants nothing done.
            group.retain(|unit| unit.is_wanted());
            if group.is_empty() {
                continue;
            }
            let outcome = self.commit(&connection, &mut group);
            if let Err(error) = &outcome {
                tracing::error!(%error, units = group.len(), "a group of units of work was not committed");
            }
            let committed = outcome.map_err(|e| format!("{e:?}"));
            for unit in group.drain(..) {
                unit.settle(committed.as_ref().copied().map_err(String::as_str), &self.bells);
            }
        }
    }

    fn commit(&self, connection: &Rc<Connection>, group: &mut [Box<dyn Unit>]) -> Result<()> {
        let session = session::Session::new(Rc::clone(connection));
        session.begin("BEGIN IMMEDIATE")?;
        let outcome = self.run_all(&session, connection, group).and_then(|()| {
            let started = Instant::now();
            session.execute("COMMIT", &[])?;
            metrics::histogram!("db_commit_seconds").record(started.elapsed().as_secs_f64());
            Ok(())
        });
        if outcome.is_err() && !connection.is_autocommit() {
            session.execute("ROLLBACK", &[])?;
        }
        outcome
    }

    fn run_all(
        &self,
        session: &session::Session,
        connection: &Connection,
        group: &mut [Box<dyn Unit>],
    ) -> Result<()> {
        for unit in group {
            let ran = unit.run(session, self.clock.local());
            // A full disk makes SQLite give up the whole transaction, and with it the units before.
            if connection.is_autocommit() {
                return Err(unavailable(
                    "the engine gave up the transaction, most likely for want of space",
                ));
            }
            ran?;
        }
        Ok(())
    }
}
