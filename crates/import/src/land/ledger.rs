//! What belongs to no order: the import's own ledger.

use std::ops::Range;
use std::sync::Arc;

use base::Result;
use db::Tx;

use super::Landing;
use crate::docs::LedgerDoc;
use crate::exact::Exact;
use crate::store;

impl Landing {
    pub(super) async fn entries(&mut self) -> Result<()> {
        let entries = Arc::new(self.ledger_entries());
        let known = self.known("entry").await?;
        let todo: Arc<Vec<usize>> = Arc::new(
            (0..entries.len())
                .filter(|&at| !known.contains_key(&entries[at].key))
                .collect(),
        );
        let there = entries.len() - todo.len();
        let (db, scribe, currency) = (self.db.clone(), self.scribe(), self.mapping.currency);
        let (list, all) = (Arc::clone(&todo), Arc::clone(&entries));
        let write = async move |range: Range<usize>| {
            let (scribe, list, all) = (scribe.clone(), Arc::clone(&list), Arc::clone(&all));
            db.write(async move |tx: &Tx| {
                let docs: Vec<LedgerDoc> = list[range.clone()].iter().map(|&at| all[at].clone()).collect();
                store::entries_add(tx, &scribe.source, currency, scribe.run, &docs).await?;
                let refs: Vec<_> = docs.iter().map(|d| (d.key.clone(), d.class.clone())).collect();
                scribe.note(tx, "entry", &refs).await
            })
            .await
        };
        self.stage("entries", there, todo.len(), write, |at| {
            (None, entries[todo[at]].key.clone())
        })
        .await
    }

    /// Ledger rows, returns without an order, and one rounding line for each class that rounding touched.
    fn ledger_entries(&self) -> Vec<LedgerDoc> {
        let assembly = &self.assembly;
        let mut entries = assembly.ledger.clone();
        let within: std::collections::HashMap<&str, Exact> =
            entries
                .iter()
                .fold(std::collections::HashMap::new(), |mut sums, entry| {
                    let class = assembly
                        .reconciliation
                        .classes
                        .iter()
                        .find(|c| c.name == entry.class);
                    if let Some(class) = class {
                        *sums.entry(class.name.as_str()).or_insert(Exact::ZERO) += entry.rounding;
                    }
                    sums
                });
        let mut more = Vec::new();
        for doc in assembly.returns.iter().filter(|r| r.order.is_none()) {
            for (at, line) in doc.lines.iter().enumerate() {
                more.push(LedgerDoc {
                    key: format!("{}#{}", doc.key, at + 1),
                    class: "return_without_order".into(),
                    at: doc.at,
                    code: assembly
                        .skus
                        .get(line.sku)
                        .map(|s| s.key.clone())
                        .unwrap_or_default(),
                    note: String::new(),
                    quantity: -line.quantity,
                    amount_minor: -line.refund_minor,
                    rounding: Exact::ZERO,
                });
            }
        }
        let exponent = self.mapping.currency.exponent();
        for class in &assembly.reconciliation.classes {
            let there = within.get(class.name.as_str()).copied().unwrap_or_default();
            let rounding = class.rounding(exponent).minus(there).unwrap_or_default();
            if !rounding.is_zero() {
                more.push(LedgerDoc {
                    key: format!("rounding/{}/{}", self.run, class.name),
                    class: format!("rounding:{}", class.name),
                    at: assembly
                        .orders
                        .last()
                        .map_or(base::Time::from_micros(0), |o| o.placed_at),
                    code: String::new(),
                    note: String::new(),
                    quantity: 0,
                    amount_minor: 0,
                    rounding,
                });
            }
        }
        entries.extend(more);
        entries
    }
}
