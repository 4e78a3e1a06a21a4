//! The face. The `*_in` functions take part in the caller's transaction and are for `flows`; rights are
//! asked for there, where the order is known.

use std::sync::Arc;

use base::{Ctx, Error, Money, OrderId, PaymentId, Result};
use db::{Db, Reader, Tx};

use crate::error::{BUSY, CLOSED};
use crate::events::PaymentRefunded;
use crate::gift::rules::refund_rank;
use crate::gift::{self, GiftSecrets};
use crate::judge::next_refund;
use crate::model::{
    Applied, Balance, Fact, ImportedPayment, Payment, PaymentState, ProviderEvent, ProviderName, Refund,
    RefundId,
};
use crate::outside::{Call, RefundSaid};
use crate::provider::{Provider, built_in};
use crate::settings::RefundOrder;
use crate::{rules, session_store, store};

/// How often a change is recomputed when others are faster, before the caller is told to try again.
const MAX_ATTEMPTS: usize = 8;

/// Refunds settled in one go by the job.
const SETTLE_BATCH: i64 = 100;

/// Keeps a new payment: see [`Payment::new`].
///
/// # Errors
/// Only the store's.
pub async fn payment_start_in(tx: &Tx, ctx: &Ctx, new: &Payment) -> Result<()> {
    store::insert(tx, new).await?;
    let actor = ctx.actor.to_string();
    store::append(tx, new.id, "created", "created", new.balance.amount, &actor).await?;
    Ok(())
}

/// Records what a provider says happened. Repeated and reordered deliveries end the same.
///
/// `payment` is the payment as the caller last read it; it saves reading it again.
///
/// # Errors
/// `payment.over_capture` when the provider claims more than was asked for, `payment.busy`.
pub async fn payment_apply_in(
    tx: &Tx,
    ctx: &Ctx,
    payment: Payment,
    event: &ProviderEvent,
) -> Result<Applied> {
    let fact = event.fact;
    let actor = ctx.actor.to_string();
    if !store::append(
        tx,
        payment.id,
        &event.event_id,
        fact.kind(),
        fact.amount(),
        &actor,
    )
    .await?
    {
        let payment = payment_get_in(tx, payment.id).await?;
        return Ok(Applied {
            payment,
            first_time: false,
            newly_captured: 0,
        });
    }
    let (payment, before) = change(tx, payment, |balance| rules::apply(balance, fact)).await?;
    let newly_captured = payment.balance.captured - before.captured;
    Ok(Applied {
        payment,
        first_time: true,
        newly_captured,
    })
}

/// Writes what `decide` makes of the payment, again over the newest state when somebody was faster.
async fn change(
    tx: &Tx,
    mut payment: Payment,
    decide: impl Fn(Balance) -> Result<Balance>,
) -> Result<(Payment, Balance)> {
    for _ in 0..MAX_ATTEMPTS {
        let before = payment.balance;
        let after = decide(before)?;
        if store::update(tx, &payment, &after).await? {
            let version = payment.version + 1;
            return Ok((
                Payment {
                    balance: after,
                    version,
                    ..payment
                },
                before,
            ));
        }
        payment = payment_get_in(tx, payment.id).await?;
    }
    Err(Error::new(&BUSY))
}

/// One payment.
///
/// # Errors
/// `not_found`.
pub async fn payment_get_in(r: &Reader, id: PaymentId) -> Result<Payment> {
    store::find(r, id)
        .await?
        .ok_or_else(|| Error::not_found("payment", id))
}

/// The payments of orders, oldest first.
///
/// # Errors
/// Only the store's.
pub async fn payment_list_in(r: &Reader, orders: &[OrderId]) -> Result<Vec<Payment>> {
    store::of_orders(r, orders).await
}

/// Gives up every payment of the order whose money has not moved. Providers outside are told after the commit:
/// the payment is looked at next.
///
/// # Errors
/// `payment.busy`.
pub async fn payment_void_in(tx: &Tx, ctx: &Ctx, payments: &[Payment]) -> Result<()> {
    // Outside, a payer whose first attempt was declined may still succeed with another.
    let may_be_paid = |p: &&Payment| {
        p.balance.state.is_open() || (p.provider.is_outside() && p.balance.state == PaymentState::Declined)
    };
    for payment in payments.iter().filter(may_be_paid) {
        let event = ProviderEvent {
            payment_id: payment.id,
            event_id: "voided".to_owned(),
            fact: Fact::Voided,
        };
        payment_apply_in(tx, ctx, payment.clone(), &event).await?;
        if payment.provider.is_outside() {
            session_store::hurry(tx, payment.id).await?;
        }
        if payment.provider == ProviderName::GiftCard {
            gift::hold::gift_release_in(tx, payment).await?;
        }
    }
    Ok(())
}

