//! How products come into the tables: one at a time from a screen, thousands at a time from an import.

use std::collections::HashMap;
use std::sync::Arc;

use base::{CategoryId, Ctx, Error, ProductId, Result, SkuId, Text};
use db::{Tx, Value, params};

use crate::error::{BARCODE_TAKEN, CODE_TAKEN, SKU_TAKEN, UNKNOWN_CATEGORY};
use crate::events::ProductChanged;
use crate::gtin::Gtin;
use crate::model::{Product, ValidProduct};
use crate::product_store::{barcode_owners, products_by_code, sku_owners};
use crate::shelf::Shelf;

/// A product to bring in.
#[derive(Clone, Debug)]
pub struct ProductImport {
    /// The identifier it gets when it is new; a fresh one when absent.
    pub id: Option<ProductId>,
    /// Identifiers for its new SKUs, by code; fresh ones for those not named.
    pub sku_ids: HashMap<String, SkuId>,
    /// The details.
    pub product: ValidProduct,
}

impl From<ValidProduct> for ProductImport {
    fn from(product: ValidProduct) -> Self {
        Self {
            id: None,
            sku_ids: HashMap::new(),
            product,
        }
    }
}

/// What an import did with one product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The product as it stands now.
    pub product: Product,
    /// Whether it is new.
    pub created: bool,
    /// Whether anything was written.
    pub changed: bool,
}

/// Brings products in by code: new ones are created, those that differ updated, the rest stay.
pub(crate) async fn import_products(
    tx: &Tx,
    ctx: &Ctx,
    shelf: &Arc<Shelf>,
    rows: &[ProductImport],
) -> Result<Vec<Imported>> {
    let product_codes: Vec<&str> = rows
        .iter()
        .map(|row| row.product.details().code.as_str())
        .collect();
    let mut known: HashMap<String, Product> = products_by_code(tx, &product_codes)
        .await?
        .into_iter()
        .map(|product| (product.summary.code.clone(), product))
        .collect();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let code = &row.product.details().code;
        let before = known.get(code);
        let after = match before {
            Some(before) => successor(before, &row.product, &row.sku_ids),
            None => Product::build(row.id.unwrap_or_default(), &row.product, 1, |sku| {
                row.sku_ids.get(sku).copied().unwrap_or_default()
            }),
        };
        let created = before.is_none();
        let changed = before.is_none_or(|before| before.details() != after.details());
        let product = if changed {
            after
        } else {
            before.cloned().unwrap_or(after)
        };
        known.insert(code.clone(), product.clone());
        out.push(Imported {
            product,
            created,
            changed,
        });
    }
    let written: Vec<(&Product, bool)> = out
        .iter()
        .filter(|row| row.changed)
        .map(|row| (&row.product, row.created))
        .collect();
    write(tx, &written).await?;
    for (product, _) in &written {
        announce(tx, ctx, shelf, product).await?;
    }
    Ok(out)
}

/// The product after new details. A SKU left out of the details is kept but sells no more: orders name it.
pub(crate) fn successor(
    before: &Product,
    details: &ValidProduct,
    sku_ids: &HashMap<String, SkuId>,
) -> Product {
    let known: HashMap<&str, SkuId> = before
        .skus
        .iter()
        .map(|sku| (sku.code.as_str(), sku.id))
        .collect();
    let mut after = Product::build(before.summary.id, details, before.version + 1, |code| {
        known
            .get(code)
            .or_else(|| sku_ids.get(code))
            .copied()
            .unwrap_or_default()
    });
    for sku in &before.skus {
        if let Some(kept) = after.skus.iter_mut().find(|kept| kept.id == sku.id) {
            kept.components.clone_from(&sku.components);
        }
        if !after.skus.iter().any(|kept| kept.id == sku.id) {
            after.skus.push(crate::model::Sku {
                active: false,
                ..sku.clone()
            });
        }
    }
    after
}

/// Writes products whole: `(product, whether it is new)`.
pub(crate) async fn write(tx: &Tx, products: &[(&Product, bool)]) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let categories = category_names(tx, products).await?;
    write_product_rows(tx, products).await?;
    write_skus(tx, products).await?;
    write_barcodes(tx, products).await?;
    write_terms(tx, products, &categories).await
}

async fn category_names(tx: &Tx, products: &[(&Product, bool)]) -> Result<HashMap<CategoryId, Text>> {
    let mut names = HashMap::new();
    let all = crate::category::category_all(tx).await?;
    names.extend(all.into_iter().map(|category| (category.id, category.name)));
    for (product, _) in products {
        if !names.contains_key(&product.summary.category_id) {
            let category = product.summary.category_id.to_string();
            return Err(Error::new(&UNKNOWN_CATEGORY).with("category", category));
        }
    }
    Ok(names)
}

fn product_values(product: &Product, tx: &Tx) -> Result<Vec<Value>> {
    let summary = &product.summary;
    Ok(vec![
        summary.id.into(),
        summary.code.as_str().into(),
        summary.name.zh.as_str().into(),
        summary.name.en.as_str().into(),
        summary.brand.zh.as_str().into(),
        summary.brand.en.as_str().into(),
        summary.category_id.into(),
        product.description.zh.as_str().into(),
        product.description.en.as_str().into(),
        db::json(&product.attributes)?,
        db::json(&product.media)?,
        summary.status.as_str().into(),
        summary.price.amount_minor.into(),
        summary.price.currency.into(),
        summary.sku_count.into(),
        product.version.into(),
        tx.now().into(),
    ])
}

