//! Words that mean the same: a list people can read and edit.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use crate::analysis::normal;

/// What is known without anybody's list.
const DEFAULT: &str = include_str!("synonyms.txt");
/// A longer list is somebody's mistake.
const LINES_MAX: usize = 10_000;

/// The longest phrase looked for inside a run, in characters.
const CUT_MAX_CHARS: usize = 6;

/// For each phrase the others of its line.
#[derive(Debug, Default)]
pub(crate) struct Synonyms(HashMap<String, Vec<String>>);

impl Synonyms {
    /// Reads a list: a line holds phrases of one meaning, separated by commas; `#` begins a remark.
    pub(crate) fn parse(list: &str) -> Self {
        let mut by_phrase: HashMap<String, Vec<String>> = HashMap::new();
        for line in list.lines().take(LINES_MAX) {
            let line = line.split('#').next().unwrap_or_default();
            let phrases: Vec<String> = line
                .split([',', '，'])
                .map(normal)
                .filter(|phrase| !phrase.is_empty())
                .collect();
            for phrase in &phrases {
                let others = by_phrase.entry(phrase.clone()).or_default();
                for other in phrases.iter().filter(|other| *other != phrase) {
                    if !others.contains(other) {
                        others.push(other.clone());
                    }
                }
            }
        }
        Self(by_phrase)
    }

    /// A run of Chinese in stretches, and which of them are phrases of the list: the longest from the left. A character
    /// by itself is a phrase only where it is the whole run.
    pub(crate) fn cut<'a>(&self, run: &'a str) -> Vec<(&'a str, bool)> {
        if self.0.contains_key(run) {
            return vec![(run, true)];
        }
        let ends: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let (mut out, mut rest, mut at) = (Vec::new(), 0, 0);
        while at + 1 < ends.len() {
            let longest = (at + 2..ends.len().min(at + CUT_MAX_CHARS + 1))
                .rev()
                .find(|end| self.0.contains_key(&run[ends[at]..ends[*end]]));
            let Some(end) = longest else {
                at += 1;
                continue;
            };
            if rest < at {
                out.push((&run[ends[rest]..ends[at]], false));
            }
            out.push((&run[ends[at]..ends[end]], true));
            (rest, at) = (end, end);
        }
        if rest < ends.len() - 1 {
            out.push((&run[ends[rest]..], false));
        }
        out
    }

    /// What else a phrase in its normal form is called.
    pub(crate) fn of(&self, phrase: &str) -> &[String] {
        self.0.get(phrase).map_or(&[], Vec::as_slice)
    }
}

/// The list in use: the file's when there is one, read again when it changes.
#[derive(Debug)]
pub(crate) struct Thesaurus {
    file: Option<PathBuf>,
    read: RwLock<(Option<SystemTime>, Arc<Synonyms>)>,
}

impl Thesaurus {
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        Self {
            file,
            read: RwLock::new((None, Arc::new(Synonyms::parse(DEFAULT)))),
        }
    }

    /// Looks whether the file has changed. Beside requests, never in one.
    pub(crate) fn refresh(&self) {
        let Some(file) = &self.file else { return };
        let changed = changed_at(file);
        if self.read.read().unwrap_or_else(PoisonError::into_inner).0 == changed {
            return;
        }
        let list = changed.and_then(|_| std::fs::read_to_string(file).ok());
        let synonyms = Synonyms::parse(list.as_deref().unwrap_or(DEFAULT));
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = (changed, Arc::new(synonyms));
    }

    pub(crate) fn get(&self) -> Arc<Synonyms> {
        Arc::clone(&self.read.read().unwrap_or_else(PoisonError::into_inner).1)
    }
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_meaning_in_both_languages() {
        let list = Synonyms::parse("口紅, 唇膏, lipstick # lips\n\n# nothing\n面霜");
        assert_eq!(list.of("口红"), ["唇膏", "lipstick"]);
        assert_eq!(list.of("lipstick"), ["口红", "唇膏"]);
        assert!(list.of("面霜").is_empty() && list.of("nothing").is_empty());
    }

    #[test]
    fn a_run_is_cut_at_its_phrases() {
        let list = Synonyms::parse("口红, 唇膏\n霜, cream\n洗面, wash\n洗面奶, cleanser");
        let cut = |run| list.cut(run);
        assert_eq!(cut("男友送的口红"), [("男友送的", false), ("口红", true)]);
        assert_eq!(cut("洗面奶套装"), [("洗面奶", true), ("套装", false)]);
        assert_eq!(cut("霜"), [("霜", true)]);
        assert_eq!(cut("晚霜"), [("晚霜", false)]);
    }

    #[test]
    fn the_file_wins_and_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("synonyms.txt");
        let thesaurus = Thesaurus::new(Some(file.clone()));
        thesaurus.refresh();
        assert!(!thesaurus.get().of("口红").is_empty());
        std::fs::write(&file, "a b, c").unwrap();
        thesaurus.refresh();
        assert_eq!(thesaurus.get().of("a b"), ["c"]);
        assert!(thesaurus.get().of("口红").is_empty());
    }
}
