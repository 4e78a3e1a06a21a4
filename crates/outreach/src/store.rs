//! SQL of the messages, and nothing else.

use base::{MemberId, MessageId, PageSize, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{Accepted, Channel, Message, State};

const COLUMNS: &str = "id, channel, recipient, member_id, template, purpose, locale, subject, body, state, \
                       suppressed_reason, created_at, sent_at";

fn message(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.get(0)?,
        channel: row.get(1)?,
        recipient: row.get(2)?,
        member_id: row.get(3)?,
        template: row.get(4)?,
        purpose: row.get(5)?,
        locale: row.get(6)?,
        subject: row.get(7)?,
        body: row.get(8)?,
        state: row.get(9)?,
        suppressed_reason: row.get(10)?,
        created_at: row.get(11)?,
        sent_at: row.get(12)?,
    })
}

fn row(message: &Message, dedupe: Option<&str>) -> Vec<Value> {
    params![
        message.id,
        message.channel.as_str(),
        message.recipient,
        message.member_id,
        message.template,
        message.purpose.as_str(),
        message.locale,
        message.subject,
        message.body,
        message.state.as_str(),
        message.suppressed_reason,
        message.created_at,
        message.sent_at,
        dedupe
    ]
    .to_vec()
}

/// Keeps messages; those whose id or occasion is taken are left out. Tells how many were kept.
pub(crate) async fn message_add(tx: &Tx, messages: &[(Message, Option<&str>)]) -> Result<u64> {
    let rows: Vec<Vec<Value>> = messages
        .iter()
        .map(|(message, dedupe)| row(message, *dedupe))
        .collect();
    let columns = format!("outreach_message ({COLUMNS}, dedupe_key)");
    tx.insert_many(&columns, &rows, "ON CONFLICT DO NOTHING").await
}

pub(crate) async fn message_by_occasion(reader: &Reader, dedupe: &str) -> Result<Option<Accepted>> {
    let row = reader
        .query_opt(
            "SELECT id, state FROM outreach_message WHERE dedupe_key = $1",
            params![dedupe],
        )
        .await?;
    row.map(|row| {
        Ok(Accepted {
            id: row.get(0)?,
            state: row.get(1)?,
        })
    })
    .transpose()
}

pub(crate) async fn message_find(reader: &Reader, id: MessageId) -> Result<Option<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_message WHERE id = $1");
    reader
        .query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(message)
        .transpose()
}

/// Settles a waiting message; false when another try settled it first.
pub(crate) async fn message_settle(
    tx: &Tx,
    id: MessageId,
    state: State,
    suppressed_reason: Option<&str>,
    failure: Option<&str>,
) -> Result<bool> {
    let settled = tx
        .execute(
            "UPDATE outreach_message SET state = $2, suppressed_reason = $3, failure = $4, sent_at = $5 \
             WHERE id = $1 AND state = 'queued'",
            params![
                id,
                state.as_str(),
                suppressed_reason,
                failure,
                (state == State::Sent).then_some(tx.now())
            ],
        )
        .await?;
    Ok(settled == 1)
}

/// What stands where words were wiped.
pub(crate) const WIPED: &str = "••••••";

pub(crate) async fn message_wipe(tx: &Tx, id: MessageId) -> Result<()> {
    tx.execute(
        "UPDATE outreach_message SET body = $2 WHERE id = $1",
        params![id, WIPED],
    )
    .await?;
    Ok(())
}

/// Whose and which messages a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// LIKE pattern over the address.
    pub(crate) recipient: Option<String>,
    pub(crate) channel: Option<Channel>,
    pub(crate) member_id: Option<MemberId>,
}

/// Newest first.
pub(crate) async fn message_list(
    reader: &Reader,
    wanted: &Wanted,
    after: Option<(Time, MessageId)>,
    size: PageSize,
) -> Result<Vec<Message>> {
    let mut sql = format!("SELECT {COLUMNS} FROM outreach_message WHERE TRUE");
    let mut values: Vec<Value> = Vec::new();
    // Only the conditions asked for, so that each list finds its index.
    let mut and = |condition: &str, of: &[Value]| {
        let marks: Vec<String> = (1..=of.len()).map(|n| format!("${}", values.len() + n)).collect();
        values.extend_from_slice(of);
        sql.push_str(&format!(" AND {condition} ({})", marks.join(", ")));
    };
    if let Some(pattern) = &wanted.recipient {
        and("recipient LIKE", params![pattern]);
    }
    if let Some(channel) = wanted.channel {
        and("channel =", params![channel.as_str()]);
    }
    if let Some(member) = wanted.member_id {
        and("member_id =", params![member]);
    }
    if let Some((at, id)) = after {
        and("(created_at, id) <", params![at, id]);
    }
    values.push(size.with_surplus().into());
    sql.push_str(&format!(
        " ORDER BY created_at DESC, id DESC LIMIT ${}",
        values.len()
    ));
    let rows = reader.query(&sql, &values).await?;
    rows.iter().map(message).collect()
}
