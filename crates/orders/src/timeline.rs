//! What happened to an order. Stored as kind and facts; the words are made when somebody reads them.

use base::{Error, Result, Text, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MomentKind {
    /// The order was placed and its stock held.
    Placed,
    /// A payment was started.
    PaymentStarted,
    /// Prices changed before it was paid.
    Repriced,
    /// A payment was refused.
    PaymentDeclined,
    /// The money is here.
    Paid,
    /// A place was asked to serve it.
    Allocated,
    /// A place packed it.
    Ready,
    /// A place could not serve it.
    Rejected,
    /// Another place serves it instead.
    Moved,
    /// The customer took it along.
    Collected,
    /// The carrier has it.
    Shipped,
    /// It reached the door.
    Delivered,
    /// It was given up.
    Cancelled,
    /// It was not paid in time.
    Expired,
    /// A person must decide.
    NeedsDecision,
    /// A person decided.
    Decided,
    /// Some of it is still to come, by a day its customer is told; anew when that day moves.
    Awaited,
    /// Another place has sent what is to be collected.
    SentToStore,
    /// What the order waited for has come.
    Supplied,
    /// Some of its pieces were given up.
    Reduced,
    /// A change that costs more was asked for and waits for its payment.
    ChangeAsked,
    /// The order was changed.
    Changed,
    /// A change that waited for its payment was not made.
    ChangeDropped,
    /// Its customer was reminded that it waits at the counter.
    Reminded,
    /// Nobody fetched it in time.
    Lapsed,
    /// Too many wrong pickup codes.
    CodeLocked,
    /// Somebody let the pickup code be tried again.
    CodeUnlocked,
    /// Goods came back.
    Returned,
    /// Goods came back and others went out for them.
    Exchanged,
    /// A guest's order became a member's.
    Joined,
    /// Money is on its way back.
    Refunded,
    /// The time for routine returns is over.
    Closed,
}

/// One entry of an order's history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// What.
    pub kind: MomentKind,
    /// Who.
    pub actor: String,
    /// With what facts; texts in both languages are objects of `zh` and `en`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, Value>,
}

