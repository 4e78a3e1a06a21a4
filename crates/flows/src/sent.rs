//! Ship to store: what a store lacks of an order that is collected there is sent to it from another place. From the
//! checkout on it is held where it is sent from, on the road it is promised, and as it arrives it is held for the order:
//! at no instant could anybody else buy it.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{Ctx, FulfilmentId, HoldId, OrderId, PlaceId, Result, SkuId, TransferId};
use db::{Reader, Tx};
use orders::{Awaited, Method, Order, OrderState, Part, Sent};
use places::{Book, Place};
use sourcing::decide;
use stock::{BoundTransfer, HoldLine, HoldRequest, TransferOrder, TransferQuantity};

use crate::Flows;
use crate::ahead::{Ahead, Comes, announce_in, moments_of};
use crate::channel::{leave, seen};
use crate::collect::Facts;
use crate::made_of::{self, There, on_offer};
use crate::pay::is_gone;
use crate::sources::{Ask, Goal, Sourced, Wish, counted};
use crate::sourcing::explain;

impl Flows {
    /// What a store lacks, sent to it from one other place; nothing where the rules do not offer it, or nobody can.
    pub(crate) async fn sent_in(
        &self,
        r: &Reader,
        book: &Book,
        place: &Place,
        asks: &[Ask],
        facts: &Facts<'_>,
        excluded: &[PlaceId],
    ) -> Result<Option<Sourced>> {
        let active = self.sourcing.active_in(r).await?;
        let Some(rules) = active.rules.to_store() else {
            return Ok(None);
        };
        let (here, lacking) = divided(asks, &facts.there, place.id);
        if lacking.is_empty() {
            return Ok(None);
        }
        let wish = Wish {
            rejected: excluded,
            ..Wish::new(&lacking, Goal::Store(place), facts.view)
        };
        let problem = self.gather_in(r, &active, book, wish).await?;
        let decision = decide(&rules, &problem);
        let [share] = decision.shares.as_slice() else {
            return Ok(None);
        };
        let minutes = decision.judged[share.candidate].arrival_minutes;
        let from = book.get(problem.candidates[share.candidate].place_id);
        let (Some(from), Some(minutes)) = (from, minutes.and_then(|m| u64::try_from(m).ok())) else {
            return Ok(None);
        };
        let due_at = r.now().after(Duration::from_secs(minutes * 60));
        let Some(promised_at) = place.ready_at(due_at)? else {
            return Ok(None);
        };
        let skus: Vec<SkuId> = lacking.iter().map(|ask| ask.sku_id).collect();
        let why = explain(active.version, book, &skus, &problem, &decision);
        let mut held: Vec<HoldLine> = lines_at(&here, place.id);
        held.extend(lines_at(&lacking, from.id));
        let awaited = Awaited {
            id: FulfilmentId::new(),
            place_id: place.id,
            place_name: place.name.clone(),
            timezone: Some(place.timezone.clone()),
            parts: parts_of(asks),
            promised_at: Some(promised_at),
            sent: Some(Sent {
                transfer_id: TransferId::new(),
                from_place_id: from.id,
                from_place_name: from.name.clone(),
                parts: parts_of(&lacking),
                due_at,
                left_at: None,
                why: Some(why),
            }),
        };
        Ok(Some(Sourced {
            ahead: vec![Ahead {
                awaited,
                comes: Comes::Sent { held },
            }],
            ..Sourced::default()
        }))
    }

