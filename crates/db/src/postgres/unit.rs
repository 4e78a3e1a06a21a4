//! Units of work and reads on a connection, run again where others got in their way.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Error, Result, Time};
use futures_util::FutureExt;
use tokio_postgres::SimpleQueryMessage;

use super::connection::{self, Connection};
use super::dispatch::Job;
use super::{Session as PgSession, Settings, codec};
use crate::config::StoreClock;
use crate::db::Isolation;
use crate::error::{codes, unavailable};
use crate::tx::{Effects, Reader, Session, Tx};
use crate::work::{Read, Work};

/// From this attempt on a unit waits for its turn among those that lost as often.
const TURNS_FROM_ATTEMPT: u32 = 3;
/// The longest pause before another attempt.
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

/// The clock read travels with the BEGIN, in one round trip.
macro_rules! begin {
    ($mode:literal) => {
        (
            concat!("BEGIN ISOLATION LEVEL ", $mode),
            concat!(
                "BEGIN ISOLATION LEVEL ",
                $mode,
                "; SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
            ),
        )
    };
}
type Begin = (&'static str, &'static str);
const BEGIN_SERIALIZABLE: Begin = begin!("SERIALIZABLE");
const BEGIN_READ_COMMITTED: Begin = begin!("READ COMMITTED");
const BEGIN_READ_ONLY: Begin = begin!("REPEATABLE READ READ ONLY");

/// The place of one connection; opened when first needed, and anew when broken.
pub(super) struct Slot {
    settings: Arc<Settings>,
    connection: RefCell<Option<Rc<Connection>>>,
}

impl Slot {
    pub(super) fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            connection: RefCell::new(None),
        }
    }

    async fn connection(&self) -> Result<Rc<Connection>> {
        if let Some(connection) = &*self.connection.borrow()
            && !connection.client.is_closed()
        {
            return Ok(Rc::clone(connection));
        }
        let fresh = connection::connect(&self.settings).await?;
        *self.connection.borrow_mut() = Some(Rc::clone(&fresh));
        Ok(fresh)
    }

    /// Lets go of the connection; the server rolls back what was open on it.
    pub(super) fn close(&self) {
        self.connection.borrow_mut().take();
    }

    /// Begins and hears that it has begun.
    async fn begin_heard(&self, connection: &Connection, (bare, with_clock): Begin) -> Result<Time> {
        if let StoreClock::Injected(clock) = &self.settings.clock {
            connection
                .client
                .batch_execute(bare)
                .await
                .map_err(|e| codec::error(e, bare))?;
            connection.answered();
            return Ok(clock.now());
        }
        let asked = Instant::now();
        let answer = connection
            .client
            .simple_query(with_clock)
            .await
            .map_err(|e| codec::error(e, with_clock))?;
        connection.answered();
        let micros = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).and_then(|text| text.parse().ok()),
            _ => None,
        });
        let told = micros.ok_or_else(|| Error::internal("the server did not tell the time"))?;
        let clock = &self.settings.server_clock;
        Ok(clock.learn(asked, Time::from_micros(told), Instant::now()))
    }

    /// The time, where it need not be asked for.
    fn known_time(&self) -> Option<Time> {
        match &self.settings.clock {
            StoreClock::Injected(clock) => Some(clock.now()),
            StoreClock::Database => self.settings.server_clock.at(Instant::now()),
        }
    }

    /// Begins on the connection at hand, along with the first statement where connection and time are known; or
    /// on a fresh one where it has gone stale: the server may have been restarted while it idled, and nothing has
    /// been done on it yet.
    async fn begin(&self, begin: Begin) -> Result<(PgSession, Time)> {
        let connection = self.connection().await?;
        if connection.is_trusted()
            && let Some(now) = self.known_time()
        {
            let session = PgSession::new(connection);
            session.send(begin.0);
            return Ok((session, now));
        }
        if let Ok(now) = self.begin_heard(&connection, begin).await {
            return Ok((PgSession::new(connection), now));
        }
        self.close();
        let fresh = self.connection().await?;
        let begun = self.begin_heard(&fresh, begin).await;
        if begun.is_err() {
            self.close();
        }
        Ok((PgSession::new(fresh), begun?))
    }

    /// Ends a transaction whose answer is known already. A connection on which that fails is let go.
    async fn rollback(&self, connection: &Connection) {
        match connection.client.batch_execute("ROLLBACK").await {
            Ok(()) => connection.answered(),
            Err(_) => self.close(),
        }
    }
}

