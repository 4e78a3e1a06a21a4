//! Which open voices say the same thing.
//!
//! Voices on the same strongest topic and product are compared by the cosine of their terms: pairs of Chinese
//! characters, English words, and the lexicon's concepts, which count three times and are the same in both
//! languages, so that "泵头漏液" and "the pump leaks" meet. Terms many voices share weigh less (inverse
//! document frequency). Whatever is similar enough is joined, and what is joined to the same voice is one
//! group. Nothing is learnt, so the same voices always make the same groups.

use std::collections::{BTreeMap, HashMap};

use base::{FeedbackId, ProductId, Text, Time};

use crate::lexicon::{self, OTHER};
use crate::reading::{concepts_of, words_of};

/// Cosine from which two voices are the same matter.
const SIMILAR: f64 = 0.24;
/// Fewer voices than this are no group.
const FEWEST: usize = 2;
/// Voices of one topic and product compared with each other; the newest, when there are more.
const BLOCK_MAX: usize = 400;
/// Words quoted from a group.
const SAMPLES: usize = 3;
const CONCEPT_WEIGHT: f64 = 3.0;

/// An open voice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenVoice {
    /// Which.
    pub id: FeedbackId,
    /// In their words.
    pub text: String,
    /// Its strongest topic.
    pub topic: String,
    /// The product it is about.
    pub product_id: Option<ProductId>,
    /// That product's name.
    pub product_name: Option<Text>,
    /// Where it comes from.
    pub city: Option<Text>,
    /// When it was heard.
    pub heard_at: Time,
}

/// How often a topic and product is spoken of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rate {
    /// In the last seven days.
    pub recent: i64,
    /// In the twelve weeks before those.
    pub earlier: i64,
}

/// Weeks the usual rate is taken from.
pub const USUAL_WEEKS: i64 = 12;

/// Voices that say the same thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Names the group as long as its oldest voice is open.
    pub key: String,
    /// In a line.
    pub title: Text,
    /// The topic's code.
    pub topic: String,
    /// The product.
    pub product_id: Option<ProductId>,
    /// Its name.
    pub product_name: Option<Text>,
    /// In how many cities.
    pub cities: usize,
    /// The oldest.
    pub first_at: Time,
    /// The newest.
    pub last_at: Time,
    /// How often this topic and product is spoken of.
    pub rate: Rate,
    /// The voices, newest first.
    pub feedback_ids: Vec<FeedbackId>,
    /// Some of their words.
    pub sample: Vec<String>,
}

impl Group {
    /// Voices a week on this topic and product, as it used to be; unknown when there were none.
    #[must_use]
    pub fn usual_rate(&self) -> Option<f64> {
        (self.rate.earlier > 0).then(|| self.rate.earlier as f64 / USUAL_WEEKS as f64)
    }

    /// The last seven days against the usual.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.usual_rate().map(|usual| self.rate.recent as f64 / usual)
    }
}

type Terms = BTreeMap<String, f64>;
type Block = (String, Option<ProductId>);

/// The groups, the largest first.
#[must_use]
pub fn group(voices: &[OpenVoice], rates: &HashMap<Block, Rate>) -> Vec<Group> {
    let vectors = weighted(voices);
    let mut blocks: BTreeMap<Block, Vec<usize>> = BTreeMap::new();
    for (at, voice) in voices.iter().enumerate() {
        blocks
            .entry((voice.topic.clone(), voice.product_id))
            .or_default()
            .push(at);
    }
    let mut groups = Vec::new();
    for (block, mut members) in blocks {
        members.sort_by_key(|at| std::cmp::Reverse((voices[*at].heard_at, voices[*at].id)));
        members.truncate(BLOCK_MAX);
        let rate = rates.get(&block).copied().unwrap_or_default();
        let together = joined(&members, &vectors);
        let large = together.into_iter().filter(|g| g.len() >= FEWEST);
        groups.extend(large.map(|members| describe(&block, &members, voices, rate)));
    }
    groups.sort_by(|a, b| {
        b.feedback_ids
            .len()
            .cmp(&a.feedback_ids.len())
            .then(b.last_at.cmp(&a.last_at))
            .then(a.key.cmp(&b.key))
    });
    groups
}

/// A voice as a vector of length one: terms by number, in order, so that two are compared in one pass.
type Vector = Vec<(usize, f64)>;

