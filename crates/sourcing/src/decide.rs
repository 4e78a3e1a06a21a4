//! The decision: limits, then tiers, then the least cost; and what it says of every place that was looked at.

use crate::costs::{Pricing, Term};
use crate::problem::{Candidate, Problem, Way};
use crate::rules::{Rules, Tier};
use crate::solve::{Offer, Task, fewest, solve};

/// Why a place is out of the question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// It does not trade.
    Inactive,
    /// It does not offer what the way needs.
    NotOffered,
    /// The order's channel does not sell from it.
    NotSoldFrom,
    /// The rules leave it out.
    Excluded,
    /// The rules leave out places of its kind.
    KindExcluded,
    /// It has rejected this order before.
    Rejected,
    /// It has taken on all it can today.
    Full {
        /// The most it takes on in a day.
        capacity: i64,
    },
    /// It does not open soon.
    Closed,
    /// It is further away than the rules allow.
    TooFar {
        /// How far they allow, in kilometres.
        km: i64,
    },
    /// It does not send to the customer's province.
    NotShippedTo,
    /// Nothing of what it has may leave from a place of its kind.
    ProductsStay,
    /// It has nothing of the order.
    Nothing,
}

/// What a tier did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TierOutcome {
    /// It narrowed the choice.
    Applied,
    /// All places left were on its side already.
    NoDifference,
    /// The order could not be served within it.
    PassedOver,
}

/// What serves an order, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Which candidates serve how many pieces of each line; empty when they cannot.
    pub shares: Vec<Share>,
    /// What is said of each candidate, in the order they were given.
    pub judged: Vec<Judged>,
    /// What each tier did.
    pub tiers: Vec<(Tier, TierOutcome)>,
    /// The whole cost: the chosen places and the splits.
    pub total_minor: i64,
    /// The splits within it.
    pub split_minor: i64,
    /// How much less another choice could cost at the most; nothing when this one is proved the best.
    pub gap_minor: i64,
}

/// What one place serves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Share {
    /// Which candidate.
    pub candidate: usize,
    /// Pieces of each line.
    pub quantities: Vec<i64>,
}

/// What is said of a candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Why it is out of the question.
    pub reason: Option<Reason>,
    /// The tier that put others before it.
    pub behind: Option<Tier>,
    /// Whether it has everything alone.
    pub has_all: bool,
    /// The pieces of each line its numbers speak of: what it serves, or could at most.
    pub takes: Vec<i64>,
    /// What they cost, term by term.
    pub terms: Vec<(Term, i64)>,
    /// The sum of the terms.
    pub cost_minor: i64,
    /// In how many minutes they would be there.
    pub arrival_minutes: Option<i64>,
    /// By how many minutes that misses the promise.
    pub late_minutes: i64,
    /// Whether it serves.
    pub chosen: bool,
}

/// Decides.
#[must_use]
pub fn decide(rules: &Rules, problem: &Problem) -> Decision {
    let problem = &without_what_stays(rules, problem);
    let pricing = Pricing::new(&rules.costs, problem);
    let reasons: Vec<Option<Reason>> = problem
        .candidates
        .iter()
        .map(|c| reason(rules, problem, c))
        .collect();
    let pool: Vec<usize> = (0..problem.candidates.len())
        .filter(|at| reasons[*at].is_none())
        .collect();
    let mut choice = Choice::new(rules, problem, &pricing, pool);
    let tiers: Vec<(Tier, TierOutcome)> = rules
        .tiers
        .iter()
        .map(|tier| (*tier, choice.narrow(*tier, &pricing)))
        .collect();
    let (shares, total_minor, gap_minor) = choice.settle();
    let judged = problem
        .candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            let share = shares.iter().find(|share| share.candidate == at);
            let most = |line: usize| candidate.can_take(line, problem.lines[line].quantity);
            let takes = share.map_or_else(
                || (0..problem.lines.len()).map(most).collect(),
                |share| share.quantities.clone(),
            );
            let terms = pricing.terms(candidate, &takes);
            Judged {
                reason: reasons[at],
                behind: choice.behind[at],
                has_all: problem.has_all(candidate),
                cost_minor: terms.iter().map(|(_, cost)| cost).sum(),
                takes,
                terms,
                arrival_minutes: pricing.arrival(candidate),
                late_minutes: pricing.late(candidate),
                chosen: share.is_some(),
            }
        })
        .collect();
    let splits = i64::try_from(shares.len().saturating_sub(1)).unwrap_or(0);
    Decision {
        shares,
        judged,
        tiers,
        total_minor,
        split_minor: splits * rules.costs.split_minor,
        gap_minor,
    }
}

