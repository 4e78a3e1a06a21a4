//! Reads migration texts: splits them into statements, writes them for SQLite, checks whose tables they touch.

use std::fmt::Write as _;

/// A piece of SQL text. Pieces joined give the text back exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Blanks and comments.
    Space,
    /// A keyword or a bare name.
    Word,
    /// A `"quoted"` name.
    Name,
    /// A `'quoted'` text.
    Text,
    /// A number or a `$1`.
    Number,
    /// Any other character.
    Symbol,
}

impl Token<'_> {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }
}

/// Cuts SQL into pieces.
pub(crate) fn tokens(sql: &str) -> Result<Vec<Token<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (kind, len) = match first {
            c if c.is_whitespace() => (
                Kind::Space,
                rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
            ),
            '-' if rest.starts_with("--") => (Kind::Space, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").ok_or("a comment is not closed")?;
                (Kind::Space, end + 2)
            }
            '\'' => (Kind::Text, quoted(rest, '\'')?),
            '"' => (Kind::Name, quoted(rest, '"')?),
            c if c.is_alphabetic() || c == '_' => (
                Kind::Word,
                rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len()),
            ),
            c if c.is_ascii_digit() || c == '$' => {
                let tail = &rest[1..];
                let end = tail
                    .find(|c: char| !c.is_ascii_digit() && c != '.')
                    .unwrap_or(tail.len());
                (Kind::Number, end + 1)
            }
            c => (Kind::Symbol, c.len_utf8()),
        };
        let (text, after) = rest.split_at(len);
        found.push(Token { kind, text });
        rest = after;
    }
    Ok(found)
}

/// The length of a quoted piece; a doubled quote stands for itself.
fn quoted(text: &str, quote: char) -> Result<usize, String> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Ok(at + 1);
        }
    }
    Err(format!("a quote ({quote}) is not closed"))
}

/// The statements of a text, without their semicolons.
pub(crate) fn statements(sql: &str) -> Result<Vec<Vec<Token<'_>>>, String> {
    let all = tokens(sql)?;
    let statements = all.split(|t| t.is_symbol(";")).map(<[_]>::to_vec);
    Ok(statements
        .filter(|s| s.iter().any(|t| t.kind != Kind::Space))
        .collect())
}

/// A shared text in SQLite's words: STRICT tables, and each type by its storage class.
pub(crate) fn for_sqlite(sql: &str) -> Result<String, String> {
    let mut out = String::with_capacity(sql.len() + 64);
    for statement in statements(sql)? {
        translate(&statement, &mut out)?;
        out.push_str(";\n");
    }
    Ok(out)
}

