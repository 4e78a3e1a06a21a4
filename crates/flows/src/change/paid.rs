//! A change that waits for its payment: made when the money comes, dropped when it does not.

use base::{Ctx, Error, Locale, Money, OrderId, Result, Text, Time};
use bus::emit;
use db::{Reader, Tx};
use orders::events::OrderChangeAsked;
use orders::{Changed, Moment, MomentKind, NO_CHANGE, OpenChange, Order, OrderHead};
use payments::{Payment, PaymentState, ProviderEvent, ProviderName, RefundId};
use places::Book;
use stock::HoldRequest;

use super::make::{Making, cannot_be_made, change_rooms};
use crate::Flows;
use crate::channel::{leave, leaves};
use crate::pay::{Done, Seen, give_back};
use crate::room::{self, Room};
use crate::view::{OrderOut, Viewer, order_out_in};

/// Changes put to rest in one go.
const DROP_BATCH: i64 = 100;

impl Flows {
    /// Holds what a change takes and asks for its payment; the order stays as it is until that comes.
    ///
    /// # Errors
    /// `stock.insufficient`, `checkout.place_full`, `order.busy`.
    pub(crate) async fn change_wait_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        change: OpenChange,
        payment: &Payment,
    ) -> Result<()> {
        let (id, until, changed) = (change.id, change.expires_at, change.changed.clone());
        let asked = Moment::new(tx.now(), MomentKind::ChangeAsked, &ctx.actor)
            .with_text("what", &change.what)
            .with("amount", change.difference.to_string())
            .with("until", local_time(book, &order.head, until))
            .with("change_id", id.to_string());
        let asked = match &change.reason {
            Some(reason) => asked.with("reason", reason.as_str()),
            None => asked,
        };
        let event = OrderChangeAsked {
            order: (&order.head).into(),
            change_id: id,
            what: change.what.clone(),
            difference: change.difference,
            until,
            by_staff: change.by_staff,
        };
        order.head.change = Some(change);
        orders::order_change_in(tx, &mut order.head, vec![asked]).await?;
        room::take_in(tx, &change_rooms(tx, book, order, &changed), Some(until)).await?;
        let after = changed.over(order)?;
        let own = self.own_in(tx, order).await?;
        let lines = self.change_takes_in(tx, &after, &changed, &own).await?;
        if !lines.is_empty() {
            let view = self.view_in(tx, order.head.channel).await?;
            let request = HoldRequest {
                owner: id.to_string(),
                leave: leave(&lines, &view),
                lines,
                expires_at: Some(until),
            };
            self.parts
                .stock
                .hold_place_in(tx, &ctx.elevated(), request)
                .await?;
        }
        payments::payment_start_in(tx, ctx, payment).await?;
        emit(tx, ctx, &event).await?;
        Ok(())
    }

    /// The payment of a change came in: the change is made, or the money goes back and the order stays as it was.
    pub(crate) async fn change_paid_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        seen: &mut Seen,
        event: &ProviderEvent,
        change: &OpenChange,
    ) -> Result<Vec<RefundId>> {
        let (payment, book) = (seen.payment.clone(), seen.book.clone());
        let order = seen.order.clone();
        let made = tx
            .attempt(async |tx: &Tx| {
                let mut order = order.clone();
                let making = Making {
                    id: change.id,
                    changed: &change.changed,
                    what: &change.what,
                    reason: change.reason.as_deref(),
                    asked_by: Some(&change.actor),
                    paid: change.difference,
                    refund: Money::zero(change.difference.currency),
                };
                self.change_make_in(tx, ctx, &book, &mut order, &making).await?;
                Ok(order)
            })
            .await;
        match made {
            Ok(order) => {
                seen.order = order;
                payments::payment_apply_in(tx, ctx, payment, event).await?;
                Ok(Vec::new())
            }
            Err(error) if cannot_be_made(&error) => {
                let cause = Text::new(error.message(Locale::Zh), error.message(Locale::En));
                self.change_drop_in(tx, ctx, &mut seen.order, cause).await?;
                let back = Moment::new(tx.now(), MomentKind::Refunded, &ctx.actor)
                    .with("amount", payment.amount().to_string());
                orders::order_change_in(tx, &mut seen.order.head, vec![back]).await?;
                let applied = payments::payment_apply_in(tx, ctx, payment, event).await?;
                give_back(tx, ctx, applied.payment).await
            }
            Err(error) => Err(error),
        }
    }

    /// Drops the change that waits, if one does: what it held is free, and nobody is asked for its payment.
    pub(crate) async fn change_drop_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        cause: Text,
    ) -> Result<()> {
        let Some(change) = order.head.change.take() else {
            return Ok(());
        };
        let moment = Moment::new(tx.now(), MomentKind::ChangeDropped, &ctx.actor)
            .with_text("what", &change.what)
            .with_text("cause", &cause)
            .with("change_id", change.id.to_string());
        orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
        self.change_let_go_in(tx, ctx, &change).await
    }

    /// What a change kept is free again, its payment is given up.
    pub(crate) async fn change_let_go_in(&self, tx: &Tx, ctx: &Ctx, change: &OpenChange) -> Result<()> {
        for planned in &change.changed.sources {
            places::room_release_in(tx, &planned.id.to_string()).await?;
        }
        self.change_hold_release_in(tx, ctx, change.id).await?;
        let payment = payments::payment_get_in(tx, change.payment_id).await?;
        payments::payment_void_in(tx, ctx, &[payment]).await
    }

    /// Takes back a change that waits for its payment.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `order.no_change`.
    pub async fn order_change_withdraw(
        &self,
        ctx: &Ctx,
        id: OrderId,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let mut order = orders::order_get_in(tx, id).await?;
            let viewer = flows.viewer(&actor, &order, token.as_deref())?;
            if viewer != Viewer::Owner {
                let place = order
                    .head
                    .place_id
                    .map_or(base::Resource::Chain, base::Resource::Place);
                actor.require(orders::ORDER_CHANGE, &place)?;
            }
            if order.head.change.is_none() {
                return Err(Error::new(&NO_CHANGE));
            }
            let cause = Text::new("已撤回", "it was withdrawn");
            flows.change_drop_in(tx, &actor, &mut order, cause).await?;
            let out = order_out_in(tx, &order, viewer).await?;
            let refunds = Vec::new();
            Ok(Done { out, viewer, refunds })
        };
        let done = self
            .parts
            .db
            .write_once(ctx, "order.change_withdraw", unit)
            .await?;
        Ok(self.finish(ctx, done).await)
    }

    /// Drops changes that were not paid in time; answers how many. Their stock was free from the instant the hold ran
    /// out, whenever this runs.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn order_changes_expire_due(&self, ctx: &Ctx) -> Result<usize> {
        let read = async |r: &Reader| orders::order_change_due_in(r, DROP_BATCH).await;
        let due = self.parts.db.read(read).await?;
        for id in &due {
            let (flows, id, actor) = (self.clone(), *id, ctx.clone());
            let unit = async move |tx: &Tx| {
                let mut order = orders::order_get_in(tx, id).await?;
                let is_over = |change: &OpenChange| change.expires_at <= tx.now();
                if order.head.change.as_ref().is_some_and(is_over) {
                    let cause = Text::new("未按时补付", "it was not paid in time");
                    flows.change_drop_in(tx, &actor, &mut order, cause).await?;
                }
                Ok(())
            };
            self.parts.db.write(unit).await?;
        }
        Ok(due.len())
    }

    /// Another payment of the change that waits, in place of the one before.
    ///
    /// # Errors
    /// `order.busy`.
    pub(crate) async fn change_payment_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        provider: ProviderName,
    ) -> Result<Option<Payment>> {
        let now = tx.now();
        let Some(change) = order
            .head
            .change
            .as_mut()
            .filter(|change| change.expires_at > now)
        else {
            return Ok(None);
        };
        let before = payments::payment_get_in(tx, change.payment_id).await?;
        let payment = Payment::new(order.head.id, provider, change.difference, now);
        change.payment_id = payment.id;
        let moment = Moment::new(now, MomentKind::PaymentStarted, &ctx.actor);
        orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
        payments::payment_void_in(tx, ctx, &[before]).await?;
        payments::payment_start_in(tx, ctx, &payment).await?;
        Ok(Some(payment))
    }

    /// Holds what a change takes until another instant.
    ///
    /// # Errors
    /// `stock.hold_lapsed`, `checkout.place_full`, `order.busy`.
    pub(crate) async fn change_hold_until_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        until: Time,
    ) -> Result<()> {
        let Some(change) = order.head.change.as_mut() else {
            return Err(Error::new(&NO_CHANGE));
        };
        change.expires_at = until;
        let (id, changed): (_, Changed) = (change.id, change.changed.clone());
        let moment = Moment::new(tx.now(), MomentKind::PaymentStarted, &ctx.actor);
        orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
        let rooms: Vec<Room> = change_rooms(tx, book, order, &changed);
        room::extend_in(tx, &rooms, until).await?;
        let stock = &self.parts.stock;
        if let Some(hold) = stock.hold_by_owner_in(tx, &id.to_string()).await? {
            let view = self.view_in(tx, order.head.channel).await?;
            stock
                .hold_extend_in(tx, &ctx.elevated(), hold.id, until, &|key| leaves(&view, key))
                .await?;
        }
        Ok(())
    }
}

/// The change of an order that a payment is of.
pub(crate) fn change_of<'a>(order: &'a OrderHead, payment: &Payment) -> Option<&'a OpenChange> {
    order
        .change
        .as_ref()
        .filter(|change| change.payment_id == payment.id)
}

/// Whether the money of a change is here, whole.
pub(crate) fn is_captured(payment: &Payment, total: i64) -> bool {
    total >= payment.balance.amount && payment.balance.state != PaymentState::Refunded
}

/// An instant by the clock of the store, or of the chain's first place, in words.
fn local_time(book: &Book, order: &OrderHead, at: Time) -> String {
    let place = order
        .place_id
        .and_then(|id| book.get(id))
        .or_else(|| book.iter().next());
    let zone = place.and_then(|place| jiff::tz::TimeZone::get(&place.timezone).ok());
    let there = at.timestamp().to_zoned(zone.unwrap_or(jiff::tz::TimeZone::UTC));
    there.strftime("%m-%d %H:%M").to_string()
}
