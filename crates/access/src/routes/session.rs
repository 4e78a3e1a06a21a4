//! Signing in and out.

use axum::response::{IntoResponse, Response};
use base::{Ctx, Error, Time, codes};
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, NoContent, Problem, Reply, State};

use super::names;
use super::staff::StaffOut;
use crate::client::Client;
use crate::model::{CurrentSession, NewPassword, SessionKind};
use crate::service::{Access, SignIn};

/// What somebody shows to be let in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffSignIn {
    /// The name to sign in with.
    #[schema(max_length = 64)]
    login: String,
    /// The password.
    #[schema(max_length = 128, format = Password)]
    password: String,
    /// The six digits of the authenticator app, when one is set up.
    #[schema(max_length = 16)]
    totp: Option<String>,
}

/// A member of staff who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffSession {
    staff: StaffOut,
    /// What they may do somewhere.
    permissions: Vec<String>,
    /// The session's token, for clients that keep no cookies; only in the answer that opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// When it ends unless used before.
    expires_at: Time,
}

/// Signs a member of staff in. Sets the cookie `storeloop_staff`.
#[utoipa::path(post, path = "/staff/session", tag = "access", security(()), request_body = StaffSignIn,
    responses((status = 200, body = StaffSession), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_sign_in(
    State(access): State<Access>,
    Caller(ctx): Caller,
    client: Client,
    Json(input): Json<StaffSignIn>,
) -> Result<Response, Problem> {
    let sign_in = SignIn {
        login: input.login,
        password: input.password,
        totp: input.totp.filter(|code| !code.is_empty()),
        address: client.address.clone(),
        replaces: client.session,
    };
    let signed_in = access.sign_in(&ctx, sign_in).await?;
    let cookie = client.cookie_set(&signed_in.session);
    let body = StaffSession {
        staff: StaffOut::from(&signed_in.staff),
        permissions: names(&signed_in.permissions),
        token: Some(signed_in.session.token.reveal().to_owned()),
        expires_at: signed_in.session.expires_at,
    };
    Ok(with_cookie(cookie, Json(body)))
}

/// Tells who is signed in and what they may do.
#[utoipa::path(get, path = "/staff/session", tag = "access", security(("staff" = [])),
    responses((status = 200, body = StaffSession), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_session_get(
    State(access): State<Access>,
    Caller(ctx): Caller,
    client: Client,
) -> Reply<StaffSession> {
    let session = staff_session(&ctx, &client)?;
    let expires_at = access.session_expiry(session).await?;
    let id = ctx
        .staff_id()
        .ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))?;
    let staff = access.staff_get(&ctx, id).await?;
    let permissions = names(&access.permissions_of(&staff));
    Ok(Json(StaffSession {
        staff: StaffOut::from(&staff),
        permissions,
        token: None,
        expires_at,
    }))
}

/// Signs out; the session ends at once.
#[utoipa::path(delete, path = "/staff/session", tag = "access", security(("staff" = [])),
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_sign_out(
    State(access): State<Access>,
    Caller(ctx): Caller,
    client: Client,
) -> Result<Response, Problem> {
    let session = staff_session(&ctx, &client)?;
    access.session_close(&ctx, session).await?;
    Ok(with_cookie(client.cookie_clear(SessionKind::Staff), NoContent))
}

/// Somebody's present and next password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffPasswordChange {
    /// The present password.
    #[schema(max_length = 128, format = Password)]
    current: String,
    /// The next one.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    new: String,
}

/// Changes the caller's own password; their other sessions end.
#[utoipa::path(post, path = "/staff/password", tag = "access", security(("staff" = [])),
    request_body = StaffPasswordChange,
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_password_change(
    State(access): State<Access>,
    Caller(ctx): Caller,
    client: Client,
    Json(input): Json<StaffPasswordChange>,
) -> Result<NoContent, Problem> {
    let id = ctx
        .staff_id()
        .ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))?;
    let login = access.staff_get(&ctx, id).await?.login;
    let new = NewPassword::parse(&input.new, &login)?;
    access
        .password_change(&ctx, &input.current, &new, client.session)
        .await?;
    Ok(NoContent)
}

/// The staff session behind a request; machines and members have none.
fn staff_session(ctx: &Ctx, client: &Client) -> Result<CurrentSession, Error> {
    let session = client
        .session
        .filter(|s| s.principal.kind() == SessionKind::Staff && ctx.staff_id().is_some());
    session.ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))
}

fn with_cookie(cookie: Option<http::HeaderValue>, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    // A token must not lie in any cache between us and the browser.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}
