//! Handlers of the flows around orders. Thin: the wire's form to the model's, one call, the answer.

use base::{CartId, FulfilmentId, OrderId, OrderLineId, Page, PageQuery, PaymentId, PlaceId, SkuId};
use http::HeaderMap;
use orders::rules::ReturnWish;
use orders::{Channel, Condition, Contact, FulfilmentChoice, FulfilmentOut, ReturnOut, ReturnReason, Wanted};
use payments::SandboxOutcome;
use places::Point;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{
    Caller, Created, Field, IfMatch, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes,
};

use crate::Flows;
use crate::availability::AvailabilityList;
use crate::cart::{CartChange, CartNew, CartOut, MAX_LINES, range};
use crate::checkout::PaymentMethod;
use crate::live::Topic;
use crate::reject::{Reject, RejectOut, RejectReason, RejectedPart};
use crate::returns::ReturnNew;
use crate::view::{OrderOut, PaymentOut};

/// The routes of the flows around orders.
pub fn routes(flows: Flows) -> Router {
    Router::new()
        .routes(routes!(cart_create))
        .routes(routes!(cart_get, cart_change))
        .routes(routes!(cart_set_line))
        .routes(routes!(cart_checkout))
        .routes(routes!(order_get))
        .routes(routes!(order_cancel))
        .routes(routes!(payment_start))
        .routes(routes!(payment_sandbox))
        .routes(routes!(fulfilment_pick))
        .routes(routes!(fulfilment_reject))
        .routes(routes!(fulfilment_hand_over))
        .routes(routes!(fulfilment_ship))
        .routes(routes!(fulfilment_deliver))
        .routes(routes!(return_take, return_list))
        .routes(routes!(availability_get))
        .routes(routes!(stream_follow))
        .routes(routes!(my_stream_follow))
        .with_state(flows)
}

// ---- carts ---------------------------------------------------------------------------------------------------

/// A new cart.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CartIn {
    /// Where it is filled.
    channel: Channel,
    /// What is wanted.
    #[serde(default)]
    #[schema(max_items = 100)]
    lines: Vec<Wanted>,
    /// How it is wanted.
    fulfilment: Option<FulfilmentChoice>,
    /// Who to call.
    contact: Option<Contact>,
}

/// A change of how and to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CartPatch {
    /// How it is wanted.
    #[serde(default)]
    #[schema(value_type = Option<FulfilmentChoice>)]
    fulfilment: Field<FulfilmentChoice>,
    /// Who to call.
    #[serde(default)]
    #[schema(value_type = Option<Contact>)]
    contact: Field<Contact>,
}

/// How many of a SKU.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuantityIn {
    /// None takes it out of the cart.
    #[schema(minimum = 0, maximum = 9999)]
    quantity: i64,
}

/// How the order is paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckoutIn {
    /// How.
    payment_method: PaymentMethod,
}

/// Open a cart
///
/// It belongs to the member who is signed in; a guest's cart is known by its name alone.
#[utoipa::path(post, path = "/carts", tag = "carts", security(()), request_body = CartIn,
    responses((status = 201, body = CartOut), (status = "default", response = web::ProblemResponse)))]
async fn cart_create(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Json(input): Json<CartIn>,
) -> Result<Created<CartOut>, Problem> {
    if let Some(choice) = &input.fulfilment {
        check_choice(choice)?;
    }
    if let Some(contact) = &input.contact {
        check_contact(contact)?;
    }
    if input.lines.len() > MAX_LINES {
        return Err(range("lines", 0, MAX_LINES as i64).into());
    }
    let new = CartNew {
        channel: input.channel,
        lines: input.lines,
        fulfilment: input.fulfilment,
        contact: input.contact,
    };
    Ok(Created(flows.cart_create(&ctx, new).await?))
}

/// A cart, with the prices and the availability of this moment
#[utoipa::path(get, path = "/carts/{id}", tag = "carts", security(()), params(("id" = CartId, Path)),
    responses((status = 200, body = CartOut), (status = "default", response = web::ProblemResponse)))]
async fn cart_get(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<CartId>,
) -> Result<Versioned<CartOut>, Problem> {
    Ok(Versioned(flows.cart_get(&ctx, id).await?))
}

