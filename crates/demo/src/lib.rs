//! A whole beauty chain made from a seed: places, goods with pictures, members, half a
//! year of orders and what people said about them, in Chinese and English.
//!
//! Owns: the generator, the stories every demo contains, and the order in which a chain
//! is written into an empty house.
//! Never does: reads the clock (the caller gives the present), draws chance from
//! anything but its seed, or contains data about real persons or firms.
//! Invariants: same plan, same chain, byte for byte, on every machine; every reference
//! points inside the chain; the stock ledger of every place sums to its balance and is
//! never negative on the way; every order's money adds up; every text exists in both
//! languages.
//!
//! The pure half is [`generate`]; nothing in it does I/O.

mod calendar;
mod catalogue;
mod chain;
mod data;
mod fulfil;
mod ids;
mod issues;
mod ledger;
mod load;
mod orders;
mod people;
mod pictures;
mod places;
mod returns;
mod rng;
mod staff;
mod stories;
mod visits;
mod voices;

pub use catalogue::check_digit;
pub use chain::{
    Address, Attribute, Category, Chain, Condition, Consent, Fulfilment, Gender, GoodsReturn, Issue,
    IssueAction, IssueState, Level, Line, Member, Metric, Movement, MovementKind, Order, OrderState, Outcome,
    Payment, Picture, Place, PlaceKind, Product, Proof, ReturnLine, Role, Scope, Sku, Source, Staff, Steps,
    Visits, Voice, VoiceSource, VoiceState,
};
pub use data::voices::Aspect;

pub use load::{ERRORS, House, NOT_EMPTY, Opened, Part, Report, SignIn, open};

use base::{Text, Time};

/// How large a chain to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Stores; at least [`Size::MIN_STORES`].
    pub stores: usize,
    /// Members; at least [`Size::MIN_MEMBERS`].
    pub members: usize,
    /// Orders; the stories need at least [`Size::MIN_ORDERS`].
    pub orders: usize,
    /// Days of history that end today; at least [`Size::MIN_DAYS`].
    pub days: usize,
}

impl Size {
    /// The stories happen in the first stores: two in Hangzhou, two in Shanghai.
    pub const MIN_STORES: usize = 4;
    /// Enough people for the stories to be told by different ones.
    pub const MIN_MEMBERS: usize = 60;
    /// The stories' own orders and a few beside them.
    pub const MIN_ORDERS: usize = 220;
    /// Closed issues need room for a before and an after.
    pub const MIN_DAYS: usize = 150;

    /// The size that is made: what was asked for, but never too small for the stories.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            stores: self.stores.clamp(Self::MIN_STORES, 2_000),
            members: self.members.clamp(Self::MIN_MEMBERS, 5_000_000),
            orders: self.orders.clamp(Self::MIN_ORDERS, 20_000_000),
            days: self.days.clamp(Self::MIN_DAYS, 1_461),
        }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self {
            stores: 50,
            members: 20_000,
            orders: 60_000,
            days: 183,
        }
    }
}

/// What to make: everything the result depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// The present; history ends here.
    pub as_of: Time,
    /// How large.
    pub size: Size,
}

/// Makes the chain of a plan.
#[must_use]
pub fn generate(plan: &Plan) -> Chain {
    let size = plan.size.clamped();
    let calendar = calendar::Calendar::new(plan.as_of, size.days);
    let places = places::open(plan.seed, &calendar, size.stores);
    let catalogue = catalogue::publish(plan.seed, &calendar);
    let staff = staff::hire(plan.seed, &places);
    let members = people::enrol(plan.seed, &calendar, &places, size.members);
    let stage = stories::Stage {
        seed: plan.seed,
        calendar,
        places,
        catalogue,
        members,
    };
    let mut orders = orders::trade(&stage, size.orders);
    returns::take_back(&stage, &mut orders);
    let books = ledger::keep(&stage, &orders);
    let visits = visits::count(&stage, &orders);
    let mut voices = voices::hear(&stage, &orders);
    let issues = issues::follow_up(&stage, &orders, &mut voices);
    Chain {
        seed: plan.seed,
        as_of: plan.as_of,
        places: stage.places,
        categories: stage.catalogue.categories,
        products: stage.catalogue.products,
        skus: stage.catalogue.skus,
        staff,
        members: stage.members,
        orders,
        visits,
        movements: books.movements,
        levels: books.levels,
        voices,
        issues,
    }
}

/// The people of a plan without the rest of its chain: the staff, and the member the stories follow.
fn cast(plan: &Plan) -> (Vec<Staff>, (Text, String)) {
    let size = plan.size.clamped();
    let calendar = calendar::Calendar::new(plan.as_of, size.days);
    let places = places::open(plan.seed, &calendar, size.stores);
    let staff = staff::hire(plan.seed, &places);
    (staff, people::heroine())
}

/// The table that notes which chain a store was filled with.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "demo",
    files: &[("0001_demo.sql", include_str!("../migrations/0001_demo.sql"))],
};
