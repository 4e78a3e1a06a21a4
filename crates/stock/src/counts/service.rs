//! The face of counts.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{CategoryId, CountId, Ctx, Cursor, Error, Page, PageSize, PlaceId, Resource, Result, SkuId};
use db::{Reader, Tx};
use futures_util::future::try_join_all;

use super::late;
use super::model::{Count, CountLine, CountState, CountWish, Counted, Line, NewCount, Picks, Reasoned, Take};
use super::rules::{self, Book};
use super::store::{self, Query};
use crate::balance_store;
use crate::epc::Sgtin;
use crate::error::{COUNT_EMPTY, COUNT_TOO_LARGE, COUNT_UNCOUNTED, UNTRACKED};
use crate::events::{CountPosted, CountSubmitted};
use crate::hands::Hands;
use crate::model::{Key, MovementKind, QUANTITY_MAX, out_of_range};
use crate::movements::{self, Words};
use crate::rules::Entry;
use crate::service::{Stock, scope};
use crate::{COUNT_APPROVE, COUNT_TAKE, STOCK_READ, transfers};

/// The most lines a sheet may have; a whole store is counted in several.
const LINES_MAX: usize = 2_000;
/// The most SKUs of a place that are looked through for those to count.
const STOCKED_MAX: i64 = 100_000;
/// The most lines told of at once.
const TAKES_MAX: usize = 500;
/// Said by an entry nobody has given a reason for.
const UNEXPLAINED: &str = "unexplained";

/// What a list of counts is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountFilter {
    /// Only at this place.
    pub place: Option<PlaceId>,
    /// Only in this state.
    pub state: Option<CountState>,
}

impl Stock {
    /// Begins a count.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `stock.untracked`, `count.empty`, `count.too_large`.
    pub async fn count_create(&self, ctx: &Ctx, wish: NewCount) -> Result<Count> {
        ctx.require(COUNT_TAKE, &Resource::Place(wish.place_id))?;
        let skus = self.skus_to_count(&wish).await?;
        let (actor, db) = (ctx.clone(), &self.db);
        let unit = async move |tx: &Tx| {
            let count = Count {
                id: CountId::new(),
                place_id: wish.place_id,
                state: CountState::Open,
                scope: wish.wish.scope(),
                category_id: match wish.wish {
                    CountWish::Category(id) => Some(id),
                    _ => None,
                },
                blind: wish.blind,
                note: wish.note.clone(),
                lines: skus.len() as i64,
                counted: 0,
                differing: Some(0),
                missing: Some(0),
                surplus: Some(0),
                created_by: actor.actor.to_string(),
                created_at: tx.now(),
                submitted_by: None,
                submitted_at: None,
                closed_by: None,
                closed_at: None,
                version: 1,
            };
            store::insert(tx, &count, &skus).await?;
            Ok(count.shown())
        };
        db.write_once(ctx, "count_create", unit).await
    }

    async fn skus_to_count(&self, new: &NewCount) -> Result<Vec<SkuId>> {
        let place = new.place_id;
        if self.places.book().await?.get(place).is_none() {
            return Err(Error::not_found("place", place));
        }
        let mut skus = match &new.wish {
            CountWish::Skus(skus) => skus.clone(),
            CountWish::Category(_) | CountWish::Place => {
                let read = async move |reader: &Reader| store::skus_at(reader, place, STOCKED_MAX).await;
                self.db.read(read).await?
            }
        };
        skus.sort_unstable();
        skus.dedup();
        let known = self.catalog.sku_snapshots(&skus).await?;
        match &new.wish {
            CountWish::Skus(_) => {
                for sku in &skus {
                    let found = known.get(sku).ok_or_else(|| Error::not_found("sku", sku))?;
                    if !found.tracked {
                        return Err(untracked(*sku));
                    }
                }
            }
            CountWish::Category(top) => {
                let within = self.categories_below(*top).await?;
                skus.retain(|sku| {
                    known
                        .get(sku)
                        .is_some_and(|found| found.tracked && within.contains(&found.category_id))
                });
            }
            CountWish::Place => skus.retain(|sku| known.get(sku).is_some_and(|found| found.tracked)),
        }
        match skus.len() {
            0 => Err(Error::new(&COUNT_EMPTY)),
            lines if lines > LINES_MAX => Err(Error::new(&COUNT_TOO_LARGE)
                .with("lines", lines as i64)
                .with("max", LINES_MAX as i64)),
            _ => Ok(skus),
        }
    }