/// The vectors of all voices. What many voices share weighs less.
fn weighted(voices: &[OpenVoice]) -> Vec<Vector> {
    let counted: Vec<Terms> = voices.iter().map(|v| terms_of(&v.text)).collect();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut voices_with: Vec<f64> = Vec::new();
    for term in counted.iter().flat_map(Terms::keys) {
        let number = *numbers.entry(term).or_insert(voices_with.len());
        match voices_with.get_mut(number) {
            Some(count) => *count += 1.0,
            None => voices_with.push(1.0),
        }
    }
    let all = voices.len() as f64;
    let rarity: Vec<f64> = voices_with
        .iter()
        .map(|with| ((all + 1.0) / (with + 1.0)).ln() + 1.0)
        .collect();
    counted
        .iter()
        .map(|terms| {
            let numbered = terms
                .iter()
                .filter_map(|(term, weight)| Some((*numbers.get(term.as_str())?, *weight)));
            let mut vector: Vector = numbered
                .map(|(number, weight)| (number, weight * rarity[number]))
                .collect();
            vector.sort_unstable_by_key(|(number, _)| *number);
            let length = vector
                .iter()
                .map(|(_, w)| w * w)
                .sum::<f64>()
                .sqrt()
                .max(f64::MIN_POSITIVE);
            vector.iter_mut().for_each(|(_, w)| *w /= length);
            vector
        })
        .collect()
}

fn terms_of(text: &str) -> Terms {
    let folded = lexicon::folded(text);
    let mut terms = Terms::new();
    for (_, concept, _) in concepts_of(&folded) {
        terms.insert(format!("#{concept}"), CONCEPT_WEIGHT);
    }
    let han: Vec<char> = folded.chars().collect();
    for pair in han
        .windows(2)
        .filter(|p| p.iter().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}')))
    {
        *terms.entry(pair.iter().collect()).or_default() += 1.0;
    }
    for word in words_of(&folded).filter(|w| w.len() > 2 && !STOP.contains(w)) {
        *terms.entry(stem(word).to_owned()).or_default() += 1.0;
    }
    // Saying a thing twice does not say it twice as much.
    for (term, weight) in &mut terms {
        if !term.starts_with('#') {
            *weight = weight.ln_1p() / 2.0_f64.ln();
        }
    }
    terms
}

const STOP: &[&str] = &[
    "the", "and", "was", "were", "with", "this", "that", "for", "but", "have", "has", "had", "you", "your",
    "are", "not", "all", "very", "too", "from", "they", "she", "her", "his", "when", "just", "been", "after",
    "again", "would", "could",
];

/// Enough for grouping: plural and verb endings off.
fn stem(word: &str) -> &str {
    for ending in ["ing", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|s| s.len() > 2) {
            return stem;
        }
    }
    word
}

fn cosine(a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
    let (mut at, mut sum) = (0, 0.0);
    for (term, weight) in a {
        while b.get(at).is_some_and(|(other, _)| other < term) {
            at += 1;
        }
        match b.get(at) {
            Some((other, other_weight)) if other == term => sum += weight * other_weight,
            Some(_) => {}
            None => break,
        }
    }
    sum
}

