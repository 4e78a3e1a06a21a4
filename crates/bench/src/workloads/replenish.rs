//! Whether replenishment keeps what it promises: a made-up year of many articles, by the plan and by a fixed rule. No
//! store is touched.

use base::Result;
use replenishment::lab::{Kind, Outcome, run as live, terms};
use replenishment::rules::plan::Measure;

use crate::{Workload, failed};

pub(crate) const WORKLOAD: Workload = Workload {
    name: "replenish",
    about: "service promised and kept in a made-up year, and the stock it takes beside a fixed rule",
};

/// Articles of each kind.
const ARTICLES: u64 = 60;
const TARGETS: [(Measure, f64); 2] = [(Measure::Fill, 97.0), (Measure::Cycle, 95.0)];

/// Prints a line for each target and kind of demand.
#[allow(clippy::print_stdout, reason = "the report is the program's output")]
pub(crate) async fn run(json: bool) -> Result<()> {
    for (measure, target) in TARGETS {
        for kind in Kind::ALL {
            let year = move || live(kind, &terms(measure, target), ARTICLES);
            let outcome = tokio::task::spawn_blocking(year).await.map_err(failed)?;
            println!("{}", line(&outcome, measure, target, json));
        }
    }
    Ok(())
}

fn line(outcome: &Outcome, measure: Measure, target: f64, json: bool) -> String {
    let (planned, fixed) = (&outcome.planned, &outcome.fixed);
    let (of, kept) = match measure {
        Measure::Fill => ("pieces served", planned.fill_percent()),
        Measure::Cycle => ("whole cycles", planned.cycle_percent()),
    };
    let (kind, days, fixed_days) = (outcome.kind.as_str(), planned.stock_days(), fixed.stock_days());
    if json {
        return serde_json::json!({
            "workload": WORKLOAD.name, "demand": kind, "of": of, "promised_percent": target, "kept_percent": kept,
            "stock_days": days, "fixed_rule_stock_days": fixed_days, "articles": ARTICLES,
        })
        .to_string();
    }
    format!(
        "{kind:<13} {target:>4.1} % of {of:<13} promised, {kept:>5.2} % kept with {days:>5.1} days of stock; \
         a fixed rule as good takes {fixed_days:>5.1}"
    )
}
