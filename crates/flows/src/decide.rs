//! What a person decides about an order that nobody can serve as it is, and orders that wait for supply.

use std::collections::HashSet;

use base::{Ctx, Error, OrderId, PlaceId, Resource, Result, SkuId, Text, Time};
use bus::emit;
use db::{Reader, Tx};
use jiff::tz::TimeZone;
use orders::events::OrderWaiting;
use orders::{
    DecisionChoice, FulfilmentState, MONEY_WENT_BACK, Method, Moment, MomentKind, NOTHING_TO_DECIDE,
    ORDER_DECIDE, Order, OrderState, Part, STILL_UNSERVED,
};
use places::{Book, Place};

use crate::Flows;
use crate::channel::seen;
use crate::made_of::{self, Takes, There};
use crate::part::{TakeOver, items, line_facts, undecided_in};
use crate::pay::Done;
use crate::view::{OrderOut, order_out_in};

/// Waiting orders looked at in one go, the first placed first.
const WAITING_BATCH: i64 = 200;
/// The longest wait a person may decide on.
const LONGEST_WAIT_DAYS: u64 = 90;

/// What a person chose.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Look for a place once more, also among those that said no.
    SourceAgain,
    /// This place serves it.
    Place(PlaceId),
    /// Wait for supply until an instant.
    Wait(Time),
    /// Give pieces up that nobody serves; all of them when none are named.
    Cancel(Vec<Part>),
}

impl Choice {
    const fn kind(&self) -> DecisionChoice {
        match self {
            Self::SourceAgain => DecisionChoice::SourceAgain,
            Self::Place(_) => DecisionChoice::Place,
            Self::Wait(_) => DecisionChoice::Wait,
            Self::Cancel(_) => DecisionChoice::Cancel,
        }
    }
}

/// A decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What.
    pub choice: Choice,
    /// Why, for colleagues.
    pub note: Option<String>,
}

impl Flows {
    /// Decides what becomes of an order that nobody can serve as it is.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `order.nothing_to_decide`, `order.still_unserved`,
    /// `order.money_went_back`, `input.invalid`.
    pub async fn order_decide(&self, ctx: &Ctx, id: OrderId, decision: Decision) -> Result<OrderOut> {
        let book = self.parts.places.book().await?;
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.order_decide_in(tx, &actor, &book, id, &decision).await;
        let done = self.parts.db.write_once(ctx, "order.decide", unit).await?;
        Ok(self.finish(ctx, done).await)
    }

