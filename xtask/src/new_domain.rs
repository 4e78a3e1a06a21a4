//! Lays out a domain crate: the rooms of docs and architecture, with one small object that compiles, is stored,
//! announced, served and tested. The shape is copied, not remembered.

use std::fs;
use std::path::Path;

use crate::workspace::root;

/// Path inside the crate, and the text.
const ROOMS: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("../templates/Cargo.toml.tmpl")),
    (
        "migrations/0001_{{name}}.sql",
        include_str!("../templates/migration.sql.tmpl"),
    ),
    ("src/lib.rs", include_str!("../templates/lib.rs.tmpl")),
    ("src/model.rs", include_str!("../templates/model.rs.tmpl")),
    ("src/rules.rs", include_str!("../templates/rules.rs.tmpl")),
    ("src/store.rs", include_str!("../templates/store.rs.tmpl")),
    ("src/service.rs", include_str!("../templates/service.rs.tmpl")),
    ("src/events.rs", include_str!("../templates/events.rs.tmpl")),
    ("src/error.rs", include_str!("../templates/error.rs.tmpl")),
    ("src/routes.rs", include_str!("../templates/routes.rs.tmpl")),
    ("tests/it/main.rs", include_str!("../templates/tests.rs.tmpl")),
];

const NEXT: &str = "\
It compiles as it is. Now:
  1. ARCHITECTURE.md: put it on its floor in the picture, and in docs/decisions why it is a domain of its own.
  2. crates/base: move its identifier to `base::kind`.
  3. crates/access/policies: name its permissions in schema.cedarschema and give them to roles.
  4. crates/storeloop: migrations, routes, permissions, errors and subscribers.
  5. src/lib.rs: say what it owns, what it never does, what never breaks; then the rules.
";

/// # Errors
/// When the name does not fit, is taken, or a file cannot be written.
pub(crate) fn run(name: &str) -> Result<(), String> {
    let root = root();
    let folder = root.join("crates").join(name);
    check_name(name)?;
    if folder.exists() {
        return Err(format!("crates/{name} exists already"));
    }
    for (path, text) in ROOMS {
        write(&folder.join(filled(path, name)), &filled(text, name))?;
    }
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|e| format!("Cargo.toml: {e}"))?;
    let added = with_dependency(&text, name).ok_or("Cargo.toml has no part [workspace.dependencies]")?;
    fs::write(&manifest, added).map_err(|e| format!("Cargo.toml: {e}"))?;
    println!("crates/{name} is laid out.\n{NEXT}");
    Ok(())
}

/// A short plural noun, since it is also the prefix of tables and events.
fn check_name(name: &str) -> Result<(), String> {
    let fits = (2..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase());
    if fits {
        Ok(())
    } else {
        Err(format!(
            "\"{name}\": write one word of 2 to 20 lower-case letters"
        ))
    }
}

fn filled(template: &str, name: &str) -> String {
    let mut upper_first = name.to_owned();
    upper_first[..1].make_ascii_uppercase();
    template
        .replace("{{name}}", name)
        .replace("{{Name}}", &upper_first)
        .replace("{{NAME}}", &name.to_ascii_uppercase())
        .replace("{{prefix}}", &format!("{name:x<3}")[..3])
}

fn with_dependency(manifest: &str, name: &str) -> Option<String> {
    let head = "[workspace.dependencies]\n";
    let start = manifest.find(head)? + head.len();
    let line = format!("{name} = {{ path = \"crates/{name}\" }}\n");
    // Behind the last crate of ours, which stand first.
    let rest = &manifest[start..];
    let ours = rest
        .rfind("path = \"crates/")
        .map_or(0, |at| rest[at..].find('\n').map_or(at, |end| at + end + 1));
    Some(format!("{}{line}{}", &manifest[..start + ours], &rest[ours..]))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().ok_or("a file needs a folder")?;
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_words() {
        assert!(check_name("tickets").is_ok());
        for bad in ["", "x", "Tickets", "my-tickets", "a_very_long_domain_name_indeed"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for (path, text) in ROOMS {
            let text = filled(text, "tickets");
            assert!(!text.contains("{{name") && !text.contains("{{N"), "{path}");
        }
        assert_eq!(
            filled("{{Name}} {{NAME}} {{prefix}}", "tickets"),
            "Tickets TICKETS tic"
        );
    }

    #[test]
    fn the_new_crate_joins_ours() {
        let manifest = "[workspace.dependencies]\nbase = { path = \"crates/base\" }\n\nserde = \"1\"\n";
        let expected = "[workspace.dependencies]\nbase = { path = \"crates/base\" }\ntickets = { path = \"crates/tickets\" }\n\nserde = \"1\"\n";
        assert_eq!(with_dependency(manifest, "tickets").unwrap(), expected);
    }
}
