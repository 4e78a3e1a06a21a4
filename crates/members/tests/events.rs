//! The events' written form, which subscribers and the outside world rely on.

use members::{ConsentChanged, MemberJoined};

#[test]
fn every_kind_has_its_fixture() {
    bus::assert_fixtures!(
        MemberJoined = "members.member_joined.v1",
        ConsentChanged = "members.consent_changed.v1",
    );
}
