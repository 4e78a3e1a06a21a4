//! The events' written form, which subscribers and the outside world rely on.

use outreach::{MessageFailed, MessageSent, MessageSuppressed};

#[test]
fn every_kind_has_its_fixture() {
    bus::assert_fixtures!(
        MessageSent = "outreach.message_sent.v1",
        MessageSuppressed = "outreach.message_suppressed.v1",
        MessageFailed = "outreach.message_failed.v1",
    );
}