    async fn order_decide_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        id: OrderId,
        decision: &Decision,
    ) -> Result<Done> {
        let mut order = orders::order_get_in(tx, id).await?;
        let viewer = self.viewer(ctx, &order, None)?;
        ctx.require(
            ORDER_DECIDE,
            &order.head.place_id.map_or(Resource::Chain, Resource::Place),
        )?;
        if order.head.state != OrderState::NeedsDecision {
            return Err(Error::new(&NOTHING_TO_DECIDE).with("state", order.head.state.as_str()));
        }
        let kind = decision.choice.kind();
        if kind != DecisionChoice::Cancel && order.head.money_went_back() {
            return Err(Error::new(&MONEY_WENT_BACK));
        }
        let mut decided = Moment::new(tx.now(), MomentKind::Decided, &ctx.actor)
            .with("choice", kind.as_str())
            .with_text("items", &items(&order, &order.unserved()));
        if let Some(note) = &decision.note {
            decided = decided.with("note", note.as_str());
        }
        let refunds = match &decision.choice {
            Choice::SourceAgain => {
                self.serve_in(tx, ctx, book, &mut order, decided, None).await?;
                Vec::new()
            }
            Choice::Place(place) => {
                let chosen = book.get(*place).ok_or_else(|| Error::not_found("place", place))?;
                decided = decided.with_text("place", &chosen.name);
                self.serve_in(tx, ctx, book, &mut order, decided, Some(chosen))
                    .await?;
                Vec::new()
            }
            Choice::Wait(until) => {
                wait_in(tx, ctx, book, &mut order, decided, *until).await?;
                Vec::new()
            }
            Choice::Cancel(parts) => {
                orders::order_change_in(tx, &mut order.head, vec![decided]).await?;
                self.cancel_missing_in(tx, ctx, &mut order, parts, decision.note.as_deref())
                    .await?
            }
        };
        Ok(Done {
            out: order_out_in(tx, &order, viewer).await?,
            viewer,
            refunds,
        })
    }

    /// Has what nobody serves served: by the place a person named, or by whoever has it.
    async fn serve_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        decided: Moment,
        named: Option<&Place>,
    ) -> Result<()> {
        orders::order_change_in(tx, &mut order.head, vec![decided]).await?;
        let missing = order.unserved();
        let found = match named {
            Some(place) => self.find_at_in(tx, ctx, book, order, &missing, place).await?,
            None => self.find_in(tx, ctx, book, order, &missing, &[]).await?,
        };
        let Some(replacements) = found else {
            // Nobody has it here; somebody may send it.
            if named.is_none() && self.send_in(tx, ctx, book, order, &missing, &[]).await? {
                return Ok(());
            }
            return Err(Error::new(&STILL_UNSERVED));
        };
        let last = order
            .fulfilments
            .iter()
            .rfind(|f| f.state == FulfilmentState::Rejected);
        let from = last.map_or(TakeOver::Supply, |rejected| TakeOver::From {
            place: rejected.place_name.clone(),
            reason: Text::new("无法备齐", "it could not be had"),
            promised: rejected.promised_at,
        });
        self.take_over_in(tx, ctx, order, replacements, from).await
    }

    async fn cancel_missing_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        parts: &[Part],
        note: Option<&str>,
    ) -> Result<Vec<payments::RefundId>> {
        let wanted = if parts.is_empty() {
            order.unserved()
        } else {
            parts.to_vec()
        };
        let because = Text::new("商品缺货", "It could not be had");
        if order.is_all(&wanted) && !order.is_partly_out() {
            let reason = note.unwrap_or("unserved");
            return self.cancel_whole_in(tx, ctx, order, reason, Some(because)).await;
        }
        let reason = because.get(ctx.locale).to_owned();
        let (_, refunds) = self.reduce_in(tx, ctx, order, &wanted, &[], &reason).await?;
        Ok(refunds)
    }

    /// Serves orders that wait for supply, the first placed first, and asks again about those whose time is
    /// over; answers how many changed. An order that still waits keeps later ones from what it waits for.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn orders_waiting_due(&self, ctx: &Ctx) -> Result<usize> {
        let read = async |r: &Reader| orders::order_waiting_in(r, WAITING_BATCH).await;
        let waiting = self.parts.db.read(read).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let book = self.parts.places.book().await?;
        let (mut kept, mut changed): (HashSet<SkuId>, usize) = (HashSet::new(), 0);
        for id in waiting {
            let (flows, actor, book, before) = (self.clone(), ctx.clone(), book.clone(), kept.clone());
            let unit = async move |tx: &Tx| flows.supply_in(tx, &actor, &book, id, &before).await;
            match self.parts.db.write(unit).await {
                Ok((moved, missing)) => {
                    changed += usize::from(moved);
                    kept.extend(missing);
                }
                // One order must not keep the others waiting.
                Err(error) => {
                    tracing::error!(order = %id, ?error, "an order that waits could not be looked at")
                }
            }
        }
        Ok(changed)
    }

    /// Serves what has come for one order. Answers whether anything changed, and the SKUs it still waits for.
    async fn supply_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        id: OrderId,
        kept: &HashSet<SkuId>,
    ) -> Result<(bool, Vec<SkuId>)> {
        let mut order = orders::order_get_in(tx, id).await?;
        let Some(until) = order.head.waits_until else {
            // Decided otherwise, or given up, since it was listed.
            return Ok((false, Vec::new()));
        };
        let mut replacements = Vec::new();
        for wanted in self.portions_in(tx, book, &order).await? {
            let free = |part: &Part| {
                order
                    .line(part.order_line_id)
                    .is_ok_and(|l| !kept.contains(&l.sku_id))
            };
            let already = |part: &Part| served_by(&replacements, part);
            let wanted: Vec<Part> = wanted.into_iter().filter(|p| free(p) && !already(p)).collect();
            if wanted.is_empty() {
                continue;
            }
            if let Some(found) = self.find_in(tx, ctx, book, &order, &wanted, &[]).await? {
                replacements.extend(found);
            }
        }
        let mut moved = false;
        if !replacements.is_empty() {
            let supplied = Moment::new(tx.now(), MomentKind::Supplied, &ctx.actor);
            orders::order_change_in(tx, &mut order.head, vec![supplied]).await?;
            self.take_over_in(tx, ctx, &mut order, replacements, TakeOver::Supply)
                .await?;
            moved = true;
        }
        let missing = order.unserved();
        if !missing.is_empty() && until <= tx.now() {
            let still = items(&order, &missing);
            let why = Text::new(
                format!("等到约定日期仍未到货：{}", still.zh),
                format!("It did not come by the day agreed: {}", still.en),
            );
            undecided_in(tx, ctx, &mut order, why).await?;
            moved = true;
        }
        let skus = missing
            .iter()
            .filter_map(|p| Some(order.line(p.order_line_id).ok()?.sku_id));
        Ok((moved, skus.collect()))
    }

    /// What is tried in turn: all that is missing; for a parcel then line by line as much as there is, since a
    /// part of what was ordered is worth sending. Who fetches goods is called once, when all is there.
    async fn portions_in(&self, tx: &Tx, book: &Book, order: &Order) -> Result<Vec<Vec<Part>>> {
        let missing = order.unserved();
        let mut portions = vec![missing.clone()];
        if order.head.method != Method::Delivery {
            return Ok(portions);
        }
        let takes = missing
            .iter()
            .map(|part| Ok(made_of::pieces(order.line(part.order_line_id)?, 1)));
        let takes: Vec<Takes> = takes.collect::<Result<_>>()?;
        let skus: Vec<SkuId> = takes.iter().flatten().map(|(sku, _)| *sku).collect();
        let view = self.view_in(tx, order.head.channel).await?;
        let there = self.parts.stock.availability_in(tx, &skus).await?;
        let there = There::new(&seen(there, &view, book));
        for (part, takes) in missing.into_iter().zip(&takes) {
            let quantity = part.quantity.min(there.anywhere(takes));
            if quantity > 0 {
                portions.push(vec![Part { quantity, ..part }]);
            }
        }
        Ok(portions)
    }
}

