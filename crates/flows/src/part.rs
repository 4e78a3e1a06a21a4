//! A part of an order: what a place cannot serve, what its customer gives up, and what that does to the rest.

use base::{Ctx, Money, PlaceId, Result, SkuId, Text, Time};
use bus::emit;
use db::{Reader, Tx};
use orders::events::{
    FulfilmentCancelled, FulfilmentRejected, FulfilmentRequested, LineFacts, OrderCollected, OrderDelivered,
    OrderMoved, OrderNeedsDecision, OrderReduced, OrderResumed,
};
use orders::{
    Awaited, Fulfilment, FulfilmentState, Line, Method, Moment, MomentKind, Order, OrderState, Part,
    merged_parts, rules::worth,
};
use payments::{Payment, RefundId};
use places::{Book, Place};
use stock::HoldRequest;

use crate::Flows;
use crate::channel::leave;
use crate::fulfil::{advance, all_ready_at, call_in};
use crate::made_of;
use crate::pay::is_gone;
use crate::reject::{Reject, counted_lines, requested};
use crate::room::{self, Room};
use crate::sources::{self, Ask, Goal, Sourced, Wish};

/// What takes over, and from whom.
pub(crate) enum TakeOver {
    /// Another place could not.
    From {
        /// That place.
        place: Text,
        /// Why, in words for the customer.
        reason: Text,
        /// When it had been promised.
        promised: Option<Time>,
    },
    /// It had waited for supply.
    Supply,
}

