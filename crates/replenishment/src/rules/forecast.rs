//! What is expected, and how far from it things may turn out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::profile::Profile;
use super::series::{Ahead, History, Pattern, Shape, WEEK, shape};
use super::smooth::{Learner, Method, Seen, Tuning};

/// A belief is judged by its errors only after so many days.
const WARM_DAYS: usize = 28;
/// Past forecasts are made once a week, so often at most ..
const ORIGINS_MAX: usize = 10;
/// .. and never look at less than this.
const SPAN_MIN: usize = WEEK;
/// Croston's own and its relatives forget a tenth with every demand (Syntetos & Boylan 2005 use 0.05 to 0.2).
const RARE_ALPHA: f64 = 0.1;
/// The chance forgets a twentieth a day.
const RARE_BETA: f64 = 0.05;
/// When a pause would have been so unlikely had demand gone on as before, it may have died.
const DEAD_CHANCE: f64 = 0.05;
/// Demand is never taken to be steadier than this: variance by mean.
const STEADIEST: f64 = 0.2;
/// Nor wilder than this while too little is known.
const WILDEST_NEW: f64 = 2.0;
/// Spans' worth of trust in the formula, against what past errors say.
const FORMULA_SPANS: f64 = 10.0;
/// Past errors raise the variance by no more than this.
const INFLATION_MAX: f64 = 6.0;

/// How well a way would have done, had it been used in the past weeks.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentTried)]
pub struct Tried {
    /// The way.
    pub method: Method,
    /// How fast it forgets.
    pub alpha: f64,
    /// Root of the mean squared error of a day, in pieces.
    pub error: f64,
}

/// What is expected of an article at a place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentForecast)]
pub struct Forecast {
    /// What kind of demand it is.
    pub shape: Shape,
    /// How the rate is learnt.
    pub method: Method,
    /// How fast that forgets.
    pub alpha: f64,
    /// Pieces of an ordinary day.
    pub rate: f64,
    /// By how much it moves a day, at first.
    pub trend: f64,
    /// What is left of the trend after a day.
    pub damping: f64,
    /// What weekdays and promotions are worth.
    pub profile: Profile,
    /// Variance of a day's demand by its mean.
    pub dispersion: f64,
    /// Variance of the rate itself, as a share of a day's.
    pub doubt: f64,
    /// By how much past forecasts over such spans were further off than the formula says.
    pub inflation: f64,
    /// The ways that were tried, the best first.
    pub tried: Vec<Tried>,
    /// Weekday of the first day to come.
    #[serde(skip)]
    first_weekday: usize,
}

/// Demand over some days: mean and variance.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentSpread)]
pub struct Spread {
    /// Pieces.
    pub mean: f64,
    /// Pieces squared.
    pub variance: f64,
}

impl Forecast {
    /// Expects what a history suggests. `span` is over how many days the forecast will be used; `leaning_on` are the
    /// factors the article has elsewhere.
    #[must_use]
    pub fn of(history: &History, span: usize, leaning_on: &Profile) -> Self {
        let shape = shape(history);
        let profile = Profile::fit(&[history], leaning_on);
        let seen: Vec<Option<Seen>> = history
            .days
            .iter()
            .enumerate()
            .map(|(nth, day)| {
                day.counts.then(|| Seen {
                    sold: day.sold,
                    factor: profile.factor(history.weekday(nth), day.promoted),
                })
            })
            .collect();
        let span = span.max(SPAN_MIN);
        let mut judged: Vec<Judged> = candidates(&shape, &seen)
            .into_iter()
            .map(|tuning| judge(tuning, &seen, span))
            .collect();
        judged.sort_by(|a, b| a.error.total_cmp(&b.error));
        let mut tried: Vec<Tried> = Vec::new();
        for one in &judged {
            if tried.iter().all(|tried| tried.method != one.tuning.method) {
                tried.push(Tried {
                    method: one.tuning.method,
                    alpha: one.tuning.alpha,
                    error: one.error,
                });
            }
        }
        let best = judged.swap_remove(0);
        let doubt = best.learner.doubt();
        // One-step errors hold the doubt about the rate beside the demand itself.
        let mut dispersion = (best.dispersion / (1.0 + doubt)).max(STEADIEST);
        if shape.pattern == Pattern::New {
            // One large sale tells of no habit.
            dispersion = dispersion.min(WILDEST_NEW);
        }
        let mut forecast = Self {
            shape,
            method: best.tuning.method,
            alpha: best.tuning.alpha,
            rate: best.learner.rate(1),
            trend: best.learner.trend(),
            damping: best.tuning.damping,
            profile,
            dispersion,
            doubt,
            inflation: 1.0,
            tried,
            first_weekday: history.weekday(history.days.len()),
        };
        forecast.inflation = inflation(&best.spans, dispersion, doubt, history.days.len(), span);
        forecast
    }