fn served_by(found: &[orders::Fulfilment], part: &Part) -> bool {
    found.iter().any(|f| f.quantity_of(part.order_line_id) > 0)
}

/// Waits for supply, which the customer is told with the day.
async fn wait_in(
    tx: &Tx,
    ctx: &Ctx,
    book: &Book,
    order: &mut Order,
    decided: Moment,
    until: Time,
) -> Result<()> {
    let latest = tx
        .now()
        .after(std::time::Duration::from_secs(LONGEST_WAIT_DAYS * 24 * 3600));
    if until <= tx.now() || until > latest {
        let facts = [
            ("min".to_owned(), tx.now().to_string().into()),
            ("max".to_owned(), latest.to_string().into()),
        ];
        return Err(Error::new(&base::codes::INVALID_INPUT).and_field(
            "until",
            &base::codes::OUT_OF_RANGE,
            facts.into_iter().collect(),
        ));
    }
    let missing = order.unserved();
    let zone = order
        .head
        .place_id
        .and_then(|id| book.get(id))
        .and_then(|place| TimeZone::get(&place.timezone).ok())
        .unwrap_or(TimeZone::UTC);
    let day = until.timestamp().to_zoned(zone).date().to_string();
    order.head.waits_until = Some(until);
    let decided = decided.with("until", until.to_string()).with("day", day);
    orders::order_change_in(tx, &mut order.head, vec![decided]).await?;
    let event = OrderWaiting {
        order: (&order.head).into(),
        lines: line_facts(order, &missing)?,
        until,
    };
    emit(tx, ctx, &event).await?;
    Ok(())
}
