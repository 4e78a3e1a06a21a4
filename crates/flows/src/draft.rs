//! An order drawn up from a cart, before anything is held or written: everything that needs no transaction.

use std::time::Duration;

use base::{Ctx, Error, FulfilmentId, Locale, OrderId, Result, Time};
use channels::View;
use orders::events::{OrderPlaced, line_facts};
use orders::{
    Awaited, CART_EMPTY, CART_INCOMPLETE, Cart, Contact, DeliveryAddress, FulfilmentChoice, Moment,
    MomentKind, Order, OrderHead, OrderNumber, OrderRows, OrderState, Plan, PlannedFulfilment,
};
use payments::Payment;
use stock::{ClaimRequest, HoldLine, Leave};

use crate::channel::leave;
use crate::checkout::PaymentMethod;
use crate::code::CodeVerdict;
use crate::error::{AHEAD_PAID_FIRST, PAY_IN_STORE_NEEDS_COLLECT};
use crate::made_of;
use crate::price::Priced;
use crate::room::{self, Room};
use crate::sources::{Ask, Sourced};

/// How long stock is kept for an order that is not paid, unless the chain decides otherwise.
pub const HOLD_TTL: Duration = Duration::from_secs(15 * 60);

/// An order, ready to be written.
pub(crate) struct Draft {
    pub(crate) cart: Cart,
    pub(crate) order: Order,
    pub(crate) rows: OrderRows,
    pub(crate) payment: Option<Payment>,
    /// What is taken from where: the counted lines only.
    pub(crate) hold_lines: Vec<HoldLine>,
    /// What the channel leaves where it is taken from.
    pub(crate) leave: Leave,
    /// What it claims of what is due.
    pub(crate) claims: Vec<ClaimRequest>,
    /// What it takes of the limits of its places.
    pub(crate) rooms: Vec<Room>,
}

/// What an order is drawn up from: its prices, and who serves it.
pub(crate) struct Drawn<'a> {
    pub(crate) priced: Priced,
    pub(crate) asks: &'a [Ask],
    pub(crate) sourced: Sourced,
    /// How its channel sees what is there.
    pub(crate) view: &'a View,
}

/// How and to whom: what a cart must say before it can become an order.
pub(crate) struct Terms {
    pub(crate) choice: FulfilmentChoice,
    pub(crate) contact: Contact,
    pub(crate) method: PaymentMethod,
    /// How long the stock is kept while nobody has paid.
    pub(crate) hold_ttl: Duration,
}

impl Terms {
    /// # Errors
    /// `cart.empty`, `cart.incomplete`, `checkout.pay_in_store_needs_collect`.
    pub(crate) fn of(ctx: &Ctx, cart: &Cart, method: PaymentMethod, hold_ttl: Duration) -> Result<Self> {
        if cart.lines.is_empty() {
            return Err(Error::new(&CART_EMPTY));
        }
        let missing = |zh, en| incomplete(ctx, zh, en);
        let choice = cart
            .choice
            .clone()
            .ok_or_else(|| missing("取货或配送方式", "how it reaches you"))?;
        let contact = contact(cart).ok_or_else(|| missing("联系人姓名和电话", "name and telephone"))?;
        if method == PaymentMethod::PayInStore && !matches!(choice, FulfilmentChoice::Collect { .. }) {
            return Err(Error::new(&PAY_IN_STORE_NEEDS_COLLECT));
        }
        Ok(Self {
            choice,
            contact,
            method,
            hold_ttl,
        })
    }

