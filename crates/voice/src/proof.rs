//! Did it help? A figure before and after, with the interval of the difference.

use base::{PlaceId, ProductId, Text, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::stats::{FEW, newcombe, share};

/// What is measured. Less is better for all three.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Of the surveys answered in the period, the share with a score of 1 or 2.
    LowScoreShare,
    /// Of the pieces sold by orders placed in the period, the share that came back.
    ReturnRate,
    /// For every hundred orders placed in the period, the orders about which something other than praise was
    /// heard in it.
    #[serde(rename = "feedback_per_100_orders")]
    FeedbackPer100Orders,
}

impl Metric {
    /// What a share of one is written as.
    const fn scale(self) -> f64 {
        match self {
            Self::FeedbackPer100Orders => 100.0,
            Self::LowScoreShare | Self::ReturnRate => 1.0,
        }
    }
}

/// A period: from its first instant to before its last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First instant.
    pub from: Time,
    /// First instant that no longer belongs to it.
    pub to: Time,
}

/// `k` of `n` in a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// How many were looked at.
    pub n: i64,
    /// How many of them it befell.
    pub k: i64,
}

/// One side of the comparison.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sample {
    /// First instant.
    pub from: Time,
    /// First instant that no longer belongs to it.
    pub to: Time,
    /// How many were looked at.
    pub n: i64,
    /// How many of them it befell.
    pub k: i64,
    /// The figure; absent when nothing was looked at.
    pub value: Option<f64>,
}

/// What the comparison says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval lies below zero.
    Better,
    /// The interval holds zero.
    NoEvidence,
    /// The whole interval lies above zero.
    Worse,
}

/// Evidence for or against a fix.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Proof {
    /// What was measured.
    pub metric: Metric,
    /// Of which product; all when absent.
    pub product_id: Option<ProductId>,
    /// At which place; everywhere when absent.
    pub place_id: Option<PlaceId>,
    /// Before the fix.
    pub before: Sample,
    /// After it.
    pub after: Sample,
    /// After less before.
    pub difference: f64,
    /// The 95 % interval of the difference (Newcombe 1998, method 10).
    #[schema(value_type = [f64; 2])]
    pub interval: [f64; 2],
    /// What it says.
    pub verdict: Verdict,
    /// What to keep in mind when reading it.
    pub cautions: Vec<Text>,
    /// When the numbers were read.
    pub computed_at: Time,
}

/// What is to be proven.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// What is measured.
    pub metric: Metric,
    /// Of which product.
    pub product_id: Option<ProductId>,
    /// At which place.
    pub place_id: Option<PlaceId>,
    /// Before the fix.
    pub before: Period,
    /// After it.
    pub after: Period,
}

impl Claim {
    /// Whether the two periods make sense together at this instant.
    #[must_use]
    pub fn is_sound(&self, now: Time) -> bool {
        self.before.from < self.before.to
            && self.after.from < self.after.to
            && self.before.to <= self.after.from
            && self.after.from <= now
    }
}

/// The evidence of two counts.
#[must_use]
pub fn compare(claim: &Claim, before: Counts, after: Counts, now: Time) -> Proof {
    let scale = claim.metric.scale();
    let sample = |period: Period, counts: Counts| Sample {
        from: period.from,
        to: period.to,
        n: counts.n,
        k: counts.k,
        value: share(counts.k, counts.n).map(|p| p * scale),
    };
    let shares = share(before.k, before.n).zip(share(after.k, after.n));
    // Nothing seen on one side: the difference may be anything.
    let difference = shares.map_or(0.0, |(p1, p2)| p2 - p1);
    let [low, high] = newcombe(before.k, before.n, after.k, after.n).unwrap_or([-1.0, 1.0]);
    let verdict = if high < 0.0 {
        Verdict::Better
    } else if low > 0.0 {
        Verdict::Worse
    } else {
        Verdict::NoEvidence
    };
    Proof {
        metric: claim.metric,
        product_id: claim.product_id,
        place_id: claim.place_id,
        before: sample(claim.before, before),
        after: sample(claim.after, after),
        difference: difference * scale,
        interval: [low * scale, high * scale],
        verdict,
        cautions: cautions(claim, before, after, now),
        computed_at: now,
    }
}

