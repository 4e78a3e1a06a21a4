//! Several tenders for one order: gift cards pay a part or all of it, one other tender the rest.
//!
//! What a card pays is kept on it as long as the order's stock is, spent when the order is paid, and let go when it
//! is not.

use std::num::NonZeroU32;
use std::sync::Arc;

use access::{Limiter, RateLimit};
use base::{Ctx, Error, Money, OrderId, PaymentId, Result, Time};
use db::{Reader, Tx};
use orders::{Moment, MomentKind, Order, OrderHead, OrderState};
use payments::{
    Fact, GIFT_CARD_SHORT, GiftCard, GiftCardId, GiftCardOut, Payment, PaymentState, ProviderEvent,
    ProviderName, RefundId,
};

use crate::Flows;
use crate::error::NOTHING_TO_PAY;
use crate::fail;
use crate::pay::{Done, LATE, MAX_ATTEMPTS, Seen, Worked};
use crate::room;
use crate::view::{OrderOut, Viewer, order_out_in};

/// Numbers typed from one address in a minute.
const TRIES_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// And at once.
const TRIES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// What a card paid beyond what was left, because other money was faster.
const SURPLUS: &str = "surplus";

/// Counts the numbers somebody types.
#[derive(Clone, Debug)]
pub(crate) struct GiftDoor(Arc<Limiter>);

impl Default for GiftDoor {
    fn default() -> Self {
        Self(Arc::new(Limiter::new(RateLimit {
            per_minute: TRIES_PER_MINUTE,
            burst: TRIES_AT_ONCE,
        })))
    }
}

/// A gift card in somebody's hand.
#[derive(Clone, Debug)]
pub struct GiftCardShown {
    /// Its number, however it is typed.
    pub number: String,
    /// Its PIN.
    pub pin: String,
    /// From where it is shown.
    pub address: String,
}

/// Gift cards that keep their part for an order.
pub(crate) fn kept(payments: &[Payment]) -> impl Iterator<Item = &Payment> {
    payments
        .iter()
        .filter(|p| p.provider == ProviderName::GiftCard && p.balance.state == PaymentState::Authorised)
}

/// What gift cards keep for an order, in minor units.
pub(crate) fn kept_minor(payments: &[Payment]) -> i64 {
    kept(payments).map(|payment| payment.balance.amount).sum()
}

/// Whether the money that came is all an order asks for, together with what came before and what gift cards keep.
pub(crate) fn covers(seen: &Seen, event: &ProviderEvent) -> bool {
    let others = seen.payments.iter().filter(|p| p.id != seen.payment.id);
    let came: i64 = others.map(|p| p.balance.refundable()).sum();
    event_minor(event) + came + kept_minor(&seen.payments) >= seen.order.head.amounts.total
}

/// Whether the money was not enough when the provider told of it before, and went back then.
pub(crate) async fn went_back_in(tx: &Tx, seen: &Seen, event: &ProviderEvent) -> Result<bool> {
    let payment = &seen.payment;
    if payment.balance.captured < event_minor(event) {
        return Ok(false);
    }
    payments::payment_has_refund_in(tx, payment.id, LATE).await
}

const fn event_minor(event: &ProviderEvent) -> i64 {
    match event.fact {
        Fact::Captured { total } => total,
        _ => 0,
    }
}

