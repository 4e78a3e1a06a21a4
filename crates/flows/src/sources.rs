//! Where an order's goods come from: gathers what `sourcing` decides on.

use std::time::Duration;

use base::{Error, OrderLineId, PlaceId, Result, SkuId, Text, Time};
use db::Reader;
use orders::{DeliveryAddress, Line, Load, Part, SourcingWhy};
use places::{Book, Place, Point, Service, distance_m};
use stock::{Available, Stock};

use crate::cart::ships;
use crate::error::{NO_COLLECT, PLACE_FULL};
use crate::sourcing::{Candidate, CollectCandidate, Weights, choose, choose_collect};

/// What is wanted of one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) line_id: OrderLineId,
    pub(crate) sku_id: SkuId,
    pub(crate) quantity: i64,
    /// Whether its stock is counted.
    pub(crate) tracked: bool,
}

/// What one place serves.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) place_id: PlaceId,
    pub(crate) place_name: Text,
    pub(crate) parts: Vec<Part>,
    pub(crate) promised_at: Option<Time>,
}

/// Who serves an order, and why.
#[derive(Clone, Debug)]
pub(crate) struct Sourced {
    pub(crate) sources: Vec<Source>,
    pub(crate) why: Option<SourcingWhy>,
}

/// The lines of an order as wishes.
pub(crate) fn asks(lines: &[Line], is_tracked: impl Fn(SkuId) -> bool) -> Vec<Ask> {
    lines
        .iter()
        .map(|line| Ask {
            line_id: line.id,
            sku_id: line.sku_id,
            quantity: line.quantity - line.quantity_cancelled - line.quantity_returned,
            tracked: is_tracked(line.sku_id),
        })
        .filter(|ask| ask.quantity > 0)
        .collect()
}

fn all_parts(asks: &[Ask]) -> Vec<Part> {
    asks.iter()
        .map(|ask| Part {
            order_line_id: ask.line_id,
            quantity: ask.quantity,
        })
        .collect()
}

fn counted(asks: &[Ask]) -> Vec<SkuId> {
    let mut skus: Vec<SkuId> = asks.iter().filter(|a| a.tracked).map(|a| a.sku_id).collect();
    skus.sort_unstable();
    skus.dedup();
    skus
}

/// The place a customer chose, if it hands orders over.
pub(crate) fn collect(place: &Place, asks: &[Ask], now: Time) -> Result<Sourced> {
    may_collect(place)?;
    let source = Source {
        place_id: place.id,
        place_name: place.name.clone(),
        parts: all_parts(asks),
        promised_at: place.ready_at(now)?,
    };
    Ok(Sourced {
        sources: vec![source],
        why: None,
    })
}

/// Refuses a place that has all the orders it can do today.
pub(crate) async fn has_room_in(r: &Reader, place: &Place) -> Result<()> {
    let Some(capacity) = place.daily_order_capacity.map(i64::from) else {
        return Ok(());
    };
    let taken = orders::fulfilment_taken_in(r, place.id, local_midnight(r.now(), place), capacity).await?;
    if taken < capacity {
        return Ok(());
    }
    Err(Error::new(&PLACE_FULL)
        .with("place", place.name.zh.clone())
        .with("place_id", place.id.to_string())
        .with("capacity", capacity))
}

fn may_collect(place: &Place) -> Result<()> {
    if place.active && place.offers(Service::Collect) {
        return Ok(());
    }
    Err(Error::new(&NO_COLLECT)
        .with("place", place.name.zh.clone())
        .with("place_id", place.id.to_string()))
}

