//! Another price for an order that waits for its money.

use base::{Error, Result};
use db::Tx;

use crate::error::BUSY;
use crate::model::{Amounts, Line, Order};
use crate::store::order;
use crate::timeline::Moment;

/// Gives an order that waits for its money another price. `priced` names each of its SKUs once; what the products
/// are called stays as it was bought.
///
/// # Errors
/// `order.busy` when somebody else changed it meanwhile, or it is paid.
pub async fn order_reprice_in(
    tx: &Tx,
    order: &mut Order,
    priced: &[Line],
    amounts: Amounts,
    moment: Moment,
) -> Result<()> {
    for line in &mut order.lines {
        if let Some(now) = priced.iter().find(|now| now.sku_id == line.sku_id) {
            (line.unit_price, line.discount, line.total) = (now.unit_price, now.discount, now.total);
            line.snapshot.price.clone_from(&now.snapshot.price);
        }
    }
    order.head.amounts = amounts;
    let added = vec![moment];
    if !order::reprice(tx, &order.head, &order.lines, &added).await? {
        return Err(Error::new(&BUSY));
    }
    order.head.version += 1;
    order.head.moments.extend(added);
    Ok(())
}
