//! SQL that reads products and SKUs. No decisions.

use std::collections::HashMap;

use base::{CategoryId, Money, ProductId, Result, SkuId, Text};
use db::{Reader, Row, Value, params};

use crate::gtin::Gtin;
use crate::kit;
use crate::model::{Media, Product, ProductStatus, ProductSummary, Sku};

/// Identifiers one statement takes at most.
pub(crate) const CHUNK: usize = 500;

pub(crate) const SUMMARY_COLUMNS: &str = "p.id, p.code, p.name_zh, p.name_en, p.brand_zh, p.brand_en, \
     p.category_id, p.media_json, p.price_minor, p.price_currency, p.sku_count, p.status";
const SUMMARY_WIDTH: usize = 12;

pub(crate) fn summary(row: &Row) -> Result<ProductSummary> {
    let media: Vec<Media> = row.json(7)?;
    Ok(ProductSummary {
        id: row.get(0)?,
        code: row.get(1)?,
        name: Text {
            zh: row.get(2)?,
            en: row.get(3)?,
        },
        brand: Text {
            zh: row.get(4)?,
            en: row.get(5)?,
        },
        category_id: row.get(6)?,
        image: media.into_iter().next(),
        price: Money::new(row.get(8)?, row.get(9)?),
        sku_count: row.get(10)?,
        status: ProductStatus::parse(row.text(11)?)?,
    })
}

/// `$from, $from+1, ...` for an IN list.
pub(crate) fn placeholders(from: usize, count: usize) -> String {
    let numbers: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    numbers.join(", ")
}

const SKU_COLUMNS: &str = "s.id, s.product_id, s.code, s.option_zh, s.option_en, s.price_minor, s.price_currency, s.tracked, s.active";

/// Reads the SKU columns that begin at `from`.
fn sku(row: &Row, from: usize) -> Result<Sku> {
    Ok(Sku {
        id: row.get(from)?,
        product_id: row.get(from + 1)?,
        code: row.get(from + 2)?,
        barcodes: Vec::new(),
        option: Text {
            zh: row.get(from + 3)?,
            en: row.get(from + 4)?,
        },
        price: Money::new(row.get(from + 5)?, row.get(from + 6)?),
        tracked: row.get(from + 7)?,
        active: row.get(from + 8)?,
        components: Vec::new(),
    })
}

/// Reads the barcodes of SKUs into them.
async fn with_barcodes(reader: &Reader, mut skus: Vec<Sku>) -> Result<Vec<Sku>> {
    let mut at: HashMap<SkuId, usize> = HashMap::new();
    for (position, sku) in skus.iter().enumerate() {
        at.insert(sku.id, position);
    }
    let ids: Vec<Value> = skus.iter().map(|sku| sku.id.into()).collect();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT sku_id, written FROM catalog_barcode WHERE sku_id IN ({}) ORDER BY sku_id, position",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            if let Some(&position) = at.get(&row.get::<SkuId>(0)?) {
                skus[position].barcodes.push(row.get(1)?);
            }
        }
    }
    Ok(skus)
}

/// Products whole, by a column that is unique: `id` or `code`.
pub(crate) async fn products_by(
    reader: &Reader,
    column: &'static str,
    keys: &[Value],
) -> Result<Vec<Product>> {
    let mut out = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(CHUNK) {
        let list = placeholders(1, chunk.len());
        let sql = format!(
            "SELECT {SUMMARY_COLUMNS}, p.description_zh, p.description_en, p.attributes_json, p.version \
             FROM catalog_product p WHERE p.{column} IN ({list}) ORDER BY p.code"
        );
        for row in reader.query(&sql, chunk).await? {
            out.push(Product {
                summary: summary(&row)?,
                description: Text {
                    zh: row.get(SUMMARY_WIDTH)?,
                    en: row.get(SUMMARY_WIDTH + 1)?,
                },
                media: row.json(7)?,
                attributes: row.json(SUMMARY_WIDTH + 2)?,
                skus: Vec::new(),
                version: row.get(SUMMARY_WIDTH + 3)?,
            });
        }
    }
    let mut at: HashMap<ProductId, usize> = HashMap::new();
    for (position, product) in out.iter().enumerate() {
        at.insert(product.summary.id, position);
    }
    let ids: Vec<Value> = out.iter().map(|product| product.summary.id.into()).collect();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT {SKU_COLUMNS} FROM catalog_sku s WHERE s.product_id IN ({}) ORDER BY s.product_id, s.position",
            placeholders(1, chunk.len())
        );
        let skus = reader
            .query(&sql, chunk)
            .await?
            .iter()
            .map(|row| sku(row, 0))
            .collect::<Result<Vec<_>>>()?;
        let skus = kit::with_components(reader, with_barcodes(reader, skus).await?).await?;
        for sku in skus {
            if let Some(&position) = at.get(&sku.product_id) {
                out[position].skus.push(sku);
            }
        }
    }
    Ok(out)
}

pub(crate) async fn product_get(reader: &Reader, id: ProductId) -> Result<Option<Product>> {
    Ok(products_by(reader, "id", params![id]).await?.pop())
}

pub(crate) async fn products_by_code(reader: &Reader, product_codes: &[&str]) -> Result<Vec<Product>> {
    let keys: Vec<Value> = product_codes.iter().map(|code| Value::from(*code)).collect();
    products_by(reader, "code", &keys).await
}

