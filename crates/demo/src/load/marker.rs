//! The note that says which chain a house holds.

use base::{Category, Error, ErrorCode, Result, Time};
use db::{Db, Row, Tx, params};

use crate::{Plan, Size};

/// The house has data of its own.
pub const NOT_EMPTY: ErrorCode = ErrorCode::new(
    "demo.not_empty",
    Category::Conflict,
    "数据库中已有数据，演示只能写入空库：请换一个数据目录",
    "The database already holds data, and the demo is only written to an empty one: choose another data directory",
);

/// The errors of this crate.
pub const ERRORS: &[&ErrorCode] = &[&NOT_EMPTY];

/// The plan of the chain that is or will be in the house, and whether it is complete.
pub(super) async fn claim(db: &Db, seed: u64, size: Size) -> Result<(Plan, bool)> {
    db.write(async move |tx: &Tx| {
        let known = tx
            .query_opt(
                "SELECT seed, as_of_at, stores, members, orders, days, finished_at FROM demo_chain",
                &[],
            )
            .await?;
        if let Some(row) = known {
            return read(&row);
        }
        if members::member_count_in(tx).await? > 0 {
            return Err(Error::new(&NOT_EMPTY));
        }
        let plan = Plan {
            seed,
            as_of: tx.now(),
            size: size.clamped(),
        };
        tx.execute(
            "INSERT INTO demo_chain (id, seed, as_of_at, stores, members, orders, days) \
             VALUES (1, $1, $2, $3, $4, $5, $6)",
            params![
                plan.seed.to_string(),
                plan.as_of,
                stored(plan.size.stores),
                stored(plan.size.members),
                stored(plan.size.orders),
                stored(plan.size.days)
            ],
        )
        .await?;
        Ok((plan, false))
    })
    .await
}

/// Notes that everything is in.
pub(super) async fn finish(db: &Db) -> Result<()> {
    db.write(async |tx: &Tx| {
        let sql = "UPDATE demo_chain SET finished_at = $1 WHERE id = 1 AND finished_at IS NULL";
        tx.execute(sql, params![tx.now()]).await.map(|_| ())
    })
    .await
}

fn read(row: &Row) -> Result<(Plan, bool)> {
    let seed: String = row.get(0)?;
    let size = Size {
        stores: kept(row, 2)?,
        members: kept(row, 3)?,
        orders: kept(row, 4)?,
        days: kept(row, 5)?,
    };
    let plan = Plan {
        seed: seed.parse().map_err(Error::internal)?,
        as_of: row.get(1)?,
        size,
    };
    let finished: Option<Time> = row.get(6)?;
    Ok((plan, finished.is_some()))
}

fn stored(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn kept(row: &Row, column: usize) -> Result<usize> {
    usize::try_from(row.get::<i64>(column)?).map_err(Error::internal)
}
