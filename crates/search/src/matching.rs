//! From a question to a query of the index.
//!
//! Each element of a question is one clause: the best of the ways in which a product may have it. Ways are weighed:
//! name 3, brand 2.6, category 2, attributes 1.4, description 0.4; what was meant rather than written (a beginning,
//! a sound, a synonym, a slip of the finger) weighs less than what was written. A code or barcode stands above all.

use base::{Error, Result};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur,
    PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::analysis::{pairs, sounds, stem};
use crate::highlight::Marks;
use crate::index::Fields;
use crate::question::{Element, Part, Question, divide, enough, slips_allowed};
use crate::synonyms::Synonyms;

/// Terms a beginning stands for at most, and terms looked at to choose them.
const BEGUN_MAX: usize = 24;
const LOOKED_AT_MAX: usize = 2_000;
/// Words a slip of the finger may have meant at most.
const MEANT_MAX: usize = 6;
/// The shortest beginning of a code that finds it.
const CODE_MIN_CHARS: usize = 3;

/// Products whose code is asked for stand above everything words can reach.
const CODE_SCORE: f32 = 1_000.0;
const EXACT_SCORE: f32 = 12.0;
const PHRASE_WEIGHT: f32 = 1.5;
const BEGUN_WEIGHT: f32 = 1.8;
const SOUND_WEIGHT: f32 = 2.0;
const SYNONYM_WEIGHT: f32 = 0.6;
const SLIP_WEIGHT: f32 = 0.7;

/// What the index is asked, and what came of reading the question.
pub(crate) struct Plan {
    pub(crate) query: Box<dyn Query>,
    pub(crate) marks: Marks,
    /// (written, meant).
    pub(crate) meant: Vec<(String, String)>,
    /// Pairs that are nowhere and sound like something: (written, its sounds).
    pub(crate) heard: Vec<(String, String)>,
    pub(crate) elements: usize,
    pub(crate) unknown: usize,
}

/// Reads questions against one state of the index.
pub(crate) struct Matcher<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) synonyms: &'a Synonyms,
}

type Clause = Box<dyn Query>;

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal(error)
}

fn best_of(mut ways: Vec<Clause>) -> Option<Clause> {
    match ways.len() {
        0 | 1 => ways.pop(),
        // A little for each further field that has it, too.
        _ => Some(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))),
    }
}

fn all_of(clauses: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::new(
        clauses.into_iter().map(|clause| (Occur::Must, clause)).collect(),
    ))
}

fn weighed(query: Clause, weight: f32) -> Clause {
    Box::new(BoostQuery::new(query, weight))
}

