//! Random lives of many orders over several places, beside a reference simple enough to be right: who is served and who
//! is refused, what each place has, keeps and has broken, what was paid and paid back, and that every order ends.
//!
//! `STORELOOP_MODEL_STEPS` asks for longer lives, `STORELOOP_MODEL_SEED` for another one.

mod check;
mod reference;
mod step;

use std::time::Duration;

use base::{Money, PlaceId, SkuId, Time};
use flows::{Choice, Decision, OrderOut, Reject, RejectReason, ReturnNew};
use orders::rules::ReturnWish;
use orders::{Condition, FulfilmentState, Method, OrderState, ReturnReason};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sourcing::{Rules, ShipToStore};
use stock::{LevelFilter, MovementKind, NewMovement};

use crate::change::{agreed, goods};
use crate::world::{World, associate, each_world, guest, system};
use reference::{
    Grid, KEPT_UNPAID, Known, PLACES, PRICES, Reference, SKUS, STORES, Stage, add, cells, fits, is_near,
    sum_over, total,
};
use step::{Step, Then, step};

/// Operations on each engine at every test run.
const STEPS: usize = 250;
/// How often ledgers are added up.
const ADD_UP_EVERY: usize = 100;

/// What the product says of every place.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Books {
    on_hand: Grid,
    broken: Grid,
    reserved: Grid,
    available: Grid,
}

struct Play<'a> {
    w: &'a World,
    places: [PlaceId; PLACES],
    skus: [SkuId; SKUS],
    model: Reference,
}

