//! The reasons of prices, in words people read.

use base::{Currency, Money, Text};

use super::Buyer;
use crate::model::{Audience, Effect, SpendStep};

/// A sum as written in a sentence: without empty decimals, with the sign of the yuan.
fn sum(amount: i64, currency: Option<Currency>) -> String {
    let currency = currency.unwrap_or(Currency::CNY);
    let written = Money::new(amount, currency).to_string();
    let number = written.trim_end_matches(currency.as_str()).trim_end();
    let zeros = format!(".{}", "0".repeat(currency.exponent() as usize));
    let number = number.strip_suffix(&zeros).unwrap_or(number);
    if currency == Currency::CNY {
        format!("¥{number}")
    } else {
        format!("{number} {currency}")
    }
}

/// Hundredths as a decimal without empty places: 1250 over 100 is 12.5.
fn decimal(value: i64, unit: i64) -> String {
    let (whole, rest) = (value / unit, value % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    format!("{whole}.{rest:0width$}").trim_end_matches('0').to_owned()
}

/// What an effect does.
pub(crate) fn terms(effect: &Effect, currency: Option<Currency>) -> Text {
    match effect {
        Effect::PercentOff { basis_points } => Text::new(
            // Chinese names what is left to pay: 20 % off is 8 折.
            format!("{} 折", decimal(10_000 - basis_points, 1_000)),
            format!("{}% off", decimal(*basis_points, 100)),
        ),
        Effect::AmountOff { amount_minor } => {
            let sum = sum(*amount_minor, currency);
            Text::new(format!("立减 {sum}"), format!("{sum} off"))
        }
        Effect::FixedPrice { amount_minor } => {
            let sum = sum(*amount_minor, currency);
            Text::new(format!("一口价 {sum}"), format!("{sum} each"))
        }
        Effect::BuyGet {
            buy,
            get,
            basis_points: 10_000,
        } => Text::new(
            format!("买 {buy} 送 {get}，价低者免费"),
            format!("Buy {buy}, get {get} free, the cheapest"),
        ),
        Effect::BuyGet {
            buy,
            get,
            basis_points,
        } => Text::new(
            format!(
                "买 {buy} 件，另 {get} 件（价低者）{} 折",
                decimal(10_000 - basis_points, 1_000)
            ),
            format!(
                "Buy {buy}, get {get} at {}% off, the cheapest",
                decimal(*basis_points, 100)
            ),
        ),
        Effect::SpendSteps { steps } => {
            let each = |join: &str, say: &dyn Fn(&SpendStep) -> String| {
                steps.iter().map(say).collect::<Vec<_>>().join(join)
            };
            let of = |amount| sum(amount, currency);
            Text::new(
                each("，", &|s| {
                    format!("满 {} 减 {}", of(s.from_minor), of(s.off_minor))
                }),
                each("; ", &|s| {
                    format!("{} off from {}", of(s.off_minor), of(s.from_minor))
                }),
            )
        }
        Effect::Bundle { parts, amount_minor } => {
            let pieces: i64 = parts.iter().map(|part| part.quantity).sum();
            let sum = sum(*amount_minor, currency);
            Text::new(
                format!("{pieces} 件套装 {sum}"),
                format!("Set of {pieces} for {sum}"),
            )
        }
        Effect::FreeShipping => Text::new("免运费", "Free delivery"),
    }
}

/// Why a price list counts.
pub(super) fn list_price(audience: &Audience, min_quantity: i64) -> Text {
    let mut reasons = Vec::new();
    if !audience.place_ids.is_empty() {
        reasons.push(("本店价", "this store's price"));
    }
    if !audience.tiers.is_empty() {
        reasons.push(("会员等级价", "price for your tier"));
    }
    if !audience.channels.is_empty() {
        reasons.push(("本渠道价", "price of this channel"));
    }
    if reasons.is_empty() {
        reasons.push(("价目表价", "list price"));
    }
    let (zh, en): (Vec<&str>, Vec<&str>) = reasons.into_iter().unzip();
    let mut why = Text::new(zh.join("、"), en.join(", "));
    if min_quantity > 1 {
        why.zh.push_str(&format!("，满 {min_quantity} 件起"));
        why.en.push_str(&format!(", from {min_quantity} pieces on"));
    }
    why
}

pub(super) fn paused() -> Text {
    Text::new("已暂停", "Paused")
}

pub(super) fn no_code() -> Text {
    Text::new("需要输入优惠码", "Needs its code to be typed")
}

pub(super) fn not_now(is_to_come: bool) -> Text {
    if is_to_come {
        Text::new("尚未开始", "Has not begun")
    } else {
        Text::new("已结束", "Has ended")
    }
}

pub(super) fn other_currency() -> Text {
    Text::new("货币不同", "For another currency")
}

/// What about the buyer does not fit.
pub(super) fn other_buyers(audience: &Audience, buyer: &Buyer) -> Text {
    let misses_place = !audience.place_ids.is_empty()
        && buyer
            .place_id
            .is_none_or(|place| !audience.place_ids.contains(&place));
    if !audience.channels.is_empty() && !audience.channels.contains(&buyer.channel) {
        Text::new("不适用于此渠道", "Not in this channel")
    } else if misses_place {
        Text::new("不适用于此门店", "Not at this place")
    } else {
        Text::new("不适用于此会员等级", "Not for this tier")
    }
}

pub(super) fn group_taken(by: &Text) -> Text {
    Text::new(
        format!("同组活动“{}”已生效，不叠加", by.zh),
        format!("\"{}\" of the same group applies already", by.en),
    )
}

pub(super) fn no_goods() -> Text {
    Text::new("没有参加活动的商品", "None of its goods are in the cart")
}

pub(super) fn does_not_stack() -> Text {
    Text::new(
        "商品已享其他活动，不可叠加",
        "Its goods have another promotion that does not combine",
    )
}

pub(super) fn too_few(missing: i64) -> Text {
    Text::new(format!("还差 {missing} 件"), format!("{missing} more to go"))
}

pub(super) fn too_little(missing: i64, currency: Currency) -> Text {
    let missing = sum(missing, Some(currency));
    Text::new(format!("还差 {missing}"), format!("{missing} more to go"))
}

/// Its goods are there, yet not enough of them, or they cost less already.
pub(super) fn takes_nothing(effect: &Effect, currency: Option<Currency>) -> Text {
    match effect {
        Effect::SpendSteps { steps } => {
            let first = steps.iter().map(|step| step.from_minor).min().unwrap_or(0);
            let first = sum(first, currency);
            Text::new(format!("未满 {first}"), format!("Begins at {first}"))
        }
        Effect::BuyGet { buy, get, .. } => {
            let needs = buy + get;
            Text::new(format!("未满 {needs} 件"), format!("Needs {needs} pieces"))
        }
        Effect::Bundle { .. } => Text::new(
            "套装未凑齐，或已更便宜",
            "The set is not complete, or costs less already",
        ),
        _ => Text::new("现价已更低", "The goods cost no more already"),
    }
}

pub(super) fn nothing_delivered() -> Text {
    Text::new("无需配送", "Nothing is delivered")
}

pub(super) fn delivery_is_free() -> Text {
    Text::new("运费已免", "The delivery is free already")
}
