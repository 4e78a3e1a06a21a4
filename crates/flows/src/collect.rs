//! Where all of a cart can be collected, as its channel sees it, and from when: at stores that have it, and at stores it comes to.

use std::sync::Arc;

use base::{CartId, Ctx, Error, OrderLineId, PlaceId, Result, SkuId, Text, Time};
use channels::View;
use db::Reader;
use orders::{Cart, FulfilmentChoice};
use places::{Book, Place, Point, distance_m};
use serde::{Deserialize, Serialize};
use stock::PresaleOffer;
use utoipa::ToSchema;

use crate::Flows;
use crate::ahead::{collected, single};
use crate::cart::{Skus, takes};
use crate::channel::seen;
use crate::made_of::{There, most, on_offer};
use crate::sources::{Ask, Sourced, counted, may_collect};

/// The most stores told of that have everything now.
const NOW_MOST: usize = 50;
/// The most stores looked at that do not, the nearest first: each is sourced as an order would be.
const LATER_MOST: usize = 12;

/// How a store comes to have everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectHow {
    /// It has it.
    Now,
    /// What it lacks is on its way from a supplier or another place, for whoever buys it.
    Supply,
    /// Another place sends it what it lacks.
    Sent,
}

/// A store at which all of a cart can be collected.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CollectOffer {
    /// The store.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// The zone its clock is in.
    pub timezone: String,
    /// How far it is, when it was said from where.
    pub distance_m: Option<i64>,
    /// How it comes to have everything.
    pub how: CollectHow,
    /// From when all of it can be collected.
    pub ready_at: Time,
    /// The same, in minutes from now.
    pub ready_in_minutes: i64,
}

/// A line of which no store has enough.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CollectShort {
    /// The SKU.
    pub sku_id: SkuId,
    /// How many are wanted.
    pub wanted: i64,
    /// The most that one store has now.
    pub best: i64,
}

/// Where all of a cart can be collected.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CollectList {
    /// Those that have everything now first, the nearest first; then those that will, the soonest first.
    pub items: Vec<CollectOffer>,
    /// Lines of which no store has enough now.
    pub short: Vec<CollectShort>,
    /// When this was so.
    pub as_of: Time,
}

/// What offers rest on: read once for all stores.
pub(crate) struct Facts<'a> {
    /// How the channel of whoever asks sees what is there.
    pub(crate) view: &'a View,
    pub(crate) there: There,
    pub(crate) presales: Vec<PresaleOffer>,
}

