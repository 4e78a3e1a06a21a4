//! Lines: sorted into sales, returns, adjustments and the ledger by their classes.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Text, Time};

use super::catalogue::Catalogue;
use super::orders::Orders;
use super::returns::{self, Sold};
use super::{Keyed, Names, class_totals};
use crate::docs::{AdjustmentDoc, LedgerDoc, LineDoc, MemberDoc, ReturnDoc};
use crate::exact::Exact;
use crate::issue::{IssueLog, RowIssue, codes};
use crate::mapping::{Class, Effect, Mapping, Table};
use crate::reconcile::ClassTotal;
use crate::record::Record;

/// A line as read, small: a file has millions.
pub(super) struct RawLine {
    pub(super) order: u32,
    pub(super) sku: u32,
    name: u32,
    option: u32,
    pub(super) original: u32,
    place: u32,
    pub(super) member: Option<u32>,
    class: u16,
    file: u16,
    line: u32,
    pub(super) quantity: i64,
    price: Exact,
    discount: Exact,
    shipping: Exact,
    pub(super) at: Option<Time>,
    country: u32,
}

impl RawLine {
    fn amount(&self) -> Exact {
        self.price
            .times(self.quantity)
            .and_then(|a| a.minus(self.discount))
            .unwrap_or_default()
    }
}

pub(super) struct Lines {
    classes: Vec<Class>,
    /// The first class of each table of lines, by the table's position among them.
    offsets: HashMap<usize, usize>,
    totals: Vec<ClassTotal>,
    skus: Names,
    words: Names,
    files: Vec<Arc<str>>,
    raw: Vec<RawLine>,
    exponent: u32,
}

/// What lines became, besides lines of orders.
pub(super) struct Made {
    pub(super) returns: Vec<ReturnDoc>,
    pub(super) adjustments: Vec<AdjustmentDoc>,
    pub(super) ledger: Vec<LedgerDoc>,
    pub(super) documents: u64,
}

