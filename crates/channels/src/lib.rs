//! Channels: from which places each way of selling sells, and what it leaves there for the others.
//!
//! Owns: the terms of each channel, with every version there was; how a channel sees what is there, which is pure;
//! tables `channels_*`.
//!
//! Never does: read or hold stock. `stock` has one truth for all channels; `flows` looks at it through a channel's
//! [`View`] and asks for holds that leave what the channel leaves.
//!
//! Invariants
//! - A channel of which nothing was said sells from every place that offers the service, and leaves nothing.
//! - What a channel sees at a place is never more than is there, and never less than nothing.
//! - A version of the terms is never changed; the highest is in force: here at once, in other processes within five
//!   seconds.
//!
//! Events: `channels.terms_changed.v1`.

mod check;
mod error;
mod events;
mod model;
mod routes;
mod service;
mod shelf;
mod store;
mod view;

pub use check::ValidTerms;
pub use error::{BUFFER_TWICE, ERRORS};
pub use events::TermsChanged;
pub use model::{ChannelTerms, PlaceBuffer, SellsFrom, SkuBuffer, Terms};
pub use routes::{TermsIn, routes};
pub use service::Channels;
pub use view::{View, Views};

use base::Permission;

/// May see the terms of channels, their history, and what a channel sees.
pub const CHANNEL_READ: Permission = Permission::new("channel.read");
/// May change the terms of channels.
pub const CHANNEL_MANAGE: Permission = Permission::new("channel.manage");

/// The rights this domain asks for.
pub const PERMISSIONS: &[Permission] = &[CHANNEL_READ, CHANNEL_MANAGE];

/// The tables of this domain.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "channels",
    files: &[(
        "0001_channels.sql",
        include_str!("../migrations/0001_channels.sql"),
    )],
};
