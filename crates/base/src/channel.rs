//! The ways a chain sells.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Result};

/// Where an order came from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web shop.
    Web,
    /// The app.
    App,
    /// A mini-program.
    MiniProgram,
    /// An associate in a store.
    Store,
    /// A till.
    Pos,
    /// A marketplace.
    Marketplace,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 6] = [
        Self::Web,
        Self::App,
        Self::MiniProgram,
        Self::Store,
        Self::Pos,
        Self::Marketplace,
    ];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::App => "app",
            Self::MiniProgram => "mini_program",
            Self::Store => "store",
            Self::Pos => "pos",
            Self::Marketplace => "marketplace",
        }
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// `internal` for a word that is no channel's.
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|channel| channel.as_str() == text);
        found.ok_or_else(|| Error::internal(format!("\"{text}\" is not a channel")))
    }
}
