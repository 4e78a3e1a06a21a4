//! Issues.

use base::{ActionId, IssueId, MessageId, PageSize, Result, StaffId, Text, Time};
use db::{Reader, Row, Tx, Value, params};
use jiff::civil::Date;

use super::{Conditions, json_or_null, marks, optional_text};
use crate::model::{Action, AnswerCounts, AnswerGiven, AnswerOutcome, Issue, IssueState, Note};
use crate::proof::Proof;

const COLUMNS: &str = "i.id, i.number, i.title, i.state, i.priority, i.owner_id, i.due_on, i.cause, i.proof_json, \
                       i.answer_json, i.waive_reason, i.created_at, i.closed_at, i.version, \
                       (SELECT COUNT(*) FROM voice_feedback f WHERE f.issue_id = i.id)";

fn date(row: &Row, column: usize) -> Result<Date> {
    row.text(column)?.parse().map_err(base::Error::internal)
}

fn issue(row: &Row) -> Result<Issue> {
    let proof: Option<String> = row.get(8)?;
    Ok(Issue {
        id: row.get(0)?,
        number: row.get(1)?,
        title: row.get(2)?,
        state: row.get(3)?,
        priority: row.get(4)?,
        owner_id: row.get(5)?,
        due_on: date(row, 6)?,
        cause: row.get(7)?,
        feedback_count: row.get(14)?,
        actions: Vec::new(),
        proof: proof.map(|_| row.json::<Proof>(8)).transpose()?,
        answer: optional_text(row, 9)?,
        waive_reason: row.get(10)?,
        answers: None,
        created_at: row.get(11)?,
        closed_at: row.get(12)?,
        version: row.get(13)?,
    })
}

/// Adds plans and answers to issues just read.
async fn complete(reader: &Reader, mut issues: Vec<Issue>) -> Result<Vec<Issue>> {
    if issues.is_empty() {
        return Ok(issues);
    }
    let ids: Vec<Value> = issues.iter().map(|i| i.id.into()).collect();
    let marks = marks(1, ids.len());
    let sql = format!(
        "SELECT issue_id, id, title, owner_id, due_on, done_at FROM voice_action WHERE issue_id IN ({marks}) \
         ORDER BY created_at, id"
    );
    for row in reader.query(&sql, &ids).await? {
        let of: IssueId = row.get(0)?;
        let action = Action {
            id: row.get(1)?,
            title: row.get(2)?,
            owner_id: row.get(3)?,
            due_on: date(&row, 4)?,
            done_at: row.get(5)?,
        };
        issues
            .iter_mut()
            .filter(|i| i.id == of)
            .for_each(|i| i.actions.push(action.clone()));
    }
    let sql = format!(
        "SELECT issue_id, outcome, COUNT(*) FROM voice_answer WHERE issue_id IN ({marks}) GROUP BY issue_id, outcome"
    );
    let counts = reader.query(&sql, &ids).await?;
    for issue in issues.iter_mut().filter(|i| i.closed_at.is_some()) {
        issue.answers = Some(AnswerCounts::default());
    }
    for row in counts {
        let (of, outcome, count): (IssueId, AnswerOutcome, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        for answers in issues
            .iter_mut()
            .filter(|i| i.id == of)
            .filter_map(|i| i.answers.as_mut())
        {
            match outcome {
                AnswerOutcome::Sent => answers.sent = count,
                AnswerOutcome::Suppressed => answers.suppressed = count,
                AnswerOutcome::Waived => answers.waived = count,
            }
        }
    }
    Ok(issues)
}

pub(crate) async fn issue_find(reader: &Reader, id: IssueId) -> Result<Option<Issue>> {
    let sql = format!("SELECT {COLUMNS} FROM voice_issue i WHERE i.id = $1");
    let found = reader
        .query(&sql, params![id])
        .await?
        .iter()
        .map(issue)
        .collect::<Result<_>>()?;
    Ok(complete(reader, found).await?.pop())
}

/// Newest first.
pub(crate) async fn issue_list(
    reader: &Reader,
    state: Option<IssueState>,
    owner: Option<StaffId>,
    after: Option<(Time, IssueId)>,
    size: PageSize,
) -> Result<Vec<Issue>> {
    let mut wanted = Conditions::new(format!("SELECT {COLUMNS} FROM voice_issue i WHERE TRUE"));
    if let Some(state) = state {
        wanted.and("i.state =", params![state.as_str()]);
    }
    if let Some(owner) = owner {
        wanted.and("i.owner_id =", params![owner]);
    }
    if let Some((at, id)) = after {
        wanted.and("(i.created_at, i.id) <", params![at, id]);
    }
    wanted.order("i.created_at DESC, i.id DESC", size.with_surplus());
    let found = reader
        .query(&wanted.sql, &wanted.values)
        .await?
        .iter()
        .map(issue)
        .collect::<Result<_>>()?;
    complete(reader, found).await
}

/// The next number. Whoever asks holds the counter until their unit ends, so that no number is given twice.
pub(crate) async fn issue_number(tx: &Tx) -> Result<i64> {
    let rows = tx
        .query_write(
            "INSERT INTO voice_counter (name, value) VALUES ('issue', 1) \
             ON CONFLICT (name) DO UPDATE SET value = voice_counter.value + 1 RETURNING value",
            params![],
        )
        .await?;
    rows.first().map_or_else(
        || Err(base::Error::internal("an upsert returned no row")),
        |row| row.get(0),
    )
}

/// Keeps a new issue; false when its id is there already.
pub(crate) async fn issue_add(tx: &Tx, issue: &Issue) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO voice_issue (id, number, title, state, priority, owner_id, due_on, cause, proof_json, \
             answer_json, waive_reason, created_at, closed_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING",
            &row_of(issue)?,
        )
        .await?;
    Ok(added == 1)
}