impl Flows {
    /// Takes pieces a place cannot serve out of its fulfilment and puts its book right by the reason. Answers
    /// the pieces as a rejected fulfilment of their own, or the whole fulfilment, rejected.
    pub(crate) async fn reject_pieces_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        at: usize,
        reject: &Reject,
    ) -> Result<Fulfilment> {
        let pieces = if reject.parts.is_empty() {
            order.fulfilments[at].parts.clone()
        } else {
            merged_parts(&reject.parts)
        };
        let told = Moment::new(tx.now(), MomentKind::Rejected, &ctx.actor)
            .with_text("place", &order.fulfilments[at].place_name)
            .with_text("reason", &reject.reason.text())
            .with_text("items", &items(order, &pieces))
            .with("code", reject.reason.as_str());
        // The order's row before the stock: the house's order of locks.
        orders::order_change_in(tx, &mut order.head, vec![told]).await?;
        self.change_drop_in(tx, ctx, order, overtaken()).await?;
        let rejected = split_in(tx, order, at, &pieces, FulfilmentState::Rejected).await?;
        // Only the whole of it has room: a place that serves the rest still has an order.
        places::room_release_in(tx, &rejected.id.to_string()).await?;
        let held = self.held_in(tx, order, &rejected).await?;
        if let (Some(hold), false) = (rejected.hold_id, held.is_empty()) {
            let (why, note) = (reject.reason.rejection(), reject.note.as_deref());
            self.parts
                .stock
                .reject_in(tx, &ctx.elevated(), hold, &held, why, note)
                .await?;
        }
        let event = FulfilmentRejected {
            fulfilment: (&rejected).into(),
            reason: reject.reason.as_str().to_owned(),
            note: reject.note.clone(),
        };
        emit(tx, ctx, &event).await?;
        Ok(rejected)
    }

    /// Gives pieces of an order up: first those nobody serves, then those of fulfilments in one of `states`.
    /// Their stock is free again and what they had cost is on its way back. Nothing else of it moves.
    pub(crate) async fn reduce_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        wanted: &[Part],
        states: &[FulfilmentState],
        reason: &str,
    ) -> Result<(Money, Vec<RefundId>)> {
        let wanted = merged_parts(wanted);
        let given = order.give_up(&wanted, states)?;
        self.change_drop_in(tx, ctx, order, overtaken()).await?;
        // An order whose money went back already owes nothing more.
        let refund = Money::new(
            given.worth.min(order.head.net().amount_minor),
            order.head.currency,
        );
        let facts = line_facts(order, &wanted)?;
        // One document for each change of the order: the same change cannot give back twice.
        let source = format!("reduce:{}:{}", order.head.id, order.head.version);
        order.head.refunded += refund.amount_minor;
        let mut moments = vec![
            Moment::new(tx.now(), MomentKind::Reduced, &ctx.actor)
                .with_text("items", &items(order, &wanted))
                .with("reason", reason),
        ];
        if refund.amount_minor > 0 {
            let moment = Moment::new(tx.now(), MomentKind::Refunded, &ctx.actor);
            moments.push(moment.with("amount", refund.to_string()));
        }
        orders::order_cancel_parts_in(tx, order, &wanted).await?;
        let mut freed: Vec<Fulfilment> = Vec::new();
        let mut ats: Vec<usize> = given.served.iter().map(|(at, _)| *at).collect();
        ats.sort_unstable();
        ats.dedup();
        for at in ats {
            let mine = given.served.iter().filter(|(of, _)| *of == at);
            let pieces: Vec<Part> = mine.map(|(_, part)| *part).collect();
            freed.push(split_in(tx, order, at, &pieces, FulfilmentState::Cancelled).await?);
        }
        let no_longer: Vec<(Awaited, Part)> = given
            .awaited
            .iter()
            .map(|(at, part)| (order.head.ahead[*at].clone(), *part))
            .collect();
        await_no_longer(&mut order.head.ahead, &given.awaited);
        if order.unserved().is_empty() {
            order.head.waits_until = None;
        }
        self.advance_and_tell(tx, ctx, order, moments).await?;
        self.ahead_reduce_in(tx, ctx, order, &no_longer).await?;
        self.call_for_rest_in(tx, ctx, order, &no_longer).await?;
        for fulfilment in &freed {
            self.put_back_in(tx, ctx, order, fulfilment).await?;
            let event = FulfilmentCancelled {
                fulfilment: fulfilment.into(),
            };
            emit(tx, ctx, &event).await?;
        }
        let refunds = self.pay_back_in(tx, ctx, order, refund, &source).await?;
        let reduced = OrderReduced {
            order: (&order.head).into(),
            lines: facts,
            reason: reason.to_owned(),
            refund,
        };
        emit(tx, ctx, &reduced).await?;
        Ok((refund, refunds))
    }

    /// Calls the customer to what is packed when nothing more is to come to it.
    async fn call_for_rest_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        no_longer: &[(Awaited, Part)],
    ) -> Result<()> {
        let (Some(place), Method::Collect) = (order.head.place_id, order.head.method) else {
            return Ok(());
        };
        let uncalled = |f: &Fulfilment| {
            f.place_id == place && f.state == FulfilmentState::Ready && f.pickup_by.is_none()
        };
        let Some(at) = order.fulfilments.iter().rposition(uncalled) else {
            return Ok(());
        };
        if !all_ready_at(order, place) || !order.unserved().is_empty() {
            return Ok(());
        }
        let zone = no_longer
            .first()
            .and_then(|(awaited, _)| awaited.timezone.as_deref());
        let wait = self.pickup.wait(tx.now(), zone);
        call_in(tx, ctx, order, at, wait).await
    }

    /// Puts an amount on its way back. What of it was to be paid at the counter is not asked for any more.
    async fn pay_back_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        amount: Money,
        source: &str,
    ) -> Result<Vec<RefundId>> {
        let payments = payments::payment_list_in(tx, &[order.head.id]).await?;
        let paid: i64 = payments.iter().map(|p| p.balance.refundable()).sum();
        let back = amount.amount_minor.min(paid);
        let unpaid = amount.amount_minor - back;
        if let (Some(open), true) = (payments.iter().find(|p| p.balance.state.is_open()), unpaid > 0) {
            payments::payment_void_in(tx, ctx, std::slice::from_ref(open)).await?;
            let left = Money::new((open.balance.amount - unpaid).max(0), open.currency);
            if left.amount_minor > 0 {
                let instead = Payment::new(order.head.id, open.provider, left, tx.now());
                payments::payment_start_in(tx, ctx, &instead).await?;
            }
        }
        let back = Money::new(back, amount.currency);
        self.parts
            .payments
            .payment_refund_in(tx, ctx, order.head.id, back, source)
            .await
    }

    /// Brings the order as far as its slowest fulfilment, and tells when that is the end of its way.
    pub(crate) async fn advance_and_tell(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        moments: Vec<Moment>,
    ) -> Result<Option<OrderState>> {
        let became = advance(tx, order, moments).await?;
        arrived_in(tx, ctx, order, became).await?;
        Ok(became)
    }

    /// Finds and holds pieces at places that are not `excluded`. All of them, or nothing is held.
    pub(crate) async fn find_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &Order,
        pieces: &[Part],
        excluded: &[PlaceId],
    ) -> Result<Option<Vec<Fulfilment>>> {
        let asks = self.asks_in(tx, order, pieces).await?;
        let view = self.view_in(tx, order.head.channel).await?;
        let wish = |goal| Wish {
            promised: order.fulfilments.iter().filter_map(|f| f.promised_at).max(),
            rejected: excluded,
            ..Wish::new(&asks, goal, &view)
        };
        let sourced = match (order.head.method, &order.head.address) {
            (Method::Delivery, Some(address)) => {
                match self.delivery_in(tx, book, wish(Goal::Parcel(address))).await {
                    Ok(sourced) => Some(sourced),
                    Err(error) if error.is(&stock::INSUFFICIENT) => None,
                    Err(error) => return Err(error),
                }
            }
            _ => match order.head.place_id {
                Some(origin) => {
                    self.collect_elsewhere_in(tx, book, wish(Goal::Collect(origin)))
                        .await?
                }
                None => None,
            },
        };
        match sourced {
            Some(sourced) => self.held_or_nothing_in(tx, ctx, order, &asks, sourced).await,
            None => Ok(None),
        }
    }

    /// Holds pieces at one place that a person named, however far it is. All of them, or nothing is held.
    pub(crate) async fn find_at_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &Order,
        pieces: &[Part],
        place: &Place,
    ) -> Result<Option<Vec<Fulfilment>>> {
        if order.head.method == Method::Delivery {
            let others: Vec<PlaceId> = book.iter().map(|p| p.id).filter(|id| *id != place.id).collect();
            return self.find_in(tx, ctx, book, order, pieces, &others).await;
        }
        let asks = self.asks_in(tx, order, pieces).await?;
        let view = self.view_in(tx, order.head.channel).await?;
        let sourced = sources::collect(place, &asks, tx.now(), &view)?;
        self.held_or_nothing_in(tx, ctx, order, &asks, sourced).await
    }

    async fn held_or_nothing_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        asks: &[Ask],
        sourced: Sourced,
    ) -> Result<Option<Vec<Fulfilment>>> {
        // Somebody may take a piece between the look and the hold: then none of it is held.
        match tx
            .attempt(async |tx: &Tx| self.hold_sourced_in(tx, ctx, order, asks, sourced).await)
            .await
        {
            Ok(fulfilments) => Ok(Some(fulfilments)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn asks_in(&self, r: &Reader, order: &Order, pieces: &[Part]) -> Result<Vec<Ask>> {
        let mut asks = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let line = order.line(piece.order_line_id)?;
            asks.push(Ask {
                line_id: line.id,
                sku_id: line.sku_id,
                product_id: Some(line.product_id),
                quantity: piece.quantity,
                takes: made_of::pieces(line, 1),
            });
        }
        let skus: Vec<_> = asks.iter().map(|ask| ask.sku_id).collect();
        let known = self.parts.catalog.sku_snapshots_in(r, &skus).await?;
        // A SKU that was deleted since is a piece all the same; a kit is what it was when it was bought.
        let is_counted =
            |(sku, _): &(SkuId, i64)| known.get(sku).is_none_or(|sku| sku.tracked || sku.is_kit());
        for ask in &mut asks {
            if ask.takes.iter().any(|(sku, _)| *sku == ask.sku_id) {
                ask.takes.retain(is_counted);
            }
        }
        Ok(asks)
    }

    pub(crate) async fn hold_sourced_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        asks: &[Ask],
        sourced: Sourced,
    ) -> Result<Vec<Fulfilment>> {
        let view = self.view_in(tx, order.head.channel).await?;
        let mut fulfilments = Vec::with_capacity(sourced.sources.len());
        let mut why_of = None;
        for source in sourced.sources {
            let mut fulfilment = requested(tx, order, &source);
            fulfilment.why_text = sourced.why.as_ref().and_then(|why| why.plainly(source.place_id));
            // The first keeps the decision for all.
            fulfilment.why_of = why_of.or_else(|| sourced.why.as_ref().map(|_| fulfilment.id));
            if why_of.is_none() {
                fulfilment.why.clone_from(&sourced.why);
            }
            why_of = fulfilment.why_of;
            if let Some(day) = source.day {
                let (owner, place_name) = (fulfilment.id, source.place_name.clone());
                let room = Room {
                    owner,
                    place_name,
                    day,
                };
                room::take_in(tx, &[room], None).await?;
            }
            let lines = counted_lines(asks, &source);
            if !lines.is_empty() {
                let request = HoldRequest {
                    owner: fulfilment.id.to_string(),
                    leave: leave(&lines, &view),
                    lines,
                    expires_at: None,
                };
                let hold = self
                    .parts
                    .stock
                    .hold_place_in(tx, &ctx.elevated(), request)
                    .await?;
                fulfilment.hold_id = Some(hold.id);
            }
            fulfilments.push(fulfilment);
        }
        Ok(fulfilments)
    }

    /// Other places serve what nobody served.
    pub(crate) async fn take_over_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        replacements: Vec<Fulfilment>,
        from: TakeOver,
    ) -> Result<()> {
        let served_here = |order: &Order| {
            let mut live = order.fulfilments.iter().filter(|f| f.state.holds_stock());
            live.any(|f| Some(f.place_id) == order.head.place_id)
        };
        // The customer goes to the place that serves all of it now; one that still serves a part stays theirs.
        if let (Method::Collect, Some(first), false) =
            (order.head.method, replacements.first(), served_here(order))
        {
            order.head.place_id = Some(first.place_id);
            order.head.place_name = Some(first.place_name.clone());
        }
        let kind = match &from {
            TakeOver::From { .. } => MomentKind::Moved,
            TakeOver::Supply => MomentKind::Allocated,
        };
        let asked =
            |f: &Fulfilment| Moment::new(tx.now(), kind, &ctx.actor).with_text("place", &f.place_name);
        let moments = replacements.iter().map(asked).collect();
        orders::fulfilment_request_in(tx, &replacements).await?;
        order.fulfilments.extend(replacements.iter().cloned());
        if order.unserved().is_empty() {
            order.head.waits_until = None;
        }
        advance(tx, order, moments).await?;
        for fulfilment in &replacements {
            let event = FulfilmentRequested {
                fulfilment: fulfilment.into(),
            };
            emit(tx, ctx, &event).await?;
        }
        let to = replacements.iter().map(Into::into).collect();
        match from {
            TakeOver::From {
                place,
                reason,
                promised,
            } => {
                let moved = OrderMoved {
                    order: (&order.head).into(),
                    from_place: place,
                    reason,
                    to,
                    promised_before: promised,
                };
                emit(tx, ctx, &moved).await?;
            }
            TakeOver::Supply => {
                let resumed = OrderResumed {
                    order: (&order.head).into(),
                    to,
                };
                emit(tx, ctx, &resumed).await?;
            }
        }
        Ok(())
    }
}

