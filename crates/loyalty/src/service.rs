//! The face: earning, reversing, spending, and reading points.

use std::collections::{HashMap, HashSet};

use base::{Ctx, Error, MemberId, OrderId, Page, PageQuery, PointsEntryId, Resource, Result, ReturnId, Time};
use db::{Db, Reader, Tx, Value, params};
use members::MEMBER_READ;

use crate::error::{POINTS_INSUFFICIENT, SOURCE_REUSED};
use crate::events::{PointsEarned, PointsReversed};
use crate::model::{Entry, EntryKind, OrderGoods, Points, PointsDrift, PointsImport, Standing};
use crate::rules::{OrderPoints, TIER_WINDOW, positive, tier_of};
use crate::store::{self, Movement};

/// The points. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Loyalty {
    db: Db,
}

impl Loyalty {
    /// The points over a store.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// The signed-in member's points.
    ///
    /// # Errors
    /// `access.unauthenticated`, `input.invalid_cursor`.
    pub async fn my_points(&self, ctx: &Ctx, page: &PageQuery) -> Result<Points> {
        self.points(ctx.require_member()?, page).await
    }

    /// A member's points, for staff.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `input.invalid_cursor`.
    pub async fn member_points(&self, ctx: &Ctx, member: MemberId, page: &PageQuery) -> Result<Points> {
        ctx.require(MEMBER_READ, &Resource::Somewhere)?;
        let known = self
            .db
            .read(async move |reader: &Reader| members::member_find_in(reader, member).await)
            .await?;
        known.ok_or_else(|| Error::not_found("member", member))?;
        self.points(member, page).await
    }

    async fn points(&self, member: MemberId, page: &PageQuery) -> Result<Points> {
        let (size, after) = (page.size()?, page.after::<(Time, PointsEntryId)>()?);
        self.db
            .read(async move |reader: &Reader| {
                let entries = store::entries(reader, member, after, size).await?;
                Ok(Points {
                    balance: store::balance(reader, member).await?,
                    pending: store::pending(reader, member)
                        .await?
                        .iter()
                        .map(OrderPoints::pending)
                        .sum(),
                    entries: Page::from_surplus(entries, size, |e| (e.at, e.id))?,
                })
            })
            .await
    }

    /// Where the ledger and the balances disagree. Empty, or something is wrong with us.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn drift(&self) -> Result<Vec<PointsDrift>> {
        self.db
            .read(async |reader: &Reader| store::drift(reader).await)
            .await
    }
}

/// Puts a movement on the ledger once; `None` when its document has moved points before.
async fn post(tx: &Tx, ctx: &Ctx, movement: &Movement) -> Result<Option<i64>> {
    let Some(transaction) = store::transaction_open(tx, movement, &ctx.actor.to_string()).await? else {
        return Ok(None);
    };
    let balance = if movement.kind == EntryKind::Burn {
        let wanted = -movement.points;
        match store::account_take(tx, movement.member_id, wanted).await? {
            Some(balance) => balance,
            None => {
                let balance = store::balance(tx, movement.member_id).await?;
                return Err(Error::new(&POINTS_INSUFFICIENT)
                    .with("wanted", wanted)
                    .with("balance", balance));
            }
        }
    } else {
        store::account_add(tx, movement.member_id, movement.points).await?
    };
    store::entries_add(tx, &store::entry_rows(transaction, movement, balance)).await?;
    Ok(Some(balance))
}

/// Notes that an order will bring points once its goods are handed over.
///
/// # Errors
/// Those of the store.
pub async fn expect_in(tx: &Tx, order: &OrderGoods) -> Result<()> {
    store::order_hold(tx, order).await.map(|_| ())
}

