//! Whether terms hold together. Everything that is wrong is told at once.

use std::collections::HashSet;

use base::{Error, ErrorCode, PlaceId, Result, codes};
use places::Book;

use crate::error::BUFFER_TWICE;
use crate::model::{SellsFrom, Terms};

/// The most pieces one buffer keeps.
const PIECES_MAX: i64 = 1_000_000;
/// The most places named in one list.
const PLACES_MAX: usize = 1_000;
/// The most articles with a buffer of their own.
const SKUS_MAX: usize = 2_000;
/// The most regions named.
const REGIONS_MAX: usize = 100;

/// Terms that hold together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValidTerms(Terms);

impl ValidTerms {
    /// The terms.
    #[must_use]
    pub const fn get(&self) -> &Terms {
        &self.0
    }
}

impl TryFrom<Terms> for ValidTerms {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(terms: Terms) -> Result<Self> {
        let mut faults = Faults::default();
        match &terms.sells_from {
            SellsFrom::All => {}
            SellsFrom::Named { place_ids } => {
                faults.count("terms.sells_from.place_ids", place_ids.len(), 1, PLACES_MAX);
            }
            SellsFrom::Matching {
                kinds,
                regions,
                services,
                except_place_ids,
            } => {
                faults.count("terms.sells_from.kinds", kinds.len(), 0, 4);
                faults.count("terms.sells_from.regions", regions.len(), 0, REGIONS_MAX);
                faults.count("terms.sells_from.services", services.len(), 0, 4);
                let field = "terms.sells_from.except_place_ids";
                faults.count(field, except_place_ids.len(), 0, PLACES_MAX);
            }
        }
        faults.pieces("terms.buffer", terms.buffer);
        faults.count("terms.place_buffers", terms.place_buffers.len(), 0, PLACES_MAX);
        faults.count("terms.sku_buffers", terms.sku_buffers.len(), 0, SKUS_MAX);
        let mut seen = HashSet::new();
        for (at, said) in terms.place_buffers.iter().enumerate() {
            faults.pieces(&format!("terms.place_buffers[{at}].pieces"), said.pieces);
            if !seen.insert(said.place_id) {
                faults.add(&format!("terms.place_buffers[{at}]"), &BUFFER_TWICE, &[]);
            }
        }
        let mut seen = HashSet::new();
        for (at, said) in terms.sku_buffers.iter().enumerate() {
            faults.pieces(&format!("terms.sku_buffers[{at}].pieces"), said.pieces);
            if !seen.insert((said.sku_id, said.place_id)) {
                faults.add(&format!("terms.sku_buffers[{at}]"), &BUFFER_TWICE, &[]);
            }
        }
        faults.0.map_or(Ok(Self(terms)), Err)
    }
}

/// Refuses places nobody knows.
pub(crate) fn known_places(terms: &Terms, book: &Book) -> Result<()> {
    let named: &[PlaceId] = match &terms.sells_from {
        SellsFrom::All => &[],
        SellsFrom::Named { place_ids } => place_ids,
        SellsFrom::Matching { except_place_ids, .. } => except_place_ids,
    };
    let at_places = terms.place_buffers.iter().map(|said| said.place_id);
    let of_skus = terms.sku_buffers.iter().filter_map(|said| said.place_id);
    let mut all = named.iter().copied().chain(at_places).chain(of_skus);
    all.find(|place| book.get(*place).is_none())
        .map_or(Ok(()), |unknown| Err(Error::not_found("place", unknown)))
}

#[derive(Default)]
struct Faults(Option<Error>);

impl Faults {
    fn add(&mut self, field: &str, code: &'static ErrorCode, facts: &[(&str, i64)]) {
        let facts = facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
        self.0 = Some(error.and_field(field, code, facts));
    }

    fn pieces(&mut self, field: &str, value: i64) {
        if !(0..=PIECES_MAX).contains(&value) {
            self.add(field, &codes::OUT_OF_RANGE, &[("min", 0), ("max", PIECES_MAX)]);
        }
    }

    fn count(&mut self, field: &str, count: usize, min: usize, max: usize) {
        if !(min..=max).contains(&count) {
            let facts = [("min", min as i64), ("max", max as i64)];
            self.add(field, &codes::OUT_OF_RANGE, &facts);
        }
    }
}

#[cfg(test)]
mod tests {
    use base::SkuId;

    use super::*;
    use crate::model::{PlaceBuffer, SkuBuffer};

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let (sku, place) = (SkuId::new(), PlaceId::new());
        let at = PlaceBuffer {
            place_id: place,
            pieces: -1,
        };
        let of = SkuBuffer {
            sku_id: sku,
            place_id: None,
            pieces: 1,
        };
        let refused = ValidTerms::try_from(Terms {
            sells_from: SellsFrom::Named { place_ids: vec![] },
            buffer: PIECES_MAX + 1,
            place_buffers: vec![at],
            sku_buffers: vec![of, of],
        });
        let fields: Vec<String> = refused
            .unwrap_err()
            .fields()
            .iter()
            .map(|field| field.field.clone())
            .collect();
        assert_eq!(
            fields,
            [
                "terms.sells_from.place_ids",
                "terms.buffer",
                "terms.place_buffers[0].pieces",
                "terms.sku_buffers[1]",
            ]
        );
    }

    #[test]
    fn one_article_may_have_a_buffer_here_and_another_everywhere_else() {
        let sku = SkuId::new();
        let of = |place_id| SkuBuffer {
            sku_id: sku,
            place_id,
            pieces: 1,
        };
        let terms = Terms {
            sku_buffers: vec![of(None), of(Some(PlaceId::new()))],
            ..Terms::default()
        };
        assert!(ValidTerms::try_from(terms).is_ok());
    }
}
