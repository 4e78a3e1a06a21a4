//! From a word to its answer: an issue, its plan, its evidence, its end.

use base::{
    ActionId, Ctx, Error, FeedbackId, IssueId, MessageId, Page, PageQuery, Resource, Result, StaffId, Text,
    Time,
};
use db::{Reader, Tx};
use members::must_be_few;

use crate::error::{ACTION_DONE, PERIODS_INVALID};
use crate::events::{IssueClosed, IssueOpened};
use crate::model::{
    Action, AnswerGiven, AnswerOutcome, FeedbackState, Issue, IssueChange, IssueState, NewAction, NewIssue,
    Note, Person,
};
use crate::proof::{Claim, Proof, Verdict};
use crate::rules::{self, may_close, must_be_open, state_of};
use crate::service::feedback::{not_open, required, short_enough};
use crate::service::{ISSUE_MANAGE, ISSUE_READ, Voice};
use crate::store;

/// Characters of a title.
pub(crate) const TITLE_MAX_CHARS: usize = 200;
/// Characters of a cause or an answer.
pub(crate) const WORDS_MAX_CHARS: usize = 2_000;
/// Voices filed with an issue in one call.
pub(crate) const VOICES_MAX: usize = 500;
/// Actions of one issue.
const ACTIONS_MAX: usize = 50;

impl Voice {
    /// Issues, newest first.
    ///
    /// # Errors
    /// `access.forbidden`, `input.invalid_cursor`.
    pub async fn issue_list(
        &self,
        ctx: &Ctx,
        state: Option<IssueState>,
        owner: Option<StaffId>,
        page: &PageQuery,
    ) -> Result<Page<Issue>> {
        ctx.require(ISSUE_READ, &Resource::Somewhere)?;
        let (size, after) = (page.size()?, page.after::<(Time, IssueId)>()?);
        let rows = self
            .db
            .read(async move |reader: &Reader| {
                store::issue::issue_list(reader, state, owner, after, size).await
            })
            .await?;
        Page::from_surplus(rows, size, |i| (i.created_at, i.id))
    }

    /// One issue, and what happened to it, oldest first.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`.
    pub async fn issue_get(&self, ctx: &Ctx, id: IssueId) -> Result<(Issue, Vec<Note>)> {
        ctx.require(ISSUE_READ, &Resource::Somewhere)?;
        self.db
            .read(async move |reader: &Reader| issue_view_in(reader, id).await)
            .await
    }
}

/// One issue, and what happened to it, without asking for rights.
///
/// # Errors
/// `not_found`.
pub async fn issue_view_in(reader: &Reader, id: IssueId) -> Result<(Issue, Vec<Note>)> {
    Ok((found(reader, id).await?, store::issue::notes(reader, id).await?))
}

async fn found(reader: &Reader, id: IssueId) -> Result<Issue> {
    store::issue::issue_find(reader, id)
        .await?
        .ok_or_else(|| Error::not_found("issue", id))
}

/// The issue as the caller may change it.
async fn held(tx: &Tx, ctx: &Ctx, id: IssueId) -> Result<Issue> {
    ctx.require(ISSUE_MANAGE, &Resource::Somewhere)?;
    let issue = found(tx, id).await?;
    must_be_open(&issue)?;
    Ok(issue)
}

/// Writes an issue back with the state that follows, and a note of what happened.
async fn keep(tx: &Tx, ctx: &Ctx, mut issue: Issue, kind: &str, text: Text) -> Result<Issue> {
    let read_version = issue.version;
    issue.version += 1;
    issue.state = state_of(&issue);
    if !store::issue::issue_write(tx, &issue, read_version).await? {
        return Err(Error::internal("an issue changed within the unit that holds it"));
    }
    store::issue::note_add(tx, issue.id, kind, &text, &ctx.actor.to_string(), tx.now()).await?;
    Ok(issue)
}

