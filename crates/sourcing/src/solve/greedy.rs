//! Good choices fast: one place, the cheapest pieces first, exchanges.

use super::{NEVER, Set, Task};

/// Places considered for an exchange: the most promising ones.
const EXCHANGED: usize = 80;
/// Rounds of exchanges; each takes a step downhill.
const ROUNDS: usize = 6;
/// Places looked at for pairs, all rounds together.
const LOOKS_MAX: usize = 200_000;
/// Sets weighed, all rounds together.
const WEIGHED_MAX: usize = 2_500;

/// The better of the best single place and the greedy choices.
pub(super) fn choose(task: &Task<'_>) -> Set {
    let mut pieces = Vec::new();
    let mut best = Set {
        members: Vec::new(),
        missing: task.wanted.iter().sum(),
        cost: NEVER,
    };
    for (at, offer) in task.offers.iter().enumerate() {
        if task.covers(offer) {
            best.improve(task.weigh(vec![at], &mut pieces));
        }
    }
    for by in [By::CostPerPiece, By::Pieces] {
        let members = complete(task, Vec::new(), by);
        best.improve(trim(task, task.weigh(members, &mut pieces)));
    }
    best
}

/// Other choices to start exchanges from: they end in other valleys.
pub(super) fn others(task: &Task<'_>, order: &[usize]) -> Vec<Set> {
    let mut pieces = Vec::new();
    let first = order.first().copied();
    let starts = [
        (None, By::Pieces),
        (first, By::CostPerPiece),
        (order.get(1).copied(), By::Pieces),
    ];
    starts
        .into_iter()
        .map(|(begun, by)| {
            let members = complete(task, begun.into_iter().collect(), by);
            trim(task, task.weigh(members, &mut pieces))
        })
        .collect()
}

/// What decides which place is taken next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    CostPerPiece,
    Pieces,
}

/// Adds places until everything is there or no parcel is left.
pub(super) fn complete(task: &Task<'_>, mut members: Vec<usize>, by: By) -> Vec<usize> {
    let mut missing: Vec<i64> = task.wanted.to_vec();
    for at in &members {
        cover(task, *at, &mut missing);
    }
    while members.len() < task.parcels && missing.iter().any(|m| *m > 0) {
        let mut next: Option<(i64, i64, usize)> = None;
        for (at, offer) in task.offers.iter().enumerate() {
            let (mut count, mut cost) = (0, offer.fixed + task.split);
            for (supply, missing) in offer.supplies.iter().zip(&missing) {
                let taken = supply.most.min(*missing);
                count += taken;
                cost += taken * supply.flat;
            }
            if count == 0 || members.contains(&at) {
                continue;
            }
            let better = next.is_none_or(|(best_cost, best_count, _)| match by {
                // cost / count < best_cost / best_count, without dividing
                By::CostPerPiece => {
                    i128::from(cost) * i128::from(best_count) < i128::from(best_cost) * i128::from(count)
                }
                By::Pieces => (-count, cost) < (-best_count, best_cost),
            });
            if better {
                next = Some((cost, count, at));
            }
        }
        let Some((_, _, at)) = next else { break };
        cover(task, at, &mut missing);
        members.push(at);
    }
    members
}

fn cover(task: &Task<'_>, at: usize, missing: &mut [i64]) {
    for (supply, missing) in task.offers[at].supplies.iter().zip(missing) {
        *missing -= supply.most.min(*missing);
    }
}

/// Leaves out what costs more than it brings.
fn trim(task: &Task<'_>, mut set: Set) -> Set {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < set.members.len() && set.members.len() > 1 {
        let mut fewer = set.members.clone();
        fewer.remove(at);
        if !set.improve(task.weigh(fewer, &mut pieces)) {
            at += 1;
        }
    }
    set
}

/// Exchanges up to two places for up to two others, as long as that helps.
pub(super) fn exchange(task: &Task<'_>, order: &[usize], best: &mut Set) {
    let mut exchange = Exchange {
        task,
        promising: &order[..order.len().min(EXCHANGED)],
        cheapest: task.cheapest_pieces(),
        pieces: Vec::new(),
        looks: 0,
        weighed: 0,
    };
    for _ in 0..ROUNDS {
        let mut better = trim(task, best.clone());
        let members = &best.members;
        exchange.finish(members, &mut better);
        for nth in 0..members.len() {
            exchange.finish(&without(members, &[nth]), &mut better);
            for other in nth + 1..members.len() {
                exchange.finish(&without(members, &[nth, other]), &mut better);
            }
        }
        if !best.improve(better) {
            return;
        }
    }
}

fn without(members: &[usize], left_out: &[usize]) -> Vec<usize> {
    let stays = |(nth, _): &(usize, &usize)| !left_out.contains(nth);
    members
        .iter()
        .enumerate()
        .filter(stays)
        .map(|(_, at)| *at)
        .collect()
}

struct Exchange<'a> {
    task: &'a Task<'a>,
    promising: &'a [usize],
    /// What the pieces cost at the least.
    cheapest: i64,
    pieces: Vec<(i64, i64)>,
    looks: usize,
    weighed: usize,
}

impl Exchange<'_> {
    /// Adds one place, or two, to `rest`, and keeps the best of it.
    fn finish(&mut self, rest: &[usize], best: &mut Set) {
        let room = self.task.parcels.saturating_sub(rest.len());
        let mut missing: Vec<i64> = self.task.wanted.to_vec();
        for at in rest {
            cover(self.task, *at, &mut missing);
        }
        if room == 0 {
            return;
        }
        for at in self.promising {
            if !rest.contains(at) && self.brings(*at, &missing) {
                self.weigh(rest, &[*at], best);
            }
        }
        let scarce = (0..missing.len())
            .filter(|line| missing[*line] > 0)
            .min_by_key(|line| self.suppliers(*line).count());
        let (Some(line), true) = (scarce, room > 1) else {
            return;
        };
        // One of the two brings something of the line that fewest have.
        let firsts: Vec<usize> = self.suppliers(line).filter(|at| !rest.contains(at)).collect();
        for first in firsts {
            let mut left = missing.clone();
            cover(self.task, first, &mut left);
            for second in self.promising {
                if *second != first && !rest.contains(second) && self.brings(*second, &left) {
                    self.weigh(rest, &[first, *second], best);
                }
            }
            self.looks += self.promising.len();
            if self.looks > LOOKS_MAX || self.weighed > WEIGHED_MAX {
                return;
            }
        }
    }

    fn suppliers(&self, line: usize) -> impl Iterator<Item = usize> {
        let task = self.task;
        self.promising
            .iter()
            .copied()
            .filter(move |at| task.offers[*at].supplies[line].most > 0)
    }

    /// Whether a place brings all that is missing.
    fn brings(&self, at: usize, missing: &[i64]) -> bool {
        let supplies = &self.task.offers[at].supplies;
        supplies
            .iter()
            .zip(missing)
            .all(|(supply, missing)| supply.most >= *missing)
    }

    fn weigh(&mut self, rest: &[usize], added: &[usize], best: &mut Set) {
        let fixed = |members: &[usize]| -> i64 {
            members
                .iter()
                .map(|at| self.task.offers[*at].fixed + self.task.split)
                .sum()
        };
        let least = fixed(rest) + fixed(added) - self.task.split + self.cheapest;
        if best.missing == 0 && least >= best.cost {
            return;
        }
        self.weighed += 1;
        let members = [rest, added].concat();
        best.improve(self.task.weigh(members, &mut self.pieces));
    }
}
