//! What the job table promises, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base::{Ctx, Error};
use db::testing::{TestDb, each_engine};
use db::{Db, MigrationSet, Tx};
use futures_util::future::join_all;
use jobs::{Job, Runner, enqueue};
use serde::{Deserialize, Serialize};

const SETS: &[MigrationSet] = &[jobs::MIGRATIONS];

#[derive(Serialize, Deserialize)]
struct Add {
    amount: i64,
    once: Option<String>,
}

impl Job for Add {
    const KIND: &'static str = "t.add";
    fn dedupe_key(&self) -> Option<String> {
        self.once.clone()
    }
}

async fn ask(t: &TestDb, amount: i64, once: Option<&'static str>, wait: Duration) {
    t.db.write(async move |tx: &Tx| {
        let job = Add {
            amount,
            once: once.map(str::to_owned),
        };
        enqueue(tx, &job, tx.now().after(wait)).await
    })
    .await
    .unwrap();
}

fn runner(db: Db, sum: &Arc<AtomicI64>) -> Runner {
    let sum = Arc::clone(sum);
    let mut runner = Runner::new(db);
    runner.register(move |_: Ctx, job: Add| {
        let sum = Arc::clone(&sum);
        async move {
            if job.amount < 0 {
                return Err(Error::not_found("sign", job.amount));
            }
            sum.fetch_add(job.amount, Ordering::SeqCst);
            Ok(())
        }
    });
    runner
}

#[test]
fn jobs_run_when_due_and_once_per_key() {
    each_engine(SETS, async |t: TestDb| {
        let sum = Arc::new(AtomicI64::new(0));
        let runner = runner(t.db.clone(), &sum);
        ask(&t, 1, None, Duration::ZERO).await;
        ask(&t, 10, Some("k"), Duration::ZERO).await;
        ask(&t, 10, Some("k"), Duration::ZERO).await;
        ask(&t, 100, None, Duration::from_secs(60)).await;
        assert_eq!(runner.step().await.unwrap(), 2);
        assert_eq!(sum.load(Ordering::SeqCst), 11);
        t.clock.advance(Duration::from_secs(60));
        assert_eq!(runner.step().await.unwrap(), 1);
        ask(&t, 10, Some("k"), Duration::ZERO).await;
        assert_eq!(runner.step().await.unwrap(), 1);
        assert_eq!(sum.load(Ordering::SeqCst), 121);
        assert_eq!(runner.step().await.unwrap(), 0);
    });
}

#[test]
fn an_undone_transaction_asks_for_nothing() {
    each_engine(SETS, async |t: TestDb| {
        let sum = Arc::new(AtomicI64::new(0));
        let runner = runner(t.db.clone(), &sum);
        let undone: base::Result<()> =
            t.db.write(async |tx: &Tx| {
                enqueue(
                    tx,
                    &Add {
                        amount: 1,
                        once: None,
                    },
                    tx.now(),
                )
                .await?;
                Err(Error::not_found("reason", 1))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(runner.step().await.unwrap(), 0);
    });
}

#[test]
fn a_failing_job_is_tried_with_pauses_then_dies_visibly() {
    each_engine(SETS, async |t: TestDb| {
        let sum = Arc::new(AtomicI64::new(0));
        let runner = runner(t.db.clone(), &sum);
        ask(&t, -1, Some("k"), Duration::ZERO).await;
        let mut tries = runner.step().await.unwrap();
        assert_eq!(runner.step().await.unwrap(), 0);
        for _ in 0..20 {
            t.clock.advance(Duration::from_secs(3_600));
            tries += runner.step().await.unwrap();
        }
        assert_eq!(tries, 10);
        let dead = runner.dead().await.unwrap();
        assert_eq!((dead.len(), dead[0].attempts), (1, 10));
        assert!(dead[0].reason.contains("not_found"));
        runner.retry(dead[0].id).await.unwrap();
        assert_eq!(runner.step().await.unwrap(), 1);
        assert!(runner.dead().await.unwrap().is_empty());
    });
}

#[test]
fn nodes_share_the_work() {
    each_engine(SETS, async |t: TestDb| {
        let sum = Arc::new(AtomicI64::new(0));
        for _ in 0..60 {
            ask(&t, 1, None, Duration::ZERO).await;
        }
        let runners = [
            runner(t.db.clone(), &sum),
            runner(t.another().await.unwrap(), &sum),
            runner(t.another().await.unwrap(), &sum),
        ];
        let ran: usize = join_all(runners.iter().map(Runner::step))
            .await
            .into_iter()
            .map(|r| r.unwrap())
            .sum();
        assert_eq!(ran, 60);
        assert_eq!(sum.load(Ordering::SeqCst), 60);
    });
}

#[test]
fn a_lost_node_s_job_is_taken_over_after_its_lease() {
    each_engine(SETS, async |t: TestDb| {
        let sum = Arc::new(AtomicI64::new(0));
        let mut stuck = Runner::new(t.db.clone());
        stuck.register(|_: Ctx, _: Add| std::future::pending());
        ask(&t, 5, None, Duration::ZERO).await;
        // Claims the job, then is gone without a word.
        let _ = tokio::time::timeout(Duration::from_millis(300), stuck.step()).await;
        let runner = runner(t.db.clone(), &sum);
        assert_eq!(runner.step().await.unwrap(), 0);
        t.clock.advance(Duration::from_secs(600));
        assert_eq!(runner.step().await.unwrap(), 1);
        assert_eq!(sum.load(Ordering::SeqCst), 5);
    });
}