/// Opens an issue on open voices.
///
/// # Errors
/// `access.forbidden`, `not_found`, `feedback.not_open`, `input.invalid`.
pub async fn issue_open_in(tx: &Tx, ctx: &Ctx, new: &NewIssue) -> Result<Issue> {
    ctx.require(ISSUE_MANAGE, &Resource::Somewhere)?;
    let title = required("title", &new.title, TITLE_MAX_CHARS)?;
    let mut issue = Issue {
        id: IssueId::new(),
        number: store::issue::issue_number(tx).await?,
        title,
        state: IssueState::Open,
        priority: new.priority,
        owner_id: new.owner_id,
        due_on: new.due_on,
        cause: None,
        feedback_count: 0,
        actions: Vec::new(),
        proof: None,
        answer: None,
        waive_reason: None,
        answers: None,
        created_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    store::issue::issue_add(tx, &issue).await?;
    let voices = file_voices(tx, issue.id, &new.feedback_ids).await?;
    issue.feedback_count = voices;
    let text = opened_with(voices);
    store::issue::note_add(tx, issue.id, "opened", &text, &ctx.actor.to_string(), tx.now()).await?;
    let event = IssueOpened {
        issue_id: issue.id,
        number: issue.number,
        title: issue.title.clone(),
        priority: issue.priority,
        owner_id: issue.owner_id,
        due_on: issue.due_on.to_string(),
        feedback_count: voices,
        at: issue.created_at,
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(issue)
}

/// What the history of an issue begins with.
pub(super) fn opened_with(voices: i64) -> Text {
    let en = match voices {
        1 => "Opened with 1 voice".to_owned(),
        _ => format!("Opened with {voices} voices"),
    };
    Text::new(format!("已建立，含 {voices} 条声音"), en)
}

/// Makes open voices part of an issue. Voices that are part of it already are counted, not refused.
async fn file_voices(tx: &Tx, issue: IssueId, ids: &[FeedbackId]) -> Result<i64> {
    must_be_few("feedback_ids", ids.len(), VOICES_MAX)?;
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let voices = store::feedback::feedback_of(tx, &ids).await?;
    if let Some(missing) = ids.iter().find(|id| !voices.iter().any(|v| v.id == **id)) {
        return Err(Error::not_found("feedback", missing));
    }
    let fresh: Vec<FeedbackId> = voices
        .iter()
        .filter(|v| v.issue_id != Some(issue))
        .map(|v| v.id)
        .collect();
    if let Some(taken) = voices
        .iter()
        .find(|v| v.issue_id != Some(issue) && v.state != FeedbackState::New)
    {
        return Err(not_open(taken));
    }
    if store::feedback::feedback_group(tx, issue, &fresh).await? != fresh.len() as u64 {
        return Err(Error::internal(
            "an open voice was taken within the unit that holds it",
        ));
    }
    i64::try_from(fresh.len()).map_err(Error::internal)
}

/// Makes further open voices part of an issue.
///
/// # Errors
/// `access.forbidden`, `not_found`, `feedback.not_open`, `issue.closed`.
pub async fn issue_feedback_add_in(tx: &Tx, ctx: &Ctx, id: IssueId, ids: &[FeedbackId]) -> Result<Issue> {
    let mut issue = held(tx, ctx, id).await?;
    if ids.is_empty() {
        return Err(Error::field("feedback_ids", &base::codes::REQUIRED));
    }
    let added = file_voices(tx, id, ids).await?;
    issue.feedback_count += added;
    let text = Text::new(format!("加入 {added} 条声音"), format!("{added} more voices"));
    keep(tx, ctx, issue, "feedback_added", text).await
}

/// Changes an issue; `read_version` is the version the caller has seen, if they say.
///
/// # Errors
/// `access.forbidden`, `not_found`, `issue.closed`, `precondition.failed`, `input.invalid`.
pub async fn issue_change_in(
    tx: &Tx,
    ctx: &Ctx,
    id: IssueId,
    change: &IssueChange,
    read_version: Option<i64>,
) -> Result<Issue> {
    let mut issue = held(tx, ctx, id).await?;
    web::IfMatch(read_version).check(issue.version)?;
    let had_cause = issue.cause.is_some();
    if let Some(title) = &change.title {
        issue.title = required("title", title, TITLE_MAX_CHARS)?;
    }
    issue.priority = change.priority.unwrap_or(issue.priority);
    issue.owner_id = change.owner_id.unwrap_or(issue.owner_id);
    issue.due_on = change.due_on.unwrap_or(issue.due_on);
    if let Some(cause) = &change.cause {
        issue.cause = Some(short_enough("cause", cause.trim(), WORDS_MAX_CHARS)?).filter(|c| !c.is_empty());
    }
    let (kind, text) = match (&issue.cause, had_cause) {
        (Some(cause), false) => (
            "cause_found",
            Text::new(format!("原因：{cause}"), format!("Cause: {cause}")),
        ),
        _ => ("changed", Text::new("已修改", "Changed")),
    };
    keep(tx, ctx, issue, kind, text).await
}

/// Adds a step to the plan.
///
/// # Errors
/// `access.forbidden`, `not_found`, `issue.closed`, `input.invalid`.
pub async fn action_add_in(tx: &Tx, ctx: &Ctx, id: IssueId, new: &NewAction) -> Result<Issue> {
    let mut issue = held(tx, ctx, id).await?;
    let title = required("title", &new.title, TITLE_MAX_CHARS)?;
    must_be_few("actions", issue.actions.len() + 1, ACTIONS_MAX)?;
    let text = Text::new(format!("措施：{title}"), format!("Action: {title}"));
    let action = Action {
        id: ActionId::new(),
        title,
        owner_id: new.owner_id,
        due_on: new.due_on,
        done_at: None,
    };
    store::issue::action_add(tx, id, &action, tx.now()).await?;
    issue.actions.push(action);
    keep(tx, ctx, issue, "action_added", text).await
}

/// A step is done.
///
/// # Errors
/// `access.forbidden`, `not_found`, `issue.closed`, `issue.action_done`.
pub async fn action_done_in(tx: &Tx, ctx: &Ctx, id: IssueId, action: ActionId) -> Result<Issue> {
    let mut issue = held(tx, ctx, id).await?;
    let step = issue.actions.iter_mut().find(|a| a.id == action);
    let step = step.ok_or_else(|| Error::not_found("action", action))?;
    if !store::issue::action_done(tx, action).await? {
        return Err(Error::new(&ACTION_DONE));
    }
    step.done_at = Some(tx.now());
    let text = Text::new(format!("已完成：{}", step.title), format!("Done: {}", step.title));
    keep(tx, ctx, issue, "action_done", text).await
}

/// Asks whether a claim can be proven: the caller then counts, compares and files.
///
/// # Errors
/// `access.forbidden`, `not_found`, `issue.closed`, `issue.periods_invalid`.
pub async fn proof_begin_in(tx: &Tx, ctx: &Ctx, id: IssueId, claim: &Claim) -> Result<Issue> {
    let issue = held(tx, ctx, id).await?;
    if !claim.is_sound(tx.now()) {
        return Err(Error::new(&PERIODS_INVALID));
    }
    Ok(issue)
}

/// Files the evidence with an issue; the last one holds.
///
/// # Errors
/// Those of the store.
pub async fn proof_file_in(tx: &Tx, ctx: &Ctx, mut issue: Issue, proof: Proof) -> Result<Issue> {
    let text = match proof.verdict {
        Verdict::Better => Text::new("证据：有改善", "Evidence: better"),
        Verdict::NoEvidence => Text::new("证据：尚无定论", "Evidence: none either way"),
        Verdict::Worse => Text::new("证据：变差了", "Evidence: worse"),
    };
    issue.proof = Some(proof);
    keep(tx, ctx, issue, "proof", text).await
}

/// Whether an issue may be closed, and who must be answered. The caller answers them and then finishes with
/// [`issue_close_finish_in`], in the same unit of work.
///
/// # Errors
/// `access.forbidden`, `not_found`, `issue.closed`, `issue.actions_open`, `issue.proof_missing`,
/// `issue.answer_missing`, `input.invalid`.
pub async fn issue_close_begin_in(
    tx: &Tx,
    ctx: &Ctx,
    id: IssueId,
    answer: &Text,
    waive_reason: Option<&str>,
) -> Result<(Issue, Vec<Person>)> {
    let issue = held(tx, ctx, id).await?;
    short_enough("answer.zh", &answer.zh, WORDS_MAX_CHARS)?;
    short_enough("answer.en", &answer.en, WORDS_MAX_CHARS)?;
    short_enough("waive_reason", waive_reason.unwrap_or_default(), WORDS_MAX_CHARS)?;
    may_close(&issue, answer, waive_reason)?;
    let people = rules::people(store::feedback::feedback_of_issue(tx, id).await?);
    Ok((issue, people))
}

/// Closes an issue whose people have been answered.
///
/// # Errors
/// Those of the store.
pub async fn issue_close_finish_in(
    tx: &Tx,
    ctx: &Ctx,
    mut issue: Issue,
    answer: &Text,
    waive_reason: Option<&str>,
    given: &[AnswerGiven],
) -> Result<Issue> {
    store::issue::answers_add(tx, issue.id, given, tx.now()).await?;
    store::feedback::feedback_answered(tx, issue.id).await?;
    let count = |outcome| given.iter().filter(|g| g.outcome == outcome).count() as i64;
    let (sent, suppressed, waived) = (
        count(AnswerOutcome::Sent),
        count(AnswerOutcome::Suppressed),
        count(AnswerOutcome::Waived),
    );
    let waive_reason = waive_reason.map(str::trim).filter(|r| !r.is_empty());
    issue.answer = waive_reason
        .is_none()
        .then(|| Text::new(answer.zh.trim(), answer.en.trim()));
    issue.waive_reason = waive_reason.map(str::to_owned);
    issue.closed_at = Some(tx.now());
    let text = Text::new(
        format!("已关闭：答复 {sent} 人，{suppressed} 人不愿收消息，{waived} 人未发"),
        format!("Closed: {sent} answered, {suppressed} want no messages, {waived} not sent"),
    );
    let issue = keep(tx, ctx, issue, "closed", text).await?;
    let event = IssueClosed {
        issue_id: issue.id,
        number: issue.number,
        verdict: issue.proof.as_ref().map_or(Verdict::NoEvidence, |p| p.verdict),
        answer: issue.answer.clone(),
        sent,
        suppressed,
        waived,
        at: tx.now(),
    };
    bus::emit(tx, ctx, &event).await?;
    found(tx, issue.id).await
}

/// An answer was held back at the last step after all.
///
/// # Errors
/// Those of the store.
pub async fn answer_suppressed_in(tx: &Tx, message: MessageId) -> Result<()> {
    store::issue::answer_suppressed(tx, message).await
}
