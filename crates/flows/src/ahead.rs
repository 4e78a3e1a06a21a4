//! Selling what is not there yet: what an order claims of the supply that is due, what becomes of it when goods come,
//! and what its customer is told when they come later. Orders of what is there cost nothing here: they are looked at
//! only when stock has refused them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Ctx, Error, FulfilmentId, OrderId, PlaceId, Result, SkuId, Text, Time};
use bus::emit;
use db::{Reader, Tx};
use jiff::tz::TimeZone;
use orders::events::OrderWaiting;
use orders::{
    Awaited, FulfilmentChoice, Method, Moment, MomentKind, Order, OrderHead, OrderState, Part, awaited,
};
use places::{Book, Place};
use serde::{Deserialize, Serialize};
use sourcing::{Problem, decide};
use stock::{ClaimLine, ClaimRequest, PresaleMode, PresaleOffer};
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::ships;
use crate::error::{NO_COLLECT, PLACE_FULL};
use crate::made_of::{There, most, on_offer};
use crate::part::{TakeOver, items, line_facts, undecided_in};
use crate::reject::requested;
use crate::room::{self, Room};
use crate::sources::{self, Ask, Goal, Source, Sourced, counted, described, locate, way};
use crate::sourcing::minutes_until;

/// Claims looked at in one go.
const BATCH: i64 = 200;

/// Pieces of an order that a place serves once they have come.
#[derive(Clone, Debug)]
pub(crate) struct Ahead {
    pub(crate) awaited: Awaited,
    /// What they take of what is there and of what is due.
    lines: Vec<ClaimLine>,
    /// Whether they are of use only together: who fetches goods is called once.
    whole: bool,
}

impl Ahead {
    /// The claim that an order lays on what is due.
    pub(crate) fn claim(&self, order: OrderId, expires_at: Option<Time>) -> ClaimRequest {
        ClaimRequest {
            owner: self.awaited.id.to_string(),
            document: order.to_string(),
            place_id: self.awaited.place_id,
            lines: self.lines.clone(),
            whole: self.whole,
            expires_at,
        }
    }
}

/// What may be ordered though it is not there yet.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AheadOffer)]
pub struct AheadOut {
    /// Whether it is a pre-order or a backorder.
    pub mode: PresaleMode,
    /// How many of them may be ordered.
    pub quantity: i64,
    /// When they are promised, as far as it is known.
    pub promised_at: Option<Time>,
}

impl AheadOut {
    /// What may be ordered of a SKU, wherever it comes to; the day is that of the first piece.
    pub(crate) fn of(offer: &PresaleOffer, book: &Book) -> Option<Self> {
        let active = |id: PlaceId| book.get(id).is_some_and(|place| place.active);
        let places = offer.places.iter().filter(|at| active(at.place_id));
        let coming: Vec<(Time, i64)> = places.flat_map(|at| at.coming.iter().copied()).collect();
        let first = coming.iter().map(|(day, _)| *day).min()?;
        let quantity: i64 = coming.iter().map(|(_, quantity)| quantity).sum();
        Some(Self {
            mode: offer.mode,
            quantity: quantity.min(offer.left),
            promised_at: Some(first),
        })
    }
}

/// The soonest pieces that are due at places, so many of them: by place, with the day of the last.
fn soonest(
    offer: &PresaleOffer,
    may: impl Fn(PlaceId) -> bool,
    mut wanted: i64,
) -> Option<Vec<(PlaceId, i64, Time)>> {
    if wanted > offer.left {
        return None;
    }
    let at = offer.places.iter().filter(|at| may(at.place_id));
    let mut coming: Vec<(Time, PlaceId, i64)> = at
        .flat_map(|at| {
            at.coming
                .iter()
                .map(|(day, quantity)| (*day, at.place_id, *quantity))
        })
        .collect();
    coming.sort_unstable();
    let mut picks: BTreeMap<PlaceId, (i64, Time)> = BTreeMap::new();
    for (day, place, quantity) in coming {
        let taken = wanted.min(quantity);
        if taken == 0 {
            break;
        }
        wanted -= taken;
        let pick = picks.entry(place).or_insert((0, day));
        *pick = (pick.0 + taken, day);
    }
    let picks = picks
        .into_iter()
        .map(|(place, (quantity, day))| (place, quantity, day));
    (wanted == 0).then(|| picks.collect())
}

