//! What a unit of work, or a read, sees of the store.

use std::cell::{Cell, RefCell};
use std::ops::Deref;

use base::{Error, Result, Time};

use crate::config::Engine;
use crate::row::Row;
use crate::value::{Value, check_storable};
use crate::{postgres, sqlite};

/// The connection beneath. Two engines, one call site: this enum is the only branch a statement passes.
pub(crate) enum Session {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

/// One consistent picture of the store.
pub struct Reader {
    session: Session,
    now: Time,
    failed: Cell<bool>,
}

/// Work to do once a unit is durable.
pub(crate) type Hook = Box<dyn FnOnce() + Send>;

/// One unit of work: all or nothing. Shared by reference, so that independent statements may be joined;
/// PostgreSQL then carries them in one round trip.
///
/// A statement that fails dooms the unit on both engines: later statements are refused and the unit cannot
/// succeed. Where a conflict is a foreseen outcome, say so in the statement (`ON CONFLICT DO NOTHING`), or
/// use [`Tx::attempt`].
pub struct Tx {
    reader: Reader,
    hooks: RefCell<Vec<Hook>>,
    bells: RefCell<Vec<&'static str>>,
}

impl Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Reader {
    pub(crate) const fn new(session: Session, now: Time) -> Self {
        Self {
            session,
            now,
            failed: Cell::new(false),
        }
    }

    /// The instant of this unit: one per unit, from the store's clock.
    #[must_use]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// The engine beneath, for the few functions of [`crate::dialect`].
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of a SELECT.
    ///
    /// # Errors
    /// `internal` when statement and parameters do not fit the schema; `db.unavailable`.
    pub async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.ready([params])?;
        let rows = match &self.session {
            Session::Sqlite(session) => session.query(sql, params, sqlite::Access::Read),
            Session::Postgres(session) => session.query(sql, params).await,
        };
        self.noted(rows)
    }

    /// The row of a SELECT that finds at most one.
    ///
    /// # Errors
    /// As [`Reader::query`]; `internal` when it finds more.
    pub async fn query_opt(&self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        let mut rows = self.query(sql, params).await?;
        if rows.len() > 1 {
            return Err(Error::internal(format!(
                "{} rows where one at most was asked for, in {sql}",
                rows.len()
            )));
        }
        Ok(rows.pop())
    }

    /// The row of a SELECT that always finds exactly one, such as a count.
    ///
    /// # Errors
    /// As [`Reader::query_opt`]; `internal` when it finds none.
    pub async fn query_one(&self, sql: &str, params: &[Value]) -> Result<Row> {
        let row = self.query_opt(sql, params).await?;
        row.ok_or_else(|| Error::internal(format!("no row where exactly one was asked for, in {sql}")))
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed.get()
    }

    fn alive(&self) -> Result<()> {
        if self.failed.get() {
            return Err(Error::internal(
                "an earlier statement of this unit of work has failed",
            ));
        }
        Ok(())
    }

    fn ready<'a>(&self, rows: impl IntoIterator<Item = &'a [Value]>) -> Result<()> {
        self.alive()?;
        self.noted(rows.into_iter().try_for_each(check_storable))
    }

    fn noted<T>(&self, result: Result<T>) -> Result<T> {
        if result.is_err() {
            self.failed.set(true);
        }
        result
    }
}

impl Tx {
    pub(crate) const fn new(session: Session, now: Time) -> Self {
        Self {
            reader: Reader::new(session, now),
            hooks: RefCell::new(Vec::new()),
            bells: RefCell::new(Vec::new()),
        }
    }

