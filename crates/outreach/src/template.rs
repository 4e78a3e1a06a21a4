//! What we write to people, in both languages. Every template is a variant with the facts it needs, so that
//! nobody can send one with a hole in it.

use base::{Locale, Money, Text, Time};
use jiff::tz::TimeZone;

use crate::model::Purpose;

/// A message and its facts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Template {
    /// The one-time code of a sign-in.
    OtpCode {
        /// The code.
        code: String,
        /// How long it opens the door.
        minutes: u64,
    },
    /// The order is paid.
    OrderPaid {
        /// Which order.
        order_number: String,
        /// What was paid.
        total: Money,
        /// Where it will be collected; `None` when it is brought home.
        collect_at: Option<Text>,
        /// When it is promised.
        promised_at: Option<Time>,
    },
    /// The order waits at the store.
    OrderReady {
        /// Which order.
        order_number: String,
        /// Where.
        place_name: Text,
        /// What to show there; whoever shows it may collect.
        pickup_code: String,
    },
    /// Another store serves the order now.
    OrderMoved {
        /// Which order.
        order_number: String,
        /// The store that could not.
        from: Text,
        /// The store that will.
        to: Text,
        /// Why.
        reason: Text,
        /// When it is promised now.
        promised_at: Option<Time>,
    },
    /// No store can serve the order; a person looks into it.
    OrderDelayed {
        /// Which order.
        order_number: String,
        /// Why.
        reason: Text,
    },
    /// The order left for home.
    OrderShipped {
        /// Which order.
        order_number: String,
        /// With whom.
        carrier: String,
        /// Under which number.
        tracking_number: String,
    },
    /// The order will not be served.
    OrderCancelled {
        /// Which order.
        order_number: String,
        /// What is paid back, if anything was paid.
        refund: Option<Money>,
        /// Why, when it was not their wish.
        because: Option<Text>,
    },
    /// A part of the order will not be served.
    OrderReduced {
        /// Which order.
        order_number: String,
        /// What of it.
        items: Text,
        /// What is paid back, if anything was paid.
        refund: Option<Money>,
    },
    /// The order waits for supply.
    OrderWaiting {
        /// Which order.
        order_number: String,
        /// For what.
        items: Text,
        /// Until when.
        until: Time,
    },
    /// What the order waited for has come.
    OrderResumed {
        /// Which order.
        order_number: String,
        /// Who serves it.
        to: Text,
        /// When it is promised.
        promised_at: Option<Time>,
    },
    /// The order still waits at the store.
    OrderUncollected {
        /// Which order.
        order_number: String,
        /// Where.
        place_name: Text,
        /// What to show there; whoever shows it may collect.
        pickup_code: String,
        /// Until when.
        until: Time,
    },
    /// Money went back the way it came.
    Refunded {
        /// Which order.
        order_number: String,
        /// How much.
        amount: Money,
        /// Points taken back with it.
        points_reversed: i64,
    },
    /// Goods came back and others went out for them.
    OrderExchanged {
        /// Which order.
        order_number: String,
        /// Where.
        place_name: Text,
        /// What came back.
        returned: Text,
        /// What went out.
        taken: Text,
        /// What was paid on top, if anything.
        paid: Option<Money>,
        /// What goes back, if anything.
        refund: Option<Money>,
    },
    /// How was it?
    SurveyInvitation {
        /// Which order.
        order_number: String,
        /// Where, if at a place.
        place_name: Option<Text>,
        /// The link to the one question.
        url: String,
    },
    /// What became of what the person told us.
    IssueAnswer {
        /// Their words, shortened.
        words: String,
        /// What was wrong and what changed.
        answer: Text,
    },
    /// Words of a marketer.
    Marketing {
        /// Title.
        subject: Text,
        /// Text.
        body: Text,
    },
}

/// A message in one language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Title, where the channel shows one.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// Characters of a person's own words quoted back to them.
const QUOTE_MAX_CHARS: usize = 40;

