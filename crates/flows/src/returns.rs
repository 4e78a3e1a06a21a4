//! Goods come back, to whatever store: money to the tender it came from, stock into that store.

use std::sync::Arc;

use base::{Ctx, Error, OrderId, Page, PageQuery, PlaceId, Resource, Result, ReturnId, SkuId};
use bus::emit;
use db::{Reader, Tx};
use orders::events::{OrderReturned, ReturnedFacts};
use orders::rules::{ReturnWish, take_return};
use orders::{
    Condition, Moment, MomentKind, Order, OrderState, Orders, RETURN_TAKE, Return, ReturnLine, ReturnOut,
};
use payments::RefundId;
use places::{Place, Service};
use serde::{Deserialize, Serialize};
use stock::{MovementKind, NewMovement};

use crate::Flows;
use crate::error::NO_RETURN;
use crate::fail;
use crate::made_of;

/// Goods that are handed in.
#[derive(Clone, Debug)]
pub struct ReturnNew {
    /// The order they were bought with.
    pub order_id: OrderId,
    /// Where they are handed in.
    pub place_id: PlaceId,
    /// What.
    pub wishes: Vec<ReturnWish>,
    /// A word about it.
    pub note: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Taken {
    out: ReturnOut,
    refunds: Vec<RefundId>,
}

impl Flows {
    /// Takes goods back.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `return.*`, `payment.over_refund`.
    pub async fn return_take(&self, ctx: &Ctx, new: ReturnNew) -> Result<ReturnOut> {
        let place = self.return_place(ctx, new.place_id).await?;
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.return_in(tx, &actor, &place, &new).await;
        let taken = self.parts.db.write_once(ctx, "return.take", unit).await?;
        fail::point("return.committed");
        self.settle(ctx, &taken.refunds).await;
        Ok(taken.out)
    }

    async fn return_in(&self, tx: &Tx, ctx: &Ctx, place: &Arc<Place>, new: &ReturnNew) -> Result<Taken> {
        let mut order = orders::order_get_in(tx, new.order_id).await?;
        let (lines, refund) = take_return(&order, &new.wishes)?;
        let document = Return {
            id: ReturnId::new(),
            order_id: order.head.id,
            order_number: order.head.number.clone(),
            place_id: place.id,
            place_name: place.name.clone(),
            lines,
            refund,
            exchange: None,
            note: new.note.clone(),
            actor: ctx.actor.to_string(),
            created_at: tx.now(),
        };
        let out = ReturnOut::from(&document);
        let complete = will_be_complete(&order, &document.lines);
        order.head.state = order.head.state.step(if complete {
            OrderState::Returned
        } else {
            OrderState::PartlyReturned
        })?;
        order.head.refunded += refund.amount_minor;
        let mut moments = vec![
            Moment::new(tx.now(), MomentKind::Returned, &ctx.actor)
                .with_text("place", &place.name)
                .with("return_id", document.id.to_string()),
        ];
        if refund.amount_minor > 0 {
            let moment = Moment::new(tx.now(), MomentKind::Refunded, &ctx.actor);
            moments.push(moment.with("amount", refund.to_string()));
        }
        orders::order_change_in(tx, &mut order.head, moments).await?;
        let event = returned(&order, &document, complete)?;
        let source = document.id.to_string();
        orders::return_take_in(tx, &mut order, document.clone()).await?;
        self.goods_in(tx, ctx, &order, &document).await?;
        let refunds = self
            .parts
            .payments
            .payment_refund_in(tx, ctx, order.head.id, refund, &source)
            .await?;
        emit(tx, ctx, &event).await?;
        fail::point("return.worked_in");
        Ok(Taken { out, refunds })
    }

