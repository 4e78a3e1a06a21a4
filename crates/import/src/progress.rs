//! How far an import is, for a progress bar.

use std::time::{Duration, Instant};

/// What an import is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Reading files.
    Reading,
    /// Writing records.
    Landing,
}

/// How far an import is.
#[derive(Clone, PartialEq, Debug)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// The file being read, or the stage being written.
    pub step: String,
    /// Rows read, or records written.
    pub done: u64,
    /// Records to write, in all; while reading, nobody knows.
    pub total: Option<u64>,
    /// Rows or records a second, over the phase.
    pub per_second: f64,
    /// The time left of the phase, at this rate.
    pub remaining: Option<Duration>,
}

/// Whether to go on. What was committed stays; the next run of the same mapping and files goes on from there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop after this batch.
    Stop,
}

/// Measures one phase.
pub(crate) struct Meter {
    started: Instant,
    phase: Phase,
    total: Option<u64>,
}

impl Meter {
    pub(crate) fn new(phase: Phase, total: Option<u64>) -> Self {
        Self {
            started: Instant::now(),
            phase,
            total,
        }
    }

    /// Where the phase stands. `fraction` tells how much of it is done where the total is not known.
    #[allow(clippy::cast_precision_loss, reason = "a rate on a progress bar")]
    pub(crate) fn at(&self, step: &str, done: u64, fraction: Option<f64>) -> Progress {
        let elapsed = self.started.elapsed().as_secs_f64().max(1e-6);
        let fraction = self
            .total
            .filter(|t| *t > 0)
            .map(|t| done as f64 / t as f64)
            .or(fraction);
        let remaining = fraction
            .filter(|f| *f > 0.0 && *f <= 1.0)
            .and_then(|f| Duration::try_from_secs_f64(elapsed * (1.0 - f) / f).ok());
        Progress {
            phase: self.phase,
            step: step.to_owned(),
            done,
            total: self.total,
            per_second: done as f64 / elapsed,
            remaining,
        }
    }
}
