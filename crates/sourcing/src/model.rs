//! Versions of the rules.

use base::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::Rules;

/// The rules of one version: who decided them, when and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingRulesVersion)]
pub struct RulesVersion {
    /// Raised by one at every change; 0 are the rules a chain starts with.
    pub version: i64,
    /// The rules.
    pub rules: Rules,
    /// Why they were changed.
    pub note: Option<String>,
    /// Who changed them.
    pub actor: String,
    /// When.
    pub changed_at: Time,
}

impl RulesVersion {
    /// What holds until somebody decides.
    pub(crate) fn initial() -> Self {
        Self {
            version: 0,
            rules: Rules::default(),
            note: None,
            actor: "system:sourcing".to_owned(),
            changed_at: Time::from_micros(0),
        }
    }
}