/// Whether a place serves what is wanted this way.
fn serves(choice: Option<&FulfilmentChoice>, place: &Place) -> bool {
    place.active
        && match choice {
            Some(FulfilmentChoice::Collect { place_id }) => place.id == *place_id,
            Some(FulfilmentChoice::Delivery { .. }) => ships(place),
            None => true,
        }
}

/// The SKU of an article that is made of nothing else: only of such a one anything can be due.
fn single(ask: &Ask) -> Option<SkuId> {
    match ask.takes.as_slice() {
        [(sku, 1)] if *sku == ask.sku_id => Some(*sku),
        _ => None,
    }
}

impl Flows {
    /// Sources an order that was refused for lack of stock: it may be there by now, or be due.
    ///
    /// # Errors
    /// `stock.insufficient`, `checkout.no_collect`.
    pub(crate) async fn source_short_in(
        &self,
        r: &Reader,
        book: &Book,
        choice: &FulfilmentChoice,
        asks: &[Ask],
    ) -> Result<Sourced> {
        let short = match choice {
            FulfilmentChoice::Delivery { address } => {
                match self.delivery_in(r, book, asks, address, None, &[]).await {
                    Err(error) if error.is(&stock::INSUFFICIENT) => error,
                    sourced => return sourced,
                }
            }
            FulfilmentChoice::Collect { place_id } => {
                let there = There::new(&self.parts.stock.availability_in(r, &counted(asks)).await?);
                let lacks = |ask: &&Ask| {
                    most(&ask.takes, |sku| there.at(sku, *place_id)).is_some_and(|here| here < ask.quantity)
                };
                let Some(ask) = asks.iter().find(lacks) else {
                    let unknown = || Error::new(&NO_COLLECT).with("place", place_id.to_string());
                    return sources::collect(book.get(*place_id).ok_or_else(unknown)?, asks, r.now());
                };
                let here = most(&ask.takes, |sku| there.at(sku, *place_id)).unwrap_or(0);
                Error::new(&stock::INSUFFICIENT)
                    .with("sku_id", ask.sku_id.to_string())
                    .with("place_id", place_id.to_string())
                    .with("wanted", ask.quantity)
                    .with("available", here)
            }
        };
        self.source_ahead_in(r, book, choice, asks, short).await
    }

