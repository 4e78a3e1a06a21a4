//! The ways to learn a rate from the days: pieces of an ordinary day, as believed at the end of each day.
//!
//! A day's factor (weekday, promotion) is how much of an ordinary day it is. Demand is taken to vary in proportion to
//! its mean, so that a day's error moves the rate by the same share of it whatever the factor.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A way to learn.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReplenishmentMethod)]
pub enum Method {
    /// Nothing is expected.
    Nothing,
    /// The mean of the last eight weeks.
    Mean,
    /// Simple exponential smoothing (Brown 1956).
    Smoothing,
    /// Exponential smoothing with damped trend (Gardner & McKenzie 1985).
    DampedTrend,
    /// Size and interval smoothed apart (Croston 1972).
    Croston,
    /// Croston's, without its bias (Syntetos & Boylan 2005).
    Sba,
    /// Size and chance smoothed apart, the chance every day: notices when demand dies (Teunter, Syntetos & Babai 2011).
    Tsb,
}

/// What a method is told to do.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tuning {
    /// Which way.
    pub method: Method,
    /// How fast it forgets, 0 to 1.
    pub alpha: f64,
    /// How fast the trend, or the chance, forgets.
    pub beta: f64,
    /// What is left of a trend after a day.
    pub damping: f64,
}

impl Tuning {
    /// A method without trend.
    #[must_use]
    pub const fn of(method: Method, alpha: f64) -> Self {
        Self {
            method,
            alpha,
            beta: 0.0,
            damping: 0.0,
        }
    }
}

/// Days the plain mean looks back.
const MEAN_DAYS: usize = 56;
/// Demands the first belief of a rare one is made from.
const FIRST_DEMANDS: usize = 5;
/// Days the first belief of a frequent one is made from.
const FIRST_DAYS: usize = 28;

/// One day as a learner sees it: what was sold, and how much of an ordinary day it was.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Pieces.
    pub sold: f64,
    /// How much of an ordinary day.
    pub factor: f64,
}

/// What is believed.
#[derive(Clone, Debug)]
pub struct Learner {
    tuning: Tuning,
    /// Pieces of an ordinary day; of rare demand: pieces of one demand.
    level: f64,
    trend: f64,
    /// Ordinary days between demands, or the chance of one on an ordinary day.
    rarity: f64,
    /// Ordinary days since the last demand.
    since: f64,
    window: Vec<Seen>,
}

impl Learner {
    /// Begins with what the first days of a history suggest.
    #[must_use]
    pub fn new(tuning: Tuning, days: &[Seen]) -> Self {
        let (sold, factors) = days
            .iter()
            .take(FIRST_DAYS)
            .fold((0.0, 0.0), |(sold, factors), day| {
                (sold + day.sold, factors + day.factor)
            });
        let mut begun = Self {
            tuning,
            level: sold / f64::max(factors, 1.0),
            trend: 0.0,
            rarity: 1.0,
            since: 0.0,
            window: Vec::new(),
        };
        if matches!(tuning.method, Method::Croston | Method::Sba | Method::Tsb) {
            let (mut pieces, mut demands, mut passed, mut until) = (0.0, 0_usize, 0.0, 0.0);
            for day in days {
                passed += day.factor;
                if day.sold > 0.0 {
                    (pieces, demands, until) = (pieces + day.sold, demands + 1, passed);
                    if demands == FIRST_DEMANDS {
                        break;
                    }
                }
            }
            let interval = f64::max(until / demands.max(1) as f64, 1.0);
            begun.level = pieces / demands.max(1) as f64;
            begun.rarity = if tuning.method == Method::Tsb {
                1.0 / interval
            } else {
                interval
            };
        }
        begun
    }

    /// Pieces of an ordinary day so many days from now; 1 is the next.
    #[must_use]
    pub fn rate(&self, ahead: usize) -> f64 {
        let Tuning { alpha, damping, .. } = self.tuning;
        let rate = match self.tuning.method {
            Method::Nothing => 0.0,
            Method::Mean | Method::Smoothing => self.level,
            Method::DampedTrend => {
                // phi + phi^2 + .. + phi^h
                let steps = damping * (1.0 - damping.powi(ahead as i32)) / (1.0 - damping);
                self.level + steps * self.trend
            }
            Method::Croston => self.level / self.rarity,
            Method::Sba => (1.0 - alpha / 2.0) * self.level / self.rarity,
            Method::Tsb => self.level * self.rarity,
        };
        rate.max(0.0)
    }

    /// Learns from a day.
    pub fn learn(&mut self, day: Seen) {
        let Tuning {
            method,
            alpha,
            beta,
            damping,
        } = self.tuning;
        match method {
            Method::Nothing => {}
            Method::Mean => {
                self.window.push(day);
                if self.window.len() > MEAN_DAYS {
                    self.window.remove(0);
                }
                let sold: f64 = self.window.iter().map(|day| day.sold).sum();
                let factors: f64 = self.window.iter().map(|day| day.factor).sum();
                self.level = sold / f64::max(factors, f64::MIN_POSITIVE);
            }
            Method::Smoothing => self.level += alpha * (day.sold - self.level * day.factor),
            Method::DampedTrend => {
                let before = self.level + damping * self.trend;
                let error = day.sold - before * day.factor;
                self.level = before + alpha * error;
                self.trend = damping * self.trend + alpha * beta * error;
            }
            Method::Croston | Method::Sba => {
                self.since += day.factor;
                if day.sold > 0.0 {
                    self.level += alpha * (day.sold - self.level);
                    self.rarity = f64::max(self.rarity + alpha * (self.since - self.rarity), 1.0);
                    self.since = 0.0;
                }
            }
            Method::Tsb => {
                let came = f64::from(u8::from(day.sold > 0.0));
                self.rarity = (self.rarity + beta * (came - self.rarity * day.factor)).clamp(0.0, 1.0);
                if day.sold > 0.0 {
                    self.level += alpha * (day.sold - self.level);
                }
            }
        }
    }

