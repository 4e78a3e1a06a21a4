//! Past orders sourced again under changed rules, a batch at a time; and what is counted for sourcing.

use std::collections::HashMap;
use std::time::Duration;

use base::{Ctx, OrderId, PlaceId, Resource, Result, SkuId, Time};
use db::Reader;
use jobs::Runner;
use orders::Order;
use places::Book;
use sourcing::{
    Basis, Batch, NewReplay, PlaceFigure, Problem, Replay, ReplayId, ReplayedOrder, RunReplay, SOLD_DAYS,
    SOURCING_MANAGE, Sold, Unfinished, decide, outcome,
};

use crate::Flows;
use crate::made_of::{self, on_offer};
use crate::sources::{Ask, Goal, asks_of, described, locate, way};
use crate::sourcing::{minutes_until, recall};

/// Orders of one batch: small enough that a replay can be stopped, and seen moving.
const BATCH: i64 = 100;
/// Rejections are counted over so long.
const ASKED: Duration = Duration::from_secs(90 * 24 * 3600);

impl Flows {
    /// Tells a runner how replays go on.
    pub fn register(&self, runner: &mut Runner) {
        let flows = self.clone();
        runner.register(move |ctx: Ctx, job: RunReplay| {
            let flows = flows.clone();
            async move { flows.replay_batch(&ctx, job.replay_id).await }
        });
    }

    /// Starts a replay of past orders.
    ///
    /// # Errors
    /// `access.*` without `sourcing.manage`; `sourcing.replay_period`; `sourcing.replay_busy`.
    pub async fn sourcing_replay(&self, ctx: &Ctx, new: NewReplay) -> Result<Replay> {
        ctx.require(SOURCING_MANAGE, &Resource::Chain)?;
        let (from, to) = (new.from, new.to);
        let count = async move |r: &Reader| orders::history::delivery_count_in(r, from, to).await;
        let total = self.parts.db.read(count).await?;
        self.sourcing.replay_start(ctx, new, total).await
    }

    async fn replay_batch(&self, ctx: &Ctx, id: ReplayId) -> Result<()> {
        let sourcing = self.sourcing.clone();
        let read = async move |r: &Reader| sourcing.replay_unfinished_in(r, id).await;
        let Some(unfinished) = self.parts.db.read(read).await? else {
            return Ok(());
        };
        let batch = self.replay_orders(&unfinished).await?;
        self.sourcing.replay_advance(ctx, unfinished, batch).await
    }

    async fn replay_orders(&self, unfinished: &Unfinished) -> Result<Batch> {
        let (from, to, after) = (unfinished.replay.from, unfinished.replay.to, unfinished.cursor);
        let list = async move |r: &Reader| orders::history::deliveries_in(r, from, to, after, BATCH).await;
        let keys = self.parts.db.read(list).await?;
        let book = self.parts.places.book().await?;
        let mut batch = Batch::default();
        for (placed_at, id) in keys {
            let Some((basis, order, problem)) = self.replay_facts(&book, id).await? else {
                (batch.looked_at, batch.cursor) = (batch.looked_at + 1, Some((placed_at, id)));
                continue;
            };
            let (base, changed) = (&unfinished.base, &unfinished.replay.rules);
            let before = outcome(&problem, &decide(base, &problem), base, changed);
            let after = outcome(&problem, &decide(changed, &problem), base, changed);
            batch.orders.push(ReplayedOrder {
                order_id: id,
                number: order.head.number.as_str().to_owned(),
                placed_at,
                basis,
                saved_minor: before.cost_minor - after.cost_minor,
                before,
                after,
            });
            (batch.looked_at, batch.cursor) = (batch.looked_at + 1, Some((placed_at, id)));
            // A decision may take milliseconds; requests on this thread come first.
            tokio::task::yield_now().await;
        }
        Ok(batch)
    }