    /// A category and all below it.
    async fn categories_below(&self, top: CategoryId) -> Result<HashSet<CategoryId>> {
        let all = self.catalog.category_list().await?;
        if !all.iter().any(|category| category.id == top) {
            return Err(Error::not_found("category", top));
        }
        let mut within = HashSet::from([top]);
        // A tree of n nodes is no deeper than n.
        for _ in 0..all.len() {
            let before = within.len();
            for category in &all {
                if category.parent_id.is_some_and(|parent| within.contains(&parent)) {
                    within.insert(category.id);
                }
            }
            if within.len() == before {
                break;
            }
        }
        Ok(within)
    }

    /// Counts, newest first, at the places the caller may see.
    ///
    /// # Errors
    /// `access.*`, `input.invalid_cursor`.
    pub async fn count_list(
        &self,
        ctx: &Ctx,
        filter: CountFilter,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<Count>> {
        let query = Query {
            places: scope(ctx, STOCK_READ, filter.place)?,
            state: filter.state,
            before: cursor.map(Cursor::decode).transpose()?,
            limit: size.with_surplus(),
        };
        let found = self
            .db
            .read(async move |reader: &Reader| store::list(reader, &query).await)
            .await?;
        Ok(Page::from_surplus(found, size, |count| count.id)?.map(Count::shown))
    }

    /// One count.
    ///
    /// # Errors
    /// `access.*`, `not_found`.
    pub async fn count_get(&self, ctx: &Ctx, id: CountId) -> Result<Count> {
        ctx.require(STOCK_READ, &Resource::Somewhere)?;
        let count = self.count_of(id).await?;
        ctx.require(STOCK_READ, &Resource::Place(count.place_id))?;
        Ok(count.shown())
    }

    /// The lines of a count, in SKU order.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid_cursor`.
    pub async fn count_line_list(
        &self,
        ctx: &Ctx,
        id: CountId,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<CountLine>> {
        let hidden = {
            ctx.require(STOCK_READ, &Resource::Somewhere)?;
            let count = self.count_of(id).await?;
            ctx.require(STOCK_READ, &Resource::Place(count.place_id))?;
            count.hides()
        };
        let (after, limit) = (cursor.map(Cursor::decode).transpose()?, size.with_surplus());
        let read = async move |reader: &Reader| store::lines_page(reader, id, after, limit).await;
        let lines = self.db.read(read).await?;
        let lines: Vec<CountLine> = lines
            .into_iter()
            .map(|line| CountLine::of(line, hidden))
            .collect::<Result<_>>()?;
        Page::from_surplus(lines, size, |line| line.sku_id)
    }

    async fn count_of(&self, id: CountId) -> Result<Count> {
        self.db
            .read(async move |reader: &Reader| store::get(reader, id).await)
            .await
    }

    /// Where a count takes place, within a read or a unit of work.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn count_place_in(&self, reader: &Reader, id: CountId) -> Result<PlaceId> {
        Ok(store::get(reader, id).await?.place_id)
    }

    /// Keeps what was found, beside what the book says at this instant; a line counted before is counted anew.
    /// SKUs that are not on the sheet are added to it. `picks` are the pieces that orders have taken off
    /// the shelf, or may have. Answers the lines.
    ///
    /// # Errors
    /// `not_found`, `input.invalid`, `stock.untracked`, `count.illegal_step`.
    pub async fn count_take_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: CountId,
        found: &[Counted],
        picks: &Picks,
    ) -> Result<Vec<CountLine>> {
        let found = checked(found)?;
        let count = store::get(tx, id).await?;
        if count.state != CountState::Open {
            return Err(no_step(&count, CountState::Open));
        }
        let skus: Vec<SkuId> = found.keys().copied().collect();
        let known = self.catalog.sku_snapshots_in(tx, &skus).await?;
        let keys: Vec<Key> = skus.iter().map(|sku| Key::new(*sku, count.place_id)).collect();
        // Under its lock a balance, its holds and what is told late stand still.
        let hands = Hands::take(tx, keys).await?;
        store::lines_ensure(tx, id, count.place_id, &skus).await?;
        let (packed, packing) = transfers::picks_at(tx, count.place_id).await?;
        let mut lines = Vec::with_capacity(found.len());
        for (sku, counted) in found {
            let snapshot = known.get(&sku).ok_or_else(|| Error::not_found("sku", sku))?;
            if !snapshot.tracked {
                return Err(untracked(sku));
            }
            let balance = hands
                .now
                .get(&Key::new(sku, count.place_id))
                .copied()
                .unwrap_or_default();
            let of = |pieces: &HashMap<SkuId, i64>| pieces.get(&sku).copied().unwrap_or(0);
            let before = store::line_get(tx, id, sku).await?;
            lines.push(Line {
                sku_id: sku,
                round: before.map_or(0, |line| line.round) + 1,
                take: Some(Take {
                    counted,
                    book: Book {
                        on_hand: balance.on_hand,
                        late: 0,
                        quarantined: balance.quarantined,
                        picked: of(&picks.picked) + of(&packed),
                        picking: of(&picks.picking) + of(&packing),
                    },
                    price: snapshot.price,
                    by: ctx.actor.to_string(),
                    at: tx.now(),
                }),
                again: false,
                reason: None,
            });
        }
        store::takes_write(tx, id, &lines).await?;
        hands.put(tx, ctx).await?;
        lines
            .into_iter()
            .map(|line| CountLine::of(line, count.hides()))
            .collect()
    }