/// Every line without classes is a sale of goods.
fn plain_sale() -> Class {
    Class::plain("sale".into(), Text::new("销售", "Sales"), Effect::Sale)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Lines {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut classes = Vec::new();
        let mut offsets = HashMap::new();
        for table in mapping
            .tables
            .iter()
            .filter(|t| t.kind == crate::mapping::Kind::OrderLine)
        {
            offsets.insert(table.line, classes.len());
            classes.extend(table.classes.iter().cloned().map(|mut class| {
                class.unpaid = class.unpaid.map(|at| at + offsets[&table.line]);
                class
            }));
        }
        let mut totals = class_totals(mapping);
        let usual = plain_sale();
        totals.push(ClassTotal::new(&usual.name, &usual.title, usual.effect));
        classes.push(usual);
        let mut words = Names::default();
        words.number("");
        Self {
            classes,
            offsets,
            totals,
            skus: Names::default(),
            words,
            files: Vec::new(),
            raw: Vec::new(),
            exponent: mapping.currency.exponent(),
        }
    }

    pub(super) fn take(
        &mut self,
        table: &Table,
        record: &Record<'_>,
        order: usize,
        members: &mut Keyed<MemberDoc>,
        issues: &mut IssueLog,
    ) {
        let usual = self.classes.len().saturating_sub(1);
        let class = match record.class {
            Some(class) => class + self.offsets.get(&table.line).copied().unwrap_or_default(),
            None => usual,
        };
        let quantity = record.integer("quantity").unwrap_or_default();
        let given = record.exact("discount").unwrap_or_default();
        let Some((price, discount)) = price(record, quantity, given, self.exponent) else {
            issues.add(record.issue("unit_price", "", &codes::REQUIRED));
            return;
        };
        let effect = self.classes.get(class).map_or(Effect::Sale, |c| c.effect);
        let sign_fits = match effect {
            Effect::Sale => quantity > 0 && !price.is_negative() && !discount.is_negative(),
            Effect::Return => quantity < 0 && !price.is_negative(),
            Effect::Adjustment => quantity != 0 && price.is_zero(),
            Effect::Ledger | Effect::Skip => true,
            Effect::Reject => {
                issues.add(record.issue("quantity", &quantity.to_string(), &codes::REJECTED));
                return;
            }
        };
        if !sign_fits {
            issues.add(record.issue("quantity", &format!("{quantity} × {price}"), &codes::SIGN));
            return;
        }
        if price
            .times(quantity)
            .and_then(|a| a.minor(0))
            .is_none_or(|a| a.unsigned_abs() > MAX_LINE_AMOUNT)
        {
            issues.add(record.issue("unit_price", &format!("{quantity} × {price}"), &codes::OVERFLOW));
            return;
        }
        let member = match record.text("member") {
            "" => None,
            key => Some(members.find_or(key, || MemberDoc {
                key: key.to_owned(),
                ..MemberDoc::default()
            })),
        };
        let file = self.file(record.file);
        self.raw.push(RawLine {
            order: small(order),
            sku: small(self.skus.number(record.text("sku"))),
            name: small(self.words.number(record.text("name"))),
            option: small(self.words.number(record.text("option"))),
            original: small(self.words.number(record.text("original"))),
            place: small(self.words.number(record.text("place"))),
            country: small(self.words.number(record.text("country"))),
            member: member.map(small),
            class: u16::try_from(class).unwrap_or(u16::MAX),
            file,
            line: u32::try_from(record.line).unwrap_or(u32::MAX),
            quantity,
            price,
            discount,
            shipping: record.exact("shipping").unwrap_or_default(),
            at: record.time("placed_at"),
        });
    }

    fn file(&mut self, file: &Arc<str>) -> u16 {
        let at = self.files.iter().rposition(|f| f == file).unwrap_or_else(|| {
            self.files.push(file.clone());
            self.files.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    fn class(&self, line: &RawLine) -> &Class {
        // The last class always exists: it is the plain sale.
        &self.classes[usize::from(line.class).min(self.classes.len() - 1)]
    }

    /// Sorts lines by document, settles the classes that depend on the whole document, and adds up.
    pub(super) fn settle(&mut self) -> Vec<ClassTotal> {
        self.raw.sort_by_key(|l| (l.order, l.file, l.line));
        let mut start = 0;
        while start < self.raw.len() {
            let order = self.raw[start].order;
            let end = start + self.raw[start..].partition_point(|l| l.order == order);
            let paid = self.raw[start..end].iter().any(|l| !l.price.is_zero());
            if !paid {
                for line in &mut self.raw[start..end] {
                    let class = self.classes.get(usize::from(line.class));
                    if let Some(instead) = class.and_then(|c| c.unpaid) {
                        line.class = u16::try_from(instead).unwrap_or(line.class);
                    }
                }
            }
            start = end;
        }
        let mut totals = std::mem::take(&mut self.totals);
        for line in &self.raw {
            let skipped = self.class(line).effect == Effect::Skip;
            if let Some(total) = totals.get_mut(usize::from(line.class)) {
                total.rows += 1;
                if !skipped {
                    total.quantity = total.quantity.saturating_add(line.quantity);
                    total.amount += line.amount();
                }
            }
        }
        totals
    }

    /// Turns the lines into documents. `totals` learns what the ledgers hold of each class.
    pub(super) fn into_documents(
        self,
        mapping: &Mapping,
        orders: &mut Orders,
        catalogue: &mut Catalogue,
        totals: &mut Vec<ClassTotal>,
        issues: &mut IssueLog,
    ) -> Made {
        let exponent = mapping.currency.exponent();
        let skus = self.make_skus(catalogue, exponent);
        let mut made = Made {
            returns: Vec::new(),
            adjustments: Vec::new(),
            ledger: Vec::new(),
            documents: 0,
        };
        let mut sold = Sold::default();
        let mut coming_back = Vec::new();
        let mut last = None;
        let mut within = 0_u32;
        for line in &self.raw {
            if last != Some(line.order) {
                last = Some(line.order);
                within = 0;
                made.documents += 1;
            }
            within += 1;
            let class = self.class(line);
            let order = line.order as usize;
            let sku = skus[line.sku as usize];
            let unit_minor = line.price.minor(exponent).unwrap_or_default();
            let landed = match class.effect {
                Effect::Sale => {
                    let discount_minor = line.discount.minor(exponent).unwrap_or_default();
                    let doc = LineDoc {
                        sku,
                        quantity: line.quantity,
                        returned: 0,
                        unit_minor,
                        discount_minor,
                        goods: class.goods,
                        place: self.word(line.place),
                    };
                    let total = doc.total_minor();
                    orders.touch(
                        order,
                        line.at,
                        line.member,
                        &self.word(line.country),
                        &self.word(line.place),
                    );
                    orders.ship(order, line.shipping);
                    if let Some(at) = orders.line(order, doc, &self.found(line)) {
                        sold.add(line, order, at);
                        total
                    } else {
                        self.blame(line, &codes::REFERENCE, issues);
                        take_out(totals, line);
                        0
                    }
                }
                Effect::Return => {
                    coming_back.push((line, sku, unit_minor, class));
                    unit_minor.saturating_mul(line.quantity)
                }
                Effect::Adjustment => {
                    made.adjustments.push(AdjustmentDoc {
                        key: format!("{}#{within}", orders.key(order)),
                        sku,
                        place: self.word(line.place),
                        quantity: line.quantity,
                        at: line.at.unwrap_or(Time::from_micros(0)),
                        note: self.words.text(line.name as usize).to_owned(),
                        class: class.name.clone(),
                    });
                    0
                }
                Effect::Ledger => {
                    let amount = line.amount();
                    let amount_minor = amount.minor(exponent).unwrap_or_default();
                    let rounding = amount
                        .minus(Exact::from_minor(amount_minor, exponent))
                        .unwrap_or_default();
                    made.ledger.push(LedgerDoc {
                        key: format!("{}#{within}", orders.key(order)),
                        class: class.name.clone(),
                        at: line.at.unwrap_or(Time::from_micros(0)),
                        code: self.skus.text(line.sku as usize).to_owned(),
                        note: self.words.text(line.name as usize).to_owned(),
                        quantity: line.quantity,
                        amount_minor,
                        rounding,
                    });
                    amount_minor
                }
                Effect::Skip | Effect::Reject => 0,
            };
            if let Some(total) = totals.get_mut(usize::from(line.class)) {
                total.minor = total.minor.saturating_add(landed);
            }
        }
        coming_back.sort_by_key(|(line, ..)| (line.at, line.order, line.line));
        made.returns = returns::settle(
            &coming_back,
            &self.words,
            mapping.match_returns,
            &mut sold,
            orders,
        );
        made.adjustments.sort_by_key(|a| a.at);
        totals.retain(|t| t.rows > 0);
        if mapping.tables.iter().all(|t| t.classes.is_empty()) {
            totals.clear();
        }
        made
    }

    fn word(&self, at: u32) -> Option<String> {
        Some(self.words.text(at as usize))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
    }

    fn found(&self, line: &RawLine) -> crate::docs::Found {
        crate::docs::Found {
            file: self
                .files
                .get(usize::from(line.file))
                .cloned()
                .unwrap_or_else(|| "".into()),
            line: u64::from(line.line),
        }
    }

    fn blame(&self, line: &RawLine, code: &'static crate::IssueCode, issues: &mut IssueLog) {
        let found = self.found(line);
        issues.add(RowIssue::new(
            &found.file,
            found.line,
            None,
            self.skus.text(line.sku as usize),
            code,
        ));
    }

    /// Finds or makes the SKU of every code. Its name is the one most lines with a price give it, its price
    /// the latest; codes that never moved goods are services, without stock.
    fn make_skus(&self, catalogue: &mut Catalogue, exponent: u32) -> Vec<usize> {
        #[derive(Default)]
        struct Seen {
            names: HashMap<u32, u32>,
            option: u32,
            goods: bool,
            price: Option<(Option<Time>, Exact)>,
        }
        let mut seen: Vec<Seen> = (0..self.skus.texts.len()).map(|_| Seen::default()).collect();
        for line in &self.raw {
            let class = self.class(line);
            let sku = &mut seen[line.sku as usize];
            sku.goods |= class.goods && class.effect != Effect::Ledger;
            sku.option = sku.option.max(line.option);
            if line.name != 0 {
                // A name on a priced line counts for more than any word scribbled on a write-off.
                *sku.names.entry(line.name).or_default() += if line.price.is_zero() { 1 } else { 1_000 };
            }
            if class.effect == Effect::Sale
                && !line.price.is_zero()
                && sku.price.is_none_or(|(at, _)| line.at >= at)
            {
                sku.price = Some((line.at, line.price));
            }
        }
        seen.iter()
            .enumerate()
            .map(|(at, sku)| {
                let key = self.skus.text(at);
                let name = sku
                    .names
                    .iter()
                    .max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name)));
                let name = name.map_or(key, |(name, _)| self.words.text(*name as usize));
                let price = sku.price.and_then(|(_, p)| p.minor(exponent)).unwrap_or_default();
                catalogue.made(
                    key,
                    Text::same(name),
                    self.words.text(sku.option as usize),
                    price,
                    sku.goods,
                )
            })
            .collect()
    }
}

