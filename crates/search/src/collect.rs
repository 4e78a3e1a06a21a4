//! One pass over what a query finds: filters, scores, counts, and the best of it.

use std::cmp::Reverse;
use std::collections::HashMap;

use base::{Error, ProductId, Result};
use catalog::ProductStatus;
use serde::{Deserialize, Serialize};
use tantivy::Searcher;
use tantivy::query::{EnableScoring, Query};

use crate::card::named;
use crate::facets::{Counts, Failed};
use crate::index::SLOT;
use crate::model::{AvailabilityState, AvailabilityWanted, ProductSearch, Rank, Sort};
use crate::picture::{Picture, Row, View};
use crate::rank;

/// Where a list goes on: the sort key and the product of the last row shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct After(pub(crate) u128, pub(crate) ProductId);

/// The filters, looked up once.
pub(crate) struct Sieve<'a> {
    status: Option<ProductStatus>,
    categories: Option<Vec<bool>>,
    brands: Option<Vec<bool>>,
    /// For each attribute asked for, which facts will do.
    facts: Vec<Vec<bool>>,
    min_price: i64,
    max_price: i64,
    availability: Option<AvailabilityWanted>,
    picture: &'a Picture,
    view: View,
    is_somewhere: bool,
}

impl<'a> Sieve<'a> {
    pub(crate) fn new(picture: &'a Picture, view: View, wanted: &ProductSearch) -> Self {
        let mut by_key: HashMap<&str, Vec<&str>> = HashMap::new();
        for (key, value) in &wanted.attributes {
            by_key.entry(key).or_default().push(value);
        }
        let facts = by_key
            .iter()
            .map(|(key, values)| {
                picture
                    .facts()
                    .iter()
                    .map(|fact| {
                        fact.key == **key
                            && values
                                .iter()
                                .any(|value| *value == named(&fact.value) || *value == fact.value.en)
                    })
                    .collect()
            })
            .collect();
        Self {
            status: wanted.status,
            categories: wanted.category.map(|id| picture.within(id)),
            brands: (!wanted.brands.is_empty()).then(|| picture.brands_named(&wanted.brands)),
            facts,
            min_price: wanted.min_price.unwrap_or(0),
            max_price: wanted.max_price.unwrap_or(i64::MAX),
            availability: wanted.availability,
            picture,
            view,
            is_somewhere: wanted.place.is_some() || wanted.near.is_some(),
        }
    }

    /// What a product fails; none when it is not to be seen at all.
    fn failed(&self, row: &Row, state: AvailabilityState) -> Option<Failed> {
        if self.status.is_some_and(|status| row.status != status) {
            return None;
        }
        let mut failed = Failed::NONE;
        let mut fail = |what: Failed, fails: bool| {
            if fails {
                failed = failed.and(what);
            }
        };
        let lacks = |wanted: &Option<Vec<bool>>, at: u32| {
            wanted
                .as_ref()
                .is_some_and(|wanted| !wanted.get(at as usize).copied().unwrap_or(false))
        };
        fail(Failed::CATEGORY, lacks(&self.categories, row.category));
        fail(Failed::BRAND, lacks(&self.brands, row.brand));
        fail(
            Failed::PRICE,
            !(self.min_price..=self.max_price).contains(&row.price_minor),
        );
        fail(
            Failed::AVAILABILITY,
            self.availability.is_some_and(|wanted| !wanted.admits(state)),
        );
        let has = |wanted: &Vec<bool>| row.facts.iter().any(|fact| wanted[*fact as usize]);
        fail(Failed::ATTRIBUTE, !self.facts.iter().all(has));
        Some(failed)
    }
}

/// A product found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) after: After,
    pub(crate) slot: u32,
    pub(crate) state: AvailabilityState,
    pub(crate) rank: Rank,
}

/// Everything found.
pub(crate) struct Harvest {
    /// The best after the cursor, best first.
    pub(crate) best: Vec<Found>,
    pub(crate) total: u64,
    pub(crate) counts: Option<Counts>,
}

