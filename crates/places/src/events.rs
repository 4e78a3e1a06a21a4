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
