//! What must hold of every generated chain, whatever its seed and size.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use demo::{
    Chain, Fulfilment, IssueState, MovementKind, OrderState, Outcome, PlaceKind, Plan, Size, Source,
    VoiceState, generate,
};
use proptest::prelude::*;

fn plan(seed: u64, orders: usize) -> Plan {
    Plan {
        seed,
        as_of: "2026-11-23T14:10:00+08:00".parse().unwrap(),
        size: Size {
            stores: 12,
            members: 900,
            orders,
            days: 183,
        },
    }
}

fn small() -> Chain {
    generate(&plan(7, 3_000))
}

/// Every part of a chain as text; a chain is the same when its text is.
fn written(chain: &Chain) -> String {
    format!("{chain:?}")
}

#[test]
fn the_same_plan_makes_the_same_chain_and_another_seed_another() {
    let plan = plan(7, 600);
    assert_eq!(written(&generate(&plan)), written(&generate(&plan)));
    assert_ne!(
        written(&generate(&plan)),
        written(&generate(&Plan { seed: 8, ..plan }))
    );
}

#[test]
fn history_ends_now() {
    let chain = small();
    let now = chain.as_of;
    for order in &chain.orders {
        let steps = &order.steps;
        let all = [
            steps.paid,
            steps.allocated,
            steps.ready,
            steps.shipped,
            steps.received,
            steps.closed,
            steps.cancelled,
            steps.expired,
            steps.rejected,
        ];
        assert!(
            order.placed_at <= now
                && all
                    .into_iter()
                    .flatten()
                    .all(|at| at <= now && at >= order.placed_at)
        );
        assert!(
            order
                .returns
                .iter()
                .all(|goods| goods.at <= now && Some(goods.at) > steps.received)
        );
        if let Some(member) = order.member {
            assert!(
                chain.members[member].joined_at <= order.placed_at,
                "bought before joining"
            );
        }
    }
    assert!(chain.movements.iter().all(|movement| movement.at <= now));
    assert!(
        chain
            .voices
            .iter()
            .filter_map(|voice| voice.at)
            .all(|at| at <= now)
    );
    assert!(chain.orders.is_sorted_by_key(|order| order.placed_at));
    assert!(chain.movements.is_sorted_by_key(|movement| movement.at));
}

#[test]
fn money_adds_up() {
    for order in &small().orders {
        assert!(
            order
                .lines
                .iter()
                .all(|line| line.quantity > 0 && line.total_minor() > 0)
        );
        let lines: i64 = order.lines.iter().map(demo::Line::total_minor).sum();
        assert_eq!(order.total_minor(), lines + order.shipping_minor);
        let last = order.payments.last().unwrap();
        assert!(
            order
                .payments
                .iter()
                .all(|payment| payment.amount_minor == order.total_minor())
        );
        assert_eq!(last.outcome == Outcome::Captured, order.steps.paid.is_some());
        let refunds: i64 = order.returns.iter().map(|goods| goods.refund_minor).sum();
        let cancelled = if order.steps.cancelled.is_some() {
            order.total_minor()
        } else {
            0
        };
        assert_eq!(last.refunded_minor, refunds + cancelled);
        for goods in &order.returns {
            assert_eq!(
                goods.refund_minor,
                goods.lines.iter().map(|line| line.refund_minor).sum::<i64>()
            );
            for line in &goods.lines {
                let sold = &order.lines[line.line];
                assert!(line.quantity > 0 && sold.returned <= sold.quantity);
                assert!(line.refund_minor <= sold.total_minor());
            }
        }
    }
}

fn assert_books(chain: &Chain) {
    let mut balances: HashMap<(usize, usize), (i64, i64)> = HashMap::new();
    for movement in &chain.movements {
        let balance = balances.entry((movement.place, movement.sku)).or_default();
        if movement.kind.sets_aside() {
            balance.1 += movement.quantity;
        } else {
            balance.0 += movement.quantity;
        }
        assert!(
            balance.0 >= balance.1 && balance.1 >= 0,
            "below zero on the way: {movement:?}"
        );
    }
    assert_eq!(chain.levels.len(), chain.skus.len() * chain.places.len());
    for level in &chain.levels {
        let (on_hand, quarantined) = balances[&(level.place, level.sku)];
        assert_eq!((level.on_hand, level.quarantined), (on_hand, quarantined));
        assert!(
            level.on_hand - level.quarantined - level.reserved - level.safety_stock >= 0,
            "{level:?}"
        );
    }
}

