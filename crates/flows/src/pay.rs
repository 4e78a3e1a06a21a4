//! What a provider's word does to an order: paid, or too late and given back. One transaction.

use std::sync::Arc;

use base::{Ctx, Error, HoldId, PaymentId, Result, Text};
use bus::emit;
use db::{Reader, Tx};
use futures_util::future::{try_join_all, try_join3};
use orders::events::{FulfilmentRequested, OrderNeedsDecision, OrderPaid};
use orders::{Moment, MomentKind, OpenChange, Order, OrderHead, OrderState};
use payments::{
    Fact, GiftCardId, Payment, PaymentState, ProviderEvent, ProviderName, RefundId, SandboxOutcome,
};
use places::Book;
use serde::{Deserialize, Serialize};
use stock::Hold;

use crate::Flows;
use crate::ahead;
use crate::change;
use crate::channel::leaves;
use crate::code;
use crate::error::PLACE_FULL;
use crate::fail;
use crate::part::undecided_in;
use crate::pay_gift;
use crate::room::{self, Room};
use crate::view::{OrderOut, Viewer};

/// How often a provider's word is worked in anew when somebody else changed the order meanwhile.
pub(crate) const MAX_ATTEMPTS: usize = 5;

/// The document that gives money back which came for nothing.
pub(crate) const LATE: &str = "late";

/// What a unit of work on an order answers, and what it leaves to be done outside.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) out: OrderOut,
    pub(crate) viewer: Viewer,
    /// Refunds asked for, to be settled with their providers.
    pub(crate) refunds: Vec<RefundId>,
}

/// A payment's order as it stood when the provider's word arrived. It is read before the transaction, which
/// then shares its thread with nobody longer than it must; whatever changed meanwhile is noticed by its version
/// and the whole is read again.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) order: Order,
    pub(crate) payments: Vec<Payment>,
    pub(crate) payment: Payment,
    /// The stock kept in the order's name.
    pub(crate) hold: Option<Hold>,
    /// The room it needs at places with a limit.
    pub(crate) rooms: Vec<Room>,
    pub(crate) book: Arc<Book>,
}

/// What a unit of work on a payment came to; kept with the caller's key is only what is owed.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Worked {
    pub(crate) refunds: Vec<RefundId>,
    /// What it made of the order; nothing when the answer is that of an earlier request.
    #[serde(skip)]
    pub(crate) seen: Option<Seen>,
}

impl Flows {
    /// What the payer chose on the sandbox's pay page. Pressed again, it is the same answer.
    ///
    /// # Errors
    /// `not_found`, `payment.closed` when the payment was given up or refused before, `payment.wrong_provider`,
    /// `checkout.price_changed`.
    pub async fn payment_sandbox(
        &self,
        ctx: &Ctx,
        id: PaymentId,
        outcome: SandboxOutcome,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let mut attempt = 1;
        loop {
            let seen = self.seen(id).await?;
            may_choose(&seen.payment, outcome)?;
            if outcome == SandboxOutcome::Approve {
                self.price_stands(ctx, seen.order.head.id).await?;
            }
            let event = outcome.event(&seen.payment);
            let worked = if ctx.idempotency.is_some() {
                self.work_in_once(ctx, seen, event).await
            } else {
                self.work_in(ctx, seen, event).await
            };
            match worked {
                Err(error) if error.is(&orders::BUSY) && attempt < MAX_ATTEMPTS => attempt += 1,
                other => {
                    let (seen, refunds) = other?;
                    fail::point("payment.committed");
                    // The payment's own name is proof enough to pay, and to see what for.
                    let viewer = self
                        .viewer(ctx, &seen.order, token.as_deref())
                        .unwrap_or(Viewer::Payer);
                    let out = OrderOut::new(&seen.order, &seen.payments, viewer);
                    return Ok(self.finish(ctx, Done { out, viewer, refunds }).await);
                }
            }
        }
    }

