//! Categories, products and SKUs.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{Currency, Text};

use super::{Keyed, found, minor, name};
use crate::docs::{CategoryDoc, Found, ProductDoc, SkuDoc};
use crate::exact::Exact;
use crate::issue::{IssueLog, RowIssue, codes};
use crate::record::Record;

/// Between the names of a category path, in the keys of categories made from one.
const PATH_MARK: &str = " > ";

#[derive(Default)]
pub(super) struct Catalogue {
    categories: Keyed<CategoryDoc>,
    ancestors: HashMap<String, Vec<String>>,
    products: Keyed<ProductDoc>,
    attributes: BTreeMap<String, Vec<(String, String)>>,
    skus: Keyed<SkuDoc>,
    sku_found: Vec<Option<Found>>,
}

impl Catalogue {
    pub(super) fn category(&mut self, record: &mut Record<'_>, issues: &mut IssueLog) {
        let ancestors = record.list("ancestors");
        let key = record.text("key").to_owned();
        if !ancestors.is_empty() {
            self.ancestors.entry(key.clone()).or_insert(ancestors);
        }
        self.categories.add(&key, record, issues, || CategoryDoc {
            parent: record.some_text("parent"),
            name: name(record),
            position: record.integer("position").unwrap_or_default(),
            key: key.clone(),
        });
    }

    pub(super) fn product(&mut self, record: &mut Record<'_>, issues: &mut IssueLog) {
        let path = record.list("category_path");
        let category = record.some_text("category").or_else(|| self.path(&path));
        let key = record.text("key").to_owned();
        self.products.add(&key, record, issues, || ProductDoc {
            name: name(record),
            description: Text::same(record.text("description")),
            brand: Text::same(record.text("brand")),
            category,
            status: record.some_text("status").unwrap_or_else(|| "active".into()),
            attributes: Vec::new(),
            found: Some(found(record)),
            key: key.clone(),
        });
    }

    /// The category at the end of a path of names, made where it is missing.
    fn path(&mut self, names: &[String]) -> Option<String> {
        let mut parent: Option<String> = None;
        for name in names {
            let key = match &parent {
                Some(parent) => format!("{parent}{PATH_MARK}{name}"),
                None => name.clone(),
            };
            let above = parent.take();
            self.categories.find_or(&key, || CategoryDoc {
                key: key.clone(),
                parent: above,
                name: Text::same(name),
                position: 0,
            });
            parent = Some(key);
        }
        parent
    }

    pub(super) fn attribute(&mut self, record: &Record<'_>) {
        let attribute = (record.text("label").to_owned(), record.text("value").to_owned());
        self.attributes
            .entry(record.text("product").to_owned())
            .or_default()
            .push(attribute);
    }

    /// Adds a SKU; says whether it was new and good.
    pub(super) fn sku(&mut self, record: &mut Record<'_>, currency: Currency, issues: &mut IssueLog) -> bool {
        let price = record.exact("price").unwrap_or(Exact::ZERO);
        if price.is_negative() {
            issues.add(record.issue("price", &price.to_string(), &codes::RANGE));
            return false;
        }
        let Some(price_minor) = minor(record, "price", price, currency, issues) else {
            return false;
        };
        let barcodes = record.list("barcodes");
        let key = record.text("key").to_owned();
        let before = self.skus.docs.len();
        self.skus.add(&key, record, issues, || SkuDoc {
            product: record.text("product").to_owned(),
            option: Text::same(record.text("option")),
            barcodes,
            price_minor,
            tracked: record.flag("tracked").unwrap_or(true),
            active: record.flag("active").unwrap_or(true),
            key: key.clone(),
        });
        let added = self.skus.docs.len() > before;
        if added {
            self.sku_found.push(Some(found(record)));
        }
        added
    }

