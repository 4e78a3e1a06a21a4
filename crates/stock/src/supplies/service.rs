//! The face of expected supply.

use std::collections::HashMap;

use base::{Ctx, Cursor, Error, Page, PageSize, PlaceId, Resource, Result, SkuId, SupplyId, Time, codes};
use db::{Reader, Tx};

use super::model::{
    Due, NewSupply, Stored, Supply, SupplyArrival, SupplyChange, SupplyFilter, SupplyLine, SupplyQuantity,
    SupplyState, SupplyStep, SupplyStepKind, SupplySummary,
};
use super::outlook::{Outlook, by_date};
use super::store::{self, Query};
use crate::error::{SUPPLY_FEWER_THAN_ARRIVED, SUPPLY_KNOWN, SUPPLY_OVER, SUPPLY_PROMISED, UNTRACKED};
use crate::events::SupplyChanged;
use crate::model::{Key, MovementKind, NewMovement, QUANTITY_MAX, out_of_range};
use crate::service::{Stock, scope};
use crate::{STOCK_MOVE, STOCK_READ, SUPPLY_MANAGE, balance_store, movements, presales};

/// The most lines one document has.
pub(super) const LINES_MAX: usize = 500;
/// The longest number of a document, in characters.
const REFERENCE_MAX_CHARS: usize = 60;
/// How far ahead supply may be expected.
const LATEST: std::time::Duration = std::time::Duration::from_secs(2 * 366 * 24 * 3600);

impl Stock {
    /// Enters what is due at a place.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `stock.untracked`, `supply.known`.
    pub async fn supply_enter(&self, ctx: &Ctx, new: NewSupply) -> Result<Supply> {
        ctx.require(SUPPLY_MANAGE, &Resource::Place(new.place_id))?;
        let reference = new.reference.trim().to_owned();
        let length = reference.chars().count();
        if !(1..=REFERENCE_MAX_CHARS).contains(&length) {
            return Err(out_of_range("reference", 1, REFERENCE_MAX_CHARS as i64));
        }
        let lines = valid(&new.lines, 1)?;
        if lines.is_empty() {
            return Err(out_of_range("lines", 1, LINES_MAX as i64));
        }
        self.must_count(&lines, new.place_id).await?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let new = NewSupply {
            reference,
            lines,
            ..new
        };
        let unit = async move |tx: &Tx| stock.supply_enter_in(tx, &actor, &new).await;
        self.db.write_once(ctx, "supply_enter", unit).await
    }

    /// The same within a flow's unit of work, for articles and places that are known and lines that are in order.
    ///
    /// # Errors
    /// `access.*`, `input.invalid`, `supply.known`.
    pub async fn supply_enter_in(&self, tx: &Tx, ctx: &Ctx, new: &NewSupply) -> Result<Supply> {
        ctx.require(SUPPLY_MANAGE, &Resource::Place(new.place_id))?;
        in_time(tx.now(), new.due_at)?;
        let line =
            |line: SupplyQuantity| SupplyLine::new(line.sku_id, line.quantity, 0, SupplyState::Expected);
        let supply = Stored {
            id: SupplyId::new(),
            kind: new.kind,
            reference: new.reference.clone(),
            place_id: new.place_id,
            state: SupplyState::Expected,
            due_at: new.due_at,
            first_due_at: new.due_at,
            slips: 0,
            note: new.note.clone(),
            entered_by: ctx.actor.to_string(),
            entered_at: tx.now(),
            updated_at: tx.now(),
            version: 1,
            lines: valid(&new.lines, 1)?.into_iter().map(line).collect(),
        };
        if !store::insert(tx, &supply).await? {
            return Err(Error::new(&SUPPLY_KNOWN).with("reference", supply.reference));
        }
        // What is to come is seen in the list of levels, also where there has never been any.
        balance_store::balances_ensure(tx, &keys(&supply)).await?;
        let step = step(tx, ctx, SupplyStepKind::Entered, &supply, supply.note.clone());
        tell(tx, ctx, &supply, with(step, due_pieces(&supply))).await?;
        presales::fill(tx, ctx, &keys(&supply)).await?;
        seen(tx, supply.id).await
    }

