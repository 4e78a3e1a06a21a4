//! Counting while people pick: stock says what is on the book, orders say what of it has left the shelf.

use base::{CountId, Ctx, PlaceId, Resource, Result};
use db::{Reader, Tx};
use stock::{COUNT_TAKE, CountLine, Counted, Picks};

use crate::Flows;

impl Flows {
    /// Keeps what was found of a count's lines. Goods picked for a customer are not looked for; goods that are
    /// being picked are not missing.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `stock.untracked`, `count.illegal_step`.
    pub async fn count_take(&self, ctx: &Ctx, id: CountId, found: Vec<Counted>) -> Result<Vec<CountLine>> {
        ctx.require(COUNT_TAKE, &Resource::Somewhere)?;
        let (stock, actor) = (self.parts.stock.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let place = stock.count_place_in(tx, id).await?;
            actor.require(COUNT_TAKE, &Resource::Place(place))?;
            let picks = picks_at(tx, place).await?;
            stock.count_take_in(tx, &actor, id, &found, &picks).await
        };
        self.parts.db.write_once(ctx, "count_take", unit).await
    }
}

/// What a place's open orders have taken off the shelf, or may have.
pub(crate) async fn picks_at(reader: &Reader, place: PlaceId) -> Result<Picks> {
    let mut picks = Picks::default();
    for pieces in orders::fulfilment_pieces_in(reader, place).await? {
        let of = if pieces.packed {
            &mut picks.picked
        } else {
            &mut picks.picking
        };
        *of.entry(pieces.sku_id).or_default() += pieces.quantity;
    }
    Ok(picks)
}
