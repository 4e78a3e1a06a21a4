//! A place cannot serve: its book is corrected, the order goes to the next place, or a person decides.

use base::{Ctx, FulfilmentId, OrderLineId, PlaceId, Result, Text};
use bus::emit;
use db::Tx;
use orders::events::{FulfilmentRejected, FulfilmentRequested, OrderMoved, OrderNeedsDecision};
use orders::{
    FULFILMENT_PICK, Fulfilment, FulfilmentOut, FulfilmentState, Method, Moment, MomentKind, Order,
    OrderState,
};
use places::Book;
use serde::{Deserialize, Serialize};
use stock::{HoldLine, HoldRequest, Rejection};
use utoipa::ToSchema;

use crate::Flows;
use crate::fulfil::{advance, open, out, step};
use crate::pay::is_gone;
use crate::sources::{self, Ask, Source, Sourced};
use crate::view::{OrderOut, order_out_in};

/// Why a place cannot serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// The shelf is empty.
    NotInStock,
    /// It is there and broken.
    Damaged,
    /// Something else lies in its place.
    Mismatch,
}

impl RejectReason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::NotInStock => "not_in_stock",
            Self::Damaged => "damaged",
            Self::Mismatch => "mismatch",
        }
    }

    const fn rejection(self) -> Rejection {
        match self {
            Self::NotInStock => Rejection::NotInStock,
            Self::Damaged => Rejection::Damaged,
            Self::Mismatch => Rejection::Mismatch,
        }
    }

    /// In words for the customer.
    fn text(self) -> Text {
        match self {
            Self::NotInStock => Text::new("店内实际缺货", "it is not on the shelf after all"),
            Self::Damaged => Text::new("商品有破损", "the piece is damaged"),
            Self::Mismatch => Text::new("实物与订单不符", "another article lies in its place"),
        }
    }
}

/// A part of a line that cannot be served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RejectedPart {
    /// The order's line.
    pub order_line_id: OrderLineId,
    /// How many of it.
    pub quantity: i64,
}

/// A place's word that it cannot serve.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Why.
    pub reason: RejectReason,
    /// Which pieces are missing or broken; all when none are named. The whole fulfilment moves either way.
    pub parts: Vec<RejectedPart>,
    /// A word about it, for colleagues.
    pub note: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RejectOut {
    /// The rejected fulfilment.
    pub fulfilment: FulfilmentOut,
    /// The order, with whoever serves it now.
    pub order: OrderOut,
}

impl Flows {
    /// Takes a place's word that it cannot serve.
    ///
    /// # Errors
    /// `fulfilment.illegal_step`, `not_found`, `access.forbidden`, `input.invalid` for more than it was to serve.
    pub async fn fulfilment_reject(&self, ctx: &Ctx, id: FulfilmentId, reject: Reject) -> Result<RejectOut> {
        let book = self.parts.places.book().await?;
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.reject_in(tx, &actor, &book, id, &reject).await;
        self.parts.db.write_once(ctx, "fulfilment.reject", unit).await
    }

