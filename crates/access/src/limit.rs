//! How many requests one caller may make: a counter of requests, not of guesses (see `rules` for those).

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::{Error, Result};

use crate::error::RATE_LIMITED;

/// Callers remembered at most; then those who have been quiet are forgotten.
const CALLERS_MAX: usize = 100_000;

/// A steady rate, and how far a caller may run ahead of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RateLimit {
    /// Requests a minute in the long run.
    pub per_minute: NonZeroU32,
    /// Requests that may come at once.
    pub burst: NonZeroU32,
}

/// Counts by the instant at which a caller who kept to the rate would make their next request (the generic
/// cell rate algorithm): one instant a caller, and no timer. Each process counts for itself.
#[derive(Debug)]
pub struct Limiter {
    interval: Duration,
    ahead: Duration,
    due: Mutex<HashMap<String, Instant>>,
}

impl Limiter {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        let interval = Duration::from_secs(60) / limit.per_minute.get();
        Self {
            interval,
            ahead: interval * (limit.burst.get() - 1),
            due: Mutex::default(),
        }
    }

    /// Counts a request against its caller's rate.
    ///
    /// # Errors
    /// `access.rate_limited` with how long to wait.
    pub fn check(&self, caller: &str) -> Result<()> {
        self.admit(caller, Instant::now()).map_err(|wait| {
            // Rounded up: who comes back a moment early is refused again.
            Error::new(&RATE_LIMITED).with("retry_after_s", wait.as_secs() + 1)
        })
    }

    /// Lets a request through, or says how long to wait.
    fn admit(&self, caller: &str, now: Instant) -> std::result::Result<(), Duration> {
        let mut all = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CALLERS_MAX {
            all.retain(|_, due| *due > now);
        }
        let due = all.get(caller).copied().unwrap_or(now).max(now);
        let early = due - now;
        if early > self.ahead {
            return Err(early - self.ahead);
        }
        all.insert(caller.to_owned(), due + self.interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_steady_rate() {
        let limit = RateLimit {
            per_minute: NonZeroU32::new(60).unwrap(),
            burst: NonZeroU32::new(3).unwrap(),
        };
        let (limiter, start) = (Limiter::new(limit), Instant::now());
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!(limiter.admit("a", at(0)), Ok(()));
        }
        assert_eq!(limiter.admit("a", at(0)), Err(Duration::from_secs(1)));
        assert_eq!(limiter.admit("b", at(0)), Ok(()), "callers do not share");
        assert_eq!(limiter.admit("a", at(1)), Ok(()));
        assert_eq!(limiter.admit("a", at(1)), Err(Duration::from_secs(1)));
        for _ in 0..3 {
            assert_eq!(limiter.admit("a", at(60)), Ok(()), "rested");
        }
    }
}
