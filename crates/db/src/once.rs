//! Answers a repeated request from what the first one stored.

use base::{Ctx, Error, IdempotencyKey, Result, Time, codes};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::params;
use crate::tx::Tx;
use crate::value::json;

/// Who promised that which request is the same request.
pub(crate) struct Claim {
    operation: &'static str,
    actor: String,
    key: IdempotencyKey,
}

impl Claim {
    pub(crate) fn of(ctx: &Ctx, operation: &'static str) -> Option<Self> {
        let key = ctx.idempotency.clone()?;
        Some(Self {
            operation,
            actor: ctx.actor.to_string(),
            key,
        })
    }
}

/// Claims the key first: a concurrent twin waits on the unique key, then finds the answer, and never does
/// the work a second time.
pub(crate) async fn run<T, F>(tx: &Tx, claim: &Claim, f: &F) -> Result<T>
where
    T: Serialize + DeserializeOwned,
    F: AsyncFn(&Tx) -> Result<T>,
{
    let claimed = tx
        .execute(
            "INSERT INTO db_idempotency (operation, actor, idempotency_key, fingerprint, answer_json, created_at)
             VALUES ($1, $2, $3, $4, 'null', $5)
             ON CONFLICT (operation, actor, idempotency_key) DO NOTHING",
            params![claim.operation, claim.actor, claim.key, claim.key.fingerprint, tx.now()],
        )
        .await?;
    if claimed == 0 {
        return stored(tx, claim).await;
    }
    let answer = f(tx).await?;
    tx.execute(
        "UPDATE db_idempotency SET answer_json = $4
         WHERE operation = $1 AND actor = $2 AND idempotency_key = $3",
        params![claim.operation, claim.actor, claim.key, json(&answer)?],
    )
    .await?;
    Ok(answer)
}

async fn stored<T: DeserializeOwned>(tx: &Tx, claim: &Claim) -> Result<T> {
    let row = tx
        .query_one(
            "SELECT fingerprint, answer_json FROM db_idempotency
             WHERE operation = $1 AND actor = $2 AND idempotency_key = $3",
            params![claim.operation, claim.actor, claim.key],
        )
        .await?;
    if row.text(0)? != &*claim.key.fingerprint {
        return Err(Error::new(&codes::KEY_REUSED));
    }
    row.json(1)
}

/// Forgets answers given before an instant, some at a time; tells whether there may be more.
pub(crate) async fn forget(tx: &Tx, before: Time) -> Result<bool> {
    const AT_ONCE: i64 = 1_000;
    let gone = tx
        .execute(
            "DELETE FROM db_idempotency WHERE (operation, actor, idempotency_key) IN (
                SELECT operation, actor, idempotency_key FROM db_idempotency
                WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
            params![before, AT_ONCE],
        )
        .await?;
    Ok(gone == AT_ONCE.unsigned_abs())
}