    /// Asks the places that send to do so, once the order is paid. What waits at the store goes over to who will hold
    /// what arrives, what is sent to its transfer.
    pub(crate) async fn sent_bind_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        hold: Option<HoldId>,
    ) -> Result<()> {
        let Some(hold) = hold else { return Ok(()) };
        for awaited in &order.head.ahead {
            if let Some(sent) = &awaited.sent {
                self.bind_in(tx, ctx, order, awaited, sent, hold).await?;
            }
        }
        Ok(())
    }

    async fn bind_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        awaited: &Awaited,
        sent: &Sent,
        hold: HoldId,
    ) -> Result<()> {
        let (ctx, stock) = (ctx.elevated(), &self.parts.stock);
        let kept_for = awaited.id.to_string();
        let here = minus(&awaited.parts, &sent.parts);
        let here = lines_at(&self.asks_in(tx, order, &here).await?, awaited.place_id);
        if !here.is_empty() {
            stock.hold_part_in(tx, &ctx, hold, &kept_for, &here).await?;
        }
        let lines = lines_at(&self.asks_in(tx, order, &sent.parts).await?, sent.from_place_id);
        let owner = sent.transfer_id.to_string();
        let kept = stock.hold_part_in(tx, &ctx, hold, &owner, &lines).await?;
        let wanted = lines.iter().map(|line| TransferQuantity {
            sku_id: line.sku_id,
            quantity: line.quantity,
        });
        let transfer = BoundTransfer {
            id: sent.transfer_id,
            from_place_id: sent.from_place_id,
            to_place_id: awaited.place_id,
            lines: wanted.collect(),
            hold_id: kept.id,
            order: TransferOrder {
                order_id: order.head.id,
                order_number: order.head.number.as_str().to_owned(),
            },
            kept_for,
            due_at: sent.due_at,
        };
        // Whoever bought it asked nobody for a transfer.
        let system = Ctx::system("flows");
        stock.transfer_bind_in(tx, &system, &transfer).await
    }

    /// Gives back what other places were to send. What has not left is free where it is; what is on the road goes to
    /// the store's shelf.
    pub(crate) async fn sent_release_in(&self, tx: &Tx, ctx: &Ctx, had: &[Awaited]) -> Result<()> {
        let (ctx, stock) = (ctx.elevated(), &self.parts.stock);
        for awaited in had {
            let Some(sent) = &awaited.sent else { continue };
            stock.transfer_unbind_in(tx, &ctx, sent.transfer_id, None).await?;
            let kept = stock.hold_by_owner_in(tx, &awaited.id.to_string()).await?;
            if let Some(kept) = kept {
                stock.hold_release_in(tx, &ctx, kept.id, &[]).await?;
            }
        }
        Ok(())
    }

    /// Gives back what an order that was not paid yet held for pieces that were to be sent: nobody was asked to.
    pub(crate) async fn unsent_release_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: OrderId,
        had: &[Awaited],
    ) -> Result<()> {
        if had.iter().all(|awaited| awaited.sent.is_none()) {
            return Ok(());
        }
        let stock = &self.parts.stock;
        if let Some(hold) = stock.hold_by_owner_in(tx, &order.to_string()).await? {
            stock.hold_release_in(tx, &ctx.elevated(), hold.id, &[]).await?;
        }
        Ok(())
    }

    /// Gives back some pieces: those that are to be sent first, then those that wait at the store.
    pub(crate) async fn sent_reduce_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        awaited: &Awaited,
        part: &Part,
    ) -> Result<()> {
        let Some(sent) = &awaited.sent else { return Ok(()) };
        let (ctx, stock) = (ctx.elevated(), &self.parts.stock);
        let of_line = |parts: &[Part]| -> i64 {
            let mine = parts.iter().filter(|p| p.order_line_id == part.order_line_id);
            mine.map(|p| p.quantity).sum()
        };
        let from_road = part.quantity.min(of_line(&sent.parts));
        let some = |quantity| [Part { quantity, ..*part }];
        if from_road > 0 {
            let asks = self.asks_in(tx, order, &some(from_road)).await?;
            let pieces = lines_at(&asks, sent.from_place_id);
            let pieces: Vec<(SkuId, i64)> = pieces.iter().map(|l| (l.sku_id, l.quantity)).collect();
            stock
                .transfer_unbind_in(tx, &ctx, sent.transfer_id, Some(&pieces))
                .await?;
        }
        let from_shelf = part.quantity - from_road;
        if from_shelf > 0 {
            let asks = self.asks_in(tx, order, &some(from_shelf)).await?;
            let lines = lines_at(&asks, awaited.place_id);
            let kept = stock.hold_by_owner_in(tx, &awaited.id.to_string()).await?;
            if let (Some(kept), false) = (kept, lines.is_empty()) {
                stock.hold_release_in(tx, &ctx, kept.id, &lines).await?;
            }
        }
        Ok(())
    }

    /// Looks for a place that sends pieces of an order to where it is collected, and asks it to. False when there is
    /// none.
    pub(crate) async fn send_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        pieces: &[Part],
        excluded: &[PlaceId],
    ) -> Result<bool> {
        let place = order.head.place_id.and_then(|id| book.get(id));
        let (Some(place), Method::Collect) = (place, order.head.method) else {
            return Ok(false);
        };
        let asks = self.asks_in(tx, order, pieces).await?;
        let view = self.view_in(tx, order.head.channel).await?;
        let there = self.parts.stock.availability_in(tx, &counted(&asks)).await?;
        let facts = Facts {
            view: &view,
            there: There::new(&seen(there, &view, book)),
            presales: Vec::new(),
        };
        let found = self.sent_in(tx, book, place, &asks, &facts, excluded).await?;
        let Some(ahead) = found.and_then(|mut sourced| sourced.ahead.pop()) else {
            return Ok(false);
        };
        let request = HoldRequest {
            // Handed on at once, to those who keep it.
            owner: FulfilmentId::new().to_string(),
            leave: leave(ahead.held(), &view),
            lines: ahead.held().to_vec(),
            expires_at: None,
        };
        let (stock, by) = (&self.parts.stock, ctx.elevated());
        let hold = match tx
            .attempt(async |tx: &Tx| stock.hold_place_in(tx, &by, request).await)
            .await
        {
            Ok(hold) => hold,
            Err(error) if is_gone(&error) => return Ok(false),
            Err(error) => return Err(error),
        };
        order.head.ahead.push(ahead.awaited.clone());
        if order.unserved().is_empty() {
            order.head.waits_until = None;
            if order.head.state == OrderState::NeedsDecision {
                order.head.state = order.head.state.step(OrderState::Allocated)?;
            }
        }
        let told = moments_of(tx.now(), ctx, order, std::slice::from_ref(&ahead.awaited), book);
        orders::order_change_in(tx, &mut order.head, told).await?;
        if let Some(sent) = &ahead.awaited.sent {
            self.bind_in(tx, ctx, order, &ahead.awaited, sent, hold.id)
                .await?;
        }
        announce_in(tx, ctx, order).await?;
        Ok(true)
    }
}

