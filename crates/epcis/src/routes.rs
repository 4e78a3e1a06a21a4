//! HTTP of EPCIS: the standard's capture interface (section 8.2), and what was captured.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Page, PageQuery, PlaceId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, Path, Problem, Query, Reply, Router, State, routes};

use crate::error::BEHAVIOUR;
use crate::model::{Behaviour, Capture, CaptureId, Event};
use crate::service::{Epcis, EventFilter};

const BEHAVIOUR_HEADER: &str = "GS1-Capture-Error-Behaviour";

/// The routes of this domain.
pub fn routes(epcis: Epcis) -> Router {
    Router::new()
        .routes(routes!(epcis_capture_list, epcis_capture))
        .routes(routes!(epcis_capture_get))
        .routes(routes!(epcis_event_list))
        .with_state(epcis)
}

/// An EPCIS 2.0 document (JSON). Contexts and vocabularies are read over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EpcisCaptureIn)]
pub(crate) struct DocumentIn {
    /// `EPCISDocument`.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    pub(crate) kind: String,
    /// What happened.
    #[serde(rename = "epcisBody")]
    pub(crate) body: BodyIn,
}

/// The body of a document.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EpcisCaptureBodyIn)]
pub(crate) struct BodyIn {
    /// Object, aggregation, transaction, transformation and association events.
    #[serde(rename = "eventList")]
    #[schema(min_items = 1, max_items = 1000, value_type = Vec<Object>)]
    pub(crate) events: Vec<serde_json::Value>,
}

/// Capture events
///
/// EPCIS 2.0, section 8.2.7. The answer is the capture job, also at the address in `Location`. With
/// `GS1-Capture-Error-Behaviour: proceed` what is right is kept; else one wrong event keeps all of them out. Events told
/// before, by `eventID` or word for word, are counted and not kept again.
#[utoipa::path(post, path = "/epcis/capture", tag = "epcis", security(("staff" = ["epcis.capture"])),
    params(("GS1-Capture-Error-Behaviour" = Option<String>, Header, description = "`rollback` or `proceed`")),
    request_body = DocumentIn,
    responses((status = 202, body = Capture), (status = "default", response = web::ProblemResponse)))]
async fn epcis_capture(
    State(epcis): State<Epcis>,
    Caller(ctx): Caller,
    headers: HeaderMap,
    Json(document): Json<DocumentIn>,
) -> Result<Response, Problem> {
    let behaviour = match headers
        .get(BEHAVIOUR_HEADER)
        .map(|value| value.to_str().unwrap_or("?"))
    {
        None | Some("rollback") => Behaviour::Rollback,
        Some("proceed") => Behaviour::Proceed,
        Some(other) => return Err(Error::new(&BEHAVIOUR).with("value", other).into()),
    };
    let capture = epcis
        .capture(&ctx, &document.kind, document.body.events, behaviour)
        .await?;
    let place = format!("/api/v1/epcis/capture/{}", capture.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(capture)).into_response())
}

/// Capture jobs, the newest first
#[utoipa::path(get, path = "/epcis/capture", tag = "epcis", security(("staff" = ["epcis.read"])), params(PageQuery),
    responses((status = 200, body = Page<Capture>), (status = "default", response = web::ProblemResponse)))]
async fn epcis_capture_list(
    State(epcis): State<Epcis>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<Capture>> {
    Ok(Json(epcis.capture_list(&ctx, &page).await?))
}

/// A capture job
#[utoipa::path(get, path = "/epcis/capture/{id}", tag = "epcis", security(("staff" = ["epcis.read"])),
    params(("id" = CaptureId, Path)),
    responses((status = 200, body = Capture), (status = "default", response = web::ProblemResponse)))]
async fn epcis_capture_get(
    State(epcis): State<Epcis>,
    Caller(ctx): Caller,
    Path(id): Path<CaptureId>,
) -> Reply<Capture> {
    Ok(Json(epcis.capture_get(&ctx, id).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EventListQuery {
    /// Only those that name this tag: an EPC URI, a GS1 Digital Link, or the 96 bits in hexadecimal.
    #[param(max_length = 200)]
    tag: Option<String>,
    /// Only at this place.
    place: Option<PlaceId>,
    /// Only of this type, such as `ObjectEvent`.
    #[param(max_length = 40)]
    kind: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Captured events, the newest first
#[utoipa::path(get, path = "/epcis/events", tag = "epcis", security(("staff" = ["epcis.read"])),
    params(EventListQuery),
    responses((status = 200, body = Page<Event>), (status = "default", response = web::ProblemResponse)))]
async fn epcis_event_list(
    State(epcis): State<Epcis>,
    Caller(ctx): Caller,
    Query(query): Query<EventListQuery>,
) -> Reply<Page<Event>> {
    let filter = EventFilter {
        tag: query.tag.filter(|tag| !tag.trim().is_empty()),
        place: query.place,
        kind: query.kind,
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(Json(epcis.event_list(&ctx, filter, &page).await?))
}
