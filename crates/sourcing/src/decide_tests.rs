//! The floor of behaviour of sourcing: cases every chain meets.

use base::{PlaceId, ProductId};
use places::PlaceKind;
use proptest::prelude::*;

use crate::decide::{Decision, Reason, TierOutcome, decide};
use crate::problem::{Ask, Candidate, Problem, Way};
use crate::rules::{ProductLimit, Rules, ShipTo, Tier};

fn place(available: &[i64]) -> Candidate {
    Candidate {
        place_id: PlaceId::new(),
        kind: PlaceKind::Store,
        active: true,
        offers: true,
        sold_from: true,
        rejected_before: false,
        distance_m: Some(10_000),
        same_city: true,
        same_province: true,
        available: available.to_vec(),
        sold: Vec::new(),
        ready_minutes: Some(60),
        open: 0,
        taken: 0,
        capacity: None,
        reject_ppm: 0,
    }
}

fn km(mut candidate: Candidate, km: i64) -> Candidate {
    candidate.distance_m = Some(km * 1_000);
    candidate
}

fn of_kind(mut candidate: Candidate, kind: PlaceKind) -> Candidate {
    candidate.kind = kind;
    candidate
}

fn order(wanted: &[i64], candidates: &[Candidate]) -> Problem {
    Problem {
        lines: wanted
            .iter()
            .map(|quantity| Ask {
                product_id: None,
                quantity: *quantity,
            })
            .collect(),
        way: Way::Parcel {
            province: "浙江省".into(),
        },
        promise_minutes: None,
        candidates: candidates.to_vec(),
    }
}

/// Pieces by candidate and line; none for those that do not serve.
fn served(decision: &Decision, candidates: usize) -> Vec<Vec<i64>> {
    let of = |at: usize| decision.shares.iter().find(|s| s.candidate == at);
    (0..candidates)
        .map(|at| of(at).map(|s| s.quantities.clone()).unwrap_or_default())
        .collect()
}

fn with_tiers(tiers: &[Tier]) -> Rules {
    Rules {
        tiers: tiers.to_vec(),
        ..Rules::default()
    }
}

/// Only what is named costs anything.
fn free() -> Rules {
    let mut rules = with_tiers(&[]);
    let costs = &mut rules.costs;
    for band in &mut costs.carrier {
        (band.first_minor, band.more_minor) = (0, 0);
    }
    costs.distance_100km_minor = 0;
    costs.handling.store.parcel_minor = 0;
    costs.handling.store.piece_minor = 0;
    costs.cover.piece_minor = 0;
    costs.markdown.piece_minor = 0;
    rules
}

#[test]
fn packing_table_none_some_enough_in_the_first_the_second_only_across_two_only_across_three() {
    let none: &[Vec<i64>] = &[];
    type Case<'a> = (&'a str, i64, [i64; 3], &'a [Vec<i64>]);
    let table: &[Case<'_>] = &[
        ("nobody has any", 3, [0, 0, 0], none),
        ("some, not enough", 6, [2, 2, 1], none),
        ("enough in the first", 3, [3, 3, 3], &[vec![3], vec![], vec![]]),
        (
            "enough in the second only",
            3,
            [2, 3, 0],
            &[vec![], vec![3], vec![]],
        ),
        ("only across two", 5, [3, 2, 0], &[vec![3], vec![2], vec![]]),
        (
            "only across two, not the first",
            5,
            [0, 3, 2],
            &[vec![], vec![3], vec![2]],
        ),
        ("only across three", 6, [3, 2, 1], &[vec![3], vec![2], vec![1]]),
    ];
    for (case, wanted, stock, expected) in table {
        let candidates: Vec<Candidate> = stock
            .iter()
            .zip([5, 10, 20])
            .map(|(stock, away)| km(place(&[*stock]), away))
            .collect();
        let decision = decide(&Rules::default(), &order(&[*wanted], &candidates));
        if expected.is_empty() {
            assert!(decision.shares.is_empty(), "{case}");
        } else {
            assert_eq!(served(&decision, 3), *expected, "{case}");
        }
    }
}