/// When today began where the place is; a zone nobody knows counts as UTC.
fn local_midnight(now: Time, place: &Place) -> Time {
    let zone = jiff::tz::TimeZone::get(&place.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    now.timestamp()
        .to_zoned(zone)
        .start_of_day()
        .map_or(now, |day| Time::from(day.timestamp()))
}

/// The best places to ship from. `rejected` are out of the question.
pub(crate) async fn delivery_in(
    r: &Reader,
    stock: &Stock,
    book: &Book,
    asks: &[Ask],
    address: &DeliveryAddress,
    rejected: &[PlaceId],
) -> Result<Sourced> {
    let shippers: Vec<&Place> = book
        .iter()
        .map(AsRef::as_ref)
        .filter(|p| p.active && ships(p))
        .collect();
    let ids: Vec<PlaceId> = shippers.iter().map(|p| p.id).collect();
    let now = r.now();
    let since = shippers
        .iter()
        .map(|p| local_midnight(now, p))
        .min()
        .unwrap_or(now);
    let available = stock.availability_in(r, &counted(asks)).await?;
    let loads = orders::fulfilment_load_in(r, &ids, since).await?;
    let customer = locate(book, address);
    let candidates: Vec<Candidate> = shippers
        .iter()
        .map(|place| {
            let load = loads.iter().find(|load| load.place_id == place.id);
            Candidate {
                place_id: place.id,
                name: place.name.clone(),
                is_store: place.kind == places::PlaceKind::Store,
                distance_m: customer.map(|point| distance_m(point, place.point())),
                available: asks
                    .iter()
                    .map(|ask| on_offer(&available, place.id, ask))
                    .collect(),
                open_fulfilments: load.map_or(0, |load| load.open),
                excluded: exclusion(place, load, rejected),
            }
        })
        .collect();
    let wanted: Vec<i64> = asks.iter().map(|a| a.quantity).collect();
    let choice = choose(&wanted, &candidates, &Weights::default());
    if choice.shares.is_empty() {
        return Err(short(asks, &available, &candidates));
    }
    let sources = choice.shares.into_iter().map(|share| {
        let place = book.get(share.place_id);
        let distance = candidates
            .iter()
            .find(|c| c.place_id == share.place_id)
            .and_then(|c| c.distance_m);
        let parts = asks
            .iter()
            .zip(share.quantities)
            .filter(|(_, quantity)| *quantity > 0);
        let packed = place.map(|p| p.ready_at(now)).transpose()?.flatten();
        Ok(Source {
            place_id: share.place_id,
            place_name: place.map(|p| p.name.clone()).unwrap_or_default(),
            parts: parts
                .map(|(ask, quantity)| Part {
                    order_line_id: ask.line_id,
                    quantity,
                })
                .collect(),
            promised_at: packed.map(|at| at.after(transit(distance))),
        })
    });
    Ok(Sourced {
        sources: sources.collect::<Result<_>>()?,
        why: Some(choice.why),
    })
}

/// How long a parcel travels.
fn transit(distance: Option<i64>) -> Duration {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    match distance {
        Some(metres) if metres <= 50_000 => DAY,
        Some(metres) if metres <= 800_000 => DAY * 2,
        _ => DAY * 3,
    }
}

fn on_offer(available: &[Available], place: PlaceId, ask: &Ask) -> i64 {
    if !ask.tracked {
        return ask.quantity;
    }
    available
        .iter()
        .find(|a| a.place_id == place && a.sku_id == ask.sku_id)
        .map_or(0, |a| a.available)
}

fn exclusion(place: &Place, load: Option<&Load>, rejected: &[PlaceId]) -> Option<Text> {
    if rejected.contains(&place.id) {
        return Some(Text::new("已拒绝过这个订单", "It has rejected this order"));
    }
    let capacity = i64::from(place.daily_order_capacity?);
    (load.map_or(0, |load| load.taken) >= capacity)
        .then(|| Text::new("今日订单已满", "It has all the orders it can do today"))
}

/// The refusal that names the line nobody can serve: the one that lacks most.
fn short(asks: &[Ask], available: &[Available], candidates: &[Candidate]) -> Error {
    let usable = |place: PlaceId| {
        candidates
            .iter()
            .any(|c| c.place_id == place && c.excluded.is_none())
    };
    let total = |ask: &Ask| -> i64 {
        available
            .iter()
            .filter(|a| a.sku_id == ask.sku_id && usable(a.place_id))
            .map(|a| a.available)
            .sum()
    };
    let worst = asks
        .iter()
        .filter(|a| a.tracked)
        .max_by_key(|a| a.quantity - total(a));
    let mut error = Error::new(&stock::INSUFFICIENT);
    if let Some(ask) = worst {
        error = error
            .with("sku_id", ask.sku_id.to_string())
            .with("wanted", ask.quantity)
            .with("available", total(ask));
    }
    error
}

/// Where an address is, as well as the chain's own places tell: the middle of those in the same city, or else
/// in the same province.
fn locate(book: &Book, address: &DeliveryAddress) -> Option<Point> {
    let same = |own: &Text, theirs: &str| {
        let theirs = theirs.trim().trim_end_matches(['市', '省']);
        let zh = own.zh.trim_end_matches(['市', '省']);
        !theirs.is_empty() && (zh == theirs || own.en.eq_ignore_ascii_case(theirs))
    };
    let middle = |points: Vec<Point>| {
        let count = points.len() as f64;
        (!points.is_empty()).then(|| Point {
            latitude: points.iter().map(|p| p.latitude).sum::<f64>() / count,
            longitude: points.iter().map(|p| p.longitude).sum::<f64>() / count,
        })
    };
    let city = book
        .iter()
        .filter(|p| same(&p.address.city, &address.city))
        .map(|p| p.point())
        .collect();
    middle(city).or_else(|| {
        let province = |p: &&std::sync::Arc<Place>| same(&p.address.province, &address.province);
        middle(book.iter().filter(province).map(|p| p.point()).collect())
    })
}

/// Another place where the customer can fetch everything; none when there is none near enough.
pub(crate) async fn collect_elsewhere_in(
    r: &Reader,
    stock: &Stock,
    book: &Book,
    asks: &[Ask],
    chosen: PlaceId,
    promised_at: Option<Time>,
    rejected: &[PlaceId],
) -> Result<Option<Sourced>> {
    let Some(origin) = book.get(chosen).map(|place| place.point()) else {
        return Ok(None);
    };
    let now = r.now();
    let available = stock.availability_in(r, &counted(asks)).await?;
    let mut candidates = Vec::new();
    for place in book.iter().filter(|p| may_collect(p).is_ok()) {
        let ready_at = place.ready_at(now)?;
        let late = match (ready_at, promised_at) {
            (Some(ready), Some(promised)) => (ready.micros() - promised.micros()) / 60_000_000,
            _ => 0,
        };
        candidates.push(CollectCandidate {
            place_id: place.id,
            name: place.name.clone(),
            distance_m: distance_m(origin, place.point()),
            has_all: asks
                .iter()
                .all(|ask| on_offer(&available, place.id, ask) >= ask.quantity),
            late_minutes: late,
            excluded: exclusion(place, None, rejected)
                .filter(|_| rejected.contains(&place.id))
                .or_else(|| {
                    ready_at
                        .is_none()
                        .then(|| Text::new("近期不营业", "It does not open soon"))
                }),
        });
    }
    let (found, why) = choose_collect(&candidates);
    let Some(place) = found.and_then(|id| book.get(id)) else {
        return Ok(None);
    };
    let source = Source {
        place_id: place.id,
        place_name: place.name.clone(),
        parts: all_parts(asks),
        promised_at: place.ready_at(now)?,
    };
    Ok(Some(Sourced {
        sources: vec![source],
        why: Some(why),
    }))
}
