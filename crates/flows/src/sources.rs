//! Where an order's goods come from: gathers what `sourcing` decides on, and turns its decision into sources.

use std::time::Duration;

use base::{Error, OrderLineId, PlaceId, ProductId, Result, SkuId, Text, Time};
use channels::View;
use db::Reader;
use orders::{DeliveryAddress, Line, Part, SourcingWhy};
use places::{Book, Day, Place, Point, Service, distance_m};
use sourcing::{Active, Candidate, Decision, Problem, Way, decide};
use stock::HoldLine;

use crate::Flows;
use crate::ahead::Ahead;
use crate::cart::ships;
use crate::channel::seen;
use crate::error::NO_COLLECT;
use crate::made_of::{Takes, There, on_offer};
use crate::room;
use crate::sourcing::{explain, is_named, minutes_until};

/// What is wanted of one line.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) line_id: OrderLineId,
    pub(crate) sku_id: SkuId,
    /// Its product, for limits that speak of products.
    pub(crate) product_id: Option<ProductId>,
    pub(crate) quantity: i64,
    /// What one piece takes of the stock.
    pub(crate) takes: Takes,
}

/// What one place serves.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) place_id: PlaceId,
    pub(crate) place_name: Text,
    pub(crate) parts: Vec<Part>,
    pub(crate) promised_at: Option<Time>,
    /// The day whose room it takes, where the place has a limit.
    pub(crate) day: Option<Day>,
}

/// Who serves an order, and why.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sourced {
    pub(crate) sources: Vec<Source>,
    /// What is served once it has come.
    pub(crate) ahead: Vec<Ahead>,
    pub(crate) why: Option<SourcingWhy>,
}

/// How the goods reach the customer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal<'a> {
    /// Parcels to an address.
    Parcel(&'a DeliveryAddress),
    /// Fetched by the customer, who chose a place.
    Collect(PlaceId),
    /// Sent to the store where the customer fetches it.
    Store(&'a Place),
}

/// An order to be sourced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) asks: &'a [Ask],
    pub(crate) goal: Goal<'a>,
    /// When it was promised, where it was.
    pub(crate) promised: Option<Time>,
    /// Places that have rejected it.
    pub(crate) rejected: &'a [PlaceId],
    /// Pieces that are kept for it already, and so are there for it.
    pub(crate) own: &'a [HoldLine],
    /// How its channel sees what is there.
    pub(crate) view: &'a View,
}

impl<'a> Wish<'a> {
    /// Of somebody who orders now.
    pub(crate) const fn new(asks: &'a [Ask], goal: Goal<'a>, view: &'a View) -> Self {
        Self {
            asks,
            goal,
            promised: None,
            rejected: &[],
            own: &[],
            view,
        }
    }
}

