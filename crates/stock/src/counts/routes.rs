//! HTTP of counts. What was found is told to `flows`: it knows what is being picked.

use base::{CategoryId, CountId, Error, Page, PageSize, PlaceId, SkuId, codes};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use super::model::{Count, CountLine, CountScope, CountState, CountWish, NewCount, Reasoned};
use super::service::CountFilter;
use crate::service::Stock;

const NOTE_MAX_CHARS: usize = 500;
/// The most SKUs one request names.
const SKUS_MAX: usize = 2_000;

pub(crate) fn routes() -> Router<Stock> {
    Router::new()
        .routes(routes!(count_list, count_create))
        .routes(routes!(count_get))
        .routes(routes!(count_line_list))
        .routes(routes!(count_submit))
        .routes(routes!(count_approve))
        .routes(routes!(count_recount))
        .routes(routes!(count_cancel))
}

/// A count to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountIn {
    /// Where.
    place_id: PlaceId,
    /// How the lines are chosen.
    scope: CountScope,
    /// The SKUs, when they are named one by one.
    #[serde(default)]
    #[schema(max_items = 2000)]
    sku_ids: Vec<SkuId>,
    /// The category, when what the place has of one is counted.
    category_id: Option<CategoryId>,
    /// Whether the expected figures stay hidden while people count.
    #[serde(default)]
    blind: bool,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

impl TryFrom<CountIn> for NewCount {
    type Error = Error;

    fn try_from(input: CountIn) -> Result<Self, Error> {
        let wish = match input.scope {
            CountScope::Skus if input.sku_ids.is_empty() => {
                return Err(Error::field("sku_ids", &codes::REQUIRED));
            }
            CountScope::Skus if input.sku_ids.len() > SKUS_MAX => {
                return Err(crate::model::out_of_range("sku_ids", 1, SKUS_MAX as i64));
            }
            CountScope::Skus => CountWish::Skus(input.sku_ids),
            CountScope::Category => CountWish::Category(
                input
                    .category_id
                    .ok_or_else(|| Error::field("category_id", &codes::REQUIRED))?,
            ),
            CountScope::Place => CountWish::Place,
        };
        Ok(Self {
            place_id: input.place_id,
            wish,
            blind: input.blind,
            note: note(input.note)?,
        })
    }
}

/// A note within its length; nothing when there is nothing in it.
pub(crate) fn note(text: Option<String>) -> Result<Option<String>, Error> {
    let text = text
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > NOTE_MAX_CHARS)
    {
        let facts = [("max".to_owned(), NOTE_MAX_CHARS.into())].into_iter().collect();
        return Err(Error::new(&codes::INVALID_INPUT).and_field("note", &codes::TOO_LONG, facts));
    }
    Ok(text)
}

/// Begins a count.
#[utoipa::path(post, path = "/stock/counts", tag = "counts", security(("staff" = ["count.take"])),
    request_body = CountIn,
    responses((status = 201, body = Count), (status = "default", response = web::ProblemResponse)))]
async fn count_create(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Json(input): Json<CountIn>,
) -> Result<Created<Count>, Problem> {
    Ok(Created(stock.count_create(&ctx, input.try_into()?).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CountListQuery {
    /// Only at this place.
    place: Option<PlaceId>,
    /// Only in this state.
    state: Option<CountState>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists counts, newest first.
#[utoipa::path(get, path = "/stock/counts", tag = "counts", security(("staff" = ["stock.read"])),
    params(CountListQuery),
    responses((status = 200, body = Page<Count>), (status = "default", response = web::ProblemResponse)))]
async fn count_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Query(query): Query<CountListQuery>,
) -> Reply<Page<Count>> {
    let size = PageSize::new(query.limit)?;
    let filter = CountFilter {
        place: query.place,
        state: query.state,
    };
    let page = stock
        .count_list(&ctx, filter, query.cursor.as_deref(), size)
        .await?;
    Ok(Json(page))
}

/// Reads a count.
#[utoipa::path(get, path = "/stock/counts/{id}", tag = "counts", security(("staff" = ["stock.read"])),
    params(("id" = CountId, Path)),
    responses((status = 200, body = Count), (status = "default", response = web::ProblemResponse)))]
