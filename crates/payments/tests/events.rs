//! The event's written form, which subscribers and the outside world rely on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use bus::Event;
use payments::events::PaymentRefunded;

#[test]
fn every_kind_has_its_fixture() {
    assert_eq!(PaymentRefunded::KIND, "payments.payment_refunded.v1");
    let text = include_str!("fixtures/payments.payment_refunded.v1.json");
    let written: serde_json::Value = serde_json::from_str(text).unwrap();
    let event: PaymentRefunded = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), written);
}
