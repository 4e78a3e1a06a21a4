//! What comes due by itself: unpaid orders, refunds, holds that have run out, goods nobody fetched, supply that
//! has come, old orders.

use std::future::Future;
use std::time::Duration;

use base::{Ctx, Result};
use db::Tx;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::Flows;

/// How often due work is looked for. What is due counts as done before: expiry is part of every question.
const POLL: Duration = Duration::from_secs(2);
/// Old orders are closed, and figures counted, every so many polls: nobody waits for it.
const POLLS_PER_CLOSE: u64 = 30;
/// How long after the goods went out an order is closed.
const CLOSE_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);
/// Orders closed in one statement.
const CLOSE_BATCH: i64 = 1_000;
/// How long what places took on of a day is remembered: longer than any day lasts anywhere.
const DAYS_KEPT: Duration = Duration::from_secs(3 * 24 * 3600);
/// Holds that have run out put to rest in one go.
const SWEEP_BATCH: u32 = 500;

impl Flows {
    /// Does everything that customers wait for and tells how much it was. For tests; the loops do the same.
    ///
    /// # Errors
    /// The store's.
    pub async fn step(&self) -> Result<usize> {
        self.parts.stock.claims_fill_due().await?;
        let supplied = self.orders_waiting_due(&Ctx::system("flows")).await?;
        Ok(self.step_inside().await? + self.step_outside().await? + supplied)
    }

    /// What waits for payment providers, who may take their time.
    async fn step_outside(&self) -> Result<usize> {
        let ctx = Ctx::system("flows");
        let settled = self.parts.payments.refund_settle_due(&ctx).await?;
        Ok(settled + self.payments_look_due(&ctx).await?)
    }

    /// What waits for nobody.
    async fn step_inside(&self) -> Result<usize> {
        let ctx = Ctx::system("flows");
        let expired = self.orders_expire_due(&ctx).await? + self.order_changes_expire_due(&ctx).await?;
        let swept = self.parts.stock.holds_expire_due(SWEEP_BATCH).await?;
        let pickups = self.pickups_due(&ctx).await?;
        let ahead = self.ahead_due(&ctx).await?;
        let sent = self.sent_due(&ctx).await?;
        Ok(expired + swept + pickups + ahead + sent)
    }

    /// Settles refunds and asks providers how payments stand, every two seconds until `shutdown` completes: apart
    /// from [`Flows::run`], so that a provider that does not answer holds up nobody else.
    pub fn run_outside(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.run_outside_until(shutdown.boxed()).boxed()
    }

    async fn run_outside_until(self, mut shutdown: BoxFuture<'static, ()>) {
        loop {
            if let Err(error) = self.step_outside().await {
                tracing::error!(?error, "payments and refunds could not be worked off");
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Steps every two seconds until `shutdown` completes.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.run_until(shutdown.boxed()).boxed()
    }

    async fn run_until(self, mut shutdown: BoxFuture<'static, ()>) {
        for poll in 1_u64.. {
            if let Err(error) = self.step_inside().await {
                tracing::error!(?error, "due orders could not be worked off");
            }
            if poll.is_multiple_of(POLLS_PER_CLOSE)
                && let Err(error) = self.orders_close_due().await
            {
                tracing::error!(?error, "old orders could not be closed");
            }
            // Supply comes by the box, not by the second.
            if poll % POLLS_PER_CLOSE == 2
                && let Err(error) = self.orders_waiting_due(&Ctx::system("flows")).await
            {
                tracing::error!(?error, "orders that wait for supply could not be looked at");
            }
            if poll % POLLS_PER_CLOSE == 3
                && let Err(error) = self.parts.stock.claims_fill_due().await
            {
                tracing::error!(?error, "claims could not be served with what is free");
            }
            if poll % POLLS_PER_CLOSE == 1
                && let Err(error) = self.sourcing_figures_due().await
            {
                tracing::error!(?error, "sales and rejections could not be counted");
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Closes orders that are too old for a routine return, and forgets what places took on of past days; answers how
    /// many orders, a thousand at most.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn orders_close_due(&self) -> Result<u64> {
        let unit = async |tx: &Tx| {
            places::days_forget_in(tx, tx.now().before(DAYS_KEPT)).await?;
            let before = tx.now().before(CLOSE_AFTER);
            orders::order_close_in(tx, &Ctx::system("flows"), before, CLOSE_BATCH).await
        };
        self.parts.db.write(unit).await
    }
}
