//! What was found, as one line a system and workload.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::Outcome;
use super::machine::Use;

/// What became of everybody, and how long each took.
#[derive(Default)]
pub(super) struct Outcomes {
    paid: Vec<Duration>,
    refused: u64,
    /// What was said to those who were neither served nor refused, and how often.
    failed: BTreeMap<String, u64>,
}

impl Outcomes {
    pub(super) fn note(&mut self, outcome: Outcome, took: Duration) {
        match outcome {
            Outcome::Paid => self.paid.push(took),
            Outcome::NoneLeft => self.refused += 1,
            Outcome::Failed(said) => *self.failed.entry(said).or_default() += 1,
        }
    }

    pub(super) fn add(&mut self, others: Self) {
        self.paid.extend(others.paid);
        self.refused += others.refused;
        for (said, count) in others.failed {
            *self.failed.entry(said).or_default() += count;
        }
    }
}

/// One line of figures.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    system: &'static str,
    database: &'static str,
    workload: &'static str,
    orders_per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// Paid orders.
    sold: usize,
    /// How many pieces there were, where there were too few.
    stock: Option<i64>,
    /// How many of them are left by the system's own book.
    left: Option<i64>,
    /// Told that there is none left.
    refused: u64,
    /// Neither served nor refused, by what was said.
    errors: BTreeMap<String, u64>,
    /// Processor time for each order.
    server_ms_per_order: f64,
    database_ms_per_order: f64,
    idle_mb: u64,
    loaded_mb: u64,
}

impl Figures {
    pub(super) fn new(
        (system, database): (&'static str, &'static str),
        workload: &'static str,
        outcomes: Outcomes,
        elapsed: Duration,
        used: Use,
        (idle, loaded): (u64, u64),
    ) -> Self {
        let mut paid = outcomes.paid;
        paid.sort_unstable();
        let quantile = |share: f64| {
            let at = ((paid.len() as f64 * share) as usize).min(paid.len().saturating_sub(1));
            paid.get(at)
                .map_or(0.0, |took| tenths(took.as_secs_f64() * 1_000.0))
        };
        let each = |time: Duration| tenths(time.as_secs_f64() * 1_000.0 / paid.len().max(1) as f64);
        Self {
            system,
            database,
            workload,
            orders_per_second: tenths(paid.len() as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE)),
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            sold: paid.len(),
            stock: None,
            left: None,
            refused: outcomes.refused,
            errors: outcomes.failed,
            server_ms_per_order: each(used.server),
            database_ms_per_order: each(used.database),
            idle_mb: idle / 1_000_000,
            loaded_mb: loaded / 1_000_000,
        }
    }

    /// The same where there was less than was wanted.
    pub(super) fn of_stock(self, stock: i64, left: i64) -> Self {
        Self {
            stock: Some(stock),
            left: Some(left),
            ..self
        }
    }

    fn row(&self) -> String {
        let left = self.left.map_or_else(|| "-".to_owned(), |left| left.to_string());
        let errors: u64 = self.errors.values().sum();
        let sold = match self.stock {
            Some(stock) => format!("{} of {stock}", self.sold),
            None => self.sold.to_string(),
        };
        format!(
            "| {} on {} | {} | {} | {} | {} | {sold} | {} | {} | {errors} | {} + {} | {} -> {} |",
            self.system,
            self.database,
            self.workload,
            self.orders_per_second,
            self.p50_ms,
            self.p99_ms,
            left,
            self.refused,
            self.server_ms_per_order,
            self.database_ms_per_order,
            self.idle_mb,
            self.loaded_mb,
        )
    }
}

/// One digit after the point is more than the machine repeats.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

const HEAD: &str = "\
| system | workload | orders/s | p50 ms | p99 ms | sold of stock | left by its book | refused | errors | CPU ms an order, server + database | memory MB, idle -> loaded |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

/// Prints a table, or one JSON object a line.
#[allow(clippy::print_stdout, reason = "the report is the program's output")]
pub(super) fn print(all: &[Figures], json: bool) {
    if json {
        for line in all
            .iter()
            .filter_map(|figures| serde_json::to_string(figures).ok())
        {
            println!("{line}");
        }
        return;
    }
    println!("{HEAD}");
    for figures in all {
        println!("{}", figures.row());
    }
    for figures in all {
        for (said, count) in &figures.errors {
            println!("{} {}, {count} times: {said}", figures.system, figures.workload);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_counts_what_became_of_everybody() {
        let mut outcomes = Outcomes::default();
        for ms in 1..=100 {
            outcomes.note(Outcome::Paid, Duration::from_millis(ms));
        }
        outcomes.note(Outcome::NoneLeft, Duration::ZERO);
        let mut others = Outcomes::default();
        others.note(Outcome::Failed("500".into()), Duration::ZERO);
        outcomes.add(others);
        let used = Use {
            server: Duration::from_secs(2),
            database: Duration::from_secs(1),
        };
        let memory = (50_000_000, 90_000_000);
        let figures = Figures::new(("S", "D"), "rush", outcomes, Duration::from_secs(4), used, memory);
        let row = figures.of_stock(100, 0).row();
        assert_eq!(
            row,
            "| S on D | rush | 25 | 51 | 100 | 100 of 100 | 0 | 1 | 1 | 20 + 10 | 50 -> 90 |"
        );
    }
}
