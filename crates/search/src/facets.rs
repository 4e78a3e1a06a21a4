//! Counting what was found by what it could be narrowed to.
//!
//! A facet is counted over what passes all the other filters, so that a second brand can be added to the first.

use std::collections::HashMap;

use base::{CategoryId, Currency, Text};
use serde::Serialize;
use utoipa::ToSchema;

use crate::card::named;
use crate::model::AvailabilityState;
use crate::picture::{Picture, Row};

/// The most brands, attributes and values of one attribute told of.
const BRANDS_MAX: usize = 20;
const ATTRIBUTES_MAX: usize = 6;
const VALUES_MAX: usize = 12;
/// The most price ranges told of.
const PRICES_MAX: usize = 5;
/// Price bounds are 1, 2 and 5 times a power of ten of minor units.
const STEPS: [i64; 3] = [1, 2, 5];
const DECADES: u32 = 13;
const BUCKETS: usize = STEPS.len() * DECADES as usize + 1;

/// A category and how many products are in it and below.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct CategoryFacet {
    /// The category.
    pub category_id: CategoryId,
    /// The one above; null at the top.
    pub parent_id: Option<CategoryId>,
    /// Its name.
    pub name: Text,
    /// How many.
    pub count: u64,
}

/// A brand and how many products are of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct BrandFacet {
    /// The value of the filter `brand`.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// How many.
    pub count: u64,
}

/// An attribute with its values.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct AttributeFacet {
    /// Stable key.
    pub key: String,
    /// Its name.
    pub label: Text,
    /// The commonest values.
    pub values: Vec<AttributeValue>,
}

/// A value and how many products have it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct AttributeValue {
    /// The value of the filter `attribute`: the key, a colon, the value.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// How many.
    pub count: u64,
}

/// A range of prices and how many products lie in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PriceFacet {
    /// From here on, in minor units.
    pub min: i64,
    /// Up to and including here; null for no end.
    pub max: Option<i64>,
    /// How many.
    pub count: u64,
}

/// How many can be had how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct AvailabilityFacet {
    /// At the chosen place.
    pub here: u64,
    /// At the chosen place or nearby.
    pub near: u64,
    /// Anywhere.
    pub any: u64,
    /// Nowhere now.
    pub none: u64,
}

/// The counts of a search.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = ProductFacets)]
pub struct Facets {
    /// Categories, parents and children, most first.
    pub categories: Vec<CategoryFacet>,
    /// Brands, most first.
    pub brands: Vec<BrandFacet>,
    /// Attributes that divide the list, the commonest first.
    pub attributes: Vec<AttributeFacet>,
    /// Prices, low to high.
    pub prices: Vec<PriceFacet>,
    /// The prices' currency; other currencies are not counted.
    pub currency: Option<Currency>,
    /// Availability; null while the stock is being looked at after a start.
    pub availability: Option<AvailabilityFacet>,
}

/// The filters, as bits: what a product fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failed(u8);

