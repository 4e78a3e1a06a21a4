//! Bringing in finished orders of another system.

use base::{Error, Result, codes};
use db::Tx;

use crate::model::{Amounts, ImportedOrder, OrderHead, Plan};
use crate::number::OrderNumber;
use crate::store::import::{Rows, import};
use crate::store::order;

/// Brings in orders with everything that happened to them, many at a time: some hundreds a call are best.
/// Orders already here, by id, stay as they are. Answers how many are new.
///
/// # Errors
/// `money.overflow`; the store's, when an order breaks one of its rules.
pub async fn import_orders_in(tx: &Tx, orders: Vec<ImportedOrder>) -> Result<u64> {
    let mut taken = Vec::new();
    let mut rows = Vec::with_capacity(orders.len());
    for imported in orders {
        let number = free_number(tx, &imported, &taken).await?;
        taken.push(number.clone());
        rows.push(to_rows(imported, number)?);
    }
    import(tx, &rows).await
}

/// The order's number: its first, unless another order has it.
async fn free_number(tx: &Tx, imported: &ImportedOrder, taken: &[OrderNumber]) -> Result<OrderNumber> {
    let mut attempt = 0;
    loop {
        let number = OrderNumber::of(imported.id, attempt);
        let holder = order::find_by_number(tx, &number).await?;
        if holder.is_none_or(|id| id == imported.id) && !taken.contains(&number) {
            return Ok(number);
        }
        attempt += 1;
    }
}

fn to_rows(imported: ImportedOrder, number: OrderNumber) -> Result<Rows> {
    let overflow = || Error::new(&codes::AMOUNT_OVERFLOW);
    let (mut goods, mut discount, mut pieces) = (0_i64, 0_i64, 0_i64);
    for line in &imported.lines {
        let gross = line.total.checked_add(line.discount).ok_or_else(overflow)?;
        goods = goods.checked_add(gross).ok_or_else(overflow)?;
        discount = discount.checked_add(line.discount).ok_or_else(overflow)?;
        pieces = pieces.checked_add(line.quantity).ok_or_else(overflow)?;
    }
    let total = (goods - discount)
        .checked_add(imported.shipping)
        .ok_or_else(overflow)?;
    let with_number = |mut fulfilments: Vec<crate::Fulfilment>| {
        for f in &mut fulfilments {
            f.order_number = number.clone();
        }
        fulfilments
    };
    let fulfilments = with_number(imported.fulfilments);
    let mut returns = imported.returns;
    for document in &mut returns {
        document.order_number = number.clone();
    }
    let head = OrderHead {
        id: imported.id,
        number: number.clone(),
        state: imported.state,
        channel: imported.channel,
        currency: imported.currency,
        member_id: imported.member_id,
        contact: imported.contact,
        method: imported.method,
        address: imported.address,
        place_id: imported.place_id,
        place_name: imported.place_name,
        amounts: Amounts {
            goods,
            discount,
            shipping: imported.shipping,
            tax_included: imported.tax_included,
            total,
        },
        refunded: imported.refunded,
        item_count: pieces,
        image: imported.lines.first().and_then(|l| l.snapshot.image.clone()),
        plan: Plan::default(),
        hold_expires_at: None,
        ahead: Vec::new(),
        waits_until: None,
        change: None,
        moments: imported.moments,
        placed_at: imported.placed_at,
        version: 1,
    };
    Ok(Rows {
        head,
        lines: imported.lines,
        fulfilments,
        returns,
    })
}
