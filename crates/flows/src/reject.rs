//! A place cannot serve: its book is corrected, what it lacks goes to the next place, or a person decides.

use base::{Ctx, FulfilmentId, PlaceId, Result, Text};
use db::Tx;
use orders::{FULFILMENT_PICK, Fulfilment, FulfilmentOut, FulfilmentState, Method, Order, Part};
use places::Book;
use serde::{Deserialize, Serialize};
use stock::{HoldLine, Rejection};
use utoipa::ToSchema;

use crate::Flows;
use crate::fail;
use crate::fulfil::{open, out};
use crate::made_of;
use crate::part::{TakeOver, items, undecided_in};
use crate::sources::{Ask, Source};
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
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotInStock => "not_in_stock",
            Self::Damaged => "damaged",
            Self::Mismatch => "mismatch",
        }
    }

    pub(crate) const fn rejection(self) -> Rejection {
        match self {
            Self::NotInStock => Rejection::NotInStock,
            Self::Damaged => Rejection::Damaged,
            Self::Mismatch => Rejection::Mismatch,
        }
    }

    /// In words for the customer.
    pub(crate) fn text(self) -> Text {
        match self {
            Self::NotInStock => Text::new("店内实际缺货", "it is not on the shelf after all"),
            Self::Damaged => Text::new("商品有破损", "the piece is damaged"),
            Self::Mismatch => Text::new("实物与订单不符", "another article lies in its place"),
        }
    }
}

/// A place's word that it cannot serve.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Why.
    pub reason: RejectReason,
    /// Which pieces are missing or broken; all when none are named. The others stay with the place.
    pub parts: Vec<Part>,
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
        let rejected = self.parts.db.write_once(ctx, "fulfilment.reject", unit).await;
        fail::point("reject.committed");
        rejected
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
        let rejected = self.reject_pieces_in(tx, ctx, &mut order, at, reject).await?;
        let keeps_a_part = order.fulfilments.iter().any(|f| f.state.is_live());
        let found = if order.head.method == Method::Collect && keeps_a_part {
            // Nobody is sent to a second store for a part unless somebody asked them.
            None
        } else {
            self.find_in(tx, ctx, book, &order, &rejected.parts, &rejected_by(&order))
                .await?
        };
        match found {
            Some(replacements) => {
                let from = TakeOver::From {
                    place: rejected.place_name.clone(),
                    reason: reject.reason.text(),
                    promised: rejected.promised_at,
                };
                self.take_over_in(tx, ctx, &mut order, replacements, from).await?;
            }
            None => {
                let (pieces, not_from) = (&rejected.parts, rejected_by(&order));
                if !self.send_in(tx, ctx, book, &mut order, pieces, &not_from).await? {
                    let why = unserved_why(&order, &rejected, keeps_a_part);
                    undecided_in(tx, ctx, &mut order, why).await?;
                }
            }
        }
        fail::point("reject.worked_in");
        let shown = order.fulfilments.iter().position(|f| f.id == rejected.id);
        Ok(RejectOut {
            fulfilment: out(&order, shown.unwrap_or(at)),
            order: order_out_in(tx, &order, viewer).await?,
        })
    }
}

/// The places that said they cannot serve this order.
pub(crate) fn rejected_by(order: &Order) -> Vec<PlaceId> {
    let rejected = order
        .fulfilments
        .iter()
        .filter(|f| f.state == FulfilmentState::Rejected);
    rejected.map(|f| f.place_id).collect()
}

/// Why a person must decide, in words for the customer.
pub(crate) fn unserved_why(order: &Order, rejected: &Fulfilment, keeps_a_part: bool) -> Text {
    if !keeps_a_part {
        return Text::new(
            "没有其他门店能备齐这个订单",
            "No other place can serve this order",
        );
    }
    let (missing, place) = (items(order, &rejected.parts), &rejected.place_name);
    Text::new(
        format!("{}缺少：{}", place.zh, missing.zh),
        format!("{} lacks {}", place.en, missing.en),
    )
}

pub(crate) fn counted_lines(asks: &[Ask], source: &Source) -> Vec<HoldLine> {
    source
        .parts
        .iter()
        .filter_map(|part| {
            let ask = asks.iter().find(|ask| ask.line_id == part.order_line_id)?;
            Some(made_of::hold_lines(&ask.takes, source.place_id, part.quantity))
        })
        .flatten()
        .collect()
}

pub(crate) fn requested(tx: &Tx, order: &Order, source: &Source) -> Fulfilment {
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
        why_text: None,
        why_of: None,
        why: None,
        promised_at: source.promised_at,
        contact_name: order.head.contact.name.clone(),
        carrier: None,
        tracking_number: None,
        code_tries: 0,
        code_locked_until: None,
        pickup_by: None,
        created_at: tx.now(),
        version: 1,
    }
}
