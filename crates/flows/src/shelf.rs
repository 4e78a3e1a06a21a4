//! What a fulfilment has on the shelf, and how it leaves it.

use std::collections::BTreeMap;

use base::{Ctx, Result, SkuId};
use db::{Reader, Tx};
use orders::{Fulfilment, Order};
use stock::HoldLine;

use crate::Flows;
use crate::made_of;

impl Flows {
    /// The counted lines a fulfilment still holds. Lines the hold does not know are not counted.
    pub(crate) async fn held_in(&self, r: &Reader, order: &Order, f: &Fulfilment) -> Result<Vec<HoldLine>> {
        let Some(hold_id) = f.hold_id else {
            return Ok(Vec::new());
        };
        let hold = self.parts.stock.hold_get_in(r, hold_id).await?;
        if hold.state.is_over() {
            // What has run out is nobody's, whether or not anybody has put it away.
            return Ok(Vec::new());
        }
        let outstanding: Vec<HoldLine> = hold.outstanding().filter(|l| l.place_id == f.place_id).collect();
        // Summed first: articles may be made of the same SKU.
        let mut wanted: BTreeMap<SkuId, i64> = BTreeMap::new();
        for part in &f.parts {
            for (sku, pieces) in made_of::pieces(order.line(part.order_line_id)?, part.quantity) {
                *wanted.entry(sku).or_default() += pieces;
            }
        }
        let held = outstanding.into_iter().filter_map(|held| {
            let wanted = *wanted.get(&held.sku_id)?;
            Some(HoldLine::new(held.sku_id, f.place_id, wanted.min(held.quantity)))
        });
        Ok(held.collect())
    }

    /// The goods leave with the customer or the carrier.
    pub(crate) async fn goods_out_in(&self, tx: &Tx, ctx: &Ctx, order: &Order, f: &Fulfilment) -> Result<()> {
        let lines = self.held_in(tx, order, f).await?;
        if let (Some(hold), false) = (f.hold_id, lines.is_empty()) {
            self.parts
                .stock
                .hold_commit_in(tx, &ctx.elevated(), hold, &lines)
                .await?;
        }
        Ok(())
    }

    /// What was kept for a fulfilment is free again, its place's room included.
    pub(crate) async fn put_back_in(&self, tx: &Tx, ctx: &Ctx, order: &Order, f: &Fulfilment) -> Result<()> {
        places::room_release_in(tx, &f.id.to_string()).await?;
        let lines = self.held_in(tx, order, f).await?;
        if let (Some(hold), false) = (f.hold_id, lines.is_empty()) {
            self.parts
                .stock
                .hold_release_in(tx, &ctx.elevated(), hold, &lines)
                .await?;
        }
        Ok(())
    }
}
