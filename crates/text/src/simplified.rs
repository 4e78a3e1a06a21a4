//! Traditional characters read as Simplified ones.

use std::collections::HashMap;
use std::sync::LazyLock;

use hanconv::Dictionary;

/// One character for one: where a Traditional one has several readings the commonest, so that positions stay.
static FOLDED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let once: HashMap<char, char> = Dictionary::TSCharacters
        .iter()
        .filter_map(|(from, to)| Some((single(from)?, single(to)?)))
        .filter(|(from, to)| from != to)
        .collect();
    // A few lead to a form that is folded itself; nothing is three steps away.
    once.iter()
        .map(|(from, to)| (*from, once.get(to).copied().unwrap_or(*to)))
        .collect()
});

/// The Simplified form of a character; itself when it has none.
#[must_use]
pub fn simplified(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    FOLDED.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_becomes_simplified_and_the_rest_stays() {
        let folded: String = "保濕護膚乳液 serum 面".chars().map(simplified).collect();
        assert_eq!(folded, "保湿护肤乳液 serum 面");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for to in FOLDED.values() {
            assert_eq!(simplified(*to), *to, "{to}");
        }
    }
}
