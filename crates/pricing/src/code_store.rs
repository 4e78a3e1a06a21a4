//! SQL of typed codes and their uses. No decisions.

use base::{MemberId, OrderId, PromotionId, Result, Time};
use db::{Reader, Row, Tx, params};

use crate::model::Promotion;

/// A use of a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Use {
    pub(crate) order_id: OrderId,
    pub(crate) promotion_id: PromotionId,
    pub(crate) code: String,
    pub(crate) member_id: Option<MemberId>,
}

/// How often a code may be used, and is.
pub(crate) struct Limits {
    pub(crate) max_uses: Option<i64>,
    pub(crate) max_uses_per_member: Option<i64>,
    pub(crate) taken: i64,
    pub(crate) taken_by_member: i64,
}

const USE_COLUMNS: &str = "order_id, promotion_id, code, member_id";

fn read_use(row: &Row) -> Result<Use> {
    Ok(Use {
        order_id: row.get(0)?,
        promotion_id: row.get(1)?,
        code: row.get(2)?,
        member_id: row.get(3)?,
    })
}

/// Which other promotion asks for a code.
pub(crate) async fn promotion_of(r: &Reader, code: &str) -> Result<Option<PromotionId>> {
    let sql = "SELECT promotion_id FROM pricing_code WHERE code = $1";
    let row = r.query_opt(sql, params![code]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// In how many orders a code is used or kept: what is counted beside it, or, where the code was taken away for a while,
/// what its uses say. `$1` is its promotion.
const TAKEN: &str = "COALESCE((SELECT c.taken FROM pricing_code c WHERE c.promotion_id = $1), \
     (SELECT COUNT(*) FROM pricing_code_use u WHERE u.promotion_id = $1 AND u.state <> 'released'))";

/// In how many orders a promotion's code is used or kept.
pub(crate) async fn taken(r: &Reader, promotion: PromotionId) -> Result<i64> {
    let sql = format!("SELECT {TAKEN}");
    r.query_one(&sql, params![promotion]).await?.get(0)
}

/// Writes what a promotion says of its code; what was taken stays.
pub(crate) async fn write(tx: &Tx, promotion: &Promotion) -> Result<()> {
    let Some(typed) = &promotion.typed_code else {
        return remove(tx, promotion.id).await;
    };
    let sql = format!(
        "INSERT INTO pricing_code (promotion_id, code, max_uses, max_uses_per_member, taken) \
         VALUES ($1, $2, $3, $4, {TAKEN}) ON CONFLICT (promotion_id) DO UPDATE SET code = excluded.code, \
         max_uses = excluded.max_uses, max_uses_per_member = excluded.max_uses_per_member"
    );
    let values = params![
        promotion.id,
        typed.code.as_str(),
        typed.max_uses,
        typed.max_uses_per_member
    ];
    tx.execute(&sql, values).await?;
    Ok(())
}

pub(crate) async fn remove(tx: &Tx, promotion: PromotionId) -> Result<()> {
    let sql = "DELETE FROM pricing_code WHERE promotion_id = $1";
    tx.execute(sql, params![promotion]).await?;
    Ok(())
}

/// What a code may do and has done, without uses whose time is over.
pub(crate) async fn standing(
    r: &Reader,
    promotion: PromotionId,
    member: Option<MemberId>,
) -> Result<Option<Limits>> {
    let sql = "SELECT c.max_uses, c.max_uses_per_member, c.taken, COALESCE(m.taken, 0), \
                   (SELECT COUNT(*) FROM pricing_code_use u WHERE u.promotion_id = c.promotion_id \
                    AND u.state = 'kept' AND u.expires_at <= $3), \
                   (SELECT COUNT(*) FROM pricing_code_use u WHERE u.promotion_id = c.promotion_id \
                    AND u.state = 'kept' AND u.expires_at <= $3 AND u.member_id = $2) \
               FROM pricing_code c LEFT JOIN pricing_code_member m \
                   ON m.promotion_id = c.promotion_id AND m.member_id = $2 \
               WHERE c.promotion_id = $1";
    let row = r.query_opt(sql, params![promotion, member, r.now()]).await?;
    row.map(|row| {
        let (all, by_member): (i64, i64) = (row.get(2)?, row.get(3)?);
        let (run_out, run_out_of_member): (i64, i64) = (row.get(4)?, row.get(5)?);
        Ok(Limits {
            max_uses: row.get(0)?,
            max_uses_per_member: row.get(1)?,
            taken: all - run_out,
            taken_by_member: by_member - run_out_of_member,
        })
    })
    .transpose()
}

/// Counts one more use of a code; none when no more may be. Tells its limits.
pub(crate) async fn take(tx: &Tx, promotion: PromotionId, code: &str) -> Result<Option<Limits>> {
    let sql = "UPDATE pricing_code SET taken = taken + 1 WHERE promotion_id = $1 AND code = $2 \
               AND (max_uses IS NULL OR taken < max_uses) RETURNING max_uses, max_uses_per_member, taken";
    let rows = tx.query_write(sql, params![promotion, code]).await?;
    rows.first()
        .map(|row| {
            Ok(Limits {
                max_uses: row.get(0)?,
                max_uses_per_member: row.get(1)?,
                taken: row.get(2)?,
                taken_by_member: 0,
            })
        })
        .transpose()
}

/// Counts one more use by a member; false when they have had as many as they may.
pub(crate) async fn take_for_member(
    tx: &Tx,
    promotion: PromotionId,
    member: MemberId,
    most: Option<i64>,
) -> Result<bool> {
    let sql = "INSERT INTO pricing_code_member (promotion_id, member_id, taken) VALUES ($1, $2, 1) \
               ON CONFLICT (promotion_id, member_id) DO UPDATE SET taken = pricing_code_member.taken + 1 \
               WHERE pricing_code_member.taken < $3";
    let changed = tx
        .execute(sql, params![promotion, member, most.unwrap_or(i64::MAX)])
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn give_back(tx: &Tx, promotion: PromotionId, count: i64) -> Result<()> {
    let sql = "UPDATE pricing_code SET taken = taken - $2 WHERE promotion_id = $1";
    tx.execute(sql, params![promotion, count]).await?;
    Ok(())
}

pub(crate) async fn give_back_of_member(tx: &Tx, promotion: PromotionId, member: MemberId) -> Result<()> {
    let sql = "UPDATE pricing_code_member SET taken = taken - 1 WHERE promotion_id = $1 AND member_id = $2";
    tx.execute(sql, params![promotion, member]).await?;
    Ok(())
}

pub(crate) async fn use_insert(tx: &Tx, taken: &Use, expires_at: Option<Time>) -> Result<()> {
    let state = if expires_at.is_some() { "kept" } else { "used" };
    let sql = "INSERT INTO pricing_code_use (order_id, promotion_id, code, member_id, state, expires_at, \
               created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    let values = params![
        taken.order_id,
        taken.promotion_id,
        taken.code.as_str(),
        taken.member_id,
        state,
        expires_at,
        tx.now()
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

/// Lets uses go whose time is over; tells whose they were.
pub(crate) async fn release_run_out(tx: &Tx, promotion: PromotionId) -> Result<Vec<Option<MemberId>>> {
    let sql = "UPDATE pricing_code_use SET state = 'released', updated_at = $2 WHERE promotion_id = $1 \
               AND state = 'kept' AND expires_at <= $2 RETURNING member_id";
    let rows = tx.query_write(sql, params![promotion, tx.now()]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// A use stays from now on; false when it is not in state `from`.
pub(crate) async fn use_up(tx: &Tx, order: OrderId, from: &str) -> Result<bool> {
    let sql = "UPDATE pricing_code_use SET state = 'used', expires_at = NULL, updated_at = $3 \
               WHERE order_id = $1 AND state = $2";
    Ok(tx.execute(sql, params![order, from, tx.now()]).await? == 1)
}

/// The use of an order that was let go.
pub(crate) async fn released(r: &Reader, order: OrderId) -> Result<Option<Use>> {
    let sql =
        format!("SELECT {USE_COLUMNS} FROM pricing_code_use WHERE order_id = $1 AND state = 'released'");
    let row = r.query_opt(&sql, params![order]).await?;
    row.as_ref().map(read_use).transpose()
}

/// Lets the use of an order go; nothing when it was let go before.
pub(crate) async fn release(tx: &Tx, order: OrderId) -> Result<Option<Use>> {
    let sql = format!(
        "UPDATE pricing_code_use SET state = 'released', updated_at = $2 WHERE order_id = $1 \
         AND state IN ('kept', 'used') RETURNING {USE_COLUMNS}"
    );
    let rows = tx.query_write(&sql, params![order, tx.now()]).await?;
    rows.first().map(read_use).transpose()
}
