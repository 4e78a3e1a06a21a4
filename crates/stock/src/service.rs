//! The face of stock. The async methods ask for rights; the `*_in` variants do not: the flow that calls has.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::{
    Ctx, Cursor, Error, HoldId, Page, PageSize, Permission, PlaceId, ProductId, Resource, Result, SkuId, Time,
};
use catalog::{Catalog, SkuLookup};
use db::{Db, Reader, Tx};
use places::Places;

use crate::balance_store::{self, LevelQuery};
use crate::combiner::Combiner;
use crate::counts::CountPolicy;
use crate::drift::{self, DriftReport};
use crate::ledger_store::{self, MovementQuery};
use crate::model::{
    Available, Hold, HoldLine, HoldRequest, Key, Leave, Leaving, Level, Movement, MovementRow, NewMovement,
    Rejection, ValidRequest,
};
use crate::movements::{self, Rejected};
use crate::placing::{self, Owners};
use crate::{STOCK_HOLD, STOCK_MOVE, STOCK_READ, STOCK_REPAIR, hold_store, holds};

/// The most products a search for levels looks at.
const LEVEL_SEARCH_MAX_PRODUCTS: u32 = 100;
/// How old the drift figure on a home page may be.
const DRIFT_MAX_AGE: Duration = Duration::from_secs(60);

/// How many holds one sweep puts to rest, and how often it looks.
const SWEEP_HOLDS: u32 = 200;
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Stock, as the rest of the house sees it. Cheap to clone.
#[derive(Clone)]
pub struct Stock {
    pub(crate) db: Db,
    pub(crate) catalog: Catalog,
    pub(crate) places: Places,
    pub(crate) counts: CountPolicy,
    combiner: Combiner,
    drift: Arc<Mutex<Option<(Instant, DriftReport)>>>,
}

/// What a list of levels is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct LevelFilter {
    /// Only this SKU.
    pub sku: Option<SkuId>,
    /// Only this place.
    pub place: Option<PlaceId>,
    /// Only SKUs of this product.
    pub product: Option<ProductId>,
    /// Only SKUs of products these words find.
    pub search: Option<String>,
}

/// What a list of movements is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct MovementFilter {
    /// Only this SKU.
    pub sku: Option<SkuId>,
    /// Only this place.
    pub place: Option<PlaceId>,
    /// Only of this document.
    pub source: Option<String>,
}

impl Stock {
    /// Stock over a store, the catalogue and the places it knows.
    #[must_use]
    pub fn new(db: Db, catalog: Catalog, places: Places) -> Self {
        let combiner = Combiner::new(db.clone());
        Self {
            db,
            catalog,
            places,
            counts: CountPolicy::default(),
            combiner,
            drift: Arc::default(),
        }
    }

    /// The same, with another rule for when a count needs approval.
    #[must_use]
    pub const fn with_counts(mut self, policy: CountPolicy) -> Self {
        self.counts = policy;
        self
    }

    // ---- what is where -------------------------------------------------------------------------------------

    /// What can be promised now of SKUs, at every place that has a balance, in (SKU, place) order.
    ///
    /// # Errors
    /// The store's.
    pub async fn availability(&self, skus: &[SkuId]) -> Result<Vec<Available>> {
        let skus = skus.to_vec();
        self.db
            .read(async move |reader: &Reader| balance_store::availability(reader, &skus, None).await)
            .await
    }

    /// The same at one place only.
    ///
    /// # Errors
    /// The store's.
    pub async fn availability_at(&self, skus: &[SkuId], place: PlaceId) -> Result<Vec<Available>> {
        let skus = skus.to_vec();
        self.db
            .read(async move |reader: &Reader| balance_store::availability(reader, &skus, Some(place)).await)
            .await
    }

    /// The same within a read or a unit of work.
    ///
    /// # Errors
    /// The store's.
    pub async fn availability_in(&self, reader: &Reader, skus: &[SkuId]) -> Result<Vec<Available>> {
        balance_store::availability(reader, skus, None).await
    }

    /// What can be promised now, balance after balance in (SKU, place) order from one on: everything, for copies of
    /// it. What cannot be promised is told, too.
    ///
    /// # Errors
    /// The store's.
    pub async fn availability_after(&self, after: Option<Key>, limit: i64) -> Result<Vec<Available>> {
        self.db
            .read(async move |reader: &Reader| balance_store::availability_after(reader, after, limit).await)
            .await
    }