    /// Sources an order that what is there cannot serve, with what is due; `short` is the refusal where that does
    /// not serve it either.
    ///
    /// # Errors
    /// `short`, `checkout.no_collect`.
    async fn source_ahead_in(
        &self,
        r: &Reader,
        book: &Book,
        choice: &FulfilmentChoice,
        asks: &[Ask],
        short: Error,
    ) -> Result<Sourced> {
        let skus: Vec<SkuId> = asks.iter().filter_map(single).collect();
        let offers = self.parts.stock.presale_offers_in(r, &skus).await?;
        if offers.is_empty() {
            return Err(short);
        }
        let there = There::new(&self.parts.stock.availability_in(r, &counted(asks)).await?);
        match choice {
            FulfilmentChoice::Collect { place_id } => {
                let unknown = || Error::new(&NO_COLLECT).with("place", place_id.to_string());
                let place = book.get(*place_id).ok_or_else(unknown)?;
                sources::may_collect(place)?;
                collected(r.now(), place, asks, &offers, &there, short)
            }
            FulfilmentChoice::Delivery { .. } => {
                self.delivered_in(r, book, choice, asks, &offers, &there, short)
                    .await
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what one decision rests on")]
    async fn delivered_in(
        &self,
        r: &Reader,
        book: &Book,
        choice: &FulfilmentChoice,
        asks: &[Ask],
        offers: &[PresaleOffer],
        there: &There,
        short: Error,
    ) -> Result<Sourced> {
        let FulfilmentChoice::Delivery { address } = choice else {
            return Err(short);
        };
        let may = |id: PlaceId| book.get(id).is_some_and(|place| serves(Some(choice), place));
        let mut now = Vec::with_capacity(asks.len());
        let mut by_place: BTreeMap<PlaceId, (Vec<Part>, Vec<ClaimLine>, Time)> = BTreeMap::new();
        for ask in asks {
            let here: i64 = there
                .of(&ask.takes)
                .filter(|(id, _)| may(*id))
                .map(|(_, n)| n)
                .sum();
            let lacking = match ask.takes.is_empty() {
                true => 0,
                false => (ask.quantity - here).max(0),
            };
            if lacking < ask.quantity {
                now.push(Ask {
                    quantity: ask.quantity - lacking,
                    ..ask.clone()
                });
            }
            if lacking == 0 {
                continue;
            }
            let offer = single(ask).and_then(|sku| offers.iter().find(|offer| offer.sku_id == sku));
            let Some(picks) = offer.and_then(|offer| soonest(offer, may, lacking)) else {
                return Err(short);
            };
            for (place, quantity, day) in picks {
                let at = by_place.entry(place).or_insert((Vec::new(), Vec::new(), day));
                at.0.push(Part {
                    order_line_id: ask.line_id,
                    quantity,
                });
                at.1.push(ClaimLine {
                    sku_id: ask.sku_id,
                    now: 0,
                    ahead: quantity,
                });
                at.2 = at.2.max(day);
            }
        }
        if by_place.is_empty() {
            return Err(short);
        }
        let mut sourced = match now.is_empty() {
            true => Sourced::default(),
            false => self.delivery_in(r, book, &now, address, None, &[]).await?,
        };
        for (place, (parts, lines, day)) in by_place {
            let Some(place) = book.get(place) else { continue };
            let promised_at = self.arrival_in(r, book, choice, place, day).await?;
            sourced.ahead.push(Ahead {
                awaited: expected(place, parts, promised_at),
                lines,
                whole: false,
            });
        }
        Ok(sourced)
    }

    /// When what comes to a place on a day is with the customer.
    async fn arrival_in(
        &self,
        r: &Reader,
        book: &Book,
        choice: &FulfilmentChoice,
        place: &Place,
        day: Time,
    ) -> Result<Option<Time>> {
        let from = day.max(r.now());
        let ready = place.ready_at(from)?;
        let FulfilmentChoice::Delivery { address } = choice else {
            return Ok(ready);
        };
        let active = self.sourcing.active_in(r).await?;
        let goal = Goal::Parcel(address);
        let mut candidate = described(place, goal, book, locate(book, address));
        (candidate.available, candidate.sold) = (vec![1], vec![None]);
        candidate.ready_minutes = ready.map(|ready| minutes_until(r.now(), ready));
        let problem = Problem {
            lines: vec![sourcing::Ask {
                product_id: None,
                quantity: 1,
            }],
            way: way(goal),
            promise_minutes: None,
            candidates: vec![candidate],
        };
        let decision = decide(&active.rules, &problem);
        let minutes = decision.judged.first().and_then(|judged| judged.arrival_minutes);
        let seconds = minutes.and_then(|minutes| u64::try_from(minutes * 60).ok());
        Ok(seconds.map(|seconds| r.now().after(std::time::Duration::from_secs(seconds))))
    }

    /// What may be ordered ahead of each line of a cart of which less is there than is wanted.
    pub(crate) async fn ahead_of_lines(
        &self,
        choice: Option<&FulfilmentChoice>,
        lacking: &[(SkuId, i64)],
    ) -> Result<Vec<Option<AheadOut>>> {
        let skus: Vec<SkuId> = lacking
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(sku, _)| *sku)
            .collect();
        if skus.is_empty() {
            return Ok(vec![None; lacking.len()]);
        }
        let book = self.parts.places.book().await?;
        let (flows, choice, lacking) = (self.clone(), choice.cloned(), lacking.to_vec());
        let read = async move |r: &Reader| {
            let offers = flows.parts.stock.presale_offers_in(r, &skus).await?;
            let mut out = Vec::with_capacity(lacking.len());
            for (sku, quantity) in &lacking {
                let offer = offers.iter().find(|offer| offer.sku_id == *sku && *quantity > 0);
                let may = |id: PlaceId| book.get(id).is_some_and(|place| serves(choice.as_ref(), place));
                let picks = offer.and_then(|offer| soonest(offer, may, *quantity));
                out.push(match (offer, picks) {
                    (Some(offer), Some(picks)) => {
                        let mut promised_at = None;
                        for (id, _, day) in picks {
                            let Some(place) = book.get(id) else { continue };
                            let there = match &choice {
                                Some(choice) => flows.arrival_in(r, &book, choice, place, day).await?,
                                None => place.ready_at(day)?,
                            };
                            promised_at = promised_at.max(there);
                        }
                        Some(AheadOut {
                            mode: offer.mode,
                            quantity: *quantity,
                            promised_at,
                        })
                    }
                    _ => None,
                });
            }
            Ok(out)
        };
        self.parts.db.read(read).await
    }

    /// Keeps what an order claims for good.
    pub(crate) async fn ahead_keep_in(&self, tx: &Tx, ctx: &Ctx, order: &OrderHead) -> Result<()> {
        if order.ahead.is_empty() {
            return Ok(());
        }
        let document = order.id.to_string();
        self.parts
            .stock
            .claims_keep_in(tx, &ctx.elevated(), &document)
            .await
    }

    /// Keeps what an order claims until another instant.
    pub(crate) async fn ahead_extend_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &OrderHead,
        until: Time,
    ) -> Result<()> {
        if order.ahead.is_empty() {
            return Ok(());
        }
        let (ctx, document) = (ctx.elevated(), order.id.to_string());
        self.parts
            .stock
            .claims_extend_in(tx, &ctx, &document, until)
            .await
    }

    /// Gives back what an order claimed.
    pub(crate) async fn ahead_release_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: OrderId,
        had: &[Awaited],
    ) -> Result<()> {
        if had.is_empty() {
            return Ok(());
        }
        let document = order.to_string();
        self.parts
            .stock
            .claims_release_in(tx, &ctx.elevated(), &document)
            .await
    }

