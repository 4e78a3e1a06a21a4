//! What can be had, where, from when: stock, places and their hours together.

use std::collections::HashMap;

use base::{Channel, Error, PlaceId, Result, SkuId, Text, Time};
use channels::View;
use db::Reader;
use places::{Book, Place, Point, Service, distance_m};
use serde::Serialize;
use stock::{Available, AvailableBy, Key, Outlook, PresaleOffer};
use utoipa::ToSchema;

use crate::Flows;
use crate::ahead::AheadOut;
use crate::cart::{Skus, range, ships};
use crate::channel::seen;
use crate::made_of::{Takes, There, most};

/// The most SKUs asked for at once.
pub(crate) const MAX_SKUS: usize = 100;
/// The most places told of one SKU.
const MAX_PLACES: usize = 20;

/// What can be had of one SKU.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Availability)]
pub struct AvailabilityOut {
    /// The SKU.
    pub sku_id: SkuId,
    /// Everywhere together.
    pub total: i64,
    /// At the places that ship.
    pub online: i64,
    /// Where it can be collected, the nearest first; without a position, the soonest first.
    pub places: Vec<PlaceAvailability>,
    /// Where more is expected, the soonest first; left out unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coming: Option<Vec<PlaceComing>>,
    /// What may be ordered though it is not there yet; left out unless asked for, and where nothing may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<AheadOut>,
}

/// Where it can be collected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceAvailability {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// The zone its clock is in: its times are told by that clock, wherever they are read.
    pub timezone: String,
    /// How far it is, when it was said from where.
    pub distance_m: Option<i64>,
    /// How many are there.
    pub available: i64,
    /// From when an order placed now can be collected.
    pub ready_at: Time,
    /// The same, in minutes from now.
    pub ready_in_minutes: i64,
}

/// Where more is expected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceComing {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// The zone its clock is in.
    pub timezone: String,
    /// Whether orders can be collected there.
    pub collect: bool,
    /// Whether parcels leave from there.
    pub ships: bool,
    /// How many can be promised now.
    pub available: i64,
    /// How many can be promised by which day, each more than the one before.
    pub by_date: Vec<AvailableBy>,
}

/// What can be had now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AvailabilityList {
    /// One entry a SKU, in the order asked for.
    pub items: Vec<AvailabilityOut>,
    /// When this was so.
    pub as_of: Time,
}

impl Flows {
    /// What can be had of SKUs, and where, as a channel sees it; with what is expected, where that is asked for. Seen by
    /// no channel, it is everything there is.
    ///
    /// # Errors
    /// `input.invalid` for none or more than a hundred SKUs.
    pub async fn availability(
        &self,
        skus: Vec<SkuId>,
        near: Option<Point>,
        with_coming: bool,
        channel: Option<Channel>,
    ) -> Result<AvailabilityList> {
        if skus.is_empty() || skus.len() > MAX_SKUS {
            return Err(range("sku", 1, MAX_SKUS as i64));
        }
        let book = self.parts.places.book().await?;
        let view = self.view(channel).await?;
        let known = self.parts.catalog.sku_snapshots(&skus).await?;
        let wanted: Vec<(SkuId, Takes)> = skus.iter().map(|sku| (*sku, as_sold(&known, *sku))).collect();
        let mut ids: Vec<SkuId> = wanted
            .iter()
            .flat_map(|(_, takes)| takes.iter().map(|(sku, _)| *sku))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let stock = self.parts.stock.clone();
        let read = async move |r: &Reader| {
            let coming = match with_coming {
                true => Some(stock.outlook_in(r, &ids).await?),
                false => None,
            };
            let offers = match with_coming {
                true => stock.presale_offers_in(r, &ids).await?,
                false => Vec::new(),
            };
            Ok((r.now(), stock.availability_in(r, &ids).await?, coming, offers))
        };
        let (now, available, coming, offers): (
            Time,
            Vec<Available>,
            Option<Vec<Outlook>>,
            Vec<PresaleOffer>,
        ) = self.parts.db.read(read).await?;
        let there = There::new(&seen(available, &view, &book));
        let coming = coming.map(|coming| Coming::new(coming, &view));
        let items = wanted.iter().map(|(sku, takes)| {
            let mut out = of_sku(*sku, there.of(takes), &book, near, now)?;
            out.coming = coming.as_ref().map(|coming| coming.of(takes, &book));
            let offer = offers.iter().find(|offer| offer.sku_id == *sku);
            out.ahead = offer.and_then(|offer| AheadOut::of(offer, &book, &view));
            Ok(out)
        });
        let items = items.collect::<Result<_>>()?;
        Ok(AvailabilityList { items, as_of: now })
    }
}

