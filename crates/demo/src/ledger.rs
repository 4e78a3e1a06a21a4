//! Keeps the stock books: what every sale, return, count and delivery of half a year did
//! to every SKU at every place, so that the balance is the sum of the ledger and never
//! below zero on the way.
//!
//! Each SKU at each place is told by itself. Goods that left are known from the orders;
//! where the shelf would run dry, a delivery arrives that morning. What the stores were
//! sent is known then, so the warehouses can be told the same way.

use base::Time;

use crate::calendar::{Calendar, Seconds};
use crate::chain::{Condition, Fulfilment, Level, Movement, MovementKind, Order, PlaceKind, Source};
use crate::data::{makeup, skincare};
use crate::ids::Ids;
use crate::places::stores;
use crate::rng::Rng;
use crate::stories::{HUBIN, QINGCHUN, Stage};

const HOUR: i64 = 3_600;
/// Vans reach the stores from 8:40, lorries the warehouses from 6:20; goods that leave
/// a place before then must have come the day before.
const STORE_MORNING: i64 = 8 * HOUR + 2_400;
const WAREHOUSE_MORNING: i64 = 6 * HOUR + 1_200;
const UNLOADING: i64 = HOUR / 2;
/// From the warehouse's gate to the store's door.
const TRANSIT: i64 = 14 * HOUR;
/// Vans that have not arrived left at most so long ago.
pub(crate) const ON_ITS_WAY_SECONDS: i64 = 5 * HOUR;
/// Pieces set aside for inspection are decided on after so many days.
const INSPECTION_DAYS: i64 = 3;

/// The finished books.
pub(crate) struct Books {
    pub(crate) movements: Vec<Movement>,
    pub(crate) levels: Vec<Level>,
}

/// Something that happened to one SKU at one place.
#[derive(Debug, Clone, Copy)]
struct Event {
    at: Time,
    kind: MovementKind,
    quantity: i64,
    counterpart: Option<usize>,
    source: Source,
}

impl Event {
    fn new(at: Time, kind: MovementKind, quantity: i64) -> Self {
        Self {
            at,
            kind,
            quantity,
            counterpart: None,
            source: Source::None,
        }
    }

    fn with(self, counterpart: usize) -> Self {
        Self {
            counterpart: Some(counterpart),
            ..self
        }
    }
}

/// What is known of one SKU at one place before its story is told.
#[derive(Debug, Clone, Default)]
struct Notes {
    events: Vec<Event>,
    /// Pieces promised to open orders.
    promised: i64,
}

/// The notes of every SKU at every place.
struct Desk {
    skus: usize,
    notes: Vec<Notes>,
}

impl Desk {
    fn at(&mut self, place: usize, sku: usize) -> &mut Notes {
        &mut self.notes[place * self.skus + sku]
    }
}

/// Keeps the books of a chain.
pub(crate) fn keep(stage: &Stage, orders: &[Order]) -> Books {
    let mut rng = Rng::stream(stage.seed, "stock");
    let skus = stage.catalogue.skus.len();
    let mut desk = Desk {
        skus,
        notes: vec![Notes::default(); skus * stage.places.len()],
    };
    for (index, order) in orders.iter().enumerate() {
        goods_out(&mut desk, index, order);
        goods_back(&mut desk, stage, index, order);
    }
    incidents(&mut desk, stage, &mut rng);

    let mut books = Books {
        movements: Vec::new(),
        levels: Vec::with_capacity(desk.notes.len()),
    };
    let habit = Habit::new(stage, orders.len());
    // Stores come before warehouses, which must know what they sent out.
    for place in 0..stage.places.len() {
        for sku in 0..skus {
            let notes = std::mem::take(desk.at(place, sku));
            let account = Account::open(stage, &habit, place, sku);
            books.enter(account.tell(stage, notes, &mut desk, &mut rng), place, sku);
        }
    }
    books.close(stage.seed);
    books
}

impl Books {
    fn enter(&mut self, told: Told, place: usize, sku: usize) {
        self.levels.push(told.level);
        self.movements
            .extend(told.events.into_iter().map(|event| Movement {
                id: base::Id::from_uuid(uuid::Uuid::nil()),
                kind: event.kind,
                sku,
                place,
                counterpart: event.counterpart,
                quantity: event.quantity,
                source: event.source,
                at: event.at,
            }));
    }

    /// Brings all entries into one order and gives them their identifiers.
    fn close(&mut self, seed: u64) {
        self.movements.sort_by_key(|movement| movement.at);
        let mut ids = Ids::new(seed, "movements");
        for movement in &mut self.movements {
            movement.id = ids.at(movement.at);
        }
    }
}

