//! The words we know: what people talk about and how they feel, in Chinese and English. Small, readable,
//! and honest: what it does not cover is `unknown`, never guessed.
//!
//! Chinese terms are written in Simplified characters; a text in Traditional ones is brought over first, so
//! both read the same. English terms are matched at the beginning of words, `leak` finds
//! `leaking`; one that ends in a blank is matched as a whole word only.

mod feelings;
mod topics;
mod traditional;

use base::Text;

pub(crate) use feelings::{BAD_EN, BAD_ZH, ENGLISH, GOOD_EN, GOOD_ZH, NOT_EN, NOT_ZH, PLAIN_ZH};
pub(crate) use topics::TOPICS;
use traditional::TRADITIONAL;

/// What a voice can be about. The code is stored and never changed.
pub(crate) struct Topic {
    pub(crate) code: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    pub(crate) concepts: &'static [Concept],
}

/// One thing people say of a topic, in whichever language.
pub(crate) struct Concept {
    pub(crate) code: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    pub(crate) zh_terms: &'static [&'static str],
    pub(crate) en_terms: &'static [&'static str],
}

/// The code of what no topic covers.
pub(crate) const OTHER: &str = "other";

/// A topic by its code.
pub(crate) fn topic(code: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|t| t.code == code)
}

/// A topic's name.
pub(crate) fn topic_name(code: &str) -> Text {
    topic(code).map_or_else(|| Text::new("其他", "Other"), |t| Text::new(t.zh, t.en))
}

/// A concept's name.
pub(crate) fn concept_name(code: &str) -> Option<Text> {
    let concepts = || TOPICS.iter().flat_map(|t| t.concepts);
    concepts().find(|c| c.code == code).map(|c| Text::new(c.zh, c.en))
}

/// A text in the form terms are compared in: normal form, Simplified characters.
pub(crate) fn folded(words: &str) -> String {
    let simplified = |c: char| TRADITIONAL.iter().find(|(t, _)| *t == c).map_or(c, |(_, s)| *s);
    text::normalize(words).chars().map(simplified).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn terms_are_written_as_they_are_compared() {
        for topic in TOPICS {
            for concept in topic.concepts {
                for term in concept.zh_terms.iter().chain(concept.en_terms) {
                    assert_eq!(folded(term), term.trim_end(), "{term}");
                }
            }
        }
    }

    #[test]
    fn codes_are_unique() {
        let topics: HashSet<_> = TOPICS.iter().map(|t| t.code).collect();
        let concepts: Vec<_> = TOPICS.iter().flat_map(|t| t.concepts).map(|c| c.code).collect();
        assert_eq!(topics.len(), TOPICS.len());
        assert_eq!(concepts.iter().collect::<HashSet<_>>().len(), concepts.len());
    }
}
