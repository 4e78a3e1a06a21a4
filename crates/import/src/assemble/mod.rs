//! Puts records together into documents: lines into orders, returns with the sales they undo, SKUs that only
//! lines name, categories out of paths. Keeps the class totals while doing so.

mod catalogue;
mod figures;
mod lines;
mod orders;
mod returns;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use base::{Currency, Text};

use crate::apply::{Application, ApplyError, ReadProgress};
use crate::docs::{
    AdjustmentDoc, CategoryDoc, Found, LedgerDoc, MemberDoc, OrderDoc, PlaceDoc, ProductDoc, ReturnDoc,
    ReviewDoc, SkuDoc, StockDoc,
};
use crate::exact::Exact;
use crate::issue::{IssueLog, codes};
use crate::mapping::{Kind, Mapping, Table};
use crate::progress::Flow;
use crate::reconcile::{ClassTotal, Reconciliation};
use crate::record::Record;

/// Everything a mapping makes of its files.
#[derive(Debug)]
pub struct Assembly {
    /// Categories, parents before children.
    pub categories: Vec<CategoryDoc>,
    /// Products.
    pub products: Vec<ProductDoc>,
    /// SKUs; other documents name them by index.
    pub skus: Vec<SkuDoc>,
    /// Places.
    pub places: Vec<PlaceDoc>,
    /// Members; other documents name them by index.
    pub members: Vec<MemberDoc>,
    /// Orders, oldest first; returns name them by index.
    pub orders: Vec<OrderDoc>,
    /// Returns, oldest first.
    pub returns: Vec<ReturnDoc>,
    /// Stock adjustments, oldest first.
    pub adjustments: Vec<AdjustmentDoc>,
    /// What belongs to no order.
    pub ledger: Vec<LedgerDoc>,
    /// Pieces on hand.
    pub stock: Vec<StockDoc>,
    /// Reviews.
    pub reviews: Vec<ReviewDoc>,
    /// Figures to reconcile with.
    pub reconciliation: Reconciliation,
    /// Rows read, of all files.
    pub rows: u64,
}

/// Reads files through a mapping and puts the records together. Issues go to the log; good rows stay.
///
/// # Errors
/// When a file cannot be read or the mapping does not fit the files.
pub fn assemble(
    mapping: &Mapping,
    files: &[PathBuf],
    issues: &mut IssueLog,
    progress: &mut dyn FnMut(&ReadProgress) -> Flow,
) -> Result<Assembly, ApplyError> {
    let mut builder = Builder::new(mapping);
    let mut application = Application::new(mapping, files, issues, progress);
    application.run(&mut |table, record, issues| builder.take(table, record, issues))?;
    let rows = application.rows.values().sum();
    let counts = std::mem::take(&mut application.counts);
    Ok(builder.finish(issues, rows, counts))
}

/// Keeps each text once and gives it a number.
#[derive(Default)]
struct Names {
    index: HashMap<Box<str>, usize>,
    texts: Vec<Box<str>>,
}

impl Names {
    fn number(&mut self, text: &str) -> usize {
        if let Some(&at) = self.index.get(text) {
            return at;
        }
        let at = self.texts.len();
        self.texts.push(text.into());
        self.index.insert(text.into(), at);
        at
    }

    fn text(&self, at: usize) -> &str {
        self.texts.get(at).map_or("", |t| t)
    }
}

struct Builder<'m> {
    mapping: &'m Mapping,
    catalogue: catalogue::Catalogue,
    places: Keyed<PlaceDoc>,
    members: Keyed<MemberDoc>,
    orders: orders::Orders,
    lines: lines::Lines,
    stock: Vec<StockDoc>,
    reviews: Keyed<ReviewDoc>,
}

/// Documents by their key; the first with a key is kept.
struct Keyed<D> {
    index: HashMap<String, usize>,
    docs: Vec<D>,
}

impl<D> Default for Keyed<D> {
    fn default() -> Self {
        Self {
            index: HashMap::new(),
            docs: Vec::new(),
        }
    }
}

impl<D> Keyed<D> {
    /// Adds a document unless its key was there before.
    fn add(&mut self, key: &str, record: &Record<'_>, issues: &mut IssueLog, doc: impl FnOnce() -> D) {
        if self.index.contains_key(key) {
            issues.add(record.issue("key", key, &codes::DUPLICATE));
            return;
        }
        self.index.insert(key.to_owned(), self.docs.len());
        self.docs.push(doc());
    }