#[test]
fn every_balance_is_the_sum_of_its_ledger() {
    assert_books(&small());
}

#[test]
fn goods_move_for_a_reason_and_once() {
    let chain = small();
    let mut sold: BTreeMap<usize, i64> = BTreeMap::new();
    let mut back: BTreeMap<usize, i64> = BTreeMap::new();
    let mut transit: BTreeMap<usize, i64> = BTreeMap::new();
    for movement in &chain.movements {
        match (movement.kind, movement.source) {
            (MovementKind::Sale, Source::Order(order)) => {
                *sold.entry(order).or_default() -= movement.quantity
            }
            (MovementKind::Return, Source::Return(order)) => {
                *back.entry(order).or_default() += movement.quantity
            }
            (MovementKind::Sale | MovementKind::Return, source) => panic!("{source:?}"),
            (MovementKind::TransferIn | MovementKind::TransferOut, _) => {
                assert!(movement.counterpart.is_some());
                *transit.entry(movement.sku).or_default() -= movement.quantity;
            }
            _ => {}
        }
    }
    for (index, order) in chain.orders.iter().enumerate() {
        let pieces: i64 = order.lines.iter().map(|line| line.quantity).sum();
        let gone = match order.fulfilment {
            Fulfilment::Delivery { .. } => order.steps.shipped.is_some(),
            _ => order.steps.received.is_some(),
        };
        assert_eq!(
            sold.get(&index).copied().unwrap_or(0),
            if gone { pieces } else { 0 }
        );
        let returned: i64 = order.lines.iter().map(|line| line.returned).sum();
        assert_eq!(back.get(&index).copied().unwrap_or(0), returned);
    }
    for (sku, on_the_way) in transit {
        let expected: i64 = chain
            .levels
            .iter()
            .filter(|level| level.sku == sku)
            .map(|level| level.in_transit)
            .sum();
        assert_eq!(on_the_way, expected, "what left and did not arrive is in transit");
    }
    let promised: i64 = chain.levels.iter().map(|level| level.reserved).sum();
    let waiting: i64 = chain
        .orders
        .iter()
        .filter(|order| order.keeps_goods_waiting())
        .flat_map(|order| &order.lines)
        .map(|line| line.quantity)
        .sum();
    assert_eq!(promised, waiting);
}

#[test]
fn nothing_is_named_twice() {
    let chain = small();
    let mut ids: Vec<String> = Vec::new();
    ids.extend(chain.places.iter().map(|row| row.id.uuid().to_string()));
    ids.extend(chain.categories.iter().map(|row| row.id.uuid().to_string()));
    ids.extend(chain.products.iter().map(|row| row.id.uuid().to_string()));
    ids.extend(
        chain
            .products
            .iter()
            .flat_map(|row| &row.pictures)
            .map(|row| row.id.uuid().to_string()),
    );
    ids.extend(chain.skus.iter().map(|row| row.id.uuid().to_string()));
    ids.extend(chain.members.iter().map(|row| row.id.uuid().to_string()));
    ids.extend(
        chain
            .orders
            .iter()
            .flat_map(|row| [row.id.uuid().to_string(), row.fulfilment_id.uuid().to_string()]),
    );
    ids.extend(
        chain
            .orders
            .iter()
            .flat_map(|row| &row.lines)
            .map(|row| row.id.uuid().to_string()),
    );
    ids.extend(
        chain
            .orders
            .iter()
            .flat_map(|row| &row.payments)
            .map(|row| row.id.uuid().to_string()),
    );
    ids.extend(chain.movements.iter().map(|row| row.id.uuid().to_string()));
    ids.extend(
        chain
            .voices
            .iter()
            .filter_map(|row| row.feedback)
            .map(|id| id.uuid().to_string()),
    );
    ids.extend(
        chain
            .voices
            .iter()
            .filter_map(|row| row.survey)
            .map(|(id, _)| id.uuid().to_string()),
    );
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
}

