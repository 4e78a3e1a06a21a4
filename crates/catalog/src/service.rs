//! The face of the catalogue.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base::{
    CategoryId, Ctx, Cursor, Error, MediaId, Page, PageSize, ProductId, Resource, Result, SkuId, codes,
};
use db::{Db, Reader, Tx, Value};

use crate::CATALOG_MANAGE;
use crate::category::{self, Category, CategoryIn};
use crate::error::UNKNOWN_CATEGORY;
use crate::gtin::Gtin;
use crate::kit::{self, Component};
use crate::media::{self, MediaFile, NewMedia};
use crate::model::{Product, ProductIn, ProductStatus, ProductSummary, Sku, ValidProduct};
use crate::product_store::{self, SkuColumn};
use crate::search::{self, After, Found, Question};
use crate::shelf::Shelf;
use crate::snapshot::{self, SkuSnapshot};
use crate::writing::{self, Imported, ProductImport};

/// The catalogue, as the rest of the house sees it.
#[derive(Clone)]
pub struct Catalog {
    db: Db,
    shelf: Arc<Shelf>,
}

/// What SKUs are looked up by.
#[derive(Clone, Debug)]
pub enum SkuLookup {
    /// By identifier.
    Ids(Vec<SkuId>),
    /// By the chain's code.
    Code(String),
    /// By what the scanner reads.
    Barcode(String),
    /// All of one product.
    Product(ProductId),
}

/// A SKU and its product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkuFound {
    /// The SKU.
    pub sku: Sku,
    /// Its product as lists show it.
    pub product: ProductSummary,
}

