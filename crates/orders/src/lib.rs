//! Orders: what was bought, who serves it, what came back.
//!
//! Owns: carts, orders with their lines and history, fulfilments, returns; tables `orders_*`.
//!
//! Never does: stock, payments, points, messages. Use cases that need them live in `flows`.
//!
//! Invariants
//! - An order and a fulfilment move only along the tables in `state`.
//! - `total = goods - discount + shipping`; the lines' totals and the shipping add up to it; pieces returned
//!   in any steps pay back exactly what their line cost.
//! - Never more pieces come back than went out, whoever returns them at the same moment.
//! - A line says what the product was called and cost on the day it was bought, whatever became of it.
//! - A piece is served by one place, handed over, given up, or known to be nobody's; an order with a piece
//!   that is nobody's waits for a decision.
//! - A change of a placed order takes effect whole or not at all; one that costs more waits for its payment, and
//!   meanwhile the order is as it was.
//! - Pickup codes and access tokens are derived, never stored; five wrong codes lock for 15 minutes.
//!
//! Events: see [`events`].

pub mod events;
pub mod figures;
pub mod history;
pub mod rules;

mod carts;
mod change;
mod contact;
mod decision;
mod error;
mod exchange;
mod import;
mod model;
mod number;
mod parts;
mod plan;
mod price;
mod reprice;
mod routes;
mod service;
mod shelf;
mod state;
mod steps;
mod store;
mod timeline;
mod wire;

pub use carts::{cart_change_in, cart_claim_in, cart_create_in, cart_get_in};
pub use change::{
    Changed, ChangedGoods, ChangedWay, OpenChange, changed_goods, order_change_due_in, order_rewrite_in,
};
pub use contact::{Contact, DeliveryAddress, FulfilmentChoice, mask_name, mask_phone};
pub use decision::{DecisionChoice, OpenDecision, UndecidedOrder};
pub use error::{
    BUSY, CART_EMPTY, CART_INCOMPLETE, CART_ORDERED, CHANGE_AMOUNT, CHANGE_BEGUN, CHANGE_EMPTY,
    CHANGE_NOT_YOURS, CHANGE_NOTHING, CHANGE_OPEN, CHANGE_OVERTAKEN, CHANGE_TOO_LATE, CHANGE_UNKNOWN_SKU,
    CHANGE_WAITS, CODE_LOCKED, CODE_NOT_LOCKED, ERRORS, ILLEGAL_FULFILMENT_STEP, ILLEGAL_STEP,
    LINES_NOT_CANCELLABLE, MONEY_WENT_BACK, NO_CHANGE, NOT_CANCELLABLE, NOT_CHANGEABLE, NOT_RETURNABLE,
    NOTHING_TO_DECIDE, OVER_RETURN, STILL_UNSERVED, WRONG_CODE,
};
pub use exchange::{Exchange, ExchangeLine, ExchangeMoney, exchange_money};
pub use import::import_orders_in;
pub use model::{
    Amounts, Awaited, Cart, Channel, Condition, Fulfilment, ImportedOrder, Line, LineComponent, LineImage,
    Method, NewLine, Order, OrderHead, Part, Plan, PlannedCode, PlannedFulfilment, Return, ReturnLine,
    ReturnReason, Sent, Snapshot, Wanted,
};
pub use number::{OrderNumber, OrderSecrets};
pub use parts::{GivenUp, awaited, merged_parts};
pub use plan::{SourcingCandidate, SourcingCost, SourcingNumbers, SourcingTier, SourcingWanted, SourcingWhy};
pub use price::{LinePrice, LinePriceOut, PriceCause, PriceStep};
pub use reprice::order_reprice_in;
pub use routes::routes;
pub use service::{
    FulfilmentFilter, Load, OrderFilter, Orders, first_why_in, fulfilment_change_in, fulfilment_get_in,
    fulfilment_load_in, fulfilment_request_in, fulfilment_taken_in, may_read_pii, order_cancel_lines_in,
    order_change_in, order_close_in, order_contact_in, order_fill_in, order_find_in, order_get_in,
    order_head_in, order_place_in, order_unpaid_in, return_take_in, why_fill_in,
};
pub use shelf::{OpenPieces, fulfilment_pieces_in};
pub use state::{FulfilmentState, OrderState, progress};
pub use steps::{
    fulfilment_at_counter_in, fulfilment_is_to_be_reminded_in, fulfilment_pickup_due_in,
    fulfilment_remind_in, order_cancel_parts_in, order_extend_in, order_waiting_in,
};
pub use store::order::OrderRows;
pub use timeline::{Moment, MomentKind, TimelineItem};
pub use wire::{
    AwaitedOut, FulfilmentLineOut, FulfilmentOut, LineOut, OrderSummary, ReturnLineOut, ReturnOut, SentOut,
    Shown, Totals,
};

use base::Permission;

/// See orders.
pub const ORDER_READ: Permission = Permission::new("order.read");
/// Change an order for its customer.
pub const ORDER_CHANGE: Permission = Permission::new("order.change");
/// Give an order up for its customer.
pub const ORDER_CANCEL: Permission = Permission::new("order.cancel");
/// Decide what becomes of an order that nobody can serve as it is.
pub const ORDER_DECIDE: Permission = Permission::new("order.decide");
/// See what a place is asked to serve.
pub const FULFILMENT_READ: Permission = Permission::new("fulfilment.read");
/// Pick, pack or reject.
pub const FULFILMENT_PICK: Permission = Permission::new("fulfilment.pick");
/// Hand over to the customer.
pub const FULFILMENT_HAND_OVER: Permission = Permission::new("fulfilment.hand_over");
/// Let a locked pickup code be tried again.
pub const FULFILMENT_UNLOCK: Permission = Permission::new("fulfilment.unlock");
/// Hand over to the carrier.
pub const FULFILMENT_SHIP: Permission = Permission::new("fulfilment.ship");
/// Take goods back.
pub const RETURN_TAKE: Permission = Permission::new("return.take");
/// Declared by `members`; asked for here wherever an order shows who somebody is.
pub(crate) const MEMBER_READ_PII: Permission = Permission::new("member.read_pii");

/// Every permission of this crate.
pub const PERMISSIONS: &[Permission] = &[
    ORDER_READ,
    ORDER_CHANGE,
    ORDER_CANCEL,
    ORDER_DECIDE,
    FULFILMENT_READ,
    FULFILMENT_PICK,
    FULFILMENT_HAND_OVER,
    FULFILMENT_UNLOCK,
    FULFILMENT_SHIP,
    RETURN_TAKE,
];

/// The tables of this crate.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "orders",
    files: &[
        ("0001_orders.sql", include_str!("../migrations/0001_orders.sql")),
        (
            "0002_decisions.sql",
            include_str!("../migrations/0002_decisions.sql"),
        ),
        ("0003_why.sql", include_str!("../migrations/0003_why.sql")),
        (
            "0004_exchanges.sql",
            include_str!("../migrations/0004_exchanges.sql"),
        ),
        ("0005_codes.sql", include_str!("../migrations/0005_codes.sql")),
        ("0006_ahead.sql", include_str!("../migrations/0006_ahead.sql")),
        ("0007_changes.sql", include_str!("../migrations/0007_changes.sql")),
    ],
};
