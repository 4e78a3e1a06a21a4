//! Gift cards in somebody's hand: what is on one, and paying with it.

use access::Client;
use base::{Money, OrderId, PaymentId};
use payments::GiftCardOut;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, Path, Query, Reply, Router, State, routes};

use crate::Flows;
use crate::cart::range;
use crate::pay_gift::GiftCardShown;
use crate::view::OrderOut;

/// The most a card is asked for at once, in minor units: a million yuan.
const MAX_AMOUNT: i64 = 100_000_000;

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(gift_card_balance))
        .routes(routes!(order_gift_card_pay))
        .routes(routes!(order_gift_card_take_out))
}

/// A gift card with what opens it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GiftCardShownIn {
    /// Its number, however it is typed.
    #[schema(max_length = 64)]
    number: String,
    /// Its PIN.
    #[schema(max_length = 16)]
    pin: String,
}

impl GiftCardShownIn {
    pub(super) fn shown(self, client: &Client) -> GiftCardShown {
        GiftCardShown {
            number: self.number,
            pin: self.pin,
            address: client.address.clone(),
        }
    }
}

/// A gift card, and what of it is used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiftCardPayIn {
    /// Its number, however it is typed.
    #[schema(max_length = 64)]
    number: String,
    /// Its PIN.
    #[schema(max_length = 16)]
    pin: String,
    /// How much of it: never more than is left to pay; as far as the card goes when absent.
    #[serde(default)]
    amount: Option<Money>,
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

/// What is on a gift card
///
/// For whoever has its number and its PIN. Five wrong PINs lock it for a quarter of an hour.
#[utoipa::path(post, path = "/gift_cards/balance", tag = "gift_cards", security(()),
    request_body = GiftCardShownIn,
    responses((status = 200, body = GiftCardOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_balance(
    State(flows): State<Flows>,
    client: Client,
    Json(input): Json<GiftCardShownIn>,
) -> Reply<GiftCardOut> {
    Ok(Json(flows.gift_card_balance(&input.shown(&client)).await?))
}

/// Pay with a gift card
///
/// As far as it goes, beside other gift cards; another payment is started of what is left, and where nothing is left
/// the order is paid. What a card pays is kept on it while the order waits for the rest.
#[utoipa::path(post, path = "/orders/{id}/gift_cards", tag = "payments",
    params(("id" = OrderId, Path), TokenQuery), request_body = GiftCardPayIn,
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_gift_card_pay(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    client: Client,
    Path(id): Path<OrderId>,
    Query(query): Query<TokenQuery>,
    Json(input): Json<GiftCardPayIn>,
) -> Reply<OrderOut> {
    if input
        .amount
        .is_some_and(|amount| !(1..=MAX_AMOUNT).contains(&amount.amount_minor))
    {
        return Err(range("amount.amount_minor", 1, MAX_AMOUNT).into());
    }
    let shown = GiftCardShown {
        number: input.number,
        pin: input.pin,
        address: client.address,
    };
    Ok(Json(
        flows
            .gift_card_pay(&ctx, id, &shown, input.amount, query.token)
            .await?,
    ))
}

/// Take a gift card out of an order that is not paid
///
/// What it kept is on the card again; another payment is started of what is left.
#[utoipa::path(delete, path = "/orders/{id}/gift_cards/{payment}", tag = "payments",
    params(("id" = OrderId, Path), ("payment" = PaymentId, Path), TokenQuery),
    security((), ("member" = []), ("staff" = ["order.read"])),
    responses((status = 200, body = OrderOut), (status = "default", response = web::ProblemResponse)))]
async fn order_gift_card_take_out(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path((id, payment)): Path<(OrderId, PaymentId)>,
    Query(query): Query<TokenQuery>,
) -> Reply<OrderOut> {
    Ok(Json(
        flows.gift_card_take_out(&ctx, id, payment, query.token).await?,
    ))
}
