//! What happens to a hold after it was placed.

use base::{Ctx, Error, HoldId, PlaceId, Result, Time};
use db::Tx;
use futures_util::future::{try_join, try_join3};

use crate::error::{ALREADY_HELD, HOLD_LAPSED, INSUFFICIENT, ended, exceeded};
use crate::events::{HoldCommitted, HoldConfirmed, HoldExpired, HoldReleased};
use crate::hands::Hands;
use crate::hold_store::{self, StoredHold};
use crate::model::{HeldLine, Hold, HoldLine, HoldState, Key, Leaving, MovementKind, merged};
use crate::movements::{self, Words};
use crate::rules::{Change, Entry};

/// A hold and its balances in the hands of a unit.
pub(crate) struct Open {
    pub(crate) hold: Hold,
    pub(crate) hands: Hands,
    /// The state in the table, which a hold that has run out keeps until somebody has been there.
    stored: HoldState,
    run_out: bool,
}

impl Open {
    /// Takes a hold, its balances and `more` balances. The hold is read again under their locks: its lines
    /// change only under them.
    pub(crate) async fn read(tx: &Tx, id: HoldId, more: impl IntoIterator<Item = Key>) -> Result<Self> {
        let not_found = || Error::not_found("hold", id);
        let first = hold_store::hold_get(tx, id).await?.ok_or_else(not_found)?;
        let keys = first.0.lines.iter().map(HeldLine::key).chain(more).collect();
        let (hands, stored) = try_join(Hands::take(tx, keys), hold_store::hold_get(tx, id)).await?;
        let stored = stored.ok_or_else(not_found)?;
        let run_out = stored.has_run_out(tx.now());
        Ok(Self {
            stored: stored.0.state,
            run_out,
            hold: stored.0,
            hands,
        })
    }

    /// Refuses a hold that is over or has run out.
    fn must_live(&self) -> Result<()> {
        if self.hold.state.is_over() {
            return Err(ended(self.hold.id, self.hold.state));
        }
        if self.run_out {
            return Err(self.has_lapsed());
        }
        Ok(())
    }

    fn has_lapsed(&self) -> Error {
        Error::new(&HOLD_LAPSED).with("hold_id", self.hold.id.to_string())
    }

    fn line_mut(&mut self, key: Key) -> Option<&mut HeldLine> {
        self.hold.lines.iter_mut().find(|line| line.key() == key)
    }

    /// Takes lines off what is outstanding (all of it when none are named) and hands each to `note`.
    fn take(&mut self, lines: &[HoldLine], note: impl Fn(&mut HeldLine, i64)) -> Result<Vec<HoldLine>> {
        let lines = if lines.is_empty() {
            self.hold.outstanding().collect()
        } else {
            merged(lines)?
        };
        let id = self.hold.id;
        for line in &lines {
            let outstanding = self.line_mut(line.key()).map_or(0, |held| held.outstanding);
            if outstanding < line.quantity {
                return Err(exceeded(id, line.key(), line.quantity, outstanding));
            }
        }
        for line in &lines {
            if let Some(held) = self.line_mut(line.key()) {
                held.outstanding -= line.quantity;
                note(held, line.quantity);
            }
        }
        Ok(lines)
    }

    /// Gives lines back to their balances.
    pub(crate) fn give_back(&mut self, lines: &[HoldLine]) -> Result<Vec<HoldLine>> {
        if self.hold.state.is_over() {
            return Err(ended(self.hold.id, self.hold.state));
        }
        // What has run out belongs to nobody.
        if self.run_out {
            return Err(self.has_lapsed());
        }
        let lines = self.take(lines, |held, quantity| held.released += quantity)?;
        self.hands.unreserve(lines.iter().copied())?;
        Ok(lines)
    }

    /// Writes the hold and its balances back. A hold with nothing outstanding is over.
    async fn close(mut self, tx: &Tx, ctx: &Ctx) -> Result<Hold> {
        if self.hold.lines.iter().all(|line| line.outstanding == 0) && !self.hold.state.is_over() {
            let gone = self.hold.lines.iter().any(|line| line.committed > 0);
            self.hold.state = if gone {
                HoldState::Committed
            } else {
                HoldState::Released
            };
        }
        let hold = &self.hold;
        let head = async {
            if hold_store::hold_write(tx, hold.id, self.stored, hold.state, hold.expires_at).await? {
                return Ok(());
            }
            // It was kept for good meanwhile, which takes no balance: this unit looks again.
            Err(Error::new(&db::CONTENDED))
        };
        try_join3(head, hold_store::lines_write(tx, hold), self.hands.put(tx, ctx)).await?;
        Ok(self.hold)
    }

