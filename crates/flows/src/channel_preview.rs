//! What a channel sees of an article, place by place: what is there, what it leaves, what it may sell.

use base::{Channel, Ctx, Error, PlaceId, Resource, Result, SkuId, Text, Time};
use channels::{CHANNEL_READ, Terms, ValidTerms, View};
use db::Reader;
use places::{PlaceKind, Service};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::ships;
use crate::channel::seen;
use crate::made_of::{There, most};

/// What a channel sees of an article.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChannelPreview)]
pub struct ChannelPreviewOut {
    /// The channel.
    pub channel: Channel,
    /// The article.
    pub sku_id: SkuId,
    /// Whether its stock is counted; one that is not never runs out.
    pub counted: bool,
    /// Pieces there are to sell everywhere, whatever the channel.
    pub available: i64,
    /// Pieces the channel sees everywhere.
    pub total: i64,
    /// Of these, pieces at places that ship.
    pub online: i64,
    /// Trading places that have any of it, by code.
    pub places: Vec<ChannelPreviewPlace>,
    /// When this was so.
    pub as_of: Time,
}

/// What a channel sees of an article at a place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChannelPreviewPlace {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// What sort of place.
    pub kind: PlaceKind,
    /// Whether the channel sells from it.
    pub sells_from: bool,
    /// Whether orders can be collected there.
    pub collect: bool,
    /// Whether parcels leave from there.
    pub ships: bool,
    /// Pieces there are to sell, whatever the channel.
    pub available: i64,
    /// Pieces the channel sees.
    pub sees: i64,
}

impl Flows {
    /// What a channel sees of an article, by its terms in force or by others.
    ///
    /// # Errors
    /// `access.*` without `channel.read`; `not_found`; `input.invalid`.
    pub async fn channel_preview(
        &self,
        ctx: &Ctx,
        channel: Channel,
        sku: SkuId,
        terms: Option<Terms>,
    ) -> Result<ChannelPreviewOut> {
        ctx.require(CHANNEL_READ, &Resource::Chain)?;
        let view = match terms {
            Some(terms) => View::new(ValidTerms::try_from(terms)?.get().clone()).into(),
            None => self.view(Some(channel)).await?,
        };
        let known = self.parts.catalog.sku_snapshots(&[sku]).await?;
        let takes = known
            .get(&sku)
            .ok_or_else(|| Error::not_found("sku", sku))?
            .takes();
        let book = self.parts.places.book().await?;
        let (stock, ids) = (self.parts.stock.clone(), takes.clone());
        let read = async move |r: &Reader| {
            let ids: Vec<SkuId> = ids.iter().map(|(sku, _)| *sku).collect();
            Ok((r.now(), stock.availability_in(r, &ids).await?))
        };
        let (as_of, available) = self.parts.db.read(read).await?;
        let (all, mine) = (
            There::new(&available),
            There::new(&seen(available.clone(), &view, &book)),
        );
        let mut out = ChannelPreviewOut {
            channel,
            sku_id: sku,
            counted: !takes.is_empty(),
            available: 0,
            total: 0,
            online: 0,
            places: Vec::new(),
            as_of,
        };
        for place in book.iter().filter(|place| place.active) {
            let there = most(&takes, |sku| all.at(sku, place.id)).unwrap_or(0);
            let sees = most(&takes, |sku| mine.at(sku, place.id)).unwrap_or(0);
            if there == 0 {
                continue;
            }
            let ships = ships(place);
            out.available += there;
            out.total += sees;
            out.online += if ships { sees } else { 0 };
            out.places.push(ChannelPreviewPlace {
                place_id: place.id,
                name: place.name.clone(),
                kind: place.kind,
                sells_from: view.sells_from(place),
                collect: place.offers(Service::Collect),
                ships,
                available: there,
                sees,
            });
        }
        Ok(out)
    }
}
