//! Past orders and what places made of them, for people who learn from them.

use base::{OrderId, PlaceId, Result, Time};
use db::Reader;

use crate::store::history as store;

/// What a place was asked to serve, and what of it it rejected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The place.
    pub place_id: PlaceId,
    /// Fulfilments asked of it; those that were cancelled do not count.
    pub asked: i64,
    /// Those it rejected.
    pub rejected: i64,
}

/// What each place was asked to serve since an instant.
///
/// # Errors
/// Only the store's.
pub async fn places_asked_in(r: &Reader, since: Time) -> Result<Vec<Asked>> {
    store::asked(r, since).await
}

/// How many orders of a period were bought to be delivered.
///
/// # Errors
/// Only the store's.
pub async fn delivery_count_in(r: &Reader, from: Time, to: Time) -> Result<i64> {
    store::delivery_count(r, from, to).await
}

/// Orders of a period that were bought to be delivered, oldest first, after the last one seen.
///
/// # Errors
/// Only the store's.
pub async fn deliveries_in(
    r: &Reader,
    from: Time,
    to: Time,
    after: Option<(Time, OrderId)>,
    limit: i64,
) -> Result<Vec<(Time, OrderId)>> {
    store::deliveries(r, from, to, after, limit).await
}
