//! HTTP of replenishment: wire types and thin handlers.

use base::{Page, PageQuery, PlaceId, SkuId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use crate::model::{
    Accept, Accepted, Proposal, ProposalId, ProposalState, ProposalSummary, Reason, Run, RunId,
};
use crate::service::{ProposalFilter, Replenishment};
use crate::settings::{Said, Setting, Subject, defaults};

/// Characters of a note.
const NOTE_MAX: usize = 500;
/// Days nothing is proposed after a dismissal, when nobody says.
const QUIET_DAYS: i64 = 7;

/// The routes of this domain.
pub fn routes(replenishment: Replenishment) -> Router {
    Router::new()
        .routes(routes!(replenishment_run_list, replenishment_run_start))
        .routes(routes!(replenishment_run_get))
        .routes(routes!(replenishment_proposal_list))
        .routes(routes!(replenishment_proposal_get))
        .routes(routes!(replenishment_proposal_accept))
        .routes(routes!(replenishment_proposal_dismiss))
        .routes(routes!(replenishment_setting_list, replenishment_setting_put))
        .routes(routes!(replenishment_default_list))
        .with_state(replenishment)
}

/// Make proposals anew
///
/// Goes through every article at every place in the background; proposals nobody has decided about are replaced. It
/// happens by itself once a day.
#[utoipa::path(post, path = "/replenishment/runs", tag = "replenishment",
    security(("staff" = ["replenishment.manage"])),
    responses((status = 201, body = Run), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_run_start(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
) -> Result<Created<Run>, Problem> {
    Ok(Created(replenishment.run_start(&ctx).await?))
}

/// Runs over the assortment, the newest first
#[utoipa::path(get, path = "/replenishment/runs", tag = "replenishment",
    security(("staff" = ["replenishment.read"])), params(PageQuery),
    responses((status = 200, body = Page<Run>), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_run_list(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<Run>> {
    Ok(Json(replenishment.run_list(&ctx, &page).await?))
}

/// A run, with what it found so far
#[utoipa::path(get, path = "/replenishment/runs/{id}", tag = "replenishment",
    security(("staff" = ["replenishment.read"])), params(("id" = RunId, Path)),
    responses((status = 200, body = Run), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_run_get(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Path(id): Path<RunId>,
) -> Reply<Run> {
    Ok(Json(replenishment.run_get(&ctx, id).await?))
}

/// Where goods come from.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FromIn {
    /// From a place of our own.
    Place,
    /// From a supplier.
    Supplier,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProposalListQuery {
    /// Only in this state; those that wait for a decision when absent.
    state: Option<ProposalState>,
    /// Only for this place.
    place: Option<PlaceId>,
    /// Only from places of our own, or only from suppliers.
    #[param(inline)]
    from: Option<FromIn>,
    /// Only of this article.
    sku: Option<SkuId>,
    /// Only of articles whose code or name has these words.
    #[param(max_length = 100)]
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Proposals, those that run out first ahead
#[utoipa::path(get, path = "/replenishment/proposals", tag = "replenishment",
    security(("staff" = ["replenishment.read"])), params(ProposalListQuery),
    responses((status = 200, body = Page<ProposalSummary>), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_proposal_list(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Query(query): Query<ProposalListQuery>,
) -> Reply<Page<ProposalSummary>> {
    let filter = ProposalFilter {
        state: query.state,
        place: query.place,
        from_places: query.from.map(|from| matches!(from, FromIn::Place)),
        sku: query.sku,
        search: query.search,
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(Json(replenishment.proposal_list(&ctx, filter, &page).await?))
}

/// A proposal with every figure behind it
#[utoipa::path(get, path = "/replenishment/proposals/{id}", tag = "replenishment",
    security(("staff" = ["replenishment.read"])), params(("id" = ProposalId, Path)),
    responses((status = 200, body = Proposal), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_proposal_get(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Path(id): Path<ProposalId>,
) -> Reply<Proposal> {
    Ok(Json(replenishment.proposal_get(&ctx, id).await?))
}

/// Proposals to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplenishmentAcceptIn)]
struct AcceptIn {
    /// Which, and how many pieces.
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<Accept>,
}

/// Take proposals
///
/// All or none. Goods of our own places become transfers, one for each pair of places; goods of suppliers become expected
/// supply, one for each place and supplier.
#[utoipa::path(post, path = "/replenishment/proposals/accept", tag = "replenishment",
    security(("staff" = ["replenishment.decide"])), request_body = AcceptIn,
    responses((status = 200, body = Accepted), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_proposal_accept(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Json(input): Json<AcceptIn>,
) -> Reply<Accepted> {
    Ok(Json(replenishment.proposal_accept(&ctx, input.items).await?))
}

/// A proposal to dismiss.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplenishmentDismissIn)]
struct DismissIn {
    /// Why.
    reason: Reason,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
    /// For so many days nothing is proposed for the article there; seven when absent.
    #[schema(minimum = 0, maximum = 90)]
    quiet_days: Option<i64>,
}

/// Dismiss a proposal
#[utoipa::path(post, path = "/replenishment/proposals/{id}/dismiss", tag = "replenishment",
    security(("staff" = ["replenishment.decide"])), params(("id" = ProposalId, Path)), request_body = DismissIn,
    responses((status = 200, body = Proposal), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_proposal_dismiss(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Path(id): Path<ProposalId>,
    Json(input): Json<DismissIn>,
) -> Reply<Proposal> {
    let note = note(input.note)?;
    let quiet_days = input.quiet_days.unwrap_or(QUIET_DAYS);
    let proposal = replenishment
        .proposal_dismiss(&ctx, id, input.reason, note, quiet_days)
        .await?;
    Ok(Json(proposal))
}

fn note(note: Option<String>) -> base::Result<Option<String>> {
    let note = note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX) {
        let facts = [("max".to_owned(), NOTE_MAX.into())].into_iter().collect();
        let invalid = base::Error::new(&base::codes::INVALID_INPUT);
        return Err(invalid.and_field("note", &base::codes::TOO_LONG, facts));
    }
    Ok(note)
}

/// What was said about articles, places and suppliers
#[utoipa::path(get, path = "/replenishment/settings", tag = "replenishment",
    security(("staff" = ["replenishment.read"])), params(PageQuery),
    responses((status = 200, body = Page<Setting>), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_setting_list(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<Setting>> {
    Ok(Json(replenishment.setting_list(&ctx, &page).await?))
}

/// Something to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplenishmentSettingIn)]
struct SettingIn {
    /// About what.
    subject: Subject,
    /// What.
    said: Said,
}

/// Say what holds for a subject
///
/// All that was said of it before is replaced; what is absent follows from what is said in general. Saying nothing
/// forgets the subject. It counts from the next run on.
#[utoipa::path(put, path = "/replenishment/settings", tag = "replenishment",
    security(("staff" = ["replenishment.manage"])), request_body = SettingIn,
    responses((status = 200, body = Setting), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_setting_put(
    State(replenishment): State<Replenishment>,
    Caller(ctx): Caller,
    Json(input): Json<SettingIn>,
) -> Reply<Setting> {
    Ok(Json(
        replenishment.setting_put(&ctx, input.subject, input.said).await?,
    ))
}

/// What holds when nobody has said anything.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplenishmentDefaults)]
struct DefaultsOut {
    /// For goods of our own places.
    transfers: Said,
    /// For goods of suppliers.
    purchases: Said,
}

/// What holds when nobody has said anything
#[utoipa::path(get, path = "/replenishment/defaults", tag = "replenishment",
    security(("staff" = ["replenishment.read"])),
    responses((status = 200, body = DefaultsOut), (status = "default", response = web::ProblemResponse)))]
async fn replenishment_default_list(Caller(ctx): Caller) -> Reply<DefaultsOut> {
    ctx.require(crate::REPLENISHMENT_READ, &base::Resource::Somewhere)?;
    Ok(Json(DefaultsOut {
        transfers: defaults(true),
        purchases: defaults(false),
    }))
}
