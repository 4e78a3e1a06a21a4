//! What may be done, and to what. Decided in `access`; asked for everywhere.

use std::fmt;

use crate::{MemberId, PlaceId};

/// The right to one action, written `noun.verb`. Each crate declares its own as constants.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission(&'static str);

impl Permission {
    /// Declares a permission.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The written form.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What an action touches, as far as rights care.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Resource {
    /// Something of no one place: a product, a rule, the whole chain's figures.
    Chain,
    /// Something at, or about, one place.
    Place(PlaceId),
    /// Anything at all: asks whether the actor holds the right in any scope.
    Somewhere,
}

/// Decides rights for one actor. `access` implements it over its policies; the two here are the ends.
pub trait Rights: Send + Sync + fmt::Debug {
    /// Whether the actor may do this to that.
    fn allows(&self, permission: Permission, resource: &Resource) -> bool;

    /// The places the right is limited to; `None` means every place.
    fn places(&self, permission: Permission) -> Option<Vec<PlaceId>>;
}

/// May do nothing: the anonymous visitor, and a member acting as a member.
#[derive(Clone, Copy, Debug)]
pub struct NoRights;

impl Rights for NoRights {
    fn allows(&self, _: Permission, _: &Resource) -> bool {
        false
    }
    fn places(&self, _: Permission) -> Option<Vec<PlaceId>> {
        Some(Vec::new())
    }
}

/// May do everything: the system's own jobs and event handlers.
#[derive(Clone, Copy, Debug)]
pub struct SystemRights;

impl Rights for SystemRights {
    fn allows(&self, _: Permission, _: &Resource) -> bool {
        true
    }
    fn places(&self, _: Permission) -> Option<Vec<PlaceId>> {
        None
    }
}

/// A member may always act on what is their own.
#[must_use]
pub(crate) fn owns(actor: Option<MemberId>, owner: Option<MemberId>) -> bool {
    matches!((actor, owner), (Some(a), Some(o)) if a == o)
}
