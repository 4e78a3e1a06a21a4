//! What serving from a place costs: the cost function of the last tier, in whole minor units.
//!
//! For a place that serves `n` pieces, `q(l)` of line `l`:
//!
//! ```text
//! carrier     first + more · (n − 1)                         the band its distance falls into
//! distance    ⌊metres · per 100 km / 100 000⌋                for a collection: ⌊metres · per km / 1000⌋
//! handling    parcel + piece · n
//! lateness    per hour · ⌈(arrival − promise) / 1 h⌉⁺
//! reliability ⌊p(rejects) · what a rejection costs⌋
//! load        per order · orders it is working on
//! cover       Σ over the pieces taken, the k-th of line l:    ⌊piece · (1 − days left after it / days)⌋⁺
//! markdown    − Σ q(l) · ⌊piece · min(1, (days of stock / days − 1)⁺)⌋
//! ```
//!
//! "Days" are stock divided by the daily sales of the last four weeks. The marginal cost of a piece never falls
//! with the number taken, so that for a given set of places each line is shared out best by taking the cheapest
//! piece next.

use crate::problem::{Candidate, Problem, SOLD_DAYS, Way};
use crate::rules::{Band, Costs};
use crate::solve::{Block, Offer, Supply};

/// A part of a place's cost.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Term {
    /// What the carrier takes.
    Carrier,
    /// The way.
    Distance,
    /// Picking and packing.
    Handling,
    /// Coming later than promised.
    Lateness,
    /// The chance that the place rejects.
    Reliability,
    /// The work waiting there.
    Load,
    /// Taking pieces the place will soon sell itself.
    Cover,
    /// Being rid of stock that lies too long.
    Markdown,
}

impl Term {
    /// Every term, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Carrier,
        Self::Distance,
        Self::Handling,
        Self::Lateness,
        Self::Reliability,
        Self::Load,
        Self::Cover,
        Self::Markdown,
    ];
}

/// The blocks a rising price has at most; steps of more pieces share one price.
const BLOCKS_MAX: i64 = 64;
const MINUTES_PER_HOUR: i64 = 60;

/// Prices places under one set of costs.
#[derive(Clone, Copy)]
pub(crate) struct Pricing<'a> {
    costs: &'a Costs,
    problem: &'a Problem,
}

impl<'a> Pricing<'a> {
    pub(crate) const fn new(costs: &'a Costs, problem: &'a Problem) -> Self {
        Self { costs, problem }
    }

    /// In how many minutes it would be with the customer, or ready for them.
    pub(crate) fn arrival(&self, candidate: &Candidate) -> Option<i64> {
        let ready = candidate.ready_minutes?;
        let travels = match self.problem.way {
            Way::Parcel { .. } => band(self.costs, candidate).map_or(0, |b| i64::from(b.hours)),
            Way::Collect { .. } => 0,
        };
        Some(ready + travels * MINUTES_PER_HOUR)
    }

    /// By how many minutes it misses the promise, or the usual one where nothing was promised.
    pub(crate) fn late(&self, candidate: &Candidate) -> i64 {
        let usual = i64::from(self.costs.promise_hours) * MINUTES_PER_HOUR;
        let promise = self.problem.promise_minutes.unwrap_or(usual);
        self.arrival(candidate)
            .map_or(0, |arrival| (arrival - promise).max(0))
    }

    /// What the place costs whatever it serves, as if its parcel held no piece yet.
    fn fixed(&self, candidate: &Candidate) -> [(Term, i64); 6] {
        let costs = self.costs;
        let metres = candidate.distance_m.unwrap_or(0).max(0);
        let (carrier, distance) = match self.problem.way {
            Way::Parcel { .. } => (
                band(costs, candidate).map_or(0, |b| b.first_minor - b.more_minor),
                metres.saturating_mul(costs.distance_100km_minor) / 100_000,
            ),
            Way::Collect { .. } => (0, metres.saturating_mul(costs.collect_km_minor) / 1_000),
        };
        let late_hours = self.late(candidate).saturating_add(MINUTES_PER_HOUR - 1) / MINUTES_PER_HOUR;
        [
            (Term::Carrier, carrier),
            (Term::Distance, distance),
            (Term::Handling, costs.handling.of(candidate.kind).parcel_minor),
            (Term::Lateness, late_hours.saturating_mul(costs.late_hour_minor)),
            (
                Term::Reliability,
                candidate.reject_ppm.clamp(0, 1_000_000) * costs.reject_minor / 1_000_000,
            ),
            (Term::Load, candidate.open.max(0).saturating_mul(costs.load_minor)),
        ]
    }

    fn more_minor(&self, candidate: &Candidate) -> i64 {
        match self.problem.way {
            Way::Parcel { .. } => band(self.costs, candidate).map_or(0, |b| b.more_minor),
            Way::Collect { .. } => 0,
        }
    }

