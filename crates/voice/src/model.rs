//! Surveys, voices and issues.

use base::{
    ActionId, Error, FeedbackId, IssueId, Locale, MemberId, MessageId, OrderId, PlaceId, ProductId, Result,
    StaffId, SurveyId, Text, Time,
};
use db::{FromValue, Value};
use jiff::civil::Date;
use members::Phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::proof::Proof;

macro_rules! stored_as_text {
    ($($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $text:tt,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
        pub enum $type { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $type {
            /// As stored and as on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self> {
                match String::from_value(value)?.as_str() {
                    $($text => Ok(Self::$variant),)+
                    other => Err(Error::internal(format!("\"{other}\" is no {}", stringify!($type)))),
                }
            }
        }
    )+};
}

stored_as_text! {
    /// The language of a text.
    Language {
        /// Chinese, in whichever characters.
        Zh = "zh",
        /// English.
        En = "en",
        /// Another, or too little to tell.
        Unknown = "unknown",
    }
    /// How a person feels.
    Sentiment {
        /// Displeased.
        Negative = "negative",
        /// Neither.
        Neutral = "neutral",
        /// Pleased.
        Positive = "positive",
        /// Not to be told by rule.
        Unknown = "unknown",
    }
    /// What a sentiment rests on.
    Basis {
        /// The score the person gave.
        Score = "score",
        /// The words, by the lexicon.
        Words = "words",
        /// Nothing: it is unknown.
        Nothing = "nothing",
    }
    /// Where a voice was heard.
    Source {
        /// The answer to a survey.
        Survey = "survey",
        /// Said at a counter, noted by staff.
        Counter = "counter",
        /// Written in a chat.
        Chat = "chat",
        /// Written under a product.
        Review = "review",
        /// Written by a member on their own.
        Member = "member",
    }
    /// How far a voice is.
    FeedbackState {
        /// Waits for a person.
        New = "new",
        /// Part of an issue.
        Grouped = "grouped",
        /// Its person heard what became of it.
        Answered = "answered",
        /// Set aside, with a reason.
        Dismissed = "dismissed",
    }
    /// How far an issue is; follows from what is known of it, see [`crate::rules::state_of`].
    IssueState {
        /// Raised.
        Open = "open",
        /// Why it happens is known.
        CauseFound = "cause_found",
        /// Something is being done.
        Acting = "acting",
        /// All is done; does it help?
        Proving = "proving",
        /// Proven, and answered.
        Closed = "closed",
    }
    /// How pressing an issue is.
    Priority {
        /// When there is time.
        Low = "low",
        /// As usual.
        Normal = "normal",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
    /// What became of an answer to one person.
    AnswerOutcome {
        /// Handed to their channel.
        Sent = "sent",
        /// They do not want messages; not sent.
        Suppressed = "suppressed",
        /// Consciously not sent, or nobody to send it to.
        Waived = "waived",
    }
}

/// What a voice is about, with the names of the day it was heard.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Where.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// Its city.
    pub city: Option<Text>,
    /// Which order.
    pub order_id: Option<OrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// Which product.
    pub product_id: Option<ProductId>,
    /// Its name.
    pub product_name: Option<Text>,
    /// Who, if a member.
    pub member_id: Option<MemberId>,
    /// Where somebody who is no member can be answered.
    pub contact_phone: Option<Phone>,
}

/// The names in [`About`], as stored.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Names {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) city: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<Text>,
}

/// A product an order held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bought {
    /// Which.
    pub product_id: ProductId,
    /// Its name on that day.
    pub name: Text,
}

/// Whom to ask about an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSurvey {
    /// Which order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Whose.
    pub member_id: Option<MemberId>,
    /// Where a guest is asked.
    pub contact_phone: Option<Phone>,
    /// The language of somebody who is no member.
    pub locale: Locale,
    /// Where it was collected or sold.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
    /// Its city.
    pub city: Option<Text>,
    /// What was bought.
    pub products: Vec<Bought>,
}

