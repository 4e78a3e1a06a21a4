//! Everything between a person and the chain on one line: orders of every channel, points, messages, words.

use base::{Ctx, Cursor, Error, Locale, MemberId, Page, PageQuery, PageSize, Resource, Result, Text, Time};
use db::Reader;
use members::MEMBER_READ;
use orders::OrderFilter;
use outreach::{State as MessageState, money_text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use voice::MyVoiceState;
use web::{Caller, Json, Path, Query, Reply, State};

use crate::member_parts::People;

/// Rows of one source read beyond the page, since several may share the instant a page ends at.
const TIES: u32 = 10;

/// Something that happened between a person and the chain.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberTimelineItem)]
pub(crate) struct ItemOut {
    /// When.
    at: Time,
    /// `order`, `points`, `message` or `feedback`.
    kind: String,
    /// In words.
    text: Text,
    /// Who, where it was not the person.
    actor: Option<String>,
    /// What it was about, by identifier.
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
    #[serde(skip)]
    key: String,
}

fn item(at: Time, kind: &str, key: impl ToString, text: Text, facts: Value) -> ItemOut {
    let facts = match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    };
    ItemOut {
        at,
        kind: kind.to_owned(),
        text,
        actor: None,
        facts,
        key: key.to_string(),
    }
}

impl People {
    async fn timeline(&self, ctx: &Ctx, member: MemberId, page: &PageQuery) -> Result<Page<ItemOut>> {
        let (size, after) = (page.size()?, page.after::<(Time, String)>()?);
        let most = PageSize::new(Some(u32::try_from(PageSize::MAX).unwrap_or(u32::MAX)))?;
        let wanted = u32::try_from(size.with_surplus())
            .unwrap_or(u32::MAX)
            .saturating_add(TIES);
        let read = PageSize::new(Some(wanted)).unwrap_or(most);
        // Each source is read from the end of the instant the last page stopped at.
        let until = after
            .as_ref()
            .map(|(at, _)| Time::from_micros(at.micros().saturating_add(1)));
        let mut items = self.order_items(ctx, member, until, read).await?;
        let others = async move |reader: &Reader| other_items(reader, member, until, read).await;
        items.extend(self.parts.db.read(others).await?);
        items.sort_by(|a, b| (b.at, &b.key).cmp(&(a.at, &a.key)));
        if let Some((at, key)) = &after {
            items.retain(|i| (i.at, &i.key) < (*at, key));
        }
        Page::from_surplus(items, size, |i| (i.at, i.key.clone()))
    }

    async fn order_items(
        &self,
        ctx: &Ctx,
        member: MemberId,
        until: Option<Time>,
        size: PageSize,
    ) -> Result<Vec<ItemOut>> {
        let filter = OrderFilter {
            member: Some(member),
            ..OrderFilter::default()
        };
        let cursor = until.map(|at| Cursor::encode(&(at.micros(), ""))).transpose()?;
        let page = PageQuery {
            cursor,
            limit: u32::try_from(size.get()).ok(),
        };
        let orders = self
            .parts
            .orders
            .order_list(&ctx.elevated(), filter, &page)
            .await?;
        Ok(orders
            .items
            .into_iter()
            .map(|order| {
                let place = order.place_name.clone().unwrap_or_default();
                let text = Text::new(
                    format!("订单 {} {} {}", order.number, money_text(order.total, Locale::Zh), place.zh).trim_end(),
                    format!("Order {} {} {}", order.number, money_text(order.total, Locale::En), place.en).trim_end(),
                );
                let facts = json!({
                    "order_id": order.id, "number": order.number, "state": order.state, "channel": order.channel,
                    "total": order.total, "place_id": order.place_id, "item_count": order.item_count,
                });
                item(order.placed_at, "order", order.id, text, facts)
            })
            .collect())
    }
}

async fn other_items(
    reader: &Reader,
    member: MemberId,
    until: Option<Time>,
    size: PageSize,
) -> Result<Vec<ItemOut>> {
    let mut items = Vec::new();
    let lowest = uuid_zero();
    let before = |at: Time| (at, base::PointsEntryId::from_uuid(lowest));
    for entry in loyalty::entries_in(reader, member, until.map(before), size).await? {
        let said = entry.kind.text();
        let text = Text::new(
            format!("{} {:+}", said.zh, entry.points),
            format!("{} {:+}", said.en, entry.points),
        );
        let facts =
            json!({ "points": entry.points, "balance_after": entry.balance_after, "source": entry.source });
        items.push(item(entry.at, "points", entry.id, text, facts));
    }
    let before = |at: Time| (at, base::MessageId::from_uuid(lowest));
    for message in outreach::member_messages_in(reader, member, until.map(before), size).await? {
        let held = message.state == MessageState::Suppressed;
        let subject = message
            .subject
            .clone()
            .unwrap_or_else(|| message.template.clone());
        let text = if held {
            Text::new(
                format!("消息未发送：{subject}"),
                format!("Message held back: {subject}"),
            )
        } else {
            Text::new(format!("消息：{subject}"), format!("Message: {subject}"))
        };
        let facts = json!({
            "message_id": message.id, "template": message.template, "channel": message.channel,
            "state": message.state, "suppressed_reason": message.suppressed_reason,
        });
        items.push(item(message.created_at, "message", message.id, text, facts));
    }
    let before = |at: Time| (at, base::FeedbackId::from_uuid(lowest));
    for voice in voice::member_voices_in(reader, member, until.map(before), size).await? {
        let words = if voice.text.is_empty() {
            "…".to_owned()
        } else {
            voice.text.clone()
        };
        let text = Text::new(format!("说：{words}"), format!("Said: {words}"));
        let state = match voice.state {
            MyVoiceState::Heard => "heard",
            MyVoiceState::BeingFixed => "being_fixed",
            MyVoiceState::Answered => "answered",
        };
        let facts = json!({ "feedback_id": voice.feedback_id, "state": state, "answer": voice.answer });
        items.push(item(voice.heard_at, "feedback", voice.feedback_id, text, facts));
    }
    Ok(items)
}

/// Sorts before every identifier ever made.
fn uuid_zero() -> uuid::Uuid {
    uuid::Uuid::nil()
}

/// A member's whole story
///
/// Orders of every channel, points, messages and words, newest first.
#[utoipa::path(get, path = "/members/{id}/timeline", tag = "members", security(("staff" = ["member.read"])),
    params(("id" = MemberId, Path), PageQuery),
    responses((status = 200, body = Page<ItemOut>), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_timeline_list(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<MemberId>,
    Query(page): Query<PageQuery>,
) -> Reply<Page<ItemOut>> {
    ctx.require(MEMBER_READ, &Resource::Somewhere)?;
    let known = people
        .parts
        .db
        .read(async move |reader: &Reader| members::member_find_in(reader, id).await)
        .await?;
    known.ok_or_else(|| Error::not_found("member", id))?;
    Ok(Json(people.timeline(&ctx, id, &page).await?))
}

/// My whole story
#[utoipa::path(get, path = "/me/timeline", tag = "members", security(("member" = [])), params(PageQuery),
    responses((status = 200, body = Page<ItemOut>), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn my_timeline_list(
    State(people): State<People>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<ItemOut>> {
    let member = ctx.require_member()?;
    Ok(Json(people.timeline(&ctx, member, &page).await?))
}
