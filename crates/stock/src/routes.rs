//! HTTP of stock.

use std::time::Duration;

use base::{HoldId, Page, PageSize, PlaceId, ProductId, SkuId, Time};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use crate::drift::DriftReport;
use crate::model::{Hold, HoldLine, Level, Movement, MovementKind, NewMovement, out_of_range};
use crate::service::{LevelFilter, MovementFilter, Stock};

/// The longest a hold by hand may last: a week.
const TTL_MAX_S: i64 = 7 * 24 * 60 * 60;
const TEXT_MAX_CHARS: usize = 500;

/// The routes of this domain.
pub fn routes(stock: Stock) -> Router {
    Router::new()
        .routes(routes!(level_list))
        .routes(routes!(movement_list, movement_record))
        .routes(routes!(drift_check))
        .routes(routes!(drift_repair))
        .routes(routes!(hold_place))
        .routes(routes!(hold_get))
        .routes(routes!(hold_release))
        .merge(crate::safety::routes())
        .merge(crate::counts::routes())
        .merge(crate::transfers::routes())
        .merge(crate::supplies::routes())
        .merge(crate::presales::routes())
        .with_state(stock)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LevelQuery {
    /// Only this SKU.
    sku: Option<SkuId>,
    /// Only this place.
    place: Option<PlaceId>,
    /// Only SKUs of this product.
    product: Option<ProductId>,
    /// Only SKUs of products these words find.
    #[param(max_length = 200)]
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists what is where.
#[utoipa::path(get, path = "/stock/levels", tag = "stock", security(("staff" = ["stock.read"])),
    params(LevelQuery),
    responses((status = 200, body = Page<Level>), (status = "default", response = web::ProblemResponse)))]
async fn level_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Query(query): Query<LevelQuery>,
) -> Reply<Page<Level>> {
    let size = PageSize::new(query.limit)?;
    let filter = LevelFilter {
        sku: query.sku,
        place: query.place,
        product: query.product,
        search: query.q,
    };
    Ok(Json(
        stock
            .level_list(&ctx, filter, query.cursor.as_deref(), size)
            .await?,
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MovementListQuery {
    /// Only this SKU.
    sku: Option<SkuId>,
    /// Only this place.
    place: Option<PlaceId>,
    /// Only of this document.
    #[param(max_length = 200)]
    source: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists the ledger, newest first.
#[utoipa::path(get, path = "/stock/movements", tag = "stock", security(("staff" = ["stock.read"])),
    params(MovementListQuery),
    responses((status = 200, body = Page<Movement>), (status = "default", response = web::ProblemResponse)))]
async fn movement_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Query(query): Query<MovementListQuery>,
) -> Reply<Page<Movement>> {
    let size = PageSize::new(query.limit)?;
    let filter = MovementFilter {
        sku: query.sku,
        place: query.place,
        source: query.source,
    };
    Ok(Json(
        stock
            .movement_list(&ctx, filter, query.cursor.as_deref(), size)
            .await?,
    ))
}

/// A movement to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MovementIn {
    /// Why.
    kind: MovementKind,
    /// Which SKU.
    sku_id: SkuId,
    /// Where.
    place_id: PlaceId,
    /// How many; signed only for an adjustment; for a count, what was found.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000)]
    quantity: i64,
    /// For a transfer out: where to.
    to_place_id: Option<PlaceId>,
    /// For a transfer out: it is there already, so nothing is left in transit.
    #[serde(default)]
    arrived: bool,
    /// For a count: what the book said when it was made; the count is refused when it says something else now.
    expected_on_hand: Option<i64>,
    /// For a return: it is set aside until somebody has looked at it.
    #[serde(default)]
    inspect: bool,
    /// Do it though promises are left without goods; needs a reason.
    #[serde(default, rename = "override")]
    overriding: bool,
    /// Why, in the chain's own words or codes.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// Anything else.
    #[schema(max_length = 500)]
    note: Option<String>,
    /// When it happened, when that was earlier: a till that was offline tells late, and no count is made wrong
    /// by it.
    occurred_at: Option<Time>,
}

impl TryFrom<MovementIn> for NewMovement {
    type Error = base::Error;