#[test]
fn ten_lines_one_store_has_all_is_one_shipment_although_a_nearer_store_has_nine() {
    let mut nine = vec![1; 10];
    nine[9] = 0;
    let candidates = [km(place(&nine), 1), km(place(&[1; 10]), 900)];
    let decision = decide(&Rules::default(), &order(&[1; 10], &candidates));
    assert_eq!(served(&decision, 2), [vec![], vec![1; 10]]);
}

#[test]
fn order_ten_a_has_six_b_has_ten_is_six_and_four_where_a_is_the_cheaper_hand() {
    let mut rules = free();
    rules.costs.handling.warehouse = rules.costs.handling.store;
    rules.costs.handling.store.piece_minor = 100;
    rules.costs.handling.warehouse.piece_minor = 1;
    rules.costs.split_minor = 50;
    let a = of_kind(place(&[6]), PlaceKind::Warehouse);
    let candidates = [a, place(&[10])];
    let decision = decide(&rules, &order(&[10], &candidates));
    assert_eq!(served(&decision, 2), [vec![6], vec![4]]);
    // And in one parcel where a split costs more than it saves.
    rules.costs.split_minor = 100_000;
    let decision = decide(&rules, &order(&[10], &candidates));
    assert_eq!(served(&decision, 2), [vec![], vec![10]]);
}

#[test]
fn order_ten_a_has_six_b_has_five_is_exactly_ten() {
    let candidates = [km(place(&[6]), 1), km(place(&[5]), 2)];
    let decision = decide(&Rules::default(), &order(&[10], &candidates));
    let sum: i64 = decision.shares.iter().flat_map(|s| &s.quantities).sum();
    assert_eq!((decision.shares.len(), sum), (2, 10));
}

#[test]
fn a_store_at_its_daily_cap_is_skipped_and_says_so() {
    let mut full = km(place(&[5]), 1);
    (full.capacity, full.taken) = (Some(3), 3);
    let mut one_left = km(place(&[5]), 2);
    (one_left.capacity, one_left.taken) = (Some(3), 2);
    let decision = decide(&Rules::default(), &order(&[1], &[full, one_left]));
    assert_eq!(served(&decision, 2), [vec![], vec![1]]);
    assert_eq!(decision.judged[0].reason, Some(Reason::Full { capacity: 3 }));
    assert!(
        decision.judged[0].cost_minor > 0,
        "its numbers are shown all the same"
    );
}

#[test]
fn collect_place_first_even_if_another_store_has_more() {
    let chosen = km(place(&[1]), 0);
    let mut more = km(place(&[99]), 0);
    more.distance_m = Some(0);
    let mut problem = order(&[1], &[more, chosen.clone()]);
    problem.way = Way::Collect {
        chosen: chosen.place_id,
    };
    let decision = decide(&Rules::default(), &problem);
    assert_eq!(served(&decision, 2), [vec![], vec![1]]);
    assert_eq!(decision.tiers[0], (Tier::CollectPlaceFirst, TierOutcome::Applied));
    assert_eq!(decision.judged[0].behind, Some(Tier::CollectPlaceFirst));
}

#[test]
fn an_order_to_collect_is_never_in_two_places_and_never_too_far() {
    let chosen = place(&[1, 0]);
    let (near, far) = (km(place(&[1, 1]), 29), km(place(&[1, 1]), 31));
    let mut problem = order(&[1, 1], &[chosen.clone(), far.clone()]);
    problem.way = Way::Collect {
        chosen: chosen.place_id,
    };
    let decision = decide(&Rules::default(), &problem);
    assert!(decision.shares.is_empty());
    assert_eq!(decision.judged[1].reason, Some(Reason::TooFar { km: 30 }));
    problem.candidates.push(near);
    assert_eq!(
        served(&decide(&Rules::default(), &problem), 3),
        [vec![], vec![], vec![1, 1]]
    );
}

