//! Issues over HTTP.

use base::{
    ActionId, FeedbackId, IssueId, Page, PageQuery, PlaceId, ProductId, Resource, StaffId, Text, Time,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use voice::{
    AnswerCounts, Claim, ISSUE_MANAGE, Issue, IssueChange, IssueState, Metric, NewAction, NewIssue, Note,
    Period, Priority, Proof, parse_due,
};
use web::{Caller, Created, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, State, Versioned};

use crate::member_parts::People;
use crate::voice_issue::StaffNames;

/// A problem with an owner.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Issue)]
pub(crate) struct IssueOut {
    /// Which.
    id: IssueId,
    /// Counted up from 1.
    number: i64,
    /// In a line.
    title: String,
    /// How far it is; follows from what is known of it.
    state: IssueState,
    /// How pressing.
    priority: Priority,
    /// Who sees to it.
    owner_id: StaffId,
    /// Their name.
    owner_name: String,
    /// By when.
    due_on: String,
    /// Why it happens.
    cause: Option<String>,
    /// Voices in it.
    feedback_count: i64,
    /// What is done about it.
    actions: Vec<ActionOut>,
    /// Whether it helped.
    proof: Option<Proof>,
    /// What those who raised it were told.
    answer: Option<Text>,
    /// Why they were told nothing.
    waive_reason: Option<String>,
    /// What became of the answers.
    answers: Option<AnswerCounts>,
    /// When it was raised.
    created_at: Time,
    /// When it was closed.
    closed_at: Option<Time>,
    /// What happened to it, oldest first; empty in lists.
    timeline: Vec<NoteOut>,
    /// Raised by one at every change.
    version: i64,
}

/// One step of the plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IssueAction)]
pub(crate) struct ActionOut {
    /// Which.
    id: ActionId,
    /// What.
    title: String,
    /// Who.
    owner_id: StaffId,
    /// Their name.
    owner_name: String,
    /// By when.
    due_on: String,
    /// When it was done.
    done_at: Option<Time>,
}

/// Something that happened to an issue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IssueNote)]
pub(crate) struct NoteOut {
    /// When.
    at: Time,
    /// What, for programs.
    kind: String,
    /// What, for people.
    text: Text,
    /// Who.
    actor: Option<String>,
    /// Nothing yet.
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

impl HasVersion for IssueOut {
    fn version(&self) -> i64 {
        self.version
    }
}

fn issue_out(issue: Issue, notes: Vec<Note>, names: &StaffNames) -> IssueOut {
    let name = |id: StaffId| names.get(&id).cloned().unwrap_or_default();
    IssueOut {
        id: issue.id,
        number: issue.number,
        title: issue.title,
        state: issue.state,
        priority: issue.priority,
        owner_id: issue.owner_id,
        owner_name: name(issue.owner_id),
        due_on: issue.due_on.to_string(),
        cause: issue.cause,
        feedback_count: issue.feedback_count,
        actions: issue
            .actions
            .into_iter()
            .map(|action| ActionOut {
                id: action.id,
                title: action.title,
                owner_id: action.owner_id,
                owner_name: name(action.owner_id),
                due_on: action.due_on.to_string(),
                done_at: action.done_at,
            })
            .collect(),
        proof: issue.proof,
        answer: issue.answer,
        waive_reason: issue.waive_reason,
        answers: issue.answers,
        created_at: issue.created_at,
        closed_at: issue.closed_at,
        timeline: notes
            .into_iter()
            .map(|n| NoteOut {
                at: n.at,
                kind: n.kind,
                text: n.text,
                actor: Some(n.actor),
                facts: Map::new(),
            })
            .collect(),
        version: issue.version,
    }
}

impl People {
    async fn issue_answered(&self, ctx: &base::Ctx, id: IssueId) -> Result<IssueOut, Problem> {
        let (issue, notes, names) = self.issue_view(ctx, id).await?;
        Ok(issue_out(issue, notes, &names))
    }
}

/// Which issues.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IssueQuery {
    /// In this state.
    state: Option<IssueState>,
    /// Seen to by this person.
    #[param(value_type = Option<String>)]
    owner: Option<StaffId>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// List issues
#[utoipa::path(get, path = "/issues", tag = "voice", security(("staff" = ["issue.read"])), params(IssueQuery),
    responses((status = 200, body = Page<IssueOut>), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_list(
    State(people): State<People>,
    Caller(ctx): Caller,
    Query(query): Query<IssueQuery>,
) -> Reply<Page<IssueOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let (issues, names) = people.issue_page(&ctx, query.state, query.owner, &page).await?;
    Ok(Json(issues.map(|issue| issue_out(issue, Vec::new(), &names))))
}

/// See an issue
#[utoipa::path(get, path = "/issues/{id}", tag = "voice", security(("staff" = ["issue.read"])),
    params(("id" = IssueId, Path)),
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_get(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<IssueId>,
) -> Result<Versioned<IssueOut>, Problem> {
    Ok(Versioned(people.issue_answered(&ctx, id).await?))
}

/// An issue to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueIn {
    /// In a line.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// The open voices that raise it.
    #[schema(max_items = 500)]
    feedback_ids: Vec<FeedbackId>,
    /// How pressing.
    priority: Priority,
    /// Who sees to it.
    owner_id: StaffId,
    /// By when: YYYY-MM-DD.
    #[schema(format = Date)]
    due_on: String,
}

/// Open an issue
#[utoipa::path(post, path = "/issues", tag = "voice", security(("staff" = ["issue.manage"])), request_body = IssueIn,
    responses((status = 201, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_open(
    State(people): State<People>,
    Caller(ctx): Caller,
    Json(input): Json<IssueIn>,
) -> Result<Created<IssueOut>, Problem> {
    let new = NewIssue {
        title: input.title,
        feedback_ids: input.feedback_ids,
        priority: input.priority,
        owner_id: input.owner_id,
        due_on: parse_due("due_on", &input.due_on)?,
    };
    let id = people.issue_open(&ctx, new).await?;
    Ok(Created(people.issue_answered(&ctx.elevated(), id).await?))
}

/// A change to an issue; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssuePatch {
    /// In a line.
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// How pressing.
    priority: Option<Priority>,
    /// Who sees to it.
    owner_id: Option<StaffId>,
    /// By when: YYYY-MM-DD.
    #[schema(format = Date)]
    due_on: Option<String>,
    /// Why it happens; an empty text takes it away.
    #[schema(max_length = 2000)]
    cause: Option<String>,
}

/// Change an issue
#[utoipa::path(patch, path = "/issues/{id}", tag = "voice", security(("staff" = ["issue.manage"])),
    params(("id" = IssueId, Path)), request_body = IssuePatch,
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_change(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<IssueId>,
    IfMatch(read_version): IfMatch,
    Json(patch): Json<IssuePatch>,
) -> Result<Versioned<IssueOut>, Problem> {
    let change = IssueChange {
        title: patch.title,
        priority: patch.priority,
        owner_id: patch.owner_id,
        due_on: patch.due_on.map(|day| parse_due("due_on", &day)).transpose()?,
        cause: patch.cause,
    };
    people.issue_change(&ctx, id, change, read_version).await?;
    Ok(Versioned(people.issue_answered(&ctx.elevated(), id).await?))
}

/// Voices to be filed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueFeedbackIn {
    /// Open voices.
    #[schema(min_items = 1, max_items = 500)]
    feedback_ids: Vec<FeedbackId>,
}

/// File further voices with an issue
#[utoipa::path(post, path = "/issues/{id}/feedback", tag = "voice", security(("staff" = ["issue.manage"])),
    params(("id" = IssueId, Path)), request_body = IssueFeedbackIn,
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_feedback_add(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<IssueId>,
    Json(input): Json<IssueFeedbackIn>,
) -> Result<Versioned<IssueOut>, Problem> {
    people.issue_feedback_add(&ctx, id, input.feedback_ids).await?;
    Ok(Versioned(people.issue_answered(&ctx.elevated(), id).await?))
}

/// A step to be taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionIn {
    /// What.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Who.
    owner_id: StaffId,
    /// By when: YYYY-MM-DD.
    #[schema(format = Date)]
    due_on: String,
}