    fn try_from(input: MovementIn) -> Result<Self, base::Error> {
        for (field, text) in [("reason", &input.reason), ("note", &input.note)] {
            if text
                .as_ref()
                .is_some_and(|text| text.chars().count() > TEXT_MAX_CHARS)
            {
                let facts = [("max".to_owned(), TEXT_MAX_CHARS.into())].into_iter().collect();
                let error = base::Error::new(&base::codes::INVALID_INPUT);
                return Err(error.and_field(field, &base::codes::TOO_LONG, facts));
            }
        }
        Ok(Self {
            to_place_id: input.to_place_id,
            arrived: input.arrived,
            expected_on_hand: input.expected_on_hand,
            inspect: input.inspect,
            overriding: input.overriding,
            reason: input.reason,
            note: input.note,
            occurred_at: input.occurred_at,
            ..Self::new(input.kind, input.sku_id, input.place_id, input.quantity)
        })
    }
}

/// The entries a movement wrote.
#[derive(Debug, Serialize, ToSchema)]
struct MovementsOut {
    items: Vec<Movement>,
}

/// Records a movement. A transfer out sets goods on their way to `to_place_id`; a transfer in there takes them
/// off the road.
#[utoipa::path(post, path = "/stock/movements", tag = "stock", security(("staff" = ["stock.move"])),
    request_body = MovementIn,
    responses((status = 201, body = MovementsOut), (status = "default", response = web::ProblemResponse)))]
async fn movement_record(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Json(input): Json<MovementIn>,
) -> Result<Created<MovementsOut>, Problem> {
    let items = stock.movement_record(&ctx, input.try_into()?).await?;
    Ok(Created(MovementsOut { items }))
}

/// Compares every balance with the ledger and the holds.
#[utoipa::path(get, path = "/stock/drift", tag = "stock", security(("staff" = ["stock.read"])),
    responses((status = 200, body = DriftReport), (status = "default", response = web::ProblemResponse)))]
async fn drift_check(State(stock): State<Stock>, Caller(ctx): Caller) -> Reply<DriftReport> {
    Ok(Json(stock.drift_check(&ctx).await?))
}

/// Brings balances back to what the ledger and the holds say, and answers what was mended.
#[utoipa::path(post, path = "/stock/drift/repair", tag = "stock", security(("staff" = ["stock.repair"])),
    responses((status = 200, body = DriftReport), (status = "default", response = web::ProblemResponse)))]
async fn drift_repair(State(stock): State<Stock>, Caller(ctx): Caller) -> Reply<DriftReport> {
    Ok(Json(stock.drift_repair(&ctx).await?))
}

/// Stock to hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldIn {
    /// What, where, how many: all or nothing.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<HoldLine>,
    /// Who holds; asking again for the same owner is the same hold.
    #[schema(min_length = 1, max_length = 100)]
    owner: String,
    /// For how long, in seconds.
    #[schema(minimum = 1, maximum = 604_800)]
    ttl_s: i64,
}

/// Holds stock for a while.
#[utoipa::path(post, path = "/stock/holds", tag = "stock", security(("staff" = ["stock.hold"])),
    request_body = HoldIn,
    responses((status = 201, body = Hold), (status = "default", response = web::ProblemResponse)))]
async fn hold_place(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Json(input): Json<HoldIn>,
) -> Result<Created<Hold>, Problem> {
    let ttl = match u64::try_from(input.ttl_s) {
        Ok(seconds @ 1..) if input.ttl_s <= TTL_MAX_S => Duration::from_secs(seconds),
        _ => return Err(out_of_range("ttl_s", 1, TTL_MAX_S).into()),
    };
    Ok(Created(
        stock.hold_place(&ctx, input.owner, input.lines, ttl).await?,
    ))
}

/// Reads a hold.
#[utoipa::path(get, path = "/stock/holds/{id}", tag = "stock", security(("staff" = ["stock.hold"])),
    params(("id" = HoldId, Path)),
    responses((status = 200, body = Hold), (status = "default", response = web::ProblemResponse)))]
async fn hold_get(State(stock): State<Stock>, Caller(ctx): Caller, Path(id): Path<HoldId>) -> Reply<Hold> {
    Ok(Json(stock.hold_get(&ctx, id).await?))
}

/// Gives a hold back; one that is over stays so.
#[utoipa::path(post, path = "/stock/holds/{id}/release", tag = "stock", security(("staff" = ["stock.hold"])),
    params(("id" = HoldId, Path)),
    responses((status = 200, body = Hold), (status = "default", response = web::ProblemResponse)))]
async fn hold_release(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<HoldId>,
) -> Reply<Hold> {
    Ok(Json(stock.hold_release(&ctx, id).await?))
}