/// Earns the points of an order whose goods were handed over: once, however often it is told, and less what
/// came back already. Tells the points it moved.
///
/// # Errors
/// Those of the store.
pub async fn earn_in(tx: &Tx, ctx: &Ctx, order: &OrderGoods, earned_at: Time) -> Result<i64> {
    let mut row = store::order_hold(tx, order).await?;
    if row.points.earned_at.is_some() || row.points.cancelled {
        return Ok(0);
    }
    row.points.goods_minor = order.goods.amount_minor.max(0);
    row.points.earned_at = Some(earned_at);
    let points = row.points.settle();
    if points > 0 {
        let movement = Movement {
            member_id: row.member_id,
            kind: EntryKind::Earn,
            source: order.order_id.to_string(),
            points,
            occurred_at: earned_at,
            counts_at: earned_at,
        };
        let balance = post(tx, ctx, &movement).await?;
        let balance = balance.ok_or_else(|| Error::internal("an order earned its points twice"))?;
        let event = PointsEarned {
            member_id: row.member_id,
            order_id: order.order_id,
            points,
            balance,
            at: earned_at,
        };
        bus::emit(tx, ctx, &event).await?;
    }
    store::order_write(tx, order.order_id, &row.points).await?;
    Ok(points)
}

/// Takes back the points of goods that came back, once for each return; `returned` is what they had cost, in
/// the order's currency. Tells the points taken back, which may leave the balance below zero: the next
/// earning repays it. An order that has no points to do with (a guest's) answers zero.
///
/// # Errors
/// Those of the store.
pub async fn reverse_in(
    tx: &Tx,
    ctx: &Ctx,
    order: OrderId,
    return_id: ReturnId,
    returned_minor: i64,
    at: Time,
) -> Result<i64> {
    let Some(mut row) = store::order_hold_known(tx, order).await? else {
        return Ok(0);
    };
    let source = return_id.to_string();
    let minor = returned_minor.max(0);
    if !store::return_add(tx, &source, order, minor).await? {
        let before = store::returns_reversed(tx, std::slice::from_ref(&source)).await?;
        return Ok(before.get(&source).copied().unwrap_or(0));
    }
    row.points.returned_minor = row.points.returned_minor.saturating_add(minor);
    let taken = take_back(tx, ctx, order, &mut row, &source, at).await?;
    store::return_points(tx, &source, taken).await?;
    Ok(taken)
}

/// Puts an order's points right after goods came back and others went out for them, once for each exchange.
/// `order` is worth all that was ever handed over, what went out instead included; `returned_minor` is what the
/// goods that came back had cost. Tells the points it moved: below zero when some were taken back.
///
/// # Errors
/// Those of the store.
pub async fn exchange_in(
    tx: &Tx,
    ctx: &Ctx,
    order: &OrderGoods,
    return_id: ReturnId,
    returned_minor: i64,
    at: Time,
) -> Result<i64> {
    let id = order.order_id;
    let Some(mut row) = store::order_hold_known(tx, id).await? else {
        return Ok(0);
    };
    let source = return_id.to_string();
    let minor = returned_minor.max(0);
    if !store::return_add(tx, &source, id, minor).await? {
        return Ok(0);
    }
    row.points.returned_minor = row.points.returned_minor.saturating_add(minor);
    row.points.goods_minor = row.points.goods_minor.max(order.goods.amount_minor);
    let mut after = row.points;
    if after.due() < after.granted {
        let taken = take_back(tx, ctx, id, &mut row, &source, at).await?;
        store::return_points(tx, &source, taken).await?;
        return Ok(-taken);
    }
    let points = after.settle();
    if points > 0 {
        let movement = Movement {
            member_id: row.member_id,
            kind: EntryKind::Earn,
            source,
            points,
            occurred_at: at,
            counts_at: at,
        };
        let balance = post(tx, ctx, &movement).await?;
        let event = PointsEarned {
            member_id: row.member_id,
            order_id: id,
            points,
            balance: balance.ok_or_else(|| Error::internal("an exchange earned its points twice"))?,
            at,
        };
        bus::emit(tx, ctx, &event).await?;
    }
    store::order_write(tx, id, &after).await?;
    Ok(points)
}

/// An order will not be handed over, or was undone whole: what it brought is taken back, and it brings
/// nothing more.
///
/// # Errors
/// Those of the store.
pub async fn cancel_in(tx: &Tx, ctx: &Ctx, order: OrderId, at: Time) -> Result<i64> {
    let Some(mut row) = store::order_hold_known(tx, order).await? else {
        return Ok(0);
    };
    if row.points.cancelled {
        return Ok(0);
    }
    row.points.cancelled = true;
    take_back(tx, ctx, order, &mut row, &order.to_string(), at).await
}

