//! Staff and members.

use base::{MemberId, Text, Time};
use jiff::civil::Date;

/// What a person on the staff does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Sees the chain.
    HeadOffice,
    /// Runs a store.
    StoreManager,
    /// Serves in a store.
    Associate,
    /// Answers customers.
    ServiceAgent,
    /// Plans campaigns.
    Marketer,
    /// Owns the loop from word to fix.
    ExperienceManager,
}

/// How far a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole chain.
    All,
    /// One place.
    Place(usize),
}

/// A person who signs in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Sign-in name.
    pub login: &'static str,
    /// Name.
    pub name: Text,
    /// What the person does, for the list printed at the start.
    pub title: Text,
    /// Password for the demo; the same for the same seed.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Reach.
    pub scope: Scope,
    /// Store the person works in.
    pub home: Option<usize>,
}

/// A member's gender as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Woman.
    Woman,
    /// Man.
    Man,
}

/// Permission for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// `service`, `marketing_sms` or `personalisation`.
    pub purpose: &'static str,
    /// Given or refused.
    pub granted: bool,
    /// When.
    pub at: Time,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Member {
    /// Identifier.
    pub id: MemberId,
    /// Card number.
    pub number: String,
    /// Name in Chinese characters and in pinyin.
    pub name: Text,
    /// E.164.
    pub phone: String,
    /// Gender.
    pub gender: Gender,
    /// Date of birth, where given.
    pub birthday: Option<Date>,
    /// Whether English is preferred.
    pub english: bool,
    /// The store where most is bought.
    pub home: usize,
    /// Tags associates set.
    pub tags: Vec<Text>,
    /// What associates noted.
    pub notes: Option<Text>,
    /// Permissions.
    pub consents: Vec<Consent>,
    /// When the member joined.
    pub joined_at: Time,
    /// How often the member buys beside others.
    pub(crate) activity: u64,
    /// Position in a shade table that suits the complexion.
    pub(crate) complexion: usize,
    /// Skin type, a position in the table of types.
    pub(crate) skin: usize,
}
