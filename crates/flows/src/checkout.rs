//! From a cart to an order: sources it, holds its stock, writes it down, starts its payment. One transaction.

use std::time::Duration;

use base::{CartId, Ctx, Error, FulfilmentId, Locale, MemberId, OrderId, Result};
use bus::emit;
use db::{Reader, Tx};
use orders::events::{FulfilmentRequested, OrderPlaced, line_facts};
use orders::{
    Amounts, CART_EMPTY, CART_INCOMPLETE, Cart, Contact, DeliveryAddress, FulfilmentChoice, Line, Moment,
    MomentKind, Order, OrderHead, OrderNumber, OrderState, Plan, PlannedFulfilment,
};
use payments::{Payment, ProviderName};
use serde::{Deserialize, Serialize};
use stock::{HoldLine, HoldRequest};
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::{is_tracked, priced};
use crate::error::{NO_COLLECT, PAY_IN_STORE_NEEDS_COLLECT};
use crate::sources::{self, Ask, Sourced};
use crate::view::{OrderOut, Viewer};

/// How long stock is kept for an order that is not paid.
pub const HOLD_TTL: Duration = Duration::from_secs(15 * 60);
/// How often an order is sourced anew when others were faster, before the customer is told.
const MAX_ATTEMPTS: usize = 4;

/// How an order is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// On the built-in provider's pay page.
    Sandbox,
    /// At the counter, when it is handed over.
    PayInStore,
}

/// Everything decided before the transaction.
#[derive(Clone)]
struct Prepared {
    id: OrderId,
    cart: Cart,
    member_id: Option<MemberId>,
    contact: Contact,
    choice: FulfilmentChoice,
    lines: Vec<Line>,
    amounts: Amounts,
    asks: Vec<Ask>,
    sourced: Sourced,
    method: PaymentMethod,
}

/// What the transaction found.
#[derive(Serialize, Deserialize)]
enum Outcome {
    /// A new order.
    Placed(Box<OrderOut>),
    /// The cart had become an order before.
    Existing(OrderId),
}

impl Flows {
    /// Makes an order of a cart. Asking again for the same cart answers with the same order.
    ///
    /// # Errors
    /// `cart.empty`, `cart.incomplete`, `cart.not_for_sale`, `stock.insufficient`, `checkout.*`, `not_found`.
    pub async fn cart_checkout(&self, ctx: &Ctx, id: CartId, method: PaymentMethod) -> Result<OrderOut> {
        for attempt in 1.. {
            let cart = self.cart_read(ctx, id).await?;
            let is_delivery = matches!(cart.choice, Some(FulfilmentChoice::Delivery { .. }));
            let outcome = match cart.order_id {
                Some(order) => Ok(Outcome::Existing(order)),
                None => {
                    let prepared = self.prepare(ctx, cart, method).await?;
                    self.place(ctx, prepared).await
                }
            };
            match outcome {
                Ok(Outcome::Placed(out)) => return Ok(self.with_secrets(*out, Viewer::Owner, true)),
                Ok(Outcome::Existing(order)) => return self.order_of_cart(order).await,
                // Another tab changed the cart, or another buyer took a place's last piece: look again.
                Err(error) if attempt < MAX_ATTEMPTS && error.is(&orders::BUSY) => {}
                Err(error) if attempt < MAX_ATTEMPTS && is_delivery && error.is(&stock::INSUFFICIENT) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::new(&orders::BUSY))
    }

    /// The order a cart became, for whoever holds the cart.
    async fn order_of_cart(&self, id: OrderId) -> Result<OrderOut> {
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            crate::view::order_out_in(r, &order, Viewer::Owner).await
        };
        let out = self.parts.db.read(read).await?;
        Ok(self.with_secrets(out, Viewer::Owner, true))
    }

    async fn prepare(&self, ctx: &Ctx, cart: Cart, method: PaymentMethod) -> Result<Prepared> {
        if cart.lines.is_empty() {
            return Err(Error::new(&CART_EMPTY));
        }
        let choice = cart
            .choice
            .clone()
            .ok_or_else(|| incomplete(ctx, "取货或配送方式", "how it reaches you"))?;
        let contact =
            contact(&cart).ok_or_else(|| incomplete(ctx, "联系人姓名和电话", "name and telephone"))?;
        if method == PaymentMethod::PayInStore && !matches!(choice, FulfilmentChoice::Collect { .. }) {
            return Err(Error::new(&PAY_IN_STORE_NEEDS_COLLECT));
        }
        let skus = self.skus(&cart.lines).await?;
        let (lines, amounts) = priced(&cart, &skus, self, true)?;
        let asks = sources::asks(&lines, |sku| is_tracked(&skus, sku));
        let sourced = self.source(&choice, &asks).await?;
        let member_id = cart.member_id.or(ctx.member_id());
        Ok(Prepared {
            id: OrderId::new(),
            cart,
            member_id,
            contact,
            choice,
            lines,
            amounts,
            asks,
            sourced,
            method,
        })
    }

