//! What goes into a statement and what comes out of a row.

use std::borrow::Cow;
use std::sync::Arc;

use base::{Currency, Error, Id, IdKind, IdempotencyKey, Locale, RequestId, Result, Time};
use serde::Serialize;

use crate::error::codes;
use crate::text::Text;

/// One value of the types both engines share.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// No value.
    Null,
    /// BOOLEAN.
    Bool(bool),
    /// BIGINT.
    Int(i64),
    /// DOUBLE PRECISION.
    Double(f64),
    /// TEXT.
    Text(Text),
    /// BYTEA.
    Bytes(Box<[u8]>),
}

impl Value {
    /// The type's name, for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool(_) => "BOOLEAN",
            Self::Int(_) => "BIGINT",
            Self::Double(_) => "DOUBLE PRECISION",
            Self::Text(_) => "TEXT",
            Self::Bytes(_) => "BYTEA",
        }
    }
}

/// Refuses what one engine would keep and the other not, or as something else.
pub(crate) fn check_storable(params: &[Value]) -> Result<()> {
    for value in params {
        match value {
            Value::Text(text) if text.as_bytes().contains(&0) => return Err(Error::new(&codes::NUL_IN_TEXT)),
            Value::Double(number) if !number.is_finite() => {
                return Err(Error::internal(format!("{number} is no number to store")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A value as JSON text, for `*_json` columns.
///
/// # Errors
/// `internal` when the value cannot be written as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    serde_json::to_string(value)
        .map(Value::from)
        .map_err(Error::internal)
}

/// Can be a parameter of a statement.
pub trait ToValue {
    /// The value sent to the store.
    fn to_value(&self) -> Value;
}

/// Can be read from a column.
pub trait FromValue: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// `internal` when the column holds something else: the statement and the code disagree.
    fn from_value(value: &Value) -> Result<Self>;
}

/// The parameters of a statement: `params![id, &name, quantity]`.
#[macro_export]
macro_rules! params {
    () => { &[] as &[$crate::Value] };
    ($($value:expr),+ $(,)?) => { &[$($crate::ToValue::to_value(&$value)),+] };
}

fn mismatch(expected: &str, found: &Value) -> Error {
    Error::internal(format!("expected {expected}, found {}", found.kind()))
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            present => T::from_value(present).map(Some),
        }
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Self> {
        Ok(value.clone())
    }
}

macro_rules! integers {
    ($($type:ty),+) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Value::Int(i64::from(*self))
            }
        }
        impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Self::Int(i64::from(number))
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self> {
                match value {
                    Value::Int(number) => <$type>::try_from(*number).map_err(|_| {
                        Error::internal(format!("{number} does not fit {}", stringify!($type)))
                    }),
                    other => Err(mismatch("BIGINT", other)),
                }
            }
        }
    )+};
}
integers!(i64, i32, u32, i16, u16, u8);

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}
impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            // SQLite has no type of its own for it.
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            Value::Bool(truth) => Ok(*truth),
            other => Err(mismatch("BOOLEAN", other)),
        }
    }
}

impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Double(*self)
    }
}
impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Double(number) => Ok(*number),
            other => Err(mismatch("DOUBLE PRECISION", other)),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.into())
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}
impl ToValue for Arc<str> {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl ToValue for Cow<'_, str> {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self> {
        text(value).map(str::to_owned)
    }
}
impl FromValue for Arc<str> {
    fn from_value(value: &Value) -> Result<Self> {
        text(value).map(Into::into)
    }
}

pub(crate) fn text(value: &Value) -> Result<&str> {
    match value {
        Value::Text(text) => Ok(text.as_str()),
        other => Err(mismatch("TEXT", other)),
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.into())
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}
impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.to_vec()),
            other => Err(mismatch("BYTEA", other)),
        }
    }
}

impl<K: IdKind> ToValue for Id<K> {
    fn to_value(&self) -> Value {
        Value::Text(Text::display(self))
    }
}
impl<K: IdKind> FromValue for Id<K> {
    fn from_value(value: &Value) -> Result<Self> {
        text(value)?.parse().map_err(Error::internal)
    }
}

impl ToValue for Time {
    fn to_value(&self) -> Value {
        Value::Int(self.micros())
    }
}
impl FromValue for Time {
    fn from_value(value: &Value) -> Result<Self> {
        i64::from_value(value).map(Self::from_micros)
    }
}

impl ToValue for Currency {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}
impl FromValue for Currency {
    fn from_value(value: &Value) -> Result<Self> {
        text(value)?.parse().map_err(Error::internal)
    }
}

impl ToValue for Locale {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}
impl FromValue for Locale {
    fn from_value(value: &Value) -> Result<Self> {
        match text(value)? {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            other => Err(Error::internal(format!(
                "\"{other}\" is not a language of the product"
            ))),
        }
    }
}

impl ToValue for RequestId {
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}
impl ToValue for IdempotencyKey {
    fn to_value(&self) -> Value {
        self.key.to_value()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}
impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}
impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Double(number)
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}
impl From<Time> for Value {
    fn from(time: Time) -> Self {
        time.to_value()
    }
}
impl<K: IdKind> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        id.to_value()
    }
}
impl From<Currency> for Value {
    fn from(currency: Currency) -> Self {
        currency.to_value()
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