/// Why a change that waited for its payment is not made.
pub(crate) fn overtaken() -> Text {
    Text::new("订单在此期间有其他变动", "the order went on otherwise meanwhile")
}

/// Takes pieces out of what an order awaits, by their place in it.
fn await_no_longer(ahead: &mut Vec<Awaited>, given: &[(usize, Part)]) {
    for (at, given) in given {
        let awaited = &mut ahead[*at];
        let of_line = |part: &&mut Part| part.order_line_id == given.order_line_id;
        for part in awaited.parts.iter_mut().filter(of_line) {
            part.quantity -= given.quantity;
        }
        if let Some(sent) = &mut awaited.sent {
            for part in sent.parts.iter_mut().filter(of_line) {
                part.quantity -= given.quantity.min(part.quantity);
            }
            sent.parts.retain(|part| part.quantity > 0);
        }
    }
    for awaited in ahead.iter_mut() {
        awaited.parts.retain(|part| part.quantity > 0);
    }
    ahead.retain(|awaited| !awaited.parts.is_empty());
}

/// Tells that the whole order reached its customer, when that is what it became.
pub(crate) async fn arrived_in(tx: &Tx, ctx: &Ctx, order: &Order, became: Option<OrderState>) -> Result<()> {
    match became {
        Some(OrderState::Collected) => emit(tx, ctx, &OrderCollected::of(order)).await,
        Some(OrderState::Delivered) => emit(tx, ctx, &OrderDelivered::of(order)).await,
        _ => return Ok(()),
    }?;
    Ok(())
}