    fn address(&self) -> Option<DeliveryAddress> {
        match &self.choice {
            FulfilmentChoice::Collect { .. } => None,
            FulfilmentChoice::Delivery { address } => Some(address.clone()),
        }
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

impl Draft {
    pub(crate) fn new(ctx: &Ctx, now: Time, cart: Cart, terms: &Terms, drawn: Drawn<'_>) -> Result<Self> {
        let Drawn {
            priced,
            asks,
            sourced,
            view,
        } = drawn;
        if !sourced.ahead.is_empty() && terms.method == PaymentMethod::PayInStore {
            return Err(Error::new(&AHEAD_PAID_FIRST));
        }
        let ahead = sourced.ahead.clone();
        let mut hold_lines = hold_lines(asks, &sourced);
        hold_lines.extend(ahead.iter().flat_map(|ahead| ahead.held()));
        let days: Vec<_> = sourced.sources.iter().map(|source| source.day).collect();
        let head = head(ctx, now, &cart, terms, &priced, sourced)?;
        let claims = ahead
            .iter()
            .filter_map(|ahead| ahead.claim(head.id, head.hold_expires_at, view));
        let claims = claims.collect();
        let with_room = head
            .plan
            .fulfilments
            .iter()
            .zip(days)
            .filter_map(|(planned, day)| {
                Some(Room {
                    owner: planned.id,
                    place_name: planned.place_name.clone(),
                    day: day?,
                })
            });
        let rooms = room::in_order(with_room.collect());
        let Priced { lines, amounts, .. } = priced;
        let rows = OrderRows::new(&head, &lines)?;
        let provider = terms.method.provider();
        let payment = (amounts.total > 0).then(|| Payment::new(head.id, provider, head.total(), now));
        let order = Order {
            head,
            lines,
            fulfilments: Vec::new(),
            returns: Vec::new(),
        };
        Ok(Self {
            cart,
            order,
            rows,
            payment,
            leave: leave(&hold_lines, view),
            hold_lines,
            claims,
            rooms,
        })
    }

    /// Whether the order waits for somebody's money.
    pub(crate) fn waits_for_payment(&self) -> bool {
        self.order.head.state == OrderState::PendingPayment
    }

    /// What is announced, under the number it got.
    pub(crate) fn placed(&self, number: &OrderNumber) -> OrderPlaced {
        let head = &self.order.head;
        let mut event = OrderPlaced {
            order: head.into(),
            lines: line_facts(head, &self.order.lines),
            hold_expires_at: head.hold_expires_at,
        };
        event.order.number = number.clone();
        event
    }
}

fn head(
    ctx: &Ctx,
    now: Time,
    cart: &Cart,
    terms: &Terms,
    priced: &Priced,
    sourced: Sourced,
) -> Result<OrderHead> {
    let id = OrderId::new();
    let Priced { lines, amounts, .. } = priced;
    // What is paid later at the counter, or costs nothing, waits for nobody's money.
    let waits = terms.method != PaymentMethod::PayInStore && amounts.total > 0;
    let waiting = OrderState::PendingPayment;
    let state = if waits {
        waiting
    } else {
        waiting.step(match sourced.sources.is_empty() {
            true => OrderState::Paid,
            false => OrderState::Allocated,
        })?
    };
    let locale = match ctx.locale {
        Locale::Zh => "zh",
        Locale::En => "en",
    };
    let mut moments = vec![Moment::new(now, MomentKind::Placed, &ctx.actor).with("locale", locale)];
    if !waits {
        let names = sourced.sources.iter().map(|s| &s.place_name);
        moments.extend(
            names.map(|name| Moment::new(now, MomentKind::Allocated, &ctx.actor).with_text("place", name)),
        );
    }
    let ahead: Vec<Awaited> = sourced.ahead.into_iter().map(|ahead| ahead.awaited).collect();
    let fulfilments = sourced.sources.into_iter().map(|source| PlannedFulfilment {
        id: FulfilmentId::new(),
        place_id: source.place_id,
        place_name: source.place_name,
        parts: source.parts,
        promised_at: source.promised_at,
        why_text: sourced.why.as_ref().and_then(|why| why.plainly(source.place_id)),
    });
    let fulfilments: Vec<PlannedFulfilment> = fulfilments.collect();
    let first = fulfilments.first().map(|planned| planned.id);
    let plan = Plan {
        fulfilments,
        why_of: first.filter(|_| sourced.why.is_some()),
        why: sourced.why,
        shipping_steps: priced.shipping_steps.clone(),
        promotion_code: priced.code.as_ref().and_then(CodeVerdict::planned),
    };
    let collected_at = match &terms.choice {
        FulfilmentChoice::Collect { .. } => {
            let there = plan
                .fulfilments
                .first()
                .map(|planned| (planned.place_id, &planned.place_name));
            there.or(ahead
                .first()
                .map(|awaited| (awaited.place_id, &awaited.place_name)))
        }
        FulfilmentChoice::Delivery { .. } => None,
    };
    Ok(OrderHead {
        id,
        number: OrderNumber::of(id, 0),
        state,
        channel: cart.channel,
        currency: cart.currency,
        member_id: cart.member_id.or(ctx.member_id()),
        contact: terms.contact.clone(),
        method: terms.choice.method(),
        address: terms.address(),
        place_id: collected_at.map(|(id, _)| id),
        place_name: collected_at.map(|(_, name)| name.clone()),
        amounts: *amounts,
        refunded: 0,
        item_count: lines.iter().map(|l| l.quantity).sum(),
        image: lines.iter().find_map(|l| l.snapshot.image.clone()),
        plan,
        hold_expires_at: waits.then(|| now.after(terms.hold_ttl)),
        ahead,
        waits_until: None,
        change: None,
        moments,
        placed_at: now,
        version: 1,
    })
}

fn hold_lines(asks: &[Ask], sourced: &Sourced) -> Vec<HoldLine> {
    let parts = sourced
        .sources
        .iter()
        .flat_map(|s| s.parts.iter().map(move |part| (s.place_id, part)));
    parts
        .filter_map(|(place, part)| {
            let ask = asks.iter().find(|ask| ask.line_id == part.order_line_id)?;
            Some(made_of::hold_lines(&ask.takes, place, part.quantity))
        })
        .flatten()
        .collect()
}