impl Template {
    /// The template's name, never changed: kept with each message.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OtpCode { .. } => "otp_code",
            Self::OrderPaid { .. } => "order_paid",
            Self::OrderReady { .. } => "order_ready",
            Self::OrderMoved { .. } => "order_moved",
            Self::OrderDelayed { .. } => "order_delayed",
            Self::OrderShipped { .. } => "order_shipped",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::OrderReduced { .. } => "order_reduced",
            Self::OrderWaiting { .. } => "order_waiting",
            Self::OrderResumed { .. } => "order_resumed",
            Self::OrderUncollected { .. } => "order_uncollected",
            Self::Refunded { .. } => "refunded",
            Self::OrderExchanged { .. } => "order_exchanged",
            Self::SurveyInvitation { .. } => "survey_invitation",
            Self::IssueAnswer { .. } => "issue_answer",
            Self::Marketing { .. } => "marketing",
        }
    }

    /// What kind of consent it needs.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        match self {
            Self::OtpCode { .. }
            | Self::OrderPaid { .. }
            | Self::OrderReady { .. }
            | Self::OrderMoved { .. }
            | Self::OrderDelayed { .. }
            | Self::OrderShipped { .. }
            | Self::OrderCancelled { .. }
            | Self::OrderReduced { .. }
            | Self::OrderWaiting { .. }
            | Self::OrderResumed { .. }
            | Self::OrderUncollected { .. }
            | Self::Refunded { .. }
            | Self::OrderExchanged { .. } => Purpose::Transaction,
            Self::SurveyInvitation { .. } | Self::IssueAnswer { .. } => Purpose::Service,
            Self::Marketing { .. } => Purpose::Marketing,
        }
    }

    /// The message in a language; times are given in the zone of the place it is about.
    #[must_use]
    pub fn write(&self, locale: Locale, zone: &TimeZone) -> Written {
        let (subject, body) = match locale {
            Locale::Zh => self.chinese(zone),
            Locale::En => self.english(zone),
        };
        Written {
            subject: self.own_subject(locale).unwrap_or(subject).to_owned(),
            body,
        }
    }

    fn chinese(&self, zone: &TimeZone) -> (&'static str, String) {
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

    fn english(&self, zone: &TimeZone) -> (&'static str, String) {
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

    /// The title of marketing is the marketer's own.
    fn own_subject(&self, locale: Locale) -> Option<&str> {
        match self {
            Self::Marketing { subject, .. } => Some(subject.get(locale)),
            _ => None,
        }
    }
}

/// An amount as people read it.
#[must_use]
pub fn money_text(money: Money, locale: Locale) -> String {
    let text = money.to_string();
    let number = text.split(' ').next().unwrap_or_default();
    match (money.currency.as_str(), locale) {
        ("CNY", _) => format!("¥{number}"),
        ("USD", _) => format!("${number}"),
        ("EUR", _) => format!("€{number}"),
        ("GBP", _) => format!("£{number}"),
        (code, Locale::Zh) => format!("{number} {code}"),
        (code, Locale::En) => format!("{code} {number}"),
    }
}

/// `，¥10.00 将原路退回`, or nothing.
fn back_zh(refund: Option<Money>) -> String {
    refund
        .map(|m| format!("，{} 将原路退回", money_text(m, Locale::Zh)))
        .unwrap_or_default()
}

/// `; ¥10.00 goes back the way you paid`, or nothing.
fn back_en(refund: Option<Money>) -> String {
    refund
        .map(|m| format!("; {} goes back the way you paid", money_text(m, Locale::En)))
        .unwrap_or_default()
}

fn day(at: Time, zone: &TimeZone) -> String {
    at.timestamp()
        .to_zoned(zone.clone())
        .strftime("%m-%d")
        .to_string()
}

fn clock(at: Time, zone: &TimeZone) -> String {
    at.timestamp()
        .to_zoned(zone.clone())
        .strftime("%m-%d %H:%M")
        .to_string()
}

fn quote(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= QUOTE_MAX_CHARS {
        return words;
    }
    words.chars().take(QUOTE_MAX_CHARS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Currency;

    fn every() -> Vec<Template> {
        let place = || Text::new("湖滨店", "Hubin store");
        let number = || "S7K3-M9QD".to_owned();
        let at = Some(Time::from_seconds(1_795_395_600));
        let money = Money::new(12_905, Currency::CNY);
        vec![
            Template::OtpCode {
                code: "042917".to_owned(),
                minutes: 5,
            },
            Template::OrderPaid {
                order_number: number(),
                total: money,
                collect_at: Some(place()),
                promised_at: at,
            },
            Template::OrderPaid {
                order_number: number(),
                total: money,
                collect_at: None,
                promised_at: None,
            },
            Template::OrderReady {
                order_number: number(),
                place_name: place(),
                pickup_code: "7KQ4".to_owned(),
            },
            Template::OrderMoved {
                order_number: number(),
                from: place(),
                to: Text::new("武林店", "Wulin store"),
                reason: Text::new("的商品有破损", "the item was damaged"),
                promised_at: at,
            },
            Template::OrderDelayed {
                order_number: number(),
                reason: Text::new("门店缺货", "the store has none left"),
            },
            Template::OrderShipped {
                order_number: number(),
                carrier: "SF".to_owned(),
                tracking_number: "1".to_owned(),
            },
            Template::OrderCancelled {
                order_number: number(),
                refund: Some(money),
                because: Some(Text::new("保留期已过，未取货", "It was not collected in time")),
            },
            Template::Refunded {
                order_number: number(),
                amount: money,
                points_reversed: 129,
            },
            Template::OrderExchanged {
                order_number: number(),
                place_name: place(),
                returned: Text::new("精华 ×1", "Serum ×1"),
                taken: Text::new("面霜 ×1", "Cream ×1"),
                paid: Some(money),
                refund: None,
            },
            Template::OrderExchanged {
                order_number: number(),
                place_name: place(),
                returned: Text::new("面霜 ×1", "Cream ×1"),
                taken: Text::new("精华 ×1", "Serum ×1"),
                paid: None,
                refund: Some(money),
            },
            Template::OrderReduced {
                order_number: number(),
                items: Text::new("精华 ×1", "Serum ×1"),
                refund: Some(money),
            },
            Template::OrderWaiting {
                order_number: number(),
                items: Text::new("精华 ×1", "Serum ×1"),
                until: Time::from_seconds(1_795_395_600),
            },
            Template::OrderResumed {
                order_number: number(),
                to: place(),
                promised_at: at,
            },
            Template::OrderUncollected {
                order_number: number(),
                place_name: place(),
                pickup_code: "042917".to_owned(),
                until: Time::from_seconds(1_795_395_600),
            },
            Template::SurveyInvitation {
                order_number: number(),
                place_name: Some(place()),
                url: "/s/x".to_owned(),
            },
            Template::IssueAnswer {
                words: "泵头 漏液".repeat(20),
                answer: Text::new("已更换泵头", "The pump is replaced"),
            },
            Template::Marketing {
                subject: place(),
                body: Text::new("新品到店", "New in store"),
            },
        ]
    }

    #[test]
    fn every_template_speaks_both_languages() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        for template in every() {
            let (zh, en) = (
                template.write(Locale::Zh, &zone),
                template.write(Locale::En, &zone),
            );
            let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(zh.body.chars().any(is_han), "{zh:?}");
            let own_words = matches!(template, Template::IssueAnswer { .. });
            assert!(own_words || !en.body.chars().any(is_han), "{en:?}");
        }
    }

    #[test]
    fn facts_are_written_as_people_read_them() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let paid = every()[1].write(Locale::Zh, &zone).body;
        assert_eq!(
            paid,
            "【店环】订单 S7K3-M9QD 已支付 ¥129.05。预计 11-23 09:00 前可在湖滨店自提，备好后会通知您。"
        );
        let refunded = every()[8].write(Locale::En, &zone).body;
        assert!(refunded.contains("¥129.05") && refunded.contains("129 points were taken back"));
        let answer = every().into_iter().find(|t| t.name() == "issue_answer").unwrap();
        assert!(answer.write(Locale::Zh, &zone).body.contains('…'));
    }
}