    /// Expected supply at the places the caller may see, what is due first first.
    ///
    /// # Errors
    /// `access.*`, `input.invalid_cursor`.
    pub async fn supply_list(
        &self,
        ctx: &Ctx,
        filter: SupplyFilter,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<SupplySummary>> {
        let query = Query {
            places: scope(ctx, STOCK_READ, filter.place)?,
            sku: filter.sku,
            state: filter.state,
            after: cursor.map(Cursor::decode).transpose()?,
            limit: size.with_surplus(),
        };
        let read = async move |reader: &Reader| store::list(reader, &query).await;
        Page::from_surplus(self.db.read(read).await?, size, |supply| {
            (supply.due_at, supply.id)
        })
    }

    /// One document with all that was done to it.
    ///
    /// # Errors
    /// `access.*`, `not_found`.
    pub async fn supply_get(&self, ctx: &Ctx, id: SupplyId) -> Result<Supply> {
        ctx.require(STOCK_READ, &Resource::Somewhere)?;
        let read = async move |reader: &Reader| seen(reader, id).await;
        let found = self.db.read(read).await?;
        ctx.require(STOCK_READ, &Resource::Place(found.summary.place_id))?;
        Ok(found)
    }

    /// Has supply come on another day, or in other numbers.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `stock.untracked`, `supply.over`, `supply.fewer_than_arrived`,
    /// `supply.promised`.
    pub async fn supply_change(&self, ctx: &Ctx, id: SupplyId, change: SupplyChange) -> Result<Supply> {
        ctx.require(SUPPLY_MANAGE, &Resource::Somewhere)?;
        let lines = valid(&change.lines, 0)?;
        let place = self
            .db
            .read(async move |reader: &Reader| Ok(store::get(reader, id).await?.place_id))
            .await?;
        self.must_count(&lines, place).await?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut supply = open(tx, &actor, id).await?;
            let before = supply.due_at;
            let has_moved = change.due_at.is_some_and(|at| at != before);
            if let Some(at) = change.due_at.filter(|_| has_moved) {
                in_time(tx.now(), at)?;
                supply.due_at = at;
                supply.slips += i64::from(at > before);
            }
            let changed = set_lines(&mut supply, &lines)?;
            if !has_moved && changed.is_empty() {
                return seen(tx, id).await;
            }
            close_if_all_is_here(&mut supply);
            write(tx, &supply).await?;
            balance_store::balances_ensure(tx, &keys(&supply)).await?;
            let kind = if has_moved {
                SupplyStepKind::Slipped
            } else {
                SupplyStepKind::Changed
            };
            let mut step = step(tx, &actor, kind, &supply, change.note.clone());
            step.due_before = has_moved.then_some(before);
            tell(tx, &actor, &supply, with(step, changed)).await?;
            queue_anew(tx, &actor, &supply, change.overriding).await?;
            seen(tx, id).await
        };
        self.db.write_once(ctx, "supply_change", unit).await
    }

