//! Selling what is not there yet: what an order claims of the supply that is due, keeps, and gives back. Orders of
//! what is there cost nothing here: they are looked at only when stock has refused them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Ctx, Error, FulfilmentId, OrderId, PlaceId, Result, SkuId, Time};
use bus::emit;
use channels::View;
use db::{Reader, Tx};
use jiff::tz::TimeZone;
use orders::events::OrderWaiting;
use orders::{Awaited, FulfilmentChoice, Moment, MomentKind, Order, OrderHead, Part, awaited};
use places::{Book, Place};
use serde::{Deserialize, Serialize};
use sourcing::{Problem, decide};
use stock::{ClaimLine, ClaimRequest, HoldLine, Key, PresaleMode, PresaleOffer};
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::ships;
use crate::channel::{leaves, seen};
use crate::collect::Facts;
use crate::error::NO_COLLECT;
use crate::made_of::{There, most, on_offer};
use crate::part::{items, line_facts};
use crate::sources::{self, Ask, Goal, Sourced, Wish, counted, described, locate, way};
use crate::sourcing::minutes_until;

/// What is wanted that what is there cannot serve.
struct Wanted<'a> {
    choice: &'a FulfilmentChoice,
    asks: &'a [Ask],
    /// How the order's channel sees what is there.
    view: &'a View,
    /// The refusal, where what is due does not serve it either.
    short: Error,
}

/// Pieces of an order that a place serves once they have come.
#[derive(Clone, Debug)]
pub(crate) struct Ahead {
    pub(crate) awaited: Awaited,
    pub(crate) comes: Comes,
}

/// From where awaited pieces come.
#[derive(Clone, Debug)]
pub(crate) enum Comes {
    /// They are due.
    Due {
        /// What they take of what is there and of what is due.
        lines: Vec<ClaimLine>,
        /// Whether they are of use only together: who fetches goods is called once.
        whole: bool,
    },
    /// Another place sends them.
    Sent {
        /// What is held for them, there and where they are collected.
        held: Vec<HoldLine>,
    },
}

impl Ahead {
    /// The claim that an order lays on what is due.
    pub(crate) fn claim(
        &self,
        order: OrderId,
        expires_at: Option<Time>,
        view: &View,
    ) -> Option<ClaimRequest> {
        let Comes::Due { lines, whole } = &self.comes else {
            return None;
        };
        let keys = lines
            .iter()
            .map(|line| Key::new(line.sku_id, self.awaited.place_id));
        Some(ClaimRequest {
            leave: keys.map(|key| (key, leaves(view, key))).collect(),
            owner: self.awaited.id.to_string(),
            document: order.to_string(),
            place_id: self.awaited.place_id,
            lines: lines.clone(),
            whole: *whole,
            expires_at,
        })
    }

