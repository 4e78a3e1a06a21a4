//! Which places serve an order: pure, explained, optimal where the choice is small.
//!
//! The objective: the least total cost, where every chosen place costs one parcel (a base price by kind of
//! place, the way to the customer, the work the place already has) and every parcel after the first costs a
//! split penalty. Rules on top exclude places; they stay in the explanation with their reason.

use base::{PlaceId, Text};
use orders::{SourcingCandidate, SourcingCost, SourcingWhy};

/// How much is what. Amounts are minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Weights {
    /// A parcel from a warehouse or dark store.
    pub warehouse_parcel: i64,
    /// A parcel packed by people in a store.
    pub store_parcel: i64,
    /// Every kilometre to the customer.
    pub per_km_thousandths: i64,
    /// Every fulfilment the place already works on.
    pub per_open_fulfilment: i64,
    /// Every parcel after the first.
    pub split_penalty: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            warehouse_parcel: 600,
            store_parcel: 900,
            per_km_thousandths: 500,
            per_open_fulfilment: 20,
            split_penalty: 1200,
        }
    }
}

/// The most places one order is split over.
pub(crate) const MAX_PLACES: usize = 4;
/// Steps of the exact search; a choice so large that it needs more gets the best found until then.
const MAX_STEPS: usize = 20_000;

/// A place that might serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Candidate {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// Whether people pack there between serving customers.
    pub is_store: bool,
    /// How far it is from the customer, where that is known.
    pub distance_m: Option<i64>,
    /// What is available there, line by line.
    pub available: Vec<i64>,
    /// Fulfilments it works on.
    pub open_fulfilments: i64,
    /// Why it is out of the question.
    pub excluded: Option<Text>,
}

/// What a chosen place serves, line by line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Share {
    /// The place.
    pub place_id: PlaceId,
    /// Pieces of each line.
    pub quantities: Vec<i64>,
}

/// A choice and its reasons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Choice {
    /// Who serves what; empty when nobody can.
    pub shares: Vec<Share>,
    /// The numbers of every candidate.
    pub why: SourcingWhy,
}

struct Priced<'a> {
    candidate: &'a Candidate,
    cost: i64,
    parts: Vec<SourcingCost>,
}

/// Chooses who serves the `wanted` pieces.
#[must_use]
pub(crate) fn choose(wanted: &[i64], candidates: &[Candidate], weights: &Weights) -> Choice {
    let mut priced: Vec<Priced<'_>> = candidates.iter().map(|c| price(c, weights)).collect();
    priced.sort_by(|a, b| {
        a.cost
            .cmp(&b.cost)
            .then(a.candidate.place_id.cmp(&b.candidate.place_id))
    });
    let usable: Vec<&Priced<'_>> = priced
        .iter()
        .filter(|p| p.candidate.excluded.is_none() && p.candidate.available.iter().any(|a| *a > 0))
        .collect();
    let chosen = Search::new(wanted, &usable, weights.split_penalty).run();
    let shares = share_out(wanted, &chosen);
    let why = explain(wanted, &priced, &shares);
    Choice { shares, why }
}

fn price<'a>(candidate: &'a Candidate, weights: &Weights) -> Priced<'a> {
    let base = if candidate.is_store {
        weights.store_parcel
    } else {
        weights.warehouse_parcel
    };
    let mut parts = vec![SourcingCost {
        label: Text::new("包裹基础成本", "Parcel"),
        cost_minor: base,
    }];
    if let Some(distance) = candidate.distance_m {
        let cost = distance.saturating_mul(weights.per_km_thousandths) / 1_000_000;
        parts.push(SourcingCost {
            label: Text::new("距离", "Distance"),
            cost_minor: cost,
        });
    }
    if candidate.open_fulfilments > 0 {
        let cost = candidate
            .open_fulfilments
            .saturating_mul(weights.per_open_fulfilment);
        parts.push(SourcingCost {
            label: Text::new("当前任务量", "Work waiting there"),
            cost_minor: cost,
        });
    }
    Priced {
        candidate,
        cost: parts.iter().map(|p| p.cost_minor).sum(),
        parts,
    }
}

