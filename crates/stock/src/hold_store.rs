//! SQL of holds. No decisions.

use std::collections::HashMap;
use std::sync::LazyLock;

use base::{Error, HoldId, Result, Time};
use db::{Reader, Row, Tx, Value, params};
use futures_util::future::{try_join, try_join_all};

use crate::balance_store::{CHUNK, placeholders};
use crate::model::{HeldLine, Hold, HoldState, Key, ValidRequest};

/// Rows of one statement. A power of two: the store prepares few other sizes.
pub(crate) const PIECE_ROWS: usize = 256;

/// A hold as stored: one whose time has run out says `held` until somebody has been there.
#[derive(Clone, Debug)]
pub(crate) struct StoredHold(pub(crate) Hold);

impl StoredHold {
    /// As the world sees it at an instant.
    pub(crate) fn seen_at(mut self, now: Time) -> Hold {
        if self.has_run_out(now) {
            self.0.state = HoldState::Expired;
        }
        self.0
    }

    pub(crate) fn has_run_out(&self, now: Time) -> bool {
        self.0.state == HoldState::Held && self.0.expires_at.is_some_and(|at| at <= now)
    }
}

fn hold(row: &Row) -> Result<Hold> {
    Ok(Hold {
        id: row.get(0)?,
        owner: row.get(1)?,
        state: HoldState::parse(row.text(2)?)?,
        expires_at: row.get(3)?,
        created_at: row.get(4)?,
        lines: Vec::new(),
    })
}

const COLUMNS: &str = "id, owner, state, expires_at, created_at";

static OVER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM stock_hold WHERE owner = $1 AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
});

const LINE_COLUMNS: &str = "hold_id, sku_id, place_id, outstanding, committed, released, lapsed";

fn line(row: &Row) -> Result<HeldLine> {
    Ok(HeldLine {
        sku_id: row.get(1)?,
        place_id: row.get(2)?,
        outstanding: row.get(3)?,
        committed: row.get(4)?,
        released: row.get(5)?,
        lapsed: row.get(6)?,
    })
}

async fn with_lines(reader: &Reader, mut holds: Vec<Hold>) -> Result<Vec<StoredHold>> {
    let at: HashMap<HoldId, usize> = holds
        .iter()
        .enumerate()
        .map(|(nth, hold)| (hold.id, nth))
        .collect();
    let ids: Vec<Value> = holds.iter().map(|hold| hold.id.into()).collect();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT {LINE_COLUMNS} FROM stock_hold_line WHERE hold_id IN ({}) \
             ORDER BY hold_id, sku_id, place_id",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            if let Some(&nth) = at.get(&row.get::<HoldId>(0)?) {
                holds[nth].lines.push(line(&row)?);
            }
        }
    }
    Ok(holds.into_iter().map(StoredHold).collect())
}

pub(crate) async fn hold_get(reader: &Reader, id: HoldId) -> Result<Option<StoredHold>> {
    let (head_sql, lines_sql) = (
        format!("SELECT {COLUMNS} FROM stock_hold WHERE id = $1"),
        format!("SELECT {LINE_COLUMNS} FROM stock_hold_line WHERE hold_id = $1 ORDER BY sku_id, place_id"),
    );
    let key = [Value::from(id)];
    let (heads, lines) = try_join(reader.query(&head_sql, &key), reader.query(&lines_sql, &key)).await?;
    let Some(head) = heads.first() else {
        return Ok(None);
    };
    let mut found = hold(head)?;
    found.lines = lines.iter().map(line).collect::<Result<_>>()?;
    Ok(Some(StoredHold(found)))
}

/// The holds of owners that are not over, run out or not.
pub(crate) async fn holds_of(reader: &Reader, owners: &[&str]) -> Result<Vec<StoredHold>> {
    let mut found = Vec::new();
    let keys: Vec<Value> = owners.iter().map(|owner| Value::from(*owner)).collect();
    for chunk in keys.chunks(CHUNK) {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock_hold WHERE ended_at IS NULL AND owner IN ({})",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            found.push(hold(&row)?);
        }
    }
    with_lines(reader, found).await
}

/// The owner's latest hold, over or not: the one that lives, else the last that ended. Two questions, since each
/// has an index of its own.
pub(crate) async fn hold_latest_of(reader: &Reader, owner: &str) -> Result<Option<StoredHold>> {
    let live = holds_of(reader, &[owner]).await?.pop();
    if live.is_some() {
        return Ok(live);
    }
    let found = reader.query(&OVER, params![owner]).await?;
    let found = found.iter().map(hold).collect::<Result<_>>()?;
    Ok(with_lines(reader, found).await?.pop())
}

