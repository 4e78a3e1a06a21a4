//! What is recorded after a count although it happened before: the count has seen it already.

use base::{CountId, Ctx, Result, Time};
use db::Tx;

use super::rules::seen_by;
use super::store;
use crate::hands::Hands;
use crate::model::{Key, Movement, MovementKind};
use crate::movements::{self, Words};
use crate::rules::Entry;

/// Said by the entries that keep a count's figure true.
const REASON: &str = "already_counted";

/// Tells the looks taken at a balance at or after `happened_at` of a change of `delta` pieces that is recorded
/// only now. Where one of them is posted, an entry takes the change back as of that look. The balance is in
/// `hands`; `but` is the sheet the change comes from.
pub(crate) async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    hands: &mut Hands,
    key: Key,
    happened_at: Time,
    delta: i64,
    but: Option<CountId>,
) -> Result<Vec<Movement>> {
    if delta == 0 {
        return Ok(Vec::new());
    }
    let mut looks = store::looks_since(tx, key, happened_at).await?;
    looks.retain(|look| Some(look.count_id) != but);
    let (open, posted) = seen_by(&looks);
    for look in open {
        let line = store::line_get(tx, look.count_id, look.sku_id).await?;
        let Some(mut line) = line else { continue };
        if let Some(take) = &mut line.take {
            take.book.late += delta;
        }
        store::late_write(tx, look.count_id, &line).await?;
    }
    let Some(posted) = posted else {
        return Ok(Vec::new());
    };
    let entry = Entry::on_hand(key, MovementKind::Count, -delta);
    // A count is what was seen: nothing that was promised can argue with it.
    hands.apply(entry.key, entry.change, true)?;
    let source = posted.count_id.to_string();
    let words = Words {
        reason: Some(REASON),
        source: Some(&source),
        occurred_at: Some(posted.at),
        ..Words::default()
    };
    movements::enter(tx, ctx, &[entry], words).await
}