    /// Levels in (SKU, place) order, at the places the caller may see.
    ///
    /// # Errors
    /// `access.*`, `input.invalid_cursor`.
    pub async fn level_list(
        &self,
        ctx: &Ctx,
        filter: LevelFilter,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<Level>> {
        let places = scope(ctx, STOCK_READ, filter.place)?;
        let after: Option<Key> = cursor.map(Cursor::decode).transpose()?;
        let skus = self.skus_of(ctx, &filter).await?;
        let query = LevelQuery {
            skus,
            places,
            after,
            limit: size.with_surplus(),
        };
        let levels = self
            .db
            .read(async move |reader: &Reader| balance_store::levels(reader, &query).await)
            .await?;
        Page::from_surplus(levels, size, |level| Key::new(level.sku_id, level.place_id))
    }

    async fn skus_of(&self, ctx: &Ctx, filter: &LevelFilter) -> Result<Option<Vec<SkuId>>> {
        let mut skus: Option<Vec<SkuId>> = filter.sku.map(|sku| vec![sku]);
        let mut narrow = |found: Vec<SkuId>| {
            skus = Some(match skus.take() {
                Some(before) => before.into_iter().filter(|sku| found.contains(sku)).collect(),
                None => found,
            });
        };
        if let Some(product) = filter.product {
            let found = self
                .catalog
                .sku_list(&ctx.elevated(), SkuLookup::Product(product))
                .await?;
            narrow(found.into_iter().map(|found| found.sku.id).collect());
        }
        if let Some(words) = filter.search.as_deref().filter(|words| !words.trim().is_empty()) {
            narrow(
                self.catalog
                    .sku_ids_matching(words, LEVEL_SEARCH_MAX_PRODUCTS)
                    .await?,
            );
        }
        Ok(skus)
    }

    // ---- the ledger ----------------------------------------------------------------------------------------

    /// Movements, newest first, at the places the caller may see.
    ///
    /// # Errors
    /// `access.*`, `input.invalid_cursor`.
    pub async fn movement_list(
        &self,
        ctx: &Ctx,
        filter: MovementFilter,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<Movement>> {
        let places = scope(ctx, STOCK_READ, filter.place)?;
        let before = cursor.map(Cursor::decode).transpose()?;
        let (sku, source, limit) = (filter.sku, filter.source, size.with_surplus());
        let query = MovementQuery {
            sku,
            places,
            source,
            before,
            limit,
        };
        let read = async move |reader: &Reader| ledger_store::movements(reader, &query).await;
        Page::from_surplus(self.db.read(read).await?, size, |movement| movement.id)
    }

    /// Records a movement; a transfer is two entries.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `stock.promised`, `stock.not_enough`, `stock.count_conflict`.
    pub async fn movement_record(&self, ctx: &Ctx, movement: NewMovement) -> Result<Vec<Movement>> {
        ctx.require(STOCK_MOVE, &Resource::Place(movement.place_id))?;
        self.must_know(
            &[movement.sku_id],
            [Some(movement.place_id), movement.to_place_id]
                .into_iter()
                .flatten(),
        )
        .await?;
        let unit_ctx = ctx.clone();
        let unit = async move |tx: &Tx| movements::record(tx, &unit_ctx, &movement).await;
        self.db.write_once(ctx, "movement_record", unit).await
    }

    /// Records a movement within a flow's unit of work.
    ///
    /// # Errors
    /// As [`Stock::movement_record`], without `access.*` and `not_found`.
    pub async fn movement_record_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        movement: &NewMovement,
    ) -> Result<Vec<Movement>> {
        movements::record(tx, ctx, movement).await
    }

    /// Takes over entries of another system's ledger; see [`MovementRow`]. Nothing is refused for lack of
    /// stock. A few thousand rows at a time is a good size. Answers how many were added.
    ///
    /// # Errors
    /// The store's.
    pub async fn import_movements_in(&self, tx: &Tx, ctx: &Ctx, rows: &[MovementRow]) -> Result<usize> {
        movements::import(tx, ctx, rows).await
    }

    // ---- holds ---------------------------------------------------------------------------------------------

    /// Holds stock, all or nothing, grouped with whoever else asks at this moment: the way for single holds on
    /// hot SKUs. Durable when answered. Takes the lines as they are; [`Stock::hold_place`] asks the catalogue.
    ///
    /// # Errors
    /// `access.*`, `stock.insufficient`, `stock.already_held`, `input.invalid`.
    pub async fn hold(&self, ctx: &Ctx, request: HoldRequest) -> Result<Hold> {
        may_hold(ctx, &request.lines)?;
        self.combiner.hold(request.try_into()?).await
    }

    /// Holds for several owners at once, each all or nothing by itself, through the same grouping.
    pub async fn hold_many(&self, ctx: &Ctx, requests: Vec<HoldRequest>) -> Vec<Result<Hold>> {
        let mut asked = Vec::with_capacity(requests.len());
        for request in requests {
            asked.push(
                match may_hold(ctx, &request.lines).and_then(|()| request.try_into()) {
                    Ok(valid) => self.combiner.ask(valid).await,
                    Err(error) => Err(error),
                },
            );
        }
        let mut answers = Vec::with_capacity(asked.len());
        for answer in asked {
            answers.push(match answer {
                Ok(answer) => answer.await.unwrap_or_else(|_| Err(Error::new(&db::UNAVAILABLE))),
                Err(error) => Err(error),
            });
        }
        answers
    }

    /// Holds stock by hand for `ttl`. Lines whose stock is not counted are left out: they never run out.
    ///
    /// # Errors
    /// `access.*`, `not_found`, and those of [`Stock::hold`].
    pub async fn hold_place(
        &self,
        ctx: &Ctx,
        owner: String,
        lines: Vec<HoldLine>,
        ttl: Duration,
    ) -> Result<Hold> {
        may_hold(ctx, &lines)?;
        let skus: Vec<SkuId> = lines.iter().map(|line| line.sku_id).collect();
        let known = self
            .must_know(&skus, lines.iter().map(|line| line.place_id))
            .await?;
        let lines = lines
            .into_iter()
            .filter(|line| known.get(&line.sku_id) == Some(&true))
            .collect();
        let expires_at = Some(self.db.now().await?.after(ttl));
        self.hold(
            ctx,
            HoldRequest {
                owner,
                lines,
                expires_at,
                leave: Leave::default(),
            },
        )
        .await
    }

    /// One hold, for whoever may hold at one of its places.
    ///
    /// # Errors
    /// `access.*`, `not_found`.
    pub async fn hold_get(&self, ctx: &Ctx, id: HoldId) -> Result<Hold> {
        ctx.require(STOCK_HOLD, &Resource::Somewhere)?;
        let hold = self
            .db
            .read(async move |reader: &Reader| hold_seen(reader, id).await)
            .await?;
        let visible = |line: &crate::model::HeldLine| ctx.may(STOCK_HOLD, &Resource::Place(line.place_id));
        if hold.lines.iter().any(visible) {
            Ok(hold)
        } else {
            Err(Error::not_found("hold", id))
        }
    }

    /// Gives a hold back.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `stock.hold_ended`.
    pub async fn hold_release(&self, ctx: &Ctx, id: HoldId) -> Result<Hold> {
        let hold = self.hold_get(ctx, id).await?;
        for line in &hold.lines {
            ctx.require(STOCK_HOLD, &Resource::Place(line.place_id))?;
        }
        let unit_ctx = ctx.clone();
        let unit = async move |tx: &Tx| holds::release(tx, &unit_ctx, id, &[]).await;
        self.db.write_once(ctx, "hold_release", unit).await
    }

    /// One hold within a read or a unit of work.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn hold_get_in(&self, reader: &Reader, id: HoldId) -> Result<Hold> {
        hold_seen(reader, id).await
    }