/// The problem without the pieces that may not leave from a place of some kind.
fn without_what_stays(rules: &Rules, problem: &Problem) -> Problem {
    let mut problem = problem.clone();
    if matches!(problem.way, Way::Collect { .. }) {
        return problem;
    }
    for limit in &rules.limits.products {
        for (line, ask) in problem.lines.iter().enumerate() {
            if ask.product_id != Some(limit.product_id) {
                continue;
            }
            let barred = |c: &&mut Candidate| !limit.kinds.contains(&c.kind);
            for candidate in problem.candidates.iter_mut().filter(barred) {
                if let Some(available) = candidate.available.get_mut(line).filter(|a| **a > 0) {
                    // Less than nothing: it is there and may not leave.
                    *available = STAYS;
                }
            }
        }
    }
    problem
}

/// Marks pieces that are there and may not leave.
const STAYS: i64 = -1;

fn reason(rules: &Rules, problem: &Problem, candidate: &Candidate) -> Option<Reason> {
    let limits = &rules.limits;
    let way_is_closed = match &problem.way {
        Way::Parcel { province } => {
            if limits.excluded_places.contains(&candidate.place_id) {
                Some(Reason::Excluded)
            } else if !limits.kinds.contains(&candidate.kind) {
                Some(Reason::KindExcluded)
            } else if too_far(candidate, limits.max_distance_km) {
                limits
                    .max_distance_km
                    .map(|km| Reason::TooFar { km: i64::from(km) })
            } else if !ships_to(rules, candidate, province) {
                Some(Reason::NotShippedTo)
            } else {
                None
            }
        }
        Way::Collect { chosen } => {
            let km = limits.collect_move_km;
            (candidate.place_id != *chosen && too_far(candidate, Some(km)))
                .then_some(Reason::TooFar { km: i64::from(km) })
        }
    };
    let full = candidate.capacity.filter(|capacity| candidate.taken >= *capacity);
    let first = |holds: bool, reason: Reason| holds.then_some(reason);
    first(!candidate.active, Reason::Inactive)
        .or(first(!candidate.offers, Reason::NotOffered))
        .or(first(!candidate.sold_from, Reason::NotSoldFrom))
        .or(first(candidate.rejected_before, Reason::Rejected))
        .or(way_is_closed)
        .or(full.map(|capacity| Reason::Full { capacity }))
        .or_else(|| {
            let has_any = candidate.available.iter().any(|a| *a > 0);
            let stays = candidate.available.contains(&STAYS);
            first(!has_any && stays, Reason::ProductsStay).or(first(!has_any, Reason::Nothing))
        })
        .or(first(candidate.ready_minutes.is_none(), Reason::Closed))
}

fn too_far(candidate: &Candidate, km: Option<u32>) -> bool {
    match (candidate.distance_m, km) {
        (Some(metres), Some(km)) => metres > i64::from(km) * 1_000,
        _ => false,
    }
}

fn ships_to(rules: &Rules, candidate: &Candidate, province: &str) -> bool {
    let limit = rules
        .limits
        .ship_to
        .iter()
        .find(|limit| limit.place_id == candidate.place_id);
    limit.is_none_or(|limit| limit.provinces.iter().any(|one| same_region(one, province)))
}

/// Whether two names mean one city or province: 浙江 and 浙江省, Zhejiang and zhejiang.
#[must_use]
pub fn same_region(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.trim().trim_end_matches(['市', '省']).to_lowercase();
    let one = plain(one);
    !one.is_empty() && one == plain(other)
}

/// The choice as the tiers narrow it.
struct Choice<'a> {
    problem: &'a Problem,
    wanted: Vec<i64>,
    /// Each candidate as the solver sees it.
    offers: Vec<Offer>,
    split: i64,
    /// The candidates left.
    pool: Vec<usize>,
    parcels: usize,
    /// The fewest parcels that bring everything from there.
    least: Option<usize>,
    /// The tier that put others before each candidate.
    behind: Vec<Option<Tier>>,
}

