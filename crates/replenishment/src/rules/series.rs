//! What was sold, day by day, and what kind of demand that is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Days of a week.
pub const WEEK: usize = 7;
/// Fewer days than this tell nothing of a pattern.
const DAYS_NEEDED: usize = 28;
/// Neither do fewer days on which anything was sold.
const DEMANDS_NEEDED: usize = 3;
/// Syntetos, Boylan & Croston (2005), "On the categorization of demand patterns", Journal of the Operational Research
/// Society 56: from this mean interval between demands on, demand is intermittent ..
const INTERVAL_CUT: f64 = 1.32;
/// .. and from this squared coefficient of variation of its sizes on, it is erratic, or lumpy.
const VARIATION_CUT: f64 = 0.49;

/// A day that has passed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Day {
    /// Pieces sold.
    pub sold: f64,
    /// Whether it says anything: the place was open, and there was something to sell.
    pub counts: bool,
    /// Whether a promotion was on.
    pub promoted: bool,
}

impl Day {
    /// An ordinary day.
    #[must_use]
    pub const fn sold(sold: f64) -> Self {
        Self {
            sold,
            counts: true,
            promoted: false,
        }
    }
}

/// A day to come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ahead {
    /// Whether the place is open.
    pub open: bool,
    /// Whether a promotion is planned.
    pub promoted: bool,
}

impl Ahead {
    /// An ordinary day.
    pub const ORDINARY: Self = Self {
        open: true,
        promoted: false,
    };
}

/// What was sold of an article at a place.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct History {
    /// Weekday of the first day, Monday is 0.
    pub first_weekday: usize,
    /// Day after day, the last one is yesterday.
    pub days: Vec<Day>,
}

impl History {
    /// Weekday of a day; those after the last are days to come.
    #[must_use]
    pub const fn weekday(&self, nth: usize) -> usize {
        (self.first_weekday + nth) % WEEK
    }

    /// The days that say something, with their number.
    pub fn counted(&self) -> impl Iterator<Item = (usize, &Day)> {
        self.days.iter().enumerate().filter(|(_, day)| day.counts)
    }
}

/// What kind of demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentPattern)]
pub enum Pattern {
    /// Nothing was sold.
    None,
    /// Too little is known.
    New,
    /// Nearly every day, about as much.
    Smooth,
    /// Nearly every day, now little, now much.
    Erratic,
    /// Now and then, about as much.
    Intermittent,
    /// Now and then, now little, now much.
    Lumpy,
}

impl Pattern {
    /// Whether most days pass without demand.
    #[must_use]
    pub const fn is_rare(self) -> bool {
        matches!(self, Self::Intermittent | Self::Lumpy)
    }
}

/// The figures a pattern is told by.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentShape)]
pub struct Shape {
    /// What kind of demand.
    pub pattern: Pattern,
    /// Days that say something.
    pub days: i64,
    /// Days of them on which something was sold.
    pub demands: i64,
    /// Pieces sold on them.
    pub pieces: f64,
    /// Mean days from one demand to the next.
    pub every_days: f64,
    /// Squared coefficient of variation of what was sold on a day with demand.
    pub variation: f64,
}

/// Tells what kind of demand a history shows.
#[must_use]
pub fn shape(history: &History) -> Shape {
    let days = history.counted().count();
    let sizes: Vec<f64> = history
        .counted()
        .map(|(_, day)| day.sold)
        .filter(|sold| *sold > 0.0)
        .collect();
    let pieces: f64 = sizes.iter().sum();
    let mean = pieces / sizes.len().max(1) as f64;
    let spread: f64 = sizes.iter().map(|size| (size - mean).powi(2)).sum();
    let every_days = days as f64 / sizes.len().max(1) as f64;
    let variation = if sizes.len() < 2 {
        0.0
    } else {
        spread / (sizes.len() - 1) as f64 / (mean * mean)
    };
    let pattern = match () {
        () if sizes.is_empty() => Pattern::None,
        () if days < DAYS_NEEDED || sizes.len() < DEMANDS_NEEDED => Pattern::New,
        () => match (every_days < INTERVAL_CUT, variation < VARIATION_CUT) {
            (true, true) => Pattern::Smooth,
            (true, false) => Pattern::Erratic,
            (false, true) => Pattern::Intermittent,
            (false, false) => Pattern::Lumpy,
        },
    };
    Shape {
        pattern,
        days: days as i64,
        demands: sizes.len() as i64,
        pieces,
        every_days,
        variation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(sold: &[f64]) -> History {
        History {
            first_weekday: 0,
            days: sold.iter().copied().map(Day::sold).collect(),
        }
    }

    #[test]
    fn four_patterns() {
        let every_day = [4.0, 5.0, 6.0, 5.0].repeat(10);
        let now_much = [1.0, 1.0, 1.0, 20.0].repeat(10);
        let now_and_then = [0.0, 0.0, 2.0, 0.0].repeat(10);
        let lumps = [0.0, 1.0, 0.0, 0.0, 0.0, 30.0].repeat(10);
        for (sold, pattern) in [
            (every_day, Pattern::Smooth),
            (now_much, Pattern::Erratic),
            (now_and_then, Pattern::Intermittent),
            (lumps, Pattern::Lumpy),
            (vec![0.0; 60], Pattern::None),
            (vec![3.0; 10], Pattern::New),
        ] {
            assert_eq!(shape(&history(&sold)).pattern, pattern, "{sold:?}");
        }
    }

    #[test]
    fn days_without_stock_say_nothing() {
        let mut history = history(&[5.0, 5.0].repeat(20));
        for day in &mut history.days[10..30] {
            *day = Day {
                sold: 0.0,
                counts: false,
                promoted: false,
            };
        }
        let found = shape(&history);
        assert_eq!((found.days, found.pattern), (20, Pattern::New));
        assert!((found.every_days - 1.0).abs() < 1e-9);
    }
}
