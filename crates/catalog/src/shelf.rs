//! SKU snapshots kept in memory: every cart and every checkout asks for the same few.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base::SkuId;

use crate::snapshot::SkuSnapshot;

/// A change made by another process is seen at the latest after this long; our own at once.
const MAX_AGE: Duration = Duration::from_secs(5);
/// The most SKUs kept; beyond it the shelf is cleared, which costs one query a SKU.
const MAX_SKUS: usize = 100_000;

#[derive(Default)]
pub(crate) struct Shelf {
    kept: RwLock<HashMap<SkuId, (Instant, Arc<SkuSnapshot>)>>,
    /// Raised by every change, so that what was read before a change is not put back after it.
    epoch: AtomicU64,
}

impl Shelf {
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// What is kept of these, and which are missing.
    pub(crate) fn get(&self, ids: &[SkuId]) -> (Vec<Arc<SkuSnapshot>>, Vec<SkuId>) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let (mut found, mut missing) = (Vec::with_capacity(ids.len()), Vec::new());
        let now = Instant::now();
        for id in ids {
            match kept.get(id) {
                Some((since, sku)) if now.duration_since(*since) < MAX_AGE => found.push(Arc::clone(sku)),
                _ => missing.push(*id),
            }
        }
        (found, missing)
    }

    /// Keeps what was read at `epoch`, unless something has changed since.
    pub(crate) fn put(&self, epoch: u64, skus: &[Arc<SkuSnapshot>]) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() != epoch {
            return;
        }
        if kept.len() + skus.len() > MAX_SKUS {
            kept.clear();
        }
        let now = Instant::now();
        kept.extend(skus.iter().map(|sku| (sku.sku_id, (now, Arc::clone(sku)))));
    }

    /// Forgets SKUs that have changed.
    pub(crate) fn forget(&self, ids: &[SkuId]) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        for id in ids {
            kept.remove(id);
        }
    }
}
