//! Goods that wait at a counter: how long, what is said before their time is over, and what becomes of them.

use std::time::Duration;

use base::{Ctx, Error, FulfilmentId, PlaceId, Resource, Result, Text, Time};
use bus::emit;
use db::{Reader, Tx};
use jiff::ToSpan;
use jiff::civil::time;
use jiff::tz::TimeZone;
use orders::events::OrderUncollected;
use orders::{
    CODE_NOT_LOCKED, FULFILMENT_HAND_OVER, FULFILMENT_UNLOCK, FulfilmentOut, FulfilmentState, Moment,
    MomentKind, Order,
};
use payments::RefundId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Flows;
use crate::fulfil::{open, out};

/// Due goods looked at in one go.
const DUE_BATCH: i64 = 100;
/// The most codes told to one till.
const COUNTER_MOST: i64 = 2_000;
/// At what hour of the place's clock a reminder goes out.
const REMIND_HOUR: i8 = 10;

/// How long goods wait at the counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PickupPolicy {
    /// Whole days after the day they were packed; they wait until the last of these ends where the place is.
    pub keep_days: u16,
    /// On the morning of how many days before the last one the customer is reminded; never when zero.
    pub remind_days_before: u16,
}

impl Default for PickupPolicy {
    /// A week, with a reminder on the day before the last.
    fn default() -> Self {
        Self {
            keep_days: 7,
            remind_days_before: 1,
        }
    }
}

/// Until when goods wait, and when their customer is reminded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Wait {
    pub(crate) until: Time,
    pub(crate) remind_at: Option<Time>,
}

impl PickupPolicy {
    /// By the clock on the place's wall; a zone nobody knows counts as UTC.
    pub(crate) fn wait(self, now: Time, timezone: Option<&str>) -> Wait {
        let zone = timezone.and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or(TimeZone::UTC);
        let today = now.timestamp().to_zoned(zone.clone()).date();
        let at = |days: i64, hour: i8| {
            let day = today.checked_add(days.days()).ok()?;
            let there = day.to_datetime(time(hour, 0, 0, 0)).to_zoned(zone.clone()).ok()?;
            Some(Time::from(there.timestamp()))
        };
        let (keep, before) = (i64::from(self.keep_days), i64::from(self.remind_days_before));
        // A calendar that does not reach that far keeps goods as many days from now.
        let plain = now.after(Duration::from_secs(u64::from(self.keep_days) * 24 * 3600));
        Wait {
            until: at(keep + 1, 0).unwrap_or(plain),
            remind_at: (before > 0 && before < keep)
                .then(|| at(keep - before, REMIND_HOUR))
                .flatten(),
        }
    }
}

/// What a till needs to hand goods over while nobody can be asked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CounterCodes {
    /// The place.
    pub place_id: PlaceId,
    /// When this was said. What was packed or fetched since is not in it.
    pub as_of: Time,
    /// Until when it may be used.
    pub valid_until: Time,
    /// Packed goods that wait there.
    pub items: Vec<CounterCode>,
}

/// The check of one pickup code: lower-case hexadecimal SHA-256 of the salt, a colon and the six digits.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CounterCode {
    /// The goods.
    pub fulfilment_id: FulfilmentId,
    /// Their order.
    pub order_id: base::OrderId,
    /// The order's number for people.
    pub order_number: orders::OrderNumber,
    /// Who fetches them, masked.
    pub contact_name: String,
    /// Pieces in it.
    pub quantity: i64,
    /// Other for every code and every day.
    pub salt: String,
    /// What the right code gives.
    pub check: String,
    /// Whether something is still to be paid, so that a till that cannot ask hands nothing over.
    pub to_pay: bool,
    /// Until when no code is looked at.
    pub locked_until: Option<Time>,
}

/// How long a till may rely on what it was told.
const CODES_VALID: Duration = Duration::from_secs(24 * 3600);

impl Flows {
    /// The checks of the codes of everything that waits packed at a place, for a till that goes offline. The
    /// codes themselves are not in it.
    ///
    /// # Errors
    /// `access.forbidden`.
    pub async fn counter_codes(&self, ctx: &Ctx, place: PlaceId) -> Result<CounterCodes> {
        ctx.require(FULFILMENT_HAND_OVER, &Resource::Place(place))?;
        let read = async move |r: &Reader| {
            let waiting = orders::fulfilment_at_counter_in(r, place, COUNTER_MOST).await?;
            let ids: Vec<_> = waiting.iter().map(|f| f.order_id).collect();
            let payments = payments::payment_list_in(r, &ids).await?;
            Ok((r.now(), waiting, payments))
        };
        let (now, waiting, payments) = self.parts.db.read(read).await?;
        let items = waiting.into_iter().map(|f| {
            let (salt, check) = self.parts.secrets.pickup_check(f.order_id, f.id, now);
            CounterCode {
                fulfilment_id: f.id,
                order_id: f.order_id,
                order_number: f.order_number,
                contact_name: orders::mask_name(&f.contact_name),
                quantity: f.parts.iter().map(|p| p.quantity).sum(),
                salt,
                check,
                to_pay: payments
                    .iter()
                    .any(|p| p.order_id == f.order_id && p.balance.state.is_open()),
                locked_until: f.code_locked_until.filter(|until| *until > now),
            }
        });
        Ok(CounterCodes {
            place_id: place,
            as_of: now,
            valid_until: now.after(CODES_VALID),
            items: items.collect(),
        })
    }

