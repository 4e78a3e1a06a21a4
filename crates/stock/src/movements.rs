//! Recording movements: the only way a balance changes for good.

use std::collections::HashSet;

use base::{Ctx, HoldId, MovementId, Result, Time};
use db::Tx;
use futures_util::future::{try_join, try_join_all};

use crate::error::PROMISED;
use crate::events::{MovementRecorded, ShortfallRaised};
use crate::hands::Hands;
use crate::ledger_store::{self, NewRow};
use crate::model::{Hold, HoldLine, Key, Movement, MovementRow, NewMovement, Rejection};
use crate::rules::{self, Change, Entry};
use crate::{balance_store, counts, hold_store, holds, presales};

/// The most owners a shortfall names.
const SHORTFALL_MAX_OWNERS: i64 = 100;

/// What rejecting a pick has done.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The hold, less what was rejected.
    pub hold: Hold,
    /// How the book was corrected.
    pub movements: Vec<Movement>,
}

/// The words that go with entries of the ledger.
#[derive(Clone, Copy, Default)]
pub(crate) struct Words<'a> {
    pub(crate) reason: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) occurred_at: Option<Time>,
}

/// Adds entries to the ledger and announces them.
pub(crate) async fn enter(tx: &Tx, ctx: &Ctx, entries: &[Entry], words: Words<'_>) -> Result<Vec<Movement>> {
    let rows: Vec<NewRow> = entries
        .iter()
        .map(|entry| {
            let movement = Movement {
                id: MovementId::new(),
                kind: entry.kind,
                sku_id: entry.key.sku_id,
                place_id: entry.key.place_id,
                quantity: entry.quantity(),
                reason: words.reason.map(str::to_owned),
                source: words.source.map(str::to_owned),
                note: words.note.map(str::to_owned),
                actor: ctx.actor.to_string(),
                occurred_at: words.occurred_at.unwrap_or(tx.now()),
                recorded_at: tx.now(),
            };
            NewRow {
                movement,
                change: entry.change,
            }
        })
        .collect();
    let events: Vec<MovementRecorded> = rows
        .iter()
        .map(|row| MovementRecorded {
            movement: row.movement.clone(),
        })
        .collect();
    let told = try_join_all(events.iter().map(|event| bus::emit(tx, ctx, event)));
    try_join(ledger_store::movements_insert(tx, &rows), told).await?;
    Ok(rows.into_iter().map(|row| row.movement).collect())
}

/// Records one movement; a transfer writes two entries.
pub(crate) async fn record(tx: &Tx, ctx: &Ctx, movement: &NewMovement) -> Result<Vec<Movement>> {
    rules::check(movement)?;
    let key = movement.key();
    let keys = rules::keys_of(movement);
    balance_store::balances_ensure(tx, &keys).await?;
    let mut hands = Hands::take(tx, keys).await?;
    let before = hands.now.get(&key).copied().unwrap_or_default();
    let entries = rules::entries(movement, before)?;
    for entry in &entries {
        let mut outcome = hands.apply(entry.key, entry.change, movement.overriding);
        // What stands in the way may have run out.
        if outcome.as_ref().is_err_and(|refusal| refusal.is(&PROMISED))
            && hands.lapse(tx, [entry.key]).await?
        {
            outcome = hands.apply(entry.key, entry.change, movement.overriding);
        }
        if let Err(refusal) = outcome {
            hands.put(tx, ctx).await?;
            return Err(refusal);
        }
    }
    let words = Words {
        reason: movement.reason.as_deref(),
        source: movement.source.as_deref(),
        note: movement.note.as_deref(),
        // A clock that runs ahead cannot record the future.
        occurred_at: movement.occurred_at.map(|at| at.min(tx.now())),
    };
    let mut written = enter(tx, ctx, &entries, words).await?;
    if let Some(happened_at) = words.occurred_at {
        for entry in &entries {
            let delta = entry.change.on_hand;
            written.extend(counts::tell(tx, ctx, &mut hands, entry.key, happened_at, delta, None).await?);
        }
    }
    let after = hands.now.get(&key).copied().unwrap_or_default();
    hands.put(tx, ctx).await?;
    if after.shortfall > before.shortfall {
        raise_shortfall(tx, ctx, key, after.shortfall, movement.reason.as_deref()).await?;
    }
    if after.available() > before.available() {
        presales::fill(tx, ctx, &[key]).await?;
    }
    Ok(written)
}