/// Captures a payment that is made by handing over the money: at the till or the counter.
///
/// # Errors
/// `payment.closed` when it was given up.
pub async fn payment_take_in(tx: &Tx, ctx: &Ctx, payment: &Payment) -> Result<Applied> {
    if !payment.balance.state.is_open() && payment.balance.captured == 0 {
        return Err(Error::new(&CLOSED).with("state", payment.balance.state.as_str()));
    }
    let event = ProviderEvent {
        payment_id: payment.id,
        event_id: "taken".to_owned(),
        fact: Fact::Captured {
            total: payment.balance.amount,
        },
    };
    payment_apply_in(tx, ctx, payment.clone(), &event).await
}

/// Whether a document has asked for money of a payment before.
///
/// # Errors
/// Only the store's.
pub async fn payment_has_refund_in(r: &Reader, id: PaymentId, source: &str) -> Result<bool> {
    store::has_refund(r, id, source).await
}

/// Puts an amount of one payment on its way back, in minor units; see [`Payments::payment_refund_in`].
///
/// # Errors
/// `payment.over_refund` when less than that is left, `payment.busy`.
pub async fn payment_refund_one_in(
    tx: &Tx,
    ctx: &Ctx,
    payment: Payment,
    amount_minor: i64,
    source: &str,
) -> Result<RefundId> {
    let (payment, _) = change(tx, payment, |balance| {
        rules::request_refund(balance, amount_minor)
    })
    .await?;
    let id = RefundId::of(payment.id, source);
    let refund = Refund {
        reference: id.reference(0),
        id,
        payment_id: payment.id,
        amount: Money::new(amount_minor, payment.currency),
        tries: 0,
    };
    store::insert_refund(tx, &refund, payment.order_id, source).await?;
    let (key, actor) = (format!("ask:{source}"), ctx.actor.to_string());
    store::append(tx, payment.id, &key, "refund_requested", amount_minor, &actor).await?;
    Ok(refund.id)
}

/// Brings in finished payments of another system, many at a time; those already here stay as they are.
///
/// # Errors
/// Only the store's.
pub async fn payment_import_in(tx: &Tx, payments: Vec<ImportedPayment>) -> Result<u64> {
    let rows: Vec<(ImportedPayment, PaymentState)> = payments
        .into_iter()
        .map(|p| {
            let state = match p.refunded_minor {
                0 => PaymentState::Captured,
                back if back >= p.amount.amount_minor => PaymentState::Refunded,
                _ => PaymentState::PartlyRefunded,
            };
            (p, state)
        })
        .collect();
    store::import(tx, &rows).await
}

/// The part of payments that talks to providers.
#[derive(Clone)]
pub struct Payments {
    pub(crate) db: Db,
    pub(crate) providers: Arc<Vec<Box<dyn Provider>>>,
    pub(crate) sandbox: bool,
    pub(crate) gift: GiftSecrets,
    pub(crate) refund_order: RefundOrder,
}

