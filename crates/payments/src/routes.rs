//! How somebody may pay here, and the desk where our books are laid beside the providers'.

use base::{Page, PageQuery};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, NoContent, Path, Problem, Query, Reply, Router, State, routes};

use crate::model::ProviderName;
use crate::reconcile::{Decision, MatchFilter, MatchId, MatchOut, Outcome, RefundOut, StatementOut};
use crate::service::Payments;
use crate::sessions::MethodOut;
use crate::settings::RefundOrder;
use crate::statement::Day;

/// The most characters of a note.
const NOTE_MAX_CHARS: usize = 500;

/// The routes of this crate.
pub fn routes(payments: Payments) -> Router {
    Router::new()
        .routes(routes!(payment_method_list))
        .routes(routes!(statement_list, statement_load))
        .routes(routes!(match_list))
        .routes(routes!(match_decide))
        .routes(routes!(refund_failed_list))
        .routes(routes!(refund_retry))
        .merge(crate::gift::routes())
        .with_state(payments)
}

/// A list without pages: it is short by its nature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentMethodList)]
struct Methods {
    /// The providers set up here.
    items: Vec<MethodOut>,
    /// Which tender of an order paid with several gives back first.
    refund_order: RefundOrder,
}

/// A list without pages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailedRefundList)]
struct FailedRefunds {
    /// The oldest first, a hundred at most.
    items: Vec<RefundOut>,
}

/// Which statements.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StatementQuery {
    /// Of this provider.
    provider: Option<ProviderName>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MatchQuery {
    /// Of this provider.
    provider: Option<ProviderName>,
    /// Of this outcome.
    outcome: Option<Outcome>,
    /// Only those that wait for a decision.
    open: Option<bool>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A provider's account of a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentStatementIn)]
struct StatementIn {
    /// Whose.
    provider: ProviderName,
    /// Of which day, by the provider's calendar: `2026-03-01`.
    #[schema(min_length = 10, max_length = 10)]
    day: String,
    /// The file the provider's console gives out, in base64; fetched from the provider when absent.
    #[schema(max_length = 1_000_000)]
    content_base64: Option<String>,
}

/// A decision about a difference.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentMatchDecisionIn)]
struct DecisionIn {
    /// Which.
    decision: Decision,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    note: String,
}

/// How somebody may pay here
#[utoipa::path(get, path = "/payments/methods", tag = "payments", security(()),
    responses((status = 200, body = Methods), (status = "default", response = web::ProblemResponse)))]
async fn payment_method_list(State(payments): State<Payments>) -> Reply<Methods> {
    Ok(Json(Methods {
        items: payments.method_list(),
        refund_order: payments.refund_order,
    }))
}

/// The providers' accounts of days, the newest first
#[utoipa::path(get, path = "/payments/statements", tag = "payments", params(StatementQuery),
    security(("staff" = ["payment.read"])),
    responses((status = 200, body = Page<StatementOut>), (status = "default", response = web::ProblemResponse)))]
async fn statement_list(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Query(query): Query<StatementQuery>,
) -> Reply<Page<StatementOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(Json(payments.statement_list(&ctx, query.provider, &page).await?))
}

/// Bring a provider's account of a day in and compare it with our books
///
/// Again for the same day it takes the place of the one before; decisions stay where the difference stays.
#[utoipa::path(post, path = "/payments/statements", tag = "payments", request_body = StatementIn,
    security(("staff" = ["payment.reconcile"])),
    responses((status = 200, body = StatementOut), (status = "default", response = web::ProblemResponse)))]
async fn statement_load(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Json(input): Json<StatementIn>,
) -> Reply<StatementOut> {
    let day: Day = input.day.parse()?;
    let statement = match input.content_base64 {
        None => payments.statement_fetch(&ctx, input.provider, day).await?,
        Some(content) => {
            let bytes = STANDARD
                .decode(content)
                .map_err(|e| base::Error::field("content_base64", &base::codes::MALFORMED).caused_by(e))?;
            payments
                .statement_bring(&ctx, input.provider, day, &bytes)
                .await?
        }
    };
    Ok(Json(statement))
}

/// Our books beside the providers', the newest first
#[utoipa::path(get, path = "/payments/matches", tag = "payments", params(MatchQuery),
    security(("staff" = ["payment.read"])),
    responses((status = 200, body = Page<MatchOut>), (status = "default", response = web::ProblemResponse)))]
async fn match_list(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Query(query): Query<MatchQuery>,
) -> Reply<Page<MatchOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let filter = MatchFilter {
        provider: query.provider,
        outcome: query.outcome,
        open: query.open.unwrap_or(false),
    };
    Ok(Json(payments.match_list(&ctx, filter, &page).await?))
}

/// Decide about a difference
#[utoipa::path(post, path = "/payments/matches/{id}/decision", tag = "payments",
    params(("id" = MatchId, Path)), request_body = DecisionIn,
    security(("staff" = ["payment.reconcile"])),
    responses((status = 200, body = MatchOut), (status = "default", response = web::ProblemResponse)))]
async fn match_decide(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Path(id): Path<MatchId>,
    Json(input): Json<DecisionIn>,
) -> Reply<MatchOut> {
    let note = input.note.trim().to_owned();
    if note.is_empty() {
        return Err(base::Error::field("note", &base::codes::REQUIRED).into());
    }
    if note.chars().count() > NOTE_MAX_CHARS {
        let facts = [("max".to_owned(), NOTE_MAX_CHARS.into())].into_iter().collect();
        return Err(base::Error::new(&base::codes::INVALID_INPUT)
            .and_field("note", &base::codes::TOO_LONG, facts)
            .into());
    }
    Ok(Json(payments.match_decide(&ctx, id, input.decision, note).await?))
}

/// Refunds that their providers gave up
#[utoipa::path(get, path = "/payments/refunds/failed", tag = "payments",
    security(("staff" = ["payment.read"])),
    responses((status = 200, body = FailedRefunds), (status = "default", response = web::ProblemResponse)))]
async fn refund_failed_list(State(payments): State<Payments>, Caller(ctx): Caller) -> Reply<FailedRefunds> {
    let items = payments.refund_failed_list(&ctx).await?;
    Ok(Json(FailedRefunds { items }))
}

/// Ask anew for a refund that its provider gave up
#[utoipa::path(post, path = "/payments/refunds/{id}/retry", tag = "payments",
    params(("id" = String, Path)), security(("staff" = ["payment.reconcile"])),
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
async fn refund_retry(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Path(id): Path<String>,
) -> Result<NoContent, Problem> {
    payments.refund_retry(&ctx, id).await?;
    Ok(NoContent)
}
