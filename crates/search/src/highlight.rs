//! Showing in a name what was asked for.

use std::collections::HashSet;

use base::Text;
use text::{Piece, pieces};

use crate::analysis::{halves, normal, stem};
use crate::model::{Marked, NameParts};

/// What of a name answers the question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Stems of words asked for, and words meant instead.
    pub(crate) words: HashSet<String>,
    /// Beginnings of words.
    pub(crate) beginnings: Vec<String>,
    /// Pairs of characters.
    pub(crate) pairs: HashSet<String>,
    /// Single characters.
    pub(crate) chars: HashSet<char>,
    /// Letters that may be sounds or their initials.
    pub(crate) letters: Vec<String>,
    /// Sounds of pairs of characters.
    pub(crate) sounds: HashSet<String>,
}

impl Marks {
    /// A name in stretches, in both languages.
    pub(crate) fn parts(&self, name: &Text) -> NameParts {
        NameParts {
            zh: self.mark(&name.zh),
            en: self.mark(&name.en),
        }
    }

    fn mark(&self, name: &str) -> Vec<Marked> {
        let originals: Vec<char> = name.chars().collect();
        // The normal form of each character by itself, so that every one knows where it came from.
        let mut folded = String::new();
        let mut from: Vec<usize> = Vec::new();
        for (at, c) in originals.iter().enumerate() {
            let start = folded.len();
            match c {
                _ if c.is_whitespace() => folded.push(' '),
                // Most of what names are made of needs no table of forms.
                '!'..='~' => folded.push(c.to_ascii_lowercase()),
                '\u{4e00}'..='\u{9fff}' => folded.push(text::simplified(*c)),
                _ => folded.push_str(&normal(&c.to_string())),
            }
            from.resize(from.len() + folded.len() - start, at);
        }
        let mut hit = vec![false; originals.len()];
        let mut offset = 0;
        for piece in pieces(&folded) {
            let (Piece::Word(text) | Piece::Han(text)) = piece;
            let start = offset + folded[offset..].find(text).unwrap_or(0);
            offset = start + text.len();
            let ranges = match piece {
                Piece::Word(word) => self.in_word(word),
                Piece::Han(run) => self.in_run(run),
            };
            for (begin, end) in ranges {
                for at in &from[start + begin..start + end] {
                    hit[*at] = true;
                }
            }
        }
        stretches(&originals, &hit)
    }

    /// Byte ranges of a word.
    fn in_word(&self, word: &str) -> Vec<(usize, usize)> {
        if self.words.contains(&stem(word)) || self.words.contains(word) {
            return vec![(0, word.len())];
        }
        let begun = self
            .beginnings
            .iter()
            .filter(|begin| word.starts_with(begin.as_str()));
        if let Some(length) = begun.map(String::len).max() {
            return vec![(0, length)];
        }
        let mut at = 0;
        let mut out = Vec::new();
        for half in halves(word) {
            if self.words.contains(&stem(half)) {
                out.push((at, at + half.len()));
            }
            at += half.len();
        }
        out
    }

    /// Byte ranges of a run of Chinese.
    fn in_run(&self, run: &str) -> Vec<(usize, usize)> {
        let chars: Vec<(usize, char)> = run.char_indices().collect();
        let end_of = |at: usize| chars.get(at + 1).map_or(run.len(), |(byte, _)| *byte);
        let mut out = Vec::new();
        for (at, (byte, c)) in chars.iter().enumerate() {
            if self.chars.contains(c) {
                out.push((*byte, end_of(at)));
            }
            if let Some((_, next)) = chars.get(at + 1) {
                let sounds = crate::analysis::sounds(*c, *next);
                if self.pairs.contains(&format!("{c}{next}"))
                    || sounds.is_some_and(|sounds| self.sounds.contains(&sounds))
                {
                    out.push((*byte, end_of(at + 1)));
                }
            }
            for letters in &self.letters {
                if let Some(count) = sounded(&chars[at..], letters) {
                    out.push((*byte, end_of(at + count - 1)));
                }
            }
        }
        out
    }
}

/// How many characters letters stand for from here on: whole sounds, the last perhaps unfinished, or initials.
fn sounded(chars: &[(usize, char)], letters: &str) -> Option<usize> {
    let mut initials = letters.chars();
    let mut count = 0;
    for (_, c) in chars {
        let Some(initial) = initials.next() else { break };
        if !text::sound(*c)?.starts_with(initial) {
            count = 0;
            break;
        }
        count += 1;
    }
    if count == letters.chars().count() && count > 1 {
        return Some(count);
    }
    let mut rest = letters;
    for (at, (_, c)) in chars.iter().enumerate() {
        let sound = text::sound(*c)?;
        if let Some(after) = rest.strip_prefix(sound) {
            rest = after;
            if rest.is_empty() {
                return Some(at + 1);
            }
        } else {
            return (at > 0 && sound.starts_with(rest)).then_some(at + 1);
        }
    }
    None
}

fn stretches(chars: &[char], hit: &[bool]) -> Vec<Marked> {
    let mut out: Vec<Marked> = Vec::new();
    for (c, hit) in chars.iter().zip(hit) {
        match out.last_mut() {
            Some(last) if last.hit == *hit => last.text.push(*c),
            _ => out.push(Marked {
                text: c.to_string(),
                hit: *hit,
            }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(marks: &Marks, name: &str) -> String {
        let parts = marks.mark(name).into_iter();
        parts
            .map(|part| {
                if part.hit {
                    format!("[{}]", part.text)
                } else {
                    part.text
                }
            })
            .collect()
    }

    #[test]
    fn words_beginnings_pairs_and_traditional() {
        let marks = Marks {
            words: ["rose".to_owned(), "spf".to_owned()].into(),
            beginnings: vec!["ser".to_owned()],
            pairs: ["保湿".to_owned()].into(),
            chars: ['水'].into(),
            ..Marks::default()
        };
        assert_eq!(
            shown(&marks, "玫瑰保濕水 Roses Serum SPF50"),
            "玫瑰[保濕水] [Roses] [Ser]um [SPF]50"
        );
    }

    #[test]
    fn letters_are_sounds_or_initials() {
        for (letters, expected) in [
            ("meigui", "[玫瑰]水"),
            ("mgs", "[玫瑰水]"),
            ("meig", "[玫瑰]水"),
            ("gs", "玫[瑰水]"),
            ("m", "玫瑰水"),
        ] {
            let marks = Marks {
                letters: vec![letters.to_owned()],
                ..Marks::default()
            };
            assert_eq!(shown(&marks, "玫瑰水"), expected, "{letters}");
        }
    }

    proptest! {
        #[test]
        fn the_stretches_are_the_name(name in "\\PC{0,40}", letters in "[a-z]{1,4}", word in "[a-z]{1,5}") {
            let marks = Marks {
                words: [word.clone()].into(),
                beginnings: vec![word],
                chars: ['水', '玫'].into(),
                letters: vec![letters],
                ..Marks::default()
            };
            let joined: String = marks.mark(&name).into_iter().map(|part| part.text).collect();
            prop_assert_eq!(joined, name);
        }
    }
}
