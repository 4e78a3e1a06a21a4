//! Stock: what sales, returns and adjustments moved, and what must have lain there before.
//!
//! A file of sales says what went out, not what came in. For each SKU and place an opening balance is booked
//! just before its first movement: the smallest one with which the book was never below zero. A later file
//! of the same source brings only movements of documents that are new, and an opening balance for those.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use base::{MovementId, OrderId, PlaceId, Result, ReturnId, SkuId, Time};
use db::Tx;
use stock::{MovementKind, MovementRow};

use super::{Landing, Scribe};
use crate::docs::Found;
use crate::issue::{RowIssue, codes};
use crate::store;

/// Movements of one unit of work. Many, because each unit writes every page of the index over source documents
/// that it touches: those lie scattered, as the movements are sorted by balance.
const BATCH_MOVEMENTS: usize = 20_000;
const STAGE: &str = "movements";

/// A movement before it has an identifier.
struct Entry {
    key: String,
    kind: MovementKind,
    quantity: i64,
    reason: Option<String>,
    source: Option<String>,
    at: Time,
}

type Book = BTreeMap<(SkuId, PlaceId), Vec<Entry>>;

impl Landing {
    pub(super) async fn movements(&mut self) -> Result<()> {
        let mut book = Book::new();
        self.levels(&mut book).await?;
        if self.mapping.move_stock {
            self.sold(&mut book).await?;
            self.adjusted(&mut book).await?;
        }
        let rows = Arc::new(rows(book, &self.scribe(), self.started_at));
        let run = self.run;
        let marks = self
            .db
            .read(async move |r| store::checkpoints(r, run).await)
            .await?;
        let before = marks
            .get(STAGE)
            .and_then(|&n| usize::try_from(n).ok())
            .unwrap_or_default()
            .min(rows.len());
        let (db, stock, ctx, list) = (
            self.db.clone(),
            self.stock.clone(),
            self.ctx.clone(),
            Arc::clone(&rows),
        );
        let write = async move |range: Range<usize>| {
            let (stock, ctx, list) = (stock.clone(), ctx.clone(), Arc::clone(&list));
            let range = range.start + before..range.end + before;
            db.write(async move |tx: &Tx| {
                stock.import_movements_in(tx, &ctx, &list[range.clone()]).await?;
                let done = i64::try_from(range.end).unwrap_or(i64::MAX);
                store::checkpoint_set(tx, run, STAGE, done).await
            })
            .await
        };
        let usual = std::mem::replace(&mut self.batch, BATCH_MOVEMENTS);
        let blame = |at: usize| {
            (
                None,
                rows.get(at + before)
                    .and_then(|r| r.source.clone())
                    .unwrap_or_default(),
            )
        };
        self.stage(STAGE, before, rows.len() - before, write, blame)
            .await?;
        self.batch = usual;
        Ok(())
    }

    fn place_of(&self, key: Option<&String>) -> Option<PlaceId> {
        let usual = self.mapping.place.as_ref().map(|p| &p.key);
        self.targets.places.get(key.or(usual)?).map(|p| p.0)
    }

    /// Pieces on hand, as the file states them.
    async fn levels(&mut self, book: &mut Book) -> Result<()> {
        let known = self.known("level").await?;
        let mut refs = Vec::new();
        let assembly = Arc::clone(&self.assembly);
        let at: HashMap<&str, usize> = assembly
            .skus
            .iter()
            .enumerate()
            .map(|(at, s)| (s.key.as_str(), at))
            .collect();
        for doc in &assembly.stock {
            let key = format!("{}@{}", doc.sku, doc.place.as_deref().unwrap_or_default());
            if known.get(&key).is_some_and(|(_, mine)| !mine) {
                continue;
            }
            let sku = at
                .get(doc.sku.as_str())
                .and_then(|&at| self.targets.skus.get(at)?.clone());
            let (Some(sku), Some(place)) = (sku, self.place_of(doc.place.as_ref())) else {
                let Found { file, line } = &doc.found;
                self.issues.add(RowIssue::new(
                    file,
                    *line,
                    Some("sku"),
                    &doc.sku,
                    &codes::REFERENCE,
                ));
                continue;
            };
            refs.push((key.clone(), sku.id.to_string()));
            book.entry((sku.id, place)).or_default().push(Entry {
                key: format!("level/{key}"),
                kind: MovementKind::Receipt,
                quantity: doc.quantity,
                reason: Some("opening balance".into()),
                source: None,
                at: self.now,
            });
        }
        let scribe = self.scribe();
        self.db
            .write(async move |tx: &Tx| scribe.note(tx, "level", &refs).await)
            .await
    }

