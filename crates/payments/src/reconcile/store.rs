//! SQL only.

use std::collections::HashSet;

use base::{Currency, Money, Result, Time};
use db::{Reader, Row as DbRow, Tx, Value, params};

use super::{Compared, Decision, MatchId, Ours, Outcome, Row};
use crate::model::ProviderName;
use crate::statement::{Day, LineKind, StatementLine};

const COLUMNS: &str = "id, provider, day, kind, subject, outcome, payment_id, order_id, theirs, our_minor, \
                       their_minor, fee_minor, currency, booked_at, decision, note, decided_by, decided_at";

fn row(row: &DbRow) -> Result<Row> {
    let decision: Option<String> = row.get(14)?;
    Ok(Row {
        id: row.get(0)?,
        provider: ProviderName::parse(&row.get::<String>(1)?)?,
        day: row.get(2)?,
        compared: Compared {
            kind: LineKind::parse(&row.get::<String>(3)?)?,
            subject: row.get(4)?,
            outcome: Outcome::parse(&row.get::<String>(5)?)?,
            payment_id: row.get(6)?,
            order_id: row.get(7)?,
            theirs: row.get(8)?,
            our_minor: row.get(9)?,
            their_minor: row.get(10)?,
            fee_minor: row.get(11)?,
            currency: row.get(12)?,
            at: row.get(13)?,
        },
        decision: decision.as_deref().map(Decision::parse).transpose()?,
        note: row.get(15)?,
        decided_by: row.get(16)?,
        decided_at: row.get(17)?,
    })
}

