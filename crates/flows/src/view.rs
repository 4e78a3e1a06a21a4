//! One order as its customer, its payer or staff sees it: the order book's part and the payments together.

use base::{
    Ctx, Currency, Error, MemberId, Money, OrderId, PaymentId, PlaceId, Resource, Result, ReturnId, Text,
    Time,
};
use db::Reader;
use orders::{
    AwaitedOut, Channel, Contact, DeliveryAddress, FulfilmentOut, FulfilmentState, LineOut, Method,
    ORDER_READ, OpenDecision, Order, OrderHead, OrderNumber, OrderState, PriceStep, RETURN_TAKE, ReturnOut,
    Shown, TimelineItem, Totals,
};
use payments::{Payment, PaymentState, ProviderName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Flows;
use crate::change::OrderChangeOut;

/// Who looks at an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Viewer {
    /// The member who bought, or a guest with the order's token.
    Owner,
    /// Whoever has the link to pay for it.
    Payer,
    /// Staff, with or without the right to read who people are.
    Staff {
        /// Whether they may read who people are.
        pii: bool,
    },
}

/// A payment, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentOut {
    /// Its name.
    pub id: PaymentId,
    /// Who moves the money.
    pub provider: ProviderName,
    /// Where it stands.
    pub state: PaymentState,
    /// What is asked for.
    pub amount: Money,
    /// What went back, or is on its way back.
    pub refunded: Money,
    /// When it was started.
    pub created_at: Time,
    /// What it was made with, as far as people may see it: the last signs of a gift card.
    #[serde(default)]
    pub label: Option<String>,
}

impl From<&Payment> for PaymentOut {
    fn from(payment: &Payment) -> Self {
        let back = payment.balance.refunded + payment.balance.refunding;
        Self {
            id: payment.id,
            provider: payment.provider,
            state: payment.balance.state,
            amount: payment.amount(),
            refunded: Money::new(back, payment.currency),
            created_at: payment.created_at,
            label: payment.label.clone(),
        }
    }
}

/// An order, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderOut {
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
    /// Who to call; masked for those who may not read personal data.
    pub contact: Contact,
    /// How the goods reach the customer.
    pub method: Method,
    /// Where they go; absent for those who may not read personal data.
    pub address: Option<DeliveryAddress>,
    /// When it was placed.
    pub placed_at: Time,
    /// Until when the stock is kept without payment.
    pub hold_expires_at: Option<Time>,
    /// Where it was sold or is collected.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// What was bought.
    pub lines: Vec<LineOut>,
    /// What it costs.
    pub totals: Totals,
    /// Every step from the tariff to what the delivery costs.
    #[serde(default)]
    pub shipping_steps: Vec<PriceStep>,
    /// What was sold before it was there and is still to come.
    #[serde(default)]
    pub ahead: Vec<AwaitedOut>,
    /// Who serves it.
    pub fulfilments: Vec<FulfilmentOut>,
    /// How it was paid.
    pub payments: Vec<PaymentOut>,
    /// What came back.
    pub returns: Vec<ReturnOut>,
    /// What a person must decide, if anything. Its customer sees it without the choices.
    #[serde(default)]
    pub decision: Option<OpenDecision>,
    /// A change that waits for its payment.
    #[serde(default)]
    pub change: Option<OrderChangeOut>,
    /// Whether who looks at it may change any of it now, as far as the order goes.
    #[serde(default)]
    pub changeable: bool,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineItem>,
    /// The six digits that fetch it; for its owner only, while it is to be collected.
    pub pickup_code: Option<String>,
    /// Points it brought.
    pub points_earned: i64,
    /// With which a guest sees it again; in the answer to the checkout only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Raised by one at every change.
    pub version: i64,
}

impl web::HasVersion for OrderOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl OrderOut {
    /// As a viewer sees it, without points, which an order brings when the goods are out, and without secrets:
    /// those are put in after the transaction, so that no stored answer contains them.
    pub(crate) fn new(order: &Order, payments: &[Payment], viewer: Viewer) -> Self {
        let head = &order.head;
        let shown = Shown::new(order, matches!(viewer, Viewer::Staff { .. }));
        let sees_person = matches!(viewer, Viewer::Owner | Viewer::Staff { pii: true });
        let decision = order.open_decision().map(|open| match viewer {
            Viewer::Staff { .. } => open,
            Viewer::Owner | Viewer::Payer => OpenDecision {
                choices: Vec::new(),
                ..open
            },
        });
        Self {
            id: head.id,
            number: head.number.clone(),
            state: head.state,
            channel: head.channel,
            currency: head.currency,
            member_id: head.member_id,
            contact: if sees_person {
                head.contact.clone()
            } else {
                head.contact.masked()
            },
            method: head.method,
            address: head.address.clone().filter(|_| sees_person),
            placed_at: head.placed_at,
            hold_expires_at: head.hold_expires_at,
            place_id: head.place_id,
            place_name: head.place_name.clone(),
            lines: shown.lines,
            totals: head.amounts.in_currency(head.currency),
            shipping_steps: head.plan.shipping_steps.clone(),
            ahead: AwaitedOut::of(order, matches!(viewer, Viewer::Staff { .. })),
            fulfilments: shown.fulfilments,
            payments: payments.iter().map(PaymentOut::from).collect(),
            returns: shown.returns,
            decision,
            change: head.change.as_ref().map(Into::into),
            changeable: false,
            timeline: shown.timeline,
            pickup_code: None,
            points_earned: 0,
            access_token: None,
            version: head.version,
        }
    }
}

