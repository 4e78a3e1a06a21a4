//! What can happen in a shop, at random.

use proptest::prelude::*;

use super::reference::{PLACES, SKUS, STORES};

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Receive {
        place: usize,
        sku: usize,
        quantity: i64,
    },
    Order {
        wanted: [i64; SKUS],
        collect_at: Option<usize>,
    },
    Pay {
        nth: usize,
    },
    Cancel {
        nth: usize,
    },
    Reject {
        nth: usize,
    },
    /// Somebody looks again whether a place has what nobody could serve.
    Decide {
        nth: usize,
    },
    /// A placed order is to have so many pieces.
    Change {
        nth: usize,
        wanted: [i64; SKUS],
        then: Then,
    },
    HandOut {
        nth: usize,
    },
    Return {
        nth: usize,
        sku: usize,
        place: usize,
        is_good: bool,
    },
    Wait {
        seconds: u64,
    },
    Sweep,
}

/// What becomes of a change that costs more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Then {
    Pay,
    Withdraw,
    /// Its time runs out, and it is paid all the same.
    PayLate,
    /// Its time runs out, and it is put away.
    Forget,
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let (place, sku, nth) = (0..PLACES, 0..SKUS, any::<usize>());
    let wanted = [0_i64..4, 0_i64..4].prop_filter("something is wanted", |w| w.iter().any(|q| *q > 0));
    let then = prop_oneof![3 => Just(Then::Pay), 1 => Just(Then::Withdraw), 1 => Just(Then::PayLate), 1 => Just(Then::Forget)];
    let change = (nth, wanted.clone(), then);
    let back = (nth, sku.clone(), 0..STORES, any::<bool>());
    prop_oneof![
        3 => (place, sku, 1_i64..5).prop_map(|(place, sku, quantity)| Step::Receive { place, sku, quantity }),
        8 => (wanted, prop::option::of(0..STORES)).prop_map(|(wanted, collect_at)| Step::Order { wanted, collect_at }),
        6 => nth.prop_map(|nth| Step::Pay { nth }),
        2 => nth.prop_map(|nth| Step::Cancel { nth }),
        2 => nth.prop_map(|nth| Step::Reject { nth }),
        2 => nth.prop_map(|nth| Step::Decide { nth }),
        6 => change.prop_map(|(nth, wanted, then)| Step::Change { nth, wanted, then }),
        3 => nth.prop_map(|nth| Step::HandOut { nth }),
        2 => back.prop_map(|(nth, sku, place, is_good)| Step::Return { nth, sku, place, is_good }),
        2 => (30_u64..600).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Sweep),
    ]
}
