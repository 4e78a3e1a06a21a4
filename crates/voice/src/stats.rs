//! The arithmetic of shares and means, with honest intervals.
//!
//! Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
//! (1927), for a share; R. G. Newcombe, "Interval estimation for the difference between independent
//! proportions", Statistics in Medicine 17 (1998), method 10 (hybrid score), for the difference of two; for a
//! mean on a bounded scale the t interval, its variance taken with one imagined answer at each end of the
//! scale, so that five fives do not claim certainty (after Agresti and Coull, The American Statistician 52,
//! 1998).

/// The normal quantile of a two-sided 95 % interval.
const Z95: f64 = 1.959_963_984_540_054;

/// Below this many observations a figure is only indicative.
pub const FEW: i64 = 30;

/// An interval, low end first.
pub type Interval = [f64; 2];

/// The Wilson score interval of `k` out of `n`; `None` when nothing was observed.
#[must_use]
pub fn wilson(k: i64, n: i64) -> Option<Interval> {
    if n <= 0 {
        return None;
    }
    let (k, n) = (k.clamp(0, n) as f64, n as f64);
    let p = k / n;
    let z2 = Z95 * Z95;
    let centre = p + z2 / (2.0 * n);
    let spread = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // At the very ends rounding must not step over them.
    let low = if k == 0.0 {
        0.0
    } else {
        ((centre - spread) / scale).max(0.0)
    };
    let high = if k >= n {
        1.0
    } else {
        ((centre + spread) / scale).min(1.0)
    };
    Some([low, high])
}

/// The interval of the difference `k2/n2 - k1/n1` of two independent shares; `None` when either side is
/// empty.
#[must_use]
pub fn newcombe(k1: i64, n1: i64, k2: i64, n2: i64) -> Option<Interval> {
    let ([l1, u1], [l2, u2]) = (wilson(k1, n1)?, wilson(k2, n2)?);
    let (p1, p2) = (share(k1, n1)?, share(k2, n2)?);
    let difference = p2 - p1;
    let down = ((p2 - l2).powi(2) + (u1 - p1).powi(2)).sqrt();
    let up = ((u2 - p2).powi(2) + (p1 - l1).powi(2)).sqrt();
    Some([(difference - down).max(-1.0), (difference + up).min(1.0)])
}

/// `k` out of `n`; `None` when nothing was observed.
#[must_use]
pub fn share(k: i64, n: i64) -> Option<f64> {
    (n > 0).then(|| k as f64 / n as f64)
}

/// The mean of scores from 1 to 5 with its interval, from how often each was given.
#[must_use]
pub fn mean_of_scores(counts: [i64; 5]) -> Option<(f64, Interval)> {
    let n: i64 = counts.iter().sum();
    if n <= 0 {
        return None;
    }
    let weigh = |counts: [i64; 5]| {
        let n: i64 = counts.iter().sum();
        let scores = || {
            (1..=5)
                .zip(counts)
                .map(|(score, count)| (f64::from(score), count as f64))
        };
        let mean = scores().map(|(score, count)| score * count).sum::<f64>() / n as f64;
        let variance = scores()
            .map(|(score, count)| count * (score - mean).powi(2))
            .sum::<f64>()
            / (n - 1).max(1) as f64;
        (mean, variance)
    };
    let (mean, _) = weigh(counts);
    let mut padded = counts;
    padded[0] += 1;
    padded[4] += 1;
    let (_, variance) = weigh(padded);
    let half = t95(n + 1) * (variance / n as f64).sqrt();
    Some((mean, [(mean - half).max(1.0), (mean + half).min(5.0)]))
}

/// The two-sided 95 % quantile of Student's t, by the Cornish-Fisher expansion around the normal quantile
/// (Abramowitz and Stegun 26.7.5); exact values where that expansion is coarse.
fn t95(degrees: i64) -> f64 {
    const EXACT: [f64; 8] = [
        12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
    ];
    if let Some(exact) = usize::try_from(degrees - 1).ok().and_then(|at| EXACT.get(at)) {
        return *exact;
    }
    let (z, v) = (Z95, degrees as f64);
    let g1 = (z.powi(3) + z) / 4.0;
    let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let g3 = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + g1 / v + g2 / v.powi(2) + g3 / v.powi(3)
}

/// The middle of sorted values.
#[must_use]
pub fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() < within
    }

    #[test]
    fn published_examples() {
        // Newcombe 1998, table II: 81/263 by the score method, and the difference 56/70 - 48/80 by method 10.
        let [low, high] = wilson(81, 263).unwrap();
        assert!(close(low, 0.2553, 5e-5) && close(high, 0.3662, 5e-5));
        let [low, high] = newcombe(48, 80, 56, 70).unwrap();
        assert!(close(low, 0.0524, 5e-5) && close(high, 0.3339, 5e-5));
        for (degrees, t) in [
            (1, 12.7062),
            (5, 2.5706),
            (10, 2.2281),
            (30, 2.0423),
            (120, 1.9799),
        ] {
            assert!(close(t95(degrees), t, 2e-3), "{degrees}: {}", t95(degrees));
        }
    }

    #[test]
    fn degenerate_samples_claim_no_certainty() {
        assert!(wilson(0, 0).is_none() && mean_of_scores([0; 5]).is_none() && newcombe(0, 0, 1, 2).is_none());
        let [low, high] = wilson(5, 5).unwrap();
        assert!(low < 0.6 && close(high, 1.0, 1e-12));
        let (mean, [low, high]) = mean_of_scores([0, 0, 0, 0, 5]).unwrap();
        assert!(close(mean, 5.0, 1e-12) && low < 4.0 && close(high, 5.0, 1e-12));
        let (mean, [low, high]) = mean_of_scores([1, 0, 0, 0, 0]).unwrap();
        assert!(close(mean, 1.0, 1e-12) && close(low, 1.0, 1e-12) && high > 4.0);
        assert_eq!(median(&[]), None);
        assert!(close(median(&[1.0, 2.0, 4.0, 8.0]).unwrap(), 3.0, 1e-12));
    }

    proptest! {
        #[test]
        fn intervals_hold_their_estimate_and_stay_on_the_scale(
            counts in prop::array::uniform5(0_i64..500), (k1, n1) in (0_i64..300, 1_i64..300), (k2, n2) in (0_i64..300, 1_i64..300),
        ) {
            let (k1, k2) = (k1.min(n1), k2.min(n2));
            let [low, high] = wilson(k1, n1).unwrap();
            let p = share(k1, n1).unwrap();
            prop_assert!((0.0..=p).contains(&low) && (p..=1.0).contains(&high));
            let [low, high] = newcombe(k1, n1, k2, n2).unwrap();
            let d = share(k2, n2).unwrap() - p;
            prop_assert!(low <= d && d <= high && low >= -1.0 && high <= 1.0);
            if let Some((mean, [low, high])) = mean_of_scores(counts) {
                prop_assert!(1.0 <= low && low <= mean && mean <= high && high <= 5.0);
            }
        }

        #[test]
        fn swapping_the_sides_mirrors_the_difference((k1, n1) in (0_i64..50, 1_i64..50), (k2, n2) in (0_i64..50, 1_i64..50)) {
            let (k1, k2) = (k1.min(n1), k2.min(n2));
            let [low, high] = newcombe(k1, n1, k2, n2).unwrap();
            let [mirror_low, mirror_high] = newcombe(k2, n2, k1, n1).unwrap();
            prop_assert!(close(low, -mirror_high, 1e-9) && close(high, -mirror_low, 1e-9));
        }
    }
}
