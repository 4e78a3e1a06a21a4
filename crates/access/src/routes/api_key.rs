//! Keys of machines.

use std::collections::BTreeSet;

use base::{ApiKeyId, Error, Page, PageQuery, Result, Time, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Created, Json, NoContent, Path, Problem, Query, Reply, State};

use super::ScopeWire;
use crate::model::ApiKey;
use crate::rules::check_length;
use crate::service::{Access, NewApiKey};

const NAME_MAX: usize = 100;

/// A machine's key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(super) struct ApiKeyOut {
    id: ApiKeyId,
    name: String,
    /// The first characters of the secret, to tell keys apart.
    hint: String,
    permissions: BTreeSet<String>,
    scope: ScopeWire,
    created_by: String,
    created_at: Time,
    #[schema(required)]
    expires_at: Option<Time>,
    /// To within ten minutes.
    #[schema(required)]
    last_used_at: Option<Time>,
}

impl From<ApiKey> for ApiKeyOut {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            hint: key.hint,
            permissions: key.permissions,
            scope: ScopeWire::from(&key.scope),
            created_by: key.created_by,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A key just made. The secret is shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeyCreated {
    #[serde(flatten)]
    key: ApiKeyOut,
    /// What the machine sends as bearer token.
    secret: String,
}

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiKeyIn {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do: permissions the caller has too.
    #[schema(min_items = 1, max_items = 100)]
    permissions: BTreeSet<String>,
    scope: ScopeWire,
    /// When it stops; never when absent.
    expires_at: Option<Time>,
}

impl TryFrom<ApiKeyIn> for NewApiKey {
    type Error = Error;

    fn try_from(input: ApiKeyIn) -> Result<Self> {
        let name = input.name.trim();
        if name.is_empty() {
            return Err(Error::field("name", &codes::REQUIRED));
        }
        check_length("name", name, NAME_MAX)?;
        if input.permissions.is_empty() {
            return Err(Error::field("permissions", &codes::REQUIRED));
        }
        Ok(Self {
            name: name.to_owned(),
            permissions: input.permissions,
            scope: input.scope.parse("scope")?,
            expires_at: input.expires_at,
        })
    }
}

/// Lists living keys, oldest first.
#[utoipa::path(get, path = "/api-keys", tag = "access", security(("staff" = ["api_key.manage"])),
    params(PageQuery),
    responses((status = 200, body = Page<ApiKeyOut>), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn api_key_list(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Query(query): Query<PageQuery>,
) -> Reply<Page<ApiKeyOut>> {
    let page = access.api_key_list(&ctx, query.after()?, query.size()?).await?;
    Ok(Json(page.map(ApiKeyOut::from)))
}

/// Makes a key. Its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api-keys", tag = "access", security(("staff" = ["api_key.manage"])),
    request_body = ApiKeyIn,
    responses((status = 201, body = ApiKeyCreated), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn api_key_create(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Json(input): Json<ApiKeyIn>,
) -> Result<Created<ApiKeyCreated>, Problem> {
    let made = access.api_key_create(&ctx, input.try_into()?).await?;
    Ok(Created(ApiKeyCreated {
        key: made.key.into(),
        secret: made.secret,
    }))
}

/// Ends a key at once.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "access", security(("staff" = ["api_key.manage"])),
    params(("id" = ApiKeyId, Path)),
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn api_key_revoke(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Path(id): Path<ApiKeyId>,
) -> Result<NoContent, Problem> {
    access.api_key_revoke(&ctx, id).await?;
    Ok(NoContent)
}
