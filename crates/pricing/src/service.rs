//! The face of prices.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base::{
    Ctx, Cursor, Error, Money, Page, PageSize, PriceListId, PromotionId, Resource, Result, SkuId, Text, codes,
};
use catalog::{Catalog, SkuSnapshot};
use db::{Db, Reader, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{
    CODE_USED_MORE, LIST_CODE_TAKEN, LIST_FULL, PROMOTION_CODE_TAKEN, TYPED_CODE_TAKEN, UNKNOWN_SKU,
};
use crate::events::{PriceListChanged, PriceSettingsChanged, PromotionChanged};
use crate::model::{Entry, PriceList, PriceSettings, Promotion};
use crate::rules::PriceBook;
use crate::snapshot::{Found, Shelf};
use crate::valid::{ValidList, ValidPromotion, ValidSettings};
use crate::{PRICE_MANAGE, PRICE_READ, code_store, store};

/// The most prices one list has: the book is kept in memory.
const LIST_MAX_ENTRIES: i64 = 200_000;

/// Prices, as the rest of the house sees them. Cheap to clone.
#[derive(Clone)]
pub struct Pricing {
    pub(crate) db: Db,
    catalog: Catalog,
    shelf: Arc<Shelf>,
}

/// Which SKU a price is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EntrySku {
    /// By identifier.
    Id(SkuId),
    /// By the chain's code.
    Code(String),
}

/// One price to set, or to take away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryPut {
    /// The SKU.
    pub sku: EntrySku,
    /// From how many pieces on.
    pub min_quantity: i64,
    /// What one piece costs in minor units; none takes the price away.
    pub amount_minor: Option<i64>,
}

/// One price with what it is the price of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceEntry)]
pub struct EntryRow {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its code; empty when the catalogue no longer has it.
    pub sku_code: String,
    /// The product's name.
    pub name: Text,
    /// What sets the SKU apart from its siblings.
    pub option: Text,
    /// What the catalogue asks for it.
    pub list_price: Option<Money>,
    /// From how many pieces on.
    pub min_quantity: i64,
    /// What one piece costs.
    pub price: Money,
}

impl Pricing {
    /// Over a migrated store.
    #[must_use]
    pub fn new(db: Db, catalog: Catalog) -> Self {
        Self {
            db,
            catalog,
            shelf: Arc::default(),
        }
    }

    /// Everything prices are decided by, from memory where it is fresh: at most five seconds behind another
    /// process, never behind this one. While one caller looks for news, the others go on with what is there.
    ///
    /// # Errors
    /// The store's.
    pub async fn book(&self) -> Result<Arc<PriceBook>> {
        let (old, version) = match self.shelf.get() {
            Found::Fresh(book) => return Ok(book),
            Found::Old(book, version) => (Some(book), version),
            Found::Nothing => (None, 0),
        };
        let renewed = self.renewed(old, version).await;
        self.shelf.renewed();
        renewed
    }

    async fn renewed(&self, old: Option<Arc<PriceBook>>, version: i64) -> Result<Arc<PriceBook>> {
        let epoch = self.shelf.epoch();
        let newest = self
            .db
            .read(async |r: &Reader| store::book_version(r).await)
            .await?;
        if let Some(book) = old
            && newest == version
        {
            self.shelf.put(epoch, version, &book);
            return Ok(book);
        }
        let parents = self.catalog.category_list().await?;
        let parents: HashMap<_, _> = parents
            .into_iter()
            .filter_map(|category| Some((category.id, category.parent_id?)))
            .collect();
        let read = async move |r: &Reader| {
            let mut lists = Vec::new();
            for list in store::lists_alive(r).await? {
                let entries = store::entries_all(r, list.id).await?;
                lists.push((list, entries));
            }
            let promotions = store::promotions_alive(r).await?;
            let (settings, _) = store::settings(r).await?;
            let version = store::book_version(r).await?;
            Ok((
                PriceBook::new(lists, promotions, settings, parents.clone()),
                version,
            ))
        };
        let (book, version) = self.db.read(read).await?;
        let book = Arc::new(book);
        self.shelf.put(epoch, version, &book);
        Ok(book)
    }

