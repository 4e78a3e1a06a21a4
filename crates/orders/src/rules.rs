//! Pure decisions: what an order costs, what a returned piece is worth, when a pickup code is looked at.

use std::time::Duration;

use base::{Error, Money, OrderLineId, Result, Time, codes, prorate};

use crate::error::{CODE_LOCKED, NOT_RETURNABLE, OVER_RETURN, WRONG_CODE};
use crate::model::{Amounts, Condition, Line, NewLine, Order, ReturnLine, ReturnReason};

/// What the chain charges for a delivery and holds in tax. Amounts are minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tariff {
    /// Tax within the price, in hundredths of a percent: 1300 is 13 %.
    pub tax_basis_points: i64,
    /// What a delivery costs.
    pub shipping: i64,
    /// From what goods value on a delivery is free.
    pub free_shipping_from: i64,
}

impl Default for Tariff {
    /// China: 13 % VAT within the price, delivery 10 yuan, free from 99 yuan.
    fn default() -> Self {
        Self {
            tax_basis_points: 1300,
            shipping: 1000,
            free_shipping_from: 9900,
        }
    }
}

const WHOLE_IN_BASIS_POINTS: i64 = 10_000;

fn overflow() -> Error {
    Error::new(&codes::AMOUNT_OVERFLOW)
}

/// The tax within a gross amount, rounded half up to the minor unit.
pub fn tax_within(gross: i64, tax_basis_points: i64) -> Result<i64> {
    let divisor = i128::from(WHOLE_IN_BASIS_POINTS + tax_basis_points);
    let doubled = i128::from(gross) * i128::from(tax_basis_points) * 2 + divisor;
    i64::try_from(doubled.div_euclid(divisor * 2)).map_err(|_| overflow())
}

/// Prices lines: every total of a cart or an order is computed here and nowhere else. An order discount is
/// spread over the lines so that the shares add up to it exactly, and never exceeds the goods.
pub fn price(
    new: Vec<NewLine>,
    discount: i64,
    delivered: bool,
    tariff: &Tariff,
) -> Result<(Vec<Line>, Amounts)> {
    let gross = new
        .iter()
        .map(|line| line.quantity.checked_mul(line.unit_price))
        .collect::<Option<Vec<i64>>>()
        .ok_or_else(overflow)?;
    let goods = gross
        .iter()
        .try_fold(0_i64, |sum, part| sum.checked_add(*part))
        .ok_or_else(overflow)?;
    let discount = discount.clamp(0, goods.max(0));
    let shares = prorate(discount, &gross)?;
    let shipping = if delivered && goods - discount < tariff.free_shipping_from {
        tariff.shipping
    } else {
        0
    };
    let total = (goods - discount).checked_add(shipping).ok_or_else(overflow)?;
    let amounts = Amounts {
        goods,
        discount,
        shipping,
        tax_included: tax_within(total, tariff.tax_basis_points)?,
        total,
    };
    let lines = new
        .into_iter()
        .zip(gross.into_iter().zip(shares))
        .map(|(line, (gross, share))| Line {
            id: OrderLineId::new(),
            sku_id: line.sku_id,
            product_id: line.product_id,
            snapshot: line.snapshot,
            quantity: line.quantity,
            quantity_returned: 0,
            quantity_cancelled: 0,
            unit_price: line.unit_price,
            discount: share,
            total: gross - share,
        })
        .collect();
    Ok((lines, amounts))
}

/// What `count` pieces of a line are worth after `before` of them were given back already: the pieces' shares
/// of the line's total add up to it exactly, whatever the steps.
pub fn worth(line: &Line, before: i64, count: i64) -> Result<i64> {
    if before < 0 || count < 0 || before + count > line.quantity {
        return Err(overflow());
    }
    let upto = |pieces: i64| {
        let share = i128::from(line.total) * i128::from(pieces);
        i64::try_from(share.div_euclid(i128::from(line.quantity))).map_err(|_| overflow())
    };
    Ok(upto(before + count)? - upto(before)?)
}

/// A line somebody wants to return.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReturnWish {
    /// The order's line.
    pub order_line_id: OrderLineId,
    /// How many.
    pub quantity: i64,
    /// Why.
    pub reason: ReturnReason,
    /// In what state they are.
    pub condition: Condition,
}

/// What a return pays back. Two wishes for one line are judged as their sum.
pub fn take_return(order: &Order, wishes: &[ReturnWish]) -> Result<(Vec<ReturnLine>, Money)> {
    if !order.head.state.goods_went_out() {
        return Err(Error::new(&NOT_RETURNABLE).with("state", order.head.state.as_str()));
    }
    let mut taken: Vec<(OrderLineId, i64)> = Vec::new();
    let mut lines = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let line = order.line(wish.order_line_id)?;
        let already: i64 = taken
            .iter()
            .filter(|(id, _)| *id == line.id)
            .map(|(_, n)| n)
            .sum();
        let returnable = line.returnable() - already;
        if wish.quantity < 1 || wish.quantity > returnable {
            return Err(Error::new(&OVER_RETURN)
                .with("order_line_id", line.id.to_string())
                .with("returnable", returnable)
                .with("wanted", wish.quantity));
        }
        let before = line.quantity_returned + line.quantity_cancelled + already;
        taken.push((line.id, wish.quantity));
        lines.push(ReturnLine {
            order_line_id: line.id,
            sku_id: line.sku_id,
            name: line.snapshot.name.clone(),
            quantity: wish.quantity,
            reason: wish.reason,
            condition: wish.condition,
            refund: Money::new(worth(line, before, wish.quantity)?, order.head.currency),
        });
    }
    let refund = Money::sum(order.head.currency, lines.iter().map(|l| l.refund))?;
    Ok((lines, refund))
}

