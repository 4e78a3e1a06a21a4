//! Carts, orders and what hangs on them.

pub use base::Channel;
use base::{
    CartId, Currency, Error, FulfilmentId, HoldId, MemberId, Money, OrderId, OrderLineId, PlaceId, ProductId,
    PromotionId, Result, ReturnId, SkuId, Text, Time, TransferId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::change::OpenChange;
use crate::contact::{Contact, DeliveryAddress, FulfilmentChoice};
use crate::exchange::Exchange;
use crate::number::OrderNumber;
use crate::plan::SourcingWhy;
use crate::price::{LinePrice, PriceStep};
use crate::state::{FulfilmentState, OrderState, parse};
use crate::timeline::Moment;

/// How the goods reach the customer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The customer fetches them from a place.
    Collect,
    /// They are brought to an address.
    Delivery,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 2] = [Self::Collect, Self::Delivery];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Delivery => "delivery",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// What is wanted of one SKU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The SKU.
    pub sku_id: SkuId,
    /// How many.
    #[schema(minimum = 1, maximum = 9999)]
    pub quantity: i64,
}

/// A basket. It knows what is wanted, never what it costs: prices are read live.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cart {
    /// Its name.
    pub id: CartId,
    /// Where it was filled.
    pub channel: Channel,
    /// The currency it will be paid in.
    pub currency: Currency,
    /// Whose it is, once somebody signed in.
    pub member_id: Option<MemberId>,
    /// What is wanted, one entry a SKU.
    pub lines: Vec<Wanted>,
    /// How it is wanted.
    pub choice: Option<FulfilmentChoice>,
    /// Who to call.
    pub contact: Option<Contact>,
    /// The promotion code that was typed, in its one form.
    #[serde(default)]
    pub promotion_code: Option<String>,
    /// The order it became.
    pub order_id: Option<OrderId>,
    /// Raised by one at every change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Time,
}

/// A picture with its size and a text for those who cannot see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct LineImage {
    /// Where it is.
    pub url: String,
    /// What it shows.
    pub alt: Text,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
}

/// One of the articles a kit was made of when it was bought.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderLineComponent)]
pub struct LineComponent {
    /// Its SKU.
    pub sku_id: SkuId,
    /// What it was called.
    pub name: Text,
    /// What sets it apart from its siblings; may be empty.
    pub option: Text,
    /// Its first barcode, for the picker's scanner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// How many are in one piece of the kit.
    pub quantity: i64,
    /// Whether its stock is counted.
    pub counted: bool,
}

/// What a product was called and looked like when it was bought.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// The product's name.
    pub name: Text,
    /// What sets this SKU apart from its siblings; may be empty.
    pub option: Text,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<LineImage>,
    /// Its first barcode, for the picker's scanner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// How it came to its price; unknown for orders of other systems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<LinePrice>,
    /// What one of it was made of, when it was a kit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<LineComponent>,
}

/// A line that is about to be priced.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// What it is called.
    pub snapshot: Snapshot,
    /// How many.
    pub quantity: i64,
    /// What one costs, tax included, in minor units.
    pub unit_price: i64,
}

/// A line of an order. Amounts are minor units of the order's currency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// Its name.
    pub id: OrderLineId,
    /// The SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// What it was called.
    pub snapshot: Snapshot,
    /// How many were bought.
    pub quantity: i64,
    /// How many came back.
    pub quantity_returned: i64,
    /// How many were never handed over.
    pub quantity_cancelled: i64,
    /// What one cost before discounts.
    pub unit_price: i64,
    /// This line's share of the order's discounts.
    pub discount: i64,
    /// What the line cost.
    pub total: i64,
}

impl Line {
    /// How many may still be returned.
    #[must_use]
    pub const fn returnable(&self) -> i64 {
        self.quantity - self.quantity_returned - self.quantity_cancelled
    }
}

/// The amounts of a cart or an order, in minor units. `total = goods - discount + shipping`; the tax is
/// within the total.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Amounts {
    /// Lines before discounts.
    pub goods: i64,
    /// Taken off.
    pub discount: i64,
    /// For the delivery.
    pub shipping: i64,
    /// Tax within the total.
    pub tax_included: i64,
    /// What is to be paid.
    pub total: i64,
}

/// A part of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The line.
    pub order_line_id: OrderLineId,
    /// How many of it.
    pub quantity: i64,
}

