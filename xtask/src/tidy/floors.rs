//! The crate graph against the picture in ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::fs;

use super::Finding;
use crate::workspace::Workspace;

const DOCUMENT: &str = "ARCHITECTURE.md";

/// Drivers and the one crate that may see them.
const DRIVERS: &[(&str, &str)] = &[
    ("rusqlite", "db"),
    ("tokio-postgres", "db"),
    ("sqlx", "db"),
    ("cedar-policy", "access"),
];

/// Crates of ours that stand outside the picture.
const OUTSIDE: &[&str] = &["xtask"];

/// A crate may use only what stands below it; crates on one line do not see each other.
pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let document = fs::read_to_string(workspace.root.join(DOCUMENT)).unwrap_or_default();
    let names: Vec<&str> = workspace.members.keys().map(String::as_str).collect();
    let heights = heights(&document, &names);
    let mut found = Vec::new();
    for (name, member) in &workspace.members {
        if OUTSIDE.contains(&name.as_str()) {
            continue;
        }
        let Some(height) = heights.get(name.as_str()) else {
            found.push(Finding::error(
                DOCUMENT,
                format!("the crate {name} is not in the picture"),
            ));
            continue;
        };
        // Tests of a crate may use what the crate may use, and helpers on its own line.
        let built = member.dependencies.iter().map(|d| (d, false));
        let tested = member.dev_dependencies.iter().map(|d| (d, true));
        for (dependency, only_tests) in built.chain(tested).filter(|(d, _)| *d != name) {
            let Some(below) = heights.get(dependency.as_str()) else {
                continue;
            };
            let fits = below < height || (only_tests && below == height);
            if !fits {
                let relation = if below == height {
                    "stands beside it"
                } else {
                    "stands above it"
                };
                let manifest = workspace.short(&member.folder.join("Cargo.toml"));
                found.push(Finding::error(
                    manifest,
                    format!("{name} uses {dependency}, which {relation}"),
                ));
            }
        }
    }
    found
}

/// How high each crate stands: the lines of the picture, counted from below.
fn heights<'a>(document: &str, names: &[&'a str]) -> BTreeMap<&'a str, usize> {
    let picture = document
        .lines()
        .skip_while(|line| *line != "## The picture")
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with("    "));
    let mut heights = BTreeMap::new();
    for (from_top, line) in picture.enumerate() {
        for name in crates_on(line).filter_map(|word| names.iter().find(|name| **name == word)) {
            heights.entry(*name).or_insert(usize::MAX - from_top);
        }
    }
    heights
}

/// The crates a line names: its label, and what stands between bars before any explanation.
fn crates_on(line: &str) -> impl Iterator<Item = &str> {
    let (label, rest) = match line.strip_prefix("    ") {
        Some(rest) if !rest.starts_with(' ') => rest.split_once("  ").unwrap_or((rest, "")),
        _ => ("", line),
    };
    let listed = rest
        .trim()
        .split('|')
        .map(|item| item.trim().split("  ").next().unwrap_or_default());
    let listed = listed.map(|item| item.split(" (").next().unwrap_or_default().trim());
    std::iter::once(label.trim())
        .chain(listed)
        .filter(|word| !word.is_empty())
}

/// Each driver is seen by one crate only.
pub(crate) fn check_drivers(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, member) in &workspace.members {
        let used = member.dependencies.union(&member.dev_dependencies);
        for dependency in used {
            let owner = DRIVERS
                .iter()
                .find(|(driver, _)| driver == dependency)
                .map(|(_, owner)| *owner);
            if let Some(owner) = owner.filter(|owner| owner != name) {
                let manifest = workspace.short(&member.folder.join("Cargo.toml"));
                found.push(Finding::error(
                    manifest,
                    format!("{dependency} is seen by {owner} only"),
                ));
            }
        }
    }
    found
}

/// Every crate takes version, edition, licence and lints from the workspace.
pub(crate) fn check_manifests(workspace: &Workspace) -> Vec<Finding> {
    const SHARED: &[&str] = &[
        "version.workspace = true",
        "edition.workspace = true",
        "license.workspace = true",
        "[lints]\nworkspace = true",
    ];
    let mut found = Vec::new();
    for member in workspace.members.values() {
        let path = member.folder.join("Cargo.toml");
        let text = fs::read_to_string(&path).unwrap_or_default();
        for line in SHARED.iter().filter(|line| !text.contains(**line)) {
            let wanted = line.replace('\n', " ");
            found.push(Finding::error(
                workspace.short(&path),
                format!("`{wanted}` is missing"),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &str = "\
## The picture

    apps/        console | shop                TypeScript, talk HTTP only
    -------------------------------------------------------
    binary       the binary: wiring, stock | of words
    flows        use cases: stock, orders
    transact     stock | orders | loyalty      siblings
    platform     web | text
                 db
                 base (ids, money | time)

## Elsewhere

    stock
";

    #[test]
    fn the_picture_is_read_line_by_line() {
        let names = [
            "binary", "flows", "stock", "orders", "loyalty", "web", "text", "db", "base",
        ];
        let heights = heights(PICTURE, &names);
        let order = ["base", "db", "web", "stock", "flows", "binary"];
        assert!(
            order.windows(2).all(|pair| heights[pair[0]] < heights[pair[1]]),
            "{heights:?}"
        );
        assert_eq!(heights["stock"], heights["loyalty"]);
        assert_eq!(heights["web"], heights["text"]);
    }
}
