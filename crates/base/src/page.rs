//! Keyset pages: a list is read forward from a cursor, never by offset.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, Result, codes};

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Pass as `cursor` for the next page; absent at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page from one row more than asked for: the surplus row says that there is a next page, which
    /// starts after the key of the last row kept.
    ///
    /// # Errors
    /// `internal` when the key cannot be written.
    pub fn from_surplus<K: Serialize>(
        mut rows: Vec<T>,
        size: PageSize,
        key: impl Fn(&T) -> K,
    ) -> Result<Self> {
        let wanted = size.get();
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = match rows.last() {
            Some(last) if more => Some(Cursor::encode(&key(last))?),
            _ => None,
        };
        Ok(Self { items: rows, next })
    }

    /// The same page with every row changed.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

/// How many rows a page may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageSize(usize);

impl PageSize {
    /// The most rows one page may hold.
    pub const MAX: usize = 200;
    /// What a caller gets who does not say.
    pub const DEFAULT: usize = 50;

    /// The size asked for.
    ///
    /// # Errors
    /// `input.invalid` for zero or more than [`Self::MAX`].
    pub fn new(limit: Option<u32>) -> Result<Self> {
        match limit.map(|l| l as usize) {
            None => Ok(Self(Self::DEFAULT)),
            Some(size) if (1..=Self::MAX).contains(&size) => Ok(Self(size)),
            Some(_) => Err(Error::new(&codes::INVALID_INPUT).and_field(
                "limit",
                &codes::OUT_OF_RANGE,
                [("min".to_owned(), 1.into()), ("max".to_owned(), Self::MAX.into())]
                    .into_iter()
                    .collect(),
            )),
        }
    }

    /// Rows on a page.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }

    /// Rows to read from the store: one more, to know whether there is a next page.
    #[must_use]
    pub const fn with_surplus(self) -> i64 {
        self.0 as i64 + 1
    }
}

/// The opaque place in a list where the next page starts.
#[derive(Clone, Copy, Debug)]
pub struct Cursor;

impl Cursor {
    /// Writes a key as a cursor.
    ///
    /// # Errors
    /// `internal` when the key cannot be written as JSON.
    pub fn encode<K: Serialize>(key: &K) -> Result<String> {
        serde_json::to_vec(key)
            .map(|json| URL_SAFE_NO_PAD.encode(json))
            .map_err(Error::internal)
    }

    /// Reads a cursor back.
    ///
    /// # Errors
    /// `input.invalid_cursor` when this server did not write it.
    pub fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K> {
        URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| Error::new(&codes::INVALID_CURSOR))
    }
}

/// The query parameters every list takes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

impl PageQuery {
    /// The size asked for.
    ///
    /// # Errors
    /// `input.invalid` when out of range.
    pub fn size(&self) -> Result<PageSize> {
        PageSize::new(self.limit)
    }

    /// The key to go on after, if any.
    ///
    /// # Errors
    /// `input.invalid_cursor`.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        self.cursor.as_deref().map(Cursor::decode).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surplus_row_makes_a_cursor() {
        let size = PageSize::new(Some(2)).unwrap();
        let page = Page::from_surplus(vec![1, 2, 3], size, |n| *n).unwrap();
        assert_eq!(page.items, [1, 2]);
        assert_eq!(Cursor::decode::<i32>(&page.next.unwrap()).unwrap(), 2);
        assert!(
            Page::from_surplus(vec![1, 2], size, |n| *n)
                .unwrap()
                .next
                .is_none()
        );
    }

    #[test]
    fn rubbish_is_refused() {
        assert!(Cursor::decode::<i64>("%%%").is_err());
        assert!(PageSize::new(Some(0)).is_err());
        assert!(PageSize::new(Some(201)).is_err());
    }
}
