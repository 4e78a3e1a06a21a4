//! The face of replays. The orders are worked off by `flows`, which sees the order book.

use base::{Ctx, Error, OrderId, Page, PageQuery, Resource, Result, Time};
use db::{Reader, Tx};

use crate::error::{REPLAY_BUSY, REPLAY_PERIOD};
use crate::events::ReplayFinished;
use crate::model::RulesVersion;
use crate::replay::{
    NewReplay, REPLAY_DAYS_MAX, REPLAY_ORDERS_MAX, Replay, ReplayId, ReplayResult, ReplayState,
    ReplayedOrder, RunReplay,
};
use crate::replay_store::{self, Progress};
use crate::rules::Rules;
use crate::{SOURCING_MANAGE, SOURCING_READ, Sourcing, store};

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// A replay that has more orders to work off.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The replay so far.
    pub replay: Replay,
    /// The rules it compares with.
    pub base: Rules,
    /// The last order worked off.
    pub cursor: Option<(Time, OrderId)>,
    /// How many changed orders are kept.
    kept: i64,
}

/// What a batch found.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Every order of it.
    pub orders: Vec<ReplayedOrder>,
    /// Orders looked at, also those that left nothing to source.
    pub looked_at: i64,
    /// The last order looked at; none when there was none left.
    pub cursor: Option<(Time, OrderId)>,
}

impl Sourcing {
    /// Starts a replay of the orders of a period; `orders_total` is how many there are.
    ///
    /// # Errors
    /// `access.*` without `sourcing.manage`; `sourcing.replay_period`; `sourcing.replay_busy`.
    pub async fn replay_start(&self, ctx: &Ctx, new: NewReplay, orders_total: i64) -> Result<Replay> {
        ctx.require(SOURCING_MANAGE, &Resource::Chain)?;
        let days = new.to.micros().saturating_sub(new.from.micros()) / DAY_MICROS;
        if new.to <= new.from || days > REPLAY_DAYS_MAX {
            return Err(Error::new(&REPLAY_PERIOD).with("max_days", REPLAY_DAYS_MAX));
        }
        let by = ctx.clone();
        let unit = async move |tx: &Tx| {
            if let Some(id) = replay_store::running(tx).await? {
                return Err(Error::new(&REPLAY_BUSY).with("replay_id", id.to_string()));
            }
            let base = store::latest(tx).await?.unwrap_or_else(RulesVersion::initial);
            let replay = Replay {
                id: ReplayId::new(),
                state: ReplayState::Running,
                base_version: base.version,
                rules: new.rules.get().clone(),
                from: new.from,
                to: new.to,
                note: new.note.clone(),
                actor: by.actor.to_string(),
                orders_total,
                orders_done: 0,
                result: ReplayResult::default(),
                created_at: tx.now(),
                updated_at: tx.now(),
                finished_at: None,
            };
            if !replay_store::add(tx, &replay, &db::json(&base.rules)?).await? {
                return Err(Error::new(&REPLAY_BUSY).with("replay_id", "?"));
            }
            let first = RunReplay {
                replay_id: replay.id,
                batch: 0,
            };
            jobs::enqueue(tx, &first, tx.now()).await?;
            Ok(replay)
        };
        self.db.write_once(ctx, "sourcing.replay_start", unit).await
    }

    /// A replay, with what it found so far.
    ///
    /// # Errors
    /// `access.*` without `sourcing.read`; `not_found`.
    pub async fn replay_get(&self, ctx: &Ctx, id: ReplayId) -> Result<Replay> {
        ctx.require(SOURCING_READ, &Resource::Chain)?;
        let found = self
            .db
            .read(async move |reader: &Reader| replay_store::get(reader, id).await)
            .await?;
        found.ok_or_else(|| Error::not_found("replay", id))
    }