/// Say how and to whom
#[utoipa::path(patch, path = "/carts/{id}", tag = "carts", security(()), params(("id" = CartId, Path)),
    request_body = CartPatch,
    responses((status = 200, body = CartOut), (status = "default", response = web::ProblemResponse)))]
async fn cart_change(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<CartId>,
    if_match: IfMatch,
    Json(input): Json<CartPatch>,
) -> Result<Versioned<CartOut>, Problem> {
    if let Field::Value(choice) = &input.fulfilment {
        check_choice(choice)?;
    }
    if let Field::Value(contact) = &input.contact {
        check_contact(contact)?;
    }
    let change = CartChange {
        fulfilment: input.fulfilment,
        contact: input.contact,
        if_match: if_match.0,
    };
    Ok(Versioned(flows.cart_change(&ctx, id, change).await?))
}

/// Want so many of a SKU
#[utoipa::path(put, path = "/carts/{id}/lines/{sku_id}", tag = "carts", security(()),
    params(("id" = CartId, Path), ("sku_id" = SkuId, Path)), request_body = QuantityIn,
    responses((status = 200, body = CartOut), (status = "default", response = web::ProblemResponse)))]
async fn cart_set_line(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path((id, sku_id)): Path<(CartId, SkuId)>,
    Json(input): Json<QuantityIn>,
) -> Result<Versioned<CartOut>, Problem> {
    let line = Wanted {
        sku_id,
        quantity: input.quantity,
    };
    Ok(Versioned(flows.cart_set_line(&ctx, id, line).await?))
}

/// Order what is in the cart
///
/// The stock is held for 15 minutes; asking again for the same cart answers with the same order.
#[utoipa::path(post, path = "/carts/{id}/checkout", tag = "carts", security(()),
    params(("id" = CartId, Path)), request_body = CheckoutIn,
    responses((status = 201, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn cart_checkout(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<CartId>,
    Json(input): Json<CheckoutIn>,
) -> Result<Created<OrderOut>, Problem> {
    Ok(Created(
        flows.cart_checkout(&ctx, id, input.payment_method).await?,
    ))
}

// ---- orders and payments ---------------------------------------------------------------------------------------

/// A guest's proof.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TokenQuery {
    /// The access token a guest got with the order.
    #[param(max_length = 64)]
    token: Option<String>,
}

/// Why an order is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelIn {
    /// In the caller's own words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// What the payer chose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SandboxIn {
    /// What.
    outcome: SandboxOutcome,
}

/// One order
///
/// For the member who bought it, for a guest with its token, for staff who may read orders there, and for staff
/// who take returns.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders", params(("id" = OrderId, Path), TokenQuery),
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_get(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
) -> Result<Versioned<OrderOut>, Problem> {
    Ok(Versioned(flows.order_get(&ctx, id, query.token).await?))
}

/// Give an order up
///
/// Its owner until it is ready, staff until the goods are out. What was paid goes back.
#[utoipa::path(post, path = "/orders/{id}/cancel", tag = "orders",
    params(("id" = OrderId, Path), TokenQuery), request_body = CancelIn,
    security((), ("member" = []), ("staff" = ["order.cancel"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_cancel(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<CancelIn>,
) -> Reply<OrderOut> {
    let reason = text("reason", input.reason, 1, 500)?;
    Ok(Json(flows.order_cancel(&ctx, id, reason, query.token).await?))
}

/// Start another payment for an order that waits for its money
#[utoipa::path(post, path = "/orders/{id}/payments", tag = "payments",
    params(("id" = OrderId, Path), TokenQuery), request_body = CheckoutIn,
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 201, body = PaymentOut), (status = "default", response = web::ProblemResponse)))]
async fn payment_start(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<CheckoutIn>,
) -> Result<Created<PaymentOut>, Problem> {
    Ok(Created(
        flows
            .payment_start(&ctx, id, input.payment_method, query.token)
            .await?,
    ))
}

/// Press a button on the sandbox's pay page
///
/// Whoever knows the payment may pay it. Pressed again, it is the same answer.
#[utoipa::path(post, path = "/payments/{id}/sandbox", tag = "payments", security(()),
    params(("id" = PaymentId, Path), TokenQuery), request_body = SandboxIn,
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn payment_sandbox(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<PaymentId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<SandboxIn>,
) -> Reply<OrderOut> {
    Ok(Json(
        flows
            .payment_sandbox(&ctx, id, input.outcome, query.token)
            .await?,
    ))
}

