//! HTTP of the terms: wire types and thin handlers.

use base::{Channel, Page, PageQuery};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes};

use crate::check::ValidTerms;
use crate::model::{ChannelTerms, Terms};
use crate::service::Channels;

/// The longest note.
const NOTE_MAX: usize = 500;

/// The routes of this domain.
pub fn routes(channels: Channels) -> Router {
    Router::new()
        .routes(routes!(channel_list))
        .routes(routes!(channel_get, channel_replace))
        .routes(routes!(channel_version_list))
        .with_state(channels)
}

impl HasVersion for ChannelTerms {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Terms to put into force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelTermsIn)]
pub struct TermsIn {
    /// The terms.
    pub terms: Terms,
    /// Why they are changed.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

fn note(note: Option<String>) -> base::Result<Option<String>> {
    let note = note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX) {
        let facts = [("max".to_owned(), NOTE_MAX.into())].into_iter().collect();
        let invalid = base::Error::new(&base::codes::INVALID_INPUT);
        return Err(invalid.and_field("note", &base::codes::TOO_LONG, facts));
    }
    Ok(note)
}

/// From where each channel sells, and what it leaves there
///
/// One entry a channel. Version 0: nothing was said of it, so it sells from every place and leaves nothing.
#[utoipa::path(get, path = "/channels", tag = "channels", security(("staff" = ["channel.read"])),
    responses((status = 200, body = Page<ChannelTerms>), (status = "default", response = web::ProblemResponse)))]
async fn channel_list(State(channels): State<Channels>, Caller(ctx): Caller) -> Reply<Page<ChannelTerms>> {
    Ok(Json(channels.channel_list(&ctx).await?))
}

/// From where a channel sells, and what it leaves there
#[utoipa::path(get, path = "/channels/{channel}", tag = "channels", security(("staff" = ["channel.read"])),
    params(("channel" = Channel, Path)),
    responses((status = 200, body = ChannelTerms), (status = "default", response = web::ProblemResponse)))]
async fn channel_get(
    State(channels): State<Channels>,
    Caller(ctx): Caller,
    Path(channel): Path<Channel>,
) -> Result<Versioned<ChannelTerms>, Problem> {
    Ok(Versioned(channels.channel_get(&ctx, channel).await?))
}

/// Say from where a channel sells, and what it leaves there
///
/// All terms of the channel are replaced; the version before stays readable. Carts, checkouts and sourcing go by them
/// at once, on other nodes within five seconds. What was ordered before stays ordered.
#[utoipa::path(put, path = "/channels/{channel}", tag = "channels", security(("staff" = ["channel.manage"])),
    params(("channel" = Channel, Path)), request_body = TermsIn,
    responses((status = 200, body = ChannelTerms), (status = "default", response = web::ProblemResponse)))]
async fn channel_replace(
    State(channels): State<Channels>,
    Caller(ctx): Caller,
    Path(channel): Path<Channel>,
    IfMatch(read): IfMatch,
    Json(input): Json<TermsIn>,
) -> Result<Versioned<ChannelTerms>, Problem> {
    let (terms, note) = (ValidTerms::try_from(input.terms)?, note(input.note)?);
    let replaced = channels.channel_replace(&ctx, channel, read, terms, note).await?;
    Ok(Versioned(replaced))
}

/// Every version of a channel's terms, the newest first
#[utoipa::path(get, path = "/channels/{channel}/versions", tag = "channels",
    security(("staff" = ["channel.read"])), params(("channel" = Channel, Path), PageQuery),
    responses((status = 200, body = Page<ChannelTerms>), (status = "default", response = web::ProblemResponse)))]
async fn channel_version_list(
    State(channels): State<Channels>,
    Caller(ctx): Caller,
    Path(channel): Path<Channel>,
    Query(page): Query<PageQuery>,
) -> Reply<Page<ChannelTerms>> {
    Ok(Json(channels.channel_version_list(&ctx, channel, &page).await?))
}