    async fn source(&self, choice: &FulfilmentChoice, asks: &[Ask]) -> Result<Sourced> {
        let book = self.parts.places.book().await?;
        let asks = asks.to_vec();
        match choice {
            FulfilmentChoice::Collect { place_id } => {
                let place = book
                    .get(*place_id)
                    .cloned()
                    .ok_or_else(|| Error::new(&NO_COLLECT).with("place", place_id.to_string()))?;
                self.parts
                    .db
                    .read(async move |r: &Reader| sources::collect_in(r, &place, &asks).await)
                    .await
            }
            FulfilmentChoice::Delivery { address } => {
                let (address, stock) = (address.clone(), self.parts.stock.clone());
                let read = async move |r: &Reader| {
                    sources::delivery_in(r, &stock, &book, &asks, &address, &[]).await
                };
                self.parts.db.read(read).await
            }
        }
    }

    async fn place(&self, ctx: &Ctx, prepared: Prepared) -> Result<Outcome> {
        let (flows, actor) = (self.clone(), ctx.clone());
        self.parts
            .db
            .write_guarded_once(ctx, "cart.checkout", async move |tx: &Tx| {
                flows.place_in(tx, &actor, &prepared).await
            })
            .await
    }

    async fn place_in(&self, tx: &Tx, ctx: &Ctx, prepared: &Prepared) -> Result<Outcome> {
        let p = prepared;
        match orders::cart_claim_in(tx, &p.cart, p.id, ctx.member_id()).await {
            Ok(()) => {}
            Err(error) if error.is(&orders::CART_ORDERED) => {
                let cart = orders::cart_get_in(tx, p.cart.id).await?;
                return cart.order_id.map(Outcome::Existing).ok_or(error);
            }
            Err(error) => return Err(error),
        }
        // What is paid later at the counter, or costs nothing, waits for nobody's money.
        let waits_for_payment = p.method == PaymentMethod::Sandbox && p.amounts.total > 0;
        let expires_at = waits_for_payment.then(|| tx.now().after(HOLD_TTL));
        let hold_id = match hold_lines(p) {
            lines if lines.is_empty() => None,
            lines => {
                let request = HoldRequest {
                    owner: p.id.to_string(),
                    lines,
                    expires_at,
                };
                Some(
                    self.parts
                        .stock
                        .hold_place_in(tx, &ctx.elevated(), request)
                        .await?
                        .id,
                )
            }
        };
        let mut order = p.order(tx, ctx, hold_id, expires_at)?;
        orders::order_place_in(tx, &mut order).await?;
        let mut payments = Vec::new();
        if p.amounts.total > 0 {
            let provider = match p.method {
                PaymentMethod::Sandbox => ProviderName::Sandbox,
                PaymentMethod::PayInStore => ProviderName::Cash,
            };
            let total = order.head.total();
            payments.push(payments::payment_start_in(tx, ctx, order.head.id, provider, total).await?);
        }
        emit(tx, ctx, &placed(&order)).await?;
        if !waits_for_payment {
            order.fulfilments = order.planned();
            orders::fulfilment_request_in(tx, &order.fulfilments).await?;
            for fulfilment in &order.fulfilments {
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
        Ok(Outcome::Placed(Box::new(OrderOut::new(
            &order,
            &payments,
            Viewer::Owner,
        ))))
    }

    /// Starts another payment for an order that waits for its money.
    ///
    /// # Errors
    /// `not_found`, `payment.nothing_to_pay`, `checkout.pay_in_store_needs_collect`.
    pub async fn payment_start(
        &self,
        ctx: &Ctx,
        id: OrderId,
        method: PaymentMethod,
        token: Option<String>,
    ) -> Result<crate::view::PaymentOut> {
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
        let head = &mut order.head;
        if head.state != OrderState::PendingPayment {
            return Err(Error::new(&crate::error::NOTHING_TO_PAY).with("state", head.state.as_str()));
        }
        if method == PaymentMethod::PayInStore {
            return Err(Error::new(&PAY_IN_STORE_NEEDS_COLLECT));
        }
        let moment = Moment::new(tx.now(), MomentKind::PaymentStarted, &ctx.actor);
        orders::order_change_in(tx, head, vec![moment]).await?;
        let earlier = payments::payment_list_in(tx, &[id]).await?;
        payments::payment_void_in(tx, ctx, &earlier).await?;
        payments::payment_start_in(tx, ctx, id, ProviderName::Sandbox, head.total()).await
    }
}

fn incomplete(ctx: &Ctx, zh: &str, en: &str) -> Error {
    let missing = match ctx.locale {
        Locale::Zh => zh,
        Locale::En => en,
    };
    Error::new(&CART_INCOMPLETE).with("missing", missing)
}

/// Who to call: the contact given, or who receives the parcel.
fn contact(cart: &Cart) -> Option<Contact> {
    let given = cart
        .contact
        .clone()
        .filter(|c| !c.name.trim().is_empty() && !c.phone.trim().is_empty());
    given.or_else(|| match &cart.choice {
        Some(FulfilmentChoice::Delivery { address }) => Some(Contact {
            name: address.name.clone(),
            phone: address.phone.clone(),
        }),
        _ => None,
    })
}

/// What is taken from where: the counted lines only.
fn hold_lines(p: &Prepared) -> Vec<HoldLine> {
    let parts = p
        .sourced
        .sources
        .iter()
        .flat_map(|s| s.parts.iter().map(move |part| (s.place_id, part)));
    parts
        .filter_map(|(place, part)| {
            let ask = p
                .asks
                .iter()
                .find(|ask| ask.line_id == part.order_line_id && ask.tracked)?;
            Some(HoldLine::new(ask.sku_id, place, part.quantity))
        })
        .collect()
}

fn placed(order: &Order) -> OrderPlaced {
    OrderPlaced {
        order: (&order.head).into(),
        lines: line_facts(&order.head, &order.lines),
        hold_expires_at: order.head.hold_expires_at,
    }
}

impl Prepared {
    fn address(&self) -> Option<DeliveryAddress> {
        match &self.choice {
            FulfilmentChoice::Collect { .. } => None,
            FulfilmentChoice::Delivery { address } => Some(address.clone()),
        }
    }

    fn order(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        hold_id: Option<base::HoldId>,
        expires_at: Option<base::Time>,
    ) -> Result<Order> {
        let now = tx.now();
        let (state, waits) = match expires_at {
            Some(_) => (OrderState::PendingPayment, true),
            None => (OrderState::PendingPayment.step(OrderState::Allocated)?, false),
        };
        let mut moments = vec![Moment::new(now, MomentKind::Placed, &ctx.actor)];
        if !waits {
            let names = self.sourced.sources.iter();
            moments.extend(names.map(|s| {
                Moment::new(now, MomentKind::Allocated, &ctx.actor).with_text("place", &s.place_name)
            }));
        }
        let sources = self.sourced.sources.iter();
        let fulfilments = sources.map(|source| PlannedFulfilment {
            id: FulfilmentId::new(),
            place_id: source.place_id,
            place_name: source.place_name.clone(),
            hold_id,
            parts: source.parts.clone(),
            promised_at: source.promised_at,
        });
        let plan = Plan {
            fulfilments: fulfilments.collect(),
            why: self.sourced.why.clone(),
        };
        let collected_at = match (&self.choice, plan.fulfilments.first()) {
            (FulfilmentChoice::Collect { .. }, Some(planned)) => Some(planned),
            _ => None,
        };
        let head = OrderHead {
            id: self.id,
            number: OrderNumber::of(self.id, 0),
            state,
            channel: self.cart.channel,
            currency: self.cart.currency,
            member_id: self.member_id,
            contact: self.contact.clone(),
            method: self.choice.method(),
            address: self.address(),
            place_id: collected_at.map(|planned| planned.place_id),
            place_name: collected_at.map(|planned| planned.place_name.clone()),
            amounts: self.amounts,
            refunded: 0,
            item_count: self.lines.iter().map(|l| l.quantity).sum(),
            image: self.lines.iter().find_map(|l| l.snapshot.image.clone()),
            plan,
            hold_expires_at: expires_at,
            moments,
            placed_at: now,
            version: 1,
        };
        Ok(Order {
            head,
            lines: self.lines.clone(),
            fulfilments: Vec::new(),
            returns: Vec::new(),
        })
    }
}