/// Writes down the money that came and spends what gift cards keep. Where that is more than the order asks for, the
/// rest is let go, or goes back.
pub(crate) async fn take_in(
    tx: &Tx,
    ctx: &Ctx,
    total: i64,
    earlier: &[Payment],
    payment: Payment,
    event: &ProviderEvent,
    card: Option<GiftCardId>,
) -> Result<Vec<RefundId>> {
    let id = payment.id;
    let came: i64 = earlier
        .iter()
        .filter(|p| p.id != id)
        .map(|p| p.balance.refundable())
        .sum();
    let mut due = total - came - event_minor(event);
    let mut last = match card {
        Some(card) => {
            payments::gift_take_in(tx, ctx, card, &payment).await?;
            payment
        }
        None => payments::payment_apply_in(tx, ctx, payment, event).await?.payment,
    };
    for kept in kept(earlier) {
        if due > 0 {
            due -= kept.balance.amount;
            last = payments::gift_use_in(tx, ctx, kept).await?.payment;
        } else {
            payments::payment_void_in(tx, ctx, std::slice::from_ref(kept)).await?;
        }
    }
    // Nobody is asked any more for what is paid.
    let asked: Vec<Payment> = earlier
        .iter()
        .filter(|p| p.id != id && p.provider != ProviderName::GiftCard)
        .cloned()
        .collect();
    payments::payment_void_in(tx, ctx, &asked).await?;
    let surplus = (-due).min(last.balance.refundable());
    if surplus <= 0 {
        return Ok(Vec::new());
    }
    let refund = payments::payment_refund_one_in(tx, ctx, last, surplus, SURPLUS).await?;
    Ok(vec![refund])
}

