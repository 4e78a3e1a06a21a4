//! Providers outside: letting the payer come, and what they tell unasked.

use access::Client;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base::PaymentId;
use http::StatusCode;
use payments::{ProviderName, Sent, Way};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Problem, Reply, Router, State, routes};

use crate::Flows;
use crate::pay_outside::{PaymentOpen, PaymentOpenedOut};

/// The most characters of a payer's name with the provider.
const PAYER_MAX_CHARS: usize = 128;

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(payment_open))
        .routes(routes!(payment_notify))
}

/// How the payer wants to meet the provider.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentOpenIn)]
struct OpenIn {
    /// Where.
    way: Way,
    /// The payer's openid, for `jsapi`.
    #[schema(max_length = 128)]
    payer: Option<String>,
}

/// Let the payer come to the payment's provider
///
/// Whoever knows the payment may pay it. Asked again it answers the same; when the provider does not answer, ask
/// again: nothing is taken twice.
#[utoipa::path(post, path = "/payments/{id}/open", tag = "payments", security(()),
    params(("id" = PaymentId, Path)), request_body = OpenIn,
    responses((status = 200, body = PaymentOpenedOut), (status = "default", response = web::ProblemResponse)))]
async fn payment_open(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    client: Client,
    Path(id): Path<PaymentId>,
    Json(input): Json<OpenIn>,
) -> Reply<PaymentOpenedOut> {
    let payer = input
        .payer
        .map(|p| super::text("payer", p, 1, PAYER_MAX_CHARS))
        .transpose()?;
    let wish = PaymentOpen {
        way: input.way,
        payer,
        address: client.address,
    };
    Ok(Json(flows.payment_open(&ctx, id, wish).await?))
}

/// What a provider tells unasked
///
/// Proved by the provider's own signature over the very bytes. Answered as the provider wants it; with anything
/// but success it sends the same again.
#[utoipa::path(post, path = "/payments/notify/{provider}", tag = "payments", security(()),
    params(("provider" = ProviderName, Path)),
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = "default", response = web::ProblemResponse)))]
async fn payment_notify(
    State(flows): State<Flows>,
    Path(provider): Path<ProviderName>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let headers = parts.headers;
    let body = axum::body::to_bytes(body, web::BODY_LIMIT_BYTES)
        .await
        .map_err(|reason| {
            base::Error::new(&payments::NOTIFICATION_MALFORMED)
                .with("provider", provider.as_str())
                .with("reason", reason.to_string())
        })?;
    flows.payment_notify(provider, &Sent { headers, body }).await?;
    Ok(match provider {
        ProviderName::Alipay => (StatusCode::OK, "success").into_response(),
        _ => (StatusCode::OK, "{}").into_response(),
    })
}
