//! What people say, and what becomes of it.
//!
//! Owns: surveys and their answers, voices from every source, what their words tell, groups of alike ones,
//! issues with plan, evidence and answer.
//! Never does: send messages, count orders (see `flows`), know who a person is (see `members`).
//! Invariants: one survey, one answer; a voice is in one issue at most; an issue's state follows from what is
//! known of it; nothing is closed without deeds, evidence and an answer or a reason for none, and everybody
//! who raised it is answered once. What the words tell is told by a lexicon anybody can read
//! (docs/voice.md); what it does not cover is `unknown`.
//! Events: `voice.survey_answered.v1`, `voice.feedback_received.v1`, `voice.issue_opened.v1`,
//! `voice.issue_closed.v1`.

mod error;
mod events;
mod grouping;
mod import;
mod lexicon;
mod model;
mod proof;
mod reading;
mod routes;
mod rules;
mod service;
mod stats;
mod store;

pub use error::{
    ACTION_DONE, ACTIONS_OPEN, ALREADY_ANSWERED, ANSWER_MISSING, DUE_INVALID, ERRORS, FEEDBACK_NOT_OPEN,
    ISSUE_CLOSED, NOTHING_SAID, PERIODS_INVALID, PROOF_MISSING, SURVEY_CLOSED, TOPIC_UNKNOWN,
};
pub use events::{FeedbackReceived, IssueClosed, IssueOpened, SurveyAnswered};
pub use grouping::{Group, OpenVoice, Rate, USUAL_WEEKS, group};
pub use import::{import_answered_at_in, import_answers_in};
pub use model::{
    About, Action, AnswerCounts, AnswerGiven, AnswerOutcome, Basis, Bought, Feedback, FeedbackFilter,
    FeedbackImport, FeedbackState, FeedbackView, Invitation, Issue, IssueChange, IssueImport, IssueState,
    Language, MyVoice, MyVoiceState, NewAction, NewFeedback, NewIssue, NewSurvey, Note, Person, Priority,
    Sentiment, Source, Survey, SurveyAnswer, SurveyImport,
};
pub use proof::{Claim, Counts, Metric, Period, Proof, Sample, Verdict, compare};
pub use reading::{Reading, product_meant, read};
pub use routes::{FeedbackOut, feedback_out, routes};
pub use rules::{SurveyPolicy, parse_due, state_of};
pub use service::feedback::{TEXT_MAX_CHARS, feedback_record_in, member_voices_in};
pub use service::figures::{
    Csat, Inbox, OpenIssues, csat_in, hours_word_to_answer_in, inbox_in, issues_open_in, low_scores_in,
    orders_complained_of_in, orders_spoken_of_in,
};
pub use service::import::{import_feedback_in, import_issue_in, import_surveys_in};
pub use service::issue::{
    action_add_in, action_done_in, answer_suppressed_in, issue_change_in, issue_close_begin_in,
    issue_close_finish_in, issue_feedback_add_in, issue_open_in, issue_view_in, proof_begin_in,
    proof_file_in,
};
pub use service::{FEEDBACK_READ, FEEDBACK_WRITE, ISSUE_MANAGE, ISSUE_READ, PERMISSIONS, Voice};
pub use stats::{FEW, Interval, mean_of_scores, median, newcombe, share, wilson};

/// This crate's tables.
pub const MIGRATIONS: db::MigrationSet = db::MigrationSet {
    domain: "voice",
    files: &[("0001_voice.sql", include_str!("../migrations/0001_voice.sql"))],
};
