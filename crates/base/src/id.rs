//! Typed, prefixed, sortable identifiers: a UUIDv7 written as a TypeID (<https://github.com/jetify-com/typeid>).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};
use uuid::Uuid;

use crate::error::{Error, codes};

/// What an identifier names. The prefix is part of the written form and never changes.
pub trait IdKind: 'static {
    /// Three lower-case letters before the underscore.
    const PREFIX: &'static str;
}

/// An identifier of one kind. Time-ordered, so that newer rows sort later.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY_LEN: usize = 26;

impl<K: IdKind> Id<K> {
    /// A fresh identifier, later than any this process made before.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7(), PhantomData)
    }

    /// The identifier over a given UUID: for deterministic data such as the demo chain.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID beneath.
    #[must_use]
    pub const fn uuid(&self) -> Uuid {
        self.0
    }

    fn body(self) -> [u8; BODY_LEN] {
        let mut value = self.0.as_u128();
        let mut out = [b'0'; BODY_LEN];
        for slot in out.iter_mut().rev() {
            *slot = ALPHABET[(value & 31) as usize];
            value >>= 5;
        }
        out
    }
}

impl<K: IdKind> Default for Id<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::PREFIX)?;
        f.write_str("_")?;
        f.write_str(std::str::from_utf8(&self.body()).unwrap_or_default())
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn digit(byte: u8) -> Option<u128> {
    ALPHABET.iter().position(|&a| a == byte).map(|at| at as u128)
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = Error;

    /// # Errors
    /// `input.invalid_id` when the prefix, the length or a character is wrong.
    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = || {
            Error::new(&codes::INVALID_ID)
                .with("value", text)
                .with("expected", format!("{}_…", K::PREFIX))
        };
        let body = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or_else(invalid)?;
        let bytes = body.as_bytes();
        if bytes.len() != BODY_LEN || bytes[0] > b'7' {
            return Err(invalid());
        }
        let mut value: u128 = 0;
        for &byte in bytes {
            value = (value << 5) | digit(byte).ok_or_else(invalid)?;
        }
        Ok(Self(Uuid::from_u128(value), PhantomData))
    }
}

impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K: IdKind> PartialSchema for Id<K> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .pattern(Some(format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX)))
            .into()
    }
}

impl<K: IdKind> ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Id_{}", K::PREFIX).into()
    }
}

/// The kinds. One uninhabited type each; the aliases above them are what code names.
pub mod kind {
    use super::IdKind;

    macro_rules! kinds {
        ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
            $(#[$doc])*
            pub enum $name {}
            impl IdKind for $name { const PREFIX: &'static str = $prefix; }
        )*};
    }

    kinds! {
        /// One step of an issue's plan.
        Action = "act";
        /// A machine's key.
        ApiKey = "key";
        /// A cart.
        Cart = "crt";
        /// A catalogue category.
        Category = "cat";
        /// A sheet of counted stock.
        Count = "cnt";
        /// An announced event.
        Event = "evt";
        /// One voice.
        Feedback = "fbk";
        /// The part of an order one place serves.
        Fulfilment = "ful";
        /// A hold on something scarce.
        Hold = "hld";
        /// A problem with an owner.
        Issue = "iss";
        /// A background job.
        Job = "job";
        /// A picture or document.
        Media = "med";
        /// A member.
        Member = "mem";
        /// A message to a person.
        Message = "msg";
        /// A stock ledger entry.
        Movement = "mov";
        /// An order.
        Order = "ord";
        /// A line of an order.
        OrderLine = "oln";
        /// A change of an order that was placed.
        OrderChange = "och";
        /// A payment.
        Payment = "pay";
        /// A store, warehouse or other place.
        Place = "plc";
        /// A points ledger entry.
        PointsEntry = "pnt";
        /// A price list.
        PriceList = "prl";
        /// A product.
        Product = "prd";
        /// A promotion.
        Promotion = "prm";
        /// A return.
        Return = "ret";
        /// A signed-in session.
        Session = "ses";
        /// A stock keeping unit.
        Sku = "sku";
        /// A member of staff.
        Staff = "stf";
        /// Goods a supplier has promised.
        Supply = "spl";
        /// A survey invitation.
        Survey = "srv";
        /// Goods on their way between two places.
        Transfer = "trf";
    }
}

/// See [`kind::Action`].
pub type ActionId = Id<kind::Action>;
/// See [`kind::ApiKey`].
pub type ApiKeyId = Id<kind::ApiKey>;
/// See [`kind::Cart`].
pub type CartId = Id<kind::Cart>;
/// See [`kind::Category`].
pub type CategoryId = Id<kind::Category>;
/// See [`kind::Count`].
pub type CountId = Id<kind::Count>;
/// See [`kind::Event`].
pub type EventId = Id<kind::Event>;
/// See [`kind::Feedback`].
pub type FeedbackId = Id<kind::Feedback>;
/// See [`kind::Fulfilment`].
pub type FulfilmentId = Id<kind::Fulfilment>;
/// See [`kind::Hold`].
pub type HoldId = Id<kind::Hold>;
/// See [`kind::Issue`].
pub type IssueId = Id<kind::Issue>;
/// See [`kind::Job`].
pub type JobId = Id<kind::Job>;
/// See [`kind::Media`].
pub type MediaId = Id<kind::Media>;
/// See [`kind::Member`].
pub type MemberId = Id<kind::Member>;
/// See [`kind::Message`].
pub type MessageId = Id<kind::Message>;
/// See [`kind::Movement`].
pub type MovementId = Id<kind::Movement>;
/// See [`kind::Order`].
pub type OrderId = Id<kind::Order>;
/// See [`kind::OrderChange`].
pub type OrderChangeId = Id<kind::OrderChange>;
/// See [`kind::OrderLine`].
pub type OrderLineId = Id<kind::OrderLine>;
/// See [`kind::Payment`].
pub type PaymentId = Id<kind::Payment>;
/// See [`kind::Place`].
pub type PlaceId = Id<kind::Place>;
/// See [`kind::PointsEntry`].
pub type PointsEntryId = Id<kind::PointsEntry>;
/// See [`kind::PriceList`].
pub type PriceListId = Id<kind::PriceList>;
/// See [`kind::Product`].
pub type ProductId = Id<kind::Product>;
/// See [`kind::Promotion`].
pub type PromotionId = Id<kind::Promotion>;
/// See [`kind::Return`].
pub type ReturnId = Id<kind::Return>;
/// See [`kind::Session`].
pub type SessionId = Id<kind::Session>;
/// See [`kind::Sku`].
pub type SkuId = Id<kind::Sku>;
/// See [`kind::Staff`].
pub type StaffId = Id<kind::Staff>;
/// See [`kind::Supply`].
pub type SupplyId = Id<kind::Supply>;
/// See [`kind::Survey`].
pub type SurveyId = Id<kind::Survey>;
/// See [`kind::Transfer`].
pub type TransferId = Id<kind::Transfer>;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_form_round_trips(value: u128) {
            let id = OrderId::from_uuid(Uuid::from_u128(value));
            prop_assert_eq!(id.to_string().parse::<OrderId>().unwrap(), id);
        }

        #[test]
        fn text_order_is_id_order(a: u128, b: u128) {
            let (a, b) = (SkuId::from_uuid(Uuid::from_u128(a)), SkuId::from_uuid(Uuid::from_u128(b)));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn rubbish_never_panics(text in ".*") {
            let _ = text.parse::<OrderId>();
        }
    }

    #[test]
    fn another_kind_is_refused() {
        assert!(SkuId::new().to_string().parse::<OrderId>().is_err());
    }
}
