//! SQL only.

use std::sync::LazyLock;

use base::{Money, OrderId, PaymentId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{Balance, ImportedPayment, Payment, PaymentState, ProviderName, Refund, RefundId};
use crate::reconcile::RefundOut;

const COLUMNS: &str = "id, order_id, provider, state, currency, amount_minor, captured_minor, refunded_minor, \
                       refunding_minor, version, created_at, label";

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM payments_payment WHERE id = $1"));

fn payment(row: &Row) -> Result<Payment> {
    Ok(Payment {
        id: row.get(0)?,
        order_id: row.get(1)?,
        provider: ProviderName::parse(&row.get::<String>(2)?)?,
        currency: row.get(4)?,
        balance: Balance {
            state: PaymentState::parse(&row.get::<String>(3)?)?,
            amount: row.get(5)?,
            captured: row.get(6)?,
            refunded: row.get(7)?,
            refunding: row.get(8)?,
        },
        version: row.get(9)?,
        created_at: row.get(10)?,
        label: row.get(11)?,
    })
}

/// `$from, $from+1, ..` for a list of `count`.
fn placeholders(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

pub(crate) async fn find(r: &Reader, id: PaymentId) -> Result<Option<Payment>> {
    r.query_opt(&FIND, params![id])
        .await?
        .as_ref()
        .map(payment)
        .transpose()
}

pub(crate) async fn of_orders(r: &Reader, orders: &[OrderId]) -> Result<Vec<Payment>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM payments_payment WHERE order_id IN ({}) ORDER BY created_at, id",
        placeholders(1, orders.len())
    );
    let values: Vec<Value> = orders.iter().map(|id| Value::from(*id)).collect();
    r.query(&sql, &values).await?.iter().map(payment).collect()
}

pub(crate) async fn insert(tx: &Tx, payment: &Payment) -> Result<()> {
    let b = payment.balance;
    tx.execute(
        "INSERT INTO payments_payment (id, order_id, provider, state, currency, amount_minor, captured_minor, \
         refunded_minor, refunding_minor, version, created_at, updated_at, label) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)",
        params![
            payment.id,
            payment.order_id,
            payment.provider.as_str(),
            b.state.as_str(),
            payment.currency,
            b.amount,
            b.captured,
            b.refunded,
            b.refunding,
            payment.version,
            payment.created_at,
            payment.label.clone()
        ],
    )
    .await?;
    Ok(())
}

/// Writes a new balance over the version it was computed from; false when somebody was faster.
pub(crate) async fn update(tx: &Tx, before: &Payment, after: &Balance) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE payments_payment SET state = $3, captured_minor = $4, refunded_minor = $5, \
             refunding_minor = $6, version = version + 1, updated_at = $7 WHERE id = $1 AND version = $2",
            params![
                before.id,
                before.version,
                after.state.as_str(),
                after.captured,
                after.refunded,
                after.refunding,
                tx.now()
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Adds a ledger entry; false when its key is taken, that is when it was recorded before.
pub(crate) async fn append(
    tx: &Tx,
    payment: PaymentId,
    dedupe_key: &str,
    kind: &str,
    amount_minor: i64,
    actor: &str,
) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO payments_entry (payment_id, dedupe_key, kind, amount_minor, actor, recorded_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (payment_id, dedupe_key) DO NOTHING",
            params![payment, dedupe_key, kind, amount_minor, actor, tx.now()],
        )
        .await?;
    Ok(added == 1)
}

pub(crate) async fn insert_refund(tx: &Tx, refund: &Refund, order: OrderId, source: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO payments_refund (id, payment_id, order_id, amount_minor, source, state, reference, \
         next_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7, $7, $7)",
        params![
            refund.id.as_str(),
            refund.payment_id,
            order,
            refund.amount.amount_minor,
            source,
            refund.reference.as_str(),
            tx.now()
        ],
    )
    .await?;
    Ok(())
}

/// Whether a document has asked for money of a payment.
pub(crate) async fn has_refund(r: &Reader, payment: PaymentId, source: &str) -> Result<bool> {
    let sql = "SELECT id FROM payments_refund WHERE payment_id = $1 AND source = $2";
    Ok(r.query_opt(sql, params![payment, source]).await?.is_some())
}

/// A refund that waits to be settled, with its payment.
pub(crate) async fn find_requested(r: &Reader, id: &RefundId) -> Result<Option<(Refund, Payment)>> {
    let Some(row) = r
        .query_opt(
            "SELECT payment_id, amount_minor, reference, tries FROM payments_refund \
             WHERE id = $1 AND state = 'requested'",
            params![id.as_str()],
        )
        .await?
    else {
        return Ok(None);
    };
    let (payment_id, amount): (PaymentId, i64) = (row.get(0)?, row.get(1)?);
    let Some(payment) = find(r, payment_id).await? else {
        return Ok(None);
    };
    let refund = Refund {
        id: id.clone(),
        payment_id,
        amount: Money::new(amount, payment.currency),
        reference: row.get(2)?,
        tries: row.get(3)?,
    };
    Ok(Some((refund, payment)))
}

/// The refund a provider names, wherever it stands.
pub(crate) async fn find_refund(r: &Reader, reference: &str) -> Result<Option<Refund>> {
    let row = r
        .query_opt(
            "SELECT r.id, r.payment_id, r.amount_minor, p.currency, r.reference, r.tries \
             FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id WHERE r.reference = $1",
            params![reference],
        )
        .await?;
    row.map(|row| {
        Ok(Refund {
            id: RefundId(row.get(0)?),
            payment_id: row.get(1)?,
            amount: Money::new(row.get(2)?, row.get(3)?),
            reference: row.get(4)?,
            tries: row.get(5)?,
        })
    })
    .transpose()
}