    async fn reject_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        id: FulfilmentId,
        reject: &Reject,
    ) -> Result<RejectOut> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_PICK).await?;
        let viewer = self.viewer(ctx, &order, None)?;
        let rejected = step(&mut order, at, FulfilmentState::Rejected)?.clone();
        let reason = reject.reason.text();
        let told = Moment::new(tx.now(), MomentKind::Rejected, &ctx.actor)
            .with_text("place", &rejected.place_name)
            .with_text("reason", &reason)
            .with("code", reject.reason.as_str());
        // The order's row before the stock: the house's order of locks.
        orders::order_change_in(tx, &mut order.head, vec![told]).await?;
        orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
        let held = self.held_in(tx, &order, &rejected).await?;
        let missing = missing(&order, &rejected, &held, reject)?;
        if let (Some(hold), false) = (rejected.hold_id, missing.is_empty()) {
            let (stock, system) = (&self.parts.stock, ctx.elevated());
            let (why, note) = (reject.reason.rejection(), reject.note.as_deref());
            stock.reject_in(tx, &system, hold, &missing, why, note).await?;
        }
        self.put_back_in(tx, ctx, &order, &rejected).await?;
        let event = FulfilmentRejected {
            fulfilment: (&rejected).into(),
            reason: reject.reason.as_str().to_owned(),
            note: reject.note.clone(),
        };
        emit(tx, ctx, &event).await?;
        let found = self
            .source_again_in(tx, ctx, book, &order, &rejected, &held)
            .await?;
        match found {
            Some(replacements) => move_in(tx, ctx, &mut order, &rejected, reason, replacements).await?,
            None => nobody_in(tx, ctx, &mut order).await?,
        }
        Ok(RejectOut {
            fulfilment: out(&order, at),
            order: order_out_in(tx, &order, viewer).await?,
        })
    }

    /// Finds and holds what the rejected fulfilment was to serve, at places that have not rejected the order.
    async fn source_again_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &Order,
        rejected: &Fulfilment,
        held: &[HoldLine],
    ) -> Result<Option<Vec<Fulfilment>>> {
        let before: Vec<PlaceId> = order
            .fulfilments
            .iter()
            .filter(|f| f.state == FulfilmentState::Rejected)
            .map(|f| f.place_id)
            .collect();
        let mut asks = Vec::with_capacity(rejected.parts.len());
        for part in &rejected.parts {
            let line = order.line(part.order_line_id)?;
            let tracked = held.iter().any(|h| h.sku_id == line.sku_id);
            asks.push(Ask {
                line_id: line.id,
                sku_id: line.sku_id,
                quantity: part.quantity,
                tracked,
            });
        }
        let stock = &self.parts.stock;
        let sourced = match (order.head.method, &order.head.address) {
            (Method::Delivery, Some(address)) => {
                match sources::delivery_in(tx, stock, book, &asks, address, &before).await {
                    Ok(sourced) => Some(sourced),
                    Err(error) if error.is(&stock::INSUFFICIENT) => None,
                    Err(error) => return Err(error),
                }
            }
            _ => {
                let origin = order.head.place_id.unwrap_or(rejected.place_id);
                let promised = rejected.promised_at;
                sources::collect_elsewhere_in(tx, stock, book, &asks, origin, promised, &before).await?
            }
        };
        match sourced {
            Some(sourced) => self.hold_sourced_in(tx, ctx, order, &asks, sourced).await,
            None => Ok(None),
        }
    }

    async fn hold_sourced_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        asks: &[Ask],
        sourced: Sourced,
    ) -> Result<Option<Vec<Fulfilment>>> {
        let mut fulfilments = Vec::with_capacity(sourced.sources.len());
        for source in sourced.sources {
            let mut fulfilment = requested(tx, order, &source);
            fulfilment.why = sourced.why.clone();
            let lines = counted_lines(asks, &source);
            if !lines.is_empty() {
                let request = HoldRequest {
                    owner: fulfilment.id.to_string(),
                    lines,
                    expires_at: None,
                };
                match self.parts.stock.hold_place_in(tx, &ctx.elevated(), request).await {
                    Ok(hold) => fulfilment.hold_id = Some(hold.id),
                    Err(error) if is_gone(&error) => return Ok(None),
                    Err(error) => return Err(error),
                }
            }
            fulfilments.push(fulfilment);
        }
        Ok(Some(fulfilments))
    }
}

