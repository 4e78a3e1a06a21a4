//! What this domain announces.

use base::Channel;
use serde::{Deserialize, Serialize};

/// A channel sells by other terms from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TermsChanged {
    /// Which channel.
    pub channel: Channel,
    /// The version now in force.
    pub version: i64,
    /// Why.
    pub note: Option<String>,
}

impl bus::Event for TermsChanged {
    const KIND: &'static str = "channels.terms_changed.v1";

    fn aggregate(&self) -> String {
        format!("channel:{}", self.channel.as_str())
    }
}