/// Wrong pickup codes until the lock.
pub const MAX_CODE_TRIES: i64 = 5;
/// How long the lock holds.
pub const CODE_LOCK: Duration = Duration::from_secs(15 * 60);

/// What a try at a pickup code leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeTry {
    /// Wrong tries counted so far.
    pub tries: i64,
    /// Until when no code is looked at.
    pub locked_until: Option<Time>,
    /// Whether the goods may go out.
    pub accepted: bool,
}

/// Judges a pickup code. A lock that has run out starts the count afresh.
pub fn try_code(tries: i64, locked_until: Option<Time>, now: Time, is_right: bool) -> Result<CodeTry> {
    let tries = match locked_until {
        Some(until) if now < until => {
            return Err(Error::new(&CODE_LOCKED).with("until", until.to_string()));
        }
        Some(_) => 0,
        None => tries,
    };
    if is_right {
        return Ok(CodeTry {
            tries: 0,
            locked_until: None,
            accepted: true,
        });
    }
    let tries = tries + 1;
    let locked_until = (tries >= MAX_CODE_TRIES).then(|| now.after(CODE_LOCK));
    Ok(CodeTry {
        tries,
        locked_until,
        accepted: false,
    })
}

impl CodeTry {
    /// The refusal of a wrong code, once the try has been counted.
    #[must_use]
    pub fn refusal(&self) -> Error {
        match self.locked_until {
            Some(until) => Error::new(&CODE_LOCKED).with("until", until.to_string()),
            None => Error::new(&WRONG_CODE).with("left", MAX_CODE_TRIES - self.tries),
        }
    }
}

#[cfg(test)]
mod tests {
    use base::{ProductId, SkuId};
    use proptest::prelude::*;

    use super::*;
    use crate::model::Snapshot;

    fn line(quantity: i64, unit_price: i64) -> NewLine {
        NewLine {
            sku_id: SkuId::new(),
            product_id: ProductId::new(),
            snapshot: Snapshot::default(),
            quantity,
            unit_price,
        }
    }

    proptest! {
        #[test]
        fn totals_add_up(
            lines in prop::collection::vec((1_i64..100, 0_i64..1_000_000), 1..12),
            discount in 0_i64..5_000_000,
            delivered: bool,
        ) {
            let new = lines.iter().map(|(q, p)| line(*q, *p)).collect();
            let (lines, sum) = price(new, discount, delivered, &Tariff::default()).unwrap();
            prop_assert_eq!(sum.total, sum.goods - sum.discount + sum.shipping);
            prop_assert_eq!(lines.iter().map(|l| l.discount).sum::<i64>(), sum.discount);
            prop_assert_eq!(lines.iter().map(|l| l.total).sum::<i64>() + sum.shipping, sum.total);
            prop_assert!(lines.iter().all(|l| l.total >= 0), "a discount made a line negative");
            prop_assert!(sum.tax_included >= 0 && sum.tax_included <= sum.total);
        }

        #[test]
        fn returned_in_any_steps_a_line_pays_back_exactly_what_it_cost(
            quantity in 1_i64..50, unit in 0_i64..10_000, discount in 0_i64..10_000, steps in prop::collection::vec(1_i64..8, 1..60),
        ) {
            let (lines, _) = price(vec![line(quantity, unit)], discount, false, &Tariff::default()).unwrap();
            let (mut before, mut paid_back) = (0, 0);
            for step in steps {
                let count = step.min(quantity - before);
                let part = worth(&lines[0], before, count).unwrap();
                prop_assert!(part >= 0);
                paid_back += part;
                before += count;
            }
            paid_back += worth(&lines[0], before, quantity - before).unwrap();
            prop_assert_eq!(paid_back, lines[0].total);
        }

        #[test]
        fn a_lock_comes_after_five_wrong_tries_and_goes_after_fifteen_minutes(tries in prop::collection::vec(any::<bool>(), 1..20)) {
            let now = Time::from_seconds(1_000_000);
            let (mut count, mut locked) = (0, None);
            for right in tries {
                match try_code(count, locked, now, right) {
                    Ok(result) => {
                        prop_assert!(locked.is_none());
                        prop_assert_eq!(result.accepted, right);
                        prop_assert_eq!(result.locked_until.is_some(), result.tries == MAX_CODE_TRIES);
                        (count, locked) = (result.tries, result.locked_until);
                    }
                    Err(error) => prop_assert!(error.is(&CODE_LOCKED) && locked.is_some()),
                }
            }
            if let Some(until) = locked {
                prop_assert!(try_code(count, locked, until, true).unwrap().accepted);
            }
        }
    }

    #[test]
    fn tax_is_within_the_price() {
        assert_eq!(tax_within(11_300, 1300).unwrap(), 1_300);
        assert_eq!(tax_within(100, 1300).unwrap(), 12);
        assert_eq!(tax_within(0, 1300).unwrap(), 0);
    }

    #[test]
    fn delivery_is_free_from_the_threshold_on() {
        let tariff = Tariff::default();
        let shipping = |unit, delivered| {
            price(vec![line(1, unit)], 0, delivered, &tariff)
                .unwrap()
                .1
                .shipping
        };
        assert_eq!(
            (shipping(9_899, true), shipping(9_900, true), shipping(100, false)),
            (1000, 0, 0)
        );
    }

    #[test]
    fn an_amount_beyond_the_range_is_refused() {
        assert!(price(vec![line(9999, i64::MAX / 2)], 0, false, &Tariff::default()).is_err());
    }
}
