//! A JSON array of objects. Nested objects become columns with a dotted name; a list becomes one cell with
//! `|` between its items, and the fields of listed objects likewise (`path.id` is `a|b|c`).

use std::collections::HashSet;
use std::io::Read as _;

use serde_json::Value;

use super::open::{MAX_IN_MEMORY_BYTES, Text};
use super::{Header, Row, Step};
use crate::issue::codes;

pub(super) struct JsonReader {
    items: std::vec::IntoIter<Value>,
    element: u64,
    names: Vec<String>,
}

impl JsonReader {
    pub(super) fn new(text: Text) -> Result<(Self, Header), String> {
        let mut bytes = Vec::new();
        text.input
            .take(MAX_IN_MEMORY_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| e.to_string())?;
        if bytes.len() as u64 > MAX_IN_MEMORY_BYTES {
            return Err(format!("larger than {MAX_IN_MEMORY_BYTES} bytes; split the file"));
        }
        let items: Vec<Value> = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        for item in items.iter().filter(|i| i.is_object()) {
            flatten("", item, &mut |name, _| {
                if seen.insert(name.to_owned()) {
                    names.push(name.to_owned());
                }
            });
        }
        let header = Header::new(&names);
        Ok((
            Self {
                items: items.into_iter(),
                element: 0,
                names,
            },
            header,
        ))
    }

    pub(super) fn read(&mut self, row: &mut Row) -> Step {
        let Some(item) = self.items.next() else {
            return Step::End;
        };
        self.element += 1;
        row.line = self.element;
        if !item.is_object() {
            return Step::Bad(self.element, item.to_string(), &codes::SYNTAX);
        }
        let mut cells = vec![String::new(); self.names.len()];
        let names = &self.names;
        flatten("", &item, &mut |name, text| {
            if let Some(cell) = names
                .iter()
                .position(|n| n == name)
                .and_then(|at| cells.get_mut(at))
            {
                if !cell.is_empty() {
                    cell.push('|');
                }
                cell.push_str(text);
            }
        });
        for cell in &cells {
            row.push(cell);
        }
        Step::Row
    }
}

fn flatten(name: &str, value: &Value, found: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, inner, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                flatten(name, item, found);
            }
            if items.is_empty() {
                found(name, "");
            }
        }
        Value::Null => found(name, ""),
        Value::String(text) => found(name, text),
        other => found(name, &other.to_string()),
    }
}
