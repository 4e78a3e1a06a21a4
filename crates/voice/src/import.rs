//! Bringing over the answers people were given before: with an issue, or one by one.

use base::{FeedbackId, IssueId, Result, Time};
use db::{Tx, Value, params};

use crate::model::AnswerGiven;
use crate::store;

/// Brings over what people were answered when an issue was closed. Safe to repeat; nothing is sent. Tells how
/// many are new.
///
/// # Errors
/// Those of the store.
pub async fn import_answers_in(tx: &Tx, issue: IssueId, given: &[AnswerGiven], at: Time) -> Result<u64> {
    store::issue::answers_add(tx, issue, given, at).await
}

/// Brings over when voices were answered that were answered one by one. Those that are not answered, or whose
/// answer is dated, stay as they are. Tells how many changed.
///
/// # Errors
/// Those of the store.
pub async fn import_answered_at_in(tx: &Tx, answered: &[(FeedbackId, Time)]) -> Result<u64> {
    let rows: Vec<Vec<Value>> = answered.iter().map(|(id, at)| params![id, at].to_vec()).collect();
    tx.execute_many(
        "UPDATE voice_feedback SET answered_at = $2 \
         WHERE id = $1 AND state = 'answered' AND answered_at IS NULL AND heard_at <= $2",
        &rows,
    )
    .await
}