    /// Gives back some of what an order claimed.
    pub(crate) async fn ahead_reduce_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        given: &[(FulfilmentId, Part)],
    ) -> Result<()> {
        for (owner, part) in given {
            let sku = order.line(part.order_line_id)?.sku_id;
            let pieces = [(sku, part.quantity)];
            self.parts
                .stock
                .claim_reduce_in(tx, &ctx.elevated(), &owner.to_string(), &pieces)
                .await?;
        }
        Ok(())
    }

    /// Has places serve what has come for orders that were sold ahead, and tells customers whose goods come on another
    /// day, or a colleague where nobody brings them any more; answers how many orders changed.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn ahead_due(&self, ctx: &Ctx) -> Result<usize> {
        let come = self.parts.stock.claims_come(BATCH).await?;
        let untold = self.parts.stock.claims_untold(BATCH).await?;
        if come.is_empty() && untold.is_empty() {
            return Ok(0);
        }
        let book = self.parts.places.book().await?;
        let mut changed = 0;
        for come in come {
            let (flows, actor, book) = (self.clone(), ctx.clone(), book.clone());
            let unit = async move |tx: &Tx| {
                flows
                    .come_in(tx, &actor, &book, &come.document, &come.owner)
                    .await
            };
            match self.parts.db.write(unit).await {
                Ok(moved) => changed += usize::from(moved),
                // The place has all its orders of today: tomorrow it serves this one.
                Err(error) if error.is(&PLACE_FULL) => {}
                Err(error) => tracing::error!(?error, "what came for an order could not be taken over"),
            }
        }
        for document in untold {
            let (flows, actor, book) = (self.clone(), ctx.clone(), book.clone());
            let unit = async move |tx: &Tx| flows.moved_in(tx, &actor, &book, &document).await;
            match self.parts.db.write(unit).await {
                Ok(moved) => changed += usize::from(moved),
                Err(error) => tracing::error!(?error, "a day that moved could not be told"),
            }
        }
        Ok(changed)
    }

    /// A place serves what has come for an order.
    async fn come_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, order: &str, owner: &str) -> Result<bool> {
        let mut order = orders::order_get_in(tx, order.parse()?).await?;
        let Some(at) = order.head.ahead.iter().position(|a| a.id.to_string() == owner) else {
            return Ok(false);
        };
        let next = FulfilmentId::new().to_string();
        let Some(hold) = self.parts.stock.claim_take_in(tx, owner, &next).await? else {
            return Ok(false);
        };
        let coming = order.head.ahead[at].clone();
        let parts = match order.head.method {
            Method::Collect => coming.parts.clone(),
            Method::Delivery => came(&order, &coming, &hold)?,
        };
        let place = book.get(coming.place_id);
        let source = Source {
            place_id: coming.place_id,
            place_name: coming.place_name.clone(),
            parts,
            promised_at: place.map(|place| place.ready_at(tx.now())).transpose()?.flatten(),
            day: place.and_then(|place| place.limited_day(tx.now())),
        };
        let mut fulfilment = requested(tx, &order, &source);
        fulfilment.id = hold.owner.parse()?;
        fulfilment.hold_id = Some(hold.id);
        fulfilment.promised_at = coming.promised_at.max(source.promised_at);
        let left = &mut order.head.ahead[at].parts;
        for part in left.iter_mut() {
            part.quantity -= fulfilment.quantity_of(part.order_line_id);
        }
        left.retain(|part| part.quantity > 0);
        order.head.ahead.retain(|awaited| !awaited.parts.is_empty());
        if order.head.state == OrderState::Paid {
            order.head.state = order.head.state.step(OrderState::Allocated)?;
        }
        let supplied = Moment::new(tx.now(), MomentKind::Supplied, &ctx.actor);
        orders::order_change_in(tx, &mut order.head, vec![supplied]).await?;
        if let Some(day) = source.day {
            let room = Room {
                owner: fulfilment.id,
                place_name: source.place_name.clone(),
                day,
            };
            room::take_in(tx, &[room], None).await?;
        }
        self.take_over_in(tx, ctx, &mut order, vec![fulfilment], TakeOver::Supply)
            .await?;
        Ok(true)
    }

    /// What an order awaits comes on another day, or not at all.
    async fn moved_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, document: &str) -> Result<bool> {
        let mut order = orders::order_get_in(tx, document.parse()?).await?;
        let news = self.parts.stock.claims_tell_in(tx, document).await?;
        let choice = match (&order.head.address, order.head.place_id) {
            (Some(address), _) => FulfilmentChoice::Delivery {
                address: address.clone(),
            },
            (None, place) => FulfilmentChoice::Collect {
                place_id: place.unwrap_or_default(),
            },
        };
        let (mut lost, mut moments) = (Vec::new(), Vec::new());
        let mut ahead = std::mem::take(&mut order.head.ahead);
        for awaited in &mut ahead {
            let owner = awaited.id.to_string();
            let mine: Vec<Option<Time>> = news
                .iter()
                .filter(|news| news.owner == owner)
                .map(|news| news.due_at)
                .collect();
            if mine.is_empty() {
                continue;
            }
            let Some(place) = book.get(awaited.place_id) else {
                continue;
            };
            if mine.contains(&None) {
                lost.push(awaited.clone());
                continue;
            }
            let Some(due) = mine.into_iter().flatten().max().filter(|due| *due > tx.now()) else {
                // What is late is promised for no other day until somebody names one.
                continue;
            };
            let promised = self.arrival_in(tx, book, &choice, place, due).await?;
            let (before, now) = (day_of(place, awaited.promised_at), day_of(place, promised));
            awaited.promised_at = promised;
            if before != now {
                let moment = Moment::new(tx.now(), MomentKind::Awaited, &ctx.actor)
                    .with_text("items", &items(&order, &awaited.parts))
                    .with("day", now)
                    .with("before", before);
                moments.push(moment);
            }
        }
        ahead.retain(|awaited| lost.iter().all(|lost| lost.id != awaited.id));
        order.head.ahead = ahead;
        let has_moved = !moments.is_empty();
        if has_moved {
            orders::order_change_in(tx, &mut order.head, moments).await?;
            announce_in(tx, ctx, &order).await?;
        }
        if !lost.is_empty() {
            let parts: Vec<Part> = lost.iter().flat_map(|lost| lost.parts.clone()).collect();
            let missing = items(&order, &parts);
            let why = Text::new(
                format!("预计到货已取消或减少，缺少：{}", missing.zh),
                format!(
                    "The expected supply does not come; this is missing: {}",
                    missing.en
                ),
            );
            undecided_in(tx, ctx, &mut order, why).await?;
            for lost in &lost {
                self.parts
                    .stock
                    .claim_release_in(tx, &ctx.elevated(), &lost.id.to_string())
                    .await?;
            }
        }
        Ok(has_moved || !lost.is_empty())
    }
}