    /// Price lists by code.
    ///
    /// # Errors
    /// `access.*` without `price.read`, `input.invalid_cursor`.
    pub async fn price_list_list(
        &self,
        ctx: &Ctx,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<PriceList>> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        let after: String = cursor.map(Cursor::decode).transpose()?.unwrap_or_default();
        let read = async move |r: &Reader| store::lists(r, &after, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |list| list.code.clone())
    }

    /// One price list.
    ///
    /// # Errors
    /// `access.*` without `price.read`, `not_found`.
    pub async fn price_list_get(&self, ctx: &Ctx, id: PriceListId) -> Result<PriceList> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        self.db.read(async move |r: &Reader| list_in(r, id).await).await
    }

    /// Creates a price list without prices.
    ///
    /// # Errors
    /// `access.*` without `price.manage`, `pricing.list_code_taken`.
    pub async fn price_list_create(&self, ctx: &Ctx, list: ValidList) -> Result<PriceList> {
        self.price_list_create_as(ctx, PriceListId::new(), list).await
    }

    /// Creates a price list under a given identifier: for data that is the same on every run.
    ///
    /// # Errors
    /// Those of [`Pricing::price_list_create`].
    pub async fn price_list_create_as(
        &self,
        ctx: &Ctx,
        id: PriceListId,
        list: ValidList,
    ) -> Result<PriceList> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            list_code_free(tx, &list.0.code, id).await?;
            let list = PriceList::build(id, &list.0, 0, 1, tx.now());
            store::list_write(tx, &list).await?;
            list_changed(tx, &by, &shelf, &list, false).await?;
            Ok(list)
        };
        self.db.write_once(ctx, "price_list.create", unit).await
    }

    /// Decides anew about a price list; its prices stay.
    ///
    /// # Errors
    /// Those of [`Pricing::price_list_create`], `not_found`, `precondition.failed`.
    pub async fn price_list_change(
        &self,
        ctx: &Ctx,
        id: PriceListId,
        read_version: Option<i64>,
        list: ValidList,
    ) -> Result<PriceList> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let before = list_in(tx, id).await?;
            web::IfMatch(read_version).check(before.version)?;
            list_code_free(tx, &list.0.code, id).await?;
            let after = PriceList::build(id, &list.0, before.entry_count, before.version + 1, tx.now());
            store::list_write(tx, &after).await?;
            list_changed(tx, &by, &shelf, &after, false).await?;
            Ok(after)
        };
        self.db.write_once(ctx, "price_list.change", unit).await
    }

    /// Removes a price list with its prices. Orders keep what they were priced by.
    ///
    /// # Errors
    /// `access.*` without `price.manage`, `not_found`, `precondition.failed`.
    pub async fn price_list_remove(
        &self,
        ctx: &Ctx,
        id: PriceListId,
        read_version: Option<i64>,
    ) -> Result<()> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let list = list_in(tx, id).await?;
            web::IfMatch(read_version).check(list.version)?;
            store::list_remove(tx, id).await?;
            list_changed(tx, &by, &shelf, &list, true).await
        };
        self.db.write_once(ctx, "price_list.remove", unit).await
    }

    /// The prices of a list, with what they are the prices of.
    ///
    /// # Errors
    /// `access.*` without `price.read`, `not_found`, `input.invalid_cursor`.
    pub async fn price_entry_list(
        &self,
        ctx: &Ctx,
        id: PriceListId,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<EntryRow>> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        let after: (String, i64) = cursor.map(Cursor::decode).transpose()?.unwrap_or_default();
        let catalog = self.catalog.clone();
        let read = async move |r: &Reader| {
            let list = list_in(r, id).await?;
            let entries = store::entries(r, id, (&after.0, after.1), size.with_surplus()).await?;
            let ids: Vec<SkuId> = entries.iter().map(|entry| entry.sku_id).collect();
            let skus = catalog.sku_snapshots_in(r, &ids).await?;
            Ok(entries
                .into_iter()
                .map(|entry| row(&list, entry, skus.get(&entry.sku_id)))
                .collect::<Vec<_>>())
        };
        Page::from_surplus(self.db.read(read).await?, size, |row| {
            (row.sku_id.to_string(), row.min_quantity)
        })
    }

    /// Sets and takes away prices of a list, all or none.
    ///
    /// # Errors
    /// `access.*` without `price.manage`, `not_found`, `input.invalid` naming every row whose SKU is not known or
    /// that names a price twice, `pricing.list_full`.
    pub async fn price_entry_put(
        &self,
        ctx: &Ctx,
        id: PriceListId,
        rows: Vec<EntryPut>,
    ) -> Result<PriceList> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf, catalog) = (ctx.clone(), Arc::clone(&self.shelf), self.catalog.clone());
        let unit = async move |tx: &Tx| {
            let before = list_in(tx, id).await?;
            let skus = skus_of(&catalog, tx, &rows).await?;
            let (mut set, mut gone) = (Vec::new(), Vec::new());
            for (row, sku_id) in rows.iter().zip(skus) {
                match row.amount_minor {
                    Some(amount_minor) => set.push(Entry {
                        sku_id,
                        min_quantity: row.min_quantity,
                        amount_minor,
                    }),
                    None => gone.push((sku_id, row.min_quantity)),
                }
            }
            store::entries_remove(tx, id, &gone).await?;
            store::entries_write(tx, id, &set).await?;
            let count = store::entry_count(tx, id).await?;
            if count > LIST_MAX_ENTRIES {
                return Err(Error::new(&LIST_FULL).with("max", LIST_MAX_ENTRIES));
            }
            let after = PriceList::build(id, &before.details(), count, before.version + 1, tx.now());
            store::list_write(tx, &after).await?;
            list_changed(tx, &by, &shelf, &after, false).await?;
            Ok(after)
        };
        self.db.write_once(ctx, "price_entry.put", unit).await
    }

    /// Promotions by code.
    ///
    /// # Errors
    /// `access.*` without `price.read`, `input.invalid_cursor`.
    pub async fn promotion_list(
        &self,
        ctx: &Ctx,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<Promotion>> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        let after: String = cursor.map(Cursor::decode).transpose()?.unwrap_or_default();
        let read = async move |r: &Reader| store::promotions(r, &after, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |promotion| {
            promotion.code.clone()
        })
    }

    /// One promotion.
    ///
    /// # Errors
    /// `access.*` without `price.read`, `not_found`.
    pub async fn promotion_get(&self, ctx: &Ctx, id: PromotionId) -> Result<Promotion> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        self.db
            .read(async move |r: &Reader| promotion_in(r, id).await)
            .await
    }

    /// Creates a promotion.
    ///
    /// # Errors
    /// `access.*` without `price.manage`, `pricing.promotion_code_taken`.
    pub async fn promotion_create(&self, ctx: &Ctx, promotion: ValidPromotion) -> Result<Promotion> {
        self.promotion_create_as(ctx, PromotionId::new(), promotion).await
    }

    /// Creates a promotion under a given identifier: for data that is the same on every run.
    ///
    /// # Errors
    /// Those of [`Pricing::promotion_create`].
    pub async fn promotion_create_as(
        &self,
        ctx: &Ctx,
        id: PromotionId,
        promotion: ValidPromotion,
    ) -> Result<Promotion> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            promotion_code_free(tx, &promotion.0.code, id).await?;
            typed_code_free(tx, &promotion, id).await?;
            let promotion = Promotion::build(id, &promotion.0, 1, tx.now());
            store::promotion_write(tx, &promotion).await?;
            code_store::write(tx, &promotion).await?;
            promotion_changed(tx, &by, &shelf, &promotion, false).await?;
            Ok(promotion)
        };
        self.db.write_once(ctx, "promotion.create", unit).await
    }

    /// Decides anew about a promotion.
    ///
    /// # Errors
    /// Those of [`Pricing::promotion_create`], `not_found`, `precondition.failed`.
    pub async fn promotion_change(
        &self,
        ctx: &Ctx,
        id: PromotionId,
        read_version: Option<i64>,
        promotion: ValidPromotion,
    ) -> Result<Promotion> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let before = promotion_in(tx, id).await?;
            web::IfMatch(read_version).check(before.version)?;
            promotion_code_free(tx, &promotion.0.code, id).await?;
            typed_code_free(tx, &promotion, id).await?;
            let mut after = Promotion::build(id, &promotion.0, before.version + 1, tx.now());
            store::promotion_write(tx, &after).await?;
            code_store::write(tx, &after).await?;
            after.code_uses = code_store::taken(tx, id).await?;
            promotion_changed(tx, &by, &shelf, &after, false).await?;
            Ok(after)
        };
        self.db.write_once(ctx, "promotion.change", unit).await
    }

    /// Removes a promotion. Orders keep what it took off.
    ///
    /// # Errors
    /// `access.*` without `price.manage`, `not_found`, `precondition.failed`.
    pub async fn promotion_remove(
        &self,
        ctx: &Ctx,
        id: PromotionId,
        read_version: Option<i64>,
    ) -> Result<()> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let promotion = promotion_in(tx, id).await?;
            web::IfMatch(read_version).check(promotion.version)?;
            code_store::remove(tx, id).await?;
            store::promotion_remove(tx, id).await?;
            promotion_changed(tx, &by, &shelf, &promotion, true).await
        };
        self.db.write_once(ctx, "promotion.remove", unit).await
    }

    /// What holds for all prices, and its version.
    ///
    /// # Errors
    /// `access.*` without `price.read`.
    pub async fn price_settings_get(&self, ctx: &Ctx) -> Result<(PriceSettings, i64)> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        self.db.read(async |r: &Reader| store::settings(r).await).await
    }

    /// Decides anew what holds for all prices.
    ///
    /// # Errors
    /// `access.*` without `price.manage`, `precondition.failed`.
    pub async fn price_settings_change(
        &self,
        ctx: &Ctx,
        read_version: Option<i64>,
        settings: ValidSettings,
    ) -> Result<(PriceSettings, i64)> {
        ctx.require(PRICE_MANAGE, &Resource::Chain)?;
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let (_, before) = store::settings(tx).await?;
            web::IfMatch(read_version).check(before)?;
            let version = before + 1;
            store::settings_write(tx, &settings.0, version).await?;
            bus::emit(tx, &by, &PriceSettingsChanged { version }).await?;
            book_changed(tx, &shelf).await?;
            Ok((settings.0.clone(), version))
        };
        self.db.write_once(ctx, "price_settings.change", unit).await
    }
}