#[test]
fn every_text_exists_in_both_languages() {
    let chain = small();
    let mut texts: Vec<&base::Text> = Vec::new();
    for place in &chain.places {
        let address = &place.address;
        texts.extend([
            &place.name,
            &address.province,
            &address.city,
            &address.district,
            &address.line,
        ]);
    }
    texts.extend(chain.categories.iter().map(|row| &row.name));
    for product in &chain.products {
        texts.extend([&product.name, &product.brand, &product.description]);
        texts.extend(product.attributes.iter().flat_map(|row| [&row.label, &row.value]));
        texts.extend(product.pictures.iter().map(|row| &row.alt));
    }
    texts.extend(chain.skus.iter().map(|row| &row.option));
    texts.extend(chain.staff.iter().flat_map(|row| [&row.name, &row.title]));
    texts.extend(chain.members.iter().map(|row| &row.name));
    texts.extend(
        chain
            .members
            .iter()
            .flat_map(|row| row.tags.iter().chain(&row.notes)),
    );
    for issue in &chain.issues {
        texts.extend([&issue.title, &issue.cause]);
        texts.extend(issue.actions.iter().map(|row| &row.title).chain(&issue.answer));
    }
    for text in texts {
        assert!(
            !text.zh.trim().is_empty() && !text.en.trim().is_empty(),
            "{text:?}"
        );
        assert!(
            text.en.chars().all(|c| c.is_ascii() || c == 'ü' || c == 'Ü'),
            "not English: {text:?}"
        );
        assert!(!text.zh.contains('{') && !text.en.contains('{'), "{text:?}");
    }
}

#[test]
fn voices_speak_the_language_they_claim() {
    let chain = small();
    let spoken: Vec<_> = chain
        .voices
        .iter()
        .filter(|voice| !voice.text.is_empty())
        .collect();
    assert!(spoken.len() > 300, "{}", spoken.len());
    for voice in &spoken {
        assert!(
            !voice.text.contains('{') && !voice.text.trim().is_empty(),
            "{}",
            voice.text
        );
        assert_eq!(voice.english, voice.text.is_ascii(), "{}", voice.text);
    }
    let distinct: BTreeSet<&str> = spoken.iter().map(|voice| voice.text.as_str()).collect();
    assert!(
        distinct.len() * 10 > spoken.len() * 5,
        "{} of {} differ",
        distinct.len(),
        spoken.len()
    );
    assert!(spoken.iter().any(|voice| voice.english));
}