/// Runs a query through a sieve.
pub(crate) fn collect(
    searcher: &Searcher,
    query: &dyn Query,
    sieve: &Sieve<'_>,
    sort: Sort,
    after: Option<After>,
    limit: usize,
    with_counts: bool,
) -> Result<Harvest> {
    let failed = |error: tantivy::TantivyError| Error::internal(error);
    let picture = sieve.picture;
    let mut counts = with_counts.then(|| Counts::over(picture));
    let mut total = 0;
    let mut best = Best::new(limit);
    let weight = query
        .weight(EnableScoring::enabled_from_searcher(searcher))
        .map_err(failed)?;
    for segment in searcher.segment_readers() {
        let slots = segment
            .fast_fields()
            .u64(SLOT)
            .map_err(failed)?
            .first_or_default_col(0);
        let alive = segment.alive_bitset();
        let mut visit = |doc: u32, words: f32| {
            if alive.is_some_and(|alive| !alive.is_alive(doc)) {
                return;
            }
            let slot = slots.get_val(doc) as u32;
            let Some(row) = picture.row(slot) else { return };
            let state = picture.state(row, &sieve.view);
            let Some(failed) = sieve.failed(row, state) else {
                return;
            };
            if let Some(counts) = &mut counts {
                counts.count(row, failed, state);
            }
            if failed != Failed::NONE {
                return;
            }
            total += 1;
            let rank = Rank {
                words,
                popularity: picture.popularity(row),
                stock: rank::stock_factor(state, sieve.is_somewhere, picture.stock_known()),
            };
            let key = sort_key(sort, row, &rank);
            if after.is_some_and(|After(k, id)| (Reverse(key), row.id) <= (Reverse(k), id)) {
                return;
            }
            best.take(Found {
                after: After(key, row.id),
                slot,
                state,
                rank,
            });
        };
        weight.for_each(segment, &mut visit).map_err(failed)?;
    }
    Ok(Harvest {
        best: best.into_sorted(),
        total,
        counts,
    })
}

/// The best of what comes by, as many as wanted: by key from the top, then by identifier.
struct Best {
    limit: usize,
    found: Vec<Found>,
    /// What must be beaten, once there are enough.
    worst: Option<(Reverse<u128>, ProductId)>,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            found: Vec::with_capacity(2 * limit.max(1)),
            worst: None,
        }
    }

    fn place(found: &Found) -> (Reverse<u128>, ProductId) {
        (Reverse(found.after.0), found.after.1)
    }

    fn take(&mut self, found: Found) {
        if self.worst.is_some_and(|worst| Self::place(&found) >= worst) {
            return;
        }
        self.found.push(found);
        // Twice as many as wanted are kept before the worse half goes: cheaper than an order kept at every step.
        if self.found.len() == 2 * self.limit {
            let (_, last, _) = self.found.select_nth_unstable_by_key(self.limit - 1, Self::place);
            self.worst = Some(Self::place(last));
            self.found.truncate(self.limit);
        }
    }

    fn into_sorted(mut self) -> Vec<Found> {
        self.found.sort_unstable_by_key(Self::place);
        self.found.truncate(self.limit);
        self.found
    }
}

/// What a list is ordered by, as a number that is higher for what comes first.
fn sort_key(sort: Sort, row: &Row, rank: &Rank) -> u128 {
    let price = u128::from(row.price_minor.max(0).unsigned_abs());
    match sort {
        Sort::Relevance => rank::sortable(rank::score(rank.words, rank.popularity, rank.stock)).into(),
        Sort::Popular => row.sold.into(),
        // Identifiers are ordered by age, those of one millisecond by their last bits.
        Sort::Newest => row.id.uuid().as_u128(),
        Sort::PriceLow => u128::MAX - price,
        Sort::PriceHigh => price,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_the_first_of_all_in_order(keys in prop::collection::vec(0..30_u128, 0..200), limit in 1..20_usize) {
            let mut best = Best::new(limit);
            let mut all = Vec::new();
            for key in keys {
                let found = Found {
                    after: After(key, ProductId::new()),
                    slot: 0,
                    state: AvailabilityState::None,
                    rank: Rank { words: 1.0, popularity: 0.0, stock: 1.0 },
                };
                all.push(Best::place(&found));
                best.take(found);
            }
            all.sort_unstable();
            all.truncate(limit);
            prop_assert_eq!(best.into_sorted().iter().map(Best::place).collect::<Vec<_>>(), all);
        }
    }
}
