//! Branch and bound over sets of places, on what the bound has left.

use super::bound::Relaxed;
use super::{NEVER, Set, Task};

/// Steps of the search: so much work, a step being as much as there are places and lines. Counted, not timed:
/// the same order is decided the same way on every machine.
const WORK_MAX: usize = 10_000_000;
/// Steps, however small or large the order is.
const STEPS: std::ops::RangeInclusive<usize> = 500..=20_000;

/// Looks for something better than `best` and tells whether nothing better is left.
pub(super) fn run(task: &Task<'_>, relaxed: &Relaxed, best: &mut Set) -> bool {
    let kept = promising(task, relaxed, limit(task, best));
    let suppliers = (0..task.wanted.len())
        .map(|line| {
            let has = |nth: &usize| task.offers[kept[*nth]].supplies[line].most > 0;
            (0..kept.len()).filter(has).collect()
        })
        .collect();
    let steps_max = (WORK_MAX / (kept.len() * task.wanted.len()).max(1)).clamp(*STEPS.start(), *STEPS.end());
    let mut search = Search {
        task,
        steps_max,
        base: relaxed.base,
        reduced: kept.iter().map(|at| relaxed.reduced[*at]).collect(),
        free: vec![true; kept.len()],
        missing: task.wanted.to_vec(),
        suppliers,
        kept,
        set: Vec::new(),
        steps: 0,
        best,
        pieces: Vec::new(),
    };
    search.descend(0);
    search.steps <= steps_max
}

fn limit(task: &Task<'_>, best: &Set) -> i64 {
    if best.missing == 0 {
        best.cost - task.unit + 1
    } else {
        NEVER
    }
}

/// The offers that may be in a choice cheaper than `limit`, the most promising first.
fn promising(task: &Task<'_>, relaxed: &Relaxed, limit: i64) -> Vec<usize> {
    let others = |at: usize| -> i64 {
        let rest = relaxed.order.iter().filter(|other| **other != at);
        let gains = rest
            .map(|other| relaxed.reduced[*other])
            .take_while(|reduced| *reduced < 0);
        gains.take(task.parcels - 1).sum()
    };
    let mut kept = relaxed.order.clone();
    kept.retain(|at| relaxed.base + relaxed.reduced[*at] + others(*at) < limit);
    kept
}

struct Search<'a> {
    task: &'a Task<'a>,
    base: i64,
    /// The offers searched, by their place in the task.
    kept: Vec<usize>,
    /// What each adds to the bound; ascending.
    reduced: Vec<i64>,
    /// Which are neither in the set nor ruled out on this branch.
    free: Vec<bool>,
    /// What the set lacks of each line.
    missing: Vec<i64>,
    /// Who has anything of each line.
    suppliers: Vec<Vec<usize>>,
    set: Vec<usize>,
    steps: usize,
    steps_max: usize,
    best: &'a mut Set,
    pieces: Vec<(i64, i64)>,
}

impl Search<'_> {
    /// What a choice must cost less than to be better by a unit.
    fn limit(&self) -> i64 {
        limit(self.task, self.best)
    }

    /// The most that `count` further places could bring.
    fn gains(&self, count: usize, without: Option<usize>) -> i64 {
        let free = (0..self.kept.len()).filter(|nth| self.free[*nth] && Some(*nth) != without);
        let gains = free
            .map(|nth| self.reduced[nth])
            .take_while(|reduced| *reduced < 0);
        gains.take(count).sum()
    }

    /// Tries every set that contains the present one and none of those ruled out.
    fn descend(&mut self, reduced: i64) {
        self.steps += 1;
        if self.steps > self.steps_max {
            return;
        }
        let covered = self.missing.iter().all(|m| *m <= 0);
        if covered {
            let members = self.set.iter().map(|nth| self.kept[*nth]).collect();
            let set = self.task.weigh(members, &mut self.pieces);
            self.best.improve(set);
        }
        let left = self.task.parcels - self.set.len();
        if left == 0 {
            return;
        }
        let Some(branches) = self.branches(covered, left) else {
            return;
        };
        let mut ruled_out = Vec::with_capacity(branches.len());
        for nth in branches {
            let with = reduced + self.reduced[nth];
            // Branches come in the order of what they add: no later one is better.
            if self.base + with + self.gains(left - 1, Some(nth)) >= self.limit()
                || self.steps > self.steps_max
            {
                break;
            }
            self.free[nth] = false;
            ruled_out.push(nth);
            self.take(nth, 1);
            self.set.push(nth);
            self.descend(with);
            self.set.pop();
            self.take(nth, -1);
        }
        for nth in ruled_out {
            self.free[nth] = true;
        }
    }

    fn take(&mut self, nth: usize, sign: i64) {
        let supplies = &self.task.offers[self.kept[nth]].supplies;
        for (missing, supply) in self.missing.iter_mut().zip(supplies) {
            *missing -= sign * supply.most;
        }
    }

    /// Who comes next: the suppliers of the line that has the fewest, or anybody once everything is there. None
    /// when a line cannot be had any more.
    fn branches(&self, covered: bool, left: usize) -> Option<Vec<usize>> {
        let free = |nth: &usize| self.free[*nth];
        if covered {
            return Some((0..self.kept.len()).filter(free).collect());
        }
        let mut fewest: Option<(usize, usize)> = None;
        for (line, missing) in self.missing.iter().enumerate().filter(|(_, m)| **m > 0) {
            let (mut count, mut sum, mut most) = (0, 0, 0);
            for nth in self.suppliers[line].iter().copied().filter(free) {
                let has = self.task.offers[self.kept[nth]].supplies[line].most;
                (count, sum, most) = (count + 1, sum + has, most.max(has));
            }
            let reach = most.saturating_mul(i64::try_from(left).unwrap_or(i64::MAX));
            if sum < *missing || reach < *missing {
                return None;
            }
            if fewest.is_none_or(|(fewest, _)| count < fewest) {
                fewest = Some((count, line));
            }
        }
        let (_, line) = fewest?;
        Some(self.suppliers[line].iter().copied().filter(free).collect())
    }
}