async fn take_back(
    tx: &Tx,
    ctx: &Ctx,
    order: OrderId,
    row: &mut store::OrderRow,
    source: &str,
    at: Time,
) -> Result<i64> {
    let points = row.points.settle();
    if points < 0 {
        let movement = Movement {
            member_id: row.member_id,
            kind: EntryKind::Reverse,
            source: source.to_owned(),
            points,
            occurred_at: at,
            // The tier forgets the purchase, not a purchase of today.
            counts_at: row.points.earned_at.unwrap_or(at),
        };
        let balance = post(tx, ctx, &movement).await?;
        let balance = balance.ok_or_else(|| Error::internal("a return took points back twice"))?;
        let event = PointsReversed {
            member_id: row.member_id,
            order_id: order,
            source: source.to_owned(),
            points: -points,
            balance,
            at,
        };
        bus::emit(tx, ctx, &event).await?;
    }
    store::order_write(tx, order, &row.points).await?;
    Ok(-points.min(0))
}

/// Spends points for a document, once; a repetition with the same number answers as the first did.
///
/// # Errors
/// `loyalty.points_insufficient`, `loyalty.source_reused`, `loyalty.points_invalid`.
pub async fn burn_in(tx: &Tx, ctx: &Ctx, member: MemberId, points: i64, source: &str) -> Result<()> {
    let points = -positive(points)?;
    move_by_hand(tx, ctx, member, EntryKind::Burn, points, source).await
}

/// Puts points right by hand, or brings an opening balance over, once for each document.
///
/// # Errors
/// `loyalty.source_reused`, `loyalty.points_invalid`.
pub async fn adjust_in(tx: &Tx, ctx: &Ctx, member: MemberId, points: i64, source: &str) -> Result<()> {
    positive(points.checked_abs().unwrap_or_default())?;
    move_by_hand(tx, ctx, member, EntryKind::Adjust, points, source).await
}

async fn move_by_hand(
    tx: &Tx,
    ctx: &Ctx,
    member_id: MemberId,
    kind: EntryKind,
    points: i64,
    source: &str,
) -> Result<()> {
    let now = tx.now();
    let movement = Movement {
        member_id,
        kind,
        source: source.to_owned(),
        points,
        occurred_at: now,
        counts_at: now,
    };
    if post(tx, ctx, &movement).await?.is_none()
        && store::moved_by(tx, kind, source).await? != Some((member_id, points))
    {
        return Err(Error::new(&SOURCE_REUSED).with("source", source));
    }
    Ok(())
}

/// What a member has.
///
/// # Errors
/// Those of the store.
pub async fn balance_in(reader: &Reader, member: MemberId) -> Result<i64> {
    store::balance(reader, member).await
}

/// Balance and tier of several members; somebody without points is there with none.
///
/// # Errors
/// Those of the store.
pub async fn standings_in(reader: &Reader, members: &[MemberId]) -> Result<HashMap<MemberId, Standing>> {
    let balances = store::balances(reader, members).await?;
    let qualifying = store::qualifying(reader, members, reader.now().before(TIER_WINDOW)).await?;
    let standing = |id: &MemberId| Standing {
        balance: balances.get(id).copied().unwrap_or(0),
        tier: tier_of(qualifying.get(id).copied().unwrap_or(0)),
    };
    Ok(members.iter().map(|id| (*id, standing(id))).collect())
}

/// A member's entries before an instant and id, newest first, for their timeline.
///
/// # Errors
/// Those of the store.
pub async fn entries_in(
    reader: &Reader,
    member: MemberId,
    before: Option<(Time, PointsEntryId)>,
    size: base::PageSize,
) -> Result<Vec<Entry>> {
    store::entries(reader, member, before, size).await
}

/// The points on the ledger for each of these orders.
///
/// # Errors
/// Those of the store.
pub async fn order_points_in(reader: &Reader, orders: &[OrderId]) -> Result<HashMap<OrderId, i64>> {
    store::order_granted(reader, orders).await
}

/// The points each of these returns took back.
///
/// # Errors
/// Those of the store.
pub async fn return_points_in(reader: &Reader, returns: &[ReturnId]) -> Result<HashMap<ReturnId, i64>> {
    let sources: Vec<String> = returns.iter().map(ToString::to_string).collect();
    let points = store::returns_reversed(reader, &sources).await?;
    Ok(returns
        .iter()
        .zip(&sources)
        .filter_map(|(id, s)| points.get(s).map(|p| (*id, *p)))
        .collect())
}