/// What became of the wish to ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Invitation {
    /// Ask: the secret of the link, which is told only here.
    Ask {
        /// Which survey.
        survey_id: SurveyId,
        /// The secret.
        token: String,
    },
    /// This order was asked about before.
    Before,
    /// The person was asked about something else too short a time ago.
    TooSoon,
}

/// A survey.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Survey {
    /// Which.
    pub id: SurveyId,
    /// What is asked about, and whom.
    pub about: NewSurvey,
    /// When the invitation was made.
    pub invited_at: Time,
    /// Until when an answer counts.
    pub closes_at: Time,
    /// The answer.
    pub answered: Option<SurveyAnswer>,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyAnswer {
    /// 1 to 5.
    pub score: u8,
    /// In their words; may be empty.
    pub text: String,
    /// When.
    pub at: Time,
}

/// A voice to be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFeedback {
    /// Where it was heard.
    pub source: Source,
    /// 1 to 5, if given.
    pub score: Option<u8>,
    /// In their words; may be empty when there is a score.
    pub text: String,
    /// Topics the person chose, besides those the words tell.
    pub topics: Vec<String>,
    /// What it is about.
    pub about: About,
}

/// One voice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Feedback {
    /// Which.
    pub id: FeedbackId,
    /// Where it was heard.
    pub source: Source,
    /// 1 to 5, if given.
    pub score: Option<u8>,
    /// In their words.
    pub text: String,
    /// The language of the words.
    pub language: Language,
    /// How the person feels.
    pub sentiment: Sentiment,
    /// What that rests on.
    pub basis: Basis,
    /// Whether score and words contradict each other.
    pub conflicting: bool,
    /// What it is about, the strongest first.
    pub topics: Vec<String>,
    /// How far it is.
    pub state: FeedbackState,
    /// What it is about.
    pub about: About,
    /// The issue it is part of.
    pub issue_id: Option<IssueId>,
    /// The survey it answers.
    pub survey_id: Option<SurveyId>,
    /// When it was heard.
    pub heard_at: Time,
}

/// A voice with the name of the member behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedbackView {
    /// The voice.
    pub feedback: Feedback,
    /// The member's name, as these eyes may see it.
    pub member_name: Option<String>,
}

/// Which voices a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FeedbackFilter {
    /// In this state.
    pub state: Option<FeedbackState>,
    /// With a score no higher.
    pub score_max: Option<u8>,
    /// About this place.
    pub place: Option<PlaceId>,
    /// About this product.
    pub product: Option<ProductId>,
    /// Part of this issue.
    pub issue: Option<IssueId>,
    /// On this topic.
    pub topic: Option<String>,
    /// With these words.
    pub words: Option<String>,
}

/// A problem with an owner.
#[derive(Clone, PartialEq, Debug)]
pub struct Issue {
    /// Which.
    pub id: IssueId,
    /// Counted up from 1.
    pub number: i64,
    /// In a line.
    pub title: String,
    /// How far it is.
    pub state: IssueState,
    /// How pressing.
    pub priority: Priority,
    /// Who sees to it.
    pub owner_id: StaffId,
    /// By when.
    pub due_on: Date,
    /// Why it happens.
    pub cause: Option<String>,
    /// Voices in it.
    pub feedback_count: i64,
    /// What is done about it, oldest first.
    pub actions: Vec<Action>,
    /// Whether it helped.
    pub proof: Option<Proof>,
    /// What those who raised it were told.
    pub answer: Option<Text>,
    /// Why they were told nothing.
    pub waive_reason: Option<String>,
    /// What became of the answers, once closed.
    pub answers: Option<AnswerCounts>,
    /// When it was raised.
    pub created_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Raised by one at every change.
    pub version: i64,
}

/// One step of an issue's plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// Which.
    pub id: ActionId,
    /// What.
    pub title: String,
    /// Who.
    pub owner_id: StaffId,
    /// By when.
    pub due_on: Date,
    /// When it was done.
    pub done_at: Option<Time>,
}

