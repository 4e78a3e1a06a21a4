//! Reviews, as voices of the past.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use base::{FeedbackId, OrderId, Result};
use db::Tx;
use voice::{About, FeedbackImport, FeedbackState, NewFeedback, Source, TEXT_MAX_CHARS, import_feedback_in};

use super::Landing;
use crate::docs::ReviewDoc;

/// A voice older than this is on record and counted, but nobody is asked to answer it any more.
const STILL_OPEN: Duration = Duration::from_secs(90 * 24 * 3600);

impl Landing {
    pub(super) async fn reviews(&mut self) -> Result<()> {
        let known = self.known("review").await?;
        let assembly = Arc::clone(&self.assembly);
        let docs: Vec<&ReviewDoc> = assembly
            .reviews
            .iter()
            .filter(|r| !known.contains_key(&r.key))
            .collect();
        let there = assembly.reviews.len() - docs.len();
        let keys: Vec<String> = docs.iter().map(|d| d.key.clone()).collect();
        let imports: Arc<Vec<(String, FeedbackImport)>> = Arc::new(
            docs.into_iter()
                .map(|doc| (doc.key.clone(), self.voice(doc)))
                .collect(),
        );
        let (db, scribe, list) = (self.db.clone(), self.scribe(), Arc::clone(&imports));
        let write = async move |range: Range<usize>| {
            let (scribe, list) = (scribe.clone(), Arc::clone(&list));
            db.write(async move |tx: &Tx| {
                let rows: Vec<FeedbackImport> =
                    list[range.clone()].iter().map(|(_, row)| row.clone()).collect();
                import_feedback_in(tx, &rows).await?;
                let refs: Vec<_> = list[range.clone()]
                    .iter()
                    .map(|(key, row)| (key.clone(), row.id.to_string()))
                    .collect();
                scribe.note(tx, "review", &refs).await
            })
            .await
        };
        self.stage("reviews", there, imports.len(), write, |at| {
            (None, keys[at].clone())
        })
        .await
    }

    fn voice(&self, doc: &ReviewDoc) -> FeedbackImport {
        let id: FeedbackId = self.scribe().made("review", &doc.key, Some(doc.at));
        let old = self.now.since(doc.at) > STILL_OPEN;
        FeedbackImport {
            id,
            feedback: NewFeedback {
                source: Source::Review,
                score: doc.score.and_then(|s| u8::try_from(s).ok()),
                text: doc.text.chars().take(TEXT_MAX_CHARS).collect(),
                topics: Vec::new(),
                about: self.about(doc),
            },
            survey_id: None,
            state: if old {
                FeedbackState::Dismissed
            } else {
                FeedbackState::New
            },
            heard_at: doc.at,
        }
    }

    /// What a review is about. One that names an order and no product is about the order's product, if the
    /// order has one only.
    fn about(&self, doc: &ReviewDoc) -> About {
        let Landing {
            targets, assembly, ..
        } = self;
        let order = doc
            .order
            .as_ref()
            .and_then(|key| self.order_at.get(key))
            .and_then(|&at| assembly.orders.get(at));
        let order_id: Option<OrderId> = doc
            .order
            .as_ref()
            .and_then(|key| targets.orders.get(key))
            .copied();
        let bought = order.and_then(|o| {
            let mut products = o.lines.iter().filter_map(|l| targets.skus.get(l.sku)?.as_ref());
            let first = products.next()?;
            products.all(|p| p.product == first.product).then_some(first)
        });
        let named = doc
            .product
            .as_ref()
            .and_then(|key| targets.products.get(key))
            .copied();
        let name = |key: &String| {
            assembly
                .products
                .iter()
                .find(|p| p.key == *key)
                .map(|p| p.name.clone())
        };
        let place = doc
            .place
            .as_ref()
            .or(order.and_then(|o| o.place.as_ref()))
            .and_then(|key| targets.places.get(key));
        let member = doc
            .member
            .as_ref()
            .and_then(|key| self.member_at.get(key).copied())
            .or(order.and_then(|o| o.member))
            .and_then(|at| targets.members.get(at).copied().flatten());
        About {
            place_id: place.map(|p| p.0),
            place_name: place.map(|p| p.1.clone()),
            order_id,
            order_number: order_id.map(|id| orders::OrderNumber::of(id, 0).as_str().to_owned()),
            product_id: named.or(bought.map(|b| b.product)),
            product_name: doc
                .product
                .as_ref()
                .and_then(name)
                .or(bought.map(|b| b.name.clone())),
            member_id: member,
            ..About::default()
        }
    }
}
