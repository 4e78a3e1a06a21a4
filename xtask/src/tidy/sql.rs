//! SQL: the words both engines share, and each crate's own tables only.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::Finding;
use super::rust_text::{literals, shipped};
use crate::workspace::{Workspace, files};

/// The store itself speaks each engine's own words; the benchmarks time engines bare.
const EXEMPT: &[&str] = &["db", "bench", "xtask"];

/// Words that mean something on one engine only, or something else on each. See docs/SQL.md.
const BANNED: &[(&str, &str)] = &[
    ("ILIKE", "write lower(x) LIKE lower(y)"),
    ("GREATEST", "write CASE, or compute in Rust"),
    ("LEAST", "write CASE, or compute in Rust"),
    ("MERGE", "write INSERT .. ON CONFLICT"),
    ("NOW", "take the unit's instant from Tx::now"),
    ("CURRENT_TIMESTAMP", "take the unit's instant from Tx::now"),
    ("DATETIME", "times are microseconds, computed in Rust"),
    ("STRFTIME", "times are microseconds, computed in Rust"),
    ("DATE_TRUNC", "times are microseconds, computed in Rust"),
    ("INTERVAL", "times are microseconds, computed in Rust"),
    ("SKIP", "write a guarded UPDATE"),
    ("AUTOINCREMENT", "identifiers come from Rust"),
    ("SERIAL", "identifiers come from Rust"),
    ("BIGSERIAL", "identifiers come from Rust"),
    ("NEXTVAL", "identifiers come from Rust"),
    ("RANDOM", "randomness comes from Rust"),
    ("JSONB", "JSON is TEXT in a column named .._json"),
    ("TIMESTAMPTZ", "times are BIGINT in a column named .._at"),
    ("NUMERIC", "money and quantities are BIGINT"),
    ("VARCHAR", "write TEXT"),
    ("IFNULL", "write COALESCE"),
    ("NVL", "write COALESCE"),
    ("GROUP_CONCAT", "write string_agg"),
    ("ROWID", "name the key"),
    ("GLOB", "write LIKE"),
];

/// Words a piece of SQL begins with in this house's sources.
const BEGINNINGS: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "CREATE", "ALTER", "DROP", "FROM", "JOIN", "LEFT",
    "WHERE",
];

pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, member) in &workspace.members {
        if EXEMPT.contains(&name.as_str()) {
            continue;
        }
        for path in files(&member.folder.join("src"), &[".rs"]) {
            let source = fs::read_to_string(&path).unwrap_or_default();
            for literal in literals(shipped(&source)).iter().filter(|l| is_sql(&l.text)) {
                let place = format!("{}:{}", workspace.short(&path), literal.line);
                report(&literal.text, name, &place, false, &mut found);
            }
        }
        for path in files(&member.folder.join("migrations"), &[".sql"]) {
            let text = fs::read_to_string(&path).unwrap_or_default();
            report(
                &text,
                name,
                &workspace.short(&path),
                is_half_of_a_pair(&path),
                &mut found,
            );
        }
    }
    found
}

/// `0001_x.sqlite.sql` and `0001_x.postgres.sql` speak one engine's words on purpose.
fn is_half_of_a_pair(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    name.ends_with(".sqlite.sql") || name.ends_with(".postgres.sql")
}

fn report(sql: &str, owner: &str, place: &str, one_engine: bool, found: &mut Vec<Finding>) {
    let words = words(sql);
    if !one_engine {
        found.extend(
            banned(&words)
                .into_iter()
                .map(|message| Finding::error(place, message)),
        );
    }
    for table in foreign_tables(&words, owner) {
        found.push(Finding::error(
            place,
            format!("{table} is not a table of {owner}; ask its owner's face"),
        ));
    }
}

/// Whether a literal is SQL: it begins with a keyword in capitals and says more than that, or it is a piece
/// with parameters.
fn is_sql(text: &str) -> bool {
    const INSIDE: &[&str] = &["FROM", "WHERE", "SET", "VALUES", "JOIN", "AND"];
    let mut words = text.split_whitespace();
    let begins = words.next().is_some_and(|first| BEGINNINGS.contains(&first)) && words.next().is_some();
    begins || (text.contains("$1") && text.split_whitespace().any(|word| INSIDE.contains(&word)))
}

