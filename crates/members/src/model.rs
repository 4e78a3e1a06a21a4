//! What a member is.

use std::fmt;
use std::str::FromStr;

use base::{Error, Locale, MemberId, PlaceId, Result, Time, codes};
use db::{FromValue, ToValue, Value};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error;
use crate::phone::Phone;

/// What a person agrees to, or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Messages that go with the service: surveys, answers to what was said, care of what was bought.
    /// Messages that fulfil an order or a sign-in need no consent.
    Service,
    /// Marketing by text message.
    MarketingSms,
    /// Marketing by e-mail.
    MarketingEmail,
    /// Recommendations from the person's own history.
    Personalisation,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [
        Self::Service,
        Self::MarketingSms,
        Self::MarketingEmail,
        Self::Personalisation,
    ];

    /// As stored and as on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::MarketingSms => "marketing_sms",
            Self::MarketingEmail => "marketing_email",
            Self::Personalisation => "personalisation",
        }
    }
}

impl FromStr for Purpose {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|p| p.as_str() == text)
            .ok_or_else(|| Error::internal(format!("\"{text}\" is not a purpose")))
    }
}
impl ToValue for Purpose {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}
impl FromValue for Purpose {
    fn from_value(value: &Value) -> Result<Self> {
        String::from_value(value)?.parse()
    }
}

/// How a consent was given or withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// At sign-in.
    SignIn,
    /// In the member's own settings.
    Settings,
    /// Said to staff.
    Counter,
    /// By answering a text message.
    SmsStop,
    /// Through the link in a message.
    Link,
    /// Brought over from an earlier system.
    Import,
}

impl Method {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Settings => "settings",
            Self::Counter => "counter",
            Self::SmsStop => "sms_stop",
            Self::Link => "link",
            Self::Import => "import",
        }
    }
}

/// One consent, given or withdrawn, with its evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consent {
    /// To what.
    pub purpose: Purpose,
    /// Given or withdrawn.
    pub granted: bool,
    /// The text that was shown.
    pub policy_version: String,
    /// How.
    pub method: Method,
    /// When.
    pub at: Time,
}

/// What holds of a purpose now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConsentState {
    /// To what.
    pub purpose: Purpose,
    /// Whether it holds.
    pub granted: bool,
    /// The text that was shown.
    pub policy_version: String,
    /// Since when.
    pub at: Time,
}

/// Where a member came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Signed in with a phone.
    SignIn,
    /// Joined at a counter.
    Counter,
    /// Brought over from an earlier system.
    Import,
}

impl Source {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Counter => "counter",
            Self::Import => "import",
        }
    }
}

/// A person who joined. `Debug` shows no personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// Ten digits, the last a check digit; printed on cards.
    pub number: String,
    /// As they want to be called.
    pub name: Option<String>,
    /// The one phone they sign in with.
    pub phone: Option<Phone>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// The language they are written to.
    pub locale: Locale,
    /// Day of birth.
    pub birthday: Option<Date>,
    /// What staff noted.
    pub notes: Option<String>,
    /// What staff marked them with, sorted.
    pub tags: Vec<String>,
    /// The store they call theirs.
    pub home_place_id: Option<PlaceId>,
    /// What holds of each purpose they were ever asked about.
    pub consents: Vec<ConsentState>,
    /// Since when.
    pub joined_at: Time,
    /// Raised by one at every change.
    pub version: i64,
}

impl Member {
    /// Whether a purpose is allowed now. Never asked is not allowed.
    #[must_use]
    pub fn allows(&self, purpose: Purpose) -> bool {
        self.consents.iter().any(|c| c.purpose == purpose && c.granted)
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// How to reach a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// By text message.
    pub phone: Option<Phone>,
    /// In which language.
    pub locale: Locale,
    /// Whether service messages are allowed; only a withdrawal forbids them.
    pub service: bool,
    /// Whether marketing by text message is allowed.
    pub marketing_sms: bool,
    /// Whether marketing by e-mail is allowed.
    pub marketing_email: bool,
}

/// Characters a name may have.
pub const NAME_MAX_CHARS: usize = 80;
/// Characters the staff's note may have.
pub const NOTES_MAX_CHARS: usize = 2_000;
/// Tags one member may carry.
pub const TAGS_MAX: usize = 30;
/// Characters a tag may have.
pub const TAG_MAX_CHARS: usize = 40;

/// A text without blanks around it; `None` when nothing is left.
///
/// # Errors
/// `input.invalid` naming the field when it is too long.
pub(crate) fn clean(field: &str, text: Option<String>, max: usize) -> Result<Option<String>> {
    let Some(text) = text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    must_be_short(field, &text, max)?;
    Ok(Some(text))
}

/// Refuses a text of more than `max` characters.
///
/// # Errors
/// `input.invalid` naming the field.
pub fn must_be_short(field: &str, text: &str, max: usize) -> Result<()> {
    if text.chars().count() <= max {
        return Ok(());
    }
    let facts = [("max".to_owned(), max.into())].into_iter().collect();
    Err(Error::new(&codes::INVALID_INPUT).and_field(field, &codes::TOO_LONG, facts))
}

/// Refuses a list of more than `max` things.
///
/// # Errors
/// `input.invalid` naming the field.
pub fn must_be_few(field: &str, count: usize, max: usize) -> Result<()> {
    if count <= max {
        return Ok(());
    }
    let facts = [("min".to_owned(), 0.into()), ("max".to_owned(), max.into())]
        .into_iter()
        .collect();
    Err(Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts))
}