    /// Replays, the newest first.
    ///
    /// # Errors
    /// `access.*` without `sourcing.read`; `input.*`.
    pub async fn replay_list(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<Replay>> {
        ctx.require(SOURCING_READ, &Resource::Chain)?;
        let (size, before) = (page.size()?, page.after()?);
        let read = async move |reader: &Reader| replay_store::list(reader, before, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |replay| {
            (replay.created_at, replay.id)
        })
    }

    /// The orders that would be served otherwise, those that would cost more first.
    ///
    /// # Errors
    /// `access.*` without `sourcing.read`; `not_found`; `input.*`.
    pub async fn replay_order_list(
        &self,
        ctx: &Ctx,
        id: ReplayId,
        page: &PageQuery,
    ) -> Result<Page<ReplayedOrder>> {
        self.replay_get(ctx, id).await?;
        let (size, after) = (page.size()?, page.after()?);
        let read =
            async move |reader: &Reader| replay_store::orders(reader, id, after, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |order| {
            (order.saved_minor, order.order_id)
        })
    }

    /// Stops a replay; what it found stands. Asking again changes nothing.
    ///
    /// # Errors
    /// `access.*` without `sourcing.manage`; `not_found`.
    pub async fn replay_stop(&self, ctx: &Ctx, id: ReplayId) -> Result<Replay> {
        ctx.require(SOURCING_MANAGE, &Resource::Chain)?;
        let unit = async move |tx: &Tx| {
            replay_store::stop(tx, id).await?;
            replay_store::get(tx, id)
                .await?
                .ok_or_else(|| Error::not_found("replay", id))
        };
        self.db.write_once(ctx, "sourcing.replay_stop", unit).await
    }

    /// What a replay has still to do; none when it has ended.
    ///
    /// # Errors
    /// The store's.
    pub async fn replay_unfinished_in(&self, reader: &Reader, id: ReplayId) -> Result<Option<Unfinished>> {
        let Some(replay) = replay_store::get(reader, id).await? else {
            return Ok(None);
        };
        if replay.state != ReplayState::Running {
            return Ok(None);
        }
        let (base, cursor) = replay_store::base_and_cursor(reader, id).await?;
        let kept = replay.result.changed.min(REPLAY_ORDERS_MAX);
        Ok(Some(Unfinished {
            replay,
            base,
            cursor,
            kept,
        }))
    }

    /// Keeps what a batch found and asks for the next one, or ends the replay. A batch that somebody else has
    /// kept meanwhile changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn replay_advance(&self, ctx: &Ctx, unfinished: Unfinished, batch: Batch) -> Result<()> {
        let by = ctx.clone();
        let unit = async move |tx: &Tx| advance_in(tx, &by, &unfinished, &batch).await;
        self.db.write(unit).await
    }
}

async fn advance_in(tx: &Tx, ctx: &Ctx, unfinished: &Unfinished, batch: &Batch) -> Result<()> {
    let replay = &unfinished.replay;
    let mut result = replay.result.clone();
    result.add(&batch.orders);
    let done = replay.orders_done + batch.looked_at;
    let finished = batch.cursor.is_none();
    let progress = Progress {
        done,
        // Orders of the period may have been taken over from elsewhere meanwhile.
        total: if finished {
            done
        } else {
            replay.orders_total.max(done)
        },
        result: &result,
        cursor: batch.cursor.or(unfinished.cursor),
        finished,
    };
    if !replay_store::advance(tx, replay.id, replay.orders_done, &progress).await? {
        return Ok(());
    }
    let room = usize::try_from(REPLAY_ORDERS_MAX - unfinished.kept).unwrap_or(0);
    let changed: Vec<&ReplayedOrder> = batch
        .orders
        .iter()
        .filter(|o| o.is_changed())
        .take(room)
        .collect();
    replay_store::orders_add(tx, replay.id, &changed).await?;
    if finished {
        let event = ReplayFinished {
            replay_id: replay.id,
            orders: done,
            changed: result.changed,
        };
        bus::emit(tx, ctx, &event).await?;
        return Ok(());
    }
    let next = RunReplay {
        replay_id: replay.id,
        batch: done,
    };
    jobs::enqueue(tx, &next, tx.now()).await
}
