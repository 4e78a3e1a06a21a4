//! What a text says, by rules anybody can follow: its language, its topics, its sentiment.

use base::ProductId;

use crate::lexicon::{self, BAD_EN, BAD_ZH, ENGLISH, GOOD_EN, GOOD_ZH, NOT_EN, NOT_ZH, PLAIN_ZH, TOPICS};
use crate::model::{Basis, Language, Sentiment};

/// What was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The language.
    pub language: Language,
    /// How the person feels.
    pub sentiment: Sentiment,
    /// What that rests on.
    pub basis: Basis,
    /// Whether score and words say the opposite of each other; both are kept, a person decides.
    pub conflicting: bool,
    /// What it is about, the strongest first.
    pub topics: Vec<&'static str>,
}

/// Reads a text and the score that came with it.
#[must_use]
pub fn read(words: &str, score: Option<u8>) -> Reading {
    let folded = lexicon::folded(words);
    let language = language_of(&folded);
    let by_words = sentiment_of(&folded);
    let by_score = score.map(|score| match score {
        0..=2 => Sentiment::Negative,
        3 => Sentiment::Neutral,
        _ => Sentiment::Positive,
    });
    let opposite = |a, b| {
        matches!(
            (a, b),
            (Sentiment::Negative, Sentiment::Positive) | (Sentiment::Positive, Sentiment::Negative)
        )
    };
    let conflicting = by_score.is_some_and(|s| opposite(s, by_words));
    let (sentiment, basis) = match (by_score, by_words) {
        (Some(sentiment), _) => (sentiment, Basis::Score),
        (None, Sentiment::Unknown) => (Sentiment::Unknown, Basis::Nothing),
        (None, sentiment) => (sentiment, Basis::Words),
    };
    Reading {
        language,
        sentiment,
        basis,
        conflicting,
        topics: topics_of(&folded),
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Letters of scripts we do not read.
fn is_foreign(c: char) -> bool {
    c.is_alphabetic() && !is_han(c) && !c.is_ascii_alphabetic() && !('\u{c0}'..='\u{24f}').contains(&c)
}

fn language_of(folded: &str) -> Language {
    let count = |is: fn(char) -> bool| folded.chars().filter(|c| is(*c)).count();
    let (han, foreign) = (count(is_han), count(is_foreign));
    let latin = count(|c| c.is_ascii_alphabetic());
    if foreign > han {
        return Language::Unknown;
    }
    // A Chinese character says about as much as three letters.
    if han > 0 && han * 3 >= latin {
        return Language::Zh;
    }
    let english = words_of(folded).any(|w| ENGLISH.contains(&w) || is_known_english(w));
    if latin >= 2 && english {
        Language::En
    } else {
        Language::Unknown
    }
}

fn is_known_english(word: &str) -> bool {
    let known = |terms: &[&str]| terms.iter().any(|term| is_word(word, term));
    known(BAD_EN) || known(GOOD_EN) || TOPICS.iter().flat_map(|t| t.concepts).any(|c| known(c.en_terms))
}

/// Whether a term of one word stands for this word.
fn is_word(word: &str, term: &str) -> bool {
    match term.strip_suffix(' ') {
        Some(whole) => word == whole,
        None => word.starts_with(term),
    }
}

/// Words of Latin letters, their apostrophes kept.
pub(crate) fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '\''))
        .map(|w| w.trim_matches('\''))
        .filter(|w| w.chars().any(|c| c.is_ascii_alphabetic()))
}

