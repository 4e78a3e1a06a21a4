//! The operations that need nothing but the members. A member's whole picture, with points and orders, is
//! put together in `flows`.

use base::Time;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Caller, Json, Problem, Reply, Router, State, routes};

use crate::service::Members;

/// The operations.
pub fn routes(members: Members) -> Router {
    Router::new()
        .routes(routes!(member_code_show))
        .with_state(members)
}

/// A signed member code for the screen.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberCodeOut {
    /// What the square code holds; changes with every call.
    payload: String,
    /// The member number beneath it, for people.
    number: String,
    /// When the code stops opening anything.
    expires_at: Time,
}

/// Show my member code
///
/// Signed, valid for two minutes, so that a photograph of it is worth nothing.
#[utoipa::path(get, path = "/me/code", tag = "members", security(("member" = [])),
    responses((status = 200, body = MemberCodeOut), (status = "default", response = web::ProblemResponse)))]
async fn member_code_show(State(members): State<Members>, Caller(ctx): Caller) -> Reply<MemberCodeOut> {
    let code = members.code_show(&ctx).await.map_err(Problem::from)?;
    Ok(Json(MemberCodeOut {
        payload: code.payload,
        number: code.number,
        expires_at: code.expires_at,
    }))
}
