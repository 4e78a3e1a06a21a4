//! SQL of the conversations with providers outside.

use base::{Error, PaymentId, Result, Time};
use db::{Reader, Row, Tx, params};

use crate::model::ProviderName;
use crate::outside::{Opened, Session, SessionState, Way};

fn session(row: &Row) -> Result<Session> {
    let action: Option<String> = row.get(5)?;
    Ok(Session {
        payment_id: row.get(0)?,
        provider: ProviderName::parse(&row.get::<String>(1)?)?,
        way: Way::parse(&row.get::<String>(2)?)?,
        state: SessionState::parse(&row.get::<String>(3)?)?,
        reference: row.get(4)?,
        action: action
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(Error::internal)?,
        expires_at: row.get(6)?,
        checks: row.get(7)?,
    })
}

pub(crate) async fn find(r: &Reader, id: PaymentId) -> Result<Option<Session>> {
    r.query_opt(
        "SELECT payment_id, provider, way, state, reference, action_secret, expires_at, checks \
         FROM payments_session WHERE payment_id = $1",
        params![id],
    )
    .await?
    .as_ref()
    .map(session)
    .transpose()
}

/// The payment a provider's own name stands for.
pub(crate) async fn find_by_reference(
    r: &Reader,
    provider: ProviderName,
    reference: &str,
) -> Result<Option<PaymentId>> {
    r.query_opt(
        "SELECT payment_id FROM payments_session WHERE provider = $1 AND reference = $2 \
         ORDER BY payment_id LIMIT 1",
        params![provider.as_str(), reference],
    )
    .await?
    .map(|row| row.get(0))
    .transpose()
}

/// Begins a conversation; false when there was one.
pub(crate) async fn begin(tx: &Tx, session: &Session, next_at: Time) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO payments_session (payment_id, provider, way, state, expires_at, checks, next_at, \
             created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $7) \
             ON CONFLICT (payment_id) DO NOTHING",
            params![
                session.payment_id,
                session.provider.as_str(),
                session.way.as_str(),
                session.state.as_str(),
                session.expires_at,
                next_at,
                tx.now()
            ],
        )
        .await?;
    Ok(added == 1)
}

/// The payer may come. An end that was written meanwhile stays.
pub(crate) async fn opened(tx: &Tx, id: PaymentId, opened: &Opened) -> Result<()> {
    let action = serde_json::to_string(&opened.action).map_err(Error::internal)?;
    tx.execute(
        "UPDATE payments_session SET state = 'open', action_secret = $2, \
         reference = COALESCE($3, reference), updated_at = $4 WHERE payment_id = $1 AND state <> 'over'",
        params![id, action, opened.reference.clone(), tx.now()],
    )
    .await?;
    Ok(())
}

/// The provider's own name, as soon as it is told.
pub(crate) async fn name(tx: &Tx, id: PaymentId, reference: &str) -> Result<()> {
    tx.execute(
        "UPDATE payments_session SET reference = $2, updated_at = $3 \
         WHERE payment_id = $1 AND reference IS NULL",
        params![id, reference, tx.now()],
    )
    .await?;
    Ok(())
}

/// Nothing more will be said; what the payer's device was told is forgotten.
pub(crate) async fn end(tx: &Tx, id: PaymentId) -> Result<()> {
    tx.execute(
        "UPDATE payments_session SET state = 'over', action_secret = NULL, updated_at = $2 \
         WHERE payment_id = $1",
        params![id, tx.now()],
    )
    .await?;
    Ok(())
}

/// To be looked at now.
pub(crate) async fn hurry(tx: &Tx, id: PaymentId) -> Result<()> {
    tx.execute(
        "UPDATE payments_session SET next_at = $2 WHERE payment_id = $1 AND state <> 'over'",
        params![id, tx.now()],
    )
    .await?;
    Ok(())
}

pub(crate) async fn due(r: &Reader, limit: i64) -> Result<Vec<PaymentId>> {
    r.query(
        "SELECT payment_id FROM payments_session WHERE state <> 'over' AND next_at <= $1 \
         ORDER BY next_at, payment_id LIMIT $2",
        params![r.now(), limit],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Takes the next look upon us; false when another process did.
pub(crate) async fn claim(tx: &Tx, id: PaymentId, checks: i64, next_at: Time) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE payments_session SET checks = checks + 1, next_at = $3, updated_at = $4 \
             WHERE payment_id = $1 AND checks = $2 AND state <> 'over'",
            params![id, checks, next_at, tx.now()],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps a proved message, or counts its repetition.
pub(crate) async fn keep_notice(
    tx: &Tx,
    provider: ProviderName,
    id: &str,
    kind: &str,
    outcome: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO payments_notice (provider, notice_id, kind, outcome, deliveries, received_at) \
         VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (provider, notice_id) DO UPDATE SET \
         deliveries = payments_notice.deliveries + 1",
        params![provider.as_str(), id, kind, outcome, tx.now()],
    )
    .await?;
    Ok(())
}
