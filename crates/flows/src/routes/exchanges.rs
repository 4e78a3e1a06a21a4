//! Exchanges at a counter.

use access::Client;
use base::{Money, OrderId, PlaceId};
use orders::{ReturnOut, Wanted};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Created, Json, Problem, Reply, Router, State, routes};

use super::gift_cards::GiftCardShownIn;
use super::returns::{ReturnLineIn, wishes};
use super::text;
use crate::Flows;
use crate::cart::{MAX_LINES, range};
use crate::exchange::{CounterTender, ExchangeNew, ExchangePreviewOut, ExchangeWish};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(exchange_preview))
        .routes(routes!(exchange_take))
}

/// What would come back and go out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExchangePreviewIn {
    /// The order the goods were bought with.
    order_id: OrderId,
    /// At which counter: any store that takes returns.
    place_id: PlaceId,
    /// What comes back.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<ReturnLineIn>,
    /// What goes out instead.
    #[schema(min_items = 1, max_items = 100)]
    taken: Vec<Wanted>,
}

/// An exchange the customer agreed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExchangeIn {
    /// The order the goods were bought with.
    order_id: OrderId,
    /// At which counter: any store that takes returns.
    place_id: PlaceId,
    /// What comes back.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<ReturnLineIn>,
    /// What goes out instead.
    #[schema(min_items = 1, max_items = 100)]
    taken: Vec<Wanted>,
    /// What the customer agreed to pay; below zero is what they get back. The preview tells it.
    agreed_difference: Money,
    /// How they pay it; cash when not said.
    #[serde(default)]
    tender: CounterTender,
    /// A gift card that pays as far as it goes, before the tender pays the rest.
    #[serde(default)]
    gift_card: Option<GiftCardShownIn>,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

fn wish(
    order_id: OrderId,
    place_id: PlaceId,
    lines: &[ReturnLineIn],
    taken: Vec<Wanted>,
) -> base::Result<ExchangeWish> {
    if taken.is_empty() {
        return Err(range("taken", 1, MAX_LINES as i64));
    }
    Ok(ExchangeWish {
        order_id,
        place_id,
        back: wishes(lines)?,
        taken,
    })
}

/// What an exchange would come to
///
/// What comes back at what it had cost, what goes out at the prices of this counter and this moment, and the
/// difference. Changes nothing.
#[utoipa::path(post, path = "/exchanges/preview", tag = "returns", request_body = ExchangePreviewIn,
    security(("staff" = ["return.take"])),
    responses((status = 200, body = ExchangePreviewOut), (status = "default", response = web::ProblemResponse)))]
async fn exchange_preview(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Json(input): Json<ExchangePreviewIn>,
) -> Reply<ExchangePreviewOut> {
    let wish = wish(input.order_id, input.place_id, &input.lines, input.taken)?;
    Ok(Json(flows.exchange_preview(&ctx, wish).await?))
}

/// Take goods back and hand others out for them
///
/// In any store that takes returns, wherever they were bought, in one go: the stock of this store, the money of the
/// difference and the points move together or not at all. What was taken becomes part of the order. More is paid at
/// the counter; less goes back the way it came; an even exchange moves no money.
#[utoipa::path(post, path = "/exchanges", tag = "returns", request_body = ExchangeIn,
    security(("staff" = ["return.take"])),
    responses((status = 201, body = ReturnOut), (status = "default", response = web::ProblemResponse)))]
async fn exchange_take(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    client: Client,
    Json(input): Json<ExchangeIn>,
) -> Result<Created<ReturnOut>, Problem> {
    let new = ExchangeNew {
        wish: wish(input.order_id, input.place_id, &input.lines, input.taken)?,
        agreed: input.agreed_difference,
        tender: input.tender,
        gift_card: input.gift_card.map(|card| card.shown(&client)),
        note: input.note.map(|note| text("note", note, 0, 500)).transpose()?,
    };
    Ok(Created(flows.exchange_take(&ctx, new).await?))
}
