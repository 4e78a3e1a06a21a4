//! The server's clock, told by our own between two looks at it: asking costs a round trip.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::Time;

/// How long a look is good for. Our clock drifts by microseconds in that time; a server whose clock is set is
/// believed within it.
const GOOD_FOR: Duration = Duration::from_secs(1);

pub(super) struct ServerClock {
    started: Instant,
    known: Mutex<Option<Known>>,
}

#[derive(Clone, Copy)]
struct Known {
    /// What is to be added to the microseconds since the start.
    offset: i64,
    looked_at: Instant,
}

impl ServerClock {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            known: Mutex::new(None),
        }
    }

    fn since_start(&self, at: Instant) -> i64 {
        i64::try_from(at.saturating_duration_since(self.started).as_micros()).unwrap_or(i64::MAX)
    }

    /// The server's time at an instant, where a recent look tells it.
    pub(super) fn at(&self, instant: Instant) -> Option<Time> {
        let known = (*self.known.lock().unwrap_or_else(PoisonError::into_inner))?;
        let is_recent = instant.saturating_duration_since(known.looked_at) < GOOD_FOR;
        is_recent.then(|| Time::from_micros(self.since_start(instant).saturating_add(known.offset)))
    }

    /// Takes a look: asked at `asked`, answered at `answered`, the server said `told`. What was known before is
    /// kept as long as the look does not contradict it, so that time does not jump to and fro.
    pub(super) fn learn(&self, asked: Instant, told: Time, answered: Instant) -> Time {
        let told = told.micros();
        let least = told.saturating_sub(self.since_start(answered));
        let most = told.saturating_sub(self.since_start(asked));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = known.map_or(least, |known| known.offset.clamp(least, most));
        *known = Some(Known {
            offset,
            looked_at: answered,
        });
        Time::from_micros(self.since_start(answered).saturating_add(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_between_two_looks_and_not_longer() {
        let clock = ServerClock::new();
        let start = clock.started;
        assert_eq!(clock.at(start), None);
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(
            clock.learn(at(10), Time::from_micros(5_000_000), at(12)),
            Time::from_micros(5_000_000)
        );
        assert_eq!(clock.at(at(112)), Some(Time::from_micros(5_100_000)));
        assert_eq!(clock.at(at(1_012)), None);
    }

    #[test]
    fn a_look_that_took_longer_changes_nothing_and_a_clock_that_was_set_does() {
        let clock = ServerClock::new();
        let at = |millis| clock.started + Duration::from_millis(millis);
        clock.learn(at(0), Time::from_micros(1_000_000), at(0));
        // The answer was 4 ms on its way: 1.5 s is what the server had said 4 ms before.
        clock.learn(at(496), Time::from_micros(1_496_000), at(500));
        assert_eq!(clock.at(at(600)), Some(Time::from_micros(1_600_000)));
        clock.learn(at(700), Time::from_micros(9_000_000), at(700));
        assert_eq!(clock.at(at(800)), Some(Time::from_micros(9_100_000)));
        clock.learn(at(900), Time::from_micros(500_000), at(900));
        assert_eq!(clock.at(at(900)), Some(Time::from_micros(500_000)));
    }
}
