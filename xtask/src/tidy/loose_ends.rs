//! Nothing is left for later without an issue, and no file outgrows its room.

use std::fs;

use super::Finding;
use crate::workspace::{Workspace, files};

const ENDINGS: &[&str] = &[
    ".rs", ".sql", ".cedar", ".toml", ".ts", ".tsx", ".css", ".md", ".sh", ".mjs",
];

/// Files longer than this want to become a folder with the same rooms.
const LINES_MAX: usize = 600;

/// Marks of unfinished work, written so that this file holds none of them.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
];

pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in files(&workspace.root, ENDINGS) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let name = workspace.short(&path);
        for (number, line) in text.lines().enumerate() {
            if let Some(mark) = mark_in(line) {
                let place = format!("{name}:{}", number + 1);
                found.push(Finding::error(place, format!("{mark}: do it, or write an issue")));
            }
        }
        let lines = text.lines().count();
        let is_code = [".rs", ".ts", ".tsx"].iter().any(|ending| name.ends_with(ending));
        if is_code && lines > LINES_MAX && !name.contains("generated") {
            found.push(Finding::warning(
                name,
                format!("{lines} lines; more than {LINES_MAX} want a folder"),
            ));
        }
    }
    found
}

/// A mark that stands as a word of its own.
fn mark_in(line: &str) -> Option<&'static str> {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words
        .find_map(|word| MARKS.iter().find(|mark| **mark == word))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_words() {
        assert!(mark_in(concat!("// TO", "DO: later")).is_some());
        assert!(mark_in(concat!("<!-- FIX", "ME -->")).is_some());
        assert!(mark_in(concat!("XX", "XL is a size; TO", "DOS is a word")).is_none());
    }
}
