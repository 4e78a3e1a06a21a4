//! A case as it is written: given, when, then.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::verb::{Article, Place, Policy, Promotion, Verb};
use crate::words::{Amount, Why};

/// The cases of one field of the trade: one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What they are about.
    pub title: String,
    /// The cases, in order.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name, never changed.
    pub id: String,
    /// What must hold, in one sentence.
    pub title: String,
    /// The entry of the floor of behaviour it comes from: its section's letter and its number there.
    pub source: String,
    /// The setting that decides it, with its default, where a shop may choose.
    pub setting: Option<String>,
    /// What the product lacks, when it cannot hold yet; such a case is read and not played.
    pub pending: Option<String>,
    /// What there is before.
    #[serde(default)]
    pub given: Given,
    /// What happens.
    #[serde(default)]
    pub when: Vec<Step>,
    /// What must be seen afterwards.
    #[serde(default)]
    pub then: Vec<Step>,
}

/// What there is before anything happens.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Articles by name.
    #[serde(default)]
    pub articles: BTreeMap<String, GivenArticle>,
    /// Places by name, and what lies there.
    #[serde(default)]
    pub places: BTreeMap<String, Place>,
    /// Promotions that run.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
    /// How many seconds an unpaid order keeps its stock, where that is not the default; such cases are played on a
    /// system of their own.
    pub unpaid_kept_s: Option<u32>,
    /// How many seconds the clock of a second server is ahead, which serves the same shop; such cases are played where
    /// several servers can.
    pub second_clock_ahead_s: Option<u32>,
    /// What is decided for all, where it is not the default; the case runs alone.
    pub policy: Option<Policy>,
}

/// How a system is started for cases that want it otherwise than usual; those that want the same share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Start {
    /// How many seconds an unpaid order keeps its stock.
    pub unpaid_kept_s: Option<u32>,
    /// How many seconds the clock of a second server is ahead.
    pub second_clock_ahead_s: Option<u32>,
}

impl Given {
    /// How the system must be started.
    #[must_use]
    pub fn start(&self) -> Start {
        Start {
            unpaid_kept_s: self.unpaid_kept_s,
            second_clock_ahead_s: self.second_clock_ahead_s,
        }
    }
}

/// An article, or its price alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum GivenArticle {
    /// Its price.
    Price(Amount),
    /// All of it.
    Whole(Article),
}

impl GivenArticle {
    /// The whole article.
    #[must_use]
    pub fn named(&self, name: &str) -> Article {
        let article = match self {
            Self::Price(price) => Article {
                name: String::new(),
                price: *price,
                counted: true,
            },
            Self::Whole(article) => article.clone(),
        };
        Article {
            name: name.to_owned(),
            ..article
        }
    }
}

/// One step: somebody does or looks at something, or several do at once.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub enum Step {
    /// One after another.
    One(Box<Told>),
    /// All at the same moment.
    Together(Vec<Branch>),
}

/// Something somebody does, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// What.
    pub verb: String,
    /// With what; kept as written, since names change where many do the same.
    pub with: Value,
    /// The name of what comes of it.
    pub name: Option<String>,
    /// Why it must be refused.
    pub refused: Option<Why>,
    /// Parts of the answer, or of the refusal's facts.
    pub gives: Option<Value>,
    /// The same, of what may take a moment: asked again until it is so.
    pub soon: Option<Value>,
}

/// What some of those do who act at the same moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// How many do it.
    #[serde(default = "once")]
    pub times: usize,
    /// What each does, until the first refusal.
    #[serde(rename = "do")]
    pub steps: Vec<Step>,
    /// What became of them.
    pub gives: Option<Value>,
}

const fn once() -> usize {
    1
}

impl TryFrom<Map<String, Value>> for Step {
    type Error = String;

    fn try_from(mut written: Map<String, Value>) -> Result<Self, String> {
        if let Some(together) = written.remove("together") {
            return match written.keys().next() {
                None => serde_json::from_value(together)
                    .map(Self::Together)
                    .map_err(|e| format!("`together`: {e}")),
                Some(other) => Err(format!("`{other}` cannot stand beside `together`")),
            };
        }
        let name = written.remove("as").map(serde_json::from_value).transpose();
        let refused = written.remove("refused").map(serde_json::from_value).transpose();
        let (gives, soon) = (written.remove("gives"), written.remove("soon"));
        let mut left = written.into_iter();
        let (Some((verb, with)), None) = (left.next(), left.next()) else {
            return Err(
                "a step says one thing that happens, and perhaps `as`, `refused`, `gives`, `soon`".to_owned(),
            );
        };
        Verb::read(&verb, &with)?;
        Ok(Self::One(Box::new(Told {
            verb,
            with,
            name: name.map_err(|e| format!("`as`: {e}"))?,
            refused: refused.map_err(|e| format!("`refused`: {e}"))?,
            gives,
            soon,
        })))
    }
}

impl Case {
    /// Whether it changes what holds for all, or stops the server, so that it cannot share the shop with others.
    #[must_use]
    pub fn runs_alone(&self) -> bool {
        let concerns_all = |verb: &str| ["policy", "server_dies"].contains(&verb);
        let is_alone = |step: &Step| matches!(step, Step::One(told) if concerns_all(&told.verb));
        self.given.policy.is_some() || self.when.iter().any(is_alone)
    }

    /// Whether many act in it at the same moment.
    #[must_use]
    pub fn is_a_rush(&self) -> bool {
        let steps = self.when.iter().chain(&self.then);
        steps.into_iter().any(|step| matches!(step, Step::Together(_)))
    }
}

/// Reads every file of a folder, in order of their names.
///
/// # Errors
/// When a file is not what it should be, with the place in it, or a case is named twice.
pub fn read(folder: &Path) -> Result<Vec<Section>, String> {
    let found = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<_> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml"));
    files.sort();
    let mut sections = Vec::new();
    let mut ids = HashSet::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let section: Section =
            serde_saphyr::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
        for case in &section.cases {
            if !ids.insert(case.id.clone()) {
                return Err(format!("{}: the case {} is there twice", file.display(), case.id));
            }
            if case.pending.is_none() && case.then.is_empty() {
                return Err(format!(
                    "{}: the case {} expects nothing",
                    file.display(),
                    case.id
                ));
            }
        }
        sections.push(section);
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::Section;

    fn read(step: &str) -> Result<Section, String> {
        let text = format!("title: t\ncases:\n  - {{id: a, title: t, source: A1, when: [{step}]}}\n");
        serde_saphyr::from_str(&text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_misspelt_case_is_refused_with_the_word() {
        for (step, word) in [
            ("{ordr: {lines: 1 serum}}", "ordr"),
            ("{order: {line: 1 serum}}", "line"),
            ("{order: {lines: 1 serum}, givs: {}}", "one thing"),
            ("{order: {lines: serum}}", "6 serum"),
            ("{pay: {order: A}, refused: because}", "because"),
            ("{together: [{time: 2, do: []}]}", "time"),
        ] {
            let refusal = read(step).unwrap_err();
            assert!(refusal.contains(word), "{step}: {refusal}");
        }
        read("{order: {lines: 1 serum, collect: here}, as: A, refused: not_enough_stock}").unwrap();
    }
}