/// Nobody serves some of it: never a silent cancellation, a person decides.
pub(crate) async fn undecided_in(tx: &Tx, ctx: &Ctx, order: &mut Order, why: Text) -> Result<()> {
    if order.head.state != OrderState::NeedsDecision {
        order.head.state = order.head.state.step(OrderState::NeedsDecision)?;
    }
    order.head.waits_until = None;
    let decide = Moment::new(tx.now(), MomentKind::NeedsDecision, &ctx.actor).with_text("why", &why);
    orders::order_change_in(tx, &mut order.head, vec![decide]).await?;
    let refund = Money::zero(order.head.currency);
    let event = OrderNeedsDecision {
        order: (&order.head).into(),
        why,
        refund,
    };
    emit(tx, ctx, &event).await?;
    Ok(())
}

/// Writes pieces as a fulfilment of their own in state `to`, or the whole one where they are all of it.
pub(crate) async fn split_in(
    tx: &Tx,
    order: &mut Order,
    at: usize,
    pieces: &[Part],
    to: FulfilmentState,
) -> Result<Fulfilment> {
    let split = order.fulfilments[at].split(pieces, to)?;
    orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
    let Some(mut split) = split else {
        return Ok(order.fulfilments[at].clone());
    };
    split.created_at = tx.now();
    orders::fulfilment_request_in(tx, std::slice::from_ref(&split)).await?;
    order.fulfilments.push(split.clone());
    Ok(split)
}

