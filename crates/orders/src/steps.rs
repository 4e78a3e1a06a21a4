//! Steps of an order that nobody serves whole or that grows, and of goods that wait at the counter; for `flows`,
//! in the caller's transaction, where rights have been asked for.

use base::{Error, FulfilmentId, OrderId, PlaceId, Result, Time};
use db::{Reader, Tx};

use crate::error::BUSY;
use crate::model::{Amounts, Fulfilment, Line, Order, Part};
use crate::store::{fulfilment, order};
use crate::timeline::Moment;

/// Counts pieces as given up.
///
/// # Errors
/// `order.busy` when somebody else gave them up or took them back meanwhile.
pub async fn order_cancel_parts_in(tx: &Tx, order: &mut Order, parts: &[Part]) -> Result<()> {
    for part in parts {
        if !order::add_cancelled(tx, order.head.id, part.order_line_id, part.quantity).await? {
            return Err(Error::new(&BUSY));
        }
        if let Some(line) = order.lines.iter_mut().find(|l| l.id == part.order_line_id) {
            line.quantity_cancelled += part.quantity;
        }
    }
    Ok(())
}

/// Adds lines to an order with what they cost, and writes its head: state, what went back, amounts.
///
/// # Errors
/// `order.busy` when somebody else changed it meanwhile, `money.overflow`.
pub async fn order_extend_in(
    tx: &Tx,
    order: &mut Order,
    lines: &[Line],
    more: &Amounts,
    added: Vec<Moment>,
) -> Result<()> {
    order.head.amounts = order.head.amounts.plus(more)?;
    order.head.item_count += lines.iter().map(|line| line.quantity).sum::<i64>();
    if !order::extend(tx, &order.head, order.lines.len(), lines, &added).await? {
        return Err(Error::new(&BUSY));
    }
    order.head.version += 1;
    order.head.moments.extend(added);
    order.lines.extend_from_slice(lines);
    Ok(())
}

/// Orders that wait for supply, the first placed first.
///
/// # Errors
/// Only the store's.
pub async fn order_waiting_in(r: &Reader, limit: i64) -> Result<Vec<OrderId>> {
    order::waiting(r, limit).await
}

/// Says when the customer is reminded of packed goods; never when `None`.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_remind_in(tx: &Tx, id: FulfilmentId, at: Option<Time>) -> Result<()> {
    fulfilment::remind(tx, id, at).await
}

/// Packed goods whose customer is to be reminded, or whose time at the counter is over.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_pickup_due_in(r: &Reader, limit: i64) -> Result<Vec<FulfilmentId>> {
    fulfilment::pickup_due(r, limit).await
}

/// Whether the customer was not reminded yet, and the time for it has come.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_is_to_be_reminded_in(r: &Reader, id: FulfilmentId) -> Result<bool> {
    fulfilment::is_to_be_reminded(r, id).await
}

/// Packed goods that wait at a place's counter, the longest waiting first.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_at_counter_in(r: &Reader, place: PlaceId, limit: i64) -> Result<Vec<Fulfilment>> {
    fulfilment::at_counter(r, place, limit).await
}
