//! The face of transfers.

use std::time::Duration;

use base::{
    Ctx, Cursor, Error, Page, PageSize, Permission, PlaceId, Resource, Result, SkuId, Time, TransferId,
};
use db::{Reader, Tx};
use futures_util::future::try_join_all;

use super::bound;
use super::model::{
    GoodsOnTheRoad, NewTransfer, Received, Settled, StepKind, StepLine, Stored, Transfer, TransferLine,
    TransferQuantity, TransferState, TransferStep, TransferSummary,
};
use super::rules::{self, Because};
use super::store::{self, Query};
use crate::error::{TRANSFER_GOODS_ON_THE_ROAD, UNTRACKED};
use crate::events::TransferChanged;
use crate::hands::Hands;
use crate::model::{HoldLine, HoldRequest, Key, Leave};
use crate::movements::{self, Words};
use crate::presales;
use crate::rules::Entry;
use crate::service::{Stock, scope};
use crate::{
    STOCK_READ, TRANSFER_APPROVE, TRANSFER_RECEIVE, TRANSFER_REQUEST, TRANSFER_SEND, balance_store, holds,
};

/// How long goods are on the road, where nobody says otherwise.
const ON_THE_ROAD: Duration = Duration::from_secs(2 * 24 * 3600);
/// How far ahead goods on the road may be expected.
const LATEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// Which way transfers go, seen from a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TransferDirection {
    /// They leave it.
    Out,
    /// They head for it.
    In,
}

/// What a list of transfers is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct TransferFilter {
    /// Only of this place.
    pub place: Option<PlaceId>,
    /// Only those that leave it, or head for it.
    pub direction: Option<TransferDirection>,
    /// Only in one of these states; in any when there is none.
    pub states: Vec<TransferState>,
}

impl Stock {
    /// Asks for goods of another place.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `stock.untracked`.
    pub async fn transfer_request(&self, ctx: &Ctx, new: NewTransfer) -> Result<Transfer> {
        ctx.require(TRANSFER_REQUEST, &Resource::Somewhere)?;
        at_either(ctx, TRANSFER_REQUEST, new.from_place_id, new.to_place_id)?;
        if new.from_place_id == new.to_place_id {
            let error = Error::field("to_place_id", &base::codes::MALFORMED);
            return Err(error.with("reason", "to_place_id = from_place_id"));
        }
        let wanted = rules::merged(&new.lines)?;
        let skus: Vec<SkuId> = wanted.iter().map(|line| line.sku_id).collect();
        let known = self
            .must_know(&skus, [new.from_place_id, new.to_place_id])
            .await?;
        if let Some(sku) = skus.iter().find(|sku| known.get(sku) != Some(&true)) {
            return Err(Error::new(&UNTRACKED).with("sku_id", sku.to_string()));
        }
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| stock.transfer_request_in(tx, &actor, &new).await;
        self.db.write_once(ctx, "transfer_request", unit).await
    }

    /// The same within a flow's unit of work, for articles and places that are known.
    ///
    /// # Errors
    /// `access.*`, `input.invalid`.
    pub async fn transfer_request_in(&self, tx: &Tx, ctx: &Ctx, new: &NewTransfer) -> Result<Transfer> {
        at_either(ctx, TRANSFER_REQUEST, new.from_place_id, new.to_place_id)?;
        let line = |wish: TransferQuantity| TransferLine {
            sku_id: wish.sku_id,
            requested: wish.quantity,
            approved: 0,
            picked: 0,
            arrived: 0,
            damaged: 0,
            lost: 0,
            kept: 0,
            on_the_road: 0,
            promised: 0,
            reason: None,
        };
        let transfer = Stored {
            id: TransferId::new(),
            from: new.from_place_id,
            to: new.to_place_id,
            state: TransferState::Requested,
            hold_id: None,
            note: new.note.clone(),
            due_at: None,
            bound: None,
            news_at: None,
            requested_by: ctx.actor.to_string(),
            requested_at: tx.now(),
            updated_at: tx.now(),
            version: 1,
            lines: rules::merged(&new.lines)?.into_iter().map(line).collect(),
        };
        store::insert(tx, &transfer).await?;
        let (note, told) = (transfer.note.as_deref(), pieces(&transfer, |line| line.requested));
        tell(tx, ctx, &transfer, StepKind::Requested, note, told).await?;
        seen(tx, transfer.id).await
    }