/// How often an English term stands at the beginning of a word, or as a whole one if it ends in a blank.
fn english_hits(folded: &str, term: &str) -> usize {
    let (term, whole) = (term.trim_end(), term.ends_with(' '));
    let begins_word = |at: usize| !folded[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    let ends_word = |at: usize| !folded[at + term.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
    folded
        .match_indices(term)
        .filter(|(at, _)| begins_word(*at) && (!whole || ends_word(*at)))
        .count()
}

/// The concepts of a text with their hits.
pub(crate) fn concepts_of(folded: &str) -> Vec<(&'static str, &'static str, usize)> {
    let mut found = Vec::new();
    for topic in TOPICS {
        for concept in topic.concepts {
            let zh: usize = concept.zh_terms.iter().map(|t| hits_zh(folded, t)).sum();
            let en: usize = concept.en_terms.iter().map(|t| english_hits(folded, t)).sum();
            if zh + en > 0 {
                found.push((topic.code, concept.code, zh + en));
            }
        }
    }
    found
}

fn hits_zh(folded: &str, term: &str) -> usize {
    if term.is_ascii() {
        english_hits(folded, term)
    } else {
        folded.matches(term).count()
    }
}

fn topics_of(folded: &str) -> Vec<&'static str> {
    let mut hits: Vec<(&'static str, usize)> = Vec::new();
    for (topic, _, count) in concepts_of(folded) {
        match hits.iter_mut().find(|(code, _)| *code == topic) {
            Some((_, sum)) => *sum += count,
            None => hits.push((topic, count)),
        }
    }
    // Stable: of equals, the one listed first in the lexicon.
    hits.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    hits.into_iter().map(|(code, _)| code).collect()
}

fn sentiment_of(folded: &str) -> Sentiment {
    let (bad_zh, good_zh) = chinese_feelings(folded);
    let (bad_en, good_en) = english_feelings(folded);
    let (bad, good) = (bad_zh + bad_en, good_zh + good_en);
    match (bad, good) {
        (0, 0) => Sentiment::Unknown,
        // Praise and complaint in one breath may be irony: a person reads it.
        (bad, good) if bad > 0 && good > 0 && bad.abs_diff(good) < 2 => Sentiment::Unknown,
        (bad, good) if bad > good => Sentiment::Negative,
        _ => Sentiment::Positive,
    }
}

/// Hits of bad and good terms; the longest term wins at each place, and a negation before one turns it round.
fn chinese_feelings(folded: &str) -> (usize, usize) {
    let (mut bad, mut good) = (0, 0);
    let mut rest_from = 0;
    while let Some(tail) = folded.get(rest_from..) {
        let Some(first) = tail.chars().next() else { break };
        let longest = |terms: &'static [&'static str]| {
            terms
                .iter()
                .filter(|t| tail.starts_with(**t))
                .map(|t| t.len())
                .max()
        };
        let (is_bad, is_good) = (longest(BAD_ZH).unwrap_or(0), longest(GOOD_ZH).unwrap_or(0));
        if let Some(plain) = longest(PLAIN_ZH).filter(|plain| *plain > is_bad.max(is_good)) {
            rest_from += plain;
            continue;
        }
        if is_bad == 0 && is_good == 0 {
            rest_from += first.len_utf8();
            continue;
        }
        let turned = NOT_ZH.iter().any(|n| folded[..rest_from].ends_with(n));
        if (is_good > is_bad) != turned {
            good += 1
        } else {
            bad += 1
        }
        rest_from += is_bad.max(is_good);
    }
    (bad, good)
}

fn english_feelings(folded: &str) -> (usize, usize) {
    let words: Vec<&str> = words_of(folded).collect();
    let (mut bad, mut good) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        let known = |terms: &[&str]| terms.iter().any(|term| is_word(word, term));
        let (is_bad, is_good) = (known(BAD_EN), known(GOOD_EN));
        if is_bad == is_good {
            continue;
        }
        let turned = words[at.saturating_sub(3)..at].iter().any(|w| NOT_EN.contains(w));
        if is_good != turned { good += 1 } else { bad += 1 }
    }
    (bad, good)
}