    /// Goods arrive and are on the book: everything that is still to come when no lines are named.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `supply.over`, `supply.promised`.
    pub async fn supply_receive(&self, ctx: &Ctx, id: SupplyId, arrival: SupplyArrival) -> Result<Supply> {
        ctx.require(STOCK_MOVE, &Resource::Somewhere)?;
        let named = valid(&arrival.lines, 1)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut supply = store::get(tx, id).await?;
            actor.require(STOCK_MOVE, &Resource::Place(supply.place_id))?;
            must_be_open(&supply)?;
            let came = if named.is_empty() {
                due_pieces(&supply)
            } else {
                named.clone()
            };
            for piece in &came {
                let line = line_mut(&mut supply, piece.sku_id)?;
                *line = SupplyLine::new(
                    line.sku_id,
                    line.expected,
                    line.arrived + piece.quantity,
                    SupplyState::Expected,
                );
            }
            if arrival.last {
                supply.state = SupplyState::Received;
            }
            close_if_all_is_here(&mut supply);
            write(tx, &supply).await?;
            // In the order of their SKUs: that of the locks.
            for piece in &came {
                let (sku, place) = (piece.sku_id, supply.place_id);
                let movement = NewMovement::new(MovementKind::Receipt, sku, place, piece.quantity)
                    .of(id.to_string())
                    .because(supply.reference.as_str());
                movements::record(tx, &actor, &movement).await?;
            }
            let step = step(
                tx,
                &actor,
                SupplyStepKind::Received,
                &supply,
                arrival.note.clone(),
            );
            tell(tx, &actor, &supply, with(step, came)).await?;
            queue_anew(tx, &actor, &supply, arrival.overriding).await?;
            seen(tx, id).await
        };
        self.db.write_once(ctx, "supply_receive", unit).await
    }

    /// What is still to come does not come.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `supply.over`, `supply.promised`.
    pub async fn supply_cancel(
        &self,
        ctx: &Ctx,
        id: SupplyId,
        overriding: bool,
        note: Option<String>,
    ) -> Result<Supply> {
        ctx.require(SUPPLY_MANAGE, &Resource::Somewhere)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut supply = open(tx, &actor, id).await?;
            let gone = due_pieces(&supply);
            supply.state = SupplyState::Cancelled;
            write(tx, &supply).await?;
            let step = step(tx, &actor, SupplyStepKind::Cancelled, &supply, note.clone());
            tell(tx, &actor, &supply, with(step, gone)).await?;
            queue_anew(tx, &actor, &supply, overriding).await?;
            seen(tx, id).await
        };
        self.db.write_once(ctx, "supply_cancel", unit).await
    }

    /// Everything of a SKU that is due at the places the caller may see, transfers on the road included.
    ///
    /// # Errors
    /// `access.*`.
    pub async fn due_list(&self, ctx: &Ctx, sku: SkuId, place: Option<PlaceId>) -> Result<Vec<Due>> {
        let places = scope(ctx, STOCK_READ, place)?;
        let read = async move |reader: &Reader| store::dues(reader, &[sku], place).await;
        let mut dues = self.db.read(read).await?;
        dues.retain(|due| places.as_ref().is_none_or(|seen| seen.contains(&due.place_id)));
        Ok(dues)
    }

    /// What can be promised of SKUs now and by which day, at every place that has a balance of them, in (SKU, place)
    /// order.
    ///
    /// # Errors
    /// The store's.
    pub async fn outlook_in(&self, reader: &Reader, skus: &[SkuId]) -> Result<Vec<Outlook>> {
        let mut dues: HashMap<Key, Vec<(Time, i64)>> = HashMap::new();
        for due in store::dues(reader, skus, None).await? {
            let key = Key::new(due.sku_id, due.place_id);
            dues.entry(key).or_default().push((due.due_at, due.quantity));
        }
        let now = reader.now();
        let free = store::free(reader, skus).await?;
        let claimed = presales::claimed_at(reader, skus).await?;
        let seen = free.into_iter().map(|(key, free)| Outlook {
            key,
            available: free.max(0),
            by_date: by_date(
                now,
                free - claimed.get(&key).copied().unwrap_or(0),
                dues.remove(&key).unwrap_or_default(),
            ),
        });
        Ok(seen.collect())
    }

    /// Refuses SKUs nobody knows or counts, and places nobody knows.
    async fn must_count(&self, lines: &[SupplyQuantity], place: PlaceId) -> Result<()> {
        let skus: Vec<SkuId> = lines.iter().map(|line| line.sku_id).collect();
        let known = self.must_know(&skus, [place]).await?;
        match skus.iter().find(|sku| known.get(sku) != Some(&true)) {
            Some(sku) => Err(Error::new(&UNTRACKED).with("sku_id", sku.to_string())),
            None => Ok(()),
        }
    }
}

/// The lines in the order of their SKUs; one that is named twice is refused.
fn valid(lines: &[SupplyQuantity], least: i64) -> Result<Vec<SupplyQuantity>> {
    if lines.len() > LINES_MAX {
        return Err(out_of_range("lines", 1, LINES_MAX as i64));
    }
    for (nth, line) in lines.iter().enumerate() {
        if !(least..=QUANTITY_MAX).contains(&line.quantity) {
            return Err(out_of_range(
                &format!("lines[{nth}].quantity"),
                least,
                QUANTITY_MAX,
            ));
        }
    }
    let mut sorted = lines.to_vec();
    sorted.sort_by_key(|line| line.sku_id);
    match sorted.windows(2).find(|pair| pair[0].sku_id == pair[1].sku_id) {
        Some(twice) => {
            let facts = [("reason".to_owned(), twice[0].sku_id.to_string().into())];
            let invalid = Error::new(&codes::INVALID_INPUT);
            Err(invalid.and_field("lines", &codes::MALFORMED, facts.into_iter().collect()))
        }
        None => Ok(sorted),
    }
}

/// Nothing is expected in the past, nor in years.
fn in_time(now: Time, at: Time) -> Result<()> {
    let latest = now.after(LATEST);
    if at > now && at <= latest {
        return Ok(());
    }
    let facts = [
        ("min".to_owned(), now.to_string().into()),
        ("max".to_owned(), latest.to_string().into()),
    ];
    Err(Error::new(&codes::INVALID_INPUT).and_field(
        "due_at",
        &codes::OUT_OF_RANGE,
        facts.into_iter().collect(),
    ))
}