/// Joins what is similar (union-find), keeping the order of `members` within each group.
fn joined(members: &[usize], vectors: &[Vector]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..members.len()).collect();
    fn lead(leader: &mut [usize], mut at: usize) -> usize {
        while leader[at] != at {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        at
    }
    for a in 0..members.len() {
        for b in a + 1..members.len() {
            let (of_a, of_b) = (lead(&mut leader, a), lead(&mut leader, b));
            if of_a != of_b && cosine(&vectors[members[a]], &vectors[members[b]]) >= SIMILAR {
                leader[of_a.max(of_b)] = of_a.min(of_b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        groups.entry(lead(&mut leader, at)).or_default().push(*member);
    }
    groups.into_values().collect()
}

fn describe(block: &Block, members: &[usize], voices: &[OpenVoice], rate: Rate) -> Group {
    let all = || members.iter().map(|at| &voices[*at]);
    let mut cities: Vec<&str> = all()
        .filter_map(|v| v.city.as_ref())
        .map(|c| c.zh.as_str())
        .collect();
    cities.sort_unstable();
    cities.dedup();
    let mut heard: Vec<&str> = Vec::new();
    for text in all().map(|v| v.text.trim()).filter(|t| !t.is_empty()) {
        if heard.len() < SAMPLES && !heard.contains(&text) {
            heard.push(text);
        }
    }
    let product_name = all().find_map(|v| v.product_name.clone());
    let (newest, oldest) = (&voices[members[0]], &voices[members[members.len() - 1]]);
    Group {
        key: format!("{}:{}", block.0, oldest.id),
        title: title(block, product_name.as_ref(), all()),
        topic: block.0.clone(),
        product_id: block.1,
        product_name,
        cities: cities.len(),
        first_at: oldest.heard_at,
        last_at: newest.heard_at,
        rate,
        feedback_ids: all().map(|v| v.id).collect(),
        sample: heard.into_iter().map(str::to_owned).collect(),
    }
}

/// The product and what most voices say of it.
fn title<'a>(block: &Block, product: Option<&Text>, voices: impl Iterator<Item = &'a OpenVoice>) -> Text {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for voice in voices {
        for (topic, concept, _) in concepts_of(&lexicon::folded(&voice.text)) {
            if topic == block.0 {
                *said.entry(concept).or_default() += 1;
            }
        }
    }
    let most = said.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    let matter = match most.and_then(|(concept, _)| lexicon::concept_name(concept)) {
        Some(name) if block.0 != OTHER => name,
        _ => lexicon::topic_name(&block.0),
    };
    match product {
        Some(product) => Text::new(
            format!("{}：{}", product.zh, matter.zh),
            format!("{}: {}", product.en, matter.en),
        ),
        None => matter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn voice(text: &str, product: Option<ProductId>, city: &str, second: i64) -> OpenVoice {
        OpenVoice {
            id: FeedbackId::new(),
            text: text.to_owned(),
            topic: crate::reading::read(text, None)
                .topics
                .first()
                .copied()
                .unwrap_or(OTHER)
                .to_owned(),
            product_id: product,
            product_name: product.map(|_| Text::new("玫瑰精华", "Rose Serum")),
            city: Some(Text::new(city, city)),
            heard_at: Time::from_seconds(second),
        }
    }

    #[test]
    fn the_same_complaint_in_both_languages_is_one_group() {
        let serum = Some(ProductId::new());
        let voices = [
            voice("泵头漏液，一盒子都是", serum, "杭州", 1),
            voice("精华漏了，泵头按不出来", serum, "上海", 2),
            voice("The pump leaks, half of it was gone", serum, "上海", 3),
            voice("泵頭漏液", serum, "成都", 4),
            voice("排队等了四十分钟", None, "杭州", 5),
            voice("排队太久，等了半小时", None, "上海", 6),
            voice("颜色偏黄", serum, "上海", 7),
            voice("泵头漏液", None, "上海", 8),
        ];
        let rates = [(
            ("packaging".to_owned(), serum),
            Rate {
                recent: 4,
                earlier: 20,
            },
        )]
        .into_iter()
        .collect();
        let groups = group(&voices, &rates);
        let sizes: Vec<usize> = groups.iter().map(|g| g.feedback_ids.len()).collect();
        assert_eq!(sizes, [4, 2], "{groups:#?}");
        let leak = &groups[0];
        assert_eq!((leak.cities, leak.title.zh.as_str()), (3, "玫瑰精华：漏液"));
        assert_eq!(leak.title.en, "Rose Serum: Leaking");
        assert!((leak.ratio().unwrap() - 2.4).abs() < 1e-9);
        assert_eq!(leak.feedback_ids[0], voices[3].id);
        assert_eq!(groups[1].ratio(), None);
    }

    #[test]
    fn another_matter_of_the_same_topic_stays_apart() {
        let voices = [
            voice("泵头漏液流得到处都是", None, "杭州", 1),
            voice("瓶子泵头漏液", None, "杭州", 2),
            voice("收到时粉饼全碎了", None, "杭州", 3),
            voice("粉饼碎成渣", None, "杭州", 4),
        ];
        let sizes: Vec<usize> = group(&voices, &HashMap::new())
            .iter()
            .map(|g| g.feedback_ids.len())
            .collect();
        assert_eq!(sizes, [2, 2]);
    }

    proptest! {
        #[test]
        fn every_voice_is_in_one_group_at_most_and_order_does_not_matter(
            texts in prop::collection::vec("[泵头漏液排队等了碎色号过敏 leakpumpqueue]{0,12}", 0..25),
        ) {
            let voices: Vec<OpenVoice> = texts.iter().zip(1..).map(|(t, n)| voice(t, None, "杭州", n)).collect();
            let groups = group(&voices, &HashMap::new());
            let mut ids: Vec<FeedbackId> = groups.iter().flat_map(|g| g.feedback_ids.clone()).collect();
            let count = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), count);
            let mut turned = voices.clone();
            turned.reverse();
            prop_assert_eq!(group(&turned, &HashMap::new()), groups);
        }
    }
}
