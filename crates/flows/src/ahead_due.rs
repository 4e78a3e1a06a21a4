//! What becomes of orders that were sold ahead: goods come and a place serves them, come on another day, or not at all.

use base::{Ctx, FulfilmentId, Result, Text, Time};
use db::Tx;
use orders::{Awaited, FulfilmentChoice, Method, Moment, MomentKind, Order, OrderState, Part};
use places::Book;

use crate::Flows;
use crate::ahead::{announce_in, day_of};
use crate::error::PLACE_FULL;
use crate::part::{TakeOver, items, undecided_in};
use crate::reject::requested;
use crate::room::{self, Room};
use crate::sources::Source;

/// Claims looked at in one go.
const BATCH: i64 = 200;

impl Flows {
    /// Has places serve what has come for orders that were sold ahead, and tells customers whose goods come on another
    /// day, or a colleague where nobody brings them any more; answers how many orders changed.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn ahead_due(&self, ctx: &Ctx) -> Result<usize> {
        let book = self.parts.places.book().await?;
        let mut changed = 0;
        let mut after = None;
        loop {
            let come = self.parts.stock.claims_come(after, BATCH).await?;
            after = come.last().cloned();
            if after.is_none() {
                break;
            }
            for come in come {
                let (flows, actor, book) = (self.clone(), ctx.clone(), book.clone());
                let unit = async move |tx: &Tx| {
                    flows
                        .come_in(tx, &actor, &book, &come.document, &come.owner)
                        .await
                };
                match self.parts.db.write(unit).await {
                    Ok(moved) => changed += usize::from(moved),
                    // The place has all its orders of today: tomorrow it serves this one.
                    Err(error) if error.is(&PLACE_FULL) => {}
                    Err(error) => tracing::error!(?error, "what came for an order could not be taken over"),
                }
            }
        }
        let untold = self.parts.stock.claims_untold(BATCH).await?;
        for document in untold {
            let (flows, actor, book) = (self.clone(), ctx.clone(), book.clone());
            let unit = async move |tx: &Tx| flows.moved_in(tx, &actor, &book, &document).await;
            match self.parts.db.write(unit).await {
                Ok(moved) => changed += usize::from(moved),
                Err(error) => tracing::error!(?error, "a day that moved could not be told"),
            }
        }
        Ok(changed)
    }

    /// A place serves what has come for an order.
    async fn come_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, order: &str, owner: &str) -> Result<bool> {
        let mut order = orders::order_get_in(tx, order.parse()?).await?;
        let Some(at) = order.head.ahead.iter().position(|a| a.id.to_string() == owner) else {
            return Ok(false);
        };
        let next = FulfilmentId::new().to_string();
        let Some(hold) = self.parts.stock.claim_take_in(tx, owner, &next).await? else {
            return Ok(false);
        };
        let coming = order.head.ahead[at].clone();
        let parts = match order.head.method {
            Method::Collect => coming.parts.clone(),
            Method::Delivery => came(&order, &coming, &hold)?,
        };
        let place = book.get(coming.place_id);
        let source = Source {
            place_id: coming.place_id,
            place_name: coming.place_name.clone(),
            parts,
            promised_at: place.map(|place| place.ready_at(tx.now())).transpose()?.flatten(),
            day: place.and_then(|place| place.limited_day(tx.now())),
        };
        let mut fulfilment = requested(tx, &order, &source);
        fulfilment.id = hold.owner.parse()?;
        fulfilment.hold_id = Some(hold.id);
        fulfilment.promised_at = coming.promised_at.max(source.promised_at);
        let left = &mut order.head.ahead[at].parts;
        for part in left.iter_mut() {
            part.quantity -= fulfilment.quantity_of(part.order_line_id);
        }
        left.retain(|part| part.quantity > 0);
        order.head.ahead.retain(|awaited| !awaited.parts.is_empty());
        if order.head.state == OrderState::Paid {
            order.head.state = order.head.state.step(OrderState::Allocated)?;
        }
        let supplied = Moment::new(tx.now(), MomentKind::Supplied, &ctx.actor);
        orders::order_change_in(tx, &mut order.head, vec![supplied]).await?;
        if let Some(day) = source.day {
            let room = Room {
                owner: fulfilment.id,
                place_name: source.place_name.clone(),
                day,
            };
            room::take_in(tx, &[room], None).await?;
        }
        self.take_over_in(tx, ctx, &mut order, vec![fulfilment], TakeOver::Supply)
            .await?;
        Ok(true)
    }

    /// What an order awaits comes on another day, or not at all.
    async fn moved_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, document: &str) -> Result<bool> {
        let mut order = orders::order_get_in(tx, document.parse()?).await?;
        let news = self.parts.stock.claims_tell_in(tx, document).await?;
        let choice = match (&order.head.address, order.head.place_id) {
            (Some(address), _) => FulfilmentChoice::Delivery {
                address: address.clone(),
            },
            (None, place) => FulfilmentChoice::Collect {
                place_id: place.unwrap_or_default(),
            },
        };
        let (mut lost, mut moments) = (Vec::new(), Vec::new());
        let mut ahead = std::mem::take(&mut order.head.ahead);
        for awaited in &mut ahead {
            let owner = awaited.id.to_string();
            let mine: Vec<Option<Time>> = news
                .iter()
                .filter(|news| news.owner == owner)
                .map(|news| news.due_at)
                .collect();
            if mine.is_empty() {
                continue;
            }
            let Some(place) = book.get(awaited.place_id) else {
                continue;
            };
            if mine.contains(&None) {
                lost.push(awaited.clone());
                continue;
            }
            let Some(due) = mine.into_iter().flatten().max().filter(|due| *due > tx.now()) else {
                // What is late is promised for no other day until somebody names one.
                continue;
            };
            let promised = self.arrival_in(tx, book, &choice, place, due).await?;
            let (before, now) = (day_of(place, awaited.promised_at), day_of(place, promised));
            awaited.promised_at = promised;
            if before != now {
                let moment = Moment::new(tx.now(), MomentKind::Awaited, &ctx.actor)
                    .with_text("items", &items(&order, &awaited.parts))
                    .with("day", now)
                    .with("before", before);
                moments.push(moment);
            }
        }
        ahead.retain(|awaited| lost.iter().all(|lost| lost.id != awaited.id));
        order.head.ahead = ahead;
        let has_moved = !moments.is_empty();
        if has_moved {
            orders::order_change_in(tx, &mut order.head, moments).await?;
            announce_in(tx, ctx, &order).await?;
        }
        if !lost.is_empty() {
            let parts: Vec<Part> = lost.iter().flat_map(|lost| lost.parts.clone()).collect();
            let missing = items(&order, &parts);
            let why = Text::new(
                format!("预计到货已取消或减少，缺少：{}", missing.zh),
                format!(
                    "The expected supply does not come; this is missing: {}",
                    missing.en
                ),
            );
            undecided_in(tx, ctx, &mut order, why).await?;
            for lost in &lost {
                self.parts
                    .stock
                    .claim_release_in(tx, &ctx.elevated(), &lost.id.to_string())
                    .await?;
            }
        }
        Ok(has_moved || !lost.is_empty())
    }
}

/// The pieces of a hold as parts of what an order awaits.
fn came(order: &Order, coming: &Awaited, hold: &stock::Hold) -> Result<Vec<Part>> {
    let mut parts = Vec::with_capacity(coming.parts.len());
    for part in &coming.parts {
        let sku = order.line(part.order_line_id)?.sku_id;
        let held: i64 = hold
            .outstanding()
            .filter(|line| line.sku_id == sku)
            .map(|line| line.quantity)
            .sum();
        let quantity = part.quantity.min(held);
        if quantity > 0 {
            parts.push(Part { quantity, ..*part });
        }
    }
    Ok(parts)
}
