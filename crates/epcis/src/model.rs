//! The types. A value that exists is valid.

use base::{Id, IdKind, PlaceId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Names capture jobs.
pub enum CaptureKind {}
impl IdKind for CaptureKind {
    const PREFIX: &'static str = "cap";
}
/// A capture job's identifier.
pub type CaptureId = Id<CaptureKind>;

/// What becomes of a document in which something is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EpcisErrorBehaviour)]
pub enum Behaviour {
    /// None of it is kept.
    #[default]
    Rollback,
    /// What is right is kept.
    Proceed,
}

impl Behaviour {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rollback => "rollback",
            Self::Proceed => "proceed",
        }
    }
}

/// What is wrong with an event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EpcisError)]
pub struct Fault {
    /// Where: `eventList[3].action`.
    pub field: String,
    /// What it must be.
    pub expected: String,
}

/// A capture job: a document and what came of it. Names follow EPCIS 2.0, section 8.2.7.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EpcisCapture)]
pub struct Capture {
    /// Which.
    #[serde(rename = "captureID")]
    pub id: CaptureId,
    /// When it was taken.
    pub created_at: Time,
    /// When it was done.
    pub finished_at: Time,
    /// Whether it is under way; what a document says is kept before it is answered.
    pub running: bool,
    /// Whether nothing was wrong with it.
    pub success: bool,
    /// What becomes of it when something is.
    pub capture_error_behaviour: Behaviour,
    /// What is wrong, at most fifty.
    pub errors: Vec<Fault>,
    /// Events in it.
    pub events: i64,
    /// Events of it that are kept.
    pub stored: i64,
    /// Events of it that had been told before.
    pub duplicates: i64,
    /// Who told it.
    pub actor: String,
}

/// An event that was captured.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EpcisStoredEvent)]
pub struct Event {
    /// Its own name where it has one, else its digest.
    pub id: String,
    /// `ObjectEvent` and the like.
    pub kind: String,
    /// `ADD`, `OBSERVE` or `DELETE`; a transformation has none.
    pub action: Option<String>,
    /// When it happened.
    pub happened_at: Time,
    /// What was being done, such as `receiving`.
    pub biz_step: Option<String>,
    /// Where, in the words of the event.
    pub location: Option<String>,
    /// Which of our places that is.
    pub place_id: Option<PlaceId>,
    /// Tags it names.
    pub tags: i64,
    /// The job that brought it.
    pub capture_id: CaptureId,
    /// When it was captured.
    pub captured_at: Time,
    /// The event as it was told.
    #[schema(value_type = Object)]
    pub event: serde_json::Value,
}
