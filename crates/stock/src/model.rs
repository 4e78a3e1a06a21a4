//! What stock is made of.

use std::collections::BTreeMap;
use std::fmt;

use base::{Error, HoldId, MovementId, PlaceId, Result, SkuId, Time, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::words;

/// The most pieces one line or movement may name.
pub const QUANTITY_MAX: i64 = 1_000_000_000;
/// The most lines one hold may have.
pub(crate) const HOLD_MAX_LINES: usize = 200;
/// The longest owner, in bytes.
const OWNER_MAX_BYTES: usize = 100;

/// One balance: a SKU at a place. Ordered as locks are taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Key {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
}

impl Key {
    /// The balance of a SKU at a place.
    #[must_use]
    pub const fn new(sku_id: SkuId, place_id: PlaceId) -> Self {
        Self { sku_id, place_id }
    }
}

/// How much of a SKU there is at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Balance {
    /// Physically there.
    pub on_hand: i64,
    /// Promised to holds.
    pub reserved: i64,
    /// There, but not for sale: damaged or waiting for inspection.
    pub quarantined: i64,
    /// On its way here.
    pub in_transit: i64,
    /// Kept back from sale.
    pub safety_stock: i64,
    /// Promised or set aside, but known to be missing.
    pub shortfall: i64,
    /// Raised by one at every change.
    pub version: i64,
}

impl Balance {
    /// What can still be promised; below zero when safety stock or a shortfall eats into it.
    #[must_use]
    pub const fn available(&self) -> i64 {
        self.on_hand - self.reserved - self.quarantined - self.safety_stock
    }
}

/// A balance as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Level {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// Physically there.
    pub on_hand: i64,
    /// Promised to holds that have not expired.
    pub reserved: i64,
    /// There, but not for sale.
    pub quarantined: i64,
    /// On its way here.
    pub in_transit: i64,
    /// Kept back from sale.
    pub safety_stock: i64,
    /// Whether somebody said so of this SKU here; otherwise it is what the place keeps back of everything.
    pub safety_stock_own: bool,
    /// Promised or set aside, but known to be missing.
    pub shortfall: i64,
    /// What suppliers are to bring.
    #[serde(default)]
    pub expected: i64,
    /// What can be promised now, never below zero.
    pub available: i64,
    /// When it last changed.
    pub updated_at: Time,
}

/// What can be promised of a SKU at a place, now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Available {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// How much; never below zero.
    pub available: i64,
}

words! {
    /// Why stock moved.
    MovementKind {
        /// Came in from a supplier.
        Receipt = "receipt",
        /// Left with a customer.
        Sale = "sale",
        /// Came back from a customer.
        Return = "return",
        /// Left for another place.
        TransferOut = "transfer_out",
        /// Set out towards this place; the effect is on what is in transit.
        InTransit = "in_transit",
        /// Arrived from another place.
        TransferIn = "transfer_in",
        /// Was counted.
        Count = "count",
        /// Was written off.
        Damage = "damage",
        /// Was corrected.
        Adjustment = "adjustment",
        /// Was set aside; the effect is on what is quarantined.
        Quarantine = "quarantine",
        /// Was cleared for sale; the effect is on what is quarantined.
        Release = "release",
    }
}

words! {
    /// Where a hold stands.
    HoldState {
        /// Until it expires.
        Held = "held",
        /// For good, until it is committed or released.
        Confirmed = "confirmed",
        /// Over: the goods have gone.
        Committed = "committed",
        /// Over: given back.
        Released = "released",
        /// Over: it ran out.
        Expired = "expired",
    }
}

impl HoldState {
    /// Whether nothing more can happen to it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Committed | Self::Released | Self::Expired)
    }
}

words! {
    /// Why a store cannot serve what it was asked for.
    Rejection {
        /// The shelf is empty: nothing is left to sell here.
        NotInStock = "not_in_stock",
        /// The goods are there and broken.
        Damaged = "damaged",
        /// Something else lies in their place.
        Mismatch = "mismatch",
    }
}

/// So many of a SKU at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
}