/// How one attempt ended.
enum Attempt {
    /// Durable.
    Committed(Effects),
    /// Undone for good.
    Failed(Error),
    /// Undone; the next attempt may do better.
    Again(Error),
}

impl Slot {
    /// Does what is asked and answers whoever asked, unless they went away while it waited.
    pub(super) async fn serve(&self, job: Job) {
        match job {
            Job::Read(read) if read.is_wanted() => self.read(read).await,
            Job::Write(isolation, mut unit) if unit.is_wanted() => {
                let outcome = self.write(isolation, &mut *unit).await;
                let outcome = outcome.map(|effects| effects.run(&self.settings.bells));
                unit.answer(outcome);
            }
            Job::Read(_) | Job::Write(..) => {}
        }
    }

    async fn read(&self, mut read: Read) {
        let (session, now) = match self.begin(BEGIN_READ_ONLY).await {
            Ok(begun) => begun,
            Err(error) => return read.answer(Err(error)),
        };
        let reader = Reader::new(Session::Postgres(session.clone()), now);
        let outcome = AssertUnwindSafe(read.run(&reader)).catch_unwind().await;
        read.answer(outcome.unwrap_or_else(|_| Err(Error::internal("a read panicked"))));
        self.rollback(session.connection()).await;
    }

    async fn write(&self, isolation: Isolation, unit: &mut dyn Work<Tx>) -> Result<Effects> {
        let settings = &self.settings;
        let mut tried = 0;
        loop {
            tried += 1;
            let turn = if tried >= TURNS_FROM_ATTEMPT {
                Some(settings.turnstile.lock().await)
            } else {
                None
            };
            let error = match self.attempt(isolation, unit, tried).await {
                Attempt::Committed(effects) => return Ok(effects),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again(error) => error,
            };
            drop(turn);
            if tried >= settings.attempts {
                return Err(if error.is(&codes::CONTENDED) {
                    Error::new(&codes::CONTENDED)
                        .with("attempts", tried)
                        .caused_by(error)
                } else {
                    error
                });
            }
            metrics::counter!("db_retries_total").increment(1);
            tokio::time::sleep(pause(tried)).await;
        }
    }

    async fn attempt(&self, isolation: Isolation, unit: &mut dyn Work<Tx>, tried: u32) -> Attempt {
        let begin = match isolation {
            Isolation::Serializable => BEGIN_SERIALIZABLE,
            Isolation::ReadCommitted => BEGIN_READ_COMMITTED,
        };
        let (session, now) = match self.begin(begin).await {
            Ok(begun) => begun,
            Err(error) => return Attempt::Failed(error),
        };
        let connection = session.connection();
        let tx = Tx::new(Session::Postgres(session.clone()), now);
        let result = AssertUnwindSafe(unit.run(&tx)).catch_unwind().await;
        let result = tx.verdict(result.unwrap_or_else(|_| Err(Error::internal("a unit of work panicked"))));
        match result {
            Ok(()) if session.has_abandoned() => {
                self.rollback(connection).await;
                return Attempt::Failed(Error::internal(
                    "a unit of work began a statement and never awaited it",
                ));
            }
            Ok(()) => {}
            Err(error) => {
                self.rollback(connection).await;
                // One that came in unseen may have taken the key: the unit deserves to see it, as it would have
                // on SQLite, before it fails.
                let unseen = isolation == Isolation::Serializable && session.has_collided() && tried == 1;
                // A connection that broke before the commit was sent has kept nothing.
                let is_lost = connection.client.is_closed() && tried == 1;
                return if session.is_conflicted() || unseen || is_lost {
                    Attempt::Again(error)
                } else {
                    Attempt::Failed(error)
                };
            }
        }
        let started = Instant::now();
        if let Err(error) = session.commit().await {
            if codec::is_conflict(&error) {
                return Attempt::Again(codec::error(error, "COMMIT"));
            }
            if error.as_db_error().is_some() {
                return Attempt::Failed(codec::error(error, "COMMIT"));
            }
            self.close();
            return Attempt::Failed(unavailable(format!(
                "the connection broke during COMMIT; whether it took is unknown: {error}"
            )));
        }
        metrics::histogram!("db_commit_seconds").record(started.elapsed().as_secs_f64());
        Attempt::Committed(tx.into_effects())
    }
}

/// Full jitter: anything up to a bound that doubles with each attempt.
fn pause(tried: u32) -> Duration {
    let bound = Duration::from_millis(1 << tried.min(6)).min(LONGEST_PAUSE);
    bound.mul_f64(rand::random::<f64>())
}
