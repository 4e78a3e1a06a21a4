//! Who stands behind a token, remembered for moments: the hot path asks the store nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use base::Actor;

use crate::service::Identity;

/// Tokens remembered at most.
const TOKENS_MAX: usize = 100_000;

pub(crate) struct Cache {
    ttl: Duration,
    revocations: AtomicU64,
    known: RwLock<HashMap<[u8; 32], Known>>,
}

struct Known {
    identity: Identity,
    until: Instant,
}

impl Cache {
    pub(crate) fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            revocations: AtomicU64::new(0),
            known: RwLock::default(),
        }
    }

    pub(crate) fn get(&self, token_hash: &[u8; 32]) -> Option<Identity> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(token_hash)
            .filter(|k| k.until > Instant::now())
            .map(|k| k.identity.clone())
    }

    /// A mark to take before asking the store.
    pub(crate) fn mark(&self) -> u64 {
        self.revocations.load(Ordering::SeqCst)
    }

    /// Remembers an answer of the store for as long as it is good, unless something was revoked since the
    /// mark: the answer may then be older than the revocation.
    pub(crate) fn put(&self, mark: u64, token_hash: [u8; 32], identity: Identity, good_for: Duration) {
        let now = Instant::now();
        let until = now + self.ttl.min(good_for);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.mark() != mark {
            return;
        }
        if known.len() >= TOKENS_MAX {
            known.retain(|_, k| k.until > now);
        }
        if known.len() >= TOKENS_MAX {
            known.clear();
        }
        known.insert(token_hash, Known { identity, until });
    }

    /// Forgets everything about an actor, at once.
    pub(crate) fn forget(&self, actor: &Actor) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.revocations.fetch_add(1, Ordering::SeqCst);
        known.retain(|_, k| k.identity.actor() != *actor);
    }
}