async fn count_get(State(stock): State<Stock>, Caller(ctx): Caller, Path(id): Path<CountId>) -> Reply<Count> {
    Ok(Json(stock.count_get(&ctx, id).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CountLineListQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists the lines of a count, by SKU. A blind count keeps what it expects to itself while people count.
#[utoipa::path(get, path = "/stock/counts/{id}/lines", tag = "counts", security(("staff" = ["stock.read"])),
    params(("id" = CountId, Path), CountLineListQuery),
    responses((status = 200, body = Page<CountLine>), (status = "default", response = web::ProblemResponse)))]
async fn count_line_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
    Query(query): Query<CountLineListQuery>,
) -> Reply<Page<CountLine>> {
    let size = PageSize::new(query.limit)?;
    let page = stock
        .count_line_list(&ctx, id, query.cursor.as_deref(), size)
        .await?;
    Ok(Json(page))
}

/// A count to hand in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountSubmitIn {
    /// Why lines differ, as far as anybody knows.
    #[serde(default)]
    #[schema(max_items = 2000)]
    reasons: Vec<Reasoned>,
    /// Leave lines nobody has counted as they are; otherwise they stand in the way.
    #[serde(default)]
    leave_uncounted: bool,
}

/// Hands a count in. Small differences are posted at once, large ones wait for approval.
#[utoipa::path(post, path = "/stock/counts/{id}/submit", tag = "counts", security(("staff" = ["count.take"])),
    params(("id" = CountId, Path)), request_body = CountSubmitIn,
    responses((status = 200, body = Count), (status = "default", response = web::ProblemResponse)))]
async fn count_submit(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
    Json(input): Json<CountSubmitIn>,
) -> Reply<Count> {
    let count = stock
        .count_submit(&ctx, id, input.reasons, input.leave_uncounted)
        .await?;
    Ok(Json(count))
}

/// A count to agree to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountApproveIn {
    /// Why lines differ; those beyond the limit need a reason.
    #[serde(default)]
    #[schema(max_items = 2000)]
    reasons: Vec<Reasoned>,
}

/// Agrees to what was found and posts it.
#[utoipa::path(post, path = "/stock/counts/{id}/approve", tag = "counts",
    security(("staff" = ["count.approve"])),
    params(("id" = CountId, Path)), request_body = CountApproveIn,
    responses((status = 200, body = Count), (status = "default", response = web::ProblemResponse)))]
async fn count_approve(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
    Json(input): Json<CountApproveIn>,
) -> Reply<Count> {
    Ok(Json(stock.count_approve(&ctx, id, input.reasons).await?))
}

/// Lines to count once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountRecountIn {
    /// Which; all that differ when none are named.
    #[serde(default)]
    #[schema(max_items = 2000)]
    sku_ids: Vec<SkuId>,
}

/// Has lines counted once more.
#[utoipa::path(post, path = "/stock/counts/{id}/recount", tag = "counts",
    security(("staff" = ["count.approve"])),
    params(("id" = CountId, Path)), request_body = CountRecountIn,
    responses((status = 200, body = Count), (status = "default", response = web::ProblemResponse)))]
async fn count_recount(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
    Json(input): Json<CountRecountIn>,
) -> Reply<Count> {
    Ok(Json(stock.count_recount(&ctx, id, input.sku_ids).await?))
}

/// Gives a count up; the book stays as it is.
#[utoipa::path(post, path = "/stock/counts/{id}/cancel", tag = "counts", security(("staff" = ["count.take"])),
    params(("id" = CountId, Path)),
    responses((status = 200, body = Count), (status = "default", response = web::ProblemResponse)))]
async fn count_cancel(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
) -> Reply<Count> {
    Ok(Json(stock.count_cancel(&ctx, id).await?))
}
