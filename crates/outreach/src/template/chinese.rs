//! Every message in Chinese.

use base::{Locale, Money, Time};
use jiff::tz::TimeZone;

use super::{Template, clock, day, money_text, quote};

impl Template {
    pub(super) fn chinese(&self, zone: &TimeZone) -> (&'static str, String) {
        let when = |at: &Option<Time>| at.map(|at| clock(at, zone));
        match self {
            Self::OtpCode { code, minutes } => (
                "登录验证码",
                format!("【店环】验证码 {code}，{minutes} 分钟内有效。请勿告诉他人，工作人员不会向您索要。"),
            ),
            Self::OrderPaid {
                order_number,
                total,
                collect_at,
                promised_at,
            } => {
                let total = money_text(*total, Locale::Zh);
                let next = match (collect_at, when(promised_at)) {
                    (Some(place), Some(at)) => format!("预计 {at} 前可在{}自提，备好后会通知您。", place.zh),
                    (Some(place), None) => format!("备好后会通知您到{}自提。", place.zh),
                    (None, Some(at)) => format!("预计 {at} 前送达。"),
                    (None, None) => "我们会尽快为您发货。".to_owned(),
                };
                (
                    "订单已支付",
                    format!("【店环】订单 {order_number} 已支付 {total}。{next}"),
                )
            }
            Self::OrderReady {
                order_number,
                place_name,
                pickup_code,
            } => (
                "可以取货了",
                format!(
                    "【店环】订单 {order_number} 已在{}备好，取货码 {pickup_code}。凭码即可取货，也可请家人代取。",
                    place_name.zh
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
                    .map(|at| format!("，预计 {at} 前备好"))
                    .unwrap_or_default();
                (
                    "订单换了一家门店",
                    format!(
                        "【店环】订单 {order_number}：{}{}，已改由{}为您准备{at}。给您添麻烦了。",
                        from.zh, reason.zh, to.zh
                    ),
                )
            }
            Self::OrderDelayed { order_number, reason } => (
                "订单需要多等一会儿",
                format!(
                    "【店环】订单 {order_number}：{}，我们正在为您另想办法，很快会联系您。",
                    reason.zh
                ),
            ),
            Self::OrderShipped {
                order_number,
                carrier,
                tracking_number,
            } => (
                "订单已发出",
                format!("【店环】订单 {order_number} 已发出，{carrier}，运单号 {tracking_number}。"),
            ),
            Self::OrderCancelled {
                order_number,
                refund,
                because,
            } => {
                let refund = back_zh(*refund);
                let because = because
                    .as_ref()
                    .map(|why| format!("{}，", why.zh))
                    .unwrap_or_default();
                (
                    "订单已取消",
                    format!("【店环】{because}订单 {order_number} 已取消{refund}。"),
                )
            }
            Self::OrderReduced {
                order_number,
                items,
                refund,
            } => (
                "订单中有商品取消",
                format!(
                    "【店环】订单 {order_number} 已取消：{}{}。其余商品照常为您准备。",
                    items.zh,
                    back_zh(*refund)
                ),
            ),
            Self::OrderChanged {
                order_number,
                what,
                total,
                refund,
            } => (
                "订单已修改",
                format!(
                    "【店环】订单 {order_number} 已修改：{}。现合计 {}{}。",
                    what.zh,
                    money_text(*total, Locale::Zh),
                    back_zh(*refund)
                ),
            ),
            Self::OrderChangeAsked {
                order_number,
                what,
                difference,
                until,
                url,
            } => (
                "订单修改待补付",
                format!(
                    "【店环】订单 {order_number} 的修改（{}）需补付 {}，请在 {} 前付款，商品已为您保留：{url}",
                    what.zh,
                    money_text(*difference, Locale::Zh),
                    clock(*until, zone)
                ),
            ),
            Self::OrderWaiting {
                order_number,
                items,
                until,
            } => (
                "订单正在等货",
                format!(
                    "【店环】订单 {order_number} 缺少：{}，预计 {} 前到货，到货即为您准备。您也可以随时取消并退款。",
                    items.zh,
                    day(*until, zone)
                ),
            ),
            Self::OrderResumed {
                order_number,
                to,
                promised_at,
            } => {
                let at = when(promised_at)
                    .map(|at| format!("，预计 {at} 前备好"))
                    .unwrap_or_default();
                (
                    "您等的商品到货了",
                    format!(
                        "【店环】订单 {order_number}：您等的商品到货了，{}正在为您准备{at}。",
                        to.zh
                    ),
                )
            }
            Self::OrderUncollected {
                order_number,
                place_name,
                pickup_code,
                until,
            } => (
                "别忘了取货",
                format!(
                    "【店环】订单 {order_number} 仍在{}等您，取货码 {pickup_code}，保留至 {}，过期将取消并原路退款。",
                    place_name.zh,
                    clock(*until, zone)
                ),
            ),
            Self::Refunded {
                order_number,
                amount,
                points_reversed,
            } => {
                let amount = money_text(*amount, Locale::Zh);
                let points = if *points_reversed > 0 {
                    format!("，扣回积分 {points_reversed}")
                } else {
                    String::new()
                };
                (
                    "退款已原路退回",
                    format!("【店环】订单 {order_number} 的退款 {amount} 已原路退回{points}。"),
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
                    .map(|m| format!("，补付 {}", money_text(m, Locale::Zh)))
                    .unwrap_or_default();
                (
                    "换货完成",
                    format!(
                        "【店环】订单 {order_number} 已在{}换货：退回{}，换得{}{paid}{}。",
                        place_name.zh,
                        returned.zh,
                        taken.zh,
                        back_zh(*refund)
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
                    .map(|p| format!("在{}", p.zh))
                    .unwrap_or_default();
                (
                    "这次体验怎么样？",
                    format!("【店环】您{place}的订单 {order_number} 体验如何？一个问题，说两句也好：{url}"),
                )
            }
            Self::IssueAnswer { words, answer } => (
                "您说的，我们改了",
                format!("【店环】您曾告诉我们：“{}”。{}", quote(words), answer.zh),
            ),
            Self::Marketing { body, .. } => ("", format!("{} 拒收请回复 R", body.zh)),
        }
    }
}

/// `，¥10.00 将原路退回`, or nothing.
fn back_zh(refund: Option<Money>) -> String {
    refund
        .map(|m| format!("，{} 将原路退回", money_text(m, Locale::Zh)))
        .unwrap_or_default()
}
