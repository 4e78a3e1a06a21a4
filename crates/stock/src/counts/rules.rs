//! Decisions about counts: no clock, no I/O.

use std::collections::BTreeMap;

use base::{CountId, Currency, Error, Money, Result, SkuId, Time};

use super::model::{CountPolicy, Line};
use crate::error::{COUNT_FOUR_EYES, COUNT_REASON_NEEDED};

/// What the book said of one balance at the instant somebody looked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Book {
    pub(crate) on_hand: i64,
    /// Recorded after the look, but it had happened before.
    pub(crate) late: i64,
    /// Kept apart, so not on the shelf.
    pub(crate) quarantined: i64,
    /// Picked and waiting, so not on the shelf.
    pub(crate) picked: i64,
    /// Being picked: on the shelf or in somebody's hands, nobody knows.
    pub(crate) picking: i64,
}

impl Book {
    /// What should lie on the shelf when nobody has begun to pick.
    pub(crate) const fn shelf(&self) -> i64 {
        self.on_hand + self.late - self.quarantined - self.picked
    }
}

/// By how much the book is wrong. What may be in a picker's hands is not missing; only what not even that
/// explains is.
pub(crate) const fn variance(book: &Book, counted: i64) -> i64 {
    let most = book.shelf();
    // Nobody holds more in their hands than there was.
    let in_hand = if most < 0 {
        0
    } else if book.picking < most {
        book.picking
    } else {
        most
    };
    if counted > most {
        counted - most
    } else if counted < most - in_hand {
        counted - (most - in_hand)
    } else {
        0
    }
}

/// Whether somebody has to agree before the book is changed.
pub(crate) fn needs_approval(policy: CountPolicy, differences: &[(i64, Money)]) -> Result<bool> {
    if differences
        .iter()
        .any(|(variance, _)| variance.abs() > policy.approve_above_pieces)
    {
        return Ok(true);
    }
    let mut worth: BTreeMap<Currency, Money> = BTreeMap::new();
    for (variance, price) in differences {
        let sum = worth
            .entry(price.currency)
            .or_insert_with(|| Money::zero(price.currency));
        *sum = sum.plus(price.times(variance.abs())?)?;
    }
    Ok(worth
        .values()
        .any(|sum| sum.amount_minor > policy.approve_above_value_minor))
}

/// Whether `approver` may agree to these lines: lines beyond the limit say why, and nobody approves what they
/// counted themselves.
pub(crate) fn approvable(policy: CountPolicy, lines: &[Line], approver: &str) -> Result<()> {
    for line in lines.iter().filter(|line| line.variance() != 0) {
        let counted_by = line.take.as_ref().map(|take| take.by.as_str());
        if policy.four_eyes && counted_by == Some(approver) {
            return Err(Error::new(&COUNT_FOUR_EYES).with("sku_id", line.sku_id.to_string()));
        }
        if line.reason.is_none() && line.variance().abs() > policy.approve_above_pieces {
            return Err(reason_needed(line.sku_id));
        }
    }
    Ok(())
}

fn reason_needed(sku: SkuId) -> Error {
    Error::new(&COUNT_REASON_NEEDED).with("sku_id", sku.to_string())
}

/// A look at a balance that something which is only now recorded had preceded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Look {
    pub(crate) count_id: CountId,
    pub(crate) sku_id: SkuId,
    pub(crate) at: Time,
    pub(crate) posted: bool,
}

