//! HTTP of places.

use base::{PageSize, PlaceId, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{
    Caller, Created, Field, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, Router, State, Versioned,
    routes,
};

use crate::geo::Point;
use crate::hours::{OpenHours, SpecialDay};
use crate::model::{Address, Place, PlaceIn, PlaceKind, Service, ValidPlace};
use crate::service::{Filter, Places};

/// The routes of this domain.
pub fn routes(places: Places) -> Router {
    Router::new()
        .routes(routes!(place_list, place_create))
        .routes(routes!(place_get, place_change))
        .merge(crate::visits::routes())
        .with_state(places)
}

impl HasVersion for Place {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A place in a list, with its distance when a point was given.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceListed {
    #[serde(flatten)]
    place: Place,
    /// Great-circle distance to `near`; null without it.
    distance_m: Option<i64>,
}

/// One page of places.
#[derive(Debug, Serialize, ToSchema)]
struct PlacePage {
    items: Vec<PlaceListed>,
    next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PlaceListQuery {
    /// Only this kind.
    kind: Option<PlaceKind>,
    /// Words in code, name or address; pinyin works.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Only with this service.
    service: Option<Service>,
    /// `lat,lon`: nearest first.
    #[param(example = "31.23,121.47")]
    near: Option<String>,
    /// Only in this region.
    #[param(max_length = 64)]
    region: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists places, by code or nearest first.
#[utoipa::path(get, path = "/places", tag = "places", security(()), params(PlaceListQuery),
    responses((status = 200, body = PlacePage), (status = "default", response = web::ProblemResponse)))]
async fn place_list(
    State(places): State<Places>,
    Caller(ctx): Caller,
    Query(query): Query<PlaceListQuery>,
) -> Reply<PlacePage> {
    let size = PageSize::new(query.limit)?;
    let filter = Filter {
        kind: query.kind,
        service: query.service,
        region: query.region,
        search: query.q,
    };
    let cursor = query.cursor.as_deref();
    let Some(near) = query.near else {
        let page = places.place_list(&ctx, filter, cursor, size).await?;
        let items = page
            .items
            .into_iter()
            .map(|place| PlaceListed {
                place,
                distance_m: None,
            })
            .collect();
        return Ok(Json(PlacePage {
            items,
            next: page.next,
        }));
    };
    let page = places
        .places_near(Point::parse("near", &near)?, &filter, cursor, size)
        .await?;
    let items = page
        .items
        .into_iter()
        .map(|n| PlaceListed {
            place: Place::clone(&n.place),
            distance_m: Some(n.distance_m),
        })
        .collect();
    Ok(Json(PlacePage {
        items,
        next: page.next,
    }))
}

/// Reads one place.
#[utoipa::path(get, path = "/places/{id}", tag = "places", security(()), params(("id" = PlaceId, Path)),
    responses((status = 200, body = Place), (status = "default", response = web::ProblemResponse)))]
async fn place_get(
    State(places): State<Places>,
    Caller(ctx): Caller,
    Path(id): Path<PlaceId>,
) -> Result<Versioned<Place>, Problem> {
    Ok(Versioned(places.place_get(&ctx, id).await?))
}

/// Opens a place.
#[utoipa::path(post, path = "/places", tag = "places", security(("staff" = ["place.manage"])),
    request_body = PlaceIn,
    responses((status = 201, body = Place), (status = "default", response = web::ProblemResponse)))]
async fn place_create(
    State(places): State<Places>,
    Caller(ctx): Caller,
    Json(input): Json<PlaceIn>,
) -> Result<Created<Place>, Problem> {
    Ok(Created(
        places.place_create(&ctx, ValidPlace::try_from(input)?).await?,
    ))
}

/// What to change about a place; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacePatch {
    code: Option<String>,
    kind: Option<PlaceKind>,
    name: Option<Text>,
    region: Option<String>,
    address: Option<Address>,
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    timezone: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<f64>)]
    area_m2: Field<f64>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Field<String>,
    #[schema(max_items = 56)]
    hours: Option<Vec<OpenHours>>,
    #[schema(max_items = 400)]
    special_days: Option<Vec<SpecialDay>>,
    #[schema(max_items = 8)]
    services: Option<Vec<Service>>,
    #[schema(minimum = 0, maximum = 10_080)]
    prep_minutes: Option<u32>,
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    daily_order_capacity: Field<u32>,
    active: Option<bool>,
}

impl PlacePatch {
    fn apply(self, before: PlaceIn) -> PlaceIn {
        PlaceIn {
            code: self.code.unwrap_or(before.code),
            kind: self.kind.unwrap_or(before.kind),
            name: self.name.unwrap_or(before.name),
            region: self.region.unwrap_or(before.region),
            address: self.address.unwrap_or(before.address),
            latitude: self.latitude.unwrap_or(before.latitude),
            longitude: self.longitude.unwrap_or(before.longitude),
            timezone: self.timezone.unwrap_or(before.timezone),
            area_m2: self.area_m2.apply(before.area_m2),
            phone: self.phone.apply(before.phone),
            hours: self.hours.unwrap_or(before.hours),
            special_days: self.special_days.unwrap_or(before.special_days),
            services: self.services.unwrap_or(before.services),
            prep_minutes: self.prep_minutes.unwrap_or(before.prep_minutes),
            daily_order_capacity: self.daily_order_capacity.apply(before.daily_order_capacity),
            active: self.active.unwrap_or(before.active),
        }
    }
}

/// Changes a place.
#[utoipa::path(patch, path = "/places/{id}", tag = "places", security(("staff" = ["place.manage"])),
    params(("id" = PlaceId, Path)), request_body = PlacePatch,
    responses((status = 200, body = Place), (status = "default", response = web::ProblemResponse)))]
async fn place_change(
    State(places): State<Places>,
    Caller(ctx): Caller,
    Path(id): Path<PlaceId>,
    IfMatch(read_version): IfMatch,
    Json(patch): Json<PlacePatch>,
) -> Result<Versioned<Place>, Problem> {
    let change = move |before: PlaceIn| ValidPlace::try_from(patch.clone().apply(before));
    Ok(Versioned(
        places.place_change(&ctx, id, read_version, change).await?,
    ))
}
