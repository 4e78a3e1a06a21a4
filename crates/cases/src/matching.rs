//! Whether an answer holds what a case expects: a part of it, named by the case.

use serde_json::Value;

use crate::words::Amount;

/// Says where what was seen is not what was expected; nothing when all is there.
#[must_use]
pub fn difference(expected: &Value, seen: &Value) -> Option<String> {
    at("", expected, seen)
}

fn at(path: &str, expected: &Value, seen: &Value) -> Option<String> {
    match (expected, seen) {
        (Value::Object(wanted), Value::Object(there)) => wanted.iter().find_map(|(key, value)| {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            match there.get(key) {
                Some(seen) => at(&path, value, seen),
                None => Some(format!("{path}: expected {value}, there is no such thing")),
            }
        }),
        (Value::Array(wanted), Value::Array(there)) => list(path, wanted, there),
        (one, Value::Array(there)) if !one.is_array() => list(path, std::slice::from_ref(one), there),
        (Value::Number(_), Value::String(_)) if Amount::read(expected) == Amount::read(seen) => None,
        _ if expected == seen => None,
        _ => Some(format!("{path}: expected {expected}, seen {seen}")),
    }
}

/// Each expected entry is there once, whatever the order, and there is no other.
fn list(path: &str, wanted: &[Value], there: &[Value]) -> Option<String> {
    let mut left: Vec<&Value> = there.iter().collect();
    for value in wanted {
        match left.iter().position(|seen| at(path, value, seen).is_none()) {
            Some(found) => drop(left.remove(found)),
            None => {
                return Some(format!(
                    "{path}: expected {value}, seen {}",
                    Value::from(there.to_vec())
                ));
            }
        }
    }
    (!left.is_empty()).then(|| format!("{path}: not expected {}", left[0]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    #[test]
    fn a_part_of_the_answer_is_enough_and_a_list_is_whole() {
        let seen = json!({"state": "paid", "total": "129.00", "parts": ["1 serum", "2 mask"], "level": {"on_hand": 3}});
        for expected in [
            json!({"state": "paid"}),
            json!({"total": 129}),
            json!({"parts": ["2 mask", "1 serum"]}),
            json!({"level": {"on_hand": 3}}),
        ] {
            assert_eq!(difference(&expected, &seen), None, "{expected}");
        }
        for (expected, word) in [
            (json!({"state": "gone"}), "state"),
            (json!({"total": 129.01}), "total"),
            (json!({"parts": "1 serum"}), "2 mask"),
            (json!({"parts": ["1 serum", "1 serum"]}), "1 serum"),
            (json!({"level": {"on_hand": 4}}), "level.on_hand"),
            (json!({"other": 1}), "other"),
        ] {
            let said = difference(&expected, &seen).unwrap();
            assert!(said.contains(word), "{expected}: {said}");
        }
    }
}
