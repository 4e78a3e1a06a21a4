//! What a message is.

use std::str::FromStr;

use base::{Error, Locale, MemberId, MessageId, Result, Time, codes};
use db::{FromValue, Value};
use members::{Contact, Phone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::template::Template;

/// The way a message goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageChannel)]
pub enum Channel {
    /// Text message to a phone.
    Sms,
    /// E-mail.
    Email,
    /// Push to the app.
    Push,
    /// The member's own list in the shop.
    Inbox,
}

/// What kind of consent a message needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessagePurpose)]
pub enum Purpose {
    /// Fulfils what the person asked for, such as an order or a sign-in: needs none.
    Transaction,
    /// Goes with the service, such as a survey or an answer: allowed until withdrawn.
    Service,
    /// Wants to sell: only with a consent for the channel.
    Marketing,
}

/// How far a message is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageState)]
pub enum State {
    /// Waits for its channel.
    Queued,
    /// Handed over to its channel.
    Sent,
    /// Its channel refused it for good.
    Failed,
    /// Held back, since it is not allowed.
    Suppressed,
}

macro_rules! stored_as_text {
    ($($type:ident { $($variant:ident = $text:literal),+ })+) => {$(
        impl $type {
            /// As stored and as on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
        impl FromStr for $type {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(Error::new(&codes::MALFORMED).with("reason", text)),
                }
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self> {
                String::from_value(value)?.parse().map_err(Error::internal)
            }
        }
    )+};
}
stored_as_text! {
    Channel { Sms = "sms", Email = "email", Push = "push", Inbox = "inbox" }
    Purpose { Transaction = "transaction", Service = "service", Marketing = "marketing" }
    State { Queued = "queued", Sent = "sent", Failed = "failed", Suppressed = "suppressed" }
}

/// Why a message is held back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suppression {
    /// The consent it needs is not there.
    Consent,
    /// The person has no address on the channel.
    NoAddress,
}

impl Suppression {
    /// As stored and as on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::NoAddress => "no_address",
        }
    }
}

/// Whether a message may go, by what the person allows at this instant. Somebody who is no member has
/// agreed to nothing, so only what fulfils an order, or asks and answers about it, may go.
#[must_use]
pub(crate) fn suppression(
    purpose: Purpose,
    channel: Channel,
    contact: Option<&Contact>,
) -> Option<Suppression> {
    let allowed = match (purpose, channel, contact) {
        (Purpose::Transaction, ..) | (Purpose::Service, _, None) => true,
        (Purpose::Service, _, Some(contact)) => contact.service,
        (Purpose::Marketing, _, None) => false,
        (Purpose::Marketing, Channel::Email, Some(contact)) => contact.marketing_email,
        (Purpose::Marketing, _, Some(contact)) => contact.marketing_sms,
    };
    (!allowed).then_some(Suppression::Consent)
}

/// Who is written to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// The member, whose language and consents count.
    pub member_id: Option<MemberId>,
    /// The phone given for this occasion, such as an order's; else the member's own.
    pub phone: Option<Phone>,
    /// The language for somebody who is no member.
    pub locale: Locale,
}

/// A message to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMessage {
    /// To whom.
    pub to: Recipient,
    /// What.
    pub template: Template,
    /// Names the occasion: one message each, however often it is asked for.
    pub dedupe: Option<String>,
}

/// What became of a message when it was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// Which message; the earlier one when the occasion had one already.
    pub id: MessageId,
    /// Where it stands.
    pub state: State,
}

/// A message as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// The way it goes.
    pub channel: Channel,
    /// The address on that way; empty for the inbox.
    pub recipient: String,
    /// Whose, if a member's.
    pub member_id: Option<MemberId>,
    /// Its template's name.
    pub template: String,
    /// What consent it needs.
    pub purpose: Purpose,
    /// Its language.
    pub locale: Locale,
    /// Title.
    pub subject: Option<String>,
    /// Text.
    pub body: String,
    /// How far it is.
    pub state: State,
    /// Why it was held back.
    pub suppressed_reason: Option<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it was handed over.
    pub sent_at: Option<Time>,
}

/// A message of the past.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageImport {
    /// Given by the importer so that a second run changes nothing.
    pub id: MessageId,
    /// What, to whom, for which occasion. The member's language and consents are not asked: it was sent.
    pub message: NewMessage,
    /// When it was sent.
    pub at: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed() {
        let contact = |service, marketing_sms, marketing_email| Contact {
            phone: None,
            locale: Locale::Zh,
            service,
            marketing_sms,
            marketing_email,
        };
        let (open, shut) = (contact(true, true, false), contact(false, false, true));
        for (purpose, channel, contact, allowed) in [
            (Purpose::Transaction, Channel::Sms, None, true),
            (Purpose::Transaction, Channel::Sms, Some(&shut), true),
            (Purpose::Service, Channel::Sms, None, true),
            (Purpose::Service, Channel::Sms, Some(&open), true),
            (Purpose::Service, Channel::Inbox, Some(&shut), false),
            (Purpose::Marketing, Channel::Sms, None, false),
            (Purpose::Marketing, Channel::Sms, Some(&open), true),
            (Purpose::Marketing, Channel::Sms, Some(&shut), false),
            (Purpose::Marketing, Channel::Email, Some(&open), false),
            (Purpose::Marketing, Channel::Email, Some(&shut), true),
        ] {
            assert_eq!(
                suppression(purpose, channel, contact).is_none(),
                allowed,
                "{purpose:?} {channel:?}"
            );
        }
    }
}
