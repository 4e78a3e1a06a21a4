//! Pure decisions: in which order tenders give back, and when a PIN is looked at.

use std::time::Duration;

use base::{Error, Result, Time};

use crate::error::GIFT_CARD_LOCKED;
use crate::model::ProviderName;
use crate::settings::RefundOrder;

/// Wrong PINs until the lock.
pub(crate) const MAX_TRIES: i64 = 5;
/// How long the lock holds.
pub(crate) const LOCK: Duration = Duration::from_secs(15 * 60);

/// What a try leaves: wrong ones so far, until when none is looked at, whether it was right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Try {
    pub(crate) tries: i64,
    pub(crate) locked_until: Option<Time>,
    pub(crate) accepted: bool,
}

/// Judges a PIN. A lock that has run out starts the count afresh.
pub(crate) fn try_pin(tries: i64, locked_until: Option<Time>, now: Time, is_right: bool) -> Result<Try> {
    let tries = match locked_until {
        Some(until) if now < until => {
            return Err(Error::new(&GIFT_CARD_LOCKED).with("until", until.to_string()));
        }
        Some(_) => 0,
        None => tries,
    };
    if is_right {
        return Ok(Try {
            tries: 0,
            locked_until: None,
            accepted: true,
        });
    }
    let tries = tries + 1;
    Ok(Try {
        tries,
        locked_until: (tries >= MAX_TRIES).then(|| now.after(LOCK)),
        accepted: false,
    })
}

/// In which order tenders give back what they paid: by when they paid, or gift cards first or last.
pub(crate) fn refund_rank(order: RefundOrder, provider: ProviderName) -> u8 {
    let is_gift = provider == ProviderName::GiftCard;
    match order {
        RefundOrder::FirstPaidFirst => 0,
        RefundOrder::GiftCardsFirst => u8::from(!is_gift),
        RefundOrder::GiftCardsLast => u8::from(is_gift),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::GIFT_CARD_LOCKED;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_lock_comes_after_five_wrong_tries_and_goes_by_itself(tries in prop::collection::vec(any::<bool>(), 1..20)) {
            let now = Time::from_seconds(1_000_000);
            let (mut count, mut locked) = (0, None);
            for right in tries {
                match try_pin(count, locked, now, right) {
                    Ok(result) => {
                        prop_assert!(locked.is_none());
                        prop_assert_eq!(result.accepted, right);
                        prop_assert_eq!(result.locked_until.is_some(), result.tries == MAX_TRIES);
                        (count, locked) = (result.tries, result.locked_until);
                    }
                    Err(error) => prop_assert!(error.is(&GIFT_CARD_LOCKED) && locked.is_some()),
                }
            }
            if let Some(until) = locked {
                prop_assert!(try_pin(count, locked, until, true).unwrap().accepted);
            }
        }
    }

    #[test]
    fn tenders_give_back_in_the_stated_order() {
        let paid = [ProviderName::Sandbox, ProviderName::GiftCard, ProviderName::Cash];
        for (order, expected) in [
            (RefundOrder::FirstPaidFirst, [0, 1, 2]),
            (RefundOrder::GiftCardsFirst, [1, 0, 2]),
            (RefundOrder::GiftCardsLast, [0, 2, 1]),
        ] {
            let mut sorted = [0, 1, 2];
            sorted.sort_by_key(|at: &usize| refund_rank(order, paid[*at]));
            assert_eq!(sorted, expected, "{order:?}");
        }
    }
}
