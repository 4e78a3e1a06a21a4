//! What we write to people, in both languages: one file each. Every template is a variant with the facts it needs, so that
//! nobody can send one with a hole in it.

mod chinese;
mod english;

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
    /// The order was changed.
    OrderChanged {
        /// Which order.
        order_number: String,
        /// What of it, in words.
        what: Text,
        /// What it costs now.
        total: Money,
        /// What is paid back for it.
        refund: Option<Money>,
    },
    /// Somebody in the house asked for a change that costs more.
    OrderChangeAsked {
        /// Which order.
        order_number: String,
        /// What of it, in words.
        what: Text,
        /// What is to be paid.
        difference: Money,
        /// Until when.
        until: Time,
        /// Where to pay.
        url: String,
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
            Self::OrderChanged { .. } => "order_changed",
            Self::OrderChangeAsked { .. } => "order_change_asked",
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
            | Self::OrderChanged { .. }
            | Self::OrderChangeAsked { .. }
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
mod tests;