/// Keeps a hold for good whose time has not run out and of which nothing has gone, in any direction. Its balances do not
/// change, so none is locked; its lines go before its head, as where what has run out is put to rest.
pub(crate) async fn hold_confirm(tx: &Tx, id: HoldId) -> Result<Option<Hold>> {
    const LINES: &str = "UPDATE stock_hold_line SET expires_at = NULL WHERE hold_id = $1 AND expires_at > $2 \
         AND NOT EXISTS (SELECT 1 FROM stock_hold_line AS l \
             WHERE l.hold_id = $1 AND (l.outstanding = 0 OR l.lapsed > 0)) \
         RETURNING hold_id, sku_id, place_id, outstanding, committed, released, lapsed";
    const HEAD: &str = "UPDATE stock_hold SET state = 'confirmed', expires_at = NULL WHERE id = $1 \
         AND state = 'held' AND expires_at > $2 AND NOT EXISTS (SELECT 1 FROM stock_hold_line AS l \
             WHERE l.hold_id = $1 AND (l.outstanding = 0 OR l.lapsed > 0 OR l.expires_at IS NOT NULL)) \
         RETURNING id, owner, state, expires_at, created_at";
    let key = params![id, tx.now()];
    let lines = tx.query_write(LINES, key).await?;
    if lines.is_empty() {
        return Ok(None);
    }
    let heads = tx.query_write(HEAD, key).await?;
    let Some(head) = heads.first() else {
        // It ended between the two, or a line was taken back by a unit the first waited for and could not see: this
        // one is rolled back and looks again.
        return Err(Error::new(&db::CONTENDED));
    };
    let mut found = hold(head)?;
    found.lines = lines.iter().map(line).collect::<Result<_>>()?;
    found.lines.sort_unstable_by_key(HeldLine::key);
    Ok(Some(found))
}

/// Writes the heads of new holds; those whose owner holds already are left out of the count.
pub(crate) async fn holds_insert(tx: &Tx, holds: &[&Hold]) -> Result<u64> {
    let rows: Vec<Vec<Value>> = holds
        .iter()
        .map(|hold| {
            vec![
                hold.id.into(),
                hold.owner.as_str().into(),
                hold.state.as_str().into(),
                hold.expires_at.into(),
                hold.created_at.into(),
            ]
        })
        .collect();
    let table = "stock_hold (id, owner, state, expires_at, created_at)";
    insert_pieces(
        tx,
        table,
        &rows,
        "ON CONFLICT (owner) WHERE ended_at IS NULL DO NOTHING",
    )
    .await
}

/// Inserts rows in pieces that are sent together: PostgreSQL works on one while the next is on its way.
async fn insert_pieces(tx: &Tx, table: &str, rows: &[Vec<Value>], suffix: &str) -> Result<u64> {
    let pieces = rows
        .chunks(PIECE_ROWS)
        .map(|piece| tx.insert_many(table, piece, suffix));
    Ok(try_join_all(pieces).await?.into_iter().sum())
}

/// Writes one new hold whose pieces are reserved already.
pub(crate) async fn begin(tx: &Tx, hold: &Hold) -> Result<()> {
    if holds_insert(tx, &[hold]).await? != 1 {
        return Err(Error::new(&db::CONTENDED));
    }
    lines_insert(tx, &[hold]).await
}

/// Writes the lines of new holds.
pub(crate) async fn lines_insert(tx: &Tx, holds: &[&Hold]) -> Result<()> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(holds.len());
    for hold in holds {
        for line in &hold.lines {
            rows.push(vec![
                hold.id.into(),
                line.sku_id.into(),
                line.place_id.into(),
                line.outstanding.into(),
                Value::Int(0),
                Value::Int(0),
                Value::Int(0),
                hold.expires_at.into(),
            ]);
        }
    }
    let table =
        "stock_hold_line (hold_id, sku_id, place_id, outstanding, committed, released, lapsed, expires_at)";
    insert_pieces(tx, table, &rows, "").await?;
    Ok(())
}

/// Takes back what has run out on one balance; answers how much. The heads are left to the sweeper.
pub(crate) async fn lapse(tx: &Tx, key: Key) -> Result<i64> {
    let sql = "UPDATE stock_hold_line SET lapsed = outstanding, outstanding = 0 \
               WHERE sku_id = $1 AND place_id = $2 AND outstanding > 0 AND expires_at <= $3 RETURNING lapsed";
    let rows = tx
        .query_write(sql, params![key.sku_id, key.place_id, tx.now()])
        .await?;
    rows.iter()
        .try_fold(0_i64, |sum, row| Ok(sum + row.get::<i64>(0)?))
}

const DUE: &str = "FROM stock_hold WHERE state = 'held' AND expires_at IS NOT NULL AND expires_at <= $1 \
     ORDER BY expires_at, id LIMIT $2";

/// Holds whose time has run out and whose heads still say `held`, oldest first.
pub(crate) async fn holds_due(reader: &Reader, limit: i64) -> Result<Vec<StoredHold>> {
    let sql = format!("SELECT {COLUMNS} {DUE}");
    let found = reader.query(&sql, params![reader.now(), limit]).await?;
    with_lines(reader, found.iter().map(hold).collect::<Result<_>>()?).await
}