impl Play<'_> {
    async fn books(&self) -> Books {
        let size = base::PageSize::new(None).unwrap();
        let everywhere = LevelFilter::default();
        let levels = self.w.stock.level_list(&system(), everywhere, None, size).await;
        let mut books = Books::default();
        for level in levels.unwrap().items {
            let place = self.places.iter().position(|id| *id == level.place_id).unwrap();
            let sku = self.skus.iter().position(|id| *id == level.sku_id).unwrap();
            books.on_hand[place][sku] = level.on_hand;
            books.broken[place][sku] = level.quarantined;
            books.reserved[place][sku] = level.reserved;
            books.available[place][sku] = level.available;
        }
        books
    }

    /// Where an order is collected.
    fn at(&self, order: &OrderOut) -> Option<usize> {
        let id = order.place_id?;
        self.places.iter().position(|place| *place == id)
    }

    async fn now(&self) -> Time {
        self.w.t.db.now().await.unwrap()
    }

    /// Where the product keeps what the reference does not know to be kept yet; it must have been there to be kept.
    async fn newly_kept(&self, free: &Grid) -> Grid {
        let mut kept = self.books().await.reserved;
        add(&mut kept, &self.model.reserved(self.now().await), -1);
        assert!(cells().all(|(place, sku)| kept[place][sku] >= 0), "{kept:?}");
        assert!(fits(&kept, free), "{kept:?} of {free:?}");
        kept
    }

    async fn receive(&mut self, place: usize, sku: usize, quantity: i64) {
        let receipt = NewMovement::new(
            MovementKind::Receipt,
            self.skus[sku],
            self.places[place],
            quantity,
        );
        self.w.record(receipt).await.unwrap();
        self.model.on_hand[place][sku] += quantity;
    }

    async fn order(&mut self, wanted: [i64; SKUS], collect_at: Option<usize>) {
        let now = self.now().await;
        let free = self.model.available(now);
        let choice = match collect_at {
            Some(place) => World::collect_at(self.places[place]),
            None => World::to_hangzhou(),
        };
        let there = sum_over(&free, |place| collect_at.is_none_or(|at| at == place));
        let can_be_served = wanted.iter().zip(there).all(|(wanted, there)| *wanted <= there);
        let lines: Vec<(SkuId, i64)> = self
            .skus
            .into_iter()
            .zip(wanted)
            .filter(|(_, q)| *q > 0)
            .collect();
        let outcome = self.w.order(&guest(), &lines, choice).await;
        let placed = match outcome {
            Ok(placed) if can_be_served => placed,
            Err(error) if !can_be_served && error.is(&stock::INSUFFICIENT) => return,
            other => panic!("{wanted:?} at {collect_at:?} of {free:?}: {other:?}"),
        };
        let kept = self.newly_kept(&free).await;
        let is_asked = |place| collect_at.is_none_or(|at| at == place);
        assert_eq!(sum_over(&kept, is_asked), wanted);
        assert_eq!(sum_over(&kept, |_| true), wanted, "only what was wanted is kept");
        self.model.orders.push(Known {
            placed,
            stage: Stage::Unpaid(now.after(KEPT_UNPAID)),
            wanted,
            is_sent: collect_at.is_none(),
            kept,
            rejected: [false; PLACES],
            has: [0; SKUS],
            captured: 0,
            refunded: 0,
            changes: 0,
        });
    }

    /// Who pays in time is served. Who pays late is served if the same pieces are still there, and paid back if not.
    async fn pay(&mut self, nth: usize) {
        let now = self.now().await;
        let free = self.model.available(now);
        let known = &mut self.model.orders[nth];
        let Stage::Unpaid(until) = known.stage else { return };
        let is_served = now < until || fits(&known.kept, &free);
        let paid = self.w.pay(&known.placed).await.unwrap();
        known.captured = known.placed.totals.total.amount_minor;
        assert_eq!(known.captured, total(known.wanted, known.is_sent));
        if is_served {
            assert_eq!(paid.state, OrderState::Allocated);
            known.stage = Stage::Paid;
            return;
        }
        assert_eq!(paid.state, OrderState::NeedsDecision);
        known.refunded = known.captured;
        known.kept = Grid::default();
        known.stage = Stage::Over;
    }

    async fn cancel(&mut self, nth: usize) {
        let now = self.now().await;
        let known = &mut self.model.orders[nth];
        let done = self
            .w
            .flows
            .order_cancel(&system(), known.placed.id, "no".into(), None)
            .await;
        if let Stage::Unpaid(until) = known.stage
            && until <= now
            && done.is_err()
        {
            // It was found to have run out before; its customer may still pay late.
            return;
        }
        assert_eq!(done.unwrap().state, OrderState::Cancelled);
        known.kept = Grid::default();
        known.refunded = known.captured;
        known.stage = Stage::Over;
    }

    /// A place finds its pieces broken: they stay there, not for sale, and the next place is asked, or a person.
    async fn reject(&mut self, nth: usize) {
        let seen = self.w.see(self.model.orders[nth].placed.id).await;
        let Some(part) = seen
            .fulfilments
            .iter()
            .find(|f| f.state == FulfilmentState::Requested)
        else {
            return;
        };
        let place = self.places.iter().position(|id| *id == part.place_id).unwrap();
        let reject = Reject {
            reason: RejectReason::Damaged,
            parts: Vec::new(),
            note: None,
        };
        let staff = associate(part.place_id);
        let out = self
            .w
            .flows
            .fulfilment_reject(&staff, part.id, reject)
            .await
            .unwrap();
        let known = &mut self.model.orders[nth];
        // A place may serve the order in two parts, of which this is one.
        let mut broken = [0; SKUS];
        for line in &part.lines {
            let sku = self.skus.iter().position(|id| *id == line.sku_id).unwrap();
            broken[sku] += line.quantity;
            known.kept[place][sku] -= line.quantity;
        }
        known.rejected[place] = true;
        let keeps_a_part = known.kept != Grid::default();
        self.model.broken[place]
            .iter_mut()
            .zip(broken)
            .for_each(|(there, more)| *there += more);
        let free = self.model.available(self.now().await);
        let again = self.newly_kept(&free).await;
        let here = self.at(&seen);
        let known = &mut self.model.orders[nth];
        let may_serve = |place: usize| !known.rejected[place];
        let is_served = match seen.method {
            Method::Collect => {
                let has_all = |place: usize| (0..SKUS).all(|sku| free[place][sku] >= broken[sku]);
                let here = here.unwrap();
                let may = |place: usize| may_serve(place) && is_near(here, place);
                !keeps_a_part && (0..STORES).any(|place| may(place) && has_all(place))
            }
            Method::Delivery => {
                let there = sum_over(&free, may_serve);
                (0..SKUS).all(|sku| there[sku] >= broken[sku])
            }
        };
        if !is_served {
            assert_eq!(
                (out.order.state, again),
                (OrderState::NeedsDecision, Grid::default())
            );
            known.stage = Stage::Undecided;
            return;
        }
        assert_eq!(out.order.state, OrderState::Allocated, "{broken:?} of {free:?}");
        assert_eq!(sum_over(&again, may_serve), broken);
        add(&mut known.kept, &again, 1);
    }

    /// Pieces that nobody could serve are looked for anew, wherever they are.
    async fn decide(&mut self, nth: usize) {
        let seen = self.w.see(self.model.orders[nth].placed.id).await;
        let free = self.model.available(self.now().await);
        let known = &self.model.orders[nth];
        let kept = sum_over(&known.kept, |_| true);
        let mut missing = known.wanted;
        for (sku, missing) in missing.iter_mut().enumerate() {
            *missing -= kept[sku];
        }
        let has_all = |place: usize| (0..SKUS).all(|sku| free[place][sku] >= missing[sku]);
        let is_served = match seen.method {
            Method::Collect => {
                let here = self.at(&seen).unwrap();
                (0..STORES).any(|place| is_near(here, place) && has_all(place))
            }
            Method::Delivery => {
                let there = sum_over(&free, |_| true);
                (0..SKUS).all(|sku| there[sku] >= missing[sku])
            }
        };
        let decision = Decision {
            choice: Choice::SourceAgain,
            note: None,
        };
        let decided = self.w.flows.order_decide(&system(), seen.id, decision).await;
        if !is_served {
            assert!(decided.unwrap_err().is(&orders::STILL_UNSERVED));
            return;
        }
        assert_eq!(decided.unwrap().state, OrderState::Allocated);
        let again = self.newly_kept(&free).await;
        assert_eq!(sum_over(&again, |_| true), missing);
        let known = &mut self.model.orders[nth];
        add(&mut known.kept, &again, 1);
        known.stage = Stage::Paid;
    }

    /// An order is to have so many pieces: those on top must be there, for a parcel anywhere that has not refused it,
    /// else where it is collected. What it costs more is paid, or not; what it costs less goes back.
    async fn change(&mut self, nth: usize, wanted: [i64; SKUS], then: Then) {
        let order = self.w.see(self.model.orders[nth].placed.id).await;
        let free = self.model.available(self.now().await);
        let known = &self.model.orders[nth];
        let at = self.at(&order);
        let before = (known.wanted, known.kept, known.captured - known.refunded);
        let mut more = wanted;
        for (sku, more) in more.iter_mut().enumerate() {
            *more = (*more - before.0[sku]).max(0);
        }
        let may_serve = |place: usize| at.map_or(!known.rejected[place], |at| at == place);
        let there = sum_over(&free, may_serve);
        let is_there = (0..SKUS).all(|sku| there[sku] >= more[sku]);
        let difference = total(wanted, known.is_sent) - before.2;
        let lines: Vec<(SkuId, i64)> = self
            .skus
            .into_iter()
            .zip(wanted)
            .filter(|(_, q)| *q > 0)
            .collect();
        let new = agreed(goods(&lines), difference);
        let changed = self.w.flows.order_change(&system(), order.id, new, None).await;
        if wanted == before.0 {
            assert!(changed.unwrap_err().is(&orders::CHANGE_NOTHING));
            return;
        }
        if !is_there {
            assert!(
                changed.unwrap_err().is(&stock::INSUFFICIENT),
                "{more:?} of {there:?}"
            );
            return;
        }
        let changed = changed.unwrap();
        if difference > 0 {
            assert_eq!(
                changed.change.as_ref().unwrap().difference.amount_minor,
                difference
            );
            assert_eq!(
                changed.totals.total, order.totals.total,
                "as it was until it is paid"
            );
            // What is wanted on top is held beside what the order keeps.
            let held = self.newly_kept(&free).await;
            assert_eq!(sum_over(&held, may_serve), more);
            if !self.pay_change(nth, &changed, &held, difference, then).await {
                return;
            }
        } else {
            self.model.orders[nth].refunded -= difference;
        }
        // Which places let go of what is no longer wanted is theirs to say; the sum is not.
        let kept = self.kept_now(nth).await;
        let known = &mut self.model.orders[nth];
        assert_eq!(sum_over(&kept, |_| true), wanted);
        known.kept = kept;
        known.wanted = wanted;
        known.changes += 1;
        known.placed = self.w.see(known.placed.id).await;
        assert_eq!(
            known.placed.totals.total.amount_minor,
            known.captured - known.refunded
        );
    }

    /// Whether a change that costs more is made in the end.
    async fn pay_change(
        &mut self,
        nth: usize,
        asked: &OrderOut,
        held: &Grid,
        difference: i64,
        then: Then,
    ) -> bool {
        if matches!(then, Then::PayLate | Then::Forget) {
            self.w.t.clock.advance(KEPT_UNPAID);
        }
        match then {
            Then::Withdraw => {
                let gone = self
                    .w
                    .flows
                    .order_change_withdraw(&system(), asked.id, None)
                    .await;
                assert!(gone.unwrap().change.is_none());
                return false;
            }
            Then::Forget => {
                self.w.flows.step().await.unwrap();
                assert!(self.w.see(asked.id).await.change.is_none());
                return false;
            }
            Then::Pay | Then::PayLate => {}
        }
        // Late, too, nobody else was faster here: what was free is free still.
        let free = self.model.available(self.now().await);
        assert!(fits(held, &free));
        let paid = self.w.pay(asked).await.unwrap();
        assert!(paid.change.is_none());
        self.model.orders[nth].captured += difference;
        true
    }

    /// What the product keeps for one order: all it keeps less what the others' is.
    async fn kept_now(&self, nth: usize) -> Grid {
        let mut kept = self.books().await.reserved;
        add(&mut kept, &self.model.reserved(self.now().await), -1);
        add(&mut kept, &self.model.orders[nth].kept, 1);
        kept
    }

    async fn hand_out(&mut self, nth: usize) {
        let order = self.w.see(self.model.orders[nth].placed.id).await;
        let live = |state| matches!(state, FulfilmentState::Requested);
        for part in order.fulfilments.iter().filter(|part| live(part.state)) {
            let staff = associate(part.place_id);
            self.w.flows.fulfilment_pick(&staff, part.id).await.unwrap();
            if order.method == Method::Collect {
                self.w.hand_over(&staff, part.id, order.id).await.unwrap();
                continue;
            }
            let number = part.id.to_string();
            let shipped = self.w.flows.fulfilment_ship(&staff, part.id, "SF".into(), number);
            shipped.await.unwrap();
            self.w.flows.fulfilment_deliver(&staff, part.id).await.unwrap();
        }
        let known = &mut self.model.orders[nth];
        known.has = sum_over(&known.kept, |_| true);
        let gone = std::mem::take(&mut known.kept);
        known.stage = Stage::Out;
        add(&mut self.model.on_hand, &gone, -1);
    }

    /// One piece comes back, whole or broken, to any store.
    async fn bring_back(&mut self, nth: usize, sku: usize, place: usize, is_good: bool) {
        let known = &mut self.model.orders[nth];
        let Some(line) = known
            .placed
            .lines
            .iter()
            .find(|line| line.sku_id == self.skus[sku])
        else {
            return;
        };
        let wish = ReturnWish {
            order_line_id: line.id,
            quantity: 1,
            reason: ReturnReason::Defective,
            condition: if is_good {
                Condition::Sellable
            } else {
                Condition::Damaged
            },
        };
        let new = ReturnNew {
            order_id: known.placed.id,
            place_id: self.places[place],
            wishes: vec![wish],
            note: None,
        };
        let taken = self
            .w
            .flows
            .return_take(&associate(self.places[place]), new)
            .await;
        if known.has[sku] == 0 {
            let refused = taken.unwrap_err();
            assert!(
                refused.is(&orders::OVER_RETURN) || refused.is(&orders::NOT_RETURNABLE),
                "{refused:?}"
            );
            return;
        }
        assert_eq!(
            taken.unwrap().refund,
            Money::new(PRICES[sku], base::Currency::CNY)
        );
        known.has[sku] -= 1;
        known.refunded += PRICES[sku];
        self.model.on_hand[place][sku] += 1;
        self.model.broken[place][sku] += i64::from(!is_good);
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Receive { place, sku, quantity } => self.receive(place, sku, quantity).await,
            Step::Order { wanted, collect_at } => self.order(wanted, collect_at).await,
            Step::Wait { seconds } => self.w.t.clock.advance(Duration::from_secs(seconds)),
            Step::Sweep => drop(self.w.flows.step().await.unwrap()),
            Step::Pay { nth } => {
                if let Some(nth) = self.model.pick(nth, |stage| matches!(stage, Stage::Unpaid(_))) {
                    self.pay(nth).await;
                }
            }
            Step::Cancel { nth } => {
                let may = |stage| matches!(stage, Stage::Unpaid(_) | Stage::Paid | Stage::Undecided);
                if let Some(nth) = self.model.pick(nth, may) {
                    self.cancel(nth).await;
                }
            }
            Step::Reject { nth } => {
                if let Some(nth) = self.model.pick(nth, |stage| stage == Stage::Paid) {
                    self.reject(nth).await;
                }
            }
            Step::Decide { nth } => {
                if let Some(nth) = self.model.pick(nth, |stage| stage == Stage::Undecided) {
                    self.decide(nth).await;
                }
            }
            Step::Change { nth, wanted, then } => {
                if let Some(nth) = self.model.pick(nth, |stage| stage == Stage::Paid) {
                    self.change(nth, wanted, then).await;
                }
            }
            Step::HandOut { nth } => {
                if let Some(nth) = self.model.pick(nth, |stage| stage == Stage::Paid) {
                    self.hand_out(nth).await;
                }
            }
            Step::Return {
                nth,
                sku,
                place,
                is_good,
            } => {
                if let Some(nth) = self.model.pick(nth, |stage| stage == Stage::Out) {
                    self.bring_back(nth, sku, place, is_good).await;
                }
            }
        }
    }
}

