//! SQLite: one thread writes, in groups; a few read.

mod connection;
mod reader;
mod session;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use base::{Result, Time};

pub(crate) use connection::{Role, open as open_connection};
pub(crate) use session::{Access, Session, error as map_error};

use crate::bell::Bells;
use crate::config::{SqliteConfig, StoreClock};
use crate::queue::Queue;
use crate::thread::{on_thread, spawn};
use crate::work::{Read, Unit};

pub(crate) struct Sqlite {
    path: PathBuf,
    clock: StoreClock,
    writes: Arc<Queue<Unit>>,
    reads: Arc<Queue<Read>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    pub(crate) async fn open(config: SqliteConfig, clock: StoreClock, bells: Arc<Bells>) -> Result<Self> {
        let writes = Arc::new(Queue::new(config.queue_limit));
        let reads = Arc::new(Queue::new(config.queue_limit));
        let path = config.path.clone();
        let connections = {
            let config = config.clone();
            on_thread("db-open", move || connection::open_all(&config)).await?
        };
        let mut threads = Vec::with_capacity(config.readers + 1);
        let writer = writer::Writer {
            queue: Arc::clone(&writes),
            group_limit: config.group_limit,
            clock: clock.clone(),
            bells,
        };
        threads.push(spawn("db-writer", move || writer.run(connections.writer))?);
        for connection in connections.readers {
            let (queue, clock) = (Arc::clone(&reads), clock.clone());
            threads.push(spawn("db-reader", move || {
                if let Err(error) = reader::run(connection, &queue, &clock, config.read_timeout) {
                    tracing::error!(?error, "a reader could not start");
                }
            })?);
        }
        Ok(Self {
            path,
            clock,
            writes,
            reads,
            threads: Mutex::new(threads),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.local()
    }

    pub(crate) fn read(&self, read: Read) -> Result<()> {
        self.reads.push(read)
    }

    pub(crate) fn write(&self, unit: Unit) -> Result<()> {
        self.writes.push(unit)
    }

    pub(crate) async fn shutdown(&self) {
        self.reads.close();
        let writes = Arc::clone(&self.writes);
        let mut threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let _ = on_thread("db-close", move || {
            // The writer, which is the first, goes last: whoever closes alone folds the journal into the file.
            let readers = threads.split_off(threads.len().min(1));
            // A thread that panicked has nothing left to finish.
            readers.into_iter().for_each(|reader| drop(reader.join()));
            writes.close();
            threads.into_iter().for_each(|writer| drop(writer.join()));
            Ok(())
        })
        .await;
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
    }
}
