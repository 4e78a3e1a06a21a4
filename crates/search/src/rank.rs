//! What stands first: how well the words fit, how exactly, how much it sells, and whether it can be had here.
//!
//! `score = words * (1 + 0.25 * popularity) * stock`, where `words` is BM25 weighted by field (see
//! [`crate::matching`]), `popularity` is `ln(1 + sold) / ln(1 + most sold)` over ninety days, and `stock` a factor by
//! how the product can be had. A factor and not a tier: a name asked for exactly comes first although it is sold
//! out, and says so.

use crate::model::AvailabilityState;

const POPULARITY_WEIGHT: f32 = 0.25;

/// How much of a score is left by how a product can be had, from where somebody looks.
pub(crate) fn stock_factor(state: AvailabilityState, is_somewhere: bool, stock_known: bool) -> f32 {
    match state {
        _ if !stock_known => 1.0,
        AvailabilityState::Here => 1.0,
        AvailabilityState::Near => 0.94,
        // Seen from nowhere in particular, what is delivered is as near as anything.
        AvailabilityState::Online if is_somewhere => 0.86,
        AvailabilityState::Online => 1.0,
        AvailabilityState::Elsewhere if is_somewhere => 0.74,
        AvailabilityState::Elsewhere => 0.9,
        AvailabilityState::None => 0.4,
    }
}

/// How much was sold, on the scale popularity is compared on.
pub(crate) fn sales(sold: u32) -> f32 {
    f64::from(sold).ln_1p() as f32
}

/// How much a product sells beside what sells most, 0 to 1; both as [`sales`].
pub(crate) fn popularity(sales: f32, most: f32) -> f32 {
    if most > 0.0 { sales / most } else { 0.0 }
}

/// The score of a product.
pub(crate) fn score(words: f32, popularity: f32, stock: f32) -> f32 {
    words * (1.0 + POPULARITY_WEIGHT * popularity) * stock
}

/// A score as a whole number that sorts the same way: the bits of a positive float do.
pub(crate) fn sortable(score: f32) -> u64 {
    u64::from(score.max(0.0).to_bits())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nearer_is_never_behind_farther() {
        let order = [
            AvailabilityState::Here,
            AvailabilityState::Near,
            AvailabilityState::Online,
            AvailabilityState::Elsewhere,
            AvailabilityState::None,
        ];
        for somewhere in [true, false] {
            let factors = order.map(|state| stock_factor(state, somewhere, true));
            assert!(factors[2..].is_sorted_by(|a, b| a >= b), "{factors:?}");
            assert!(factors.iter().all(|factor| *factor > 0.0));
        }
        assert!(stock_factor(AvailabilityState::None, true, false) > 0.99);
    }

    proptest! {
        #[test]
        fn what_sells_more_is_never_behind(words in 0.1_f32..100.0, a: u32, b: u32) {
            let (less, more) = (a.min(b), a.max(b));
            let of = |sold| sortable(score(words, popularity(sales(sold), sales(more)), 1.0));
            prop_assert!(of(less) <= of(more));
        }

        #[test]
        fn whole_numbers_sort_as_scores_do(a in 0.0_f32..1e6, b in 0.0_f32..1e6) {
            prop_assert_eq!(sortable(a) < sortable(b), a < b);
        }
    }
}
