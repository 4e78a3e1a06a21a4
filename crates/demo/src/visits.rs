//! People who came into the stores, hour by hour: about ten for each who bought, more where a street is busy, fewer
//! on a rainy day. Two doors tell stories: one store has no counter, and another's has missed nearly everybody for
//! weeks, so that more seem to buy than come in.

use std::collections::HashMap;

use crate::calendar::{Calendar, STORE_HOURS};
use crate::chain::{Order, Visits};
use crate::places::stores;
use crate::rng::Rng;
use crate::stories::Stage;

/// Visitors for each purchase, by how good a street's passers-by are.
const VISITORS_PER_PURCHASE: (i64, i64) = (7, 14);
/// Stores from this many on, the last but one has no counter and the last has a broken one.
const STORES_WITH_STORIES: usize = 6;
/// Since when the broken counter sees one of so many.
const BROKEN_SINCE_DAYS: usize = 40;
const BROKEN_SEES_ONE_OF: u64 = 34;
const THOUSAND: u64 = 1_000;

/// Counts every hour that is over in every store that has a counter.
pub(crate) fn count(stage: &Stage, orders: &[Order]) -> Vec<Visits> {
    let calendar = &stage.calendar;
    let stores = stores(&stage.places).len();
    let has_stories = stores >= STORES_WITH_STORIES;
    let mut bought: HashMap<(usize, usize, usize), u64> = HashMap::new();
    let mut bought_in_all = vec![0_u64; stores];
    for order in orders.iter().filter(|order| order.channel == "store") {
        let hour = usize::try_from(Calendar::second_of_day(order.placed_at) / 3_600).unwrap_or(0);
        *bought
            .entry((order.place, calendar.day_of(order.placed_at), hour))
            .or_default() += 1;
        if let Some(all) = bought_in_all.get_mut(order.place) {
            *all += 1;
        }
    }
    let weights: u64 = STORE_HOURS.iter().sum();
    let mut visits = Vec::new();
    for (place, in_all) in bought_in_all.into_iter().enumerate() {
        if has_stories && place + 2 == stores {
            continue;
        }
        let is_broken = has_stories && place + 1 == stores;
        let mut rng = Rng::stream(stage.seed, &format!("visits.{place}"));
        let per_purchase = rng
            .between(VISITORS_PER_PURCHASE.0, VISITORS_PER_PURCHASE.1)
            .unsigned_abs();
        for day in 0..calendar.days() {
            // In thousandths of a visitor, so that quiet hours are not all empty.
            let of_day = in_all * per_purchase * calendar.demand(day) / calendar.days().max(1) as u64;
            let weather = rng.bell(700, 1_300).unsigned_abs();
            for (hour, weight) in STORE_HOURS.iter().enumerate().filter(|(_, weight)| **weight > 0) {
                let from = calendar.moment(day, hour as i64 * 3_600);
                let to = calendar.moment(day, (hour as i64 + 1) * 3_600);
                if to > calendar.as_of() {
                    break;
                }
                let expected = of_day * weight * weather / weights / THOUSAND;
                let drawn = expected * rng.bell(600, 1_400).unsigned_abs() / THOUSAND;
                let part = u64::from(rng.per_mille(drawn % THOUSAND));
                // Whoever bought came in.
                let came =
                    (drawn / THOUSAND + part).max(bought.get(&(place, day, hour)).copied().unwrap_or(0));
                let seen = if is_broken && day >= calendar.days_ago(BROKEN_SINCE_DAYS) {
                    came / BROKEN_SEES_ONE_OF
                } else {
                    came
                };
                visits.push(Visits {
                    place,
                    from,
                    to,
                    entered: i64::try_from(seen).unwrap_or(i64::MAX),
                });
            }
        }
    }
    visits
}