#[test]
fn the_stories_are_there() {
    let chain = small();
    let hubin = 0;
    let of = |place, state| {
        chain
            .orders
            .iter()
            .filter(|order| order.place == place && order.state() == state)
            .count()
    };
    assert!(of(hubin, OrderState::Allocated) >= 3 && of(hubin, OrderState::Ready) >= 2);
    assert!(of(hubin, OrderState::PendingPayment) >= 1);
    assert!(
        chain
            .orders
            .iter()
            .any(|order| order.state() == OrderState::NeedsDecision)
    );

    let free = |code: &str, place: usize| {
        let sku = chain.skus.iter().position(|sku| sku.code == code).unwrap();
        let level = chain
            .levels
            .iter()
            .find(|level| level.sku == sku && level.place == place)
            .unwrap();
        level.on_hand - level.quarantined - level.reserved - level.safety_stock
    };
    let warehouse = chain
        .places
        .iter()
        .position(|place| place.kind == PlaceKind::Warehouse)
        .unwrap();
    assert_eq!(
        [
            free("LP01-105", 0),
            free("LP01-105", 1),
            free("LP01-105", warehouse)
        ],
        [0, 2, 14]
    );
    assert_eq!(free("SR01-30", hubin), 3);

    let week_ago = chain.as_of.before(std::time::Duration::from_secs(7 * 86_400));
    let leaks = |rising: bool| {
        chain
            .voices
            .iter()
            .filter(|voice| {
                voice.aspect == Some(demo::Aspect::PumpLeak) && (voice.at > Some(week_ago)) == rising
            })
            .collect::<Vec<_>>()
    };
    let rising = leaks(true);
    assert_eq!((rising.len(), leaks(false).len()), (17, 84));
    assert!(
        rising
            .iter()
            .all(|voice| voice.issue.is_none() && voice.state == VoiceState::New)
    );
    let cities: BTreeSet<&str> = rising
        .iter()
        .map(|voice| {
            chain.places[chain.members[voice.member.unwrap()].home]
                .address
                .city
                .zh
                .as_str()
        })
        .collect();
    assert!(cities.len() >= 4, "{cities:?}");

    let states: Vec<_> = chain.issues.iter().map(|issue| issue.state).collect();
    assert_eq!(
        states,
        [IssueState::Closed, IssueState::Closed, IssueState::Proving]
    );
    for (index, issue) in chain.issues.iter().enumerate() {
        assert!(
            chain
                .voices
                .iter()
                .filter(|voice| voice.issue == Some(index))
                .count()
                >= 3,
            "{}",
            issue.title.en
        );
        assert_eq!(issue.answer.is_some(), issue.state == IssueState::Closed);
    }
    let heroine: Vec<_> = chain
        .orders
        .iter()
        .filter(|order| order.member == Some(0))
        .collect();
    assert_eq!(
        heroine.iter().map(|order| order.channel).collect::<Vec<_>>(),
        ["app", "store", "store"]
    );
}

#[test]
fn most_orders_are_done_and_every_state_occurs() {
    let chain = small();
    let mut states: BTreeMap<OrderState, usize> = BTreeMap::new();
    for order in &chain.orders {
        *states.entry(order.state()).or_default() += 1;
    }
    assert!(
        states[&OrderState::Closed] * 10 > chain.orders.len() * 7,
        "{states:?}"
    );
    assert!(states.len() >= 11, "{states:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_seed_size_and_hour_keeps_its_books(
        seed: u64, stores in 1_usize..70, members in 1_usize..400, orders in 1_usize..500, minute in 0_i64..527_040,
    ) {
        let as_of = base::Time::from_seconds(1_775_000_000 + minute * 60);
        let chain = generate(&Plan { seed, as_of, size: Size { stores, members, orders, days: 160 } });
        assert_books(&chain);
        prop_assert!(chain.orders.iter().all(|order| order.placed_at <= as_of));
        prop_assert!(chain.voices.iter().all(|voice| voice.at.is_none_or(|at| at <= as_of)));
    }
}

#[test]
fn visitors_are_counted_where_there_is_a_counter_and_more_come_than_buy() {
    let chain = small();
    let stores = chain
        .places
        .iter()
        .filter(|place| place.kind == PlaceKind::Store)
        .count();
    let recent = chain
        .as_of
        .before(std::time::Duration::from_secs(30 * 24 * 3_600));
    let figures = |place: usize| {
        let visits = chain
            .visits
            .iter()
            .filter(|v| v.place == place && v.from >= recent);
        let bought = chain.orders.iter().filter(|order| {
            let is_sale = !matches!(order.state(), OrderState::Cancelled | OrderState::Expired);
            order.channel == "store" && order.place == place && order.placed_at >= recent && is_sale
        });
        (visits.map(|v| v.entered).sum::<i64>(), bought.count() as i64)
    };
    for place in 0..stores - 2 {
        let (visits, bought) = figures(place);
        assert!(
            visits > 3 * bought && visits < 40 * bought.max(1),
            "{place}: {visits} {bought}"
        );
    }
    assert_eq!(figures(stores - 2).0, 0, "has no counter");
    let (visits, bought) = figures(stores - 1);
    assert!(
        0 < bought && visits < bought,
        "its counter is broken: {visits} {bought}"
    );
    assert!(
        chain
            .visits
            .iter()
            .all(|v| v.from < v.to && v.to <= chain.as_of && v.entered >= 0)
    );
}
