//! Pure decisions about what a provider outside says: whether it fits what was asked, and what is done next.

use std::time::Duration;

use base::Time;

use crate::model::{Fact, Payment, PaymentState, ProviderEvent, Refund, RefundId};
use crate::outside::{RefundSaid, Session, SessionState, Told, What};

/// What a provider's word comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Judged {
    /// Something happened to the payment.
    Event(ProviderEvent),
    /// A refund we had asked for stands so.
    Refund(RefundId, RefundSaid),
    /// Nothing that changes anything.
    Nothing,
    /// It does not fit what was asked for: somebody must look.
    Differs,
}

/// What a word of its provider comes to for a payment. `refund` is the one the word names, when it is ours.
pub(crate) fn judge(payment: &Payment, refund: Option<&Refund>, told: &Told) -> Judged {
    let event = |event_id: String, fact: Fact| {
        Judged::Event(ProviderEvent {
            payment_id: payment.id,
            event_id,
            fact,
        })
    };
    match &told.what {
        What::Waiting | What::Missing => Judged::Nothing,
        // Less, more, or other money than was asked for pays nothing here.
        What::Authorised { amount } | What::Paid { amount } if *amount != payment.amount() => Judged::Differs,
        What::Authorised { .. } => event("authorised".to_owned(), Fact::Authorised),
        What::Paid { amount } => event(
            "paid".to_owned(),
            Fact::Captured {
                total: amount.amount_minor,
            },
        ),
        What::Declined { attempt } => event(format!("declined:{attempt}"), Fact::Declined),
        What::Closed => event("closed".to_owned(), Fact::Voided),
        What::Refund {
            theirs,
            amount,
            in_all,
            said,
            ..
        } => {
            if let Some(refund) = refund {
                let fits = amount.is_none_or(|amount| amount == refund.amount);
                return if fits {
                    Judged::Refund(refund.id.clone(), said.clone())
                } else {
                    Judged::Differs
                };
            }
            if !matches!(said, RefundSaid::Done { .. }) {
                return Judged::Nothing;
            }
            // Made in the provider's own console.
            let known = payment.balance.refunded + payment.balance.refunding;
            let (key, back) = match (amount, in_all) {
                (Some(amount), _) => (theirs.clone(), *amount),
                (None, Some(sum)) => {
                    let mut rest = *sum;
                    rest.amount_minor -= known;
                    (format!("sum:{}", sum.amount_minor), rest)
                }
                (None, None) => return Judged::Differs,
            };
            if back.currency != payment.currency || back.amount_minor > payment.balance.amount - known {
                return Judged::Differs;
            }
            if back.amount_minor <= 0 {
                return Judged::Nothing;
            }
            event(
                format!("outside:{key}"),
                Fact::Refunded {
                    amount: back.amount_minor,
                    requested: false,
                },
            )
        }
    }
}

/// What is done about a payment when its time to be looked at has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// Ask how it stands.
    Query,
    /// Let nobody pay any more.
    Close,
    /// The money waits to be taken, or to be let go.
    Decide,
    /// There is nothing left to find out.
    Rest,
}

pub(crate) fn step(payment: &Payment, session: &Session, now: Time) -> Step {
    if session.state == SessionState::Over || payment.balance.captured > 0 {
        return Step::Rest;
    }
    match payment.balance.state {
        PaymentState::Voided => Step::Close,
        PaymentState::Authorised => Step::Decide,
        _ if session.expires_at <= now => Step::Close,
        _ => Step::Query,
    }
}

/// How long until it is looked at again: soon at first, while a payer stands there; never longer than five
/// minutes, and on the spot when the payer's time is over.
pub(crate) fn next_look(now: Time, checks: i64, expires_at: Time) -> Time {
    let waits = [5, 10, 20, 40, 60, 60, 120, 300];
    let nth = usize::try_from(checks).unwrap_or(0).min(waits.len() - 1);
    let next = now.after(Duration::from_secs(waits[nth]));
    if now < expires_at {
        next.min(expires_at)
    } else {
        next
    }
}