/// Expected supply that somebody may change.
async fn open(tx: &Tx, ctx: &Ctx, id: SupplyId) -> Result<Stored> {
    let supply = store::get(tx, id).await?;
    ctx.require(SUPPLY_MANAGE, &Resource::Place(supply.place_id))?;
    must_be_open(&supply)?;
    Ok(supply)
}

fn must_be_open(supply: &Stored) -> Result<()> {
    if supply.state == SupplyState::Expected {
        return Ok(());
    }
    Err(Error::new(&SUPPLY_OVER)
        .with("reference", supply.reference.as_str())
        .with("state", supply.state.as_str()))
}

fn line_mut(supply: &mut Stored, sku: SkuId) -> Result<&mut SupplyLine> {
    let line = supply.lines.iter_mut().find(|line| line.sku_id == sku);
    line.ok_or_else(|| Error::not_found("sku", sku))
}

/// Has so many of SKUs come in all; answers those that changed.
fn set_lines(supply: &mut Stored, lines: &[SupplyQuantity]) -> Result<Vec<SupplyQuantity>> {
    let mut changed = Vec::new();
    for wish in lines {
        match supply.lines.iter_mut().find(|line| line.sku_id == wish.sku_id) {
            Some(line) if wish.quantity < line.arrived => {
                return Err(Error::new(&SUPPLY_FEWER_THAN_ARRIVED)
                    .with("sku_id", wish.sku_id.to_string())
                    .with("arrived", line.arrived));
            }
            Some(line) if wish.quantity == line.expected => continue,
            Some(line) => {
                *line = SupplyLine::new(wish.sku_id, wish.quantity, line.arrived, SupplyState::Expected);
            }
            None => supply.lines.push(SupplyLine::new(
                wish.sku_id,
                wish.quantity,
                0,
                SupplyState::Expected,
            )),
        }
        changed.push(*wish);
    }
    if supply.lines.len() > LINES_MAX {
        return Err(out_of_range("lines", 1, LINES_MAX as i64));
    }
    Ok(changed)
}

/// Supply of which nothing is still to come is over.
fn close_if_all_is_here(supply: &mut Stored) {
    if supply.lines.iter().all(|line| line.due == 0) {
        supply.state = SupplyState::Received;
    }
}

fn due_pieces(supply: &Stored) -> Vec<SupplyQuantity> {
    let due = supply.lines.iter().filter(|line| line.due > 0);
    due.map(|line| SupplyQuantity {
        sku_id: line.sku_id,
        quantity: line.due,
    })
    .collect()
}

fn keys(supply: &Stored) -> Vec<Key> {
    let lines = supply.lines.iter();
    lines.map(|line| Key::new(line.sku_id, supply.place_id)).collect()
}

/// Who waits for these goods is served with what has come, and told anew when the rest comes. Somebody must mean it
/// when nothing comes for them any more.
async fn queue_anew(tx: &Tx, ctx: &Ctx, supply: &Stored, overriding: bool) -> Result<()> {
    let keys = keys(supply);
    let before = presales::uncovered(tx, &keys).await?;
    presales::fill(tx, ctx, &keys).await?;
    let lost = presales::uncovered(tx, &keys).await? - before;
    if lost > 0 && !overriding {
        return Err(Error::new(&SUPPLY_PROMISED).with("claims", lost));
    }
    Ok(())
}

async fn write(tx: &Tx, supply: &Stored) -> Result<()> {
    if store::update(tx, supply).await? {
        return Ok(());
    }
    Err(Error::new(&db::CONTENDED))
}

async fn seen(reader: &Reader, id: SupplyId) -> Result<Supply> {
    let steps = store::steps(reader, id).await?;
    Ok(store::get(reader, id).await?.seen(reader.now(), steps))
}

fn step(tx: &Tx, ctx: &Ctx, kind: SupplyStepKind, supply: &Stored, note: Option<String>) -> SupplyStep {
    SupplyStep {
        kind,
        actor: ctx.actor.to_string(),
        at: tx.now(),
        note,
        due_before: None,
        due_at: supply.due_at,
        lines: Vec::new(),
    }
}

fn with(step: SupplyStep, lines: Vec<SupplyQuantity>) -> SupplyStep {
    SupplyStep { lines, ..step }
}

async fn tell(tx: &Tx, ctx: &Ctx, supply: &Stored, step: SupplyStep) -> Result<()> {
    store::step_add(tx, supply.id, &step).await?;
    let event = SupplyChanged {
        supply_id: supply.id,
        reference: supply.reference.clone(),
        place_id: supply.place_id,
        state: supply.state,
        due_at: supply.due_at,
        due_before: step.due_before,
        skus: supply.lines.iter().map(|line| line.sku_id).collect(),
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(())
}
