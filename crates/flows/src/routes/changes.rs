//! Changes of orders that were placed.

use base::{Money, OrderId, SkuId};
use orders::{FulfilmentChoice, Wanted};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, IfMatch, Json, Path, Query, Reply, Router, State, routes};

use super::carts::check_choice;
use super::text;
use crate::Flows;
use crate::cart::{MAX_LINES, MAX_QUANTITY, range};
use crate::change::{OrderChangeNew, OrderChangePreview, OrderWish};
use crate::checkout::PaymentMethod;
use crate::view::OrderOut;

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(order_change_preview))
        .routes(routes!(order_change))
        .routes(routes!(order_change_withdraw))
}

/// A guest's proof.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TokenQuery {
    /// The access token a guest got with the order.
    #[param(max_length = 64)]
    token: Option<String>,
}

/// So many of an article; none takes it out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderWishLine)]
struct WishLine {
    /// The SKU.
    sku_id: SkuId,
    /// How many are wanted in all.
    #[schema(minimum = 0, maximum = 9999)]
    quantity: i64,
}

/// What an order is to become.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderChangePreviewIn {
    /// All that is wanted, by article; the goods stay when absent.
    #[schema(max_items = 100)]
    lines: Option<Vec<WishLine>>,
    /// How it is wanted; as before when absent.
    fulfilment: Option<FulfilmentChoice>,
}

/// A change somebody agreed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderChangeIn {
    /// All that is wanted, by article; the goods stay when absent.
    #[schema(max_items = 100)]
    lines: Option<Vec<WishLine>>,
    /// How it is wanted; as before when absent.
    fulfilment: Option<FulfilmentChoice>,
    /// What is to be paid on top; below zero is what goes back. The preview tells it.
    agreed_difference: Money,
    /// How what is to be paid on top is paid; on the built-in pay page when not said.
    #[serde(default = "on_the_pay_page")]
    payment_method: PaymentMethod,
    /// Why; staff always say.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

const fn on_the_pay_page() -> PaymentMethod {
    PaymentMethod::Sandbox
}

fn wish(lines: Option<Vec<WishLine>>, fulfilment: Option<FulfilmentChoice>) -> base::Result<OrderWish> {
    if let Some(choice) = &fulfilment {
        check_choice(choice)?;
    }
    let Some(lines) = lines else {
        return Ok(OrderWish {
            lines: None,
            fulfilment,
        });
    };
    if lines.len() > MAX_LINES {
        return Err(range("lines", 0, MAX_LINES as i64));
    }
    let mut wanted = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        if !(0..=MAX_QUANTITY).contains(&line.quantity) {
            return Err(range(&format!("lines[{at}].quantity"), 0, MAX_QUANTITY));
        }
        wanted.push(Wanted {
            sku_id: line.sku_id,
            quantity: line.quantity,
        });
    }
    Ok(OrderWish {
        lines: Some(wanted),
        fulfilment,
    })
}

/// What a change of a placed order would come to
///
/// What it would cost by the rules a cart is priced with, what would be paid on top or go back and where to, and which
/// places would serve it. Changes nothing.
#[utoipa::path(post, path = "/orders/{id}/changes/preview", tag = "orders",
    params(("id" = OrderId, Path), TokenQuery), request_body = OrderChangePreviewIn,
    security((), ("member" = []), ("staff" = ["order.change"])),
    responses((status = 200, body = OrderChangePreview), (status = "default", response = web::ProblemResponse)))]
async fn order_change_preview(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<OrderChangePreviewIn>,
) -> Reply<OrderChangePreview> {
    let wish = wish(input.lines, input.fulfilment)?;
    Ok(Json(
        flows.order_change_preview(&ctx, id, wish, query.token).await?,
    ))
}

/// Change a placed order
///
/// Other quantities, other articles, another address, another way: until some of it is packed. What costs more is held
/// as long as a checkout's stock and made once it is paid; anything else is made at once, and what it costs less goes
/// back to the tenders that paid. On any refusal the order is as it was. With `If-Match` the version that was read.
#[utoipa::path(post, path = "/orders/{id}/changes", tag = "orders",
    params(("id" = OrderId, Path), TokenQuery), request_body = OrderChangeIn,
    security((), ("member" = []), ("staff" = ["order.change"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_change(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    if_match: IfMatch,
    Json(input): Json<OrderChangeIn>,
) -> Reply<OrderOut> {
    let reason = input
        .reason
        .map(|reason| text("reason", reason, 0, 500))
        .transpose()?;
    let new = OrderChangeNew {
        wish: wish(input.lines, input.fulfilment)?,
        agreed: input.agreed_difference,
        method: input.payment_method,
        reason: reason.filter(|reason| !reason.is_empty()),
        if_match: if_match.0,
    };
    Ok(Json(flows.order_change(&ctx, id, new, query.token).await?))
}

/// Withdraw a change that waits for its payment
///
/// What it held is free again, and the order is as it was.
#[utoipa::path(delete, path = "/orders/{id}/changes", tag = "orders",
    params(("id" = OrderId, Path), TokenQuery),
    security((), ("member" = []), ("staff" = ["order.change"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_change_withdraw(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
) -> Reply<OrderOut> {
    Ok(Json(flows.order_change_withdraw(&ctx, id, query.token).await?))
}
