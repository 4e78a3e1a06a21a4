//! How and to whom: choices, addresses, contacts, and how they are masked.

use base::PlaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Method;

/// Where a delivery goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryAddress {
    /// Who receives it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// How the courier reaches them.
    #[schema(min_length = 3, max_length = 32)]
    pub phone: String,
    /// Province or municipality.
    #[schema(min_length = 1, max_length = 100)]
    pub province: String,
    /// City.
    #[schema(min_length = 1, max_length = 100)]
    pub city: String,
    /// District; may be empty.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub district: String,
    /// Street, house, flat.
    #[schema(min_length = 1, max_length = 300)]
    pub line: String,
}

/// Logs and assertion messages must not show where somebody lives.
impl std::fmt::Debug for DeliveryAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeliveryAddress(…)")
    }
}

/// How the customer wants the goods.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum FulfilmentChoice {
    /// Collected from a place.
    Collect {
        /// That place.
        place_id: PlaceId,
    },
    /// Brought to an address.
    Delivery {
        /// That address.
        address: DeliveryAddress,
    },
}

impl FulfilmentChoice {
    /// The method alone.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Collect { .. } => Method::Collect,
            Self::Delivery { .. } => Method::Delivery,
        }
    }
}

/// Who to call about an order.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name.
    #[schema(max_length = 100)]
    pub name: String,
    /// Telephone number.
    #[schema(max_length = 32)]
    pub phone: String,
}

/// Logs and assertion messages must not show who somebody is.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

impl Contact {
    /// As shown to staff who may not read personal data: enough to recognise a person who stands there.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            name: mask_name(&self.name),
            phone: mask_phone(&self.phone),
        }
    }
}

/// The first character, the rest starred.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        let hidden = chars.count().clamp(1, 3);
        format!("{first}{}", "*".repeat(hidden))
    })
}

/// The last four digits and, where it is long enough, the head of the number.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let chars: Vec<char> = phone.chars().collect();
    let tail_from = chars.len().saturating_sub(4);
    let head_to = if chars.len() >= 11 { tail_from - 4 } else { 0 };
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| if at < head_to || at >= tail_from { *c } else { '*' })
        .collect()
}