fn cautions(claim: &Claim, before: Counts, after: Counts, now: Time) -> Vec<Text> {
    let mut cautions = Vec::new();
    let fewest = before.n.min(after.n);
    if fewest < FEW {
        cautions.push(Text::new(
            format!("样本较少（n = {fewest}），仅供参考"),
            format!("Few observations (n = {fewest}); indicative only"),
        ));
    }
    if claim.after.to > now {
        cautions.push(Text::new(
            "“改进后”时段尚未结束",
            "The period after is not over yet",
        ));
    }
    cautions.push(Text::new(
        "仅为前后对比，没有对照门店；若“改进前”取自最差的一段，自然回落也会显得有效",
        "Before and after only, without stores for control; if the period before was the worst one, falling back \
         to the usual would look like help",
    ));
    cautions
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(day: i64) -> Time {
        Time::from_seconds(1_790_000_000 + day * 86_400)
    }

    fn claim(metric: Metric) -> Claim {
        Claim {
            metric,
            product_id: None,
            place_id: None,
            before: Period {
                from: at(0),
                to: at(30),
            },
            after: Period {
                from: at(30),
                to: at(60),
            },
        }
    }

    fn verdict(before: (i64, i64), after: (i64, i64)) -> Verdict {
        let counts = |(k, n)| Counts { n, k };
        compare(&claim(Metric::ReturnRate), counts(before), counts(after), at(60)).verdict
    }

    #[test]
    fn verdicts_follow_the_interval() {
        assert_eq!(verdict((40, 400), (10, 400)), Verdict::Better);
        assert_eq!(verdict((10, 400), (40, 400)), Verdict::Worse);
        assert_eq!(verdict((20, 400), (15, 400)), Verdict::NoEvidence);
        assert_eq!(verdict((2, 10), (0, 10)), Verdict::NoEvidence);
        assert_eq!(verdict((0, 0), (0, 400)), Verdict::NoEvidence);
    }

    #[test]
    fn nothing_seen_is_said() {
        let proof = compare(
            &claim(Metric::LowScoreShare),
            Counts::default(),
            Counts { n: 50, k: 5 },
            at(45),
        );
        assert_eq!(proof.before.value, None);
        assert!((proof.interval[0] + 1.0).abs() < 1e-12 && (proof.interval[1] - 1.0).abs() < 1e-12);
        assert_eq!(proof.cautions.len(), 3);
    }

    #[test]
    fn periods_must_make_sense() {
        let sound = claim(Metric::ReturnRate);
        assert!(sound.is_sound(at(40)) && !sound.is_sound(at(29)));
        let overlapping = Claim {
            after: Period {
                from: at(20),
                to: at(60),
            },
            ..sound
        };
        let backwards = Claim {
            before: Period {
                from: at(30),
                to: at(0),
            },
            ..sound
        };
        assert!(!overlapping.is_sound(at(60)) && !backwards.is_sound(at(60)));
    }

    proptest! {
        #[test]
        fn figures_per_hundred_are_the_shares_a_hundredfold(n1 in 1_i64..500, n2 in 1_i64..500, k1 in 0_i64..500, k2 in 0_i64..500) {
            let (before, after) = (Counts { n: n1, k: k1.min(n1) }, Counts { n: n2, k: k2.min(n2) });
            let plain = compare(&claim(Metric::ReturnRate), before, after, at(60));
            let hundred = compare(&claim(Metric::FeedbackPer100Orders), before, after, at(60));
            prop_assert_eq!(plain.verdict, hundred.verdict);
            prop_assert!((plain.difference * 100.0 - hundred.difference).abs() < 1e-9);
            prop_assert!(plain.interval[0] <= plain.difference && plain.difference <= plain.interval[1]);
        }
    }
}
