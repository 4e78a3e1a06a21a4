//! Stock: what is where, what of it is promised, and why.
//!
//! Owns: balances per SKU and place, the movement ledger, holds, what is kept back from sale, counts, transfers,
//! expected supply, claims on it.
//! Never does: choose a place, know an order, know a price.
//! Invariants:
//! - a balance equals the sum of its movements, and what it has reserved equals the sum of its holds;
//! - what is promised or set aside never exceeds what is on hand, unless somebody overrode it with a reason, and
//!   then the difference stands in `shortfall`;
//! - a hold is all or nothing, one per owner at a time, and counts for nothing from the instant it expires,
//!   whether or not the sweeper has been there;
//! - movements are never changed;
//! - a posted count changes the book by what it differed when it was taken, neither more nor less, whatever moved
//!   since and whatever is told late;
//! - never more is claimed of what is due than a SKU's cap and what comes; what comes is handed out in the order the
//!   claims came;
//! - every piece that a transfer took off one place's book is on the road, arrived, set aside, written off or back;
//!   one that is promised to an order is nobody else's from the hold at the sender to the hold at the receiver.
//!
//! Locks are taken in (SKU, place) order, balances before holds, holds before claims.
//!
//! Events: `stock.balance_changed.v1` (one per balance and unit of work), `stock.holds_placed.v1` (one per unit),
//! `stock.hold_confirmed.v1`, `stock.hold_committed.v1`, `stock.hold_released.v1`, `stock.hold_expired.v1`,
//! `stock.movement_recorded.v1`, `stock.shortfall_raised.v1`, `stock.count_submitted.v1`,
//! `stock.count_posted.v1`, `stock.transfer_changed.v1`, `stock.supply_changed.v1`.

mod balance_store;
mod combiner;
mod counts;
mod drift;
mod epc;
mod error;
mod events;
mod hands;
pub mod history;
mod hold_store;
mod holds;
mod ledger_store;
mod model;
mod movements;
mod placing;
mod presales;
mod routes;
mod rules;
mod safety;
mod service;
mod supplies;
mod transfers;
mod words;

pub use counts::{
    Count, CountFilter, CountLine, CountPolicy, CountReason, CountScope, CountState, CountWish, Counted,
    NewCount, Picks, Reasoned,
};
pub use drift::{Drift, DriftReport};
pub use epc::Sgtin;
pub use error::{
    ALREADY_HELD, COUNT_CONFLICT, COUNT_EMPTY, COUNT_FOUR_EYES, COUNT_ILLEGAL_STEP, COUNT_REASON_NEEDED,
    COUNT_TOO_LARGE, COUNT_UNCOUNTED, ERRORS, HOLD_ENDED, HOLD_EXCEEDED, HOLD_LAPSED, INSUFFICIENT,
    NOT_ENOUGH, PROMISED, SUPPLY_FEWER_THAN_ARRIVED, SUPPLY_KNOWN, SUPPLY_OVER, SUPPLY_PROMISED,
    TRANSFER_GOODS_ON_THE_ROAD, TRANSFER_ILLEGAL_STEP, TRANSFER_MORE_THAN_SENT, TRANSFER_NOTHING,
    TRANSFER_REASON_NEEDED, UNTRACKED,
};
pub use events::{
    BalanceChanged, CountPosted, CountSubmitted, HoldCommitted, HoldConfirmed, HoldExpired, HoldPlaced,
    HoldReleased, HoldsPlaced, MovementRecorded, ShortfallRaised, SupplyChanged, TransferChanged,
};
pub use model::{
    Available, Balance, Hold, HoldLine, HoldRequest, HoldState, Key, Leave, Leaving, Level, Movement,
    MovementKind, MovementRow, NewMovement, QUANTITY_MAX, Rejection,
};
pub use movements::Rejected;
pub use presales::{
    AheadOffer, ClaimLine, ClaimNews, ClaimRequest, Come, Presale, PresaleMode, PresaleOffer,
};
pub use routes::routes;
pub use safety::{SafetyDefault, SafetyStock};
pub use service::{LevelFilter, MovementFilter, Stock};
pub use supplies::{
    AvailableBy, Due, DueKind, NewSupply, Outlook, Supply, SupplyArrival, SupplyChange, SupplyFilter,
    SupplyKind, SupplyLine, SupplyQuantity, SupplyState, SupplyStep, SupplyStepKind, SupplySummary,
};
pub use transfers::{
    BoundTransfer, Discrepancy, GoodsOnTheRoad, NewTransfer, Outcome, Received, Settled, ShortReason,
    StepKind, Transfer, TransferDirection, TransferFilter, TransferLine, TransferOrder, TransferQuantity,
    TransferState, TransferStep, TransferSummary,
};

use base::Permission;

/// May see levels and movements.
pub const STOCK_READ: Permission = Permission::new("stock.read");
/// May record movements.
pub const STOCK_MOVE: Permission = Permission::new("stock.move");
/// May hold stock by hand.
pub const STOCK_HOLD: Permission = Permission::new("stock.hold");
/// May say what is kept back from sale.
pub const STOCK_PROTECT: Permission = Permission::new("stock.protect");
/// May say what is sold before it is there.
pub const STOCK_PRESELL: Permission = Permission::new("stock.presell");
/// May bring balances back to what the ledger says.
pub const STOCK_REPAIR: Permission = Permission::new("stock.repair");
/// May count: begin a count, say what was found, hand it in.
pub const COUNT_TAKE: Permission = Permission::new("count.take");
/// May agree to differences beyond the limit, or have them counted again.
pub const COUNT_APPROVE: Permission = Permission::new("count.approve");
/// May ask for goods of another place, or give such a wish up; held at either end.
pub const TRANSFER_REQUEST: Permission = Permission::new("transfer.request");
/// May agree that goods leave a place, and decide about them on the road.
pub const TRANSFER_APPROVE: Permission = Permission::new("transfer.approve");
/// May pack and send.
pub const TRANSFER_SEND: Permission = Permission::new("transfer.send");
/// May receive, and say what became of what is missing.
pub const TRANSFER_RECEIVE: Permission = Permission::new("transfer.receive");

/// May say what is expected, by when, and what does not come.
pub const SUPPLY_MANAGE: Permission = Permission::new("supply.manage");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[
    STOCK_READ,
    STOCK_MOVE,
    STOCK_HOLD,
    STOCK_PROTECT,
    STOCK_PRESELL,
    STOCK_REPAIR,
    COUNT_TAKE,
    COUNT_APPROVE,
    TRANSFER_REQUEST,
    TRANSFER_APPROVE,
    TRANSFER_SEND,
    TRANSFER_RECEIVE,
    SUPPLY_MANAGE,
];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "stock",
    files: &[
        ("0001_stock.sql", include_str!("../migrations/0001_stock.sql")),
        ("0002_count.sql", include_str!("../migrations/0002_count.sql")),
        (
            "0003_transfer.sql",
            include_str!("../migrations/0003_transfer.sql"),
        ),
        (
            "0004_hold_owner.sql",
            include_str!("../migrations/0004_hold_owner.sql"),
        ),
        (
            "0005_count_epc.sql",
            include_str!("../migrations/0005_count_epc.sql"),
        ),
        ("0006_safety.sql", include_str!("../migrations/0006_safety.sql")),
        ("0007_supply.sql", include_str!("../migrations/0007_supply.sql")),
        ("0008_presale.sql", include_str!("../migrations/0008_presale.sql")),
        (
            "0009_transfer_for.sql",
            include_str!("../migrations/0009_transfer_for.sql"),
        ),
    ],
};