    /// Runs an INSERT, UPDATE or DELETE and tells how many rows it touched.
    ///
    /// # Errors
    /// The constraint violations of [`crate::codes`]; otherwise as [`Reader::query`].
    pub async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.ready([params])?;
        let count = match &self.session {
            Session::Sqlite(session) => session.execute(sql, params),
            Session::Postgres(session) => session.execute(sql, params).await,
        };
        self.noted(count)
    }

    /// Runs one statement once per row of parameters, prepared once and without waiting in between.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub async fn execute_many(&self, sql: &str, rows: &[Vec<Value>]) -> Result<u64> {
        self.ready(rows.iter().map(Vec::as_slice))?;
        let count = match &self.session {
            Session::Sqlite(session) => session.execute_many(sql, rows),
            Session::Postgres(session) => session.execute_many(sql, rows).await,
        };
        self.noted(count)
    }

    /// Inserts many rows: `insert_many("stock_movement (id, quantity)", &rows, "ON CONFLICT (id) DO NOTHING")`.
    /// With DO UPDATE no two of the rows may meet in the same target row: PostgreSQL refuses that.
    ///
    /// # Errors
    /// As [`Tx::execute`]; `internal` when the rows differ in length.
    pub async fn insert_many(
        &self,
        table_and_columns: &str,
        rows: &[Vec<Value>],
        suffix: &str,
    ) -> Result<u64> {
        let Some(width) = rows.first().map(Vec::len) else {
            return Ok(0);
        };
        if width == 0 || rows.iter().any(|row| row.len() != width) {
            return Err(Error::internal(format!(
                "rows of unequal length for {table_and_columns}"
            )));
        }
        self.ready(rows.iter().map(Vec::as_slice))?;
        let count = match &self.session {
            Session::Sqlite(session) => {
                session.execute_many(&insert_text(table_and_columns, width, suffix), rows)
            }
            Session::Postgres(session) => session.insert_many(table_and_columns, rows, suffix).await,
        };
        self.noted(count)
    }

    /// The rows of an INSERT, UPDATE or DELETE with RETURNING, in no particular order.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub async fn query_write(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.ready([params])?;
        let rows = match &self.session {
            Session::Sqlite(session) => session.query(sql, params, sqlite::Access::Write),
            Session::Postgres(session) => session.query(sql, params).await,
        };
        self.noted(rows)
    }

    /// A part of the unit that may fail without dooming the rest: on an error everything it did is undone
    /// and the error handed over. Not to be joined with other statements of the same unit.
    ///
    /// # Errors
    /// Whatever `part` answers.
    pub async fn attempt<T, F>(&self, part: F) -> Result<T>
    where
        F: AsyncFnOnce(&Self) -> Result<T>,
    {
        self.mark("SAVEPOINT part")?;
        let hooks = self.hooks.borrow().len();
        let bells = self.bells.borrow().len();
        match part(self).await {
            Ok(value) if !self.failed.get() => {
                self.mark("RELEASE SAVEPOINT part")?;
                Ok(value)
            }
            outcome => {
                self.hooks.borrow_mut().truncate(hooks);
                self.bells.borrow_mut().truncate(bells);
                // A serialisation failure cannot be undone in part: the whole unit must run again.
                if self.is_conflicted() {
                    return outcome;
                }
                self.failed.set(false);
                self.rewind("ROLLBACK TO SAVEPOINT part").await?;
                self.mark("RELEASE SAVEPOINT part")?;
                outcome.and(Err(swallowed()))
            }
        }
    }

    /// Does something once the unit is durable, such as waking a waiting stream. Not run when the unit
    /// fails. It runs on the store's own thread: be quick, never block.
    pub fn after_commit(&self, hook: impl FnOnce() + Send + 'static) {
        self.hooks.borrow_mut().push(Box::new(hook));
    }

    /// Rings a bell of this process once the unit is durable; see [`crate::Db::bell`].
    pub fn ring(&self, bell: &'static str) {
        let mut bells = self.bells.borrow_mut();
        if !bells.contains(&bell) {
            bells.push(bell);
        }
    }

    /// Opens or closes a savepoint; PostgreSQL is told along with the next statement.
    fn mark(&self, sql: &'static str) -> Result<()> {
        self.alive()?;
        let done = match &self.session {
            Session::Sqlite(session) => session.execute(sql, &[]).map(|_| ()),
            Session::Postgres(session) => {
                session.send(sql);
                Ok(())
            }
        };
        self.noted(done)
    }

    /// Goes back to a savepoint.
    async fn rewind(&self, sql: &'static str) -> Result<()> {
        let done = match &self.session {
            Session::Sqlite(session) => session.execute(sql, &[]).map(|_| ()),
            Session::Postgres(session) => session.control(sql).await,
        };
        self.noted(done)
    }

    fn is_conflicted(&self) -> bool {
        match &self.session {
            Session::Sqlite(_) => false,
            Session::Postgres(session) => session.is_conflicted(),
        }
    }

    /// The closure's result, unless a statement failed and the closure went on as if it had not.
    pub(crate) fn verdict<T>(&self, result: Result<T>) -> Result<T> {
        if result.is_ok() && self.has_failed() {
            return Err(swallowed());
        }
        result
    }

    pub(crate) fn into_effects(self) -> Effects {
        Effects {
            hooks: self.hooks.into_inner(),
            bells: self.bells.into_inner(),
        }
    }
}

fn swallowed() -> Error {
    Error::internal("a statement failed and the unit of work went on as if it had not")
}

/// What a unit leaves to do once it is durable.
#[derive(Default)]
pub(crate) struct Effects {
    hooks: Vec<Hook>,
    bells: Vec<&'static str>,
}

impl Effects {
    pub(crate) fn run(self, bells: &crate::bell::Bells) {
        for bell in self.bells {
            bells.ring(bell);
        }
        for hook in self.hooks {
            // A hook that panics must not take the store's thread, and everybody's commits, with it.
            if std::panic::catch_unwind(std::panic::AssertUnwindSafe(hook)).is_err() {
                tracing::error!("a hook that ran after a commit panicked");
            }
        }
    }
}

/// `INSERT INTO t (a, b) VALUES ($1, $2) suffix`.
pub(crate) fn insert_text(table_and_columns: &str, width: usize, suffix: &str) -> String {
    let numbers: Vec<String> = (1..=width).map(|n| format!("${n}")).collect();
    format!(
        "INSERT INTO {table_and_columns} VALUES ({}) {suffix}",
        numbers.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::insert_text;

    #[test]
    fn parameters_are_numbered_through() {
        assert_eq!(
            insert_text("t (a, b)", 2, "ON CONFLICT DO NOTHING"),
            "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        );
    }
}
