//! Error codes: one meaning each, both languages, and a line in docs/ERRORS.md.

use std::collections::BTreeMap;
use std::fs;

use super::Finding;
use super::rust_text::{Literal, literals, shipped};
use crate::workspace::{Workspace, files};

const DOCUMENT: &str = "docs/ERRORS.md";
const DECLARATION: &str = "ErrorCode::new(";

/// One declaration in the sources.
#[derive(Debug)]
struct Declared {
    code: String,
    zh: String,
    en: String,
    place: String,
}

pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let document = fs::read_to_string(workspace.root.join(DOCUMENT)).ok();
    let mut found = Vec::new();
    if document.is_none() {
        found.push(Finding::error(DOCUMENT, "it is missing"));
    }
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for declared in all(workspace) {
        found.extend(
            faults(&declared)
                .into_iter()
                .map(|m| Finding::error(declared.place.as_str(), m)),
        );
        if document
            .as_ref()
            .is_some_and(|text| !text.contains(&format!("`{}`", declared.code)))
        {
            found.push(Finding::error(
                declared.place.as_str(),
                format!("{} is not in {DOCUMENT}", declared.code),
            ));
        }
        if let Some(other) = first.insert(declared.code.clone(), declared.place.clone()) {
            let message = format!("the code {} is declared at {other} already", declared.code);
            found.push(Finding::error(declared.place, message));
        }
    }
    found
}

fn all(workspace: &Workspace) -> Vec<Declared> {
    let mut out = Vec::new();
    for member in workspace.members.values() {
        for path in files(&member.folder.join("src"), &[".rs"]) {
            let source = fs::read_to_string(&path).unwrap_or_default();
            let name = workspace.short(&path);
            out.extend(
                declarations(shipped(&source)).map(|(line, [code, zh, en])| Declared {
                    code,
                    zh,
                    en,
                    place: format!("{name}:{line}"),
                }),
            );
        }
    }
    out
}

/// The three texts of each declaration; what is built otherwise than from literals is left to the compiler.
fn declarations(source: &str) -> impl Iterator<Item = (usize, [String; 3])> {
    let literals = literals(source);
    let inside = |at: usize, all: &[Literal]| all.iter().any(|l| l.start <= at && at < l.end);
    let starts: Vec<usize> = source.match_indices(DECLARATION).map(|(at, _)| at).collect();
    starts.into_iter().filter_map(move |at| {
        if inside(at, &literals) {
            return None;
        }
        let [code, zh, en] = literals
            .iter()
            .filter(|l| l.start > at)
            .take(3)
            .collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let between = &source[at + DECLARATION.len()..code.start];
        let texts = [code, zh, en].map(|l| l.text.clone());
        between.trim().is_empty().then_some((code.line, texts))
    })
}

fn faults(declared: &Declared) -> Vec<String> {
    let mut out = Vec::new();
    let code = &declared.code;
    if !code
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b))
    {
        out.push(format!("the code {code} is not written domain.reason"));
    }
    if declared.zh.is_ascii() {
        out.push(format!("{code} says nothing in Chinese"));
    }
    if declared.en.trim().is_empty() || !declared.en.replace(['“', '”', '’', '…'], "").is_ascii() {
        out.push(format!("{code} says nothing in English, or not only English"));
    }
    if placeholders(&declared.zh) != placeholders(&declared.en) {
        out.push(format!("{code} names other facts in Chinese than in English"));
    }
    out
}

/// The facts a message names, in order of name.
fn placeholders(message: &str) -> Vec<&str> {
    let mut names: Vec<&str> = message
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(code: &str, zh: &str, en: &str) -> Declared {
        Declared {
            code: code.into(),
            zh: zh.into(),
            en: en.into(),
            place: String::new(),
        }
    }

    #[test]
    fn declarations_are_read_from_source() {
        let source = r#"
            /// ErrorCode::new("in a comment", ..
            const A: ErrorCode = ErrorCode::new("a.b", Category::Invalid, "甲", "A");
            const B: ErrorCode = ErrorCode::new(
                "a.c",
                Category::Invalid,
                "乙",
                "B",
            );
            pub const fn new(code: &'static str) -> Self { ErrorCode::new(code, c, "x", "y") }
        "#;
        let found: Vec<_> = declarations(source).map(|(_, [code, ..])| code).collect();
        assert!(
            found.ends_with(&["a.b".to_owned(), "a.c".to_owned()]),
            "{found:?}"
        );
    }

    #[test]
    fn both_languages_say_the_same_facts() {
        assert!(faults(&declared("a.b", "还剩 {left} 件", "{left} left")).is_empty());
        for bad in [
            declared("A.b", "甲", "A"),
            declared("a.b", "only English", "English"),
            declared("a.b", "甲", "甲"),
            declared("a.b", "还剩 {left} 件", "{right} left"),
        ] {
            assert_eq!(faults(&bad).len(), 1, "{bad:?}");
        }
    }
}
