//! Statements of one unit of work on one PostgreSQL connection.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use base::{Error, Result};
use futures_util::future::{LocalBoxFuture, try_join, try_join_all};
use futures_util::{FutureExt, TryStreamExt};
use tokio::sync::Mutex;
use tokio_postgres::Statement;

use super::codec::{self, Param};
use super::columns::Columns;
use super::connection::Connection;
use crate::row::Row;
use crate::tx::insert_text;
use crate::value::Value;

/// Statements sent ahead before an answer is waited for.
const PIPELINED: usize = 128;
/// Rows of one INSERT at most.
const INSERT_ROWS: usize = 2_048;

/// One connection, as one unit of work uses it.
#[derive(Clone)]
pub(crate) struct Session(Rc<State>);

struct State {
    connection: Rc<Connection>,
    /// Others got in the way: nothing this unit does can be kept.
    conflicted: Cell<bool>,
    /// A unique key was hit: perhaps by one that came in unseen after this unit's snapshot.
    collided: Cell<bool>,
    /// Statements begun and not ended.
    open: Cell<u32>,
    /// Whose turn it is to send.
    turn: Mutex<()>,
    /// Answers still to hear.
    sent: RefCell<Vec<LocalBoxFuture<'static, Result<(), tokio_postgres::Error>>>>,
}

impl Session {
    pub(super) fn new(connection: Rc<Connection>) -> Self {
        let (conflicted, collided, open) = (Cell::new(false), Cell::new(false), Cell::new(0));
        Self(Rc::new(State {
            connection,
            conflicted,
            collided,
            open,
            turn: Mutex::default(),
            sent: RefCell::default(),
        }))
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.0.connection
    }

    pub(crate) fn is_conflicted(&self) -> bool {
        self.0.conflicted.get()
    }

    pub(super) fn has_collided(&self) -> bool {
        self.0.collided.get()
    }

    /// Whether a statement was begun and its answer never awaited: nobody would hear of its failure.
    pub(super) fn has_abandoned(&self) -> bool {
        self.0.open.get() > 0
    }

    /// Runs a statement to its end, noting what its failure means for the unit.
    async fn track<T>(&self, sql: &str, work: impl Future<Output = Result<T, Failure>>) -> Result<T> {
        self.0.open.set(self.0.open.get() + 1);
        let outcome = work.await;
        self.0.open.set(self.0.open.get() - 1);
        outcome.map_err(|failure| match failure {
            Failure::Ours(error) => error,
            Failure::Server(error) => {
                if codec::is_conflict(&error) {
                    self.0.conflicted.set(true);
                }
                if codec::is_stale_plan(&error) {
                    self.0.connection.forget_statements();
                    self.0.conflicted.set(true);
                }
                let error = codec::error(error, sql);
                if error.is(&crate::codes::UNIQUE_VIOLATION) {
                    self.0.collided.set(true);
                }
                error
            }
        })
    }

    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let client = &self.0.connection.client;
        self.track(sql, async {
            let stream = self.in_turn(sql, async |statement| {
                check_count(&statement, params, sql)?;
                Ok(client.query_raw(&statement, params.iter().map(Param)).await?)
            });
            let mut stream = pin!(stream.await?);
            let mut rows = Vec::new();
            while let Some(row) = stream.try_next().await? {
                rows.push(codec::row(&row, sql)?);
            }
            Ok(rows)
        })
        .await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.track(sql, self.execute_one(sql, params)).await
    }

    async fn execute_one(&self, sql: &str, params: &[Value]) -> Result<u64, Failure> {
        let client = &self.0.connection.client;
        let send = async |statement: Statement| {
            check_count(&statement, params, sql)?;
            if !statement.columns().is_empty() {
                return Err(Failure::Ours(Error::internal(format!(
                    "a statement that returns rows goes through query_write: {sql}"
                ))));
            }
            Ok(client.execute_raw(&statement, params.iter().map(Param)).await?)
        };
        self.in_turn(sql, send).await
    }

    /// Sends a statement after those that were begun before it, though its text may be known to the server and theirs
    /// not yet; its answer is awaited outside the turn.
    async fn in_turn<T>(
        &self,
        sql: &str,
        send: impl AsyncFnOnce(Statement) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let turn = self.0.turn.lock().await;
        let statement = self.0.connection.prepare(sql).await?;
        let mut sent = pin!(send(statement));
        // The first poll sends.
        let first = poll_fn(|cx| Poll::Ready(sent.as_mut().poll(cx))).await;
        drop(turn);
        match first {
            Poll::Ready(answer) => answer,
            Poll::Pending => sent.await,
        }
    }

    pub(crate) async fn execute_many(&self, sql: &str, rows: &[Vec<Value>]) -> Result<u64> {
        self.track(sql, async {
            let mut count = 0;
            for chunk in rows.chunks(PIPELINED) {
                let counts = try_join_all(chunk.iter().map(|params| self.execute_one(sql, params))).await?;
                count += counts.into_iter().sum::<u64>();
            }
            Ok(count)
        })
        .await
    }

    /// Inserts one row as it is, more as columns.
    pub(crate) async fn insert_many(
        &self,
        table_and_columns: &str,
        rows: &[Vec<Value>],
        suffix: &str,
    ) -> Result<u64> {
        if let [row] = rows {
            let sql = insert_text(table_and_columns, row.len(), suffix);
            return self.execute(&sql, row).await;
        }
        let mut count = 0;
        for chunk in rows.chunks(INSERT_ROWS) {
            let Columns { sql, arrays } = Columns::of(table_and_columns, chunk, suffix)?;
            let client = &self.0.connection.client;
            let send = async |statement: Statement| Ok(client.execute_raw(&statement, arrays).await?);
            count += self.track(&sql, self.in_turn(&sql, send)).await?;
        }
        Ok(count)
    }

    /// Sends a statement that begins a transaction or a part of one along with what follows, which fails where
    /// this one does; its own answer is heard before the commit counts.
    pub(crate) fn send(&self, sql: &'static str) {
        let connection = Rc::clone(&self.0.connection);
        let mut answer = async move { connection.client.batch_execute(sql).await }.boxed_local();
        // The first poll sends.
        if (&mut answer).now_or_never().is_none() {
            self.0.sent.borrow_mut().push(answer);
        }
    }

    /// Ends the transaction for good. A failed transaction answers COMMIT with a rollback that looks like
    /// success, so what was sent ahead must have succeeded too.
    pub(super) async fn commit(&self) -> Result<(), tokio_postgres::Error> {
        let sent = self.0.sent.take();
        let commit = self.0.connection.client.batch_execute("COMMIT");
        try_join(try_join_all(sent), commit).await?;
        self.0.connection.answered();
        Ok(())
    }

    /// Runs a savepoint's statement and waits for its answer.
    pub(crate) async fn control(&self, sql: &'static str) -> Result<()> {
        let client = &self.0.connection.client;
        self.track(sql, async { Ok(client.batch_execute(sql).await?) })
            .await
    }
}

/// What the server said, or what we found wrong ourselves.
enum Failure {
    Ours(Error),
    Server(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Server(error)
    }
}
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

fn check_count(statement: &tokio_postgres::Statement, params: &[Value], sql: &str) -> Result<()> {
    let wanted = statement.params().len();
    if wanted == params.len() {
        return Ok(());
    }
    Err(Error::internal(format!(
        "{} parameters for the {wanted} of {sql}",
        params.len()
    )))
}
