//! The events' written form, which subscribers and the outside world rely on.

use channels::TermsChanged;

#[test]
fn every_kind_has_its_fixture() {
    bus::assert_fixtures!(TermsChanged = "channels.terms_changed.v1");
}