/// The part of an order one place serves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fulfilment {
    /// Its name.
    pub id: FulfilmentId,
    /// The order.
    pub order_id: OrderId,
    /// The order's number.
    pub order_number: OrderNumber,
    /// How the goods reach the customer.
    pub method: Method,
    /// The place.
    pub place_id: PlaceId,
    /// The place's name when it was asked.
    pub place_name: Text,
    /// Where it stands.
    pub state: FulfilmentState,
    /// The stock kept for it.
    pub hold_id: Option<HoldId>,
    /// What it serves.
    pub parts: Vec<Part>,
    /// Why this place, in a sentence for its customer.
    pub why_text: Option<Text>,
    /// The fulfilment under whose name the whole decision is kept: the first of those it asked for.
    pub why_of: Option<FulfilmentId>,
    /// The whole decision; known while it is made, and where it was asked for ([`crate::why_fill_in`]).
    pub why: Option<SourcingWhy>,
    /// When the customer was told it would be there.
    pub promised_at: Option<Time>,
    /// Who fetches or receives it.
    pub contact_name: String,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number for it.
    pub tracking_number: Option<String>,
    /// Wrong pickup codes since the last lock.
    pub code_tries: i64,
    /// Until when no pickup code is looked at.
    pub code_locked_until: Option<Time>,
    /// Until when it waits at the counter.
    pub pickup_by: Option<Time>,
    /// When the place was asked.
    pub created_at: Time,
    /// Raised by one at every change.
    pub version: i64,
}

/// What was decided when the stock was held, kept until the order is paid.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The parts, one a place.
    pub fulfilments: Vec<PlannedFulfilment>,
    /// Why these places; known while the order is drawn up, then kept apart.
    #[serde(default, skip_serializing)]
    pub why: Option<SourcingWhy>,
    /// The fulfilment under whose name it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_of: Option<FulfilmentId>,
    /// Every step from the tariff to what the delivery costs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipping_steps: Vec<PriceStep>,
    /// The promotion code whose use is kept for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<PlannedCode>,
}

/// A promotion code an order uses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlannedCode {
    /// Its promotion.
    pub promotion_id: PromotionId,
    /// What was typed.
    pub code: String,
}

/// A fulfilment that will be asked for once the order is paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlannedFulfilment {
    /// The name it will have.
    pub id: FulfilmentId,
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub place_name: Text,
    /// What it will serve.
    pub parts: Vec<Part>,
    /// When the customer was told it would be there.
    pub promised_at: Option<Time>,
    /// Why this place, in a sentence for its customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_text: Option<Text>,
}

/// Pieces that another place sends to where they are collected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// The transfer that carries them.
    pub transfer_id: TransferId,
    /// Who sends them.
    pub from_place_id: PlaceId,
    /// Its name.
    pub from_place_name: Text,
    /// Which of the awaited pieces; the others wait where they are collected.
    pub parts: Vec<Part>,
    /// By when they arrive.
    pub due_at: Time,
    /// When they left.
    #[serde(default)]
    pub left_at: Option<Time>,
    /// Why from there.
    #[serde(default)]
    pub why: Option<SourcingWhy>,
}

/// Pieces that were sold before they were there: a place serves them once they have come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Awaited {
    /// The name of the claim on what is due, and of the first fulfilment that comes of it.
    pub id: FulfilmentId,
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub place_name: Text,
    /// The zone its clock is in.
    #[serde(default)]
    pub timezone: Option<String>,
    /// What is still to come.
    pub parts: Vec<Part>,
    /// When the customer was told it would be there.
    pub promised_at: Option<Time>,
    /// Who sends it, where another place does; otherwise it is due from suppliers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
}

