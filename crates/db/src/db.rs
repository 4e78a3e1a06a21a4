//! The door to the store.

use std::path::PathBuf;
use std::sync::Arc;

use base::{Ctx, Result, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::backup::{self, Backup};
use crate::bell::{Bell, Bells};
use crate::config::{DbConfig, Engine, StoreClock};
use crate::migrate::{self, Migrated, MigrationSet};
use crate::once::{self, Claim};
use crate::thread::gone;
use crate::tx::{Reader, Tx};
use crate::work::{self, Unit};
use crate::{postgres, sqlite};

/// The store. Cheap to clone; the last clone to go closes it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

pub(crate) enum Store {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

struct Inner {
    store: Store,
    bells: Arc<Bells>,
}

/// How strictly PostgreSQL keeps concurrent units apart. SQLite has one writer and needs no telling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Isolation {
    Serializable,
    ReadCommitted,
}

impl Db {
    /// Opens the store; creates an SQLite file that is not there.
    ///
    /// # Errors
    /// `db.invalid_config`, `db.unavailable`.
    pub async fn open(config: DbConfig, clock: StoreClock) -> Result<Self> {
        let bells = Arc::new(Bells::default());
        let store = match config {
            DbConfig::Sqlite(config) => {
                Store::Sqlite(sqlite::Sqlite::open(config, clock, Arc::clone(&bells)).await?)
            }
            DbConfig::Postgres(config) => {
                Store::Postgres(postgres::Postgres::open(config, clock, Arc::clone(&bells)).await?)
            }
        };
        Ok(Self {
            inner: Arc::new(Inner { store, bells }),
        })
    }

    /// Brings the schema up to date: this crate's own tables first, then the sets in the order given.
    ///
    /// # Errors
    /// `db.migration_refused` names the file and the reason; nothing of a refused file stays behind.
    pub async fn migrate(&self, sets: &[MigrationSet]) -> Result<Migrated> {
        migrate::migrate(&self.inner.store, sets).await
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.inner.store {
            Store::Sqlite(_) => Engine::Sqlite,
            Store::Postgres(_) => Engine::Postgres,
        }
    }

    /// The store's time.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn now(&self) -> Result<Time> {
        match &self.inner.store {
            Store::Sqlite(store) => Ok(store.now()),
            Store::Postgres(_) => self.read(async |reader| Ok(reader.now())).await,
        }
    }

    /// A whole read on one snapshot. On SQLite it runs on a reader's thread; on PostgreSQL on a pooled
    /// connection, REPEATABLE READ READ ONLY. Await only the reader's own queries inside.
    ///
    /// # Errors
    /// Whatever `f` answers; `db.unavailable`.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        F: AsyncFnOnce(&Reader) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (read, answer) = work::read(f);
        match &self.inner.store {
            Store::Sqlite(store) => store.read(read)?,
            Store::Postgres(store) => store.read(read)?,
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// One unit of work: all or nothing, durable when this returns `Ok`. `f` may run more than once, so it
    /// must touch nothing outside `tx`, and may await only statements of `tx`.
    ///
    /// On SQLite the unit joins a group that is committed once. On PostgreSQL it is SERIALIZABLE and runs
    /// again when others got in its way.
    ///
    /// # Errors
    /// Whatever `f` answers; `db.contended` when every attempt met others; `db.unavailable`.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.write_at(Isolation::Serializable, f).await
    }

    /// As [`Db::write`], but READ COMMITTED on PostgreSQL: for units whose every decision is a guarded
    /// UPDATE or a unique key. A unit that reads and then writes what it decided belongs in [`Db::write`].
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_guarded<T, F>(&self, f: F) -> Result<T>
    where
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.write_at(Isolation::ReadCommitted, f).await
    }

    /// As [`Db::write`], and a repeated request gets the answer of the first: stored in the same
    /// transaction under operation, actor and key. Without a key in the context it is a plain write.
    ///
    /// # Errors
    /// As [`Db::write`]; `idempotency.key_reused` when the key came with another request before.
    pub async fn write_once<T, F>(&self, ctx: &Ctx, operation: &'static str, f: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
    {
        self.once_at(Isolation::Serializable, ctx, operation, f).await
    }

    /// [`Db::write_guarded`] and [`Db::write_once`] in one.
    ///
    /// # Errors
    /// As [`Db::write_once`].
    pub async fn write_guarded_once<T, F>(&self, ctx: &Ctx, operation: &'static str, f: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
    {
        self.once_at(Isolation::ReadCommitted, ctx, operation, f).await
    }

    /// Forgets the answers kept for repeated requests that were given before an instant. A client repeats
    /// within minutes; a day is plenty.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn forget_answers(&self, before: Time) -> Result<()> {
        while self
            .write_guarded(async move |tx: &Tx| once::forget(tx, before).await)
            .await?
        {}
        Ok(())
    }

    async fn once_at<T, F>(&self, isolation: Isolation, ctx: &Ctx, operation: &'static str, f: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
    {
        let Some(claim) = Claim::of(ctx, operation) else {
            return self.write_at(isolation, f).await;
        };
        self.write_at(isolation, async move |tx: &Tx| once::run(tx, &claim, &f).await)
            .await
    }

    async fn write_at<T, F>(&self, isolation: Isolation, f: F) -> Result<T>
    where
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (unit, answer) = work::unit(f);
        self.submit(isolation, unit)?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    fn submit(&self, isolation: Isolation, unit: Unit) -> Result<()> {
        match &self.inner.store {
            Store::Sqlite(store) => store.write(unit),
            Store::Postgres(store) => store.write(isolation, unit),
        }
    }

    /// Asks the store for a sign of life.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn ping(&self) -> Result<()> {
        self.read(async |reader: &Reader| reader.query_one("SELECT 1", &[]).await.map(drop))
            .await
    }

    /// Copies the whole store to a new file while it goes on working: an SQLite database, or PostgreSQL's
    /// custom dump (`pg_dump` must be installed). See [`crate::restore`].
    ///
    /// # Errors
    /// `db.backup_failed` says why.
    pub async fn backup(&self, to: impl Into<PathBuf>) -> Result<Backup> {
        backup::backup(&self.inner.store, to.into()).await
    }

    /// A bell that [`Tx::ring`] rings in this process. Other processes on the same store must poll.
    #[must_use]
    pub fn bell(&self, name: &'static str) -> Bell {
        self.inner.bells.listen(name)
    }

    /// Takes no more work, finishes what waits, and closes.
    pub async fn shutdown(&self) {
        match &self.inner.store {
            Store::Sqlite(store) => store.shutdown().await,
            Store::Postgres(store) => store.shutdown().await,
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({})", self.engine())
    }
}