    /// Transfers, newest first, that leave or head for places the caller may see.
    ///
    /// # Errors
    /// `access.*`, `input.invalid_cursor`.
    pub async fn transfer_list(
        &self,
        ctx: &Ctx,
        filter: TransferFilter,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<TransferSummary>> {
        let places = scope(ctx, STOCK_READ, filter.place)?;
        let mut query = Query {
            from: None,
            to: None,
            either: None,
            states: (!filter.states.is_empty()).then_some(filter.states),
            before: cursor.map(Cursor::decode).transpose()?,
            limit: size.with_surplus(),
        };
        match filter.direction {
            Some(TransferDirection::Out) => query.from = places,
            Some(TransferDirection::In) => query.to = places,
            None => query.either = places,
        }
        let found = self
            .db
            .read(async move |reader: &Reader| store::list(reader, &query).await)
            .await?;
        Page::from_surplus(found, size, |transfer| transfer.id)
    }

    /// One transfer, for whoever may see stock at either end.
    ///
    /// # Errors
    /// `access.*`, `not_found`.
    pub async fn transfer_get(&self, ctx: &Ctx, id: TransferId) -> Result<Transfer> {
        ctx.require(STOCK_READ, &Resource::Somewhere)?;
        let found = self
            .db
            .read(async move |reader: &Reader| seen(reader, id).await)
            .await?;
        let (from, to) = (found.summary.from_place_id, found.summary.to_place_id);
        at_either(ctx, STOCK_READ, from, to)?;
        Ok(found)
    }

    /// Agrees to a transfer, whole or in part, and keeps the goods for it.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `stock.insufficient`, `input.invalid`, `transfer.illegal_step`.
    pub async fn transfer_approve(
        &self,
        ctx: &Ctx,
        id: TransferId,
        lines: Vec<TransferQuantity>,
    ) -> Result<Transfer> {
        ctx.require(TRANSFER_APPROVE, &Resource::Somewhere)?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            actor.require(TRANSFER_APPROVE, &Resource::Place(transfer.from))?;
            transfer.state = transfer.state.step(TransferState::Approved)?;
            rules::choose(&mut transfer.lines, &lines, |l| l.requested, |l| &mut l.approved)?;
            let request = HoldRequest {
                owner: id.to_string(),
                lines: at(transfer.from, &transfer.lines, |line| line.approved),
                expires_at: None,
                leave: Leave::default(),
            };
            let hold = stock.hold_place_in(tx, &actor, request).await?;
            transfer.hold_id = Some(hold.id);
            let told = pieces(&transfer, |line| line.approved);
            close(tx, &actor, &mut transfer, StepKind::Approved, None, told).await
        };
        self.db.write_once(ctx, "transfer_approve", unit).await
    }

