//! What people find when they count.

use base::CountId;
use serde::{Deserialize, Serialize};
use stock::{CountLine, Counted};
use utoipa::ToSchema;
use web::{Caller, Json, Path, Reply, Router, State, routes};

use crate::Flows;
use crate::reading::{CountRead, EpcisDocument};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(count_take))
        .routes(routes!(count_read))
}

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountTakeIn {
    /// By SKU; two figures of one SKU are two shelves and are added up. A SKU that is not on the sheet joins it.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<Counted>,
}

/// The lines as they stand now.
#[derive(Debug, Serialize, ToSchema)]
struct CountTakeOut {
    items: Vec<CountLine>,
}

/// Say what was found
///
/// Each figure is compared with the book of this very instant, less what is picked and waits for its customer;
/// what is being picked is not missing. Sales and receipts between this and the posting make no difference.
#[utoipa::path(post, path = "/stock/counts/{id}/takes", tag = "counts",
    params(("id" = CountId, Path)), request_body = CountTakeIn,
    security(("staff" = ["count.take"])),
    responses((status = 200, body = CountTakeOut), (status = "default", response = web::ProblemResponse)))]
async fn count_take(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
    Json(input): Json<CountTakeIn>,
) -> Reply<CountTakeOut> {
    let items = flows.count_take(&ctx, id, input.lines).await?;
    Ok(Json(CountTakeOut { items }))
}

/// Count what RFID readers saw
///
/// Takes an EPCIS 2.0 document (JSON). Each piece counts once for the sheet, however often it is seen; what was found
/// of a SKU is the pieces seen so far. Only observations of objects are looked at. Tags may be SGTIN-96 in
/// hexadecimal, EPC URIs or GS1 Digital Links.
#[utoipa::path(post, path = "/stock/counts/{id}/epcis", tag = "counts",
    params(("id" = CountId, Path)), request_body = EpcisDocument,
    security(("staff" = ["count.take"])),
    responses((status = 200, body = CountRead), (status = "default", response = web::ProblemResponse)))]
async fn count_read(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<CountId>,
    Json(document): Json<EpcisDocument>,
) -> Reply<CountRead> {
    Ok(Json(flows.count_read(&ctx, id, &document).await?))
}
