//! How channels see stock, kept in memory: every cart and every checkout needs it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::view::Views;

/// Changes made by another process are seen at the latest after this long; our own at once.
const MAX_AGE: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(crate) struct Shelf {
    kept: Mutex<Option<(Instant, Arc<Views>)>>,
    /// Raised by every change of ours, so that what was read before a change is not put back after it.
    epoch: AtomicU64,
}

impl Shelf {
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub(crate) fn get(&self) -> Option<Arc<Views>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|(since, _)| since.elapsed() < MAX_AGE)
            .map(|(_, views)| Arc::clone(views))
    }

    /// Keeps what was read at `epoch`, unless something has changed since.
    pub(crate) fn put(&self, epoch: u64, views: &Arc<Views>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() == epoch {
            *kept = Some((Instant::now(), Arc::clone(views)));
        }
    }

    /// Something has changed.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        *kept = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Shelf;
    use crate::view::Views;

    #[test]
    fn what_was_read_before_a_change_is_not_put_back_after_it() {
        let (shelf, views) = (Shelf::default(), Arc::new(Views::new(&[])));
        let before = shelf.epoch();
        shelf.forget();
        shelf.put(before, &views);
        assert!(shelf.get().is_none());
        shelf.put(shelf.epoch(), &views);
        assert!(shelf.get().is_some());
    }
}