impl Payments {
    /// With the built-in providers.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self::with(db, Vec::new(), true)
    }

    /// With providers outside beside the built-in ones; whether the sandbox is offered to shoppers.
    #[must_use]
    pub fn with(db: Db, outside: Vec<Box<dyn Provider>>, sandbox: bool) -> Self {
        let mut providers = outside;
        providers.extend(built_in());
        Self {
            db,
            providers: Arc::new(providers),
            sandbox,
            gift: GiftSecrets::new(Vec::new()),
            refund_order: RefundOrder::default(),
        }
    }

    /// With what numbers and PINs of gift cards are derived from.
    #[must_use]
    pub fn with_gift_cards(mut self, secrets: GiftSecrets) -> Self {
        self.gift = secrets;
        self
    }

    /// With another order in which tenders give back.
    #[must_use]
    pub const fn with_refund_order(mut self, refund_order: RefundOrder) -> Self {
        self.refund_order = refund_order;
        self
    }

    /// Puts an amount on its way back to the tenders it came from, in the order the installation says. `source` names
    /// the document that owes it; the same document cannot take from a payment twice. The provider is asked after
    /// the commit, by [`Payments::refund_settle`].
    ///
    /// # Errors
    /// `payment.over_refund` when less than that is left, `payment.busy`.
    pub async fn payment_refund_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order_id: OrderId,
        amount: Money,
        source: &str,
    ) -> Result<Vec<RefundId>> {
        if amount.amount_minor == 0 {
            return Ok(Vec::new());
        }
        let payments = store::of_orders(tx, &[order_id]).await?;
        let mut refunds = Vec::new();
        for (payment, part) in self.refund_split(payments, amount.amount_minor)? {
            refunds.push(payment_refund_one_in(tx, ctx, payment, part, source).await?);
        }
        Ok(refunds)
    }

    /// To which payments of an order an amount would go back, in minor units and in the order the installation says.
    ///
    /// # Errors
    /// `payment.over_refund` when less than that is left.
    pub fn refund_split(&self, mut payments: Vec<Payment>, amount_minor: i64) -> Result<Vec<(Payment, i64)>> {
        payments.sort_by_key(|payment| refund_rank(self.refund_order, payment.provider));
        let refundable: Vec<i64> = payments.iter().map(|p| p.balance.refundable()).collect();
        let parts = rules::split_refund(&refundable, amount_minor)?;
        let split = payments.into_iter().zip(parts);
        Ok(split.filter(|(_, part)| *part > 0).collect())
    }

    /// Asks the provider for a refund that is due and records its answer. Harmless to repeat.
    ///
    /// # Errors
    /// The provider's, when it cannot say; the refund then stays due.
    pub async fn refund_settle(&self, ctx: &Ctx, refund_id: &RefundId) -> Result<()> {
        let id = refund_id.clone();
        let read = async move |r: &Reader| match store::find_requested(r, &id).await? {
            Some((refund, payment)) => {
                let session = match payment.provider.is_outside() {
                    true => session_store::find(r, payment.id).await?,
                    false => None,
                };
                Ok(Some((refund, payment, session, r.now())))
            }
            None => Ok(None),
        };
        let Some((refund, payment, session, now)) = self.db.read(read).await? else {
            return Ok(());
        };
        let provider = self.provider(payment.provider)?;
        if payment.provider.is_outside() {
            let (asked, next_at) = (refund.clone(), next_refund(now, refund.tries));
            let claim = async move |tx: &Tx| store::claim_refund(tx, &asked, next_at).await;
            if !self.db.write_guarded(claim).await? {
                // Another process asks at this moment, or the answer came meanwhile.
                return Ok(());
            }
        }
        let call = Call {
            now,
            payment: &payment,
            session: session.as_ref(),
        };
        let said = provider.refund(call, &refund).await?;
        self.refund_said(ctx, refund, payment, said).await
    }

    /// Records how a refund stands.
    pub(crate) async fn refund_said(
        &self,
        ctx: &Ctx,
        refund: Refund,
        payment: Payment,
        said: RefundSaid,
    ) -> Result<()> {
        let ctx = ctx.clone();
        let unit = async move |tx: &Tx| match &said {
            RefundSaid::Processing => Ok(()),
            RefundSaid::Done { theirs } => {
                refund_done_in(tx, &ctx, &refund, &payment, theirs.as_deref()).await
            }
            RefundSaid::Failed { reason } => refund_failed_in(tx, &ctx, &refund, reason).await,
        };
        self.db.write_guarded(unit).await
    }

    /// Settles every refund that is due; what the loop of the binary calls. Answers how many were asked for. One
    /// that its provider cannot settle now holds up no other.
    ///
    /// # Errors
    /// The store's.
    pub async fn refund_settle_due(&self, ctx: &Ctx) -> Result<usize> {
        let due = self
            .db
            .read(async move |r: &Reader| store::requested_before(r, r.now(), SETTLE_BATCH).await)
            .await?;
        for id in &due {
            if let Err(error) = self.refund_settle(ctx, id).await {
                tracing::warn!(refund = %id, ?error, "a refund could not be settled and stays due");
            }
        }
        Ok(due.len())
    }

    /// How many payments are not the sum of their entries; anything but 0 is a defect.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn payment_drift(&self) -> Result<i64> {
        self.db.read(async move |r: &Reader| store::drift(r).await).await
    }
}

async fn refund_done_in(
    tx: &Tx,
    ctx: &Ctx,
    refund: &Refund,
    payment: &Payment,
    theirs: Option<&str>,
) -> Result<()> {
    if !store::end_refund(tx, &refund.id, "done", theirs, None).await? {
        return Ok(());
    }
    let event = ProviderEvent {
        payment_id: payment.id,
        event_id: format!("refund:{}", refund.id),
        fact: Fact::Refunded {
            amount: refund.amount.amount_minor,
            requested: true,
        },
    };
    payment_apply_in(tx, ctx, payment.clone(), &event).await?;
    if payment.provider == ProviderName::GiftCard {
        gift::hold::gift_credit_in(tx, ctx, payment, refund).await?;
    }
    let refunded = PaymentRefunded {
        payment_id: payment.id,
        order_id: payment.order_id,
        refund_id: refund.id.to_string(),
        amount: refund.amount,
    };
    bus::emit(tx, ctx, &refunded).await?;
    Ok(())
}

/// The provider gave it up. The amount stays set aside, so that nobody gives it back twice, until somebody asks
/// for it anew.
async fn refund_failed_in(tx: &Tx, ctx: &Ctx, refund: &Refund, reason: &str) -> Result<()> {
    if !store::end_refund(tx, &refund.id, "failed", None, Some(reason)).await? {
        return Ok(());
    }
    let (key, actor) = (format!("failed:{}", refund.reference), ctx.actor.to_string());
    let amount = refund.amount.amount_minor;
    store::append(tx, refund.payment_id, &key, "refund_failed", amount, &actor).await?;
    Ok(())
}
