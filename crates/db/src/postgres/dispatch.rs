//! Hands units to idle connections. The one used last is used first: its caches are warm, and under light
//! load the others are never opened.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::Result;
use tokio::sync::oneshot;

use crate::db::Isolation;
use crate::error::unavailable;
use crate::work::{Read, Unit};

/// What a connection is asked to do.
pub(super) enum Job {
    Write(Isolation, Unit),
    Read(Read),
}

pub(super) struct Dispatcher {
    state: Mutex<State>,
    limit: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    idle: Vec<oneshot::Sender<Job>>,
    closed: bool,
}

impl Dispatcher {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            state: Mutex::default(),
            limit,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing inside the lock can panic half-way, so a poisoned lock still guards a whole line.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, mut job: Job) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(unavailable("the store is shutting down"));
        }
        while let Some(idle) = state.idle.pop() {
            match idle.send(job) {
                Ok(()) => return Ok(()),
                Err(returned) => job = returned,
            }
        }
        if state.waiting.len() >= self.limit {
            return Err(unavailable(format!(
                "{} units of work are waiting already",
                self.limit
            )));
        }
        state.waiting.push_back(job);
        metrics::gauge!("db_write_queue_units").set(state.waiting.len() as f64);
        Ok(())
    }

    /// Waits for work; nothing once the line is closed and empty.
    pub(super) async fn take(&self) -> Option<Job> {
        let next = {
            let mut state = self.lock();
            if let Some(job) = state.waiting.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            let (idle, next) = oneshot::channel();
            state.idle.push(idle);
            next
        };
        next.await.ok()
    }

    /// Nobody may join any more; what waits is still served.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.idle.clear();
    }
}
