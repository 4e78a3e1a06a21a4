//! A change made: one transaction, all of it or nothing.

use base::{Ctx, Error, Money, OrderChangeId, Result, Text};
use bus::emit;
use db::Tx;
use orders::events::{FulfilmentCancelled, FulfilmentRequested, OrderChanged, line_facts};
use orders::{
    Changed, Fulfilment, FulfilmentState, Moment, MomentKind, Order, Part, PlannedFulfilment, merged_parts,
};
use places::Book;
use stock::{HoldLine, HoldRequest};

use super::policy::{UNPACKED, stands};
use crate::Flows;
use crate::channel::Taking;
use crate::code;
use crate::part::split_in;
use crate::reject::requested;
use crate::room::{self, Room};
use crate::sources::Source;

/// A change that is to be made now.
pub(crate) struct Making<'a> {
    pub(crate) id: OrderChangeId,
    pub(crate) changed: &'a Changed,
    pub(crate) what: &'a Text,
    pub(crate) reason: Option<&'a str>,
    /// Who asked for it, when that is not who makes it true.
    pub(crate) asked_by: Option<&'a str>,
    pub(crate) paid: Money,
    pub(crate) refund: Money,
}

impl Flows {
    /// Makes a change, in lock order: order, room, stock. Its own hold, where it has one, becomes the order's.
    ///
    /// # Errors
    /// `order.change_overtaken`, `order.change_begun`, `order.busy`, `stock.insufficient`, `checkout.place_full`.
    pub(crate) async fn change_make_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        book: &Book,
        order: &mut Order,
        making: &Making<'_>,
    ) -> Result<()> {
        stands(order)?;
        let changed = making.changed;
        let before = order.head.net();
        let mut after = changed.over(order)?;
        let less = changed
            .goods
            .as_ref()
            .map(|goods| goods.less.clone())
            .unwrap_or_default();
        // Judged over what the places serve now.
        let given = match changed.anew {
            true => Vec::new(),
            false => order.give_up(&less, UNPACKED)?.served,
        };
        let mut moment = Moment::new(tx.now(), MomentKind::Changed, &ctx.actor)
            .with_text("what", making.what)
            .with("before", before.to_string())
            .with("now", after.head.net().to_string())
            .with("change_id", making.id.to_string());
        if let Some(reason) = making.reason {
            moment = moment.with("reason", reason);
        }
        if let Some(asked_by) = making.asked_by {
            moment = moment.with("asked_by", asked_by);
        }
        let mut moments = vec![moment];
        if making.refund.amount_minor > 0 {
            let refunded = Moment::new(tx.now(), MomentKind::Refunded, &ctx.actor);
            moments.push(refunded.with("amount", making.refund.to_string()));
        }
        orders::order_rewrite_in(tx, &mut after, order.lines.len(), moments).await?;
        if after.head.plan.promotion_code.is_none() {
            code::release_in(tx, &order.head).await?;
        }
        let gone = self.change_rooms_in(tx, book, order, changed).await?;
        let had = self.change_has_in(tx, order, making).await?;
        let taking = Taking::new(self.view_in(tx, order.head.channel).await?, &had);
        self.change_hold_release_in(tx, ctx, making.id).await?;
        let mut freed: Vec<Fulfilment> = Vec::new();
        for at in gone {
            let pieces = after.fulfilments[at].parts.clone();
            freed.push(split_in(tx, &mut after, at, &pieces, FulfilmentState::Cancelled).await?);
        }
        let mut ats: Vec<usize> = given.iter().map(|(at, _)| *at).collect();
        ats.sort_unstable();
        ats.dedup();
        for at in ats {
            let mine = given.iter().filter(|(of, _)| *of == at);
            let pieces: Vec<Part> = mine.map(|(_, part)| *part).collect();
            freed.push(split_in(tx, &mut after, at, &pieces, FulfilmentState::Cancelled).await?);
        }
        for fulfilment in &freed {
            self.put_back_in(tx, ctx, &after, fulfilment).await?;
        }
        let asked = self.change_ask_in(tx, ctx, &mut after, changed, &taking).await?;
        for fulfilment in &freed {
            let fulfilment = fulfilment.into();
            emit(tx, ctx, &FulfilmentCancelled { fulfilment }).await?;
        }
        for at in asked {
            let fulfilment = (&after.fulfilments[at]).into();
            emit(tx, ctx, &FulfilmentRequested { fulfilment }).await?;
        }
        let wanted: Vec<_> = after
            .lines
            .iter()
            .filter(|line| line.wanted() > 0)
            .cloned()
            .collect();
        let event = OrderChanged {
            order: (&after.head).into(),
            change_id: making.id,
            lines: line_facts(&after.head, &wanted),
            what: making.what.clone(),
            before,
            paid: making.paid,
            refund: making.refund,
            reason: making.reason.map(str::to_owned),
        };
        emit(tx, ctx, &event).await?;
        *order = after;
        Ok(())
    }

    /// Gives back the room of places that are out of it, and takes that of new ones. Answers the fulfilments that are
    /// given up whole.
    async fn change_rooms_in(
        &self,
        tx: &Tx,
        book: &Book,
        order: &Order,
        changed: &Changed,
    ) -> Result<Vec<usize>> {
        let mut gone = Vec::new();
        if changed.anew {
            for (at, fulfilment) in order.fulfilments.iter().enumerate() {
                if fulfilment.state.holds_stock() {
                    places::room_release_in(tx, &fulfilment.id.to_string()).await?;
                    gone.push(at);
                }
            }
        }
        room::keep_late_in(tx, &change_rooms(tx, book, order, changed)).await?;
        Ok(gone)
    }

    /// Asks places for what they take on: one that serves the order already gets more to do, others are new. Answers
    /// whom it asked.
    async fn change_ask_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        changed: &Changed,
        taking: &Taking,
    ) -> Result<Vec<usize>> {
        let mut asked = Vec::with_capacity(changed.sources.len());
        let mut first = None;
        for planned in &changed.sources {
            let lines = self.source_lines_in(tx, order, planned).await?;
            if let Some(at) = serving(order, changed, planned) {
                self.take_on_in(tx, ctx, &mut order.fulfilments[at], planned, lines, taking)
                    .await?;
                asked.push(at);
                continue;
            }
            let mut new = new_fulfilment(tx, order, planned);
            if changed.why.is_some() {
                // The first keeps the decision for all.
                if first.is_none() {
                    new.why.clone_from(&changed.why);
                }
                new.why_of = Some(*first.get_or_insert(new.id));
            }
            new.hold_id = self.kept_in(tx, ctx, new.id.to_string(), lines, taking).await?;
            orders::fulfilment_request_in(tx, std::slice::from_ref(&new)).await?;
            asked.push(order.fulfilments.len());
            order.fulfilments.push(new);
        }
        Ok(asked)
    }

    async fn take_on_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        fulfilment: &mut Fulfilment,
        planned: &PlannedFulfilment,
        lines: Vec<HoldLine>,
        taking: &Taking,
    ) -> Result<()> {
        fulfilment.parts = merged_parts(&[fulfilment.parts.as_slice(), planned.parts.as_slice()].concat());
        let stock = &self.parts.stock;
        let held = match fulfilment.hold_id {
            Some(id) => Some(stock.hold_get_in(tx, id).await?).filter(|hold| !hold.state.is_over()),
            None => None,
        };
        match held {
            _ if lines.is_empty() => {}
            Some(hold) => {
                let leave = taking.leave(&lines);
                let all: Vec<HoldLine> = hold.outstanding().chain(lines).collect();
                stock
                    .hold_change_in(tx, &ctx.elevated(), hold.id, &all, &|key| leave.of(key))
                    .await?;
            }
            None => {
                let owner = fulfilment.id.to_string();
                fulfilment.hold_id = self.kept_in(tx, ctx, owner, lines, taking).await?;
            }
        }
        orders::fulfilment_change_in(tx, fulfilment).await
    }

    /// Keeps pieces for good.
    async fn kept_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        owner: String,
        lines: Vec<HoldLine>,
        taking: &Taking,
    ) -> Result<Option<base::HoldId>> {
        if lines.is_empty() {
            return Ok(None);
        }
        let request = HoldRequest {
            owner,
            leave: taking.leave(&lines),
            lines,
            expires_at: None,
        };
        let hold = self
            .parts
            .stock
            .hold_place_in(tx, &ctx.elevated(), request)
            .await?;
        Ok(Some(hold.id))
    }

    /// The pieces that are an order's already, of those that a change takes: what was kept for the change and, where it
    /// is served anew, what was kept for the order.
    async fn change_has_in(&self, tx: &Tx, order: &Order, making: &Making<'_>) -> Result<Vec<HoldLine>> {
        let mut has = match making.changed.anew {
            true => self.own_in(tx, order).await?,
            false => Vec::new(),
        };
        let kept = self
            .parts
            .stock
            .hold_by_owner_in(tx, &making.id.to_string())
            .await?;
        if let Some(hold) = kept.filter(|hold| !hold.state.is_over()) {
            has.extend(hold.outstanding());
        }
        Ok(has)
    }

    /// What a change that was not made yet holds is free again.
    pub(crate) async fn change_hold_release_in(&self, tx: &Tx, ctx: &Ctx, id: OrderChangeId) -> Result<()> {
        let stock = &self.parts.stock;
        if let Some(hold) = stock.hold_by_owner_in(tx, &id.to_string()).await? {
            stock.hold_release_in(tx, &ctx.elevated(), hold.id, &[]).await?;
        }
        Ok(())
    }
}