/// Sales when the goods leave the place, promises while they still stand there.
fn goods_out(desk: &mut Desk, index: usize, order: &Order) {
    let left = match order.fulfilment {
        Fulfilment::Delivery { .. } => order.steps.shipped,
        Fulfilment::TakeAway | Fulfilment::Collect => order.steps.received,
    };
    for line in &order.lines {
        let notes = desk.at(order.place, line.sku);
        if let Some(at) = left {
            let source = Source::Order(index);
            notes.events.push(Event {
                source,
                ..Event::new(at, MovementKind::Sale, -line.quantity)
            });
        } else if order.keeps_goods_waiting() {
            notes.promised += line.quantity;
        }
    }
}

fn goods_back(desk: &mut Desk, stage: &Stage, index: usize, order: &Order) {
    for goods in &order.returns {
        for line in &goods.lines {
            let quantity = line.quantity;
            let events = &mut desk.at(goods.place, order.lines[line.line].sku).events;
            let mut book = |kind, quantity, at| {
                events.push(Event {
                    source: Source::Return(index),
                    ..Event::new(at, kind, quantity)
                });
            };
            book(MovementKind::Return, quantity, goods.at);
            match line.condition {
                Condition::Sellable => {}
                Condition::Damaged => book(MovementKind::Damage, -quantity, goods.at),
                Condition::Inspect => {
                    book(MovementKind::Quarantine, quantity, goods.at);
                    let decided = goods.at.plus_days(INSPECTION_DAYS);
                    if decided < stage.calendar.as_of() {
                        book(MovementKind::Release, -quantity, decided);
                        book(MovementKind::Damage, -quantity, decided);
                    }
                }
            }
        }
    }
}

/// Testers that were used up and what a count did or did not find.
fn incidents(desk: &mut Desk, stage: &Stage, rng: &mut Rng) {
    for place in 0..stores(&stage.places).len() {
        for sku in 0..desk.skus {
            let (kind, quantity) = match rng.below(1_000) {
                0..30 => (MovementKind::Damage, -1),
                30..60 => (MovementKind::Count, -1),
                60..75 => (MovementKind::Count, 1),
                _ => continue,
            };
            let day = 10 + rng.index(stage.calendar.days().saturating_sub(20));
            let at = stage.calendar.moment(day, 21 * HOUR + rng.between(0, HOUR / 2));
            desk.at(place, sku).events.push(Event::new(at, kind, quantity));
        }
    }
}

/// What stores and warehouses usually keep, by how much the chain sells.
struct Habit {
    pull: i64,
    store_two_months: i64,
    warehouse_month: i64,
}

impl Habit {
    fn new(stage: &Stage, orders: usize) -> Self {
        let orders = i64::try_from(orders).unwrap_or(i64::MAX / 100);
        let shops = i64::try_from(stores(&stage.places).len()).unwrap_or(1).max(1);
        let pull: u64 = stage.catalogue.skus.iter().map(|sku| sku.pull).sum();
        // An order carries about 1.8 pieces, six in ten leave from a store.
        let pieces = orders * 18 / 10;
        Self {
            pull: pull.cast_signed().max(1),
            store_two_months: pieces * 6 / 10 / 3 / shops,
            warehouse_month: pieces / 6 / 3,
        }
    }
}

/// One SKU at one place.
struct Account {
    place: usize,
    sku: usize,
    warehouse: bool,
    opening: i64,
    /// Pieces a delivery brings.
    lot: i64,
    safety: i64,
}

/// What became of it.
struct Told {
    events: Vec<Event>,
    level: Level,
}

impl Account {
    fn open(stage: &Stage, habit: &Habit, place: usize, sku: usize) -> Self {
        let warehouse = stage.places[place].kind == PlaceKind::Warehouse;
        let pull = stage.catalogue.skus[sku].pull.cast_signed();
        let usual = |pieces: i64| pieces * pull / habit.pull;
        let popular = pull * 250 > habit.pull;
        if warehouse {
            let month = usual(habit.warehouse_month);
            let safety = if popular { 10 } else { 4 };
            return Self {
                place,
                sku,
                warehouse,
                opening: 40 + 3 * month,
                lot: 48 + 2 * month,
                safety,
            };
        }
        let two_months = usual(habit.store_two_months);
        let safety = i64::from(popular && !is_story_shelf(stage, place, sku));
        Self {
            place,
            sku,
            warehouse,
            opening: 3 + two_months,
            lot: 3 + two_months / 2,
            safety,
        }
    }