    /// Says what was packed; what was agreed to and not packed is free again.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `transfer.nothing`, `transfer.illegal_step`.
    pub async fn transfer_pick(
        &self,
        ctx: &Ctx,
        id: TransferId,
        lines: Vec<TransferQuantity>,
    ) -> Result<Transfer> {
        ctx.require(TRANSFER_SEND, &Resource::Somewhere)?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            actor.require(TRANSFER_SEND, &Resource::Place(transfer.from))?;
            transfer.state = transfer.state.step(TransferState::Picked)?;
            rules::choose(&mut transfer.lines, &lines, |l| l.approved, |l| &mut l.picked)?;
            for line in &mut transfer.lines {
                line.promised = line.promised.min(line.picked);
            }
            let left = at(transfer.from, &transfer.lines, |line| line.approved - line.picked);
            if !left.is_empty() {
                let hold = hold_of(&transfer)?;
                stock.hold_release_in(tx, &actor, hold, &left).await?;
            }
            let told = pieces(&transfer, |line| line.picked);
            close(tx, &actor, &mut transfer, StepKind::Picked, None, told).await
        };
        self.db.write_once(ctx, "transfer_pick", unit).await
    }

    /// The goods leave. They are due when their order was told, or two days later, unless somebody says otherwise ([`Stock::transfer_due_set`]).
    ///
    /// # Errors
    /// `access.*`, `not_found`, `transfer.illegal_step`.
    pub async fn transfer_ship(&self, ctx: &Ctx, id: TransferId, note: Option<String>) -> Result<Transfer> {
        ctx.require(TRANSFER_SEND, &Resource::Somewhere)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            actor.require(TRANSFER_SEND, &Resource::Place(transfer.from))?;
            transfer.state = transfer.state.step(TransferState::Shipped)?;
            let told = transfer.due_at.filter(|due| *due > tx.now());
            transfer.due_at = told.or(Some(tx.now().after(ON_THE_ROAD)));
            let sent = at(transfer.from, &transfer.lines, |line| line.picked);
            let entries: Vec<Entry> = sent
                .iter()
                .flat_map(|line| rules::shipped(line.sku_id, transfer.from, transfer.to, line.quantity))
                .collect();
            let arriving: Vec<Key> = sent
                .iter()
                .map(|line| Key::new(line.sku_id, transfer.to))
                .collect();
            balance_store::balances_ensure(tx, &arriving).await?;
            holds::leave(tx, &actor, hold_of(&transfer)?, &sent, &entries, arriving).await?;
            let told = pieces(&transfer, |line| line.picked);
            close(
                tx,
                &actor,
                &mut transfer,
                StepKind::Shipped,
                note.as_deref(),
                told,
            )
            .await
        };
        self.db.write_once(ctx, "transfer_ship", unit).await
    }

    /// Says by when goods on the road arrive.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `transfer.illegal_step`.
    pub async fn transfer_due_set(&self, ctx: &Ctx, id: TransferId, due_at: Time) -> Result<Transfer> {
        ctx.require(TRANSFER_SEND, &Resource::Somewhere)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            at_either(&actor, TRANSFER_SEND, transfer.from, transfer.to)?;
            if transfer.state != TransferState::Shipped {
                return Err(no_step(&transfer, TransferState::Shipped));
            }
            let latest = tx.now().after(LATEST);
            if due_at <= tx.now() || due_at > latest {
                let facts = [
                    ("min".to_owned(), tx.now().to_string().into()),
                    ("max".to_owned(), latest.to_string().into()),
                ];
                let invalid = Error::new(&base::codes::INVALID_INPUT);
                let facts = facts.into_iter().collect();
                return Err(invalid.and_field("due_at", &base::codes::OUT_OF_RANGE, facts));
            }
            transfer.due_at = Some(due_at);
            transfer.news_at = transfer.bound.as_ref().map(|_| tx.now());
            if !store::update(tx, &transfer).await? {
                return Err(Error::new(&db::CONTENDED));
            }
            announce(tx, &actor, &transfer).await?;
            queue_anew(tx, &actor, &transfer).await?;
            seen(tx, id).await
        };
        self.db.write_once(ctx, "transfer_due_set", unit).await
    }

    /// The goods arrive, all of them when none are named. Those that do not stay on the road until somebody says
    /// what became of them.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `transfer.more_than_sent`, `transfer.reason_needed`,
    /// `transfer.illegal_step`.
    pub async fn transfer_receive(
        &self,
        ctx: &Ctx,
        id: TransferId,
        found: Vec<Received>,
        note: Option<String>,
    ) -> Result<Transfer> {
        ctx.require(TRANSFER_RECEIVE, &Resource::Somewhere)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            actor.require(TRANSFER_RECEIVE, &Resource::Place(transfer.heading()))?;
            if !matches!(transfer.state, TransferState::Shipped | TransferState::Returning) {
                return Err(no_step(&transfer, TransferState::Received));
            }
            let (entries, told) = rules::received(&mut transfer, &found)?;
            transfer.state = rules::after_arrival(&transfer)?;
            enter(tx, &actor, id, &entries).await?;
            bound::keep(tx, &actor, &transfer).await?;
            close(
                tx,
                &actor,
                &mut transfer,
                StepKind::Received,
                note.as_deref(),
                told,
            )
            .await
        };
        self.db.write_once(ctx, "transfer_receive", unit).await
    }

    /// Says what became of pieces that did not arrive with the rest.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `transfer.illegal_step`.
    pub async fn transfer_settle(
        &self,
        ctx: &Ctx,
        id: TransferId,
        found: Vec<Settled>,
        note: Option<String>,
    ) -> Result<Transfer> {
        ctx.require(TRANSFER_RECEIVE, &Resource::Somewhere)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            actor.require(TRANSFER_RECEIVE, &Resource::Place(transfer.heading()))?;
            if !matches!(transfer.state, TransferState::Short | TransferState::ReturnShort) {
                return Err(no_step(&transfer, TransferState::Received));
            }
            let (entries, told) = rules::settled(&mut transfer, &found)?;
            transfer.state = rules::after_arrival(&transfer)?;
            enter(tx, &actor, id, &entries).await?;
            close(
                tx,
                &actor,
                &mut transfer,
                StepKind::Settled,
                note.as_deref(),
                told,
            )
            .await
        };
        self.db.write_once(ctx, "transfer_settle", unit).await
    }

    /// Gives a transfer up. Before it left, what was kept for it is free again; on the road somebody has to say
    /// what becomes of the goods.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `transfer.goods_on_the_road`, `transfer.illegal_step`.
    pub async fn transfer_cancel(
        &self,
        ctx: &Ctx,
        id: TransferId,
        goods: Option<GoodsOnTheRoad>,
        note: Option<String>,
    ) -> Result<Transfer> {
        ctx.require(TRANSFER_REQUEST, &Resource::Somewhere)?;
        let (stock, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let mut transfer = store::get(tx, id).await?;
            let kind;
            let mut told = Vec::new();
            match (transfer.state, goods) {
                (TransferState::Shipped, None) => {
                    at_either(&actor, TRANSFER_REQUEST, transfer.from, transfer.to)?;
                    return Err(Error::new(&TRANSFER_GOODS_ON_THE_ROAD));
                }
                (TransferState::Shipped, Some(goods)) => {
                    // Whoever answers for the goods decides about them.
                    actor.require(TRANSFER_APPROVE, &Resource::Place(transfer.from))?;
                    told = pieces(&transfer, |line| line.on_the_road);
                    transfer.promise_nothing();
                    let entries = match goods {
                        GoodsOnTheRoad::Return => {
                            kind = StepKind::TurnedBack;
                            let entries = rules::turned_back(&transfer);
                            transfer.state = transfer.state.step(TransferState::Returning)?;
                            entries
                        }
                        GoodsOnTheRoad::WriteOff => {
                            kind = StepKind::WrittenOff;
                            let entries = rules::written_off(&mut transfer);
                            transfer.state = transfer.state.step(TransferState::WrittenOff)?;
                            entries
                        }
                    };
                    enter(tx, &actor, id, &entries).await?;
                }
                _ => {
                    at_either(&actor, TRANSFER_REQUEST, transfer.from, transfer.to)?;
                    kind = StepKind::Cancelled;
                    transfer.promise_nothing();
                    transfer.state = transfer.state.step(TransferState::Cancelled)?;
                    if let Some(hold) = transfer.hold_id {
                        stock.hold_release_in(tx, &actor, hold, &[]).await?;
                    }
                }
            }
            close(tx, &actor, &mut transfer, kind, note.as_deref(), told).await
        };
        self.db.write_once(ctx, "transfer_cancel", unit).await
    }
}