async fn list_in(r: &Reader, id: PriceListId) -> Result<PriceList> {
    let found = store::list_find(r, id).await?;
    found.ok_or_else(|| Error::not_found("price list", id))
}

async fn promotion_in(r: &Reader, id: PromotionId) -> Result<Promotion> {
    let found = store::promotion_find(r, id).await?;
    found.ok_or_else(|| Error::not_found("promotion", id))
}

async fn list_code_free(r: &Reader, code: &str, id: PriceListId) -> Result<()> {
    match store::list_of_code(r, code).await? {
        Some(other) if other != id => Err(Error::new(&LIST_CODE_TAKEN).with("code", code)),
        _ => Ok(()),
    }
}

async fn promotion_code_free(r: &Reader, code: &str, id: PromotionId) -> Result<()> {
    match store::promotion_of_code(r, code).await? {
        Some(other) if other != id => Err(Error::new(&PROMOTION_CODE_TAKEN).with("code", code)),
        _ => Ok(()),
    }
}

/// The code to be typed is nobody else's, and its limit not below what is used already.
async fn typed_code_free(r: &Reader, promotion: &ValidPromotion, id: PromotionId) -> Result<()> {
    let Some(typed) = &promotion.0.typed_code else {
        return Ok(());
    };
    if code_store::promotion_of(r, &typed.code)
        .await?
        .is_some_and(|other| other != id)
    {
        return Err(Error::new(&TYPED_CODE_TAKEN).with("code", typed.code.clone()));
    }
    let taken = code_store::taken(r, id).await?;
    if typed.max_uses.is_some_and(|most| most < taken) {
        return Err(Error::new(&CODE_USED_MORE).with("taken", taken));
    }
    Ok(())
}

