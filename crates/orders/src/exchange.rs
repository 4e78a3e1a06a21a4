//! Goods that went out instead of goods that came back.

use base::{Error, Money, OrderLineId, Result, SkuId, Text, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Amounts, Line};

/// What went out instead of what came back, kept with the return.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Exchange {
    /// What went out: lines that the order got by it.
    pub taken: Vec<ExchangeLine>,
    /// What came back had cost.
    pub returned_total: Money,
    /// What went out costs.
    pub taken_total: Money,
    /// What the customer paid on top.
    pub paid: Money,
}

/// A line of what went out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExchangeLine {
    /// The order's line.
    pub order_line_id: OrderLineId,
    /// Its SKU.
    pub sku_id: SkuId,
    /// What it is called.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// How many.
    pub quantity: i64,
    /// What it costs, promotions taken off.
    pub total: Money,
}

impl ExchangeLine {
    /// A line that went out.
    #[must_use]
    pub fn new(line: &Line, currency: base::Currency) -> Self {
        Self {
            order_line_id: line.id,
            sku_id: line.sku_id,
            name: line.snapshot.name.clone(),
            option: line.snapshot.option.clone(),
            quantity: line.quantity,
            total: Money::new(line.total, currency),
        }
    }
}

/// Who pays whom for the difference, in minor units; one of the two is nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExchangeMoney {
    /// From the customer.
    pub paid: i64,
    /// To the customer.
    pub refund: i64,
}

/// Settles what came back against what went out.
///
/// # Errors
/// `money.overflow`.
pub fn exchange_money(returned: i64, taken: i64) -> Result<ExchangeMoney> {
    let difference = taken.checked_sub(returned).ok_or_else(overflow)?;
    Ok(ExchangeMoney {
        paid: difference.max(0),
        refund: difference.min(0).checked_neg().ok_or_else(overflow)?,
    })
}

impl Amounts {
    /// With the amounts of more lines.
    pub(crate) fn plus(&self, more: &Self) -> Result<Self> {
        let sum = |a: i64, b: i64| a.checked_add(b).ok_or_else(overflow);
        Ok(Self {
            goods: sum(self.goods, more.goods)?,
            discount: sum(self.discount, more.discount)?,
            shipping: sum(self.shipping, more.shipping)?,
            tax_included: sum(self.tax_included, more.tax_included)?,
            total: sum(self.total, more.total)?,
        })
    }
}

fn overflow() -> Error {
    Error::new(&codes::AMOUNT_OVERFLOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_side_pays_exactly_the_difference(returned in 0_i64..1_000_000, taken in 0_i64..1_000_000) {
            let money = exchange_money(returned, taken).unwrap();
            prop_assert_eq!(money.paid - money.refund, taken - returned);
            prop_assert!(money.paid >= 0 && money.refund >= 0 && (money.paid == 0 || money.refund == 0));
        }

        /// What a customer has paid and kept is what the goods with them cost, after any exchanges.
        #[test]
        fn what_is_kept_is_what_was_paid(start in 1_i64..100_000, steps in prop::collection::vec((0_i64..=100, 0_i64..100_000), 0..12)) {
            let (mut total, mut given_back, mut captured, mut refunded) = (start, 0, start, 0);
            for (share, taken) in steps {
                let returned = (total - given_back) * share / 100;
                let money = exchange_money(returned, taken).unwrap();
                total += taken;
                given_back += returned;
                captured += money.paid;
                refunded += money.refund;
                prop_assert_eq!(total - given_back, captured - refunded);
                prop_assert!(refunded <= captured);
            }
        }
    }

    #[test]
    fn eighty_comes_back_and_a_hundred_is_taken() {
        let money = |paid, refund| ExchangeMoney { paid, refund };
        assert_eq!(exchange_money(8_000, 10_000).unwrap(), money(2_000, 0));
        assert_eq!(exchange_money(10_000, 8_000).unwrap(), money(0, 2_000));
        assert_eq!(exchange_money(8_000, 8_000).unwrap(), money(0, 0));
        assert!(exchange_money(-1, i64::MAX).is_err());
    }
}