    fn find_or(&mut self, key: &str, make: impl FnOnce() -> D) -> usize {
        if let Some(&at) = self.index.get(key) {
            return at;
        }
        let at = self.docs.len();
        self.index.insert(key.to_owned(), at);
        self.docs.push(make());
        at
    }
}

/// The name in both languages, from the fields `name`, `name_zh` and `name_en`.
fn name(record: &Record<'_>) -> Text {
    let usual = record.text("name");
    let or_usual = |text: &str| {
        if text.is_empty() {
            usual.to_owned()
        } else {
            text.to_owned()
        }
    };
    Text::new(or_usual(record.text("name_zh")), or_usual(record.text("name_en")))
}

fn found(record: &Record<'_>) -> Found {
    Found {
        file: record.file.clone(),
        line: record.line,
    }
}

/// Minor units of an amount, or an issue when they do not fit.
fn minor(
    record: &Record<'_>,
    field: &str,
    amount: Exact,
    currency: Currency,
    issues: &mut IssueLog,
) -> Option<i64> {
    let minor = amount.minor(currency.exponent());
    if minor.is_none() {
        issues.add(record.issue(field, &amount.to_string(), &codes::OVERFLOW));
    }
    minor
}

impl<'m> Builder<'m> {
    fn new(mapping: &'m Mapping) -> Self {
        let mut places = Keyed::default();
        if let Some(place) = &mapping.place {
            places.find_or(&place.key, || PlaceDoc {
                key: place.key.clone(),
                kind: place.kind.clone(),
                name: place.name.clone(),
                region: String::new(),
                country: place.country.clone(),
                province: String::new(),
                city: place.city.clone(),
                district: String::new(),
                address: String::new(),
                postcode: String::new(),
                latitude: place.latitude,
                longitude: place.longitude,
                timezone: zone_name(mapping),
                area_m2: None,
                phone: String::new(),
                hours: Vec::new(),
                services: vec!["ship".into()],
                found: None,
            });
        }
        Self {
            mapping,
            catalogue: catalogue::Catalogue::default(),
            places,
            members: Keyed::default(),
            orders: orders::Orders::default(),
            lines: lines::Lines::new(mapping),
            stock: Vec::new(),
            reviews: Keyed::default(),
        }
    }

    fn take(&mut self, table: &Table, mut record: Record<'_>, issues: &mut IssueLog) {
        let currency = self.mapping.currency;
        match table.kind {
            Kind::Category => self.catalogue.category(&mut record, issues),
            Kind::Product => self.catalogue.product(&mut record, issues),
            Kind::Attribute => self.catalogue.attribute(&record),
            Kind::Sku => {
                let key = record.text("key").to_owned();
                if self.catalogue.sku(&mut record, currency, issues)
                    && let Some(quantity) = record.integer("stock").filter(|q| *q != 0)
                {
                    self.level(&record, key, quantity, issues);
                }
            }
            Kind::Place => self.place(&mut record, issues),
            Kind::Member => self.member(&record),
            Kind::Order => self.orders.head(&record, self.mapping, &mut self.members, issues),
            Kind::OrderLine => {
                let order = self.orders.number(record.text("order"));
                self.lines.take(table, &record, order, &mut self.members, issues);
            }
            Kind::Payment => self.orders.payment(&record, currency, issues),
            Kind::Refund => self.orders.refund(&record, currency, issues),
            Kind::StockLevel => {
                let quantity = record.integer("quantity").unwrap_or_default();
                let sku = record.text("sku").to_owned();
                self.level(&record, sku, quantity, issues);
            }
            Kind::Review => self.review(&record, issues),
        }
    }

    fn level(&mut self, record: &Record<'_>, sku: String, quantity: i64, issues: &mut IssueLog) {
        if quantity < 0 {
            issues.add(record.issue("quantity", &quantity.to_string(), &codes::RANGE));
            return;
        }
        self.stock.push(StockDoc {
            sku,
            place: record.some_text("place"),
            quantity,
            found: found(record),
        });
    }

