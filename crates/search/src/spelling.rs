//! Letters read as sounds: the ways in which what was typed divides into syllables, and what may have been meant.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// More ways than this to divide a word are not looked at.
const READINGS_MAX: usize = 6;
/// Longer words are not read as sounds, and those longer still not corrected.
const LETTERS_MAX: usize = 40;
const SLIPPED_MAX: usize = 18;

/// Every syllable some character sounds like. Those without a vowel, such as a hummed `m`, nobody types.
static SYLLABLES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let has_vowel = |sound: &&str| sound.contains(['a', 'e', 'i', 'o', 'u', 'v']);
    ('\u{4e00}'..='\u{9fff}')
        .filter_map(text::sound)
        .filter(has_vowel)
        .collect()
});
/// The letters of the longest syllable, `zhuang`.
const SYLLABLE_MAX: usize = 6;

/// One way to read a word: whole syllables, then perhaps the beginning of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) syllables: Vec<&'a str>,
    /// Empty when the last syllable is whole.
    pub(crate) rest: &'a str,
}

/// The ways to read a word of letters, those with the fewest syllables first. With `unfinished` the last syllable
/// may be a beginning.
pub(crate) fn readings(word: &str, unfinished: bool) -> Vec<Reading<'_>> {
    if word.is_empty() || word.len() > LETTERS_MAX || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    // From which letters on the word can be read to its end: no time is spent on ways that cannot.
    let mut leads_on = vec![false; word.len() + 1];
    leads_on[word.len()] = true;
    for at in (0..word.len()).rev() {
        leads_on[at] = syllables_at(word, at).any(|next| leads_on[next])
            || (unfinished && begins_a_syllable(&word[at..]));
    }
    let mut out = Vec::new();
    divide(word, 0, &leads_on, unfinished, &mut Vec::new(), &mut out);
    // Whole readings before unfinished ones: `mei` is a sound before it is the beginning of one.
    out.sort_by_key(|reading: &Reading<'_>| (!reading.rest.is_empty(), reading.syllables.len()));
    out.truncate(READINGS_MAX);
    out
}

/// Where the syllables end that begin at a letter, the longest first: `xian` before `xi an`.
fn syllables_at(word: &str, at: usize) -> impl Iterator<Item = usize> + '_ {
    let longest = word.len().min(at + SYLLABLE_MAX);
    (at + 1..=longest)
        .rev()
        .filter(move |end| SYLLABLES.contains(&word[at..*end]))
}

fn divide<'a>(
    word: &'a str,
    at: usize,
    leads_on: &[bool],
    unfinished: bool,
    syllables: &mut Vec<&'a str>,
    out: &mut Vec<Reading<'a>>,
) {
    // Words divide in few ways; the limit is for those made up to divide in many.
    if !leads_on[at] || out.len() >= 4 * READINGS_MAX {
        return;
    }
    let rest = &word[at..];
    if rest.is_empty() || (unfinished && begins_a_syllable(rest)) {
        out.push(Reading {
            syllables: syllables.clone(),
            rest,
        });
    }
    for end in syllables_at(word, at) {
        syllables.push(&word[at..end]);
        divide(word, end, leads_on, unfinished, syllables, out);
        syllables.pop();
    }
}

/// Whether some syllable goes on after these letters.
fn begins_a_syllable(letters: &str) -> bool {
    SYLLABLES
        .range(letters..)
        .find(|syllable| **syllable != letters)
        .is_some_and(|syllable| syllable.starts_with(letters))
}

/// Words one slip of the finger away: a letter more, less, another, or two in the wrong order. This covers sounds that
/// are taken for each other as well: `z` for `zh`, `n` for `ng`.
pub(crate) fn slips_of(word: &str) -> Vec<String> {
    if word.len() > SLIPPED_MAX || !word.is_ascii() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for at in 0..=word.len() {
        let (before, after) = word.split_at(at);
        for letter in 'a'..='z' {
            out.push(format!("{before}{letter}{after}"));
            if let Some(rest) = after.get(1..) {
                out.push(format!("{before}{letter}{rest}"));
            }
        }
        if let Some(rest) = after.get(1..) {
            out.push(format!("{before}{rest}"));
        }
        if let (Some(two), Some(rest)) = (after.get(..2), after.get(2..)) {
            let swapped: String = two.chars().rev().collect();
            out.push(format!("{before}{swapped}{rest}"));
        }
    }
    out.sort_unstable();
    out.dedup();
    out.retain(|slip| slip != word);
    out
}

/// The initials of neighbouring characters, in pairs, as they are indexed: `mgs` is `mg` and `gs`.
pub(crate) fn initials(word: &str) -> Vec<&str> {
    if word.len() < 2 || word.len() > LETTERS_MAX || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    (0..word.len() - 1).map(|at| &word[at..at + 2]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(word: &str, unfinished: bool) -> Vec<String> {
        let show = |reading: Reading<'_>| format!("{}|{}", reading.syllables.join(" "), reading.rest);
        readings(word, unfinished).into_iter().map(show).collect()
    }

    #[test]
    fn words_divide_in_every_way() {
        assert_eq!(read("meigui", false), ["mei gui|"]);
        assert_eq!(read("xian", false), ["xian|", "xi an|"]);
        assert_eq!(read("fangan", false), ["fang an|", "fan gan|"]);
        assert!(read("lipstick", false).is_empty() && read("spf50", true).is_empty());
    }

    #[test]
    fn the_last_syllable_may_be_a_beginning() {
        assert_eq!(read("meig", true), ["mei|g"]);
        assert!(read("meig", false).is_empty());
        assert_eq!(read("meizh", true), ["mei|zh"]);
        assert_eq!(read("zh", true), ["|zh"]);
    }

    #[test]
    fn slips_are_one_letter_away() {
        let slips = slips_of("jinhua");
        for meant in ["jinghua", "jinhau", "jnhua", "xinhua"] {
            assert!(slips.contains(&meant.to_owned()), "{meant}");
        }
        assert!(!slips.contains(&"jinhua".to_owned()));
    }

    #[test]
    fn initials_come_in_pairs() {
        assert_eq!(initials("mgs"), ["mg", "gs"]);
        assert!(initials("m").is_empty() && initials("m2").is_empty());
    }

    proptest! {
        #[test]
        fn a_reading_is_the_word(word in "[a-z]{0,30}", unfinished: bool) {
            for reading in readings(&word, unfinished) {
                prop_assert_eq!(format!("{}{}", reading.syllables.concat(), reading.rest), word.clone());
            }
        }

        #[test]
        fn what_chinese_sounds_like_reads_as_that(name in "[玫瑰保湿精华西安女绿按时]{1,6}") {
            let sounds: Vec<&str> = name.chars().filter_map(text::sound).collect();
            let word = sounds.concat();
            let found = readings(&word, false);
            prop_assert!(found.len() == READINGS_MAX || found.iter().any(|one| one.syllables == sounds));
        }
    }
}