/// What becomes of something that is recorded now and happened before these looks, which are in the order they
/// were taken. Looks not yet posted learn of it. The first posted one had it in its figure already, so that
/// the book must not change by it a second time; later looks are right as they are.
pub(crate) fn seen_by(looks: &[Look]) -> (&[Look], Option<Look>) {
    let posted = looks.iter().position(|look| look.posted);
    let open = &looks[..posted.unwrap_or(looks.len())];
    (open, posted.map(|at| looks[at]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::model::Take;
    use super::*;

    fn book(on_hand: i64, picked: i64, picking: i64) -> Book {
        Book {
            on_hand,
            picked,
            picking,
            ..Book::default()
        }
    }

    #[test]
    fn what_the_shelf_must_hold() {
        for (book, counted, wanted) in [
            (book(10, 0, 0), 10, 0),
            (book(10, 0, 0), 9, -1),
            (book(10, 0, 0), 11, 1),
            // Picked goods wait elsewhere.
            (book(10, 1, 0), 9, 0),
            (book(10, 1, 0), 10, 1),
            (book(10, 1, 0), 8, -1),
            // One pick in progress: on the shelf or in a hand, both are right.
            (book(10, 0, 1), 9, 0),
            (book(10, 0, 1), 10, 0),
            (book(10, 0, 1), 8, -1),
            (book(10, 0, 1), 11, 1),
            // Nobody carries more than there is.
            (book(2, 0, 5), 0, 0),
            (book(2, 3, 5), 0, 1),
        ] {
            assert_eq!(variance(&book, counted), wanted, "{book:?} counted {counted}");
        }
    }

    proptest! {
        /// Posting the difference makes the shelf what was found, as near as picks in progress allow.
        #[test]
        fn a_posted_difference_explains_the_shelf(
            on_hand in 0_i64..50, late in -5_i64..5, quarantined in 0_i64..5, picked in 0_i64..5,
            picking in 0_i64..5, counted in 0_i64..60,
        ) {
            let before = Book { on_hand, late, quarantined, picked, picking };
            let difference = variance(&before, counted);
            let after = Book { on_hand: on_hand + difference, ..before };
            prop_assert_eq!(variance(&after, counted), 0, "{:?}", after);
            // No smaller correction would do.
            if difference != 0 {
                let less = Book { on_hand: on_hand + difference - difference.signum(), ..before };
                prop_assert_ne!(variance(&less, counted), 0);
            }
        }
    }

    #[test]
    fn limits_count_pieces_of_a_line_and_worth_of_the_sheet() {
        let policy = CountPolicy::default();
        let yuan = |amount: i64| Money::new(amount * 100, Currency::CNY);
        let needs = |lines: &[(i64, Money)]| needs_approval(policy, lines).unwrap();
        assert!(!needs(&[]));
        assert!(!needs(&[(-5, yuan(10)), (5, yuan(10))]));
        assert!(needs(&[(6, yuan(1))]));
        assert!(needs(&[(-6, yuan(0))]));
        assert!(!needs(&[(-1, yuan(250)), (1, yuan(250))]));
        assert!(needs(&[(-1, yuan(250)), (1, yuan(251))]));
    }

    #[test]
    fn nobody_approves_their_own_figures_and_large_ones_say_why() {
        let line = |counted, reason| Line {
            sku_id: SkuId::new(),
            round: 1,
            take: Some(Take {
                counted,
                book: book(20, 0, 0),
                price: Money::new(100, Currency::CNY),
                by: "anna".into(),
                at: Time::from_seconds(0),
            }),
            again: false,
            reason,
        };
        let policy = CountPolicy::default();
        let refusal = |lines: &[Line], who| approvable(policy, lines, who).unwrap_err();
        assert!(refusal(&[line(19, None)], "anna").is(&COUNT_FOUR_EYES));
        assert!(approvable(policy, &[line(20, None)], "anna").is_ok());
        assert!(approvable(policy, &[line(19, None)], "ben").is_ok());
        assert!(refusal(&[line(10, None)], "ben").is(&COUNT_REASON_NEEDED));
        let reason = Some(super::super::model::CountReason::Lost);
        assert!(approvable(policy, &[line(10, reason)], "ben").is_ok());
        let two_eyes = CountPolicy {
            four_eyes: false,
            ..policy
        };
        assert!(approvable(two_eyes, &[line(19, None)], "anna").is_ok());
    }

    #[test]
    fn a_posted_look_has_seen_what_came_before_it() {
        let look = |at, posted| Look {
            count_id: CountId::new(),
            sku_id: SkuId::new(),
            at: Time::from_seconds(at),
            posted,
        };
        let (a, b, c) = (look(1, false), look(2, true), look(3, false));
        assert_eq!(seen_by(&[a, b, c]), (&[a][..], Some(b)));
        assert_eq!(seen_by(&[a, c]), (&[a, c][..], None));
        assert_eq!(seen_by(&[]), (&[][..], None));
    }
}
