//! Who may do what, and who is here.
//!
//! Owns: staff and their roles, machine keys, sessions of staff and of members, sign-in limits, the audit
//! trail; tables `access_*`; the policies in `policies/`.
//! Never does: know members beyond their identifier, know places beyond which region and brand they belong
//! to (the composition root keeps [`PlaceDirectory`]), send messages.
//! Invariants: a right is decided by the policies and by nothing else; a password, a token or a secret is
//! never stored in a form that gives it back to a thief of the database, nor printed; a session that ended
//! is refused in this process at once; guessing is limited before it is looked at; an audit entry that was
//! sealed cannot be changed, moved or taken away unnoticed.
//! Events: none; what happens here is in the audit trail.

mod authenticate;
mod cache;
mod client;
mod error;
mod limit;
mod model;
mod places;
mod policy;
mod rights;
mod routes;
mod rules;
mod service;
mod store;

use base::Permission;
use db::MigrationSet;

pub use authenticate::authenticate;
pub use client::Client;
pub use error::{
    BAD_CREDENTIALS, CSRF, ERRORS, EXPIRY_PAST, LAST_ADMIN, LOCKED, LOGIN_TAKEN, NOT_GRANTABLE,
    PASSWORD_TOO_COMMON, PASSWORD_TOO_SHORT, POLICIES, RATE_LIMITED, ROLE_SCOPE, TOTP_ENABLED,
    TOTP_NOT_STARTED, TOTP_REQUIRED, TOTP_WRONG, UNKNOWN_PERMISSION,
};
pub use limit::{Limiter, RateLimit};
pub use model::{
    ApiKey, Assignment, AuditEntry, CurrentSession, Email, Login, NewPassword, NewStaff, OpenedSession,
    PersonName, Principal, Role, Scope, SessionKind, Staff, StaffChange,
};
pub use places::{PlaceDirectory, PlaceScopes};
pub use routes::routes;
pub use rules::{PASSWORD_MAX, PASSWORD_MIN, SessionLife};
pub use service::{
    AUDIT_BELL, Access, AccessConfig, AuditVerdict, NewApiKey, NewApiKeySecret, SignIn, SignedIn,
    TotpEnrolment, audit_in, known_permissions,
};

/// List staff.
pub const STAFF_READ: Permission = Permission::new("staff.read");
/// Take staff on, change them, give them roles.
pub const STAFF_MANAGE: Permission = Permission::new("staff.manage");
/// Make and end keys of machines.
pub const API_KEY_MANAGE: Permission = Permission::new("api_key.manage");
/// Read and check the audit trail.
pub const AUDIT_READ: Permission = Permission::new("audit.read");

/// The permissions this crate asks for.
pub const PERMISSIONS: &[Permission] = &[STAFF_READ, STAFF_MANAGE, API_KEY_MANAGE, AUDIT_READ];

/// This crate's tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    domain: "access",
    files: &[("0001_access.sql", include_str!("../migrations/0001_access.sql"))],
};
