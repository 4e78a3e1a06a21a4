//! Terms of the index: which there are, how many products have them, and what it is worth to have one.

use std::collections::HashMap;

use base::{Error, Result};
use tantivy::Term;
use tantivy::query::{ConstScoreQuery, FuzzyTermQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::matching::{Clause, Matcher, weighed};
use crate::question::slips_allowed;

/// Terms a beginning stands for at most, and terms looked at to choose them.
const BEGUN_MAX: usize = 24;
const LOOKED_AT_MAX: usize = 2_000;
/// Words a slip of the finger may have meant at most.
const MEANT_MAX: usize = 6;

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal(error)
}

impl Matcher<'_> {
    /// Terms of a field within the slips a word allows: (slips, products, term), fewest slips and most products
    /// first.
    pub(crate) fn near(&self, field: Field, word: &str) -> Result<Vec<(u8, u64, String)>> {
        let mut found: Vec<(u8, u64, String)> = Vec::new();
        for slips in 1..=slips_allowed(word) {
            let query = FuzzyTermQuery::new(Term::from_field_text(field, word), slips, true);
            for segment in self.searcher.segment_readers() {
                let automaton = query.automaton().map_err(failed)?;
                let inverted = segment.inverted_index(field).map_err(failed)?;
                let mut stream = inverted.terms().search(automaton).into_stream().map_err(failed)?;
                let mut looked_at = 0;
                while looked_at < LOOKED_AT_MAX && stream.advance() {
                    looked_at += 1;
                    let Ok(term) = std::str::from_utf8(stream.key()) else {
                        continue;
                    };
                    let products = u64::from(stream.value().doc_freq);
                    match found.iter_mut().find(|(.., known)| known == term) {
                        Some((at, count, _)) if *at == slips => *count += products,
                        Some(_) => {}
                        None => found.push((slips, products, term.to_owned())),
                    }
                }
            }
            // A word one slip away is meant rather than any two away.
            if !found.is_empty() {
                break;
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
        found.truncate(MEANT_MAX);
        Ok(found)
    }

    /// The fields whose texts are taken apart, with their weights.
    pub(crate) fn weights(&self) -> [(Field, f32); 5] {
        let fields = self.fields;
        [
            (fields.name, 3.0),
            (fields.brand, 2.6),
            (fields.category, 2.0),
            (fields.attributes, 1.4),
            (fields.description, 0.4),
        ]
    }

    pub(crate) fn term(&self, field: Field, term: &str) -> Clause {
        let term = Term::from_field_text(field, term);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    }

    pub(crate) fn constant(&self, field: Field, term: &str, score: f32) -> Clause {
        Box::new(ConstScoreQuery::new(self.term(field, term), score))
    }

    /// A term of a field without lengths and counts, scored by how rare it is.
    pub(crate) fn constant_like(&self, field: Field, term: &str, weight: f32) -> Result<Clause> {
        let rarity = self.rarity(self.count(field, term)?);
        Ok(self.constant(field, term, weight * rarity))
    }

    /// How much it says of a product to have what so many have: the inverse document frequency of BM25.
    pub(crate) fn rarity(&self, having: u64) -> f32 {
        let (having, all) = (having.max(1) as f64, self.searcher.num_docs().max(1) as f64);
        let rarity = (1.0 + (all - having + 0.5) / (having + 0.5)).ln() as f32;
        rarity.max(0.1)
    }

    pub(crate) fn count(&self, field: Field, term: &str) -> Result<u64> {
        self.searcher
            .doc_freq(&Term::from_field_text(field, term))
            .map_err(failed)
    }

    pub(crate) fn has(&self, field: Field, term: &str) -> Result<bool> {
        Ok(self.count(field, term)? > 0)
    }

    /// How many products have a term in the field where most have it.
    pub(crate) fn known(&self, term: &str) -> Result<u64> {
        let mut most = 0;
        for (field, _) in self.weights() {
            most = most.max(self.count(field, term)?);
        }
        Ok(most)
    }

    /// A term in every field that has it.
    pub(crate) fn everywhere(&self, term: &str) -> Result<Vec<Clause>> {
        let mut ways = Vec::new();
        for (field, weight) in self.weights() {
            if self.has(field, term)? {
                ways.push(weighed(self.term(field, term), weight));
            }
        }
        Ok(ways)
    }

    /// Terms of a field that go on after a beginning, the commonest first.
    pub(crate) fn begun(&self, field: Field, beginning: &str) -> Result<Vec<String>> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field).map_err(failed)?;
            let range = inverted
                .terms()
                .range()
                .gt(beginning)
                .lt(format!("{beginning}\u{10ffff}"));
            let mut stream = range.into_stream().map_err(failed)?;
            let mut looked_at = 0;
            while looked_at < LOOKED_AT_MAX && stream.advance() {
                looked_at += 1;
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                let products = u64::from(stream.value().doc_freq);
                match counts.get_mut(term) {
                    Some(count) => *count += products,
                    None => drop(counts.insert(term.to_owned(), products)),
                }
            }
        }
        let mut found: Vec<(u64, String)> = counts.into_iter().map(|(term, count)| (count, term)).collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        found.truncate(BEGUN_MAX);
        Ok(found.into_iter().map(|(_, term)| term).collect())
    }

    /// Longer terms, each weighed by how much of it was written.
    pub(crate) fn shares(
        &self,
        field: Field,
        beginning: &str,
        terms: Vec<String>,
        weight: f32,
    ) -> Result<Vec<Clause>> {
        terms
            .into_iter()
            .map(|term| {
                let share = beginning.len() as f32 / term.len().max(1) as f32;
                self.constant_like(field, &term, weight * (0.5 + share / 2.0))
            })
            .collect()
    }
}