    /// What an order holds of what another place sends.
    pub(crate) fn held(&self) -> &[HoldLine] {
        match &self.comes {
            Comes::Due { .. } => &[],
            Comes::Sent { held } => held,
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
    /// The zone of the place they are promised at, where they are fetched from one.
    #[serde(default)]
    pub timezone: Option<String>,
}

impl AheadOut {
    /// What may be ordered of a SKU, wherever it comes to; the day is that of the first piece.
    pub(crate) fn of(offer: &PresaleOffer, book: &Book, view: &View) -> Option<Self> {
        let active = |id: PlaceId| {
            book.get(id)
                .is_some_and(|place| place.active && view.sells_from(place))
        };
        let places = offer.places.iter().filter(|at| active(at.place_id));
        let coming: Vec<(Time, i64)> = places.flat_map(|at| at.coming.iter().copied()).collect();
        let first = coming.iter().map(|(day, _)| *day).min()?;
        let quantity: i64 = coming.iter().map(|(_, quantity)| quantity).sum();
        Some(Self {
            mode: offer.mode,
            quantity: quantity.min(offer.left),
            promised_at: Some(first),
            timezone: None,
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

/// Whether a place serves what is wanted this way, for whom the channel sells from it.
fn serves(choice: Option<&FulfilmentChoice>, place: &Place, view: &View) -> bool {
    place.active
        && view.sells_from(place)
        && match choice {
            Some(FulfilmentChoice::Collect { place_id }) => place.id == *place_id,
            Some(FulfilmentChoice::Delivery { .. }) => ships(place),
            None => true,
        }
}

/// The SKU of an article that is made of nothing else: only of such a one anything can be due.
pub(crate) fn single(ask: &Ask) -> Option<SkuId> {
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
        view: &View,
    ) -> Result<Sourced> {
        let short = match choice {
            FulfilmentChoice::Delivery { address } => {
                let wish = Wish::new(asks, Goal::Parcel(address), view);
                match self.delivery_in(r, book, wish).await {
                    Err(error) if error.is(&stock::INSUFFICIENT) => error,
                    sourced => return sourced,
                }
            }
            FulfilmentChoice::Collect { place_id } => {
                let there = self.parts.stock.availability_in(r, &counted(asks)).await?;
                let there = There::new(&seen(there, view, book));
                let lacks = |ask: &&Ask| {
                    most(&ask.takes, |sku| there.at(sku, *place_id)).is_some_and(|here| here < ask.quantity)
                };
                let Some(ask) = asks.iter().find(lacks) else {
                    let unknown = || Error::new(&NO_COLLECT).with("place", place_id.to_string());
                    let place = book.get(*place_id).ok_or_else(unknown)?;
                    return sources::collect(place, asks, r.now(), view);
                };
                let here = most(&ask.takes, |sku| there.at(sku, *place_id)).unwrap_or(0);
                Error::new(&stock::INSUFFICIENT)
                    .with("sku_id", ask.sku_id.to_string())
                    .with("place_id", place_id.to_string())
                    .with("wanted", ask.quantity)
                    .with("available", here)
            }
        };
        let wanted = Wanted {
            choice,
            asks,
            view,
            short,
        };
        self.source_ahead_in(r, book, wanted).await
    }

    /// Sources an order that what is there cannot serve, with what is due.
    ///
    /// # Errors
    /// The refusal it came with, `checkout.no_collect`.
    async fn source_ahead_in(&self, r: &Reader, book: &Book, wanted: Wanted<'_>) -> Result<Sourced> {
        let Wanted {
            choice,
            asks,
            view,
            short,
        } = wanted;
        let skus: Vec<SkuId> = asks.iter().filter_map(single).collect();
        let offers = self.parts.stock.presale_offers_in(r, &skus).await?;
        if offers.is_empty() && matches!(choice, FulfilmentChoice::Delivery { .. }) {
            return Err(short);
        }
        let there = self.parts.stock.availability_in(r, &counted(asks)).await?;
        let there = There::new(&seen(there, view, book));
        match choice {
            FulfilmentChoice::Collect { place_id } => {
                let unknown = || Error::new(&NO_COLLECT).with("place", place_id.to_string());
                let place = book.get(*place_id).ok_or_else(unknown)?;
                sources::may_collect(place, view)?;
                let facts = Facts {
                    view,
                    there,
                    presales: offers,
                };
                let (_, sourced) = self.comes_in(r, book, place, asks, &facts, short).await?;
                Ok(sourced)
            }
            FulfilmentChoice::Delivery { .. } => {
                let wanted = Wanted {
                    choice,
                    asks,
                    view,
                    short,
                };
                self.delivered_in(r, book, wanted, &offers, &there).await
            }
        }
    }

    async fn delivered_in(
        &self,
        r: &Reader,
        book: &Book,
        wanted: Wanted<'_>,
        offers: &[PresaleOffer],
        there: &There,
    ) -> Result<Sourced> {
        let Wanted {
            choice,
            asks,
            view,
            short,
        } = wanted;
        let FulfilmentChoice::Delivery { address } = choice else {
            return Err(short);
        };
        let may = |id: PlaceId| {
            book.get(id)
                .is_some_and(|place| serves(Some(choice), place, view))
        };
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
            false => {
                let wish = Wish::new(&now, Goal::Parcel(address), view);
                self.delivery_in(r, book, wish).await?
            }
        };
        for (place, (parts, lines, day)) in by_place {
            let Some(place) = book.get(place) else { continue };
            let promised_at = self.arrival_in(r, book, choice, place, day).await?;
            sourced.ahead.push(Ahead {
                awaited: expected(place, parts, promised_at),
                comes: Comes::Due { lines, whole: false },
            });
        }
        Ok(sourced)
    }

    /// When what comes to a place on a day is with the customer.
    pub(crate) async fn arrival_in(
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
        view: &Arc<View>,
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
        let view = Arc::clone(view);
        let read = async move |r: &Reader| {
            let offers = flows.parts.stock.presale_offers_in(r, &skus).await?;
            let mut out = Vec::with_capacity(lacking.len());
            for (sku, quantity) in &lacking {
                let offer = offers.iter().find(|offer| offer.sku_id == *sku && *quantity > 0);
                let may = |id: PlaceId| {
                    book.get(id)
                        .is_some_and(|place| serves(choice.as_ref(), place, &view))
                };
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
                            timezone: chosen_zone(choice.as_ref(), &book),
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
        let (document, view) = (order.id.to_string(), self.view_in(tx, order.channel).await?);
        self.parts
            .stock
            .claims_keep_in(tx, &ctx.elevated(), &document, &|key| leaves(&view, key))
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
        let view = self.view_in(tx, order.channel).await?;
        self.parts
            .stock
            .claims_extend_in(tx, &ctx, &document, until, &|key| leaves(&view, key))
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
        given: &[(Awaited, Part)],
    ) -> Result<()> {
        for (awaited, part) in given {
            if awaited.sent.is_some() {
                self.sent_reduce_in(tx, ctx, order, awaited, part).await?;
                continue;
            }
            let owner = awaited.id;
            let sku = order.line(part.order_line_id)?.sku_id;
            let pieces = [(sku, part.quantity)];
            self.parts
                .stock
                .claim_reduce_in(tx, &ctx.elevated(), &owner.to_string(), &pieces)
                .await?;
        }
        Ok(())
    }
}

/// What is collected: everything at the place that was chosen, once all of it is there.
pub(crate) fn collected(
    now: Time,
    place: &Place,
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
            comes: Comes::Due {
                lines: lines.into_values().collect(),
                whole: true,
            },
        }],
        ..Sourced::default()
    })
}

/// The zone of the place that a customer chose.
fn chosen_zone(choice: Option<&FulfilmentChoice>, book: &Book) -> Option<String> {
    let Some(FulfilmentChoice::Collect { place_id }) = choice else {
        return None;
    };
    book.get(*place_id).map(|place| place.timezone.clone())
}

fn expected(place: &Place, parts: Vec<Part>, promised_at: Option<Time>) -> Awaited {
    Awaited {
        id: FulfilmentId::new(),
        place_id: place.id,
        place_name: place.name.clone(),
        timezone: Some(place.timezone.clone()),
        parts,
        promised_at,
        sent: None,
    }
}

/// The day of a promise where the place is.
pub(crate) fn day_of(place: &Place, at: Option<Time>) -> String {
    let zone = TimeZone::get(&place.timezone).unwrap_or(TimeZone::UTC);
    at.map(|at| at.timestamp().to_zoned(zone).date().to_string())
        .unwrap_or_default()
}

/// What an order's customer reads about what is still to come.
pub(crate) fn moments(now: Time, ctx: &Ctx, order: &Order, book: &Book) -> Vec<Moment> {
    moments_of(now, ctx, order, &order.head.ahead, book)
}

/// The same of some of it.
pub(crate) fn moments_of(now: Time, ctx: &Ctx, order: &Order, ahead: &[Awaited], book: &Book) -> Vec<Moment> {
    let told = ahead.iter().filter_map(|awaited| {
        let day = day_of(book.get(awaited.place_id)?, awaited.promised_at);
        let moment = Moment::new(now, MomentKind::Awaited, &ctx.actor).with("day", day);
        Some(match &awaited.sent {
            None => moment.with_text("items", &items(order, &awaited.parts)),
            Some(sent) => moment
                .with_text("items", &items(order, &sent.parts))
                .with_text("from", &sent.from_place_name),
        })
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
