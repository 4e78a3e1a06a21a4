//! What is sent: the shapes of the API's answers, and how they are made.

use base::{
    Currency, FulfilmentId, MemberId, Money, OrderId, OrderLineId, PlaceId, ProductId, ReturnId, SkuId, Text,
    Time, TransferId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::exchange::Exchange;
use crate::model::{
    Amounts, Channel, Condition, Fulfilment, Line, LineComponent, LineImage, Method, Order, OrderHead, Part,
    Return, ReturnLine, ReturnReason,
};
use crate::number::OrderNumber;
use crate::plan::SourcingWhy;
use crate::price::LinePriceOut;
use crate::state::{FulfilmentState, OrderState};
use crate::timeline::TimelineItem;

/// The amounts as sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    /// Lines before discounts.
    pub goods: Money,
    /// Taken off.
    pub discount: Money,
    /// For the delivery.
    pub shipping: Money,
    /// Tax within the total.
    pub tax_included: Money,
    /// What is to be paid.
    pub total: Money,
}

impl Amounts {
    /// With their currency.
    #[must_use]
    pub const fn in_currency(&self, currency: Currency) -> Totals {
        Totals {
            goods: Money::new(self.goods, currency),
            discount: Money::new(self.discount, currency),
            shipping: Money::new(self.shipping, currency),
            tax_included: Money::new(self.tax_included, currency),
            total: Money::new(self.total, currency),
        }
    }
}

/// An order as a line of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderSummary {
    /// Its name.
    pub id: OrderId,
    /// Its name for people.
    pub number: OrderNumber,
    /// Where it stands.
    pub state: OrderState,
    /// Where it came from.
    pub channel: Channel,
    /// Where it was sold or is collected.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// The member who bought.
    pub member_id: Option<MemberId>,
    /// Who to call; masked for staff who may not read personal data.
    pub contact_name: String,
    /// What it costs.
    pub total: Money,
    /// Pieces bought.
    pub item_count: i64,
    /// A picture of its first line.
    pub first_image: Option<LineImage>,
    /// When it was placed.
    pub placed_at: Time,
    /// How the goods reach the customer.
    pub fulfilment_method: Method,
}

/// A fulfilment with the lines spelled out, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Fulfilment)]
pub struct FulfilmentOut {
    /// Its name.
    pub id: FulfilmentId,
    /// The order.
    pub order_id: OrderId,
    /// The order's number.
    pub order_number: OrderNumber,
    /// How the goods reach the customer.
    pub method: Method,
    /// The place that serves it.
    pub place_id: PlaceId,
    /// The place's name.
    pub place_name: Text,
    /// Where it stands.
    pub state: FulfilmentState,
    /// What it serves.
    pub lines: Vec<FulfilmentLineOut>,
    /// When the customer was told it would be there.
    pub promised_at: Option<Time>,
    /// Who fetches or receives it, masked.
    pub contact_name: String,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number for it.
    pub tracking_number: Option<String>,
    /// Until when it waits at the counter.
    pub pickup_by: Option<Time>,
    /// Until when no pickup code is looked at, after too many wrong ones.
    pub code_locked_until: Option<Time>,
    /// When the place was asked.
    pub created_at: Time,
    /// Why this place, with every place that was looked at; for staff who ask for the whole order.
    pub why: Option<SourcingWhy>,
    /// Why this place, in a sentence for its customer.
    pub why_text: Option<Text>,
}

/// A line of a fulfilment, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FulfilmentLine)]
pub struct FulfilmentLineOut {
    /// The order's line.
    pub order_line_id: OrderLineId,
    /// Its SKU.
    pub sku_id: SkuId,
    /// What it is called.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// Its picture.
    pub image: Option<LineImage>,
    /// Its barcode.
    pub barcode: Option<String>,
    /// How many.
    pub quantity: i64,
    /// What one of it is made of, when it is a kit.
    #[serde(default)]
    pub components: Vec<LineComponent>,
}

/// Pieces that were sold before they were there, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AwaitedPieces)]
pub struct AwaitedOut {
    /// The place that serves them once they have come.
    pub place_id: PlaceId,
    /// Its name.
    pub place_name: Text,
    /// The zone its clock is in.
    #[serde(default)]
    pub timezone: Option<String>,
    /// What is still to come.
    pub lines: Vec<FulfilmentLineOut>,
    /// When they are promised; nothing while nobody knows.
    pub promised_at: Option<Time>,
    /// Who sends them, where another place does; otherwise they are due from suppliers.
    #[serde(default)]
    pub sent: Option<SentOut>,
}