impl Failed {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const CATEGORY: Self = Self(1);
    pub(crate) const BRAND: Self = Self(2);
    pub(crate) const PRICE: Self = Self(4);
    pub(crate) const AVAILABILITY: Self = Self(8);
    /// An attribute; which one matters to its own facet only, and is rare enough to be left out of it.
    pub(crate) const ATTRIBUTE: Self = Self(16);

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it fails nothing but perhaps this.
    fn at_most(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

/// Counters for everything a picture knows.
#[derive(Debug)]
pub(crate) struct Counts {
    categories: Vec<u32>,
    brands: Vec<u32>,
    facts: Vec<u32>,
    /// A chain has one currency, seldom a second.
    prices: Vec<(Currency, [u32; BUCKETS])>,
    states: [u64; 5],
}

impl Counts {
    pub(crate) fn over(picture: &Picture) -> Self {
        Self {
            categories: vec![0; picture.branches().len()],
            brands: vec![0; picture.brands().len()],
            facts: vec![0; picture.facts().len()],
            prices: Vec::new(),
            states: [0; 5],
        }
    }

    pub(crate) fn count(&mut self, row: &Row, failed: Failed, state: AvailabilityState) {
        if failed.at_most(Failed::CATEGORY) {
            self.categories[row.category as usize] += 1;
        }
        if failed.at_most(Failed::BRAND) {
            self.brands[row.brand as usize] += 1;
        }
        if failed.at_most(Failed::ATTRIBUTE) {
            for fact in &row.facts {
                self.facts[*fact as usize] += 1;
            }
        }
        if failed.at_most(Failed::PRICE) {
            let at = usize::from(row.price_bucket);
            match self.prices.iter_mut().find(|(known, _)| *known == row.currency) {
                Some((_, buckets)) => buckets[at] += 1,
                None => {
                    let mut buckets = [0; BUCKETS];
                    buckets[at] = 1;
                    self.prices.push((row.currency, buckets));
                }
            }
        }
        if failed.at_most(Failed::AVAILABILITY) {
            self.states[state as usize] += 1;
        }
    }

    pub(crate) fn told(&self, picture: &Picture) -> Facets {
        let (currency, prices) = self
            .prices
            .iter()
            .max_by_key(|(currency, buckets)| (buckets.iter().sum::<u32>(), currency.as_str()))
            .map_or((None, Vec::new()), |(currency, buckets)| {
                (Some(*currency), price_ranges(buckets))
            });
        let [here, near, online, elsewhere, none] = self.states;
        Facets {
            categories: self.told_categories(picture),
            brands: self.told_brands(picture),
            attributes: self.told_attributes(picture),
            prices,
            currency,
            availability: picture.stock_known().then_some(AvailabilityFacet {
                here,
                near: here + near,
                any: here + near + online + elsewhere,
                none,
            }),
        }
    }

    fn told_categories(&self, picture: &Picture) -> Vec<CategoryFacet> {
        let branches = picture.branches();
        let mut sums = vec![0_u64; branches.len()];
        for (start, count) in self
            .categories
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            let mut at = Some(start as u32);
            for _ in 0..branches.len() {
                let Some(branch) = at else { break };
                sums[branch as usize] += u64::from(*count);
                at = branches[branch as usize].parent;
            }
        }
        let mut told: Vec<CategoryFacet> = branches
            .iter()
            .zip(sums)
            .filter(|(_, count)| *count > 0)
            .map(|(branch, count)| CategoryFacet {
                category_id: branch.id,
                parent_id: branch
                    .parent
                    .and_then(|at| branches.get(at as usize))
                    .map(|parent| parent.id),
                name: branch.name.clone(),
                count,
            })
            .collect();
        told.sort_by_key(|facet| (std::cmp::Reverse(facet.count), facet.category_id));
        told
    }

    fn told_brands(&self, picture: &Picture) -> Vec<BrandFacet> {
        let mut told: Vec<BrandFacet> = picture
            .brands()
            .iter()
            .zip(&self.brands)
            .filter(|(brand, count)| **count > 0 && !named(brand).is_empty())
            .map(|(brand, count)| BrandFacet {
                key: named(brand).to_owned(),
                name: brand.clone(),
                count: u64::from(*count),
            })
            .collect();
        told.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
        told.truncate(BRANDS_MAX);
        told
    }

    fn told_attributes(&self, picture: &Picture) -> Vec<AttributeFacet> {
        let mut by_key: HashMap<&str, AttributeFacet> = HashMap::new();
        for (fact, count) in picture
            .facts()
            .iter()
            .zip(&self.facts)
            .filter(|(_, count)| **count > 0)
        {
            let facet = by_key.entry(&fact.key).or_insert_with(|| AttributeFacet {
                key: fact.key.clone(),
                label: fact.label.clone(),
                values: Vec::new(),
            });
            facet.values.push(AttributeValue {
                key: format!("{}:{}", fact.key, named(&fact.value)),
                name: fact.value.clone(),
                count: u64::from(*count),
            });
        }
        // What has one value divides nothing, and what has another for every product neither.
        let divides = |facet: &AttributeFacet| {
            let all: u64 = facet.values.iter().map(|value| value.count).sum();
            facet.values.len() > 1 && all >= 2 * facet.values.len() as u64
        };
        let weight = |facet: &AttributeFacet| facet.values.iter().map(|value| value.count).sum::<u64>();
        let mut told: Vec<AttributeFacet> = by_key.into_values().filter(divides).collect();
        told.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.key.cmp(&b.key)));
        told.truncate(ATTRIBUTES_MAX);
        for facet in &mut told {
            facet
                .values
                .sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
            facet.values.truncate(VALUES_MAX);
        }
        told
    }
}

