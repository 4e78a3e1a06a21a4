//! What this crate announces.

use base::{FeedbackId, IssueId, MemberId, OrderId, PlaceId, ProductId, StaffId, SurveyId, Text, Time};
use bus::Event;
use serde::{Deserialize, Serialize};

use crate::model::{Priority, Sentiment, Source};
use crate::proof::Verdict;

/// Somebody answered a survey.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SurveyAnswered {
    /// Which.
    pub survey_id: SurveyId,
    /// About which order.
    pub order_id: OrderId,
    /// Where.
    pub place_id: Option<PlaceId>,
    /// Whose.
    pub member_id: Option<MemberId>,
    /// 1 to 5.
    pub score: u8,
    /// When.
    pub at: Time,
}

impl Event for SurveyAnswered {
    const KIND: &'static str = "voice.survey_answered.v1";
    fn aggregate(&self) -> String {
        self.survey_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        self.place_id
    }
}

/// A voice was heard. Its words stay here: they may be personal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FeedbackReceived {
    /// Which.
    pub feedback_id: FeedbackId,
    /// Where it was heard.
    pub source: Source,
    /// 1 to 5, if given.
    pub score: Option<u8>,
    /// How the person feels.
    pub sentiment: Sentiment,
    /// What it is about.
    pub topics: Vec<String>,
    /// About which order.
    pub order_id: Option<OrderId>,
    /// Where.
    pub place_id: Option<PlaceId>,
    /// About which product.
    pub product_id: Option<ProductId>,
    /// Whose.
    pub member_id: Option<MemberId>,
    /// When.
    pub at: Time,
}

impl Event for FeedbackReceived {
    const KIND: &'static str = "voice.feedback_received.v1";
    fn aggregate(&self) -> String {
        self.feedback_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        self.place_id
    }
}

/// An issue was opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IssueOpened {
    /// Which.
    pub issue_id: IssueId,
    /// Its number.
    pub number: i64,
    /// In a line.
    pub title: String,
    /// How pressing.
    pub priority: Priority,
    /// Who sees to it.
    pub owner_id: StaffId,
    /// By when.
    pub due_on: String,
    /// Voices in it.
    pub feedback_count: i64,
    /// When.
    pub at: Time,
}

impl Event for IssueOpened {
    const KIND: &'static str = "voice.issue_opened.v1";
    fn aggregate(&self) -> String {
        self.issue_id.to_string()
    }
}

/// An issue was closed: proven, and answered or consciously not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IssueClosed {
    /// Which.
    pub issue_id: IssueId,
    /// Its number.
    pub number: i64,
    /// What the evidence says.
    pub verdict: Verdict,
    /// What those who raised it were told; absent when waived.
    pub answer: Option<Text>,
    /// Answers handed to their channels.
    pub sent: i64,
    /// Answers not wanted.
    pub suppressed: i64,
    /// Answers waived.
    pub waived: i64,
    /// When.
    pub at: Time,
}

impl Event for IssueClosed {
    const KIND: &'static str = "voice.issue_closed.v1";
    fn aggregate(&self) -> String {
        self.issue_id.to_string()
    }
}
