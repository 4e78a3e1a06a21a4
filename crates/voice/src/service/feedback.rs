//! Hearing, reading and setting aside.

use std::collections::HashMap;
use std::time::Duration;

use base::{
    Ctx, Error, FeedbackId, MemberId, Page, PageQuery, PlaceId, Resource, Result, SurveyId, Time, codes,
};
use db::{Reader, Tx};
use members::{MEMBER_READ_PII, mask_name, must_be_short};

use crate::error::{FEEDBACK_NOT_OPEN, NOTHING_SAID};
use crate::events::FeedbackReceived;
use crate::grouping::{self, Group, USUAL_WEEKS};
use crate::model::{Feedback, FeedbackFilter, FeedbackState, FeedbackView, MyVoice, NewFeedback};
use crate::service::survey::voice;
use crate::service::{FEEDBACK_READ, FEEDBACK_WRITE, Voice};
use crate::store;

/// Characters one voice may have.
pub const TEXT_MAX_CHARS: usize = 5_000;
/// Characters of the reason for setting a voice aside.
pub(crate) const REASON_MAX_CHARS: usize = 500;
/// Characters of a topic's code, and of words searched for.
const TOPIC_MAX_CHARS: usize = 40;
const QUERY_MAX_CHARS: usize = 100;
/// Topics a person may choose.
pub(crate) const TOPICS_MAX: usize = 10;
/// How far back open voices are grouped.
const GROUPED_SINCE: Duration = Duration::from_secs(60 * 24 * 60 * 60);
/// Open voices grouped at most; the newest, when there are more.
const GROUPED_MOST: i64 = 2_000;
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Voice {
    /// Voices, newest first, of the places the caller may see.
    ///
    /// # Errors
    /// `access.forbidden`, `input.invalid_cursor`.
    pub async fn feedback_list(
        &self,
        ctx: &Ctx,
        filter: FeedbackFilter,
        page: &PageQuery,
    ) -> Result<Page<FeedbackView>> {
        let places = visible(ctx)?;
        filter
            .score_max
            .map_or(Ok(()), |most| must_be_a_score("score_max", most))?;
        must_be_short(
            "topic",
            filter.topic.as_deref().unwrap_or_default(),
            TOPIC_MAX_CHARS,
        )?;
        must_be_short("q", filter.words.as_deref().unwrap_or_default(), QUERY_MAX_CHARS)?;
        let (size, after) = (page.size()?, page.after::<(Time, FeedbackId)>()?);
        let (rows, names) = self
            .db
            .read(async move |reader: &Reader| {
                let rows =
                    store::feedback::feedback_list(reader, &filter, places.as_deref(), after, size).await?;
                let names = names(reader, &rows).await?;
                Ok((rows, names))
            })
            .await?;
        let page = Page::from_surplus(rows, size, |f| (f.heard_at, f.id))?;
        Ok(page.map(|feedback| view(ctx, feedback, &names)))
    }

    /// One voice.
    ///
    /// # Errors
    /// `access.forbidden`; `not_found`, also for a voice about a place the caller may not see.
    pub async fn feedback_get(&self, ctx: &Ctx, id: FeedbackId) -> Result<FeedbackView> {
        let places = visible(ctx)?;
        let (feedback, names) = self
            .db
            .read(async move |reader: &Reader| {
                let feedback = found(reader, id, places.as_deref()).await?;
                let names = names(reader, std::slice::from_ref(&feedback)).await?;
                Ok((feedback, names))
            })
            .await?;
        Ok(view(ctx, feedback, &names))
    }

    /// Sets an open voice aside, with a reason.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `feedback.not_open`, `input.invalid`.
    pub async fn feedback_dismiss(&self, ctx: &Ctx, id: FeedbackId, reason: &str) -> Result<FeedbackView> {
        ctx.require(FEEDBACK_WRITE, &Resource::Somewhere)?;
        let reason = required("reason", reason, REASON_MAX_CHARS)?;
        let places = visible(ctx)?;
        self.db
            .write(async move |tx: &Tx| {
                let feedback = found(tx, id, places.as_deref()).await?;
                if !store::feedback::feedback_dismiss(tx, id, &reason).await? {
                    return Err(not_open(&feedback));
                }
                Ok(())
            })
            .await?;
        self.feedback_get(ctx, id).await
    }

    /// Open voices that say the same thing, the most numerous first.
    ///
    /// # Errors
    /// `access.forbidden`.
    pub async fn feedback_groups(&self, ctx: &Ctx) -> Result<Vec<Group>> {
        let places = visible(ctx)?;
        let (voices, rates) = self
            .db
            .read(async move |reader: &Reader| {
                let now = reader.now();
                let since = now.before(GROUPED_SINCE);
                let voices =
                    store::feedback::open_voices(reader, since, places.as_deref(), GROUPED_MOST).await?;
                let recent_from = now.before(WEEK);
                let from = recent_from.before(WEEK * u32::try_from(USUAL_WEEKS).unwrap_or(1));
                Ok((voices, store::feedback::rates(reader, from, recent_from).await?))
            })
            .await?;
        Ok(grouping::group(&voices, &rates))
    }

    /// The signed-in member's own words and what became of them, newest first.
    ///
    /// # Errors
    /// `access.unauthenticated`, `input.invalid_cursor`.
    pub async fn my_voices(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<MyVoice>> {
        let member = ctx.require_member()?;
        let (size, after) = (page.size()?, page.after::<(Time, FeedbackId)>()?);
        let rows = self
            .db
            .read(async move |reader: &Reader| store::feedback::my_voices(reader, member, after, size).await)
            .await?;
        Page::from_surplus(rows, size, |v| (v.heard_at, v.feedback_id))
    }
}

/// The places whose voices the caller may read; `None` means all, and what is about no place.
fn visible(ctx: &Ctx) -> Result<Option<Vec<PlaceId>>> {
    ctx.require(FEEDBACK_READ, &Resource::Somewhere)?;
    Ok(ctx.places(FEEDBACK_READ))
}

async fn found(reader: &Reader, id: FeedbackId, places: Option<&[PlaceId]>) -> Result<Feedback> {
    let sees = |f: &Feedback| places.is_none_or(|all| f.about.place_id.is_some_and(|p| all.contains(&p)));
    let feedback = store::feedback::feedback_find(reader, id).await?.filter(sees);
    feedback.ok_or_else(|| Error::not_found("feedback", id))
}

async fn names(reader: &Reader, voices: &[Feedback]) -> Result<HashMap<MemberId, String>> {
    let mut ids: Vec<MemberId> = voices.iter().filter_map(|f| f.about.member_id).collect();
    ids.sort();
    ids.dedup();
    members::names_in(reader, &ids).await
}

fn view(ctx: &Ctx, feedback: Feedback, names: &HashMap<MemberId, String>) -> FeedbackView {
    let name = feedback.about.member_id.and_then(|id| names.get(&id));
    let whole = ctx.may(MEMBER_READ_PII, &Resource::Somewhere);
    let member_name = name.map(|name| if whole { name.clone() } else { mask_name(name) });
    FeedbackView {
        feedback,
        member_name,
    }
}

pub(crate) fn not_open(feedback: &Feedback) -> Error {
    Error::new(&FEEDBACK_NOT_OPEN)
        .with("feedback_id", feedback.id.to_string())
        .with("state", feedback.state.as_str())
}

/// A score from 1 to 5.
///
/// # Errors
/// `input.invalid`.
pub(crate) fn must_be_a_score(field: &str, score: u8) -> Result<()> {
    if (1..=5).contains(&score) {
        return Ok(());
    }
    let facts = [("min".to_owned(), 1.into()), ("max".to_owned(), 5.into())]
        .into_iter()
        .collect();
    Err(Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts))
}

