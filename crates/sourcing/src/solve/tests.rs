//! Against exhaustive search.

use proptest::prelude::*;

use super::*;

fn supply() -> impl Strategy<Value = Supply> {
    let blocks = prop::collection::vec(0_i64..40, 1..5);
    (0_i64..6, -60_i64..150, any::<bool>(), blocks).prop_map(|(most, flat, rises, mut prices)| {
        prices.sort_unstable();
        let mut left = most;
        let mut blocks = Vec::new();
        for price in &prices {
            if left > 0 {
                blocks.push(Block {
                    count: 1,
                    price: *price,
                });
                left -= 1;
            }
        }
        if let Some(last) = blocks.last_mut() {
            last.count += left;
        }
        let rising = (rises && !blocks.is_empty()).then(|| blocks.into());
        Supply { most, flat, rising }
    })
}

fn offers(lines: usize, most: usize) -> impl Strategy<Value = Vec<Offer>> {
    let offer = (0_i64..2_000, prop::collection::vec(supply(), lines));
    prop::collection::vec(
        offer.prop_map(|(fixed, supplies)| Offer { fixed, supplies }),
        0..most,
    )
}

fn case() -> impl Strategy<Value = (Vec<i64>, Vec<Offer>, i64, usize)> {
    (1_usize..5).prop_flat_map(|lines| {
        let wanted = prop::collection::vec(1_i64..7, lines);
        (wanted, offers(lines, 10), 0_i64..900, 1_usize..6)
    })
}

/// The least cost over every set of at most so many places: the definition itself.
fn exhaustive(task: &Task<'_>) -> Option<i64> {
    let mut pieces = Vec::new();
    (1_u32..1 << task.offers.len())
        .filter(|set| set.count_ones() as usize <= task.parcels)
        .filter_map(|set| {
            let members = (0..task.offers.len()).filter(|at| set & (1 << at) != 0).collect();
            let weighed = task.weigh(members, &mut pieces);
            (weighed.missing == 0).then_some(weighed.cost)
        })
        .min()
}

/// What shares cost, from the prices alone.
fn price(task: &Task<'_>, shares: &[(usize, Vec<i64>)]) -> i64 {
    let splits = (shares.len() as i64 - 1) * task.split;
    let each = shares.iter().map(|(at, quantities)| {
        let offer = &task.offers[*at];
        let pieces = offer.supplies.iter().zip(quantities).map(|(supply, quantity)| {
            let mut left = *quantity;
            let mut cost = 0;
            supply.each_block(|price, count| {
                cost += price * left.min(count);
                left -= left.min(count);
            });
            assert_eq!(left, 0, "no more than is there");
            cost
        });
        offer.fixed + pieces.sum::<i64>()
    });
    splits + each.sum::<i64>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn the_best_of_every_small_case((wanted, offers, split, parcels) in case()) {
        let refs: Vec<&Offer> = offers.iter().collect();
        let task = Task { wanted: &wanted, offers: &refs, split, parcels, unit: 1 };
        match (exhaustive(&task), solve(&task)) {
            (None, found) => prop_assert_eq!(found, None),
            (Some(best), Some(found)) => {
                prop_assert_eq!(found.cost, best);
                prop_assert_eq!(found.bound, best, "and proved to be");
                prop_assert_eq!(price(&task, &found.shares), best, "the shares cost what is said");
                prop_assert!(found.shares.len() <= parcels);
                for (line, wanted) in wanted.iter().enumerate() {
                    let sum: i64 = found.shares.iter().map(|(_, q)| q[line]).sum();
                    prop_assert_eq!(sum, *wanted, "exactly what was ordered");
                }
            }
            (Some(_), None) => prop_assert!(false, "refused what could be served"),
        }
    }

    #[test]
    fn the_fewest_parcels_of_every_small_case((wanted, offers, split, parcels) in case()) {
        let refs: Vec<&Offer> = offers.iter().collect();
        let task = Task { wanted: &wanted, offers: &refs, split, parcels, unit: 1 };
        let mut pieces = Vec::new();
        let least = (1_u32..1 << offers.len())
            .filter(|set| {
                let members = (0..offers.len()).filter(|at| set & (1 << at) != 0).collect();
                task.weigh(members, &mut pieces).missing == 0
            })
            .map(|set| set.count_ones() as usize)
            .min();
        prop_assert_eq!(fewest(&task), least.filter(|least| *least <= parcels));
    }
}

/// Numbers that repeat, without a generator's crate.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end) as i64
    }
}

fn large(seed: u64, lines: usize, places: usize) -> (Vec<i64>, Vec<Offer>) {
    let mut numbers = Numbers(seed);
    let wanted: Vec<i64> = (0..lines).map(|_| 1 + numbers.below(3)).collect();
    let offers = (0..places)
        .map(|_| Offer {
            fixed: 600 + numbers.below(1_800),
            supplies: wanted
                .iter()
                .map(|wanted| Supply {
                    most: if numbers.below(100) < 45 {
                        numbers.below(4).min(*wanted)
                    } else {
                        0
                    },
                    flat: 20 + numbers.below(200),
                    rising: None,
                })
                .collect(),
        })
        .collect();
    (wanted, offers)
}

#[test]
fn twenty_lines_and_five_hundred_places_are_better_than_greedy_and_near_the_bound() {
    for seed in 0..6 {
        let (wanted, offers) = large(seed, 20, 500);
        let refs: Vec<&Offer> = offers.iter().collect();
        let task = Task {
            wanted: &wanted,
            offers: &refs,
            split: 800,
            parcels: 8,
            unit: 1,
        };
        let found = solve(&task).expect("five hundred places have it");
        let simple = greedy::choose(&task);
        assert!(found.cost <= simple.cost, "{} after {}", found.cost, simple.cost);
        assert!(found.bound <= found.cost && found.cost - found.bound <= found.cost / 4);
        assert_eq!(price(&task, &found.shares), found.cost);
    }
}

#[test]
fn the_same_order_is_decided_the_same_way_again() {
    let (wanted, offers) = large(7, 20, 200);
    let refs: Vec<&Offer> = offers.iter().collect();
    let task = Task {
        wanted: &wanted,
        offers: &refs,
        split: 800,
        parcels: 8,
        unit: 1,
    };
    assert_eq!(solve(&task), solve(&task));
}

#[test]
fn thousands_of_pieces_are_no_trouble() {
    let supply = |most, flat| Supply {
        most,
        flat,
        rising: None,
    };
    let offers: Vec<Offer> = (0..60)
        .map(|n| Offer {
            fixed: 100 + n,
            supplies: vec![supply(9_999 / 3 + n, 10 + n)],
        })
        .collect();
    let refs: Vec<&Offer> = offers.iter().collect();
    let task = Task {
        wanted: &[9_999],
        offers: &refs,
        split: 0,
        parcels: 8,
        unit: 1,
    };
    let found = solve(&task).expect("it is there");
    assert_eq!(found.shares.iter().map(|(_, q)| q[0]).sum::<i64>(), 9_999);
    assert_eq!(found.bound, found.cost);
}
