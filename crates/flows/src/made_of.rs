//! What articles take of the stock: themselves, or what they are made of. A kit is to be had where all of it is.

use std::collections::{BTreeMap, HashMap};

use base::{PlaceId, SkuId};
use catalog::SkuSnapshot;
use orders::{Line, LineComponent};
use stock::{Available, HoldLine};

/// Counted SKUs, and how many of each one piece of an article takes. What is not counted takes nothing.
pub(crate) type Takes = Vec<(SkuId, i64)>;

/// What is there.
pub(crate) struct There {
    pieces: HashMap<(SkuId, PlaceId), i64>,
    /// Where any of it is, each once, in order.
    places: Vec<PlaceId>,
}

impl There {
    pub(crate) fn new(available: &[Available]) -> Self {
        let mut places: Vec<PlaceId> = available.iter().map(|a| a.place_id).collect();
        places.sort_unstable();
        places.dedup();
        let pieces = available.iter().map(|a| ((a.sku_id, a.place_id), a.available));
        Self {
            pieces: pieces.collect(),
            places,
        }
    }

    /// With pieces that are kept for whoever asks.
    pub(crate) fn with(mut self, own: &[HoldLine]) -> Self {
        for line in own {
            *self.pieces.entry((line.sku_id, line.place_id)).or_default() += line.quantity;
            if let Err(at) = self.places.binary_search(&line.place_id) {
                self.places.insert(at, line.place_id);
            }
        }
        self
    }

    /// How many pieces of a SKU a place has.
    pub(crate) fn at(&self, sku: SkuId, place: PlaceId) -> i64 {
        self.pieces.get(&(sku, place)).copied().unwrap_or(0)
    }

    /// How many pieces of an article each place comes to with what it has; of one that takes nothing, no place says.
    pub(crate) fn of(&self, takes: &[(SkuId, i64)]) -> impl Iterator<Item = (PlaceId, i64)> {
        let at = move |place: &PlaceId| Some((*place, most(takes, |sku| self.at(sku, *place))?));
        self.places.iter().filter_map(at)
    }

    /// How many pieces of an article all places come to, each with what it has.
    pub(crate) fn anywhere(&self, takes: &[(SkuId, i64)]) -> i64 {
        self.of(takes).map(|(_, pieces)| pieces).sum()
    }
}

/// How many pieces of an article what is there comes to; `None` when it takes nothing, and never runs out.
pub(crate) fn most(takes: &[(SkuId, i64)], there: impl Fn(SkuId) -> i64) -> Option<i64> {
    takes.iter().map(|(sku, each)| there(*sku).max(0) / each).min()
}

/// How many pieces of each article a place could serve together. Articles that are made of the same SKUs share what
/// is there: kits first, since what they lack is rarer.
pub(crate) fn on_offer(wanted: &[(&[(SkuId, i64)], i64)], there: impl Fn(SkuId) -> i64) -> Vec<i64> {
    let mut seen: Vec<SkuId> = wanted
        .iter()
        .flat_map(|(takes, _)| takes.iter().map(|(sku, _)| *sku))
        .collect();
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() == all {
        let offer = wanted
            .iter()
            .map(|(takes, quantity)| most(takes, &there).unwrap_or(*quantity));
        return offer.collect();
    }
    let mut left: BTreeMap<SkuId, i64> = seen.into_iter().map(|sku| (sku, there(sku).max(0))).collect();
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(wanted[*at].0.len()));
    let mut offer = vec![0; wanted.len()];
    for at in order {
        let (takes, quantity) = wanted[at];
        offer[at] = most(takes, |sku| left.get(&sku).copied().unwrap_or(0)).unwrap_or(quantity);
        let taken = offer[at].min(quantity);
        for (sku, each) in takes {
            if let Some(left) = left.get_mut(sku) {
                *left -= taken * each;
            }
        }
    }
    offer
}

/// What pieces of an article take at a place.
pub(crate) fn hold_lines(
    takes: &[(SkuId, i64)],
    place: PlaceId,
    quantity: i64,
) -> impl Iterator<Item = HoldLine> {
    takes
        .iter()
        .map(move |(sku, each)| HoldLine::new(*sku, place, each * quantity))
}

/// What pieces of an order's line take, as it was when it was bought. Whether an article that is no kit is counted,
/// the line does not know.
pub(crate) fn pieces(line: &Line, quantity: i64) -> Takes {
    if line.snapshot.components.is_empty() {
        return vec![(line.sku_id, quantity)];
    }
    let counted = line.snapshot.components.iter().filter(|part| part.counted);
    counted
        .map(|part| (part.sku_id, part.quantity * quantity))
        .collect()
}

/// What an order keeps of a kit.
pub(crate) fn kept(sku: &SkuSnapshot) -> Vec<LineComponent> {
    let parts = sku.components.iter().map(|part| LineComponent {
        sku_id: part.sku_id,
        name: part.name.clone(),
        option: part.option.clone(),
        barcode: part.barcode.clone(),
        quantity: part.quantity,
        counted: part.tracked,
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_lie_in_two_places_are_no_kit() {
        let (serum, cream) = (SkuId::new(), SkuId::new());
        let (here, elsewhere) = (PlaceId::new(), PlaceId::new());
        let some = |sku_id, place_id, available| Available {
            sku_id,
            place_id,
            available,
        };
        let there = There::new(&[
            some(serum, here, 3),
            some(cream, here, 5),
            some(serum, elsewhere, 9),
        ]);
        let set: &[(SkuId, i64)] = &[(serum, 1), (cream, 2)];
        assert_eq!(there.of(set).collect::<Vec<_>>(), [(here, 2), (elsewhere, 0)]);
        assert_eq!(there.anywhere(&[(serum, 1)]), 12);
        assert_eq!(there.anywhere(&[]), 0);
    }

    #[test]
    fn kits_share_what_is_there_with_their_components() {
        let (serum, cream, bag) = (SkuId::new(), SkuId::new(), SkuId::new());
        let set: &[(SkuId, i64)] = &[(serum, 1), (cream, 2)];
        let alone: &[(SkuId, i64)] = &[(serum, 1)];
        let there = |sku| match sku {
            s if s == serum => 3,
            s if s == cream => 5,
            _ => 0,
        };
        assert_eq!(most(set, there), Some(2));
        assert_eq!(most(&[], there), None);
        assert_eq!(on_offer(&[(set, 1), (&[], 7)], there), [2, 7]);
        // One set leaves two serums; whoever is asked for both is asked for the set first.
        assert_eq!(on_offer(&[(alone, 3), (set, 1)], there), [2, 2]);
        assert_eq!(on_offer(&[(set, 1), (set, 1)], there), [2, 1]);
        assert_eq!(on_offer(&[(&[(bag, 1)], 1)], there), [0]);
    }
}