/// Add a step to an issue's plan
#[utoipa::path(post, path = "/issues/{id}/actions", tag = "voice", security(("staff" = ["issue.manage"])),
    params(("id" = IssueId, Path)), request_body = ActionIn,
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_action_add(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<IssueId>,
    Json(input): Json<ActionIn>,
) -> Result<Versioned<IssueOut>, Problem> {
    let due_on = parse_due("due_on", &input.due_on)?;
    people
        .action_add(
            &ctx,
            id,
            NewAction {
                title: input.title,
                owner_id: input.owner_id,
                due_on,
            },
        )
        .await?;
    Ok(Versioned(people.issue_answered(&ctx.elevated(), id).await?))
}

/// Say that a step is done
#[utoipa::path(post, path = "/issues/{id}/actions/{action_id}/done", tag = "voice",
    security(("staff" = ["issue.manage"])),
    params(("id" = IssueId, Path), ("action_id" = ActionId, Path)),
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_action_done(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path((id, action)): Path<(IssueId, ActionId)>,
) -> Result<Versioned<IssueOut>, Problem> {
    people.action_done(&ctx, id, action).await?;
    Ok(Versioned(people.issue_answered(&ctx.elevated(), id).await?))
}

/// What is to be proven.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofIn {
    /// What is measured.
    metric: Metric,
    /// Of which product; all when absent.
    product_id: Option<ProductId>,
    /// At which place; everywhere when absent.
    place_id: Option<PlaceId>,
    /// Before the fix.
    before: Period,
    /// After it.
    after: Period,
}

