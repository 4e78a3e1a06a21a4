//! How likely it is that more is asked for than there is.
//!
//! Demand over a span is taken to be negative binomial with its mean and variance, or Poisson where they are equal: whole
//! pieces, never less than none, with the long tail that rare and lumpy demand has. Where it is large, or steadier than
//! chance, the gamma with that mean and variance does (Wilson & Hilferty 1931 for its distribution function).

use super::forecast::Spread;

/// Above this mean a table would be long for nothing.
const TABLE_MEAN_MAX: f64 = 400.0;
/// Chances smaller than this are none.
const NEGLIGIBLE: f64 = 1e-10;
/// Entries of a table at most.
const TABLE_MAX: usize = 20_000;
/// Steps a loss is summed in, each this share of the standard deviation.
const STEP: f64 = 0.05;

/// The demand of a span, as a distribution.
#[derive(Clone, Debug)]
pub struct Demand {
    spread: Spread,
    /// Chance of more than so many pieces, where it is tabled.
    above: Option<Vec<f64>>,
}

impl Demand {
    /// The distribution with this mean and variance.
    #[must_use]
    pub fn new(spread: Spread) -> Self {
        let Spread { mean, variance } = spread;
        let is_steadier = variance < mean * 0.999;
        let above = (mean <= TABLE_MEAN_MAX && !is_steadier).then(|| table(mean, variance));
        Self { spread, above }
    }

    /// The chance that more than so many pieces are asked for.
    #[must_use]
    pub fn above(&self, pieces: f64) -> f64 {
        if pieces < 0.0 {
            return 1.0;
        }
        match &self.above {
            Some(table) => table.get(pieces as usize).copied().unwrap_or(0.0),
            // A piece is a whole one: up to half of the next still counts as this many.
            None => 1.0 - gamma_below(pieces + 0.5, self.spread),
        }
    }

    /// The fewest pieces that are enough with a chance.
    #[must_use]
    pub fn enough(&self, chance: f64) -> i64 {
        least(|pieces| 1.0 - self.above(pieces as f64) >= chance)
    }

    /// The pieces that go unserved in the mean: those asked for beyond so many.
    #[must_use]
    pub fn unserved(&self, pieces: i64) -> f64 {
        let pieces = pieces.max(0);
        if let Some(table) = &self.above {
            return table.iter().skip(pieces as usize).sum();
        }
        let step = (self.spread.variance.sqrt() * STEP).max(0.01);
        let (mut at, mut sum) = (pieces as f64, 0.0);
        loop {
            let chance = 1.0 - gamma_below(at + step / 2.0, self.spread);
            if chance < NEGLIGIBLE {
                return sum;
            }
            sum += chance * step;
            at += step;
        }
    }
}

/// The chance of more than k pieces, for k = 0, 1, ..
fn table(mean: f64, variance: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![0.0];
    }
    // p(k+1) = p(k) (k + r) / (k + 1) q, of a Poisson p(k) mean / (k + 1).
    let excess = variance - mean;
    let poisson = excess <= mean * 1e-3;
    let (size, share) = (
        mean * mean / excess.max(f64::MIN_POSITIVE),
        excess / variance.max(f64::MIN_POSITIVE),
    );
    let mut chance = if poisson {
        (-mean).exp()
    } else {
        (size * (1.0 - share).ln()).exp()
    };
    let (mut above, mut left) = (Vec::new(), 1.0);
    for count in 0..TABLE_MAX {
        left -= chance;
        above.push(left.max(0.0));
        if left < NEGLIGIBLE && count as f64 > mean {
            break;
        }
        let next = (count + 1) as f64;
        chance *= if poisson {
            mean / next
        } else {
            (count as f64 + size) / next * share
        };
    }
    above
}

/// The gamma's distribution function: its cube root is nearly normal (Wilson & Hilferty 1931).
fn gamma_below(x: f64, spread: Spread) -> f64 {
    if spread.mean <= 0.0 || spread.variance <= 0.0 {
        return f64::from(u8::from(x >= spread.mean));
    }
    let shape = spread.mean * spread.mean / spread.variance;
    let root = (x.max(0.0) / spread.mean).cbrt();
    normal_below((root - 1.0 + 1.0 / (9.0 * shape)) * 3.0 * shape.sqrt())
}

/// The standard normal's distribution function (Abramowitz & Stegun 26.2.17, error below 7.5e-8).
fn normal_below(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let poly = t
        * (0.319_381_530
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * poly;
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// The least number something holds for that holds for all above it.
pub(crate) fn least(holds: impl Fn(i64) -> bool) -> i64 {
    let mut high = 1;
    while !holds(high) && high < i64::from(i32::MAX) {
        high *= 2;
    }
    let mut low = -1;
    while high - low > 1 {
        let middle = (low + high) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(mean: f64, variance: f64) -> Demand {
        Demand::new(Spread { mean, variance })
    }

    /// Tables of the Poisson and the negative binomial distribution.
    #[test]
    fn known_figures() {
        assert!((of(2.0, 2.0).above(3.0) - 0.142_877).abs() < 1e-5);
        // Negative binomial with r = 2, p = 1/2: P(X = 0) = 1/4, P(X <= 2) = 11/16.
        assert!((of(2.0, 4.0).above(0.0) - 0.75).abs() < 1e-9);
        assert!((of(2.0, 4.0).above(2.0) - 5.0 / 16.0).abs() < 1e-9);
        assert_eq!(of(2.0, 2.0).enough(0.95), 5);
        assert_eq!(of(0.0, 0.0).enough(0.99), 0);
        // A normal one would need 1000 + 1.645 * 31.6 = 1052.02.
        let large = of(1_000.0, 1_000.0).enough(0.95);
        assert!((1_052..=1_054).contains(&large), "{large}");
        assert!((of(500.0, 500.0).unserved(0) - 500.0).abs() < 0.5);
    }

    proptest! {
        #[test]
        fn a_table_and_the_gamma_meet(mean in 250.0_f64..390.0, dispersion in 1.5_f64..20.0, chance in 0.6_f64..0.99) {
            let spread = Spread { mean, variance: mean * dispersion };
            let table = Demand::new(spread).enough(chance) as f64;
            let gamma = Demand { spread, above: None }.enough(chance) as f64;
            prop_assert!((table / gamma - 1.0).abs() < 0.03, "{table} {gamma}");
        }

        #[test]
        fn enough_is_enough_and_no_more(mean in 0.01_f64..900.0, dispersion in 0.3_f64..30.0, chance in 0.5_f64..0.999) {
            let demand = of(mean, mean * dispersion);
            let enough = demand.enough(chance);
            prop_assert!(1.0 - demand.above(enough as f64) >= chance);
            prop_assert!(enough == 0 || 1.0 - demand.above((enough - 1) as f64) < chance);
            prop_assert!(demand.unserved(enough) <= demand.unserved(0));
            prop_assert!((demand.unserved(0) - mean).abs() < mean * 0.05 + 0.6, "{} {mean}", demand.unserved(0));
        }
    }
}
