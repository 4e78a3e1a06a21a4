//! A patch's field: absent, null or a value.

use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};

/// One field of a PATCH body. Carry it with `#[serde(default)]`, so that an absent field is [`Field::Absent`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Field<T> {
    /// Not in the body: leave it as it is.
    #[default]
    Absent,
    /// `null`: clear it.
    Null,
    /// A new value.
    Value(T),
}

impl<T> Field<T> {
    /// The value the object has after the patch.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Absent => current,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

impl<T: PartialSchema> PartialSchema for Field<T> {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(SchemaType::new(Type::Null)))
            .item(T::schema())
            .into()
    }
}

impl<T: ToSchema> ToSchema for Field<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Nullable_{}", T::name()).into()
    }
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
