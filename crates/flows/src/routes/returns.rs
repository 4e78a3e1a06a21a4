//! Returns.

use base::{OrderId, OrderLineId, Page, PageQuery, PlaceId};
use orders::rules::ReturnWish;
use orders::{Condition, ReturnOut, ReturnReason};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Problem, Query, Reply, Router, State, routes};

use super::text;
use crate::Flows;
use crate::cart::{MAX_LINES, range};
use crate::returns::ReturnNew;

pub(super) fn routes() -> Router<Flows> {
    Router::new().routes(routes!(return_take, return_list))
}

/// Goods that are handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnIn {
    /// The order they were bought with.
    order_id: OrderId,
    /// Where they are handed in: any store that takes returns.
    place_id: PlaceId,
    /// What.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<ReturnLineIn>,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Pieces that are handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnLineIn {
    /// The order's line.
    order_line_id: OrderLineId,
    /// How many of it.
    #[schema(minimum = 1, maximum = 9999)]
    quantity: i64,
    /// Why.
    reason: ReturnReason,
    /// In what state they are.
    condition: Condition,
}

/// What is handed in, within its limits.
pub(super) fn wishes(lines: &[ReturnLineIn]) -> base::Result<Vec<ReturnWish>> {
    if lines.is_empty() || lines.len() > MAX_LINES {
        return Err(range("lines", 1, MAX_LINES as i64));
    }
    let wish = |l: &ReturnLineIn| ReturnWish {
        order_line_id: l.order_line_id,
        quantity: l.quantity,
        reason: l.reason,
        condition: l.condition,
    };
    Ok(lines.iter().map(wish).collect())
}

/// Query of a list of returns.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ReturnQuery {
    /// Handed in at this place.
    place: Option<PlaceId>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Take goods back
///
/// In any store that takes returns, wherever they were bought. The money goes back the way it came.
#[utoipa::path(post, path = "/returns", tag = "returns", request_body = ReturnIn,
    security(("staff" = ["return.take"])),
    responses((status = 201, body = ReturnOut), (status = "default", response = web::ProblemResponse)))]
async fn return_take(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Json(input): Json<ReturnIn>,
) -> Result<Created<ReturnOut>, Problem> {
    let new = ReturnNew {
        order_id: input.order_id,
        place_id: input.place_id,
        wishes: wishes(&input.lines)?,
        note: input.note.map(|note| text("note", note, 0, 500)).transpose()?,
    };
    Ok(Created(flows.return_take(&ctx, new).await?))
}

/// Returns, the newest first
#[utoipa::path(get, path = "/returns", tag = "returns", params(ReturnQuery),
    security(("staff" = ["order.read"])),
    responses((status = 200, body = Page<ReturnOut>), (status = "default", response = web::ProblemResponse)))]
async fn return_list(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Query(query): Query<ReturnQuery>,
) -> Reply<Page<ReturnOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(Json(flows.return_list(&ctx, query.place, &page).await?))
}
