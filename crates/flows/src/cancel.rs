//! Giving an order up: everything it took goes back to where it came from, once. And orders nobody paid.

use base::{Ctx, Error, Money, OrderId, Resource, Result, Text};
use bus::emit;
use db::{Reader, Tx};
use orders::events::{FulfilmentCancelled, OrderCancelled, OrderExpired};
use orders::{
    FulfilmentState, LINES_NOT_CANCELLABLE, Moment, MomentKind, NOT_CANCELLABLE, ORDER_CANCEL, Order,
    OrderState, Part,
};
use payments::RefundId;

use crate::Flows;
use crate::code;
use crate::fail;
use crate::pay::Done;
use crate::view::{OrderOut, Viewer, order_out_in};

/// Orders whose time has run out that are put to rest in one go.
const EXPIRE_BATCH: i64 = 100;

impl Flows {
    /// Gives an order up: its owner until it is ready, staff until the goods are out.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `order.not_cancellable`.
    pub async fn order_cancel(
        &self,
        ctx: &Ctx,
        id: OrderId,
        reason: String,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.cancel_in(tx, &actor, id, &reason, token.as_deref()).await;
        let done = self.parts.db.write_once(ctx, "order.cancel", unit).await?;
        fail::point("cancel.committed");
        Ok(self.finish(ctx, done).await)
    }

