//! What this crate announces.

use base::{Locale, MemberId, Time};
use bus::Event;
use serde::{Deserialize, Serialize};

use crate::model::{Method, Purpose, Source};

/// A person joined.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemberJoined {
    /// Who.
    pub member_id: MemberId,
    /// Their number.
    pub number: String,
    /// Their language.
    pub locale: Locale,
    /// Through what.
    pub source: Source,
    /// When.
    pub joined_at: Time,
}

impl Event for MemberJoined {
    const KIND: &'static str = "members.member_joined.v1";
    fn aggregate(&self) -> String {
        self.member_id.to_string()
    }
}

/// A member gave or withdrew a consent. A withdrawal holds from the moment this is true.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsentChanged {
    /// Who.
    pub member_id: MemberId,
    /// To what.
    pub purpose: Purpose,
    /// Given or withdrawn.
    pub granted: bool,
    /// The text shown.
    pub policy_version: String,
    /// How.
    pub method: Method,
    /// When.
    pub at: Time,
}

impl Event for ConsentChanged {
    const KIND: &'static str = "members.consent_changed.v1";
    fn aggregate(&self) -> String {
        self.member_id.to_string()
    }
}
