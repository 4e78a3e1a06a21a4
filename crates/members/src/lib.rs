//! The people who joined.
//!
//! Owns: members, their one live phone, one-time codes, consents with their receipts, staff's notes and tags,
//! signed member codes.
//! Never does: points and tiers (see `loyalty`), messages (see `outreach`), sessions (see `access`).
//! Invariants: a phone in whatever form it is typed is one key and belongs to one live member; a one-time code
//! opens at most once, within its time and five tries, and asking for one never tells whether a member
//! exists; receipts of consent are only ever added, and the last of a purpose holds from the moment it is
//! committed.
//! Events: `members.member_joined.v1`, `members.consent_changed.v1`.

mod error;
mod events;
mod import;
mod model;
mod phone;
mod routes;
mod rules;
mod service;
mod store;

pub use error::{
    BIRTHDAY_INVALID, CODE_INVALID, ERRORS, OTP_SPENT, OTP_THROTTLED, OTP_WRONG, PHONE_INVALID, PHONE_TAKEN,
};
pub use events::{ConsentChanged, MemberJoined};
pub use import::import_members_in;
pub use model::{
    Consent, ConsentState, Contact, Member, MemberChange, MemberImport, MembersImported, Method,
    NAME_MAX_CHARS, NOTES_MAX_CHARS, Purpose, SignIn, Source, TAG_MAX_CHARS, TAGS_MAX, must_be_few,
    must_be_short,
};
pub use phone::{Phone, mask_name};
pub use routes::{MemberCodeOut, routes};
pub use rules::OtpPolicy;
pub use service::{
    MEMBER_READ, MEMBER_READ_PII, MEMBER_WRITE, MemberCode, Members, OtpIssued, OtpVerdict, PERMISSIONS,
    contact_in, masked_for, member_by_phone_in, member_count_in, member_find_in, members_find_in, names_in,
    phone_for,
};

/// This crate's tables.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "members",
    files: &[("0001_members.sql", include_str!("../migrations/0001_members.sql"))],
};
