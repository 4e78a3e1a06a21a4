//! From a cart to an order: sources it, holds its stock, writes it down, starts its payment. One transaction,
//! and as little as possible in it.

use std::sync::Arc;

use base::{CartId, Ctx, Error, HoldId, Money, OrderId, Result, Time};
use bus::emit;
use channels::View;
use db::{Reader, Tx};
use futures_util::future::try_join3;
use orders::events::FulfilmentRequested;
use orders::{Cart, FulfilmentChoice, Moment, MomentKind, OrderNumber, OrderState};
use payments::{Payment, ProviderName};
use serde::{Deserialize, Serialize};
use stock::HoldRequest;
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::takes;
use crate::code;
use crate::draft::{Draft, Drawn, Terms};
use crate::error::{NO_COLLECT, PAY_IN_STORE_NEEDS_COLLECT, PLACE_FULL, PRICE_CHANGED};
use crate::fail;
use crate::pay_gift;
use crate::room;
use crate::sources::{self, Ask, Goal, Sourced, Wish};
use crate::view::{OrderOut, Viewer, order_out_in};

/// How often an order is sourced anew when others were faster, before the customer is told.
const MAX_ATTEMPTS: usize = 4;
/// The same where places were full by then: each time one place more is, so a rush tries many before it is told.
const MAX_FULL_PLACES: usize = 32;

/// How an order is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// On the built-in provider's pay page.
    Sandbox,
    /// With WeChat Pay.
    WechatPay,
    /// With Alipay.
    Alipay,
    /// With Stripe.
    Stripe,
    /// At the counter, when it is handed over.
    PayInStore,
}

impl PaymentMethod {
    /// Who moves the money.
    pub(crate) const fn provider(self) -> ProviderName {
        match self {
            Self::Sandbox => ProviderName::Sandbox,
            Self::WechatPay => ProviderName::WechatPay,
            Self::Alipay => ProviderName::Alipay,
            Self::Stripe => ProviderName::Stripe,
            Self::PayInStore => ProviderName::Cash,
        }
    }
}

/// What the transaction did.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Outcome {
    /// It made an order.
    Placed { order_id: OrderId, number: OrderNumber },
    /// The cart had become an order before.
    Existing(OrderId),
}

/// Nobody pays another sum than the one on the button.
fn same_price(seen: Option<Money>, now: Money) -> Result<()> {
    match seen {
        Some(seen) if seen != now => Err(Error::new(&PRICE_CHANGED)
            .with("seen", seen.to_string())
            .with("now", now.to_string())),
        _ => Ok(()),
    }
}

impl Flows {
    /// Makes an order of a cart. Asking again for the same cart answers with the same order.
    ///
    /// # Errors
    /// `cart.empty`, `cart.incomplete`, `cart.not_for_sale`, `stock.insufficient`, `checkout.*`, `not_found`.
    pub async fn cart_checkout(&self, ctx: &Ctx, id: CartId, method: PaymentMethod) -> Result<OrderOut> {
        self.cart_checkout_at(ctx, id, method, None).await
    }

    /// The same, for no other sum than the one the customer has seen.
    ///
    /// # Errors
    /// Those of [`Flows::cart_checkout`], `checkout.price_changed`.
    pub async fn cart_checkout_at(
        &self,
        ctx: &Ctx,
        id: CartId,
        method: PaymentMethod,
        seen: Option<Money>,
    ) -> Result<OrderOut> {
        // Whether what is there has been refused: then what is due is looked at, too.
        let mut short = false;
        for attempt in 1.. {
            let (cart, now) = self.cart_read(ctx, id).await?;
            if let Some(order) = cart.order_id {
                return self.ordered_before(ctx, order).await;
            }
            let is_delivery = matches!(cart.choice, Some(FulfilmentChoice::Delivery { .. }));
            let draft = match self.draft(ctx, cart, method, now, short).await {
                Err(error) if !short && error.is(&stock::INSUFFICIENT) => {
                    short = true;
                    continue;
                }
                draft => Arc::new(draft?),
            };
            same_price(seen, draft.order.head.total())?;
            match self.place(ctx, Arc::clone(&draft)).await {
                Ok(outcome) => return self.placed(outcome, &draft).await,
                // Another tab changed the cart, or another buyer took a place's last piece: look again.
                Err(error) if attempt < MAX_ATTEMPTS && error.is(&orders::BUSY) => {}
                Err(error)
                    if attempt < MAX_ATTEMPTS && (is_delivery || short) && error.is(&stock::INSUFFICIENT) => {
                }
                Err(error) if !short && error.is(&stock::INSUFFICIENT) => short = true,
                Err(error) if attempt < MAX_FULL_PLACES && is_delivery && error.is(&PLACE_FULL) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::new(&orders::BUSY))
    }

    /// The order a cart became before. A key that came with another request is refused here too.
    async fn ordered_before(&self, ctx: &Ctx, order: OrderId) -> Result<OrderOut> {
        if ctx.idempotency.is_some() {
            let unit = async move |_: &Tx| Ok(Outcome::Existing(order));
            self.parts
                .db
                .write_guarded_once(ctx, "cart.checkout", unit)
                .await?;
        }
        self.order_of_cart(order).await
    }

    /// The order a cart became, for whoever holds the cart.
    async fn order_of_cart(&self, id: OrderId) -> Result<OrderOut> {
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            order_out_in(r, &order, Viewer::Owner).await
        };
        let out = self.parts.db.read(read).await?;
        Ok(self.with_secrets(out, Viewer::Owner, true))
    }