    async fn cancel_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: OrderId,
        reason: &str,
        token: Option<&str>,
    ) -> Result<Done> {
        let mut order = orders::order_get_in(tx, id).await?;
        let viewer = self.viewer(ctx, &order, token)?;
        let state = order.head.state;
        if state == OrderState::Cancelled {
            // Asked again: nothing is given back twice.
            return Ok(Done {
                out: order_out_in(tx, &order, viewer).await?,
                viewer,
                refunds: Vec::new(),
            });
        }
        if viewer != Viewer::Owner {
            ctx.require(
                ORDER_CANCEL,
                &order.head.place_id.map_or(Resource::Chain, Resource::Place),
            )?;
        }
        let goods_out = order
            .fulfilments
            .iter()
            .any(|f| f.state.is_live() && !f.state.holds_stock());
        let may = state.exits().contains(&OrderState::Cancelled)
            && !goods_out
            && (viewer != Viewer::Owner || state.owner_may_cancel());
        if !may {
            return Err(Error::new(&NOT_CANCELLABLE).with("state", state.as_str()));
        }
        let refunds = self.cancel_whole_in(tx, ctx, &mut order, reason, None).await?;
        Ok(Done {
            out: order_out_in(tx, &order, viewer).await?,
            viewer,
            refunds,
        })
    }

    /// Gives a whole order up and tells it; `because` is for the customer, when it was not their wish.
    pub(crate) async fn cancel_whole_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        reason: &str,
        because: Option<Text>,
    ) -> Result<Vec<RefundId>> {
        let (refund, refunds) = self.give_up_in(tx, ctx, order, reason).await?;
        let cancelled = OrderCancelled {
            order: (&order.head).into(),
            reason: reason.to_owned(),
            because,
            refund,
        };
        emit(tx, ctx, &cancelled).await?;
        fail::point("cancel.worked_in");
        Ok(refunds)
    }

    /// Gives pieces of an order up: its owner what nobody has begun to pick, staff what has not gone out. What
    /// they had cost goes back to the minor unit; the delivery is paid back with the last piece only.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `order.not_cancellable`, `order.lines_not_cancellable`, `input.invalid`.
    pub async fn order_reduce(
        &self,
        ctx: &Ctx,
        id: OrderId,
        lines: Vec<Part>,
        reason: String,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            flows
                .order_reduce_in(tx, &actor, id, &lines, &reason, token.as_deref())
                .await
        };
        let done = self.parts.db.write_once(ctx, "order.cancel", unit).await?;
        Ok(self.finish(ctx, done).await)
    }

    async fn order_reduce_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: OrderId,
        lines: &[Part],
        reason: &str,
        token: Option<&str>,
    ) -> Result<Done> {
        let mut order = orders::order_get_in(tx, id).await?;
        let viewer = self.viewer(ctx, &order, token)?;
        let state = order.head.state;
        if state == OrderState::PendingPayment {
            return Err(Error::new(&LINES_NOT_CANCELLABLE).with("state", state.as_str()));
        }
        let states: &[FulfilmentState] = if viewer == Viewer::Owner {
            &[FulfilmentState::Requested]
        } else {
            ctx.require(
                ORDER_CANCEL,
                &order.head.place_id.map_or(Resource::Chain, Resource::Place),
            )?;
            &[
                FulfilmentState::Requested,
                FulfilmentState::Picking,
                FulfilmentState::Ready,
            ]
        };
        if !matches!(
            state,
            OrderState::Allocated | OrderState::Ready | OrderState::NeedsDecision
        ) {
            return Err(Error::new(&NOT_CANCELLABLE).with("state", state.as_str()));
        }
        // Judged first, so that a whole order is not given up on a wish for more than may be.
        order.give_up(lines, states)?;
        let refunds = if order.is_all(lines) && !order.is_partly_out() {
            self.cancel_whole_in(tx, ctx, &mut order, reason, None).await?
        } else {
            self.reduce_in(tx, ctx, &mut order, lines, states, reason)
                .await?
                .1
        };
        Ok(Done {
            out: order_out_in(tx, &order, viewer).await?,
            viewer,
            refunds,
        })
    }

    /// Undoes what the order took, in lock order: order, stock, payment.
    async fn give_up_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        reason: &str,
    ) -> Result<(Money, Vec<RefundId>)> {
        let now = tx.now();
        let mut payments = payments::payment_list_in(tx, &[order.head.id]).await?;
        let back: i64 = payments.iter().map(|p| p.balance.refundable()).sum();
        let refund = Money::new(back, order.head.currency);
        let was = order.head.state;
        order.head.state = was.step(OrderState::Cancelled)?;
        order.head.hold_expires_at = None;
        order.head.waits_until = None;
        let change = order.head.change.take();
        let had = std::mem::take(&mut order.head.ahead);
        order.head.refunded += back;
        let mut moments = vec![Moment::new(now, MomentKind::Cancelled, &ctx.actor).with("reason", reason)];
        if back > 0 {
            let moment = Moment::new(now, MomentKind::Refunded, &ctx.actor);
            moments.push(moment.with("amount", refund.to_string()));
        }
        orders::order_change_in(tx, &mut order.head, moments).await?;
        orders::order_cancel_lines_in(tx, order).await?;
        code::release_in(tx, &order.head).await?;
        if let Some(change) = &change {
            self.change_let_go_in(tx, ctx, change).await?;
            payments.retain(|payment| payment.id != change.payment_id);
        }
        let held = if was == OrderState::PendingPayment {
            let hold = self
                .parts
                .stock
                .hold_by_owner_in(tx, &order.head.id.to_string())
                .await?;
            order.planned(hold.map(|hold| hold.id))
        } else {
            order.fulfilments.clone()
        };
        for fulfilment in held.iter().filter(|f| f.state.holds_stock()) {
            self.put_back_in(tx, ctx, order, fulfilment).await?;
        }
        if was == OrderState::PendingPayment {
            self.unsent_release_in(tx, ctx, order.head.id, &had).await?;
        } else {
            self.sent_release_in(tx, ctx, &had).await?;
        }
        self.ahead_release_in(tx, ctx, order.head.id, &had).await?;
        let mut cancelled = Vec::new();
        for fulfilment in order.fulfilments.iter_mut().filter(|f| f.state.holds_stock()) {
            fulfilment.state = fulfilment.state.step(FulfilmentState::Cancelled)?;
            orders::fulfilment_change_in(tx, fulfilment).await?;
            cancelled.push(FulfilmentCancelled {
                fulfilment: (&*fulfilment).into(),
            });
        }
        for event in &cancelled {
            emit(tx, ctx, event).await?;
        }
        payments::payment_void_in(tx, ctx, &payments).await?;
        let source = format!("cancel:{}", order.head.id);
        let refunds = self
            .parts
            .payments
            .payment_refund_in(tx, ctx, order.head.id, refund, &source)
            .await?;
        Ok((refund, refunds))
    }

    /// Puts orders to rest that were not paid in time; answers how many. Their stock was free from the instant
    /// the hold ran out, whenever this runs.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn orders_expire_due(&self, ctx: &Ctx) -> Result<usize> {
        let read = async move |r: &Reader| orders::order_unpaid_in(r, EXPIRE_BATCH).await;
        let due = self.parts.db.read(read).await?;
        for id in &due {
            let (id, actor) = (*id, ctx.clone());
            self.parts
                .db
                .write(async move |tx: &Tx| expire_in(tx, &actor, id).await)
                .await?;
        }
        Ok(due.len())
    }
}

async fn expire_in(tx: &Tx, ctx: &Ctx, id: OrderId) -> Result<()> {
    let mut head = orders::order_head_in(tx, id).await?;
    let has_run_out = head.hold_expires_at.is_some_and(|at| at <= tx.now());
    if head.state != OrderState::PendingPayment || !has_run_out {
        // Paid or cancelled since it was listed.
        return Ok(());
    }
    head.state = head.state.step(OrderState::Expired)?;
    let moment = Moment::new(tx.now(), MomentKind::Expired, &ctx.actor);
    orders::order_change_in(tx, &mut head, vec![moment]).await?;
    code::release_in(tx, &head).await?;
    payments::gift_let_go_in(tx, ctx, id).await?;
    emit(
        tx,
        ctx,
        &OrderExpired {
            order: (&head).into(),
        },
    )
    .await?;
    Ok(())
}
