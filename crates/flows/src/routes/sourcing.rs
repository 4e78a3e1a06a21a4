//! Trying an order, and replaying past ones: what of sourcing needs the whole order book.

use base::{Channel, PlaceId, Time};
use orders::{FulfilmentChoice, Method, Wanted};
use serde::Deserialize;
use sourcing::{NewReplay, Replay, Rules, ValidRules, note};
use utoipa::ToSchema;
use web::{Caller, Created, Json, Problem, Reply, Router, State, routes};

use super::text;
use crate::Flows;
use crate::sourcing_try::{SourcingTried, SourcingTry, region};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(sourcing_try))
        .routes(routes!(sourcing_replay))
}

/// An order that nobody placed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SourcingTryIn {
    /// What is wanted.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<Wanted>,
    /// How it is wanted.
    method: Method,
    /// The province it goes to; needed for a delivery.
    #[schema(max_length = 100)]
    province: Option<String>,
    /// The city it goes to; needed for a delivery.
    #[schema(max_length = 100)]
    city: Option<String>,
    /// The place the customer chose; needed for a collection.
    place_id: Option<PlaceId>,
    /// Rules to decide by instead of those in force.
    rules: Option<Rules>,
    /// The channel it comes by; absent: one that sells from everywhere.
    channel: Option<Channel>,
}

/// Past orders to source again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SourcingReplayIn {
    /// The changed rules.
    rules: Rules,
    /// Orders placed from here on.
    from: Time,
    /// Orders placed before this; at most 92 days later.
    to: Time,
    /// Why.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// What would this order do
///
/// It is sourced like a real one, by the rules in force or by those given; nothing is held and nothing is written.
#[utoipa::path(post, path = "/sourcing/try", tag = "sourcing", security(("staff" = ["sourcing.read"])),
    request_body = SourcingTryIn,
    responses((status = 200, body = SourcingTried), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_try(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Json(input): Json<SourcingTryIn>,
) -> Reply<SourcingTried> {
    let choice = match input.method {
        Method::Delivery => FulfilmentChoice::Delivery {
            address: region(
                text("province", input.province.unwrap_or_default(), 1, 100)?,
                text("city", input.city.unwrap_or_default(), 1, 100)?,
            ),
        },
        Method::Collect => FulfilmentChoice::Collect {
            place_id: input
                .place_id
                .ok_or_else(|| base::Error::field("place_id", &base::codes::REQUIRED))?,
        },
    };
    let rules = input.rules.map(ValidRules::try_from).transpose()?;
    let order = SourcingTry {
        lines: input.lines,
        choice,
        rules: rules.map(|rules| rules.get().clone()),
        channel: input.channel,
    };
    Ok(Json(flows.sourcing_try(&ctx, order).await?))
}

/// Replay past orders under changed rules
///
/// It runs in the background, one at a time, and compares with the rules in force. Facts are those recorded when an
/// order was sourced; for older orders they are reconstructed from the ledger, and the answer says which.
#[utoipa::path(post, path = "/sourcing/replays", tag = "sourcing", security(("staff" = ["sourcing.manage"])),
    request_body = SourcingReplayIn,
    responses((status = 201, body = Replay), (status = "default", response = web::ProblemResponse)))]
async fn sourcing_replay(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Json(input): Json<SourcingReplayIn>,
) -> Result<Created<Replay>, Problem> {
    let new = NewReplay {
        rules: ValidRules::try_from(input.rules)?,
        from: input.from,
        to: input.to,
        note: note(input.note)?,
    };
    Ok(Created(flows.sourcing_replay(&ctx, new).await?))
}
