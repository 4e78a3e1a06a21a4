//! Random lives of a few balances, beside a reference simple enough to be right.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::common::{World, worlds};
use base::{HoldId, PlaceId, SkuId, Time};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use stock::{HoldState, Key, MovementKind, NewMovement};

const BALANCES: usize = 3;
const STEPS: usize = 250;

#[derive(Clone, Debug)]
enum Step {
    Receive {
        at: usize,
        quantity: i64,
    },
    WriteOff {
        at: usize,
        quantity: i64,
    },
    SetAside {
        at: usize,
        quantity: i64,
    },
    Clear {
        at: usize,
        quantity: i64,
    },
    Hold {
        lines: Vec<(usize, i64)>,
        seconds: Option<u64>,
    },
    Confirm {
        nth: usize,
    },
    Commit {
        nth: usize,
    },
    CommitOne {
        nth: usize,
    },
    Release {
        nth: usize,
    },
    Sweep,
    Wait {
        seconds: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..BALANCES;
    let quantity = 1_i64..6;
    let lines = prop::collection::vec((0..BALANCES, 1_i64..4), 1..4);
    prop_oneof![
        3 => (at.clone(), quantity.clone()).prop_map(|(at, quantity)| Step::Receive { at, quantity }),
        1 => (at.clone(), quantity.clone()).prop_map(|(at, quantity)| Step::WriteOff { at, quantity }),
        1 => (at.clone(), quantity.clone()).prop_map(|(at, quantity)| Step::SetAside { at, quantity }),
        1 => (at, quantity).prop_map(|(at, quantity)| Step::Clear { at, quantity }),
        6 => (lines, prop::option::weighted(0.8, 1_u64..40)).prop_map(|(lines, seconds)| Step::Hold { lines, seconds }),
        2 => any::<usize>().prop_map(|nth| Step::Confirm { nth }),
        2 => any::<usize>().prop_map(|nth| Step::Commit { nth }),
        1 => any::<usize>().prop_map(|nth| Step::CommitOne { nth }),
        2 => any::<usize>().prop_map(|nth| Step::Release { nth }),
        1 => Just(Step::Sweep),
        2 => (1_u64..20).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

#[derive(Clone, Debug)]
struct RefHold {
    id: HoldId,
    lines: BTreeMap<usize, i64>,
    /// What was wanted and neither committed nor released: what a late confirmation takes anew.
    wanted: BTreeMap<usize, i64>,
    ends: Option<Time>,
    over: bool,
}

impl RefHold {
    fn live(&self, now: Time) -> bool {
        !self.over && self.ends.is_none_or(|ends| now < ends)
    }
}

#[derive(Default)]
struct Reference {
    on_hand: [i64; BALANCES],
    quarantined: [i64; BALANCES],
    holds: Vec<RefHold>,
}

impl Reference {
    fn reserved(&self, at: usize, now: Time) -> i64 {
        let live = self.holds.iter().filter(|hold| hold.live(now));
        live.map(|hold| hold.lines.get(&at).copied().unwrap_or(0)).sum()
    }
    fn available(&self, at: usize, now: Time) -> i64 {
        self.on_hand[at] - self.quarantined[at] - self.reserved(at, now)
    }
    fn fits(&self, lines: &BTreeMap<usize, i64>, now: Time) -> bool {
        lines
            .iter()
            .all(|(at, quantity)| self.available(*at, now) >= *quantity)
    }
}

async fn live_through(w: &World, life: usize, steps: Vec<Step>) {
    let keys: Vec<Key> = (0..BALANCES)
        .map(|_| Key::new(SkuId::new(), PlaceId::new()))
        .collect();
    let mut model = Reference::default();
    let record = async |kind, at: usize, quantity| {
        w.record(NewMovement::new(
            kind,
            keys[at].sku_id,
            keys[at].place_id,
            quantity,
        ))
        .await
        .is_ok()
    };
    for at in 0..BALANCES {
        assert!(record(MovementKind::Receipt, at, 1).await);
        model.on_hand[at] = 1;
    }
    for (nth_step, step) in steps.into_iter().enumerate() {
        let now = w.t.db.now().await.unwrap();
        match step.clone() {
            Step::Receive { at, quantity } => {
                assert!(record(MovementKind::Receipt, at, quantity).await);
                model.on_hand[at] += quantity;
            }
            Step::WriteOff { at, quantity } => {
                let expected = model.available(at, now) >= quantity;
                assert_eq!(
                    record(MovementKind::Damage, at, quantity).await,
                    expected,
                    "{step:?}"
                );
                model.on_hand[at] -= if expected { quantity } else { 0 };
            }
            Step::SetAside { at, quantity } => {
                let expected = model.available(at, now) >= quantity;
                assert_eq!(
                    record(MovementKind::Quarantine, at, quantity).await,
                    expected,
                    "{step:?}"
                );
                model.quarantined[at] += if expected { quantity } else { 0 };
            }
            Step::Clear { at, quantity } => {
                let expected = model.quarantined[at] >= quantity;
                assert_eq!(
                    record(MovementKind::Release, at, quantity).await,
                    expected,
                    "{step:?}"
                );
                model.quarantined[at] -= if expected { quantity } else { 0 };
            }
            Step::Hold { lines, seconds } => {
                let mut wanted: BTreeMap<usize, i64> = BTreeMap::new();
                for (at, quantity) in &lines {
                    *wanted.entry(*at).or_default() += quantity;
                }
                let ends = seconds.map(|s| now.after(Duration::from_secs(s)));
                let lines: Vec<_> = lines
                    .iter()
                    .map(|(at, quantity)| (keys[*at], *quantity))
                    .collect();
                let expected = model.fits(&wanted, now);
                let owner = format!("owner-{life}-{nth_step}");
                // Every other hold goes through the grouping task.
                let outcome = if nth_step % 2 == 0 {
                    w.hold(&owner, &lines, ends).await
                } else {
                    w.stock
                        .hold(
                            &crate::common::system(),
                            crate::common::request(&owner, &lines, ends),
                        )
                        .await
                };
                assert_eq!(outcome.is_ok(), expected, "{step:?} {outcome:?}");
                if let Ok(hold) = outcome {
                    let lines = wanted.clone();
                    model.holds.push(RefHold {
                        id: hold.id,
                        lines,
                        wanted,
                        ends,
                        over: false,
                    });
                }
            }
            Step::Wait { seconds } => w.t.clock.advance(Duration::from_secs(seconds)),
            Step::Sweep => drop(w.stock.holds_expire_due(100).await.unwrap()),
            Step::Confirm { nth }
            | Step::Commit { nth }
            | Step::CommitOne { nth }
            | Step::Release { nth } => {
                if model.holds.is_empty() {
                    continue;
                }
                let nth = nth % model.holds.len();
                touch(w, &keys, &mut model, nth, &step, now).await;
            }
        }
        check(w, &keys, &model).await;
    }
}

async fn touch(w: &World, keys: &[Key], model: &mut Reference, nth: usize, step: &Step, now: Time) {
    let hold = model.holds[nth].clone();
    let ran_out = !hold.over && !hold.live(now);
    match step {
        Step::Confirm { .. } => {
            let outcome = w.confirm(hold.id).await;
            let expected = if hold.over {
                false
            } else {
                hold.live(now) || model.fits(&hold.wanted, now)
            };
            assert_eq!(outcome.is_ok(), expected, "{step:?} {hold:?} {outcome:?}");
            if expected {
                let kept = &mut model.holds[nth];
                kept.lines = kept.wanted.clone();
                kept.ends = None;
            }
        }
        Step::Commit { .. } => {
            let outcome = w.commit(hold.id, &[]).await;
            let state = w.see(hold.id).await.state;
            if hold.live(now) {
                assert_eq!(outcome.unwrap().state, HoldState::Committed);
                for (at, quantity) in &hold.lines {
                    model.on_hand[*at] -= quantity;
                }
                model.holds[nth].over = true;
            } else {
                assert!(outcome.is_err() || state == HoldState::Committed);
            }
        }
        Step::CommitOne { .. } => {
            let Some((&at, _)) = hold.lines.iter().find(|(_, quantity)| **quantity > 0) else {
                return;
            };
            let outcome = w.commit(hold.id, &[(keys[at], 1)]).await;
            assert_eq!(outcome.is_ok(), hold.live(now), "{step:?} {hold:?} {outcome:?}");
            if hold.live(now) {
                model.on_hand[at] -= 1;
                let kept = &mut model.holds[nth];
                *kept.lines.entry(at).or_default() -= 1;
                *kept.wanted.entry(at).or_default() -= 1;
                kept.over = kept.lines.values().all(|quantity| *quantity == 0);
            }
        }
        _ => {
            let outcome = w.release(hold.id, &[]).await;
            assert!(outcome.is_ok(), "{step:?} {hold:?} {outcome:?}");
            // One that was swept before stays expired, and may still be taken anew.
            let state = outcome.unwrap().state;
            if !ran_out || state != HoldState::Expired {
                model.holds[nth].over = true;
            }
        }
    }
}

async fn check(w: &World, keys: &[Key], model: &Reference) {
    let now = w.t.db.now().await.unwrap();
    for (at, key) in keys.iter().enumerate() {
        let level = w.level(*key).await;
        assert_eq!(level.on_hand, model.on_hand[at]);
        assert_eq!(level.quarantined, model.quarantined[at]);
        assert_eq!(level.reserved, model.reserved(at, now));
        assert_eq!(level.available, model.available(at, now));
        assert!(level.available >= 0 && level.on_hand >= 0);
        assert_eq!(level.available, w.available(*key).await);
    }
    w.adds_up().await;
}

#[test]
fn any_life_of_a_balance_is_the_sum_of_its_ledger() {
    worlds(async |w: World| {
        // The same lives every time, so that a failure can be met again.
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]),
        );
        for life in 0..6 {
            let steps = prop::collection::vec(step(), STEPS)
                .new_tree(&mut runner)
                .unwrap()
                .current();
            live_through(&w, life, steps).await;
        }
    });
}
