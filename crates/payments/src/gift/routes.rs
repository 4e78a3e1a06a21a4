//! HTTP of gift cards.

use base::{Error, Money, Page, PageQuery, Time, codes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use super::model::{
    GiftAccountsOut, GiftCardId, GiftCardOut, GiftCardState, GiftEntryOut, GiftIssued, GiftSource,
};
use super::service::{GiftFilter, GiftNew};
use crate::service::Payments;

/// The most one card takes at once, in minor units: a million yuan.
const MAX_AMOUNT: i64 = 100_000_000;
const NOTE_CHARS: usize = 500;
/// The most cards made at once.
const COUNT_MAX: usize = 200;

/// The routes of gift cards.
pub(crate) fn routes() -> Router<Payments> {
    Router::new()
        .routes(routes!(gift_card_list, gift_card_issue))
        .routes(routes!(gift_card_get))
        .routes(routes!(gift_card_load))
        .routes(routes!(gift_card_set_state))
        .routes(routes!(gift_card_find))
        .routes(routes!(gift_card_accounts))
}

/// Cards to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiftCardIn {
    /// What is on each.
    amount: Money,
    /// How it was paid for, or why it is given.
    source: GiftSource,
    /// How many; one when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    count: Option<usize>,
    /// Until just before when they pay; for ever when absent.
    #[serde(default)]
    expires_at: Option<Time>,
    /// A word about them, for colleagues.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// New cards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GiftCardIssuedList)]
struct IssuedOut {
    /// Each with what opens it.
    items: Vec<GiftIssued>,
}

/// More for a card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiftCardLoadIn {
    /// How much.
    amount: Money,
    /// How it was paid for, or why it is given.
    source: GiftSource,
}

/// Whether a card pays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiftCardStateIn {
    /// Whether.
    state: GiftCardState,
    /// Why, for colleagues.
    #[schema(min_length = 1, max_length = 500)]
    note: String,
}

/// A card in somebody's hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiftCardNumberIn {
    /// Its number, however it is typed.
    #[schema(max_length = 64)]
    number: String,
}

/// Which cards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GiftCardQuery {
    /// Whose number ends so.
    #[param(max_length = 8)]
    last4: Option<String>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A card with what happened to its money.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GiftCardHistory)]
struct GiftHistoryOut {
    /// The card.
    card: GiftCardOut,
    /// What happened to its money, the newest first.
    entries: Vec<GiftEntryOut>,
}

/// What is owed on gift cards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GiftCardAccountsList)]
struct AccountsOut {
    /// By currency.
    items: Vec<GiftAccountsOut>,
    /// Movements whose two sides do not sum to zero, and cards that are not the sum of their entries and holds:
    /// anything but 0 is a defect.
    drift: i64,
}

fn amount(amount: Money) -> Result<Money, Error> {
    if (1..=MAX_AMOUNT).contains(&amount.amount_minor) {
        return Ok(amount);
    }
    Err(range("amount.amount_minor", MAX_AMOUNT))
}

/// One to so many.
fn range(field: &str, max: i64) -> Error {
    let facts = [("min".to_owned(), 1.into()), ("max".to_owned(), max.into())];
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect())
}

fn note(text: &str) -> Result<Option<String>, Error> {
    let trimmed = text.trim();
    if trimmed.chars().count() > NOTE_CHARS {
        let facts = [("max".to_owned(), NOTE_CHARS.into())].into_iter().collect();
        return Err(Error::new(&codes::INVALID_INPUT).and_field("note", &codes::TOO_LONG, facts));
    }
    Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
}

/// Gift cards, the newest first
#[utoipa::path(get, path = "/gift_cards", tag = "gift_cards", params(GiftCardQuery),
    security(("staff" = ["gift_card.read"])),
    responses((status = 200, body = Page<GiftCardOut>), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_list(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Query(query): Query<GiftCardQuery>,
) -> Reply<Page<GiftCardOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let filter = GiftFilter { last4: query.last4 };
    Ok(Json(payments.gift_card_list(&ctx, filter, &page).await?))
}

