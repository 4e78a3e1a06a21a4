//! Pinyin keys: a Chinese name found by typing its sound, whole or by initials, from any character on.

use pinyin::ToPinyin;

use crate::normal::normalize;

/// Runs longer than this are names of nothing; only their beginning is keyed.
const RUN_MAX_CHARS: usize = 16;

/// The keys of a name. For 玫瑰水: `meiguishui`, `guishui`, `shui`, `mgs`, `gs`. Meant to be matched by prefix, so
/// `meigui` and `mg` find it too.
#[must_use]
pub fn pinyin_keys(name: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut run: Vec<&'static str> = Vec::new();
    for c in normalize(name).chars() {
        match sound(c) {
            Some(sound) => run.push(sound),
            None => close(&mut run, &mut keys),
        }
    }
    close(&mut run, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The toneless sound of one character as people type it; none for what has no sound.
#[must_use]
pub fn sound(c: char) -> Option<&'static str> {
    c.to_pinyin().map(plain)
}

/// The toneless form as people type it: ü is v.
fn plain(sound: pinyin::Pinyin) -> &'static str {
    match sound.plain() {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        other => other,
    }
}

fn close(run: &mut Vec<&'static str>, keys: &mut Vec<String>) {
    run.truncate(RUN_MAX_CHARS);
    for from in 0..run.len() {
        keys.push(run[from..].concat());
        // One initial alone says nothing.
        if run.len() - from > 1 {
            keys.push(
                run[from..]
                    .iter()
                    .filter_map(|sound| sound.chars().next())
                    .collect(),
            );
        }
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_initials_from_any_character() {
        assert_eq!(
            pinyin_keys("玫瑰水"),
            ["gs", "guishui", "meiguishui", "mgs", "shui"]
        );
    }

    #[test]
    fn latin_breaks_the_run() {
        assert_eq!(
            pinyin_keys("绿茶C精华"),
            ["cha", "hua", "jh", "jinghua", "lc", "lvcha"]
        );
        assert!(pinyin_keys("Rose 12").is_empty());
    }
}
