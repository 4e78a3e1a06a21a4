//! Payments: what was asked for, what came in, what went back.
//!
//! Owns: payments, their ledger of entries, refunds on their way; gift cards and their ledger; the plug point for
//! providers, the built-in ones (sandbox, cash, payments kept by another system) and those outside (WeChat Pay,
//! Alipay, Stripe) with the conversations about each payment; their statements beside our books.
//!
//! Never does: decide what an order owes, touch stock, call a provider inside a transaction.
//!
//! Invariants
//! - Entries are never changed or deleted; the amounts of a payment are sums over them.
//! - Never more is given back, or on its way back, than was captured; never more captured than asked for.
//! - A provider's word delivered again, or out of order, leads to the same payment.
//! - One document takes money back from one payment once.
//! - Nothing is believed of a provider outside that it did not sign, and no amount but the one asked for.
//! - Both sides of a gift card's entries sum to zero, and no more is kept of a card than is on it.
//! - Nobody reads a gift card's number or PIN after it was made, not even in the store's files.
//! - What a provider did not answer is unknown, not failed: it is found out by asking, under the same names.
//!
//! Events: [`events::PaymentRefunded`].

mod error;
pub mod events;
mod gift;
mod judge;
mod model;
mod outside;
mod provider;
mod providers;
mod reconcile;
mod routes;
mod rules;
mod service;
mod session_store;
mod sessions;
mod settings;
mod statement;
mod store;

pub use error::{
    ANSWER_MALFORMED, ANSWER_UNTRUSTED, BUSY, CLOSED, CONFIGURATION, ERRORS, GIFT_CARD_BLOCKED,
    GIFT_CARD_EXPIRED, GIFT_CARD_LOCKED, GIFT_CARD_OTHER_CURRENCY, GIFT_CARD_REFUSED, GIFT_CARD_SHORT,
    METHOD_UNAVAILABLE, NO_DECISION, NOT_SUPPORTED, NOTIFICATION_MALFORMED, NOTIFICATION_STALE,
    NOTIFICATION_UNPROVED, OTHER_WAY, OVER_CAPTURE, OVER_REFUND, PROVIDER_REFUSED, PROVIDER_UNREACHABLE,
    STATEMENT_DAMAGED, STATEMENT_MALFORMED, WRONG_PROVIDER,
};
pub use gift::{
    GiftAccount, GiftAccountsOut, GiftCard, GiftCardId, GiftCardKind, GiftCardOut, GiftCardState,
    GiftEntryKind, GiftEntryOut, GiftFilter, GiftIssued, GiftNew, GiftSecrets, GiftSource, gift_available_in,
    gift_hold_in, gift_keep_on_in, gift_let_go_in, gift_take_in, gift_use_in,
};
pub use judge::Judged;
pub use model::{
    Applied, Balance, Fact, ImportedPayment, Payment, PaymentState, ProviderEvent, ProviderName, Refund,
    RefundId,
};
pub use outside::{
    Action, Ask, Call, Notice, Opened, RefundSaid, Sent, Session, SessionState, Told, Way, What,
};
pub use provider::{Provider, SandboxOutcome};
pub use reconcile::{Decision, MatchFilter, MatchId, MatchKind, MatchOut, Outcome, RefundOut, StatementOut};
pub use routes::routes;
pub use service::{
    Payments, payment_apply_in, payment_get_in, payment_has_refund_in, payment_import_in, payment_list_in,
    payment_refund_one_in, payment_start_in, payment_take_in, payment_void_in,
};
pub use sessions::{Looked, MethodOut, session_begin_in, session_get_in};
pub use settings::{
    AlipayConfig, CaptureMode, PaymentsConfig, RefundOrder, Secret, StripeConfig, WechatPayConfig,
};
pub use statement::{Day, LineKind, StatementLine};

use base::Permission;

/// May see the providers' accounts beside our books.
pub const PAYMENT_READ: Permission = Permission::new("payment.read");
/// May bring accounts in, decide about differences, ask anew for refunds.
pub const PAYMENT_RECONCILE: Permission = Permission::new("payment.reconcile");
/// May look gift cards up.
pub const GIFT_CARD_READ: Permission = Permission::new("gift_card.read");
/// May make gift cards, load, stop and free them.
pub const GIFT_CARD_ISSUE: Permission = Permission::new("gift_card.issue");

/// The rights this crate asks for.
pub const PERMISSIONS: &[Permission] = &[PAYMENT_READ, PAYMENT_RECONCILE, GIFT_CARD_READ, GIFT_CARD_ISSUE];

/// The tables of this crate.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "payments",
    files: &[
        (
            "0001_payments.sql",
            include_str!("../migrations/0001_payments.sql"),
        ),
        (
            "0002_providers.sql",
            include_str!("../migrations/0002_providers.sql"),
        ),
        (
            "0003_gift_cards.sql",
            include_str!("../migrations/0003_gift_cards.sql"),
        ),
    ],
};
