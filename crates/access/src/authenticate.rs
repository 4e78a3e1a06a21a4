//! The layer that turns a request's cookie or bearer token into the context every handler gets.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Actor, Ctx, Error, IdempotencyKey, Locale, RequestId, Result, codes};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use web::Problem;

use crate::client::{Client, cookie_read};
use crate::error::CSRF;
use crate::model::SessionKind;
use crate::service::{Access, Identity};

/// A header no other site's page can send without our leave.
const CSRF_HEADER: &str = "x-storeloop-csrf";
/// Says which of two signed-in people a browser speaks for.
const AS_HEADER: &str = "x-storeloop-as";
/// Where the API lives; a layer outside the nest sees it in the path, one inside does not.
const API_ROOT: &str = "/api/v1";

/// Middleware, inside `web::boundary` and `web::fingerprint`: puts [`Ctx`] and [`Client`] into the request.
///
/// A bearer token must be good, or the request is refused. A cookie that is no longer good makes a visitor:
/// the shop goes on working after the session has ended.
pub async fn authenticate(State(access): State<Access>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match access.admit_request(&parts).await {
        Ok((ctx, client)) => {
            parts.extensions.insert(ctx);
            parts.extensions.insert(client);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => Problem(error).into_response(),
    }
}

impl Access {
    /// Who asks, unless they ask too often.
    async fn admit_request(&self, parts: &Parts) -> Result<(Ctx, Client)> {
        let asked = self.authenticate(parts).await;
        if self.config().rate_limit.is_none() {
            return asked;
        }
        match &asked {
            Ok((ctx, client)) if matches!(ctx.actor, Actor::Anonymous) => self.rate_check(&client.address)?,
            Ok((ctx, _)) => self.rate_check(&ctx.actor.to_string())?,
            // Who guesses tokens is counted like a visitor.
            Err(_) => self.rate_check(&Client::of(parts, self.config()).address)?,
        }
        asked
    }

    /// Who asks.
    ///
    /// # Errors
    /// `access.unauthenticated` for a bearer token nobody has any more; `access.csrf`; `db.unavailable`.
    pub async fn authenticate(&self, parts: &Parts) -> Result<(Ctx, Client)> {
        let mut client = Client::of(parts, self.config());
        let identity = match bearer(&parts.headers) {
            Some(token) => {
                let found = self.resolve(token).await?;
                Some(found.ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))?)
            }
            None => self.by_cookie(parts).await?,
        };
        let mut ctx = visitor(parts);
        if let Some(identity) = identity {
            client.session = identity.session();
            ctx = identity.ctx(ctx);
        }
        let key = parts.extensions.get::<IdempotencyKey>().cloned();
        Ok((ctx.with_idempotency(key), client))
    }

    async fn by_cookie(&self, parts: &Parts) -> Result<Option<Identity>> {
        let headers = &parts.headers;
        for &kind in acting_as(parts.uri.path(), headers) {
            let Some(token) = cookie_read(headers, kind.cookie()) else {
                continue;
            };
            let found = self.resolve(&token).await?;
            let Some(identity) = found.filter(|i| i.session().is_some_and(|s| s.principal.kind() == kind))
            else {
                continue;
            };
            let proven = headers.get(CSRF_HEADER).is_some_and(|v| v == "1");
            if !is_safe(&parts.method) && !proven {
                return Err(Error::new(&CSRF));
            }
            return Ok(Some(identity));
        }
        Ok(None)
    }
}

/// Which cookies count, in order: the member's under `/me` and `/member`, the staff's under `/staff`, otherwise
/// the one the header names; when it names none, whichever is there.
fn acting_as(path: &str, headers: &HeaderMap) -> &'static [SessionKind] {
    const STAFF: &[SessionKind] = &[SessionKind::Staff];
    const MEMBER: &[SessionKind] = &[SessionKind::Member];
    const EITHER: &[SessionKind] = &[SessionKind::Staff, SessionKind::Member];
    let path = path.strip_prefix(API_ROOT).unwrap_or(path);
    match path.trim_start_matches('/').split('/').next() {
        Some("me" | "member") => return MEMBER,
        Some("staff") => return STAFF,
        _ => {}
    }
    match headers.get(AS_HEADER).and_then(|v| v.to_str().ok()) {
        Some("member") => MEMBER,
        Some("staff") => STAFF,
        _ => EITHER,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

const fn is_safe(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    )
}

fn visitor(parts: &Parts) -> Ctx {
    let locale = parts.extensions.get::<Locale>().copied().unwrap_or_else(|| {
        let asked = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok());
        asked.map_or_else(Locale::default, Locale::negotiate)
    });
    let request_id = parts.extensions.get::<RequestId>().cloned();
    Ctx::anonymous(locale, request_id.unwrap_or_else(|| RequestId("unknown".into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn told(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(AS_HEADER.parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn the_path_decides_before_the_header() {
        use SessionKind::{Member, Staff};
        for (path, header, expected) in [
            ("/me", "staff", [Member].as_slice()),
            ("/me/points", "", &[Member]),
            ("/api/v1/member/session", "staff", &[Member]),
            ("/staff/session", "member", &[Staff]),
            ("/members", "staff", &[Staff]),
            ("/messages", "", &[Staff, Member]),
            ("/media/med_1", "", &[Staff, Member]),
            ("/carts", "member", &[Member]),
            ("/carts", "robot", &[Staff, Member]),
        ] {
            assert_eq!(acting_as(path, &told(header)), expected, "{path} {header}");
        }
    }

    #[test]
    fn a_bearer_token_is_read_in_any_case() {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("bearer  x"))]);
        assert_eq!(bearer(&headers), Some("x"));
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("Basic x"))]);
        assert_eq!(bearer(&headers), None);
    }
}
