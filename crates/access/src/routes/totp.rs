//! The second factor.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, NoContent, Problem, Reply, State};

use crate::service::Access;

/// What the authenticator app needs. Shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct TotpEnrolmentOut {
    /// The secret, to be typed in.
    secret: String,
    /// The same, to be scanned.
    otpauth_url: String,
}

/// A code of the authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TotpCode {
    /// Six digits.
    #[schema(max_length = 16)]
    code: String,
}

/// Begins to set up the caller's authenticator; it counts once confirmed.
#[utoipa::path(post, path = "/staff/totp", tag = "access", security(("staff" = [])),
    responses((status = 200, body = TotpEnrolmentOut), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_totp_enrol(
    State(access): State<Access>,
    Caller(ctx): Caller,
) -> Reply<TotpEnrolmentOut> {
    let enrolment = access.totp_enrol(&ctx).await?;
    Ok(Json(TotpEnrolmentOut {
        secret: enrolment.secret,
        otpauth_url: enrolment.otpauth_url,
    }))
}

/// Switches the authenticator on, once a code proves that the app has the secret.
#[utoipa::path(post, path = "/staff/totp/confirm", tag = "access", security(("staff" = [])),
    request_body = TotpCode,
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_totp_confirm(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Json(input): Json<TotpCode>,
) -> Result<NoContent, Problem> {
    access.totp_confirm(&ctx, &input.code).await?;
    Ok(NoContent)
}

/// Switches the authenticator off, against a code of it.
#[utoipa::path(delete, path = "/staff/totp", tag = "access", security(("staff" = [])), request_body = TotpCode,
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_totp_disable(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Json(input): Json<TotpCode>,
) -> Result<NoContent, Problem> {
    access.totp_disable(&ctx, &input.code).await?;
    Ok(NoContent)
}