/// What is collected: everything at the place that was chosen, once all of it is there.
fn collected(
    now: Time,
    place: &Arc<Place>,
    asks: &[Ask],
    offers: &[PresaleOffer],
    there: &There,
    short: Error,
) -> Result<Sourced> {
    let wanted: Vec<(&[(SkuId, i64)], i64)> = asks
        .iter()
        .map(|ask| (ask.takes.as_slice(), ask.quantity))
        .collect();
    let offer = on_offer(&wanted, |sku| there.at(sku, place.id));
    let mut lines: BTreeMap<SkuId, ClaimLine> = BTreeMap::new();
    let mut last: Option<Time> = None;
    for (ask, here) in asks.iter().zip(offer) {
        let here = here.min(ask.quantity);
        for (sku, each) in &ask.takes {
            let line = lines.entry(*sku).or_insert(ClaimLine {
                sku_id: *sku,
                now: 0,
                ahead: 0,
            });
            line.now += here * each;
        }
        let lacking = ask.quantity - here;
        if lacking == 0 {
            continue;
        }
        let offer = single(ask).and_then(|sku| offers.iter().find(|offer| offer.sku_id == sku));
        let picks = offer.and_then(|offer| soonest(offer, |id| id == place.id, lacking));
        let Some([(_, _, day)]) = picks.as_deref() else {
            return Err(short);
        };
        last = last.max(Some(*day));
        if let Some(line) = lines.get_mut(&ask.sku_id) {
            line.ahead += lacking;
        }
    }
    let Some(day) = last else {
        return Err(short);
    };
    let parts = asks.iter().map(|ask| Part {
        order_line_id: ask.line_id,
        quantity: ask.quantity,
    });
    Ok(Sourced {
        ahead: vec![Ahead {
            awaited: expected(place, parts.collect(), place.ready_at(day.max(now))?),
            lines: lines.into_values().collect(),
            whole: true,
        }],
        ..Sourced::default()
    })
}