/// Takes the next asking upon us; false when another process did, or the answer came.
pub(crate) async fn claim_refund(tx: &Tx, refund: &Refund, next_at: Time) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE payments_refund SET tries = tries + 1, next_at = $3, updated_at = $4 \
             WHERE id = $1 AND tries = $2 AND state = 'requested'",
            params![refund.id.as_str(), refund.tries, next_at, tx.now()],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn requested_before(r: &Reader, before: Time, limit: i64) -> Result<Vec<RefundId>> {
    r.query(
        "SELECT id FROM payments_refund WHERE state = 'requested' AND next_at <= $1 \
         ORDER BY next_at, id LIMIT $2",
        params![before, limit],
    )
    .await?
    .iter()
    .map(|row| Ok(RefundId(row.get(0)?)))
    .collect()
}

/// Ends a refund; false when it had ended before.
pub(crate) async fn end_refund(
    tx: &Tx,
    id: &RefundId,
    state: &str,
    theirs: Option<&str>,
    failure: Option<&str>,
) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE payments_refund SET state = $2, provider_ref = $3, failure = $4, updated_at = $5 \
             WHERE id = $1 AND state = 'requested'",
            params![id.as_str(), state, theirs, failure, tx.now()],
        )
        .await?;
    Ok(changed == 1)
}

/// Refunds that were given up, the oldest first.
pub(crate) async fn failed_refunds(r: &Reader) -> Result<Vec<RefundOut>> {
    r.query(
        "SELECT r.id, r.payment_id, r.order_id, p.provider, r.amount_minor, p.currency, r.failure, r.updated_at \
         FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id \
         WHERE r.state = 'failed' ORDER BY r.updated_at, r.id LIMIT 100",
        params![],
    )
    .await?
    .iter()
    .map(|row| {
        let reason: Option<String> = row.get(6)?;
        Ok(RefundOut {
            id: row.get(0)?,
            payment_id: row.get(1)?,
            order_id: row.get(2)?,
            provider: ProviderName::parse(&row.get::<String>(3)?)?,
            amount: Money::new(row.get(4)?, row.get(5)?),
            reason: reason.unwrap_or_default(),
            failed_at: row.get(7)?,
        })
    })
    .collect()
}

/// Puts a refund that was given up on its way again under a new name; false when there is none.
pub(crate) async fn retry_refund(tx: &Tx, id: &RefundId) -> Result<bool> {
    let Some(row) = tx
        .query_opt(
            "SELECT round FROM payments_refund WHERE id = $1 AND state = 'failed'",
            params![id.as_str()],
        )
        .await?
    else {
        return Ok(false);
    };
    let round: i64 = row.get(0)?;
    let changed = tx
        .execute(
            "UPDATE payments_refund SET state = 'requested', round = round + 1, reference = $3, tries = 0, \
             next_at = $4, updated_at = $4 WHERE id = $1 AND round = $2 AND state = 'failed'",
            params![id.as_str(), round, id.reference(round + 1), tx.now()],
        )
        .await?;
    Ok(changed == 1)
}

/// Payments of another system with their entries, many at a time; rows already there stay as they are.
pub(crate) async fn import(tx: &Tx, rows: &[(ImportedPayment, PaymentState)]) -> Result<u64> {
    let payments: Vec<Vec<Value>> = rows
        .iter()
        .map(|(p, state)| {
            vec![
                p.id.into(),
                p.order_id.into(),
                p.provider.as_str().into(),
                state.as_str().into(),
                p.amount.currency.into(),
                p.amount.amount_minor.into(),
                p.amount.amount_minor.into(),
                p.refunded_minor.into(),
                0_i64.into(),
                1_i64.into(),
                p.paid_at.into(),
                p.paid_at.into(),
            ]
        })
        .collect();
    let mut entries = Vec::with_capacity(rows.len() * 2);
    let entry = |p: &ImportedPayment, kind: &str, amount: i64| -> Vec<Value> {
        vec![
            p.id.into(),
            format!("import:{kind}").into(),
            kind.to_owned().into(),
            amount.into(),
            "system:import".into(),
            p.paid_at.into(),
        ]
    };
    for (p, _) in rows {
        entries.push(entry(p, "captured", p.amount.amount_minor));
        if p.refunded_minor > 0 {
            entries.push(entry(p, "refunded", p.refunded_minor));
        }
    }
    let added = tx
        .insert_many(
            "payments_payment (id, order_id, provider, state, currency, amount_minor, captured_minor, \
             refunded_minor, refunding_minor, version, created_at, updated_at)",
            &payments,
            "ON CONFLICT (id) DO NOTHING",
        )
        .await?;
    tx.insert_many(
        "payments_entry (payment_id, dedupe_key, kind, amount_minor, actor, recorded_at)",
        &entries,
        "ON CONFLICT (payment_id, dedupe_key) DO NOTHING",
    )
    .await?;
    Ok(added)
}

/// Payments whose amounts are not the sums of their entries.
pub(crate) async fn drift(r: &Reader) -> Result<i64> {
    r.query_one(
        "SELECT COUNT(*) FROM payments_payment p LEFT JOIN (\
             SELECT payment_id, \
                 COALESCE(MAX(amount_minor) FILTER (WHERE kind = 'captured'), 0) AS captured, \
                 CAST(COALESCE(SUM(amount_minor) FILTER (WHERE kind = 'refunded'), 0) AS BIGINT) AS refunded \
             FROM payments_entry GROUP BY payment_id) e ON e.payment_id = p.id \
         WHERE p.refunded_minor <> COALESCE(e.refunded, 0) \
            OR (p.captured_minor <> COALESCE(e.captured, 0) \
                AND p.captured_minor <> p.refunded_minor + p.refunding_minor)",
        params![],
    )
    .await?
    .get(0)
}
