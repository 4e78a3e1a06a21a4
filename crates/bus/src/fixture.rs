//! The written form of events, which subscribers and the outside world rely on for ever.

use serde_json::Value;

use crate::Event;

/// Asserts that events are called and written as their fixtures in `fixtures/<kind>.json`, beside the file that says
/// so, have it.
///
/// ```ignore
/// bus::assert_fixtures!(OrderPlaced = "orders.order_placed.v1", OrderPaid = "orders.order_paid.v1");
/// ```
#[macro_export]
macro_rules! assert_fixtures {
    ($($event:ty = $kind:literal),+ $(,)?) => {
        $(
            assert_eq!(<$event as $crate::Event>::KIND, $kind);
            let (kept, written) =
                $crate::fixture::reread::<$event>(include_str!(concat!("fixtures/", $kind, ".json")));
            assert_eq!(written, kept, "{}", $kind);
        )+
    };
}

/// A fixture, and what becomes of it when it is read as an event and written again: the reason, when it is none.
#[doc(hidden)]
#[must_use]
pub fn reread<E: Event>(fixture: &str) -> (Value, Value) {
    let kept = serde_json::from_str(fixture).unwrap_or(Value::Null);
    let written = serde_json::from_str::<E>(fixture)
        .and_then(|event| serde_json::to_value(&event))
        .unwrap_or_else(|error| Value::String(error.to_string()));
    (kept, written)
}