    /// A place that takes goods back.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `return.no_return`.
    pub(crate) async fn return_place(&self, ctx: &Ctx, id: PlaceId) -> Result<Arc<Place>> {
        ctx.require(RETURN_TAKE, &Resource::Place(id))?;
        let book = self.parts.places.book().await?;
        let place = book
            .get(id)
            .cloned()
            .ok_or_else(|| Error::not_found("place", id))?;
        if !place.active || !place.offers(Service::Return) {
            return Err(Error::new(&NO_RETURN).with("place", place.name.zh.clone()));
        }
        Ok(place)
    }

    /// Puts what came back into the store that took it: on the shelf, or aside until somebody has looked.
    pub(crate) async fn goods_in(&self, tx: &Tx, ctx: &Ctx, order: &Order, document: &Return) -> Result<()> {
        let mut pieces: Vec<(SkuId, i64, &ReturnLine)> = Vec::with_capacity(document.lines.len());
        for line in &document.lines {
            // A kit comes back as what it was made of.
            let made_of = made_of::pieces(order.line(line.order_line_id)?, line.quantity);
            pieces.extend(made_of.into_iter().map(|(sku, quantity)| (sku, quantity, line)));
        }
        pieces.sort_by_key(|(sku, ..)| *sku);
        let skus: Vec<SkuId> = pieces.iter().map(|(sku, ..)| *sku).collect();
        let known = self.parts.catalog.sku_snapshots_in(tx, &skus).await?;
        for (sku, quantity, line) in pieces {
            // A SKU that was deleted since still comes back as a piece; one that is not counted does not.
            if known.get(&sku).is_some_and(|sku| !sku.tracked && !sku.is_kit()) {
                continue;
            }
            let mut movement = NewMovement::new(MovementKind::Return, sku, document.place_id, quantity)
                .of(document.id.to_string());
            movement.inspect = line.condition != Condition::Sellable;
            movement.reason = serde_json::to_value(line.reason)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned));
            self.parts
                .stock
                .movement_record_in(tx, &ctx.elevated(), &movement)
                .await?;
        }
        Ok(())
    }

    /// Returns, the newest first, with the points they took back.
    ///
    /// # Errors
    /// `access.forbidden`.
    pub async fn return_list(
        &self,
        ctx: &Ctx,
        place: Option<PlaceId>,
        page: &PageQuery,
    ) -> Result<Page<ReturnOut>> {
        let mut found = Orders::new(self.parts.db.clone())
            .return_list(ctx, place, page)
            .await?;
        let ids: Vec<ReturnId> = found.items.iter().map(|r| r.id).collect();
        let read = async move |r: &Reader| loyalty::return_points_in(r, &ids).await;
        let points = self.parts.db.read(read).await?;
        for document in &mut found.items {
            document.points_reversed = points.get(&document.id).copied().unwrap_or(0);
        }
        Ok(found)
    }
}

/// Whether nothing is left with the customer once these lines are back.
fn will_be_complete(order: &Order, back: &[ReturnLine]) -> bool {
    order.lines.iter().all(|line| {
        let now: i64 = back
            .iter()
            .filter(|b| b.order_line_id == line.id)
            .map(|b| b.quantity)
            .sum();
        line.returnable() <= now
    })
}

/// What came back, as far as others care.
pub(crate) fn returned_facts(order: &Order, document: &Return) -> Result<Vec<ReturnedFacts>> {
    let facts = document.lines.iter().map(|back| {
        Ok(ReturnedFacts {
            sku_id: back.sku_id,
            product_id: order.line(back.order_line_id)?.product_id,
            name: back.name.clone(),
            quantity: back.quantity,
            reason: back.reason,
            refund: back.refund,
        })
    });
    facts.collect()
}

fn returned(order: &Order, document: &Return, complete: bool) -> Result<OrderReturned> {
    Ok(OrderReturned {
        order: (&order.head).into(),
        return_id: document.id,
        return_place_id: document.place_id,
        return_place_name: document.place_name.clone(),
        lines: returned_facts(order, document)?,
        refund: document.refund,
        complete,
    })
}
