//! The operations that need nothing but the voices. Those that touch orders, places, staff or messages are
//! put together in `flows`.

use base::{
    FeedbackId, IssueId, MemberId, OrderId, Page, PageQuery, PlaceId, ProductId, SurveyId, Text, Time,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use crate::grouping::Group;
use crate::model::{
    Basis, FeedbackFilter, FeedbackState, FeedbackView, Language, MyVoice, MyVoiceState, Sentiment, Source,
    Survey,
};
use crate::service::Voice;

/// The operations.
pub fn routes(voice: Voice) -> Router {
    Router::new()
        .routes(routes!(survey_get))
        .routes(routes!(survey_answer))
        .routes(routes!(feedback_list))
        .routes(routes!(feedback_group_list))
        .routes(routes!(feedback_get))
        .routes(routes!(feedback_dismiss))
        .routes(routes!(my_issue_list))
        .with_state(voice)
}

/// What is asked.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SurveyKind {
    /// How satisfied, 1 to 5.
    Csat,
}

/// Whether an answer is wanted.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SurveyState {
    /// Yes.
    Open,
    /// It is there.
    Answered,
    /// Too late.
    Closed,
}

/// A survey, for the person asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Survey)]
pub(crate) struct SurveyOut {
    /// Which.
    id: SurveyId,
    /// What is asked.
    kind: SurveyKind,
    /// Whether an answer is wanted.
    state: SurveyState,
    /// The question.
    question: Text,
    /// About which order.
    order_number: String,
    /// Where.
    place_name: Option<Text>,
    /// What was bought.
    product_names: Vec<Text>,
    /// The answer given.
    answered: Option<SurveyAnswerOut>,
}

/// An answer given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyAnswer)]
pub(crate) struct SurveyAnswerOut {
    /// 1 to 5.
    score: u8,
    /// In their words.
    text: String,
}

fn survey_out(survey: Survey, now: Time) -> SurveyOut {
    let state = match &survey.answered {
        Some(_) => SurveyState::Answered,
        None if crate::rules::is_late(&survey, now).is_ok() => SurveyState::Open,
        None => SurveyState::Closed,
    };
    SurveyOut {
        id: survey.id,
        kind: SurveyKind::Csat,
        state,
        question: Text::new(
            "这次购物，您满意吗？",
            "How satisfied are you with this purchase?",
        ),
        order_number: survey.about.order_number,
        place_name: survey.about.place_name,
        product_names: survey.about.products.into_iter().map(|p| p.name).collect(),
        answered: survey.answered.map(|a| SurveyAnswerOut {
            score: a.score,
            text: a.text,
        }),
    }
}

/// Read a survey
///
/// The link's secret is the only key; what it shows names nobody.
#[utoipa::path(get, path = "/surveys/{token}", tag = "voice", security(()),
    params(("token" = String, Path, max_length = 100)),
    responses((status = 200, body = SurveyOut), (status = "default", response = web::ProblemResponse)))]
async fn survey_get(State(voice): State<Voice>, Path(token): Path<String>) -> Reply<SurveyOut> {
    let now = voice.db.now().await?;
    Ok(Json(survey_out(voice.survey_get(&token).await?, now)))
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurveyAnswerIn {
    /// 1 very dissatisfied, 5 very satisfied.
    #[schema(minimum = 1, maximum = 5)]
    score: u8,
    /// In your words.
    #[serde(default)]
    #[schema(max_length = 5000)]
    text: Option<String>,
    /// What it is about: `packaging`, `delivery`, `staff`, `shade`, `price`, `wait`, `quality`, `irritation`,
    /// `stock`, `website`.
    #[serde(default)]
    #[schema(max_items = 10)]
    topics: Option<Vec<String>>,
}

/// Answer a survey, once
#[utoipa::path(post, path = "/surveys/{token}/answers", tag = "voice", security(()),
    params(("token" = String, Path, max_length = 100)), request_body = SurveyAnswerIn,
    responses((status = 201, body = SurveyOut), (status = "default", response = web::ProblemResponse)))]
async fn survey_answer(
    State(voice): State<Voice>,
    Caller(ctx): Caller,
    Path(token): Path<String>,
    Json(input): Json<SurveyAnswerIn>,
) -> Result<Created<SurveyOut>, Problem> {
    let (text, topics) = (input.text.unwrap_or_default(), input.topics.unwrap_or_default());
    let survey = voice
        .survey_answer(&ctx, &token, input.score, text, topics)
        .await?;
    let now = voice.db.now().await?;
    Ok(Created(survey_out(survey, now)))
}