/// Which of an order's products a text is about: the only one, or the one whose name the text shares most
/// with, if it shares anything worth a name.
#[must_use]
pub fn product_meant(words: &str, products: &[(ProductId, base::Text)]) -> Option<ProductId> {
    if let [(only, _)] = products {
        return Some(*only);
    }
    let folded = lexicon::folded(words);
    let shared = |name: &base::Text| {
        let (zh, en) = (lexicon::folded(&name.zh), lexicon::folded(&name.en));
        let runs: Vec<char> = zh.chars().collect();
        let pairs = runs
            .windows(2)
            .filter(|p| p.iter().all(|c| is_han(*c)) && folded.contains(&p.iter().collect::<String>()));
        let words = words_of(&en).filter(|w| w.len() > 3 && english_hits(&folded, w) > 0);
        pairs.count() + words.count()
    };
    let mut ranked: Vec<(usize, ProductId)> = products.iter().map(|(id, name)| (shared(name), *id)).collect();
    ranked.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    match ranked.as_slice() {
        [(first, id), (second, _), ..] if first > second => Some(*id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn language(text: &str) -> Language {
        read(text, None).language
    }

    #[test]
    fn languages() {
        for (text, expected) in [
            ("泵头漏液了", Language::Zh),
            ("泵頭漏液了", Language::Zh),
            ("这个serum不错", Language::Zh),
            ("The pump leaks", Language::En),
            ("love it", Language::En),
            ("very good 好", Language::En),
            ("111", Language::Unknown),
            ("", Language::Unknown),
            ("😡😡😡", Language::Unknown),
            ("Não recebi o produto", Language::Unknown),
            ("ありがとうございます", Language::Unknown),
            ("감사합니다", Language::Unknown),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }

    #[test]
    fn topics_by_their_words() {
        for (text, expected) in [
            ("精华的泵头漏液，弄得包装盒里全是", Some("packaging")),
            ("the pump leaks all over the box", Some("packaging")),
            ("排队等了四十分钟才结账", Some("wait")),
            ("waited in the queue for 40 minutes", Some("wait")),
            ("用完脸上发红刺痛，过敏了", Some("irritation")),
            ("my skin broke out in a rash", Some("irritation")),
            ("粉底色号偏黄", Some("shade")),
            ("店员爱理不理，态度很差", Some("staff")),
            ("快递太慢，还没到", Some("delivery")),
            ("太贵了，刚买就降价", Some("price")),
            ("小程序闪退", Some("website")),
            ("嗯", None),
        ] {
            assert_eq!(read(text, None).topics.first().copied(), expected, "{text}");
        }
    }

    #[test]
    fn traditional_reads_as_simplified() {
        let (simplified, traditional) = (
            read("包装坏了，颜色发黄，过敏红肿", None),
            read("包裝壞了，顏色發黃，過敏紅腫", None),
        );
        assert_eq!(simplified, traditional);
    }

    #[test]
    fn feelings() {
        for (text, score, expected, basis) in [
            ("很好用，会回购", None, Sentiment::Positive, Basis::Words),
            ("不好用", None, Sentiment::Negative, Basis::Words),
            ("没有不满意", None, Sentiment::Positive, Basis::Words),
            ("漏得到处都是，太失望了", None, Sentiment::Negative, Basis::Words),
            ("not good at all", None, Sentiment::Negative, Basis::Words),
            (
                "The staff were helpful and friendly",
                None,
                Sentiment::Positive,
                Basis::Words,
            ),
            ("好得很，等了两小时", None, Sentiment::Unknown, Basis::Nothing),
            ("瓶子是绿色的", None, Sentiment::Unknown, Basis::Nothing),
            ("", Some(3), Sentiment::Neutral, Basis::Score),
            ("111", Some(1), Sentiment::Negative, Basis::Score),
        ] {
            let reading = read(text, score);
            assert_eq!((reading.sentiment, reading.basis), (expected, basis), "{text}");
        }
    }

    #[test]
    fn five_stars_and_rubbish_are_both_kept() {
        let reading = read("垃圾", Some(5));
        assert!(reading.conflicting && reading.sentiment == Sentiment::Positive);
        assert!(!read("很好用", Some(5)).conflicting && !read("", Some(1)).conflicting);
    }

    #[test]
    fn the_product_meant() {
        let product = |zh: &str, en: &str| (ProductId::new(), base::Text::new(zh, en));
        let (serum, powder) = (
            product("玫瑰焕亮精华", "Rose Glow Serum"),
            product("轻羽定妆粉饼", "Feather Setting Powder"),
        );
        let both = [serum.clone(), powder.clone()];
        assert_eq!(product_meant("精华漏了", &both), Some(serum.0));
        assert_eq!(product_meant("The powder was crushed", &both), Some(powder.0));
        assert_eq!(product_meant("等了很久", &both), None);
        assert_eq!(product_meant("等了很久", &both[..1]), Some(serum.0));
        assert_eq!(product_meant("精华", &[]), None);
    }

    proptest! {
        #[test]
        fn nothing_a_person_types_breaks_it(text in "\\PC{0,200}", score in prop::option::of(1_u8..=5)) {
            let reading = read(&text, score);
            prop_assert!(reading.topics.len() <= TOPICS.len());
        }

        #[test]
        fn mixed_scripts_never_break_it(text in "[漏好不没leakgood' ，!😀]{0,60}") {
            let _ = read(&text, None);
        }
    }
}