/// A whole order with its payments and points, as a viewer sees it.
pub(crate) async fn order_out_in(r: &Reader, order: &Order, viewer: Viewer) -> Result<OrderOut> {
    let payments = payments::payment_list_in(r, &[order.head.id]).await?;
    let mut out = OrderOut::new(order, &payments, viewer);
    if matches!(viewer, Viewer::Staff { .. }) {
        let mut explained = order.fulfilments.clone();
        orders::why_fill_in(r, &mut explained).await?;
        for (shown, explained) in out.fulfilments.iter_mut().zip(explained) {
            shown.why = explained.why;
        }
    }
    if order.head.state.goods_went_out() {
        let returns: Vec<ReturnId> = order.returns.iter().map(|r| r.id).collect();
        let earned = loyalty::order_points_in(r, &[order.head.id]).await?;
        let reversed = loyalty::return_points_in(r, &returns).await?;
        out.points_earned = earned.get(&order.head.id).copied().unwrap_or(0);
        for document in &mut out.returns {
            document.points_reversed = reversed.get(&document.id).copied().unwrap_or(0);
        }
    }
    Ok(out)
}

impl Flows {
    /// Whether the actor is the order's owner: its member, or a guest with its token.
    pub(crate) fn is_owner(&self, ctx: &Ctx, order: &OrderHead, token: Option<&str>) -> bool {
        ctx.is_owner(order.member_id)
            || token.is_some_and(|token| self.parts.secrets.is_access_token(order.id, token))
    }

    /// How the actor may see an order. Staff see the orders of their places, and any order they can name if
    /// they take returns: goods come back to any store.
    ///
    /// # Errors
    /// `not_found` for anybody else, as if it were not there.
    pub(crate) fn viewer(&self, ctx: &Ctx, order: &Order, token: Option<&str>) -> Result<Viewer> {
        if self.is_owner(ctx, &order.head, token) {
            return Ok(Viewer::Owner);
        }
        let own = order.head.place_id.map_or(Resource::Chain, Resource::Place);
        let served = order.fulfilments.iter().map(|f| Resource::Place(f.place_id));
        let may_read = std::iter::once(own)
            .chain(served)
            .any(|place| ctx.may(ORDER_READ, &place));
        if may_read || ctx.may(RETURN_TAKE, &Resource::Somewhere) {
            return Ok(Viewer::Staff {
                pii: orders::may_read_pii(ctx, order.head.place_id),
            });
        }
        Err(Error::not_found("order", order.head.id))
    }

    /// Puts in what only its owner may know.
    pub(crate) fn with_secrets(&self, mut out: OrderOut, viewer: Viewer, guest_token: bool) -> OrderOut {
        if viewer != Viewer::Owner {
            return out;
        }
        // Also while somebody decides about a part: the rest is fetched with the same code.
        let still_there = |state| {
            matches!(
                state,
                FulfilmentState::Requested | FulfilmentState::Picking | FulfilmentState::Ready
            )
        };
        let waits = matches!(
            out.state,
            OrderState::Paid | OrderState::Allocated | OrderState::Ready
        ) || (out.state == OrderState::NeedsDecision
            && out.fulfilments.iter().any(|f| still_there(f.state)));
        // What is still on its way cannot be fetched.
        let is_there = out.ahead.is_empty() || out.fulfilments.iter().any(|f| still_there(f.state));
        if waits && is_there && out.method == Method::Collect {
            out.pickup_code = Some(self.parts.secrets.pickup_code(out.id));
        }
        if guest_token && out.member_id.is_none() {
            out.access_token = Some(self.parts.secrets.access_token(out.id));
        }
        out
    }

    /// One order.
    ///
    /// # Errors
    /// `not_found` when it is not there, or not for these eyes.
    pub async fn order_get(&self, ctx: &Ctx, id: OrderId, token: Option<String>) -> Result<OrderOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            let viewer = flows.viewer(&actor, &order, token.as_deref())?;
            let mut out = order_out_in(r, &order, viewer).await?;
            out.changeable = flows.changes.is_changeable(&order, viewer, r.now());
            Ok((out, viewer))
        };
        let (out, viewer) = self.parts.db.read(read).await?;
        Ok(self.with_secrets(out, viewer, false))
    }
}
