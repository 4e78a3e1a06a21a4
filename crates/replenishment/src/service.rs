//! The face: runs, proposals and what holds for them.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use base::{
    Ctx, Error, Page, PageQuery, PlaceId, Resource, Result, SkuId, SupplyId, Text, TransferId, codes,
};
use catalog::Catalog;
use db::{Db, Reader, Tx};
use jobs::Runner;
use places::Places;
use pricing::Pricing;
use stock::{NewSupply, NewTransfer, Stock, SupplyKind, SupplyQuantity, TransferQuantity};

use crate::batch::{Facts, Found, SKUS};
use crate::error::{NOT_OPEN, RUN_BUSY};
use crate::events::{ProposalDecided, RunFinished};
use crate::job::RunBatch;
use crate::model::{
    Accept, Accepted, Proposal, ProposalId, ProposalState, ProposalSummary, Reason, Run, RunId, RunState,
    Stored,
};
use crate::settings::{Said, Setting, Subject};
use crate::store::{self, Progress, Query};
use crate::{REPLENISHMENT_DECIDE, REPLENISHMENT_MANAGE, REPLENISHMENT_READ};

/// Proposals decided about at once.
pub const DECIDE_MAX: usize = 200;
/// The longest nothing is proposed after a dismissal, in days.
const QUIET_DAYS_MAX: i64 = 90;
/// A run that has not moved for so long is dead: its node is gone, and nobody took its job up.
const STALE: Duration = Duration::from_secs(15 * 60);
/// How often a new run is due.
const EVERY: Duration = Duration::from_secs(24 * 3600);
/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(10 * 60);
/// Campaigns are looked for so far back and ahead.
const CAMPAIGNS_BACK: Duration = Duration::from_secs(190 * 86_400);
const CAMPAIGNS_AHEAD: Duration = Duration::from_secs(400 * 86_400);

/// Replenishment, as the rest of the house sees it. Cheap to clone.
#[derive(Clone)]
pub struct Replenishment {
    db: Db,
    catalog: Catalog,
    places: Places,
    pricing: Pricing,
    stock: Stock,
}

/// What a list of proposals is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ProposalFilter {
    /// Only in this state; those that wait for a decision when absent.
    pub state: Option<ProposalState>,
    /// Only for this place.
    pub place: Option<PlaceId>,
    /// Only from places of our own, or only from suppliers.
    pub from_places: Option<bool>,
    /// Only of this article.
    pub sku: Option<SkuId>,
    /// Only of articles whose code or name has these words.
    pub search: Option<String>,
}

impl Replenishment {
    /// Over a migrated store.
    #[must_use]
    pub const fn new(db: Db, catalog: Catalog, places: Places, pricing: Pricing, stock: Stock) -> Self {
        Self {
            db,
            catalog,
            places,
            pricing,
            stock,
        }
    }

    // ---- runs ----------------------------------------------------------------------------------------------

    /// Tells a runner how runs go on.
    pub fn register(&self, runner: &mut Runner) {
        let replenishment = self.clone();
        runner.register(move |ctx: Ctx, job: RunBatch| {
            let replenishment = replenishment.clone();
            async move { replenishment.run_batch(&ctx, job.run_id).await.map(drop) }
        });
    }

    /// Starts a run over the assortment.
    ///
    /// # Errors
    /// `access.*` without `replenishment.manage`; `replenishment.run_busy`.
    pub async fn run_start(&self, ctx: &Ctx) -> Result<Run> {
        ctx.require(REPLENISHMENT_MANAGE, &Resource::Chain)?;
        let actor = ctx.actor.to_string();
        let unit = async move |tx: &Tx| {
            if let Some(running) = store::run_running(tx).await? {
                if tx.now().since(running.updated_at) < STALE {
                    return Err(Error::new(&RUN_BUSY).with("run_id", running.id.to_string()));
                }
                store::run_stop(tx, running.id).await?;
            }
            let run = Run {
                id: RunId::new(),
                state: RunState::Running,
                actor: actor.clone(),
                skus_total: stock::history::sku_count_in(tx).await?,
                skus_done: 0,
                series: 0,
                proposals: 0,
                pieces: 0,
                created_at: tx.now(),
                updated_at: tx.now(),
                finished_at: None,
            };
            if !store::run_add(tx, &run).await? {
                // Another began unseen: this unit looks again, and finds it.
                return Err(Error::new(&db::CONTENDED));
            }
            let first = RunBatch {
                run_id: run.id,
                done: 0,
            };
            jobs::enqueue(tx, &first, tx.now()).await?;
            Ok(run)
        };
        self.db.write_once(ctx, "replenishment.run_start", unit).await
    }