/// A set of tags: trimmed, without empties and repetitions, sorted.
///
/// # Errors
/// `input.invalid` when there are too many or one is too long.
pub(crate) fn clean_tags(tags: Vec<String>) -> Result<Vec<String>> {
    must_be_few("tags", tags.len(), TAGS_MAX)?;
    let mut clean_tags = Vec::with_capacity(tags.len());
    for (at, tag) in tags.into_iter().enumerate() {
        clean_tags.extend(clean(&format!("tags[{at}]"), Some(tag), TAG_MAX_CHARS)?);
    }
    clean_tags.sort();
    clean_tags.dedup();
    Ok(clean_tags)
}

/// A birthday as written on the wire.
///
/// # Errors
/// `input.invalid` naming the field when it is not a day between 1900 and today.
pub(crate) fn parse_birthday(text: &str, now: Time) -> Result<Date> {
    let today = now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    text.parse::<Date>()
        .ok()
        .filter(|day| text.len() == 10 && day.year() >= 1900 && *day <= today)
        .ok_or_else(|| Error::field("birthday", &error::BIRTHDAY_INVALID))
}

/// A change to a member. `None` leaves a field as it is, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    /// The name.
    pub name: Option<Option<String>>,
    /// The language.
    pub locale: Option<Locale>,
    /// The birthday as written.
    pub birthday: Option<Option<String>>,
    /// The staff's note.
    pub notes: Option<Option<String>>,
    /// The whole set of tags.
    pub tags: Option<Vec<String>>,
}

/// What a person brings when they sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The proven phone.
    pub phone: Phone,
    /// As they want to be called, asked of new members.
    pub name: Option<String>,
    /// The language of the screen.
    pub locale: Locale,
    /// The boxes they ticked or left; the text they saw.
    pub consents: Vec<(Purpose, bool)>,
    /// The version of the policy shown.
    pub policy_version: String,
}

/// A member brought over from an earlier system.
#[derive(Clone, Debug)]
pub struct MemberImport {
    /// Given by the importer so that a second run changes nothing.
    pub id: MemberId,
    /// Their number there; one is made when absent.
    pub number: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<Phone>,
    /// E-mail address.
    pub email: Option<String>,
    /// Language.
    pub locale: Locale,
    /// Day of birth.
    pub birthday: Option<Date>,
    /// Tags.
    pub tags: Vec<String>,
    /// Note.
    pub notes: Option<String>,
    /// Their store.
    pub home_place_id: Option<PlaceId>,
    /// What they agreed to, oldest first.
    pub consents: Vec<Consent>,
    /// Since when.
    pub joined_at: Time,
}

/// What became of an import.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MembersImported {
    /// Rows that landed now.
    pub inserted: u64,
    /// Rows left out because their phone or number belongs to somebody else already.
    pub refused: Vec<MemberId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays() {
        let now: Time = "2026-11-23T00:00:00Z".parse().unwrap();
        assert!(parse_birthday("1990-02-28", now).is_ok());
        for text in [
            "2026-11-24",
            "1899-12-31",
            "1990-02-30",
            "19900228",
            "1990-2-8",
            "",
            "1990-02-28T00:00",
        ] {
            assert!(parse_birthday(text, now).is_err(), "{text}");
        }
    }

    #[test]
    fn tags_are_a_set() {
        let tags = ["b ", "a", "", "b"].map(str::to_owned).to_vec();
        assert_eq!(clean_tags(tags).unwrap(), ["a", "b"]);
        assert!(clean_tags(vec!["x".repeat(41)]).is_err());
        assert!(clean_tags((0..31).map(|n| n.to_string()).collect()).is_err());
    }
}
