//! What comes due by itself: unpaid orders, refunds, old orders.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use base::{Ctx, OrderId, Result};
use db::{Reader, Tx};
use orders::{Moment, MomentKind, OrderState};

use crate::Flows;

/// How often due work is looked for. What is due counts as done before: expiry is part of every question.
const POLL: Duration = Duration::from_secs(2);
/// How long after the goods went out an order is closed.
const CLOSE_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);
/// Holds that have run out put to rest in one go.
const SWEEP_BATCH: u32 = 500;
/// Orders closed in one go.
const CLOSE_BATCH: i64 = 200;

impl Flows {
    /// Does everything that is due and tells how much it was. For loops and tests; [`Flows::run`] calls it.
    ///
    /// # Errors
    /// The store's, or a payment provider's that could not say.
    pub async fn step(&self) -> Result<usize> {
        let ctx = Ctx::system("flows");
        let expired = self.orders_expire_due(&ctx).await?;
        let closed = self.orders_close_due(&ctx).await?;
        let settled = self.parts.payments.refund_settle_due(&ctx).await?;
        let swept = self.parts.stock.holds_expire_due(SWEEP_BATCH).await?;
        Ok(expired + closed + settled + swept)
    }

    /// Steps every two seconds until `shutdown` completes.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            if let Err(error) = self.step().await {
                tracing::error!(?error, "due orders and refunds could not be worked off");
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    async fn orders_close_due(&self, ctx: &Ctx) -> Result<usize> {
        let read = async move |r: &Reader| {
            orders::order_closable_in(r, r.now().before(CLOSE_AFTER), CLOSE_BATCH).await
        };
        let due: Vec<OrderId> = self.parts.db.read(read).await?;
        for id in &due {
            let (id, actor) = (*id, ctx.clone());
            self.parts
                .db
                .write(async move |tx: &Tx| close_in(tx, &actor, id).await)
                .await?;
        }
        Ok(due.len())
    }
}

async fn close_in(tx: &Tx, ctx: &Ctx, id: OrderId) -> Result<()> {
    let mut head = orders::order_head_in(tx, id).await?;
    if !matches!(head.state, OrderState::Collected | OrderState::Delivered) {
        return Ok(());
    }
    head.state = head.state.step(OrderState::Closed)?;
    let moment = Moment::new(tx.now(), MomentKind::Closed, &ctx.actor);
    orders::order_change_in(tx, &mut head, vec![moment]).await
}
