//! Lists of orders and fulfilments. What other domains add to, one order and the returns, is shown by `flows`.

use base::{MemberId, Page, PageQuery, PlaceId, Time};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Caller, Query, Reply, Router, State, routes};

use crate::decision::UndecidedOrder;
use crate::model::Channel;
use crate::service::{FulfilmentFilter, OrderFilter, Orders};
use crate::state::{FulfilmentState, OrderState, parse};
use crate::wire::{FulfilmentOut, OrderSummary};

/// The routes of this crate.
pub fn routes(orders: Orders) -> Router {
    Router::new()
        .routes(routes!(order_list))
        .routes(routes!(my_order_list))
        .routes(routes!(decision_list))
        .routes(routes!(fulfilment_list))
        .with_state(orders)
}

/// Query of a list of orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OrderQuery {
    /// In one of these states, separated by commas.
    state: Option<String>,
    /// From this channel.
    channel: Option<Channel>,
    /// Sold or collected at this place.
    place: Option<PlaceId>,
    /// Bought by this member.
    member: Option<MemberId>,
    /// The beginning of a number, or a telephone number.
    #[param(max_length = 64)]
    q: Option<String>,
    /// Placed at or after this instant.
    since: Option<Time>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Query of a list of fulfilments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FulfilmentQuery {
    /// Served by this place.
    place: Option<PlaceId>,
    /// In one of these states, separated by commas.
    state: Option<String>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Query of what is to be decided.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DecisionQuery {
    /// Of orders sold or collected at this place.
    place: Option<PlaceId>,
    /// Those that wait for supply; those that nobody has decided about when absent.
    waiting: Option<bool>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// States from a comma-separated list; an unknown one is the caller's mistake.
fn states<T: Copy>(all: &[T], written: fn(T) -> &'static str, list: Option<&str>) -> base::Result<Vec<T>> {
    list.into_iter()
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| {
            parse(all, written, name).map_err(|_| {
                let known: Vec<&str> = all.iter().map(|state| written(*state)).collect();
                base::Error::new(&base::codes::INVALID_INPUT).and_field(
                    "state",
                    &base::codes::MALFORMED,
                    [("reason".to_owned(), known.join(", ").into())]
                        .into_iter()
                        .collect(),
                )
            })
        })
        .collect()
}

/// Orders, the newest first
#[utoipa::path(get, path = "/orders", tag = "orders", params(OrderQuery),
    security(("staff" = ["order.read"])),
    responses((status = 200, body = Page<OrderSummary>), (status = "default", response = web::ProblemResponse)))]
async fn order_list(
    State(orders): State<Orders>,
    Caller(ctx): Caller,
    Query(query): Query<OrderQuery>,
) -> Reply<Page<OrderSummary>> {
    let mut filter = OrderFilter {
        states: states(&OrderState::ALL, OrderState::as_str, query.state.as_deref())?,
        channel: query.channel,
        place: query.place,
        member: query.member,
        since: query.since,
        ..OrderFilter::default()
    };
    if let Some(typed) = query.q.as_deref().filter(|typed| !typed.trim().is_empty()) {
        filter = filter.search(typed);
    }
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(web::Json(orders.order_list(&ctx, filter, &page).await?))
}

/// The signed-in member's orders of every channel, the newest first
#[utoipa::path(get, path = "/me/orders", tag = "orders", params(PageQuery), security(("member" = [])),
    responses((status = 200, body = Page<OrderSummary>), (status = "default", response = web::ProblemResponse)))]
async fn my_order_list(
    State(orders): State<Orders>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<OrderSummary>> {
    Ok(web::Json(orders.my_order_list(&ctx, &page).await?))
}

/// Orders that a person must decide about, the first placed first
#[utoipa::path(get, path = "/decisions", tag = "orders", params(DecisionQuery),
    security(("staff" = ["order.read"])),
    responses((status = 200, body = Page<UndecidedOrder>), (status = "default", response = web::ProblemResponse)))]
async fn decision_list(
    State(orders): State<Orders>,
    Caller(ctx): Caller,
    Query(query): Query<DecisionQuery>,
) -> Reply<Page<UndecidedOrder>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let waiting = query.waiting.unwrap_or(false);
    Ok(web::Json(
        orders.decision_list(&ctx, query.place, waiting, &page).await?,
    ))
}

/// What places are asked to serve, the longest waiting first
#[utoipa::path(get, path = "/fulfilments", tag = "orders", params(FulfilmentQuery),
    security(("staff" = ["fulfilment.read"])),
    responses((status = 200, body = Page<FulfilmentOut>), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_list(
    State(orders): State<Orders>,
    Caller(ctx): Caller,
    Query(query): Query<FulfilmentQuery>,
) -> Reply<Page<FulfilmentOut>> {
    let filter = FulfilmentFilter {
        place: query.place,
        states: states(
            &FulfilmentState::ALL,
            FulfilmentState::as_str,
            query.state.as_deref(),
        )?,
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(web::Json(orders.fulfilment_list(&ctx, filter, &page).await?))
}
