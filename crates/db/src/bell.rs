//! Bells: wake a loop of this process the moment a unit it cares for is durable.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

#[derive(Default)]
pub(crate) struct Bells(Mutex<HashMap<&'static str, watch::Sender<()>>>);

/// Waits for a named bell. What rings between two waits is not lost.
pub struct Bell(watch::Receiver<()>);

impl Bells {
    fn with<T>(&self, name: &'static str, f: impl FnOnce(&watch::Sender<()>) -> T) -> T {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f(bells.entry(name).or_insert_with(|| watch::channel(()).0))
    }

    pub(crate) fn ring(&self, name: &'static str) {
        self.with(name, |bell| {
            bell.send_replace(());
        });
    }

    pub(crate) fn listen(&self, name: &'static str) -> Bell {
        self.with(name, |bell| Bell(bell.subscribe()))
    }
}

impl Bell {
    /// Waits until the bell rings, or has rung since the last wait. Never returns once the store is gone.
    pub async fn rung(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