    /// What an order was sourced on, recorded or reconstructed; none when it has no address or no lines.
    async fn replay_facts(&self, book: &Book, id: OrderId) -> Result<Option<(Basis, Order, Problem)>> {
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, id).await?;
            let taken = order.lines.iter().flat_map(|line| made_of::pieces(line, 1));
            let skus: Vec<SkuId> = taken.map(|(sku, _)| sku).collect();
            let stock = stock::history::on_hand_at_in(r, &skus, order.head.placed_at).await?;
            let why = orders::first_why_in(r, &order.head).await?;
            Ok((order, stock, why))
        };
        let (order, stock, why) = self.parts.db.read(read).await?;
        if let Some(problem) = why.and_then(|why| recall(&order, &why, book)) {
            return Ok(Some((Basis::Recorded, order, problem)));
        }
        let lay: HashMap<(SkuId, PlaceId), i64> = stock
            .into_iter()
            .map(|p| ((p.sku_id, p.place_id), p.pieces))
            .collect();
        let problem = reconstructed(&order, book, &lay)?;
        Ok(problem.map(|problem| (Basis::Reconstructed, order, problem)))
    }

    /// Counts how quickly places sell and how often they reject, when it is this node's turn.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn sourcing_figures_due(&self) -> Result<bool> {
        if !self.sourcing.count_is_due().await? {
            return Ok(false);
        }
        let read = async |r: &Reader| {
            let weeks = Duration::from_secs(u64::try_from(SOLD_DAYS).unwrap_or(0) * 24 * 3600);
            let sold = stock::history::sold_since_in(r, r.now().before(weeks)).await?;
            let asked = orders::history::places_asked_in(r, r.now().before(ASKED)).await?;
            Ok((sold, asked))
        };
        let (sold, asked) = self.parts.db.read(read).await?;
        let sold = sold.into_iter().map(|one| Sold {
            sku_id: one.sku_id,
            place_id: one.place_id,
            pieces: one.pieces,
        });
        let places = asked.into_iter().map(|one| PlaceFigure {
            place_id: one.place_id,
            asked: one.asked,
            rejected: one.rejected,
        });
        self.sourcing
            .figures_keep(sold.collect(), places.collect())
            .await?;
        Ok(true)
    }
}

/// The facts of an older order: what lay where by the ledger, and today's places.
fn reconstructed(
    order: &Order,
    book: &Book,
    lay: &HashMap<(SkuId, PlaceId), i64>,
) -> Result<Option<Problem>> {
    let Some(address) = order.head.address.as_ref().filter(|_| !order.lines.is_empty()) else {
        return Ok(None);
    };
    let asks: Vec<Ask> = order
        .lines
        .iter()
        .map(|line| Ask {
            line_id: line.id,
            sku_id: line.sku_id,
            product_id: Some(line.product_id),
            quantity: line.quantity,
            // What never moved anywhere is not counted.
            takes: made_of::pieces(line, 1)
                .into_iter()
                .filter(|(taken, _)| lay.keys().any(|(sku, _)| sku == taken))
                .collect(),
        })
        .collect();
    let wanted: Vec<(&[(SkuId, i64)], i64)> = asks
        .iter()
        .map(|ask| (ask.takes.as_slice(), ask.quantity))
        .collect();
    let placed: Time = order.head.placed_at;
    let (goal, from) = (Goal::Parcel(address), locate(book, address));
    let mut candidates = Vec::new();
    for place in book.iter().filter(|place| place.active) {
        let mut candidate = described(place, goal, book, from);
        candidate.available = on_offer(&wanted, |sku| lay.get(&(sku, place.id)).copied().unwrap_or(0));
        candidate.ready_minutes = place.ready_at(placed)?.map(|ready| minutes_until(placed, ready));
        // How full it was on that day is not known.
        candidate.capacity = None;
        candidates.push(candidate);
    }
    Ok(Some(Problem {
        lines: asks_of(&asks),
        way: way(goal),
        promise_minutes: None,
        candidates,
    }))
}
