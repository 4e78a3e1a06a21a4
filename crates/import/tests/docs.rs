//! docs/import.md tells the truth: its tables are printed from the code. `UPDATE_DOCS=1` rewrites them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on can only fail"
)]

use std::fmt::Write as _;
use std::path::Path;

use import::codes;
use import::mapping::{Kind, Mapping};
use import::preset::PRESETS;

fn records() -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        let _ = write!(
            out,
            "\n#### `{}`\n\n| field | holds | meaning |\n| --- | --- | --- |\n",
            kind.name()
        );
        for field in kind.fields() {
            let mark = if field.required { "**" } else { "" };
            let _ = writeln!(
                out,
                "| {mark}`{}`{mark} | {} | {} |",
                field.name,
                field.holds.describe(),
                field.about
            );
        }
    }
    out + "\n"
}

fn issues() -> String {
    let mut out = String::from("\n| code | meaning | how to mend |\n| --- | --- | --- |\n");
    for code in codes::ALL {
        let _ = writeln!(
            out,
            "| `{}` | {}；{} | {}；{} |",
            code.code, code.en, code.zh, code.mend_en, code.mend_zh
        );
    }
    out + "\n"
}

#[test]
fn the_example_is_a_good_mapping() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> = text
        .split("```toml\n")
        .skip(1)
        .map(|b| b.split("```").next().unwrap())
        .collect();
    let mapping = Mapping::parse("till.toml", blocks[0]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((mapping.source.as_str(), mapping.tables.len()), ("old-till", 1));
    let misspelt = blocks[0].replace("quantity   =", "quantty   =");
    let error = Mapping::parse("till.toml", &misspelt).unwrap_err();
    assert!(text.contains(&error.message(base::Locale::En)), "{error}");
}

#[test]
fn the_tables_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    let mut text = std::fs::read_to_string(&path).unwrap();
    let before = text.clone();
    for (name, printed) in [("records", records()), ("issues", issues())] {
        let start = text.find(&format!("<!-- {name}:")).unwrap();
        let from = start + text[start..].find("-->\n").unwrap() + "-->\n".len();
        let to = text.find(&format!("<!-- /{name} -->")).unwrap();
        text.replace_range(from..to, &printed);
    }
    if text != before && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
        return;
    }
    assert!(
        text == before,
        "docs/import.md is out of date: run with UPDATE_DOCS=1"
    );
    for preset in PRESETS {
        assert!(
            text.contains(&format!("`{}`", preset.name)),
            "{} is not documented",
            preset.name
        );
    }
}
