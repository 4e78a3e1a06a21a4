//! Who serves an order: twenty lines, five hundred places, decided by the product's own rules. No store is touched.

use std::time::{Duration, Instant};

use base::{PlaceId, Result};
use db::Engine;
use places::PlaceKind;
use sourcing::{Ask, Candidate, Problem, Rules, Way, decide};

use crate::{Report, Workload, failed};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "source",
    about: "who serves an order of 20 lines, out of 500 places, with every number",
};

const LINES: usize = 20;
const PLACES: usize = 500;
/// Orders decided in turn.
const ORDERS: u64 = 40;
const MEASURED: Duration = Duration::from_secs(8);
const BASELINE_MEASURED: Duration = Duration::from_secs(4);
const BASELINE: &str = "trying every one of the 124,750 pairs of places, no explanation";

/// Decides on one thread, as a checkout does.
pub(crate) async fn run() -> Result<Report> {
    let report = tokio::task::spawn_blocking(measure).await.map_err(failed)?;
    Ok(report)
}

fn measure() -> Report {
    let rules = Rules::default();
    let orders: Vec<Problem> = (0..ORDERS).map(order).collect();
    let (baseline, elapsed) = repeated(&orders, BASELINE_MEASURED, |order| {
        std::hint::black_box(best_pair(&rules, order));
    });
    let baseline = baseline.len() as f64 / elapsed.as_secs_f64();
    let (latencies, elapsed) = repeated(&orders, MEASURED, |order| {
        std::hint::black_box(decide(&rules, order));
    });
    let mut report = Report::new(
        WORKLOAD.name,
        Engine::Sqlite,
        latencies,
        elapsed,
        BASELINE,
        Some(baseline),
    );
    report.engine = "no store";
    report
}

fn repeated(
    orders: &[Problem],
    measured: Duration,
    mut decide: impl FnMut(&Problem),
) -> (Vec<Duration>, Duration) {
    let (mut latencies, started) = (Vec::new(), Instant::now());
    for order in orders.iter().cycle() {
        let asked = Instant::now();
        if asked.duration_since(started) > measured {
            break;
        }
        decide(order);
        latencies.push(asked.elapsed());
    }
    (latencies, started.elapsed())
}

/// The cheapest of all pairs that have everything: what is left of the problem when nobody thinks.
fn best_pair(rules: &Rules, order: &Problem) -> Option<i64> {
    let price = |candidate: &Candidate| {
        let band = rules.costs.carrier.iter().find(|b| {
            b.up_to_km
                .is_none_or(|km| candidate.distance_m.unwrap_or(0) <= i64::from(km) * 1_000)
        });
        let work = rules.costs.handling.of(candidate.kind);
        let (first, more) = band.map_or((0, 0), |b| (b.first_minor, b.more_minor));
        (first - more + work.parcel_minor, more + work.piece_minor)
    };
    let prices: Vec<(i64, i64)> = order.candidates.iter().map(price).collect();
    let mut best = None;
    for (a, one) in order.candidates.iter().enumerate() {
        for (b, other) in order.candidates.iter().enumerate().skip(a + 1) {
            let (cheap, dear) = if prices[a].1 <= prices[b].1 {
                (one, other)
            } else {
                (other, one)
            };
            let (low, high) = (prices[a].1.min(prices[b].1), prices[a].1.max(prices[b].1));
            let mut cost = prices[a].0 + prices[b].0 + rules.costs.split_minor;
            let enough = order.lines.iter().enumerate().all(|(line, ask)| {
                let taken = cheap.available[line].min(ask.quantity);
                let rest = ask.quantity - taken;
                cost += taken * low + rest * high;
                dear.available[line] >= rest
            });
            if enough {
                best = Some(best.map_or(cost, |least: i64| least.min(cost)));
            }
        }
    }
    best
}

/// A made-up order: one place in ten is a warehouse with most of everything, stores have less than half of it.
fn order(seed: u64) -> Problem {
    let mut numbers = Numbers(seed + 1);
    let lines: Vec<Ask> = (0..LINES)
        .map(|_| Ask {
            product_id: None,
            quantity: 1 + numbers.below(3),
        })
        .collect();
    let candidates = (0..PLACES)
        .map(|nth| candidate(nth, &lines, &mut numbers))
        .collect();
    Problem {
        lines,
        way: Way::Parcel {
            province: "浙江省".to_owned(),
        },
        promise_minutes: None,
        candidates,
    }
}

fn candidate(nth: usize, lines: &[Ask], numbers: &mut Numbers) -> Candidate {
    let is_warehouse = nth.is_multiple_of(10);
    let likely = if is_warehouse { 75 } else { 40 };
    let mut available = |_: &Ask| {
        if numbers.below(100) < likely {
            1 + numbers.below(9)
        } else {
            0
        }
    };
    let available: Vec<i64> = lines.iter().map(&mut available).collect();
    Candidate {
        place_id: PlaceId::new(),
        kind: if is_warehouse {
            PlaceKind::Warehouse
        } else {
            PlaceKind::Store
        },
        active: true,
        offers: true,
        sold_from: true,
        rejected_before: false,
        distance_m: Some(numbers.below(1_500_000)),
        same_city: numbers.below(20) == 0,
        same_province: numbers.below(5) == 0,
        sold: available.iter().map(|_| Some(numbers.below(40))).collect(),
        available,
        ready_minutes: Some(numbers.below(1_000)),
        open: numbers.below(30),
        taken: 0,
        capacity: None,
        reject_ppm: numbers.below(60_000),
    }
}

/// Numbers that are the same every time (Knuth's linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % end).unwrap_or(0)
    }
}
