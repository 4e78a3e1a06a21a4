//! Everything that is wrong with an input, told at once.

use base::{Error, ErrorCode, Result, Text, codes};
use serde_json::Value;

#[derive(Default)]
pub(crate) struct Faults(Option<Error>);

impl Faults {
    pub(crate) fn add<const N: usize>(
        &mut self,
        field: impl Into<String>,
        code: &'static ErrorCode,
        facts: [(&str, Value); N],
    ) {
        let facts = facts
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
        self.0 = Some(error.and_field(field, code, facts));
    }

    pub(crate) fn text(&mut self, field: &str, text: &str, min: usize, max: usize) {
        if text.trim().chars().count() < min {
            self.add(field, &codes::REQUIRED, []);
        } else if text.chars().count() > max {
            self.add(field, &codes::TOO_LONG, [("max", max.into())]);
        }
    }

    pub(crate) fn both(&mut self, field: &str, text: &Text, min: usize, max: usize) {
        self.text(&format!("{field}.zh"), &text.zh, min, max);
        self.text(&format!("{field}.en"), &text.en, min, max);
    }

    pub(crate) fn count(&mut self, field: &str, count: usize, min: usize, max: usize) {
        if !(min..=max).contains(&count) {
            self.add(
                field,
                &codes::OUT_OF_RANGE,
                [("min", min.into()), ("max", max.into())],
            );
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