/// What is expected of SKUs.
struct Coming<'a> {
    by_key: HashMap<Key, Outlook>,
    /// How the channel sees it: what it leaves now it leaves later, too.
    view: &'a View,
}

impl<'a> Coming<'a> {
    fn new(outlooks: Vec<Outlook>, view: &'a View) -> Self {
        let by_key = outlooks.into_iter().map(|outlook| (outlook.key, outlook));
        Self {
            by_key: by_key.collect(),
            view,
        }
    }

    /// Where more of an article is expected. Of a kit there is as much by a day as of what there is least of by then.
    fn of(&self, takes: &[(SkuId, i64)], book: &Book) -> Vec<PlaceComing> {
        let at = |place: &Place| {
            let parts: Vec<(&Outlook, i64)> = takes
                .iter()
                .filter_map(|(sku, each)| Some((self.by_key.get(&Key::new(*sku, place.id))?, *each)))
                .collect();
            if parts.len() < takes.len() {
                return None;
            }
            let by = |at: Option<Time>| {
                most(takes, |sku| {
                    let part = parts.iter().find(|(outlook, _)| outlook.key.sku_id == sku);
                    part.map_or(0, |(outlook, _)| {
                        let there = at.map_or(outlook.available, |at| outlook.by(at));
                        self.view.sees(sku, place, there)
                    })
                })
            };
            let mut days: Vec<Time> = parts
                .iter()
                .flat_map(|(outlook, _)| outlook.by_date.iter().map(|by| by.at))
                .collect();
            days.sort_unstable();
            days.dedup();
            let available = by(None)?;
            let mut by_date: Vec<AvailableBy> = Vec::new();
            for day in days {
                let then = by(Some(day))?;
                if then > by_date.last().map_or(available, |by| by.available) {
                    by_date.push(AvailableBy {
                        at: day,
                        available: then,
                    });
                }
            }
            (!by_date.is_empty()).then(|| PlaceComing {
                place_id: place.id,
                name: place.name.clone(),
                timezone: place.timezone.clone(),
                collect: place.offers(Service::Collect),
                ships: ships(place),
                available,
                by_date,
            })
        };
        let mut places: Vec<PlaceComing> = book
            .iter()
            .filter(|place| place.active && self.view.sells_from(place))
            .filter_map(|place| at(place))
            .collect();
        places.sort_by_key(|coming| (coming.by_date.first().map(|by| by.at), coming.place_id));
        places.truncate(MAX_PLACES);
        places
    }
}

/// What one piece takes as it is sold: what a kit is made of, or itself.
fn as_sold(known: &Skus, sku: SkuId) -> Takes {
    match known.get(&sku).filter(|known| !known.components.is_empty()) {
        Some(kit) => kit.takes(),
        None => vec![(sku, 1)],
    }
}

fn of_sku(
    sku: SkuId,
    there: impl Iterator<Item = (PlaceId, i64)>,
    book: &Book,
    near: Option<Point>,
    now: Time,
) -> Result<AvailabilityOut> {
    let mut out = AvailabilityOut {
        sku_id: sku,
        total: 0,
        online: 0,
        places: Vec::new(),
        coming: None,
        ahead: None,
    };
    for (place, available) in there.filter(|(_, available)| *available > 0) {
        let Some(place) = book.get(place).filter(|place| place.active) else {
            continue;
        };
        out.total += available;
        if ships(place) {
            out.online += available;
        }
        if let Some(at) = collectable(place, available, near, now)? {
            out.places.push(at);
        }
    }
    out.places.sort_by_key(|p| (p.distance_m, p.ready_at, p.place_id));
    out.places.truncate(MAX_PLACES);
    Ok(out)
}

fn collectable(
    place: &Place,
    available: i64,
    near: Option<Point>,
    now: Time,
) -> Result<Option<PlaceAvailability>, Error> {
    if !place.offers(Service::Collect) {
        return Ok(None);
    }
    Ok(place.ready_at(now)?.map(|ready_at| PlaceAvailability {
        place_id: place.id,
        name: place.name.clone(),
        timezone: place.timezone.clone(),
        distance_m: near.map(|from| distance_m(from, place.point())),
        available,
        ready_at,
        ready_in_minutes: i64::try_from(ready_at.since(now).as_secs().div_ceil(60)).unwrap_or(i64::MAX),
    }))
}