/// What a place has of what is wanted, and what it lacks.
fn divided(asks: &[Ask], there: &There, place: PlaceId) -> (Vec<Ask>, Vec<Ask>) {
    let wanted: Vec<(&[(SkuId, i64)], i64)> = asks
        .iter()
        .map(|ask| (ask.takes.as_slice(), ask.quantity))
        .collect();
    let has = on_offer(&wanted, |sku| there.at(sku, place));
    let some = |ask: &Ask, quantity: i64| {
        let quantity = quantity.max(0);
        (quantity > 0).then(|| Ask {
            quantity,
            ..ask.clone()
        })
    };
    let both = asks.iter().zip(has);
    let here = both
        .clone()
        .filter_map(|(ask, has)| some(ask, has.min(ask.quantity)));
    let lacking = both.filter_map(|(ask, has)| some(ask, ask.quantity - has));
    (here.collect(), lacking.collect())
}

fn parts_of(asks: &[Ask]) -> Vec<Part> {
    let part = |ask: &Ask| Part {
        order_line_id: ask.line_id,
        quantity: ask.quantity,
    };
    asks.iter().map(part).collect()
}

/// What is wanted as lines of a hold at a place, those of one SKU taken together.
pub(crate) fn lines_at(asks: &[Ask], place: PlaceId) -> Vec<HoldLine> {
    let mut by_sku: BTreeMap<SkuId, i64> = BTreeMap::new();
    for line in asks
        .iter()
        .flat_map(|ask| made_of::hold_lines(&ask.takes, place, ask.quantity))
    {
        *by_sku.entry(line.sku_id).or_default() += line.quantity;
    }
    let lines = by_sku.into_iter();
    lines
        .map(|(sku, quantity)| HoldLine::new(sku, place, quantity))
        .collect()
}

pub(crate) fn minus(parts: &[Part], less: &[Part]) -> Vec<Part> {
    let left = parts.iter().map(|part| {
        let mine = less.iter().filter(|p| p.order_line_id == part.order_line_id);
        Part {
            quantity: part.quantity - mine.map(|p| p.quantity).sum::<i64>(),
            ..*part
        }
    });
    left.filter(|part| part.quantity > 0).collect()
}