    /// Answers a refusal, with what had run out put back: a flow may go on and try elsewhere.
    async fn refuse(self, tx: &Tx, ctx: &Ctx, refusal: Error) -> Result<Hold> {
        self.hands.put(tx, ctx).await?;
        Err(refusal)
    }

    /// Puts a hold that has run out to rest, as the sweeper would: it was over from the instant it ran out, and whoever
    /// comes later finds it expired, never anything else.
    async fn close_expired(mut self, tx: &Tx, ctx: &Ctx) -> Result<Hold> {
        self.hands.unreserve(self.hold.outstanding())?;
        for line in &mut self.hold.lines {
            line.lapsed += std::mem::take(&mut line.outstanding);
        }
        self.hold.state = HoldState::Expired;
        let hold = self.close(tx, ctx).await?;
        bus::emit(tx, ctx, &expired(&hold)).await?;
        Ok(hold)
    }

    pub(crate) async fn close_released(self, tx: &Tx, ctx: &Ctx, lines: Vec<HoldLine>) -> Result<Hold> {
        let hold = self.close(tx, ctx).await?;
        let event = HoldReleased {
            hold_id: hold.id,
            owner: hold.owner.clone(),
            lines,
        };
        bus::emit(tx, ctx, &event).await?;
        Ok(hold)
    }
}

/// Keeps a hold for good: most are well within their time, and then nothing but the hold itself is touched.
pub(crate) async fn confirm(tx: &Tx, ctx: &Ctx, id: HoldId, leave: Leaving<'_>) -> Result<Hold> {
    match hold_store::hold_confirm(tx, id).await? {
        Some(hold) => {
            announce_confirmed(tx, ctx, &hold).await?;
            Ok(hold)
        }
        None => keep(tx, ctx, id, None, leave).await,
    }
}

async fn announce_confirmed(tx: &Tx, ctx: &Ctx, hold: &Hold) -> Result<()> {
    let event = HoldConfirmed {
        hold_id: hold.id,
        owner: hold.owner.clone(),
        lines: hold.outstanding().collect(),
    };
    bus::emit(tx, ctx, &event).await.map(drop)
}

/// Keeps a hold until `until`, or for good. One that has run out is taken anew if its stock is still there, and more
/// than must stay free.
pub(crate) async fn keep(
    tx: &Tx,
    ctx: &Ctx,
    id: HoldId,
    until: Option<Time>,
    leave: Leaving<'_>,
) -> Result<Hold> {
    let mut open = Open::read(tx, id, []).await?;
    let lapsed = match open.hold.state {
        HoldState::Confirmed => return Ok(open.hold),
        state @ (HoldState::Committed | HoldState::Released) => return Err(ended(id, state)),
        HoldState::Expired => true,
        HoldState::Held => open.run_out || open.hold.lines.iter().any(|line| line.lapsed > 0),
    };
    if lapsed && let Err(refusal) = take_anew(tx, &mut open, leave).await {
        return open.refuse(tx, ctx, refusal).await;
    }
    open.hold.state = if until.is_some() {
        HoldState::Held
    } else {
        HoldState::Confirmed
    };
    open.hold.expires_at = until;
    let hold = open.close(tx, ctx).await?;
    if hold.state == HoldState::Confirmed {
        announce_confirmed(tx, ctx, &hold).await?;
    }
    Ok(hold)
}

/// Reserves again what a hold had before it ran out, all or nothing.
async fn take_anew(tx: &Tx, open: &mut Open, leave: Leaving<'_>) -> Result<()> {
    let id = open.hold.id;
    let others = hold_store::holds_of(tx, &[open.hold.owner.as_str()]).await?;
    if let Some(StoredHold(other)) = others.iter().find(|other| other.0.id != id) {
        let owner = open.hold.owner.as_str();
        return Err(Error::new(&ALREADY_HELD)
            .with("owner", owner)
            .with("hold_id", other.id.to_string()));
    }
    // First everything of it is given back, in the tables too: taking back what has run out must not find it.
    open.hands.unreserve(open.hold.outstanding())?;
    for line in &mut open.hold.lines {
        line.lapsed += std::mem::take(&mut line.outstanding);
    }
    hold_store::lines_write(tx, &open.hold).await?;
    let wanted: Vec<HoldLine> = open
        .hold
        .lines
        .iter()
        .filter(|line| line.lapsed > 0)
        .map(|line| HoldLine::new(line.sku_id, line.place_id, line.lapsed))
        .collect();
    if let Err(refusal) = open.hands.reserve(tx, &wanted, leave).await {
        if !refusal.is(&INSUFFICIENT) {
            return Err(refusal);
        }
        let facts = refusal.facts().clone();
        return Err(facts
            .into_iter()
            .fold(open.has_lapsed(), |error, (name, value)| error.with(&name, value)));
    }
    for line in &mut open.hold.lines {
        line.outstanding = std::mem::take(&mut line.lapsed);
    }
    Ok(())
}

