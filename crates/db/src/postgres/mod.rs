//! PostgreSQL.

use std::sync::Arc;

use base::{Error, Result};

use crate::bell::Bells;
use crate::config::{PostgresConfig, StoreClock};
use crate::db::Isolation;
use crate::error::codes;
use crate::row::Row;
use crate::tx::{Reader, Tx};
use crate::value::Value;

pub(crate) struct Postgres;

pub(crate) struct Session;

fn unfinished() -> Error {
    Error::new(&codes::INVALID_CONFIG).with("reason", "the PostgreSQL engine is not built yet")
}

impl Postgres {
    pub(crate) async fn open(_: PostgresConfig, _: StoreClock, _: Arc<Bells>) -> Result<Self> {
        Err(unfinished())
    }

    pub(crate) async fn read<T, F>(&self, _: F) -> Result<T>
    where
        F: AsyncFnOnce(&Reader) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        Err(unfinished())
    }

    pub(crate) async fn write<T, F>(&self, _: Isolation, _: F) -> Result<T>
    where
        F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        Err(unfinished())
    }

    pub(crate) async fn migrate(&self, _: Vec<crate::migrate::Step>) -> Result<Vec<String>> {
        Err(unfinished())
    }

    pub(crate) async fn shutdown(&self) {}
}

impl Session {
    pub(crate) async fn query(&self, _: &str, _: &[Value]) -> Result<Vec<Row>> {
        Err(unfinished())
    }

    pub(crate) async fn execute(&self, _: &str, _: &[Value]) -> Result<u64> {
        Err(unfinished())
    }

    pub(crate) async fn execute_many(&self, _: &str, _: &[Vec<Value>]) -> Result<u64> {
        Err(unfinished())
    }

    pub(crate) async fn insert_many(&self, _: &str, _: &[Vec<Value>], _: &str) -> Result<u64> {
        Err(unfinished())
    }

    pub(crate) async fn control(&self, _: &str) -> Result<()> {
        Err(unfinished())
    }

    pub(crate) fn is_conflicted(&self) -> bool {
        false
    }
}