    /// The SKU of a line; made, with a product and a category of its own, when no record brought it.
    pub(super) fn made(
        &mut self,
        key: &str,
        name: Text,
        option: &str,
        price_minor: i64,
        tracked: bool,
    ) -> usize {
        if let Some(&at) = self.skus.index.get(key) {
            return at;
        }
        if !self.products.index.contains_key(key) {
            let category = self.own_category(tracked);
            self.products.find_or(key, || ProductDoc {
                key: key.to_owned(),
                name,
                description: Text::default(),
                brand: Text::default(),
                category: Some(category),
                status: if tracked { "active" } else { "archived" }.into(),
                attributes: Vec::new(),
                found: None,
            });
        }
        let at = self.skus.find_or(key, || SkuDoc {
            key: key.to_owned(),
            product: key.to_owned(),
            option: Text::same(option),
            barcodes: Vec::new(),
            price_minor,
            tracked,
            active: tracked,
        });
        self.sku_found.push(None);
        at
    }

    /// The category of products that the source sorts nowhere.
    fn own_category(&mut self, goods: bool) -> String {
        let (key, name) = if goods {
            ("imported-goods", Text::new("导入商品", "Imported goods"))
        } else {
            ("imported-services", Text::new("费用与服务", "Fees and services"))
        };
        let make = || CategoryDoc {
            key: key.into(),
            parent: None,
            name,
            position: 0,
        };
        self.categories.find_or(key, make);
        key.to_owned()
    }

    /// Settles parents and references: categories come parents first, products without a known category and
    /// SKUs without a product are issues.
    pub(super) fn finish(
        mut self,
        issues: &mut IssueLog,
    ) -> (Vec<CategoryDoc>, Vec<ProductDoc>, Vec<SkuDoc>) {
        let known: HashSet<String> = self.categories.docs.iter().map(|c| c.key.clone()).collect();
        for category in &mut self.categories.docs {
            if let Some(ancestors) = self.ancestors.get(&category.key) {
                category.parent = ancestors
                    .iter()
                    .rev()
                    .find(|a| **a != category.key && known.contains(*a))
                    .cloned();
            }
            if category
                .parent
                .as_ref()
                .is_some_and(|p| !known.contains(p) || *p == category.key)
            {
                category.parent = None;
            }
        }
        let mut bad = |field: &str, value: &str, found: Option<&Found>| {
            if let Some(found) = found {
                issues.add(RowIssue::new(
                    &found.file,
                    found.line,
                    Some(field),
                    value,
                    &codes::REFERENCE,
                ));
            }
        };
        for product in &mut self.products.docs {
            if let Some(attributes) = self.attributes.remove(&product.key) {
                product.attributes = attributes;
            }
            if let Some(category) = product.category.take_if(|c| !known.contains(c)) {
                bad("category", &category, product.found.as_ref());
            }
        }
        if self.products.docs.iter().any(|p| p.category.is_none()) {
            let category = self.own_category(true);
            for product in self.products.docs.iter_mut().filter(|p| p.category.is_none()) {
                product.category = Some(category.clone());
            }
        }
        // The SKUs are named by index and so stay; one whose product is missing gets a product of its own.
        let mut orphans = Vec::new();
        for (sku, found) in self.skus.docs.iter().zip(&self.sku_found) {
            if !self.products.index.contains_key(&sku.product) {
                bad("product", &sku.product, found.as_ref());
                orphans.push(sku.product.clone());
            }
        }
        let known_category = if orphans.is_empty() {
            String::new()
        } else {
            self.own_category(true)
        };
        for key in orphans {
            self.products.find_or(&key, || ProductDoc {
                name: Text::same(&key),
                description: Text::default(),
                brand: Text::default(),
                category: Some(known_category.clone()),
                status: "draft".into(),
                attributes: Vec::new(),
                found: None,
                key: key.clone(),
            });
        }
        (
            parents_first(self.categories.docs),
            self.products.docs,
            self.skus.docs,
        )
    }
}

/// Orders categories so that a parent stands before its children; a circle is broken at its first member.
fn parents_first(docs: Vec<CategoryDoc>) -> Vec<CategoryDoc> {
    let mut waiting = docs;
    let mut done: HashSet<String> = HashSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let before = ordered.len();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|c| c.parent.as_ref().is_none_or(|p| done.contains(p)));
        done.extend(ready.iter().map(|c| c.key.clone()));
        ordered.extend(ready);
        waiting = rest;
        if ordered.len() == before
            && let Some(first) = waiting.first_mut()
        {
            first.parent = None;
        }
    }
    ordered
}