async fn write_product_rows(tx: &Tx, products: &[(&Product, bool)]) -> Result<()> {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for (product, created) in products {
        let values = product_values(product, tx)?;
        if *created {
            new.push(values)
        } else {
            changed.push(values)
        }
    }
    let table = "catalog_product (id, code, name_zh, name_en, brand_zh, brand_en, category_id, description_zh, \
                 description_en, attributes_json, media_json, status, price_minor, price_currency, sku_count, \
                 version, updated_at)";
    let inserted = tx
        .insert_many(table, &new, "ON CONFLICT (code) DO NOTHING")
        .await?;
    if inserted != new.len() as u64 {
        let code = products
            .iter()
            .find(|(_, created)| *created)
            .map(|(p, _)| p.summary.code.clone());
        return Err(Error::new(&CODE_TAKEN).with("code", code.unwrap_or_default()));
    }
    let sql = "UPDATE catalog_product SET code = $2, name_zh = $3, name_en = $4, brand_zh = $5, brand_en = $6, \
               category_id = $7, description_zh = $8, description_en = $9, attributes_json = $10, \
               media_json = $11, status = $12, price_minor = $13, price_currency = $14, sku_count = $15, \
               version = $16, updated_at = $17 WHERE id = $1 AND version = $16 - 1";
    if tx.execute_many(sql, &changed).await? != changed.len() as u64 {
        return Err(Error::internal(
            "a product changed under the unit that had read it",
        ));
    }
    Ok(())
}

async fn write_skus(tx: &Tx, products: &[(&Product, bool)]) -> Result<()> {
    let sku_codes: Vec<&str> = products
        .iter()
        .flat_map(|(product, _)| product.skus.iter().map(|sku| sku.code.as_str()))
        .collect();
    let owners = sku_owners(tx, &sku_codes).await?;
    let mut rows = Vec::with_capacity(sku_codes.len());
    for (product, _) in products {
        for (position, sku) in product.skus.iter().enumerate() {
            if owners.get(&sku.code).is_some_and(|(id, _)| *id != sku.id) {
                return Err(Error::new(&SKU_TAKEN).with("code", sku.code.as_str()));
            }
            rows.push(vec![
                sku.id.into(),
                sku.product_id.into(),
                sku.code.as_str().into(),
                sku.option.zh.as_str().into(),
                sku.option.en.as_str().into(),
                sku.price.amount_minor.into(),
                sku.price.currency.into(),
                sku.tracked.into(),
                sku.active.into(),
                (position as i64).into(),
            ]);
        }
    }
    let table = "catalog_sku (id, product_id, code, option_zh, option_en, price_minor, price_currency, tracked, \
                 active, position)";
    let update = "ON CONFLICT (id) DO UPDATE SET option_zh = excluded.option_zh, option_en = excluded.option_en, \
                  price_minor = excluded.price_minor, price_currency = excluded.price_currency, \
                  tracked = excluded.tracked, active = excluded.active, position = excluded.position";
    tx.insert_many(table, &rows, update).await?;
    Ok(())
}

async fn write_barcodes(tx: &Tx, products: &[(&Product, bool)]) -> Result<()> {
    for (product, created) in products {
        if !created {
            let sql = "DELETE FROM catalog_barcode WHERE sku_id IN \
                       (SELECT id FROM catalog_sku WHERE product_id = $1)";
            tx.execute(sql, params![product.summary.id]).await?;
        }
    }
    let mut wanted: Vec<(Gtin, SkuId, &str, i64)> = Vec::new();
    for sku in products.iter().flat_map(|(product, _)| &product.skus) {
        for (position, written) in sku.barcodes.iter().enumerate() {
            wanted.push((Gtin::parse(written)?, sku.id, written.as_str(), position as i64));
        }
    }
    let gtins: Vec<Gtin> = wanted.iter().map(|(gtin, ..)| *gtin).collect();
    let owners = barcode_owners(tx, &gtins).await?;
    let mut seen: HashMap<Gtin, SkuId> = HashMap::new();
    let mut rows = Vec::with_capacity(wanted.len());
    for (gtin, sku_id, written, position) in wanted {
        if owners.contains_key(gtin.as_str()) || seen.insert(gtin, sku_id).is_some() {
            return Err(Error::new(&BARCODE_TAKEN).with("barcode", written));
        }
        rows.push(vec![
            gtin.as_str().into(),
            sku_id.into(),
            written.into(),
            position.into(),
        ]);
    }
    tx.insert_many("catalog_barcode (gtin, sku_id, written, position)", &rows, "")
        .await?;
    Ok(())
}

async fn write_terms(
    tx: &Tx,
    products: &[(&Product, bool)],
    categories: &HashMap<CategoryId, Text>,
) -> Result<()> {
    let mut rows = Vec::new();
    for (product, created) in products {
        let id = product.summary.id;
        if !created {
            tx.execute("DELETE FROM catalog_term WHERE product_id = $1", params![id])
                .await?;
        }
        let category = categories
            .get(&product.summary.category_id)
            .cloned()
            .unwrap_or_default();
        for (term, weight) in product.terms(&category) {
            rows.push(vec![term.into(), id.into(), weight.into()]);
        }
    }
    tx.insert_many("catalog_term (term, product_id, weight)", &rows, "")
        .await?;
    Ok(())
}

pub(crate) async fn announce(tx: &Tx, ctx: &Ctx, shelf: &Arc<Shelf>, product: &Product) -> Result<()> {
    let event = ProductChanged {
        product_id: product.summary.id,
        code: product.summary.code.clone(),
        status: product.summary.status,
        sku_ids: product.skus.iter().map(|sku| sku.id).collect(),
        version: product.version,
    };
    bus::emit(tx, ctx, &event).await?;
    let shelf = Arc::clone(shelf);
    tx.after_commit(move || shelf.forget(&event.sku_ids));
    Ok(())
}