/// Puts holds that have run out to rest: outstanding becomes lapsed.
pub(crate) async fn holds_expire(tx: &Tx, ids: &[HoldId]) -> Result<u64> {
    let lines: Vec<Vec<Value>> = ids.iter().map(|id| vec![(*id).into()]).collect();
    let sql = "UPDATE stock_hold_line SET lapsed = outstanding, outstanding = 0 \
               WHERE hold_id = $1 AND outstanding > 0";
    tx.execute_many(sql, &lines).await?;
    let heads: Vec<Vec<Value>> = ids.iter().map(|id| vec![(*id).into(), tx.now().into()]).collect();
    let sql = "UPDATE stock_hold SET state = 'expired', ended_at = $2 \
               WHERE id = $1 AND state = 'held' AND expires_at <= $2";
    tx.execute_many(sql, &heads).await
}

/// Changes a head that is not over.
pub(crate) async fn hold_write(
    tx: &Tx,
    id: HoldId,
    from: HoldState,
    to: HoldState,
    expires_at: Option<Time>,
) -> Result<bool> {
    let ended_at = to.is_over().then(|| tx.now());
    let sql = "UPDATE stock_hold SET state = $3, expires_at = $4, ended_at = $5 WHERE id = $1 AND state = $2";
    Ok(tx
        .execute(sql, params![id, from.as_str(), to.as_str(), expires_at, ended_at])
        .await?
        == 1)
}

/// Writes what a hold's lines have become; lines that are new are added.
pub(crate) async fn lines_write(tx: &Tx, hold: &Hold) -> Result<()> {
    let rows: Vec<Vec<Value>> = hold
        .lines
        .iter()
        .map(|line| {
            vec![
                hold.id.into(),
                line.sku_id.into(),
                line.place_id.into(),
                line.outstanding.into(),
                line.committed.into(),
                line.released.into(),
                line.lapsed.into(),
                hold.expires_at.into(),
            ]
        })
        .collect();
    let table =
        "stock_hold_line (hold_id, sku_id, place_id, outstanding, committed, released, lapsed, expires_at)";
    let update = "ON CONFLICT (hold_id, sku_id, place_id) DO UPDATE SET outstanding = excluded.outstanding, \
                  committed = excluded.committed, released = excluded.released, lapsed = excluded.lapsed, \
                  expires_at = excluded.expires_at";
    tx.insert_many(table, &rows, update).await?;
    Ok(())
}

/// Owners of what is still reserved on a balance, oldest hold first.
pub(crate) async fn owners_at(reader: &Reader, key: Key, limit: i64) -> Result<Vec<String>> {
    let sql = "SELECT h.owner FROM stock_hold_line l JOIN stock_hold h ON h.id = l.hold_id \
               WHERE l.sku_id = $1 AND l.place_id = $2 AND l.outstanding > 0 \
               AND (l.expires_at IS NULL OR l.expires_at > $3) ORDER BY h.created_at, h.id LIMIT $4";
    let rows = reader
        .query(sql, params![key.sku_id, key.place_id, reader.now(), limit])
        .await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// A new hold, as placed.
pub(crate) fn new_hold(request: &ValidRequest, now: Time) -> Hold {
    let lines = request.lines.iter().map(HeldLine::from).collect();
    // A hold without an end is an allocation from the start.
    let state = if request.expires_at.is_some() {
        HoldState::Held
    } else {
        HoldState::Confirmed
    };
    let (id, owner, expires_at) = (request.id, request.owner.clone(), request.expires_at);
    Hold {
        id,
        owner,
        state,
        expires_at,
        created_at: now,
        lines,
    }
}

#[cfg(test)]
mod tests {
    use db::testing::{TestDb, each_engine};
    use db::{Engine, dialect};

    use super::*;

    /// However many holds there are, those that have run out and those of an owner are found by index.
    #[test]
    fn what_has_run_out_is_found_without_a_scan() {
        each_engine(&[bus::MIGRATIONS, crate::MIGRATIONS], async |t: TestDb| {
            // PostgreSQL reads tables this small whole, whatever their indexes.
            if t.db.engine() == Engine::Postgres {
                return;
            }
            let read = async |reader: &Reader| {
                let due = format!("SELECT {COLUMNS} {DUE}");
                let lapsed = format!(
                    "SELECT b.on_hand + {} FROM stock_balance b WHERE b.sku_id = $2",
                    crate::balance_store::LAPSED
                );
                let mut plan = dialect::explain(reader, &due, params![reader.now(), 1_i64]).await?;
                plan.extend(dialect::explain(reader, &OVER, params!["order"]).await?);
                plan.extend(dialect::explain(reader, &lapsed, params![reader.now(), "sku"]).await?);
                Ok(plan)
            };
            let plan = t.db.read(read).await.unwrap().join("\n");
            assert!(
                plan.contains("stock_hold_due")
                    && plan.contains("stock_hold_line_balance")
                    && plan.contains("stock_hold_owner_over"),
                "{plan}"
            );
            assert!(!plan.contains("SCAN"), "{plan}");
        });
    }
}
