//! Keys of machines.

use std::collections::BTreeSet;
use std::fmt;

use base::{ApiKeyId, Ctx, Error, Page, PageSize, Resource, Result, Rights, Time};
use crypto::SecretToken;
use db::{Reader, Tx};
use serde_json::json;

use super::resolve::API_KEY_PREFIX;
use super::{API_KEY_ANSWER, Access, audit_in};
use crate::API_KEY_MANAGE;
use crate::error::{EXPIRY_PAST, NOT_GRANTABLE, UNKNOWN_PERMISSION};
use crate::model::{ApiKey, Scope};
use crate::policy::Grants;
use crate::store;

/// Characters of the secret that are kept readable: the prefix and four more.
const HINT_CHARS: usize = 8;

/// A key to make, checked.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub permissions: BTreeSet<String>,
    /// Where.
    pub scope: Scope,
    /// When it stops.
    pub expires_at: Option<Time>,
}

/// A key just made, with its secret, which is shown this once.
pub struct NewApiKeySecret {
    /// The key.
    pub key: ApiKey,
    /// What the machine sends.
    pub secret: String,
}

impl fmt::Debug for NewApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewApiKeySecret({})", self.key.id)
    }
}

impl Access {
    /// Makes a key. Nobody gives what they do not have, and no key hands out rights.
    ///
    /// # Errors
    /// `access.forbidden` without `api_key.manage`; `access.unknown_permission`; `access.not_grantable`.
    pub async fn api_key_create(&self, ctx: &Ctx, new: NewApiKey) -> Result<NewApiKeySecret> {
        ctx.require(API_KEY_MANAGE, &Resource::Chain)?;
        self.check_grantable(ctx, &new)?;
        let (access, by) = (self.clone(), ctx.clone());
        // A repeated request gets the same secret again, so it is kept with the answer, sealed.
        let (id, sealed) = self
            .0
            .db
            .write_once(ctx, "api_key.create", async move |tx: &Tx| {
                access.api_key_create_in(tx, &by, &new).await
            })
            .await?;
        let secret = self
            .0
            .keys
            .open(API_KEY_ANSWER, id.to_string().as_bytes(), &sealed)?;
        let secret = String::from_utf8(secret.to_vec()).map_err(Error::internal)?;
        let hash = crypto::token_hash(&secret);
        let key = self
            .0
            .db
            .read(async move |reader: &Reader| store::api_key::by_secret(reader, &hash).await)
            .await?;
        let key = key.ok_or_else(|| Error::not_found("api_key", id))?;
        Ok(NewApiKeySecret { key, secret })
    }

    async fn api_key_create_in(&self, tx: &Tx, ctx: &Ctx, new: &NewApiKey) -> Result<(ApiKeyId, Vec<u8>)> {
        if new.expires_at.is_some_and(|end| end <= tx.now()) {
            return Err(Error::field("expires_at", &EXPIRY_PAST));
        }
        let secret = SecretToken::random(API_KEY_PREFIX)?;
        let key = ApiKey {
            id: ApiKeyId::new(),
            name: new.name.clone(),
            hint: secret.reveal().chars().take(HINT_CHARS).collect(),
            permissions: new.permissions.clone(),
            scope: new.scope.clone(),
            created_by: ctx.actor.to_string(),
            created_at: tx.now(),
            expires_at: new.expires_at,
            last_used_at: None,
        };
        store::api_key::insert(tx, &key, &secret.hash()).await?;
        let facts = json!({ "permissions": key.permissions, "scope": key.scope.to_string() });
        audit_in(tx, ctx, "api_key.created", key.id, facts).await?;
        let sealed = self.0.keys.seal(
            API_KEY_ANSWER,
            key.id.to_string().as_bytes(),
            secret.reveal().as_bytes(),
        )?;
        Ok((key.id, sealed))
    }

    /// Living keys, oldest first.
    ///
    /// # Errors
    /// `access.forbidden` without `api_key.manage`.
    pub async fn api_key_list(
        &self,
        ctx: &Ctx,
        after: Option<ApiKeyId>,
        size: PageSize,
    ) -> Result<Page<ApiKey>> {
        ctx.require(API_KEY_MANAGE, &Resource::Chain)?;
        let keys = self
            .0
            .db
            .read(async move |reader: &Reader| store::api_key::page(reader, after, size).await)
            .await?;
        Page::from_surplus(keys, size, |key| key.id)
    }

    /// Ends a key; in this process at once.
    ///
    /// # Errors
    /// `access.forbidden` without `api_key.manage`; `not_found`.
    pub async fn api_key_revoke(&self, ctx: &Ctx, id: ApiKeyId) -> Result<()> {
        ctx.require(API_KEY_MANAGE, &Resource::Chain)?;
        let (access, by) = (self.clone(), ctx.clone());
        self.0
            .db
            .write_once(ctx, "api_key.revoke", async move |tx: &Tx| {
                if !store::api_key::revoke(tx, id).await? {
                    return Err(Error::not_found("api_key", id));
                }
                access.forget_after_commit(tx, base::Actor::Machine(id));
                audit_in(tx, &by, "api_key.revoked", id, json!({})).await
            })
            .await
    }

    fn check_grantable(&self, ctx: &Ctx, new: &NewApiKey) -> Result<()> {
        let grants = Grants::Machine {
            permissions: new.permissions.clone(),
            scope: new.scope.clone(),
        };
        let machine = self.0.decider.rights(&grants);
        for name in &new.permissions {
            let known = self.0.decider.policies().permission(name);
            let permission =
                known.ok_or_else(|| Error::new(&UNKNOWN_PERMISSION).with("permission", name.as_str()))?;
            let given = ctx.may(permission, &Resource::Somewhere);
            if !given || !machine.allows(permission, &Resource::Somewhere) {
                return Err(Error::new(&NOT_GRANTABLE).with("permission", name.as_str()));
            }
        }
        Ok(())
    }
}