    /// Runs over the assortment here and now, and answers when it is done: for the command line.
    ///
    /// # Errors
    /// As [`Self::run_start`]; the store's.
    pub async fn run_whole(&self, ctx: &Ctx) -> Result<Run> {
        let run = self.run_start(ctx).await?;
        while self.run_batch(ctx, run.id).await? {}
        self.run_get(ctx, run.id).await
    }

    /// A run, with what it found so far.
    ///
    /// # Errors
    /// `access.*` without `replenishment.read`; `not_found`.
    pub async fn run_get(&self, ctx: &Ctx, id: RunId) -> Result<Run> {
        ctx.require(REPLENISHMENT_READ, &Resource::Somewhere)?;
        let read = async move |reader: &Reader| store::run_get(reader, id).await;
        self.db
            .read(read)
            .await?
            .ok_or_else(|| Error::not_found("run", id))
    }

    /// Runs, the newest first.
    ///
    /// # Errors
    /// `access.*` without `replenishment.read`; `input.*`.
    pub async fn run_list(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<Run>> {
        ctx.require(REPLENISHMENT_READ, &Resource::Somewhere)?;
        let (size, before) = (page.size()?, page.after()?);
        let read = async move |reader: &Reader| store::runs(reader, before, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |run| (run.created_at, run.id))
    }

    /// Works off the next articles; false when there are none left.
    async fn run_batch(&self, ctx: &Ctx, id: RunId) -> Result<bool> {
        let read = async move |reader: &Reader| {
            let Some(from) = store::run_cursor(reader, id).await? else {
                return Ok(None);
            };
            let ids = stock::history::skus_after_in(reader, from, SKUS).await?;
            Ok(Some((from, ids)))
        };
        let Some((from, ids)) = self.db.read(read).await? else {
            return Ok(false);
        };
        let found = if ids.is_empty() {
            Found::default()
        } else {
            self.found(id, &ids).await?
        };
        let progress = Progress {
            from,
            to: ids.last().copied(),
            skus: ids.len() as i64,
            series: found.series,
            proposals: found.proposals.len() as i64,
            pieces: found.proposals.iter().map(|one| one.quantity).sum(),
        };
        let (by, ends) = (ctx.clone(), ids.is_empty());
        let unit = async move |tx: &Tx| {
            if !store::run_advance(tx, id, progress).await? {
                return Ok(());
            }
            store::proposals_forget(tx, &ids).await?;
            store::proposals_add(tx, &found.proposals).await?;
            let Some(run) = store::run_get(tx, id).await? else {
                return Ok(());
            };
            if run.state == RunState::Done {
                let event = RunFinished {
                    run_id: id,
                    proposals: run.proposals,
                };
                bus::emit(tx, &by, &event).await?;
                return Ok(());
            }
            let next = RunBatch {
                run_id: id,
                done: run.skus_done,
            };
            jobs::enqueue(tx, &next, tx.now()).await
        };
        self.db.write(unit).await?;
        Ok(!ends)
    }

    async fn found(&self, run: RunId, ids: &[SkuId]) -> Result<Found> {
        let now = self.db.now().await?;
        let book = self.places.book().await?;
        let campaigns = self
            .pricing
            .campaigns(now.before(CAMPAIGNS_BACK), now.after(CAMPAIGNS_AHEAD))
            .await?;
        let (catalog, ids) = (self.catalog.clone(), ids.to_vec());
        let read = async move |reader: &Reader| {
            let skus = catalog.sku_snapshots_in(reader, &ids).await?;
            Facts::read(reader, run, &ids, (book.clone(), campaigns.clone(), skus)).await
        };
        let facts = self.db.read(read).await?;
        tokio::task::spawn_blocking(move || facts.decide())
            .await
            .map_err(Error::internal)
    }

    /// Starts a run once a day until `shutdown` completes.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            match self.run_due().await {
                Ok(_) => {}
                Err(error) if error.is(&RUN_BUSY) => {}
                Err(error) => tracing::warn!(?error, "replenishment could not be started"),
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Starts a run if the last one is a day old; answers whether it did.
    ///
    /// # Errors
    /// The store's; `replenishment.run_busy` when another node was faster.
    pub async fn run_due(&self) -> Result<bool> {
        let read = async |reader: &Reader| {
            let last = store::runs(reader, None, 1).await?;
            let due = last
                .first()
                .is_none_or(|run| reader.now().since(run.created_at) >= EVERY);
            Ok(due && stock::history::sku_count_in(reader).await? > 0)
        };
        if !self.db.read(read).await? {
            return Ok(false);
        }
        self.run_start(&Ctx::system("replenishment")).await?;
        Ok(true)
    }

    // ---- proposals -----------------------------------------------------------------------------------------

    /// Proposals for places the caller may see, those that run out first ahead.
    ///
    /// # Errors
    /// `access.*` without `replenishment.read`; `input.*`.
    pub async fn proposal_list(
        &self,
        ctx: &Ctx,
        filter: ProposalFilter,
        page: &PageQuery,
    ) -> Result<Page<ProposalSummary>> {
        let places = match filter.place {
            Some(place) => {
                ctx.require(REPLENISHMENT_READ, &Resource::Place(place))?;
                Some(vec![place])
            }
            None => {
                ctx.require(REPLENISHMENT_READ, &Resource::Somewhere)?;
                ctx.places(REPLENISHMENT_READ)
            }
        };
        let size = page.size()?;
        let words = filter.search.map(|words| words.trim().to_lowercase());
        let query = Query {
            state: filter.state.unwrap_or(ProposalState::Open),
            places,
            from_places: filter.from_places,
            sku: filter.sku,
            words: words.filter(|words| !words.is_empty()),
            after: page.after()?,
            limit: size.with_surplus(),
        };
        let read = async move |reader: &Reader| store::proposals(reader, &query).await;
        let found = Page::from_surplus(self.db.read(read).await?, size, |one| (one.lasts_days, one.id))?;
        let names = self.names(found.items.iter().map(|one| one.sku_id)).await?;
        Ok(found.map(|one| one.summary(names.get(&one.sku_id).cloned().unwrap_or_default())))
    }

    /// A proposal with every figure behind it.
    ///
    /// # Errors
    /// `access.*` without `replenishment.read`; `not_found`.
    pub async fn proposal_get(&self, ctx: &Ctx, id: ProposalId) -> Result<Proposal> {
        ctx.require(REPLENISHMENT_READ, &Resource::Somewhere)?;
        let read = async move |reader: &Reader| store::proposal_get(reader, id).await;
        let found = self.db.read(read).await?;
        if !ctx.may(REPLENISHMENT_READ, &Resource::Place(found.place_id)) {
            return Err(Error::not_found("proposal", id));
        }
        let names = self.names([found.sku_id]).await?;
        Ok(Proposal {
            summary: found.summary(names.get(&found.sku_id).cloned().unwrap_or_default()),
            why: found.why,
        })
    }

    async fn names(
        &self,
        skus: impl IntoIterator<Item = SkuId>,
    ) -> Result<BTreeMap<SkuId, (String, Text, Text)>> {
        let mut ids: Vec<SkuId> = skus.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let found = self.catalog.sku_snapshots(&ids).await?;
        let named = |sku: &catalog::SkuSnapshot| (sku.code.clone(), sku.name.clone(), sku.option.clone());
        Ok(found.into_iter().map(|(id, sku)| (id, named(&sku))).collect())
    }

    /// Takes proposals, all or none: asks for a transfer where the goods come from a place of our own (one for all
    /// proposals of a pair of places), and has the others expected from the supplier.
    ///
    /// # Errors
    /// `access.*` without `replenishment.decide` at the place, or `transfer.request`, or `supply.manage`; `not_found`; `input.invalid`;
    /// `replenishment.not_open`.
    pub async fn proposal_accept(&self, ctx: &Ctx, wishes: Vec<Accept>) -> Result<Accepted> {
        ctx.require(REPLENISHMENT_DECIDE, &Resource::Somewhere)?;
        if wishes.is_empty() || wishes.len() > DECIDE_MAX {
            return Err(out_of_range("items", 1, DECIDE_MAX as i64));
        }
        for (at, wish) in wishes.iter().enumerate() {
            let quantity = wish.quantity.unwrap_or(1);
            if !(1..=stock::QUANTITY_MAX).contains(&quantity) {
                return Err(out_of_range(
                    &format!("items[{at}].quantity"),
                    1,
                    stock::QUANTITY_MAX,
                ));
            }
            if wishes[..at].iter().any(|other| other.id == wish.id) {
                let twice = Error::field(format!("items[{at}].id"), &codes::MALFORMED);
                return Err(twice.with("reason", wish.id.to_string()));
            }
        }
        let (stock, actor) = (self.stock.clone(), ctx.clone());
        let unit = async move |tx: &Tx| accept_in(tx, &stock, &actor, &wishes).await;
        self.db
            .write_once(ctx, "replenishment.proposal_accept", unit)
            .await
    }

    /// Dismisses a proposal; nothing is proposed for the article there for some days.
    ///
    /// # Errors
    /// `access.*` without `replenishment.decide` at the place; `not_found`; `input.invalid`; `replenishment.not_open`.
    pub async fn proposal_dismiss(
        &self,
        ctx: &Ctx,
        id: ProposalId,
        reason: Reason,
        note: Option<String>,
        quiet_days: i64,
    ) -> Result<Proposal> {
        ctx.require(REPLENISHMENT_DECIDE, &Resource::Somewhere)?;
        if !(0..=QUIET_DAYS_MAX).contains(&quiet_days) {
            return Err(out_of_range("quiet_days", 0, QUIET_DAYS_MAX));
        }
        let by = ctx.clone();
        let unit = async move |tx: &Tx| {
            let found = open(tx, &by, id).await?;
            let until = tx
                .now()
                .after(Duration::from_secs(quiet_days.unsigned_abs() * 86_400));
            let actor = by.actor.to_string();
            if !store::proposal_dismiss(tx, id, (reason, note.as_deref()), until, &actor).await? {
                return Err(not_open(id));
            }
            tell(tx, &by, &found, ProposalState::Dismissed, 0, (None, None)).await
        };
        self.db
            .write_once(ctx, "replenishment.proposal_dismiss", unit)
            .await?;
        self.proposal_get(&ctx.elevated(), id).await
    }

    // ---- what holds ----------------------------------------------------------------------------------------

    /// What was said, by subject.
    ///
    /// # Errors
    /// `access.*` without `replenishment.read`; `input.*`.
    pub async fn setting_list(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<Setting>> {
        ctx.require(REPLENISHMENT_READ, &Resource::Somewhere)?;
        let (size, after) = (page.size()?, page.after::<String>()?.unwrap_or_default());
        let read =
            async move |reader: &Reader| store::settings_after(reader, &after, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |setting| setting.subject.key())
    }

    /// Says what holds for a subject; what was said of it before is forgotten. Nothing said leaves it to the general.
    ///
    /// # Errors
    /// `access.*` without `replenishment.manage`; `not_found`; `input.invalid`.
    pub async fn setting_put(&self, ctx: &Ctx, subject: Subject, said: Said) -> Result<Setting> {
        ctx.require(REPLENISHMENT_MANAGE, &Resource::Chain)?;
        let said = said.checked(&subject)?;
        let mut named: Vec<PlaceId> = subject.place().into_iter().collect();
        if let Some(crate::settings::Source::Place { place_id }) = said.source {
            named.push(place_id);
        }
        let book = self.places.book().await?;
        if let Some(unknown) = named.into_iter().find(|place| book.get(*place).is_none()) {
            return Err(Error::not_found("place", unknown));
        }
        if let Some(sku) = subject.sku()
            && self.catalog.sku_snapshots(&[sku]).await?.is_empty()
        {
            return Err(Error::not_found("sku", sku));
        }
        let actor = ctx.actor.to_string();
        let unit = async move |tx: &Tx| {
            let setting = Setting {
                subject: subject.clone(),
                said: said.clone(),
                actor: actor.clone(),
                set_at: tx.now(),
            };
            if setting.said.is_empty() {
                store::setting_delete(tx, &setting.subject).await?;
            } else {
                store::setting_put(tx, &setting).await?;
            }
            Ok(setting)
        };
        self.db.write_once(ctx, "replenishment.setting_put", unit).await
    }
}

fn out_of_range(field: &str, min: i64, max: i64) -> Error {
    let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect())
}

fn not_open(id: ProposalId) -> Error {
    Error::new(&NOT_OPEN).with("proposal_id", id.to_string())
}

/// A proposal the caller may decide about.
async fn open(tx: &Tx, ctx: &Ctx, id: ProposalId) -> Result<Stored> {
    let found = store::proposal_get(tx, id).await?;
    ctx.require(REPLENISHMENT_DECIDE, &Resource::Place(found.place_id))?;
    if found.state != ProposalState::Open {
        return Err(not_open(id));
    }
    Ok(found)
}

/// Goods that travel together: where to, from which place of ours, or from which supplier.
type Lane = (PlaceId, Option<PlaceId>, Option<String>);

async fn accept_in(tx: &Tx, stock: &Stock, ctx: &Ctx, wishes: &[Accept]) -> Result<Accepted> {
    let mut accepted = Accepted {
        transfer_ids: Vec::new(),
        supply_ids: Vec::new(),
    };
    let mut lanes: BTreeMap<Lane, Vec<(Stored, i64)>> = BTreeMap::new();
    for wish in wishes {
        let found = open(tx, ctx, wish.id).await?;
        let pieces = wish.quantity.unwrap_or(found.quantity);
        let lane = (found.place_id, found.from_place_id, found.supplier.clone());
        lanes.entry(lane).or_default().push((found, pieces));
    }
    for ((to, from, supplier), taken) in lanes {
        let came = match from {
            Some(from) => (
                Some(transfer_ask(tx, stock, ctx, (from, to), &taken).await?),
                None,
            ),
            None => (
                None,
                Some(supply_expect(tx, stock, ctx, to, supplier, &taken).await?),
            ),
        };
        accepted.transfer_ids.extend(came.0);
        accepted.supply_ids.extend(came.1);
        for (found, pieces) in taken {
            let actor = ctx.actor.to_string();
            if !store::proposal_accept(tx, found.id, pieces, came, &actor).await? {
                return Err(not_open(found.id));
            }
            tell(tx, ctx, &found, ProposalState::Accepted, pieces, came).await?;
        }
    }
    Ok(accepted)
}

async fn transfer_ask(
    tx: &Tx,
    stock: &Stock,
    ctx: &Ctx,
    (from_place_id, to_place_id): (PlaceId, PlaceId),
    taken: &[(Stored, i64)],
) -> Result<TransferId> {
    let lines = taken.iter().map(|(found, pieces)| TransferQuantity {
        sku_id: found.sku_id,
        quantity: *pieces,
    });
    let new = NewTransfer {
        from_place_id,
        to_place_id,
        lines: lines.collect(),
        note: None,
    };
    Ok(stock.transfer_request_in(tx, ctx, &new).await?.summary.id)
}

/// Enters an order as expected supply, due when the slowest of its goods are; its number is that of the first proposal
/// until the supplier gives it another.
async fn supply_expect(
    tx: &Tx,
    stock: &Stock,
    ctx: &Ctx,
    place_id: PlaceId,
    supplier: Option<String>,
    taken: &[(Stored, i64)],
) -> Result<SupplyId> {
    let lead = taken.iter().map(|(found, _)| found.why.terms.lead_days).max();
    let lead = Duration::from_secs(lead.unwrap_or(1).max(1).unsigned_abs() * 86_400);
    let lines = taken.iter().map(|(found, pieces)| SupplyQuantity {
        sku_id: found.sku_id,
        quantity: *pieces,
    });
    let new = NewSupply {
        kind: SupplyKind::PurchaseOrder,
        reference: taken
            .first()
            .map(|(found, _)| found.id.to_string())
            .unwrap_or_default(),
        place_id,
        due_at: tx.now().after(lead),
        lines: lines.collect(),
        note: supplier,
    };
    Ok(stock.supply_enter_in(tx, ctx, &new).await?.summary.id)
}

async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    found: &Stored,
    state: ProposalState,
    pieces: i64,
    (transfer_id, supply_id): (Option<TransferId>, Option<SupplyId>),
) -> Result<()> {
    let event = ProposalDecided {
        proposal_id: found.id,
        state,
        sku_id: found.sku_id,
        place_id: found.place_id,
        pieces,
        transfer_id,
        supply_id,
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(())
}
