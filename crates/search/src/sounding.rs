//! What letters find by their sound: whole syllables, the last one perhaps unfinished, or the initials of characters.
//!
//! Indexed are the syllables, the sounds of neighbouring characters in pairs, and their initials in pairs, each with
//! its place: `meiguibaoshi` is a phrase of three pairs, found wherever in a name it stands, and the index grows with
//! the number of syllables there are, not with the number of names.

use base::Result;
use tantivy::Term;
use tantivy::query::{ConstScoreQuery, PhraseQuery};
use tantivy::schema::Field;

use crate::matching::{Clause, Matcher, Plan, SLIP_WEIGHT, SOUND_WEIGHT, all_of, best_of, weighed};
use crate::spelling::{Reading, initials, readings, slips_of};

/// The fewest letters that are read as initials or as the beginning of a sound.
const LETTERS_MIN: usize = 2;
/// The fewest letters whose slips are corrected.
const SLIPPED_MIN: usize = 4;
/// Corrections of one word at most.
const CORRECTED_MAX: usize = 3;
/// Initials fit by chance more often than sounds do.
const INITIALS_SHARE: f32 = 0.7;
/// What is unfinished fits more, and says less.
const UNFINISHED_SHARE: f32 = 0.8;

impl Matcher<'_> {
    /// The ways in which a word of letters is the sound of something. One that is known as written, such as `men`,
    /// is only read as two sounds or more: whoever types it means the word.
    pub(crate) fn sounded(&self, word: &str, is_known: bool, unfinished: bool) -> Result<Vec<Clause>> {
        let mut ways = Vec::new();
        if word.len() < LETTERS_MIN {
            return Ok(ways);
        }
        for reading in readings(word, unfinished && !is_known) {
            if !is_known || reading.syllables.len() > 1 {
                ways.extend(self.read(&reading)?);
            }
        }
        if !is_known {
            let pairs: Vec<String> = initials(word).into_iter().map(str::to_owned).collect();
            let way = self.in_a_row(self.fields.initials, &pairs)?;
            ways.extend(way.map(|way| weighed(way, INITIALS_SHARE)));
        }
        Ok(ways)
    }

    fn read(&self, reading: &Reading<'_>) -> Result<Option<Clause>> {
        let (fields, rest) = (self.fields, reading.rest);
        let whole = match reading.syllables[..] {
            [] => None,
            [only] => self.in_a_row(fields.syllables, &[only.to_owned()])?,
            _ => {
                let pairs = reading.syllables.windows(2);
                let pairs: Vec<String> = pairs.map(|pair| pair.join(" ")).collect();
                self.in_a_row(fields.sounds, &pairs)?
            }
        };
        if rest.is_empty() || (whole.is_none() && !reading.syllables.is_empty()) {
            return Ok(whole);
        }
        let begun = match reading.syllables.last() {
            None => self.shares(
                fields.syllables,
                rest,
                self.begun(fields.syllables, rest)?,
                SOUND_WEIGHT,
            )?,
            Some(last) => {
                let beginning = format!("{last} {rest}");
                let terms = self.begun(fields.sounds, &beginning)?;
                self.shares(fields.sounds, &beginning, terms, SOUND_WEIGHT)?
            }
        };
        let Some(begun) = best_of(begun) else {
            return Ok(None);
        };
        let all = whole.into_iter().chain([begun]).collect();
        Ok(Some(weighed(all_of(all), UNFINISHED_SHARE)))
    }

    /// Terms of a field one after the other, scored by how rare the rarest is.
    fn in_a_row(&self, field: Field, terms: &[String]) -> Result<Option<Clause>> {
        let mut rarest: Option<(u64, &String)> = None;
        for term in terms {
            let count = self.count(field, term)?;
            if count == 0 {
                return Ok(None);
            }
            if rarest.is_none_or(|(least, _)| count < least) {
                rarest = Some((count, term));
            }
        }
        Ok(match (rarest, terms) {
            (None, _) => None,
            (Some(_), [only]) => Some(self.constant_like(field, only, SOUND_WEIGHT)?),
            (Some((count, _)), _) => {
                let terms = terms.iter().map(|term| Term::from_field_text(field, term));
                let phrase = Box::new(PhraseQuery::new(terms.collect()));
                let score = SOUND_WEIGHT * self.rarity(count);
                Some(Box::new(ConstScoreQuery::new(phrase, score)))
            }
        })
    }

    /// Sounds one slip of the finger away from a word that is nothing else.
    pub(crate) fn missounded(&self, word: &str, plan: &mut Plan) -> Result<Vec<Clause>> {
        if word.len() < SLIPPED_MIN || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return Ok(Vec::new());
        }
        // How many products have the rarest pair: the commonest of what may have been meant is it.
        let mut meant: Vec<(u64, String)> = Vec::new();
        for slip in slips_of(word) {
            let mut most = 0;
            for reading in readings(&slip, false) {
                let pairs = reading.syllables.windows(2).map(|pair| pair.join(" "));
                let counts = pairs.map(|pair| self.count(self.fields.sounds, &pair));
                let counts = counts.collect::<Result<Vec<u64>>>()?;
                most = most.max(counts.into_iter().min().unwrap_or(0));
            }
            if most > 0 {
                meant.push((most, slip));
            }
        }
        meant.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        meant.truncate(CORRECTED_MAX);
        let mut ways = Vec::new();
        for (_, slip) in meant {
            for way in self.sounded(&slip, true, false)? {
                ways.push(weighed(way, SLIP_WEIGHT));
            }
            plan.marks.letters.push(slip.clone());
            if !plan.meant.iter().any(|(written, _)| written == word) {
                plan.meant.push((word.to_owned(), slip));
            }
        }
        Ok(ways)
    }
}