/// One voice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feedback)]
pub struct FeedbackOut {
    /// Which.
    id: FeedbackId,
    /// Where it was heard.
    source: Source,
    /// 1 to 5, if given.
    score: Option<u8>,
    /// In their words.
    text: String,
    /// The language of the words.
    language: Language,
    /// How the person feels.
    sentiment: Sentiment,
    /// What that rests on: the score, the words by the lexicon, or nothing.
    sentiment_by: Basis,
    /// Whether score and words contradict each other; then a person should read it.
    conflicting: bool,
    /// What it is about, the strongest first.
    topics: Vec<String>,
    /// How far it is.
    state: FeedbackState,
    /// Where.
    place_id: Option<PlaceId>,
    /// The place's name on that day.
    place_name: Option<Text>,
    /// About which order.
    order_id: Option<OrderId>,
    /// Its number.
    order_number: Option<String>,
    /// Whose.
    member_id: Option<MemberId>,
    /// Their name; its first letter only without the right to personal data.
    member_name: Option<String>,
    /// About which product.
    product_id: Option<ProductId>,
    /// The product's name on that day.
    product_name: Option<Text>,
    /// The issue it is part of.
    issue_id: Option<IssueId>,
    /// When it was heard.
    created_at: Time,
}

/// A voice as answered on the wire.
#[must_use]
pub fn feedback_out(view: FeedbackView) -> FeedbackOut {
    let feedback = view.feedback;
    FeedbackOut {
        id: feedback.id,
        source: feedback.source,
        score: feedback.score,
        text: feedback.text,
        language: feedback.language,
        sentiment: feedback.sentiment,
        sentiment_by: feedback.basis,
        conflicting: feedback.conflicting,
        topics: feedback.topics,
        state: feedback.state,
        place_id: feedback.about.place_id,
        place_name: feedback.about.place_name,
        order_id: feedback.about.order_id,
        order_number: feedback.about.order_number,
        member_id: feedback.about.member_id,
        member_name: view.member_name,
        product_id: feedback.about.product_id,
        product_name: feedback.about.product_name,
        issue_id: feedback.issue_id,
        created_at: feedback.heard_at,
    }
}

/// Which voices.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedbackQuery {
    /// In this state.
    state: Option<FeedbackState>,
    /// With a score no higher.
    #[param(minimum = 1, maximum = 5)]
    score_max: Option<u8>,
    /// About this place.
    #[param(value_type = Option<String>)]
    place: Option<PlaceId>,
    /// About this product.
    #[param(value_type = Option<String>)]
    product: Option<ProductId>,
    /// Part of this issue.
    #[param(value_type = Option<String>)]
    issue: Option<IssueId>,
    /// On this topic.
    #[param(max_length = 40)]
    topic: Option<String>,
    /// With these words.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// List what people said
#[utoipa::path(get, path = "/feedback", tag = "voice", security(("staff" = ["feedback.read"])), params(FeedbackQuery),
    responses((status = 200, body = Page<FeedbackOut>), (status = "default", response = web::ProblemResponse)))]
async fn feedback_list(
    State(voice): State<Voice>,
    Caller(ctx): Caller,
    Query(query): Query<FeedbackQuery>,
) -> Reply<Page<FeedbackOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let filter = FeedbackFilter {
        state: query.state,
        score_max: query.score_max,
        place: query.place,
        product: query.product,
        issue: query.issue,
        topic: query.topic,
        words: query.q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()),
    };
    Ok(Json(
        voice.feedback_list(&ctx, filter, &page).await?.map(feedback_out),
    ))
}

/// Read what one person said
#[utoipa::path(get, path = "/feedback/{id}", tag = "voice", security(("staff" = ["feedback.read"])),
    params(("id" = FeedbackId, Path)),
    responses((status = 200, body = FeedbackOut), (status = "default", response = web::ProblemResponse)))]
async fn feedback_get(
    State(voice): State<Voice>,
    Caller(ctx): Caller,
    Path(id): Path<FeedbackId>,
) -> Reply<FeedbackOut> {
    Ok(Json(feedback_out(voice.feedback_get(&ctx, id).await?)))
}

/// Why a voice is set aside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DismissIn {
    /// In a line.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Set a voice aside
