//! The writing thread: takes what waits, runs each unit in a savepoint, commits once, then answers all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use base::{Error, Result, Time};
use rusqlite::Connection;

use super::session;
use crate::bell::Bells;
use crate::config::StoreClock;
use crate::error::unavailable;
use crate::local;
use crate::queue::Queue;
use crate::tx::{Effects, Session, Tx};
use crate::work::Unit;

/// A unit of a group, and what became of it.
struct Member {
    unit: Unit,
    ran: Option<Result<()>>,
    effects: Effects,
}

impl Member {
    fn new(unit: Unit) -> Self {
        Self {
            unit,
            ran: None,
            effects: Effects::default(),
        }
    }

    /// Runs inside the group's transaction and undoes itself when it fails.
    fn run(&mut self, session: &session::Session, now: Time) -> Result<()> {
        session.execute("SAVEPOINT unit", &[])?;
        let tx = Tx::new(Session::Sqlite(session.clone()), now);
        let result = catch_unwind(AssertUnwindSafe(|| local::run(self.unit.run(&tx))))
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

    /// Answers, after the group's commit or with the reason why there was none.
    fn settle(self, committed: Result<(), &str>, bells: &Bells) {
        let outcome = match (self.ran, committed) {
            (Some(Ok(())), Ok(())) => {
                self.effects.run(bells);
                Ok(())
            }
            // Its own refusal stands, whatever became of the group.
            (Some(Err(error)), _) => Err(error),
            (_, Err(reason)) => Err(unavailable(reason)),
            (None, Ok(())) => Err(Error::internal("a unit of work was never run")),
        };
        self.unit.answer(outcome);
    }
}

pub(super) struct Writer {
    pub(super) queue: Arc<Queue<Unit>>,
    pub(super) group_limit: usize,
    pub(super) clock: StoreClock,
    pub(super) bells: Arc<Bells>,
}

impl Writer {
    pub(super) fn run(self, connection: Connection) {
        let connection = Rc::new(connection);
        let mut taken = Vec::with_capacity(self.group_limit);
        let mut group = Vec::with_capacity(self.group_limit);
        loop {
            self.queue.take(self.group_limit, &mut taken);
            if taken.is_empty() {
                return;
            }
            metrics::gauge!("db_write_queue_units").set(self.queue.len() as f64);
            metrics::histogram!("db_group_units").record(taken.len() as f64);
            // Whoever went away while waiting wants nothing done.
            group.extend(taken.drain(..).filter(|unit| unit.is_wanted()).map(Member::new));
            if group.is_empty() {
                continue;
            }
            let outcome = self.commit(&connection, &mut group);
            if let Err(error) = &outcome {
                tracing::error!(%error, units = group.len(), "a group of units of work was not committed");
            }
            let committed = outcome.map_err(|e| format!("{e:?}"));
            for member in group.drain(..) {
                member.settle(committed.as_ref().copied().map_err(String::as_str), &self.bells);
            }
        }
    }

    fn commit(&self, connection: &Rc<Connection>, group: &mut [Member]) -> Result<()> {
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
        group: &mut [Member],
    ) -> Result<()> {
        for member in group {
            let ran = member.run(session, self.clock.local());
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
