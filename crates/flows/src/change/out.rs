//! A change of an order, as sent.

use base::{Money, OrderChangeId, PaymentId, PlaceId, Text, Time};
use orders::{Changed, Line, Method, OpenChange, Order, PriceStep, Totals};
use payments::Payment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Settled;
use super::draw::{Asked, in_words};
use crate::cart::CartLineOut;
use crate::code::CartCodeOut;
use crate::exchange::ExchangeRefundOut;

/// What a change does with money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderChangePay)]
pub enum ChangePay {
    /// It costs the same.
    Nothing,
    /// The difference is paid first; then the change is made.
    First,
    /// The difference goes back.
    Back,
    /// What is paid at the counter is another sum.
    AtCounter,
}

/// What a change would come to, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderChangePreview {
    /// What would be changed, in words.
    pub what: Text,
    /// What the order would consist of, with why it costs what it costs.
    pub lines: Vec<CartLineOut>,
    /// What it would cost.
    pub totals: Totals,
    /// Every step from the tariff to what the delivery costs.
    pub shipping_steps: Vec<PriceStep>,
    /// What would become of the promotion code the order used; absent where none was or nothing is priced anew.
    pub promotion_code: Option<CartCodeOut>,
    /// What it costs now, less what went back.
    pub before: Money,
    /// What would be paid on top; below zero is what would go back. Agree to this amount.
    pub difference: Money,
    /// What that means.
    pub pay: ChangePay,
    /// Until when its stock would be held for the payment.
    pub held_until: Option<Time>,
    /// Where money that goes back goes, in the order this installation gives back.
    pub refund_to: Vec<ExchangeRefundOut>,
    /// How the goods would reach the customer.
    pub method: Method,
    /// Places that would get more to do, or all of them where the goods go another way.
    pub places: Vec<ChangePlace>,
}

/// What a place would take on, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderChangePlace)]
pub struct ChangePlace {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// How many pieces.
    pub quantity: i64,
    /// When it would be there.
    pub promised_at: Option<Time>,
}

impl OrderChangePreview {
    pub(super) fn new(
        order: &Order,
        after: &Order,
        changed: &Changed,
        asked: &Asked,
        money: &Settled,
        refund_to: Vec<(Payment, i64)>,
        held_until: Option<Time>,
    ) -> Self {
        let currency = order.head.currency;
        let lines = after.lines.iter().filter(|line| line.wanted() > 0);
        let refund_to = refund_to.into_iter().map(|(payment, minor)| ExchangeRefundOut {
            provider: payment.provider,
            label: payment.label,
            amount: Money::new(minor, currency),
        });
        let places = changed.sources.iter().map(|source| ChangePlace {
            place_id: source.place_id,
            name: source.place_name.clone(),
            quantity: source.parts.iter().map(|part| part.quantity).sum(),
            promised_at: source.promised_at,
        });
        Self {
            what: in_words(order, changed),
            lines: lines
                .map(|line: &Line| CartLineOut::new(line, currency, None))
                .collect(),
            totals: after.head.amounts.in_currency(currency),
            shipping_steps: after.head.plan.shipping_steps.clone(),
            promotion_code: asked.code.clone().map(|code| code.out(currency)),
            before: order.head.net(),
            difference: money.difference,
            pay: money.pay(),
            held_until,
            refund_to: refund_to.collect(),
            method: after.head.method,
            places: places.collect(),
        }
    }
}

/// A change that waits for its payment, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderChange)]
pub struct OrderChangeOut {
    /// Its name.
    pub id: OrderChangeId,
    /// What it would change, in words.
    pub what: Text,
    /// What is to be paid for it.
    pub difference: Money,
    /// The payment that makes it true.
    pub payment_id: PaymentId,
    /// When it was asked for.
    pub asked_at: Time,
    /// Until when its stock is held.
    pub expires_at: Time,
    /// Whether staff asked for it.
    pub by_staff: bool,
    /// Why, in the words of who asked.
    pub reason: Option<String>,
}

impl From<&OpenChange> for OrderChangeOut {
    fn from(change: &OpenChange) -> Self {
        Self {
            id: change.id,
            what: change.what.clone(),
            difference: change.difference,
            payment_id: change.payment_id,
            asked_at: change.asked_at,
            expires_at: change.expires_at,
            by_staff: change.by_staff,
            reason: change.reason.clone(),
        }
    }
}
