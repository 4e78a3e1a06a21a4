//! The face of carts, for `flows`: in the caller's transaction, where rights have been asked for.

use base::{CartId, Error, MemberId, OrderId, Result};
use db::{Reader, Tx};

use crate::error::{BUSY, CART_ORDERED};
use crate::model::Cart;
use crate::store::cart;

/// A cart.
///
/// # Errors
/// `not_found`.
pub async fn cart_get_in(r: &Reader, id: CartId) -> Result<Cart> {
    cart::find(r, id)
        .await?
        .ok_or_else(|| Error::not_found("cart", id))
}

/// Keeps a new cart.
///
/// # Errors
/// Only the store's.
pub async fn cart_create_in(tx: &Tx, new: &Cart) -> Result<()> {
    cart::insert(tx, new).await
}

/// Keeps a changed cart.
///
/// # Errors
/// `cart.already_ordered`, `order.busy` when somebody else changed it meanwhile.
pub async fn cart_change_in(tx: &Tx, changed: Cart) -> Result<Cart> {
    if cart::update(tx, &changed).await? {
        return Ok(Cart {
            version: changed.version + 1,
            updated_at: tx.now(),
            ..changed
        });
    }
    Err(match cart_get_in(tx, changed.id).await?.order_id {
        Some(order) => Error::new(&CART_ORDERED).with("order_id", order.to_string()),
        None => Error::new(&BUSY),
    })
}

/// Makes a cart, as it was read, an order's. A cart becomes one order, once.
///
/// # Errors
/// `not_found`, `cart.already_ordered`, `order.busy` when it was changed since it was read.
pub async fn cart_claim_in(tx: &Tx, read: &Cart, order: OrderId, member: Option<MemberId>) -> Result<()> {
    if cart::claim(tx, read.id, read.version, order, member).await? {
        return Ok(());
    }
    Err(match cart_get_in(tx, read.id).await?.order_id {
        Some(order) => Error::new(&CART_ORDERED).with("order_id", order.to_string()),
        None => Error::new(&BUSY),
    })
}
