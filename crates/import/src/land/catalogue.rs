//! Categories, products and SKUs into the catalogue.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use base::{CategoryId, Error, Money, ProductId, Result, SkuId, Text};
use catalog::{
    Attribute, CategoryIn, Gtin, ProductImport, ProductIn, ProductStatus, SkuIn, SkuLookup, ValidProduct,
};
use db::Tx;

use super::{Landing, SkuTarget, code, cut};
use crate::docs::{ProductDoc, SkuDoc};
use crate::issue::{RowIssue, codes};

/// Most characters of a description the catalogue takes.
const DESCRIPTION_CHARS: usize = 20_000;
/// Most facts of a product the catalogue takes.
const ATTRIBUTES: usize = 100;

impl Landing {
    pub(super) async fn categories(&mut self) -> Result<()> {
        let known = self.known("category").await?;
        let assembly = Arc::clone(&self.assembly);
        let todo: Vec<usize> = (0..assembly.categories.len())
            .filter(|&at| !known.contains_key(&assembly.categories[at].key))
            .collect();
        let there = assembly.categories.len() - todo.len();
        let (db, catalog, scribe, todo) = (
            self.db.clone(),
            self.catalog.clone(),
            self.scribe(),
            Arc::new(todo),
        );
        let all = Arc::clone(&assembly);
        let list = Arc::clone(&todo);
        let write = async move |range: Range<usize>| {
            let (catalog, scribe, all, list) = (
                catalog.clone(),
                scribe.clone(),
                Arc::clone(&all),
                Arc::clone(&list),
            );
            db.write(async move |tx: &Tx| {
                let docs: Vec<_> = list[range.clone()]
                    .iter()
                    .map(|&at| &all.categories[at])
                    .collect();
                let rows: Vec<(Option<CategoryId>, CategoryIn)> = docs
                    .iter()
                    .map(|doc| {
                        let input = CategoryIn {
                            code: code(&doc.key),
                            parent_code: doc.parent.as_deref().map(code),
                            name: cut(&doc.name, 200),
                            position: doc.position,
                        };
                        (Some(scribe.made("category", &doc.key, None)), input)
                    })
                    .collect();
                let ids = catalog.import_categories_in(tx, &rows).await?;
                let refs: Vec<_> = docs
                    .iter()
                    .zip(&ids)
                    .map(|(d, id)| (d.key.clone(), id.to_string()))
                    .collect();
                scribe.note(tx, "category", &refs).await
            })
            .await
        };
        let blame = |at: usize| (None, assembly.categories[todo[at]].key.clone());
        self.stage("categories", there, todo.len(), write, blame).await?;
        self.targets.categories = parsed(self.known("category").await?);
        Ok(())
    }

