//! The table of every failure the house can answer with.

use std::fmt::Write;

use base::{Category, ErrorCode};

use crate::house::ERRORS;

const HEAD: &str = "\
# Errors

Every refusal is problem+json (RFC 9457). `code` is stable: write programs against it. `detail` is the message below \
in the language of `Accept-Language`, with the facts filled in; the facts themselves are in `facts`. This table is \
generated from the code: `STORELOOP_UPDATE=1 cargo nextest run -p storeloop documents`.

| code | status | English | 中文 |
| --- | --- | --- | --- |
";

/// Every registered failure, by code.
#[must_use]
pub fn all() -> Vec<&'static ErrorCode> {
    let mut codes: Vec<&'static ErrorCode> = ERRORS.iter().copied().flatten().copied().collect();
    codes.sort_by_key(|code| code.code);
    codes
}

/// docs/ERRORS.md.
#[must_use]
pub fn table() -> String {
    let mut text = HEAD.to_owned();
    for code in all() {
        let cell = |words: &str| words.replace('|', "\\|").replace('\n', " ");
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            code.code,
            status(code.category),
            cell(code.en),
            cell(code.zh)
        );
    }
    text
}

fn status(category: Category) -> u16 {
    match category {
        Category::Invalid => 400,
        Category::Unauthenticated => 401,
        Category::Forbidden => 403,
        Category::NotFound => 404,
        Category::Conflict => 409,
        Category::Precondition => 412,
        Category::Exhausted => 429,
        Category::Internal => 500,
        Category::Unavailable => 503,
        Category::Timeout => 504,
    }
}
