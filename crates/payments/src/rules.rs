//! Pure decisions about a payment: what a fact makes of it, and what may be given back.

use base::{Error, Result};

use crate::error::{OVER_CAPTURE, OVER_REFUND};
use crate::model::{Balance, Fact, PaymentState};

/// The payment after a fact. Facts commute: captures are totals and the greatest wins, refunds add up (each
/// arrives here once), and a refund that overtakes its capture implies it.
pub(crate) fn apply(before: Balance, fact: Fact) -> Result<Balance> {
    let mut after = before;
    match fact {
        Fact::Authorised => after.state = before.state.max(PaymentState::Authorised),
        Fact::Declined => after.state = before.state.max(PaymentState::Declined),
        Fact::Voided => after.state = before.state.max(PaymentState::Voided),
        Fact::Captured { total } => after.captured = before.captured.max(total),
        Fact::Refunded { amount, requested } => {
            if requested {
                after.refunding -= amount;
            }
            after.refunded = before
                .refunded
                .checked_add(amount)
                .ok_or_else(|| Error::new(&base::codes::AMOUNT_OVERFLOW))?;
            after.captured = after.captured.max(after.refunded + after.refunding);
        }
    }
    if after.captured > after.amount || after.refunding < 0 {
        return Err(Error::new(&OVER_CAPTURE)
            .with("amount", after.amount)
            .with("captured", after.captured));
    }
    after.state = match (after.captured, after.refunded) {
        (0, _) => after.state,
        (_, 0) => PaymentState::Captured,
        (captured, refunded) if captured == refunded => PaymentState::Refunded,
        _ => PaymentState::PartlyRefunded,
    };
    Ok(after)
}

/// The payment with `amount` on its way back.
pub(crate) fn request_refund(before: Balance, amount: i64) -> Result<Balance> {
    if amount <= 0 || amount > before.refundable() {
        return Err(Error::new(&OVER_REFUND)
            .with("refundable", before.refundable())
            .with("wanted", amount));
    }
    Ok(Balance {
        refunding: before.refunding + amount,
        ..before
    })
}

/// How an amount is given back to the tenders it came from: the first of them gives first.
pub(crate) fn split_refund(refundable: &[i64], amount: i64) -> Result<Vec<i64>> {
    let mut left = amount;
    let parts = refundable
        .iter()
        .map(|&available| {
            let part = left.min(available.max(0));
            left -= part;
            part
        })
        .collect();
    if left == 0 {
        return Ok(parts);
    }
    Err(Error::new(&OVER_REFUND)
        .with("refundable", amount - left)
        .with("wanted", amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fact() -> impl Strategy<Value = Fact> {
        prop_oneof![
            Just(Fact::Authorised),
            Just(Fact::Declined),
            Just(Fact::Voided),
            (1_i64..=100).prop_map(|total| Fact::Captured { total }),
            (1_i64..=20).prop_map(|amount| Fact::Refunded {
                amount,
                requested: false
            }),
        ]
    }

    fn fold(facts: &[Fact]) -> Balance {
        facts
            .iter()
            .fold(Balance::open(100), |b, f| apply(b, *f).unwrap())
    }

    proptest! {
        #[test]
        fn facts_commute(facts in prop::collection::vec(fact(), 0..5), seed: u64) {
            let mut shuffled = facts.clone();
            let count = shuffled.len();
            for at in 0..count {
                let other = (seed as usize).wrapping_mul(31).wrapping_add(at * 7) % count;
                shuffled.swap(at, other);
            }
            prop_assert_eq!(fold(&facts), fold(&shuffled));
        }

        #[test]
        fn never_more_back_than_captured(
            facts in prop::collection::vec(fact(), 0..5),
            asks in prop::collection::vec(1_i64..80, 0..6),
        ) {
            let mut balance = fold(&facts);
            for ask in asks {
                if let Ok(next) = request_refund(balance, ask) {
                    balance = next;
                }
                prop_assert!(balance.refunded + balance.refunding <= balance.captured);
                prop_assert!(balance.captured <= balance.amount);
            }
        }

        #[test]
        fn a_split_gives_exactly_the_amount(available in prop::collection::vec(0_i64..50, 0..5), share in 0_i64..=100) {
            let amount = available.iter().sum::<i64>() * share / 100;
            let parts = split_refund(&available, amount).unwrap();
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            prop_assert!(parts.iter().zip(&available).all(|(part, most)| part <= most));
        }
    }

    #[test]
    fn a_refund_before_its_capture_ends_the_same() {
        let refund = Fact::Refunded {
            amount: 40,
            requested: false,
        };
        let end = fold(&[refund, Fact::Captured { total: 100 }]);
        assert_eq!(end, fold(&[Fact::Captured { total: 100 }, refund]));
        assert_eq!(end.state, PaymentState::PartlyRefunded);
    }

    #[test]
    fn money_that_moved_wins_over_a_void() {
        assert_eq!(
            fold(&[Fact::Voided, Fact::Captured { total: 100 }]).state,
            PaymentState::Captured
        );
    }

    #[test]
    fn more_than_asked_for_is_refused() {
        let error = apply(Balance::open(100), Fact::Captured { total: 101 }).unwrap_err();
        assert!(error.is(&OVER_CAPTURE));
    }
}