#[test]
fn warehouses_before_stores_whenever_they_can_serve_everything() {
    let rules = with_tiers(&[Tier::KindFirst {
        kind: PlaceKind::Warehouse,
    }]);
    let store = km(place(&[9, 9]), 1);
    let warehouse = |stock: &[i64]| of_kind(km(place(stock), 900), PlaceKind::Warehouse);
    let candidates = [store.clone(), warehouse(&[9, 9])];
    let decision = decide(&rules, &order(&[1, 1], &candidates));
    assert_eq!(served(&decision, 2), [vec![], vec![1, 1]]);
    assert_eq!(
        decision.judged[0].behind,
        Some(Tier::KindFirst {
            kind: PlaceKind::Warehouse
        })
    );
    // Two warehouses together count as well; one that lacks a line does not.
    let candidates = [store.clone(), warehouse(&[9, 0]), warehouse(&[0, 9])];
    assert_eq!(
        served(&decide(&rules, &order(&[1, 1], &candidates)), 3),
        [vec![], vec![1, 0], vec![0, 1]]
    );
    let candidates = [store, warehouse(&[9, 0])];
    let decision = decide(&rules, &order(&[1, 1], &candidates));
    assert_eq!(served(&decision, 2), [vec![1, 1], vec![]]);
    assert_eq!(decision.tiers[0].1, TierOutcome::PassedOver);
}

#[test]
fn the_order_of_tiers_decides() {
    let warehouse = |stock: &[i64]| of_kind(km(place(stock), 300), PlaceKind::Warehouse);
    let candidates = [place(&[1, 1]), warehouse(&[1, 0]), warehouse(&[0, 1])];
    let first = Tier::KindFirst {
        kind: PlaceKind::Warehouse,
    };
    let problem = order(&[1, 1], &candidates);
    let decision = decide(&with_tiers(&[first, Tier::FewestParcels]), &problem);
    assert_eq!(decision.shares.len(), 2);
    let decision = decide(&with_tiers(&[Tier::FewestParcels, first]), &problem);
    assert_eq!(served(&decision, 3), [vec![1, 1], vec![], vec![]]);
}

#[test]
fn nobody_is_refused_who_could_be_served_in_more_parcels_than_usual() {
    let candidates: Vec<Candidate> = (0..7).map(|_| place(&[1])).collect();
    let decision = decide(&Rules::default(), &order(&[6], &candidates));
    assert_eq!(decision.shares.len(), 6);
}

#[test]
fn every_limit_leaves_out_with_its_reason() {
    let mut rules = Rules::default();
    let product = ProductId::new();
    let mut candidates: Vec<Candidate> = (0..11).map(|_| place(&[1])).collect();
    candidates[0].active = false;
    candidates[1].offers = false;
    candidates[2].rejected_before = true;
    rules.limits.excluded_places.push(candidates[3].place_id);
    candidates[4].kind = PlaceKind::PickupPoint;
    candidates[5].ready_minutes = None;
    rules.limits.max_distance_km = Some(500);
    candidates[6].distance_m = Some(500_001);
    rules.limits.ship_to.push(ShipTo {
        place_id: candidates[7].place_id,
        provinces: vec!["上海".into()],
    });
    rules.limits.ship_to.push(ShipTo {
        place_id: candidates[10].place_id,
        provinces: vec!["浙江".into()],
    });
    rules.limits.products.push(ProductLimit {
        product_id: product,
        kinds: vec![PlaceKind::Store],
    });
    candidates[8].kind = PlaceKind::Warehouse;
    candidates[9].available = vec![0];
    let mut problem = order(&[1], &candidates);
    problem.lines[0].product_id = Some(product);
    let decision = decide(&rules, &problem);
    let reasons: Vec<Option<Reason>> = decision.judged.iter().map(|j| j.reason).collect();
    assert_eq!(
        reasons,
        [
            Some(Reason::Inactive),
            Some(Reason::NotOffered),
            Some(Reason::Rejected),
            Some(Reason::Excluded),
            Some(Reason::KindExcluded),
            Some(Reason::Closed),
            Some(Reason::TooFar { km: 500 }),
            Some(Reason::NotShippedTo),
            Some(Reason::ProductsStay),
            Some(Reason::Nothing),
            None,
        ]
    );
    assert_eq!(decision.shares[0].candidate, 10);
}