#[utoipa::path(post, path = "/feedback/{id}/dismiss", tag = "voice", security(("staff" = ["feedback.write"])),
    params(("id" = FeedbackId, Path)), request_body = DismissIn,
    responses((status = 200, body = FeedbackOut), (status = "default", response = web::ProblemResponse)))]
async fn feedback_dismiss(
    State(voice): State<Voice>,
    Caller(ctx): Caller,
    Path(id): Path<FeedbackId>,
    Json(input): Json<DismissIn>,
) -> Reply<FeedbackOut> {
    Ok(Json(feedback_out(
        voice.feedback_dismiss(&ctx, id, &input.reason).await?,
    )))
}

/// Open voices that say the same thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedbackGroup)]
pub(crate) struct GroupOut {
    /// Names the group as long as its oldest voice is open.
    key: String,
    /// In a line.
    title: Text,
    /// The topic.
    topic: String,
    /// The product.
    product_id: Option<ProductId>,
    /// Its name.
    product_name: Option<Text>,
    /// Voices in it.
    count: usize,
    /// In how many cities.
    cities: usize,
    /// The oldest.
    first_at: Time,
    /// The newest.
    last_at: Time,
    /// Voices a week on this topic and product in the twelve weeks before the last seven days.
    usual_rate: Option<f64>,
    /// Voices behind the usual rate.
    usual_n: i64,
    /// Voices of the last seven days on this topic and product, in any state.
    recent_n: i64,
    /// The last seven days against the usual; absent when nothing was usual.
    ratio: Option<f64>,
    /// The voices, newest first.
    feedback_ids: Vec<FeedbackId>,
    /// Some of their words.
    sample: Vec<String>,
}

impl From<Group> for GroupOut {
    fn from(group: Group) -> Self {
        Self {
            usual_rate: group.usual_rate(),
            usual_n: group.rate.earlier,
            recent_n: group.rate.recent,
            ratio: group.ratio(),
            count: group.feedback_ids.len(),
            key: group.key,
            title: group.title,
            topic: group.topic,
            product_id: group.product_id,
            product_name: group.product_name,
            cities: group.cities,
            first_at: group.first_at,
            last_at: group.last_at,
            feedback_ids: group.feedback_ids,
            sample: group.sample,
        }
    }
}

/// The groups.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedbackGroups)]
pub(crate) struct GroupsOut {
    /// The most numerous first.
    items: Vec<GroupOut>,
}

/// Group what people say
///
/// Open voices of the last sixty days that are no praise, by topic, product and likeness of words.
#[utoipa::path(get, path = "/feedback/groups", tag = "voice", security(("staff" = ["feedback.read"])),
    responses((status = 200, body = GroupsOut), (status = "default", response = web::ProblemResponse)))]
async fn feedback_group_list(State(voice): State<Voice>, Caller(ctx): Caller) -> Reply<GroupsOut> {
    let items = voice
        .feedback_groups(&ctx)
        .await?
        .into_iter()
        .map(Into::into)
        .collect();
    Ok(Json(GroupsOut { items }))
}

/// My words and what became of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyVoice)]
pub(crate) struct MyVoiceOut {
    /// Which.
    feedback_id: FeedbackId,
    /// In my words.
    text: String,
    /// When.
    created_at: Time,
    /// How far it is.
    state: MyVoiceState,
    /// What was wrong and what changed, in my language.
    answer: Option<String>,
    /// When I was told.
    answered_at: Option<Time>,
}

fn my_voice_out(voice: MyVoice, locale: base::Locale) -> MyVoiceOut {
    MyVoiceOut {
        feedback_id: voice.feedback_id,
        text: voice.text,
        created_at: voice.heard_at,
        state: voice.state,
        answer: voice.answer.map(|a| a.get(locale).to_owned()),
        answered_at: voice.answered_at,
    }
}

/// My words and what became of them
#[utoipa::path(get, path = "/me/issues", tag = "voice", security(("member" = [])), params(PageQuery),
    responses((status = 200, body = Page<MyVoiceOut>), (status = "default", response = web::ProblemResponse)))]
async fn my_issue_list(
    State(voice): State<Voice>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<MyVoiceOut>> {
    let locale = ctx.locale;
    Ok(Json(
        voice
            .my_voices(&ctx, &page)
            .await?
            .map(|v| my_voice_out(v, locale)),
    ))
}