/// Products as lists show them.
pub(crate) async fn summaries_by_id(reader: &Reader, keys: &[Value]) -> Result<Vec<ProductSummary>> {
    let mut out = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(CHUNK) {
        let list = placeholders(1, chunk.len());
        let sql =
            format!("SELECT {SUMMARY_COLUMNS} FROM catalog_product p WHERE p.id IN ({list}) ORDER BY p.id");
        for row in reader.query(&sql, chunk).await? {
            out.push(summary(&row)?);
        }
    }
    Ok(out)
}

/// Identifiers in order.
pub(crate) async fn ids_after(
    reader: &Reader,
    after: Option<ProductId>,
    limit: i64,
) -> Result<Vec<ProductId>> {
    let after = after.map_or_else(String::new, |id| id.to_string());
    let sql = "SELECT id FROM catalog_product WHERE id > $1 ORDER BY id LIMIT $2";
    let rows = reader.query(sql, params![after, limit]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The categories below and including one.
const SUBTREE: &str = "WITH RECURSIVE tree (id) AS (SELECT id FROM catalog_category WHERE id = $1 \
     UNION SELECT c.id FROM catalog_category c JOIN tree ON c.parent_id = tree.id) ";

/// Products by code, of one status or of any, in one part of the tree or in all.
pub(crate) async fn product_list(
    reader: &Reader,
    category: Option<CategoryId>,
    status: Option<ProductStatus>,
    after_code: &str,
    limit: i64,
) -> Result<Vec<ProductSummary>> {
    let status = status.map_or("", ProductStatus::as_str);
    let rest = "p.code > $2 AND ($3 = '' OR p.status = $3) ORDER BY p.code LIMIT $4";
    let sql = match category {
        None => format!("SELECT {SUMMARY_COLUMNS} FROM catalog_product p WHERE $1 = '' AND {rest}"),
        Some(_) => format!(
            "{SUBTREE} SELECT {SUMMARY_COLUMNS} FROM catalog_product p \
             WHERE p.category_id IN (SELECT id FROM tree) AND {rest}"
        ),
    };
    let category = category.map_or_else(String::new, |id| id.to_string());
    reader
        .query(&sql, params![category, after_code, status, limit])
        .await?
        .iter()
        .map(summary)
        .collect()
}

/// The identifiers of a category and everything below it.
pub(crate) async fn subtree(reader: &Reader, category: CategoryId) -> Result<Vec<CategoryId>> {
    let sql = format!("{SUBTREE} SELECT id FROM tree ORDER BY id");
    reader
        .query(&sql, params![category])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// A SKU and its product as lists show it.
pub(crate) async fn skus_found(
    reader: &Reader,
    by: SkuColumn,
    keys: &[Value],
) -> Result<Vec<(Sku, ProductSummary)>> {
    let mut out = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        let list = placeholders(1, chunk.len());
        let condition = match by {
            SkuColumn::Id => format!("s.id IN ({list})"),
            SkuColumn::Code => format!("s.code IN ({list})"),
            SkuColumn::Product => format!("s.product_id IN ({list})"),
            SkuColumn::Gtin => {
                format!("s.id IN (SELECT sku_id FROM catalog_barcode WHERE gtin IN ({list}))")
            }
        };
        let sql = format!(
            "SELECT {SUMMARY_COLUMNS}, {SKU_COLUMNS} FROM catalog_sku s \
             JOIN catalog_product p ON p.id = s.product_id WHERE {condition} ORDER BY s.code"
        );
        for row in reader.query(&sql, chunk).await? {
            out.push((sku(&row, SUMMARY_WIDTH)?, summary(&row)?));
        }
    }
    let (skus, products): (Vec<_>, Vec<_>) = out.into_iter().unzip();
    let skus = kit::with_components(reader, with_barcodes(reader, skus).await?).await?;
    Ok(skus.into_iter().zip(products).collect())
}

/// What SKUs are looked up by.
#[derive(Clone, Copy)]
pub(crate) enum SkuColumn {
    Id,
    Code,
    Product,
    Gtin,
}

/// The SKU that has a code, whichever product it belongs to.
pub(crate) async fn sku_owners(
    reader: &Reader,
    sku_codes: &[&str],
) -> Result<HashMap<String, (SkuId, ProductId)>> {
    let mut out = HashMap::new();
    let keys: Vec<Value> = sku_codes.iter().map(|code| Value::from(*code)).collect();
    for chunk in keys.chunks(CHUNK) {
        let sql = format!(
            "SELECT code, id, product_id FROM catalog_sku WHERE code IN ({})",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            out.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        }
    }
    Ok(out)
}

/// The SKUs that have these barcodes.
pub(crate) async fn barcode_owners(reader: &Reader, gtins: &[Gtin]) -> Result<HashMap<String, SkuId>> {
    let mut out = HashMap::new();
    let keys: Vec<Value> = gtins.iter().map(|gtin| Value::from(gtin.as_str())).collect();
    for chunk in keys.chunks(CHUNK) {
        let sql = format!(
            "SELECT gtin, sku_id FROM catalog_barcode WHERE gtin IN ({})",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            out.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(out)
}