    fn place(&mut self, record: &mut Record<'_>, issues: &mut IssueLog) {
        let latitude = record.number("latitude").unwrap_or_default();
        let longitude = record.number("longitude").unwrap_or_default();
        for (field, value, limit) in [("latitude", latitude, 90.0), ("longitude", longitude, 180.0)] {
            if value.abs() > limit {
                issues.add(record.issue(field, &value.to_string(), &codes::RANGE));
                return;
            }
        }
        let hours = match record.take("hours") {
            crate::mapping::Value::Hours(hours) => hours,
            _ => Vec::new(),
        };
        let services = record.list("services");
        let text = |field: &str| record.text(field).to_owned();
        let or = |field: &str, usual: &str| {
            Some(text(field))
                .filter(|t| !t.is_empty())
                .unwrap_or_else(|| usual.into())
        };
        let zone = zone_name(self.mapping);
        let key = text("key");
        self.places.add(&key, record, issues, || PlaceDoc {
            kind: or("kind", "store"),
            name: name(record),
            region: text("region"),
            country: or("country", "CN"),
            province: text("province"),
            city: text("city"),
            district: text("district"),
            address: text("address"),
            postcode: text("postcode"),
            latitude,
            longitude,
            timezone: or("timezone", &zone),
            area_m2: record.number("area_m2"),
            phone: text("phone"),
            hours,
            services,
            found: Some(found(record)),
            key: key.clone(),
        });
    }

    fn member(&mut self, record: &Record<'_>) {
        let key = record.text("key").to_owned();
        // A person stands in an export once per order; the rows after the first fill what was blank.
        let at = self.members.find_or(&key, || MemberDoc {
            key: key.clone(),
            ..MemberDoc::default()
        });
        if let Some(member) = self.members.docs.get_mut(at) {
            let fill = |slot: &mut Option<String>, field: &str| {
                if slot.is_none() {
                    *slot = record.some_text(field);
                }
            };
            fill(&mut member.name, "name");
            fill(&mut member.phone, "phone");
            fill(&mut member.email, "email");
            member.birthday = member.birthday.or(record.date("birthday"));
        }
    }

    fn review(&mut self, record: &Record<'_>, issues: &mut IssueLog) {
        let score = record.integer("score");
        if let Some(score) = score.filter(|s| !(1..=5).contains(s)) {
            issues.add(record.issue("score", &score.to_string(), &codes::RANGE));
            return;
        }
        let Some(at) = record.time("written_at") else {
            return;
        };
        let key = record.text("key").to_owned();
        let words: Vec<&str> = [record.text("title"), record.text("text")]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect();
        self.reviews.add(&key, record, issues, || ReviewDoc {
            order: record.some_text("order"),
            product: record.some_text("product"),
            place: record.some_text("place"),
            member: record.some_text("member"),
            score,
            text: words.join("\n"),
            at,
            key: key.clone(),
        });
    }

    fn finish(mut self, issues: &mut IssueLog, rows: u64, counts: BTreeMap<String, u64>) -> Assembly {
        let mut totals = self.lines.settle();
        let made = self.lines.into_documents(
            self.mapping,
            &mut self.orders,
            &mut self.catalogue,
            &mut totals,
            issues,
        );
        let placeholder = self.mapping.placeholder.as_ref();
        self.orders
            .close(self.mapping.currency, placeholder, &mut self.catalogue);
        let (categories, products, skus) = self.catalogue.finish(issues);
        let mut assembly = Assembly {
            categories,
            products,
            skus,
            places: self.places.docs,
            members: self.members.docs,
            orders: Vec::new(),
            returns: made.returns,
            adjustments: made.adjustments,
            ledger: made.ledger,
            stock: self.stock,
            reviews: self.reviews.docs,
            reconciliation: Reconciliation {
                currency: self.mapping.currency,
                classes: totals,
                compared: Vec::new(),
            },
            rows,
        };
        let (orders, renumbered) = self.orders.finish(issues);
        assembly.orders = orders;
        for doc in &mut assembly.returns {
            doc.order = doc.order.and_then(|at| renumbered.get(at).copied().flatten());
        }
        for order in &assembly.orders {
            if let Some(member) = order.member.and_then(|at| assembly.members.get_mut(at)) {
                member.since = Some(member.since.map_or(order.placed_at, |s| s.min(order.placed_at)));
            }
        }
        assembly.reconciliation.compared = figures::figures(self.mapping, &assembly, made.documents, counts);
        assembly
    }
}

fn zone_name(mapping: &Mapping) -> String {
    mapping.zone.iana_name().unwrap_or("UTC").to_owned()
}

/// An empty class total for each class of every table of lines.
fn class_totals(mapping: &Mapping) -> Vec<ClassTotal> {
    mapping
        .tables
        .iter()
        .filter(|t| t.kind == Kind::OrderLine)
        .flat_map(|t| {
            t.classes
                .iter()
                .map(|c| ClassTotal::new(&c.name, &c.title, c.effect))
        })
        .collect()
}
