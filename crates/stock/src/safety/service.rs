//! The face of safety stock.

use std::collections::HashMap;

use base::{Ctx, Error, PlaceId, Resource, Result, codes};
use db::{Reader, Tx};

use super::model::{SafetyDefault, SafetyStock};
use super::store;
use crate::balance_store::{self, LevelQuery};
use crate::error::UNTRACKED;
use crate::hands::Hands;
use crate::model::{Key, Level, QUANTITY_MAX, out_of_range};
use crate::service::{Stock, scope};
use crate::{STOCK_PROTECT, STOCK_READ};

/// The most figures one request names.
pub(super) const ITEMS_MAX: usize = 200;
/// Balances that follow their place in one unit of work: what others wait for stays short.
const FOLLOWERS: i64 = 200;

impl Stock {
    /// Says what is kept back of SKUs at places, all or none; answers their levels.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `stock.untracked`, `input.invalid` for figures out of range or a balance named twice.
    pub async fn safety_stock_set(&self, ctx: &Ctx, items: Vec<SafetyStock>) -> Result<Vec<Level>> {
        if items.is_empty() || items.len() > ITEMS_MAX {
            return Err(out_of_range("items", 1, ITEMS_MAX as i64));
        }
        for item in &items {
            ctx.require(STOCK_PROTECT, &Resource::Place(item.place_id))?;
        }
        let figures = valid(&items)?;
        let skus: Vec<_> = items.iter().map(|item| item.sku_id).collect();
        let known = self
            .must_know(&skus, items.iter().map(|item| item.place_id))
            .await?;
        if let Some((sku, _)) = known.iter().find(|(_, tracked)| !**tracked) {
            return Err(Error::new(&UNTRACKED).with("sku_id", sku.to_string()));
        }
        let unit_ctx = ctx.clone();
        let unit = async move |tx: &Tx| {
            set_in(tx, &unit_ctx, &figures).await?;
            levels_in(tx, &figures).await
        };
        self.db.write_once(ctx, "safety_stock_set", unit).await
    }

    /// Says what is kept back on one balance, within a flow's unit of work.
    ///
    /// # Errors
    /// `input.invalid`.
    pub async fn safety_stock_set_in(&self, tx: &Tx, ctx: &Ctx, key: Key, quantity: i64) -> Result<()> {
        in_range("safety_stock", quantity)?;
        set_in(tx, ctx, &[(key, Some(quantity))]).await
    }

    /// What places keep back of everything, at those the caller may see. Places that were never asked keep nothing.
    ///
    /// # Errors
    /// `access.*`.
    pub async fn safety_default_list(&self, ctx: &Ctx) -> Result<Vec<SafetyDefault>> {
        let places = scope(ctx, STOCK_READ, None)?;
        let read = async move |reader: &Reader| store::defaults(reader, places.as_deref()).await;
        self.db.read(read).await
    }

    /// Says what a place keeps back of every SKU of which nothing else is said, those that come later included.
    /// Many balances follow in several units of work; asked again, it goes on where it stopped.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`.
    pub async fn safety_default_set(
        &self,
        ctx: &Ctx,
        place: PlaceId,
        quantity: i64,
    ) -> Result<SafetyDefault> {
        ctx.require(STOCK_PROTECT, &Resource::Place(place))?;
        in_range("safety_stock", quantity)?;
        self.must_know(&[], [place]).await?;
        let actor = ctx.actor.to_string();
        let unit = async move |tx: &Tx| {
            let new = SafetyDefault {
                place_id: place,
                safety_stock: quantity,
                actor: actor.clone(),
                set_at: tx.now(),
            };
            store::default_put(tx, &new).await?;
            Ok(new)
        };
        let said = self.db.write_once(ctx, "safety_default_set", unit).await?;
        loop {
            let unit_ctx = ctx.clone();
            let unit = async move |tx: &Tx| follow_in(tx, &unit_ctx, place).await;
            if self.db.write(unit).await? < FOLLOWERS as usize {
                return Ok(said);
            }
        }
    }
}