/// Other places serve what one could not.
async fn move_in(
    tx: &Tx,
    ctx: &Ctx,
    order: &mut Order,
    rejected: &Fulfilment,
    reason: Text,
    replacements: Vec<Fulfilment>,
) -> Result<()> {
    if let (Method::Collect, Some(first)) = (order.head.method, replacements.first()) {
        order.head.place_id = Some(first.place_id);
        order.head.place_name = Some(first.place_name.clone());
    }
    let moved = |f: &Fulfilment| {
        Moment::new(tx.now(), MomentKind::Moved, &ctx.actor).with_text("place", &f.place_name)
    };
    let moments = replacements.iter().map(moved).collect();
    orders::fulfilment_request_in(tx, &replacements).await?;
    order.fulfilments.extend(replacements.iter().cloned());
    advance(tx, order, moments).await?;
    for fulfilment in &replacements {
        emit(
            tx,
            ctx,
            &FulfilmentRequested {
                fulfilment: fulfilment.into(),
            },
        )
        .await?;
    }
    let moved = OrderMoved {
        order: (&order.head).into(),
        from_place: rejected.place_name.clone(),
        reason,
        to: replacements.iter().map(Into::into).collect(),
        promised_before: rejected.promised_at,
    };
    emit(tx, ctx, &moved).await?;
    Ok(())
}

/// Nobody else can serve it: never a silent cancellation, a person decides.
async fn nobody_in(tx: &Tx, ctx: &Ctx, order: &mut Order) -> Result<()> {
    let why = Text::new(
        "没有其他门店能备齐这个订单",
        "No other place can serve this order",
    );
    order.head.state = order.head.state.step(OrderState::NeedsDecision)?;
    let decide = Moment::new(tx.now(), MomentKind::NeedsDecision, &ctx.actor).with_text("why", &why);
    orders::order_change_in(tx, &mut order.head, vec![decide]).await?;
    let refund = base::Money::zero(order.head.currency);
    emit(
        tx,
        ctx,
        &OrderNeedsDecision {
            order: (&order.head).into(),
            why,
            refund,
        },
    )
    .await?;
    Ok(())
}

/// The held pieces that are missing or broken.
fn missing(
    order: &Order,
    rejected: &Fulfilment,
    held: &[HoldLine],
    reject: &Reject,
) -> Result<Vec<HoldLine>> {
    if reject.parts.is_empty() {
        return Ok(held.to_vec());
    }
    let mut lines = Vec::with_capacity(reject.parts.len());
    for (nth, part) in reject.parts.iter().enumerate() {
        let served = rejected
            .parts
            .iter()
            .find(|p| p.order_line_id == part.order_line_id);
        let most = served.map_or(0, |p| p.quantity);
        if part.quantity < 1 || part.quantity > most {
            return Err(crate::cart::range(&format!("lines[{nth}].quantity"), 1, most));
        }
        let sku = order.line(part.order_line_id)?.sku_id;
        if let Some(line) = held.iter().find(|h| h.sku_id == sku) {
            lines.push(HoldLine::new(
                sku,
                line.place_id,
                part.quantity.min(line.quantity),
            ));
        }
    }
    Ok(lines)
}

fn counted_lines(asks: &[Ask], source: &Source) -> Vec<HoldLine> {
    source
        .parts
        .iter()
        .filter_map(|part| {
            let ask = asks
                .iter()
                .find(|ask| ask.line_id == part.order_line_id && ask.tracked)?;
            Some(HoldLine::new(ask.sku_id, source.place_id, part.quantity))
        })
        .collect()
}

fn requested(tx: &Tx, order: &Order, source: &Source) -> Fulfilment {
    Fulfilment {
        id: FulfilmentId::new(),
        order_id: order.head.id,
        order_number: order.head.number.clone(),
        method: order.head.method,
        place_id: source.place_id,
        place_name: source.place_name.clone(),
        state: FulfilmentState::Requested,
        hold_id: None,
        parts: source.parts.clone(),
        why: None,
        promised_at: source.promised_at,
        contact_name: order.head.contact.name.clone(),
        carrier: None,
        tracking_number: None,
        code_tries: 0,
        code_locked_until: None,
        created_at: tx.now(),
        version: 1,
    }
}
