//! Walks a parsed TOML document, keeping the place of everything for error messages.

use std::ops::Range;

use base::Text;
use toml::de::{DeTable, DeValue};

use super::error::{MappingError, nearest, position};

/// A document being read.
pub(super) struct Document<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

/// A result within a mapping.
pub(super) type Outcome<T> = Result<T, Box<MappingError>>;

impl Document<'_> {
    pub(super) fn error(
        &self,
        span: &Range<usize>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Box<MappingError> {
        let (line, column) = position(self.text, span.start);
        Box::new(MappingError {
            file: self.name.to_owned(),
            line,
            column,
            reason: Box::new(Text::new(zh, en)),
        })
    }
}

/// One table of the document.
#[derive(Clone)]
pub(super) struct Section<'d, 't> {
    pub(super) document: &'d Document<'t>,
    pub(super) table: &'d DeTable<'t>,
    pub(super) span: Range<usize>,
}

/// One value of the document.
#[derive(Clone)]
pub(super) struct Entry<'d, 't> {
    pub(super) document: &'d Document<'t>,
    pub(super) key: &'d str,
    pub(super) value: &'d DeValue<'t>,
    pub(super) span: Range<usize>,
}

impl<'d, 't> Section<'d, 't> {
    pub(super) fn get(&self, name: &str) -> Option<Entry<'d, 't>> {
        self.entries().find(|e| e.key == name)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'d, 't>> + use<'d, 't> {
        let (document, table) = (self.document, self.table);
        table.iter().map(move |(key, value)| Entry {
            document,
            key: key.get_ref().as_ref(),
            value: value.get_ref(),
            span: key.span(),
        })
    }

    /// Refuses names that mean nothing here.
    pub(super) fn only(&self, allowed: &[&str]) -> Outcome<()> {
        match self.entries().find(|e| !allowed.contains(&e.key)) {
            Some(entry) => Err(entry.unknown(allowed.iter().copied())),
            None => Ok(()),
        }
    }

    pub(super) fn text(&self, name: &str) -> Outcome<Option<&'d str>> {
        self.get(name).map(|e| e.text()).transpose()
    }

    pub(super) fn required(&self, name: &str) -> Outcome<Entry<'d, 't>> {
        self.get(name).ok_or_else(|| {
            self.document.error(
                &self.span,
                format!("缺少 {name}"),
                format!("`{name}` is missing here"),
            )
        })
    }

    pub(super) fn list(&self, name: &str) -> Outcome<Vec<Entry<'d, 't>>> {
        self.get(name).map_or_else(|| Ok(Vec::new()), |e| e.items())
    }
}

impl<'d, 't> Entry<'d, 't> {
    pub(super) fn error(&self, zh: impl Into<String>, en: impl Into<String>) -> Box<MappingError> {
        self.document.error(&self.span, zh, en)
    }

    pub(super) fn unknown<'c>(
        &self,
        candidates: impl IntoIterator<Item = &'c str> + Clone,
    ) -> Box<MappingError> {
        let all: Vec<_> = candidates.clone().into_iter().collect();
        match nearest(self.key, candidates) {
            Some(near) => self.error(
                format!("不认识 {}，是不是 {near}？", self.key),
                format!("`{}` means nothing here; did you mean `{near}`?", self.key),
            ),
            None => self.error(
                format!("不认识 {}；可用：{}", self.key, all.join("、")),
                format!("`{}` means nothing here; known: {}", self.key, all.join(", ")),
            ),
        }
    }

    fn wrong(&self, zh: &str, en: &str) -> Box<MappingError> {
        self.error(
            format!("{} 应为{zh}", self.key),
            format!("`{}` must be {en}", self.key),
        )
    }

    pub(super) fn text(&self) -> Outcome<&'d str> {
        match self.value {
            DeValue::String(text) => Ok(text.as_ref()),
            _ => Err(self.wrong("字符串", "a string")),
        }
    }

    pub(super) fn bool(&self) -> Outcome<bool> {
        match self.value {
            DeValue::Boolean(value) => Ok(*value),
            _ => Err(self.wrong(" true 或 false", "true or false")),
        }
    }

    pub(super) fn integer(&self) -> Outcome<i64> {
        let written = match self.value {
            DeValue::Integer(value) => i64::from_str_radix(value.as_str(), value.radix()).ok(),
            _ => None,
        };
        written.ok_or_else(|| self.wrong("整数", "a whole number"))
    }

    /// A string or a number, as written.
    pub(super) fn scalar(&self) -> Outcome<String> {
        match self.value {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(value) => Ok(value.as_str().to_owned()),
            DeValue::Float(value) => Ok(value.as_str().to_owned()),
            DeValue::Boolean(value) => Ok(value.to_string()),
            _ => Err(self.wrong("字符串或数字", "a string or a number")),
        }
    }

    pub(super) fn section(&self) -> Outcome<Section<'d, 't>> {
        match self.value {
            DeValue::Table(table) => Ok(Section {
                document: self.document,
                table,
                span: self.span.clone(),
            }),
            _ => Err(self.wrong("表", "a table")),
        }
    }

    pub(super) fn items(&self) -> Outcome<Vec<Self>> {
        match self.value {
            DeValue::Array(items) => Ok(items
                .iter()
                .map(|item| Self {
                    document: self.document,
                    key: self.key,
                    value: item.get_ref(),
                    span: item.span(),
                })
                .collect()),
            _ => Err(self.wrong("列表", "a list")),
        }
    }

    pub(super) fn texts(&self) -> Outcome<Vec<String>> {
        self.items()?.iter().map(Entry::scalar).collect()
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.value, DeValue::Array(_))
    }
}
