//! What this domain announces.

use serde::{Deserialize, Serialize};

use crate::model::CaptureId;

/// A document was captured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Captured {
    /// The job.
    pub capture_id: CaptureId,
    /// Events of it that are new and kept.
    pub stored: i64,
}

impl bus::Event for Captured {
    const KIND: &'static str = "epcis.captured.v1";

    fn aggregate(&self) -> String {
        self.capture_id.to_string()
    }
}
