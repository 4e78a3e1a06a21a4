//! Changing an order that was placed: other goods, another address, another way. One decision, priced by the same
//! rules as a cart; what costs more is made when it is paid, what costs less is paid back.

mod draw;
mod make;
mod out;
mod paid;
mod policy;

use std::sync::Arc;

use base::{Ctx, Error, Money, OrderChangeId, OrderId, Result};
use db::{Reader, Tx};
use orders::{CHANGE_AMOUNT, FulfilmentChoice, Method, OpenChange, Order, Wanted};
use payments::{Payment, ProviderName};
use places::Book;

pub use out::{ChangePay, ChangePlace, OrderChangeOut, OrderChangePreview};
pub(crate) use paid::{change_of, is_captured};
pub use policy::{ChangePolicy, ChangePrices, MayChange};

use crate::Flows;
use crate::checkout::PaymentMethod;
use crate::error::PAY_IN_STORE_NEEDS_COLLECT;
use crate::fail;
use crate::pay::Done;
use crate::view::{OrderOut, Viewer, order_out_in};
use draw::{Asked, in_words};
use make::Making;

/// How often a change is drawn up anew when somebody else changed the order meanwhile.
const MAX_ATTEMPTS: usize = 4;

/// What an order is to become.
#[derive(Clone, Debug, Default)]
pub struct OrderWish {
    /// All that is wanted, by article; the goods stay when absent.
    pub lines: Option<Vec<Wanted>>,
    /// How it is wanted; as before when absent.
    pub fulfilment: Option<FulfilmentChoice>,
}

/// A change somebody agreed to.
#[derive(Clone, Debug)]
pub struct OrderChangeNew {
    /// What the order is to become.
    pub wish: OrderWish,
    /// What is to be paid on top; below zero is what goes back.
    pub agreed: Money,
    /// How what is to be paid on top is paid.
    pub method: PaymentMethod,
    /// Why, in their words; staff always say.
    pub reason: Option<String>,
    /// The version the caller has read.
    pub if_match: Option<i64>,
}

/// How the money of an order stands, and what a change does to it. Minor units.
struct Settled {
    /// What is asked on top; below zero is what goes back.
    difference: Money,
    /// The payment at the counter that is still to be made, where that is how the order is paid.
    counter: Option<Payment>,
    /// What has been paid and kept.
    kept: i64,
}

impl Settled {
    fn of(order: &Order, after: &Order, payments: &[Payment]) -> Self {
        let counter = payments
            .iter()
            .find(|p| p.provider == ProviderName::Cash && p.balance.state.is_open())
            .cloned();
        let kept: i64 = payments.iter().map(|p| p.balance.refundable()).sum();
        let before = match counter {
            Some(_) => order.head.net().amount_minor,
            None => kept,
        };
        Self {
            difference: Money::new(after.head.net().amount_minor - before, order.head.currency),
            counter,
            kept,
        }
    }

    const fn pay(&self) -> ChangePay {
        match (&self.counter, self.difference.amount_minor) {
            (_, 0) => ChangePay::Nothing,
            (Some(_), _) => ChangePay::AtCounter,
            (None, 1..) => ChangePay::First,
            (None, _) => ChangePay::Back,
        }
    }
}

/// An order as it was read, and what is asked for of it.
struct Seen {
    order: Order,
    viewer: Viewer,
    asked: Asked,
}

impl Flows {
    /// With another policy for changes of placed orders.
    #[must_use]
    pub const fn with_changes(mut self, changes: ChangePolicy) -> Self {
        self.changes = changes;
        self
    }