    /// What a provider says of a payment, by a callback or because it was asked: in whatever order and however
    /// often it arrives, the order and its payments end the same.
    ///
    /// # Errors
    /// `not_found`, `payment.over_capture`.
    pub async fn payment_event(&self, ctx: &Ctx, event: ProviderEvent) -> Result<()> {
        let mut attempt = 1;
        loop {
            let seen = self.seen(event.payment_id).await?;
            match self.work_in(ctx, seen, event.clone()).await {
                Err(error) if error.is(&orders::BUSY) && attempt < MAX_ATTEMPTS => attempt += 1,
                other => {
                    self.settle(ctx, &other?.1).await;
                    return Ok(());
                }
            }
        }
    }

    async fn seen(&self, id: PaymentId) -> Result<Seen> {
        let stock = self.parts.stock.clone();
        let book = self.parts.places.book().await?;
        let read = async move |r: &Reader| {
            let payment = payments::payment_get_in(r, id).await?;
            let order = orders::order_get_in(r, payment.order_id).await?;
            let payments = payments::payment_list_in(r, &[payment.order_id]).await?;
            let hold = stock.hold_by_owner_in(r, &payment.order_id.to_string()).await?;
            Ok(Seen {
                rooms: room::planned(&order.head, &book, r.now()),
                book: Arc::clone(&book),
                order,
                payments,
                payment,
                hold,
            })
        };
        self.parts.db.read(read).await
    }