fn row_of(issue: &Issue) -> Result<Vec<Value>> {
    Ok(params![
        issue.id,
        issue.number,
        issue.title,
        issue.state.as_str(),
        issue.priority.as_str(),
        issue.owner_id,
        issue.due_on.to_string(),
        issue.cause,
        issue.proof.as_ref().map_or(Ok(Value::Null), db::json)?,
        json_or_null(issue.answer.as_ref())?,
        issue.waive_reason,
        issue.created_at,
        issue.closed_at,
        issue.version
    ]
    .to_vec())
}

/// Writes an issue that was read at `read_version`; false when somebody else wrote it meanwhile.
pub(crate) async fn issue_write(tx: &Tx, issue: &Issue, read_version: i64) -> Result<bool> {
    let mut values = row_of(issue)?;
    values.push(read_version.into());
    let written = tx
        .execute(
            "UPDATE voice_issue SET number = $2, title = $3, state = $4, priority = $5, owner_id = $6, due_on = $7, \
             cause = $8, proof_json = $9, answer_json = $10, waive_reason = $11, created_at = $12, closed_at = $13, \
             version = $14 WHERE id = $1 AND version = $15",
            &values,
        )
        .await?;
    Ok(written == 1)
}

pub(crate) async fn action_add(tx: &Tx, issue: IssueId, action: &Action, at: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO voice_action (id, issue_id, title, owner_id, due_on, done_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            action.id,
            issue,
            action.title,
            action.owner_id,
            action.due_on.to_string(),
            action.done_at,
            at
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn action_done(tx: &Tx, id: ActionId) -> Result<bool> {
    let done = tx
        .execute(
            "UPDATE voice_action SET done_at = $2 WHERE id = $1 AND done_at IS NULL",
            params![id, tx.now()],
        )
        .await?;
    Ok(done == 1)
}

/// Files a note behind the ones before it. The caller holds the issue.
pub(crate) async fn note_add(
    tx: &Tx,
    issue: IssueId,
    kind: &str,
    text: &Text,
    actor: &str,
    at: Time,
) -> Result<()> {
    tx.execute(
        "INSERT INTO voice_issue_note (issue_id, seq, kind, text_json, facts_json, actor, noted_at) \
         SELECT $1, COALESCE(MAX(n.seq), 0) + 1, $2, $3, '{}', $4, $5 FROM voice_issue_note n WHERE n.issue_id = $1",
        params![issue, kind, db::json(text)?, actor, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn notes(reader: &Reader, issue: IssueId) -> Result<Vec<Note>> {
    let rows = reader
        .query(
            "SELECT noted_at, kind, text_json, actor FROM voice_issue_note WHERE issue_id = $1 ORDER BY seq",
            params![issue],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Note {
                at: row.get(0)?,
                kind: row.get(1)?,
                text: row.json(2)?,
                actor: row.get(3)?,
            })
        })
        .collect()
}

/// Notes what people were answered, once each.
pub(crate) async fn answers_add(tx: &Tx, issue: IssueId, given: &[AnswerGiven], at: Time) -> Result<u64> {
    let rows: Vec<Vec<Value>> = given
        .iter()
        .map(|answer| {
            params![
                issue,
                answer.person.key,
                answer.person.feedback_id,
                answer.message_id,
                answer.outcome.as_str(),
                at
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "voice_answer (issue_id, person, feedback_id, message_id, outcome, answered_at)",
        &rows,
        "ON CONFLICT (issue_id, person) DO NOTHING",
    )
    .await
}

/// An answer was held back at the last step.
pub(crate) async fn answer_suppressed(tx: &Tx, message: MessageId) -> Result<()> {
    tx.execute(
        "UPDATE voice_answer SET outcome = 'suppressed' WHERE message_id = $1 AND outcome = 'sent'",
        params![message],
    )
    .await?;
    Ok(())
}