    /// A day passed that says nothing.
    pub fn pass(&mut self) {
        if self.tuning.method == Method::DampedTrend {
            self.level += self.tuning.damping * self.trend;
            self.trend *= self.tuning.damping;
        }
    }

    /// The variance of the belief as a share of that of a day's demand, where demand does not move: alpha / (2 - alpha)
    /// of exponential smoothing (Prak, Teunter & Syntetos 2017, European Journal of Operational Research 256), one
    /// by the number of days of a mean.
    #[must_use]
    pub fn doubt(&self) -> f64 {
        let Tuning {
            method, alpha, beta, ..
        } = self.tuning;
        let of = |alpha: f64| alpha / (2.0 - alpha);
        match method {
            Method::Nothing => 0.0,
            Method::Mean => 1.0 / self.window.len().max(1) as f64,
            Method::Smoothing | Method::DampedTrend => of(alpha),
            // It learns on days with demand only.
            Method::Croston | Method::Sba => of(alpha / self.rarity),
            Method::Tsb => of(beta),
        }
    }

    /// The trend a day, in pieces.
    #[must_use]
    pub const fn trend(&self) -> f64 {
        self.trend
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn learnt(tuning: Tuning, sold: &[f64]) -> Learner {
        let days: Vec<Seen> = sold
            .iter()
            .map(|sold| Seen {
                sold: *sold,
                factor: 1.0,
            })
            .collect();
        let mut learner = Learner::new(tuning, &days);
        days.iter().for_each(|day| learner.learn(*day));
        learner
    }

    /// Size 3 every fourth day: Croston's says 3/4, the corrected one (1 - alpha/2) of it.
    #[test]
    fn steady_rare_demand() {
        let sold = [0.0, 0.0, 0.0, 3.0].repeat(40);
        let croston = learnt(Tuning::of(Method::Croston, 0.1), &sold).rate(1);
        let sba = learnt(Tuning::of(Method::Sba, 0.1), &sold).rate(1);
        assert!((croston - 0.75).abs() < 1e-9, "{croston}");
        assert!((sba - 0.95 * 0.75).abs() < 1e-9, "{sba}");
    }

    #[test]
    fn only_one_notices_that_demand_dies() {
        let mut sold = [0.0, 0.0, 0.0, 3.0].repeat(30);
        sold.extend([0.0; 90]);
        let sba = learnt(Tuning::of(Method::Sba, 0.1), &sold).rate(1);
        let tsb = Tuning {
            beta: 0.05,
            ..Tuning::of(Method::Tsb, 0.1)
        };
        let tsb = learnt(tsb, &sold).rate(1);
        assert!(sba > 0.6 && tsb < 0.02, "{sba} {tsb}");
    }

    /// A damped trend levels off: in the long run it adds phi / (1 - phi) times itself.
    #[test]
    fn a_trend_levels_off() {
        let sold: Vec<f64> = (0..120).map(f64::from).collect();
        let tuning = Tuning {
            beta: 0.1,
            damping: 0.9,
            ..Tuning::of(Method::DampedTrend, 0.2)
        };
        let learner = learnt(tuning, &sold);
        assert!(learner.trend() > 0.0 && learner.rate(1) > learner.level);
        let end = learner.level + 9.0 * learner.trend();
        assert!((learner.rate(500) - end).abs() < 1e-6);
    }

    #[test]
    fn a_weak_day_is_no_fall() {
        let days: Vec<Seen> = (0..140)
            .map(|nth| {
                if nth % 7 == 6 {
                    Seen {
                        sold: 2.0,
                        factor: 0.2,
                    }
                } else {
                    Seen {
                        sold: 10.0,
                        factor: 1.0,
                    }
                }
            })
            .collect();
        let mut learner = Learner::new(Tuning::of(Method::Smoothing, 0.3), &days);
        days.iter().for_each(|day| learner.learn(*day));
        assert!((learner.rate(1) - 10.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn a_rate_is_never_negative_nor_lost(sold in proptest::collection::vec(0_u32..500, 1..120)) {
            let sold: Vec<f64> = sold.into_iter().map(f64::from).collect();
            for method in [Method::Mean, Method::Smoothing, Method::DampedTrend, Method::Croston, Method::Sba, Method::Tsb] {
                let tuning = Tuning { method, alpha: 0.2, beta: 0.1, damping: 0.95 };
                let rate = learnt(tuning, &sold).rate(7);
                prop_assert!(rate.is_finite() && rate >= 0.0, "{method:?} {rate}");
            }
        }
    }
}