// ---- fulfilments -----------------------------------------------------------------------------------------------

/// A place's word that it cannot serve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectIn {
    /// Why.
    reason: RejectReason,
    /// Which pieces are missing or broken; all when none are named.
    #[serde(default)]
    #[schema(max_items = 100)]
    lines: Vec<RejectLineIn>,
    /// A word about it, for colleagues.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Pieces that cannot be served.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectLineIn {
    /// The order's line.
    order_line_id: OrderLineId,
    /// How many of it.
    #[schema(minimum = 1, maximum = 9999)]
    quantity: i64,
}

/// The customer's code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOverIn {
    /// Six digits.
    #[schema(min_length = 1, max_length = 16)]
    pickup_code: String,
}

/// Who carries the parcel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShipIn {
    /// The carrier.
    #[schema(min_length = 1, max_length = 100)]
    carrier: String,
    /// The carrier's number for it.
    #[schema(min_length = 1, max_length = 100)]
    tracking_number: String,
}

/// Everything is packed; the customer is told
#[utoipa::path(post, path = "/fulfilments/{id}/pick", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), security(("staff" = ["fulfilment.pick"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_pick(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
) -> Reply<FulfilmentOut> {
    Ok(Json(flows.fulfilment_pick(&ctx, id).await?))
}

