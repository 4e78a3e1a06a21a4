//! Goods that came back: a few of everything, more of what had a fault at the time.

use base::Time;

use crate::calendar::Seconds;
use crate::chain::{Condition, Fulfilment, GoodsReturn, Order, ReturnLine};
use crate::data::{makeup, skincare};
use crate::ids::Ids;
use crate::places::stores;
use crate::rng::Rng;
use crate::stories::{BREAKING_POWDER, POWDER_FIXED_DAYS_AGO, Plot, SHADES_FIXED_DAYS_AGO, Stage};

const HOUR: i64 = 3_600;

/// Why and how likely a line comes back.
struct Risk {
    per_mille: u64,
    reason: &'static str,
}

/// Takes returns of orders that were received.
pub(crate) fn take_back(stage: &Stage, orders: &mut [Order]) {
    let mut rng = Rng::stream(stage.seed, "returns");
    let mut ids = Ids::new(stage.seed, "returns.ids");
    for order in orders.iter_mut() {
        let Some(received) = order.steps.received else {
            continue;
        };
        let lines: Vec<ReturnLine> = (0..order.lines.len())
            .filter_map(|line| returned_line(stage, order, line, &mut rng))
            .collect();
        let at = brought_at(order, received, &mut rng);
        if lines.is_empty() || at > stage.calendar.as_of() {
            continue;
        }
        let place = brought_to(stage, order, &mut rng);
        book(
            order,
            GoodsReturn {
                id: ids.at(at),
                place,
                refund_minor: lines.iter().map(|line| line.refund_minor).sum(),
                lines,
                at,
            },
        );
    }
}

/// Writes a return into its order and its payment.
fn book(order: &mut Order, goods: GoodsReturn) {
    for line in &goods.lines {
        order.lines[line.line].returned += line.quantity;
    }
    if let Some(payment) = order.payments.last_mut() {
        payment.refunded_minor += goods.refund_minor;
    }
    // A return within the window keeps the order from being closed as a matter of routine.
    order.steps.closed = order.steps.closed.filter(|closed| *closed < goods.at);
    order.returns.push(goods);
}

fn returned_line(stage: &Stage, order: &Order, at: usize, rng: &mut Rng) -> Option<ReturnLine> {
    let line = &order.lines[at];
    let risk = risk(stage, order, line.sku, rng);
    if !rng.per_mille(risk.per_mille) {
        return None;
    }
    let quantity = if line.quantity > 1 {
        rng.between(1, line.quantity)
    } else {
        1
    };
    let condition = match risk.reason {
        "damaged_in_transit" => Condition::Damaged,
        "defective" => Condition::Inspect,
        _ => [Condition::Sellable, Condition::Sellable, Condition::Inspect][rng.index(3)],
    };
    Some(ReturnLine {
        line: at,
        quantity,
        reason: risk.reason,
        condition,
        refund_minor: line.share_minor(quantity),
    })
}

fn risk(stage: &Stage, order: &Order, sku: usize, rng: &mut Rng) -> Risk {
    let day = stage.calendar.day_of(order.placed_at);
    let before = |days_ago| day < stage.calendar.days_ago(days_ago);
    let delivered = matches!(order.fulfilment, Fulfilment::Delivery { .. });
    let code = stage.catalogue.row(sku).code;
    match (order.plot, code) {
        (Plot::Heroine | Plot::Open(_) | Plot::Raised(_), _) => Risk {
            per_mille: 0,
            reason: "other",
        },
        (Plot::Leak { rising, .. }, skincare::LEAKING_SERUM) => Risk {
            per_mille: if rising { 330 } else { 120 },
            reason: "defective",
        },
        (_, BREAKING_POWDER) if delivered && before(POWDER_FIXED_DAYS_AGO) => Risk {
            per_mille: 165,
            reason: "damaged_in_transit",
        },
        (_, makeup::MATCHED_FOUNDATION) if order.channel != "store" && before(SHADES_FIXED_DAYS_AGO) => {
            Risk {
                per_mille: 85,
                reason: "not_as_described",
            }
        }
        _ if delivered => Risk {
            per_mille: 26,
            reason: pick_reason(true, rng),
        },
        _ => Risk {
            per_mille: 15,
            reason: pick_reason(false, rng),
        },
    }
}

fn pick_reason(delivered: bool, rng: &mut Rng) -> &'static str {
    const REASONS: [&str; 6] = [
        "changed_mind",
        "not_as_described",
        "defective",
        "damaged_in_transit",
        "wrong_item",
        "other",
    ];
    let weights = if delivered {
        [46, 20, 10, 12, 7, 5]
    } else {
        [60, 18, 12, 0, 4, 6]
    };
    REASONS[rng.weighted(&weights)]
}

/// One to six days later, in opening hours.
fn brought_at(order: &Order, received: Time, rng: &mut Rng) -> Time {
    let voiced = match order.plot {
        Plot::Leak { .. } => rng.between(5, 9),
        _ => rng.between(1, 6),
    };
    let of_day = crate::calendar::Calendar::second_of_day(received);
    received
        .plus_days(voiced)
        .plus_seconds(rng.between(11 * HOUR, 21 * HOUR) - of_day)
}

/// Where it was bought, in another store, or by parcel to the warehouse.
fn brought_to(stage: &Stage, order: &Order, rng: &mut Rng) -> usize {
    let parcel = matches!(order.fulfilment, Fulfilment::Delivery { .. });
    if parcel && rng.per_mille(480) {
        return stage.places[order.place].supplied_by;
    }
    let near = match order.member {
        Some(member) => stage.members[member].home,
        None if order.place < stores(&stage.places).len() => order.place,
        None => rng.index(stores(&stage.places).len()),
    };
    if parcel {
        return near;
    }
    if rng.per_mille(780) { order.place } else { near }
}
