//! Every message in English.

use base::{Locale, Money, Time};
use jiff::tz::TimeZone;

use super::{Template, clock, day, money_text, quote};

impl Template {
    pub(super) fn english(&self, zone: &TimeZone) -> (&'static str, String) {
        let when = |at: &Option<Time>| at.map(|at| clock(at, zone));
        match self {
            Self::OtpCode { code, minutes } => (
                "Your sign-in code",
                format!(
                    "[Storeloop] {code} is your code, good for {minutes} minutes. Tell nobody; our staff never ask for it."
                ),
            ),
            Self::OrderPaid {
                order_number,
                total,
                collect_at,
                promised_at,
            } => {
                let total = money_text(*total, Locale::En);
                let next = match (collect_at, when(promised_at)) {
                    (Some(place), Some(at)) => {
                        format!("It should be ready at {} by {at}; we will tell you.", place.en)
                    }
                    (Some(place), None) => format!("We will tell you when it is ready at {}.", place.en),
                    (None, Some(at)) => format!("It should be with you by {at}."),
                    (None, None) => "We will send it as soon as we can.".to_owned(),
                };
                (
                    "Your order is paid",
                    format!("[Storeloop] Order {order_number} is paid, {total}. {next}"),
                )
            }
            Self::OrderReady {
                order_number,
                place_name,
                pickup_code,
            } => (
                "Ready to collect",
                format!(
                    "[Storeloop] Order {order_number} waits for you at {}. Pickup code {pickup_code}; whoever shows it may collect.",
                    place_name.en
                ),
            ),
            Self::OrderMoved {
                order_number,
                from,
                to,
                reason,
                promised_at,
            } => {
                let at = when(promised_at)
                    .map(|at| format!(", by {at}"))
                    .unwrap_or_default();
                (
                    "Another store has your order",
                    format!(
                        "[Storeloop] Order {order_number}: at {} {}, so {} prepares it for you{at}. We are sorry for the change.",
                        from.en, reason.en, to.en
                    ),
                )
            }
            Self::OrderDelayed { order_number, reason } => (
                "Your order needs a little longer",
                format!(
                    "[Storeloop] Order {order_number}: {}. We are looking for another way and will write soon.",
                    reason.en
                ),
            ),
            Self::OrderShipped {
                order_number,
                carrier,
                tracking_number,
            } => (
                "Your order is on its way",
                format!(
                    "[Storeloop] Order {order_number} is on its way with {carrier}, tracking number {tracking_number}."
                ),
            ),
            Self::OrderCancelled {
                order_number,
                refund,
                because,
            } => {
                let refund = back_en(*refund);
                let because = because
                    .as_ref()
                    .map(|why| format!("{}, so order", why.en))
                    .unwrap_or_else(|| "Order".to_owned());
                (
                    "Your order is cancelled",
                    format!("[Storeloop] {because} {order_number} is cancelled{refund}."),
                )
            }
            Self::OrderReduced {
                order_number,
                items,
                refund,
            } => (
                "A part of your order is cancelled",
                format!(
                    "[Storeloop] Of order {order_number}, {} will not come{}. The rest is on its way as planned.",
                    items.en,
                    back_en(*refund)
                ),
            ),
            Self::OrderChanged {
                order_number,
                what,
                total,
                refund,
            } => (
                "Your order is changed",
                format!(
                    "[Storeloop] Order {order_number} is changed: {}. It costs {} now{}.",
                    what.en,
                    money_text(*total, Locale::En),
                    back_en(*refund)
                ),
            ),
            Self::OrderChangeAsked {
                order_number,
                what,
                difference,
                until,
                url,
            } => (
                "A change of your order waits for you",
                format!(
                    "[Storeloop] For order {order_number} we keep this change for you: {}. Pay {} by {} and it is made: {url}",
                    what.en,
                    money_text(*difference, Locale::En),
                    clock(*until, zone)
                ),
            ),
            Self::OrderWaiting {
                order_number,
                items,
                until,
            } => (
                "Your order waits for supply",
                format!(
                    "[Storeloop] Order {order_number} lacks {}; we expect it by {} and prepare it as soon as it comes. You can cancel and be paid back at any time.",
                    items.en,
                    day(*until, zone)
                ),
            ),
            Self::OrderResumed {
                order_number,
                to,
                promised_at,
            } => {
                let at = when(promised_at)
                    .map(|at| format!(", by {at}"))
                    .unwrap_or_default();
                (
                    "What you waited for is here",
                    format!(
                        "[Storeloop] What you waited for has come: {} prepares order {order_number} for you{at}.",
                        to.en
                    ),
                )
            }
            Self::OrderUncollected {
                order_number,
                place_name,
                pickup_code,
                until,
            } => (
                "Your order still waits for you",
                format!(
                    "[Storeloop] Order {order_number} still waits at {}. Pickup code {pickup_code}; it is kept until {}, then cancelled and paid back.",
                    place_name.en,
                    clock(*until, zone)
                ),
            ),
            Self::Refunded {
                order_number,
                amount,
                points_reversed,
            } => {
                let amount = money_text(*amount, Locale::En);
                let points = match points_reversed {
                    ..=0 => String::new(),
                    1 => "; 1 point was taken back".to_owned(),
                    points => format!("; {points} points were taken back"),
                };
                (
                    "Your refund",
                    format!(
                        "[Storeloop] {amount} for order {order_number} went back the way you paid{points}."
                    ),
                )
            }
            Self::OrderExchanged {
                order_number,
                place_name,
                returned,
                taken,
                paid,
                refund,
            } => {
                let paid = paid
                    .map(|m| format!("; {} was paid on top", money_text(m, Locale::En)))
                    .unwrap_or_default();
                (
                    "Exchanged",
                    format!(
                        "[Storeloop] Order {order_number} was exchanged at {}: {} for {}{paid}{}.",
                        place_name.en,
                        returned.en,
                        taken.en,
                        back_en(*refund)
                    ),
                )
            }
            Self::SurveyInvitation {
                order_number,
                place_name,
                url,
            } => {
                let place = place_name
                    .as_ref()
                    .map(|p| format!(" at {}", p.en))
                    .unwrap_or_default();
                (
                    "How was it?",
                    format!(
                        "[Storeloop] How was order {order_number}{place}? One question, and a word if you like: {url}"
                    ),
                )
            }
            Self::IssueAnswer { words, answer } => (
                "You told us, and we changed it",
                format!("[Storeloop] You told us: \"{}\". {}", quote(words), answer.en),
            ),
            Self::Marketing { body, .. } => ("", format!("{} Reply R to stop.", body.en)),
        }
    }
}

/// `; ¥10.00 goes back the way you paid`, or nothing.
fn back_en(refund: Option<Money>) -> String {
    refund
        .map(|m| format!("; {} goes back the way you paid", money_text(m, Locale::En)))
        .unwrap_or_default()
}