/// The place cannot serve it
///
/// The place's stock is corrected by the reason, the order goes to the next place that can keep the promise and
/// the customer is told; where there is none, a person decides.
#[utoipa::path(post, path = "/fulfilments/{id}/reject", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = RejectIn,
    security(("staff" = ["fulfilment.pick"])),
    responses((status = 200, body = RejectOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_reject(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<RejectIn>,
) -> Reply<RejectOut> {
    let part = |l: &RejectLineIn| RejectedPart {
        order_line_id: l.order_line_id,
        quantity: l.quantity,
    };
    let reject = Reject {
        reason: input.reason,
        parts: input.lines.iter().map(part).collect(),
        note: input.note.map(|note| text("note", note, 0, 500)).transpose()?,
    };
    Ok(Json(flows.fulfilment_reject(&ctx, id, reject).await?))
}

/// Hand the goods over to whoever shows the pickup code
#[utoipa::path(post, path = "/fulfilments/{id}/hand-over", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = HandOverIn,
    security(("staff" = ["fulfilment.hand_over"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_hand_over(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<HandOverIn>,
) -> Reply<FulfilmentOut> {
    let code = text("pickup_code", input.pickup_code, 1, 16)?;
    Ok(Json(flows.fulfilment_hand_over(&ctx, id, code).await?))
}

/// The carrier has the parcel
#[utoipa::path(post, path = "/fulfilments/{id}/ship", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = ShipIn,
    security(("staff" = ["fulfilment.ship"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_ship(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<ShipIn>,
) -> Reply<FulfilmentOut> {
    let carrier = text("carrier", input.carrier, 1, 100)?;
    let number = text("tracking_number", input.tracking_number, 1, 100)?;
    Ok(Json(flows.fulfilment_ship(&ctx, id, carrier, number).await?))
}

/// The parcel reached the door
#[utoipa::path(post, path = "/fulfilments/{id}/deliver", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), security(("staff" = ["fulfilment.ship"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_deliver(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
) -> Reply<FulfilmentOut> {
    Ok(Json(flows.fulfilment_deliver(&ctx, id).await?))
}

// ---- returns ---------------------------------------------------------------------------------------------------

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
struct ReturnLineIn {
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
    if input.lines.is_empty() || input.lines.len() > MAX_LINES {
        return Err(range("lines", 1, MAX_LINES as i64).into());
    }
    let wish = |l: &ReturnLineIn| ReturnWish {
        order_line_id: l.order_line_id,
        quantity: l.quantity,
        reason: l.reason,
        condition: l.condition,
    };
    let new = ReturnNew {
        order_id: input.order_id,
        place_id: input.place_id,
        wishes: input.lines.iter().map(wish).collect(),
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

// ---- availability and live streams -------------------------------------------------------------------------------

/// What is asked for, and from where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AvailabilityQuery {
    /// One or more SKUs.
    #[serde(default)]
    #[param(max_items = 100)]
    sku: Vec<SkuId>,
    /// Latitude and longitude in degrees, separated by a comma.
    #[param(example = "30.2741,120.1551", max_length = 64)]
    near: Option<String>,
}

/// What a screen follows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StreamQuery {
    /// `home`, `orders`, `fulfilments`, `stock`, separated by commas.
    #[param(max_length = 64)]
    topics: Option<String>,
}

/// What can be had, where, and from when
#[utoipa::path(get, path = "/availability", tag = "availability", security(()), params(AvailabilityQuery),
    responses((status = 200, body = AvailabilityList), (status = "default", response = web::ProblemResponse)))]
async fn availability_get(
    State(flows): State<Flows>,
    Query(query): Query<AvailabilityQuery>,
) -> Reply<AvailabilityList> {
    let near = query.near.as_deref().map(point).transpose()?;
    Ok(Json(flows.availability(query.sku, near).await?))
}

/// Live events for staff screens
///
/// Server-sent events; each names what happened to what, where and when. `Last-Event-ID` resumes.
#[utoipa::path(get, path = "/stream", tag = "live", params(StreamQuery), security(("staff" = [])),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = "default", response = web::ProblemResponse)))]
async fn stream_follow(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<axum::response::Response, Problem> {
    let names = query.topics.as_deref().unwrap_or("home,orders,fulfilments,stock");
    let topics = names
        .split(',')
        .filter(|name| !name.is_empty())
        .map(Topic::parse)
        .collect::<base::Result<Vec<_>>>()?;
    let stream = flows.stream(&ctx, topics, last_event(&headers)).await?;
    Ok(axum::response::IntoResponse::into_response(stream))
}

/// Live events of the member's own orders
///
/// Server-sent events; each names what happened to what and when. `Last-Event-ID` resumes.
#[utoipa::path(get, path = "/me/stream", tag = "live", security(("member" = [])),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = "default", response = web::ProblemResponse)))]
async fn my_stream_follow(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    headers: HeaderMap,
) -> Result<axum::response::Response, Problem> {
    let stream = flows.my_stream(&ctx, last_event(&headers)).await?;
    Ok(axum::response::IntoResponse::into_response(stream))
}

/// The position a broken stream goes on after. A browser sends back what it got; anything else starts afresh.
fn last_event(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

fn point(near: &str) -> base::Result<Point> {
    let malformed = || {
        let facts = [("reason".to_owned(), "30.2741,120.1551".into())];
        base::Error::new(&base::codes::INVALID_INPUT).and_field(
            "near",
            &base::codes::MALFORMED,
            facts.into_iter().collect(),
        )
    };
    let (latitude, longitude) = near.split_once(',').ok_or_else(malformed)?;
    let degrees = |text: &str| text.trim().parse::<f64>().map_err(|_| malformed());
    Point::new(degrees(latitude)?, degrees(longitude)?)
}

/// A text within its length, trimmed.
fn text(field: &str, value: String, min: usize, max: usize) -> base::Result<String> {
    let trimmed = value.trim();
    let length = trimmed.chars().count();
    if length < min {
        return Err(base::Error::field(field, &base::codes::REQUIRED));
    }
    if length > max {
        let facts = [("max".to_owned(), max.into())];
        return Err(base::Error::new(&base::codes::INVALID_INPUT).and_field(
            field,
            &base::codes::TOO_LONG,
            facts.into_iter().collect(),
        ));
    }
    Ok(trimmed.to_owned())
}

fn check_contact(contact: &Contact) -> base::Result<()> {
    text("contact.name", contact.name.clone(), 0, 100)?;
    text("contact.phone", contact.phone.clone(), 0, 32)?;
    Ok(())
}

fn check_choice(choice: &FulfilmentChoice) -> base::Result<()> {
    let FulfilmentChoice::Delivery { address } = choice else {
        return Ok(());
    };
    let fields = [
        ("fulfilment.address.name", &address.name, 1, 100),
        ("fulfilment.address.phone", &address.phone, 3, 32),
        ("fulfilment.address.province", &address.province, 1, 100),
        ("fulfilment.address.city", &address.city, 1, 100),
        ("fulfilment.address.district", &address.district, 0, 100),
        ("fulfilment.address.line", &address.line, 1, 300),
    ];
    for (field, value, min, max) in fields {
        text(field, value.clone(), min, max)?;
    }
    Ok(())
}
