//! The state machines of an order and of a fulfilment. A step that is not in these tables cannot be made.

use base::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ILLEGAL_STEP;

/// Where an order stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Placed, its stock held, its money not here yet.
    PendingPayment,
    /// Its money is here; no place serves it yet.
    Paid,
    /// One or more places are asked to serve it.
    Allocated,
    /// Everything waits at the counter.
    Ready,
    /// Everything is on its way.
    Shipped,
    /// The customer took it along.
    Collected,
    /// It reached the customer's door.
    Delivered,
    /// Delivered or collected, and too long ago for a routine return.
    Closed,
    /// Given up; what was paid goes back.
    Cancelled,
    /// Not paid in time.
    Expired,
    /// Something a person must decide: see the timeline.
    NeedsDecision,
    /// Everything came back.
    Returned,
    /// Some of it came back.
    PartlyReturned,
}

use OrderState as O;

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 13] = [
        O::PendingPayment,
        O::Paid,
        O::Allocated,
        O::Ready,
        O::Shipped,
        O::Collected,
        O::Delivered,
        O::Closed,
        O::Cancelled,
        O::Expired,
        O::NeedsDecision,
        O::Returned,
        O::PartlyReturned,
    ];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            O::PendingPayment => "pending_payment",
            O::Paid => "paid",
            O::Allocated => "allocated",
            O::Ready => "ready",
            O::Shipped => "shipped",
            O::Collected => "collected",
            O::Delivered => "delivered",
            O::Closed => "closed",
            O::Cancelled => "cancelled",
            O::Expired => "expired",
            O::NeedsDecision => "needs_decision",
            O::Returned => "returned",
            O::PartlyReturned => "partly_returned",
        }
    }

    /// The states an order may take from here. Staying in a state is a step too where an order has several
    /// fulfilments or several returns.
    #[must_use]
    pub const fn exits(self) -> &'static [Self] {
        match self {
            O::PendingPayment => &[O::Paid, O::Allocated, O::NeedsDecision, O::Cancelled, O::Expired],
            O::Paid => &[O::Allocated, O::NeedsDecision, O::Cancelled],
            // Straight to the end when the last open piece is given up after the others went out.
            O::Allocated => &[
                O::Allocated,
                O::Ready,
                O::Shipped,
                O::Collected,
                O::Delivered,
                O::NeedsDecision,
                O::Cancelled,
            ],
            O::Ready => &[
                O::Allocated,
                O::Collected,
                O::Shipped,
                O::NeedsDecision,
                O::Cancelled,
            ],
            O::Shipped => &[O::Shipped, O::Delivered, O::PartlyReturned, O::Returned],
            O::Collected | O::Delivered => &[O::Closed, O::PartlyReturned, O::Returned],
            O::Closed => &[O::PartlyReturned, O::Returned],
            O::PartlyReturned => &[O::PartlyReturned, O::Returned],
            // Paid after all, by a payer who came back late.
            O::Expired => &[O::Paid, O::Allocated, O::NeedsDecision],
            O::NeedsDecision => &[O::Allocated, O::Cancelled],
            O::Cancelled | O::Returned => &[],
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// `order.illegal_step`.
    pub fn step(self, to: Self) -> Result<Self> {
        if self.exits().contains(&to) {
            return Ok(to);
        }
        Err(Error::new(&ILLEGAL_STEP)
            .with("from", self.as_str())
            .with("to", to.as_str()))
    }

    /// Whether the customer may still cancel it alone.
    #[must_use]
    pub const fn owner_may_cancel(self) -> bool {
        matches!(
            self,
            O::PendingPayment | O::Paid | O::Allocated | O::NeedsDecision
        )
    }

    /// Whether the goods are with the customer, or were.
    #[must_use]
    pub const fn goods_went_out(self) -> bool {
        matches!(
            self,
            O::Shipped | O::Collected | O::Delivered | O::Closed | O::PartlyReturned | O::Returned
        )
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// Where the part of an order stands that one place serves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FulfilmentState {
    /// The place has been asked.
    Requested,
    /// Somebody is picking.
    Picking,
    /// Packed, waiting for the customer or the carrier.
    Ready,
    /// The customer has it.
    HandedOver,
    /// The carrier has it.
    Shipped,
    /// It reached the door.
    Delivered,
    /// The place could not serve it.
    Rejected,
    /// Given up with its order.
    Cancelled,
}

use FulfilmentState as F;

impl FulfilmentState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        F::Requested,
        F::Picking,
        F::Ready,
        F::HandedOver,
        F::Shipped,
        F::Delivered,
        F::Rejected,
        F::Cancelled,
    ];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            F::Requested => "requested",
            F::Picking => "picking",
            F::Ready => "ready",
            F::HandedOver => "handed_over",
            F::Shipped => "shipped",
            F::Delivered => "delivered",
            F::Rejected => "rejected",
            F::Cancelled => "cancelled",
        }
    }

    /// The states it may take from here.
    #[must_use]
    pub const fn exits(self) -> &'static [Self] {
        match self {
            F::Requested => &[F::Picking, F::Ready, F::Rejected, F::Cancelled],
            F::Picking => &[F::Ready, F::Rejected, F::Cancelled],
            F::Ready => &[F::HandedOver, F::Shipped, F::Rejected, F::Cancelled],
            F::Shipped => &[F::Delivered],
            F::HandedOver | F::Delivered | F::Rejected | F::Cancelled => &[],
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// `fulfilment.illegal_step`.
    pub fn step(self, to: Self) -> Result<Self> {
        if self.exits().contains(&to) {
            return Ok(to);
        }
        Err(Error::new(&crate::error::ILLEGAL_FULFILMENT_STEP)
            .with("from", self.as_str())
            .with("to", to.as_str()))
    }

    /// Whether it counts for its order: a rejected or cancelled one no longer does.
    #[must_use]
    pub const fn is_live(self) -> bool {
        !matches!(self, F::Rejected | F::Cancelled)
    }

    /// Whether the place still has the goods on the shelf.
    #[must_use]
    pub const fn holds_stock(self) -> bool {
        matches!(self, F::Requested | F::Picking | F::Ready)
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// Where an order stands, seen from its fulfilments: as far as the slowest of them. `None` without a live one.
#[must_use]
pub fn progress(fulfilments: impl IntoIterator<Item = FulfilmentState>) -> Option<OrderState> {
    let rank = |state: F| match state {
        F::Requested | F::Picking => 0,
        F::Ready => 1,
        F::Shipped => 2,
        F::HandedOver | F::Delivered => 3,
        F::Rejected | F::Cancelled => 4,
    };
    let slowest = fulfilments
        .into_iter()
        .filter(|state| state.is_live())
        .min_by_key(|state| rank(*state))?;
    Some(match slowest {
        F::Ready => O::Ready,
        F::HandedOver => O::Collected,
        F::Shipped => O::Shipped,
        F::Delivered => O::Delivered,
        _ => O::Allocated,
    })
}

/// A stored code that this program does not know means that a newer one wrote it.
pub(crate) fn parse<T: Copy>(all: &[T], written: fn(T) -> &'static str, text: &str) -> Result<T> {
    all.iter()
        .copied()
        .find(|&candidate| written(candidate) == text)
        .ok_or_else(|| Error::internal(format!("unknown stored code {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order_state() -> impl Strategy<Value = OrderState> {
        prop::sample::select(OrderState::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn only_the_table_moves_an_order(steps in prop::collection::vec(order_state(), 0..40)) {
            let mut state = O::PendingPayment;
            let mut goods_out = false;
            let mut allocated = false;
            for to in steps {
                match state.step(to) {
                    Ok(next) => {
                        prop_assert!(state.exits().contains(&next));
                        state = next;
                    }
                    Err(error) => {
                        prop_assert!(error.is(&ILLEGAL_STEP));
                        prop_assert!(!state.exits().contains(&to));
                    }
                }
                allocated |= state == O::Allocated;
                prop_assert!(!state.goods_went_out() || allocated, "goods left without being allocated");
                prop_assert!(!(goods_out && state == O::Cancelled), "cancelled after the goods left");
                goods_out |= state.goods_went_out();
            }
        }

        #[test]
        fn progress_is_as_far_as_the_slowest(states in prop::collection::vec(
            prop::sample::select(FulfilmentState::ALL.to_vec()), 0..6))
        {
            let live: Vec<F> = states.iter().copied().filter(|s| s.is_live()).collect();
            match progress(states.iter().copied()) {
                None => prop_assert!(live.is_empty()),
                Some(O::Collected) => prop_assert!(live.iter().all(|s| matches!(s, F::HandedOver | F::Delivered))),
                Some(O::Delivered) => prop_assert!(live.iter().all(|s| matches!(s, F::HandedOver | F::Delivered))),
                Some(O::Ready) => prop_assert!(live.contains(&F::Ready)),
                Some(O::Shipped) => prop_assert!(live.contains(&F::Shipped)),
                Some(O::Allocated) => prop_assert!(live.iter().any(|s| matches!(s, F::Requested | F::Picking))),
                Some(other) => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn ends_are_ends() {
        for state in [F::HandedOver, F::Delivered, F::Rejected, F::Cancelled] {
            assert!(state.exits().is_empty());
        }
        assert!(O::Cancelled.exits().is_empty() && O::Returned.exits().is_empty());
    }

    #[test]
    fn written_codes_are_the_wire_codes() {
        for state in OrderState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
            assert_eq!(OrderState::parse(state.as_str()).unwrap(), state);
        }
        for state in FulfilmentState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
