//! Staff, roles and scopes, machine keys, sessions, audit entries.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use base::{ApiKeyId, Error, Locale, MemberId, PlaceId, Result, SessionId, StaffId, Time, codes};
use crypto::SecretToken;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::ROLE_SCOPE;

/// What a person does in the chain. The rights of each are in `policies/`, one file per role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the system.
    Admin,
    /// Runs catalogue, places, stock and figures of the chain.
    HeadOffice,
    /// Runs the stores of a region.
    AreaManager,
    /// Runs one store.
    StoreManager,
    /// Serves customers on the shop floor.
    Associate,
    /// Answers customers.
    ServiceAgent,
    /// Plans campaigns.
    Marketer,
    /// Owns the experience loop.
    ExperienceManager,
    /// Works with data.
    Data,
    /// Reads what happened.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Admin,
        Self::HeadOffice,
        Self::AreaManager,
        Self::StoreManager,
        Self::Associate,
        Self::ServiceAgent,
        Self::Marketer,
        Self::ExperienceManager,
        Self::Data,
        Self::Auditor,
    ];

    /// The name as stored, in the API and in the policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::HeadOffice => "head_office",
            Self::AreaManager => "area_manager",
            Self::StoreManager => "store_manager",
            Self::Associate => "associate",
            Self::ServiceAgent => "service_agent",
            Self::Marketer => "marketer",
            Self::ExperienceManager => "experience_manager",
            Self::Data => "data",
            Self::Auditor => "auditor",
        }
    }

    /// Whether the role makes sense only for the whole chain.
    const fn is_chain_wide(self) -> bool {
        matches!(self, Self::Admin | Self::HeadOffice | Self::Auditor)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    /// # Errors
    /// `input.malformed` when there is no such role.
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| {
                Error::new(&codes::MALFORMED).with("reason", format!("there is no role \"{text}\""))
            })
    }
}

/// Where a role or a key holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// The whole chain.
    All,
    /// The places of a region, by its code.
    Region(String),
    /// The places of a brand, by its code.
    Brand(String),
    /// One place.
    Place(PlaceId),
}

/// The longest code of a region or a brand, in characters.
const SCOPE_CODE_MAX: usize = 64;

impl Scope {
    /// The scope of that kind.
    ///
    /// # Errors
    /// `input.malformed` for an unknown kind, a missing code or one too many.
    pub fn new(kind: &str, id: Option<&str>) -> Result<Self> {
        let malformed = |reason: String| Error::new(&codes::MALFORMED).with("reason", reason);
        let id = id.filter(|id| !id.is_empty());
        match (kind, id) {
            ("all", None) => Ok(Self::All),
            ("region" | "brand", Some(code)) if code.chars().count() > SCOPE_CODE_MAX => {
                Err(Error::new(&codes::TOO_LONG).with("max", SCOPE_CODE_MAX))
            }
            ("region", Some(code)) => Ok(Self::Region(code.to_owned())),
            ("brand", Some(code)) => Ok(Self::Brand(code.to_owned())),
            ("place", Some(id)) => id.parse().map(Self::Place),
            ("all", Some(_)) => Err(malformed("the scope \"all\" has no id".to_owned())),
            ("region" | "brand" | "place", None) => Err(malformed(format!("a scope \"{kind}\" needs an id"))),
            _ => Err(malformed(format!("there is no scope \"{kind}\""))),
        }
    }

    /// `all`, `region`, `brand` or `place`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Region(_) => "region",
            Self::Brand(_) => "brand",
            Self::Place(_) => "place",
        }
    }

    /// Which region, brand or place.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        match self {
            Self::All => None,
            Self::Region(code) | Self::Brand(code) => Some(code.clone()),
            Self::Place(id) => Some(id.to_string()),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Region(code) | Self::Brand(code) => write!(f, "{}/{code}", self.kind()),
            Self::Place(id) => write!(f, "place/{id}"),
        }
    }
}

/// One role in one scope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Assignment {
    /// What the person does.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

impl Assignment {
    /// A role in a scope that suits it.
    ///
    /// # Errors
    /// `access.role_scope` when the role makes sense only for the whole chain.
    pub fn new(role: Role, scope: Scope) -> Result<Self> {
        if role.is_chain_wide() && scope != Scope::All {
            return Err(Error::new(&ROLE_SCOPE)
                .with("role", role.as_str())
                .with("scope", scope.to_string()));
        }
        Ok(Self { role, scope })
    }
}

/// A member of staff, without secrets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// The name to sign in with, lower case.
    pub login: String,
    /// The name people read.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// The language of their screens.
    pub locale: Locale,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether a one-time code is asked for.
    pub totp_enabled: bool,
    /// What they do and where.
    pub roles: BTreeSet<Assignment>,
    /// The place they work at.
    pub home_place_id: Option<PlaceId>,
    /// Raised at every change.
    pub version: i64,
}

