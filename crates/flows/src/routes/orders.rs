//! One order and its payments.

use base::{OrderId, OrderLineId, PaymentId, PlaceId, Time};
use orders::{DecisionChoice, Part};
use payments::SandboxOutcome;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes};

use super::carts::PaymentIn;
use super::text;
use crate::Flows;
use crate::cart::MAX_LINES;
use crate::decide::{Choice, Decision};
use crate::view::{OrderOut, PaymentOut};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(order_get))
        .routes(routes!(order_cancel))
        .routes(routes!(order_join))
        .routes(routes!(order_decide))
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
    /// Which pieces; the whole order when none are named.
    #[serde(default)]
    #[schema(max_items = 100)]
    lines: Vec<LineIn>,
}

/// Pieces of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderPartIn)]
struct LineIn {
    /// The order's line.
    order_line_id: OrderLineId,
    /// How many of it.
    #[schema(minimum = 1, maximum = 9999)]
    quantity: i64,
}

impl From<&LineIn> for Part {
    fn from(line: &LineIn) -> Self {
        Self {
            order_line_id: line.order_line_id,
            quantity: line.quantity,
        }
    }
}

/// What proves that a guest's order was theirs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinIn {
    /// The access token a guest got with the order.
    #[schema(min_length = 1, max_length = 64)]
    token: String,
}

/// What a person decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecideIn {
    /// What becomes of what nobody serves.
    choice: DecisionChoice,
    /// Which place serves it; for `place`.
    place_id: Option<PlaceId>,
    /// Until when to wait, 90 days at most; for `wait`.
    until: Option<Time>,
    /// Which pieces are given up; for `cancel`, all that nobody serves when none are named.
    #[serde(default)]
    #[schema(max_items = 100)]
    lines: Vec<LineIn>,
    /// Why, for colleagues; its customer does not see it.
    #[schema(max_length = 500)]
    note: Option<String>,
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
/// Its owner until it is ready, staff until the goods are out. What was paid goes back. With lines, only those
/// are given up: its owner may do that before they are picked.
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
    if input.lines.is_empty() {
        return Ok(Json(flows.order_cancel(&ctx, id, reason, query.token).await?));
    }
    let parts = parts(&input.lines)?;
    Ok(Json(
        flows.order_reduce(&ctx, id, parts, reason, query.token).await?,
    ))
}

/// Add a guest's order to the signed-in member's account
///
/// With the token the guest got. Its points are the member's from then on, and granted once; an order that is
/// somebody's already is not there.
#[utoipa::path(post, path = "/me/orders/{id}/join", tag = "orders",
    params(("id" = OrderId, Path)), request_body = JoinIn, security(("member" = [])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_join(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Json(input): Json<JoinIn>,
) -> Reply<OrderOut> {
    Ok(Json(flows.order_join(&ctx, id, input.token).await?))
}

fn parts(lines: &[LineIn]) -> base::Result<Vec<Part>> {
    if lines.len() > MAX_LINES {
        return Err(crate::cart::range("lines", 0, MAX_LINES as i64));
    }
    Ok(lines.iter().map(Part::from).collect())
}

/// Decide what becomes of an order that nobody can serve as it is
///
/// Look again, name a place, wait for supply until a day, or give up what is missing. Its customer is told; who
/// decided, when and why stays in its history.
#[utoipa::path(post, path = "/orders/{id}/decision", tag = "orders",
    params(("id" = OrderId, Path)), request_body = DecideIn,
    security(("staff" = ["order.decide"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_decide(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Json(input): Json<DecideIn>,
) -> Reply<OrderOut> {
    let required = |field| base::Error::field(field, &base::codes::REQUIRED);
    let choice = match input.choice {
        DecisionChoice::SourceAgain => Choice::SourceAgain,
        DecisionChoice::Place => Choice::Place(input.place_id.ok_or_else(|| required("place_id"))?),
        DecisionChoice::Wait => Choice::Wait(input.until.ok_or_else(|| required("until"))?),
        DecisionChoice::Cancel => Choice::Cancel(parts(&input.lines)?),
    };
    let note = input.note.map(|note| text("note", note, 0, 500)).transpose()?;
    let note = note.filter(|note| !note.is_empty());
    Ok(Json(
        flows.order_decide(&ctx, id, Decision { choice, note }).await?,
    ))
}

/// Start another payment for an order that waits for its money
#[utoipa::path(post, path = "/orders/{id}/payments", tag = "payments",
    params(("id" = OrderId, Path), TokenQuery), request_body = PaymentIn,
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 201, body = PaymentOut), (status = "default", response = web::ProblemResponse)))]
async fn payment_start(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<PaymentIn>,
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