    /// The place as the solver sees it.
    pub(crate) fn offer(&self, candidate: &Candidate) -> Offer {
        let piece = self.more_minor(candidate) + self.costs.handling.of(candidate.kind).piece_minor;
        let supplies = self.problem.lines.iter().enumerate().map(|(line, ask)| {
            let most = candidate.can_take(line, ask.quantity);
            Supply {
                most,
                flat: piece - self.markdown(candidate, line),
                rising: self.rising(candidate, line, most),
            }
        });
        Offer {
            fixed: self.fixed(candidate).iter().map(|(_, cost)| cost).sum(),
            supplies: supplies.collect(),
        }
    }

    /// The credit for a piece of stock that lies too long.
    fn markdown(&self, candidate: &Candidate, line: usize) -> i64 {
        let rule = self.costs.markdown;
        let (Some(sold), have) = (sold(candidate, line), available(candidate, line)) else {
            return 0;
        };
        if have == 0 {
            return 0;
        }
        let bearable = sold.saturating_mul(i64::from(rule.days));
        let lasting = have.saturating_mul(SOLD_DAYS);
        let over = (lasting - bearable).clamp(0, bearable);
        if bearable == 0 {
            rule.piece_minor
        } else {
            i64::try_from(i128::from(rule.piece_minor) * i128::from(over) / i128::from(bearable)).unwrap_or(0)
        }
    }

    /// What taking the `k`-th piece costs for days of cover.
    fn cover(&self, candidate: &Candidate, line: usize, k: i64) -> i64 {
        let rule = self.costs.cover;
        let Some(sold) = sold(candidate, line).filter(|sold| *sold > 0) else {
            return 0;
        };
        let enough = sold.saturating_mul(i64::from(rule.days));
        let left = (available(candidate, line) - k).max(0).saturating_mul(SOLD_DAYS);
        let lacking = (enough - left).max(0);
        i64::try_from(i128::from(rule.piece_minor) * i128::from(lacking) / i128::from(enough)).unwrap_or(0)
    }

    /// The price of cover, in blocks of pieces; none where it is nothing for all of them.
    fn rising(&self, candidate: &Candidate, line: usize, most: i64) -> Option<Box<[Block]>> {
        if most == 0 || self.cover(candidate, line, most) == 0 {
            return None;
        }
        let step = self.step(line);
        let mut blocks: Vec<Block> = Vec::new();
        let mut taken = 0;
        while taken < most {
            let count = step.min(most - taken);
            taken += count;
            let price = self.cover(candidate, line, taken);
            match blocks.last_mut() {
                Some(block) if block.price == price => block.count += count,
                _ => blocks.push(Block { count, price }),
            }
        }
        Some(blocks.into())
    }

    /// The price of cover of the first `taken` pieces, in the blocks they are sold in.
    fn covers(&self, candidate: &Candidate, line: usize, most: i64, taken: i64) -> i64 {
        let step = self.step(line);
        let (mut sum, mut begun) = (0, 0);
        while begun < taken {
            let end = (begun + step).min(most).max(begun + 1);
            sum += self.cover(candidate, line, end) * (end.min(taken) - begun);
            begun = end;
        }
        sum
    }

    fn step(&self, line: usize) -> i64 {
        let wanted = self.problem.lines.get(line).map_or(1, |ask| ask.quantity);
        wanted.max(1).saturating_add(BLOCKS_MAX - 1) / BLOCKS_MAX
    }

    /// Every term of serving so many pieces of each line, also those that are nothing.
    pub(crate) fn terms(&self, candidate: &Candidate, takes: &[i64]) -> Vec<(Term, i64)> {
        let pieces: i64 = takes.iter().sum();
        let mut terms: Vec<(Term, i64)> = self.fixed(candidate).to_vec();
        let mut add = |term: Term, cost: i64| match terms.iter_mut().find(|(t, _)| *t == term) {
            Some((_, sum)) => *sum += cost,
            None => terms.push((term, cost)),
        };
        add(Term::Carrier, self.more_minor(candidate) * pieces);
        add(
            Term::Handling,
            self.costs.handling.of(candidate.kind).piece_minor * pieces,
        );
        let (mut cover, mut markdown) = (0, 0);
        for (line, taken) in takes.iter().enumerate() {
            markdown -= self.markdown(candidate, line) * taken;
            let wanted = self.problem.lines.get(line).map_or(0, |ask| ask.quantity);
            cover += self.covers(candidate, line, candidate.can_take(line, wanted), *taken);
        }
        add(Term::Cover, cover);
        add(Term::Markdown, markdown);
        terms
    }
}

fn available(candidate: &Candidate, line: usize) -> i64 {
    candidate.available.get(line).copied().unwrap_or(0).max(0)
}

fn sold(candidate: &Candidate, line: usize) -> Option<i64> {
    candidate
        .sold
        .get(line)
        .copied()
        .flatten()
        .map(|sold| sold.max(0))
}

/// The carrier's band for a place; the last where the distance is not known.
fn band<'a>(costs: &'a Costs, candidate: &Candidate) -> Option<&'a Band> {
    let reaches = |band: &&Band| match (band.up_to_km, candidate.distance_m) {
        (None, _) => true,
        (Some(km), Some(metres)) => metres <= i64::from(km) * 1_000,
        (Some(_), None) => false,
    };
    costs.carrier.iter().find(reaches).or(costs.carrier.last())
}
