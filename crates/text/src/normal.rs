//! The normal form.

use unicode_normalization::UnicodeNormalization;

/// The form texts are compared in: compatibility-composed (so full-width letters and digits become ordinary
/// ones), lower case, single blanks, no control characters.
#[must_use]
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Lower-casing may leave a decomposed character, so it is composed once more.
    let lowered: String = text.nfkc().flat_map(char::to_lowercase).collect();
    for c in lowered.nfkc() {
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Whether a character is written without blanks between words: Han, kana, hangul.
pub(crate) const fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = normalize(&text);
            prop_assert_eq!(normalize(&once), once);
        }
    }

    #[test]
    fn full_width_case_and_blanks() {
        assert_eq!(
            normalize("  ＳＫＵ－１２\t玫瑰\u{3000}Serum "),
            "sku-12 玫瑰 serum"
        );
        assert_eq!(normalize("ﬁne"), "fine");
    }
}