fn expected(place: &Place, parts: Vec<Part>, promised_at: Option<Time>) -> Awaited {
    Awaited {
        id: FulfilmentId::new(),
        place_id: place.id,
        place_name: place.name.clone(),
        parts,
        promised_at,
    }
}

/// The pieces of a hold as parts of what an order awaits.
fn came(order: &Order, coming: &Awaited, hold: &stock::Hold) -> Result<Vec<Part>> {
    let mut parts = Vec::with_capacity(coming.parts.len());
    for part in &coming.parts {
        let sku = order.line(part.order_line_id)?.sku_id;
        let held: i64 = hold
            .outstanding()
            .filter(|line| line.sku_id == sku)
            .map(|line| line.quantity)
            .sum();
        let quantity = part.quantity.min(held);
        if quantity > 0 {
            parts.push(Part { quantity, ..*part });
        }
    }
    Ok(parts)
}

/// The day of a promise where the place is.
fn day_of(place: &Place, at: Option<Time>) -> String {
    let zone = TimeZone::get(&place.timezone).unwrap_or(TimeZone::UTC);
    at.map(|at| at.timestamp().to_zoned(zone).date().to_string())
        .unwrap_or_default()
}

/// What an order's customer reads about what is still to come.
pub(crate) fn moments(now: Time, ctx: &Ctx, order: &Order, book: &Book) -> Vec<Moment> {
    let told = order.head.ahead.iter().filter_map(|awaited| {
        let day = day_of(book.get(awaited.place_id)?, awaited.promised_at);
        let moment = Moment::new(now, MomentKind::Awaited, &ctx.actor);
        Some(
            moment
                .with_text("items", &items(order, &awaited.parts))
                .with("day", day),
        )
    });
    told.collect()
}

/// Tells an order's customer what is still to come, and by when.
pub(crate) async fn announce_in(tx: &Tx, ctx: &Ctx, order: &Order) -> Result<()> {
    let ahead = &order.head.ahead;
    let Some(until) = ahead.iter().filter_map(|awaited| awaited.promised_at).max() else {
        return Ok(());
    };
    let parts: Vec<Part> = order
        .lines
        .iter()
        .map(|line| Part {
            order_line_id: line.id,
            quantity: awaited(ahead, line.id),
        })
        .filter(|part| part.quantity > 0)
        .collect();
    let event = OrderWaiting {
        order: (&order.head).into(),
        lines: line_facts(order, &parts)?,
        until,
    };
    emit(tx, ctx, &event).await?;
    Ok(())
}
