//! Promotions that begin and end: what makes some days unlike others.

use std::sync::Arc;

use base::{CategoryId, PlaceId, ProductId, Result, SkuId, Time};
use db::Reader;

use crate::model::{Effect, Promotion};
use crate::rules::PriceBook;
use crate::service::Pricing;
use crate::store;

/// A promotion that lasts longer is no exception but how things are.
const LONGEST_DAYS: i64 = 62;
const DAY_MICROS: i64 = 86_400_000_000;

/// The promotions on goods of a period that everybody can have: those with an end, without a code to type.
#[derive(Clone, Debug)]
pub struct Campaigns {
    book: Arc<PriceBook>,
    promotions: Vec<Promotion>,
}

impl Pricing {
    /// The campaigns that touch a period, past or planned.
    ///
    /// # Errors
    /// The store's.
    pub async fn campaigns(&self, from: Time, until: Time) -> Result<Campaigns> {
        let book = self.book().await?;
        let read = async move |r: &Reader| store::promotions_ending_after(r, from).await;
        let mut promotions = self.db.read(read).await?;
        promotions.retain(|promotion| {
            let lasts = match (promotion.valid_from, promotion.valid_until) {
                (Some(begin), Some(end)) if begin < until => end.micros() - begin.micros(),
                _ => i64::MAX,
            };
            let on_goods = promotion.effect != Effect::FreeShipping;
            on_goods && promotion.typed_code.is_none() && lasts <= LONGEST_DAYS * DAY_MICROS
        });
        Ok(Campaigns { book, promotions })
    }
}

impl Campaigns {
    /// When an article is promoted at a place: from, and until just before.
    #[must_use]
    pub fn of(
        &self,
        place: PlaceId,
        sku: SkuId,
        product: ProductId,
        category: CategoryId,
    ) -> Vec<(Time, Time)> {
        let here = |promotion: &&Promotion| {
            let places = &promotion.audience.place_ids;
            places.is_empty() || places.contains(&place)
        };
        let meant = |promotion: &&Promotion| {
            self.book
                .is_about(&promotion.effect, &promotion.goods, sku, product, category)
        };
        let promotions = self.promotions.iter().filter(here).filter(meant);
        promotions
            .filter_map(|promotion| Some((promotion.valid_from?, promotion.valid_until?)))
            .collect()
    }
}