#[test]
fn the_last_pieces_of_a_store_that_sells_quickly_are_dear_and_slow_stock_is_cheap() {
    let mut rules = free();
    rules.costs.cover.piece_minor = 300;
    let (mut quick, mut calm) = (place(&[2]), place(&[2]));
    quick.sold = vec![Some(28)];
    calm.sold = vec![Some(1)];
    let candidates = [quick.clone(), calm.clone()];
    let decision = decide(&rules, &order(&[1], &candidates));
    assert_eq!(served(&decision, 2), [vec![], vec![1]]);
    let cover = |at: usize| decision.judged[at].cost_minor;
    // One a day, seven days wanted: with one piece left one day is, six of seven are lacking.
    assert_eq!((cover(0), cover(1)), (300 * 6 / 7, 0));

    rules.costs.cover.piece_minor = 0;
    rules.costs.markdown.piece_minor = 100;
    calm.available = vec![50];
    let decision = decide(&rules, &order(&[1], &[quick, calm]));
    assert_eq!(
        served(&decision, 2),
        [vec![], vec![1]],
        "fifty pieces at one a month lie too long"
    );
    assert_eq!(decision.total_minor, -100);
}

#[test]
fn lateness_load_and_rejections_are_weighed() {
    let mut rules = free();
    rules.costs.promise_hours = 24;
    rules.costs.late_hour_minor = 10;
    rules.costs.load_minor = 3;
    rules.costs.reject_minor = 1_000;
    let (mut late, mut busy, mut unsure) = (place(&[1]), place(&[1]), place(&[1]));
    late.ready_minutes = Some(61);
    busy.ready_minutes = Some(0);
    busy.open = 5;
    unsure.ready_minutes = Some(0);
    unsure.reject_ppm = 14_500;
    let decision = decide(&rules, &order(&[1], &[late, busy, unsure]));
    let costs: Vec<i64> = decision.judged.iter().map(|j| j.cost_minor).collect();
    assert_eq!(costs, [20, 15, 14], "an hour and a minute count as two hours");
    assert_eq!(decision.judged[0].late_minutes, 61);
    assert_eq!(served(&decision, 3), [vec![], vec![], vec![1]]);
}

proptest! {
    #[test]
    fn what_is_said_adds_up(
        wanted in prop::collection::vec(1_i64..8, 1..5),
        stocks in prop::collection::vec((prop::collection::vec(0_i64..8, 5), 0_i64..900, 0_i64..60, any::<bool>()), 1..9),
    ) {
        let candidates: Vec<Candidate> = stocks
            .iter()
            .map(|(stock, away, sold, warehouse)| {
                let mut candidate = km(place(&stock[..wanted.len()]), *away);
                candidate.sold = vec![Some(*sold); wanted.len()];
                candidate.kind = if *warehouse { PlaceKind::Warehouse } else { PlaceKind::Store };
                candidate.ready_minutes = Some(away * 10);
                candidate
            })
            .collect();
        let rules = with_tiers(&[Tier::OnTime, Tier::KindFirst { kind: PlaceKind::Warehouse }]);
        let decision = decide(&rules, &order(&wanted, &candidates));
        let enough = (0..wanted.len()).all(|l| candidates.iter().map(|c| c.available[l]).sum::<i64>() >= wanted[l]);
        prop_assert_eq!(!decision.shares.is_empty(), enough, "served exactly when it is there");
        for judged in &decision.judged {
            prop_assert_eq!(judged.terms.iter().map(|(_, c)| c).sum::<i64>(), judged.cost_minor);
        }
        let chosen: i64 = decision.judged.iter().filter(|j| j.chosen).map(|j| j.cost_minor).sum();
        prop_assert_eq!(chosen + decision.split_minor, decision.total_minor, "the places and the splits");
        for share in &decision.shares {
            let has = &candidates[share.candidate].available;
            prop_assert!(share.quantities.iter().zip(has).all(|(q, a)| q <= a));
        }
        for (line, quantity) in wanted.iter().enumerate().filter(|_| enough) {
            prop_assert_eq!(decision.shares.iter().map(|s| s.quantities[line]).sum::<i64>(), *quantity);
        }
    }
}
