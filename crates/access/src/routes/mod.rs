//! HTTP of access.

mod api_key;
mod audit;
mod session;
mod staff;
mod totp;

use base::{Error, Permission, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Router, routes};

use crate::model::{Role, Scope};
use crate::service::Access;

/// The routes of this domain.
pub fn routes(access: Access) -> Router {
    Router::new()
        .routes(routes!(
            session::staff_sign_in,
            session::staff_session_get,
            session::staff_sign_out
        ))
        .routes(routes!(session::staff_password_change))
        .routes(routes!(totp::staff_totp_enrol, totp::staff_totp_disable))
        .routes(routes!(totp::staff_totp_confirm))
        .routes(routes!(staff::staff_list, staff::staff_create))
        .routes(routes!(staff::staff_get, staff::staff_update))
        .routes(routes!(api_key::api_key_list, api_key::api_key_create))
        .routes(routes!(api_key::api_key_revoke))
        .routes(routes!(audit::audit_list))
        .routes(routes!(audit::audit_verify))
        .with_state(access)
}

/// What kind of scope.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ScopeKind {
    All,
    Region,
    Brand,
    Place,
}

/// Where a role or a key holds. `id` names the region, brand or place; it is null for `all`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Scope)]
struct ScopeWire {
    kind: ScopeKind,
    #[serde(default)]
    #[schema(required, max_length = 64)]
    id: Option<String>,
}

impl ScopeWire {
    /// # Errors
    /// `input.invalid` naming `field`.
    fn parse(&self, field: &str) -> Result<Scope> {
        let kind = match self.kind {
            ScopeKind::All => "all",
            ScopeKind::Region => "region",
            ScopeKind::Brand => "brand",
            ScopeKind::Place => "place",
        };
        Scope::new(kind, self.id.as_deref()).map_err(|e| in_field(field, &e))
    }
}

impl From<&Scope> for ScopeWire {
    fn from(scope: &Scope) -> Self {
        let kind = match scope {
            Scope::All => ScopeKind::All,
            Scope::Region(_) => ScopeKind::Region,
            Scope::Brand(_) => ScopeKind::Brand,
            Scope::Place(_) => ScopeKind::Place,
        };
        Self { kind, id: scope.id() }
    }
}

/// One role in one scope.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleAssignment {
    role: Role,
    scope: ScopeWire,
}

/// An error of the model, told of one field.
fn in_field(field: &str, error: &Error) -> Error {
    let reason = error
        .facts()
        .get("reason")
        .and_then(|r| r.as_str())
        .map(str::to_owned);
    let reason = reason.unwrap_or_else(|| error.message(base::Locale::En));
    crate::rules::malformed(field, reason)
}

fn names(permissions: &[Permission]) -> Vec<String> {
    permissions.iter().map(|p| p.as_str().to_owned()).collect()
}