/// Takes a line that became an issue after all out of its class's totals.
fn take_out(totals: &mut [ClassTotal], line: &RawLine) {
    if let Some(total) = totals.get_mut(usize::from(line.class)) {
        total.rows = total.rows.saturating_sub(1);
        total.quantity = total.quantity.saturating_sub(line.quantity);
        total.amount += -line.amount();
    }
}

/// Most a line may come to, in whole units of its currency (a trillion).
const MAX_LINE_AMOUNT: u64 = 1_000_000_000_000;

/// The price of one piece and the line's discount. Where the file gives the line's amount only, and that does
/// not divide evenly, the price is the next higher minor unit and the difference becomes a discount: 3 for
/// 10.00 are 3 at 3.34 less 0.02.
fn price(record: &Record<'_>, quantity: i64, discount: Exact, exponent: u32) -> Option<(Exact, Exact)> {
    if let Some(price) = record.exact("unit_price") {
        return Some((price, discount));
    }
    let amount = record.exact("amount")?;
    let minor = amount.minor(exponent)?;
    let each = minor.checked_div(quantity)? + i64::from(minor.checked_rem(quantity)? != 0);
    let price = Exact::from_minor(each, exponent);
    Some((price, discount.plus(price.times(quantity)?.minus(amount)?)?))
}