    /// Keeps the single pieces a reader has seen, each once however often it is seen, and counts the SKUs they are
    /// of: what was found of a SKU is the pieces seen so far. Answers how many were new, and the lines.
    ///
    /// # Errors
    /// As [`Stock::count_take_in`].
    pub async fn count_read_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: CountId,
        pieces: &[(Sgtin, SkuId)],
        picks: &Picks,
    ) -> Result<(u64, Vec<CountLine>)> {
        // The sheet first: what is seen for one that is handed in belongs to nobody.
        let count = store::get(tx, id).await?;
        if count.state != CountState::Open {
            return Err(no_step(&count, CountState::Open));
        }
        let new = store::pieces_add(tx, id, pieces).await?;
        let touched: HashSet<SkuId> = pieces.iter().map(|(_, sku)| *sku).collect();
        let mut found = store::pieces_seen(tx, id).await?;
        found.retain(|seen| touched.contains(&seen.sku_id));
        let mut lines = Vec::with_capacity(found.len());
        for some in found.chunks(TAKES_MAX) {
            lines.extend(self.count_take_in(tx, ctx, id, some, picks).await?);
        }
        Ok((new, lines))
    }

    /// Hands a count in. Small differences are posted at once; others wait for somebody to agree. Lines nobody
    /// has counted are left as they are when `leave_uncounted`, and refused otherwise.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `count.uncounted`, `count.illegal_step`.
    pub async fn count_submit(
        &self,
        ctx: &Ctx,
        id: CountId,
        reasons: Vec<Reasoned>,
        leave_uncounted: bool,
    ) -> Result<Count> {
        ctx.require(COUNT_TAKE, &Resource::Somewhere)?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let (mut count, lines) = stock.open_count(tx, &actor, id, &reasons).await?;
            actor.require(COUNT_TAKE, &Resource::Place(count.place_id))?;
            count.state.step(CountState::Review)?;
            let counted: Vec<Line> = lines.iter().filter(|line| line.is_counted()).cloned().collect();
            let left = lines.len() - counted.len();
            if counted.is_empty() || (left > 0 && !leave_uncounted) {
                return Err(Error::new(&COUNT_UNCOUNTED).with("lines", left as i64));
            }
            (count.submitted_by, count.submitted_at) = (Some(actor.actor.to_string()), Some(tx.now()));
            let differences: Vec<_> = counted
                .iter()
                .filter_map(|line| Some((line.variance(), line.take.as_ref()?.price)))
                .filter(|(variance, _)| *variance != 0)
                .collect();
            if rules::needs_approval(stock.counts, &differences)? {
                count.state = count.state.step(CountState::Review)?;
                changed(tx, &count).await?;
                bus::emit(
                    tx,
                    &actor,
                    &CountSubmitted {
                        count_id: id,
                        place_id: count.place_id,
                        differing: differences.len() as i64,
                    },
                )
                .await?;
            } else {
                post(tx, &actor, &mut count).await?;
            }
            store::get(tx, id).await
        };
        self.db.write_once(ctx, "count_submit", unit).await
    }

    /// Agrees to what was found and posts it.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `count.four_eyes`, `count.reason_needed`, `count.illegal_step`.
    pub async fn count_approve(&self, ctx: &Ctx, id: CountId, reasons: Vec<Reasoned>) -> Result<Count> {
        ctx.require(COUNT_APPROVE, &Resource::Somewhere)?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let (mut count, lines) = stock.open_count(tx, &actor, id, &reasons).await?;
            actor.require(COUNT_APPROVE, &Resource::Place(count.place_id))?;
            if count.state != CountState::Review {
                return Err(no_step(&count, CountState::Posted));
            }
            let counted: Vec<Line> = lines.into_iter().filter(Line::is_counted).collect();
            rules::approvable(stock.counts, &counted, &actor.actor.to_string())?;
            post(tx, &actor, &mut count).await?;
            store::get(tx, id).await
        };
        self.db.write_once(ctx, "count_approve", unit).await
    }

    /// Sends lines back to be counted once more; all that differ when none are named.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `count.illegal_step`.
    pub async fn count_recount(&self, ctx: &Ctx, id: CountId, skus: Vec<SkuId>) -> Result<Count> {
        ctx.require(COUNT_APPROVE, &Resource::Somewhere)?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let (mut count, lines) = stock.open_count(tx, &actor, id, &[]).await?;
            actor.require(COUNT_APPROVE, &Resource::Place(count.place_id))?;
            let back: Vec<SkuId> = if skus.is_empty() {
                let differing = lines.iter().filter(|line| line.variance() != 0);
                differing.map(|line| line.sku_id).collect()
            } else {
                skus.clone()
            };
            if let Some(unknown) = back.iter().find(|sku| !lines.iter().any(|l| l.sku_id == **sku)) {
                return Err(Error::not_found("sku", unknown));
            }
            if count.state != CountState::Review {
                return Err(no_step(&count, CountState::Open));
            }
            count.state = count.state.step(CountState::Open)?;
            store::lines_send_back(tx, id, &back).await?;
            store::pieces_forget(tx, id, &back).await?;
            changed(tx, &count).await?;
            Ok(store::get(tx, id).await?.shown())
        };
        self.db.write_once(ctx, "count_recount", unit).await
    }

    /// Gives a count up; the book stays as it is.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `count.illegal_step`.
    pub async fn count_cancel(&self, ctx: &Ctx, id: CountId) -> Result<Count> {
        ctx.require(COUNT_TAKE, &Resource::Somewhere)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut count = store::get(tx, id).await?;
            actor.require(COUNT_TAKE, &Resource::Place(count.place_id))?;
            count.state = count.state.step(CountState::Cancelled)?;
            (count.closed_by, count.closed_at) = (Some(actor.actor.to_string()), Some(tx.now()));
            changed(tx, &count).await?;
            store::get(tx, id).await
        };
        self.db.write_once(ctx, "count_cancel", unit).await
    }

    /// A sheet and its lines, with reasons put on them.
    async fn open_count(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: CountId,
        reasons: &[Reasoned],
    ) -> Result<(Count, Vec<Line>)> {
        let count = store::get(tx, id).await?;
        ctx.require(STOCK_READ, &Resource::Place(count.place_id))?;
        if !reasons.is_empty() {
            let given = reasons.iter().map(|given| (given.sku_id, given.reason));
            store::reasons_write(tx, id, given).await?;
        }
        Ok((count, store::lines(tx, id).await?))
    }
}

