//! Returns look for the sale they undo.
//!
//! A cancellation that does not name its invoice is matched by member, SKU and price: the latest sale before
//! it that still has pieces to give back, then the one before that. What finds no sale (the sale lies before
//! the file begins, or the buyer is unknown) stays a return without an order. Pieces and money are exactly
//! the row's either way.

use std::collections::{BTreeMap, HashMap};

use base::Time;

use super::Names;
use super::lines::RawLine;
use super::orders::Orders;
use crate::docs::{ReturnDoc, ReturnLineDoc};
use crate::mapping::Class;

/// Sales that something may come back of.
#[derive(Default)]
pub(super) struct Sold {
    by_member: HashMap<(u32, u32), Vec<Sale>>,
    by_order: HashMap<(usize, u32), Vec<Sale>>,
}

#[derive(Clone, Copy)]
struct Sale {
    at: Option<Time>,
    order: usize,
    line: usize,
}

impl Sold {
    pub(super) fn add(&mut self, line: &RawLine, order: usize, at: usize) {
        let sale = Sale {
            at: line.at,
            order,
            line: at,
        };
        if let Some(member) = line.member {
            self.by_member.entry((member, line.sku)).or_default().push(sale);
        }
        self.by_order.entry((order, line.sku)).or_default().push(sale);
    }

    /// The sales a return may undo, the likeliest first.
    fn candidates(&self, line: &RawLine, original: Option<usize>, search: bool) -> Vec<Sale> {
        if let Some(order) = original {
            return self.by_order.get(&(order, line.sku)).cloned().unwrap_or_default();
        }
        let sales = line
            .member
            .filter(|_| search)
            .and_then(|m| self.by_member.get(&(m, line.sku)));
        let mut sales: Vec<Sale> = sales
            .into_iter()
            .flatten()
            .filter(|s| s.at <= line.at)
            .copied()
            .collect();
        sales.sort_by_key(|s| std::cmp::Reverse((s.at, s.order, s.line)));
        sales
    }
}

pub(super) fn settle(
    coming_back: &[(&RawLine, usize, i64, &Class)],
    words: &Names,
    search: bool,
    sold: &mut Sold,
    orders: &mut Orders,
) -> Vec<ReturnDoc> {
    // One document per source document and order it undoes a part of.
    let mut docs: BTreeMap<(Option<Time>, u32, Option<usize>), ReturnDoc> = BTreeMap::new();
    for (line, sku, unit_minor, class) in coming_back {
        let original = match words.text(line.original as usize) {
            "" => None,
            key => orders.find(key),
        };
        let mut left = -line.quantity;
        let mut parts: Vec<(Option<usize>, Option<usize>, i64)> = Vec::new();
        for sale in sold.candidates(line, original, search) {
            let taken = orders.give_back(sale.order, sale.line, left, *unit_minor);
            if taken > 0 {
                parts.push((Some(sale.order), Some(sale.line), taken));
                left -= taken;
            }
            if left == 0 {
                break;
            }
        }
        if left > 0 {
            parts.push((None, None, left));
        }
        for (order, order_line, quantity) in parts {
            let at = line.at.unwrap_or(Time::from_micros(0));
            let doc = docs
                .entry((line.at, line.order, order))
                .or_insert_with(|| ReturnDoc {
                    key: match order {
                        Some(order) => format!("{}/{}", orders.key(line.order as usize), orders.key(order)),
                        None => format!("{}/-", orders.key(line.order as usize)),
                    },
                    order,
                    member: line.member.map(|m| m as usize),
                    place: None,
                    at,
                    lines: Vec::new(),
                });
            doc.lines.push(ReturnLineDoc {
                sku: *sku,
                line: order_line,
                quantity,
                refund_minor: unit_minor.saturating_mul(quantity),
                goods: class.goods,
            });
        }
    }
    // The rare document with several times within it becomes one return per time: keys must differ.
    let mut seen: HashMap<String, u32> = HashMap::new();
    docs.into_values()
        .map(|mut doc| {
            let n = seen.entry(doc.key.clone()).or_default();
            *n += 1;
            if *n > 1 {
                doc.key = format!("{}~{n}", doc.key);
            }
            doc
        })
        .collect()
}
