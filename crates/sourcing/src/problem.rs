//! What is known when a place is chosen.

use base::{PlaceId, ProductId};
use places::PlaceKind;

/// Sales are counted over so many days back.
pub const SOLD_DAYS: i64 = 28;

/// One choice to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wanted.
    pub lines: Vec<Ask>,
    /// How it reaches the customer.
    pub way: Way,
    /// In how many minutes it was promised; absent where nothing was promised yet.
    pub promise_minutes: Option<i64>,
    /// The places that might serve.
    pub candidates: Vec<Candidate>,
}

/// What is wanted of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Its product, where a limit may speak of it.
    pub product_id: Option<ProductId>,
    /// How many pieces.
    pub quantity: i64,
}

/// How it reaches the customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// Parcels to an address.
    Parcel {
        /// The province it goes to, as the customer wrote it.
        province: String,
    },
    /// The customer fetches it.
    Collect {
        /// From the place they chose.
        chosen: PlaceId,
    },
}

/// A place that might serve. Whoever asks gathers the facts; every judgement on them is made here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The place.
    pub place_id: PlaceId,
    /// Its kind.
    pub kind: PlaceKind,
    /// Whether it trades.
    pub active: bool,
    /// Whether it offers what the way needs.
    pub offers: bool,
    /// Whether the order's channel sells from it.
    pub sold_from: bool,
    /// Whether it has rejected this order before.
    pub rejected_before: bool,
    /// How far it is from the customer, or from the place they chose; absent where that is not known.
    pub distance_m: Option<i64>,
    /// Whether it is in the customer's city.
    pub same_city: bool,
    /// Whether it is in the customer's province.
    pub same_province: bool,
    /// What is there to take, line by line.
    pub available: Vec<i64>,
    /// What it sold of each line in the last [`SOLD_DAYS`] days; absent where nobody has counted.
    pub sold: Vec<Option<i64>>,
    /// In how many minutes it would be ready; absent when the place does not open soon.
    pub ready_minutes: Option<i64>,
    /// Orders it is working on.
    pub open: i64,
    /// Orders it has taken on since its midnight.
    pub taken: i64,
    /// The most it takes on in a day.
    pub capacity: Option<i64>,
    /// How likely it rejects an order, in millionths.
    pub reject_ppm: i64,
}

impl Candidate {
    /// Pieces of a line it could serve, as far as they are wanted.
    pub(crate) fn can_take(&self, line: usize, wanted: i64) -> i64 {
        self.available.get(line).copied().unwrap_or(0).clamp(0, wanted)
    }
}

impl Problem {
    /// Whether a candidate has everything alone.
    pub(crate) fn has_all(&self, candidate: &Candidate) -> bool {
        self.lines
            .iter()
            .enumerate()
            .all(|(line, ask)| candidate.can_take(line, ask.quantity) >= ask.quantity)
    }
}