    /// What a change would come to now; changes nothing.
    ///
    /// # Errors
    /// Those of [`Flows::order_change`].
    pub async fn order_change_preview(
        &self,
        ctx: &Ctx,
        id: OrderId,
        wish: OrderWish,
        token: Option<String>,
    ) -> Result<OrderChangePreview> {
        let seen = self.change_seen(ctx, id, &wish, token.as_deref(), None).await?;
        let book = self.parts.places.book().await?;
        let flows = self.clone();
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            if order.head.version != seen.order.head.version {
                return Err(Error::new(&orders::BUSY));
            }
            let changed = flows.change_draw_in(r, &book, &order, &seen.asked).await?;
            let after = changed.over(&order)?;
            let own = flows.own_in(r, &order).await?;
            let takes = flows.change_takes_in(r, &after, &changed, &own).await?;
            flows.is_there_in(r, &book, &order, &takes).await?;
            let payments = payments::payment_list_in(r, &[id]).await?;
            let money = Settled::of(&order, &after, &payments);
            may_be_paid(&money, &after)?;
            let back = match money.pay() {
                ChangePay::Back => -money.difference.amount_minor,
                _ => 0,
            };
            let refund_to = flows.parts.payments.refund_split(payments, back)?;
            let until = (money.pay() == ChangePay::First).then(|| r.now().after(flows.hold_ttl));
            Ok(OrderChangePreview::new(
                &order,
                &after,
                &changed,
                &seen.asked,
                &money,
                refund_to,
                until,
            ))
        };
        self.parts.db.read(read).await
    }

    /// Changes a placed order. What costs more holds its stock and is made once its payment comes; anything else is
    /// made at once, and what it costs less goes back to the tenders that paid.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `precondition.failed`, `order.not_changeable`, `order.change_*`,
    /// `order.busy`, `cart.*` for what cannot be sold, `stock.insufficient`, `checkout.*`: the order then is as it was.
    pub async fn order_change(
        &self,
        ctx: &Ctx,
        id: OrderId,
        new: OrderChangeNew,
        token: Option<String>,
    ) -> Result<OrderOut> {
        let mut attempt = 1;
        let done = loop {
            let (token, read) = (token.as_deref(), new.if_match);
            let seen = self.change_seen(ctx, id, &new.wish, token, read).await;
            let seen = match seen.and_then(|seen| says_why(seen, &new)) {
                Ok(seen) => Arc::new(seen),
                Err(refusal) => break self.changed_before(ctx, refusal).await?,
            };
            let book = self.parts.places.book().await?;
            let (flows, actor, new) = (self.clone(), ctx.clone(), new.clone());
            let unit = async move |tx: &Tx| flows.change_in(tx, &actor, &book, &seen, &new).await;
            match self.parts.db.write_once(ctx, "order.change", unit).await {
                Err(error) if error.is(&orders::BUSY) && attempt < MAX_ATTEMPTS => attempt += 1,
                done => break done?,
            }
        };
        fail::point("change.committed");
        Ok(self.finish(ctx, done).await)
    }

    /// The answer to the same request, if it was made before; else the refusal of this one.
    async fn changed_before(&self, ctx: &Ctx, refusal: Error) -> Result<Done> {
        if ctx.idempotency.is_none() {
            return Err(refusal);
        }
        let unit = async |_: &Tx| Err::<Done, _>(Error::new(&orders::BUSY));
        match self.parts.db.write_once(ctx, "order.change", unit).await {
            Err(error) if error.is(&orders::BUSY) => Err(refusal),
            told => told,
        }
    }

    /// An order somebody may change so, with what is asked for priced.
    async fn change_seen(
        &self,
        ctx: &Ctx,
        id: OrderId,
        wish: &OrderWish,
        token: Option<&str>,
        if_match: Option<i64>,
    ) -> Result<Seen> {
        let read = async move |r: &Reader| Ok((orders::order_get_in(r, id).await?, r.now()));
        let (order, now) = self.parts.db.read(read).await?;
        let viewer = self.viewer(ctx, &order, token)?;
        web::IfMatch(if_match).check(order.head.version)?;
        // Whether it may be changed at all comes before what is wrong with the wish.
        policy::none_waits(&order.head, now)?;
        let scope = policy::Scope {
            goods: wish.lines.is_some() && wish.fulfilment.is_none(),
            way: wish.fulfilment.is_some(),
        };
        self.changes.check(ctx, &order, viewer, scope, now)?;
        let asked = self.change_asked(&order, wish, now).await?;
        self.changes.check(ctx, &order, viewer, asked.scope, now)?;
        Ok(Seen { order, viewer, asked })
    }

    async fn change_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        seen: &Seen,
        new: &OrderChangeNew,
    ) -> Result<Done> {
        let mut order = orders::order_get_in(tx, seen.order.head.id).await?;
        if order.head.version != seen.order.head.version {
            return Err(Error::new(&orders::BUSY));
        }
        let viewer = seen.viewer;
        if let Some(lapsed) = order.head.change.take() {
            // Not paid in time, and nobody has put it away yet.
            self.change_let_go_in(tx, ctx, &lapsed).await?;
        }
        let changed = self.change_draw_in(tx, book, &order, &seen.asked).await?;
        let after = changed.over(&order)?;
        let payments = payments::payment_list_in(tx, &[order.head.id]).await?;
        let money = Settled::of(&order, &after, &payments);
        may_be_paid(&money, &after)?;
        if new.agreed != money.difference {
            return Err(Error::new(&CHANGE_AMOUNT)
                .with("agreed", new.agreed.to_string())
                .with("difference", money.difference.to_string()));
        }
        let (id, what) = (OrderChangeId::new(), in_words(&order, &changed));
        let mut refunds = Vec::new();
        if money.pay() == ChangePay::First {
            let provider = new.method.provider();
            self.parts.payments.method_require(provider)?;
            if new.method == PaymentMethod::PayInStore {
                return Err(Error::new(&PAY_IN_STORE_NEEDS_COLLECT));
            }
            let payment = Payment::new(order.head.id, provider, money.difference, tx.now());
            let change = OpenChange {
                id,
                payment_id: payment.id,
                difference: money.difference,
                asked_at: tx.now(),
                expires_at: tx.now().after(self.hold_ttl),
                by_staff: viewer != Viewer::Owner,
                actor: ctx.actor.to_string(),
                reason: new.reason.clone(),
                what,
                changed,
            };
            self.change_wait_in(tx, ctx, book, &mut order, change, &payment)
                .await?;
        } else {
            let zero = Money::zero(order.head.currency);
            let back = match money.pay() {
                ChangePay::Back => Money::new(-money.difference.amount_minor, order.head.currency),
                _ => zero,
            };
            let making = Making {
                id,
                changed: &changed,
                what: &what,
                reason: new.reason.as_deref(),
                asked_by: None,
                paid: zero,
                refund: back,
            };
            self.change_make_in(tx, ctx, book, &mut order, &making).await?;
            refunds = self.change_money_in(tx, ctx, &order, &money, back, id).await?;
        }
        fail::point("change.worked_in");
        Ok(Done {
            out: order_out_in(tx, &order, viewer).await?,
            viewer,
            refunds,
        })
    }

    /// What a change that is made at once costs less goes back; what is paid at the counter is asked for anew.
    async fn change_money_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        money: &Settled,
        back: Money,
        id: OrderChangeId,
    ) -> Result<Vec<payments::RefundId>> {
        if let (ChangePay::AtCounter, Some(counter)) = (money.pay(), &money.counter) {
            payments::payment_void_in(tx, ctx, std::slice::from_ref(counter)).await?;
            let due = order.head.net().amount_minor - money.kept;
            if due > 0 {
                let due = Money::new(due, order.head.currency);
                let instead = Payment::new(order.head.id, counter.provider, due, tx.now());
                payments::payment_start_in(tx, ctx, &instead).await?;
            }
        }
        let source = format!("change:{id}");
        self.parts
            .payments
            .payment_refund_in(tx, ctx, order.head.id, back, &source)
            .await
    }
}

/// Staff say why.
fn says_why(seen: Seen, new: &OrderChangeNew) -> Result<Seen> {
    if seen.viewer != Viewer::Owner && new.reason.is_none() {
        return Err(Error::field("reason", &base::codes::REQUIRED));
    }
    Ok(seen)
}

/// What is paid at the counter can only be collected there.
fn may_be_paid(money: &Settled, after: &Order) -> Result<()> {
    if money.counter.is_some() && after.head.method == Method::Delivery {
        return Err(Error::new(&PAY_IN_STORE_NEEDS_COLLECT));
    }
    Ok(())
}