impl Flows {
    /// Where all of a cart can be collected, and from when.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn cart_collect_list(&self, ctx: &Ctx, id: CartId, near: Option<Point>) -> Result<CollectList> {
        let (cart, now) = self.cart_read(ctx, id).await?;
        let skus = self.skus(&cart.lines).await?;
        let asks = wanted(&cart, &skus);
        if asks.is_empty() {
            return Ok(CollectList {
                items: Vec::new(),
                short: Vec::new(),
                as_of: now,
            });
        }
        let (flows, book) = (self.clone(), self.parts.places.book().await?);
        let view = self.view(Some(cart.channel)).await?;
        let read = async move |r: &Reader| flows.collect_list_in(r, &book, &asks, near, &view).await;
        self.parts.db.read(read).await
    }

    async fn collect_list_in(
        &self,
        r: &Reader,
        book: &Book,
        asks: &[Ask],
        near: Option<Point>,
        view: &View,
    ) -> Result<CollectList> {
        let facts = self.collect_facts_in(r, book, asks, view).await?;
        let mut stores: Vec<(Option<i64>, &Place)> = book
            .iter()
            .filter(|place| may_collect(place, view).is_ok())
            .map(|place| (near.map(|from| distance_m(from, place.point())), &**place))
            .collect();
        stores.sort_by_key(|(distance, place)| (*distance, place.id));
        let (mut now, mut later, mut looked_at) = (Vec::new(), Vec::new(), 0);
        for (distance, place) in stores {
            if has_all(asks, &facts.there, place) {
                if now.len() < NOW_MOST {
                    now.extend(offer(
                        r.now(),
                        place,
                        distance,
                        CollectHow::Now,
                        place.ready_at(r.now())?,
                    ));
                }
            } else if looked_at < LATER_MOST {
                looked_at += 1;
                later.extend(self.later_in(r, book, place, distance, asks, &facts).await?);
            }
        }
        later.sort_by_key(|offer| (offer.ready_at, offer.distance_m, offer.place_id));
        now.append(&mut later);
        Ok(CollectList {
            items: now,
            short: short(asks, &facts.there, book, view),
            as_of: r.now(),
        })
    }

    async fn collect_facts_in<'a>(
        &self,
        r: &Reader,
        book: &Book,
        asks: &[Ask],
        view: &'a View,
    ) -> Result<Facts<'a>> {
        let skus: Vec<SkuId> = asks.iter().filter_map(single).collect();
        let there = self.parts.stock.availability_in(r, &counted(asks)).await?;
        Ok(Facts {
            view,
            there: There::new(&seen(there, view, book)),
            presales: self.parts.stock.presale_offers_in(r, &skus).await?,
        })
    }

    /// A store to which what it lacks comes.
    async fn later_in(
        &self,
        r: &Reader,
        book: &Book,
        place: &Place,
        distance: Option<i64>,
        asks: &[Ask],
        facts: &Facts<'_>,
    ) -> Result<Option<CollectOffer>> {
        let refused = Error::new(&stock::INSUFFICIENT);
        match self.comes_in(r, book, place, asks, facts, refused).await {
            Ok((how, sourced)) => Ok(offer(r.now(), place, distance, how, ready(&sourced))),
            Err(error) if error.is(&stock::INSUFFICIENT) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a place lacks as it comes there the soonest: from what is due, or sent by another place. What is due comes
    /// anyway, so that it goes first where both are there at the same time.
    ///
    /// # Errors
    /// `short` where it does not come.
    pub(crate) async fn comes_in(
        &self,
        r: &Reader,
        book: &Book,
        place: &Place,
        asks: &[Ask],
        facts: &Facts<'_>,
        short: Error,
    ) -> Result<(CollectHow, Sourced)> {
        let due = collected(r.now(), place, asks, &facts.presales, &facts.there, short);
        let sent = self.sent_in(r, book, place, asks, facts, &[]).await?;
        match (due, sent) {
            (Ok(due), Some(sent)) if ready(&due).is_none() || ready(&sent) < ready(&due) => {
                Ok((CollectHow::Sent, sent))
            }
            (Ok(due), _) => Ok((CollectHow::Supply, due)),
            (Err(error), Some(sent)) if error.is(&stock::INSUFFICIENT) => Ok((CollectHow::Sent, sent)),
            (Err(error), _) => Err(error),
        }
    }

    /// The offer of the place a cart is to be collected at. Where nothing is lacking, nothing is read.
    pub(crate) async fn collect_of_cart(
        &self,
        cart: &Cart,
        skus: &Skus,
        lacks: bool,
        view: &Arc<View>,
        now: Time,
    ) -> Result<Option<CollectOffer>> {
        let Some(FulfilmentChoice::Collect { place_id }) = &cart.choice else {
            return Ok(None);
        };
        let book = self.parts.places.book().await?;
        let Some(place) = book
            .get(*place_id)
            .filter(|place| may_collect(place, view).is_ok())
        else {
            return Ok(None);
        };
        if !lacks {
            return Ok(offer(now, place, None, CollectHow::Now, place.ready_at(now)?));
        }
        let (flows, place, asks) = (self.clone(), place.clone(), wanted(cart, skus));
        let view = Arc::clone(view);
        let read = async move |r: &Reader| {
            let facts = flows.collect_facts_in(r, &book, &asks, &view).await?;
            flows.later_in(r, &book, &place, None, &asks, &facts).await
        };
        self.parts.db.read(read).await
    }
}

/// The lines of a cart as wishes. They are no order's lines yet, so that their names are of the moment.
fn wanted(cart: &Cart, skus: &Skus) -> Vec<Ask> {
    let ask = |line: &orders::Wanted| Ask {
        line_id: OrderLineId::new(),
        sku_id: line.sku_id,
        product_id: skus.get(&line.sku_id).map(|sku| sku.product_id),
        quantity: line.quantity,
        takes: takes(skus, line.sku_id),
    };
    cart.lines.iter().map(ask).collect()
}

fn has_all(asks: &[Ask], there: &There, place: &Place) -> bool {
    let wanted: Vec<(&[(SkuId, i64)], i64)> = asks
        .iter()
        .map(|ask| (ask.takes.as_slice(), ask.quantity))
        .collect();
    let here = on_offer(&wanted, |sku| there.at(sku, place.id));
    here.iter().zip(asks).all(|(here, ask)| *here >= ask.quantity)
}

/// When the last of what is awaited is there.
fn ready(sourced: &Sourced) -> Option<Time> {
    let promised = sourced.ahead.iter().map(|ahead| ahead.awaited.promised_at);
    promised.max().flatten()
}

fn offer(
    now: Time,
    place: &Place,
    distance_m: Option<i64>,
    how: CollectHow,
    ready_at: Option<Time>,
) -> Option<CollectOffer> {
    let ready_at = ready_at?;
    Some(CollectOffer {
        place_id: place.id,
        name: place.name.clone(),
        timezone: place.timezone.clone(),
        distance_m,
        how,
        ready_at,
        ready_in_minutes: i64::try_from(ready_at.since(now).as_secs().div_ceil(60)).unwrap_or(i64::MAX),
    })
}

fn short(asks: &[Ask], there: &There, book: &Book, view: &View) -> Vec<CollectShort> {
    let collects = |id: PlaceId| book.get(id).is_some_and(|place| may_collect(place, view).is_ok());
    let line = |ask: &Ask| {
        let at_places = there.of(&ask.takes).filter(|(id, _)| collects(*id));
        let best = at_places.map(|(_, pieces)| pieces).max().unwrap_or(0);
        // What is not counted never runs out.
        let runs_out = most(&ask.takes, |_| 0).is_some();
        (runs_out && best < ask.quantity).then_some(CollectShort {
            sku_id: ask.sku_id,
            wanted: ask.quantity,
            best,
        })
    };
    asks.iter().filter_map(line).collect()
}