/// An order without its lines and fulfilments.
#[derive(Clone, Debug)]
pub struct OrderHead {
    /// Its name.
    pub id: OrderId,
    /// Its name for people.
    pub number: OrderNumber,
    /// Where it stands.
    pub state: OrderState,
    /// Where it came from.
    pub channel: Channel,
    /// The currency of every amount.
    pub currency: Currency,
    /// The member who bought.
    pub member_id: Option<MemberId>,
    /// Who to call.
    pub contact: Contact,
    /// How the goods reach the customer.
    pub method: Method,
    /// Where they go.
    pub address: Option<DeliveryAddress>,
    /// Where it was sold or is collected.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// What it costs.
    pub amounts: Amounts,
    /// What went back, or is on its way back: in money, or set off against goods taken instead.
    pub refunded: i64,
    /// Pieces bought.
    pub item_count: i64,
    /// A picture of its first line.
    pub image: Option<LineImage>,
    /// What was decided when the stock was held.
    pub plan: Plan,
    /// Until when the stock is kept without payment.
    pub hold_expires_at: Option<Time>,
    /// What was sold before it was there and is still to come.
    pub ahead: Vec<Awaited>,
    /// Until when a person decided to wait for supply.
    pub waits_until: Option<Time>,
    /// A change that waits for the payment of its difference.
    pub change: Option<OpenChange>,
    /// What happened, oldest first.
    pub moments: Vec<Moment>,
    /// When it was placed.
    pub placed_at: Time,
    /// Raised by one at every change.
    pub version: i64,
}

impl OrderHead {
    /// Its total.
    #[must_use]
    pub const fn total(&self) -> Money {
        Money::new(self.amounts.total, self.currency)
    }

    /// What the customer has paid and kept.
    #[must_use]
    pub const fn net(&self) -> Money {
        Money::new(self.amounts.total - self.refunded, self.currency)
    }
}

/// A whole order, as the rules and the flows see it.
#[derive(Clone, Debug)]
pub struct Order {
    /// The order itself.
    pub head: OrderHead,
    /// Its lines, in the order they were put in.
    pub lines: Vec<Line>,
    /// Who serves it, oldest first, rejected ones included.
    pub fulfilments: Vec<Fulfilment>,
    /// What came back, oldest first.
    pub returns: Vec<Return>,
}

impl Order {
    /// One of its lines.
    ///
    /// # Errors
    /// `not_found`.
    pub fn line(&self, id: OrderLineId) -> Result<&Line> {
        self.lines
            .iter()
            .find(|l| l.id == id)
            .ok_or_else(|| Error::not_found("order line", id))
    }
}

/// Why something comes back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// It does not work.
    Defective,
    /// Not what was ordered.
    WrongItem,
    /// Not as it was described.
    NotAsDescribed,
    /// No longer wanted.
    ChangedMind,
    /// Broken on the way.
    DamagedInTransit,
    /// Another reason; see the note.
    Other,
}

/// What state it comes back in; decides where the stock goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Back on the shelf.
    Sellable,
    /// Somebody must look at it first.
    Inspect,
    /// Not to be sold.
    Damaged,
}

/// One line of a return.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReturnLine {
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

/// Goods that came back. Where others went out for them, each line says what it was set off at.
#[derive(Clone, Debug)]
pub struct Return {
    /// Its name.
    pub id: ReturnId,
    /// The order.
    pub order_id: OrderId,
    /// The order's number.
    pub order_number: OrderNumber,
    /// Where they were handed in.
    pub place_id: PlaceId,
    /// That place's name.
    pub place_name: Text,
    /// What came back.
    pub lines: Vec<ReturnLine>,
    /// What is paid back.
    pub refund: Money,
    /// What went out instead.
    pub exchange: Option<Exchange>,
    /// A word of the person who took it.
    pub note: Option<String>,
    /// Who took it.
    pub actor: String,
    /// When.
    pub created_at: Time,
}

/// An order of another system, with everything that happened to it there.
#[derive(Clone, Debug)]
pub struct ImportedOrder {
    /// Its name here; the same input must give the same name, so that a second run changes nothing.
    pub id: OrderId,
    /// Its state, final or not.
    pub state: OrderState,
    /// Where it came from.
    pub channel: Channel,
    /// The currency of every amount.
    pub currency: Currency,
    /// The member who bought.
    pub member_id: Option<MemberId>,
    /// Who to call.
    pub contact: Contact,
    /// How the goods reached the customer.
    pub method: Method,
    /// Where to, for a delivery.
    pub address: Option<DeliveryAddress>,
    /// Where it was sold or collected.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// Its lines. Discounts, where they are known, are in the lines.
    pub lines: Vec<Line>,
    /// For the delivery.
    pub shipping: i64,
    /// Tax within the total.
    pub tax_included: i64,
    /// What went back.
    pub refunded: i64,
    /// Who served it.
    pub fulfilments: Vec<Fulfilment>,
    /// What came back.
    pub returns: Vec<Return>,
    /// What happened, oldest first.
    pub moments: Vec<Moment>,
    /// When it was placed.
    pub placed_at: Time,
}
