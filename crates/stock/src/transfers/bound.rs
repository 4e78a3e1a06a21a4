//! Transfers that carry what an order was promised. The `*_in` face asks for no rights: the flow that calls has.

use base::{Ctx, HoldId, PlaceId, Result, SkuId, Time, TransferId};
use db::{Reader, Tx};

use super::model::{
    Bound, StepKind, StepLine, Stored, Transfer, TransferLine, TransferOrder, TransferQuantity, TransferState,
};
use super::service::{announce, close, hold_of, queue_anew, seen, tell};
use super::{rules, store};
use crate::events::{HoldPlaced, HoldsPlaced};
use crate::model::HoldLine;
use crate::service::Stock;
use crate::{hold_store, holds};

/// A transfer for an order. Its goods are held at the sending place already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoundTransfer {
    /// The name it gets, which is the owner of that hold, too.
    pub id: TransferId,
    /// From where.
    pub from_place_id: PlaceId,
    /// Where to.
    pub to_place_id: PlaceId,
    /// What; lines of one SKU are taken together.
    pub lines: Vec<TransferQuantity>,
    /// What keeps it at the sending place.
    pub hold_id: HoldId,
    /// The order.
    pub order: TransferOrder,
    /// Who holds what arrives.
    pub kept_for: String,
    /// By when it should be there.
    pub due_at: Time,
}

impl Stock {
    /// Asks a place for the goods of an order. Nobody has to agree: the order was promised them.
    ///
    /// # Errors
    /// `input.invalid`.
    pub async fn transfer_bind_in(&self, tx: &Tx, ctx: &Ctx, new: &BoundTransfer) -> Result<()> {
        let line = |wish: TransferQuantity| TransferLine {
            sku_id: wish.sku_id,
            requested: wish.quantity,
            approved: wish.quantity,
            picked: 0,
            arrived: 0,
            damaged: 0,
            lost: 0,
            kept: 0,
            on_the_road: 0,
            promised: wish.quantity,
            reason: None,
        };
        let transfer = Stored {
            id: new.id,
            from: new.from_place_id,
            to: new.to_place_id,
            state: TransferState::Approved,
            hold_id: Some(new.hold_id),
            note: None,
            due_at: Some(new.due_at),
            bound: Some(Bound {
                order: new.order.clone(),
                kept_for: new.kept_for.clone(),
            }),
            news_at: None,
            requested_by: ctx.actor.to_string(),
            requested_at: tx.now(),
            updated_at: tx.now(),
            version: 1,
            lines: rules::merged(&new.lines)?.into_iter().map(line).collect(),
        };
        store::insert(tx, &transfer).await?;
        let pieces = transfer.lines.iter();
        let told = pieces.map(|line| StepLine::new(line.sku_id, line.requested, None));
        let told: Vec<StepLine> = told.collect();
        tell(tx, ctx, &transfer, StepKind::Requested, None, told.clone()).await?;
        tell(tx, ctx, &transfer, StepKind::Approved, None, told).await
    }

    /// Transfers with something that their orders do not know yet, the oldest first, behind the last that was seen.
    ///
    /// # Errors
    /// The store's.
    pub async fn transfers_news(&self, after: Option<TransferId>, limit: i64) -> Result<Vec<TransferId>> {
        self.db
            .read(async move |reader: &Reader| store::news(reader, after, limit).await)
            .await
    }

    /// A transfer as it stands, and its order from now on knows.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn transfer_told_in(&self, tx: &Tx, id: TransferId) -> Result<Transfer> {
        store::told(tx, id).await?;
        seen(tx, id).await
    }

    /// One transfer, whoever asks.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn transfer_get_in(&self, reader: &Reader, id: TransferId) -> Result<Transfer> {
        seen(reader, id).await
    }

    /// The order needs pieces no more, or nothing of it. What has not been packed stays where it is and is free again;
    /// what is on the road arrives as anybody's; what has arrived for the order is free there.
    ///
    /// # Errors
    /// `not_found`, `stock.hold_exceeded` for more than there is.
    pub async fn transfer_unbind_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: TransferId,
        pieces: Option<&[(SkuId, i64)]>,
    ) -> Result<()> {
        let mut transfer = store::get(tx, id).await?;
        let given = rules::unbound(&mut transfer, pieces);
        if given.is_empty() {
            return Ok(());
        }
        let lines = |place: PlaceId| -> Vec<HoldLine> {
            let held = given
                .iter()
                .map(|(sku, quantity)| HoldLine::new(*sku, place, *quantity));
            held.collect()
        };
        let told = given
            .iter()
            .map(|(sku, quantity)| StepLine::new(*sku, *quantity, None));
        let told: Vec<StepLine> = told.collect();
        let is_empty = transfer.lines.iter().all(|line| line.promised == 0);
        if is_empty {
            // What waits for it where it was to arrive waits for nothing any more.
            transfer.news_at = Some(tx.now());
        }
        match transfer.state {
            TransferState::Approved | TransferState::Picked if is_empty => {
                transfer.state = transfer.state.step(TransferState::Cancelled)?;
                holds::release(tx, ctx, hold_of(&transfer)?, &[]).await?;
                close(tx, ctx, &mut transfer, StepKind::Cancelled, None, told)
                    .await
                    .map(drop)
            }
            TransferState::Approved => {
                holds::release(tx, ctx, hold_of(&transfer)?, &lines(transfer.from)).await?;
                changed(tx, ctx, &transfer).await
            }
            TransferState::Received | TransferState::Short => {
                let owner = transfer.bound.as_ref().map(|bound| bound.kept_for.as_str());
                let held = hold_store::holds_of(tx, &[owner.unwrap_or_default()])
                    .await?
                    .pop();
                if let Some(held) = held {
                    holds::release(tx, ctx, held.0.id, &lines(transfer.to)).await?;
                }
                changed(tx, ctx, &transfer).await
            }
            _ => {
                changed(tx, ctx, &transfer).await?;
                queue_anew(tx, ctx, &transfer).await
            }
        }
    }
}

async fn changed(tx: &Tx, ctx: &Ctx, transfer: &Stored) -> Result<()> {
    if !store::update(tx, transfer).await? {
        return Err(base::Error::new(&db::CONTENDED));
    }
    announce(tx, ctx, transfer).await
}

/// Keeps what has arrived for whoever was promised it. The balances have it reserved already.
pub(super) async fn keep(tx: &Tx, ctx: &Ctx, transfer: &Stored) -> Result<()> {
    let promised = transfer.lines.iter().filter(|line| line.promised > 0);
    let lines: Vec<HoldLine> = promised
        .map(|line| HoldLine::new(line.sku_id, transfer.to, line.promised))
        .collect();
    let (Some(bound), false) = (&transfer.bound, lines.is_empty()) else {
        return Ok(());
    };
    let hold = holds::give(tx, &bound.kept_for, None, &lines).await?;
    let placed = HoldPlaced {
        hold_id: hold.id,
        owner: hold.owner,
        expires_at: None,
    };
    bus::emit(tx, ctx, &HoldsPlaced { holds: vec![placed] }).await?;
    Ok(())
}