/// Pieces that another place sends to where they are collected, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SentPieces)]
pub struct SentOut {
    /// The transfer that carries them.
    pub transfer_id: TransferId,
    /// Who sends them.
    pub from_place_id: PlaceId,
    /// Its name.
    pub from_place_name: Text,
    /// Which of the awaited pieces; the others wait where they are collected.
    pub lines: Vec<FulfilmentLineOut>,
    /// By when they arrive.
    pub due_at: Time,
    /// When they left.
    pub left_at: Option<Time>,
    /// Why from there, with every place that was looked at; for staff only.
    pub why: Option<SourcingWhy>,
}

impl AwaitedOut {
    /// What an order awaits. `for_staff` shows why a place sends it.
    #[must_use]
    pub fn of(order: &crate::model::Order, for_staff: bool) -> Vec<Self> {
        let ahead = order.head.ahead.iter();
        ahead
            .map(|awaited| Self {
                place_id: awaited.place_id,
                place_name: awaited.place_name.clone(),
                timezone: awaited.timezone.clone(),
                lines: FulfilmentLineOut::of(&awaited.parts, &order.lines),
                promised_at: awaited.promised_at,
                sent: awaited.sent.as_ref().map(|sent| SentOut {
                    transfer_id: sent.transfer_id,
                    from_place_id: sent.from_place_id,
                    from_place_name: sent.from_place_name.clone(),
                    lines: FulfilmentLineOut::of(&sent.parts, &order.lines),
                    due_at: sent.due_at,
                    left_at: sent.left_at,
                    why: sent.why.clone().filter(|_| for_staff),
                }),
            })
            .collect()
    }
}

/// A line of an order, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderLine)]
pub struct LineOut {
    /// Its name.
    pub id: OrderLineId,
    /// Its SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// What it was called when it was bought.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// Its picture.
    pub image: Option<LineImage>,
    /// How many were bought.
    pub quantity: i64,
    /// How many came back.
    pub quantity_returned: i64,
    /// How many were never handed over.
    pub quantity_cancelled: i64,
    /// What one cost.
    pub unit_price: Money,
    /// Taken off.
    pub discount: Money,
    /// What the line cost.
    pub total: Money,
    /// How it came to its price; unknown for orders of other systems.
    #[serde(default)]
    pub price: Option<LinePriceOut>,
    /// What one of it is made of, when it is a kit.
    #[serde(default)]
    pub components: Vec<LineComponent>,
}

/// A return, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReturnDoc)]
pub struct ReturnOut {
    /// Its name.
    pub id: ReturnId,
    /// The order.
    pub order_id: OrderId,
    /// The order's number.
    pub order_number: OrderNumber,
    /// Where the goods were handed in.
    pub place_id: PlaceId,
    /// That place's name.
    pub place_name: Text,
    /// What came back.
    pub lines: Vec<ReturnLineOut>,
    /// What is paid back.
    pub refund: Money,
    /// What went out instead; absent for a plain return.
    #[serde(default)]
    pub exchange: Option<Exchange>,
    /// Points taken back; filled in by who knows them.
    pub points_reversed: i64,
    /// A word of the person who took it.
    pub note: Option<String>,
    /// Who took it.
    pub actor: String,
    /// When.
    pub created_at: Time,
}

/// A line of a return, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReturnLine)]
pub struct ReturnLineOut {
    /// The order's line.
    pub order_line_id: OrderLineId,
    /// Its SKU.
    pub sku_id: SkuId,
    /// What it was called.
    pub name: Text,
    /// How many.
    pub quantity: i64,
    /// Why.
    pub reason: ReturnReason,
    /// In what state.
    pub condition: Condition,
    /// What it had cost: paid back for it, or set off against what was taken instead.
    pub refund: Money,
}

/// The parts of an order that this crate can show; `flows` adds the payments.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its lines.
    pub lines: Vec<LineOut>,
    /// Who serves it.
    pub fulfilments: Vec<FulfilmentOut>,
    /// What came back.
    pub returns: Vec<ReturnOut>,
    /// What happened.
    pub timeline: Vec<TimelineItem>,
}

impl LineOut {
    fn new(line: &Line, currency: Currency) -> Self {
        let money = |amount| Money::new(amount, currency);
        Self {
            id: line.id,
            sku_id: line.sku_id,
            product_id: line.product_id,
            name: line.snapshot.name.clone(),
            option: line.snapshot.option.clone(),
            image: line.snapshot.image.clone(),
            quantity: line.quantity,
            quantity_returned: line.quantity_returned,
            quantity_cancelled: line.quantity_cancelled,
            unit_price: money(line.unit_price),
            discount: money(line.discount),
            total: money(line.total),
            price: line
                .snapshot
                .price
                .as_ref()
                .map(|price| price.in_currency(currency)),
            components: line.snapshot.components.clone(),
        }
    }
}

