//! Figures for people who look at many orders at once.

use base::{Currency, MemberId, Money, PlaceId, ProductId, Result, Time};
use db::Reader;

use crate::model::Channel;
use crate::state::OrderState;
use crate::store::figures as store;

/// What one channel sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChannelFigure {
    /// The channel.
    pub channel: Channel,
    /// Orders.
    pub orders: i64,
    /// What was paid and kept.
    pub revenue: Money,
}

/// What one day sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DayFigure {
    /// Days of 24 hours since the beginning of the period.
    pub day: i64,
    /// Orders.
    pub orders: i64,
    /// What was paid and kept.
    pub revenue: Money,
}

/// What was sold and came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sold {
    /// Orders with at least one such line.
    pub orders: i64,
    /// Pieces that went out.
    pub pieces: i64,
    /// Pieces that came back, whenever they did.
    pub pieces_returned: i64,
}

/// What one member bought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemberFigure {
    /// The member.
    pub member_id: MemberId,
    /// Orders.
    pub orders: i64,
    /// What was paid and kept.
    pub spent: Money,
    /// When the last one was placed.
    pub last_order_at: Option<Time>,
}

/// How many orders stand in each state; states without any are left out.
///
/// # Errors
/// Only the store's.
pub async fn order_count_in(r: &Reader) -> Result<Vec<(OrderState, i64)>> {
    store::by_state(r).await
}

/// Sales by channel of orders placed in a period.
///
/// # Errors
/// Only the store's.
pub async fn sales_by_channel_in(
    r: &Reader,
    currency: Currency,
    from: Time,
    to: Time,
) -> Result<Vec<ChannelFigure>> {
    store::by_channel(r, currency, from, to).await
}

/// Sales by day of orders placed in a period that begins at a local midnight; days without any are left out.
///
/// # Errors
/// Only the store's.
pub async fn sales_by_day_in(r: &Reader, currency: Currency, from: Time, to: Time) -> Result<Vec<DayFigure>> {
    store::by_day(r, currency, from, to).await
}

/// Purchases made in stores, by place and by days of 24 hours since the beginning of the period: (place, day, orders),
/// for orders placed in it.
///
/// # Errors
/// Only the store's.
pub async fn bought_in_stores_in(r: &Reader, from: Time, to: Time) -> Result<Vec<(PlaceId, i64, i64)>> {
    store::in_stores(r, from, to).await
}

/// What was sold of a product, at a place, or both, by orders placed in a period: the denominator of return
/// rates and of feedback per hundred orders.
///
/// # Errors
/// Only the store's.
pub async fn sold_in(
    r: &Reader,
    product: Option<ProductId>,
    place: Option<PlaceId>,
    from: Time,
    to: Time,
) -> Result<Sold> {
    store::sold(r, product, place, from, to).await
}

/// What members bought; members without orders are left out.
///
/// # Errors
/// Only the store's.
pub async fn member_figures_in(
    r: &Reader,
    members: &[MemberId],
    currency: Currency,
) -> Result<Vec<MemberFigure>> {
    let rows = store::of_members(r, members, currency).await?;
    Ok(rows
        .into_iter()
        .map(|(member_id, orders, spent, last_order_at)| MemberFigure {
            member_id,
            orders,
            spent,
            last_order_at,
        })
        .collect())
}

/// Pieces of every product in orders placed since an instant; products without any are left out.
///
/// # Errors
/// Only the store's.
pub async fn pieces_by_product_in(r: &Reader, since: Time) -> Result<Vec<(ProductId, i64)>> {
    store::pieces_by_product(r, since).await
}
