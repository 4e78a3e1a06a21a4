//! Orders: heads, lines, payments and refunds by the source's order number.

use std::collections::HashMap;

use base::{Currency, Time};

use super::catalogue::Catalogue;
use super::{Keyed, Names, found, minor};
use crate::docs::{Found, LineDoc, MemberDoc, OrderDoc, PaymentDoc};
use crate::exact::Exact;
use crate::issue::{IssueLog, RowIssue, codes};
use crate::mapping::{Mapping, Placeholder};
use crate::record::Record;

#[derive(Default)]
pub(super) struct Orders {
    keys: Names,
    drafts: Vec<Option<Draft>>,
    payments: HashMap<usize, Vec<(PaymentDoc, Option<Time>, Found)>>,
    refunds: HashMap<usize, Vec<(i64, Found)>>,
    /// Numbers that a record of an order brought.
    heads: HashMap<usize, Head>,
    channel: String,
}

/// What the head of an order says about money, settled when its lines are all there.
struct Head {
    total: Option<Exact>,
    tax: Exact,
}

struct Draft {
    doc: OrderDoc,
    placed_at: Option<Time>,
    shipping: Exact,
}

impl Orders {
    pub(super) fn number(&mut self, key: &str) -> usize {
        self.keys.number(key)
    }

    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.keys.index.get(key).copied()
    }

    pub(super) fn key(&self, order: usize) -> &str {
        self.keys.text(order)
    }

    fn draft(&mut self, order: usize) -> &mut Draft {
        if self.drafts.len() <= order {
            self.drafts.resize_with(order + 1, || None);
        }
        let (key, channel) = (self.keys.text(order).to_owned(), &self.channel);
        self.drafts[order].get_or_insert_with(|| Draft {
            doc: OrderDoc {
                key,
                placed_at: Time::from_micros(0),
                state: "closed".into(),
                channel: channel.clone(),
                member: None,
                contact_name: None,
                contact_phone: None,
                address: Default::default(),
                place: None,
                lines: Vec::new(),
                shipping_minor: 0,
                discount_minor: 0,
                total_minor: 0,
                paid_at: None,
                shipped_at: None,
                promised_at: None,
                delivered_at: None,
                cancelled_at: None,
                payments: Vec::new(),
                found: Found {
                    file: "".into(),
                    line: 0,
                },
            },
            placed_at: None,
            shipping: Exact::ZERO,
        })
    }

    pub(super) fn head(
        &mut self,
        record: &Record<'_>,
        mapping: &Mapping,
        members: &mut Keyed<MemberDoc>,
        issues: &mut IssueLog,
    ) {
        self.channel.clone_from(&mapping.channel);
        let currency = record.text("currency");
        if !currency.is_empty() && currency != mapping.currency.as_str() {
            issues.add(record.issue("currency", currency, &codes::CHOICE));
            return;
        }
        let order = self.number(record.text("key"));
        if self.heads.contains_key(&order) {
            // A head repeated on every row of an order is one head.
            return;
        }
        let amount = |field: &str| record.exact(field).unwrap_or_default();
        let Some(discount) = minor(record, "discount", amount("discount"), mapping.currency, issues) else {
            return;
        };
        let member = match record.text("member") {
            "" => None,
            key => Some(members.find_or(key, || MemberDoc {
                key: key.to_owned(),
                ..MemberDoc::default()
            })),
        };
        let text = |field: &str| record.text(field).to_owned();
        let draft = self.draft(order);
        draft.placed_at = record.time("placed_at");
        draft.shipping = amount("shipping");
        let doc = &mut draft.doc;
        doc.state = record.some_text("state").unwrap_or_else(|| "closed".into());
        doc.channel = record
            .some_text("channel")
            .unwrap_or_else(|| mapping.channel.clone());
        doc.member = member;
        doc.contact_name = record.some_text("contact_name");
        doc.contact_phone = record.some_text("contact_phone");
        doc.address = [text("country"), text("province"), text("city"), text("address")];
        doc.place = record.some_text("place");
        doc.discount_minor = discount.max(0);
        doc.paid_at = record.time("paid_at");
        doc.shipped_at = record.time("shipped_at");
        doc.promised_at = record.time("promised_at");
        doc.delivered_at = record.time("delivered_at");
        doc.cancelled_at = record.time("cancelled_at");
        doc.found = found(record);
        self.heads.insert(
            order,
            Head {
                total: record.exact("total"),
                tax: amount("tax"),
            },
        );
    }

    /// What a line says about its order's head.
    pub(super) fn touch(
        &mut self,
        order: usize,
        at: Option<Time>,
        member: Option<u32>,
        country: &Option<String>,
        place: &Option<String>,
    ) {
        let has_head = self.heads.contains_key(&order);
        let draft = self.draft(order);
        if !has_head {
            draft.placed_at = match (draft.placed_at, at) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        let doc = &mut draft.doc;
        doc.member = doc.member.or(member.map(|m| m as usize));
        if let (true, Some(country)) = (doc.address[0].is_empty(), country) {
            doc.address[0].clone_from(country);
        }
        if doc.place.is_none() {
            doc.place.clone_from(place);
        }
    }

    pub(super) fn ship(&mut self, order: usize, freight: Exact) {
        self.draft(order).shipping += freight;
    }

    /// Adds a line; its position, or nothing when nobody says when the order was placed.
    pub(super) fn line(&mut self, order: usize, line: LineDoc, at: &Found) -> Option<usize> {
        let draft = self.draft(order);
        draft.placed_at?;
        if draft.doc.found.line == 0 {
            draft.doc.found = at.clone();
        }
        draft.doc.lines.push(line);
        Some(draft.doc.lines.len() - 1)
    }

    /// Takes back up to `wanted` pieces of a line that was sold at this price; says how many.
    pub(super) fn give_back(&mut self, order: usize, line: usize, wanted: i64, unit_minor: i64) -> i64 {
        let line = self
            .drafts
            .get_mut(order)
            .and_then(Option::as_mut)
            .and_then(|d| d.doc.lines.get_mut(line));
        let Some(line) = line.filter(|l| l.unit_minor == unit_minor) else {
            return 0;
        };
        let taken = wanted.min(line.quantity - line.returned).max(0);
        line.returned += taken;
        taken
    }

    pub(super) fn payment(&mut self, record: &Record<'_>, currency: Currency, issues: &mut IssueLog) {
        let amount = record.exact("amount").unwrap_or_default();
        if amount.is_negative() {
            issues.add(record.issue("amount", &amount.to_string(), &codes::SIGN));
            return;
        }
        let Some(amount_minor) = minor(record, "amount", amount, currency, issues) else {
            return;
        };
        let order = self.number(record.text("order"));
        let at = record.time("paid_at");
        let payments = self.payments.entry(order).or_default();
        let key = record
            .some_text("key")
            .unwrap_or_else(|| (payments.len() + 1).to_string());
        if payments.iter().any(|(p, ..)| p.key == key) {
            issues.add(record.issue("key", &key, &codes::DUPLICATE));
            return;
        }
        let method = record.text("method").to_owned();
        let doc = PaymentDoc {
            key,
            method,
            amount_minor,
            refunded_minor: 0,
            at: Time::from_micros(0),
        };
        payments.push((doc, at, found(record)));
    }

    pub(super) fn refund(&mut self, record: &Record<'_>, currency: Currency, issues: &mut IssueLog) {
        let amount = record.exact("amount").unwrap_or_default();
        if amount.is_negative() {
            issues.add(record.issue("amount", &amount.to_string(), &codes::SIGN));
            return;
        }
        let Some(amount_minor) = minor(record, "amount", amount, currency, issues) else {
            return;
        };
        let order = self.number(record.text("order"));
        self.refunds
            .entry(order)
            .or_default()
            .push((amount_minor, found(record)));
    }

    /// Settles totals: freight, orders without lines, tax on top.
    pub(super) fn close(
        &mut self,
        currency: Currency,
        placeholder: Option<&Placeholder>,
        catalogue: &mut Catalogue,
    ) {
        let exponent = currency.exponent();
        for (order, slot) in self.drafts.iter_mut().enumerate() {
            let Some(draft) = slot else { continue };
            let doc = &mut draft.doc;
            doc.shipping_minor = draft.shipping.minor(exponent).unwrap_or_default().max(0);
            let head = self.heads.get(&order);
            let stated = head.and_then(|h| h.total).and_then(|t| t.minor(exponent));
            let paid: i64 = self
                .payments
                .get(&order)
                .into_iter()
                .flatten()
                .map(|(p, ..)| p.amount_minor)
                .sum();
            if let (true, Some(placeholder)) = (doc.lines.is_empty(), placeholder) {
                let worth = stated.unwrap_or(paid) - doc.shipping_minor + doc.discount_minor;
                doc.lines.push(service(
                    catalogue,
                    &placeholder.key,
                    placeholder.name.clone(),
                    worth,
                ));
            }
            let goods: i64 = doc.lines.iter().map(LineDoc::total_minor).sum();
            doc.discount_minor = doc.discount_minor.min(goods);
            let weights: Vec<i64> = doc.lines.iter().map(LineDoc::total_minor).collect();
            if doc.discount_minor > 0
                && let Ok(parts) = base::prorate(doc.discount_minor, &weights)
            {
                for (line, part) in doc.lines.iter_mut().zip(parts) {
                    line.discount_minor += part;
                }
            }
            doc.total_minor = goods - doc.discount_minor + doc.shipping_minor;
            let tax = head.map_or(0, |h| h.tax.minor(exponent).unwrap_or_default());
            if tax > 0 && stated == Some(doc.total_minor + tax) {
                // Tax on top of the prices: a line of its own, so that the order costs what was paid.
                let name = base::Text::new("价外税", "Tax on top of prices");
                doc.lines.push(service(catalogue, "sales-tax", name, tax));
                doc.total_minor += tax;
            }
        }
    }

    /// The orders, oldest first, and where each number went.
    pub(super) fn finish(mut self, issues: &mut IssueLog) -> (Vec<OrderDoc>, Vec<Option<usize>>) {
        let mut orphans: Vec<(Found, usize)> = Vec::new();
        let mut orders: Vec<(usize, OrderDoc)> = Vec::new();
        let numbers = self.keys.texts.len();
        for at in 0..numbers {
            let draft = self.drafts.get_mut(at).and_then(Option::take);
            let payments = self.payments.remove(&at).unwrap_or_default();
            let refunds = self.refunds.remove(&at).unwrap_or_default();
            let good = draft
                .and_then(|d| Some((d.placed_at?, d.doc)))
                .filter(|(_, doc)| !doc.lines.is_empty());
            let Some((placed_at, mut doc)) = good else {
                orphans.extend(payments.into_iter().map(|(_, _, f)| (f, at)));
                orphans.extend(refunds.into_iter().map(|(_, f)| (f, at)));
                continue;
            };
            doc.placed_at = placed_at;
            for (mut payment, paid_at, _) in payments {
                payment.at = paid_at.or(doc.paid_at).unwrap_or(placed_at);
                doc.paid_at = doc.paid_at.or(Some(payment.at));
                doc.payments.push(payment);
            }
            for (mut left, found) in refunds {
                for payment in &mut doc.payments {
                    let part = left.min(payment.amount_minor - payment.refunded_minor);
                    payment.refunded_minor += part;
                    left -= part;
                }
                if left > 0 {
                    issues.add(RowIssue::new(
                        &found.file,
                        found.line,
                        Some("amount"),
                        &left.to_string(),
                        &codes::RANGE,
                    ));
                }
            }
            orders.push((at, doc));
        }
        for (found, at) in orphans {
            issues.add(RowIssue::new(
                &found.file,
                found.line,
                Some("order"),
                self.keys.text(at),
                &codes::REFERENCE,
            ));
        }
        orders.sort_by_key(|(at, doc)| (doc.placed_at, *at));
        let mut renumbered = vec![None; numbers];
        for (new, (old, _)) in orders.iter().enumerate() {
            renumbered[*old] = Some(new);
        }
        (orders.into_iter().map(|(_, doc)| doc).collect(), renumbered)
    }
}

fn service(catalogue: &mut Catalogue, key: &str, name: base::Text, worth_minor: i64) -> LineDoc {
    LineDoc {
        sku: catalogue.made(key, name, "", 0, false),
        quantity: 1,
        returned: 0,
        unit_minor: worth_minor.max(0),
        discount_minor: 0,
        goods: false,
        place: None,
    }
}
