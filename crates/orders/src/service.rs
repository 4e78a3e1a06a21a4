//! The face: reading orders, and the steps of an order's life for `flows` (`*_in`, in the caller's
//! transaction, where rights have been asked for).

use std::collections::BTreeSet;

use base::{
    Ctx, Error, FulfilmentId, HoldId, MemberId, OrderId, Page, PageQuery, PageSize, PlaceId, Resource,
    Result, Time,
};
use db::{Db, Reader, Tx};

use crate::contact::Contact;
use crate::decision::UndecidedOrder;
use crate::error::BUSY;
use crate::model::{Channel, Fulfilment, Line, Order, OrderHead, Return};
use crate::number::{OrderNumber, number_prefix};
use crate::plan::SourcingWhy;
use crate::state::{FulfilmentState, OrderState};
use crate::store::list::{self, Key};
use crate::store::order::OrderRows;
use crate::store::{fulfilment, order, returns, why};
use crate::timeline::{Moment, MomentKind};
use crate::wire::{FulfilmentOut, OrderSummary, ReturnOut};
use crate::{FULFILMENT_READ, MEMBER_READ_PII, ORDER_READ, RETURN_TAKE};

/// Numbers tried before giving up; the second try is rare, the third unheard of.
const MAX_NUMBERS: u32 = 8;

/// Which orders are wanted.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// In one of these states; empty for any.
    pub states: Vec<OrderState>,
    /// From this channel.
    pub channel: Option<Channel>,
    /// Sold or collected at this place.
    pub place: Option<PlaceId>,
    /// Bought by this member.
    pub member: Option<MemberId>,
    /// Placed at or after this instant.
    pub since: Option<Time>,
    /// Whose number begins with this.
    pub number_prefix: Option<String>,
    /// Whose contact has this telephone number, in its plain form.
    pub phone: Option<String>,
}

impl OrderFilter {
    /// Adds what somebody typed into the search box: the beginning of a number, or a whole telephone number.
    #[must_use]
    pub fn search(mut self, typed: &str) -> Self {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        match number_prefix(typed) {
            Some(prefix) if digits.len() < 11 => self.number_prefix = Some(prefix),
            _ => self.phone = Some(plain_phone(typed)),
        }
        self
    }

    fn is_exact_number(&self) -> bool {
        self.number_prefix
            .as_deref()
            .is_some_and(|p| p.parse::<OrderNumber>().is_ok())
    }
}

/// A telephone number without what people put between its digits and without the home country's code: however
/// it was typed at the checkout and is typed now, the two are compared in this form.
#[must_use]
pub(crate) fn plain_phone(typed: &str) -> String {
    let bare: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')'))
        .collect();
    let national = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086"));
    national.unwrap_or(&bare).to_owned()
}

/// Which fulfilments are wanted.
#[derive(Clone, Debug, Default)]
pub struct FulfilmentFilter {
    /// Served by this place.
    pub place: Option<PlaceId>,
    /// In one of these states; empty for any.
    pub states: Vec<FulfilmentState>,
}

/// How busy a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Load {
    /// The place.
    pub place_id: PlaceId,
    /// Fulfilments it has taken on.
    pub taken: i64,
    /// Those it still works on.
    pub open: i64,
}

/// Reads of orders.
#[derive(Clone, Debug)]
pub struct Orders {
    db: Db,
}

impl Orders {
    /// Over the store.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Orders, the newest first, of the places the actor may read. The whole number of an order is known
    /// only to its customer and to who stands in front of them: with it, staff who take returns find an
    /// order of any place.
    ///
    /// # Errors
    /// `access.forbidden` without `order.read`.
    pub async fn order_list(
        &self,
        ctx: &Ctx,
        filter: OrderFilter,
        page: &PageQuery,
    ) -> Result<Page<OrderSummary>> {
        ctx.require(ORDER_READ, &Resource::Somewhere)?;
        let anywhere = filter.is_exact_number() && ctx.may(RETURN_TAKE, &Resource::Somewhere);
        let scope = if anywhere { None } else { ctx.places(ORDER_READ) };
        let mut found = self.orders(filter, scope, page).await?;
        for summary in &mut found.items {
            if !may_read_pii(ctx, summary.place_id) {
                summary.contact_name = crate::contact::mask_name(&summary.contact_name);
            }
        }
        Ok(found)
    }

