//! Whether what is planned keeps what it promises, on made-up demand. `storeloop bench replenish` runs more articles and
//! prints the table of docs/benchmarks.md.

#![allow(clippy::print_stdout, reason = "the table is what a reader wants to see")]

use replenishment::lab::{Kind, Outcome, run, terms};
use replenishment::rules::plan::Measure;

/// Articles of each kind.
const ARTICLES: u64 = 40;
/// How many points of a hundred what was kept may be below what was promised ..
const BELOW: f64 = 2.0;
/// .. and above it: pieces are whole, and the least that is enough is often more than enough.
const ABOVE: f64 = 3.0;

fn kept(measure: Measure, promised: f64, achieved: impl Fn(&Outcome) -> f64) {
    for kind in Kind::ALL {
        let outcome = run(kind, &terms(measure, promised), ARTICLES);
        let (got, name) = (achieved(&outcome), kind.as_str());
        let (days, fixed) = (outcome.planned.stock_days(), outcome.fixed.stock_days());
        println!(
            "{name:<13} {measure:?}: {promised} % promised, {got:.2} % kept with {days:.1} days of stock; fixed rule {fixed:.1}"
        );
        assert!(got > promised - BELOW && got < promised + ABOVE, "{name}: {got}");
        // A fixed rule as good never takes noticeably less.
        assert!(days < fixed * 1.08, "{name}: {days} {fixed}");
    }
}

#[test]
fn the_share_of_pieces_served_is_what_was_promised() {
    kept(Measure::Fill, 97.0, |outcome| outcome.planned.fill_percent());
}

#[test]
fn the_share_of_whole_cycles_is_what_was_promised() {
    kept(Measure::Cycle, 95.0, |outcome| outcome.planned.cycle_percent());
}
