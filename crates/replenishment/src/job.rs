//! The job a run is made of.

use jobs::Job;
use serde::{Deserialize, Serialize};

use crate::model::RunId;

/// Works off the next articles of a run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RunBatch {
    /// Which run.
    pub run_id: RunId,
    /// Articles worked off before.
    pub done: i64,
}

impl Job for RunBatch {
    const KIND: &'static str = "replenishment.run_batch";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", self.run_id, self.done))
    }
}