/// Asks for a right that may be held at either end.
fn at_either(ctx: &Ctx, right: Permission, from: PlaceId, to: PlaceId) -> Result<()> {
    if ctx.may(right, &Resource::Place(to)) {
        return Ok(());
    }
    ctx.require(right, &Resource::Place(from))
}

pub(super) fn hold_of(transfer: &Stored) -> Result<base::HoldId> {
    transfer
        .hold_id
        .ok_or_else(|| Error::internal("a transfer that was approved keeps nothing"))
}

fn no_step(transfer: &Stored, to: TransferState) -> Error {
    Error::new(&crate::error::TRANSFER_ILLEGAL_STEP)
        .with("from", transfer.state.as_str())
        .with("to", to.as_str())
}

/// Lines of a hold at a place, without empty ones.
fn at(place: PlaceId, lines: &[TransferLine], quantity: fn(&TransferLine) -> i64) -> Vec<HoldLine> {
    let some = lines.iter().filter(|line| quantity(line) > 0);
    some.map(|line| HoldLine::new(line.sku_id, place, quantity(line)))
        .collect()
}

fn pieces(transfer: &Stored, quantity: fn(&TransferLine) -> i64) -> Vec<StepLine> {
    let some = transfer.lines.iter().filter(|line| quantity(line) > 0);
    some.map(|line| StepLine::new(line.sku_id, quantity(line), None))
        .collect()
}

