//! Which price list a piece is priced by.

use base::Result;

use super::{Buyer, Cause, PriceBook, Step, Wish, Work, admits, is_valid, overflow, share, tax, words};
use crate::model::Entry;

/// A candidate's price for one piece, tax included.
struct Candidate<'a> {
    entry: &'a Entry,
    list: usize,
    specific: u8,
    unit_price: i64,
}

/// Opens a line at the price of the list that counts, or of the catalogue.
pub(super) fn open(book: &PriceBook, buyer: &Buyer, wish: &Wish, tax_basis_points: i64) -> Result<Work> {
    let mut steps = Vec::new();
    let mut unit_price = wish.list_price;
    if let Some(best) = best(book, buyer, wish, tax_basis_points)? {
        unit_price = best.unit_price;
        let list = &book.lists[best.list];
        let change = (unit_price - wish.list_price)
            .checked_mul(wish.quantity)
            .ok_or_else(overflow)?;
        if change != 0 {
            steps.push(Step {
                cause: Cause::List(list.id),
                code: list.code.clone(),
                name: list.name.clone(),
                why: words::list_price(&list.audience, best.entry.min_quantity),
                amount: change,
            });
        }
    }
    let gross = unit_price.checked_mul(wish.quantity).ok_or_else(overflow)?;
    Ok(Work {
        wish: *wish,
        unit_price,
        gross,
        left: gross,
        is_touched: false,
        is_closed: false,
        steps,
    })
}

/// The most specific, then the lowest, then the first by the list's code.
fn best<'a>(
    book: &'a PriceBook,
    buyer: &Buyer,
    wish: &Wish,
    tax_basis_points: i64,
) -> Result<Option<Candidate<'a>>> {
    let mut best: Option<Candidate<'a>> = None;
    for (at, list) in reached(book, wish) {
        let head = &book.lists[at];
        let applies = head.active
            && head.currency == buyer.currency
            && is_valid(head.valid_from, head.valid_until, buyer.at);
        let Some(specific) = admits(&head.audience, buyer).filter(|_| applies) else {
            continue;
        };
        let unit_price = if head.tax_included {
            list.amount_minor
        } else {
            let rate = tax::rate(book, buyer, wish.category_id, tax_basis_points);
            share(list.amount_minor, tax::WHOLE + rate, tax::WHOLE)?
        };
        let candidate = Candidate {
            entry: list,
            list: at,
            specific,
            unit_price,
        };
        let is_better = best.as_ref().is_none_or(|best| {
            let order = |c: &Candidate<'_>| (u8::MAX - c.specific, c.unit_price);
            (order(&candidate), &head.code) < (order(best), &book.lists[best.list].code)
        });
        if is_better {
            best = Some(candidate);
        }
    }
    Ok(best)
}

/// The highest quantity break a line reaches, for each list that names its SKU.
fn reached<'a>(book: &'a PriceBook, wish: &Wish) -> Vec<(usize, &'a Entry)> {
    let mut out: Vec<(usize, &Entry)> = Vec::new();
    for (list, entry) in book.entries.get(&wish.sku_id).into_iter().flatten() {
        if entry.min_quantity > wish.quantity {
            continue;
        }
        match out.iter_mut().find(|(other, _)| other == list) {
            Some((_, other)) if other.min_quantity < entry.min_quantity => *other = entry,
            Some(_) => {}
            None => out.push((*list, entry)),
        }
    }
    out
}
