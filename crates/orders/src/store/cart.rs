//! `orders_cart`.

use base::{CartId, MemberId, OrderId, Result};
use db::{Reader, Row, Tx, params};

use super::{json_opt, opt_json};
use crate::model::{Cart, Channel};

const COLUMNS: &str = "id, channel, currency, member_id, lines_json, choice_json, contact_json, order_id, \
                       version, updated_at, promotion_code";

fn cart(row: &Row) -> Result<Cart> {
    Ok(Cart {
        id: row.get(0)?,
        channel: Channel::parse(row.text(1)?)?,
        currency: row.get(2)?,
        member_id: row.get(3)?,
        lines: row.json(4)?,
        choice: json_opt(row, 5)?,
        contact: json_opt(row, 6)?,
        order_id: row.get(7)?,
        version: row.get(8)?,
        updated_at: row.get(9)?,
        promotion_code: row.get(10)?,
    })
}

pub(crate) async fn find(r: &Reader, id: CartId) -> Result<Option<Cart>> {
    let sql = format!("SELECT {COLUMNS} FROM orders_cart WHERE id = $1");
    r.query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(cart)
        .transpose()
}

pub(crate) async fn insert(tx: &Tx, cart: &Cart) -> Result<()> {
    tx.execute(
        "INSERT INTO orders_cart (id, channel, currency, member_id, lines_json, choice_json, contact_json, \
         order_id, version, created_at, updated_at, promotion_code) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $9, $10)",
        params![
            cart.id,
            cart.channel.as_str(),
            cart.currency,
            cart.member_id,
            db::json(&cart.lines)?,
            opt_json(cart.choice.as_ref())?,
            opt_json(cart.contact.as_ref())?,
            cart.version,
            cart.updated_at,
            cart.promotion_code
        ],
    )
    .await?;
    Ok(())
}

/// Writes a changed cart over the version it was read at; false when somebody was faster or it is ordered.
pub(crate) async fn update(tx: &Tx, cart: &Cart) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE orders_cart SET member_id = $3, lines_json = $4, choice_json = $5, contact_json = $6, \
             promotion_code = $8, version = version + 1, updated_at = $7 WHERE id = $1 AND version = $2 AND order_id IS NULL",
            params![
                cart.id,
                cart.version,
                cart.member_id,
                db::json(&cart.lines)?,
                opt_json(cart.choice.as_ref())?,
                opt_json(cart.contact.as_ref())?,
                tx.now(),
                cart.promotion_code
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Makes the cart, as it was read, an order's; false when it is an order's already, changed or not there.
pub(crate) async fn claim(
    tx: &Tx,
    id: CartId,
    version: i64,
    order: OrderId,
    member: Option<MemberId>,
) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE orders_cart SET order_id = $3, member_id = COALESCE(member_id, $4), \
             version = version + 1, updated_at = $5 WHERE id = $1 AND version = $2 AND order_id IS NULL",
            params![id, version, order, member, tx.now()],
        )
        .await?;
    Ok(changed == 1)
}