    pub(super) async fn products(&mut self) -> Result<()> {
        let assembly = Arc::clone(&self.assembly);
        let known = self.known("product").await?;
        let known_skus = self.known("sku").await?;
        let mut by_product: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, sku) in assembly.skus.iter().enumerate() {
            by_product.entry(sku.product.as_str()).or_default().push(at);
        }
        let mut rows: Vec<Row> = Vec::new();
        let mut there = 0;
        for doc in &assembly.products {
            let skus: Vec<&SkuDoc> = by_product
                .get(doc.key.as_str())
                .into_iter()
                .flatten()
                .map(|&at| &assembly.skus[at])
                .collect();
            let new: Vec<&&SkuDoc> = skus.iter().filter(|s| !known_skus.contains_key(&s.key)).collect();
            if known.contains_key(&doc.key) && new.is_empty() {
                there += 1;
                continue;
            }
            let linked = self.linked(&new).await?;
            if let Some(row) = self.product_row(doc, &skus, linked) {
                rows.push(row);
            }
        }
        let rows = Arc::new(rows);
        let (db, catalog, scribe, ctx) = (
            self.db.clone(),
            self.catalog.clone(),
            self.scribe(),
            self.ctx.clone(),
        );
        let list = Arc::clone(&rows);
        let write = async move |range: Range<usize>| {
            let (catalog, scribe, ctx, list) =
                (catalog.clone(), scribe.clone(), ctx.clone(), Arc::clone(&list));
            db.write(async move |tx: &Tx| {
                let rows = &list[range.clone()];
                let imports: Vec<ProductImport> = rows.iter().filter_map(|r| r.import.clone()).collect();
                let imported = catalog.import_products_in(tx, &ctx, &imports).await?;
                let mut products: Vec<(String, String)> = Vec::new();
                let mut skus: Vec<(String, String)> = Vec::new();
                let mut imported = imported.into_iter();
                for row in rows {
                    skus.extend(row.linked.iter().map(|(key, id)| (key.clone(), id.to_string())));
                    let landed = if row.import.is_some() {
                        imported.next()
                    } else {
                        None
                    };
                    let Some(landed) = landed else {
                        products.extend(row.same_product.map(|id| (row.key.clone(), id.to_string())));
                        continue;
                    };
                    products.push((row.key.clone(), landed.product.summary.id.to_string()));
                    for sku in &landed.product.skus {
                        skus.extend(
                            row.codes
                                .get(&sku.code)
                                .map(|key| (key.clone(), sku.id.to_string())),
                        );
                    }
                }
                scribe.note(tx, "product", &products).await?;
                scribe.note(tx, "sku", &skus).await
            })
            .await
        };
        let blame = |at: usize| (rows[at].found.clone(), rows[at].key.clone());
        self.stage("products", there, rows.len(), write, blame).await?;
        self.resolve_skus().await
    }

    /// SKUs whose code the chain has already, from another source or made by hand: lines are linked to them,
    /// and they are left as they are.
    async fn linked(&self, skus: &[&&SkuDoc]) -> Result<Vec<(String, SkuId, ProductId)>> {
        let mut linked = Vec::new();
        for sku in skus {
            let found = self
                .catalog
                .sku_list(&self.ctx, SkuLookup::Code(code(&sku.key)))
                .await?;
            linked.extend(
                found
                    .into_iter()
                    .next()
                    .map(|f| (sku.key.clone(), f.sku.id, f.sku.product_id)),
            );
        }
        Ok(linked)
    }

    fn product_row(
        &mut self,
        doc: &ProductDoc,
        skus: &[&SkuDoc],
        linked: Vec<(String, SkuId, ProductId)>,
    ) -> Option<Row> {
        let elsewhere: HashSet<&str> = linked.iter().map(|(key, ..)| key.as_str()).collect();
        let mine: Vec<&&SkuDoc> = skus
            .iter()
            .filter(|s| !elsewhere.contains(s.key.as_str()))
            .collect();
        let same_product = linked.first().map(|(.., product)| *product);
        let mut row = Row {
            key: doc.key.clone(),
            found: doc.found.clone(),
            import: None,
            codes: mine.iter().map(|s| (code(&s.key), s.key.clone())).collect(),
            same_product,
            linked: linked.iter().map(|(key, id, _)| (key.clone(), *id)).collect(),
        };
        if mine.is_empty() {
            return (!row.linked.is_empty()).then_some(row);
        }
        let scribe = self.scribe();
        let skus = mine.iter().map(|sku| self.sku_in(doc, sku)).collect();
        let category = doc
            .category
            .as_deref()
            .and_then(|key| self.targets.categories.get(key))
            .copied();
        let input = ProductIn {
            code: code(&doc.key),
            name: named(&doc.name, &doc.key),
            brand: cut(&doc.brand, 200),
            category_id: category.unwrap_or_default(),
            description: cut(&doc.description, DESCRIPTION_CHARS),
            media: Vec::new(),
            attributes: attributes(doc),
            status: match doc.status.as_str() {
                "draft" => ProductStatus::Draft,
                "archived" => ProductStatus::Archived,
                _ => ProductStatus::Active,
            },
            skus,
        };
        match ValidProduct::try_from(input) {
            Ok(product) => {
                row.import = Some(ProductImport {
                    id: Some(scribe.made("product", &doc.key, None)),
                    sku_ids: mine
                        .iter()
                        .map(|s| (code(&s.key), scribe.made("sku", &s.key, None)))
                        .collect(),
                    product,
                });
                Some(row)
            }
            Err(error) => {
                self.refuse("products", &error, (doc.found.clone(), doc.key.clone()));
                None
            }
        }
    }

    fn sku_in(&mut self, doc: &ProductDoc, sku: &SkuDoc) -> SkuIn {
        let mut barcodes = Vec::new();
        for barcode in &sku.barcodes {
            match Gtin::parse(barcode) {
                Ok(_) => barcodes.push(barcode.clone()),
                Err(error) => self.blame_barcode(doc, barcode, &error),
            }
        }
        SkuIn {
            code: code(&sku.key),
            barcodes,
            option: cut(&sku.option, 200),
            price: Money::new(sku.price_minor, self.mapping.currency),
            tracked: sku.tracked,
            active: sku.active,
        }
    }

    fn blame_barcode(&mut self, doc: &ProductDoc, barcode: &str, error: &Error) {
        if let Some(found) = &doc.found {
            let value = format!("{barcode}: {}", error.message(base::Locale::En));
            self.issues.add(RowIssue::new(
                &found.file,
                found.line,
                Some("barcodes"),
                &value,
                &codes::REFUSED,
            ));
        }
    }

    async fn resolve_skus(&mut self) -> Result<()> {
        self.targets.products = parsed(self.known("product").await?);
        let known: HashMap<String, SkuId> = parsed(self.known("sku").await?);
        let docs: HashMap<&str, &ProductDoc> = self
            .assembly
            .products
            .iter()
            .map(|p| (p.key.as_str(), p))
            .collect();
        let products = &self.targets.products;
        let target = |sku: &SkuDoc| {
            Some(SkuTarget {
                id: *known.get(&sku.key)?,
                product: *products.get(&sku.product)?,
                name: docs
                    .get(sku.product.as_str())
                    .map(|d| named(&d.name, &d.key))
                    .unwrap_or_default(),
                option: sku.option.clone(),
            })
        };
        self.targets.skus = self.assembly.skus.iter().map(target).collect();
        Ok(())
    }
}

