//! The events' written form, which subscribers and the outside world rely on.

use loyalty::{PointsEarned, PointsReversed};

#[test]
fn every_kind_has_its_fixture() {
    bus::assert_fixtures!(
        PointsEarned = "loyalty.points_earned.v1",
        PointsReversed = "loyalty.points_reversed.v1",
    );
}
