//! Messages over HTTP.

use base::{Locale, MessageId, Page, PageQuery, Time};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, Query, Reply, Router, State, routes};

use crate::model::{Channel, Message, Purpose, State as MessageState};
use crate::service::Outreach;

/// The operations.
pub fn routes(outreach: Outreach) -> Router {
    Router::new()
        .routes(routes!(message_list))
        .routes(routes!(my_message_list))
        .with_state(outreach)
}

/// A message to a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageOut {
    /// Which.
    id: MessageId,
    /// The way it goes.
    channel: Channel,
    /// The address; masked for eyes without the right to personal data.
    to: String,
    /// Its template's name.
    template: String,
    /// Title, where the channel shows one.
    subject: Option<String>,
    /// Text.
    body: String,
    /// Its language.
    locale: Locale,
    /// What consent it needs.
    purpose: Purpose,
    /// How far it is.
    state: MessageState,
    /// Why it was held back: `consent` or `no_address`.
    suppressed_reason: Option<String>,
    /// When it was asked for.
    created_at: Time,
    /// When it was handed over.
    sent_at: Option<Time>,
}

impl From<Message> for MessageOut {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            channel: message.channel,
            to: message.recipient,
            template: message.template,
            subject: message.subject,
            body: message.body,
            locale: message.locale,
            purpose: message.purpose,
            state: message.state,
            suppressed_reason: message.suppressed_reason,
            created_at: message.created_at,
            sent_at: message.sent_at,
        }
    }
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// A phone in any form, or part of an address.
    #[param(max_length = 100)]
    to: Option<String>,
    /// One channel only.
    channel: Option<Channel>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Messages to people
///
/// What the chain wrote to anybody, newest first, also what was held back and why.
#[utoipa::path(get, path = "/messages", tag = "outreach", security(("staff" = ["message.read"])),
    params(MessageQuery),
    responses((status = 200, body = Page<MessageOut>), (status = "default", response = web::ProblemResponse)))]
async fn message_list(
    State(outreach): State<Outreach>,
    Caller(ctx): Caller,
    Query(query): Query<MessageQuery>,
) -> Reply<Page<MessageOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let messages = outreach
        .message_list(&ctx, query.to.as_deref(), query.channel, &page)
        .await?;
    Ok(Json(messages.map(Into::into)))
}

/// Messages to me
#[utoipa::path(get, path = "/me/messages", tag = "outreach", security(("member" = [])), params(PageQuery),
    responses((status = 200, body = Page<MessageOut>), (status = "default", response = web::ProblemResponse)))]
async fn my_message_list(
    State(outreach): State<Outreach>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<MessageOut>> {
    Ok(Json(outreach.my_messages(&ctx, &page).await?.map(Into::into)))
}