/// A product about to land, or to be linked.
struct Row {
    key: String,
    found: Option<crate::docs::Found>,
    import: Option<ProductImport>,
    /// The source's key of each SKU, by its code.
    codes: HashMap<String, String>,
    same_product: Option<ProductId>,
    linked: Vec<(String, SkuId)>,
}

/// A name; the key where the source gives none.
fn named(name: &Text, key: &str) -> Text {
    let or_key = |t: &str| {
        if t.trim().is_empty() {
            key.to_owned()
        } else {
            t.to_owned()
        }
    };
    cut(&Text::new(or_key(&name.zh), or_key(&name.en)), 300)
}

/// Facts of a product; of two with one label the later gets a number.
fn attributes(doc: &ProductDoc) -> Vec<Attribute> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut out = Vec::new();
    for (label, value) in doc.attributes.iter().take(ATTRIBUTES) {
        let n = seen.entry(label.clone()).or_default();
        *n += 1;
        let key = if *n == 1 {
            label.clone()
        } else {
            format!("{label} {n}")
        };
        out.push(Attribute {
            key: key.chars().take(64).collect(),
            label: cut(&Text::same(label.as_str()), 200),
            value: cut(&Text::same(value.as_str()), 2_000),
        });
    }
    out
}

/// References with their targets read as identifiers.
pub(super) fn parsed<K: base::IdKind>(
    known: HashMap<String, (String, bool)>,
) -> HashMap<String, base::Id<K>> {
    known
        .into_iter()
        .filter_map(|(key, (target, _))| Some((key, target.parse().ok()?)))
        .collect()
}
