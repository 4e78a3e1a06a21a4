//! How many of those who came into a store bought something.
//!
//! Only days on which somebody counted are compared, purchases as well as visits. A counter that cannot be right (more
//! purchases than visits) is said to be so, and stays out of the chain's figure instead of making it shine.

use std::collections::{BTreeMap, HashMap};

use base::{Ctx, Error, PlaceId, Resource, Result, Time, codes};
use db::Reader;
use jiff::tz::TimeZone;
use places::{Book, PlaceKind, VISIT_READ};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, Query, Reply, State};

use crate::home::midnight;
use crate::member_parts::People;

/// Days looked back when nobody says otherwise, and at the most.
const DAYS: i64 = 30;
const DAYS_MAX: i64 = 366;
/// Where days begin.
const ZONE: &str = "Asia/Shanghai";

/// Why a store's figure is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doubt {
    /// Nobody counted.
    NotCounted,
    /// More bought than came in: the counter misses people.
    MorePurchasesThanVisits,
}

/// Visits and purchases of one store, or of all that are believed.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub(crate) struct Conversion {
    /// The store; absent for all.
    pub(crate) place_id: Option<PlaceId>,
    /// Days on which somebody counted.
    pub(crate) days_counted: i64,
    /// People who came in.
    pub(crate) visits: i64,
    /// Purchases at the counter on those days.
    pub(crate) purchases: i64,
    /// Purchases for each visit; absent when it is not believed or nobody came.
    pub(crate) rate: Option<f64>,
    /// Its 95 % interval.
    #[schema(value_type = Option<[f64; 2]>)]
    pub(crate) interval: Option<[f64; 2]>,
    /// Why it is not believed.
    pub(crate) doubt: Option<Doubt>,
}

