//! The events' written form, which subscribers and the outside world rely on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bus::Event;
use members::{ConsentChanged, MemberJoined};

fn assert_fixture<E: Event>(name: &str, text: &str) {
    assert_eq!(name, E::KIND);
    let written: serde_json::Value = serde_json::from_str(text).unwrap();
    let event: E = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), written);
}

#[test]
fn every_kind_has_its_fixture() {
    assert_fixture::<MemberJoined>(
        "members.member_joined.v1",
        include_str!("fixtures/members.member_joined.v1.json"),
    );
    assert_fixture::<ConsentChanged>(
        "members.consent_changed.v1",
        include_str!("fixtures/members.consent_changed.v1.json"),
    );
}
