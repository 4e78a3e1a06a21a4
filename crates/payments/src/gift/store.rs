//! SQL of gift cards. No decisions.

use base::{Currency, Money, OrderId, PaymentId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use super::model::{
    GiftAccount, GiftAccountsOut, GiftCard, GiftCardId, GiftCardState, GiftEntryKind, GiftEntryOut,
};
use crate::model::Payment;

const COLUMNS: &str = "id, last4, currency, state, balance_minor, held_minor, expires_at, tries, locked_until_at, \
                       note, created_at";

fn card(row: &Row) -> Result<GiftCard> {
    Ok(GiftCard {
        id: row.get(0)?,
        last4: row.get(1)?,
        currency: row.get(2)?,
        state: GiftCardState::parse(row.text(3)?)?,
        balance: row.get(4)?,
        held: row.get(5)?,
        expires_at: row.get(6)?,
        tries: row.get(7)?,
        locked_until: row.get(8)?,
        note: row.get(9)?,
        created_at: row.get(10)?,
    })
}

/// Makes cards with what is on them; each comes with what its number is found by.
pub(crate) async fn insert(tx: &Tx, cards: &[(GiftCard, [u8; 32])]) -> Result<()> {
    let rows: Vec<Vec<Value>> = cards
        .iter()
        .map(|(card, number_hash)| {
            params![
                card.id,
                number_hash.to_vec(),
                card.last4.as_str(),
                card.currency,
                card.state.as_str(),
                card.balance,
                card.held,
                card.expires_at,
                card.tries,
                card.locked_until,
                card.note.clone(),
                card.created_at,
                card.created_at
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "payments_gift_card (id, number_hash, last4, currency, state, balance_minor, held_minor, expires_at, tries, \
         locked_until_at, note, created_at, updated_at)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

pub(crate) async fn find(r: &Reader, id: GiftCardId) -> Result<Option<GiftCard>> {
    let sql = format!("SELECT {COLUMNS} FROM payments_gift_card WHERE id = $1");
    r.query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(card)
        .transpose()
}

pub(crate) async fn find_by_number(r: &Reader, number_hash: [u8; 32]) -> Result<Option<GiftCard>> {
    let sql = format!("SELECT {COLUMNS} FROM payments_gift_card WHERE number_hash = $1");
    let row = r.query_opt(&sql, params![number_hash.to_vec()]).await?;
    row.as_ref().map(card).transpose()
}

/// Cards, the newest first, after the last one seen.
pub(crate) async fn list(
    r: &Reader,
    last4: Option<&str>,
    after: Option<(Time, GiftCardId)>,
    limit: i64,
) -> Result<Vec<GiftCard>> {
    let (at, id) = after.map_or((None, None), |(at, id)| (Some(at), Some(id)));
    let sql = format!(
        "SELECT {COLUMNS} FROM payments_gift_card WHERE ($1 IS NULL OR last4 = $1) \
         AND ($2 IS NULL OR (created_at, id) < ($2, $3)) ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    let values = params![last4.map(str::to_owned), at, id, limit];
    r.query(&sql, values).await?.iter().map(card).collect()
}

pub(crate) async fn entries(r: &Reader, of: &GiftCard, limit: i64) -> Result<Vec<GiftEntryOut>> {
    let sql = "SELECT c.kind, c.amount_minor, c.balance_after, o.account, c.order_id, c.actor, c.recorded_at \
               FROM payments_gift_entry c JOIN payments_gift_entry o ON o.card_id = c.card_id \
                   AND o.dedupe_key = c.dedupe_key AND o.account <> 'card' \
               WHERE c.card_id = $1 AND c.account = 'card' ORDER BY c.recorded_at DESC, c.dedupe_key DESC LIMIT $2";
    let rows = r.query(sql, params![of.id, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(GiftEntryOut {
                kind: GiftEntryKind::parse(row.text(0)?)?,
                amount: Money::new(row.get(1)?, of.currency),
                balance_after: Money::new(row.get(2)?, of.currency),
                account: GiftAccount::parse(row.text(3)?)?,
                order_id: row.get(4)?,
                actor: row.get(5)?,
                at: row.get(6)?,
            })
        })
        .collect()
}

/// What is owed on cards, by currency.
pub(crate) async fn accounts(r: &Reader) -> Result<Vec<GiftAccountsOut>> {
    let kept = r
        .query(
            "SELECT c.currency, CAST(SUM(h.amount_minor) AS BIGINT) FROM payments_gift_hold h \
             JOIN payments_gift_card c ON c.id = h.card_id \
             WHERE h.state = 'kept' AND (h.expires_at IS NULL OR h.expires_at > $1) \
             GROUP BY c.currency ORDER BY c.currency",
            params![r.now()],
        )
        .await?;
    let kept = kept
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect::<Result<Vec<(Currency, i64)>>>()?;
    let rows = r
        .query(
            "SELECT c.currency, \
                 CAST(COALESCE(SUM(e.amount_minor) FILTER (WHERE e.account = 'card'), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(e.amount_minor) FILTER (WHERE e.account IN ('cash', 'terminal')), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(e.amount_minor) FILTER (WHERE e.account IN ('goodwill', 'migration')), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(e.amount_minor) FILTER (WHERE e.account = 'orders'), 0) AS BIGINT) \
             FROM payments_gift_entry e JOIN payments_gift_card c ON c.id = e.card_id \
             GROUP BY c.currency ORDER BY c.currency",
            params![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let currency: Currency = row.get(0)?;
            let money = |minor: i64| Money::new(minor, currency);
            let held = kept
                .iter()
                .find(|(of, _)| *of == currency)
                .map_or(0, |(_, held)| *held);
            Ok(GiftAccountsOut {
                owed: money(row.get(1)?),
                held: money(held),
                // The other side of what came onto cards is below zero.
                sold: money(-row.get::<i64>(2)?),
                given: money(-row.get::<i64>(3)?),
                used: money(row.get(4)?),
            })
        })
        .collect()
}

/// Remembers tries of a PIN.
pub(crate) async fn tried(tx: &Tx, id: GiftCardId, tries: i64, locked_until: Option<Time>) -> Result<()> {
    let sql = "UPDATE payments_gift_card SET tries = $2, locked_until_at = $3, updated_at = $4 WHERE id = $1";
    tx.execute(sql, params![id, tries, locked_until, tx.now()])
        .await?;
    Ok(())
}

pub(crate) async fn set_state(tx: &Tx, id: GiftCardId, state: GiftCardState, note: &str) -> Result<()> {
    let sql = "UPDATE payments_gift_card SET state = $2, note = $3, updated_at = $4 WHERE id = $1";
    tx.execute(sql, params![id, state.as_str(), note, tx.now()])
        .await?;
    Ok(())
}

/// One movement of a card's money.
pub(crate) struct Entry {
    pub(crate) card: GiftCardId,
    /// Names the document that moved it.
    pub(crate) key: String,
    pub(crate) kind: GiftEntryKind,
    /// The other side.
    pub(crate) account: GiftAccount,
    /// What it does to the card.
    pub(crate) amount: i64,
    pub(crate) balance_after: i64,
    pub(crate) order: Option<OrderId>,
    pub(crate) actor: String,
}

/// Writes both sides of movements down, after the balances were changed. A document that moved the card before is
/// a unique violation.
pub(crate) async fn append(tx: &Tx, entries: &[Entry]) -> Result<()> {
    let side = |entry: &Entry, account: &str, amount: i64, after: Option<i64>| {
        params![
            entry.card,
            entry.key.as_str(),
            account,
            entry.kind.as_str(),
            amount,
            after,
            entry.order,
            entry.actor.as_str(),
            tx.now()
        ]
        .to_vec()
    };
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .flat_map(|entry| {
            [
                side(entry, "card", entry.amount, Some(entry.balance_after)),
                side(entry, entry.account.as_str(), -entry.amount, None),
            ]
        })
        .collect();
    tx.insert_many(
        "payments_gift_entry (card_id, dedupe_key, account, kind, amount_minor, balance_after, order_id, actor, \
         recorded_at)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

/// Puts an amount on a card and tells what is on it then. One that would run out before `lasts_until` lasts till then.
pub(crate) async fn add(tx: &Tx, id: GiftCardId, amount: i64, lasts_until: Option<Time>) -> Result<i64> {
    let sql = "UPDATE payments_gift_card SET balance_minor = balance_minor + $2, updated_at = $3, \
               expires_at = CASE WHEN expires_at < $4 THEN $4 ELSE expires_at END \
               WHERE id = $1 RETURNING balance_minor";
    balance(
        tx.query_write(sql, params![id, amount, tx.now(), lasts_until])
            .await?,
        id,
    )
}

/// Takes an amount that was kept off a card, and tells what is on it then.
pub(crate) async fn spend(tx: &Tx, id: GiftCardId, amount: i64) -> Result<i64> {
    let sql = "UPDATE payments_gift_card SET held_minor = held_minor - $2, balance_minor = balance_minor - $2, \
               updated_at = $3 WHERE id = $1 RETURNING balance_minor";
    balance(tx.query_write(sql, params![id, amount, tx.now()]).await?, id)
}

fn balance(rows: Vec<Row>, id: GiftCardId) -> Result<i64> {
    let row = rows
        .first()
        .ok_or_else(|| base::Error::not_found("gift card", id))?;
    row.get(0)
}

/// A part of a card kept for a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Held {
    pub(crate) payment_id: PaymentId,
    pub(crate) card_id: GiftCardId,
    pub(crate) order_id: OrderId,
    pub(crate) amount: i64,
    pub(crate) state: String,
}

const HELD_COLUMNS: &str = "payment_id, card_id, order_id, amount_minor, state";

fn held(row: &Row) -> Result<Held> {
    Ok(Held {
        payment_id: row.get(0)?,
        card_id: row.get(1)?,
        order_id: row.get(2)?,
        amount: row.get(3)?,
        state: row.get(4)?,
    })
}

/// Keeps an amount of a card; false when it has not so much left, or does not pay.
pub(crate) async fn keep(tx: &Tx, id: GiftCardId, amount: i64) -> Result<bool> {
    let sql = "UPDATE payments_gift_card SET held_minor = held_minor + $2, updated_at = $3 WHERE id = $1 \
               AND state = 'active' AND (expires_at IS NULL OR expires_at > $3) AND balance_minor - held_minor >= $2";
    Ok(tx.execute(sql, params![id, amount, tx.now()]).await? == 1)
}

/// Lets an amount of a card go.
pub(crate) async fn let_go(tx: &Tx, id: GiftCardId, amount: i64) -> Result<()> {
    let sql = "UPDATE payments_gift_card SET held_minor = held_minor - $2, updated_at = $3 WHERE id = $1";
    tx.execute(sql, params![id, amount, tx.now()]).await?;
    Ok(())
}

pub(crate) async fn hold_insert(
    tx: &Tx,
    payment: &Payment,
    card: GiftCardId,
    expires_at: Option<Time>,
) -> Result<()> {
    let sql = "INSERT INTO payments_gift_hold (payment_id, card_id, order_id, amount_minor, state, expires_at, \
               created_at, updated_at) VALUES ($1, $2, $3, $4, 'kept', $5, $6, $6)";
    let values = params![
        payment.id,
        card,
        payment.order_id,
        payment.balance.amount,
        expires_at,
        tx.now()
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

pub(crate) async fn hold_of(r: &Reader, payment: PaymentId) -> Result<Option<Held>> {
    let sql = format!("SELECT {HELD_COLUMNS} FROM payments_gift_hold WHERE payment_id = $1");
    let row = r.query_opt(&sql, params![payment]).await?;
    row.as_ref().map(held).transpose()
}

/// The payments that cards keep something for in an order's name.
pub(crate) async fn kept_of_order(r: &Reader, order: OrderId) -> Result<Vec<PaymentId>> {
    let sql = "SELECT payment_id FROM payments_gift_hold WHERE order_id = $1 AND state = 'kept' ORDER BY payment_id";
    let rows = r.query(sql, params![order]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Takes a hold from one state to another; nothing when it is not in that state.
pub(crate) async fn hold_step(tx: &Tx, payment: PaymentId, from: &str, to: &str) -> Result<Option<Held>> {
    let sql = format!(
        "UPDATE payments_gift_hold SET state = $3, updated_at = $4 WHERE payment_id = $1 AND state = $2 \
         RETURNING {HELD_COLUMNS}"
    );
    let rows = tx.query_write(&sql, params![payment, from, to, tx.now()]).await?;
    rows.first().map(held).transpose()
}

/// Keeps until another instant what is kept for a payment; false when nothing is.
pub(crate) async fn extend(tx: &Tx, payment: PaymentId, until: Time) -> Result<bool> {
    let sql = "UPDATE payments_gift_hold SET expires_at = $2, updated_at = $3 WHERE payment_id = $1 AND state = 'kept'";
    Ok(tx.execute(sql, params![payment, until, tx.now()]).await? == 1)
}

/// Lets holds on a card go whose time is over; tells how much they were.
pub(crate) async fn release_run_out(tx: &Tx, card: GiftCardId) -> Result<i64> {
    let sql = "UPDATE payments_gift_hold SET state = 'released', updated_at = $2 WHERE card_id = $1 \
               AND state = 'kept' AND expires_at <= $2 RETURNING amount_minor";
    let rows = tx.query_write(sql, params![card, tx.now()]).await?;
    rows.iter().map(|row| row.get::<i64>(0)).sum()
}

/// What is kept of a card by holds whose time is over.
pub(crate) async fn run_out(r: &Reader, card: GiftCardId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM payments_gift_hold \
               WHERE card_id = $1 AND state = 'kept' AND expires_at <= $2";
    r.query_one(sql, params![card, r.now()]).await?.get(0)
}

/// Movements whose sides do not sum to zero, and cards whose balance is not the sum of their entries or whose holds
/// are not the sum of what is kept.
pub(crate) async fn drift(r: &Reader) -> Result<i64> {
    let sides = "SELECT COUNT(*) FROM (SELECT card_id, dedupe_key FROM payments_gift_entry \
                 GROUP BY card_id, dedupe_key HAVING SUM(amount_minor) <> 0) u";
    let cards = "SELECT COUNT(*) FROM payments_gift_card c WHERE c.balance_minor <> \
                     (SELECT CAST(COALESCE(SUM(e.amount_minor), 0) AS BIGINT) FROM payments_gift_entry e \
                      WHERE e.card_id = c.id AND e.account = 'card') \
                 OR c.held_minor <> (SELECT CAST(COALESCE(SUM(h.amount_minor), 0) AS BIGINT) \
                      FROM payments_gift_hold h WHERE h.card_id = c.id AND h.state = 'kept')";
    let sides: i64 = r.query_one(sides, params![]).await?.get(0)?;
    let cards: i64 = r.query_one(cards, params![]).await?.get(0)?;
    Ok(sides + cards)
}
