//! What a cart or an order line needs to know of a SKU, in one query.

use base::{CategoryId, Money, ProductId, Result, SkuId, Text};
use db::{Reader, Value};

use crate::kit::{self, KitPart};
use crate::model::{Media, ProductStatus};
use crate::product_store::{CHUNK, placeholders};

/// A SKU as it stands now, with what an order keeps of its product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkuSnapshot {
    /// Its identifier.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// Its code.
    pub code: String,
    /// The product's name.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// The product's brand.
    pub brand: Text,
    /// The product's place in the tree.
    pub category_id: CategoryId,
    /// The product's first picture.
    pub image: Option<Media>,
    /// One barcode as written, if there is any.
    pub barcode: Option<String>,
    /// Its price now, tax included.
    pub price: Money,
    /// Whether stock of its own is counted; that of a kit never is.
    pub tracked: bool,
    /// Whether it and its product sell.
    pub sellable: bool,
    /// What one of it is made of, when it is a kit.
    pub components: Vec<KitPart>,
}

impl SkuSnapshot {
    /// Whether it is made of other SKUs.
    #[must_use]
    pub const fn is_kit(&self) -> bool {
        !self.components.is_empty()
    }

    /// The counted SKUs one piece of it takes, and how many of each: itself, or what it is made of. What is not
    /// counted takes nothing.
    #[must_use]
    pub fn takes(&self) -> Vec<(SkuId, i64)> {
        if self.components.is_empty() {
            return self.tracked.then_some((self.sku_id, 1)).into_iter().collect();
        }
        let counted = self.components.iter().filter(|part| part.tracked);
        counted.map(|part| (part.sku_id, part.quantity)).collect()
    }
}

pub(crate) async fn sku_snapshots(reader: &Reader, ids: &[SkuId]) -> Result<Vec<SkuSnapshot>> {
    let mut out = Vec::with_capacity(ids.len());
    let keys: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let mut kits = kit::parts_of(reader, &keys).await?;
    for chunk in keys.chunks(CHUNK) {
        let sql = format!(
            "SELECT s.id, s.product_id, s.code, p.name_zh, p.name_en, s.option_zh, s.option_en, p.brand_zh, \
             p.brand_en, p.category_id, p.media_json, s.price_minor, s.price_currency, s.tracked, s.active, \
             p.status, (SELECT MIN(b.written) FROM catalog_barcode b WHERE b.sku_id = s.id) \
             FROM catalog_sku s JOIN catalog_product p ON p.id = s.product_id WHERE s.id IN ({})",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            let media: Vec<Media> = row.json(10)?;
            let active: bool = row.get(14)?;
            let sku_id = row.get(0)?;
            let components = kits.remove(&sku_id).unwrap_or_default();
            let counted: bool = row.get(13)?;
            out.push(SkuSnapshot {
                sku_id,
                product_id: row.get(1)?,
                code: row.get(2)?,
                name: Text {
                    zh: row.get(3)?,
                    en: row.get(4)?,
                },
                option: Text {
                    zh: row.get(5)?,
                    en: row.get(6)?,
                },
                brand: Text {
                    zh: row.get(7)?,
                    en: row.get(8)?,
                },
                category_id: row.get(9)?,
                image: media.into_iter().next(),
                price: Money::new(row.get(11)?, row.get(12)?),
                tracked: counted && components.is_empty(),
                components,
                sellable: active && ProductStatus::parse(row.text(15)?)? == ProductStatus::Active,
                barcode: row.get(16)?,
            });
        }
    }
    Ok(out)
}