async fn list_changed(tx: &Tx, ctx: &Ctx, shelf: &Arc<Shelf>, list: &PriceList, removed: bool) -> Result<()> {
    let event = PriceListChanged {
        price_list_id: list.id,
        code: list.code.clone(),
        version: list.version,
        removed,
    };
    bus::emit(tx, ctx, &event).await?;
    book_changed(tx, shelf).await
}

async fn promotion_changed(
    tx: &Tx,
    ctx: &Ctx,
    shelf: &Arc<Shelf>,
    promotion: &Promotion,
    removed: bool,
) -> Result<()> {
    let event = PromotionChanged {
        promotion_id: promotion.id,
        code: promotion.code.clone(),
        version: promotion.version,
        removed,
    };
    bus::emit(tx, ctx, &event).await?;
    book_changed(tx, shelf).await
}

async fn book_changed(tx: &Tx, shelf: &Arc<Shelf>) -> Result<()> {
    store::book_changed(tx).await?;
    let shelf = Arc::clone(shelf);
    tx.after_commit(move || shelf.forget());
    Ok(())
}

fn row(list: &PriceList, entry: Entry, sku: Option<&SkuSnapshot>) -> EntryRow {
    EntryRow {
        sku_id: entry.sku_id,
        sku_code: sku.map(|sku| sku.code.clone()).unwrap_or_default(),
        name: sku.map(|sku| sku.name.clone()).unwrap_or_default(),
        option: sku.map(|sku| sku.option.clone()).unwrap_or_default(),
        list_price: sku.map(|sku| sku.price),
        min_quantity: entry.min_quantity,
        price: Money::new(entry.amount_minor, list.currency),
    }
}