    async fn work_in(&self, ctx: &Ctx, seen: Seen, event: ProviderEvent) -> Result<(Seen, Vec<RefundId>)> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let mut seen = seen.clone();
            let refunds = flows.payment_event_in(tx, &actor, &mut seen, &event).await?;
            Ok((seen, refunds))
        };
        self.parts.db.write_guarded(unit).await
    }

    /// The same under the caller's key. What is kept with the key is what is owed; the order is shown as it is.
    async fn work_in_once(
        &self,
        ctx: &Ctx,
        seen: Seen,
        event: ProviderEvent,
    ) -> Result<(Seen, Vec<RefundId>)> {
        let (flows, actor, id) = (self.clone(), ctx.clone(), seen.payment.id);
        let unit = async move |tx: &Tx| {
            let mut seen = seen.clone();
            let refunds = flows.payment_event_in(tx, &actor, &mut seen, &event).await?;
            let seen = Some(seen);
            Ok(Worked { refunds, seen })
        };
        let Worked { refunds, seen } = self
            .parts
            .db
            .write_guarded_once(ctx, "payment.sandbox", unit)
            .await?;
        let seen = match seen {
            Some(seen) => seen,
            None => self.seen(id).await?,
        };
        Ok((seen, refunds))
    }

    /// Settles what a unit of work left to be done, and puts in what only the owner may know. A refund that
    /// its provider cannot settle now stays due, and the loop tries again.
    pub(crate) async fn finish(&self, ctx: &Ctx, done: Done) -> OrderOut {
        self.settle(ctx, &done.refunds).await;
        self.with_secrets(done.out, done.viewer, false)
    }

    pub(crate) async fn settle(&self, ctx: &Ctx, refunds: &[RefundId]) {
        for refund in refunds {
            if let Err(error) = self.parts.payments.refund_settle(ctx, refund).await {
                tracing::warn!(%refund, ?error, "a refund could not be settled and stays due");
            }
            fail::point("refund.settled");
        }
    }

    /// Works in what a provider says of a payment, whatever the order it arrives in and however often.
    async fn payment_event_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        seen: &mut Seen,
        event: &ProviderEvent,
    ) -> Result<Vec<RefundId>> {
        let payment = seen.payment.clone();
        let refunds = match event.fact {
            // Not only the first word of money: a refund that overtakes its capture speaks of money, too.
            Fact::Captured { .. }
                if payment.balance.captured < payment.balance.amount
                    || matches!(
                        seen.order.head.state,
                        OrderState::PendingPayment | OrderState::Expired
                    ) =>
            {
                self.captured_in(tx, ctx, seen, event, None).await?
            }
            Fact::Declined if payment.balance.state.is_open() => {
                let moment = Moment::new(tx.now(), MomentKind::PaymentDeclined, &ctx.actor);
                orders::order_change_in(tx, &mut seen.order.head, vec![moment]).await?;
                payments::payment_apply_in(tx, ctx, payment, event).await?;
                Vec::new()
            }
            _ => {
                payments::payment_apply_in(tx, ctx, payment, event).await?;
                Vec::new()
            }
        };
        fail::point("payment.worked_in");
        // One of several payments, or money on its way back: read what the statements made of it.
        seen.payments = payments::payment_list_in(tx, &[seen.order.head.id]).await?;
        Ok(refunds)
    }

    /// Money came in. `card` is the gift card it is taken from, where that pays all that is left.
    pub(crate) async fn captured_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        seen: &mut Seen,
        event: &ProviderEvent,
        card: Option<GiftCardId>,
    ) -> Result<Vec<RefundId>> {
        if pay_gift::went_back_in(tx, seen, event).await? {
            payments::payment_apply_in(tx, ctx, seen.payment.clone(), event).await?;
            return Ok(Vec::new());
        }
        let is_paid = pay_gift::covers(seen, event);
        let (order, payment, rooms, book) = (&mut seen.order, seen.payment.clone(), &seen.rooms, &seen.book);
        let (earlier, total) = (&seen.payments, order.head.amounts.total);
        match order.head.state {
            OrderState::PendingPayment | OrderState::Expired if is_paid => {
                // Its row first, then the stock, then the payment: the house's order of locks.
                let paid = Moment::new(tx.now(), MomentKind::Paid, &ctx.actor);
                let is_in_time = order.head.hold_expires_at.is_some_and(|at| at > tx.now())
                    && seen.hold.as_ref().is_none_or(|hold| !hold.state.is_over());
                let hold = seen.hold.as_ref().map(|hold| hold.id);
                if is_in_time {
                    allocate_in(tx, ctx, book, order, hold, vec![paid]).await?;
                    if !code::confirm_in(tx, &order.head).await? {
                        return Err(Error::new(&orders::BUSY));
                    }
                    room::keep_in(tx, rooms).await?;
                    if !self.hold_for_good_in(tx, ctx, &order.head, hold).await? {
                        // It ran out, or was given back by hand, since it was read: look again.
                        return Err(Error::new(&orders::BUSY));
                    }
                    self.sent_bind_in(tx, ctx, order, hold).await?;
                } else {
                    orders::order_change_in(tx, &mut order.head, vec![paid]).await?;
                    if !pay_gift::keep_on_in(tx, earlier, tx.now().after(self.hold_ttl)).await? {
                        return paid_too_late_in(tx, ctx, order, earlier, payment, event, card_gone()).await;
                    }
                    if !code::confirm_in(tx, &order.head).await? {
                        return paid_too_late_in(tx, ctx, order, earlier, payment, event, code_gone()).await;
                    }
                    match room::keep_late_in(tx, rooms).await {
                        Err(error) if error.is(&PLACE_FULL) => {
                            self.paid_without_room_in(tx, ctx, order, hold).await?;
                            return pay_gift::take_in(tx, ctx, total, earlier, payment, event, card).await;
                        }
                        kept => kept?,
                    }
                    if !self.hold_for_good_in(tx, ctx, &order.head, hold).await? {
                        room::release_in(tx, rooms).await?;
                        code::release_in(tx, &order.head).await?;
                        return paid_too_late_in(tx, ctx, order, earlier, payment, event, stock_gone()).await;
                    }
                    allocate_in(tx, ctx, book, order, hold, Vec::new()).await?;
                    self.sent_bind_in(tx, ctx, order, hold).await?;
                }
                pay_gift::take_in(tx, ctx, total, earlier, payment, event, card).await
            }
            _ if let Some(change) = paid_change(order, &payment, event) => {
                self.change_paid_in(tx, ctx, seen, event, &change).await
            }
            // Cancelled, paid by another payment already, or not all that is asked for: this money goes back, and
            // touches no other.
            _ => {
                let moment = Moment::new(tx.now(), MomentKind::Refunded, &ctx.actor)
                    .with("amount", payment.amount().to_string());
                orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
                let applied = payments::payment_apply_in(tx, ctx, payment, event).await?;
                give_back(tx, ctx, applied.payment).await
            }
        }
    }

    /// The money came late and the place has all its orders of the day: it is kept, and a person finds another place
    /// or another day. The stock is anybody's until then.
    async fn paid_without_room_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        hold: Option<HoldId>,
    ) -> Result<()> {
        let why = Text::new(
            "付款时保留已过期，门店今日订单已满",
            "The hold had run out when the payment came, and the place has all its orders of today",
        );
        order.head.hold_expires_at = None;
        let had = std::mem::take(&mut order.head.ahead);
        undecided_in(tx, ctx, order, why).await?;
        self.ahead_release_in(tx, ctx, order.head.id, &had).await?;
        if let Some(hold) = hold {
            self.parts
                .stock
                .hold_release_in(tx, &ctx.elevated(), hold, &[])
                .await?;
        }
        let order = (&order.head).into();
        emit(tx, ctx, &OrderPaid { order }).await?;
        Ok(())
    }

    /// Keeps stock beyond its time, or takes it again if that has run out. False when it has gone to others.
    async fn hold_for_good_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &OrderHead,
        hold: Option<HoldId>,
    ) -> Result<bool> {
        let stock = &self.parts.stock;
        let view = self.view_in(tx, order.channel).await?;
        if let Some(hold) = hold {
            let leave = |key| leaves(&view, key);
            match stock.hold_confirm_in(tx, &ctx.elevated(), hold, &leave).await {
                Ok(_) => {}
                Err(error) if is_gone(&error) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        if order.ahead.is_empty() {
            return Ok(true);
        }
        let kept = tx.attempt(async |tx: &Tx| self.ahead_keep_in(tx, ctx, order).await);
        match kept.await {
            Ok(()) => Ok(true),
            Err(error) if is_gone(&error) => {
                if let Some(hold) = hold {
                    stock.hold_release_in(tx, &ctx.elevated(), hold, &[]).await?;
                }
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

/// The order is paid: its places are asked to serve it.
async fn allocate_in(
    tx: &Tx,
    ctx: &Ctx,
    book: &Book,
    order: &mut Order,
    hold: Option<HoldId>,
    mut moments: Vec<Moment>,
) -> Result<()> {
    let now = tx.now();
    order.head.state = order
        .head
        .state
        .step(match order.head.plan.fulfilments.is_empty() {
            true => OrderState::Paid,
            false => OrderState::Allocated,
        })?;
    order.head.hold_expires_at = None;
    order.fulfilments = order.planned(hold);
    for fulfilment in &mut order.fulfilments {
        fulfilment.created_at = now;
        let moment = Moment::new(now, MomentKind::Allocated, &ctx.actor);
        moments.push(moment.with_text("place", &fulfilment.place_name));
    }
    moments.extend(ahead::moments(now, ctx, order, book));
    orders::order_change_in(tx, &mut order.head, moments).await?;
    let paid = OrderPaid {
        order: (&order.head).into(),
    };
    let asked = order.fulfilments.iter().map(async |fulfilment| {
        emit(
            tx,
            ctx,
            &FulfilmentRequested {
                fulfilment: fulfilment.into(),
            },
        )
        .await
    });
    let fulfilments = orders::fulfilment_request_in(tx, &order.fulfilments);
    try_join3(fulfilments, emit(tx, ctx, &paid), try_join_all(asked)).await?;
    ahead::announce_in(tx, ctx, order).await
}

/// The change that a payment is of, when all its money is here.
fn paid_change(order: &Order, payment: &Payment, event: &ProviderEvent) -> Option<OpenChange> {
    let is_whole = matches!(event.fact, Fact::Captured { total } if change::is_captured(payment, total));
    change::change_of(&order.head, payment)
        .filter(|_| is_whole)
        .cloned()
}

fn stock_gone() -> Text {
    Text::new(
        "付款时保留已过期，库存已售出，款项自动退回",
        "The hold had run out when the payment came and the stock was sold; the money goes back",
    )
}

fn code_gone() -> Text {
    Text::new(
        "付款时保留已过期，优惠码已被他人用完，款项自动退回",
        "The hold had run out when the payment came and the promotion code was used up; the money goes back",
    )
}

fn card_gone() -> Text {
    Text::new(
        "付款时保留已过期，礼品卡的余额已用在别处，款项自动退回",
        "The hold had run out when the payment came and the gift card was used elsewhere; the money goes back",
    )
}

/// The money came and what it was for is gone: it goes back by itself, gift cards let go what they kept, and a person
/// sees it.
async fn paid_too_late_in(
    tx: &Tx,
    ctx: &Ctx,
    order: &mut Order,
    earlier: &[Payment],
    payment: Payment,
    event: &ProviderEvent,
    why: Text,
) -> Result<Vec<RefundId>> {
    let refund = payment.amount();
    let now = tx.now();
    order.head.state = order.head.state.step(OrderState::NeedsDecision)?;
    order.head.hold_expires_at = None;
    order.head.refunded = refund.amount_minor;
    // What it claimed has run out.
    order.head.ahead = Vec::new();
    let moments = vec![
        Moment::new(now, MomentKind::NeedsDecision, &ctx.actor).with_text("why", &why),
        Moment::new(now, MomentKind::Refunded, &ctx.actor).with("amount", refund.to_string()),
    ];
    orders::order_change_in(tx, &mut order.head, moments).await?;
    let applied = payments::payment_apply_in(tx, ctx, payment, event).await?;
    let refunds = give_back(tx, ctx, applied.payment).await?;
    pay_gift::let_go_in(tx, ctx, earlier).await?;
    emit(
        tx,
        ctx,
        &OrderNeedsDecision {
            order: (&order.head).into(),
            why,
            refund,
        },
    )
    .await?;
    Ok(refunds)
}

/// Refuses a button whose time is over.
fn may_choose(payment: &Payment, outcome: SandboxOutcome) -> Result<()> {
    if payment.provider != ProviderName::Sandbox {
        return Err(Error::new(&payments::WRONG_PROVIDER).with("provider", payment.provider.as_str()));
    }
    let (state, captured) = (payment.balance.state, payment.balance.captured);
    let closed = match outcome {
        SandboxOutcome::Approve => matches!(state, PaymentState::Declined | PaymentState::Voided),
        SandboxOutcome::Decline => captured > 0 || state == PaymentState::Voided,
    };
    if closed {
        return Err(Error::new(&payments::CLOSED).with("state", state.as_str()));
    }
    Ok(())
}

/// Asks for everything of one payment to go back.
pub(crate) async fn give_back(tx: &Tx, ctx: &Ctx, payment: Payment) -> Result<Vec<RefundId>> {
    let amount = payment.balance.refundable();
    if amount == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![
        payments::payment_refund_one_in(tx, ctx, payment, amount, LATE).await?,
    ])
}

/// Whether a hold cannot be had because its stock, its place's room, or a gift card's money went elsewhere.
pub(crate) fn is_gone(error: &Error) -> bool {
    let gone = [
        &stock::HOLD_LAPSED,
        &stock::INSUFFICIENT,
        &stock::HOLD_ENDED,
        &PLACE_FULL,
        &payments::GIFT_CARD_SHORT,
    ];
    gone.iter().any(|code| error.is(code))
}