/// What became of the answers to everybody who raised an issue.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct AnswerCounts {
    /// Handed to their channel.
    pub sent: i64,
    /// Not wanted, not sent.
    pub suppressed: i64,
    /// Consciously not sent, or nobody to send it to.
    pub waived: i64,
}

/// Something that happened to an issue, in words.
#[derive(Clone, PartialEq, Debug)]
pub struct Note {
    /// When.
    pub at: Time,
    /// What, for programs.
    pub kind: String,
    /// What, for people.
    pub text: Text,
    /// Who.
    pub actor: String,
}

/// An issue to be opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewIssue {
    /// In a line.
    pub title: String,
    /// The voices that raise it.
    pub feedback_ids: Vec<FeedbackId>,
    /// How pressing.
    pub priority: Priority,
    /// Who sees to it.
    pub owner_id: StaffId,
    /// By when.
    pub due_on: Date,
}

/// A change to an issue; `None` leaves a field as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IssueChange {
    /// In a line.
    pub title: Option<String>,
    /// How pressing.
    pub priority: Option<Priority>,
    /// Who sees to it.
    pub owner_id: Option<StaffId>,
    /// By when.
    pub due_on: Option<Date>,
    /// Why it happens; an empty text takes it away.
    pub cause: Option<String>,
}

/// A step to be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAction {
    /// What.
    pub title: String,
    /// Who.
    pub owner_id: StaffId,
    /// By when.
    pub due_on: Date,
}

/// Somebody who raised an issue and is to be answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Names them within the issue.
    pub key: String,
    /// Their latest voice in it.
    pub feedback_id: FeedbackId,
    /// What they had said.
    pub words: String,
    /// The language of those words.
    pub language: Language,
    /// The member, if one.
    pub member_id: Option<MemberId>,
    /// The phone, if no member.
    pub phone: Option<Phone>,
}

/// What one person was answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswerGiven {
    /// Who.
    pub person: Person,
    /// The message, if one was written.
    pub message_id: Option<MessageId>,
    /// What became of it.
    pub outcome: AnswerOutcome,
}

/// A member's own words and what became of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MyVoice {
    /// Which.
    pub feedback_id: FeedbackId,
    /// In their words.
    pub text: String,
    /// When.
    pub heard_at: Time,
    /// How far it is.
    pub state: MyVoiceState,
    /// What they were told.
    pub answer: Option<Text>,
    /// When.
    pub answered_at: Option<Time>,
}

/// How far a member's words are, for the member.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MyVoiceState {
    /// We read it.
    Heard,
    /// Somebody sees to it.
    BeingFixed,
    /// This became of it.
    Answered,
}

/// A voice of the past.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedbackImport {
    /// Given by the importer so that a second run changes nothing.
    pub id: FeedbackId,
    /// The voice.
    pub feedback: NewFeedback,
    /// The survey it answers, which must be there already.
    pub survey_id: Option<SurveyId>,
    /// How far it is; voices of an issue are grouped with it afterwards.
    pub state: FeedbackState,
    /// When it was heard.
    pub heard_at: Time,
}

/// A survey of the past, answered or still waiting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyImport {
    /// Given by the importer so that a second run changes nothing.
    pub id: SurveyId,
    /// What was asked about, and whom.
    pub about: NewSurvey,
    /// The secret of its link, for one that still waits; a random one when absent.
    pub token: Option<String>,
    /// When the invitation was made.
    pub invited_at: Time,
    /// The answer.
    pub answered: Option<SurveyAnswer>,
}

/// An issue of the past.
#[derive(Clone, PartialEq, Debug)]
pub struct IssueImport {
    /// Given by the importer so that a second run changes nothing.
    pub id: IssueId,
    /// The issue as it was opened; its voices must be there already.
    pub issue: NewIssue,
    /// Why it happens.
    pub cause: Option<String>,
    /// What was done about it.
    pub actions: Vec<Action>,
    /// Whether it helped.
    pub proof: Option<Proof>,
    /// What those who raised it were told.
    pub answer: Option<Text>,
    /// When it was raised.
    pub created_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
}