impl<'a> Choice<'a> {
    fn new(rules: &Rules, problem: &'a Problem, pricing: &Pricing<'_>, pool: Vec<usize>) -> Self {
        let wanted: Vec<i64> = problem.lines.iter().map(|ask| ask.quantity).collect();
        let mut choice = Self {
            problem,
            offers: problem.candidates.iter().map(|c| pricing.offer(c)).collect(),
            split: rules.costs.split_minor,
            behind: vec![None; problem.candidates.len()],
            least: None,
            parcels: match problem.way {
                Way::Parcel { .. } => rules.limits.max_parcels as usize,
                Way::Collect { .. } => 1,
            },
            wanted,
            pool,
        };
        choice.least = choice.fewest(&choice.pool);
        if matches!(problem.way, Way::Parcel { .. }) && choice.least.is_none() {
            // Nobody is refused who could be served: more parcels then, but no more than it takes.
            let pieces: i64 = choice.wanted.iter().sum();
            choice.parcels = choice
                .pool
                .len()
                .min(usize::try_from(pieces).unwrap_or(usize::MAX));
            choice.least = choice.fewest(&choice.pool);
            choice.parcels = choice.least.unwrap_or(choice.parcels);
        }
        choice
    }

    /// Narrows the pool to the side of a tier, where the order can be served from there.
    fn narrow(&mut self, tier: Tier, pricing: &Pricing<'_>) -> TierOutcome {
        if tier == Tier::FewestParcels {
            return match self.least {
                Some(fewest) if fewest < self.parcels => {
                    self.parcels = fewest;
                    TierOutcome::Applied
                }
                Some(_) => TierOutcome::NoDifference,
                None => TierOutcome::PassedOver,
            };
        }
        let candidates = &self.problem.candidates;
        let first = |at: &usize| is_first(tier, self.problem, &candidates[*at], pricing);
        let (ahead, behind): (Vec<usize>, Vec<usize>) = self.pool.iter().copied().partition(first);
        if behind.is_empty() {
            return TierOutcome::NoDifference;
        }
        let least = self.fewest(&ahead);
        if least.is_none() {
            return TierOutcome::PassedOver;
        }
        for at in behind {
            self.behind[at] = Some(tier);
        }
        (self.pool, self.least) = (ahead, least);
        TierOutcome::Applied
    }

    fn fewest(&self, pool: &[usize]) -> Option<usize> {
        fewest(&Task {
            wanted: &self.wanted,
            offers: &self.offers_of(pool),
            split: 0,
            parcels: self.parcels,
            unit: 1,
        })
    }

    fn offers_of(&self, pool: &[usize]) -> Vec<&Offer> {
        pool.iter().map(|at| &self.offers[*at]).collect()
    }

    /// The least cost among what is left: the shares, the cost and how far it may be from the best.
    fn settle(&self) -> (Vec<Share>, i64, i64) {
        let offers = self.offers_of(&self.pool);
        let task = Task {
            wanted: &self.wanted,
            offers: &offers,
            split: self.split,
            parcels: self.parcels,
            unit: 1,
        };
        let Some(solution) = solve(&task) else {
            return (Vec::new(), 0, 0);
        };
        let shares = solution
            .shares
            .into_iter()
            .map(|(at, quantities)| Share {
                candidate: self.pool[at],
                quantities,
            })
            .collect();
        (shares, solution.cost, solution.cost - solution.bound)
    }
}

fn is_first(tier: Tier, problem: &Problem, candidate: &Candidate, pricing: &Pricing<'_>) -> bool {
    match tier {
        Tier::CollectPlaceFirst => match problem.way {
            Way::Collect { chosen } => candidate.place_id == chosen,
            Way::Parcel { .. } => true,
        },
        Tier::KindFirst { kind } => candidate.kind == kind,
        Tier::SameCity => candidate.same_city,
        Tier::SameProvince => candidate.same_province,
        Tier::OnTime => pricing.late(candidate) == 0,
        Tier::FewestParcels => true,
    }
}