/// Words of a length we keep, without blanks around them.
///
/// # Errors
/// `input.invalid`.
pub(crate) fn must_be_words(text: String) -> Result<String> {
    short_enough("text", text.trim(), TEXT_MAX_CHARS)
}

pub(crate) fn short_enough(field: &str, text: &str, max: usize) -> Result<String> {
    must_be_short(field, text, max)?;
    Ok(text.to_owned())
}

pub(crate) fn required(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(field, &codes::REQUIRED));
    }
    short_enough(field, text, max)
}

/// Records a voice heard anywhere but in a survey, and reads its words. Rights are the caller's to ask for.
///
/// # Errors
/// `input.invalid`.
pub async fn feedback_record_in(tx: &Tx, ctx: &Ctx, mut new: NewFeedback) -> Result<Feedback> {
    new.score
        .map_or(Ok(()), |score| must_be_a_score("score", score))?;
    new.text = must_be_words(new.text)?;
    if new.text.is_empty() && new.score.is_none() {
        return Err(Error::field("text", &NOTHING_SAID));
    }
    feedback_keep(tx, ctx, new, None).await
}

pub(crate) async fn feedback_keep(
    tx: &Tx,
    ctx: &Ctx,
    new: NewFeedback,
    survey_id: Option<SurveyId>,
) -> Result<Feedback> {
    let feedback = voice(FeedbackId::new(), new, survey_id, FeedbackState::New, tx.now())?;
    store::feedback::feedback_add(tx, std::slice::from_ref(&feedback), &ctx.actor.to_string()).await?;
    let event = FeedbackReceived {
        feedback_id: feedback.id,
        source: feedback.source,
        score: feedback.score,
        sentiment: feedback.sentiment,
        topics: feedback.topics.clone(),
        order_id: feedback.about.order_id,
        place_id: feedback.about.place_id,
        product_id: feedback.about.product_id,
        member_id: feedback.about.member_id,
        at: feedback.heard_at,
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(feedback)
}

/// A member's voices before an instant and id, newest first, for their timeline.
///
/// # Errors
/// Those of the store.
pub async fn member_voices_in(
    reader: &Reader,
    member: MemberId,
    before: Option<(Time, FeedbackId)>,
    size: base::PageSize,
) -> Result<Vec<MyVoice>> {
    store::feedback::my_voices(reader, member, before, size).await
}