/// Visits and purchases by store.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConversionReport)]
pub(crate) struct ConversionOut {
    /// Since when.
    pub(crate) from_at: Time,
    /// Until just before when.
    pub(crate) to_at: Time,
    /// All stores that are believed.
    pub(crate) all: Conversion,
    /// Every store, those that are doubted first, then by how few of their visitors bought.
    pub(crate) items: Vec<Conversion>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversionQuery {
    /// Days up to today, 1 to 366; 30 when absent.
    #[param(minimum = 1, maximum = 366)]
    days: Option<i64>,
}

/// Sums of the days of one place on which somebody counted.
#[derive(Clone, Copy, Default)]
struct Counted {
    days: i64,
    visits: i64,
    purchases: i64,
}

fn conversion(place_id: Option<PlaceId>, counted: Counted) -> Conversion {
    let Counted {
        days,
        visits,
        purchases,
    } = counted;
    let doubt = match () {
        () if days == 0 => Some(Doubt::NotCounted),
        () if purchases > visits => Some(Doubt::MorePurchasesThanVisits),
        () => None,
    };
    let is_believed = doubt.is_none();
    Conversion {
        place_id,
        days_counted: days,
        visits,
        purchases,
        rate: voice::share(purchases, visits).filter(|_| is_believed),
        interval: is_believed.then(|| voice::wilson(purchases, visits)).flatten(),
        doubt,
    }
}

/// Every store and all that are believed, from what each day says: (place, day) to visits, and to purchases.
fn compared(
    stores: &[PlaceId],
    visits: &BTreeMap<(PlaceId, i64), i64>,
    purchases: &HashMap<(PlaceId, i64), i64>,
) -> (Conversion, Vec<Conversion>) {
    let mut by_store: BTreeMap<PlaceId, Counted> =
        stores.iter().map(|place| (*place, Counted::default())).collect();
    for ((place, day), entered) in visits {
        if let Some(store) = by_store.get_mut(place) {
            store.days += 1;
            store.visits += entered;
            store.purchases += purchases.get(&(*place, *day)).copied().unwrap_or(0);
        }
    }
    let mut items: Vec<Conversion> = by_store
        .into_iter()
        .map(|(place, counted)| conversion(Some(place), counted))
        .collect();
    let mut all = Counted::default();
    for store in items.iter().filter(|store| store.doubt.is_none()) {
        all.days = all.days.max(store.days_counted);
        all.visits += store.visits;
        all.purchases += store.purchases;
    }
    items.sort_by(|a, b| {
        let rate = |c: &Conversion| c.rate.unwrap_or(f64::MAX);
        (b.doubt.is_some())
            .cmp(&a.doubt.is_some())
            .then_with(|| rate(a).total_cmp(&rate(b)))
            .then_with(|| a.place_id.cmp(&b.place_id))
    });
    (conversion(None, all), items)
}

/// The stores that are open for business, of those that are wanted.
pub(crate) fn stores(book: &Book, wanted: impl Fn(PlaceId) -> bool) -> Vec<PlaceId> {
    book.iter()
        .filter(|place| place.active && place.kind == PlaceKind::Store && wanted(place.id))
        .map(|place| place.id)
        .collect()
}

/// Counts what came in and what was bought in a period that begins at a local midnight.
pub(crate) async fn count_in(
    r: &Reader,
    stores: &[PlaceId],
    from: Time,
    to: Time,
) -> Result<(Conversion, Vec<Conversion>)> {
    let visits = places::visits_by_day_in(r, from, to).await?;
    let bought = orders::figures::bought_in_stores_in(r, from, to).await?;
    let visits = visits
        .into_iter()
        .map(|v| ((v.place_id, v.day), v.entered))
        .collect();
    let bought = bought
        .into_iter()
        .map(|(place, day, n)| ((place, day), n))
        .collect();
    Ok(compared(stores, &visits, &bought))
}

impl People {
    async fn conversion(&self, ctx: &Ctx, days: Option<i64>) -> Result<ConversionOut> {
        ctx.require(VISIT_READ, &Resource::Somewhere)?;
        let days = days.unwrap_or(DAYS);
        if !(1..=DAYS_MAX).contains(&days) {
            let facts = [("min".to_owned(), 1.into()), ("max".to_owned(), DAYS_MAX.into())];
            let facts = facts.into_iter().collect();
            return Err(Error::new(&codes::INVALID_INPUT).and_field("days", &codes::OUT_OF_RANGE, facts));
        }
        let seen = ctx.places(VISIT_READ);
        let stores = stores(&*self.parts.places.book().await?, |place| {
            seen.as_ref().is_none_or(|seen| seen.contains(&place))
        });
        let read = async move |r: &Reader| {
            let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
            let today = r.now().timestamp().to_zoned(zone.clone()).date();
            let from_at = midnight(today, days - 1, &zone);
            let to_at = r.now();
            let (all, items) = count_in(r, &stores, from_at, to_at).await?;
            Ok(ConversionOut {
                from_at,
                to_at,
                all,
                items,
            })
        };
        self.parts.db.read(read).await
    }
}

/// How many of those who came into each store bought something.
#[utoipa::path(get, path = "/figures/conversion", tag = "home", security(("staff" = ["visit.read"])),
    params(ConversionQuery),
    responses((status = 200, body = ConversionOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn conversion_get(
    State(people): State<People>,
    Caller(ctx): Caller,
    Query(query): Query<ConversionQuery>,
) -> Reply<ConversionOut> {
    Ok(Json(people.conversion(&ctx, query.days).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(n: u8) -> PlaceId {
        format!("plc_01jd000000000000000000000{n}").parse().unwrap()
    }

    #[test]
    fn only_days_that_were_counted_are_compared() {
        let stores = [place(1), place(2)];
        let visits = [((place(1), 0), 100), ((place(1), 2), 100), ((place(3), 0), 50)].into();
        let bought = [
            ((place(1), 0), 20),
            ((place(1), 1), 30),
            ((place(1), 2), 10),
            ((place(2), 0), 5),
        ];
        let (all, items) = compared(&stores, &visits, &bought.into_iter().collect());
        let of = |place| items.iter().find(|item| item.place_id == Some(place));
        let one = of(place(1)).unwrap();
        assert_eq!((one.days_counted, one.visits, one.purchases), (2, 200, 30));
        assert_eq!(one.rate, Some(0.15));
        // Nobody counted at the second; the third is not asked for.
        assert_eq!(of(place(2)).unwrap().doubt, Some(Doubt::NotCounted));
        assert!(of(place(3)).is_none());
        assert_eq!((all.visits, all.purchases), (200, 30));
    }

    #[test]
    fn a_broken_counter_is_named_and_makes_nobody_shine() {
        let stores = [place(1), place(2)];
        let visits = [((place(1), 0), 100), ((place(2), 0), 10)].into();
        let bought = [((place(1), 0), 8), ((place(2), 0), 34)].into();
        let (all, items) = compared(&stores, &visits, &bought);
        assert_eq!(items[0].doubt, Some(Doubt::MorePurchasesThanVisits));
        assert_eq!((items[0].place_id, items[0].rate), (Some(place(2)), None));
        assert_eq!((all.rate, all.visits), (Some(0.08), 100));
        let [low, high] = all.interval.unwrap();
        assert!(low < 0.08 && 0.08 < high);
    }

    #[test]
    fn nobody_came_and_nobody_bought_is_no_rate() {
        let (all, items) = compared(&[place(1)], &[((place(1), 0), 0)].into(), &HashMap::new());
        assert_eq!((items[0].rate, items[0].doubt, all.rate), (None, None, None));
    }
}
