//! The events' written form, which subscribers and the outside world rely on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bus::Event;
use voice::{FeedbackReceived, IssueClosed, IssueOpened, SurveyAnswered};

fn assert_fixture<E: Event>(name: &str, text: &str) {
    assert_eq!(name, E::KIND);
    let written: serde_json::Value = serde_json::from_str(text).unwrap();
    let event: E = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), written);
}

#[test]
fn every_kind_has_its_fixture() {
    assert_fixture::<SurveyAnswered>(
        "voice.survey_answered.v1",
        include_str!("fixtures/voice.survey_answered.v1.json"),
    );
    assert_fixture::<FeedbackReceived>(
        "voice.feedback_received.v1",
        include_str!("fixtures/voice.feedback_received.v1.json"),
    );
    assert_fixture::<IssueOpened>(
        "voice.issue_opened.v1",
        include_str!("fixtures/voice.issue_opened.v1.json"),
    );
    assert_fixture::<IssueClosed>(
        "voice.issue_closed.v1",
        include_str!("fixtures/voice.issue_closed.v1.json"),
    );
}
