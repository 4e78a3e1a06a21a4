//! HTTP of the rules and of replays: wire types and thin handlers.

use base::{Page, PageQuery};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes};

use crate::check::ValidRules;
use crate::model::RulesVersion;
use crate::replay::{Replay, ReplayId, ReplayedOrder};
use crate::rules::Rules;
use crate::service::Sourcing;

/// The routes of this domain.
pub fn routes(sourcing: Sourcing) -> Router {
    Router::new()
        .routes(routes!(sourcing_rules_get, sourcing_rules_replace))
        .routes(routes!(sourcing_rules_list))
        .routes(routes!(sourcing_replay_list))
        .routes(routes!(sourcing_replay_get))
        .routes(routes!(sourcing_replay_order_list))
        .routes(routes!(sourcing_replay_stop))
        .with_state(sourcing)
}

impl HasVersion for RulesVersion {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Rules to put into force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SourcingRulesIn)]
struct RulesIn {
    /// The rules.
    rules: Rules,
    /// Why they are changed.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// The longest note.
const NOTE_MAX: usize = 500;

/// Checks a note.
///
/// # Errors
/// `input.invalid` when it is too long.
pub fn note(note: Option<String>) -> base::Result<Option<String>> {
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

/// The rules in force
///
/// Version 0 are the rules a chain starts with.
#[utoipa::path(get, path = "/sourcing/rules", tag = "sourcing", security(("staff" = ["sourcing.read"])),
    responses((status = 200, body = RulesVersion), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_rules_get(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
) -> Result<Versioned<RulesVersion>, Problem> {
    Ok(Versioned(sourcing.rules_get(&ctx).await?))
}

/// Put rules into force
///
/// All of them are replaced; the version before stays readable. Orders are sourced by them within seconds.
#[utoipa::path(put, path = "/sourcing/rules", tag = "sourcing", security(("staff" = ["sourcing.manage"])),
    request_body = RulesIn,
    responses((status = 200, body = RulesVersion), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_rules_replace(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
    IfMatch(read): IfMatch,
    Json(input): Json<RulesIn>,
) -> Result<Versioned<RulesVersion>, Problem> {
    let (rules, note) = (ValidRules::try_from(input.rules)?, note(input.note)?);
    Ok(Versioned(sourcing.rules_replace(&ctx, read, rules, note).await?))
}

/// Every version of the rules, the newest first
#[utoipa::path(get, path = "/sourcing/rules/versions", tag = "sourcing", security(("staff" = ["sourcing.read"])),
    params(PageQuery),
    responses((status = 200, body = Page<RulesVersion>), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_rules_list(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<RulesVersion>> {
    Ok(Json(sourcing.version_list(&ctx, &page).await?))
}

/// Replays, the newest first
#[utoipa::path(get, path = "/sourcing/replays", tag = "sourcing", security(("staff" = ["sourcing.read"])),
    params(PageQuery),
    responses((status = 200, body = Page<Replay>), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_replay_list(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<Replay>> {
    Ok(Json(sourcing.replay_list(&ctx, &page).await?))
}

/// A replay, with what it found so far
#[utoipa::path(get, path = "/sourcing/replays/{id}", tag = "sourcing", security(("staff" = ["sourcing.read"])),
    params(("id" = ReplayId, Path)),
    responses((status = 200, body = Replay), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_replay_get(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
    Path(id): Path<ReplayId>,
) -> Reply<Replay> {
    Ok(Json(sourcing.replay_get(&ctx, id).await?))
}

/// The orders that would be served otherwise
///
/// Those that would cost more come first. The first 2,000 found are kept; the sums of the replay count all.
#[utoipa::path(get, path = "/sourcing/replays/{id}/orders", tag = "sourcing",
    security(("staff" = ["sourcing.read"])), params(("id" = ReplayId, Path), PageQuery),
    responses((status = 200, body = Page<ReplayedOrder>), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_replay_order_list(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
    Path(id): Path<ReplayId>,
    Query(page): Query<PageQuery>,
) -> Reply<Page<ReplayedOrder>> {
    Ok(Json(sourcing.replay_order_list(&ctx, id, &page).await?))
}

/// Stop a replay
///
/// What it found stands. Asking again changes nothing.
#[utoipa::path(post, path = "/sourcing/replays/{id}/stop", tag = "sourcing",
    security(("staff" = ["sourcing.manage"])), params(("id" = ReplayId, Path)),
    responses((status = 200, body = Replay), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_replay_stop(
    State(sourcing): State<Sourcing>,
    Caller(ctx): Caller,
    Path(id): Path<ReplayId>,
) -> Reply<Replay> {
    Ok(Json(sourcing.replay_stop(&ctx, id).await?))
}