    async fn placed(&self, outcome: Outcome, draft: &Draft) -> Result<OrderOut> {
        fail::point("checkout.committed");
        let (order_id, number) = match outcome {
            Outcome::Placed { order_id, number } => (order_id, number),
            Outcome::Existing(order) => return self.order_of_cart(order).await,
        };
        if order_id != draft.order.head.id {
            // The stored answer to the same request, told again.
            return self.order_of_cart(order_id).await;
        }
        let mut order = draft.order.clone();
        order.head.number = number;
        if !draft.waits_for_payment() {
            order.fulfilments = order.planned(None);
        }
        let out = OrderOut::new(&order, draft.payment.as_slice(), Viewer::Owner);
        Ok(self.with_secrets(out, Viewer::Owner, true))
    }

    async fn draft(
        &self,
        ctx: &Ctx,
        cart: Cart,
        method: PaymentMethod,
        now: Time,
        short: bool,
    ) -> Result<Draft> {
        let terms = Terms::of(ctx, &cart, method, self.hold_ttl)?;
        self.parts.payments.method_require(method.provider())?;
        let skus = self.skus(&cart.lines).await?;
        let priced = self.priced(ctx, &cart, &skus, now, true).await?;
        let asks = sources::asks(&priced.lines, |sku| takes(&skus, sku));
        let view = self.view(Some(cart.channel)).await?;
        let sourced = self.source(&terms.choice, &asks, now, short, &view).await?;
        let drawn = Drawn {
            priced,
            asks: &asks,
            sourced,
            view: &view,
        };
        Draft::new(ctx, now, cart, &terms, drawn)
    }

    async fn source(
        &self,
        choice: &FulfilmentChoice,
        asks: &[Ask],
        now: Time,
        short: bool,
        view: &Arc<View>,
    ) -> Result<Sourced> {
        let book = self.parts.places.book().await?;
        let view = Arc::clone(view);
        if short {
            let (flows, choice, asks) = (self.clone(), choice.clone(), asks.to_vec());
            let read = async move |r: &Reader| flows.source_short_in(r, &book, &choice, &asks, &view).await;
            return self.parts.db.read(read).await;
        }
        match choice {
            FulfilmentChoice::Collect { place_id } => {
                let unknown = || Error::new(&NO_COLLECT).with("place", place_id.to_string());
                let place = book.get(*place_id).cloned().ok_or_else(unknown)?;
                if place.daily_order_capacity.is_some() {
                    let full = Arc::clone(&place);
                    let read = async move |r: &Reader| sources::has_room_in(r, &full).await;
                    self.parts.db.read(read).await?;
                }
                sources::collect(&place, asks, now, &view)
            }
            FulfilmentChoice::Delivery { address } => {
                let (flows, address, asks) = (self.clone(), address.clone(), asks.to_vec());
                let read = async move |r: &Reader| {
                    let wish = Wish::new(&asks, Goal::Parcel(&address), &view);
                    flows.delivery_in(r, &book, wish).await
                };
                self.parts.db.read(read).await
            }
        }
    }