/// Announces that less is there than was promised, and to whom.
pub(crate) async fn raise_shortfall(
    tx: &Tx,
    ctx: &Ctx,
    key: Key,
    shortfall: i64,
    reason: Option<&str>,
) -> Result<()> {
    let event = ShortfallRaised {
        sku_id: key.sku_id,
        place_id: key.place_id,
        shortfall,
        reason: reason.map(str::to_owned),
        owners: hold_store::owners_at(tx, key, SHORTFALL_MAX_OWNERS).await?,
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(())
}

/// Gives back lines of a hold that a place cannot serve, and corrects that place's book. Empty `lines` means
/// all that is outstanding.
pub(crate) async fn reject(
    tx: &Tx,
    ctx: &Ctx,
    id: HoldId,
    lines: &[HoldLine],
    why: Rejection,
    note: Option<&str>,
) -> Result<Rejected> {
    let mut open = holds::Open::read(tx, id, []).await?;
    let lines = open.give_back(lines)?;
    let mut entries = Vec::new();
    for line in &lines {
        let balance = open.hands.now.get(&line.key()).copied().unwrap_or_default();
        if let Some(entry) = rules::rejected(line.key(), balance, line.quantity, why) {
            open.hands.apply(entry.key, entry.change, false)?;
            entries.push(entry);
        }
    }
    let source = open.hold.owner.clone();
    let words = Words {
        reason: Some(why.as_str()),
        source: Some(&source),
        note,
        occurred_at: None,
    };
    let movements = enter(tx, ctx, &entries, words).await?;
    let hold = open.close_released(tx, ctx, lines).await?;
    Ok(Rejected { hold, movements })
}

/// Takes over entries of another system's ledger as they are: nothing is refused for lack of stock, what goes
/// below zero stands in `shortfall`. One unit of a few thousand rows is a good size. Rows whose identifier is
/// in the ledger already are skipped. Answers how many were added.
pub(crate) async fn import(tx: &Tx, ctx: &Ctx, rows: &[MovementRow]) -> Result<usize> {
    let given: Vec<MovementId> = rows.iter().filter_map(|row| row.id).collect();
    let known: HashSet<MovementId> = ledger_store::movements_known(tx, &given)
        .await?
        .into_iter()
        .collect();
    let new: Vec<&MovementRow> = rows
        .iter()
        .filter(|row| row.id.is_none_or(|id| !known.contains(&id)))
        .collect();
    let mut keys: Vec<Key> = new.iter().map(|row| Key::new(row.sku_id, row.place_id)).collect();
    keys.sort_unstable();
    keys.dedup();
    balance_store::balances_ensure(tx, &keys).await?;
    let mut hands = Hands::take(tx, keys).await?;
    let actor = ctx.actor.to_string();
    let mut ledger = Vec::with_capacity(new.len());
    for row in &new {
        let key = Key::new(row.sku_id, row.place_id);
        let change = match row.kind {
            crate::MovementKind::Quarantine | crate::MovementKind::Release => Change {
                quarantined: row.quantity,
                ..Change::default()
            },
            _ => Change {
                on_hand: row.quantity,
                ..Change::default()
            },
        };
        hands.apply(key, change, true)?;
        let movement = Movement {
            id: row.id.unwrap_or_default(),
            kind: row.kind,
            sku_id: row.sku_id,
            place_id: row.place_id,
            quantity: row.quantity,
            reason: row.reason.clone(),
            source: row.source.clone(),
            note: None,
            actor: actor.clone(),
            occurred_at: row.occurred_at,
            recorded_at: tx.now(),
        };
        ledger.push(NewRow { movement, change });
    }
    ledger_store::movements_insert(tx, &ledger).await?;
    hands.put(tx, ctx).await?;
    Ok(new.len())
}
