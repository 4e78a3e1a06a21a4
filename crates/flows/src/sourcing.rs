//! A sourcing decision as it is kept with an order, and back again.

use base::{SkuId, Text, Time};
use orders::{
    Order, SourcingCandidate, SourcingCost, SourcingNumbers, SourcingTier, SourcingWanted, SourcingWhy,
};
use places::Book;
use sourcing::{Ask, Candidate, Decision, Judged, Problem, Reason, Way};

/// Candidates kept with a decision: more than anybody reads. Every other would have cost more, or has nothing.
const KEPT: usize = 40;

/// What is kept of a decision.
pub(crate) fn explain(
    version: i64,
    book: &Book,
    skus: &[SkuId],
    problem: &Problem,
    decision: &Decision,
) -> SourcingWhy {
    let mut order: Vec<usize> = (0..problem.candidates.len()).collect();
    order.sort_by_key(|at| {
        let judged = &decision.judged[*at];
        let has_nothing = judged.reason == Some(Reason::Nothing);
        let outside = judged.reason.is_some();
        (
            !judged.chosen,
            has_nothing,
            outside,
            judged.behind.is_some(),
            !judged.has_all,
            judged.cost_minor,
        )
    });
    let candidates = order.iter().take(KEPT).map(|at| {
        let (candidate, judged) = (&problem.candidates[*at], &decision.judged[*at]);
        SourcingCandidate {
            place_id: candidate.place_id,
            name: book
                .get(candidate.place_id)
                .map(|p| p.name.clone())
                .unwrap_or_default(),
            available_all: judged.has_all,
            distance_m: candidate.distance_m,
            cost_minor: judged.cost_minor,
            parts: parts(judged),
            excluded: judged.reason.map(Reason::text),
            chosen: judged.chosen,
            reason: judged.reason.map(|reason| reason.as_str().to_owned()),
            behind: judged.behind.map(sourcing::Tier::text),
            numbers: Some(numbers(candidate, judged)),
        }
    });
    let tier = |(tier, outcome): &(sourcing::Tier, sourcing::TierOutcome)| SourcingTier {
        label: tier.text(),
        outcome: outcome.as_str().to_owned(),
    };
    let wanted = skus
        .iter()
        .zip(&problem.lines)
        .map(|(sku_id, ask)| SourcingWanted {
            sku_id: *sku_id,
            quantity: ask.quantity,
        });
    SourcingWhy {
        objective: sourcing::objective(),
        candidates: candidates.collect(),
        rules_version: Some(version),
        tiers: decision.tiers.iter().map(tier).collect(),
        wanted: wanted.collect(),
        promise_minutes: problem.promise_minutes,
        total_minor: Some(decision.total_minor),
        split_minor: decision.split_minor,
        gap_minor: decision.gap_minor,
        left_out: i64::try_from(order.len().saturating_sub(KEPT)).unwrap_or(i64::MAX),
    }
}

/// The parts of a cost that are not nothing.
fn parts(judged: &Judged) -> Vec<SourcingCost> {
    let counts = judged.terms.iter().filter(|(_, cost)| *cost != 0);
    counts
        .map(|(term, cost)| SourcingCost {
            label: term.text(),
            key: term.as_str().to_owned(),
            cost_minor: *cost,
        })
        .collect()
}

fn numbers(candidate: &Candidate, judged: &Judged) -> SourcingNumbers {
    SourcingNumbers {
        available: candidate.available.clone(),
        takes: judged.takes.clone(),
        sold: candidate.sold.clone(),
        open: candidate.open,
        taken: candidate.taken,
        capacity: candidate.capacity,
        ready_minutes: candidate.ready_minutes,
        arrival_minutes: judged.arrival_minutes,
        late_minutes: judged.late_minutes,
        reject_ppm: candidate.reject_ppm,
        same_city: candidate.same_city,
        same_province: candidate.same_province,
    }
}

/// The facts an order was sourced on, when they were kept. What a place is comes from today's book; a place that is
/// gone since is left out.
pub(crate) fn recall(order: &Order, why: &SourcingWhy, book: &Book) -> Option<Problem> {
    let address = order.head.address.as_ref()?;
    if why.wanted.is_empty() || why.candidates.iter().any(|c| c.numbers.is_none()) {
        return None;
    }
    let product = |sku: SkuId| {
        order
            .lines
            .iter()
            .find(|line| line.sku_id == sku)
            .map(|line| line.product_id)
    };
    let candidates = why.candidates.iter().filter_map(|kept| {
        let (place, numbers) = (book.get(kept.place_id)?, kept.numbers.as_ref()?);
        let was = |reason: Reason| kept.reason.as_deref() == Some(reason.as_str());
        Some(Candidate {
            place_id: kept.place_id,
            kind: place.kind,
            active: !was(Reason::Inactive),
            offers: !was(Reason::NotOffered),
            sold_from: !was(Reason::NotSoldFrom),
            rejected_before: was(Reason::Rejected),
            distance_m: kept.distance_m,
            same_city: numbers.same_city,
            same_province: numbers.same_province,
            available: numbers.available.clone(),
            sold: numbers.sold.clone(),
            ready_minutes: numbers.ready_minutes,
            open: numbers.open,
            taken: numbers.taken,
            capacity: numbers.capacity,
            reject_ppm: numbers.reject_ppm,
        })
    });
    let lines = why.wanted.iter().map(|wanted| Ask {
        product_id: product(wanted.sku_id),
        quantity: wanted.quantity,
    });
    Some(Problem {
        lines: lines.collect(),
        way: Way::Parcel {
            province: address.province.clone(),
        },
        promise_minutes: why.promise_minutes,
        candidates: candidates.collect(),
    })
}

/// Whole minutes from one instant to another, begun ones counted.
pub(crate) fn minutes_until(now: Time, then: Time) -> i64 {
    const MINUTE: i64 = 60_000_000;
    let micros = then.micros().saturating_sub(now.micros());
    micros.div_euclid(MINUTE) + i64::from(micros.rem_euclid(MINUTE) > 0)
}

/// Whether a place's region goes by this name, in either language.
pub(crate) fn is_named(own: &Text, theirs: &str) -> bool {
    sourcing::same_region(&own.zh, theirs) || sourcing::same_region(&own.en, theirs)
}