    /// Lets a locked pickup code be tried again.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `fulfilment.code_not_locked`.
    pub async fn fulfilment_unlock(
        &self,
        ctx: &Ctx,
        id: FulfilmentId,
        reason: String,
    ) -> Result<FulfilmentOut> {
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| unlock_in(tx, &actor, id, &reason).await;
        self.parts.db.write_once(ctx, "fulfilment.unlock", unit).await
    }

    /// Reminds customers of what waits for them, and gives back what nobody fetched; answers how many there
    /// were.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn pickups_due(&self, ctx: &Ctx) -> Result<usize> {
        let read = async |r: &Reader| orders::fulfilment_pickup_due_in(r, DUE_BATCH).await;
        let due = self.parts.db.read(read).await?;
        for id in &due {
            let (flows, actor, id) = (self.clone(), ctx.clone(), *id);
            let unit = async move |tx: &Tx| flows.pickup_due_in(tx, &actor, id).await;
            match self.parts.db.write(unit).await {
                Ok(refunds) => self.settle(ctx, &refunds).await,
                // One order must not keep the others waiting.
                Err(error) => {
                    tracing::error!(fulfilment = %id, ?error, "goods at a counter could not be looked at")
                }
            }
        }
        Ok(due.len())
    }

    async fn pickup_due_in(&self, tx: &Tx, ctx: &Ctx, id: FulfilmentId) -> Result<Vec<RefundId>> {
        let order_id = orders::fulfilment_get_in(tx, id).await?.order_id;
        let mut order = orders::order_get_in(tx, order_id).await?;
        let Some(fulfilment) = order.fulfilments.iter().find(|f| f.id == id) else {
            return Err(Error::not_found("fulfilment", id));
        };
        let (ready, until) = (fulfilment.state == FulfilmentState::Ready, fulfilment.pickup_by);
        match until {
            Some(until) if ready && until <= tx.now() => self.lapse_in(tx, ctx, &mut order, id).await,
            Some(until) if orders::fulfilment_is_to_be_reminded_in(tx, id).await? => {
                let facts = fulfilment.into();
                let moment = Moment::new(tx.now(), MomentKind::Reminded, &ctx.actor);
                orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
                orders::fulfilment_remind_in(tx, id, None).await?;
                let event = OrderUncollected {
                    order: (&order.head).into(),
                    fulfilment: facts,
                    pickup_by: until,
                };
                emit(tx, ctx, &event).await?;
                Ok(Vec::new())
            }
            // Fetched or rejected since it was listed.
            _ => Ok(Vec::new()),
        }
    }

    /// Nobody fetched it: the stock is free again and the money goes back the way it came.
    async fn lapse_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        id: FulfilmentId,
    ) -> Result<Vec<RefundId>> {
        let Some(fulfilment) = order.fulfilments.iter().find(|f| f.id == id).cloned() else {
            return Ok(Vec::new());
        };
        let moment =
            Moment::new(tx.now(), MomentKind::Lapsed, &ctx.actor).with_text("place", &fulfilment.place_name);
        orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
        let because = Text::new("保留期已过，未取货", "It was not collected in time");
        if order.is_all(&fulfilment.parts) && !order.is_partly_out() {
            return self
                .cancel_whole_in(tx, ctx, order, "no_show", Some(because))
                .await;
        }
        let states = &[FulfilmentState::Ready];
        let reason = because.get(ctx.locale).to_owned();
        let (_, refunds) = self
            .reduce_in(tx, ctx, order, &fulfilment.parts, states, &reason)
            .await?;
        Ok(refunds)
    }
}

async fn unlock_in(tx: &Tx, ctx: &Ctx, id: FulfilmentId, reason: &str) -> Result<FulfilmentOut> {
    let (mut order, at) = open(tx, ctx, id, FULFILMENT_UNLOCK).await?;
    let fulfilment = &order.fulfilments[at];
    if fulfilment.code_locked_until.is_none_or(|until| until <= tx.now()) {
        return Err(Error::new(&CODE_NOT_LOCKED));
    }
    let moment = Moment::new(tx.now(), MomentKind::CodeUnlocked, &ctx.actor).with("note", reason);
    orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
    let fulfilment = &mut order.fulfilments[at];
    (fulfilment.code_tries, fulfilment.code_locked_until) = (0, None);
    orders::fulfilment_change_in(tx, fulfilment).await?;
    let facts = serde_json::json!({ "reason": reason, "order": order.head.number.to_string() });
    access::audit_in(tx, ctx, "fulfilment.unlock", id, facts).await?;
    Ok(out(&order, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noon of 23 November 2026 in UTC.
    const NOON: Time = Time::from_seconds(1_795_435_200);

    #[test]
    fn goods_wait_until_the_last_day_ends_where_the_place_is() {
        let wait = PickupPolicy::default().wait(NOON, None);
        assert_eq!(wait.until.to_string(), "2026-12-01T00:00:00Z");
        assert_eq!(
            wait.remind_at.map(|at| at.to_string()).as_deref(),
            Some("2026-11-29T10:00:00Z")
        );
    }

    #[test]
    fn a_short_wait_reminds_nobody() {
        let policy = PickupPolicy {
            keep_days: 1,
            remind_days_before: 1,
        };
        let wait = policy.wait(NOON, None);
        assert_eq!(wait.until.to_string(), "2026-11-25T00:00:00Z");
        assert_eq!(wait.remind_at, None);
    }
}
