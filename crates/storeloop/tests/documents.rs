//! What is generated from code is what is committed. `STORELOOP_UPDATE=1` writes it anew.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::HashSet;
use std::path::Path;

fn compare(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    if std::env::var_os("STORELOOP_UPDATE").is_some() {
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed.trim_end() == generated.trim_end(),
        "docs/{name} is not what the code says; run: STORELOOP_UPDATE=1 cargo nextest run -p storeloop documents"
    );
}

#[test]
fn documents_errors() {
    compare("ERRORS.md", &storeloop::errors::table());
}

#[tokio::test]
async fn documents_openapi() {
    compare("openapi.json", &storeloop::commands::document().await.unwrap());
}

#[test]
fn error_codes_are_unique_and_speak_both_languages() {
    let mut seen = HashSet::new();
    for code in storeloop::errors::all() {
        assert!(seen.insert(code.code), "{} is declared twice", code.code);
        assert!(
            code.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
            "{}",
            code.code
        );
        assert!(code.en.is_ascii() || !code.en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
        let names = |text: &str| -> HashSet<String> {
            text.split('{')
                .skip(1)
                .filter_map(|rest| rest.split('}').next().map(str::to_owned))
                .collect()
        };
        assert_eq!(
            names(code.zh),
            names(code.en),
            "{}: the languages name different facts",
            code.code
        );
    }
}
