//! Names and secrets of an order: the number people say, the code they show at the counter, the token a
//! guest comes back with.

use std::fmt;
use std::str::FromStr;

use base::{Error, FulfilmentId, OrderId, Result, Time, codes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};

/// No I, L, O or U: nothing on a receipt is misread, nothing spells a word.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NUMBER_CHARS: usize = 8;
const HALF: usize = 4;
const CODE_DIGITS: usize = 6;
const DAY_IN_MICROS: i64 = 24 * 3600 * 1_000_000;

/// An order's name for people, such as `S7K3-M9QD`. Forty bits: not a secret, and not a count of orders.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNumber(String);

impl OrderNumber {
    /// The number of an order. A number that is taken already is answered by the next `attempt`.
    #[must_use]
    pub fn of(order: OrderId, attempt: u32) -> Self {
        let digest = Sha256::new()
            .chain_update(order.uuid().as_bytes())
            .chain_update(attempt.to_be_bytes())
            .finalize();
        let mut bits = digest
            .iter()
            .take(5)
            .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let mut chars = [b'0'; NUMBER_CHARS];
        for slot in chars.iter_mut().rev() {
            *slot = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        Self::written(&chars)
    }

    fn written(chars: &[u8]) -> Self {
        let (left, right) = chars.split_at(HALF);
        Self(format!(
            "{}-{}",
            String::from_utf8_lossy(left),
            String::from_utf8_lossy(right)
        ))
    }

    /// The written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

/// What somebody typed, as it would stand in a number: upper case, lookalikes mended, the hyphen in place.
/// `None` when it cannot be the beginning of a number.
#[must_use]
pub(crate) fn number_prefix(typed: &str) -> Option<String> {
    let mut chars = Vec::new();
    for c in typed.trim().chars().filter(|c| *c != '-' && *c != ' ') {
        let mended = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let byte = u8::try_from(mended).ok().filter(|b| ALPHABET.contains(b))?;
        chars.push(byte);
    }
    if chars.is_empty() || chars.len() > NUMBER_CHARS {
        return None;
    }
    let text = String::from_utf8(chars).ok()?;
    Some(if text.len() > HALF {
        format!("{}-{}", &text[..HALF], &text[HALF..])
    } else {
        text
    })
}

impl FromStr for OrderNumber {
    type Err = Error;

    /// # Errors
    /// `input.malformed` unless the text is eight characters of the alphabet, however they are typed.
    fn from_str(text: &str) -> Result<Self> {
        number_prefix(text)
            .filter(|number| number.len() == NUMBER_CHARS + 1)
            .map(Self)
            .ok_or_else(|| Error::new(&codes::MALFORMED).with("reason", "S7K3-M9QD"))
    }
}
impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Serialize for OrderNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for OrderNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
impl PartialSchema for OrderNumber {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .pattern(Some("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$"))
            .into()
    }
}
impl ToSchema for OrderNumber {
    fn name() -> std::borrow::Cow<'static, str> {
        "OrderNumber".into()
    }
}

/// Derives what only the customer of an order should know. Nothing is stored: a copy of the database gives
/// nobody a pickup code or an access token without the key.
#[derive(Clone)]
pub struct OrderSecrets {
    keys: Vec<[u8; 32]>,
}

impl fmt::Debug for OrderSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderSecrets(…)")
    }
}

impl OrderSecrets {
    /// Over the installation's keys for this purpose, the newest first: it makes the codes that are told, and those
    /// told before it came still open.
    #[must_use]
    pub const fn new(keys: Vec<[u8; 32]>) -> Self {
        Self { keys }
    }

    fn newest(&self) -> &[u8] {
        self.keys.first().map_or(&[], |key| key.as_slice())
    }

    /// The six digits that fetch an order, at whatever place it ends up.
    #[must_use]
    pub fn pickup_code(&self, order: OrderId) -> String {
        pickup_code(self.newest(), order)
    }

    /// Whether this is the order's pickup code.
    #[must_use]
    pub fn is_pickup_code(&self, order: OrderId, typed: &str) -> bool {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let is = |key: &[u8; 32]| same(pickup_code(key, order).as_bytes(), digits.as_bytes());
        self.keys.iter().any(is)
    }

    /// With what a till that cannot ask anybody knows the right code of goods at its counter: a salt, other for
    /// every day, and the SHA-256 of the salt, a colon and the code, both in hexadecimal.
    #[must_use]
    pub fn pickup_check(&self, order: OrderId, fulfilment: FulfilmentId, now: Time) -> (String, String) {
        let day = now.micros().div_euclid(DAY_IN_MICROS);
        let salt = hex(&derive(self.newest(), &format!("check:{day}:{fulfilment}"), order)[..8]);
        let code = self.pickup_code(order);
        let check = hex(&Sha256::digest(format!("{salt}:{code}")));
        (salt, check)
    }

