//! A bound from below: each line's demand is given a price per piece; at that price every place says what it
//! would bring, and the best few are added up.

use super::greedy::{By, complete};
use super::{NEVER, Set, Task};

/// Steps of the prices.
const STEPS: usize = 40;
/// Steps without a better bound before they become half as long.
const PATIENCE: usize = 6;
/// Every so many steps the proposed set is completed and weighed, when it does not cover by itself.
const PROPOSE_EVERY: usize = 8;

/// The best bound and the prices that gave it.
pub(super) struct Relaxed {
    /// No choice costs less.
    pub(super) bound: i64,
    /// The bound without any place: what the prices bring, less the split that the first parcel does not cost.
    pub(super) base: i64,
    /// What each offer adds to the base, negative where it brings more than it costs.
    pub(super) reduced: Vec<i64>,
    /// The offers, the most promising first.
    pub(super) order: Vec<usize>,
}

/// Moves the prices uphill, keeping the best set met on the way.
pub(super) fn relax(task: &Task<'_>, best: &mut Set) -> Relaxed {
    let mut prices = start(task, best);
    let mut kept: Option<(i64, Vec<i64>)> = None;
    let (mut pace, mut waited) = (1.0_f64, 0);
    let mut pieces = Vec::new();
    for step in 0..STEPS {
        let view = View::at(task, &prices);
        if kept.as_ref().is_none_or(|(bound, _)| view.bound > *bound) {
            kept = Some((view.bound, prices.clone()));
            waited = 0;
        } else {
            waited += 1;
            if waited >= PATIENCE {
                (pace, waited) = (pace / 2.0, 0);
            }
        }
        propose(task, &view, step, best, &mut pieces);
        let proved = kept.as_ref().map_or(i64::MIN, |(bound, _)| *bound);
        if best.missing == 0 && proved > best.cost - task.unit {
            break;
        }
        let slopes: Vec<i64> = task.wanted.iter().zip(&view.taken).map(|(w, t)| w - t).collect();
        let steepness: f64 = slopes.iter().map(|s| (*s as f64).powi(2)).sum();
        if steepness == 0.0 || pace < 0.01 {
            break;
        }
        let aim = if best.missing == 0 {
            best.cost
        } else {
            view.bound.saturating_add(view.bound.abs() / 4 + 1)
        };
        // Polyak's step: as far as the bound could still rise, along the slope.
        let length = pace * ((aim - view.bound) as f64).max(1.0) / steepness;
        for (price, slope) in prices.iter_mut().zip(&slopes) {
            *price = (*price as f64 + length * *slope as f64).round() as i64;
        }
    }
    let view = View::at(task, &kept.map_or(prices, |(_, prices)| prices));
    let mut order: Vec<usize> = (0..task.offers.len()).collect();
    order.sort_unstable_by_key(|at| (view.reduced[*at], *at));
    Relaxed {
        bound: view.bound,
        base: view.base,
        reduced: view.reduced,
        order,
    }
}

/// The first prices: what a piece costs in the best choice known.
fn start(task: &Task<'_>, best: &Set) -> Vec<i64> {
    let pieces: i64 = task.wanted.iter().sum::<i64>().max(1);
    let dearest = || {
        let fixed = task.offers.iter().map(|o| o.fixed).max().unwrap_or(0);
        fixed + task.split
    };
    let each = if best.cost < NEVER {
        best.cost / pieces
    } else {
        dearest()
    };
    vec![each; task.wanted.len()]
}

/// What the places say at given prices.
struct View {
    bound: i64,
    base: i64,
    reduced: Vec<i64>,
    /// The offers that are added up.
    chosen: Vec<usize>,
    /// What they would serve of each line.
    taken: Vec<i64>,
}

impl View {
    fn at(task: &Task<'_>, prices: &[i64]) -> Self {
        let reduced: Vec<i64> = task
            .offers
            .iter()
            .map(|offer| {
                let gains = offer.supplies.iter().zip(prices);
                offer.fixed + task.split + gains.map(|(s, price)| s.worth_taking(*price).0).sum::<i64>()
            })
            .collect();
        let demand: i64 = task.wanted.iter().zip(prices).map(|(w, price)| w * price).sum();
        let base = demand - task.split;
        let chosen = first_few(&reduced, task.parcels);
        let mut taken = vec![0; task.wanted.len()];
        for at in &chosen {
            for ((supply, price), taken) in task.offers[*at].supplies.iter().zip(prices).zip(&mut taken) {
                *taken += supply.worth_taking(*price).1;
            }
        }
        Self {
            bound: base + chosen.iter().map(|at| reduced[*at]).sum::<i64>(),
            base,
            reduced,
            chosen,
            taken,
        }
    }
}

/// The offers that bring most, as many as there may be parcels: at least one, and more only where they bring
/// something.
fn first_few(reduced: &[i64], parcels: usize) -> Vec<usize> {
    let mut few: Vec<(i64, usize)> = Vec::with_capacity(parcels.min(reduced.len()) + 1);
    let worthwhile = reduced.iter().enumerate().filter(|(_, reduced)| **reduced < 0);
    for (at, reduced) in worthwhile {
        if few.len() < parcels || few.last().is_some_and(|last| *reduced < last.0) {
            let nth = few.partition_point(|other| *other < (*reduced, at));
            few.insert(nth, (*reduced, at));
            few.truncate(parcels);
        }
    }
    if few.is_empty() {
        few.extend(
            reduced
                .iter()
                .enumerate()
                .map(|(at, reduced)| (*reduced, at))
                .min(),
        );
    }
    few.into_iter().map(|(_, at)| at).collect()
}

/// Weighs the set that the prices propose.
fn propose(task: &Task<'_>, view: &View, step: usize, best: &mut Set, pieces: &mut Vec<(i64, i64)>) {
    let set = task.weigh(view.chosen.clone(), pieces);
    let completed = set.missing > 0 && set.members.len() < task.parcels && step.is_multiple_of(PROPOSE_EVERY);
    if completed {
        let members = complete(task, set.members.clone(), By::CostPerPiece);
        best.improve(task.weigh(members, pieces));
    }
    best.improve(set);
}
