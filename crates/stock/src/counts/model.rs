//! What a count is made of.

use std::collections::HashMap;

use base::{CategoryId, CountId, Error, Money, PlaceId, Result, SkuId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::{Book, variance};
use crate::error::COUNT_ILLEGAL_STEP;
use crate::model::Key;
use crate::words::words;

words! {
    /// Where a count stands.
    CountState {
        /// People are counting.
        Open = "open",
        /// Somebody has to agree to what was found.
        Review = "review",
        /// The book says what was found.
        Posted = "posted",
        /// Given up; the book is as it was.
        Cancelled = "cancelled",
    }
}

impl CountState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Review, Self::Posted, Self::Cancelled];

    /// The states it may take from here.
    #[must_use]
    pub const fn exits(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::Review, Self::Posted, Self::Cancelled],
            Self::Review => &[Self::Open, Self::Posted, Self::Cancelled],
            Self::Posted | Self::Cancelled => &[],
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// `count.illegal_step`.
    pub fn step(self, to: Self) -> Result<Self> {
        if self.exits().contains(&to) {
            return Ok(to);
        }
        Err(Error::new(&COUNT_ILLEGAL_STEP)
            .with("from", self.as_str())
            .with("to", to.as_str()))
    }
}

words! {
    /// How the lines of a count were chosen.
    CountScope {
        /// One by one.
        Skus = "skus",
        /// What the place has of a category and those below it.
        Category = "category",
        /// All the place has.
        Place = "place",
    }
}

words! {
    /// Why the shelf differs from the book, as far as anybody knows.
    CountReason {
        /// Gone, nobody knows where.
        Lost = "lost",
        /// Broken or expired, and thrown away.
        Damaged = "damaged",
        /// Lies, or lay, in another spot.
        Misplaced = "misplaced",
        /// Came or went without being recorded.
        Unrecorded = "unrecorded",
        /// An earlier count was wrong.
        Miscounted = "miscounted",
        /// Something else.
        Other = "other",
    }
}

/// From where on somebody has to agree before the book is changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountPolicy {
    /// A line that differs by more pieces needs approval.
    pub approve_above_pieces: i64,
    /// A sheet whose differences, all taken as positive, are worth more at sales prices needs approval; minor
    /// units of each currency.
    pub approve_above_value_minor: i64,
    /// Who counted a line that differs may not approve it.
    pub four_eyes: bool,
}

impl Default for CountPolicy {
    /// Five pieces, 500 yuan, four eyes.
    fn default() -> Self {
        Self {
            approve_above_pieces: 5,
            approve_above_value_minor: 50_000,
            four_eyes: true,
        }
    }
}

/// What to count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CountWish {
    /// These.
    Skus(Vec<SkuId>),
    /// What the place has of a category and those below it.
    Category(CategoryId),
    /// All the place has.
    Place,
}

impl CountWish {
    pub(crate) const fn scope(&self) -> CountScope {
        match self {
            Self::Skus(_) => CountScope::Skus,
            Self::Category(_) => CountScope::Category,
            Self::Place => CountScope::Place,
        }
    }
}

/// A count to begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCount {
    /// Where.
    pub place_id: PlaceId,
    /// What.
    pub wish: CountWish,
    /// Whether the expected figures stay hidden while people count.
    pub blind: bool,
    /// A word about it.
    pub note: Option<String>,
}

/// A count as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// Its identifier.
    pub id: CountId,
    /// Where.
    pub place_id: PlaceId,
    /// Where it stands.
    pub state: CountState,
    /// How its lines were chosen.
    pub scope: CountScope,
    /// The category, when that is how.
    pub category_id: Option<CategoryId>,
    /// Whether the expected figures stay hidden while people count.
    pub blind: bool,
    /// A word about it.
    pub note: Option<String>,
    /// How many SKUs are on it.
    pub lines: i64,
    /// How many of them are counted.
    pub counted: i64,
    /// How many of those differ from the book; null while that is hidden.
    pub differing: Option<i64>,
    /// Pieces missing, of all lines that lack some; null while that is hidden.
    pub missing: Option<i64>,
    /// Pieces too many, of all lines that have some; null while that is hidden.
    pub surplus: Option<i64>,
    /// Who began it.
    pub created_by: String,
    /// When.
    pub created_at: Time,
    /// Who handed it in last.
    pub submitted_by: Option<String>,
    /// When.
    pub submitted_at: Option<Time>,
    /// Who posted or cancelled it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<Time>,
    /// Raised by one at every change.
    pub version: i64,
}