impl HoldLine {
    /// So many of a SKU at a place.
    #[must_use]
    pub const fn new(sku_id: SkuId, place_id: PlaceId, quantity: i64) -> Self {
        Self {
            sku_id,
            place_id,
            quantity,
        }
    }

    /// The balance it draws on.
    #[must_use]
    pub const fn key(&self) -> Key {
        Key::new(self.sku_id, self.place_id)
    }
}

/// A wish to hold stock, all or nothing. Leave out SKUs whose stock is not counted: they never run out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldRequest {
    /// Who holds, such as an order's identifier. Asking twice for the same owner is one hold.
    pub owner: String,
    /// What; lines of one balance are taken together.
    pub lines: Vec<HoldLine>,
    /// When the hold counts no more; `None` holds until it is committed or released.
    pub expires_at: Option<Time>,
    /// What must stay free of balances it draws on, such as a channel's buffer; nothing of those not named.
    pub leave: Leave,
}

/// How many pieces of a balance must stay free, such as a channel's buffer.
pub type Leaving<'a> = &'a (dyn Fn(Key) -> i64 + Sync);

/// What must stay free of balances, whoever asks for more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Leave(BTreeMap<Key, i64>);

impl Leave {
    /// Pieces of a balance that must stay free.
    #[must_use]
    pub fn of(&self, key: Key) -> i64 {
        self.0.get(&key).copied().unwrap_or(0)
    }
}

impl FromIterator<(Key, i64)> for Leave {
    /// Balances of which nothing must stay free need no entry.
    fn from_iter<T: IntoIterator<Item = (Key, i64)>>(left: T) -> Self {
        Self(left.into_iter().filter(|(_, pieces)| *pieces > 0).collect())
    }
}

/// A request that holds together: lines in lock order, one per balance, quantities in range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ValidRequest {
    /// The identifier the hold gets when it is placed.
    pub(crate) id: HoldId,
    pub(crate) owner: String,
    pub(crate) lines: Vec<HoldLine>,
    pub(crate) expires_at: Option<Time>,
    pub(crate) leave: Leave,
}

impl TryFrom<HoldRequest> for ValidRequest {
    type Error = Error;

    fn try_from(request: HoldRequest) -> Result<Self> {
        if request.owner.is_empty() || request.owner.len() > OWNER_MAX_BYTES {
            return Err(out_of_range("owner", 1, OWNER_MAX_BYTES as i64));
        }
        if request.lines.is_empty() || request.lines.len() > HOLD_MAX_LINES {
            return Err(out_of_range("lines", 1, HOLD_MAX_LINES as i64));
        }
        let lines = merged(&request.lines)?;
        Ok(Self {
            id: HoldId::new(),
            owner: request.owner,
            lines,
            expires_at: request.expires_at,
            leave: request.leave,
        })
    }
}

/// Lines in lock order, those of one balance summed.
pub(crate) fn merged(lines: &[HoldLine]) -> Result<Vec<HoldLine>> {
    for (at, line) in lines.iter().enumerate() {
        check_quantity(&format_args!("lines[{at}].quantity"), line.quantity)?;
    }
    if let [only] = lines {
        return Ok(vec![*only]);
    }
    let mut sorted = lines.to_vec();
    sorted.sort_by_key(HoldLine::key);
    let mut out: Vec<HoldLine> = Vec::with_capacity(sorted.len());
    for line in sorted {
        match out.last_mut().filter(|last| last.key() == line.key()) {
            // At most 200 lines of at most 10^9, so the sum fits.
            Some(last) => last.quantity += line.quantity,
            None => out.push(line),
        }
    }
    Ok(out)
}

pub(crate) fn check_quantity(field: &dyn fmt::Display, quantity: i64) -> Result<()> {
    if (1..=QUANTITY_MAX).contains(&quantity) {
        return Ok(());
    }
    Err(out_of_range(&field.to_string(), 1, QUANTITY_MAX))
}

pub(crate) fn out_of_range(field: &str, min: i64, max: i64) -> Error {
    let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect())
}