/// Takes the place of the day's statement before.
pub(super) async fn replace(
    tx: &Tx,
    provider: ProviderName,
    day: Day,
    source: &str,
    actor: &str,
    lines: &[StatementLine],
) -> Result<()> {
    let (name, day) = (provider.as_str(), day.to_string());
    tx.execute(
        "DELETE FROM payments_statement_line WHERE provider = $1 AND day = $2",
        params![name, day.as_str()],
    )
    .await?;
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO payments_statement (provider, day, source, lines, actor, loaded_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (provider, day) DO UPDATE SET source = excluded.source, \
         lines = excluded.lines, actor = excluded.actor, loaded_at = excluded.loaded_at",
        params![name, day.as_str(), source, count, actor, tx.now()],
    )
    .await?;
    let rows: Vec<Vec<Value>> = lines
        .iter()
        .zip(1_i64..)
        .map(|(line, number)| {
            vec![
                name.into(),
                day.as_str().into(),
                number.into(),
                line.kind.as_str().into(),
                line.ours.clone().into(),
                line.theirs.clone().into(),
                line.amount.amount_minor.into(),
                line.fee_minor.into(),
                line.amount.currency.into(),
                line.at.into(),
            ]
        })
        .collect();
    tx.insert_many(
        "payments_statement_line (provider, day, line, kind, ours, theirs, amount_minor, fee_minor, currency, \
         booked_at)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

/// The lines of a day; none when its statement was never loaded.
pub(super) async fn lines(
    r: &Reader,
    provider: ProviderName,
    day: Day,
) -> Result<Option<Vec<StatementLine>>> {
    let (name, day) = (provider.as_str(), day.to_string());
    let loaded = r
        .query_opt(
            "SELECT lines FROM payments_statement WHERE provider = $1 AND day = $2",
            params![name, day.as_str()],
        )
        .await?;
    if loaded.is_none() {
        return Ok(None);
    }
    let rows = r
        .query(
            "SELECT line, kind, ours, theirs, amount_minor, fee_minor, currency, booked_at \
             FROM payments_statement_line WHERE provider = $1 AND day = $2 ORDER BY line",
            params![name, day.as_str()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let currency: Currency = row.get(6)?;
            Ok(StatementLine {
                line: u64::try_from(row.get::<i64>(0)?).unwrap_or(0),
                kind: LineKind::parse(&row.get::<String>(1)?)?,
                ours: row.get(2)?,
                theirs: row.get(3)?,
                amount: Money::new(row.get(4)?, currency),
                fee_minor: row.get(5)?,
                at: row.get(7)?,
            })
        })
        .collect::<Result<Vec<_>>>()
        .map(Some)
}

/// What our books say of a provider's payments and refunds between two instants.
pub(super) async fn ours(r: &Reader, provider: ProviderName, from: Time, to: Time) -> Result<Vec<Ours>> {
    let payments = r
        .query(
            "SELECT p.id, s.reference, p.id, p.order_id, e.amount_minor, p.currency, e.recorded_at \
             FROM payments_entry e JOIN payments_payment p ON p.id = e.payment_id \
             LEFT JOIN payments_session s ON s.payment_id = p.id \
             WHERE e.kind = 'captured' AND p.provider = $1 AND e.recorded_at >= $2 AND e.recorded_at < $3 \
             ORDER BY e.recorded_at, p.id",
            params![provider.as_str(), from, to],
        )
        .await?;
    let refunds = r
        .query(
            "SELECT COALESCE(f.reference, e.dedupe_key), COALESCE(f.provider_ref, e.dedupe_key), p.id, \
             p.order_id, e.amount_minor, p.currency, e.recorded_at \
             FROM payments_entry e JOIN payments_payment p ON p.id = e.payment_id \
             LEFT JOIN payments_refund f ON f.payment_id = p.id AND e.dedupe_key = 'refund:' || f.id \
             WHERE e.kind = 'refunded' AND p.provider = $1 AND e.recorded_at >= $2 AND e.recorded_at < $3 \
             ORDER BY e.recorded_at, p.id, e.dedupe_key",
            params![provider.as_str(), from, to],
        )
        .await?;
    let read = |rows: &[DbRow], kind: LineKind| -> Result<Vec<Ours>> {
        rows.iter()
            .map(|row| {
                let theirs: Option<String> = row.get(1)?;
                Ok(Ours {
                    kind,
                    name: row.get(0)?,
                    // The key of a refund made outside holds the provider's own name for it.
                    theirs: theirs
                        .map(|text| text.strip_prefix("outside:").map_or(text.clone(), str::to_owned)),
                    payment_id: row.get(2)?,
                    order_id: row.get(3)?,
                    amount: Money::new(row.get(4)?, row.get(5)?),
                    at: row.get(6)?,
                })
            })
            .collect()
    };
    let mut all = read(&payments, LineKind::Payment)?;
    all.extend(read(&refunds, LineKind::Refund)?);
    Ok(all)
}

/// Keeps the rows of a day. A decision stays where the row still differs the same way; rows that are gone go,
/// unless somebody had decided about them.
pub(super) async fn keep(
    tx: &Tx,
    provider: ProviderName,
    day: Day,
    rows: &[Compared],
    run: Time,
) -> Result<()> {
    let (name, day) = (provider.as_str(), day.to_string());
    let values: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            vec![
                MatchId::new().into(),
                name.into(),
                day.as_str().into(),
                row.kind.as_str().into(),
                row.subject.clone().into(),
                row.outcome.as_str().into(),
                row.payment_id.into(),
                row.order_id.into(),
                row.theirs.clone().into(),
                row.our_minor.into(),
                row.their_minor.into(),
                row.fee_minor.into(),
                row.currency.into(),
                row.at.into(),
                run.into(),
            ]
        })
        .collect();
    tx.insert_many(
        "payments_match (id, provider, day, kind, subject, outcome, payment_id, order_id, theirs, our_minor, \
         their_minor, fee_minor, currency, booked_at, compared_at)",
        &values,
        "ON CONFLICT (provider, day, kind, subject) DO UPDATE SET \
         decision = CASE WHEN payments_match.outcome = excluded.outcome \
             AND payments_match.our_minor IS NOT DISTINCT FROM excluded.our_minor \
             AND payments_match.their_minor IS NOT DISTINCT FROM excluded.their_minor \
             THEN payments_match.decision ELSE NULL END, \
         outcome = excluded.outcome, payment_id = excluded.payment_id, order_id = excluded.order_id, \
         theirs = excluded.theirs, our_minor = excluded.our_minor, their_minor = excluded.their_minor, \
         fee_minor = excluded.fee_minor, currency = excluded.currency, booked_at = excluded.booked_at, \
         compared_at = excluded.compared_at",
    )
    .await?;
    let undecided = tx
        .query(
            "SELECT id, kind, subject FROM payments_match WHERE provider = $1 AND day = $2 AND decision IS NULL",
            params![name, day.as_str()],
        )
        .await?;
    let stays: HashSet<(&str, &str)> = rows
        .iter()
        .map(|row| (row.kind.as_str(), row.subject.as_str()))
        .collect();
    let mut gone = Vec::new();
    for row in &undecided {
        let (id, kind, subject): (MatchId, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if !stays.contains(&(kind.as_str(), subject.as_str())) {
            gone.push(vec![id.into()]);
        }
    }
    tx.execute_many("DELETE FROM payments_match WHERE id = $1", &gone)
        .await?;
    Ok(())
}

pub(super) async fn find(r: &Reader, id: MatchId) -> Result<Option<Row>> {
    let sql = format!("SELECT {COLUMNS} FROM payments_match WHERE id = $1");
    r.query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(row)
        .transpose()
}

pub(super) async fn decide(tx: &Tx, id: MatchId, decision: Decision, note: &str, actor: &str) -> Result<()> {
    tx.execute(
        "UPDATE payments_match SET decision = $2, note = $3, decided_by = $4, decided_at = $5 WHERE id = $1",
        params![id, decision.as_str(), note, actor, tx.now()],
    )
    .await?;
    Ok(())
}

/// Rows, the newest first; `open` keeps those that wait for a decision.
pub(super) async fn list(
    r: &Reader,
    provider: Option<ProviderName>,
    outcome: Option<Outcome>,
    open: bool,
    after: Option<(Time, MatchId)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM payments_match \
         WHERE ($1 IS NULL OR provider = $1) AND ($2 IS NULL OR outcome = $2) \
           AND (NOT $3 OR (outcome <> 'matched' AND decision IS NULL)) \
           AND ($4 IS NULL OR booked_at < $4 OR (booked_at = $4 AND id < $5)) \
         ORDER BY booked_at DESC, id DESC LIMIT $6"
    );
    let (at, id) = after.unzip();
    r.query(
        &sql,
        params![
            provider.map(ProviderName::as_str),
            outcome.map(Outcome::as_str),
            open,
            at,
            id,
            limit
        ],
    )
    .await?
    .iter()
    .map(row)
    .collect()
}