/// The fulfilment that a place's new pieces join.
fn serving(order: &Order, changed: &Changed, planned: &PlannedFulfilment) -> Option<usize> {
    if changed.anew {
        return None;
    }
    order
        .fulfilments
        .iter()
        .position(|f| f.place_id == planned.place_id && UNPACKED.contains(&f.state))
}

/// The room that a change needs, at places that do not serve its order yet and have a limit.
pub(crate) fn change_rooms(tx: &Tx, book: &Book, order: &Order, changed: &Changed) -> Vec<Room> {
    let new = changed
        .sources
        .iter()
        .filter(|planned| serving(order, changed, planned).is_none());
    let rooms = new.filter_map(|planned| {
        Some(Room {
            owner: planned.id,
            place_name: planned.place_name.clone(),
            day: book.get(planned.place_id)?.limited_day(tx.now())?,
        })
    });
    room::in_order(rooms.collect())
}

fn new_fulfilment(tx: &Tx, order: &Order, planned: &PlannedFulfilment) -> Fulfilment {
    let source = Source {
        place_id: planned.place_id,
        place_name: planned.place_name.clone(),
        parts: planned.parts.clone(),
        promised_at: planned.promised_at,
        day: None,
    };
    Fulfilment {
        id: planned.id,
        why_text: planned.why_text.clone(),
        ..requested(tx, order, &source)
    }
}

/// Whether a change cannot be made any more, through nobody's fault: its order went on, or its stock went elsewhere.
pub(crate) fn cannot_be_made(error: &Error) -> bool {
    let gone = [
        &orders::CHANGE_OVERTAKEN,
        &orders::CHANGE_BEGUN,
        &orders::CHANGE_WAITS,
        &orders::NOT_CHANGEABLE,
    ];
    gone.iter().any(|code| error.is(code)) || crate::pay::is_gone(error)
}
