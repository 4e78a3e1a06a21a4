//! How texts become terms: the same way when a product is written into the index and when it is asked for.
//!
//! Chinese is indexed as overlapping pairs of characters and as single characters. Which pairs of a question are
//! words is then decided by the catalogue itself, see [`crate::question`]; decision 0025 says why there is no
//! dictionary.

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use text::{Piece, pieces};

/// Words that say nothing about a product. Not left out of the index, but not asked for either.
const EMPTY_WORDS: &[&str] = &[
    "a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with",
];

/// More terms than this of one field are a novel; its beginning is indexed.
const FIELD_MAX_TERMS: usize = 2_000;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));

/// The form everything is compared in: compatibility forms folded, lower case, Simplified characters.
pub(crate) fn normal(text: &str) -> String {
    text::normalize(text).chars().map(text::simplified).collect()
}

/// The stem of an English word; words with digits or of other scripts stay.
pub(crate) fn stem(word: &str) -> String {
    if word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase()) {
        STEMMER.stem(word).into_owned()
    } else {
        word.to_owned()
    }
}

/// Whether a word of a question says nothing.
pub(crate) fn is_empty_word(word: &str) -> bool {
    EMPTY_WORDS.contains(&word)
}

/// Neighbouring pairs of a run of Chinese.
pub(crate) fn pairs(run: &str) -> Vec<String> {
    let chars: Vec<char> = run.chars().collect();
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// The sounds of two neighbouring characters, as one term.
pub(crate) fn sounds(a: char, b: char) -> Option<String> {
    Some(format!("{} {}", text::sound(a)?, text::sound(b)?))
}

/// A code or a whole name without blanks and punctuation.
pub(crate) fn squeezed(text: &str) -> String {
    normal(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where letters and digits meet in a word: `spf50` is `spf` and `50`.
pub(crate) fn halves(word: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<bool> = None;
    for (at, c) in word.char_indices() {
        let is_digit = c.is_numeric();
        if before.is_some_and(|was| was != is_digit) {
            out.push(&word[start..at]);
            start = at;
        }
        before = Some(is_digit);
    }
    out.push(&word[start..]);
    out
}

/// A term and where in the text it stands, counted in terms.
pub(crate) type Placed = (String, usize);

/// What one text of a product is found by.
#[derive(Default, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Stems and pairs, with their places.
    pub(crate) terms: Vec<Placed>,
    /// Words as written.
    pub(crate) words: Vec<String>,
    /// Chinese characters.
    pub(crate) chars: Vec<String>,
    /// Sounds of characters.
    pub(crate) syllables: Vec<String>,
    /// Sounds of neighbouring characters, with their places.
    pub(crate) sounds: Vec<Placed>,
    /// The initials of those, with their places.
    pub(crate) initials: Vec<Placed>,
}

/// The terms of a text.
pub(crate) fn terms(text: &str) -> Terms {
    let normal = normal(text);
    let mut out = Terms::default();
    let mut place = 0;
    let mut before: Option<&str> = None;
    for piece in pieces(&normal) {
        if place >= FIELD_MAX_TERMS {
            break;
        }
        match piece {
            Piece::Word(word) => {
                place = push_word(&mut out, word, before, place);
                before = Some(word);
            }
            Piece::Han(run) => {
                let chars: Vec<char> = run.chars().collect();
                if let [only] = chars[..] {
                    out.terms.push((only.to_string(), place));
                }
                for (at, pair) in chars.windows(2).enumerate() {
                    out.terms.push((pair.iter().collect(), place + at));
                    if let [a, b] = pair
                        && let (Some(a), Some(b)) = (text::sound(*a), text::sound(*b))
                    {
                        out.sounds.push((format!("{a} {b}"), place + at));
                        out.initials.push((format!("{}{}", &a[..1], &b[..1]), place + at));
                    }
                }
                out.syllables
                    .extend(chars.iter().filter_map(|c| text::sound(*c)).map(str::to_owned));
                place += chars.len();
                out.chars.extend(chars.iter().map(char::to_string));
                before = None;
            }
        }
        // A gap, so that no phrase reaches over it.
        place += 1;
    }
    out
}

/// A word whole, in its halves, and grown together with a neighbour: `SPF 50`, `SPF50` and `spf-50` are one.
fn push_word(out: &mut Terms, word: &str, before: Option<&str>, place: usize) -> usize {
    out.terms.push((stem(word), place));
    out.words.push(word.to_owned());
    if let Some(before) = before {
        let meets =
            before.chars().next_back().map(char::is_numeric) != word.chars().next().map(char::is_numeric);
        if meets && before.len() + word.len() <= 16 {
            out.terms.push((format!("{before}{word}"), place));
        }
    }
    let halves = halves(word);
    if halves.len() > 1 {
        out.terms.extend(halves.iter().map(|half| (stem(half), place)));
        out.words.extend(halves.iter().map(|half| (*half).to_owned()));
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found_by(text: &str) -> Vec<String> {
        terms(text).terms.into_iter().map(|(term, _)| term).collect()
    }

    #[test]
    fn chinese_as_pairs_english_as_stems() {
        assert_eq!(
            found_by("玫瑰保濕水 Roses"),
            ["玫瑰", "瑰保", "保湿", "湿水", "rose"]
        );
        assert_eq!(found_by("水"), ["水"]);
    }

    #[test]
    fn numbers_and_units_meet() {
        for text in ["SPF50 30ml", "SPF 50 30 ml", "spf-50 30-ml"] {
            let terms = found_by(text);
            for wanted in ["spf", "50", "spf50", "30ml", "ml"] {
                assert!(
                    terms.contains(&wanted.to_owned()),
                    "{wanted} of {text} in {terms:?}"
                );
            }
        }
    }

    #[test]
    fn characters_that_sound_alike_have_one_sound() {
        assert_eq!(sounds('玫', '瑰'), sounds('梅', '归'));
    }

    proptest! {
        #[test]
        fn anything_at_all_is_taken(text in "\\PC{0,80}") {
            let _ = terms(&text);
            let _ = squeezed(&text);
        }

        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
