//! The gate before every operation: who may not call it at all is turned away before its handler runs.
//!
//! What an operation demands is read from the OpenAPI document, so that what is documented is what is enforced.
//! Services ask again, with the place and the owner in hand.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Actor, Ctx, Error, Permission, Resource, codes};
use http::Method;
use utoipa::openapi::{OpenApi, PathItem};
use web::Problem;

/// One way to be let in.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Way {
    /// Anybody.
    Public,
    /// A signed-in member.
    Member,
    /// Staff, or a machine, holding all of these somewhere.
    Staff(Vec<Permission>),
}

/// What every operation demands.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<HashMap<(Method, String), Vec<Way>>>);

impl Gate {
    /// Reads the demands from the document.
    ///
    /// # Errors
    /// When an operation says nothing of who may call it, or names a permission nobody declares.
    pub fn new(document: &OpenApi, permissions: &[&[Permission]]) -> Result<Self, String> {
        let mut ways = HashMap::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                let place = format!("{method} {path}");
                let security = operation
                    .security
                    .as_ref()
                    .ok_or_else(|| format!("{place} does not say who may call it"))?;
                let security = serde_json::to_value(security).map_err(|e| format!("{place}: {e}"))?;
                let alternatives =
                    read(&security, permissions).map_err(|reason| format!("{place}: {reason}"))?;
                ways.insert((method, path.clone()), alternatives);
            }
        }
        Ok(Self(Arc::new(ways)))
    }

    fn check(&self, method: &Method, path: &str, ctx: &Ctx) -> Result<(), Error> {
        let Some(ways) = self.0.get(&(method.clone(), path.to_owned())) else {
            return Ok(());
        };
        let mut refusal = Error::new(&codes::UNAUTHENTICATED);
        for way in ways {
            match (way, &ctx.actor) {
                (Way::Public, _) | (Way::Member, Actor::Member(_)) => return Ok(()),
                (Way::Staff(wanted), Actor::Staff(_) | Actor::Machine(_)) => {
                    match wanted.iter().find(|p| !ctx.may(**p, &Resource::Somewhere)) {
                        None => return Ok(()),
                        Some(missing) => {
                            refusal = Error::new(&codes::FORBIDDEN).with("permission", missing.as_str());
                        }
                    }
                }
                (Way::Staff(wanted), Actor::Member(_)) => {
                    let named = wanted.first().map_or("staff", Permission::as_str);
                    refusal = Error::new(&codes::FORBIDDEN).with("permission", named);
                }
                _ => {}
            }
        }
        Err(refusal)
    }
}

fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &utoipa::openapi::path::Operation)> {
    [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_ref().map(|o| (method, o)))
}

fn read(security: &serde_json::Value, permissions: &[&[Permission]]) -> Result<Vec<Way>, String> {
    let mut ways = Vec::new();
    for requirement in security.as_array().into_iter().flatten() {
        let schemes = requirement
            .as_object()
            .ok_or("a security requirement is not an object")?;
        if schemes.is_empty() {
            ways.push(Way::Public);
        }
        for (scheme, scopes) in schemes {
            match scheme.as_str() {
                "member" => ways.push(Way::Member),
                "staff" => {
                    let names = scopes.as_array().into_iter().flatten().filter_map(|s| s.as_str());
                    let known = |name: &str| {
                        let mut all = permissions.iter().copied().flatten();
                        all.find(|p| p.as_str() == name)
                            .copied()
                            .ok_or_else(|| format!("no crate declares `{name}`"))
                    };
                    ways.push(Way::Staff(names.map(known).collect::<Result<_, _>>()?));
                }
                other => return Err(format!("there is no sign-in `{other}`")),
            }
        }
    }
    if ways.is_empty() {
        Err("nobody may call it".to_owned())
    } else {
        Ok(ways)
    }
}

/// Middleware, inside authentication.
pub async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    if let (Some(route), Some(ctx)) = (route, request.extensions().get::<Ctx>())
        && let Err(error) = gate.check(request.method(), &route, ctx)
    {
        return Problem(error).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const READ: Permission = Permission::new("order.read");

    #[test]
    fn alternatives_are_read() {
        let ways = read(&json!([{"member": []}, {"staff": ["order.read"]}]), &[&[READ]]).unwrap();
        assert_eq!(ways, [Way::Member, Way::Staff(vec![READ])]);
        assert_eq!(read(&json!([{}]), &[]).unwrap(), [Way::Public]);
    }

    #[test]
    fn what_nobody_declares_is_refused() {
        assert!(
            read(&json!([{"staff": ["order.raed"]}]), &[&[READ]])
                .unwrap_err()
                .contains("order.raed")
        );
        assert!(read(&json!([]), &[]).is_err());
        assert!(read(&json!([{"guest": []}]), &[]).is_err());
    }
}
