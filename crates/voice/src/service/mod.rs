//! The face.

pub(crate) mod feedback;
pub(crate) mod figures;
pub(crate) mod import;
pub(crate) mod issue;
pub(crate) mod survey;

use base::{Permission, Time};
use db::Db;

use crate::rules::SurveyPolicy;

/// Read what people say.
pub const FEEDBACK_READ: Permission = Permission::new("feedback.read");
/// Note what people say, and set it aside.
pub const FEEDBACK_WRITE: Permission = Permission::new("feedback.write");
/// See issues.
pub const ISSUE_READ: Permission = Permission::new("issue.read");
/// Open, change, prove and close issues.
pub const ISSUE_MANAGE: Permission = Permission::new("issue.manage");

/// Every right this crate asks for.
pub const PERMISSIONS: &[Permission] = &[FEEDBACK_READ, FEEDBACK_WRITE, ISSUE_READ, ISSUE_MANAGE];

/// What people say, and what becomes of it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Voice {
    pub(crate) db: Db,
    pub(crate) policy: SurveyPolicy,
}

impl Voice {
    /// The voices over a store.
    #[must_use]
    pub const fn new(db: Db, policy: SurveyPolicy) -> Self {
        Self { db, policy }
    }

    /// When people are asked.
    #[must_use]
    pub const fn policy(&self) -> &SurveyPolicy {
        &self.policy
    }
}

/// The present day where most of our people are.
pub(crate) fn today(now: Time) -> jiff::civil::Date {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
    now.timestamp().to_zoned(zone).date()
}