/// How long until a refund is asked for again.
pub(crate) fn next_refund(now: Time, tries: i64) -> Time {
    let waits = [10, 30, 60, 300, 900, 3600];
    let nth = usize::try_from(tries).unwrap_or(0).min(waits.len() - 1);
    now.after(Duration::from_secs(waits[nth]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProviderName;
    use base::{Currency, Money, OrderId};

    fn yuan(minor: i64) -> Money {
        Money::new(minor, Currency::CNY)
    }

    fn payment() -> Payment {
        Payment::new(
            OrderId::new(),
            ProviderName::Alipay,
            yuan(100),
            Time::from_seconds(0),
        )
    }

    fn told(what: What) -> Told {
        Told {
            payment: String::new(),
            reference: None,
            what,
        }
    }

    fn outside(amount: Option<i64>, in_all: Option<i64>) -> What {
        What::Refund {
            ours: None,
            theirs: "r1".into(),
            amount: amount.map(yuan),
            in_all: in_all.map(yuan),
            said: RefundSaid::Done { theirs: None },
        }
    }

    #[test]
    fn only_the_very_amount_pays() {
        let payment = payment();
        for amount in [yuan(1), yuan(99), yuan(101), Money::new(100, Currency::USD)] {
            assert_eq!(
                judge(&payment, None, &told(What::Paid { amount })),
                Judged::Differs
            );
            assert_eq!(
                judge(&payment, None, &told(What::Authorised { amount })),
                Judged::Differs
            );
        }
        let right = judge(&payment, None, &told(What::Paid { amount: yuan(100) }));
        assert!(matches!(right, Judged::Event(e) if e.fact == Fact::Captured { total: 100 }));
    }

    #[test]
    fn a_sum_of_refunds_counts_what_is_new_in_it() {
        let mut payment = payment();
        payment.balance.captured = 100;
        payment.balance.refunded = 30;
        let fact = |what| match judge(&payment, None, &told(what)) {
            Judged::Event(event) => Some(event.fact),
            _ => None,
        };
        let back = |amount| {
            Some(Fact::Refunded {
                amount,
                requested: false,
            })
        };
        assert_eq!(fact(outside(None, Some(50))), back(20));
        assert_eq!(fact(outside(None, Some(30))), None);
        assert_eq!(fact(outside(Some(50), None)), back(50));
        assert_eq!(
            judge(&payment, None, &told(outside(Some(71), None))),
            Judged::Differs
        );
        assert_eq!(
            judge(&payment, None, &told(outside(None, Some(101)))),
            Judged::Differs
        );
    }

    #[test]
    fn what_is_done_when_its_time_has_come() {
        let now = Time::from_seconds(100);
        let session = |state, expires| Session {
            payment_id: payment().id,
            provider: ProviderName::Alipay,
            way: crate::outside::Way::Qr,
            state,
            reference: None,
            action: None,
            expires_at: Time::from_seconds(expires),
            checks: 0,
        };
        let at = |state, captured, expires| {
            let mut payment = payment();
            payment.balance.state = state;
            payment.balance.captured = captured;
            step(&payment, &session(SessionState::Open, expires), now)
        };
        assert_eq!(at(PaymentState::Pending, 0, 200), Step::Query);
        assert_eq!(at(PaymentState::Declined, 0, 200), Step::Query);
        assert_eq!(at(PaymentState::Pending, 0, 100), Step::Close);
        assert_eq!(at(PaymentState::Voided, 0, 200), Step::Close);
        assert_eq!(at(PaymentState::Authorised, 0, 50), Step::Decide);
        assert_eq!(at(PaymentState::Captured, 100, 50), Step::Rest);
        assert_eq!(
            step(&payment(), &session(SessionState::Over, 200), now),
            Step::Rest
        );
    }

    #[test]
    fn it_is_looked_at_when_the_payers_time_ends_and_five_minutes_apart_at_most() {
        let now = Time::from_seconds(0);
        assert_eq!(next_look(now, 0, Time::from_seconds(900)), Time::from_seconds(5));
        assert_eq!(
            next_look(now, 7, Time::from_seconds(100)),
            Time::from_seconds(100)
        );
        assert_eq!(
            next_look(now, 99, Time::from_seconds(-1)),
            Time::from_seconds(300)
        );
        assert_eq!(next_refund(now, 99), Time::from_seconds(3600));
    }
}