impl Staff {
    /// Whether this person can hand out rights.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.active && self.roles.iter().any(|a| a.role == Role::Admin)
    }
}

/// Somebody to take on, checked.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// The name to sign in with.
    pub login: Login,
    /// The name people read.
    pub name: PersonName,
    /// The first password.
    pub password: NewPassword,
    /// Where mail goes.
    pub email: Option<Email>,
    /// The language of their screens.
    pub locale: Locale,
    /// What they do and where.
    pub roles: BTreeSet<Assignment>,
    /// The place they work at.
    pub home_place_id: Option<PlaceId>,
}

/// What to change of a member of staff; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    /// The name people read.
    pub name: Option<PersonName>,
    /// Where mail goes; `Some(None)` takes it away.
    pub email: Option<Option<Email>>,
    /// The language of their screens.
    pub locale: Option<Locale>,
    /// Whether they may sign in; `false` ends their sessions at once.
    pub active: Option<bool>,
    /// What they do and where; takes effect at once.
    pub roles: Option<BTreeSet<Assignment>>,
    /// The place they work at; `Some(None)` takes it away.
    pub home_place_id: Option<Option<PlaceId>>,
    /// A new password, for somebody who lost theirs; ends their sessions.
    pub password: Option<NewPassword>,
    /// Takes the authenticator away, for somebody who lost their phone; ends their sessions.
    pub totp_reset: bool,
}

pub use crate::rules::{Email, Login, NewPassword, PersonName};

/// Who a session belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Principal {
    /// A member of staff.
    Staff(StaffId),
    /// A member.
    Member(MemberId),
}

impl Principal {
    /// Which cookie carries their sessions.
    #[must_use]
    pub const fn kind(&self) -> SessionKind {
        match self {
            Self::Staff(_) => SessionKind::Staff,
            Self::Member(_) => SessionKind::Member,
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(id) => id.fmt(f),
            Self::Member(id) => id.fmt(f),
        }
    }
}

/// The two kinds of people who sign in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SessionKind {
    /// Console, store app, till.
    Staff,
    /// Shop.
    Member,
}

impl SessionKind {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Member => "member",
        }
    }
}

/// A session just opened. The token is here and nowhere else.
#[derive(Debug)]
pub struct OpenedSession {
    /// Names the session.
    pub id: SessionId,
    /// Whose it is.
    pub principal: Principal,
    /// What the browser keeps.
    pub token: SecretToken,
    /// When it ends unless used before.
    pub expires_at: Time,
    /// How long the browser keeps the token at most; the server knows better.
    pub cookie_life: Duration,
}

/// The session behind the present request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CurrentSession {
    /// Names the session.
    pub id: SessionId,
    /// Whose it is.
    pub principal: Principal,
}

/// A machine's key, without its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiKey {
    /// Names the key.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// The first characters of the secret, for support.
    pub hint: String,
    /// What it may do.
    pub permissions: BTreeSet<String>,
    /// Where.
    pub scope: Scope,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Time,
    /// When it stops.
    pub expires_at: Option<Time>,
    /// When it was used last, to within some minutes.
    pub last_used_at: Option<Time>,
}

/// One sealed entry of the audit trail.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditEntry {
    /// Its number in the chain, without gaps.
    pub seq: i64,
    /// When it happened.
    pub at: Time,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// The facts of it.
    pub facts: Map<String, Value>,
    /// The chain's hash up to here.
    pub hash: [u8; 32],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_names_round_trip_and_match_the_wire() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert!("owner".parse::<Role>().is_err());
    }

    #[test]
    fn scopes_need_what_they_need() {
        let place = PlaceId::new();
        assert_eq!(Scope::new("all", None).unwrap(), Scope::All);
        assert_eq!(Scope::new("all", Some("")).unwrap(), Scope::All);
        assert_eq!(
            Scope::new("region", Some("east")).unwrap().to_string(),
            "region/east"
        );
        assert_eq!(
            Scope::new("place", Some(&place.to_string())).unwrap(),
            Scope::Place(place)
        );
        for (kind, id) in [
            ("all", Some("x")),
            ("region", None),
            ("place", Some("x")),
            ("galaxy", None),
        ] {
            assert!(Scope::new(kind, id).is_err(), "{kind} {id:?}");
        }
    }

    #[test]
    fn an_administrator_is_one_for_the_whole_chain() {
        assert!(Assignment::new(Role::Admin, Scope::All).is_ok());
        let region = Scope::Region("east".to_owned());
        assert!(
            Assignment::new(Role::Admin, region.clone())
                .unwrap_err()
                .is(&ROLE_SCOPE)
        );
        assert!(Assignment::new(Role::StoreManager, region).is_ok());
    }
}
