//! What this domain announces.

use serde::{Deserialize, Serialize};

use crate::replay::ReplayId;

/// Orders are sourced by other rules from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RulesChanged {
    /// The version now in force.
    pub version: i64,
    /// Why.
    pub note: Option<String>,
}

impl bus::Event for RulesChanged {
    const KIND: &'static str = "sourcing.rules_changed.v1";

    fn aggregate(&self) -> String {
        "sourcing_rules".to_owned()
    }
}

/// A replay has ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayFinished {
    /// Which.
    pub replay_id: ReplayId,
    /// Orders worked off.
    pub orders: i64,
    /// Orders that would be served otherwise.
    pub changed: i64,
}

impl bus::Event for ReplayFinished {
    const KIND: &'static str = "sourcing.replay_finished.v1";

    fn aggregate(&self) -> String {
        self.replay_id.to_string()
    }
}