pub(super) async fn seen(reader: &Reader, id: TransferId) -> Result<Transfer> {
    let steps = store::steps(reader, id).await?;
    Ok(store::get(reader, id).await?.with_steps(steps))
}

/// Enters what came off the road, or turned around on it.
async fn enter(tx: &Tx, ctx: &Ctx, id: TransferId, entries: &[Because]) -> Result<()> {
    let keys: Vec<Key> = entries.iter().map(|(entry, _)| entry.key).collect();
    balance_store::balances_ensure(tx, &keys).await?;
    let mut hands = Hands::take(tx, keys).await?;
    for (entry, _) in entries {
        hands.apply(entry.key, entry.change, false)?;
    }
    let source = id.to_string();
    let written = try_join_all(entries.iter().map(async |(entry, why)| {
        let words = Words {
            reason: *why,
            source: Some(&source),
            ..Words::default()
        };
        movements::enter(tx, ctx, std::slice::from_ref(entry), words).await
    }));
    written.await?;
    hands.put(tx, ctx).await
}

/// Writes a transfer that nobody else has changed meanwhile, what was done to it, and tells the world.
pub(super) async fn close(
    tx: &Tx,
    ctx: &Ctx,
    transfer: &mut Stored,
    kind: StepKind,
    note: Option<&str>,
    lines: Vec<StepLine>,
) -> Result<Transfer> {
    // What becomes of missing pieces later is no news: their order went elsewhere when they were missing.
    if kind != StepKind::Settled {
        transfer.news_at = transfer.bound.as_ref().map(|_| tx.now());
    }
    if !store::update(tx, transfer).await? {
        return Err(Error::new(&db::CONTENDED));
    }
    tell(tx, ctx, transfer, kind, note, lines).await?;
    if matches!(
        kind,
        StepKind::Shipped
            | StepKind::Received
            | StepKind::Settled
            | StepKind::TurnedBack
            | StepKind::WrittenOff
    ) {
        queue_anew(tx, ctx, transfer).await?;
    }
    seen(tx, transfer.id).await
}

/// Who waits where the goods head for is served with what has come, and told anew when the rest comes.
pub(super) async fn queue_anew(tx: &Tx, ctx: &Ctx, transfer: &Stored) -> Result<()> {
    let keys: Vec<Key> = transfer
        .lines
        .iter()
        .map(|line| Key::new(line.sku_id, transfer.to))
        .collect();
    presales::fill(tx, ctx, &keys).await
}

pub(super) async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    transfer: &Stored,
    kind: StepKind,
    note: Option<&str>,
    lines: Vec<StepLine>,
) -> Result<()> {
    let step = TransferStep {
        kind,
        actor: ctx.actor.to_string(),
        at: tx.now(),
        note: note.map(str::to_owned),
        lines,
    };
    store::step_add(tx, transfer.id, &step).await?;
    announce(tx, ctx, transfer).await
}

pub(super) async fn announce(tx: &Tx, ctx: &Ctx, transfer: &Stored) -> Result<()> {
    let event = TransferChanged {
        transfer_id: transfer.id,
        from_place_id: transfer.from,
        to_place_id: transfer.to,
        state: transfer.state,
    };
    bus::emit(tx, ctx, &event).await?;
    Ok(())
}