/// The lower bound of a bucket.
fn bound(bucket: usize) -> i64 {
    match bucket {
        0 => 0,
        n => STEPS[(n - 1) % 3] * 10_i64.pow(((n - 1) / 3) as u32),
    }
}

/// The number of the last bucket whose bound a price reaches.
pub(crate) fn bucket(price: i64) -> u8 {
    let reached = (1..BUCKETS).rev().find(|n| bound(*n) <= price);
    reached.and_then(|n| u8::try_from(n).ok()).unwrap_or(0)
}

/// Neighbouring buckets joined until there are few, the emptiest neighbours first.
fn price_ranges(buckets: &[u32; BUCKETS]) -> Vec<PriceFacet> {
    let Some(first) = buckets.iter().position(|count| *count > 0) else {
        return Vec::new();
    };
    let last = buckets.iter().rposition(|count| *count > 0).unwrap_or(first);
    let mut ranges: Vec<(usize, u64)> = (first..=last).map(|n| (n, u64::from(buckets[n]))).collect();
    while ranges.len() > PRICES_MAX || ranges.iter().any(|(_, count)| *count == 0) {
        let joined = (1..ranges.len()).min_by_key(|at| ranges[at - 1].1 + ranges[*at].1);
        let Some(at) = joined else { break };
        let (_, count) = ranges.remove(at);
        ranges[at - 1].1 += count;
    }
    (0..ranges.len())
        .map(|at| PriceFacet {
            min: if at == 0 { 0 } else { bound(ranges[at].0) },
            max: ranges.get(at + 1).map(|(next, _)| bound(*next) - 1),
            count: ranges[at].1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounds_are_round() {
        assert_eq!(
            (0..8).map(bound).collect::<Vec<_>>(),
            [0, 1, 2, 5, 10, 20, 50, 100]
        );
        assert_eq!(bound(bucket(9_900).into()), 5_000);
        assert_eq!(bound(bucket(10_000).into()), 10_000);
    }

    proptest! {
        #[test]
        fn every_price_lies_in_one_range(prices in prop::collection::vec(0..5_000_000_i64, 1..60)) {
            let mut buckets = [0; BUCKETS];
            for price in &prices {
                buckets[usize::from(bucket(*price))] += 1;
            }
            let ranges = price_ranges(&buckets);
            prop_assert!(ranges.len() <= PRICES_MAX);
            for range in &ranges {
                let inside = prices.iter().filter(|p| **p >= range.min && range.max.is_none_or(|max| **p <= max));
                prop_assert_eq!(inside.count() as u64, range.count);
            }
            prop_assert_eq!(ranges.iter().map(|range| range.count).sum::<u64>(), prices.len() as u64);
        }

        #[test]
        fn any_price_has_a_bucket(price: i64) {
            prop_assert!(usize::from(bucket(price)) < BUCKETS);
        }
    }

    #[test]
    fn a_facet_ignores_its_own_filter_only() {
        let both = Failed::BRAND.and(Failed::PRICE);
        assert!(Failed::NONE.at_most(Failed::BRAND) && Failed::BRAND.at_most(Failed::BRAND));
        assert!(!both.at_most(Failed::BRAND));
    }
}