/// The lines of an order as wishes.
pub(crate) fn asks(lines: &[Line], takes: impl Fn(SkuId) -> Takes) -> Vec<Ask> {
    lines
        .iter()
        .map(|line| Ask {
            line_id: line.id,
            sku_id: line.sku_id,
            product_id: Some(line.product_id),
            quantity: line.quantity - line.quantity_cancelled - line.quantity_returned,
            takes: takes(line.sku_id),
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

pub(crate) fn counted(asks: &[Ask]) -> Vec<SkuId> {
    let takes = asks.iter().flat_map(|ask| &ask.takes);
    let mut skus: Vec<SkuId> = takes.map(|(sku, _)| *sku).collect();
    skus.sort_unstable();
    skus.dedup();
    skus
}

/// The place a customer chose, if it hands orders over and the channel sells from it.
pub(crate) fn collect(place: &Place, asks: &[Ask], now: Time, view: &View) -> Result<Sourced> {
    may_collect(place, view)?;
    at_one(place, asks, now)
}

/// Everything from one place, whatever its services.
pub(crate) fn at_one(place: &Place, asks: &[Ask], now: Time) -> Result<Sourced> {
    let source = Source {
        place_id: place.id,
        place_name: place.name.clone(),
        parts: all_parts(asks),
        promised_at: place.ready_at(now)?,
        day: place.limited_day(now),
    };
    Ok(Sourced {
        sources: vec![source],
        ..Sourced::default()
    })
}

/// Refuses a place that has all the orders it can do today.
pub(crate) async fn has_room_in(r: &Reader, place: &Place) -> Result<()> {
    match place.limited_day(r.now()) {
        Some(day) if room::taken_in(r, day).await? >= day.capacity => Err(room::full(&place.name, day)),
        _ => Ok(()),
    }
}

pub(crate) fn may_collect(place: &Place, view: &View) -> Result<()> {
    if place.active && place.offers(Service::Collect) && view.sells_from(place) {
        return Ok(());
    }
    Err(Error::new(&NO_COLLECT)
        .with("place", place.name.zh.clone())
        .with("place_id", place.id.to_string()))
}

impl Flows {
    /// The best places to ship from.
    ///
    /// # Errors
    /// `stock.insufficient` with the line that lacks most.
    pub(crate) async fn delivery_in(&self, r: &Reader, book: &Book, wish: Wish<'_>) -> Result<Sourced> {
        let (active, asks) = (self.sourcing.active_in(r).await?, wish.asks);
        let problem = self.gather_in(r, &active, book, wish).await?;
        let decision = decide(&active.rules, &problem);
        if decision.shares.is_empty() {
            return Err(short(asks, &problem, &decision));
        }
        Ok(sourced(r.now(), active.version, book, asks, &problem, &decision))
    }

    /// Another place where the customer can fetch everything; none when there is none near enough.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn collect_elsewhere_in(
        &self,
        r: &Reader,
        book: &Book,
        wish: Wish<'_>,
    ) -> Result<Option<Sourced>> {
        if matches!(wish.goal, Goal::Collect(chosen) if book.get(chosen).is_none()) {
            return Ok(None);
        }
        let (active, asks) = (self.sourcing.active_in(r).await?, wish.asks);
        let problem = self.gather_in(r, &active, book, wish).await?;
        let decision = decide(&active.rules, &problem);
        let found = !decision.shares.is_empty();
        Ok(found.then(|| sourced(r.now(), active.version, book, asks, &problem, &decision)))
    }

    /// Everything a decision rests on: availability, load, and sales where they are weighed. A statement each.
    pub(crate) async fn gather_in(
        &self,
        r: &Reader,
        active: &Active,
        book: &Book,
        wish: Wish<'_>,
    ) -> Result<Problem> {
        let Wish {
            asks,
            goal,
            promised,
            rejected,
            own,
            view,
        } = wish;
        let now = r.now();
        let skus = counted(asks);
        let there = self.parts.stock.availability_in(r, &skus).await?;
        let there = There::new(&seen(there, view, book)).with(own);
        let wanted: Vec<(&[(SkuId, i64)], i64)> = asks
            .iter()
            .map(|ask| (ask.takes.as_slice(), ask.quantity))
            .collect();
        let costs = &active.rules.costs;
        let weighs_pace = costs.cover.piece_minor > 0 || costs.markdown.piece_minor > 0;
        let sold = match active.counted_at {
            Some(_) if weighs_pace => Some(self.sourcing.sold_in(r, &skus).await?),
            _ => None,
        };
        let from = match goal {
            Goal::Parcel(address) => locate(book, address),
            Goal::Collect(chosen) => book.get(chosen).map(|place| place.point()),
            Goal::Store(place) => Some(place.point()),
        };
        let mut candidates = Vec::new();
        for place in book.iter().filter(|place| place.active) {
            let mut candidate = described(place, goal, book, from);
            candidate.sold_from = view.sells_from(place);
            candidate.rejected_before = rejected.contains(&place.id);
            candidate.reject_ppm = active.reject_ppm(place.id);
            candidate.available = on_offer(&wanted, |sku| there.at(sku, place.id));
            candidate.sold = asks
                .iter()
                .map(|ask| {
                    let sold = sold.as_ref().filter(|_| !ask.takes.is_empty())?;
                    Some(sold.get(&(ask.sku_id, place.id)).copied().unwrap_or(0))
                })
                .collect();
            if candidate.available.iter().any(|a| *a > 0) {
                candidate.ready_minutes = place.ready_at(now)?.map(|ready| minutes_until(now, ready));
            }
            candidates.push(candidate);
        }
        self.loads.tell_in(r, book, &mut candidates).await?;
        Ok(Problem {
            lines: asks_of(asks),
            way: way(goal),
            promise_minutes: promised.map(|promised| minutes_until(now, promised)),
            candidates,
        })
    }
}

/// The lines as `sourcing` sees them.
pub(crate) fn asks_of(asks: &[Ask]) -> Vec<sourcing::Ask> {
    asks.iter()
        .map(|ask| sourcing::Ask {
            product_id: ask.product_id,
            quantity: ask.quantity,
        })
        .collect()
}

pub(crate) fn way(goal: Goal<'_>) -> Way {
    match goal {
        Goal::Parcel(address) => Way::Parcel {
            province: address.province.clone(),
        },
        Goal::Collect(chosen) => Way::Collect { chosen },
        Goal::Store(place) => Way::Parcel {
            province: place.address.province.zh.clone(),
        },
    }
}

/// A place as a candidate, before anything is known of its stock and load.
pub(crate) fn described(place: &Place, goal: Goal<'_>, book: &Book, from: Option<Point>) -> Candidate {
    let address = &place.address;
    let (offers, same_city, same_province) = match goal {
        Goal::Parcel(to) => (
            ships(place),
            is_named(&address.city, &to.city),
            is_named(&address.province, &to.province),
        ),
        Goal::Store(to) => (
            ships(place) && place.id != to.id,
            address.city == to.address.city,
            address.province == to.address.province,
        ),
        Goal::Collect(chosen) => {
            let chosen = book.get(chosen).map(|place| &place.address);
            (
                place.offers(Service::Collect),
                chosen.is_some_and(|to| to.city == address.city),
                chosen.is_some_and(|to| to.province == address.province),
            )
        }
    };
    Candidate {
        place_id: place.id,
        kind: place.kind,
        active: place.active,
        offers,
        sold_from: true,
        rejected_before: false,
        distance_m: from.map(|point| distance_m(point, place.point())),
        same_city,
        same_province,
        available: Vec::new(),
        sold: Vec::new(),
        ready_minutes: None,
        open: 0,
        taken: 0,
        capacity: place.daily_order_capacity.map(i64::from),
        reject_ppm: 0,
    }
}

/// A decision as sources.
pub(crate) fn sourced(
    now: Time,
    version: i64,
    book: &Book,
    asks: &[Ask],
    problem: &Problem,
    decision: &Decision,
) -> Sourced {
    let skus: Vec<SkuId> = asks.iter().map(|ask| ask.sku_id).collect();
    let sources = decision.shares.iter().map(|share| {
        let place_id = problem.candidates[share.candidate].place_id;
        let parts = asks
            .iter()
            .zip(&share.quantities)
            .filter(|(_, quantity)| **quantity > 0);
        let arrival = decision.judged[share.candidate].arrival_minutes;
        let place = book.get(place_id);
        Source {
            place_id,
            place_name: place.map(|place| place.name.clone()).unwrap_or_default(),
            day: place.and_then(|place| place.limited_day(now)),
            parts: parts
                .map(|(ask, quantity)| Part {
                    order_line_id: ask.line_id,
                    quantity: *quantity,
                })
                .collect(),
            promised_at: arrival
                .map(|minutes| now.after(Duration::from_secs(u64::try_from(minutes).unwrap_or(0) * 60))),
        }
    });
    Sourced {
        sources: sources.collect(),
        ahead: Vec::new(),
        why: Some(explain(version, book, &skus, problem, decision)),
    }
}

/// The refusal that names the line nobody can serve: the one that lacks most.
fn short(asks: &[Ask], problem: &Problem, decision: &Decision) -> Error {
    let total = |line: usize| -> i64 {
        let judged = problem.candidates.iter().zip(&decision.judged);
        let usable = judged.filter(|(_, judged)| judged.reason.is_none());
        usable.map(|(candidate, _)| candidate.available[line]).sum()
    };
    let tracked = asks.iter().enumerate().filter(|(_, ask)| !ask.takes.is_empty());
    let worst = tracked.max_by_key(|(line, ask)| ask.quantity - total(*line));
    let mut error = Error::new(&stock::INSUFFICIENT);
    if let Some((line, ask)) = worst {
        error = error
            .with("sku_id", ask.sku_id.to_string())
            .with("wanted", ask.quantity)
            .with("available", total(line));
    }
    error
}

/// Where an address is, as well as the chain's own places tell: the middle of those in the same city, or else
/// in the same province.
pub(crate) fn locate(book: &Book, address: &DeliveryAddress) -> Option<Point> {
    let middle = |points: Vec<Point>| {
        let count = points.len() as f64;
        (!points.is_empty()).then(|| Point {
            latitude: points.iter().map(|p| p.latitude).sum::<f64>() / count,
            longitude: points.iter().map(|p| p.longitude).sum::<f64>() / count,
        })
    };
    let city = book
        .iter()
        .filter(|p| is_named(&p.address.city, &address.city))
        .map(|p| p.point())
        .collect();
    middle(city).or_else(|| {
        let province = |p: &&std::sync::Arc<Place>| is_named(&p.address.province, &address.province);
        middle(book.iter().filter(province).map(|p| p.point()).collect())
    })
}
