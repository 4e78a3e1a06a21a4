//! The line in front of the store's own threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use base::Result;

use crate::error::unavailable;

/// A bounded line many may join and some threads serve. Who finds it full is told so at once: a store that
/// is behind by this much must refuse rather than remember.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
    limit: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(limit: usize) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            arrived: Condvar::new(),
            limit,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing inside the lock can panic half-way, so a poisoned lock still guards a whole line.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the line.
    pub(crate) fn push(&self, item: T) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(unavailable("the store is shutting down"));
        }
        if state.waiting.len() >= self.limit {
            return Err(unavailable(format!(
                "{} units of work are waiting already",
                self.limit
            )));
        }
        state.waiting.push_back(item);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for work and takes up to `most` of it; nothing once the line is closed and empty.
    pub(crate) fn take(&self, most: usize, into: &mut Vec<T>) {
        let mut state = self.lock();
        while state.waiting.is_empty() && !state.closed {
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = state.waiting.len().min(most);
        into.extend(state.waiting.drain(..count));
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Nobody may join any more; what waits is still served.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }
}