/// Make gift cards
///
/// Their numbers and PINs are in this answer and in no other: print them or hand them over.
#[utoipa::path(post, path = "/gift_cards", tag = "gift_cards", request_body = GiftCardIn,
    security(("staff" = ["gift_card.issue"])),
    responses((status = 201, body = IssuedOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_issue(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Json(input): Json<GiftCardIn>,
) -> Result<Created<IssuedOut>, Problem> {
    let count = input.count.unwrap_or(1);
    if !(1..=COUNT_MAX).contains(&count) {
        return Err(range("count", COUNT_MAX as i64).into());
    }
    let new = GiftNew {
        count,
        amount: amount(input.amount)?,
        source: input.source,
        expires_at: input.expires_at,
        note: note(input.note.as_deref().unwrap_or_default())?,
    };
    let items = payments.gift_card_issue(&ctx, new).await?;
    Ok(Created(IssuedOut { items }))
}

/// What is owed on gift cards, and where it came from
#[utoipa::path(get, path = "/gift_cards/accounts", tag = "gift_cards", security(("staff" = ["gift_card.read"])),
    responses((status = 200, body = AccountsOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_accounts(State(payments): State<Payments>, Caller(ctx): Caller) -> Reply<AccountsOut> {
    let (items, drift) = payments.gift_card_accounts(&ctx).await?;
    Ok(Json(AccountsOut { items, drift }))
}

/// One gift card with what happened to its money
#[utoipa::path(get, path = "/gift_cards/{id}", tag = "gift_cards", params(("id" = GiftCardId, Path)),
    security(("staff" = ["gift_card.read"])),
    responses((status = 200, body = GiftHistoryOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_get(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Path(id): Path<GiftCardId>,
) -> Reply<GiftHistoryOut> {
    let (card, entries) = payments.gift_card_get(&ctx, id).await?;
    Ok(Json(GiftHistoryOut { card, entries }))
}

/// Put more on a gift card
#[utoipa::path(post, path = "/gift_cards/{id}/load", tag = "gift_cards", params(("id" = GiftCardId, Path)),
    request_body = GiftCardLoadIn, security(("staff" = ["gift_card.issue"])),
    responses((status = 200, body = GiftCardOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_load(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Path(id): Path<GiftCardId>,
    Json(input): Json<GiftCardLoadIn>,
) -> Reply<GiftCardOut> {
    let amount = amount(input.amount)?;
    Ok(Json(
        payments.gift_card_load(&ctx, id, amount, input.source).await?,
    ))
}

/// Stop a gift card, or let it pay again
#[utoipa::path(put, path = "/gift_cards/{id}/state", tag = "gift_cards", params(("id" = GiftCardId, Path)),
    request_body = GiftCardStateIn, security(("staff" = ["gift_card.issue"])),
    responses((status = 200, body = GiftCardOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_set_state(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Path(id): Path<GiftCardId>,
    Json(input): Json<GiftCardStateIn>,
) -> Reply<GiftCardOut> {
    let why = note(&input.note)?.ok_or_else(|| Error::field("note", &codes::REQUIRED))?;
    Ok(Json(
        payments.gift_card_set_state(&ctx, id, input.state, why).await?,
    ))
}

/// The gift card somebody shows
///
/// By its number, for staff.
#[utoipa::path(post, path = "/gift_cards/find", tag = "gift_cards", request_body = GiftCardNumberIn,
    security(("staff" = ["gift_card.read"])),
    responses((status = 200, body = GiftCardOut), (status = "default", response = web::ProblemResponse)))]
async fn gift_card_find(
    State(payments): State<Payments>,
    Caller(ctx): Caller,
    Json(input): Json<GiftCardNumberIn>,
) -> Reply<GiftCardOut> {
    Ok(Json(payments.gift_card_find(&ctx, &input.number).await?))
}
