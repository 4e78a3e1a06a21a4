//! Voices and issues.

use base::{ActionId, FeedbackId, IssueId, SurveyId, Text, Time};
use jiff::civil::Date;

use crate::data::voices::Aspect;

/// Where a voice was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VoiceSource {
    /// Survey after an order.
    Survey,
    /// Noted at the counter.
    Counter,
    /// Written in the chat.
    Chat,
    /// Product review.
    Review,
    /// Written by a member.
    Member,
}

/// What became of a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceState {
    /// Nobody has dealt with it.
    New,
    /// Part of an issue.
    Grouped,
    /// Answered.
    Answered,
    /// Needs nothing.
    Dismissed,
}

/// A voice, with the survey it answers where there is one.
#[derive(Debug, Clone)]
pub struct Voice {
    /// Identifier of the feedback; `None` for a score without words.
    pub feedback: Option<FeedbackId>,
    /// The survey: identifier, when it was sent.
    pub survey: Option<(SurveyId, Time)>,
    /// When it was answered or said; `None` while a survey waits.
    pub at: Option<Time>,
    /// Where it was heard.
    pub source: VoiceSource,
    /// 1 to 5.
    pub score: Option<i64>,
    /// The words, empty for a score alone.
    pub text: String,
    /// Whether the words are English.
    pub english: bool,
    /// What it is about, where the words say so.
    pub aspect: Option<Aspect>,
    /// What became of it.
    pub state: VoiceState,
    /// When it was answered by itself; with an issue, the issue's end is the answer's time.
    pub answered_at: Option<Time>,
    /// About which place.
    pub place: usize,
    /// About which order.
    pub order: Option<usize>,
    /// Who.
    pub member: Option<usize>,
    /// About which product.
    pub product: Option<usize>,
    /// The issue it belongs to.
    pub issue: Option<usize>,
}

/// How far an issue has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueState {
    /// The fix is done and its effect is measured.
    Proving,
    /// Proven and answered.
    Closed,
}

/// A step of an issue's plan.
#[derive(Debug, Clone)]
pub struct IssueAction {
    /// Identifier.
    pub id: ActionId,
    /// What is to be done.
    pub title: Text,
    /// Who.
    pub owner: usize,
    /// By when.
    pub due_on: Date,
    /// When it was done.
    pub done_at: Time,
}

/// What is compared before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Share of survey answers of 1 or 2.
    LowScoreShare,
    /// Share of sold pieces that came back.
    ReturnRate,
}

/// A comparison of two periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// What is compared.
    pub metric: Metric,
    /// For one product.
    pub product: Option<usize>,
    /// For one place.
    pub place: Option<usize>,
    /// First and last moment before.
    pub before: (Time, Time),
    /// First and last moment after.
    pub after: (Time, Time),
    /// When it was computed.
    pub computed_at: Time,
}

/// An issue.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Identifier.
    pub id: IssueId,
    /// Number people read.
    pub number: i64,
    /// Title.
    pub title: Text,
    /// How far it has come.
    pub state: IssueState,
    /// `low`, `normal`, `high`, `urgent`.
    pub priority: &'static str,
    /// Who owns it.
    pub owner: usize,
    /// By when.
    pub due_on: Date,
    /// What the cause was.
    pub cause: Text,
    /// The plan.
    pub actions: Vec<IssueAction>,
    /// Proof.
    pub proof: Proof,
    /// The answer to everybody who raised it, once closed.
    pub answer: Option<Text>,
    /// When it was opened.
    pub opened_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
}
