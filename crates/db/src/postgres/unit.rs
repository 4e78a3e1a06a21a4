//! Units of work and reads on a connection, run again where others got in their way.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Error, Result, Time};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::sync::oneshot;
use tokio_postgres::SimpleQueryMessage;

use super::connection::{self, Connection};
use super::dispatch::Job;
use super::{Session as PgSession, Settings, codec};
use crate::config::StoreClock;
use crate::db::Isolation;
use crate::error::{codes, unavailable};
use crate::tx::{Effects, Reader, Session, Tx};

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

    async fn begin(&self, connection: &Connection, (bare, with_clock): Begin) -> Result<Time> {
        if let StoreClock::Injected(clock) = &self.settings.clock {
            connection
                .client
                .batch_execute(bare)
                .await
                .map_err(|e| codec::error(e, bare))?;
            return Ok(clock.now());
        }
        let answer = connection
            .client
            .simple_query(with_clock)
            .await
            .map_err(|e| codec::error(e, with_clock))?;
        let micros = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).and_then(|text| text.parse().ok()),
            _ => None,
        });
        micros
            .map(Time::from_micros)
            .ok_or_else(|| Error::internal("the server did not tell the time"))
    }

    /// Begins on the connection at hand, or on a fresh one where that has gone stale: the server may have been
    /// restarted while it idled, and nothing has been done on it yet.
    async fn begin_anywhere(&self, begin: Begin) -> Result<(Rc<Connection>, Time)> {
        let connection = self.connection().await?;
        if let Ok(now) = self.begin(&connection, begin).await {
            return Ok((connection, now));
        }
        self.close();
        let fresh = self.connection().await?;
        let begun = self.begin(&fresh, begin).await;
        if begun.is_err() {
            self.close();
        }
        Ok((fresh, begun?))
    }

    /// Ends a transaction whose answer is known already. A connection on which that fails is let go.
    async fn rollback(&self, connection: &Connection) {
        if connection.client.batch_execute("ROLLBACK").await.is_err() {
            self.close();
        }
    }
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

impl<T, F> Job for ReadOf<T, F>
where
    F: AsyncFnOnce(&Reader) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    fn run(self: Box<Self>, slot: Rc<Slot>) -> LocalBoxFuture<'static, ()> {
        async move {
            // The caller went away while the read waited.
            if self.answer.is_closed() {
                return;
            }
            let Self { f, answer } = *self;
            let (connection, now) = match slot.begin_anywhere(BEGIN_READ_ONLY).await {
                Ok(begun) => begun,
                Err(error) => {
                    // Nobody waits any more: nothing to tell.
                    let _ = answer.send(Err(error));
                    return;
                }
            };
            let reader = Reader::new(Session::Postgres(PgSession::new(Rc::clone(&connection))), now);
            let outcome = AssertUnwindSafe(f(&reader)).catch_unwind().await;
            let _ = answer.send(outcome.unwrap_or_else(|_| Err(Error::internal("a read panicked"))));
            slot.rollback(&connection).await;
        }
        .boxed_local()
    }
}

pub(super) struct UnitOf<T, F> {
    isolation: Isolation,
    f: F,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> UnitOf<T, F> {
    pub(super) const fn new(isolation: Isolation, f: F, answer: oneshot::Sender<Result<T>>) -> Self {
        Self { isolation, f, answer }
    }
}

/// How one attempt ended.
enum Attempt<T> {
    /// Durable.
    Committed(T, Effects),
    /// Undone for good.
    Failed(Error),
    /// Undone; the next attempt may do better.
    Again(Error),
}

impl<T, F> Job for UnitOf<T, F>
where
    F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    fn run(self: Box<Self>, slot: Rc<Slot>) -> LocalBoxFuture<'static, ()> {
        async move {
            if self.answer.is_closed() {
                return;
            }
            let Self { isolation, f, answer } = *self;
            let outcome = run_unit(&slot, isolation, &f).await;
            let outcome = outcome.map(|(value, effects)| {
                effects.run(&slot.settings.bells);
                value
            });
            // Nobody waits any more: nothing to tell.
            let _ = answer.send(outcome);
        }
        .boxed_local()
    }
}

async fn run_unit<T, F>(slot: &Slot, isolation: Isolation, f: &F) -> Result<(T, Effects)>
where
    F: AsyncFn(&Tx) -> Result<T>,
{
    let settings = Arc::clone(&slot.settings);
    let mut tried = 0;
    loop {
        tried += 1;
        let turn = if tried >= TURNS_FROM_ATTEMPT {
            Some(settings.turnstile.lock().await)
        } else {
            None
        };
        let error = match attempt(slot, isolation, f, tried).await {
            Attempt::Committed(value, effects) => return Ok((value, effects)),
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

/// Full jitter: anything up to a bound that doubles with each attempt.
fn pause(tried: u32) -> Duration {
    let bound = Duration::from_millis(1 << tried.min(6)).min(LONGEST_PAUSE);
    bound.mul_f64(rand::random::<f64>())
}

async fn attempt<T, F>(slot: &Slot, isolation: Isolation, f: &F, tried: u32) -> Attempt<T>
where
    F: AsyncFn(&Tx) -> Result<T>,
{
    let begin = match isolation {
        Isolation::Serializable => BEGIN_SERIALIZABLE,
        Isolation::ReadCommitted => BEGIN_READ_COMMITTED,
    };
    let (connection, now) = match slot.begin_anywhere(begin).await {
        Ok(begun) => begun,
        Err(error) => return Attempt::Failed(error),
    };
    let session = PgSession::new(Rc::clone(&connection));
    let tx = Tx::new(Session::Postgres(session.clone()), now);
    let result = AssertUnwindSafe(f(&tx)).catch_unwind().await;
    let result = tx.verdict(result.unwrap_or_else(|_| Err(Error::internal("a unit of work panicked"))));
    let value = match result {
        Ok(_) if session.has_abandoned() => {
            slot.rollback(&connection).await;
            return Attempt::Failed(Error::internal(
                "a unit of work began a statement and never awaited it",
            ));
        }
        Ok(value) => value,
        Err(error) => {
            slot.rollback(&connection).await;
            // One that came in unseen may have taken the key: the unit deserves to see it, as it would have
            // on SQLite, before it fails.
            let unseen = isolation == Isolation::Serializable && session.has_collided() && tried == 1;
            return if session.is_conflicted() || unseen {
                Attempt::Again(error)
            } else {
                Attempt::Failed(error)
            };
        }
    };
    let started = Instant::now();
    if let Err(error) = session.commit().await {
        if codec::is_conflict(&error) {
            return Attempt::Again(codec::error(error, "COMMIT"));
        }
        if error.as_db_error().is_some() {
            return Attempt::Failed(codec::error(error, "COMMIT"));
        }
        slot.close();
        return Attempt::Failed(unavailable(format!(
            "the connection broke during COMMIT; whether it took is unknown: {error}"
        )));
    }
    metrics::histogram!("db_commit_seconds").record(started.elapsed().as_secs_f64());
    Attempt::Committed(value, tx.into_effects())
}
