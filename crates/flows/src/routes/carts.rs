//! Carts and checkout.

use base::{CartId, Money, SkuId};
use orders::{Channel, Contact, FulfilmentChoice, Wanted};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{
    Caller, Created, Field, IfMatch, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes,
};

use super::live::point;
use super::text;
use crate::Flows;
use crate::cart::{CartChange, CartNew, CartOut, MAX_LINES, range};
use crate::checkout::PaymentMethod;
use crate::collect::CollectList;
use crate::view::OrderOut;

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(cart_create))
        .routes(routes!(cart_get, cart_change))
        .routes(routes!(cart_set_line))
        .routes(routes!(cart_collect_list))
        .routes(routes!(cart_checkout))
}

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
    /// The promotion code that was typed; null takes it out.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 64)]
    promotion_code: Field<String>,
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
    /// The total the customer has seen; another one is refused.
    #[serde(default)]
    seen_total: Option<Money>,
}

/// How an order that waits for its money is paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentIn {
    /// How.
    pub(super) payment_method: PaymentMethod,
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

/// Say how and to whom, and type a promotion code
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
        promotion_code: input.promotion_code,
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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CollectQuery {
    /// Latitude and longitude in degrees, separated by a comma.
    #[param(example = "30.2741,120.1551", max_length = 64)]
    near: Option<String>,
}

/// Where all of a cart can be collected, and from when
///
/// Stores that have everything now come first, the nearest first; then those that will have it, the soonest first.
#[utoipa::path(get, path = "/carts/{id}/collect", tag = "carts", security(()),
    params(("id" = CartId, Path), CollectQuery),
    responses((status = 200, body = CollectList), (status = "default", response = web::ProblemResponse)))]
async fn cart_collect_list(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<CartId>,
    Query(query): Query<CollectQuery>,
) -> Reply<CollectList> {
    let near = query.near.as_deref().map(point).transpose()?;
    Ok(Json(flows.cart_collect_list(&ctx, id, near).await?))
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
        flows
            .cart_checkout_at(&ctx, id, input.payment_method, input.seen_total)
            .await?,
    ))
}

fn check_contact(contact: &Contact) -> base::Result<()> {
    text("contact.name", contact.name.clone(), 0, 100)?;
    text("contact.phone", contact.phone.clone(), 0, 32)?;
    Ok(())
}

pub(super) fn check_choice(choice: &FulfilmentChoice) -> base::Result<()> {
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
