//! Events, and how they get into the outbox.

use base::{Ctx, Error, EventId, PlaceId, Result, Time};
use db::{Tx, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store;

/// Something that happened. A struct per kind and version; additive changes only, else a new version.
pub trait Event: Serialize + DeserializeOwned {
    /// `domain.what_happened.v1`.
    const KIND: &'static str;

    /// What it happened to; events of one aggregate are delivered in order.
    fn aggregate(&self) -> String;

    /// Where it happened, when it happened somewhere.
    fn place(&self) -> Option<PlaceId> {
        None
    }
}

/// An event as delivered.
#[derive(Clone, PartialEq, Debug)]
pub struct Envelope {
    /// Unique: what consumers outside the store deduplicate by.
    pub id: EventId,
    /// Its place in the order of all events; grows without gaps.
    pub position: i64,
    /// `domain.what_happened.v1`.
    pub kind: String,
    /// What it happened to.
    pub aggregate: String,
    /// Where it happened.
    pub place_id: Option<PlaceId>,
    /// When the transaction ran.
    pub occurred_at: Time,
    /// Who acted.
    pub actor: String,
    /// The request that caused it.
    pub request_id: String,
    /// The event's own fields, as JSON: most of those that hear of an event never look at them.
    pub data: String,
}

impl Envelope {
    /// The event, when it is of this kind.
    ///
    /// # Errors
    /// `internal` when the kind is right and the fields are not.
    pub fn parse<E: Event>(&self) -> Result<Option<E>> {
        if self.kind != E::KIND {
            return Ok(None);
        }
        serde_json::from_str(&self.data)
            .map(Some)
            .map_err(|e| Error::internal(format!("event {} at {}: {e}", self.kind, self.position)))
    }
}

/// Announces an event: it is told once the transaction is durable, and never if it fails.
///
/// # Errors
/// `internal` when the event cannot be written as JSON.
pub async fn emit<E: Event>(tx: &Tx, ctx: &Ctx, event: &E) -> Result<EventId> {
    let id = EventId::new();
    tx.execute(
        "INSERT INTO bus_outbox (id, kind, aggregate, place_id, occurred_at, actor, request_id, data_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            E::KIND,
            event.aggregate(),
            event.place(),
            tx.now(),
            ctx.actor.to_string(),
            ctx.request_id,
            db::json(event)?
        ],
    )
    .await?;
    tx.ring(store::BELL);
    Ok(id)
}
