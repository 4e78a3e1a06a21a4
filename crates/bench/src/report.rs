//! What a workload found.

use std::time::Duration;

use db::Engine;
use serde::Serialize;

/// One line of figures.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Which workload.
    pub workload: &'static str,
    /// On which engine.
    pub engine: &'static str,
    /// Durable operations a second.
    pub per_second: f64,
    /// What it is compared with.
    pub baseline: &'static str,
    /// The same of the baseline, in the same minute; null when it could not be run.
    pub baseline_per_second: Option<f64>,
    /// How many times the baseline.
    pub ratio: Option<f64>,
    /// Half of the operations took no longer, in milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred took no longer, in milliseconds.
    pub p99_ms: f64,
    /// How many operations were measured.
    pub n: u64,
}

impl Report {
    /// The report of so many operations in so long.
    #[must_use]
    pub fn new(
        workload: &'static str,
        engine: Engine,
        mut latencies: Vec<Duration>,
        elapsed: Duration,
        baseline: &'static str,
        baseline_per_second: Option<f64>,
    ) -> Self {
        latencies.sort_unstable();
        let n = latencies.len();
        let quantile = |share: f64| {
            let at = ((n as f64 * share) as usize).min(n.saturating_sub(1));
            latencies
                .get(at)
                .map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
        };
        let per_second = n as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
        Self {
            workload,
            engine: engine.as_str(),
            per_second: rounded(per_second),
            baseline,
            baseline_per_second: baseline_per_second.map(rounded),
            ratio: baseline_per_second
                .filter(|b| *b > 0.0)
                .map(|b| rounded(per_second / b)),
            p50_ms: rounded(quantile(0.5)),
            p99_ms: rounded(quantile(0.99)),
            n: n as u64,
        }
    }

    /// Prints one JSON object a line, or lines to read.
    #[allow(clippy::print_stdout, reason = "the report is the program's output")]
    pub fn print(&self, json: bool) {
        if json {
            if let Ok(line) = serde_json::to_string(self) {
                println!("{line}");
            }
            return;
        }
        println!(
            "{} on {}: {:.0}/s over {} operations",
            self.workload, self.engine, self.per_second, self.n
        );
        println!("  p50 {:.2} ms, p99 {:.2} ms", self.p50_ms, self.p99_ms);
        match (self.baseline_per_second, self.ratio) {
            (Some(baseline), Some(ratio)) => {
                println!(
                    "  {:.1} times the baseline of {baseline:.0}/s ({})",
                    ratio, self.baseline
                );
            }
            _ => println!("  no baseline here ({})", self.baseline),
        }
    }
}

/// Two digits after the point are more than the machine repeats.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_hundred_operations() {
        let latencies = (1..=100).rev().map(Duration::from_millis).collect();
        let report = Report::new(
            "w",
            Engine::Sqlite,
            latencies,
            Duration::from_secs(2),
            "b",
            Some(10.0),
        );
        assert_eq!(
            (report.n, report.per_second as i64, report.ratio.map(|r| r as i64)),
            (100, 50, Some(5))
        );
        assert_eq!((report.p50_ms as i64, report.p99_ms as i64), (51, 100));
    }
}
