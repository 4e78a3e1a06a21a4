//! Short texts without an allocation: identifiers, states and codes make up most parameters and columns.

use std::fmt;
use std::ops::Deref;

const INLINE_BYTES: usize = 30;

/// A text kept in place up to 30 bytes (an identifier has exactly 30) and on the heap beyond.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    Inline { len: u8, bytes: [u8; INLINE_BYTES] },
    Heap(Box<str>),
}

impl Text {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // The bytes were copied whole from a `str`, so this never falls back.
            Repr::Inline { len, bytes } => {
                std::str::from_utf8(&bytes[..usize::from(*len)]).unwrap_or_default()
            }
            Repr::Heap(text) => text,
        }
    }

    fn inline(text: &str) -> Option<Self> {
        let len = text.len();
        if len > INLINE_BYTES {
            return None;
        }
        let mut bytes = [0; INLINE_BYTES];
        bytes[..len].copy_from_slice(text.as_bytes());
        // At most 30, so it fits a byte.
        Some(Self(Repr::Inline {
            len: len as u8,
            bytes,
        }))
    }

    /// Writes something displayable straight into place, without a `String` when it is short.
    #[must_use]
    pub fn display(value: &impl fmt::Display) -> Self {
        let mut writer = Writer {
            len: 0,
            bytes: [0; INLINE_BYTES],
            spill: None,
        };
        // Writing to memory cannot fail; a `Display` that fails by itself leaves what it wrote.
        let _ = fmt::write(&mut writer, format_args!("{value}"));
        match writer.spill {
            Some(text) => Self(Repr::Heap(text.into_boxed_str())),
            None => Self(Repr::Inline {
                len: writer.len as u8,
                bytes: writer.bytes,
            }),
        }
    }
}

struct Writer {
    len: usize,
    bytes: [u8; INLINE_BYTES],
    spill: Option<String>,
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some(spill) = &mut self.spill {
            spill.push_str(text);
            return Ok(());
        }
        let end = self.len + text.len();
        if end <= INLINE_BYTES {
            self.bytes[self.len..end].copy_from_slice(text.as_bytes());
            self.len = end;
        } else {
            let mut spill = String::with_capacity(end);
            spill.push_str(std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default());
            spill.push_str(text);
            self.spill = Some(spill);
        }
        Ok(())
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::inline(text).unwrap_or_else(|| Self(Repr::Heap(text.into())))
    }
}
impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::inline(&text).unwrap_or_else(|| Self(Repr::Heap(text.into_boxed_str())))
    }
}
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}
impl Eq for Text {}
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_text_comes_back(text in ".{0,40}") {
            for kept in [Text::from(text.as_str()), Text::from(text.clone()), Text::display(&text)] {
                prop_assert_eq!(kept.as_str(), text.as_str());
            }
        }

        #[test]
        fn written_in_pieces(a in ".{0,20}", b in ".{0,20}", c in ".{0,20}") {
            let kept = Text::display(&format_args!("{a}{b}{c}"));
            prop_assert_eq!(kept.as_str(), format!("{a}{b}{c}"));
        }
    }

    #[test]
    fn a_value_stays_small() {
        assert!(std::mem::size_of::<crate::Value>() <= 40);
    }
}
