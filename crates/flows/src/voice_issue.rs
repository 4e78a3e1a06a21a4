//! Issues that touch more than words: their owners are staff, their evidence is counted from orders, and
//! closing one answers everybody who raised it.

use std::collections::{HashMap, HashSet};

use base::{ActionId, Ctx, FeedbackId, IssueId, Locale, Page, PageQuery, Result, StaffId, Text};
use db::Tx;
use outreach::{NO_RECIPIENT, NewMessage, Recipient, State as MessageState, Template, message_send_in};
use voice::{
    AnswerGiven, AnswerOutcome, Issue, IssueChange, IssueState, Language, NewAction, NewIssue, Note, Person,
};

use crate::member_parts::People;

/// Names of staff by who they are.
pub(crate) type StaffNames = HashMap<StaffId, String>;

impl People {
    /// The names of everybody an issue names. Somebody who is gone has none.
    pub(crate) async fn staff_names(&self, ctx: &Ctx, issues: &[Issue]) -> Result<StaffNames> {
        let owners = issues.iter().map(|i| i.owner_id);
        let doers = issues.iter().flat_map(|i| i.actions.iter().map(|a| a.owner_id));
        let ids: HashSet<StaffId> = owners.chain(doers).collect();
        let mut names = StaffNames::with_capacity(ids.len());
        for id in ids {
            match self.parts.access.staff_get(&ctx.elevated(), id).await {
                Ok(staff) => {
                    names.insert(id, staff.name.to_string());
                }
                Err(error) if crate::member_survey::is_missing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(names)
    }

    /// Refuses an owner who is not one of us.
    async fn must_be_staff(&self, ctx: &Ctx, id: StaffId) -> Result<()> {
        self.parts.access.staff_get(&ctx.elevated(), id).await.map(|_| ())
    }

    /// One issue with its story and the names in it.
    pub(crate) async fn issue_view(&self, ctx: &Ctx, id: IssueId) -> Result<(Issue, Vec<Note>, StaffNames)> {
        let (issue, notes) = self.parts.voice.issue_get(ctx, id).await?;
        let names = self.staff_names(ctx, std::slice::from_ref(&issue)).await?;
        Ok((issue, notes, names))
    }

    pub(crate) async fn issue_page(
        &self,
        ctx: &Ctx,
        state: Option<IssueState>,
        owner: Option<StaffId>,
        page: &PageQuery,
    ) -> Result<(Page<Issue>, StaffNames)> {
        let page = self.parts.voice.issue_list(ctx, state, owner, page).await?;
        let names = self.staff_names(ctx, &page.items).await?;
        Ok((page, names))
    }

    pub(crate) async fn issue_open(&self, ctx: &Ctx, new: NewIssue) -> Result<IssueId> {
        ctx.require(voice::ISSUE_MANAGE, &base::Resource::Somewhere)?;
        self.must_be_staff(ctx, new.owner_id).await?;
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.issue_open", async move |tx: &Tx| {
                Ok(voice::issue_open_in(tx, &unit_ctx, &new).await?.id)
            })
            .await
    }

    pub(crate) async fn issue_change(
        &self,
        ctx: &Ctx,
        id: IssueId,
        change: IssueChange,
        read_version: Option<i64>,
    ) -> Result<()> {
        ctx.require(voice::ISSUE_MANAGE, &base::Resource::Somewhere)?;
        if let Some(owner) = change.owner_id {
            self.must_be_staff(ctx, owner).await?;
        }
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.issue_change", async move |tx: &Tx| {
                voice::issue_change_in(tx, &unit_ctx, id, &change, read_version)
                    .await
                    .map(|_| ())
            })
            .await
    }

    pub(crate) async fn issue_feedback_add(
        &self,
        ctx: &Ctx,
        id: IssueId,
        ids: Vec<FeedbackId>,
    ) -> Result<()> {
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.issue_feedback_add", async move |tx: &Tx| {
                voice::issue_feedback_add_in(tx, &unit_ctx, id, &ids)
                    .await
                    .map(|_| ())
            })
            .await
    }

    pub(crate) async fn action_add(&self, ctx: &Ctx, id: IssueId, new: NewAction) -> Result<()> {
        ctx.require(voice::ISSUE_MANAGE, &base::Resource::Somewhere)?;
        self.must_be_staff(ctx, new.owner_id).await?;
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.action_add", async move |tx: &Tx| {
                voice::action_add_in(tx, &unit_ctx, id, &new).await.map(|_| ())
            })
            .await
    }

    pub(crate) async fn action_done(&self, ctx: &Ctx, id: IssueId, action: ActionId) -> Result<()> {
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.action_done", async move |tx: &Tx| {
                voice::action_done_in(tx, &unit_ctx, id, action).await.map(|_| ())
            })
            .await
    }

    /// Closes an issue and answers everybody who raised it, all in one unit: either it is closed and every
    /// answer is on its way, or nothing happened.
    pub(crate) async fn issue_close(
        &self,
        ctx: &Ctx,
        id: IssueId,
        answer: Text,
        waive_reason: Option<String>,
    ) -> Result<()> {
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.issue_close", async move |tx: &Tx| {
                let (ctx, waive) = (&unit_ctx, waive_reason.as_deref());
                let (issue, people) = voice::issue_close_begin_in(tx, ctx, id, &answer, waive).await?;
                let is_waived = waive.is_some_and(|w| !w.trim().is_empty());
                let mut given = Vec::with_capacity(people.len());
                for person in people {
                    given.push(if is_waived {
                        unsent(person)
                    } else {
                        give(tx, ctx, id, &answer, person).await?
                    });
                }
                voice::issue_close_finish_in(tx, ctx, issue, &answer, waive, &given)
                    .await
                    .map(|_| ())
            })
            .await
    }
}

fn unsent(person: Person) -> AnswerGiven {
    AnswerGiven {
        person,
        message_id: None,
        outcome: AnswerOutcome::Waived,
    }
}

/// Answers one person, once, through a channel they allow. Somebody nobody can reach counts as waived.
async fn give(tx: &Tx, ctx: &Ctx, issue: IssueId, answer: &Text, person: Person) -> Result<AnswerGiven> {
    let locale = match person.language {
        Language::En => Locale::En,
        Language::Zh | Language::Unknown => Locale::Zh,
    };
    let message = NewMessage {
        to: Recipient {
            member_id: person.member_id,
            phone: person.phone.clone(),
            locale,
        },
        template: Template::IssueAnswer {
            words: person.words.clone(),
            answer: answer.clone(),
        },
        dedupe: Some(format!("issue_answer:{issue}:{}", person.key)),
    };
    let accepted = match message_send_in(tx, ctx, &message).await {
        Ok(accepted) => accepted,
        Err(error) if error.is(&NO_RECIPIENT) => return Ok(unsent(person)),
        Err(error) => return Err(error),
    };
    let outcome = match accepted.state {
        MessageState::Suppressed => AnswerOutcome::Suppressed,
        MessageState::Queued | MessageState::Sent | MessageState::Failed => AnswerOutcome::Sent,
    };
    Ok(AnswerGiven {
        person,
        message_id: Some(accepted.id),
        outcome,
    })
}