/// A hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// Its identifier.
    pub id: HoldId,
    /// Who holds.
    pub owner: String,
    /// Where it stands. One whose time has run out says `expired`, swept or not.
    pub state: HoldState,
    /// When it counts no more; null when it does not run out.
    pub expires_at: Option<Time>,
    /// When it was placed.
    pub created_at: Time,
    /// What it holds, in (SKU, place) order.
    pub lines: Vec<HeldLine>,
}

impl Hold {
    /// What is still reserved, by line.
    pub fn outstanding(&self) -> impl Iterator<Item = HoldLine> {
        self.lines
            .iter()
            .filter(|line| line.outstanding > 0)
            .map(|line| HoldLine::new(line.sku_id, line.place_id, line.outstanding))
    }
}

/// A line of a hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct HeldLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// Still reserved.
    pub outstanding: i64,
    /// Gone out of the door.
    pub committed: i64,
    /// Given back.
    pub released: i64,
    /// Taken back because the hold ran out.
    pub lapsed: i64,
}

impl From<&HoldLine> for HeldLine {
    /// A line as it begins.
    fn from(line: &HoldLine) -> Self {
        let HoldLine {
            sku_id,
            place_id,
            quantity,
        } = *line;
        Self {
            sku_id,
            place_id,
            outstanding: quantity,
            committed: 0,
            released: 0,
            lapsed: 0,
        }
    }
}

impl HeldLine {
    /// The balance it draws on.
    #[must_use]
    pub const fn key(&self) -> Key {
        Key::new(self.sku_id, self.place_id)
    }
}

/// An entry of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// Its identifier.
    pub id: MovementId,
    /// Why.
    pub kind: MovementKind,
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// The signed effect: on what is on hand; for quarantine and release on what is quarantined; for
    /// in_transit on what is in transit.
    pub quantity: i64,
    /// Why, in the chain's own words or codes.
    pub reason: Option<String>,
    /// The document it belongs to.
    pub source: Option<String>,
    /// Anything else.
    pub note: Option<String>,
    /// Who.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Time,
    /// When it was recorded.
    pub recorded_at: Time,
}

/// A movement to record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMovement {
    /// Why.
    pub kind: MovementKind,
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// How many; signed only for an adjustment; for a count, what was found.
    pub quantity: i64,
    /// For a transfer out: where to.
    pub to_place_id: Option<PlaceId>,
    /// For a transfer out: it is there already, so nothing is left in transit.
    pub arrived: bool,
    /// For a count: what the book said when it was made.
    pub expected_on_hand: Option<i64>,
    /// For a return: it goes to quarantine until somebody has looked at it.
    pub inspect: bool,
    /// Do it though promises are left without goods; needs a reason.
    pub overriding: bool,
    /// Why, in the chain's own words or codes.
    pub reason: Option<String>,
    /// The document it belongs to.
    pub source: Option<String>,
    /// Anything else.
    pub note: Option<String>,
    /// When it happened; now, when absent.
    pub occurred_at: Option<Time>,
}

impl NewMovement {
    /// A movement with nothing special about it.
    #[must_use]
    pub const fn new(kind: MovementKind, sku_id: SkuId, place_id: PlaceId, quantity: i64) -> Self {
        Self {
            kind,
            sku_id,
            place_id,
            quantity,
            to_place_id: None,
            arrived: false,
            expected_on_hand: None,
            inspect: false,
            overriding: false,
            reason: None,
            source: None,
            note: None,
            occurred_at: None,
        }
    }

    /// The same, belonging to a document.
    #[must_use]
    pub fn of(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same, for a reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The balance it changes first.
    #[must_use]
    pub const fn key(&self) -> Key {
        Key::new(self.sku_id, self.place_id)
    }
}

/// An entry of another system's ledger, taken as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovementRow {
    /// The identifier it gets; a fresh one when absent. A row whose identifier is there already is skipped.
    pub id: Option<MovementId>,
    /// Why.
    pub kind: MovementKind,
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// The signed effect on what is on hand; of a quarantine or release, on what is set aside.
    pub quantity: i64,
    /// Why, in the other system's words.
    pub reason: Option<String>,
    /// The document it belongs to.
    pub source: Option<String>,
    /// When it happened.
    pub occurred_at: Time,
}
