//! Past orders.

use base::{OrderId, Result, Time};
use db::{Reader, params};

use crate::history::Asked;

pub(crate) async fn asked(r: &Reader, since: Time) -> Result<Vec<Asked>> {
    let sql = "SELECT place_id, COUNT(*), COUNT(*) FILTER (WHERE state = 'rejected') FROM orders_fulfilment \
        WHERE created_at >= $1 AND state <> 'cancelled' GROUP BY place_id ORDER BY place_id";
    let rows = r.query(sql, params![since]).await?;
    rows.iter()
        .map(|row| {
            Ok(Asked {
                place_id: row.get(0)?,
                asked: row.get(1)?,
                rejected: row.get(2)?,
            })
        })
        .collect()
}

/// Orders that were bought, whatever became of them afterwards.
const BOUGHT: &str = "method = 'delivery' AND state NOT IN ('pending_payment', 'expired')";

pub(crate) async fn delivery_count(r: &Reader, from: Time, to: Time) -> Result<i64> {
    let sql =
        format!("SELECT COUNT(*) FROM orders_order WHERE placed_at >= $1 AND placed_at < $2 AND {BOUGHT}");
    r.query_one(&sql, params![from, to]).await?.get(0)
}

pub(crate) async fn deliveries(
    r: &Reader,
    from: Time,
    to: Time,
    after: Option<(Time, OrderId)>,
    limit: i64,
) -> Result<Vec<(Time, OrderId)>> {
    // The key before all of the period, where nothing was seen yet.
    let (at, id) = after.map_or((from, String::new()), |(at, id)| (at, id.to_string()));
    let sql = format!(
        "SELECT placed_at, id FROM orders_order WHERE (placed_at, id) > ($1, $2) AND placed_at < $3 AND {BOUGHT} \
         ORDER BY placed_at, id LIMIT $4"
    );
    let rows = r.query(&sql, params![at, id, to, limit]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