    /// An owner's latest hold, over or not.
    ///
    /// # Errors
    /// The store's.
    pub async fn hold_by_owner_in(&self, reader: &Reader, owner: &str) -> Result<Option<Hold>> {
        let found = hold_store::hold_latest_of(reader, owner).await?;
        Ok(found.map(|hold| hold.seen_at(reader.now())))
    }

    /// Holds stock within a flow's unit of work, all or nothing. Asked again for the same owner and lines it
    /// answers the hold that is there. After a refusal the unit may go on, say to try another place.
    ///
    /// # Errors
    /// `stock.insufficient`, `stock.already_held`, `input.invalid`.
    pub async fn hold_place_in(&self, tx: &Tx, ctx: &Ctx, request: HoldRequest) -> Result<Hold> {
        let request: ValidRequest = request.try_into()?;
        let requests = std::slice::from_ref(&request);
        let mut answers = placing::place(tx, ctx, requests, Owners::LookedUp).await?;
        answers
            .pop()
            .unwrap_or_else(|| Err(Error::internal("a request without an answer")))
    }

    /// Keeps a hold for good: an allocated order. One that has run out is taken anew if its stock is still
    /// there, and of each balance so many pieces more as `leave` says.
    ///
    /// # Errors
    /// `stock.hold_lapsed` with what is missing, `stock.hold_ended`, `not_found`.
    pub async fn hold_confirm_in(&self, tx: &Tx, ctx: &Ctx, id: HoldId, leave: Leaving<'_>) -> Result<Hold> {
        holds::confirm(tx, ctx, id, leave).await
    }

