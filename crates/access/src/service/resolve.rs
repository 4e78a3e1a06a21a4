//! From a token to who stands behind it.

use std::sync::Arc;
use std::time::Duration;

use base::{Actor, ApiKeyId, Ctx, MemberId, Result, SessionId, StaffId, Time};
use crypto::token_hash;
use db::{Reader, Tx};

use super::Access;
use crate::model::{ApiKey, CurrentSession, Principal};
use crate::policy::Grants;
use crate::rights::Held;
use crate::store;

/// Begins every session token.
pub(super) const SESSION_PREFIX: &str = "sls";
/// Begins every machine's secret.
pub(super) const API_KEY_PREFIX: &str = "slk";

/// The longest token that is looked at, in characters.
const TOKEN_MAX: usize = 128;

/// How often a key's last use is written down.
const TOUCH_EVERY: Duration = Duration::from_secs(600);

/// Who stands behind a token.
#[derive(Clone)]
pub(crate) enum Identity {
    Staff {
        id: StaffId,
        session: SessionId,
        rights: Arc<Held>,
    },
    Member {
        id: MemberId,
        session: SessionId,
    },
    Machine {
        id: ApiKeyId,
        rights: Arc<Held>,
    },
}

impl Identity {
    pub(crate) const fn actor(&self) -> Actor {
        match self {
            Self::Staff { id, .. } => Actor::Staff(*id),
            Self::Member { id, .. } => Actor::Member(*id),
            Self::Machine { id, .. } => Actor::Machine(*id),
        }
    }

    pub(crate) const fn session(&self) -> Option<CurrentSession> {
        match self {
            Self::Staff { id, session, .. } => Some(CurrentSession {
                id: *session,
                principal: Principal::Staff(*id),
            }),
            Self::Member { id, session } => Some(CurrentSession {
                id: *session,
                principal: Principal::Member(*id),
            }),
            Self::Machine { .. } => None,
        }
    }

    /// The context of a request by this actor, in the language and under the name of the visitor's.
    pub(crate) fn ctx(&self, visitor: Ctx) -> Ctx {
        match self {
            Self::Staff { rights, .. } | Self::Machine { rights, .. } => Ctx::new(
                self.actor(),
                Arc::clone(rights) as _,
                visitor.locale,
                visitor.request_id,
            ),
            Self::Member { id, .. } => Ctx::member(*id, visitor.locale, visitor.request_id),
        }
    }
}

/// What the store knows of a token.
enum Found {
    Session {
        stored: store::session::Stored,
        grants: Option<Grants>,
        now: Time,
    },
    Key {
        key: ApiKey,
        now: Time,
    },
}

impl Access {
    /// Who stands behind a token; `None` when nobody does any more.
    pub(crate) async fn resolve(&self, token: &str) -> Result<Option<Identity>> {
        if token.is_empty() || token.len() > TOKEN_MAX {
            return Ok(None);
        }
        let hash = token_hash(token);
        if let Some(known) = self.0.cache.get(&hash) {
            return Ok(Some(known));
        }
        let mark = self.0.cache.mark();
        let is_key = token
            .strip_prefix(API_KEY_PREFIX)
            .is_some_and(|rest| rest.starts_with('_'));
        let found = self
            .0
            .db
            .read(async move |reader: &Reader| find(reader, is_key, &hash).await)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let (identity, good_for) = match found {
            Found::Session { stored, grants, now } => self.living_session(stored, grants, now).await?,
            Found::Key { key, now } => self.living_key(key, now).await?,
        };
        self.0.cache.put(mark, hash, identity.clone(), good_for);
        Ok(Some(identity))
    }

    async fn living_session(
        &self,
        stored: store::session::Stored,
        grants: Option<Grants>,
        now: Time,
    ) -> Result<(Identity, Duration)> {
        let (session, life) = (stored.id, self.life(stored.principal));
        if let Some(later) = life.slide(stored.expires_at, stored.ends_at, now) {
            self.0
                .db
                .write_guarded(async move |tx: &Tx| store::session::slide(tx, session, later).await)
                .await?;
        }
        let identity = match stored.principal {
            Principal::Member(id) => Identity::Member { id, session },
            Principal::Staff(id) => {
                let grants = grants.unwrap_or_else(|| Grants::Staff(Default::default()));
                Identity::Staff {
                    id,
                    session,
                    rights: self.0.decider.rights(&grants),
                }
            }
        };
        Ok((identity, stored.expires_at.since(now)))
    }

    async fn living_key(&self, key: ApiKey, now: Time) -> Result<(Identity, Duration)> {
        let id = key.id;
        let unused_since = now.before(TOUCH_EVERY);
        if key.last_used_at.is_none_or(|at| at < unused_since) {
            self.0
                .db
                .write_guarded(async move |tx: &Tx| store::api_key::touch(tx, id, unused_since).await)
                .await?;
        }
        let good_for = key.expires_at.map_or(Duration::MAX, |end| end.since(now));
        let grants = Grants::Machine {
            permissions: key.permissions,
            scope: key.scope,
        };
        Ok((
            Identity::Machine {
                id,
                rights: self.0.decider.rights(&grants),
            },
            good_for,
        ))
    }
}

async fn find(reader: &Reader, is_key: bool, hash: &[u8; 32]) -> Result<Option<Found>> {
    let now = reader.now();
    if is_key {
        return Ok(store::api_key::by_secret(reader, hash)
            .await?
            .map(|key| Found::Key { key, now }));
    }
    let Some(stored) = store::session::by_token(reader, hash).await? else {
        return Ok(None);
    };
    let Principal::Staff(id) = stored.principal else {
        return Ok(Some(Found::Session {
            stored,
            grants: None,
            now,
        }));
    };
    match store::staff::by_id(reader, id).await? {
        Some((staff, _)) if staff.active => Ok(Some(Found::Session {
            stored,
            grants: Some(Grants::Staff(staff.roles)),
            now,
        })),
        _ => Ok(None),
    }
}