impl Catalog {
    /// The catalogue over a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            shelf: Arc::default(),
        }
    }

    /// The status a list is limited to: what was asked for, as far as the caller may see it.
    fn visible(ctx: &Ctx, wanted: Option<ProductStatus>) -> Option<ProductStatus> {
        if ctx.may(CATALOG_MANAGE, &Resource::Chain) {
            wanted
        } else {
            Some(ProductStatus::Active)
        }
    }

    /// The whole tree.
    ///
    /// # Errors
    /// The store's.
    pub async fn category_list(&self) -> Result<Vec<Category>> {
        self.db
            .read(async |reader: &Reader| category::category_all(reader).await)
            .await
    }

    /// One product. Visitors see active ones only.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn product_get(&self, ctx: &Ctx, id: ProductId) -> Result<Product> {
        let product = self
            .db
            .read(async move |reader: &Reader| product_store::product_get(reader, id).await)
            .await?;
        product
            .filter(|p| {
                p.summary.status == ProductStatus::Active || ctx.may(CATALOG_MANAGE, &Resource::Chain)
            })
            .ok_or_else(|| Error::not_found("product", id))
    }

    /// One product within a read or a unit of work, whatever its status.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn product_get_in(&self, reader: &Reader, id: ProductId) -> Result<Product> {
        product_store::product_get(reader, id)
            .await?
            .ok_or_else(|| Error::not_found("product", id))
    }

    /// Products by code; with a question, by how well they answer it.
    ///
    /// # Errors
    /// `input.invalid_cursor`.
    pub async fn product_list(
        &self,
        ctx: &Ctx,
        question: Option<&str>,
        category: Option<CategoryId>,
        status: Option<ProductStatus>,
        cursor: Option<&str>,
        size: PageSize,
    ) -> Result<Page<ProductSummary>> {
        let status = Self::visible(ctx, status);
        let Some(question) = question.filter(|q| !q.trim().is_empty()) else {
            let after: String = cursor.map(Cursor::decode).transpose()?.unwrap_or_default();
            let list = async move |reader: &Reader| {
                product_store::product_list(reader, category, status, &after, size.with_surplus()).await
            };
            return Page::from_surplus(self.db.read(list).await?, size, |product| product.code.clone());
        };
        let wanted = text::wanted(question);
        let after: Option<After> = cursor.map(Cursor::decode).transpose()?;
        let find = async move |reader: &Reader| {
            let categories = match category {
                Some(category) => Some(product_store::subtree(reader, category).await?),
                None => None,
            };
            let question = Question {
                wanted: &wanted,
                categories,
                status,
                after,
                limit: size.with_surplus(),
            };
            search::search(reader, &question).await
        };
        let page = Page::from_surplus(self.db.read(find).await?, size, |found: &Found| found.after)?;
        Ok(page.map(|found| found.product))
    }

    /// SKUs with their products. Visitors see what sells only.
    ///
    /// # Errors
    /// `catalog.bad_barcode`.
    pub async fn sku_list(&self, ctx: &Ctx, lookup: SkuLookup) -> Result<Vec<SkuFound>> {
        let all = ctx.may(CATALOG_MANAGE, &Resource::Chain);
        let (by, keys): (SkuColumn, Vec<Value>) = match lookup {
            SkuLookup::Ids(ids) => (SkuColumn::Id, ids.into_iter().map(Value::from).collect()),
            SkuLookup::Code(code) => (SkuColumn::Code, vec![code.into()]),
            SkuLookup::Barcode(written) => (
                SkuColumn::Gtin,
                vec![Gtin::parse(written.trim())?.as_str().into()],
            ),
            SkuLookup::Product(id) => (SkuColumn::Product, vec![id.into()]),
        };
        let find = async move |reader: &Reader| product_store::skus_found(reader, by, &keys).await;
        let found = self.db.read(find).await?;
        Ok(found
            .into_iter()
            .filter(|(sku, product)| all || (sku.active && product.status == ProductStatus::Active))
            .map(|(sku, product)| SkuFound { sku, product })
            .collect())
    }

    /// The identifiers of all SKUs of the products a question finds, best first; at most `limit` products.
    ///
    /// # Errors
    /// The store's.
    pub async fn sku_ids_matching(&self, question: &str, limit: u32) -> Result<Vec<SkuId>> {
        let wanted = text::wanted(question);
        let find = async move |reader: &Reader| {
            let question = Question {
                wanted: &wanted,
                categories: None,
                status: None,
                after: None,
                limit: i64::from(limit),
            };
            let found = search::search(reader, &question).await?;
            let keys: Vec<Value> = found.iter().map(|f| f.product.id.into()).collect();
            product_store::skus_found(reader, SkuColumn::Product, &keys).await
        };
        Ok(self
            .db
            .read(find)
            .await?
            .into_iter()
            .map(|(sku, _)| sku.id)
            .collect())
    }

    /// Products as lists show them, whatever their status, in no order; unknown ones are left out. Asks for no
    /// right: the caller has found them for somebody who may see them.
    ///
    /// # Errors
    /// The store's.
    pub async fn product_summaries(&self, ids: &[ProductId]) -> Result<Vec<ProductSummary>> {
        let keys: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
        let read = async move |reader: &Reader| product_store::summaries_by_id(reader, &keys).await;
        self.db.read(read).await
    }

    /// Products whole, whatever their status, in no order; unknown ones are left out. Asks for no right: this is
    /// for copies of the catalogue such as a search index.
    ///
    /// # Errors
    /// The store's.
    pub async fn products_whole(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        let keys: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
        let read = async move |reader: &Reader| product_store::products_by(reader, "id", &keys).await;
        self.db.read(read).await
    }

    /// The identifiers after one, in order: the catalogue page by page, for copies of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn product_ids_after(&self, after: Option<ProductId>, limit: i64) -> Result<Vec<ProductId>> {
        let read = async move |reader: &Reader| product_store::ids_after(reader, after, limit).await;
        self.db.read(read).await
    }

    /// SKUs as they stand now, with what an order keeps of their products. From memory where it is fresh: at
    /// most five seconds behind another process, never behind this one. Unknown SKUs are left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn sku_snapshots(&self, ids: &[SkuId]) -> Result<HashMap<SkuId, Arc<SkuSnapshot>>> {
        let epoch = self.shelf.epoch();
        let (mut found, missing) = self.shelf.get(ids);
        if !missing.is_empty() {
            let read = async move |reader: &Reader| snapshot::sku_snapshots(reader, &missing).await;
            let fresh: Vec<_> = self.db.read(read).await?.into_iter().map(Arc::new).collect();
            self.shelf.put(epoch, &fresh);
            found.extend(fresh);
        }
        Ok(found.into_iter().map(|sku| (sku.sku_id, sku)).collect())
    }

    /// The same within a read or a unit of work, always from the store.
    ///
    /// # Errors
    /// The store's.
    pub async fn sku_snapshots_in(
        &self,
        reader: &Reader,
        ids: &[SkuId],
    ) -> Result<HashMap<SkuId, SkuSnapshot>> {
        let found = snapshot::sku_snapshots(reader, ids).await?;
        Ok(found.into_iter().map(|sku| (sku.sku_id, sku)).collect())
    }

    /// The identifiers of SKUs by the chain's codes, within a read or a unit of work. Unknown codes are left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn sku_ids_by_code_in(
        &self,
        reader: &Reader,
        sku_codes: &[&str],
    ) -> Result<HashMap<String, SkuId>> {
        let owners = product_store::sku_owners(reader, sku_codes).await?;
        Ok(owners.into_iter().map(|(code, (sku, _))| (code, sku)).collect())
    }

    /// Creates a product.
    ///
    /// # Errors
    /// `access.*`, `catalog.code_taken`, `catalog.sku_taken`, `catalog.barcode_taken`,
    /// `catalog.unknown_category`.
    pub async fn product_create(&self, ctx: &Ctx, details: ValidProduct) -> Result<Product> {
        ctx.require(CATALOG_MANAGE, &Resource::Chain)?;
        let product = Product::build(ProductId::new(), &details, 1, |_| SkuId::new());
        let (ctx_in, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            known_category(tx, product.summary.category_id).await?;
            writing::write(tx, &[(&product, true)]).await?;
            writing::announce(tx, &ctx_in, &shelf, &product).await?;
            Ok(product.clone())
        };
        self.db.write_once(ctx, "product_create", unit).await
    }

    /// Changes a product. `change` gets the present details and answers the new ones; `read_version` is the
    /// version the caller has read, if it said.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `precondition.failed`, and those of [`Catalog::product_create`].
    pub async fn product_change(
        &self,
        ctx: &Ctx,
        id: ProductId,
        read_version: Option<i64>,
        change: impl Fn(ProductIn) -> Result<ValidProduct> + Send + 'static,
    ) -> Result<Product> {
        ctx.require(CATALOG_MANAGE, &Resource::Chain)?;
        let (ctx_in, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let before = product_store::product_get(tx, id).await?;
            let before = before.ok_or_else(|| Error::not_found("product", id))?;
            if read_version.is_some_and(|read| read != before.version) {
                return Err(Error::new(&codes::VERSION_MISMATCH).with("current", before.version));
            }
            let details = change(before.details())?;
            let code = details.details().code.as_str();
            if code != before.summary.code && !product_store::products_by_code(tx, &[code]).await?.is_empty()
            {
                return Err(Error::new(&crate::CODE_TAKEN).with("code", code));
            }
            known_category(tx, details.details().category_id).await?;
            let after = writing::successor(&before, &details, &HashMap::new());
            writing::write(tx, &[(&after, false)]).await?;
            writing::announce(tx, &ctx_in, &shelf, &after).await?;
            Ok(after)
        };
        self.db.write_once(ctx, "product_change", unit).await
    }

    /// Makes a SKU of others, or of none. Orders keep what a kit was made of when it was bought.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `precondition.failed`, `catalog.unknown_component`, `catalog.nested_kit`,
    /// `input.invalid`.
    pub async fn kit_set(
        &self,
        ctx: &Ctx,
        id: SkuId,
        read_version: Option<i64>,
        components: Vec<Component>,
    ) -> Result<Product> {
        ctx.require(CATALOG_MANAGE, &Resource::Chain)?;
        kit::check(&components)?;
        let (ctx_in, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let found = product_store::skus_found(tx, SkuColumn::Id, &[id.into()]).await?;
            let (sku, _) = found.first().ok_or_else(|| Error::not_found("sku", id))?;
            let before = product_store::product_get(tx, sku.product_id).await?;
            let mut product = before.ok_or_else(|| Error::not_found("product", sku.product_id))?;
            if read_version.is_some_and(|read| read != product.version) {
                return Err(Error::new(&codes::VERSION_MISMATCH).with("current", product.version));
            }
            kit::put(tx, id, &components).await?;
            if let Some(sku) = product.skus.iter_mut().find(|sku| sku.id == id) {
                sku.components.clone_from(&components);
            }
            product.version += 1;
            writing::write(tx, &[(&product, false)]).await?;
            writing::announce(tx, &ctx_in, &shelf, &product).await?;
            Ok(product)
        };
        self.db.write_once(ctx, "kit_set", unit).await
    }

    /// The kits that SKUs are parts of, with what each is made of.
    ///
    /// # Errors
    /// The store's.
    pub async fn kits_with(&self, ids: &[SkuId]) -> Result<BTreeMap<SkuId, Vec<Component>>> {
        let keys: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
        let read = async move |reader: &Reader| kit::kits_with(reader, &keys).await;
        self.db.read(read).await
    }

    /// A picture.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn media_get(&self, id: MediaId) -> Result<MediaFile> {
        let file = self
            .db
            .read(async move |reader: &Reader| media::media_get(reader, id).await)
            .await?;
        file.ok_or_else(|| Error::not_found("media", id))
    }

    /// Keeps a picture; the same bytes are kept once, and the identifier answered is theirs. Asks for no right:
    /// the importer has.
    ///
    /// # Errors
    /// `input.invalid` when it is no picture, or larger than 5 MiB.
    pub async fn media_store_in(&self, tx: &Tx, id: Option<MediaId>, picture: &NewMedia) -> Result<MediaId> {
        media::media_store(tx, id, picture).await
    }

    /// Brings categories in by code, parents first: creates what is new (with the identifier given, if any),
    /// mends what differs. Answers the identifier of each. Asks for no right: the importer has.
    ///
    /// # Errors
    /// `catalog.unknown_category` for a parent that is not there or a circle, `input.invalid`.
    pub async fn import_categories_in(
        &self,
        tx: &Tx,
        rows: &[(Option<CategoryId>, CategoryIn)],
    ) -> Result<Vec<CategoryId>> {
        category::import_categories(tx, rows).await
    }

    /// Brings products in by code: creates what is new, updates what differs, leaves the rest. A few hundred
    /// at a time is a good size. Asks for no right: the importer has.
    ///
    /// # Errors
    /// Those of [`Catalog::product_create`].
    pub async fn import_products_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        rows: &[ProductImport],
    ) -> Result<Vec<Imported>> {
        writing::import_products(tx, ctx, &self.shelf, rows).await
    }
}

async fn known_category(tx: &Tx, id: CategoryId) -> Result<()> {
    if category::category_exists(tx, id).await? {
        return Ok(());
    }
    Err(Error::new(&UNKNOWN_CATEGORY).with("category", id.to_string()))
}