/// Words and symbols; texts in quotes and comments are left out.
fn words(sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                out.push(rest[..end].to_owned());
                end
            }
            c => {
                if !c.is_whitespace() {
                    out.push(c.to_string());
                }
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

fn banned(words: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let is = |at: usize, word: &str| words.get(at).is_some_and(|w| w.eq_ignore_ascii_case(word));
    for (at, word) in words.iter().enumerate() {
        let upper = word.to_ascii_uppercase();
        if let Some((_, instead)) = BANNED.iter().find(|(bad, _)| *bad == upper) {
            // A column may have such a name; a function or keyword is followed or preceded by others.
            let is_function = is(at + 1, "(");
            let is_keyword = word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            if is_function || is_keyword {
                out.push(format!("{upper}: {instead}"));
            }
        }
        match word.as_str() {
            ":" if is(at + 1, ":") => out.push("::type: write CAST(x AS type)".to_owned()),
            "*" if at > 0 && is(at - 1, "SELECT") => out.push("SELECT *: list the columns".to_owned()),
            _ => {}
        }
        if upper == "ANY" && is(at + 1, "(") {
            out.push("ANY(..): write IN, or join a VALUES list".to_owned());
        }
        if upper == "FOR" && is(at + 1, "UPDATE") {
            out.push("FOR UPDATE: write a guarded UPDATE".to_owned());
        }
        if word == ">" && is(at + 1, ">") && at > 0 && is(at - 1, "-") {
            out.push("->>: read the JSON in Rust".to_owned());
        }
    }
    out
}

/// Tables named that do not begin with the owner's prefix.
fn foreign_tables(words: &[String], owner: &str) -> BTreeSet<String> {
    let prefix = format!("{owner}_");
    let is = |at: usize, wanted: &[&str]| {
        words
            .get(at)
            .is_some_and(|w| wanted.contains(&w.to_ascii_uppercase().as_str()))
    };
    // WITH a AS (..), b (x, y) AS (..): names made in the statement itself.
    let made_here = |name: &str| {
        words.iter().enumerate().any(|(at, word)| {
            word == name
                && (at > 0 && is(at - 1, &["WITH", "RECURSIVE", ","]))
                && (is(at + 1, &["AS"]) || is(at + 1, &["("]))
        })
    };
    let mut out = BTreeSet::new();
    for at in 0..words.len() {
        let names_table = is(at, &["FROM", "JOIN", "INTO", "TABLE", "REFERENCES"])
            || (is(at, &["UPDATE"]) && is(at + 2, &["SET", "AS"]))
            || (is(at, &["UPDATE"]) && is(at + 3, &["SET"]));
        let is_comparison = at > 0 && is(at, &["FROM"]) && is(at - 1, &["DISTINCT"]);
        if !names_table || is_comparison || (at > 0 && is(at - 1, &["DO", "ON"])) {
            continue;
        }
        let skipped = words[at + 1..]
            .iter()
            .position(|w| !["IF", "NOT", "EXISTS", "ONLY", "\""].contains(&w.to_ascii_uppercase().as_str()));
        let Some(name) = skipped.and_then(|skip| words.get(at + 1 + skip)) else {
            continue;
        };
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
        if is_name && !name.starts_with(&prefix) && !made_here(name) {
            out.insert(name.clone());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sql: &str) -> usize {
        let mut found = Vec::new();
        report(sql, "stock", "here", false, &mut found);
        found.len()
    }

    #[test]
    fn what_both_engines_share_passes() {
        for sql in [
            "SELECT a, b FROM stock_balance b JOIN stock_hold h ON h.id = b.id WHERE (a, b) > ($1, $2)",
            "INSERT INTO stock_a (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET n = stock_a.n + excluded.n",
            "UPDATE stock_a SET n = n - $2 WHERE id = $1 AND n >= $2 RETURNING n",
            "UPDATE stock_a AS a SET n = v.n FROM (VALUES ($1, $2)) AS v (id, n) WHERE a.id = v.id",
            "WITH wanted (id) AS (VALUES ($1)), seen AS (SELECT id FROM stock_a) SELECT w.id FROM wanted w JOIN seen s ON s.id = w.id",
            "DELETE FROM stock_a WHERE note IS NOT DISTINCT FROM $1 -- FROM orders_order",
            "SELECT 'FROM orders_order, now()' FROM {table}",
            "CREATE TABLE IF NOT EXISTS stock_b (id TEXT REFERENCES stock_a (id) ON DELETE CASCADE, now BIGINT)",
            "SELECT COUNT(*) FROM stock_a",
        ] {
            assert_eq!(refused(sql), 0, "{sql}");
        }
    }

    #[test]
    fn what_only_one_engine_means_is_refused() {
        for sql in [
            "SELECT now() FROM stock_a",
            "SELECT a FROM stock_a WHERE b ILIKE $1",
            "SELECT a::text FROM stock_a",
            "SELECT a FROM stock_a WHERE id = ANY($1)",
            "SELECT a FROM stock_a FOR UPDATE",
            "SELECT data->>'x' FROM stock_a",
            "SELECT * FROM stock_a",
        ] {
            assert_eq!(refused(sql), 1, "{sql}");
        }
    }

    #[test]
    fn other_domains_tables_are_refused() {
        for sql in [
            "SELECT a FROM orders_order",
            "SELECT a FROM stock_a JOIN orders_order o ON o.id = stock_a.id",
            "INSERT INTO orders_order (id) VALUES ($1)",
            "UPDATE orders_order SET a = 1",
            "UPDATE orders_order o SET a = 1",
            "DELETE FROM orders_order",
            "CREATE TABLE orders_x (id TEXT)",
            "CREATE TABLE stock_x (id TEXT REFERENCES orders_order (id))",
        ] {
            assert_eq!(refused(sql), 1, "{sql}");
        }
    }

    #[test]
    fn sentences_are_not_sql() {
        assert!(is_sql("SELECT a\n FROM b"));
        assert!(is_sql("{COLUMNS} WHERE id = $1"));
        for text in ["Select a store", "SELECT", "", "the SELECT statement", "UPDATED"] {
            assert!(!is_sql(text), "{text}");
        }
    }
}
