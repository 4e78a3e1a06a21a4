//! Documents that are there, and point at things that are there.

use std::fs;
use std::path::Path;

use super::Finding;
use crate::workspace::{Workspace, files};

/// What every checkout has.
const REQUIRED: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/SQL.md",
    "docs/security.md",
];

/// What a domain says of itself at the top of its lib.rs.
const MODULE_WORDS: &[&str] = &["Owns", "Never does", "Invariants"];

pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for name in REQUIRED.iter().filter(|name| !workspace.root.join(name).exists()) {
        found.push(Finding::error(*name, "it is missing"));
    }
    let changelog = fs::read_to_string(workspace.root.join("CHANGELOG.md")).unwrap_or_default();
    if !changelog.contains("## Unreleased") {
        found.push(Finding::error(
            "CHANGELOG.md",
            "it has no part `## Unreleased` for the next change",
        ));
    }
    for path in files(&workspace.root, &[".md"]) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let folder = path.parent().unwrap_or(&workspace.root);
        for (line, target) in dead_links(&text, folder) {
            let place = format!("{}:{line}", workspace.short(&path));
            found.push(Finding::error(
                place,
                format!("it points at {target}, which is not there"),
            ));
        }
    }
    for (name, member) in workspace
        .members
        .iter()
        .filter(|(_, m)| m.folder.join("migrations").exists())
    {
        let path = member.folder.join("src/lib.rs");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let head: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
        for word in MODULE_WORDS.iter().filter(|word| !head.contains(**word)) {
            found.push(Finding::error(
                workspace.short(&path),
                format!("the first lines of {name} do not say `{word}`"),
            ));
        }
    }
    found
}

/// Links to files beside the document that do not exist, with their lines.
fn dead_links(text: &str, folder: &Path) -> Vec<(usize, String)> {
    let mut dead = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        let targets = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'))
            .map(|(target, _)| target);
        for target in targets {
            let path = target.split(['#', ' ']).next().unwrap_or_default();
            let is_local = !path.is_empty() && !path.contains("://") && !path.starts_with("mailto:");
            if is_local && !folder.join(path).exists() {
                dead.push((number + 1, target.to_owned()));
            }
        }
    }
    dead
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_links_are_found() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = "[a](Cargo.toml) [b](gone.md#part)\n```\n[c](gone.md)\n```\n[d](https://x.y) [e](#part)";
        assert_eq!(dead_links(text, here), [(1, "gone.md#part".to_owned())]);
    }
}
