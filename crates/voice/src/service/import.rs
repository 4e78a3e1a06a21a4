//! Bringing over what was said before.

use std::collections::HashSet;

use base::{Ctx, IssueId, Result, Text};
use db::Tx;

use crate::model::{FeedbackImport, Issue, IssueImport, IssueState, SurveyImport};
use crate::rules::{SurveyPolicy, state_of};
use crate::service::feedback::{must_be_a_score, must_be_words};
use crate::service::issue::opened_with;
use crate::service::survey::{past, voice};
use crate::store;

const IMPORT: &str = "system:import";

/// Brings surveys over. Safe to repeat; nothing is announced. Tells how many landed.
///
/// # Errors
/// `input.invalid` for a score that is none.
pub async fn import_surveys_in(tx: &Tx, imports: &[SurveyImport]) -> Result<u64> {
    let mut rows = Vec::with_capacity(imports.len());
    for import in imports {
        import
            .answered
            .as_ref()
            .map_or(Ok(()), |a| must_be_a_score("score", a.score))?;
        let hash = match &import.token {
            Some(token) => crypto::token_hash(token),
            None => crypto::SecretToken::random("sv")?.hash(),
        };
        rows.push((past(import, SurveyPolicy::default().open), hash.to_vec()));
    }
    let landed = store::survey::survey_add(tx, &rows).await?;
    let ids: Vec<_> = imports.iter().map(|i| i.id).collect();
    let present: HashSet<_> = store::survey::surveys_present(tx, &ids)
        .await?
        .into_iter()
        .collect();
    let products: Vec<_> = imports
        .iter()
        .filter(|i| present.contains(&i.id))
        .flat_map(|i| i.about.products.iter().map(|p| (i.id, p.product_id)))
        .collect();
    store::survey::survey_products_add(tx, &products).await?;
    Ok(landed)
}

/// Brings voices over, read by the same rules as live ones. Safe to repeat; nothing is announced. Tells how
/// many landed.
///
/// # Errors
/// `input.invalid` for a score, a topic or words we do not keep.
pub async fn import_feedback_in(tx: &Tx, imports: &[FeedbackImport]) -> Result<u64> {
    let mut voices = Vec::with_capacity(imports.len());
    for import in imports {
        let mut new = import.feedback.clone();
        new.score
            .map_or(Ok(()), |score| must_be_a_score("score", score))?;
        new.text = must_be_words(new.text)?;
        voices.push(voice(
            import.id,
            new,
            import.survey_id,
            import.state,
            import.heard_at,
        )?);
    }
    let ids: Vec<_> = voices.iter().map(|v| v.id).collect();
    let known: HashSet<_> = store::feedback::feedback_of(tx, &ids)
        .await?
        .into_iter()
        .map(|v| v.id)
        .collect();
    voices.retain(|v| !known.contains(&v.id));
    store::feedback::feedback_add(tx, &voices, IMPORT).await
}

/// Brings an issue over with its voices, plan, evidence and end. Safe to repeat; nothing is announced. False
/// when it was there already.
///
/// # Errors
/// Those of the store.
pub async fn import_issue_in(tx: &Tx, ctx: &Ctx, import: &IssueImport) -> Result<bool> {
    if store::issue::issue_find(tx, import.id).await?.is_some() {
        return Ok(false);
    }
    let mut issue = Issue {
        id: import.id,
        number: store::issue::issue_number(tx).await?,
        title: import.issue.title.clone(),
        state: IssueState::Open,
        priority: import.issue.priority,
        owner_id: import.issue.owner_id,
        due_on: import.issue.due_on,
        cause: import.cause.clone(),
        feedback_count: 0,
        actions: import.actions.clone(),
        proof: import.proof.clone(),
        answer: import.answer.clone(),
        waive_reason: None,
        answers: None,
        created_at: import.created_at,
        closed_at: import.closed_at,
        version: 1,
    };
    issue.state = state_of(&issue);
    store::issue::issue_add(tx, &issue).await?;
    for action in &import.actions {
        store::issue::action_add(tx, issue.id, action, import.created_at).await?;
    }
    store::feedback::feedback_group_past(tx, issue.id, &import.issue.feedback_ids, import.closed_at).await?;
    notes(tx, ctx, issue.id, import).await?;
    Ok(true)
}

async fn notes(tx: &Tx, ctx: &Ctx, id: IssueId, import: &IssueImport) -> Result<()> {
    let actor = ctx.actor.to_string();
    let voices = import.issue.feedback_ids.len();
    let mut notes = vec![(import.created_at, "opened", opened_with(voices as i64))];
    for action in &import.actions {
        if let Some(at) = action.done_at {
            let text = Text::new(
                format!("已完成：{}", action.title),
                format!("Done: {}", action.title),
            );
            notes.push((at, "action_done", text));
        }
    }
    if let Some(at) = import.closed_at {
        notes.push((at, "closed", Text::new("已关闭", "Closed")));
    }
    notes.sort_by_key(|(at, ..)| *at);
    for (at, kind, text) in notes {
        store::issue::note_add(tx, id, kind, &text, &actor, at).await?;
    }
    Ok(())
}
