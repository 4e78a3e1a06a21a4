//! Electronic product codes of single pieces: what an RFID reader sees, as a GTIN and a serial number.
//!
//! GS1 EPC Tag Data Standard 1.13: section 14.5.1 (SGTIN-96), table 14-2 (partitions), section 7.1 (how a GTIN
//! is cut into company prefix and item reference), section 6.3.1 (the URI); GS1 Digital Link URI 1.2, section 4.

use catalog::Gtin;

/// The first eight bits of an SGTIN-96.
const SGTIN_96: u128 = 0x30;
/// Bits of an SGTIN-96 in hexadecimal digits.
const HEX_DIGITS: usize = 24;
/// The longest serial number a GTIN may carry (GS1 application identifier 21), and some room for escapes.
const SERIAL_MAX_CHARS: usize = 60;

/// By partition: bits and digits of the company prefix; bits of the indicator with the item reference. The
/// digits are thirteen together.
const PARTITIONS: [(u32, usize, u32); 7] = [
    (40, 12, 4),
    (37, 11, 7),
    (34, 10, 10),
    (30, 9, 14),
    (27, 8, 17),
    (24, 7, 20),
    (20, 6, 24),
];

/// One piece of an article.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Sgtin {
    /// The article, in fourteen digits.
    pub gtin: String,
    /// Which piece of it.
    pub serial: String,
}

impl Sgtin {
    /// Reads what a reader or an event says: the 96 bits in hexadecimal, an EPC URI (`urn:epc:id:sgtin:…`, or
    /// `urn:epc:tag:sgtin-96:…`), or a GS1 Digital Link (`https://…/01/…/21/…`). `None` for anything else: pallets,
    /// places and tags of other schemes are seen beside the goods.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("urn:epc:id:sgtin:") {
            return Self::from_fields(rest);
        }
        if let Some(rest) = text.strip_prefix("urn:epc:tag:sgtin-96:") {
            // The filter value says what the thing is packed in, not which thing it is.
            return Self::from_fields(rest.split_once('.')?.1);
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            return Self::from_link(text);
        }
        Self::from_hex(text)
    }

    /// The 96 bits of a tag.
    fn from_hex(text: &str) -> Option<Self> {
        if text.len() != HEX_DIGITS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let bits = u128::from_str_radix(text, 16).ok()?;
        let field = |from: u32, count: u32| (bits >> (96 - from - count)) & ((1 << count) - 1);
        if field(0, 8) != SGTIN_96 {
            return None;
        }
        let partition = usize::try_from(field(11, 3)).ok()?;
        let (prefix_bits, prefix_digits, item_bits) = *PARTITIONS.get(partition)?;
        let prefix = field(14, prefix_bits);
        let item = field(14 + prefix_bits, item_bits);
        let item_digits = 13 - prefix_digits;
        let serial = field(58, 38);
        Self::new(
            &format!("{prefix:0prefix_digits$}"),
            &format!("{item:0item_digits$}"),
            &serial.to_string(),
        )
        .filter(|_| prefix < 10_u128.pow(prefix_digits as u32) && item < 10_u128.pow(item_digits as u32))
    }

    /// `CompanyPrefix.IndicatorAndItemReference.Serial`
    fn from_fields(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        Self::new(parts.next()?, parts.next()?, parts.next()?)
    }

    /// The indicator is the item reference's first digit and goes before the company prefix; the check digit
    /// comes last.
    fn new(prefix: &str, item: &str, serial: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !(6..=12).contains(&prefix.len()) || prefix.len() + item.len() != 13 {
            return None;
        }
        if !digits(prefix) || !digits(item) {
            return None;
        }
        let (indicator, reference) = item.split_at(1);
        let without_check = format!("{indicator}{prefix}{reference}");
        // One of the ten is right.
        let gtin = ('0'..='9').find_map(|check| Gtin::parse(&format!("{without_check}{check}")).ok())?;
        Self::of(gtin, serial)
    }

    /// `https://id.gs1.org/01/09506000134352/21/12345`, on whatever host and below whatever path.
    fn from_link(text: &str) -> Option<Self> {
        let path = text.split(['?', '#']).next()?;
        let parts: Vec<&str> = path.split('/').collect();
        let after = |key: &str| {
            let at = parts.iter().position(|part| *part == key)?;
            parts.get(at + 1).copied()
        };
        Self::of(Gtin::parse(after("01")?).ok()?, after("21")?)
    }

    fn of(gtin: Gtin, serial: &str) -> Option<Self> {
        let length = serial.chars().count();
        ((1..=SERIAL_MAX_CHARS).contains(&length)).then(|| Self {
            gtin: gtin.as_str().to_owned(),
            serial: serial.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(gtin: &str, serial: &str) -> Option<Sgtin> {
        Some(Sgtin {
            gtin: gtin.into(),
            serial: serial.into(),
        })
    }

    /// The worked example of the standard (section 14.5.1 with E.3): GTIN 80614141123458, serial 6789.
    #[test]
    fn the_standards_own_example() {
        let wanted = piece("80614141123458", "6789");
        for written in [
            "3074257BF7194E4000001A85",
            "3074257bf7194e4000001a85",
            "urn:epc:id:sgtin:0614141.812345.6789",
            "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
            "https://id.gs1.org/01/80614141123458/21/6789",
            "https://example.com/some/path/01/80614141123458/21/6789?17=261231",
        ] {
            assert_eq!(Sgtin::parse(written), wanted, "{written}");
        }
    }

    #[test]
    fn what_is_no_piece_of_an_article_is_left_out() {
        for other in [
            "",
            "urn:epc:id:sscc:0614141.1234567890",
            "urn:epc:id:sgln:0614141.12345.400",
            "urn:epc:id:sgtin:0614141.812345",
            "urn:epc:id:sgtin:0614141.81234.6789",
            "urn:epc:id:sgtin:061414x.812345.6789",
            // Another scheme; an SGTIN-96 with partition 7; one digit short.
            "3174257BF7194E4000001A85",
            "307C257BF7194E4000001A85",
            "3074257BF7194E4000001A8",
            "https://id.gs1.org/01/80614141123457/21/6789",
            "https://id.gs1.org/01/80614141123458",
            "80614141123458",
        ] {
            assert_eq!(Sgtin::parse(other), None, "{other}");
        }
    }

    proptest! {
        /// A tag written by the standard's table is read back, whatever its partition.
        #[test]
        fn every_partition_is_read_back(
            partition in 0_usize..7, filter in 0_u128..8, prefix: u64, item: u64, serial in 0_u128..(1 << 38),
        ) {
            let (prefix_bits, prefix_digits, item_bits) = PARTITIONS[partition];
            let item_digits = 13 - prefix_digits;
            let prefix = u128::from(prefix) % 10_u128.pow(prefix_digits as u32);
            let item = u128::from(item) % 10_u128.pow(item_digits as u32);
            let mut bits = (SGTIN_96 << 3) | filter;
            bits = (bits << 3) | partition as u128;
            bits = (bits << prefix_bits) | prefix;
            bits = (bits << item_bits) | item;
            bits = (bits << 38) | serial;
            let uri = format!("urn:epc:id:sgtin:{prefix:0prefix_digits$}.{item:0item_digits$}.{serial}");
            let read = Sgtin::parse(&format!("{bits:024X}"));
            prop_assert!(read.is_some());
            prop_assert_eq!(read, Sgtin::parse(&uri));
        }

        #[test]
        fn rubbish_never_panics(text in ".{0,80}") {
            let _ = Sgtin::parse(&text);
        }
    }
}