/// Compute whether it helped
///
/// The server counts both periods from live data and files the difference with its 95 % interval.
#[utoipa::path(post, path = "/issues/{id}/proof", tag = "voice", security(("staff" = ["issue.manage"])),
    params(("id" = IssueId, Path)), request_body = ProofIn,
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_proof_file(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<IssueId>,
    Json(input): Json<ProofIn>,
) -> Result<Versioned<IssueOut>, Problem> {
    ctx.require(ISSUE_MANAGE, &Resource::Somewhere)?;
    let claim = Claim {
        metric: input.metric,
        product_id: input.product_id,
        place_id: input.place_id,
        before: input.before,
        after: input.after,
    };
    people.proof_file(&ctx, id, claim).await?;
    Ok(Versioned(people.issue_answered(&ctx.elevated(), id).await?))
}

/// The end of an issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseIn {
    /// What was wrong and what changed, for everybody who raised it.
    answer: Text,
    /// Why nobody is told; then the answer may be empty.
    #[schema(max_length = 2000)]
    waive_reason: Option<String>,
}

/// Close an issue and answer everybody who raised it
///
/// Refused without deeds done, evidence computed after them, and an answer in both languages or a reason for
/// none. Each person is answered once, in their language, unless they want no messages.
#[utoipa::path(post, path = "/issues/{id}/close", tag = "voice", security(("staff" = ["issue.manage"])),
    params(("id" = IssueId, Path)), request_body = CloseIn,
    responses((status = 200, body = IssueOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn issue_close(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<IssueId>,
    Json(input): Json<CloseIn>,
) -> Result<Versioned<IssueOut>, Problem> {
    people
        .issue_close(&ctx, id, input.answer, input.waive_reason)
        .await?;
    Ok(Versioned(people.issue_answered(&ctx.elevated(), id).await?))
}
