//! The events' written form, which subscribers and the outside world rely on.

use voice::{FeedbackReceived, IssueClosed, IssueOpened, SurveyAnswered};

#[test]
fn every_kind_has_its_fixture() {
    bus::assert_fixtures!(
        SurveyAnswered = "voice.survey_answered.v1",
        FeedbackReceived = "voice.feedback_received.v1",
        IssueOpened = "voice.issue_opened.v1",
        IssueClosed = "voice.issue_closed.v1",
    );
}
