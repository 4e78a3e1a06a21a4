//! The tax within prices.

use std::collections::BTreeMap;

use base::{CategoryId, Result, prorate};

use super::{Buyer, PriceBook, TaxPart, overflow, share};

/// A rate of one hundred percent.
pub(super) const WHOLE: i64 = 10_000;

/// The rate of goods of a category for a buyer: the most exact rule counts, a category before a region, a nearer
/// category before one above it, the lower rate among equals.
pub(super) fn rate(book: &PriceBook, buyer: &Buyer, category: CategoryId, usual: i64) -> i64 {
    let exactness = |rule: &crate::model::TaxRule| {
        let here = match &rule.region {
            None => 0,
            Some(region) if buyer.regions.contains(region) => 1,
            Some(_) => return None,
        };
        if rule.category_ids.is_empty() {
            return Some((0, here));
        }
        let depth = book
            .line_of(category)
            .position(|at| rule.category_ids.contains(&at))?;
        Some((usize::MAX - depth, here))
    };
    let rules = book.settings.tax_rules.iter();
    rules
        .filter_map(|rule| Some((exactness(rule)?, std::cmp::Reverse(rule.basis_points))))
        .max()
        .map_or(usual, |(_, rate)| rate.0)
}

/// The tax of lines and of the whole.
pub(super) struct Taxed {
    /// Of each line.
    pub(super) lines: Vec<i64>,
    /// By rate, rising.
    pub(super) parts: Vec<TaxPart>,
}

/// The tax within amounts: rounded once for each rate, half up, and shared out to its lines by largest remainder,
/// so that the lines and the delivery add up to it.
pub(super) fn within(rates: &[i64], amounts: &[i64], delivery: (i64, i64)) -> Result<Taxed> {
    let mut of_rate: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, rate) in rates.iter().enumerate() {
        of_rate.entry(*rate).or_default().push(at);
    }
    if delivery.1 > 0 {
        of_rate.entry(delivery.0).or_default();
    }
    let mut lines = vec![0; amounts.len()];
    let mut parts = Vec::with_capacity(of_rate.len());
    for (basis_points, members) in of_rate {
        let mut weights: Vec<i64> = members.iter().map(|at| amounts[*at]).collect();
        if basis_points == delivery.0 {
            weights.push(delivery.1);
        }
        let gross = weights
            .iter()
            .try_fold(0_i64, |sum, part| sum.checked_add(*part))
            .ok_or_else(overflow)?;
        let tax = share(gross, basis_points, WHOLE + basis_points)?;
        for (at, tax) in members.into_iter().zip(prorate(tax, &weights)?) {
            lines[at] = tax;
        }
        parts.push(TaxPart {
            basis_points,
            gross,
            tax,
        });
    }
    Ok(Taxed { lines, parts })
}