    /// Keeps a hold until another instant; one that has run out is taken anew if its stock is still there. A
    /// confirmed hold stays confirmed.
    ///
    /// # Errors
    /// As [`Stock::hold_confirm_in`].
    pub async fn hold_extend_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: HoldId,
        until: Time,
        leave: Leaving<'_>,
    ) -> Result<Hold> {
        holds::keep(tx, ctx, id, Some(until), leave).await
    }

    /// Goods leave: a sale in the ledger under the hold's owner. All that is outstanding when no lines are named.
    ///
    /// # Errors
    /// `stock.hold_exceeded`, `stock.hold_lapsed`, `stock.hold_ended`, `not_found`.
    pub async fn hold_commit_in(&self, tx: &Tx, ctx: &Ctx, id: HoldId, lines: &[HoldLine]) -> Result<Hold> {
        holds::commit(tx, ctx, id, lines).await
    }

    /// Gives stock back. All that is outstanding when no lines are named; then a hold that is over stays so.
    ///
    /// # Errors
    /// `stock.hold_exceeded`, `stock.hold_ended`, `not_found`.
    pub async fn hold_release_in(&self, tx: &Tx, ctx: &Ctx, id: HoldId, lines: &[HoldLine]) -> Result<Hold> {
        holds::release(tx, ctx, id, lines).await
    }

    /// Lines of a hold go over to another owner's hold, which is made where there is none; nobody comes between.
    ///
    /// # Errors
    /// `stock.hold_exceeded`, `stock.hold_lapsed`, `stock.hold_ended`, `not_found`.
    pub async fn hold_part_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: HoldId,
        owner: &str,
        lines: &[HoldLine],
    ) -> Result<Hold> {
        holds::part(tx, ctx, id, owner, lines).await
    }

    /// Moves a line to another place, or leaves it where it is.
    ///
    /// # Errors
    /// `stock.insufficient` there, `stock.hold_exceeded`, `stock.hold_lapsed`, `stock.hold_ended`, `not_found`.
    pub async fn hold_move_line_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: HoldId,
        from: HoldLine,
        to: PlaceId,
    ) -> Result<Hold> {
        holds::move_line(tx, ctx, id, from, to).await
    }

    /// Makes a hold hold just these lines; when they are not to be had it stays as it was.
    ///
    /// # Errors
    /// `stock.insufficient`, `stock.hold_lapsed`, `stock.hold_ended`, `not_found`.
    pub async fn hold_change_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: HoldId,
        lines: &[HoldLine],
        leave: Leaving<'_>,
    ) -> Result<Hold> {
        holds::change(tx, ctx, id, lines, leave).await
    }

    /// Gives back lines that a place cannot serve and corrects that place's book by the reason: nothing left to
    /// sell, set aside, or taken off. Promises to others stay. All that is outstanding when no lines are named.
    ///
    /// # Errors
    /// `stock.hold_exceeded`, `stock.hold_lapsed`, `stock.hold_ended`, `not_found`.
    pub async fn reject_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: HoldId,
        lines: &[HoldLine],
        why: Rejection,
        note: Option<&str>,
    ) -> Result<Rejected> {
        movements::reject(tx, ctx, id, lines, why, note).await
    }

    /// Puts holds that have run out to rest, at most `limit`; answers how many there were. Nothing waits for it
    /// but the telling: what they held was free from the instant they ran out. See [`Stock::run`].
    ///
    /// # Errors
    /// The store's.
    pub async fn holds_expire_due(&self, limit: u32) -> Result<usize> {
        // Nearly always there is nothing to do, and finding that out must not trouble the writer.
        let due = async |reader: &Reader| hold_store::holds_due(reader, 1).await;
        if self.db.read(due).await?.is_empty() {
            return Ok(0);
        }
        let unit = async move |tx: &Tx| holds::expire_due(tx, &Ctx::system("stock"), i64::from(limit)).await;
        self.db.write(unit).await
    }

    /// Sweeps once a second until `shutdown`.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            match self.holds_expire_due(SWEEP_HOLDS).await {
                Ok(swept) if swept == SWEEP_HOLDS as usize => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(?error, "holds that have run out could not be swept"),
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(SWEEP_EVERY) => {}
            }
        }
    }

    // ---- drift ---------------------------------------------------------------------------------------------

    /// Compares every balance with the rows it is the sum of.
    ///
    /// # Errors
    /// `access.*`.
    pub async fn drift_check(&self, ctx: &Ctx) -> Result<DriftReport> {
        ctx.require(STOCK_READ, &Resource::Somewhere)?;
        let report = self
            .db
            .read(async |reader: &Reader| drift::check(reader).await)
            .await?;
        *self.drift.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), report.clone()));
        Ok(report)
    }

    /// The latest check, made anew when it is older than a minute: for figures on a page.
    ///
    /// # Errors
    /// `access.*`.
    pub async fn drift_latest(&self, ctx: &Ctx) -> Result<DriftReport> {
        let kept = self.drift.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some((since, report)) if since.elapsed() < DRIFT_MAX_AGE => Ok(report),
            _ => self.drift_check(ctx).await,
        }
    }

    /// Brings balances back to what their rows say; answers what it mended.
    ///
    /// # Errors
    /// `access.*`.
    pub async fn drift_repair(&self, ctx: &Ctx) -> Result<DriftReport> {
        ctx.require(STOCK_REPAIR, &Resource::Chain)?;
        let unit_ctx = ctx.clone();
        let unit = async move |tx: &Tx| drift::repair(tx, &unit_ctx).await;
        let mended = self.db.write_once(ctx, "drift_repair", unit).await?;
        *self.drift.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(mended)
    }

    /// Refuses SKUs and places nobody knows; answers of each SKU whether its stock is counted.
    pub(crate) async fn must_know(
        &self,
        skus: &[SkuId],
        places: impl IntoIterator<Item = PlaceId>,
    ) -> Result<HashMap<SkuId, bool>> {
        let known = self.catalog.sku_snapshots(skus).await?;
        if let Some(unknown) = skus.iter().find(|sku| !known.contains_key(sku)) {
            return Err(Error::not_found("sku", unknown));
        }
        let book = self.places.book().await?;
        if let Some(unknown) = places.into_iter().find(|place| book.get(*place).is_none()) {
            return Err(Error::not_found("place", unknown));
        }
        Ok(known.into_iter().map(|(id, sku)| (id, sku.tracked)).collect())
    }
}

fn may_hold(ctx: &Ctx, lines: &[HoldLine]) -> Result<()> {
    ctx.require(STOCK_HOLD, &Resource::Somewhere)?;
    lines
        .iter()
        .try_for_each(|line| ctx.require(STOCK_HOLD, &Resource::Place(line.place_id)))
}

async fn hold_seen(reader: &Reader, id: HoldId) -> Result<Hold> {
    let found = hold_store::hold_get(reader, id).await?;
    found
        .map(|hold| hold.seen_at(reader.now()))
        .ok_or_else(|| Error::not_found("hold", id))
}

/// The places a list is limited to: the one asked for, if the caller may see it, or all the caller may see.
pub(crate) fn scope(
    ctx: &Ctx,
    permission: Permission,
    wanted: Option<PlaceId>,
) -> Result<Option<Vec<PlaceId>>> {
    if let Some(place) = wanted {
        ctx.require(permission, &Resource::Place(place))?;
        return Ok(Some(vec![place]));
    }
    ctx.require(permission, &Resource::Somewhere)?;
    Ok(ctx.places(permission))
}
