//! Jobs, and how they get into the table.

use base::{JobId, Result, Time};
use db::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store;

/// Work to do later: what its handler needs to know, no more.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// `domain.verb`, never changed: stored jobs are found by it.
    const KIND: &'static str;

    /// Jobs of one kind and key wait at most once; the later request changes nothing.
    fn dedupe_key(&self) -> Option<String> {
        None
    }
}

/// Asks for a job, in the transaction that makes it necessary.
///
/// # Errors
/// `internal` when the job cannot be written as JSON.
pub async fn enqueue<J: Job>(tx: &Tx, job: &J, run_at: Time) -> Result<()> {
    store::insert(
        tx,
        JobId::new(),
        J::KIND,
        job.dedupe_key(),
        db::json(job)?,
        run_at,
    )
    .await?;
    tx.ring(store::BELL);
    Ok(())
}
