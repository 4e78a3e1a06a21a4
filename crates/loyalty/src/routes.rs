//! Points over HTTP.

use base::{MemberId, Page, PageQuery, PointsEntryId, Text, Time};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Query, Reply, Router, State, routes};

use crate::model::{Entry, EntryKind, Points};
use crate::service::Loyalty;

/// The operations.
pub fn routes(loyalty: Loyalty) -> Router {
    Router::new()
        .routes(routes!(my_points_get))
        .routes(routes!(member_points_get))
        .with_state(loyalty)
}

/// A member's points.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Points)]
pub struct PointsOut {
    /// What they have; below zero only after a return took back what was spent already.
    balance: i64,
    /// What orders on their way will bring.
    pending: i64,
    /// The ledger, newest first.
    entries: Page<PointsEntryOut>,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PointsEntry)]
pub struct PointsEntryOut {
    /// Which.
    id: PointsEntryId,
    /// When it happened.
    at: Time,
    /// What.
    kind: EntryKind,
    /// Signed.
    points: i64,
    /// What the member had afterwards.
    balance_after: i64,
    /// The document behind it, such as an order.
    source: Option<String>,
    /// In words.
    text: Text,
}

impl From<Entry> for PointsEntryOut {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            points: entry.points,
            balance_after: entry.balance_after,
            source: Some(entry.source),
            text: entry.kind.text(),
        }
    }
}

impl From<Points> for PointsOut {
    fn from(points: Points) -> Self {
        Self {
            balance: points.balance,
            pending: points.pending,
            entries: points.entries.map(Into::into),
        }
    }
}

/// My points
#[utoipa::path(get, path = "/me/points", tag = "loyalty", security(("member" = [])), params(PageQuery),
    responses((status = 200, body = PointsOut), (status = "default", response = web::ProblemResponse)))]
async fn my_points_get(
    State(loyalty): State<Loyalty>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<PointsOut> {
    Ok(Json(loyalty.my_points(&ctx, &page).await?.into()))
}

/// A member's points
#[utoipa::path(get, path = "/members/{id}/points", tag = "loyalty", security(("staff" = ["member.read"])),
    params(("id" = MemberId, Path), PageQuery),
    responses((status = 200, body = PointsOut), (status = "default", response = web::ProblemResponse)))]
async fn member_points_get(
    State(loyalty): State<Loyalty>,
    Caller(ctx): Caller,
    Path(id): Path<MemberId>,
    Query(page): Query<PageQuery>,
) -> Reply<PointsOut> {
    Ok(Json(loyalty.member_points(&ctx, id, &page).await?.into()))
}