/// Goods of a hold leave: a sale in the ledger, on hand and reserved go down together.
pub(crate) async fn commit(tx: &Tx, ctx: &Ctx, id: HoldId, lines: &[HoldLine]) -> Result<Hold> {
    let mut open = Open::read(tx, id, []).await?;
    if lines.is_empty() && open.hold.state == HoldState::Committed {
        return Ok(open.hold);
    }
    open.must_live()?;
    let lines = open.take(lines, |held, quantity| held.committed += quantity)?;
    let mut entries = Vec::with_capacity(lines.len());
    for line in &lines {
        let change = Change {
            on_hand: -line.quantity,
            reserved: -line.quantity,
            ..Change::default()
        };
        open.hands.apply(line.key(), change, false)?;
        entries.push(Entry::on_hand(line.key(), MovementKind::Sale, -line.quantity));
    }
    let source = open.hold.owner.clone();
    movements::enter(
        tx,
        ctx,
        &entries,
        Words {
            source: Some(&source),
            ..Words::default()
        },
    )
    .await?;
    let hold = open.close(tx, ctx).await?;
    bus::emit(
        tx,
        ctx,
        &HoldCommitted {
            hold_id: id,
            owner: source,
            lines,
        },
    )
    .await?;
    Ok(hold)
}

/// Goods of a hold leave for another place: `entries` take them off the book and put them on the road to
/// balances that are `arriving`.
pub(crate) async fn leave(
    tx: &Tx,
    ctx: &Ctx,
    id: HoldId,
    lines: &[HoldLine],
    entries: &[Entry],
    arriving: Vec<Key>,
) -> Result<Hold> {
    let mut open = Open::read(tx, id, arriving).await?;
    open.must_live()?;
    let lines = open.take(lines, |held, quantity| held.committed += quantity)?;
    for entry in entries {
        open.hands.apply(entry.key, entry.change, false)?;
    }
    let owner = open.hold.owner.clone();
    let words = Words {
        source: Some(&owner),
        ..Words::default()
    };
    movements::enter(tx, ctx, entries, words).await?;
    let hold = open.close(tx, ctx).await?;
    let event = HoldCommitted {
        hold_id: id,
        owner,
        lines,
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(hold)
}

/// Gives a hold back, whole when no lines are named. Giving back what is over changes nothing, and what has run out
/// is over.
pub(crate) async fn release(tx: &Tx, ctx: &Ctx, id: HoldId, lines: &[HoldLine]) -> Result<Hold> {
    let mut open = Open::read(tx, id, []).await?;
    if lines.is_empty() && open.hold.state.is_over() {
        return Ok(open.hold);
    }
    if lines.is_empty() && open.run_out {
        return open.close_expired(tx, ctx).await;
    }
    let lines = open.give_back(lines)?;
    open.close_released(tx, ctx, lines).await
}

/// Lines of a hold go over to another owner's, which is made where there is none. Nothing is given back and taken anew,
/// so that nobody comes between.
pub(crate) async fn part(tx: &Tx, ctx: &Ctx, id: HoldId, owner: &str, lines: &[HoldLine]) -> Result<Hold> {
    let mut open = Open::read(tx, id, []).await?;
    open.must_live()?;
    let moved = open.take(&merged(lines)?, |_, _| {})?;
    let left = open.close(tx, ctx).await?;
    give(tx, owner, left.expires_at, &moved).await
}

/// Pieces that are reserved already go into an owner's hold, which is made where there is none.
pub(crate) async fn give(tx: &Tx, owner: &str, expires_at: Option<Time>, lines: &[HoldLine]) -> Result<Hold> {
    if let Some(StoredHold(mut known)) = hold_store::holds_of(tx, &[owner]).await?.pop() {
        for line in lines {
            match known.lines.iter_mut().find(|held| held.key() == line.key()) {
                Some(held) => held.outstanding += line.quantity,
                None => known.lines.push(HeldLine::from(line)),
            }
        }
        hold_store::lines_write(tx, &known).await?;
        return Ok(known);
    }
    let state = match expires_at {
        Some(_) => HoldState::Held,
        None => HoldState::Confirmed,
    };
    let hold = Hold {
        id: HoldId::new(),
        owner: owner.to_owned(),
        state,
        expires_at,
        created_at: tx.now(),
        lines: lines.iter().map(HeldLine::from).collect(),
    };
    hold_store::begin(tx, &hold).await?;
    Ok(hold)
}

/// Moves a line to another place: reserved there and given back here, or neither.
pub(crate) async fn move_line(tx: &Tx, ctx: &Ctx, id: HoldId, from: HoldLine, to: PlaceId) -> Result<Hold> {
    let target = HoldLine::new(from.sku_id, to, from.quantity);
    let mut open = Open::read(tx, id, [target.key()]).await?;
    open.must_live()?;
    if let Err(refusal) = open.hands.reserve(tx, &[target], |_| 0).await {
        return open.refuse(tx, ctx, refusal).await;
    }
    let moved = open.take(&[from], |_, _| {})?;
    open.hands.unreserve(moved)?;
    match open.line_mut(target.key()) {
        Some(held) => held.outstanding += target.quantity,
        None => open.hold.lines.push(HeldLine::from(&target)),
    }
    open.hold.lines.sort_by_key(HeldLine::key);
    open.close(tx, ctx).await
}

/// Makes a hold hold just these lines; when they are not to be had, or not with so many pieces more as must stay free,
/// it stays as it was.
pub(crate) async fn change(
    tx: &Tx,
    ctx: &Ctx,
    id: HoldId,
    lines: &[HoldLine],
    leave: Leaving<'_>,
) -> Result<Hold> {
    let wanted = merged(lines)?;
    let first = hold_store::hold_get(tx, id)
        .await?
        .ok_or_else(|| Error::not_found("hold", id))?;
    let keys = first
        .0
        .lines
        .iter()
        .map(HeldLine::key)
        .chain(wanted.iter().map(HoldLine::key))
        .collect();
    let hands = Hands::take(tx, keys).await?;
    let stored = hold_store::hold_get(tx, id)
        .await?
        .ok_or_else(|| Error::not_found("hold", id))?;
    let mut open = Open {
        stored: stored.0.state,
        run_out: stored.has_run_out(tx.now()),
        hold: stored.0,
        hands,
    };
    open.must_live()?;
    let had = |key: Key| {
        let line = open.hold.lines.iter().find(|line| line.key() == key);
        line.map_or(0, |line| line.outstanding)
    };
    let more: Vec<HoldLine> = wanted
        .iter()
        .map(|line| HoldLine {
            quantity: line.quantity - had(line.key()),
            ..*line
        })
        .filter(|line| line.quantity > 0)
        .collect();
    let less: Vec<HoldLine> = open
        .hold
        .outstanding()
        .map(|line| {
            let keeps = wanted
                .iter()
                .find(|w| w.key() == line.key())
                .map_or(0, |w| w.quantity);
            HoldLine {
                quantity: line.quantity - keeps,
                ..line
            }
        })
        .filter(|line| line.quantity > 0)
        .collect();
    if let Err(refusal) = open.hands.reserve(tx, &more, leave).await {
        return open.refuse(tx, ctx, refusal).await;
    }
    open.hands.unreserve(less.iter().copied())?;
    for line in less {
        if let Some(held) = open.line_mut(line.key()) {
            held.outstanding -= line.quantity;
            held.released += line.quantity;
        }
    }
    for line in more {
        match open.line_mut(line.key()) {
            Some(held) => held.outstanding += line.quantity,
            None => open.hold.lines.push(HeldLine::from(&line)),
        }
    }
    open.hold.lines.sort_by_key(HeldLine::key);
    open.close(tx, ctx).await
}

/// Puts holds that have run out to rest, oldest first, at most `limit`; answers how many there were. Only the
/// telling waits for it: what they held was free from the instant they ran out.
pub(crate) async fn expire_due(tx: &Tx, ctx: &Ctx, limit: i64) -> Result<usize> {
    let due = hold_store::holds_due(tx, limit).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let keys = due
        .iter()
        .flat_map(|hold| hold.0.lines.iter().map(HeldLine::key))
        .collect();
    let mut hands = Hands::take(tx, keys).await?;
    // Read again under the locks: some may have been kept, committed or swept since.
    let mut swept = Vec::with_capacity(due.len());
    for StoredHold(hold) in due {
        let Some(now) = hold_store::hold_get(tx, hold.id).await? else {
            continue;
        };
        if now.has_run_out(tx.now()) {
            hands.unreserve(now.0.outstanding())?;
            swept.push(now.0);
        }
    }
    let ids: Vec<HoldId> = swept.iter().map(|hold| hold.id).collect();
    if hold_store::holds_expire(tx, &ids).await? != ids.len() as u64 {
        return Err(Error::new(&db::CONTENDED));
    }
    hands.put(tx, ctx).await?;
    for hold in &swept {
        bus::emit(tx, ctx, &expired(hold)).await?;
    }
    Ok(swept.len())
}

/// What is told of a hold that has run out: what it held until then.
fn expired(hold: &Hold) -> HoldExpired {
    let lapsed = |line: &HeldLine| HoldLine::new(line.sku_id, line.place_id, line.outstanding + line.lapsed);
    let lines = hold.lines.iter().map(lapsed);
    HoldExpired {
        hold_id: hold.id,
        owner: hold.owner.clone(),
        lines: lines.filter(|line| line.quantity > 0).collect(),
    }
}