    /// The orders of the signed-in member, the newest first.
    ///
    /// # Errors
    /// `access.unauthenticated`.
    pub async fn my_order_list(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<OrderSummary>> {
        let member = ctx.require_member()?;
        self.orders(
            OrderFilter {
                member: Some(member),
                ..OrderFilter::default()
            },
            None,
            page,
        )
        .await
    }

    async fn orders(
        &self,
        filter: OrderFilter,
        scope: Option<Vec<PlaceId>>,
        page: &PageQuery,
    ) -> Result<Page<OrderSummary>> {
        let (size, after) = (page.size()?, page.after::<Key>()?);
        let rows = self
            .db
            .read(async move |r: &Reader| {
                list::orders(r, &filter, scope.as_deref(), after, size.with_surplus()).await
            })
            .await?;
        Page::from_surplus(rows, size, |o| list::key(o.placed_at, o.id))
    }

    /// Orders that a person must decide about, the first placed first, of the places the actor may read:
    /// those that wait for supply, or those that do not.
    ///
    /// # Errors
    /// `access.forbidden` without `order.read`.
    pub async fn decision_list(
        &self,
        ctx: &Ctx,
        place: Option<PlaceId>,
        waiting: bool,
        page: &PageQuery,
    ) -> Result<Page<UndecidedOrder>> {
        ctx.require(ORDER_READ, &Resource::Somewhere)?;
        let scope = ctx.places(ORDER_READ);
        let (size, after) = (page.size()?, page.after::<Key>()?);
        let found = self
            .db
            .read(async move |r: &Reader| {
                let heads =
                    list::undecided(r, place, waiting, scope.as_deref(), after, size.with_surplus()).await?;
                let ids: Vec<OrderId> = heads.iter().map(|head| head.id).collect();
                let (lines, served) = (
                    order::lines(r, &ids).await?,
                    fulfilment::of_orders(r, &ids).await?,
                );
                let whole = |head: OrderHead| Order {
                    lines: lines
                        .iter()
                        .filter(|(id, _)| *id == head.id)
                        .map(|(_, l)| l.clone())
                        .collect(),
                    fulfilments: served.iter().filter(|f| f.order_id == head.id).cloned().collect(),
                    returns: Vec::new(),
                    head,
                };
                Ok(heads.into_iter().map(whole).collect::<Vec<_>>())
            })
            .await?;
        let undecided = found.iter().filter_map(|order| {
            let mut summary = OrderSummary::from(&order.head);
            if !may_read_pii(ctx, summary.place_id) {
                summary.contact_name = crate::contact::mask_name(&summary.contact_name);
            }
            let decision = order.open_decision()?;
            Some(UndecidedOrder {
                order: summary,
                decision,
            })
        });
        Page::from_surplus(undecided.collect(), size, |u| {
            list::key(u.order.placed_at, u.order.id)
        })
    }

    /// Fulfilments, the longest waiting first, of the places the actor may read.
    ///
    /// # Errors
    /// `access.forbidden` without `fulfilment.read`.
    pub async fn fulfilment_list(
        &self,
        ctx: &Ctx,
        filter: FulfilmentFilter,
        page: &PageQuery,
    ) -> Result<Page<FulfilmentOut>> {
        ctx.require(
            FULFILMENT_READ,
            &filter.place.map_or(Resource::Somewhere, Resource::Place),
        )?;
        let scope = ctx.places(FULFILMENT_READ);
        let (size, after) = (page.size()?, page.after::<Key>()?);
        let (found, lines) = self
            .db
            .read(async move |r: &Reader| {
                let found =
                    list::fulfilments(r, &filter, scope.as_deref(), after, size.with_surplus()).await?;
                let mut orders: Vec<OrderId> = found.iter().map(|f| f.order_id).collect();
                orders.sort_unstable();
                orders.dedup();
                let lines = order::lines(r, &orders).await?;
                Ok((found, lines))
            })
            .await?;
        let lines_of = |id: OrderId| -> Vec<Line> {
            lines
                .iter()
                .filter(|(order, _)| *order == id)
                .map(|(_, line)| line.clone())
                .collect()
        };
        let page = Page::from_surplus(found, size, |f| list::key(f.created_at, f.id))?;
        Ok(page.map(|f| FulfilmentOut::new(&f, &lines_of(f.order_id), true)))
    }

    /// Returns, the newest first, of the places the actor may read.
    ///
    /// # Errors
    /// `access.forbidden` without `order.read`.
    pub async fn return_list(
        &self,
        ctx: &Ctx,
        place: Option<PlaceId>,
        page: &PageQuery,
    ) -> Result<Page<ReturnOut>> {
        ctx.require(ORDER_READ, &place.map_or(Resource::Somewhere, Resource::Place))?;
        let scope = ctx.places(ORDER_READ);
        let (size, after): (PageSize, Option<Key>) = (page.size()?, page.after()?);
        let rows = self
            .db
            .read(async move |r: &Reader| {
                list::returns(r, place, scope.as_deref(), after, size.with_surplus()).await
            })
            .await?;
        let page = Page::from_surplus(rows, size, |d| list::key(d.created_at, d.id))?;
        Ok(page.map(|document| ReturnOut::from(&document)))
    }
}

/// Whether the actor may read who somebody is, of an order at that place.
#[must_use]
pub fn may_read_pii(ctx: &Ctx, place: Option<PlaceId>) -> bool {
    ctx.may(MEMBER_READ_PII, &place.map_or(Resource::Chain, Resource::Place))
}

// Orders.

/// Keeps a new order with its lines; answers its number, which is almost always its first.
///
/// # Errors
/// Only the store's.
pub async fn order_place_in(tx: &Tx, id: OrderId, rows: &OrderRows) -> Result<OrderNumber> {
    for attempt in 0..MAX_NUMBERS {
        let number = OrderNumber::of(id, attempt);
        if order::insert(tx, rows, &number).await? {
            order::insert_rest(tx, rows).await?;
            return Ok(number);
        }
    }
    Err(Error::new(&BUSY))
}

/// An order without its lines.
///
/// # Errors
/// `not_found`.
pub async fn order_head_in(r: &Reader, id: OrderId) -> Result<OrderHead> {
    order::find(r, id)
        .await?
        .ok_or_else(|| Error::not_found("order", id))
}

/// A whole order.
///
/// # Errors
/// `not_found`.
pub async fn order_get_in(r: &Reader, id: OrderId) -> Result<Order> {
    let head = order_head_in(r, id).await?;
    order_fill_in(r, head).await
}

/// The rest of an order whose head is known. An order that nobody has been asked to serve has no fulfilments
/// and no returns, so those are not looked for.
///
/// # Errors
/// Only the store's.
pub async fn order_fill_in(r: &Reader, head: OrderHead) -> Result<Order> {
    let ids = [head.id];
    let unserved = matches!(head.state, OrderState::PendingPayment | OrderState::Expired);
    let lines = order::lines(r, &ids)
        .await?
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    let fulfilments = if unserved {
        Vec::new()
    } else {
        fulfilment::of_orders(r, &ids).await?
    };
    let returns = if head.state.goods_went_out() {
        returns::of_orders(r, &ids).await?
    } else {
        Vec::new()
    };
    Ok(Order {
        head,
        lines,
        fulfilments,
        returns,
    })
}

/// The order of a number.
///
/// # Errors
/// Only the store's.
pub async fn order_find_in(r: &Reader, number: &OrderNumber) -> Result<Option<OrderId>> {
    order::find_by_number(r, number).await
}

/// Who to tell about an order, and whether they are a member. For messages only.
///
/// # Errors
/// `not_found`.
pub async fn order_contact_in(r: &Reader, id: OrderId) -> Result<(Option<MemberId>, Contact)> {
    let head = order_head_in(r, id).await?;
    Ok((head.member_id, head.contact))
}

/// Takes a step: writes the changed head over the version it was read at and adds to its history.
///
/// # Errors
/// `order.busy` when somebody else changed it meanwhile.
pub async fn order_change_in(tx: &Tx, head: &mut OrderHead, added: Vec<Moment>) -> Result<()> {
    if !order::update(tx, head, &added).await? {
        return Err(Error::new(&BUSY));
    }
    head.version += 1;
    head.moments.extend(added);
    Ok(())
}

/// Counts every piece that was not handed over as given up.
///
/// # Errors
/// Only the store's.
pub async fn order_cancel_lines_in(tx: &Tx, order: &mut Order) -> Result<()> {
    order::cancel_rest(tx, order.head.id).await?;
    for line in &mut order.lines {
        line.quantity_cancelled = line.quantity - line.quantity_returned;
    }
    Ok(())
}

/// Orders whose hold ran out unpaid, the oldest first.
///
/// # Errors
/// Only the store's.
pub async fn order_unpaid_in(r: &Reader, limit: i64) -> Result<Vec<OrderId>> {
    order::unpaid(r, limit).await
}

/// Closes orders whose goods have been out since before an instant and that nobody returned; answers how many,
/// at most `limit`.
///
/// # Errors
/// Only the store's.
pub async fn order_close_in(tx: &Tx, ctx: &Ctx, before: Time, limit: i64) -> Result<u64> {
    let moment = Moment::new(tx.now(), MomentKind::Closed, &ctx.actor);
    order::close(tx, before, limit, &moment).await
}

// Fulfilments.

/// A fulfilment.
///
/// # Errors
/// `not_found`.
pub async fn fulfilment_get_in(r: &Reader, id: FulfilmentId) -> Result<Fulfilment> {
    fulfilment::find(r, id)
        .await?
        .ok_or_else(|| Error::not_found("fulfilment", id))
}

/// Puts in why the places of fulfilments were chosen, where it is kept.
///
/// # Errors
/// Only the store's.
pub async fn why_fill_in(r: &Reader, fulfilments: &mut [Fulfilment]) -> Result<()> {
    let names: BTreeSet<FulfilmentId> = fulfilments.iter().filter_map(|f| f.why_of).collect();
    let names: Vec<FulfilmentId> = names.into_iter().collect();
    let known = why::of(r, &names).await?;
    for fulfilment in fulfilments {
        fulfilment.why = fulfilment.why_of.and_then(|of| known.get(&of).cloned());
    }
    Ok(())
}

/// Why an order's first places were chosen, where it is kept.
///
/// # Errors
/// Only the store's.
pub async fn first_why_in(r: &Reader, order: &OrderHead) -> Result<Option<SourcingWhy>> {
    let Some(of) = order.plan.why_of else {
        return Ok(order.plan.why.clone());
    };
    Ok(why::of(r, &[of]).await?.remove(&of))
}

/// Asks places to serve, and keeps why they were chosen.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_request_in(tx: &Tx, new: &[Fulfilment]) -> Result<()> {
    fulfilment::insert(tx, new).await
}

