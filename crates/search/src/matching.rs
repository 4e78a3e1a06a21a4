//! From a question to a query of the index.
//!
//! Each element of a question is one clause: the best of the ways in which a product may have it. Ways are weighed:
//! name 3, brand 2.6, category 2, attributes 1.4, description 0.4; what was meant rather than written (a beginning,
//! a sound, a synonym, a slip of the finger) weighs less than what was written. A code or barcode stands above all.

use base::Result;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query,
};
use tantivy::{Searcher, Term};

use crate::analysis::{pairs, sounds, stem};
use crate::highlight::Marks;
use crate::index::Fields;
use crate::question::{Element, Part, Question, divide, enough};
use crate::synonyms::Synonyms;

/// Words a phrase with synonyms has at most.
const PHRASE_MAX_WORDS: usize = 3;
/// The shortest beginning of a code that finds it.
const CODE_MIN_CHARS: usize = 3;

/// Products whose code is asked for stand above everything words can reach.
const CODE_SCORE: f32 = 1_000.0;
/// A name asked for exactly: above what its words reach in a large catalogue, also where it is sold out.
const EXACT_SCORE: f32 = 200.0;
/// The beginning of a code, by the share of it that was typed.
const CODE_BEGUN_SCORE: f32 = 12.0;
const PHRASE_WEIGHT: f32 = 1.5;
const BEGUN_WEIGHT: f32 = 1.8;
pub(crate) const SOUND_WEIGHT: f32 = 2.0;
const SYNONYM_WEIGHT: f32 = 0.6;
pub(crate) const SLIP_WEIGHT: f32 = 0.7;

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
    /// Elements that say something by themselves: not a character torn from a word nobody knows.
    strong: usize,
}

/// How much of a question a product must have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    /// All of it.
    All,
    /// Most of it.
    Most,
    /// Some of it.
    Some,
}

/// Reads questions against one state of the index.
pub(crate) struct Matcher<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) synonyms: &'a Synonyms,
}

pub(crate) type Clause = Box<dyn Query>;

pub(crate) fn best_of(mut ways: Vec<Clause>) -> Option<Clause> {
    match ways.len() {
        0 | 1 => ways.pop(),
        // A little for each further field that has it, too.
        _ => Some(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))),
    }
}

pub(crate) fn all_of(clauses: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::new(
        clauses.into_iter().map(|clause| (Occur::Must, clause)).collect(),
    ))
}

pub(crate) fn weighed(query: Clause, weight: f32) -> Clause {
    Box::new(BoostQuery::new(query, weight))
}