/// Branch and bound over sets of places, the cheapest first.
struct Search<'a> {
    wanted: &'a [i64],
    places: &'a [&'a Priced<'a>],
    split_penalty: i64,
    /// `later[i][line]`: what places `i..` have together.
    later: Vec<Vec<i64>>,
    steps: usize,
    best: Option<(i64, Vec<usize>)>,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a [i64], places: &'a [&'a Priced<'a>], split_penalty: i64) -> Self {
        let mut later = vec![vec![0; wanted.len()]; places.len() + 1];
        for at in (0..places.len()).rev() {
            let sums = later[at + 1].iter().enumerate();
            later[at] = sums
                .map(|(line, sum)| i64::saturating_add(*sum, has(places[at], line)))
                .collect();
        }
        Self {
            wanted,
            places,
            split_penalty,
            later,
            steps: 0,
            best: None,
        }
    }

    fn run(mut self) -> Vec<&'a Priced<'a>> {
        // One place for everything is the most common case and bounds the rest.
        if let Some(at) = self.places.iter().position(|p| covers(self.wanted, p)) {
            self.best = Some((self.places[at].cost, vec![at]));
        }
        let missing = self.wanted.to_vec();
        self.descend(0, &missing, 0, &mut Vec::new());
        let places = self.places;
        self.best.map_or_else(Vec::new, |(_, set)| {
            set.into_iter().map(|at| places[at]).collect()
        })
    }

    fn descend(&mut self, from: usize, missing: &[i64], cost: i64, set: &mut Vec<usize>) {
        if missing.iter().all(|m| *m <= 0) {
            if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
                self.best = Some((cost, set.clone()));
            }
            return;
        }
        if set.len() == MAX_PLACES {
            return;
        }
        for at in from..self.places.len() {
            self.steps += 1;
            let penalty = if set.is_empty() { 0 } else { self.split_penalty };
            let next_cost = cost + self.places[at].cost + penalty;
            // Places are sorted by cost: no later one is cheaper, and fewer are left to cover what is missing.
            let hopeless = self.best.as_ref().is_some_and(|(best, _)| next_cost >= *best)
                || missing
                    .iter()
                    .enumerate()
                    .any(|(line, m)| *m > self.later[at][line]);
            if hopeless || self.steps > MAX_STEPS {
                return;
            }
            let left: Vec<i64> = missing
                .iter()
                .enumerate()
                .map(|(line, m)| (m - has(self.places[at], line)).max(0))
                .collect();
            if left == missing {
                continue;
            }
            set.push(at);
            self.descend(at + 1, &left, next_cost, set);
            set.pop();
        }
    }
}

fn has(place: &Priced<'_>, line: usize) -> i64 {
    place.candidate.available.get(line).copied().unwrap_or(0).max(0)
}

fn covers(wanted: &[i64], place: &Priced<'_>) -> bool {
    wanted
        .iter()
        .enumerate()
        .all(|(line, quantity)| has(place, line) >= *quantity)
}