/// Writes a changed fulfilment over the version it was read at.
///
/// # Errors
/// `order.busy` when somebody else changed it meanwhile.
pub async fn fulfilment_change_in(tx: &Tx, changed: &mut Fulfilment) -> Result<()> {
    if !fulfilment::update(tx, changed).await? {
        return Err(Error::new(&BUSY));
    }
    changed.version += 1;
    Ok(())
}

/// What places have been asked for since an instant; places nobody asked are left out.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_load_in(r: &Reader, places: &[PlaceId], since: Time) -> Result<Vec<Load>> {
    let rows = fulfilment::load_since(r, places, since).await?;
    Ok(rows
        .into_iter()
        .map(|(place_id, taken, open)| Load {
            place_id,
            taken,
            open,
        })
        .collect())
}

/// How many fulfilments a place has taken on since an instant, counted up to `most`.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_taken_in(r: &Reader, place: PlaceId, since: Time, most: i64) -> Result<i64> {
    fulfilment::taken_since(r, place, since, most).await
}

// Returns.

/// Keeps a return and counts its pieces on the order's lines.
///
/// # Errors
/// `order.busy` when somebody else returned the same pieces meanwhile.
pub async fn return_take_in(tx: &Tx, order: &mut Order, document: Return) -> Result<()> {
    for back in &document.lines {
        if !order::add_returned(tx, order.head.id, back.order_line_id, back.quantity).await? {
            return Err(Error::new(&BUSY));
        }
        if let Some(line) = order.lines.iter_mut().find(|l| l.id == back.order_line_id) {
            line.quantity_returned += back.quantity;
        }
    }
    returns::insert(tx, &document).await?;
    order.returns.push(document);
    Ok(())
}

impl Order {
    /// The fulfilments that will be asked for once the order is paid, with the stock kept for them.
    #[must_use]
    pub fn planned(&self, hold_id: Option<HoldId>) -> Vec<Fulfilment> {
        let head = &self.head;
        head.plan
            .fulfilments
            .iter()
            .map(|planned| Fulfilment {
                id: planned.id,
                order_id: head.id,
                order_number: head.number.clone(),
                method: head.method,
                place_id: planned.place_id,
                place_name: planned.place_name.clone(),
                state: FulfilmentState::Requested,
                hold_id,
                parts: planned.parts.clone(),
                why_text: planned.why_text.clone(),
                why_of: head.plan.why_of,
                why: None,
                promised_at: planned.promised_at,
                contact_name: head.contact.name.clone(),
                carrier: None,
                tracking_number: None,
                code_tries: 0,
                code_locked_until: None,
                pickup_by: None,
                created_at: head.placed_at,
                version: 1,
            })
            .collect()
    }
}