/// Pieces with what they had cost.
pub(crate) fn line_facts(order: &Order, parts: &[Part]) -> Result<Vec<LineFacts>> {
    let mut facts = Vec::with_capacity(parts.len());
    for part in parts {
        let line = order.line(part.order_line_id)?;
        let before = line.quantity_returned + line.quantity_cancelled;
        let most = line.quantity - before;
        facts.push(LineFacts {
            sku_id: line.sku_id,
            product_id: line.product_id,
            name: line.snapshot.name.clone(),
            quantity: part.quantity,
            total: Money::new(worth(line, before, part.quantity.min(most))?, order.head.currency),
        });
    }
    Ok(facts)
}

/// Pieces in words: `精华 ×2、唇膏 ×1`.
pub(crate) fn items(order: &Order, parts: &[Part]) -> Text {
    let named: Vec<(&Line, i64)> = parts
        .iter()
        .filter_map(|part| Some((order.line(part.order_line_id).ok()?, part.quantity)))
        .collect();
    let list = |of: fn(&Text) -> &str, and: &str| {
        let words: Vec<String> = named
            .iter()
            .map(|(line, quantity)| format!("{} ×{quantity}", of(&line.snapshot.name)))
            .collect();
        words.join(and)
    };
    Text::new(list(|t| &t.zh, "、"), list(|t| &t.en, ", "))
}
