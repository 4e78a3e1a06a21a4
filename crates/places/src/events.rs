//! What this domain announces.

use base::PlaceId;
use serde::{Deserialize, Serialize};

use crate::model::PlaceKind;

/// A place was created or changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlaceChanged {
    /// Which place.
    pub place_id: PlaceId,
    /// Its code.
    pub code: String,
    /// Its kind.
    pub kind: PlaceKind,
    /// Whether it trades.
    pub active: bool,
    /// Its version after the change.
    pub version: i64,
}

impl bus::Event for PlaceChanged {
    const KIND: &'static str = "places.place_changed.v1";

    fn aggregate(&self) -> String {
        self.place_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.place_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was once announced can be read for ever, and is written the same way.
    #[test]
    fn fixtures_of_every_kind() {
        let fixture = r#"{"place_id":"plc_01jd0000000000000000000002","code":"S1","kind":"store","active":true,
            "version":2}"#;
        let written: serde_json::Value = serde_json::from_str(fixture).unwrap();
        let event: PlaceChanged = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), written);
    }
}
