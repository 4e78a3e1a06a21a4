//! Who asks, with what rights, in which language: the first argument of every function below HTTP.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Result, codes};
use crate::permission::{NoRights, Permission, Resource, Rights, SystemRights, owns};
use crate::{ApiKeyId, Locale, MemberId, StaffId};

/// Who acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// A member in the shop or the app.
    Member(MemberId),
    /// A member of staff.
    Staff(StaffId),
    /// A machine with an API key.
    Machine(ApiKeyId),
    /// The system itself: a job or an event handler, by name.
    System(&'static str),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Member(id) => id.fmt(f),
            Self::Staff(id) => id.fmt(f),
            Self::Machine(id) => id.fmt(f),
            Self::System(name) => write!(f, "system:{name}"),
        }
    }
}

/// Names one request in logs, answers and events.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RequestId(pub Arc<str>);

/// A caller's promise that a repeated request is the same request.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IdempotencyKey {
    /// The caller's key.
    pub key: Arc<str>,
    /// SHA-256 over method, path and body, in hexadecimal: the same key with another body is refused.
    pub fingerprint: Arc<str>,
}

/// The context of one request or job. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who acts.
    pub actor: Actor,
    /// The language answers are given in.
    pub locale: Locale,
    /// The request this work belongs to.
    pub request_id: RequestId,
    /// Present when the caller sent one.
    pub idempotency: Option<IdempotencyKey>,
    rights: Arc<dyn Rights>,
}

impl Ctx {
    /// The context of an authenticated actor.
    #[must_use]
    pub fn new(actor: Actor, rights: Arc<dyn Rights>, locale: Locale, request_id: RequestId) -> Self {
        Self {
            actor,
            locale,
            request_id,
            idempotency: None,
            rights,
        }
    }

    /// The context of a visitor nobody knows.
    #[must_use]
    pub fn anonymous(locale: Locale, request_id: RequestId) -> Self {
        Self::new(Actor::Anonymous, Arc::new(NoRights), locale, request_id)
    }

    /// The context of a member acting for themselves.
    #[must_use]
    pub fn member(id: MemberId, locale: Locale, request_id: RequestId) -> Self {
        Self::new(Actor::Member(id), Arc::new(NoRights), locale, request_id)
    }

    /// The context of the system's own work, named for the audit trail.
    #[must_use]
    pub fn system(name: &'static str) -> Self {
        Self::new(
            Actor::System(name),
            Arc::new(SystemRights),
            Locale::Zh,
            RequestId(name.into()),
        )
    }

    /// The same caller with the system's rights, for a step the caller may start but not do alone (a
    /// shopper's checkout moves stock). The actor stays who it was.
    #[must_use]
    pub fn elevated(&self) -> Self {
        Self {
            rights: Arc::new(SystemRights),
            ..self.clone()
        }
    }

    /// With the caller's idempotency key.
    #[must_use]
    pub fn with_idempotency(mut self, key: Option<IdempotencyKey>) -> Self {
        self.idempotency = key;
        self
    }

    /// Whether the right is there.
    #[must_use]
    pub fn may(&self, permission: Permission, resource: &Resource) -> bool {
        self.rights.allows(permission, resource)
    }

    /// The places a right is limited to; `None` means every place.
    #[must_use]
    pub fn places(&self, permission: Permission) -> Option<Vec<crate::PlaceId>> {
        self.rights.places(permission)
    }

    /// Asks for a right.
    ///
    /// # Errors
    /// `access.unauthenticated` for a visitor, `access.forbidden` for anybody else without the right.
    pub fn require(&self, permission: Permission, resource: &Resource) -> Result<()> {
        if self.may(permission, resource) {
            return Ok(());
        }
        Err(match self.actor {
            Actor::Anonymous => Error::new(&codes::UNAUTHENTICATED),
            _ => Error::new(&codes::FORBIDDEN).with("permission", permission.as_str()),
        })
    }

    /// The signed-in member.
    ///
    /// # Errors
    /// `access.unauthenticated` when the actor is not a member.
    pub fn require_member(&self) -> Result<MemberId> {
        self.member_id()
            .ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))
    }

    /// The signed-in member, if the actor is one.
    #[must_use]
    pub fn member_id(&self) -> Option<MemberId> {
        match self.actor {
            Actor::Member(id) => Some(id),
            _ => None,
        }
    }

    /// The signed-in member of staff, if the actor is one.
    #[must_use]
    pub fn staff_id(&self) -> Option<StaffId> {
        match self.actor {
            Actor::Staff(id) => Some(id),
            _ => None,
        }
    }

    /// Whether the actor is the member who owns a thing.
    #[must_use]
    pub fn is_owner(&self, owner: Option<MemberId>) -> bool {
        owns(self.member_id(), owner)
    }
}