/// Brings the book to what was found: one entry a line that differs, dated when it was counted.
async fn post(tx: &Tx, ctx: &Ctx, count: &mut Count) -> Result<()> {
    let place = count.place_id;
    let counted = |lines: Vec<Line>| lines.into_iter().filter(Line::is_counted);
    let keys: Vec<Key> = counted(store::lines(tx, count.id).await?)
        .map(|line| line.key(place))
        .collect();
    balance_store::balances_ensure(tx, &keys).await?;
    let mut hands = Hands::take(tx, keys).await?;
    // Read again under the locks: something may have been told late meanwhile.
    let lines: Vec<Line> = counted(store::lines(tx, count.id).await?)
        .filter(|line| line.variance() != 0)
        .collect();
    let before = hands.now.clone();
    let source = count.id.to_string();
    for line in &lines {
        let entry = Entry::on_hand(line.key(place), MovementKind::Count, line.variance());
        hands.apply(entry.key, entry.change, true)?;
    }
    let entered = try_join_all(lines.iter().map(async |line| {
        let entry = Entry::on_hand(line.key(place), MovementKind::Count, line.variance());
        let words = Words {
            reason: Some(line.reason.map_or(UNEXPLAINED, |reason| reason.as_str())),
            source: Some(&source),
            occurred_at: line.take.as_ref().map(|take| take.at),
            ..Words::default()
        };
        movements::enter(tx, ctx, &[entry], words).await
    }));
    entered.await?;
    for line in &lines {
        let Some(take) = &line.take else { continue };
        let (key, delta) = (line.key(place), line.variance());
        late::tell(tx, ctx, &mut hands, key, take.at, delta, Some(count.id)).await?;
    }
    let after = hands.now.clone();
    hands.put(tx, ctx).await?;
    for line in &lines {
        let key = line.key(place);
        let (Some(before), Some(after)) = (before.get(&key), after.get(&key)) else {
            continue;
        };
        if after.shortfall > before.shortfall {
            let why = line.reason.map(|reason| reason.as_str());
            movements::raise_shortfall(tx, ctx, key, after.shortfall, why).await?;
        }
    }
    count.state = count.state.step(CountState::Posted)?;
    (count.closed_by, count.closed_at) = (Some(ctx.actor.to_string()), Some(tx.now()));
    changed(tx, count).await?;
    let event = CountPosted {
        count_id: count.id,
        place_id: place,
        differing: lines.len() as i64,
        missing: lines.iter().map(|line| (-line.variance()).max(0)).sum(),
        surplus: lines.iter().map(|line| line.variance().max(0)).sum(),
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(())
}

/// Writes a sheet that nobody else has changed meanwhile.
async fn changed(tx: &Tx, count: &Count) -> Result<()> {
    if store::update(tx, count).await? {
        return Ok(());
    }
    Err(Error::new(&db::CONTENDED))
}

fn no_step(count: &Count, to: CountState) -> Error {
    Error::new(&crate::error::COUNT_ILLEGAL_STEP)
        .with("from", count.state.as_str())
        .with("to", to.as_str())
}

/// What was found, by SKU; two figures of one SKU are two shelves.
fn checked(found: &[Counted]) -> Result<BTreeMap<SkuId, i64>> {
    if found.is_empty() || found.len() > TAKES_MAX {
        return Err(out_of_range("lines", 1, TAKES_MAX as i64));
    }
    let mut out: BTreeMap<SkuId, i64> = BTreeMap::new();
    for (at, one) in found.iter().enumerate() {
        let sum = out.entry(one.sku_id).or_default();
        *sum = sum.saturating_add(one.counted);
        if one.counted < 0 || *sum > QUANTITY_MAX {
            return Err(out_of_range(&format!("lines[{at}].counted"), 0, QUANTITY_MAX));
        }
    }
    Ok(out)
}

fn untracked(sku: SkuId) -> Error {
    Error::new(&UNTRACKED).with("sku_id", sku.to_string())
}