    /// What is expected day by day.
    #[must_use]
    pub fn days(&self, ahead: &[Ahead]) -> Vec<f64> {
        let mut trend = self.trend;
        let mut rate = self.rate;
        ahead
            .iter()
            .enumerate()
            .map(|(nth, day)| {
                if nth > 0 {
                    trend *= self.damping;
                    rate += trend * self.damping;
                }
                let factor = self.profile.ahead((self.first_weekday + nth) % WEEK, *day);
                rate.max(0.0) * factor
            })
            .collect()
    }

    /// How demand over days spreads: the days' own variance and that of the rate they share, which is off on all of
    /// them the same way (Prak, Teunter & Syntetos 2017, eq. 8, with variance in proportion to the mean).
    #[must_use]
    pub fn spread(&self, days: &[f64]) -> Spread {
        let mean: f64 = days.iter().sum();
        let ordinary_days = if self.rate > 0.0 { mean / self.rate } else { 0.0 };
        Spread {
            mean,
            variance: self.dispersion * mean * (1.0 + self.doubt * ordinary_days) * self.inflation,
        }
    }
}

/// The ways worth trying: by the pattern for rare demand (Syntetos, Boylan & Croston 2005), by their errors for the rest.
fn candidates(shape: &Shape, seen: &[Option<Seen>]) -> Vec<Tuning> {
    match shape.pattern {
        Pattern::None => vec![Tuning::of(Method::Nothing, 0.0)],
        Pattern::New => vec![Tuning::of(Method::Mean, 0.0)],
        Pattern::Intermittent | Pattern::Lumpy => {
            let method = if has_died(shape, seen) {
                Method::Tsb
            } else {
                Method::Sba
            };
            vec![Tuning {
                beta: RARE_BETA,
                ..Tuning::of(method, RARE_ALPHA)
            }]
        }
        Pattern::Smooth | Pattern::Erratic => {
            let mut ways = vec![
                Tuning::of(Method::Mean, 0.0),
                // Where hardly a day passes without demand, Croston's own has no bias to speak of.
                Tuning::of(Method::Croston, RARE_ALPHA),
            ];
            for alpha in [0.02, 0.05, 0.1, 0.2, 0.4] {
                ways.push(Tuning::of(Method::Smoothing, alpha));
                if alpha >= 0.05 {
                    ways.push(Tuning {
                        beta: 0.1,
                        damping: 0.95,
                        ..Tuning::of(Method::DampedTrend, alpha)
                    });
                }
            }
            ways
        }
    }
}

/// Whether the pause since the last demand is longer than chance allows: (1 - 1/interval)^pause.
fn has_died(shape: &Shape, seen: &[Option<Seen>]) -> bool {
    let pause = seen
        .iter()
        .rev()
        .flatten()
        .take_while(|day| day.sold <= 0.0)
        .count();
    (1.0 - 1.0 / shape.every_days.max(1.0)).powi(pause as i32) < DEAD_CHANCE
}

/// A way, and how it would have done.
struct Judged {
    tuning: Tuning,
    learner: Learner,
    error: f64,
    dispersion: f64,
    /// Expected and sold over whole spans.
    spans: Vec<(f64, f64, f64)>,
}

/// Walks through the past once: learns day by day, and once a week tells what it expects of the span to come.
fn judge(tuning: Tuning, seen: &[Option<Seen>], span: usize) -> Judged {
    let known: Vec<Seen> = seen.iter().flatten().copied().collect();
    let mut learner = Learner::new(tuning, &known);
    let last_origin = seen.len().saturating_sub(span);
    let first_origin = last_origin
        .saturating_sub(WEEK * (ORIGINS_MAX - 1))
        .max(WARM_DAYS.min(last_origin));
    let (mut squares, mut count) = (0.0, 0_usize);
    let (mut step_squares, mut step_means) = (0.0, 0.0);
    let mut spans = Vec::new();
    for (nth, day) in seen.iter().enumerate() {
        if nth >= first_origin && nth <= last_origin && (last_origin - nth).is_multiple_of(WEEK) {
            let (mut expected, mut sold, mut ordinary) = (0.0, 0.0, 0.0);
            for (ahead, day) in seen[nth..seen.len().min(nth + span)].iter().enumerate() {
                let Some(day) = day else { continue };
                let mean = learner.rate(ahead + 1) * day.factor;
                squares += (day.sold - mean).powi(2);
                count += 1;
                expected += mean;
                sold += day.sold;
                ordinary += day.factor;
            }
            spans.push((expected, sold, ordinary));
        }
        let Some(day) = day else {
            learner.pass();
            continue;
        };
        if nth >= WARM_DAYS {
            let mean = learner.rate(1) * day.factor;
            step_squares += (day.sold - mean).powi(2);
            step_means += mean;
        }
        learner.learn(*day);
    }
    if step_means <= 0.0 {
        // Too short to be judged: as random as chance itself.
        (step_squares, step_means) = (1.0, 1.0);
    }
    Judged {
        tuning,
        error: (squares / count.max(1) as f64).sqrt(),
        dispersion: step_squares / step_means,
        learner,
        spans,
    }
}