/// What a day came to.
pub(super) struct Counted {
    pub(super) provider: ProviderName,
    pub(super) day: String,
    pub(super) source: String,
    pub(super) lines: i64,
    pub(super) actor: String,
    pub(super) loaded_at: Time,
    pub(super) matched: i64,
    pub(super) differing: i64,
    pub(super) open: i64,
}

/// Days with a statement, the newest first.
pub(super) async fn days(
    r: &Reader,
    provider: Option<ProviderName>,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<Counted>> {
    let (day, name) = after.unzip();
    let rows = r
        .query(
            "SELECT s.provider, s.day, s.source, s.lines, s.actor, s.loaded_at, \
             COUNT(m.id) FILTER (WHERE m.outcome = 'matched'), \
             COUNT(m.id) FILTER (WHERE m.outcome <> 'matched'), \
             COUNT(m.id) FILTER (WHERE m.outcome <> 'matched' AND m.decision IS NULL) \
             FROM payments_statement s LEFT JOIN payments_match m ON m.provider = s.provider AND m.day = s.day \
             WHERE ($1 IS NULL OR s.provider = $1) \
               AND ($2 IS NULL OR s.day < $2 OR (s.day = $2 AND s.provider > $3)) \
             GROUP BY s.provider, s.day, s.source, s.lines, s.actor, s.loaded_at \
             ORDER BY s.day DESC, s.provider LIMIT $4",
            params![provider.map(ProviderName::as_str), day, name, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Counted {
                provider: ProviderName::parse(&row.get::<String>(0)?)?,
                day: row.get(1)?,
                source: row.get(2)?,
                lines: row.get(3)?,
                actor: row.get(4)?,
                loaded_at: row.get(5)?,
                matched: row.get(6)?,
                differing: row.get(7)?,
                open: row.get(8)?,
            })
        })
        .collect()
}
