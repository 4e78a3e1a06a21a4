//! What can be had, where, from when: stock, places and their hours together.

use base::{Error, PlaceId, Result, SkuId, Text, Time};
use db::Reader;
use places::{Book, Place, Point, Service, distance_m};
use serde::Serialize;
use stock::Available;
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::{Skus, range, ships};
use crate::made_of::{Takes, There};

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
}

/// Where it can be collected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceAvailability {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// How far it is, when it was said from where.
    pub distance_m: Option<i64>,
    /// How many are there.
    pub available: i64,
    /// From when an order placed now can be collected.
    pub ready_at: Time,
    /// The same, in minutes from now.
    pub ready_in_minutes: i64,
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
    /// What can be had of SKUs, and where.
    ///
    /// # Errors
    /// `input.invalid` for none or more than a hundred SKUs.
    pub async fn availability(&self, skus: Vec<SkuId>, near: Option<Point>) -> Result<AvailabilityList> {
        if skus.is_empty() || skus.len() > MAX_SKUS {
            return Err(range("sku", 1, MAX_SKUS as i64));
        }
        let book = self.parts.places.book().await?;
        let known = self.parts.catalog.sku_snapshots(&skus).await?;
        let wanted: Vec<(SkuId, Takes)> = skus.iter().map(|sku| (*sku, as_sold(&known, *sku))).collect();
        let mut ids: Vec<SkuId> = wanted
            .iter()
            .flat_map(|(_, takes)| takes.iter().map(|(sku, _)| *sku))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let stock = self.parts.stock.clone();
        let read = async move |r: &Reader| Ok((r.now(), stock.availability_in(r, &ids).await?));
        let (now, available): (Time, Vec<Available>) = self.parts.db.read(read).await?;
        let there = There::new(&available);
        let items = wanted
            .iter()
            .map(|(sku, takes)| of_sku(*sku, there.of(takes), &book, near, now))
            .collect::<Result<_>>()?;
        Ok(AvailabilityList { items, as_of: now })
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
        distance_m: near.map(|from| distance_m(from, place.point())),
        available,
        ready_at,
        ready_in_minutes: i64::try_from(ready_at.since(now).as_secs().div_ceil(60)).unwrap_or(i64::MAX),
    }))
}