fn in_range(field: &str, quantity: i64) -> Result<()> {
    if (0..=QUANTITY_MAX).contains(&quantity) {
        return Ok(());
    }
    Err(out_of_range(field, 0, QUANTITY_MAX))
}

/// The figures, in lock order.
fn valid(items: &[SafetyStock]) -> Result<Vec<(Key, Option<i64>)>> {
    let mut figures: HashMap<Key, Option<i64>> = HashMap::with_capacity(items.len());
    for (nth, item) in items.iter().enumerate() {
        if let Some(quantity) = item.safety_stock {
            in_range(&format!("items[{nth}].safety_stock"), quantity)?;
        }
        let key = Key::new(item.sku_id, item.place_id);
        if figures.insert(key, item.safety_stock).is_some() {
            let twice = [("reason".to_owned(), "sku_id + place_id".into())];
            let invalid = Error::new(&codes::INVALID_INPUT);
            return Err(invalid.and_field(
                format!("items[{nth}]"),
                &codes::MALFORMED,
                twice.into_iter().collect(),
            ));
        }
    }
    let mut figures: Vec<_> = figures.into_iter().collect();
    figures.sort_unstable();
    Ok(figures)
}

async fn set_in(tx: &Tx, ctx: &Ctx, figures: &[(Key, Option<i64>)]) -> Result<()> {
    let keys: Vec<Key> = figures.iter().map(|(key, _)| *key).collect();
    balance_store::balances_ensure(tx, &keys).await?;
    let own: Vec<(Key, i64)> = figures
        .iter()
        .filter_map(|(key, quantity)| Some((*key, (*quantity)?)))
        .collect();
    let following: Vec<Key> = figures
        .iter()
        .filter(|(_, quantity)| quantity.is_none())
        .map(|(key, _)| *key)
        .collect();
    store::own_put(tx, &own, &ctx.actor.to_string()).await?;
    store::own_delete(tx, &following).await?;
    let defaults = store::defaults_of(tx, following.iter().copied()).await?;
    let follows = following
        .into_iter()
        .map(|key| (key, defaults.get(&key.place_id).copied().unwrap_or(0)));
    keep_back(tx, ctx, keys, own.into_iter().chain(follows)).await
}

/// Has balances that follow their place keep back what it does; answers how many there were.
async fn follow_in(tx: &Tx, ctx: &Ctx, place: PlaceId) -> Result<usize> {
    let said = store::defaults(tx, Some(&[place])).await?;
    let quantity = said.first().map_or(0, |said| said.safety_stock);
    let keys = store::followers(tx, place, quantity, FOLLOWERS).await?;
    let (count, figures) = (keys.len(), keys.clone());
    keep_back(tx, ctx, keys, figures.into_iter().map(|key| (key, quantity))).await?;
    Ok(count)
}

async fn keep_back(
    tx: &Tx,
    ctx: &Ctx,
    keys: Vec<Key>,
    figures: impl Iterator<Item = (Key, i64)>,
) -> Result<()> {
    let mut hands = Hands::take(tx, keys).await?;
    for (key, quantity) in figures {
        if let Some(balance) = hands.now.get_mut(&key) {
            balance.safety_stock = quantity;
        }
    }
    hands.put(tx, ctx).await
}

async fn levels_in(reader: &Reader, figures: &[(Key, Option<i64>)]) -> Result<Vec<Level>> {
    let query = LevelQuery {
        skus: Some(figures.iter().map(|(key, _)| key.sku_id).collect()),
        places: Some(figures.iter().map(|(key, _)| key.place_id).collect()),
        after: None,
        limit: (ITEMS_MAX * ITEMS_MAX) as i64,
    };
    let asked = |level: &Level| {
        let key = Key::new(level.sku_id, level.place_id);
        figures.iter().any(|(figure, _)| *figure == key)
    };
    let levels = balance_store::levels(reader, &query).await?;
    Ok(levels.into_iter().filter(asked).collect())
}
