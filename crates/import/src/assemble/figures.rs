//! The figures of an assembly, beside what the source states about itself.

use std::collections::BTreeMap;

use super::Assembly;
use crate::exact::Exact;
use crate::mapping::Mapping;
use crate::reconcile::{Compared, compare};

/// The figures that can be reconciled with what a source states about itself.
pub(super) fn figures(
    mapping: &Mapping,
    assembly: &Assembly,
    documents: u64,
    counts: BTreeMap<String, u64>,
) -> Vec<Compared> {
    let count = |n: usize| Exact::whole(i64::try_from(n).unwrap_or(i64::MAX));
    let whole = |n: u64| Exact::whole(i64::try_from(n).unwrap_or(i64::MAX));
    let exponent = mapping.currency.exponent();
    let total = assembly.reconciliation.total();
    let payments = || assembly.orders.iter().flat_map(|o| &o.payments);
    let money = |sum: i64| Exact::from_minor(sum, exponent);
    let paid: i64 = payments().map(|p| p.amount_minor).sum();
    let refunded: i64 = payments().map(|p| p.refunded_minor).sum();
    let placeholder = mapping.placeholder.as_ref().map(|p| p.key.as_str());
    let real = |sku: usize| {
        assembly
            .skus
            .get(sku)
            .is_none_or(|s| Some(s.key.as_str()) != placeholder)
    };
    let items = assembly
        .orders
        .iter()
        .flat_map(|o| &o.lines)
        .filter(|l| real(l.sku))
        .count();
    let own_place = usize::from(mapping.place.is_some());
    let mut counted = BTreeMap::from([
        ("rows", whole(assembly.rows)),
        ("categories", count(assembly.categories.len())),
        ("products", count(assembly.products.len())),
        ("skus", count(assembly.skus.len())),
        ("places", count(assembly.places.len().saturating_sub(own_place))),
        ("sellers", count(assembly.places.len().saturating_sub(own_place))),
        ("members", count(assembly.members.len())),
        ("orders", count(assembly.orders.len())),
        ("items", count(items)),
        ("payments", count(payments().count())),
        ("paid", money(paid)),
        (
            "paid_orders",
            count(assembly.orders.iter().filter(|o| o.paid_at.is_some()).count()),
        ),
        (
            "refunded_orders",
            count(
                assembly
                    .orders
                    .iter()
                    .filter(|o| o.payments.iter().any(|p| p.refunded_minor > 0))
                    .count(),
            ),
        ),
        ("refunded", money(refunded)),
        ("net_paid", money(paid - refunded)),
        ("returns", count(assembly.returns.len())),
        (
            "returns_matched",
            count(assembly.returns.iter().filter(|r| r.order.is_some()).count()),
        ),
        ("reviews", count(assembly.reviews.len())),
    ]);
    if !assembly.reconciliation.classes.is_empty() {
        counted.insert("quantity", Exact::whole(total.quantity));
        counted.insert("amount", total.amount);
        counted.insert("in_ledgers", money(total.minor));
        counted.insert("rounding", total.rounding(exponent));
        counted.insert("documents", whole(documents));
    }
    let mut counted: BTreeMap<String, Exact> = counted
        .into_iter()
        .map(|(name, n)| (name.to_owned(), n))
        .collect();
    counted.extend(counts.into_iter().map(|(name, n)| (name, whole(n))));
    if !mapping.stated.iter().any(|s| s.measure == "sellers") {
        counted.remove("sellers");
    } else {
        counted.remove("places");
    }
    // The published figures speak of the published files: the first stated figure tells whether these are.
    let whole_files = mapping
        .stated
        .first()
        .is_some_and(|s| counted.get(s.measure.as_str()) == Some(&s.value));
    compare(&counted, &mapping.stated, whole_files)
}
