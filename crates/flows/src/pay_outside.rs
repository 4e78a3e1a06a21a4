//! Paying with a provider outside: letting the payer come, listening to what the provider tells unasked, asking
//! when it tells nothing. What its word does to the order is in `pay`.

use std::time::Duration;

use base::{Ctx, Error, Locale, PaymentId, Result, Text, Time};
use bus::emit;
use db::{Reader, Tx};
use futures_util::future::join_all;
use orders::events::OrderNeedsDecision;
use orders::{Moment, MomentKind, Order, OrderHead, OrderState};
use payments::{Action, Ask, Fact, Judged, Payment, PaymentState, ProviderName, Sent, Told, Way};
use places::Book;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Flows;
use crate::change::change_of;
use crate::channel::leaves;
use crate::error::NOTHING_TO_PAY;
use crate::pay::is_gone;
use crate::pay_gift;
use crate::room;

/// The least time a payer gets with a provider: what remains of a hold may be less, and is then made longer.
const PATIENCE: Duration = Duration::from_secs(2 * 60);
/// How long stock is kept while reserved money is being taken.
const CAPTURE_TIME: Duration = Duration::from_secs(5 * 60);

/// How somebody wants to meet a provider.
#[derive(Clone, Debug)]
pub struct PaymentOpen {
    /// Where.
    pub way: Way,
    /// Who pays, as the provider knows them.
    pub payer: Option<String>,
    /// The payer's network address.
    pub address: String,
}

/// A provider waits for the payer, as sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PaymentOpened)]
pub struct PaymentOpenedOut {
    /// What the payer's device does next.
    pub action: Action,
    /// Until when the payer is let in.
    pub expires_at: Time,
}

/// What becomes of reserved money.
enum Reserved {
    Take,
    LetGo,
    Rest,
}

impl Flows {
    /// Lets the payer come to the payment's provider. Asked again, it is the same answer; after an answer that
    /// got lost the provider is asked under the same name.
    ///
    /// # Errors
    /// `not_found`, `payment.nothing_to_pay`, `payment.closed`, `payment.not_supported`, `payment.other_way`,
    /// `stock.hold_lapsed` when the time ran out and the stock is gone, `checkout.place_full` when the place is full by
    /// now, `gift_card.short` when a gift card that pays a part was used elsewhere, and the provider's.
    pub async fn payment_open(
        &self,
        ctx: &Ctx,
        id: PaymentId,
        wish: PaymentOpen,
    ) -> Result<PaymentOpenedOut> {
        if wish.way == Way::Jsapi && wish.payer.as_deref().is_none_or(|payer| payer.trim().is_empty()) {
            return Err(Error::field("payer", &base::codes::REQUIRED));
        }
        let read = async move |r: &Reader| payments::payment_get_in(r, id).await;
        let order = self.parts.db.read(read).await?.order_id;
        self.price_stands(ctx, order).await?;
        let (flows, actor, way) = (self.clone(), ctx.clone(), wish.way);
        let book = self.parts.places.book().await?;
        let unit = async move |tx: &Tx| flows.open_in(tx, &actor, &book, id, way).await;
        let number = self.parts.db.write_once(ctx, "payment.open", unit).await?;
        let read = async move |r: &Reader| {
            let payment = payments::payment_get_in(r, id).await?;
            let session = payments::session_get_in(r, id).await?;
            Ok((payment, session))
        };
        let (payment, session) = self.parts.db.read(read).await?;
        let ask = Ask {
            way,
            subject: match ctx.locale {
                Locale::Zh => format!("订单 {number}"),
                Locale::En => format!("Order {number}"),
            },
            payer: wish.payer,
            payer_address: Some(wish.address).filter(|address| !address.is_empty()),
        };
        let expires_at = session.expires_at;
        let action = self.parts.payments.session_open(&payment, session, &ask).await?;
        Ok(PaymentOpenedOut { action, expires_at })
    }