impl Matcher<'_> {
    /// The query of a question. `is_strict` asks for all of its elements, otherwise most will do.
    pub(crate) fn plan(&self, question: &Question, is_strict: bool) -> Result<Plan> {
        let mut plan = Plan {
            query: Box::new(AllQuery),
            marks: Marks::default(),
            meant: Vec::new(),
            heard: Vec::new(),
            elements: 0,
            unknown: 0,
        };
        if question.is_empty() {
            return Ok(plan);
        }
        let mut clauses: Vec<Clause> = Vec::new();
        for part in &question.parts {
            self.part(part, &mut clauses, &mut plan)?;
        }
        plan.elements = clauses.len() + plan.unknown;
        let needed = if is_strict {
            plan.elements
        } else {
            enough(plan.elements, plan.unknown)
        };
        let mut ways: Vec<Clause> = self.code(question)?;
        if needed > 0 && needed <= clauses.len() {
            let count = clauses.len();
            let words: Clause = if needed == count {
                all_of(clauses)
            } else {
                let any = clauses
                    .into_iter()
                    .map(|clause| (Occur::Should, clause))
                    .collect();
                Box::new(BooleanQuery::with_minimum_required_clauses(any, needed))
            };
            ways.push(self.favoured(question, words)?);
        }
        plan.query = match ways.len() {
            0 => Box::new(tantivy::query::EmptyQuery),
            _ => Box::new(DisjunctionMaxQuery::new(ways)),
        };
        Ok(plan)
    }

    /// The words, and more for a name that is just that, or has the Chinese in one piece.
    fn favoured(&self, question: &Question, words: Clause) -> Result<Clause> {
        let mut clauses = vec![(Occur::Must, words)];
        if !question.squeezed.is_empty() {
            let exact = self.term(self.fields.exact, &question.squeezed);
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(exact, EXACT_SCORE))));
        }
        for part in &question.parts {
            if let Part::Run(run) = part {
                let pairs = pairs(run);
                if pairs.len() > 1 {
                    let terms = pairs
                        .iter()
                        .map(|pair| Term::from_field_text(self.fields.name, pair))
                        .collect();
                    clauses.push((
                        Occur::Should,
                        weighed(Box::new(PhraseQuery::new(terms)), PHRASE_WEIGHT),
                    ));
                }
            }
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A question that is a code, a barcode, or the beginning of one.
    fn code(&self, question: &Question) -> Result<Vec<Clause>> {
        let written = &question.squeezed;
        if written.chars().count() < CODE_MIN_CHARS || !written.chars().any(|c| c.is_ascii_digit()) {
            return Ok(Vec::new());
        }
        let mut whole = vec![written.clone()];
        whole.extend(catalog::Gtin::parse(written).map(|gtin| gtin.as_str().to_owned()));
        let mut ways: Vec<Clause> = Vec::new();
        for code in whole {
            if self.has(self.fields.codes, &code)? {
                ways.push(self.constant(self.fields.codes, &code, CODE_SCORE));
            }
        }
        for begun in self.begun(self.fields.codes, written)? {
            let share = written.len() as f32 / begun.len().max(1) as f32;
            ways.push(self.constant(self.fields.codes, &begun, EXACT_SCORE * share));
        }
        Ok(ways)
    }

    fn part(&self, part: &Part, clauses: &mut Vec<Clause>, plan: &mut Plan) -> Result<()> {
        match part {
            Part::Word { word, is_last } => {
                let element = Element::Word {
                    word: word.clone(),
                    is_last: *is_last,
                };
                self.element(&element, clauses, plan)
            }
            Part::Run(run) => {
                let others = self.synonym_ways(run, plan)?;
                let elements = divide(run, |pair| self.known(pair).unwrap_or(false));
                let mut own = Vec::new();
                for element in &elements {
                    self.element(element, &mut own, plan)?;
                }
                if others.is_empty() {
                    clauses.append(&mut own);
                    return Ok(());
                }
                // With synonyms the run is one element: all of it, or another phrase.
                let mut ways = others;
                if own.len() == elements.len() {
                    ways.push(all_of(own));
                } else {
                    plan.unknown -= elements.len() - own.len();
                }
                clauses.extend(best_of(ways));
                Ok(())
            }
        }
    }

    fn element(&self, element: &Element, clauses: &mut Vec<Clause>, plan: &mut Plan) -> Result<()> {
        let ways = match element {
            Element::Word { word, is_last } => self.word(word, *is_last, plan)?,
            Element::Pair(pair) => {
                plan.marks.pairs.insert(pair.clone());
                self.everywhere(pair)?
            }
            Element::Char(c) => self.char(*c, plan)?,
            Element::Slip(a, b) => self.slip(*a, *b, plan)?,
        };
        match best_of(ways) {
            Some(clause) => clauses.push(clause),
            None => plan.unknown += 1,
        }
        Ok(())
    }

    // ---- words -------------------------------------------------------------------------------------------------

    fn word(&self, word: &str, is_last: bool, plan: &mut Plan) -> Result<Vec<Clause>> {
        let stem = stem(word);
        let mut ways = self.everywhere(&stem)?;
        let is_known = !ways.is_empty();
        if is_known {
            plan.marks.words.insert(stem);
        }
        ways.extend(self.synonym_ways(word, plan)?);
        let is_letters = word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase());
        if is_letters && self.has(self.fields.pinyin, word)? {
            ways.push(self.constant_like(self.fields.pinyin, word, SOUND_WEIGHT)?);
            plan.marks.letters.push(word.to_owned());
        }
        let is_ascii = word.is_ascii() && word.len() > 1;
        if is_ascii && (is_last || ways.is_empty()) {
            let begun = self.begun(self.fields.words, word)?;
            if !begun.is_empty() {
                plan.marks.beginnings.push(word.to_owned());
            }
            ways.extend(self.shares(self.fields.words, word, begun, BEGUN_WEIGHT)?);
            if is_letters {
                let begun = self.begun(self.fields.pinyin, word)?;
                if !begun.is_empty() && !plan.marks.letters.iter().any(|known| known == word) {
                    plan.marks.letters.push(word.to_owned());
                }
                ways.extend(self.shares(self.fields.pinyin, word, begun, SOUND_WEIGHT * 0.6)?);
            }
        }
        if ways.is_empty() {
            ways = self.slipped(word, plan)?;
        }
        Ok(ways)
    }

    /// Words within a slip or two of one that is nowhere.
    fn slipped(&self, word: &str, plan: &mut Plan) -> Result<Vec<Clause>> {
        let mut ways = Vec::new();
        let mut best: Option<(u8, u64, String)> = None;
        for field in [self.fields.words, self.fields.pinyin] {
            for (slips, count, meant) in self.near(field, word)? {
                let weight = SLIP_WEIGHT.powi(i32::from(slips));
                if field == self.fields.words {
                    plan.marks.words.insert(meant.clone());
                    plan.marks.words.insert(stem(&meant));
                    for way in self.everywhere(&stem(&meant))? {
                        ways.push(weighed(way, weight));
                    }
                    ways.push(weighed(self.constant_like(field, &meant, BEGUN_WEIGHT)?, weight));
                } else {
                    plan.marks.letters.push(meant.clone());
                    ways.push(weighed(self.constant_like(field, &meant, SOUND_WEIGHT)?, weight));
                }
                let is_better = best
                    .as_ref()
                    .is_none_or(|(s, n, _)| (slips, u64::MAX - count) < (*s, u64::MAX - n));
                if is_better {
                    best = Some((slips, count, meant));
                }
            }
        }
        if let Some((_, _, meant)) = best {
            plan.meant.push((word.to_owned(), meant));
        }
        Ok(ways)
    }

    /// Terms of a field within the slips a word allows: (slips, products, term), fewest slips and most products
    /// first.
    fn near(&self, field: Field, word: &str) -> Result<Vec<(u8, u64, String)>> {
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

    // ---- Chinese -----------------------------------------------------------------------------------------------

    fn char(&self, c: char, plan: &mut Plan) -> Result<Vec<Clause>> {
        let term = c.to_string();
        if !self.has(self.fields.chars, &term)? {
            return Ok(Vec::new());
        }
        plan.marks.chars.insert(c);
        let mut ways = vec![weighed(self.term(self.fields.chars, &term), 2.0)];
        ways.extend(self.everywhere(&term)?);
        Ok(ways)
    }

    /// Two characters that stand together nowhere: apart, or others that sound alike.
    fn slip(&self, a: char, b: char, plan: &mut Plan) -> Result<Vec<Clause>> {
        let mut ways = Vec::new();
        let (first, second) = (self.char(a, plan)?, self.char(b, plan)?);
        if let (Some(first), Some(second)) = (best_of(first), best_of(second)) {
            ways.push(weighed(all_of(vec![first, second]), 0.5));
        }
        if let Some(sounds) = sounds(a, b)
            && self.has(self.fields.sounds, &sounds)?
        {
            ways.push(self.constant_like(self.fields.sounds, &sounds, SOUND_WEIGHT)?);
            plan.heard.push((format!("{a}{b}"), sounds.clone()));
            plan.marks.sounds.insert(sounds);
        }
        Ok(ways)
    }

    // ---- synonyms ----------------------------------------------------------------------------------------------

    /// Other phrases for one, each as all of its terms.
    fn synonym_ways(&self, phrase: &str, plan: &mut Plan) -> Result<Vec<Clause>> {
        let mut out = Vec::new();
        'phrases: for other in self.synonyms.of(phrase) {
            let terms = crate::analysis::terms(other).terms;
            let mut clauses = Vec::new();
            for (term, _) in &terms {
                match best_of(self.everywhere(term)?) {
                    Some(clause) => clauses.push(clause),
                    None => continue 'phrases,
                }
            }
            if clauses.is_empty() {
                continue;
            }
            for (term, _) in terms {
                if term.is_ascii() {
                    plan.marks.words.insert(term);
                } else {
                    plan.marks.pairs.insert(term);
                }
            }
            out.push(weighed(all_of(clauses), SYNONYM_WEIGHT));
        }
        Ok(out)
    }

    // ---- terms -------------------------------------------------------------------------------------------------

    /// The fields whose texts are taken apart, with their weights.
    fn weights(&self) -> [(Field, f32); 5] {
        let fields = self.fields;
        [
            (fields.name, 3.0),
            (fields.brand, 2.6),
            (fields.category, 2.0),
            (fields.attributes, 1.4),
            (fields.description, 0.4),
        ]
    }

    fn term(&self, field: Field, term: &str) -> Clause {
        let term = Term::from_field_text(field, term);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    }

    fn constant(&self, field: Field, term: &str, score: f32) -> Clause {
        Box::new(ConstScoreQuery::new(self.term(field, term), score))
    }

    /// A term of a field without lengths and counts, scored by how rare it is.
    fn constant_like(&self, field: Field, term: &str, weight: f32) -> Result<Clause> {
        let having = self.count(field, term)?.max(1) as f64;
        let all = self.searcher.num_docs().max(1) as f64;
        let rarity = (1.0 + (all - having + 0.5) / (having + 0.5)).ln() as f32;
        Ok(self.constant(field, term, weight * rarity.max(0.1)))
    }

    fn count(&self, field: Field, term: &str) -> Result<u64> {
        self.searcher
            .doc_freq(&Term::from_field_text(field, term))
            .map_err(failed)
    }

    fn has(&self, field: Field, term: &str) -> Result<bool> {
        Ok(self.count(field, term)? > 0)
    }

    /// Whether any product has a term anywhere.
    fn known(&self, term: &str) -> Result<bool> {
        for (field, _) in self.weights() {
            if self.has(field, term)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A term in every field that has it.
    fn everywhere(&self, term: &str) -> Result<Vec<Clause>> {
        let mut ways = Vec::new();
        for (field, weight) in self.weights() {
            if self.has(field, term)? {
                ways.push(weighed(self.term(field, term), weight));
            }
        }
        Ok(ways)
    }

    /// Terms of a field that go on after a beginning, the commonest first.
    fn begun(&self, field: Field, beginning: &str) -> Result<Vec<String>> {
        let mut found: Vec<(u64, String)> = Vec::new();
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
                match found.iter_mut().find(|(_, known)| known == term) {
                    Some((count, _)) => *count += products,
                    None => found.push((products, term.to_owned())),
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        found.truncate(BEGUN_MAX);
        Ok(found.into_iter().map(|(_, term)| term).collect())
    }

    /// Longer terms, each weighed by how much of it was written.
    fn shares(&self, field: Field, beginning: &str, terms: Vec<String>, weight: f32) -> Result<Vec<Clause>> {
        terms
            .into_iter()
            .map(|term| {
                let share = beginning.len() as f32 / term.len().max(1) as f32;
                self.constant_like(field, &term, weight * (0.5 + share / 2.0))
            })
            .collect()
    }
}