impl Count {
    /// Whether what the book expects is to be kept from readers.
    pub(crate) fn hides(&self) -> bool {
        self.blind && self.state == CountState::Open
    }

    /// As it may be read.
    pub(crate) fn shown(mut self) -> Self {
        if self.hides() {
            (self.differing, self.missing, self.surplus) = (None, None, None);
        }
        self
    }
}

/// What was found of one SKU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many lie there.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub counted: i64,
}

/// Why a line differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Why.
    pub reason: CountReason,
}

/// Pieces that are on the book of a place and not, or perhaps not, on its shelf: for orders.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Picks {
    /// Picked, waiting to be fetched or shipped: certainly not on the shelf.
    pub picked: HashMap<SkuId, i64>,
    /// Asked for or being picked: perhaps on the shelf, perhaps in somebody's hands.
    pub picking: HashMap<SkuId, i64>,
}

/// A line as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line {
    pub(crate) sku_id: SkuId,
    pub(crate) round: i64,
    pub(crate) take: Option<Take>,
    pub(crate) again: bool,
    pub(crate) reason: Option<CountReason>,
}

/// The latest look at a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Take {
    pub(crate) counted: i64,
    pub(crate) book: Book,
    pub(crate) price: Money,
    pub(crate) by: String,
    pub(crate) at: Time,
}

impl Line {
    /// Whether it counts as counted.
    pub(crate) fn is_counted(&self) -> bool {
        self.take.is_some() && !self.again
    }

    pub(crate) fn variance(&self) -> i64 {
        self.take
            .as_ref()
            .map_or(0, |take| variance(&take.book, take.counted))
    }

    pub(crate) const fn key(&self, place: PlaceId) -> Key {
        Key::new(self.sku_id, place)
    }
}

/// A line as people see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CountLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many were found; null until counted.
    pub counted: Option<i64>,
    /// How many were to be found at that instant; null until counted and while that is hidden.
    pub expected: Option<i64>,
    /// Picked and waiting for their customer or their lorry at that instant, so not looked for.
    pub picked: Option<i64>,
    /// Being picked at that instant: so many may be missing without being lost.
    pub picking: Option<i64>,
    /// Recorded since, but happened before: a till that was offline.
    pub late: Option<i64>,
    /// By how much the book is wrong; null until counted and while that is hidden.
    pub variance: Option<i64>,
    /// The difference at sales prices.
    pub value: Option<Money>,
    /// Why, as far as anybody knows.
    pub reason: Option<CountReason>,
    /// Whether it was sent back to be counted once more.
    pub again: bool,
    /// How often it was counted.
    pub round: i64,
    /// Who counted it last.
    pub counted_by: Option<String>,
    /// When.
    pub counted_at: Option<Time>,
}

impl CountLine {
    /// A line as it may be read.
    pub(crate) fn of(line: Line, hidden: bool) -> Result<Self> {
        let variance = line.variance();
        let shown = line.take.as_ref().filter(|_| !hidden);
        Ok(Self {
            sku_id: line.sku_id,
            counted: line.take.as_ref().map(|take| take.counted),
            expected: shown.map(|take| take.book.shelf()),
            picked: shown.map(|take| take.book.picked),
            picking: shown.map(|take| take.book.picking),
            late: shown.map(|take| take.book.late),
            variance: shown.map(|_| variance),
            value: shown.map(|take| take.price.times(variance)).transpose()?,
            reason: line.reason,
            again: line.again,
            round: line.round,
            counted_by: line.take.as_ref().map(|take| take.by.clone()),
            counted_at: line.take.as_ref().map(|take| take.at),
        })
    }
}
