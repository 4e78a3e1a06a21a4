//! How an order's life goes on after it was placed. Every step is drawn, then dropped
//! when it would lie after now: so the open orders of today come about by themselves.

use base::Time;

use crate::calendar::{Calendar, Seconds};
use crate::chain::{Fulfilment, Order, Place, PlaceKind, Steps};
use crate::orders::is_open_story;
use crate::rng::Rng;
use crate::stories::{OpenStage, Stage};

/// How long stock is held for an unpaid order.
const HOLD_SECONDS: i64 = 15 * 60;
/// Days after which a received order is closed.
const CLOSED_AFTER_DAYS: i64 = 7;
const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;

/// The steps that have come to pass.
pub(crate) fn live(stage: &Stage, order: &Order, rng: &mut Rng) -> Steps {
    let now = stage.calendar.as_of();
    if let Some(open) = is_open_story(order) {
        return open_steps(order.placed_at, open);
    }
    let steps = match order.fulfilment {
        Fulfilment::TakeAway => at_the_till(order.placed_at),
        Fulfilment::Collect => collected(stage, order, rng),
        Fulfilment::Delivery { .. } => delivered(stage, order, rng),
    };
    until(steps, now)
}

fn at_the_till(moment: Time) -> Steps {
    Steps {
        paid: Some(moment),
        allocated: Some(moment),
        ready: Some(moment),
        received: Some(moment),
        closed: Some(moment.plus_days(CLOSED_AFTER_DAYS)),
        ..Steps::default()
    }
}

/// Steps of an open order whose stage a story fixes, in proportion to its age.
fn open_steps(placed: Time, open: OpenStage) -> Steps {
    let paid = placed.plus_seconds(45);
    let mut steps = Steps::default();
    if open == OpenStage::Unpaid {
        return steps;
    }
    steps.paid = Some(paid);
    steps.allocated = Some(paid);
    match open {
        OpenStage::Ready => steps.ready = Some(paid.plus_seconds(21 * MINUTE)),
        OpenStage::Rejected => steps.rejected = Some(paid.plus_seconds(16 * MINUTE)),
        OpenStage::Unpaid | OpenStage::Requested => {}
    }
    steps
}

/// Payment of an online order, or that it never comes; and whether it is given up early.
fn begin(order: &Order, rng: &mut Rng) -> (Steps, Option<Time>) {
    let mut steps = Steps::default();
    if is_daily(order) && rng.per_mille(32) {
        steps.expired = Some(order.placed_at.plus_seconds(HOLD_SECONDS));
        return (steps, None);
    }
    let paid = order.placed_at.plus_seconds(rng.between(12, 240));
    steps.paid = Some(paid);
    steps.allocated = Some(paid);
    if is_daily(order) && rng.per_mille(22) {
        steps.cancelled = Some(paid.plus_seconds(rng.between(2 * MINUTE, 14 * MINUTE)));
        return (steps, None);
    }
    (steps, Some(paid))
}

fn is_daily(order: &Order) -> bool {
    order.plot == crate::stories::Plot::Daily
}

fn collected(stage: &Stage, order: &Order, rng: &mut Rng) -> Steps {
    let (mut steps, paid) = begin(order, rng);
    let Some(paid) = paid else { return steps };
    let place = &stage.places[order.place];
    let prep = i64::from(place.prep_minutes) * MINUTE;
    // Most are ready in time, one in twelve is late.
    let took = if rng.per_mille(83) {
        rng.between(prep, 3 * prep)
    } else {
        rng.between(15 * MINUTE, prep)
    };
    let ready = when_open(place, paid, took, rng);
    let wait = if rng.per_mille(550) {
        rng.between(10 * MINUTE, 4 * HOUR)
    } else {
        rng.between(4 * HOUR, 60 * HOUR)
    };
    let received = when_open(place, ready, wait, rng);
    steps.ready = Some(ready);
    steps.received = Some(received);
    steps.closed = Some(received.plus_days(CLOSED_AFTER_DAYS));
    steps
}

fn delivered(stage: &Stage, order: &Order, rng: &mut Rng) -> Steps {
    let (mut steps, paid) = begin(order, rng);
    let Some(paid) = paid else { return steps };
    let place = &stage.places[order.place];
    // A festival fills the warehouse for days.
    let calendar = &stage.calendar;
    let crowded =
        calendar.is_festival(calendar.day_of(order.placed_at)) && place.kind == PlaceKind::Warehouse;
    let packing = if crowded {
        rng.between(8 * HOUR, 50 * HOUR)
    } else {
        rng.between(HOUR, 9 * HOUR)
    };
    let ready = when_open(place, paid, packing, rng);
    let shipped = when_open(place, ready, rng.between(20 * MINUTE, 3 * HOUR), rng);
    let travel = if rng.per_mille(70) {
        rng.between(80, 150)
    } else {
        rng.between(20, 70)
    };
    let received = in_daytime(shipped.plus_seconds(travel * HOUR), rng);
    steps.ready = Some(ready);
    steps.shipped = Some(shipped);
    steps.received = Some(received);
    steps.closed = Some(received.plus_days(CLOSED_AFTER_DAYS));
    steps
}

/// `seconds` of work after a moment, done while the place is open: what falls into the
/// night is done in the first hour and a half of the next morning.
fn when_open(place: &Place, from: Time, seconds: i64, rng: &mut Rng) -> Time {
    let moment = from.plus_seconds(seconds);
    let (opens, closes) = place.hours[0];
    let (opens, closes) = (second(opens), second(closes));
    let of_day = Calendar::second_of_day(moment);
    let morning = opens + rng.between(5 * MINUTE, 90 * MINUTE);
    if of_day < opens {
        moment.plus_seconds(morning - of_day)
    } else if of_day > closes {
        moment.plus_seconds(morning - of_day + 24 * HOUR)
    } else {
        moment
    }
}

/// Couriers ring between nine and nine.
fn in_daytime(moment: Time, rng: &mut Rng) -> Time {
    let of_day = Calendar::second_of_day(moment);
    if (9 * HOUR..21 * HOUR).contains(&of_day) {
        return moment;
    }
    let next_day = if of_day >= 21 * HOUR { 24 * HOUR } else { 0 };
    moment.plus_seconds(next_day - of_day + rng.between(9 * HOUR, 13 * HOUR))
}

/// Seconds of `HH:MM`.
fn second(clock: &str) -> i64 {
    let mut parts = clock.split(':').filter_map(|part| part.parse::<i64>().ok());
    parts.next().unwrap_or(0) * HOUR + parts.next().unwrap_or(0) * MINUTE
}

/// Drops what would lie after now.
fn until(steps: Steps, now: Time) -> Steps {
    let past = |moment: Option<Time>| moment.filter(|moment| *moment <= now);
    Steps {
        paid: past(steps.paid),
        allocated: past(steps.allocated),
        ready: past(steps.ready),
        shipped: past(steps.shipped),
        received: past(steps.received),
        closed: past(steps.closed),
        cancelled: past(steps.cancelled),
        expired: past(steps.expired),
        rejected: past(steps.rejected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read() {
        assert_eq!(second("10:30"), 37_800);
    }

    #[test]
    fn couriers_do_not_ring_at_night() {
        let mut rng = Rng::new(1);
        for hour in 0..24 {
            let moment = Time::from_seconds(1_795_000_000 + hour * HOUR);
            let of_day = Calendar::second_of_day(in_daytime(moment, &mut rng));
            assert!((9 * HOUR..21 * HOUR).contains(&of_day));
        }
    }
}
