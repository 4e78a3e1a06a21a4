//! Reads the string literals of Rust source, without a parser.

/// A string literal and the line it begins on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Literal {
    pub(crate) line: usize,
    /// Where it begins in the source, in bytes.
    pub(crate) start: usize,
    /// Where the source goes on.
    pub(crate) end: usize,
    /// The text, its escapes resolved.
    pub(crate) text: String,
}

/// The string literals of a source, comments and characters left aside.
pub(crate) fn literals(source: &str) -> Vec<Literal> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let rest = &source[at..];
        let (length, literal) = match bytes[at] {
            b'/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
            b'/' if rest.starts_with("/*") => (block_comment(rest), None),
            b'"' => quoted(rest),
            b'r' if is_raw(rest) && !follows_name(bytes, at) => raw(rest),
            b'\'' => (character(rest), None),
            _ => (rest.chars().next().map_or(1, char::len_utf8), None),
        };
        if let Some(text) = literal {
            found.push(Literal {
                line,
                start: at,
                end: at + length,
                text,
            });
        }
        line += source[at..at + length].matches('\n').count();
        at += length;
    }
    found
}

/// A source file without the tests at its end; they are not shipped.
pub(crate) fn shipped(source: &str) -> &str {
    const TESTS: &str = "#[cfg(test)]\nmod ";
    let has_body = |at: &usize| {
        source[at + TESTS.len()..]
            .lines()
            .next()
            .is_some_and(|line| line.ends_with('{'))
    };
    match source.match_indices(TESTS).map(|(at, _)| at).find(has_body) {
        Some(end) => &source[..end],
        None => source,
    }
}

fn follows_name(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn is_raw(rest: &str) -> bool {
    rest[1..].trim_start_matches('#').starts_with('"')
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// A lifetime has no closing quote close by; a character has.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => rest[2..]
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '\'')
            .map_or(1, |(i, _)| i + 3),
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

fn raw(rest: &str) -> (usize, Option<String>) {
    let hashes = rest[1..].len() - rest[1..].trim_start_matches('#').len();
    let start = 2 + hashes;
    let close = format!("\"{}", "#".repeat(hashes));
    match rest[start..].find(&close) {
        Some(length) => (
            start + length + close.len(),
            Some(rest[start..start + length].to_owned()),
        ),
        None => (rest.len(), None),
    }
}

fn quoted(rest: &str) -> (usize, Option<String>) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (at + 1, Some(text)),
            '\\' => match chars.next() {
                Some((_, '\n')) => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, 'r')) => text.push('\r'),
                Some((_, '0')) => text.push('\0'),
                Some((_, other)) => text.push(other),
                None => break,
            },
            c => text.push(c),
        }
    }
    (rest.len(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        literals(source).into_iter().map(|l| l.text).collect()
    }

    #[test]
    fn literals_are_told_from_comments_characters_and_lifetimes() {
        let source = r##"
            // "not this"
            /* "nor /* this" */ "nor this" */
            let a: &'static str = "one \"quoted\" \
                word";
            let b = ('"', '\'', '\\', '\u{22}');
            let c = r#"raw "two""#; let bar = 1; for"three";
        "##;
        assert_eq!(texts(source), ["one \"quoted\" word", "raw \"two\"", "three"]);
    }

    #[test]
    fn lines_and_ends_are_told() {
        let found = literals("\n\n \"店\n环\" \"b\"");
        assert_eq!((found[0].line, found[1].line), (3, 4));
        assert_eq!(found[0].text, "店\n环");
    }

    #[test]
    fn only_a_module_of_tests_ends_what_is_shipped() {
        let source = "#[cfg(test)]\nmod testing;\nfn a() {}\n#[cfg(test)]\nmod tests {\n}";
        assert!(shipped(source).ends_with("fn a() {}\n"));
    }

    #[test]
    fn what_is_not_closed_ends_the_reading() {
        assert!(texts("\"open").is_empty());
        assert!(texts("r#\"open\"").is_empty());
        assert!(texts("/* open \"a\"").is_empty());
    }
}
