//! Numbers and PINs of cards: derived, never stored.

use std::fmt;

use super::model::GiftCardId;

/// Characters that are not taken for one another, Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Eighty bits: a number nobody guesses.
const NUMBER_CHARS: usize = 16;
const PIN_DIGITS: usize = 6;
/// How a number is written: four by four.
const GROUP: usize = 4;

/// Derives what opens a card. A copy of the database gives nobody a number or a PIN without the keys.
#[derive(Clone)]
pub struct GiftSecrets {
    /// The newest first: new cards are made with it, and a PIN is right under any.
    keys: Vec<[u8; 32]>,
}

impl fmt::Debug for GiftSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GiftSecrets(…)")
    }
}

impl GiftSecrets {
    /// Over the installation's keys for this purpose, the newest first. A card's PIN is lost with the key it was made
    /// with.
    #[must_use]
    pub fn new(keys: Vec<[u8; 32]>) -> Self {
        Self { keys }
    }

    fn newest(&self) -> &[u8] {
        self.keys.first().map_or(&[], |key| key.as_slice())
    }

    /// A card's number, in one piece.
    #[must_use]
    pub fn number(&self, card: GiftCardId) -> String {
        let bytes = derive(self.newest(), "number", card);
        let mut bits = bytes
            .iter()
            .take(10)
            .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let mut chars = [b'0'; NUMBER_CHARS];
        for slot in chars.iter_mut().rev() {
            *slot = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        chars.iter().map(|byte| char::from(*byte)).collect()
    }

    /// A card's PIN.
    #[must_use]
    pub fn pin(&self, card: GiftCardId) -> String {
        pin(self.newest(), card)
    }

    /// Whether this is the card's PIN.
    #[must_use]
    pub fn is_pin(&self, card: GiftCardId, typed: &str) -> bool {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let is_right =
            |key: &[u8; 32]| crypto::equal_in_constant_time(pin(key, card).as_bytes(), digits.as_bytes());
        self.keys.iter().any(is_right)
    }
}

fn derive(key: &[u8], what: &str, card: GiftCardId) -> [u8; 32] {
    crypto::peer_mac(key, format!("{what}:{card}").as_bytes())
}

fn pin(key: &[u8], card: GiftCardId) -> String {
    let bytes = derive(key, "pin", card);
    let number = bytes
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let most = 10_u64.pow(PIN_DIGITS as u32);
    format!("{:0width$}", number % most, width = PIN_DIGITS)
}

/// A number as people write it: `7KQ4-…`.
pub(crate) fn written(number: &str) -> String {
    let groups: Vec<&str> = (0..number.len())
        .step_by(GROUP)
        .filter_map(|at| number.get(at..(at + GROUP).min(number.len())))
        .collect();
    groups.join("-")
}

/// What somebody typed, as a number in one piece: upper case, lookalikes mended.
pub(crate) fn typed(text: &str) -> String {
    let mended =
        text.chars()
            .filter(|c| *c != '-' && !c.is_whitespace())
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            });
    // Longer than any number is no number; what is hashed stays small.
    mended.take(2 * NUMBER_CHARS).collect()
}

/// By which a number is found.
pub(crate) fn number_hash(number: &str) -> [u8; 32] {
    crypto::digest(format!("gift card:{number}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_each_time_however_it_is_typed() {
        let (secrets, card) = (GiftSecrets::new(vec![[7; 32]]), GiftCardId::new());
        let number = secrets.number(card);
        assert_eq!((number.len(), secrets.number(card)), (16, number.clone()));
        assert_eq!(typed(&format!(" {} ", written(&number).to_lowercase())), number);
        assert_eq!(typed("oil"), "011");
        assert_ne!(secrets.number(GiftCardId::new()), number);
        assert_ne!(GiftSecrets::new(vec![[8; 32]]).number(card), number);
        let pin = secrets.pin(card);
        assert!(pin.len() == 6 && secrets.is_pin(card, &pin) && !secrets.is_pin(card, &number));
        assert!(!secrets.is_pin(card, &pin[1..]) && !secrets.is_pin(card, ""));
        let rotated = GiftSecrets::new(vec![[8; 32], [7; 32]]);
        assert!(rotated.is_pin(card, &pin), "a card outlives a change of keys");
    }
}