    async fn open_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, id: PaymentId, way: Way) -> Result<String> {
        let payment = payments::payment_get_in(tx, id).await?;
        self.parts.payments.way_require(payment.provider, way)?;
        let mut order = orders::order_get_in(tx, payment.order_id).await?;
        if let Some(change) = change_of(&order.head, &payment) {
            let mut expires_at = change.expires_at;
            if expires_at < tx.now().after(PATIENCE) {
                expires_at = tx.now().after(self.hold_ttl);
                self.change_hold_until_in(tx, ctx, book, &mut order, expires_at)
                    .await?;
            }
            payments::session_begin_in(tx, &payment, way, expires_at).await?;
            return Ok(order.head.number.to_string());
        }
        let head = &mut order.head;
        if head.state != OrderState::PendingPayment {
            return Err(Error::new(&NOTHING_TO_PAY).with("state", head.state.as_str()));
        }
        // No money before the hold: one that is about to run out is made longer, or the payer is told now.
        let expires_at = match head.hold_expires_at {
            Some(at) if at >= tx.now().after(PATIENCE) => at,
            _ => {
                let until = tx.now().after(self.hold_ttl);
                self.hold_until_in(tx, ctx, head, book, until).await?;
                pay_gift::keep_rest_on_in(tx, head, &payment, until).await?;
                head.hold_expires_at = Some(until);
                let moment = Moment::new(tx.now(), MomentKind::PaymentStarted, &ctx.actor);
                orders::order_change_in(tx, head, vec![moment]).await?;
                until
            }
        };
        payments::session_begin_in(tx, &payment, way, expires_at).await?;
        Ok(order.head.number.to_string())
    }

    async fn hold_until_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &OrderHead,
        book: &Book,
        until: Time,
    ) -> Result<()> {
        room::extend_in(tx, &room::planned(order, book, tx.now()), until).await?;
        self.ahead_extend_in(tx, ctx, order, until).await?;
        let owner = order.id.to_string();
        if let Some(hold) = self.parts.stock.hold_by_owner_in(tx, &owner).await? {
            let view = self.view_in(tx, order.channel).await?;
            self.parts
                .stock
                .hold_extend_in(tx, &ctx.elevated(), hold.id, until, &|key| leaves(&view, key))
                .await?;
        }
        Ok(())
    }

    /// Works in a message a provider sent: proved first, harmless when it comes again or out of order.
    ///
    /// # Errors
    /// `payment.notification_*`, `payment.method_unavailable`; the provider then sends it again.
    pub async fn payment_notify(&self, provider: ProviderName, sent: &Sent) -> Result<()> {
        let ctx = Ctx::system(provider.as_str());
        let notice = self.parts.payments.notification_read(provider, sent).await?;
        let judged = self.payment_told(&ctx, provider, &notice.told).await?;
        self.parts.payments.notice_keep(provider, &notice, &judged).await
    }

    /// Works in what a provider says, unasked or because it was asked.
    async fn payment_told(&self, ctx: &Ctx, provider: ProviderName, told: &[Told]) -> Result<Vec<Judged>> {
        let mut all = Vec::with_capacity(told.len());
        for one in told {
            let judged = self.parts.payments.told_judge(provider, one).await?;
            match &judged {
                Judged::Event(event) => {
                    self.payment_event(ctx, event.clone()).await?;
                    if event.fact == Fact::Authorised
                        && let Err(error) = Box::pin(self.payment_decide(ctx, event.payment_id)).await
                    {
                        tracing::warn!(payment = %event.payment_id, ?error, "reserved money waits to be decided on");
                    }
                }
                Judged::Refund(id, said) => self.parts.payments.refund_told(ctx, id, said).await?,
                Judged::Nothing | Judged::Differs => {}
            }
            all.push(judged);
        }
        Ok(all)
    }

    /// Looks at every payment whose provider owes us a word; answers how many.
    ///
    /// # Errors
    /// Only the store's: a provider that does not answer is asked again later.
    pub async fn payments_look_due(&self, ctx: &Ctx) -> Result<usize> {
        let due = self.parts.payments.session_due().await?;
        let looks = due.iter().map(async |id| {
            if let Err(error) = self.payment_look(ctx, *id).await {
                tracing::warn!(payment = %id, ?error, "how a payment stands could not be found out yet");
            }
        });
        join_all(looks).await;
        Ok(due.len())
    }

    async fn payment_look(&self, ctx: &Ctx, id: PaymentId) -> Result<()> {
        let looked = self.parts.payments.session_look(id).await?;
        if let Some(provider) = looked.provider {
            self.payment_told(ctx, provider, &looked.told).await?;
        }
        match looked.to_decide {
            Some(id) => self.payment_decide(ctx, id).await,
            None => Ok(()),
        }
    }

    /// Takes reserved money once the stock is certain, and lets it go otherwise.
    async fn payment_decide(&self, ctx: &Ctx, id: PaymentId) -> Result<()> {
        let book = self.parts.places.book().await?;
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.decide_in(tx, &actor, &book, id).await;
        let (provider, reserved) = self.parts.db.write(unit).await?;
        let told = match reserved {
            Reserved::Take => self.parts.payments.session_capture(id).await?,
            Reserved::LetGo => self.parts.payments.session_close(id).await?,
            Reserved::Rest => return Ok(()),
        };
        self.payment_told(ctx, provider, &told).await?;
        Ok(())
    }

    async fn decide_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        id: PaymentId,
    ) -> Result<(ProviderName, Reserved)> {
        let payment = payments::payment_get_in(tx, id).await?;
        let provider = payment.provider;
        if payment.balance.state != PaymentState::Authorised {
            return Ok((provider, Reserved::Rest));
        }
        let mut order = orders::order_get_in(tx, payment.order_id).await?;
        if change_of(&order.head, &payment).is_some() {
            return Ok((
                provider,
                self.change_decide_in(tx, ctx, book, &mut order, payment).await?,
            ));
        }
        if !matches!(order.head.state, OrderState::PendingPayment | OrderState::Expired) {
            // Cancelled, or paid by another payment: nothing is taken.
            payments::payment_void_in(tx, ctx, &[payment]).await?;
            return Ok((provider, Reserved::LetGo));
        }
        let until = tx.now().after(CAPTURE_TIME);
        let held = tx
            .attempt(async |tx: &Tx| {
                self.hold_until_in(tx, ctx, &order.head, book, until).await?;
                pay_gift::keep_rest_on_in(tx, &order.head, &payment, until).await
            })
            .await;
        match held {
            Ok(()) => Ok((provider, Reserved::Take)),
            Err(error) if is_gone(&error) => {
                reserved_too_late_in(tx, ctx, order, payment).await?;
                Ok((provider, Reserved::LetGo))
            }
            Err(error) => Err(error),
        }
    }

    /// The payer reserved the money of a change: it is taken once its stock is certain.
    async fn change_decide_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        payment: Payment,
    ) -> Result<Reserved> {
        let until = tx.now().after(CAPTURE_TIME);
        let held = tx
            .attempt(async |tx: &Tx| {
                let mut order = order.clone();
                self.change_hold_until_in(tx, ctx, book, &mut order, until).await
            })
            .await;
        match held {
            Ok(()) => Ok(Reserved::Take),
            Err(error) if is_gone(&error) => {
                let cause = Text::new("商品已被他人购买", "what it takes went to others");
                self.change_drop_in(tx, ctx, order, cause).await?;
                payments::payment_void_in(tx, ctx, &[payment]).await?;
                Ok(Reserved::LetGo)
            }
            Err(error) => Err(error),
        }
    }
}

/// The payer said yes and the stock is gone: what was reserved is let go, nothing was ever taken, and a person sees
/// the order.
async fn reserved_too_late_in(tx: &Tx, ctx: &Ctx, mut order: Order, payment: Payment) -> Result<()> {
    let why = Text::new(
        "授权时保留已过期，库存、门店接单名额或礼品卡余额已给他人，预授权自动撤销，未扣款",
        "The hold had run out when the payment was authorised and what it kept went to others; the reserved money is let go, nothing was taken",
    );
    let amount = payment.amount();
    let head = &mut order.head;
    head.state = head.state.step(OrderState::NeedsDecision)?;
    head.hold_expires_at = None;
    head.ahead = Vec::new();
    let moment = Moment::new(tx.now(), MomentKind::NeedsDecision, &ctx.actor).with_text("why", &why);
    orders::order_change_in(tx, head, vec![moment]).await?;
    payments::payment_void_in(tx, ctx, &[payment]).await?;
    payments::gift_let_go_in(tx, ctx, head.id).await?;
    let event = OrderNeedsDecision {
        order: (&*head).into(),
        why,
        refund: amount,
    };
    emit(tx, ctx, &event).await?;
    Ok(())
}
