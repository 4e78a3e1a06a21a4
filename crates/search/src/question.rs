//! What a question asks for.
//!
//! A run of Chinese is divided by what the catalogue knows: into pairs of characters that many products have, and
//! characters by themselves where none has the pair. So `保湿面霜` asks for `保湿` and `面霜`, `玫瑰膜` for `玫瑰` and `膜`,
//! and a name no dictionary ever heard of is a word as soon as somebody sells it.

use text::{Piece, pieces};

use crate::analysis::{is_empty_word, normal, squeezed};

/// A question longer than this asks for its first elements only.
const ELEMENTS_MAX: usize = 12;

/// A stretch of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// A word; the last one may be unfinished.
    Word { word: String, is_last: bool },
    /// A run of Chinese.
    Run(String),
}

/// A question read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Question {
    /// In its normal form.
    pub(crate) normal: String,
    /// Without blanks and punctuation.
    pub(crate) squeezed: String,
    pub(crate) parts: Vec<Part>,
}

impl Question {
    pub(crate) fn read(text: &str) -> Self {
        let normal = normal(text);
        let squeezed = squeezed(text);
        let all = pieces(&normal);
        let says_something = all
            .iter()
            .any(|piece| !matches!(piece, Piece::Word(word) if is_empty_word(word)));
        let last = all.len().saturating_sub(1);
        let is_unfinished = normal.ends_with(char::is_alphanumeric);
        let parts = all
            .iter()
            .enumerate()
            .filter(|(at, piece)| {
                let is_last = *at == last && is_unfinished;
                !(says_something && !is_last && matches!(piece, Piece::Word(word) if is_empty_word(word)))
            })
            .map(|(at, piece)| match piece {
                Piece::Word(word) => Part::Word {
                    word: (*word).to_owned(),
                    is_last: at == last && is_unfinished,
                },
                Piece::Han(run) => Part::Run((*run).to_owned()),
            })
            .take(ELEMENTS_MAX)
            .collect();
        Self {
            normal,
            squeezed,
            parts,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// One thing a product must have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Element {
    /// A word.
    Word { word: String, is_last: bool },
    /// Two characters that stand together somewhere in the catalogue.
    Pair(String),
    /// A character by itself.
    Char(char),
    /// Two characters that stand together nowhere: perhaps others that sound alike are meant.
    Slip(char, char),
}

/// What a character by itself costs where a run is divided; a pair costs less the more products have it.
const CHAR_COST: u32 = 150;
const PAIR_COST: u32 = 100;
const PAIR_COST_LESS_A_DOUBLING: u32 = 5;

/// Divides a run of Chinese into pairs that stand side by side, and characters where no pair fits. `count` tells how many
/// products have a pair: what many have is likelier a word than what happens to meet.
pub(crate) fn divide(run: &str, count: impl Fn(&str) -> u64) -> Vec<Element> {
    let chars: Vec<char> = run.chars().collect();
    if let [only] = chars[..] {
        return vec![Element::Char(only)];
    }
    let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
    let counts: Vec<u64> = pairs.iter().map(|pair| count(pair)).collect();
    let knows = |at: usize| counts.get(at).is_some_and(|count| *count > 0);
    let pair_cost = |at: usize| {
        let doublings = u64::BITS - counts[at].leading_zeros();
        PAIR_COST.saturating_sub(PAIR_COST_LESS_A_DOUBLING * doublings)
    };
    // From the end: what the cheapest way from each character on costs, and whether it begins with a pair.
    let mut ways = vec![(0, false); chars.len() + 1];
    for at in (0..chars.len()).rev() {
        let alone = (ways[at + 1].0 + CHAR_COST, false);
        ways[at] = if knows(at) {
            alone.min((ways[at + 2].0 + pair_cost(at), true))
        } else {
            alone
        };
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if ways[at].1 {
            out.push(Element::Pair(pairs[at].clone()));
            at += 2;
            continue;
        }
        let is_alone = |at: usize| !knows(at) && (at == 0 || !knows(at - 1));
        // Beside a pair, what it forms with its neighbour says more: 洗面奶 is 洗面 and 面奶.
        if at > 0 && knows(at - 1) {
            out.push(Element::Pair(pairs[at - 1].clone()));
        } else if knows(at) {
            out.push(Element::Pair(pairs[at].clone()));
        } else if at + 1 < chars.len() && is_alone(at + 1) {
            out.push(Element::Slip(chars[at], chars[at + 1]));
            at += 1;
        } else {
            out.push(Element::Char(chars[at]));
        }
        at += 1;
    }
    out.truncate(ELEMENTS_MAX);
    out
}

/// How many of the elements a product must have when none has them all: two thirds, and of two only the one that
/// is known at all.
pub(crate) fn enough(elements: usize, unknown: usize) -> usize {
    match elements {
        0 | 1 => elements,
        2 => 2 - unknown.min(1),
        _ => (elements * 2)
            .div_ceil(3)
            .min(elements - unknown.min(elements - 1)),
    }
}

/// How many slips of the finger a word may hold, by its length: none below four letters, one below eight, two
/// from there on.
pub(crate) fn slips_allowed(word: &str) -> u8 {
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(word: &str, is_last: bool) -> Part {
        Part::Word {
            word: word.into(),
            is_last,
        }
    }

    #[test]
    fn words_runs_and_what_says_nothing() {
        let question = Question::read("Cream for 幹性肌 ser");
        assert_eq!(
            question.parts,
            [
                word("cream", false),
                Part::Run("干性肌".into()),
                word("ser", true)
            ]
        );
        assert_eq!(Question::read("the").parts, [word("the", true)]);
        assert!(Question::read(" ，！ ").is_empty());
    }

    #[test]
    fn the_catalogue_divides() {
        let knows = |pair: &str| match pair {
            "玫瑰" | "精华" | "面膜" => 40,
            "瑰精" | "洗面" | "面奶" => 2,
            _ => 0,
        };
        assert_eq!(
            divide("洗面奶", knows),
            [Element::Pair("洗面".into()), Element::Pair("面奶".into())]
        );
        assert_eq!(
            divide("玫瑰膜", knows),
            [Element::Pair("玫瑰".into()), Element::Char('膜')]
        );
        assert_eq!(
            divide("玫瑰精华水", knows),
            [
                Element::Pair("玫瑰".into()),
                Element::Pair("精华".into()),
                Element::Char('水')
            ]
        );
        assert_eq!(divide("梅归", knows), [Element::Slip('梅', '归')]);
        assert_eq!(divide("水", knows), [Element::Char('水')]);
    }

    #[test]
    fn long_questions_forgive() {
        assert_eq!(
            (1..=6).map(|n| enough(n, 0)).collect::<Vec<_>>(),
            [1, 2, 2, 3, 4, 4]
        );
        assert_eq!((enough(2, 1), enough(3, 2), enough(1, 1)), (1, 1, 1));
    }

    proptest! {
        #[test]
        fn every_character_is_asked_for(run in "[玫瑰精华水面膜乳]{1,12}", seed: u64) {
            let knows = |pair: &str| pair.bytes().map(u64::from).sum::<u64>().wrapping_mul(seed | 1) % 3;
            let asked: String = divide(&run, knows).iter().map(|element| match element {
                Element::Pair(pair) => pair.clone(),
                Element::Char(c) => c.to_string(),
                Element::Slip(a, b) => format!("{a}{b}"),
                Element::Word { word, .. } => word.clone(),
            }).collect();
            for c in run.chars() {
                prop_assert!(asked.contains(c), "{} of {} in {}", c, run, asked);
            }
        }

        #[test]
        fn anything_at_all_is_taken(text in "\\PC{0,200}") {
            let _ = Question::read(&text);
        }
    }
}
