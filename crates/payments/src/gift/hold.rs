//! What a card does for a payment: kept until the order is paid, used then, let go otherwise. In the caller's
//! transaction; the statements are guarded, so that READ COMMITTED is enough.

use std::time::Duration;

use base::{Ctx, Error, OrderId, Result, Time};
use db::Tx;

use super::model::{GiftAccount, GiftCardId, GiftEntryKind};
use super::store::{self, Entry};
use crate::error::GIFT_CARD_SHORT;
use crate::model::{Applied, Fact, Payment, ProviderEvent, Refund};
use crate::service::{payment_apply_in, payment_get_in, payment_start_in, payment_void_in};

/// What comes back to a card may be spent at least so long, though the card had run out.
const SPENDABLE_AFTER_REFUND: Duration = Duration::from_secs(90 * 24 * 3600);

/// Starts a payment by a card: its amount is kept until an instant.
///
/// # Errors
/// `gift_card.short` when it has not so much left, or does not pay.
pub async fn gift_hold_in(
    tx: &Tx,
    ctx: &Ctx,
    card: GiftCardId,
    payment: &Payment,
    expires_at: Option<Time>,
) -> Result<()> {
    if !keep_in(tx, card, payment.balance.amount).await? {
        return Err(Error::new(&GIFT_CARD_SHORT));
    }
    payment_start_in(tx, ctx, payment).await?;
    store::hold_insert(tx, payment, card, expires_at).await?;
    let event = event(payment, "kept", Fact::Authorised);
    payment_apply_in(tx, ctx, payment.clone(), &event).await?;
    Ok(())
}

/// Pays with a card at once.
///
/// # Errors
/// `gift_card.short`.
pub async fn gift_take_in(tx: &Tx, ctx: &Ctx, card: GiftCardId, payment: &Payment) -> Result<()> {
    gift_hold_in(tx, ctx, card, payment, None).await?;
    let kept = payment_get_in(tx, payment.id).await?;
    gift_use_in(tx, ctx, &kept).await?;
    Ok(())
}

/// Keeps an amount, after holds whose time is over were let go where that makes the difference.
async fn keep_in(tx: &Tx, card: GiftCardId, amount: i64) -> Result<bool> {
    if store::keep(tx, card, amount).await? {
        return Ok(true);
    }
    let run_out = store::release_run_out(tx, card).await?;
    if run_out == 0 {
        return Ok(false);
    }
    store::let_go(tx, card, run_out).await?;
    store::keep(tx, card, amount).await
}

/// Keeps on keeping what a card keeps for a payment, until an instant; takes it anew where it had run out and was let
/// go. False when the money has gone elsewhere.
///
/// # Errors
/// Only the store's.
pub async fn gift_keep_on_in(tx: &Tx, payment: &Payment, until: Time) -> Result<bool> {
    if store::extend(tx, payment.id, until).await? {
        return Ok(true);
    }
    let Some(held) = store::hold_of(tx, payment.id).await? else {
        return Ok(false);
    };
    let may_be_kept = held.state == "released" && payment.balance.state.is_open();
    if !may_be_kept || !keep_in(tx, held.card_id, held.amount).await? {
        return Ok(false);
    }
    store::hold_step(tx, payment.id, "released", "kept").await?;
    store::extend(tx, payment.id, until).await
}

/// The order is paid: what the card kept for the payment is spent.
///
/// # Errors
/// `gift_card.short` when nothing is kept for it any more.
pub async fn gift_use_in(tx: &Tx, ctx: &Ctx, payment: &Payment) -> Result<Applied> {
    let Some(held) = store::hold_step(tx, payment.id, "kept", "used").await? else {
        return Err(Error::new(&GIFT_CARD_SHORT));
    };
    let balance_after = store::spend(tx, held.card_id, held.amount).await?;
    let entry = Entry {
        card: held.card_id,
        key: format!("spent:{}", payment.id),
        kind: GiftEntryKind::Spent,
        account: GiftAccount::Orders,
        amount: -held.amount,
        balance_after,
        order: Some(held.order_id),
        actor: ctx.actor.to_string(),
    };
    store::append(tx, &[entry]).await?;
    let event = event(payment, "spent", Fact::Captured { total: held.amount });
    payment_apply_in(tx, ctx, payment.clone(), &event).await
}

/// Nobody paid the order in time: every card lets go what it kept for it.
///
/// # Errors
/// Only the store's.
pub async fn gift_let_go_in(tx: &Tx, ctx: &Ctx, order: OrderId) -> Result<()> {
    for id in store::kept_of_order(tx, order).await? {
        let payment = payment_get_in(tx, id).await?;
        payment_void_in(tx, ctx, &[payment]).await?;
    }
    Ok(())
}

/// A payment by a card was given up: what was kept is the card's again, once.
pub(crate) async fn gift_release_in(tx: &Tx, payment: &Payment) -> Result<()> {
    if let Some(held) = store::hold_step(tx, payment.id, "kept", "released").await? {
        store::let_go(tx, held.card_id, held.amount).await?;
    }
    Ok(())
}

/// What a card had paid comes back to it, once a refund, whatever became of the card meanwhile.
pub(crate) async fn gift_credit_in(tx: &Tx, ctx: &Ctx, payment: &Payment, refund: &Refund) -> Result<()> {
    let Some(held) = store::hold_of(tx, payment.id).await? else {
        return Err(Error::internal(format!(
            "payment {} has no gift card",
            payment.id
        )));
    };
    let amount = refund.amount.amount_minor;
    let lasts_until = tx.now().after(SPENDABLE_AFTER_REFUND);
    let balance_after = store::add(tx, held.card_id, amount, Some(lasts_until)).await?;
    let entry = Entry {
        card: held.card_id,
        key: format!("refund:{}", refund.id),
        kind: GiftEntryKind::Refunded,
        account: GiftAccount::Orders,
        amount,
        balance_after,
        order: Some(held.order_id),
        actor: ctx.actor.to_string(),
    };
    store::append(tx, &[entry]).await
}

fn event(payment: &Payment, event_id: &str, fact: Fact) -> ProviderEvent {
    ProviderEvent {
        payment_id: payment.id,
        event_id: event_id.to_owned(),
        fact,
    }
}
