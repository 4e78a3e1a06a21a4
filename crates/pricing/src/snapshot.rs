//! The price book kept in memory: every cart and every checkout asks for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::rules::PriceBook;

/// A change made by another process is seen at the latest after this long; our own at once.
const MAX_AGE: Duration = Duration::from_secs(5);

struct Kept {
    since: Instant,
    version: i64,
    book: Arc<PriceBook>,
}

#[derive(Default)]
pub(crate) struct Shelf {
    kept: RwLock<Option<Kept>>,
    /// Raised by every change of ours, so that what was read before a change is not put back after it.
    epoch: AtomicU64,
    /// Somebody is looking whether the book is still the newest; the others go on with it meanwhile.
    is_renewing: AtomicBool,
}

/// What the shelf has.
pub(crate) enum Found {
    /// A book to go by.
    Fresh(Arc<PriceBook>),
    /// A book of this version that the asker is to look after.
    Old(Arc<PriceBook>, i64),
    /// None.
    Nothing,
}

impl Shelf {
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub(crate) fn get(&self) -> Found {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = kept.as_ref() else {
            return Found::Nothing;
        };
        let book = Arc::clone(&kept.book);
        if kept.since.elapsed() < MAX_AGE || self.is_renewing.swap(true, Ordering::AcqRel) {
            return Found::Fresh(book);
        }
        Found::Old(book, kept.version)
    }

    /// Keeps what was read at `epoch`, unless something has changed since.
    pub(crate) fn put(&self, epoch: u64, version: i64, book: &Arc<PriceBook>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() == epoch {
            *kept = Some(Kept {
                since: Instant::now(),
                version,
                book: Arc::clone(book),
            });
        }
    }

    /// The look is over, however it ended.
    pub(crate) fn renewed(&self) {
        self.is_renewing.store(false, Ordering::Release);
    }

    /// Something has changed.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        *kept = None;
    }
}