/// The SKUs the rows are about; every row that is wrong is named.
async fn skus_of(catalog: &Catalog, r: &Reader, rows: &[EntryPut]) -> Result<Vec<SkuId>> {
    let (mut ids, mut sku_codes) = (Vec::new(), Vec::new());
    for row in rows {
        match &row.sku {
            EntrySku::Id(id) => ids.push(*id),
            EntrySku::Code(code) => sku_codes.push(code.as_str()),
        }
    }
    let known = catalog.sku_snapshots_in(r, &ids).await?;
    let of_code = catalog.sku_ids_by_code_in(r, &sku_codes).await?;
    let mut faults: Option<Error> = None;
    let mut fault = |field: String, code, fact: (&str, String)| {
        let facts = [(fact.0.to_owned(), fact.1.into())].into_iter().collect();
        let error = faults.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
        faults = Some(error.and_field(field, code, facts));
    };
    let (mut out, mut seen) = (Vec::with_capacity(rows.len()), HashSet::new());
    for (at, row) in rows.iter().enumerate() {
        let (found, field, written) = match &row.sku {
            EntrySku::Id(id) => (known.get(id).map(|sku| sku.sku_id), "sku_id", id.to_string()),
            EntrySku::Code(code) => (of_code.get(code.as_str()).copied(), "sku_code", code.clone()),
        };
        let field = format!("entries[{at}].{field}");
        match found {
            None => fault(field, &UNKNOWN_SKU, ("sku", written)),
            Some(id) if !seen.insert((id, row.min_quantity)) => {
                fault(field, &crate::error::REPEATED, ("value", written));
            }
            Some(id) => out.push(id),
        }
    }
    faults.map_or(Ok(out), Err)
}
