//! The stock ledger and its balances.

use base::{MovementId, Time};

/// Kind of a ledger entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// From a supplier.
    Receipt,
    /// To a customer.
    Sale,
    /// From a customer.
    Return,
    /// Leaves for another place.
    TransferOut,
    /// Arrives from another place.
    TransferIn,
    /// Found by counting.
    Count,
    /// Written off.
    Damage,
    /// Set aside; the quantity is the effect on what is quarantined.
    Quarantine,
    /// No longer set aside; the quantity is the effect on what is quarantined.
    Release,
}

impl MovementKind {
    /// Whether it changes what is set aside rather than what is there.
    #[must_use]
    pub const fn sets_aside(self) -> bool {
        matches!(self, Self::Quarantine | Self::Release)
    }
}

/// The document behind a ledger entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// None.
    None,
    /// An order.
    Order(usize),
    /// A return of an order.
    Return(usize),
}

/// A stock ledger entry.
#[derive(Debug, Clone)]
pub struct Movement {
    /// Identifier.
    pub id: MovementId,
    /// Kind.
    pub kind: MovementKind,
    /// What.
    pub sku: usize,
    /// Where.
    pub place: usize,
    /// The other end of a transfer.
    pub counterpart: Option<usize>,
    /// Effect on what is on hand; for a quarantine on what is quarantined.
    pub quantity: i64,
    /// Document.
    pub source: Source,
    /// When.
    pub at: Time,
}

/// A stock balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// What.
    pub sku: usize,
    /// Where.
    pub place: usize,
    /// There, whoever it is for.
    pub on_hand: i64,
    /// Promised to open orders.
    pub reserved: i64,
    /// Set aside.
    pub quarantined: i64,
    /// On its way here.
    pub in_transit: i64,
    /// Kept back from online sale.
    pub safety_stock: i64,
}