impl Moment {
    /// Something that happened.
    #[must_use]
    pub fn new(at: Time, kind: MomentKind, actor: impl ToString) -> Self {
        Self {
            at,
            kind,
            actor: actor.to_string(),
            facts: Map::new(),
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a fact that reads differently in the two languages.
    #[must_use]
    pub fn with_text(self, name: &str, text: &Text) -> Self {
        let both = Value::Object(
            [
                ("zh".to_owned(), text.zh.clone().into()),
                ("en".to_owned(), text.en.clone().into()),
            ]
            .into_iter()
            .collect(),
        );
        self.with(name, both)
    }

    /// What it says to people.
    #[must_use]
    pub fn text(&self) -> Text {
        let place = self.fact("place");
        let (zh, en) = match self.kind {
            MomentKind::Placed => (
                "已下单，商品已为您保留".into(),
                "Ordered; the items are being held".into(),
            ),
            MomentKind::PaymentStarted => ("重新发起支付".into(), "Another payment was started".into()),
            MomentKind::Repriced => {
                let (before, now) = (self.plain("before"), self.plain("now"));
                (
                    format!("价格有变，由 {before} 改为 {now}"),
                    format!("Prices have changed: {now} instead of {before}"),
                )
            }
            MomentKind::PaymentDeclined => (
                "支付未成功，可换一种方式再试".into(),
                "The payment was declined; another way may work".into(),
            ),
            MomentKind::Paid => ("已付款".into(), "Paid".into()),
            MomentKind::Allocated => (
                format!("{}开始备货", place.zh),
                format!("{} is preparing it", place.en),
            ),
            MomentKind::Ready => (format!("{}已备好", place.zh), format!("Ready at {}", place.en)),
            MomentKind::Rejected => {
                let reason = self.fact("reason");
                (
                    format!("{}无法备货：{}", place.zh, reason.zh),
                    format!("{} cannot serve it: {}", place.en, reason.en),
                )
            }
            MomentKind::Moved => (format!("改由{}备货", place.zh), format!("Moved to {}", place.en)),
            MomentKind::Collected => match self.plain("proxy") {
                proxy if proxy.is_empty() => (
                    format!("已在{}取货", place.zh),
                    format!("Collected at {}", place.en),
                ),
                proxy => (
                    format!("已在{}由{proxy}代取", place.zh),
                    format!("Collected at {} by {proxy} on the customer's behalf", place.en),
                ),
            },
            MomentKind::Shipped => {
                let (carrier, number) = (self.plain("carrier"), self.plain("tracking_number"));
                (
                    format!("已发货：{carrier} {number}"),
                    format!("Shipped with {carrier} {number}"),
                )
            }
            MomentKind::Delivered => ("已送达".into(), "Delivered".into()),
            MomentKind::Cancelled => {
                let reason = self.plain("reason");
                if reason.is_empty() {
                    ("已取消".into(), "Cancelled".into())
                } else {
                    (format!("已取消：{reason}"), format!("Cancelled: {reason}"))
                }
            }
            MomentKind::Expired => (
                "超时未付款，订单已关闭".into(),
                "Not paid in time; the order was closed".into(),
            ),
            MomentKind::NeedsDecision => {
                let why = self.fact("why");
                (
                    format!("需要人工处理：{}", why.zh),
                    format!("A person must decide: {}", why.en),
                )
            }
            MomentKind::Decided => self.decision(),
            MomentKind::Awaited => {
                let (items, day, before) = (self.fact("items"), self.plain("day"), self.plain("before"));
                let from = self.fact("from");
                if !from.zh.is_empty() {
                    (
                        format!("{}由{}调来，预计 {day} 可取", items.zh, from.zh),
                        format!("{} will be sent from {}, ready by {day}", items.en, from.en),
                    )
                } else if before.is_empty() {
                    (
                        format!("{}预计 {day} 备好", items.zh),
                        format!("{} will be there by {day}", items.en),
                    )
                } else {
                    (
                        format!("{}到货有变，由 {before} 改为 {day}", items.zh),
                        format!("{} will be there by {day} instead of {before}", items.en),
                    )
                }
            }
            MomentKind::SentToStore => {
                let from = self.fact("from");
                (
                    format!("{}已发往{}", from.zh, place.zh),
                    format!("On its way from {} to {}", from.en, place.en),
                )
            }
            MomentKind::Supplied => ("等待的商品到货了".into(), "What it waited for has come".into()),
            MomentKind::Reduced => {
                let (items, reason) = (self.fact("items"), self.plain("reason"));
                if reason.is_empty() {
                    (
                        format!("已取消：{}", items.zh),
                        format!("Cancelled: {}", items.en),
                    )
                } else {
                    (
                        format!("已取消：{}（{reason}）", items.zh),
                        format!("Cancelled: {} ({reason})", items.en),
                    )
                }
            }
            MomentKind::ChangeAsked | MomentKind::Changed | MomentKind::ChangeDropped => self.change(),
            MomentKind::Reminded => (
                "已提醒顾客取货".into(),
                "The customer was reminded to collect it".into(),
            ),
            MomentKind::Lapsed => (
                format!("保留期已过，未在{}取货", place.zh),
                format!("Not collected at {} in time", place.en),
            ),
            MomentKind::CodeLocked => (
                "取货码多次输错，已锁定".into(),
                "The pickup code was locked after too many wrong tries".into(),
            ),
            MomentKind::CodeUnlocked => ("取货码已解锁".into(), "The pickup code was unlocked".into()),
            MomentKind::Returned => (
                format!("已在{}退货", place.zh),
                format!("Returned at {}", place.en),
            ),
            MomentKind::Exchanged => self.exchange(),
            MomentKind::Joined => ("已并入会员账户".into(), "Added to a member's account".into()),
            MomentKind::Refunded => {
                let amount = self.plain("amount");
                (format!("退款 {amount}"), format!("Refund of {amount}"))
            }
            MomentKind::Closed => ("订单已完成".into(), "The order is complete".into()),
        };
        Text { zh, en }
    }

    /// What was changed, what it costs now, and why.
    fn change(&self) -> (String, String) {
        let (what, why) = (self.fact("what"), self.plain("reason"));
        let (zh, en) = match self.kind {
            MomentKind::ChangeDropped => {
                let cause = self.fact("cause");
                return (
                    format!("修改未生效：{}", cause.zh),
                    format!("The change was not made: {}", cause.en),
                );
            }
            MomentKind::ChangeAsked => {
                let (amount, until) = (self.plain("amount"), self.plain("until"));
                (
                    format!("申请修改：{}；补付 {amount} 后生效，商品保留至 {until}", what.zh),
                    format!(
                        "Change asked for: {}; made once {amount} is paid, held until {until}",
                        what.en
                    ),
                )
            }
            _ => {
                let (before, now) = (self.plain("before"), self.plain("now"));
                let (zh, en) = if before == now {
                    (String::new(), String::new())
                } else {
                    (
                        format!("；金额由 {before} 改为 {now}"),
                        format!("; it costs {now} instead of {before}"),
                    )
                };
                (
                    format!("订单已修改：{}{zh}", what.zh),
                    format!("Changed: {}{en}", what.en),
                )
            }
        };
        if why.is_empty() {
            (zh, en)
        } else {
            (format!("{zh}（{why}）"), format!("{en} ({why})"))
        }
    }

    /// What came back, what went out for it, and who paid whom.
    fn exchange(&self) -> (String, String) {
        let (place, back, taken) = (self.fact("place"), self.fact("returned"), self.fact("taken"));
        let (paid, refunded) = (self.plain("paid"), self.plain("refunded"));
        let (zh, en) = match (paid.as_str(), refunded.as_str()) {
            ("", "") => ("，差价为零".to_owned(), String::new()),
            (paid, "") => (format!("，补付 {paid}"), format!("; {paid} was paid")),
            (_, refunded) => (format!("，退回 {refunded}"), format!("; {refunded} goes back")),
        };
        (
            format!("在{}换货：退回{}，换得{}{zh}", place.zh, back.zh, taken.zh),
            format!("Exchanged at {}: {} for {}{en}", place.en, back.en, taken.en),
        )
    }

    /// What a person chose to do about it.
    fn decision(&self) -> (String, String) {
        let place = self.fact("place");
        let day = self.plain("day");
        match self.plain("choice").as_str() {
            "place" => (
                format!("人工决定：由{}备货", place.zh),
                format!("Decided: {} serves it", place.en),
            ),
            "wait" => (
                format!("人工决定：等待到货，最迟 {day}"),
                format!("Decided: wait for supply until {day}"),
            ),
            "cancel" => (
                "人工决定：取消缺货商品".into(),
                "Decided: give up what is missing".into(),
            ),
            _ => (
                "人工决定：重新安排门店".into(),
                "Decided: look for a place again".into(),
            ),
        }
    }

    pub(crate) fn fact(&self, name: &str) -> Text {
        let inner = |language: &str| {
            let value = self.facts.get(name)?;
            value.get(language).or(Some(value))?.as_str().map(str::to_owned)
        };
        Text {
            zh: inner("zh").unwrap_or_default(),
            en: inner("en").unwrap_or_default(),
        }
    }

    fn plain(&self, name: &str) -> String {
        self.facts
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// The entry as stored: one line of JSON.
    pub(crate) fn written(&self) -> Result<String> {
        serde_json::to_string(self)
            .map(|json| json + "\n")
            .map_err(Error::internal)
    }
}

/// The stored history, one entry a line.
pub(crate) fn written(moments: &[Moment]) -> Result<String> {
    moments.iter().map(Moment::written).collect()
}

/// Reads a stored history.
pub(crate) fn read(stored: &str) -> Result<Vec<Moment>> {
    stored
        .lines()
        .map(|line| serde_json::from_str(line).map_err(Error::internal))
        .collect()
}

/// One entry of an order's history, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TimelineItem {
    /// When.
    pub at: Time,
    /// What.
    pub kind: MomentKind,
    /// What it says to people.
    pub text: Text,
    /// Who; for staff only.
    pub actor: Option<String>,
    /// The facts behind the words.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
}

impl TimelineItem {
    /// As shown to staff, or to the customer.
    #[must_use]
    pub fn new(moment: &Moment, for_staff: bool) -> Self {
        let mut facts = moment.facts.clone();
        if !for_staff {
            // A word among colleagues, and which of them it was.
            facts.remove("note");
            facts.remove("asked_by");
        }
        Self {
            at: moment.at,
            kind: moment.kind,
            text: moment.text(),
            actor: for_staff.then(|| moment.actor.clone()),
            facts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_is_read_back() {
        let at = Time::from_seconds(1_700_000_000);
        let moments = vec![
            Moment::new(at, MomentKind::Placed, "anonymous"),
            Moment::new(at, MomentKind::Rejected, "stf_x")
                .with_text("place", &Text::new("湖滨店", "Hubin store"))
                .with_text("reason", &Text::new("缺货\n", "not in stock")),
        ];
        let stored = written(&moments).unwrap();
        assert_eq!(stored.lines().count(), 2, "a line break inside a fact is escaped");
        assert_eq!(read(&stored).unwrap(), moments);
        assert_eq!(moments[1].text().en, "Hubin store cannot serve it: not in stock");
    }
}