    /// Sales that went out and returns that came in, of documents this run brought.
    async fn sold(&self, book: &mut Book) -> Result<()> {
        let known = self.known("order").await?;
        let scribe = self.scribe();
        let mine = |key: &str| known.get(key).is_some_and(|(_, mine)| *mine);
        let assembly = &self.assembly;
        for doc in assembly.orders.iter().filter(|d| mine(&d.key)) {
            if !matches!(doc.state.as_str(), "closed" | "delivered" | "shipped") {
                continue;
            }
            let id: OrderId = scribe.made("order", &doc.key, Some(doc.placed_at));
            for (position, line) in doc.lines.iter().enumerate().filter(|(_, l)| l.goods) {
                let place = self.place_of(line.place.as_ref().or(doc.place.as_ref()));
                self.enter(book, line.sku, place, || Entry {
                    key: format!("sale/{}#{position}", doc.key),
                    kind: MovementKind::Sale,
                    quantity: -line.quantity,
                    reason: None,
                    source: Some(id.to_string()),
                    at: doc.placed_at,
                });
            }
        }
        for doc in &assembly.returns {
            let order = doc.order.and_then(|at| assembly.orders.get(at));
            if order.is_some_and(|o| !mine(&o.key)) {
                continue;
            }
            let id: ReturnId = scribe.made("return", &doc.key, Some(doc.at));
            for (position, line) in doc.lines.iter().enumerate().filter(|(_, l)| l.goods) {
                let place = self.place_of(doc.place.as_ref().or(order.and_then(|o| o.place.as_ref())));
                self.enter(book, line.sku, place, || Entry {
                    key: format!("return/{}#{position}", doc.key),
                    kind: MovementKind::Return,
                    quantity: line.quantity,
                    reason: None,
                    source: Some(id.to_string()),
                    at: doc.at,
                });
            }
        }
        Ok(())
    }

    /// Found, lost and thrown away, unless an earlier run booked it.
    async fn adjusted(&self, book: &mut Book) -> Result<()> {
        let known = self.known("adjustment").await?;
        let mut refs = Vec::new();
        for doc in &self.assembly.adjustments {
            if known.get(&doc.key).is_some_and(|(_, mine)| !mine) {
                continue;
            }
            refs.push((doc.key.clone(), doc.class.clone()));
            self.enter(book, doc.sku, self.place_of(doc.place.as_ref()), || Entry {
                key: format!("adjustment/{}", doc.key),
                kind: MovementKind::Adjustment,
                quantity: doc.quantity,
                reason: Some(if doc.note.is_empty() {
                    doc.class.clone()
                } else {
                    doc.note.clone()
                }),
                source: Some(doc.key.clone()),
                at: doc.at,
            });
        }
        let scribe = self.scribe();
        self.db
            .write(async move |tx: &Tx| scribe.note(tx, "adjustment", &refs).await)
            .await
    }

    fn enter(&self, book: &mut Book, sku: usize, place: Option<PlaceId>, entry: impl FnOnce() -> Entry) {
        let tracked = self.assembly.skus.get(sku).is_some_and(|s| s.tracked);
        let target = self.targets.skus.get(sku).and_then(Option::as_ref);
        if let (true, Some(target), Some(place)) = (tracked, target, place) {
            book.entry((target.id, place)).or_default().push(entry());
        }
    }
}

/// The movements of each balance together, oldest first, its opening balance before them.
fn rows(book: Book, scribe: &Scribe, start: Time) -> Vec<MovementRow> {
    let mut rows: Vec<MovementRow> = Vec::new();
    for ((sku_id, place_id), mut entries) in book {
        // Of one instant, what came in comes first.
        entries.sort_by(|a, b| (a.at, -a.quantity, &a.key).cmp(&(b.at, -b.quantity, &b.key)));
        let row = |entry: Entry, position: usize| MovementRow {
            id: Some(movement_id(scribe, &entry.key, start, position)),
            kind: entry.kind,
            sku_id,
            place_id,
            quantity: entry.quantity,
            reason: entry.reason,
            source: entry.source,
            occurred_at: entry.at,
        };
        let opening = opening(entries.iter().map(|e| e.quantity));
        if let (1.., Some(first)) = (opening, entries.first()) {
            let entry = Entry {
                key: format!("opening/{}/{sku_id}@{place_id}", scribe.run),
                kind: MovementKind::Receipt,
                quantity: opening,
                reason: Some("opening balance".into()),
                source: None,
                at: first.at.before(Duration::from_secs(1)),
            };
            rows.push(row(entry, rows.len()));
        }
        for entry in entries.into_iter().filter(|e| e.quantity != 0) {
            rows.push(row(entry, rows.len()));
        }
    }
    rows
}

fn movement_id(scribe: &Scribe, key: &str, start: Time, position: usize) -> MovementId {
    crate::ids::in_order(&scribe.source, "movement", key, start, position as u64)
}

/// The smallest balance to begin with so that the book is never below zero.
fn opening(changes: impl Iterator<Item = i64>) -> i64 {
    let mut balance = 0_i64;
    let mut lowest = 0_i64;
    for change in changes {
        balance = balance.saturating_add(change);
        lowest = lowest.min(balance);
    }
    lowest.saturating_neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_opening_balance_is_enough_and_no_more(changes in prop::collection::vec(-100_i64..100, 0..50)) {
            let start = opening(changes.iter().copied());
            let mut lowest = start;
            let mut balance = start;
            for change in &changes {
                balance += change;
                lowest = lowest.min(balance);
            }
            prop_assert!(start >= 0 && lowest >= 0);
            prop_assert!(start == 0 || lowest == 0);
        }
    }
}
