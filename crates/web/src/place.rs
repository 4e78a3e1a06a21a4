//! Where in a JSON text a mistake lies, told without parsing it a second time into what it should have become.

use std::fmt::Write;

/// What is read inside an array or an object at the moment.
enum Step<'a> {
    Item(usize),
    Field(Option<&'a str>),
}

/// The way to the value that ends at, or contains, the byte before `line` and `column`, as `serde_json` counts them:
/// `lines[0].quantity`. The whole is the `body`.
pub(crate) fn place(json: &str, line: usize, column: usize) -> String {
    let before: usize = json
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    render(&way(json, before + column))
}

fn way(json: &str, end: usize) -> Vec<Step<'_>> {
    let bytes = json.as_bytes();
    let mut way: Vec<Step<'_>> = Vec::new();
    let mut at = 0;
    while at < end.min(bytes.len()) {
        let start = at;
        at += 1;
        match (bytes[start], way.last_mut()) {
            (b'{', _) => way.push(Step::Field(None)),
            (b'[', _) => way.push(Step::Item(0)),
            (b'}' | b']', _) => {
                way.pop();
            }
            (b',', Some(Step::Item(nth))) => *nth += 1,
            (b',', Some(Step::Field(name))) => *name = None,
            (b'"', last) => {
                at = after_text(bytes, at);
                if let Some(Step::Field(name @ None)) = last {
                    *name = json.get(start + 1..at - 1);
                }
            }
            _ => {}
        }
    }
    way
}

/// Where a text ends that begins before `at`.
fn after_text(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn render(way: &[Step<'_>]) -> String {
    let mut out = String::new();
    for step in way {
        match step {
            Step::Item(nth) => _ = write!(out, "[{nth}]"),
            Step::Field(Some(name)) if out.is_empty() => out.push_str(name),
            Step::Field(Some(name)) => _ = write!(out, ".{name}"),
            Step::Field(None) => {}
        }
    }
    if out.is_empty() { "body".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct Cart {
        note: Option<String>,
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code, reason = "only read")]
    enum How {
        Collect,
        Ship { to: (u8, u8) },
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Line {
        sku: String,
        quantity: i64,
        how: Option<How>,
    }

    fn found(json: &str) -> String {
        let error = serde_json::from_str::<Cart>(json).unwrap_err();
        place(json, error.line(), error.column())
    }

    #[test]
    fn a_mistake_is_named_where_it_stands() {
        for (json, expected) in [
            ("3", "body"),
            ("", "body"),
            ("{}", "body"),
            (r#"{"lines": 3}"#, "lines"),
            (r#"{"lines": {}}"#, "lines"),
            (r#"{"note": [], "lines": []}"#, "note"),
            (r#"{"lines": [], "extra": 1}"#, "extra"),
            (
                r#"{"lines": [{"sku": "a", "quantity": "2"}]}"#,
                "lines[0].quantity",
            ),
            (
                r#"{"lines": [{"sku": "a", "quantity": 2.5}]}"#,
                "lines[0].quantity",
            ),
            (
                "{\n  \"lines\": [\n {\"sku\": \"\\\"},\", \"quantity\": 1},\n {\"sku\": null}]}",
                "lines[1].sku",
            ),
            (
                r#"{"lines": [{"sku": "a", "quantity": 2}, {"sku": "b"}]}"#,
                "lines[1]",
            ),
            (
                r#"{"lines": [{"sku": "a", "quantity": 2, "how": "fly"}]}"#,
                "lines[0].how",
            ),
            (
                r#"{"lines": [{"sku": "a", "quantity": 2, "how": {"ship": {"to": [1, 999]}}}]}"#,
                "lines[0].how.ship.to[1]",
            ),
            (r#"{"lines": [{"sku": "a" "quantity": 2}]}"#, "lines[0].sku"),
            (r#"{"note": "店环"#, "note"),
            (r#"{"lines": []} x"#, "body"),
        ] {
            assert_eq!(found(json), expected, "{json}");
        }
    }

    proptest! {
        #[test]
        fn rubbish_lies_somewhere(json in r#"[\[\]{},:"\\ a0店\n]{0,40}"#, line in 0..9_usize, column in 0..50_usize) {
            prop_assert!(!place(&json, line, column).is_empty());
        }

        #[test]
        fn a_wrong_item_is_counted(at in 0..20_usize, after in 0..20_usize) {
            let right = r#"{"sku":"a,[]","quantity":1},"#.to_string();
            let wrong = r#"{"sku":"a","quantity":[]}"#;
            let json = format!(r#"{{"lines":[{}{wrong}{}]}}"#, right.repeat(at), r#",{"sku":"}","quantity":1}"#.repeat(after));
            prop_assert_eq!(found(&json), format!("lines[{at}].quantity"));
        }
    }
}
