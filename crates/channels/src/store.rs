//! SQL only: what is kept, not what is decided.

use base::{Channel, Result};
use db::{Reader, Row, Tx, Value, params};

use crate::model::ChannelTerms;

const COLUMNS: &str = "channel, version, terms_json, note, actor, changed_at";

fn terms(row: &Row) -> Result<ChannelTerms> {
    Ok(ChannelTerms {
        channel: Channel::parse(row.text(0)?)?,
        version: row.get(1)?,
        terms: row.json(2)?,
        note: row.get(3)?,
        actor: row.get(4)?,
        changed_at: row.get(5)?,
    })
}

/// The terms in force; channels of which nothing was said are left out.
pub(crate) async fn in_force(reader: &Reader) -> Result<Vec<ChannelTerms>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM channels_terms t WHERE NOT EXISTS (SELECT 1 FROM channels_terms later \
         WHERE later.channel = t.channel AND later.version > t.version) ORDER BY channel"
    );
    reader.query(&sql, params![]).await?.iter().map(terms).collect()
}

/// The terms of one channel in force.
pub(crate) async fn latest(reader: &Reader, channel: Channel) -> Result<Option<ChannelTerms>> {
    Ok(versions(reader, channel, None, 1).await?.pop())
}

/// The versions of a channel's terms before one, the newest first.
pub(crate) async fn versions(
    reader: &Reader,
    channel: Channel,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ChannelTerms>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM channels_terms WHERE channel = $1 AND version < $2 ORDER BY version DESC LIMIT $3"
    );
    let params = params![channel.as_str(), before.unwrap_or(i64::MAX), limit];
    reader.query(&sql, params).await?.iter().map(terms).collect()
}

/// Adds a version; false when somebody else has just added it.
pub(crate) async fn version_add(tx: &Tx, version: &ChannelTerms) -> Result<bool> {
    let sql = format!(
        "INSERT INTO channels_terms ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (channel, version) DO NOTHING"
    );
    let values = vec![
        version.channel.as_str().into(),
        version.version.into(),
        db::json(&version.terms)?,
        version.note.as_deref().into(),
        version.actor.as_deref().into(),
        Value::from(version.changed_at),
    ];
    Ok(tx.execute(&sql, &values).await? == 1)
}
