//! Runs jobs.

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use base::{Ctx, Error, JobId, Result, Time};
use db::{Db, Reader, Tx};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};

use crate::job::Job;
use crate::store::{self, Due};

/// How often due jobs are looked for.
const POLL: Duration = Duration::from_secs(1);
/// Jobs run side by side.
const BATCH_JOBS: i64 = 16;
/// How long a node may take for one job before another may try.
const LEASE: Duration = Duration::from_secs(120);
/// Tries before a job is dead.
const MAX_ATTEMPTS: i64 = 10;
/// The first pause after a failure; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Dead jobs listed at most.
const PAGE_JOBS: i64 = 500;

type Run = Arc<dyn Fn(Ctx, String) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// A job that used up its tries.
#[derive(Clone, PartialEq, Debug)]
pub struct Dead {
    /// Which job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// What it was to do.
    pub payload: serde_json::Value,
    /// Failed tries.
    pub attempts: i64,
    /// What went wrong last.
    pub reason: String,
    /// When it was due.
    pub run_at: Time,
}

/// Runs due jobs. Any number of nodes may run one on the same store.
pub struct Runner {
    db: Db,
    handlers: HashMap<&'static str, Run>,
}

impl Runner {
    /// A runner over a store whose [`crate::MIGRATIONS`] are applied.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            handlers: HashMap::new(),
        }
    }

    /// Says what to do about a kind of job. The handler may run more than once for one job, so what it does
    /// must bear repeating.
    ///
    /// ```ignore
    /// runner.register(move |ctx, job: SendMessage| { let outreach = outreach.clone(); async move { outreach.send(&ctx, &job).await } });
    /// ```
    pub fn register<J, F, Fut>(&mut self, handler: F)
    where
        J: Job,
        F: Fn(Ctx, J) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        let run: Run = Arc::new(move |ctx, payload| match serde_json::from_str::<J>(&payload) {
            Ok(job) => handler(ctx, job).boxed(),
            Err(error) => std::future::ready(Err(Error::internal(error))).boxed(),
        });
        self.handlers.insert(J::KIND, run);
    }

    /// Runs everything due, including what the jobs ask for meanwhile, and tells how many were run. For loops
    /// and tests; [`Runner::run`] calls it.
    ///
    /// # Errors
    /// `db.unavailable` and the like; a job's own failure is not one, it is tried again or dies.
    pub async fn step(&self) -> Result<usize> {
        let mut total = 0;
        loop {
            let due = self
                .db
                .read(async |reader: &Reader| store::due(reader, BATCH_JOBS).await)
                .await?;
            let ran = join_all(due.into_iter().map(|job| self.run_one(job))).await;
            let ran = ran
                .into_iter()
                .collect::<Result<Vec<bool>>>()?
                .into_iter()
                .filter(|&ran| ran)
                .count();
            if ran == 0 {
                return Ok(total);
            }
            total += ran;
        }
    }

    /// Steps whenever a job is asked for here or due, until `shutdown` completes.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.run_until(shutdown.boxed()).boxed()
    }

    async fn run_until(self, mut shutdown: BoxFuture<'static, ()>) {
        let mut bell = self.db.bell(store::BELL);
        loop {
            if let Err(error) = self.step().await {
                tracing::error!(?error, "jobs could not be run");
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = bell.rung() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Jobs that used up their tries, 500 at most.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn dead(&self) -> Result<Vec<Dead>> {
        self.db
            .read(async |reader: &Reader| store::dead(reader, PAGE_JOBS).await)
            .await
    }

    /// Lets a dead job live again, after its cause was mended.
    ///
    /// # Errors
    /// `not_found` when there is no such dead job; `db.unique_violation` when its like waits already.
    pub async fn retry(&self, id: JobId) -> Result<()> {
        self.db
            .write_guarded(async move |tx: &Tx| {
                if store::revive(tx, id).await? {
                    tx.ring(store::BELL);
                    return Ok(());
                }
                Err(Error::not_found("dead job", id))
            })
            .await
    }

    async fn run_one(&self, job: Due) -> Result<bool> {
        let (id, before) = (job.id, job.attempts);
        let claim = async move |tx: &Tx| store::claim(tx, id, before, tx.now().after(LEASE)).await;
        if !self.db.write_guarded(claim).await? {
            return Ok(false);
        }
        let attempts = before + 1;
        let Err(error) = self.attempt(&job).await else {
            metrics::counter!("jobs_done_total", "kind" => job.kind).increment(1);
            self.db
                .write_guarded(async move |tx: &Tx| store::finish(tx, id, attempts).await)
                .await?;
            return Ok(true);
        };
        let reason = format!("{error:?}");
        let is_dead = attempts >= MAX_ATTEMPTS;
        metrics::counter!("jobs_failed_total", "kind" => job.kind.clone()).increment(1);
        if is_dead {
            tracing::error!(job_id = %id, kind = job.kind, attempts, ?error, "a job is dead until a person retries it");
        } else {
            tracing::warn!(job_id = %id, kind = job.kind, attempts, ?error, "a job failed and will be tried again");
        }
        self.db
            .write_guarded(async move |tx: &Tx| {
                if is_dead {
                    return store::bury(tx, id, attempts, &reason).await;
                }
                store::put_back(tx, id, attempts, tx.now().after(pause(attempts)), &reason).await
            })
            .await?;
        Ok(true)
    }

    async fn attempt(&self, job: &Due) -> Result<()> {
        let Some((&kind, run)) = self.handlers.get_key_value(job.kind.as_str()) else {
            return Err(Error::internal(format!(
                "nobody handles jobs of kind {}",
                job.kind
            )));
        };
        let work = AssertUnwindSafe(run(Ctx::system(kind), job.payload.clone())).catch_unwind();
        match tokio::time::timeout(LEASE, work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Error::internal("the job panicked")),
            Err(_) => Err(Error::internal(format!(
                "the job took longer than {} s",
                LEASE.as_secs()
            ))),
        }
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("kinds", &self.handlers.keys())
            .finish_non_exhaustive()
    }
}

fn pause(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(12);
    FIRST_PAUSE * 2_u32.pow(doublings)
}
