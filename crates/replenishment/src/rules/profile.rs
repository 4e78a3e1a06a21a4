//! What a weekday and a promotion are worth: factors on the rate of an ordinary day.
//!
//! Poisson regression of what was sold on weekday and promotion, fitted by iterative proportional fitting (Deming &
//! Stephan 1940; McCullagh & Nelder, Generalized Linear Models, 2nd ed., 6.2). Where little was sold the factors stay
//! near those they lean on: as if that many pieces had been sold in just their proportion (the conjugate Gamma prior of
//! a Poisson rate).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::series::{Ahead, Day, History, WEEK};

/// Pieces' worth of trust in the factors leant on.
const LEAN_PIECES: f64 = 25.0;
/// Rounds of fitting; what is left to move halves with each.
const ROUNDS: usize = 24;
/// Only the last half year counts: what a Saturday was worth two years ago says little.
const DAYS_MAX: usize = 182;
/// Factors stay within these bounds.
const FACTOR_MIN: f64 = 0.05;
const FACTOR_MAX: f64 = 10.0;

/// Factors on the rate of an ordinary day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentProfile)]
pub struct Profile {
    /// By weekday, Monday first; one in the mean.
    #[schema(min_items = 7, max_items = 7)]
    pub weekday: Vec<f64>,
    /// Of a day with a promotion.
    pub promotion: f64,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            weekday: vec![1.0; WEEK],
            promotion: 1.0,
        }
    }
}

impl Profile {
    /// Of a day.
    #[must_use]
    pub fn factor(&self, weekday: usize, promoted: bool) -> f64 {
        let day = self.weekday.get(weekday).copied().unwrap_or(1.0);
        if promoted { day * self.promotion } else { day }
    }

    /// Of a day to come; nothing is sold where nobody is let in.
    #[must_use]
    pub fn ahead(&self, weekday: usize, day: Ahead) -> f64 {
        if day.open {
            self.factor(weekday, day.promoted)
        } else {
            0.0
        }
    }

    /// Fits the factors of one or several histories, leaning on what is known already.
    #[must_use]
    pub fn fit(histories: &[&History], leaning_on: &Self) -> Self {
        let cells = Cells::of(histories);
        let sold: f64 = cells.sold.iter().flatten().sum();
        let mut fitted = leaning_on.clone();
        if sold <= 0.0 {
            return fitted;
        }
        for _ in 0..ROUNDS {
            let expected =
                |weekday: usize, on: usize| cells.days[weekday][on] * fitted.factor(weekday, on == 1);
            let all: f64 = (0..WEEK).map(|day| expected(day, 0) + expected(day, 1)).sum();
            let rate = sold / all.max(f64::MIN_POSITIVE);
            let weekday: Vec<f64> = (0..WEEK)
                .map(|day| {
                    let leant_on = leaning_on.weekday[day];
                    let without = |on| expected(day, on) / fitted.weekday[day];
                    let got = cells.sold[day][0] + cells.sold[day][1] + LEAN_PIECES * leant_on;
                    bounded(got / (rate * (without(0) + without(1)) + LEAN_PIECES))
                })
                .collect();
            let mean = weekday.iter().sum::<f64>() / WEEK as f64;
            fitted.weekday = weekday.into_iter().map(|factor| factor / mean).collect();
            let with: f64 = (0..WEEK).map(|day| cells.sold[day][1]).sum();
            let plain: f64 = (0..WEEK)
                .map(|day| cells.days[day][1] * fitted.weekday[day] * rate)
                .sum();
            fitted.promotion = bounded((with + LEAN_PIECES * leaning_on.promotion) / (plain + LEAN_PIECES));
        }
        fitted
    }
}

fn bounded(factor: f64) -> f64 {
    factor.clamp(FACTOR_MIN, FACTOR_MAX)
}

/// Days and pieces by weekday, without and with a promotion. Each history's days weigh as much as it sells, so that a
/// large store does not outweigh the calendar of a small one.
struct Cells {
    days: [[f64; 2]; WEEK],
    sold: [[f64; 2]; WEEK],
}

impl Cells {
    fn of(histories: &[&History]) -> Self {
        let mut cells = Self {
            days: [[0.0; 2]; WEEK],
            sold: [[0.0; 2]; WEEK],
        };
        for history in histories {
            let from = history.days.len().saturating_sub(DAYS_MAX);
            let recent = || history.counted().filter(move |(nth, _)| *nth >= from);
            let count = recent().count();
            let pieces: f64 = recent().map(|(_, day): (_, &Day)| day.sold).sum();
            let weight = pieces / count.max(1) as f64;
            for (nth, day) in recent() {
                let cell = (history.weekday(nth), usize::from(day.promoted));
                cells.days[cell.0][cell.1] += weight;
                cells.sold[cell.0][cell.1] += day.sold;
            }
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(count: usize, sold: impl Fn(usize, bool) -> f64) -> History {
        let days = (0..count * WEEK).map(|nth| {
            let promoted = (nth / WEEK).is_multiple_of(2);
            Day {
                sold: sold(nth % WEEK, promoted),
                counts: true,
                promoted,
            }
        });
        History {
            first_weekday: 0,
            days: days.collect(),
        }
    }

    #[test]
    fn weekday_and_promotion_are_told_apart() {
        let history = weeks(20, |weekday, promoted| {
            let factor = if weekday == 5 { 2.0 } else { 1.0 };
            100.0 * factor * if promoted { 1.5 } else { 1.0 }
        });
        let fitted = Profile::fit(&[&history], &Profile::default());
        assert!((fitted.promotion - 1.5).abs() < 0.02, "{fitted:?}");
        assert!((fitted.weekday[5] - 1.75).abs() < 0.02, "{fitted:?}");
        assert!((fitted.weekday.iter().sum::<f64>() - 7.0).abs() < 1e-9);
    }

    #[test]
    fn little_says_little() {
        let history = weeks(4, |weekday, _| if weekday == 5 { 1.0 } else { 0.0 });
        let fitted = Profile::fit(&[&history], &Profile::default());
        assert!(fitted.weekday[5] < 1.3, "{fitted:?}");
        assert_eq!(Profile::fit(&[&History::default()], &fitted), fitted);
    }
}