/// How much further off past forecasts were than the formula says; spans that overlap tell little, so the formula
/// keeps a say.
fn inflation(spans: &[(f64, f64, f64)], dispersion: f64, doubt: f64, days: usize, span: usize) -> f64 {
    let (mut off, mut allowed) = (0.0, 0.0);
    for (expected, sold, ordinary) in spans {
        off += (sold - expected).powi(2);
        allowed += dispersion * expected * (1.0 + doubt * ordinary);
    }
    if allowed <= 0.0 {
        return 1.0;
    }
    let covered = (WEEK * spans.len()).min(days) as f64 / span as f64;
    let weight = covered / (covered + FORMULA_SPANS);
    (1.0 - weight + weight * off / allowed).clamp(1.0, INFLATION_MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::series::Day;

    fn history(days: usize, sold: impl Fn(usize) -> f64) -> History {
        History {
            first_weekday: 0,
            days: (0..days).map(|nth| Day::sold(sold(nth))).collect(),
        }
    }

    fn expects(history: &History) -> Forecast {
        Forecast::of(history, 10, &Profile::default())
    }

    #[test]
    fn a_week_goes_on() {
        let week = [10.0, 10.0, 10.0, 10.0, 20.0, 40.0, 40.0];
        let forecast = expects(&history(140, |nth| week[nth % 7]));
        assert_eq!(forecast.shape.pattern, Pattern::Smooth);
        let days = forecast.days(&[Ahead::ORDINARY; 7]);
        for (day, wanted) in days.iter().zip(week) {
            assert!((day / wanted - 1.0).abs() < 0.08, "{days:?}");
        }
    }

    #[test]
    fn growth_is_seen_and_does_not_run_away() {
        let forecast = expects(&history(180, |nth| 20.0 + nth as f64 / 2.0));
        assert_eq!(forecast.method, Method::DampedTrend);
        let days = forecast.days(&[Ahead::ORDINARY; 60]);
        assert!(days[6] > 104.0 && days[6] < 125.0, "{}", days[6]);
        assert!(days[59] < 140.0, "{}", days[59]);
    }

    #[test]
    fn the_pattern_chooses_for_rare_demand() {
        let rare = |nth: usize| if nth.is_multiple_of(5) { 2.0 } else { 0.0 };
        assert_eq!(expects(&history(180, rare)).method, Method::Sba);
        let dead = |nth: usize| if nth < 100 { rare(nth) } else { 0.0 };
        assert_eq!(expects(&history(180, dead)).method, Method::Tsb);
        assert_eq!(expects(&history(180, |_| 0.0)).method, Method::Nothing);
        assert_eq!(expects(&history(12, |_| 3.0)).method, Method::Mean);
    }

    #[test]
    fn nothing_is_sold_behind_a_shut_door() {
        let forecast = expects(&history(140, |_| 10.0));
        let shut = Ahead {
            open: false,
            promoted: false,
        };
        let days = forecast.days(&[Ahead::ORDINARY, shut, Ahead::ORDINARY]);
        assert!(days[1].abs() < 1e-9 && days[2] > 9.0);
        assert!((forecast.spread(&days).mean - days[0] - days[2]).abs() < 1e-9);
    }

    #[test]
    fn without_any_day_nothing_is_expected() {
        let forecast = expects(&History::default());
        assert_eq!(forecast.method, Method::Nothing);
        let spread = forecast.spread(&forecast.days(&[Ahead::ORDINARY; 30]));
        assert!(spread.mean.abs() < 1e-9 && spread.variance.abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn every_history_has_a_finite_forecast(
            sold in proptest::collection::vec(proptest::option::of(0_u16..300), 0..220), span in 1_usize..60,
        ) {
            let days = sold.into_iter().map(|sold| Day {
                sold: f64::from(sold.unwrap_or(0)),
                counts: sold.is_some(),
                promoted: false,
            });
            let history = History { first_weekday: 3, days: days.collect() };
            let forecast = Forecast::of(&history, span, &Profile::default());
            let spread = forecast.spread(&forecast.days(&vec![Ahead::ORDINARY; span]));
            prop_assert!(spread.mean.is_finite() && spread.mean >= 0.0);
            prop_assert!(spread.variance.is_finite() && spread.variance >= 0.0);
        }
    }
}
