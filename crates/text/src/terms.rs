//! Terms: what a text is found by, and what a question asks for.

use crate::normal::{is_cjk, normalize};

/// A question longer than this asks for its first terms only.
const WANTED_MAX_TERMS: usize = 12;

/// The terms a text is found by: words of letters and digits whole, Chinese as single characters and pairs,
/// and a code such as `sku-12` both whole and in its parts. Sorted, each once.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    let normal = normalize(text);
    let mut out = Vec::new();
    for piece in pieces(&normal) {
        match piece {
            Piece::Word(word) => out.push(word.to_owned()),
            Piece::Han(run) => {
                let chars: Vec<char> = run.chars().collect();
                out.extend(chars.iter().map(char::to_string));
                out.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        }
    }
    out.extend(codes(&normal).map(str::to_owned));
    out.sort_unstable();
    out.dedup();
    out
}

/// One thing a question asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The term.
    pub term: String,
    /// Whether longer terms that begin with it will do: people type the beginning of a word.
    pub prefix: bool,
}

/// What a question asks for: words by prefix, Chinese by exact pairs (a lone character by itself). In the
/// order written, each once, at most twelve.
#[must_use]
pub fn wanted(question: &str) -> Vec<Wanted> {
    let normal = normalize(question);
    let mut out: Vec<Wanted> = Vec::new();
    let mut push = |term: String, prefix: bool| {
        if out.len() < WANTED_MAX_TERMS && !out.iter().any(|w| w.term == term) {
            out.push(Wanted { term, prefix });
        }
    };
    for part in normal.split(' ') {
        if codes(part).next().is_some() {
            push(part.to_owned(), true);
            continue;
        }
        for piece in pieces(part) {
            match piece {
                Piece::Word(word) => push(word.to_owned(), true),
                Piece::Han(run) => {
                    let chars: Vec<char> = run.chars().collect();
                    if let [only] = chars[..] {
                        push(only.to_string(), false);
                    }
                    for pair in chars.windows(2) {
                        push(pair.iter().collect(), false);
                    }
                }
            }
        }
    }
    out
}

/// Codes: blank-free parts of letters and digits joined by punctuation, such as `rose-30ml` or `a/2`.
fn codes(normal: &str) -> impl Iterator<Item = &str> {
    normal.split(' ').filter(|part| {
        let inner = part.chars().any(|c| !c.is_alphanumeric());
        inner
            && part.starts_with(char::is_alphanumeric)
            && part.ends_with(char::is_alphanumeric)
            && !part.chars().any(is_cjk)
    })
}

/// A stretch of a text that is read in one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Letters and digits.
    Word(&'a str),
    /// Characters written without blanks between words.
    Han(&'a str),
}

/// The words and the runs of Chinese of a text in its normal form, in order; what lies between is left out.
#[must_use]
pub fn pieces(normal: &str) -> Vec<Piece<'_>> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Word,
        Han,
        Gap,
    }
    let kind = |c: char| match c {
        c if is_cjk(c) => Kind::Han,
        c if c.is_alphanumeric() => Kind::Word,
        _ => Kind::Gap,
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut current = Kind::Gap;
    let mut close = |from: usize, to: usize, kind: Kind| match kind {
        Kind::Word => out.push(Piece::Word(&normal[from..to])),
        Kind::Han => out.push(Piece::Han(&normal[from..to])),
        Kind::Gap => {}
    };
    for (at, c) in normal.char_indices() {
        let next = kind(c);
        if next != current {
            close(start, at, current);
            (start, current) = (at, next);
        }
    }
    close(start, normal.len(), current);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_shown_can_be_found(text in "[a-z玫瑰精华水乳A-Z0-9 /-]{0,30}") {
            let has = terms(&text);
            for want in wanted(&text) {
                prop_assert!(has.contains(&want.term), "{:?} not in {:?}", want, has);
            }
        }

        #[test]
        fn anything_at_all_is_taken(text in "\\PC{0,60}") {
            let _ = (terms(&text), wanted(&text));
        }
    }

    #[test]
    fn words_characters_pairs_and_codes() {
        assert_eq!(
            terms("玫瑰精华 Rose-30ml"),
            [
                "30ml",
                "rose",
                "rose-30ml",
                "华",
                "玫",
                "玫瑰",
                "瑰",
                "瑰精",
                "精",
                "精华"
            ]
        );
    }

    #[test]
    fn a_question_wants_pairs_and_prefixes() {
        let words: Vec<_> = wanted("玫瑰水 ser")
            .into_iter()
            .map(|w| (w.term, w.prefix))
            .collect();
        assert_eq!(
            words,
            [
                ("玫瑰".into(), false),
                ("瑰水".into(), false),
                ("ser".into(), true)
            ]
        );
        assert_eq!(wanted("水")[0].term, "水");
    }
}
