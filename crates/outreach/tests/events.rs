//! The events' written form, which subscribers and the outside world rely on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bus::Event;
use outreach::{MessageFailed, MessageSent, MessageSuppressed};

fn assert_fixture<E: Event>(name: &str, text: &str) {
    assert_eq!(name, E::KIND);
    let written: serde_json::Value = serde_json::from_str(text).unwrap();
    let event: E = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), written);
}

#[test]
fn every_kind_has_its_fixture() {
    assert_fixture::<MessageSent>(
        "outreach.message_sent.v1",
        include_str!("fixtures/outreach.message_sent.v1.json"),
    );
    assert_fixture::<MessageSuppressed>(
        "outreach.message_suppressed.v1",
        include_str!("fixtures/outreach.message_suppressed.v1.json"),
    );
    assert_fixture::<MessageFailed>(
        "outreach.message_failed.v1",
        include_str!("fixtures/outreach.message_failed.v1.json"),
    );
}
