//! One order and its payments.

use base::{OrderId, PaymentId};
use payments::SandboxOutcome;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes};

use super::carts::CheckoutIn;
use super::text;
use crate::Flows;
use crate::view::{OrderOut, PaymentOut};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(order_get))
        .routes(routes!(order_cancel))
        .routes(routes!(payment_start))
        .routes(routes!(payment_sandbox))
}

/// A guest's proof.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TokenQuery {
    /// The access token a guest got with the order.
    #[param(max_length = 64)]
    token: Option<String>,
}

/// Why an order is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelIn {
    /// In the caller's own words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// What the payer chose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SandboxIn {
    /// What.
    outcome: SandboxOutcome,
}

/// One order
///
/// For the member who bought it, for a guest with its token, for staff who may read orders there, and for staff
/// who take returns.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders", params(("id" = OrderId, Path), TokenQuery),
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_get(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
) -> Result<Versioned<OrderOut>, Problem> {
    Ok(Versioned(flows.order_get(&ctx, id, query.token).await?))
}

/// Give an order up
///
/// Its owner until it is ready, staff until the goods are out. What was paid goes back.
#[utoipa::path(post, path = "/orders/{id}/cancel", tag = "orders",
    params(("id" = OrderId, Path), TokenQuery), request_body = CancelIn,
    security((), ("member" = []), ("staff" = ["order.cancel"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_cancel(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<CancelIn>,
) -> Reply<OrderOut> {
    let reason = text("reason", input.reason, 1, 500)?;
    Ok(Json(flows.order_cancel(&ctx, id, reason, query.token).await?))
}

/// Start another payment for an order that waits for its money
#[utoipa::path(post, path = "/orders/{id}/payments", tag = "payments",
    params(("id" = OrderId, Path), TokenQuery), request_body = CheckoutIn,
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 201, body = PaymentOut), (status = "default", response = web::ProblemResponse)))]
async fn payment_start(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<CheckoutIn>,
) -> Result<Created<PaymentOut>, Problem> {
    Ok(Created(
        flows
            .payment_start(&ctx, id, input.payment_method, query.token)
            .await?,
    ))
}

/// Press a button on the sandbox's pay page
///
/// Whoever knows the payment may pay it. Pressed again, it is the same answer.
#[utoipa::path(post, path = "/payments/{id}/sandbox", tag = "payments", security(()),
    params(("id" = PaymentId, Path), TokenQuery), request_body = SandboxIn,
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn payment_sandbox(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<PaymentId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<SandboxIn>,
) -> Reply<OrderOut> {
    Ok(Json(
        flows
            .payment_sandbox(&ctx, id, input.outcome, query.token)
            .await?,
    ))
}