impl From<&OrderHead> for OrderSummary {
    fn from(head: &OrderHead) -> Self {
        Self {
            id: head.id,
            number: head.number.clone(),
            state: head.state,
            channel: head.channel,
            place_id: head.place_id,
            place_name: head.place_name.clone(),
            member_id: head.member_id,
            contact_name: head.contact.name.clone(),
            total: head.total(),
            item_count: head.item_count,
            first_image: head.image.clone(),
            placed_at: head.placed_at,
            fulfilment_method: head.method,
        }
    }
}

impl FulfilmentLineOut {
    /// Parts with the order's lines spelled out.
    #[must_use]
    pub fn of(parts: &[Part], lines: &[Line]) -> Vec<Self> {
        let spelled = parts.iter().filter_map(|part| {
            let line = lines.iter().find(|l| l.id == part.order_line_id)?;
            Some(Self {
                order_line_id: line.id,
                sku_id: line.sku_id,
                name: line.snapshot.name.clone(),
                option: line.snapshot.option.clone(),
                image: line.snapshot.image.clone(),
                barcode: line.snapshot.barcode.clone(),
                quantity: part.quantity,
                components: line.snapshot.components.clone(),
            })
        });
        spelled.collect()
    }
}

impl FulfilmentOut {
    /// With the order's lines at hand. `for_staff` shows why this place was chosen.
    #[must_use]
    pub fn new(fulfilment: &Fulfilment, lines: &[Line], for_staff: bool) -> Self {
        Self {
            id: fulfilment.id,
            order_id: fulfilment.order_id,
            order_number: fulfilment.order_number.clone(),
            method: fulfilment.method,
            place_id: fulfilment.place_id,
            place_name: fulfilment.place_name.clone(),
            state: fulfilment.state,
            lines: FulfilmentLineOut::of(&fulfilment.parts, lines),
            promised_at: fulfilment.promised_at,
            contact_name: crate::contact::mask_name(&fulfilment.contact_name),
            carrier: fulfilment.carrier.clone(),
            tracking_number: fulfilment.tracking_number.clone(),
            pickup_by: fulfilment.pickup_by,
            code_locked_until: fulfilment.code_locked_until,
            created_at: fulfilment.created_at,
            why: fulfilment.why.clone().filter(|_| for_staff),
            why_text: fulfilment.why_text.clone(),
        }
    }
}

impl From<&ReturnLine> for ReturnLineOut {
    fn from(line: &ReturnLine) -> Self {
        Self {
            order_line_id: line.order_line_id,
            sku_id: line.sku_id,
            name: line.name.clone(),
            quantity: line.quantity,
            reason: line.reason,
            condition: line.condition,
            refund: line.refund,
        }
    }
}

impl From<&Return> for ReturnOut {
    fn from(document: &Return) -> Self {
        Self {
            id: document.id,
            order_id: document.order_id,
            order_number: document.order_number.clone(),
            place_id: document.place_id,
            place_name: document.place_name.clone(),
            lines: document.lines.iter().map(Into::into).collect(),
            refund: document.refund,
            exchange: document.exchange.clone(),
            points_reversed: 0,
            note: document.note.clone(),
            actor: document.actor.clone(),
            created_at: document.created_at,
        }
    }
}

impl Shown {
    /// What this crate can show of an order. An order that waits for its payment shows the fulfilments it
    /// will ask for. `for_staff` shows who did what and why a place was chosen.
    #[must_use]
    pub fn new(order: &Order, for_staff: bool) -> Self {
        let waits = order.head.state == OrderState::PendingPayment;
        let planned = if waits { order.planned(None) } else { Vec::new() };
        let fulfilments = if order.fulfilments.is_empty() {
            &planned
        } else {
            &order.fulfilments
        };
        Self {
            lines: order
                .lines
                .iter()
                .map(|line| LineOut::new(line, order.head.currency))
                .collect(),
            fulfilments: fulfilments
                .iter()
                .map(|f| FulfilmentOut::new(f, &order.lines, for_staff))
                .collect(),
            returns: order.returns.iter().map(ReturnOut::from).collect(),
            timeline: order
                .head
                .moments
                .iter()
                .map(|m| TimelineItem::new(m, for_staff))
                .collect(),
        }
    }
}
