//! The newest events in memory, read once for all subscribers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::Result;
use db::{Db, Reader};

use crate::event::Envelope;
use crate::store;

/// Events kept.
const KEPT_EVENTS: usize = 1_024;

/// A window on the outbox without gaps, ending at the newest event this node has read.
#[derive(Debug, Default)]
pub(crate) struct Feed(Mutex<VecDeque<Arc<Envelope>>>);

impl Feed {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Envelope>>> {
        // Nothing inside the lock can panic half-way, so a poisoned lock still guards a whole window.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the event after the newest one.
    pub(crate) fn push(&self, event: Arc<Envelope>) {
        let mut window = self.lock();
        if window
            .back()
            .is_some_and(|newest| newest.position + 1 != event.position)
        {
            window.clear();
        }
        if window.len() == KEPT_EVENTS {
            window.pop_front();
        }
        window.push_back(event);
    }

    /// Events after a position, in order: from memory where it reaches back that far, else from the store.
    pub(crate) async fn after(&self, db: &Db, position: i64, limit: i64) -> Result<Vec<Arc<Envelope>>> {
        let limit_here = usize::try_from(limit).unwrap_or(usize::MAX);
        {
            let window = self.lock();
            if let Some(skip) = window
                .front()
                .and_then(|oldest| usize::try_from(position + 1 - oldest.position).ok())
                && skip < window.len()
            {
                return Ok(window
                    .iter()
                    .skip(skip)
                    .take(limit_here)
                    .map(Arc::clone)
                    .collect());
            }
        }
        let events = db
            .read(async move |reader: &Reader| store::after(reader, position, limit).await)
            .await?;
        Ok(events.into_iter().map(Arc::new).collect())
    }
}
