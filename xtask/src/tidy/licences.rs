//! What we stand on must be free for everybody who stands on us.

use std::fs;

use serde_json::Value;

use super::Finding;
use crate::workspace::Workspace;

const LOCK: &str = "apps/package-lock.json";

/// Permissive licences, by their SPDX names.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Taken besides for tools that build the web apps and are not shipped with them.
const ALLOWED_FOR_TOOLS: &[&str] = &["MPL-2.0", "CC-BY-4.0"];

pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for package in &workspace.packages {
        let name = format!("{} {}", package.name, package.version);
        match &package.license {
            None => found.push(Finding::error(name, "it states no licence")),
            Some(license) if !is_allowed(license, ALLOWED) => {
                found.push(Finding::error(
                    name,
                    format!("its licence {license} is not on the list"),
                ));
            }
            Some(_) => {}
        }
    }
    match fs::read_to_string(workspace.root.join(LOCK)) {
        Ok(text) => found.extend(check_lock(&text)),
        Err(_) => found.push(Finding::error(LOCK, "it cannot be read")),
    }
    found
}

fn check_lock(text: &str) -> Vec<Finding> {
    let Ok(lock) = serde_json::from_str::<Value>(text) else {
        return vec![Finding::error(LOCK, "it is not JSON")];
    };
    let packages = lock["packages"].as_object().into_iter().flatten();
    let foreign =
        packages.filter(|(path, p)| path.contains("node_modules/") && p["link"].as_bool() != Some(true));
    let mut found = Vec::new();
    for (path, package) in foreign {
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let is_tool = package["dev"].as_bool() == Some(true);
        let allowed: Vec<&str> = match is_tool {
            true => [ALLOWED, ALLOWED_FOR_TOOLS].concat(),
            false => ALLOWED.to_vec(),
        };
        match package["license"].as_str() {
            None => found.push(Finding::error(format!("npm {name}"), "it states no licence")),
            Some(license) if !is_allowed(license, &allowed) => {
                let message = format!("its licence {license} is not on the list");
                found.push(Finding::error(format!("npm {name}"), message));
            }
            Some(_) => {}
        }
    }
    found
}

/// Whether an SPDX expression leaves a way that uses allowed licences only. `/` is an old way to write OR.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&tokens, &mut at, allowed) && at == tokens.len()
}

fn either(tokens: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut fits = both(tokens, at, allowed);
    while tokens.get(*at).is_some_and(|t| t.eq_ignore_ascii_case("OR")) {
        *at += 1;
        fits |= both(tokens, at, allowed);
    }
    fits
}

fn both(tokens: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut fits = one(tokens, at, allowed);
    while tokens.get(*at).is_some_and(|t| t.eq_ignore_ascii_case("AND")) {
        *at += 1;
        fits &= one(tokens, at, allowed);
    }
    fits
}

fn one(tokens: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let token = tokens.get(*at);
    // Past the end when a word is missing, so that the whole expression is refused.
    *at += 1;
    let Some(token) = token else { return false };
    if *token == "(" {
        let fits = either(tokens, at, allowed);
        let closed = tokens.get(*at) == Some(&")");
        *at += usize::from(closed);
        return fits && closed;
    }
    // An exception only ever allows more.
    if tokens.get(*at).is_some_and(|t| t.eq_ignore_ascii_case("WITH")) {
        *at += 2;
    }
    allowed.contains(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_passes_when_it_leaves_a_way() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "GPL-3.0-only OR MIT",
            "Unlicense/MIT",
            "Apache-2.0 WITH LLVM-exception",
            "(MIT OR GPL-2.0-only) AND Unicode-3.0",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
        ] {
            assert!(is_allowed(good, ALLOWED), "{good}");
        }
        for bad in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "",
            "(MIT",
            "MIT)",
            "SSPL-1.0",
            "MIT OR",
        ] {
            assert!(!is_allowed(bad, ALLOWED), "{bad}");
        }
    }

    #[test]
    fn tools_may_be_a_little_less_free() {
        let lock = |dev: bool| {
            format!(
                r#"{{"packages": {{"": {{}}, "node_modules/x": {{"license": "MPL-2.0", "dev": {dev}}},
                    "node_modules/ours": {{"link": true}}}}}}"#
            )
        };
        assert!(check_lock(&lock(true)).is_empty());
        assert_eq!(check_lock(&lock(false)).len(), 1);
    }
}
