//! What becomes of orders whose goods another place sends: they leave, arrive, arrive on another day, or do not arrive.

use std::collections::BTreeMap;

use base::{Ctx, PlaceId, Result, SkuId, Text, TransferId};
use db::Tx;
use orders::{Awaited, Moment, MomentKind, Order, OrderState, Part};
use places::Book;
use stock::{HoldLine, Transfer, TransferState};

use crate::Flows;
use crate::ahead::{announce_in, day_of};
use crate::error::PLACE_FULL;
use crate::made_of::on_offer;
use crate::part::{TakeOver, items, undecided_in};
use crate::reject::requested;
use crate::room::{self, Room};
use crate::sent::{lines_at, minus};
use crate::sources::{Source, may_collect};

/// Transfers whose news are worked in in one go.
const BATCH: i64 = 200;

impl Flows {
    /// Tells orders what became of the transfers that carry their goods; answers how many changed.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn sent_due(&self, ctx: &Ctx) -> Result<usize> {
        let (mut changed, mut after) = (0, None);
        loop {
            let news = self.parts.stock.transfers_news(after, BATCH).await?;
            after = news.last().copied();
            if after.is_none() {
                break;
            }
            let book = self.parts.places.book().await?;
            for id in news {
                let (flows, actor, book) = (self.clone(), ctx.clone(), book.clone());
                let unit = async move |tx: &Tx| flows.sent_news_in(tx, &actor, &book, id).await;
                match self.parts.db.write(unit).await {
                    Ok(moved) => changed += usize::from(moved),
                    // The place has all its orders of today: tomorrow it serves this one.
                    Err(error) if error.is(&PLACE_FULL) => {}
                    Err(error) => {
                        tracing::error!(transfer = %id, ?error, "what became of a transfer could not be told its order");
                    }
                }
            }
        }
        Ok(changed)
    }

    async fn sent_news_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, id: TransferId) -> Result<bool> {
        let stock = &self.parts.stock;
        let transfer = stock.transfer_get_in(tx, id).await?;
        let Some(bound) = &transfer.summary.for_order else {
            stock.transfer_told_in(tx, id).await?;
            return Ok(false);
        };
        let mut order = orders::order_get_in(tx, bound.order_id).await?;
        let mine = |awaited: &Awaited| awaited.sent.as_ref().is_some_and(|sent| sent.transfer_id == id);
        let Some(at) = order.head.ahead.iter().position(mine) else {
            // The order needs it no more.
            stock.transfer_told_in(tx, id).await?;
            return Ok(false);
        };
        let awaited = order.head.ahead.remove(at);
        let lost = self.lost_in(tx, &order, &awaited, &transfer).await?;
        let is_over = matches!(
            transfer.summary.state,
            TransferState::Received | TransferState::Short
        );
        let rest = without(awaited, &lost);
        let still_comes = rest.sent.as_ref().is_some_and(|sent| !sent.parts.is_empty());
        if is_over || !still_comes {
            self.arrived_in(tx, ctx, book, &mut order, &rest).await?;
        } else {
            self.on_the_way_in(tx, ctx, book, &mut order, (at, rest), &transfer)
                .await?;
        }
        if !lost.is_empty() {
            self.serve_lost_in(tx, ctx, book, &mut order, &lost, &transfer)
                .await?;
        }
        stock.transfer_told_in(tx, id).await?;
        Ok(true)
    }

    /// Pieces that the transfer does not bring: whole articles, where they are made of several.
    async fn lost_in(
        &self,
        tx: &Tx,
        order: &Order,
        awaited: &Awaited,
        transfer: &Transfer,
    ) -> Result<Vec<Part>> {
        let Some(sent) = &awaited.sent else {
            return Ok(Vec::new());
        };
        let asks = self.asks_in(tx, order, &sent.parts).await?;
        let promised = |sku: SkuId| {
            let line = transfer.lines.iter().find(|line| line.sku_id == sku);
            line.map_or(0, |line| line.promised)
        };
        let wanted: Vec<(&[(SkuId, i64)], i64)> = asks
            .iter()
            .map(|ask| (ask.takes.as_slice(), ask.quantity))
            .collect();
        let comes = on_offer(&wanted, promised);
        let lost = sent.parts.iter().zip(comes).map(|(part, comes)| Part {
            quantity: part.quantity - comes.min(part.quantity),
            ..*part
        });
        Ok(lost.filter(|part| part.quantity > 0).collect())
    }

    /// The goods are where they are collected, and their place serves the order with them.
    async fn arrived_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        awaited: &Awaited,
    ) -> Result<()> {
        let hold = self
            .parts
            .stock
            .hold_by_owner_in(tx, &awaited.id.to_string())
            .await?;
        let hold = hold.filter(|hold| !hold.state.is_over());
        // Parts of a kit that did not arrive whole are anybody's.
        let mut extra: BTreeMap<SkuId, i64> = BTreeMap::new();
        for line in hold.iter().flat_map(|hold| hold.outstanding()) {
            *extra.entry(line.sku_id).or_default() += line.quantity;
        }
        for line in lines_at(&self.asks_in(tx, order, &awaited.parts).await?, awaited.place_id) {
            *extra.entry(line.sku_id).or_default() -= line.quantity;
        }
        let extra: Vec<HoldLine> = extra
            .into_iter()
            .filter(|(_, quantity)| *quantity > 0)
            .map(|(sku, quantity)| HoldLine::new(sku, awaited.place_id, quantity))
            .collect();
        if !awaited.parts.is_empty() {
            let place = book.get(awaited.place_id);
            let source = Source {
                place_id: awaited.place_id,
                place_name: awaited.place_name.clone(),
                parts: awaited.parts.clone(),
                promised_at: place.map(|place| place.ready_at(tx.now())).transpose()?.flatten(),
                day: place.and_then(|place| place.limited_day(tx.now())),
            };
            let mut fulfilment = requested(tx, order, &source);
            fulfilment.id = awaited.id;
            fulfilment.hold_id = hold.as_ref().map(|hold| hold.id);
            fulfilment.promised_at = awaited.promised_at.max(source.promised_at);
            fulfilment.why = awaited.sent.as_ref().and_then(|sent| sent.why.clone());
            fulfilment.why_of = fulfilment.why.as_ref().map(|_| fulfilment.id);
            if order.head.state == OrderState::Paid {
                order.head.state = order.head.state.step(OrderState::Allocated)?;
            }
            let supplied = Moment::new(tx.now(), MomentKind::Supplied, &ctx.actor);
            orders::order_change_in(tx, &mut order.head, vec![supplied]).await?;
            if let Some(day) = source.day {
                let (owner, place_name) = (fulfilment.id, source.place_name.clone());
                let room = Room {
                    owner,
                    place_name,
                    day,
                };
                room::take_in(tx, &[room], None).await?;
            }
            self.take_over_in(tx, ctx, order, vec![fulfilment], TakeOver::Supply)
                .await?;
        }
        match hold {
            Some(hold) if !extra.is_empty() => {
                let (stock, ctx) = (&self.parts.stock, ctx.elevated());
                stock.hold_release_in(tx, &ctx, hold.id, &extra).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The goods are packed, on the road, or due on another day.
    async fn on_the_way_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        (at, mut awaited): (usize, Awaited),
        transfer: &Transfer,
    ) -> Result<()> {
        let mut moments = Vec::new();
        let mut has_moved = false;
        if let (Some(sent), TransferState::Shipped) = (&mut awaited.sent, transfer.summary.state) {
            if sent.left_at.is_none() {
                sent.left_at = Some(transfer.summary.updated_at);
                let moment = Moment::new(tx.now(), MomentKind::SentToStore, &ctx.actor)
                    .with_text("from", &sent.from_place_name)
                    .with_text("place", &awaited.place_name);
                moments.push(moment);
            }
            let place = book.get(awaited.place_id);
            let moved = transfer.summary.due_at.filter(|due| *due != sent.due_at);
            if let (Some(place), Some(due)) = (place, moved) {
                sent.due_at = due;
                let promised = place.ready_at(due.max(tx.now()))?;
                let (before, now) = (day_of(place, awaited.promised_at), day_of(place, promised));
                awaited.promised_at = promised;
                if before != now {
                    has_moved = true;
                    let moment = Moment::new(tx.now(), MomentKind::Awaited, &ctx.actor)
                        .with_text("items", &items(order, &awaited.parts))
                        .with("day", now)
                        .with("before", before);
                    moments.push(moment);
                }
            }
        }
        order.head.ahead.insert(at, awaited);
        orders::order_change_in(tx, &mut order.head, moments).await?;
        if has_moved {
            announce_in(tx, ctx, order).await?;
        }
        Ok(())
    }

    /// What does not arrive comes from the store's own shelf, from another place that sends, from another store where
    /// nothing of the order is kept here, or a person decides.
    async fn serve_lost_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        lost: &[Part],
        transfer: &Transfer,
    ) -> Result<()> {
        let from = transfer.summary.from_place_id;
        let from_name = book.get(from).map(|place| place.name.clone()).unwrap_or_default();
        let reason = match transfer.summary.state {
            TransferState::Received | TransferState::Short => {
                Text::new("到店时缺少或破损", "it arrived short or damaged")
            }
            _ => Text::new("无法发出", "it could not be sent"),
        };
        let told = Moment::new(tx.now(), MomentKind::Rejected, &ctx.actor)
            .with_text("place", &from_name)
            .with_text("reason", &reason)
            .with_text("items", &items(order, lost));
        orders::order_change_in(tx, &mut order.head, vec![told]).await?;
        let chosen = order.head.place_id.and_then(|id| book.get(id)).cloned();
        let view = self.view_in(tx, order.head.channel).await?;
        let chosen = chosen.filter(|place| may_collect(place, &view).is_ok());
        let mut found = match &chosen {
            Some(place) => self.find_at_in(tx, ctx, book, order, lost, place).await?,
            None => None,
        };
        // Who did not send it does not have it; who did may have more.
        let sent = transfer.summary.sent > 0;
        let excluded: &[PlaceId] = if sent { &[] } else { &[from] };
        if found.is_none() {
            if self.send_in(tx, ctx, book, order, lost, excluded).await? {
                return Ok(());
            }
            let keeps_a_part =
                order.fulfilments.iter().any(|f| f.state.is_live()) || !order.head.ahead.is_empty();
            if !keeps_a_part {
                found = self.find_in(tx, ctx, book, order, lost, excluded).await?;
            }
        }
        match found {
            Some(replacements) => {
                let from = TakeOver::From {
                    place: from_name,
                    reason,
                    promised: None,
                };
                self.take_over_in(tx, ctx, order, replacements, from).await
            }
            None => {
                let missing = items(order, lost);
                let why = Text::new(
                    format!("调货未能补齐：{}", missing.zh),
                    format!("What was to be sent did not come: {}", missing.en),
                );
                undecided_in(tx, ctx, order, why).await
            }
        }
    }
}

fn without(mut awaited: Awaited, lost: &[Part]) -> Awaited {
    awaited.parts = minus(&awaited.parts, lost);
    if let Some(sent) = &mut awaited.sent {
        sent.parts = minus(&sent.parts, lost);
    }
    awaited
}