    async fn place(&self, ctx: &Ctx, draft: Arc<Draft>) -> Result<Outcome> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.place_in(tx, &actor, &draft).await;
        self.parts.db.write_guarded_once(ctx, "cart.checkout", unit).await
    }

    async fn place_in(&self, tx: &Tx, ctx: &Ctx, draft: &Draft) -> Result<Outcome> {
        let head = &draft.order.head;
        match orders::cart_claim_in(tx, &draft.cart, head.id, ctx.member_id()).await {
            Ok(()) => {}
            Err(error) if error.is(&orders::CART_ORDERED) => {
                let cart = orders::cart_get_in(tx, draft.cart.id).await?;
                return cart.order_id.map(Outcome::Existing).ok_or(error);
            }
            Err(error) => return Err(error),
        }
        fail::point("checkout.claimed");
        // Room before stock: the house's order of locks.
        room::take_in(tx, &draft.rooms, head.hold_expires_at).await?;
        // Sent together, where the engine can, and the hold last: others wait for its rows until the commit.
        let order = async {
            let number = orders::order_place_in(tx, head.id, &draft.rows).await?;
            emit(tx, ctx, &draft.placed(&number)).await?;
            code::take_in(tx, head).await?;
            Ok(number)
        };
        let payment = async {
            match &draft.payment {
                Some(payment) => payments::payment_start_in(tx, ctx, payment).await,
                None => Ok(()),
            }
        };
        let (number, (), hold_id) = try_join3(order, payment, self.hold_in(tx, ctx, draft)).await?;
        for claim in &draft.claims {
            self.parts
                .stock
                .claim_place_in(tx, &ctx.elevated(), claim)
                .await?;
        }
        if !draft.waits_for_payment() {
            let mut order = draft.order.clone();
            order.head.number = number.clone();
            self.sent_bind_in(tx, ctx, &order, hold_id).await?;
            let fulfilments = order.planned(hold_id);
            orders::fulfilment_request_in(tx, &fulfilments).await?;
            for fulfilment in &fulfilments {
                emit(
                    tx,
                    ctx,
                    &FulfilmentRequested {
                        fulfilment: fulfilment.into(),
                    },
                )
                .await?;
            }
        }
        fail::point("checkout.held");
        Ok(Outcome::Placed {
            order_id: head.id,
            number,
        })
    }

    /// Holds what the order takes, in the order's name.
    async fn hold_in(&self, tx: &Tx, ctx: &Ctx, draft: &Draft) -> Result<Option<HoldId>> {
        if draft.hold_lines.is_empty() {
            return Ok(None);
        }
        let request = HoldRequest {
            owner: draft.order.head.id.to_string(),
            lines: draft.hold_lines.clone(),
            expires_at: draft.order.head.hold_expires_at,
            leave: draft.leave.clone(),
        };
        Ok(Some(
            self.parts
                .stock
                .hold_place_in(tx, &ctx.elevated(), request)
                .await?
                .id,
        ))
    }

    /// Starts another payment for an order that waits for its money, of what its gift cards leave over.
    ///
    /// # Errors
    /// `not_found`, `payment.nothing_to_pay`, `checkout.pay_in_store_needs_collect`, `checkout.price_changed`.
    pub async fn payment_start(
        &self,
        ctx: &Ctx,
        id: OrderId,
        method: PaymentMethod,
        token: Option<String>,
    ) -> Result<crate::view::PaymentOut> {
        self.price_stands(ctx, id).await?;
        let (flows, actor) = (self.clone(), ctx.clone());
        self.parts
            .db
            .write_once(ctx, "payment.start", async move |tx: &Tx| {
                let payment = flows
                    .payment_start_in(tx, &actor, id, method, token.as_deref())
                    .await?;
                Ok(crate::view::PaymentOut::from(&payment))
            })
            .await
    }

    async fn payment_start_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: OrderId,
        method: PaymentMethod,
        token: Option<&str>,
    ) -> Result<Payment> {
        let mut order = orders::order_get_in(tx, id).await?;
        self.viewer(ctx, &order, token)?;
        if order.head.change.is_some() && method != PaymentMethod::PayInStore {
            self.parts.payments.method_require(method.provider())?;
            let again = self
                .change_payment_in(tx, ctx, &mut order, method.provider())
                .await?;
            if let Some(payment) = again {
                return Ok(payment);
            }
        }
        let head = &mut order.head;
        if head.state != OrderState::PendingPayment {
            return Err(Error::new(&crate::error::NOTHING_TO_PAY).with("state", head.state.as_str()));
        }
        if method == PaymentMethod::PayInStore {
            return Err(Error::new(&PAY_IN_STORE_NEEDS_COLLECT));
        }
        self.parts.payments.method_require(method.provider())?;
        let moment = Moment::new(tx.now(), MomentKind::PaymentStarted, &ctx.actor);
        orders::order_change_in(tx, head, vec![moment]).await?;
        let earlier = payments::payment_list_in(tx, &[id]).await?;
        let payment = pay_gift::start_rest_in(tx, ctx, &order, &earlier, method.provider()).await?;
        payment.ok_or_else(|| {
            let state = order.head.state.as_str();
            Error::new(&crate::error::NOTHING_TO_PAY).with("state", state)
        })
    }
}
