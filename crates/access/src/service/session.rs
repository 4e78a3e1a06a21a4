//! Sessions: opened, closed, ended for everybody at once.

use std::sync::Arc;

use base::{Actor, Ctx, Error, Result, SessionId, Time, codes};
use crypto::SecretToken;
use db::{Reader, Tx};
use serde_json::json;

use super::resolve::SESSION_PREFIX;
use super::{Access, audit_in};
use crate::model::{CurrentSession, OpenedSession, Principal};
use crate::rules::SessionLife;
use crate::store;

impl Principal {
    pub(crate) const fn actor(self) -> Actor {
        match self {
            Self::Staff(id) => Actor::Staff(id),
            Self::Member(id) => Actor::Member(id),
        }
    }
}

impl Access {
    pub(super) fn life(&self, principal: Principal) -> SessionLife {
        match principal {
            Principal::Staff(_) => self.0.config.staff_life,
            Principal::Member(_) => self.0.config.member_life,
        }
    }

    /// Opens a session for somebody who has just proved who they are, under a fresh token: a token known
    /// before the proof is never reused. Keep the token out of anything stored; in particular never answer
    /// it from `write_once`.
    ///
    /// # Errors
    /// `internal` when the system has no randomness; `db.unavailable`.
    pub async fn session_open_in(&self, tx: &Tx, principal: Principal) -> Result<OpenedSession> {
        let life = self.life(principal);
        let token = SecretToken::random(SESSION_PREFIX)?;
        let ends_at = tx.now().after(life.total);
        let stored = store::session::Stored {
            id: SessionId::new(),
            principal,
            expires_at: tx.now().after(life.idle).min(ends_at),
            ends_at,
        };
        store::session::insert(tx, &stored, &token.hash()).await?;
        Ok(OpenedSession {
            id: stored.id,
            principal,
            token,
            expires_at: stored.expires_at,
            cookie_life: life.total,
        })
    }

    /// Ends a session; in this process at once.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn session_close_in(&self, tx: &Tx, session: CurrentSession) -> Result<()> {
        if store::session::revoke(tx, session.id).await? {
            self.forget_after_commit(tx, session.principal.actor());
        }
        Ok(())
    }

    /// Ends a session; in this process at once.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn session_close(&self, ctx: &Ctx, session: CurrentSession) -> Result<()> {
        let (access, ctx) = (self.clone(), ctx.clone());
        self.0
            .db
            .write_guarded(async move |tx: &Tx| {
                access.session_close_in(tx, session).await?;
                if let Principal::Staff(id) = session.principal {
                    audit_in(tx, &ctx, "session.closed", id, json!({})).await?;
                }
                Ok(())
            })
            .await
    }

    /// Ends every session of somebody, except one they keep; in this process at once.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn sessions_end_in(
        &self,
        tx: &Tx,
        principal: Principal,
        keep: Option<SessionId>,
    ) -> Result<u64> {
        let ended = store::session::revoke_all(tx, principal, keep).await?;
        self.forget_after_commit(tx, principal.actor());
        Ok(ended)
    }

    /// When a session ends unless it is used before.
    ///
    /// # Errors
    /// `access.unauthenticated` when it has ended.
    pub async fn session_expiry(&self, session: CurrentSession) -> Result<Time> {
        let expiry = self
            .0
            .db
            .read(async move |reader: &Reader| store::session::expiry(reader, session.id).await)
            .await?;
        expiry.ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))
    }

    pub(super) fn forget_after_commit(&self, tx: &Tx, actor: Actor) {
        let cache = Arc::clone(&self.0.cache);
        tx.after_commit(move || cache.forget(&actor));
    }
}