    /// Tells the half year, adding the deliveries that kept the shelf from running dry.
    fn tell(&self, stage: &Stage, notes: Notes, desk: &mut Desk, rng: &mut Rng) -> Told {
        let place = &stage.places[self.place];
        let mut told = notes.events;
        told.sort_by_key(|event| event.at);
        let mut arrivals = Vec::new();
        let (mut on_hand, mut aside) = (self.opening, 0);
        for event in &told {
            if event.kind.sets_aside() {
                aside += event.quantity;
            } else {
                on_hand += event.quantity;
            }
            if on_hand - aside < 0 {
                let short = aside - on_hand;
                arrivals.push(self.arrival(stage, event.at, self.lot.max(short), rng));
                on_hand += self.lot.max(short);
            }
        }
        // Promised goods and the safety stock must be there too.
        let now = stage.calendar.as_of();
        let missing = notes.promised + self.safety - (on_hand - aside);
        if missing > 0 {
            arrivals.push(self.arrival(stage, now, missing + self.lot / 2, rng));
            on_hand += missing + self.lot / 2;
        }
        let free = on_hand - aside - notes.promised - self.safety;
        let mut departures = Vec::new();
        if let Some(target) = story_target(stage, self.place, self.sku) {
            if free < target {
                arrivals.push(self.arrival(stage, now, target - free, rng));
            } else if free > target {
                let last = told.last().map_or(place.opened_at, |event| event.at);
                departures.push(self.departure(stage, last.plus_seconds(60).min(now), free - target));
            }
            on_hand += target - free;
        }
        for event in &arrivals {
            if let Some(supplier) = event.counterpart {
                let sent = Event::new(
                    event.at.plus_seconds(-TRANSIT),
                    MovementKind::TransferOut,
                    -event.quantity,
                );
                desk.at(supplier, self.sku).events.push(sent.with(self.place));
            }
        }
        for event in &departures {
            if let Some(other) = event.counterpart {
                let arrives = event.at.plus_seconds(TRANSIT).min(now);
                let received = Event::new(arrives, MovementKind::TransferIn, -event.quantity);
                desk.at(other, self.sku).events.push(received.with(self.place));
            }
        }
        let in_transit = self.on_its_way(stage, free, desk, rng);
        told.push(Event::new(place.opened_at, MovementKind::Receipt, self.opening));
        told.append(&mut arrivals);
        told.append(&mut departures);
        Told {
            events: told,
            level: Level {
                sku: self.sku,
                place: self.place,
                on_hand,
                reserved: notes.promised,
                quarantined: aside,
                in_transit,
                safety_stock: self.safety,
            },
        }
    }

    /// A delivery on the last morning before a moment.
    fn arrival(&self, stage: &Stage, before: Time, quantity: i64, rng: &mut Rng) -> Event {
        let morning = if self.warehouse {
            WAREHOUSE_MORNING
        } else {
            STORE_MORNING
        };
        let of_day = Calendar::second_of_day(before);
        let yesterday = if of_day < morning + UNLOADING {
            24 * HOUR
        } else {
            0
        };
        let at = before.plus_seconds(morning - of_day - yesterday + rng.between(0, UNLOADING));
        if self.warehouse {
            Event::new(at, MovementKind::Receipt, quantity)
        } else {
            Event::new(at, MovementKind::TransferIn, quantity).with(stage.places[self.place].supplied_by)
        }
    }

    /// Surplus sent to the warehouse, or from one warehouse to the next.
    fn departure(&self, stage: &Stage, at: Time, quantity: i64) -> Event {
        let other = if self.warehouse {
            self.place + 1
        } else {
            stage.places[self.place].supplied_by
        };
        Event::new(at, MovementKind::TransferOut, -quantity).with(other.min(stage.places.len() - 1))
    }

    /// A van of today for a shelf that is nearly empty.
    fn on_its_way(&self, stage: &Stage, free: i64, desk: &mut Desk, rng: &mut Rng) -> i64 {
        let is_story = is_story_shelf(stage, self.place, self.sku);
        if self.warehouse || is_story || free > 1 || !rng.per_mille(60) {
            return 0;
        }
        let left = stage
            .calendar
            .as_of()
            .plus_seconds(-rng.between(HOUR, ON_ITS_WAY_SECONDS));
        let supplier = stage.places[self.place].supplied_by;
        let sent = Event::new(left, MovementKind::TransferOut, -self.lot);
        desk.at(supplier, self.sku).events.push(sent.with(self.place));
        self.lot
    }
}

/// What must be free to sell for the stories: the wished lipstick is out in Hubin, two
/// are 900 m away and fourteen in the warehouse; three of the serum are left in Hubin.
fn story_target(stage: &Stage, place: usize, sku: usize) -> Option<i64> {
    let wished = stage.catalogue.sku_of(makeup::WISHED_LIPSTICK, 2);
    let serum = stage.catalogue.sku_of(skincare::LEAKING_SERUM, 0);
    let warehouse = stage.places[HUBIN].supplied_by;
    match place {
        HUBIN if sku == wished => Some(0),
        HUBIN if sku == serum => Some(3),
        QINGCHUN if sku == wished => Some(2),
        _ if place == warehouse && sku == wished => Some(14),
        _ => None,
    }
}

fn is_story_shelf(stage: &Stage, place: usize, sku: usize) -> bool {
    story_target(stage, place, sku).is_some()
}
