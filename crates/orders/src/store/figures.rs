//! Sums over orders.

use base::{Currency, Money, PlaceId, ProductId, Result, Time};
use db::{Reader, Value, params};

use crate::figures::{ChannelFigure, DayFigure, Sold};
use crate::model::Channel;
use crate::state::OrderState;

/// States in which an order counts as a sale.
const SOLD: &str = "('paid', 'allocated', 'ready', 'shipped', 'collected', 'delivered', 'closed', \
                    'needs_decision', 'returned', 'partly_returned')";

pub(crate) async fn by_state(r: &Reader) -> Result<Vec<(OrderState, i64)>> {
    r.query(
        "SELECT state, COUNT(*) FROM orders_order GROUP BY state",
        params![],
    )
    .await?
    .iter()
    .map(|row| Ok((OrderState::parse(row.text(0)?)?, row.get(1)?)))
    .collect()
}

pub(crate) async fn by_channel(
    r: &Reader,
    currency: Currency,
    from: Time,
    to: Time,
) -> Result<Vec<ChannelFigure>> {
    let sql = format!(
        "SELECT channel, COUNT(*), CAST(SUM(total_minor - refunded_minor) AS BIGINT) FROM orders_order \
         WHERE placed_at >= $1 AND placed_at < $2 AND currency = $3 AND state IN {SOLD} GROUP BY channel \
         ORDER BY channel"
    );
    r.query(&sql, params![from, to, currency])
        .await?
        .iter()
        .map(|row| {
            Ok(ChannelFigure {
                channel: Channel::parse(row.text(0)?)?,
                orders: row.get(1)?,
                revenue: Money::new(row.get(2)?, currency),
            })
        })
        .collect()
}

const DAY_MICROS: i64 = 86_400_000_000;

/// Sums by days of 24 hours counted from `from`.
pub(crate) async fn by_day(r: &Reader, currency: Currency, from: Time, to: Time) -> Result<Vec<DayFigure>> {
    let sql = format!(
        "SELECT (placed_at - $1) / $4, COUNT(*), CAST(SUM(total_minor - refunded_minor) AS BIGINT) \
         FROM orders_order WHERE placed_at >= $1 AND placed_at < $2 AND currency = $3 AND state IN {SOLD} \
         GROUP BY (placed_at - $1) / $4 ORDER BY 1"
    );
    r.query(&sql, params![from, to, currency, DAY_MICROS])
        .await?
        .iter()
        .map(|row| {
            Ok(DayFigure {
                day: row.get(0)?,
                orders: row.get(1)?,
                revenue: Money::new(row.get(2)?, currency),
            })
        })
        .collect()
}

/// Orders of the store channel by place and days of 24 hours counted from `from`.
pub(crate) async fn in_stores(r: &Reader, from: Time, to: Time) -> Result<Vec<(PlaceId, i64, i64)>> {
    let sql = format!(
        "SELECT place_id, (placed_at - $1) / $3, COUNT(*) FROM orders_order WHERE placed_at >= $1 \
         AND placed_at < $2 AND channel = $4 AND place_id IS NOT NULL AND state IN {SOLD} \
         GROUP BY place_id, (placed_at - $1) / $3 ORDER BY 1, 2"
    );
    r.query(&sql, params![from, to, DAY_MICROS, Channel::Store.as_str()])
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .collect()
}

/// What was sold and came back of a product or at a place in a period.
pub(crate) async fn sold(
    r: &Reader,
    product: Option<ProductId>,
    place: Option<PlaceId>,
    from: Time,
    to: Time,
) -> Result<Sold> {
    let mut values: Vec<Value> = vec![from.into(), to.into()];
    let mut and = String::new();
    if let Some(place) = place {
        values.push(place.into());
        and += &format!(" AND o.place_id = ${}", values.len());
    }
    if let Some(product) = product {
        values.push(product.into());
        and += &format!(" AND l.product_id = ${}", values.len());
    }
    let sql = format!(
        "SELECT COUNT(DISTINCT o.id), \
             CAST(COALESCE(SUM(l.quantity - l.quantity_cancelled), 0) AS BIGINT), \
             CAST(COALESCE(SUM(l.quantity_returned), 0) AS BIGINT) \
         FROM orders_order o JOIN orders_line l ON l.order_id = o.id \
         WHERE o.placed_at >= $1 AND o.placed_at < $2 AND o.state IN {SOLD}{and}"
    );
    let row = r.query_one(&sql, &values).await?;
    Ok(Sold {
        orders: row.get(0)?,
        pieces: row.get(1)?,
        pieces_returned: row.get(2)?,
    })
}

/// For each member: how many orders, what they kept of them, when the last was.
pub(crate) async fn of_members(
    r: &Reader,
    members: &[base::MemberId],
    currency: Currency,
) -> Result<Vec<(base::MemberId, i64, Money, Option<Time>)>> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT member_id, COUNT(*), CAST(COALESCE(SUM(total_minor - refunded_minor) \
             FILTER (WHERE currency = $1), 0) AS BIGINT), MAX(placed_at) \
         FROM orders_order WHERE member_id IN ({}) AND state IN {SOLD} GROUP BY member_id",
        super::placeholders(2, members.len())
    );
    let mut values: Vec<Value> = vec![currency.into()];
    values.extend(members.iter().map(|m| Value::from(*m)));
    r.query(&sql, &values)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                Money::new(row.get(2)?, currency),
                row.get(3)?,
            ))
        })
        .collect()
}

/// Pieces of every product in orders placed since an instant.
pub(crate) async fn pieces_by_product(r: &Reader, since: Time) -> Result<Vec<(ProductId, i64)>> {
    let sql = format!(
        "SELECT l.product_id, CAST(SUM(l.quantity - l.quantity_cancelled) AS BIGINT) \
         FROM orders_order o JOIN orders_line l ON l.order_id = o.id \
         WHERE o.placed_at >= $1 AND o.state IN {SOLD} GROUP BY l.product_id ORDER BY l.product_id"
    );
    let rows = r.query(&sql, params![since]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