/// Goes on keeping what gift cards keep for an order; false when the money of one has gone elsewhere.
pub(crate) async fn keep_on_in(tx: &Tx, payments: &[Payment], until: Time) -> Result<bool> {
    for payment in kept(payments) {
        if !payments::gift_keep_on_in(tx, payment, until).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The same for an order that a payment pays only a part of; the cards keep the rest.
///
/// # Errors
/// `gift_card.short` when the money of one has gone elsewhere.
pub(crate) async fn keep_rest_on_in(
    tx: &Tx,
    order: &OrderHead,
    payment: &Payment,
    until: Time,
) -> Result<()> {
    if payment.balance.amount >= order.amounts.total {
        return Ok(());
    }
    let payments = payments::payment_list_in(tx, &[order.id]).await?;
    match keep_on_in(tx, &payments, until).await? {
        true => Ok(()),
        false => Err(Error::new(&GIFT_CARD_SHORT)),
    }
}

/// Gift cards let go what they keep for an order.
pub(crate) async fn let_go_in(tx: &Tx, ctx: &Ctx, payments: &[Payment]) -> Result<()> {
    let kept: Vec<Payment> = kept(payments).cloned().collect();
    payments::payment_void_in(tx, ctx, &kept).await
}

/// Starts the payment of what is left to pay beside what gift cards keep, in place of those that wait.
pub(crate) async fn start_rest_in(
    tx: &Tx,
    ctx: &Ctx,
    order: &Order,
    earlier: &[Payment],
    provider: ProviderName,
) -> Result<Option<Payment>> {
    let others = earlier.iter().filter(|p| p.provider != ProviderName::GiftCard);
    let others: Vec<Payment> = others.cloned().collect();
    payments::payment_void_in(tx, ctx, &others).await?;
    let came: i64 = earlier.iter().map(|p| p.balance.refundable()).sum();
    let rest = order.head.amounts.total - came - kept_minor(earlier);
    if rest <= 0 {
        return Ok(None);
    }
    let rest = Money::new(rest, order.head.currency);
    let payment = Payment::new(order.head.id, provider, rest, tx.now());
    payments::payment_start_in(tx, ctx, &payment).await?;
    Ok(Some(payment))
}

/// Who was asked for the rest last; the sandbox where nobody was.
pub(crate) fn last_provider(payments: &[Payment]) -> ProviderName {
    let mut others = payments
        .iter()
        .rev()
        .filter(|p| p.provider != ProviderName::GiftCard);
    others.next().map_or(ProviderName::Sandbox, |p| p.provider)
}

impl Flows {
    /// What is on the gift card somebody shows.
    ///
    /// # Errors
    /// `gift_card.*`, `access.rate_limited`.
    pub async fn gift_card_balance(&self, shown: &GiftCardShown) -> Result<GiftCardOut> {
        let card = self.gift_card_shown(shown).await?;
        let read = async move |r: &Reader| {
            let available = payments::gift_available_in(r, card.id).await?;
            let held = card.balance - available;
            Ok(GiftCard { held, ..card.clone() })
        };
        let card = self.parts.db.read(read).await?;
        // A word for colleagues is not for whoever has the card.
        Ok(GiftCardOut {
            note: None,
            ..(&card).into()
        })
    }

    /// Opens the card somebody shows, counting what they type.
    pub(crate) async fn gift_card_shown(&self, shown: &GiftCardShown) -> Result<GiftCard> {
        self.gift_door.0.check(&shown.address)?;
        self.parts
            .payments
            .gift_card_open(&shown.number, &shown.pin)
            .await
    }

    /// Pays with a gift card: so much, or all that is left to pay as far as the card goes. Where nothing is left, the
    /// order is paid.
    ///
    /// # Errors
    /// `not_found`, `payment.nothing_to_pay`, `checkout.price_changed`, `gift_card.*`, `access.rate_limited`.
    pub async fn gift_card_pay(
        &self,
        ctx: &Ctx,
        id: OrderId,
        shown: &GiftCardShown,
        amount: Option<Money>,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let viewer = self.may_see(ctx, id, token.as_deref()).await?;
        self.price_stands(ctx, id).await?;
        let card = self.gift_card_shown(shown).await?;
        if let Some(amount) = amount {
            card.takes(amount.currency)?;
        }
        let wanted = amount.map(|amount| amount.amount_minor);
        let mut attempt = 1;
        let (seen, refunds) = loop {
            let seen = self.tendered(id, &card).await?;
            let (flows, actor, card) = (self.clone(), ctx.clone(), card.clone());
            let unit = async move |tx: &Tx| {
                let mut seen = seen.clone();
                let refunds = flows.gift_pay_in(tx, &actor, &mut seen, &card, wanted).await?;
                let seen = Some(seen);
                Ok(Worked { refunds, seen })
            };
            let worked = self
                .parts
                .db
                .write_guarded_once(ctx, "order.gift_card_pay", unit)
                .await;
            // Somebody else was faster with the order, or with what was on the card.
            let may_go_on =
                |error: &Error| error.is(&orders::BUSY) || (wanted.is_none() && error.is(&GIFT_CARD_SHORT));
            match worked {
                Err(error) if may_go_on(&error) && attempt < MAX_ATTEMPTS => attempt += 1,
                other => {
                    let Worked { refunds, seen } = other?;
                    break (seen, refunds);
                }
            }
        };
        fail::point("payment.committed");
        let out = match seen {
            Some(seen) => OrderOut::new(&seen.order, &seen.payments, viewer),
            None => self.order_seen(id, viewer).await?,
        };
        Ok(self.finish(ctx, Done { out, viewer, refunds }).await)
    }

    /// How the actor may see an order.
    async fn may_see(&self, ctx: &Ctx, id: OrderId, token: Option<&str>) -> Result<Viewer> {
        let read = async move |r: &Reader| orders::order_get_in(r, id).await;
        let order = self.parts.db.read(read).await?;
        self.viewer(ctx, &order, token)
    }

    async fn order_seen(&self, id: OrderId, viewer: Viewer) -> Result<OrderOut> {
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            order_out_in(r, &order, viewer).await
        };
        self.parts.db.read(read).await
    }

    /// An order as it stands, and what is left of it to pay as a payment by the card.
    async fn tendered(&self, id: OrderId, card: &GiftCard) -> Result<Seen> {
        let (stock, card) = (self.parts.stock.clone(), card.clone());
        let book = self.parts.places.book().await?;
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            let payments = payments::payment_list_in(r, &[id]).await?;
            let hold = stock.hold_by_owner_in(r, &id.to_string()).await?;
            card.takes(order.head.currency)?;
            let due = order.head.amounts.total - kept_minor(&payments);
            let due = Money::new(due, order.head.currency);
            let payment = Payment::new(id, ProviderName::GiftCard, due, r.now()).labelled(&card.last4);
            Ok(Seen {
                rooms: room::planned(&order.head, &book, r.now()),
                order,
                payments,
                payment,
                hold,
                book: Arc::clone(&book),
            })
        };
        self.parts.db.read(read).await
    }

    async fn gift_pay_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        seen: &mut Seen,
        card: &GiftCard,
        wanted: Option<i64>,
    ) -> Result<Vec<RefundId>> {
        may_pay(tx, seen)?;
        let due = seen.payment.balance.amount;
        if due <= 0 {
            return Err(Error::new(&NOTHING_TO_PAY).with("state", seen.order.head.state.as_str()));
        }
        let available = payments::gift_available_in(tx, card.id).await?;
        let amount = wanted.unwrap_or(available).min(due);
        if amount <= 0 || amount > available {
            return Err(Error::new(&GIFT_CARD_SHORT));
        }
        seen.payment.balance.amount = amount;
        let refunds = if amount == due {
            let event = ProviderEvent {
                payment_id: seen.payment.id,
                event_id: "spent".to_owned(),
                fact: Fact::Captured { total: amount },
            };
            self.captured_in(tx, ctx, seen, &event, Some(card.id)).await?
        } else {
            let moment = Moment::new(tx.now(), MomentKind::PaymentStarted, &ctx.actor);
            orders::order_change_in(tx, &mut seen.order.head, vec![moment]).await?;
            let until = seen.order.head.hold_expires_at;
            payments::gift_hold_in(tx, ctx, card.id, &seen.payment, until).await?;
            Vec::new()
        };
        let (id, provider) = (seen.order.head.id, last_provider(&seen.payments));
        let paid = payments::payment_list_in(tx, &[id]).await?;
        start_rest_in(tx, ctx, &seen.order, &paid, provider).await?;
        seen.payments = payments::payment_list_in(tx, &[id]).await?;
        Ok(refunds)
    }

    /// Takes a gift card out again, while the order is not paid.
    ///
    /// # Errors
    /// `not_found`, `payment.nothing_to_pay`.
    pub async fn gift_card_take_out(
        &self,
        ctx: &Ctx,
        id: OrderId,
        payment: PaymentId,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let mut order = orders::order_get_in(tx, id).await?;
            let viewer = flows.viewer(&actor, &order, token.as_deref())?;
            may_change(tx, &order)?;
            let earlier = payments::payment_list_in(tx, &[id]).await?;
            let found = kept(&earlier).find(|p| p.id == payment).cloned();
            let found = found.ok_or_else(|| Error::not_found("payment", payment))?;
            let moment = Moment::new(tx.now(), MomentKind::PaymentStarted, &actor.actor);
            orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
            payments::payment_void_in(tx, &actor, &[found]).await?;
            let left = payments::payment_list_in(tx, &[id]).await?;
            start_rest_in(tx, &actor, &order, &left, last_provider(&left)).await?;
            let out = order_out_in(tx, &order, viewer).await?;
            let refunds = Vec::new();
            Ok(Done { out, viewer, refunds })
        };
        let operation = "order.gift_card_take_out";
        let done = self.parts.db.write_once(ctx, operation, unit).await?;
        Ok(self.finish(ctx, done).await)
    }
}

/// Refuses an order that waits for nobody's money, or whose time to pay is over.
fn may_change(tx: &Tx, order: &Order) -> Result<()> {
    let head = &order.head;
    let is_in_time = head.hold_expires_at.is_some_and(|at| at > tx.now());
    if head.state == OrderState::PendingPayment && is_in_time {
        return Ok(());
    }
    Err(Error::new(&NOTHING_TO_PAY).with("state", head.state.as_str()))
}

/// The same, and one whose stock is not kept any more: a card is not asked for what cannot be had.
fn may_pay(tx: &Tx, seen: &Seen) -> Result<()> {
    may_change(tx, &seen.order)?;
    if seen.hold.as_ref().is_some_and(|hold| hold.state.is_over()) {
        return Err(Error::new(&stock::HOLD_LAPSED));
    }
    Ok(())
}
