//! The events' written form, which subscribers and the outside world rely on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bus::Event;
use loyalty::{PointsEarned, PointsReversed};

fn assert_fixture<E: Event>(name: &str, text: &str) {
    assert_eq!(name, E::KIND);
    let written: serde_json::Value = serde_json::from_str(text).unwrap();
    let event: E = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), written);
}

#[test]
fn every_kind_has_its_fixture() {
    assert_fixture::<PointsEarned>(
        "loyalty.points_earned.v1",
        include_str!("fixtures/loyalty.points_earned.v1.json"),
    );
    assert_fixture::<PointsReversed>(
        "loyalty.points_reversed.v1",
        include_str!("fixtures/loyalty.points_reversed.v1.json"),
    );
}