    /// What a guest shows to see the order again.
    #[must_use]
    pub fn access_token(&self, order: OrderId) -> String {
        access_token(self.newest(), order)
    }

    /// Whether this is the order's access token.
    #[must_use]
    pub fn is_access_token(&self, order: OrderId, token: &str) -> bool {
        let is = |key: &[u8; 32]| same(access_token(key, order).as_bytes(), token.as_bytes());
        self.keys.iter().any(is)
    }
}

fn derive(key: &[u8], purpose: &str, order: OrderId) -> [u8; 32] {
    // A key of any length is a key to HMAC; the error type is the trait's, for other algorithms.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.chain_update(purpose.as_bytes())
        .chain_update(order.uuid().as_bytes())
        .finalize()
        .into_bytes()
        .into()
}

fn pickup_code(key: &[u8], order: OrderId) -> String {
    let bytes = derive(key, "pickup", order);
    let number = bytes
        .iter()
        .take(8)
        .fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
    format!(
        "{:0width$}",
        number % 10_u64.pow(CODE_DIGITS as u32),
        width = CODE_DIGITS
    )
}

fn access_token(key: &[u8], order: OrderId) -> String {
    URL_SAFE_NO_PAD.encode(&derive(key, "guest", order)[..18])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares without telling by its duration how far the two agree.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_is_read_back_however_it_is_typed(lower: bool, hyphen: bool) {
            let number = OrderNumber::of(OrderId::new(), 0);
            let mut typed = number.to_string();
            if lower { typed = typed.to_lowercase().replace('0', "o").replace('1', "l"); }
            if !hyphen { typed = typed.replace('-', " "); }
            prop_assert_eq!(typed.parse::<OrderNumber>().unwrap(), number);
        }

        #[test]
        fn rubbish_is_refused(text in ".{0,12}") {
            if let Ok(number) = text.parse::<OrderNumber>() {
                prop_assert_eq!(number.as_str().len(), 9);
            }
        }
    }

    #[test]
    fn a_taken_number_has_a_successor() {
        let order = OrderId::new();
        assert_ne!(OrderNumber::of(order, 0), OrderNumber::of(order, 1));
        assert_eq!(OrderNumber::of(order, 0), OrderNumber::of(order, 0));
    }

    #[test]
    fn a_till_knows_the_code_when_it_is_typed_and_not_before() {
        let (order, fulfilment) = (OrderId::new(), FulfilmentId::new());
        let secrets = OrderSecrets::new(vec![[7; 32]]);
        let (monday, tuesday) = (Time::from_seconds(0), Time::from_seconds(24 * 3600));
        let (salt, check) = secrets.pickup_check(order, fulfilment, monday);
        let typed = |code: &str| hex(&Sha256::digest(format!("{salt}:{code}")));
        assert_eq!(typed(&secrets.pickup_code(order)), check);
        assert_ne!(typed("000000"), typed("000001"));
        assert!(!check.contains(&secrets.pickup_code(order)));
        assert_ne!(
            secrets.pickup_check(order, fulfilment, tuesday).0,
            salt,
            "other for every day"
        );
    }

    #[test]
    fn secrets_differ_by_order_purpose_and_key() {
        let (a, b) = (OrderId::new(), OrderId::new());
        let secrets = OrderSecrets::new(vec![[7; 32]]);
        assert!(secrets.is_pickup_code(a, &format!(" {} ", secrets.pickup_code(a))));
        assert_eq!(secrets.pickup_code(a).len(), 6);
        assert!(secrets.is_access_token(a, &secrets.access_token(a)));
        assert!(!secrets.is_access_token(b, &secrets.access_token(a)));
        let others = OrderSecrets::new(vec![[8; 32]]);
        assert!(!others.is_access_token(a, &secrets.access_token(a)));
        assert!(!secrets.is_access_token(a, ""));
    }

    #[test]
    fn what_was_told_before_a_rotation_still_opens() {
        let order = OrderId::new();
        let before = OrderSecrets::new(vec![[7; 32]]);
        let after = OrderSecrets::new(vec![[8; 32], [7; 32]]);
        let (code, token) = (before.pickup_code(order), before.access_token(order));
        assert!(after.is_pickup_code(order, &code) && after.is_access_token(order, &token));
        assert!(after.is_pickup_code(order, &after.pickup_code(order)));
        assert_ne!(after.access_token(order), token);
        assert!(!before.is_access_token(order, &after.access_token(order)));
    }
}
