//! Messages to people.
//!
//! Owns: every message, its template in both languages, its way out of the house.
//! Never does: decide that something is worth a message (see `flows`), know who a person is (see `members`).
//! Invariants: one occasion, one message; what a person does not allow is held back and kept with the reason,
//! and what they allow is asked again at the last step; a message is carried only after the transaction that
//! asked for it is durable.
//! Events: `outreach.message_sent.v1`, `outreach.message_suppressed.v1`, `outreach.message_failed.v1`.

mod adapter;
mod error;
mod events;
mod model;
mod routes;
mod service;
mod store;
mod template;

pub use adapter::{ChannelAdapter, Mailbox, Refusal};
pub use error::{ERRORS, NO_RECIPIENT};
pub use events::{MessageFailed, MessageSent, MessageSuppressed};
pub use model::{
    Accepted, Channel, Message, MessageImport, NewMessage, Purpose, Recipient, State, Suppression,
};
pub use routes::{MessageOut, MessageQuery, routes};
pub use service::{
    Adapters, Deliver, MESSAGE_READ, Outreach, PERMISSIONS, import_messages_in, member_messages_in,
    message_send_in, message_state_in,
};
pub use template::{Template, Written, money_text};

/// This crate's tables.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "outreach",
    files: &[(
        "0001_outreach.sql",
        include_str!("../migrations/0001_outreach.sql"),
    )],
};
