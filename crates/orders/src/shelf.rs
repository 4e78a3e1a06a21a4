//! What of a place's stock orders have taken off the shelf, or are about to.

use base::{PlaceId, Result, SkuId};
use db::Reader;

use crate::state::FulfilmentState;
use crate::store::shelf;

/// Pieces of a SKU that a place has been asked for and still has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenPieces {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many.
    pub quantity: i64,
    /// Whether they are packed and wait for the customer or the carrier; otherwise they are being picked, or
    /// will be.
    pub packed: bool,
}

/// The pieces a place has been asked for and still has; several entries of one SKU add up.
///
/// # Errors
/// Only the store's.
pub async fn fulfilment_pieces_in(reader: &Reader, place: PlaceId) -> Result<Vec<OpenPieces>> {
    let found = shelf::open_pieces(reader, place).await?;
    Ok(found
        .into_iter()
        .map(|(sku_id, quantity, state)| OpenPieces {
            sku_id,
            quantity,
            packed: state == FulfilmentState::Ready,
        })
        .collect())
}