impl Matcher<'_> {
    /// The query of a question.
    pub(crate) fn plan(&self, question: &Question, wanted: Wanted) -> Result<Plan> {
        let mut plan = Plan {
            query: Box::new(AllQuery),
            marks: Marks::default(),
            meant: Vec::new(),
            heard: Vec::new(),
            elements: 0,
            unknown: 0,
            strong: 0,
        };
        if question.is_empty() {
            return Ok(plan);
        }
        let clauses = self.clauses(&question.parts, &mut plan)?;
        plan.elements = clauses.len() + plan.unknown;
        let needed = match wanted {
            Wanted::All => plan.elements,
            Wanted::Most => enough(plan.elements, plan.unknown),
            Wanted::Some => 1,
        };
        let mut ways: Vec<Clause> = self.code(question)?;
        if needed > 0 && needed <= clauses.len() && plan.strong > 0 {
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
            ways.push(self.constant(self.fields.codes, &begun, CODE_BEGUN_SCORE * share));
        }
        Ok(ways)
    }

    /// One clause for each element; words and stretches of Chinese that have synonyms are one.
    fn clauses(&self, parts: &[Part], plan: &mut Plan) -> Result<Vec<Clause>> {
        let mut clauses = Vec::new();
        let mut at = 0;
        while let Some(part) = parts.get(at) {
            at += 1;
            match part {
                Part::Word { word, is_last } => {
                    let (phrase, words) = self.phrase(word, *is_last, &parts[at..]);
                    at += words.len() - 1;
                    self.meaning(&phrase, words, &mut clauses, plan)?;
                }
                Part::Run(run) => {
                    for (stretch, is_phrase) in self.synonyms.cut(run) {
                        let elements = divide(stretch, |pair| self.known(pair).unwrap_or(0));
                        if is_phrase {
                            self.meaning(stretch, elements, &mut clauses, plan)?;
                        } else {
                            let is_word = stretch.len() == run.len() && elements.len() == 1;
                            for element in elements {
                                self.element(&element, is_word, &mut clauses, plan)?;
                            }
                        }
                    }
                }
            }
        }
        Ok(clauses)
    }

    /// A word with those behind it that have a meaning together, such as `sun cream`.
    fn phrase(&self, first: &str, is_last: bool, behind: &[Part]) -> (String, Vec<Element>) {
        let element = |word: &str, is_last| Element::Word {
            word: word.to_owned(),
            is_last,
        };
        let (mut phrase, mut words) = (first.to_owned(), vec![element(first, is_last)]);
        let (mut longer, mut more) = (phrase.clone(), words.clone());
        for part in behind.iter().take(PHRASE_MAX_WORDS - 1) {
            let Part::Word { word, is_last } = part else { break };
            longer = format!("{longer} {word}");
            more.push(element(word, *is_last));
            if !self.synonyms.of(&longer).is_empty() {
                (phrase, words) = (longer.clone(), more.clone());
            }
        }
        (phrase, words)
    }

    /// All of some elements, or what their phrase is called otherwise: one clause.
    fn meaning(
        &self,
        phrase: &str,
        elements: Vec<Element>,
        clauses: &mut Vec<Clause>,
        plan: &mut Plan,
    ) -> Result<()> {
        let mut ways = self.synonym_ways(phrase, plan)?;
        let (unknown, strong) = (plan.unknown, plan.strong);
        let mut own = Vec::new();
        for element in &elements {
            self.element(element, true, &mut own, plan)?;
        }
        if ways.is_empty() {
            clauses.append(&mut own);
            return Ok(());
        }
        // However the phrase fares word by word, it is one element, and known.
        (plan.unknown, plan.strong) = (unknown, strong + 1);
        if own.len() == elements.len() {
            ways.push(all_of(own));
        }
        clauses.extend(best_of(ways));
        Ok(())
    }

    fn element(
        &self,
        element: &Element,
        is_word: bool,
        clauses: &mut Vec<Clause>,
        plan: &mut Plan,
    ) -> Result<()> {
        let heard = plan.heard.len();
        let ways = match element {
            Element::Word { word, is_last } => self.word(word, *is_last, plan)?,
            Element::Pair(pair) => {
                plan.marks.pairs.insert(pair.clone());
                self.everywhere(pair)?
            }
            Element::Char(c) => self.char(*c, plan)?,
            Element::Slip(a, b) => self.slip(*a, *b, plan)?,
        };
        let Some(clause) = best_of(ways) else {
            plan.unknown += 1;
            return Ok(());
        };
        clauses.push(clause);
        let is_strong = match element {
            Element::Word { .. } | Element::Pair(_) => true,
            Element::Char(_) => is_word,
            Element::Slip(..) => plan.heard.len() > heard,
        };
        plan.strong += usize::from(is_strong);
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
        let mut sounded = self.sounded(word, is_known, is_last)?;
        if ways.is_empty() && sounded.is_empty() {
            sounded = self.sounded(word, false, true)?;
        }
        if !sounded.is_empty() {
            plan.marks.letters.push(word.to_owned());
            ways.extend(sounded);
        }
        let is_ascii = word.is_ascii() && word.len() > 1;
        if is_ascii && (is_last || ways.is_empty()) {
            let begun = self.begun(self.fields.words, word)?;
            if !begun.is_empty() {
                plan.marks.beginnings.push(word.to_owned());
            }
            ways.extend(self.shares(self.fields.words, word, begun, BEGUN_WEIGHT)?);
        }
        if ways.is_empty() {
            ways = self.slipped(word, plan)?;
        }
        Ok(ways)
    }

    /// Words within a slip or two of one that is nowhere.
    fn slipped(&self, word: &str, plan: &mut Plan) -> Result<Vec<Clause>> {
        let mut ways = Vec::new();
        let near = self.near(self.fields.words, word)?;
        // Fewest slips and most products first.
        let Some((_, _, meant)) = near.first() else {
            return self.missounded(word, plan);
        };
        plan.meant.push((word.to_owned(), meant.clone()));
        for (slips, _, meant) in near {
            let weight = SLIP_WEIGHT.powi(i32::from(slips));
            let stem = stem(&meant);
            for way in self.everywhere(&stem)? {
                ways.push(weighed(way, weight));
            }
            let written = self.constant_like(self.fields.words, &meant, BEGUN_WEIGHT)?;
            ways.push(weighed(written, weight));
            plan.marks.words.extend([meant, stem]);
        }
        Ok(ways)
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
}