/// Brings the points of past orders over, computed by the same rule as live ones. Safe to repeat: an order
/// that is there is left as it is. Nothing is announced, since nothing happened now. Tells how many landed.
///
/// # Errors
/// Those of the store.
pub async fn import_points_in(tx: &Tx, ctx: &Ctx, imports: &[PointsImport]) -> Result<u64> {
    let mut fresh = Vec::with_capacity(imports.len());
    for chunk in imports.chunks(base::PageSize::MAX) {
        let ids: Vec<OrderId> = chunk.iter().map(|i| i.order.order_id).collect();
        let known = store::order_granted(tx, &ids).await?;
        let mut seen = HashSet::new();
        fresh.extend(
            chunk
                .iter()
                .filter(|i| !known.contains_key(&i.order.order_id) && seen.insert(i.order.order_id)),
        );
    }
    let mut movements = Vec::new();
    let (mut orders, mut returns) = (Vec::new(), Vec::new());
    for import in &fresh {
        past_order(import, &mut movements, &mut orders, &mut returns);
    }
    movements.sort_by_key(|m: &Movement| m.occurred_at);

    let members: Vec<MemberId> = movements
        .iter()
        .map(|m| m.member_id)
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    let mut balances = HashMap::new();
    for chunk in members.chunks(base::PageSize::MAX) {
        balances.extend(store::balances(tx, chunk).await?);
    }
    let (mut transactions, mut entries) = (Vec::new(), Vec::new());
    let mut gained: HashMap<MemberId, i64> = HashMap::new();
    let actor = ctx.actor.to_string();
    for movement in &movements {
        let id = PointsEntryId::new();
        let row = params![
            id,
            movement.kind.as_str(),
            movement.source,
            actor,
            movement.occurred_at,
            tx.now()
        ];
        transactions.push(row.to_vec());
        let balance = balances.entry(movement.member_id).or_default();
        *balance += movement.points;
        *gained.entry(movement.member_id).or_default() += movement.points;
        entries.extend(store::entry_rows(id, movement, *balance));
    }
    store::orders_add(tx, &orders, &returns).await?;
    store::transactions_add(tx, &transactions).await?;
    store::entries_add(tx, &entries).await?;
    let mut gained: Vec<(MemberId, i64)> = gained.into_iter().collect();
    // In one order everywhere, so that two imports cannot wait for each other.
    gained.sort();
    for (member, points) in gained {
        store::account_add(tx, member, points).await?;
    }
    Ok(fresh.len() as u64)
}

fn past_order(
    import: &PointsImport,
    movements: &mut Vec<Movement>,
    orders: &mut Vec<Vec<Value>>,
    returns: &mut Vec<Vec<Value>>,
) {
    let order = &import.order;
    let mut points = OrderPoints {
        currency: order.goods.currency,
        goods_minor: order.goods.amount_minor.max(0),
        returned_minor: 0,
        granted: 0,
        earned_at: Some(import.earned_at),
        cancelled: false,
    };
    let mut note = |kind: EntryKind, source: String, points: i64, at: Time| {
        if points != 0 {
            let (member_id, counts_at) = (order.member_id, import.earned_at);
            movements.push(Movement {
                member_id,
                kind,
                source,
                points,
                occurred_at: at,
                counts_at,
            });
        }
    };
    let earned = points.settle();
    note(
        EntryKind::Earn,
        order.order_id.to_string(),
        earned,
        import.earned_at,
    );
    for (return_id, minor, at) in &import.returns {
        points.returned_minor = points.returned_minor.saturating_add((*minor).max(0));
        let moved = points.settle();
        note(EntryKind::Reverse, return_id.to_string(), moved, *at);
        returns.push(params![*return_id, order.order_id, (*minor).max(0), -moved].to_vec());
    }
    orders.push(
        params![
            order.order_id,
            order.member_id,
            points.currency,
            points.goods_minor,
            points.returned_minor,
            points.granted,
            "earned",
            import.earned_at
        ]
        .to_vec(),
    );
}