fn translate(statement: &[Token<'_>], out: &mut String) -> Result<(), String> {
    let words: Vec<usize> = (0..statement.len())
        .filter(|&at| statement[at].kind != Kind::Space)
        .collect();
    let starts = |words_wanted: &[&str]| {
        words_wanted
            .iter()
            .zip(&words)
            .all(|(wanted, &at)| statement[at].is(wanted))
            && words.len() > words_wanted.len()
    };
    if starts(&["CREATE", "TABLE"]) {
        return create_table(statement, &words, out);
    }
    if starts(&["ALTER", "TABLE"]) && words.len() > 5 && statement[words[3]].is("ADD") {
        let name_at = if statement[words[4]].is("COLUMN") { 5 } else { 4 };
        return typed(statement, &words, &[name_at], out);
    }
    out.extend(statement.iter().map(|t| t.text));
    Ok(())
}

const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

fn create_table(statement: &[Token<'_>], words: &[usize], out: &mut String) -> Result<(), String> {
    let mut depth = 0_u32;
    let mut names = Vec::new();
    for (nth, &at) in words.iter().enumerate() {
        let token = &statement[at];
        let opens = token.is_symbol("(");
        depth += u32::from(opens);
        if token.is_symbol(")") {
            depth = depth
                .checked_sub(1)
                .ok_or("a parenthesis closes what none has opened")?;
        }
        let begins_item = depth == 1 && (opens || token.is_symbol(","));
        if begins_item
            && let Some(&next) = words.get(nth + 1)
            && !TABLE_CONSTRAINTS.iter().any(|c| statement[next].is(c))
        {
            names.push(nth + 1);
        }
    }
    if depth != 0 || !words.last().is_some_and(|&at| statement[at].is_symbol(")")) {
        return Err("CREATE TABLE must end with the parenthesis that closes its columns".to_owned());
    }
    typed(statement, words, &names, out)?;
    out.push_str(" STRICT");
    if is_narrow(statement, words, &names) {
        out.push_str(", WITHOUT ROWID");
    }
    Ok(())
}

/// Whether rows live best in the tree of their own key: one tree to write instead of two. That tree keeps long
/// rows badly, so documents and bytes stay where SQLite puts them, and so do rows whose key is a number, which
/// have one tree anyway.
fn is_narrow(statement: &[Token<'_>], words: &[usize], names: &[usize]) -> bool {
    let word = |nth: usize| words.get(nth).map(|&at| &statement[at]);
    let says = |nth: usize, wanted: &str| word(nth).is_some_and(|token| token.is(wanted));
    let is_wide =
        |&name: &usize| word(name).is_some_and(|n| n.text.ends_with("_json")) || says(name + 1, "BYTEA");
    let has_key = (0..words.len()).any(|nth| says(nth, "PRIMARY") && says(nth + 1, "KEY"));
    let is_number = |&name: &usize| {
        let item_ends = |nth: usize| word(nth).is_none_or(|token| token.is_symbol(","));
        let rest = (name + 2..).take_while(|&nth| !item_ends(nth));
        says(name + 1, "BIGINT") && rest.into_iter().any(|nth| says(nth, "PRIMARY"))
    };
    has_key && !names.iter().any(is_wide) && !names.iter().any(is_number)
}

/// Writes a statement, translating the type behind each column name in `names` (indexes into `words`).
fn typed(statement: &[Token<'_>], words: &[usize], names: &[usize], out: &mut String) -> Result<(), String> {
    let mut written = 0;
    for &name_at in names {
        let name = &statement[words[name_at]];
        let Some(&type_at) = words.get(name_at + 1) else {
            return Err(format!("column {} has no type", name.text));
        };
        let type_word = statement[type_at].text.to_ascii_uppercase();
        out.extend(statement[written..type_at].iter().map(|t| t.text));
        written = type_at + 1;
        match type_word.as_str() {
            "BIGINT" => out.push_str("INTEGER"),
            "TEXT" => out.push_str("TEXT"),
            "BYTEA" => out.push_str("BLOB"),
            "BOOLEAN" => {
                // Writing to a string cannot fail.
                let _ = write!(out, "INTEGER CHECK ({} IN (0, 1))", name.text);
            }
            "DOUBLE" => {
                let precision = words.get(name_at + 2).copied();
                let Some(precision) = precision.filter(|&at| statement[at].is("PRECISION")) else {
                    return Err(format!("column {}: write DOUBLE PRECISION", name.text));
                };
                out.push_str("REAL");
                written = precision + 1;
            }
            other => {
                return Err(format!(
                    "column {} has type {other}; a shared text may use BIGINT, TEXT, BOOLEAN, DOUBLE PRECISION and BYTEA",
                    name.text
                ));
            }
        }
    }
    out.extend(statement[written..].iter().map(|t| t.text));
    Ok(())
}

/// Refuses what reaches into another domain's tables, and what a shared text must not say.
pub(crate) fn check(domain: &str, sql: &str, shared: bool) -> Result<(), String> {
    let prefix = format!("{domain}_");
    for statement in statements(sql)? {
        let words: Vec<&Token<'_>> = statement.iter().filter(|t| t.kind != Kind::Space).collect();
        for (at, token) in words.iter().enumerate() {
            if shared {
                check_shared(token, words.get(at + 1).copied())?;
            }
            let names_a_table = ["TABLE", "INDEX", "VIEW", "REFERENCES", "INTO", "SEQUENCE"].iter().any(|w| token.is(w))
                // CREATE INDEX i ON t; not ON DELETE, ON UPDATE, ON CONFLICT.
                || (token.is("ON") && at >= 2 && words[..at].iter().any(|w| w.is("INDEX")) && words[0].is("CREATE"));
            if !names_a_table {
                continue;
            }
            let name = words[at + 1..]
                .iter()
                .find(|w| !["IF", "NOT", "EXISTS", "ONLY"].iter().any(|skip| w.is(skip)));
            let Some(name) = name.filter(|n| matches!(n.kind, Kind::Word | Kind::Name)) else {
                continue;
            };
            if !name.text.trim_matches('"').starts_with(&prefix) {
                return Err(format!(
                    "{} does not begin with {prefix}; a domain touches its own tables only",
                    name.text
                ));
            }
        }
    }
    Ok(())
}

fn check_shared(token: &Token<'_>, next: Option<&Token<'_>>) -> Result<(), String> {
    const ONE_ENGINE: &[&str] = &[
        "AUTOINCREMENT",
        "STRICT",
        "ROWID",
        "SERIAL",
        "BIGSERIAL",
        "DEFERRABLE",
        "ILIKE",
        "PRAGMA",
        "NOW",
        "GENERATED",
    ];
    if let Some(word) = ONE_ENGINE.iter().find(|w| token.is(w)) {
        return Err(format!(
            "{word} means something on one engine only; write a .sqlite.sql and .postgres.sql pair"
        ));
    }
    if token.is_symbol(":") && next.is_some_and(|n| n.is_symbol(":")) {
        return Err("write CAST(x AS type); :: is PostgreSQL's alone".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_give_the_text_back(sql in r#"[a-z0-9_$.,;()'"\- \n/*:语]{0,80}"#) {
            if let Ok(pieces) = tokens(&sql) {
                prop_assert_eq!(pieces.iter().map(|t| t.text).collect::<String>(), sql);
            }
        }
    }

    #[test]
    fn a_table_in_sqlite_words() {
        let out = for_sqlite(
            "CREATE TABLE t_a (\n  id TEXT PRIMARY KEY, -- BOOLEAN; in words\n  n BIGINT NOT NULL DEFAULT 0 CHECK (n >= 0),
             live BOOLEAN NOT NULL DEFAULT TRUE, ratio DOUBLE PRECISION, raw BYTEA,
             UNIQUE (id, n), CHECK (n < 10 OR live));
             CREATE INDEX t_a_live ON t_a (n) WHERE live;",
        )
        .unwrap();
        assert!(
            out.contains("n INTEGER NOT NULL DEFAULT 0 CHECK (n >= 0)"),
            "{out}"
        );
        assert!(
            out.contains("live INTEGER CHECK (live IN (0, 1)) NOT NULL DEFAULT TRUE"),
            "{out}"
        );
        assert!(out.contains("ratio REAL, raw BLOB"), "{out}");
        assert!(out.contains("CHECK (n < 10 OR live)) STRICT;"), "{out}");
        assert!(
            out.contains("CREATE INDEX t_a_live ON t_a (n) WHERE live;"),
            "{out}"
        );
    }

    #[test]
    fn narrow_rows_live_in_the_tree_of_their_key() {
        let is_narrow = |columns: &str| {
            let out = for_sqlite(&format!("CREATE TABLE t_a ({columns})")).unwrap();
            out.contains("STRICT, WITHOUT ROWID;")
        };
        assert!(is_narrow("id TEXT PRIMARY KEY, n BIGINT NOT NULL"));
        assert!(is_narrow(
            "a TEXT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b)"
        ));
        assert!(!is_narrow("a TEXT NOT NULL"));
        assert!(!is_narrow("n BIGINT PRIMARY KEY, a TEXT NOT NULL"));
        assert!(!is_narrow("id TEXT PRIMARY KEY, data_json TEXT NOT NULL"));
        assert!(!is_narrow("id TEXT PRIMARY KEY, sealed BYTEA"));
    }

    #[test]
    fn a_column_added_later() {
        let out = for_sqlite("ALTER TABLE t_a ADD COLUMN done BOOLEAN NOT NULL DEFAULT FALSE").unwrap();
        assert_eq!(
            out,
            "ALTER TABLE t_a ADD COLUMN done INTEGER CHECK (done IN (0, 1)) NOT NULL DEFAULT FALSE;\n"
        );
    }

    #[test]
    fn semicolons_inside_texts_do_not_split() {
        assert_eq!(
            statements("INSERT INTO t VALUES ('a;''b'); -- x;y\n /* ; */ SELECT 1;;")
                .unwrap()
                .len(),
            2
        );
    }

    #[test]
    fn other_types_are_refused() {
        assert!(
            for_sqlite("CREATE TABLE t_a (at TIMESTAMPTZ)")
                .unwrap_err()
                .contains("TIMESTAMPTZ")
        );
        assert!(for_sqlite("CREATE TABLE t_a (n DOUBLE)").is_err());
    }

    #[test]
    fn foreign_tables_are_refused() {
        check(
            "stock",
            "CREATE TABLE stock_a (id TEXT); CREATE INDEX stock_a_i ON stock_a (id)",
            true,
        )
        .unwrap();
        check(
            "stock",
            "CREATE TABLE stock_b (a TEXT REFERENCES stock_a (id) ON DELETE CASCADE)",
            true,
        )
        .unwrap();
        for sql in [
            "CREATE TABLE orders_a (id TEXT)",
            "CREATE TABLE IF NOT EXISTS orders_a (id TEXT)",
            "CREATE TABLE stock_a (id TEXT REFERENCES orders_order (id))",
            "CREATE UNIQUE INDEX stock_i ON orders_order (id)",
            "INSERT INTO orders_order VALUES ('a')",
            "ALTER TABLE orders_order ADD COLUMN a TEXT",
            "CREATE INDEX by_id ON stock_a (id)",
        ] {
            assert!(check("stock", sql, true).is_err(), "{sql}");
        }
    }

    #[test]
    fn one_engine_s_words_need_a_pair() {
        assert!(
            check(
                "t",
                "CREATE TABLE t_a (id INTEGER PRIMARY KEY AUTOINCREMENT)",
                true
            )
            .is_err()
        );
        assert!(check("t", "CREATE VIEW t_v AS SELECT 1::text", true).is_err());
        check(
            "t",
            "CREATE TABLE t_a (id INTEGER PRIMARY KEY AUTOINCREMENT)",
            false,
        )
        .unwrap();
    }
}