#[test]
fn any_life_of_a_shop_is_what_a_simple_reference_says() {
    let asked = std::env::var("STORELOOP_MODEL_STEPS").ok();
    let steps = asked.map_or(STEPS, |steps| steps.parse().unwrap());
    let seed = std::env::var("STORELOOP_MODEL_SEED").ok();
    let seed: u8 = seed.map_or(11, |seed| seed.parse().unwrap());
    each_world(async |w: World| {
        // The same life every time, so that a failure can be met again.
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
        );
        // The reference knows no goods that are sent to a store.
        let rules = Rules {
            ship_to_store: ShipToStore {
                offered: false,
                ..ShipToStore::default()
            },
            ..Rules::default()
        };
        let sourcing = w.flows.sourcing();
        let rules = rules.try_into().unwrap();
        sourcing
            .rules_replace(&system(), None, rules, None)
            .await
            .unwrap();
        let mut play = Play {
            places: [w.hubin, w.wulin, w.xixi, w.shanghai, w.warehouse],
            skus: [w.serum, w.lipstick],
            w: &w,
            model: Reference::default(),
        };
        for (place, sku) in cells() {
            play.receive(place, sku, 3).await;
        }
        for nth in 1..=steps {
            let step = step().new_tree(&mut runner).unwrap().current();
            play.take(step.clone()).await;
            play.check().await;
            if nth % ADD_UP_EVERY == 0 {
                w.books_balance().await;
            }
        }
        // A life in which hardly anything happens proves nothing.
        let changed = play.model.orders.iter().filter(|known| known.changes > 0).count();
        assert!(
            play.model.orders.len() > steps / 20 && changed > 0,
            "{changed} were changed"
        );
        play.end().await;
        play.check_money().await;
    });
}