/// Fills the lines from the chosen places, the cheapest first: exactly what is wanted, never more.
fn share_out(wanted: &[i64], chosen: &[&Priced<'_>]) -> Vec<Share> {
    let mut missing = wanted.to_vec();
    let shares: Vec<Share> = chosen
        .iter()
        .map(|place| {
            let quantities = missing
                .iter_mut()
                .enumerate()
                .map(|(line, left)| {
                    let taken = (*left).min(has(place, line));
                    *left -= taken;
                    taken
                })
                .collect();
            Share {
                place_id: place.candidate.place_id,
                quantities,
            }
        })
        .filter(|share: &Share| share.quantities.iter().any(|q| *q > 0))
        .collect();
    if missing.iter().all(|m| *m == 0) {
        shares
    } else {
        Vec::new()
    }
}

fn explain(wanted: &[i64], priced: &[Priced<'_>], shares: &[Share]) -> SourcingWhy {
    let chosen = |place: PlaceId| shares.iter().any(|share| share.place_id == place);
    let mut candidates: Vec<SourcingCandidate> = priced
        .iter()
        .map(|place| SourcingCandidate {
            place_id: place.candidate.place_id,
            name: place.candidate.name.clone(),
            available_all: covers(wanted, place),
            distance_m: place.candidate.distance_m,
            cost_minor: place.cost,
            parts: place.parts.clone(),
            excluded: place.candidate.excluded.clone(),
            chosen: chosen(place.candidate.place_id),
        })
        .collect();
    candidates.sort_by_key(|c| (!c.chosen, c.excluded.is_some(), !c.available_all, c.cost_minor));
    candidates.truncate(MAX_EXPLAINED);
    SourcingWhy {
        objective: Text::new(
            "总成本最低：包裹、距离、门店任务量，每多拆一单加罚",
            "Least total cost: parcel, distance, work waiting at the place, and a penalty for every split",
        ),
        candidates,
    }
}

/// A place where the customer might fetch the whole order instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CollectCandidate {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// How far it is from the place the customer chose.
    pub distance_m: i64,
    /// Whether it has everything.
    pub has_all: bool,
    /// By how much it misses the time that was promised, in minutes.
    pub late_minutes: i64,
    /// Why it is out of the question.
    pub excluded: Option<Text>,
}

/// A customer walks no further than this for a store that could not serve.
pub(crate) const MAX_COLLECT_MOVE_M: i64 = 30_000;
/// What a minute of lateness weighs against a metre of way.
const METRES_PER_LATE_MINUTE: i64 = 50;

/// Chooses the place for an order that its first place could not serve: near the one the customer chose, and
/// in time.
#[must_use]
pub(crate) fn choose_collect(candidates: &[CollectCandidate]) -> (Option<PlaceId>, SourcingWhy) {
    let cost = |c: &CollectCandidate| c.distance_m + c.late_minutes.max(0) * METRES_PER_LATE_MINUTE;
    let excluded = |c: &CollectCandidate| {
        let too_far = || Text::new("离原门店太远", "Too far from the store the customer chose");
        c.excluded
            .clone()
            .or_else(|| (c.distance_m > MAX_COLLECT_MOVE_M).then(too_far))
    };
    let chosen = candidates
        .iter()
        .filter(|c| c.has_all && excluded(c).is_none())
        .min_by_key(|c| (cost(c), c.place_id))
        .map(|c| c.place_id);
    let mut explained: Vec<SourcingCandidate> = candidates
        .iter()
        .map(|c| SourcingCandidate {
            place_id: c.place_id,
            name: c.name.clone(),
            available_all: c.has_all,
            distance_m: Some(c.distance_m),
            cost_minor: cost(c),
            parts: vec![
                SourcingCost {
                    label: Text::new("距离（米）", "Distance (m)"),
                    cost_minor: c.distance_m,
                },
                SourcingCost {
                    label: Text::new("晚于承诺", "Later than promised"),
                    cost_minor: c.late_minutes.max(0) * METRES_PER_LATE_MINUTE,
                },
            ],
            excluded: excluded(c),
            chosen: chosen == Some(c.place_id),
        })
        .collect();
    explained.sort_by_key(|c| (!c.chosen, c.excluded.is_some(), !c.available_all, c.cost_minor));
    explained.truncate(MAX_EXPLAINED);
    let objective = Text::new(
        "离顾客所选门店最近，且不晚于承诺时间",
        "Nearest to the store the customer chose, and not later than promised",
    );
    (
        chosen,
        SourcingWhy {
            objective,
            candidates: explained,
        },
    )
}

/// Candidates kept with a fulfilment: more than anybody reads.
const MAX_EXPLAINED: usize = 12;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(available: &[i64], cost: i64) -> Candidate {
        Candidate {
            place_id: PlaceId::new(),
            name: Text::default(),
            is_store: false,
            distance_m: None,
            available: available.to_vec(),
            open_fulfilments: cost,
            excluded: None,
        }
    }

    /// Costs are the open fulfilments alone.
    const PLAIN: Weights = Weights {
        warehouse_parcel: 0,
        store_parcel: 0,
        per_km_thousandths: 0,
        per_open_fulfilment: 1,
        split_penalty: 1000,
    };

    fn total(choice: &Choice) -> i64 {
        let places: i64 = choice
            .why
            .candidates
            .iter()
            .filter(|c| c.chosen)
            .map(|c| c.cost_minor)
            .sum();
        places + PLAIN.split_penalty * (choice.shares.len() as i64 - 1)
    }

    /// The least cost over every set of at most [`MAX_PLACES`] places.
    fn exhaustive(wanted: &[i64], candidates: &[Candidate]) -> Option<i64> {
        (1_u32..1 << candidates.len())
            .filter(|set| set.count_ones() as usize <= MAX_PLACES)
            .filter_map(|set| {
                let chosen: Vec<&Candidate> = (0..candidates.len())
                    .filter(|at| set & (1 << at) != 0)
                    .map(|at| &candidates[at])
                    .collect();
                let enough = (0..wanted.len())
                    .all(|line| chosen.iter().map(|c| c.available[line]).sum::<i64>() >= wanted[line]);
                let cost = chosen.iter().map(|c| c.open_fulfilments).sum::<i64>();
                enough.then_some(cost + PLAIN.split_penalty * (chosen.len() as i64 - 1))
            })
            .min()
    }

    proptest! {
        #[test]
        fn the_best_of_every_small_choice(
            wanted in prop::collection::vec(1_i64..6, 1..4),
            places in prop::collection::vec((prop::collection::vec(0_i64..6, 3), 0_i64..3000), 0..8),
        ) {
            let candidates: Vec<Candidate> =
                places.iter().map(|(stock, cost)| candidate(&stock[..wanted.len()], *cost)).collect();
            let choice = choose(&wanted, &candidates, &PLAIN);
            match exhaustive(&wanted, &candidates) {
                None => prop_assert!(choice.shares.is_empty()),
                Some(best) => {
                    prop_assert_eq!(total(&choice), best);
                    for (line, quantity) in wanted.iter().enumerate() {
                        let sum: i64 = choice.shares.iter().map(|s| s.quantities[line]).sum();
                        prop_assert_eq!(sum, *quantity, "the parts add up to what was ordered");
                    }
                    for share in &choice.shares {
                        let from = candidates.iter().find(|c| c.place_id == share.place_id).unwrap();
                        prop_assert!(share.quantities.iter().zip(&from.available).all(|(q, a)| q <= a));
                    }
                }
            }
        }
    }

    #[test]
    fn ten_lines_one_place_has_all_although_a_nearer_one_has_nine() {
        let mut nine = vec![1; 10];
        nine[9] = 0;
        let (near, all) = (candidate(&nine, 10), candidate(&[1; 10], 500));
        let choice = choose(&[1; 10], &[near, all.clone()], &PLAIN);
        assert_eq!(choice.shares.len(), 1);
        assert_eq!(choice.shares[0].place_id, all.place_id);
    }

    #[test]
    fn ten_pieces_six_here_five_there_are_exactly_ten() {
        let (a, b) = (candidate(&[6], 1), candidate(&[5], 2));
        let choice = choose(&[10], &[a, b], &PLAIN);
        let parts: Vec<i64> = choice.shares.iter().map(|s| s.quantities[0]).collect();
        assert_eq!(parts, [6, 4]);
    }

    #[test]
    fn an_excluded_place_is_not_chosen_and_says_why() {
        let mut first = candidate(&[9], 1);
        first.excluded = Some(Text::new("刚刚拒单", "It has just rejected this order"));
        let second = candidate(&[9], 900);
        let choice = choose(&[1], &[first.clone(), second.clone()], &PLAIN);
        assert_eq!(choice.shares[0].place_id, second.place_id);
        let explained = choice
            .why
            .candidates
            .iter()
            .find(|c| c.place_id == first.place_id)
            .unwrap();
        assert!(explained.excluded.is_some() && !explained.chosen);
    }

    #[test]
    fn a_large_choice_ends_and_adds_up() {
        let candidates: Vec<Candidate> = (0..500)
            .map(|n| candidate(&[n % 3, (n + 1) % 3, (n + 2) % 3], 100 + n))
            .collect();
        let choice = choose(&[5, 2, 2], &candidates, &PLAIN);
        assert_eq!(choice.shares.iter().map(|s| s.quantities[0]).sum::<i64>(), 5);
    }

    #[test]
    fn nobody_has_enough() {
        assert!(
            choose(&[3], &[candidate(&[1], 0), candidate(&[1], 0)], &PLAIN)
                .shares
                .is_empty()
        );
        assert!(choose(&[3], &[], &PLAIN).shares.is_empty());
    }
}
